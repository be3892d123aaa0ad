"""CBO's notional national missile defence of 2026: the sums of its orbital layer, and its size.

Two halves that touch only in the number of interceptors: an account of 20 years, and the
geometry of a shell from which so many missiles can be met at once.
"""

import math
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from opendome.compiled import interpreted
from opendome.economics.lifecycle import LifeCycle
from opendome.intercept.kernels import flyout_range, flyout_time, satellites_per_footprint
from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.dates import YEAR_S
from opendome.quantities.fields import (
    Acceleration,
    Angle,
    Bounds,
    Count,
    Duration,
    Length,
    Speed,
)
from opendome.studies.records import Answer, Layer, Output, StudyModel
from opendome.studies.sums import PerMass, Sum, Yearly, usd
from opendome.world.shells import latitude_density

PRICE_YEAR = 2026  # all sums of the report are in dollars of that year

Positive = Annotated[Duration, Bounds(above="0 s")]
Latitude = Annotated[Angle, Bounds("-90 deg", "90 deg")]


class AccountInputs(BaseModel):
    """An orbital layer, its prices, the rest of the system, and how an interceptor flies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: Annotated[Count, Bounds("1")]
    interceptors: Annotated[Count, Bounds("1")]
    unit_cost: Sum
    design_life: Positive
    horizon: Positive
    other_acquisition: Sum
    operations_cost: Yearly
    rest_acquisition: Sum
    rest_operations: Sum
    launch_price: PerMass
    shots: Annotated[Count, Bounds("1")]
    altitude: Annotated[Length, Bounds("100 km", "2000 km")]
    inclination: Annotated[Angle, Bounds(above="0 deg", high="90 deg")]
    latitude: Latitude
    delta_v: Annotated[Speed, Bounds(above="0 km/s", high="20 km/s")]
    acceleration: Annotated[Acceleration, Bounds(above="0 g")]
    flyout: Positive


def solve(inputs: AccountInputs) -> Answer:
    """The account of 20 years, the reach the layer implies, and the number a flyout implies.

    Model: bought = interceptors x max(1, horizon / life); acquisition = bought x price + other;
    reach r with N r^2 / (4 (R + h)^2) x f(i, lat) = targets x shots, f = `latitude_density`.
    Valid for: the mean number in reach of an even shell; the guaranteed number is lower.
    Source: Congressional Budget Office, Potential Costs of a National Missile Defense System
    (2026), its figures as press reports give them; the geometry is this project's.
    """
    bill = _account(inputs)
    geometry, binding = _geometry(inputs)
    return Answer(figures=bill | geometry, binding=binding, layer=_layer(inputs, bill))


def _account(inputs: AccountInputs) -> dict[str, float]:
    """Numbers and sums over the horizon [US dollars]."""
    units = inputs.interceptors.middle
    years = inputs.horizon.middle / YEAR_S
    bought = units * max(1.0, inputs.horizon.middle / inputs.design_life.middle)
    purchases = bought * usd(inputs.unit_cost, PRICE_YEAR)
    other = usd(inputs.other_acquisition, PRICE_YEAR)
    acquisition = purchases + other
    operations = usd(inputs.operations_cost, PRICE_YEAR) * years
    rest = usd(inputs.rest_acquisition, PRICE_YEAR), usd(inputs.rest_operations, PRICE_YEAR)
    layer = acquisition + operations
    total = layer + math.fsum(rest)
    figures = {
        "bought": bought,
        "bought_per_year": units / (inputs.design_life.middle / YEAR_S),
        "unit_purchases_usd_b": purchases,
        "acquisition_usd_b": acquisition,
        "operations_usd_b": operations,
        "layer_usd_b": layer,
        "rest_usd_b": math.fsum(rest),
        "total_cost_usd_b": total,
        "total_acquisition_usd_b": acquisition + rest[0],
    }
    price = usd(inputs.launch_price, PRICE_YEAR)
    if price > 0.0:
        figures["mass_limit_kg"] = other / (bought * price)
    if total > 0.0:
        figures["share_of_total"] = layer / total
    if acquisition + rest[0] > 0.0:
        figures["share_of_acquisition"] = acquisition / (acquisition + rest[0])
    return figures


def _geometry(inputs: AccountInputs) -> tuple[dict[str, float], str | None]:
    """Reach for the number there is, number for the flyout there is; and what forbids them."""
    density = float(latitude_density(inputs.inclination.middle, inputs.latitude.middle))
    if not math.isfinite(density):
        return {}, (
            f"no orbit inclined {math.degrees(inputs.inclination.middle):.4g} deg passes over "
            f"latitude {math.degrees(inputs.latitude.middle):.4g} deg"
        )
    wanted = inputs.targets.middle * inputs.shots.middle
    shell_m = RADIUS_EQUATOR_M + inputs.altitude.middle
    speed, acceleration = inputs.delta_v.middle, inputs.acceleration.middle
    reach_m = 2.0 * shell_m * math.sqrt(wanted / (inputs.interceptors.middle * density))
    flown_m = interpreted(flyout_range)(inputs.flyout.middle, acceleration, speed)
    return {
        "density": density,
        "reach_km": reach_m,
        "flyout_s": interpreted(flyout_time)(reach_m, acceleration, speed),
        "interceptors_implied": wanted
        * interpreted(satellites_per_footprint)(flown_m, shell_m)
        / density,
    }, None


def _layer(inputs: AccountInputs, bill: dict[str, float]) -> Layer:
    """The same layer as one life cycle; the residual of the texts stands as development."""
    units, targets = inputs.interceptors.middle, inputs.targets.middle
    return Layer(
        targets=targets,
        per_target=units / targets,
        life_cycle=LifeCycle(
            name="orbital interceptors",
            units=units,
            development_usd=usd(inputs.other_acquisition, PRICE_YEAR),
            first_unit_usd=usd(inputs.unit_cost, PRICE_YEAR),
            design_life_s=inputs.design_life.middle,
            horizon_s=inputs.horizon.middle,
            operations_usd_per_year=usd(inputs.operations_cost, PRICE_YEAR),
        ),
        other_usd=bill["rest_usd_b"],
        total_usd=bill["total_cost_usd_b"],
        price_year=PRICE_YEAR,
    )


MODEL = StudyModel(
    form=AccountInputs,
    outputs=(
        Output(name="bought", unit="", meaning="interceptors bought over the horizon"),
        Output(name="bought_per_year", unit="", meaning="interceptors replaced each year"),
        Output(name="unit_purchases_usd_b", unit="GUSD_2026", meaning="all interceptors bought"),
        Output(name="acquisition_usd_b", unit="GUSD_2026", meaning="acquisition of the layer"),
        Output(name="operations_usd_b", unit="GUSD_2026", meaning="operations of the layer"),
        Output(name="layer_usd_b", unit="GUSD_2026", meaning="the orbital layer over the horizon"),
        Output(name="rest_usd_b", unit="GUSD_2026", meaning="everything else"),
        Output(name="total_cost_usd_b", unit="GUSD_2026", meaning="the whole system"),
        Output(name="total_acquisition_usd_b", unit="GUSD_2026", meaning="acquisition of it all"),
        Output(name="share_of_total", unit="", meaning="the orbital layer in the total"),
        Output(name="share_of_acquisition", unit="", meaning="the orbital layer in acquisition"),
        Output(
            name="mass_limit_kg", unit="kg", meaning="mass if all other acquisition were launch"
        ),
        Output(
            name="density", unit="", meaning="satellites over the latitude, 1 for an even shell"
        ),
        Output(name="reach_km", unit="km", meaning="reach the layer needs"),
        Output(name="flyout_s", unit="s", meaning="time an interceptor takes for that reach"),
        Output(
            name="interceptors_implied", unit="", meaning="interceptors the given flyout asks for"
        ),
    ),
    solve=solve,
)
