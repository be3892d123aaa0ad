"""What the studies of orbital interceptors share: how far one flies, and what forbids a layer."""

from opendome.compiled import interpreted
from opendome.intercept.kernels import flyout_range, footprint_radius
from opendome.quantities.values import Value
from opendome.studies.whole import DUST

STEEPEST = 0.5  # share at which the closed form of the learning curve divides by zero


def footprint(
    *, flyout_s: float, acceleration_m_s2: float, speed_m_s: float, drop_m: float
) -> tuple[dict[str, float], str | None]:
    """Range and footprint of an interceptor [m], and what forbids them.

    flyout_s : time to the intercept     acceleration_m_s2, speed_m_s : until that speed
    drop_m : from the orbit to the intercept altitude, up or down
    Returns the figures that have a meaning, by output name, and the constraint that binds or None.
    Model: `intercept.kernels.flyout_range` and `footprint_radius`.
    """
    burn_s = speed_m_s / acceleration_m_s2
    if burn_s > flyout_s * (1.0 + DUST):
        return {}, (
            f"a flyout of {flyout_s:.4g} s is over before the interceptor has its full speed, "
            f"after {burn_s:.4g} s"
        )
    range_m = interpreted(flyout_range)(flyout_s, acceleration_m_s2, speed_m_s)
    radius_m = interpreted(footprint_radius)(range_m, drop_m)
    if radius_m <= 0.0:
        return {"range_km": range_m}, (
            f"a range of {range_m / 1000.0:.4g} km does not reach the intercept altitude, "
            f"{drop_m / 1000.0:.4g} km from the orbit"
        )
    return {"range_km": range_m, "footprint_km": radius_m}, None


def too_heavy(mass_kg: float, capacity_kg: float) -> str | None:
    """Why no launch carries an interceptor; None when one does."""
    if mass_kg <= capacity_kg:
        return None
    return f"an interceptor of {mass_kg:,.0f} kg is heavier than a launch of {capacity_kg:,.0f} kg"


def too_steep(**learning: Value) -> str | None:
    """Why the closed form of the learning curve has no answer; None when it has."""
    for name, share in learning.items():
        if share.middle <= STEEPEST:
            return (
                f"{name} of {share.text()}: the closed form of the learning curve ends above 50 %"
            )
    return None
