"""Two-body motion: universal-variable propagation, Kepler's equation, secular J2 rates."""

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import J2, MU_M3_S2, RADIUS_EQUATOR_M
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
State = tuple[float, float, float, float, float, float]

ITERATIONS_MAX = 200
ROUNDING = 4e-16  # of the terms of the time equation: two roundings of a number near one
ANGLE_MAX = 300.0  # hyperbolic angle that no flight reaches, and whose sinh is still a number
STEP_SMALL = 1e-14  # relative; Newton squares the error, so the step after this one is nothing


class KeplerStatus(IntEnum):
    """What became of one propagation or conversion."""

    OK = 0
    BAD_STATE = 1
    NO_CONVERGENCE = 2
    NOT_AN_ELLIPSE = 3


@dataclass(frozen=True, kw_only=True)
class Elements:
    """Keplerian elements of n satellites at the scenario epoch, in ECI.

    Attributes
    ----------
    semi_major_axis_m : (n,) [m]
    eccentricity : (n,) 0 <= e < 1
    inclination_rad, raan_rad, argument_of_perigee_rad, mean_anomaly_rad : (n,) [rad]
    """

    semi_major_axis_m: Floats
    eccentricity: Floats
    inclination_rad: Floats
    raan_rad: Floats
    argument_of_perigee_rad: Floats
    mean_anomaly_rad: Floats

    @property
    def satellites(self) -> int:
        """Number of satellites."""
        return int(self.semi_major_axis_m.shape[0])

    def rows(self) -> Floats:
        """The six elements as (6, n), in the order of the attributes."""
        return np.ascontiguousarray(
            np.stack(
                [
                    self.semi_major_axis_m,
                    self.eccentricity,
                    self.inclination_rad,
                    self.raan_rad,
                    self.argument_of_perigee_rad,
                    self.mean_anomaly_rad,
                ]
            ),
            dtype=np.float64,
        )

    @classmethod
    def from_rows(cls, rows: Floats) -> "Elements":
        """Elements from (6, n), in the order of the attributes."""
        return cls(
            semi_major_axis_m=rows[0],
            eccentricity=rows[1],
            inclination_rad=rows[2],
            raan_rad=rows[3],
            argument_of_perigee_rad=rows[4],
            mean_anomaly_rad=rows[5],
        )

    def validate(self) -> None:
        """Refuse elements that are not closed orbits above the centre of the Earth."""
        rows = self.rows()
        if not np.isfinite(rows).all():
            raise OpendomeError(
                got="an orbital element that is not a finite number",
                allowed="finite elements",
                do="check the orbit entries of the scenario",
            )
        bad = (rows[0] <= 0.0) | (rows[1] < 0.0) | (rows[1] >= 1.0)
        if bad.any():
            first = int(np.argmax(bad))
            raise OpendomeError(
                got=f"satellite {first}: semi-major axis {rows[0, first]:g} m, "
                f"eccentricity {rows[1, first]:g}",
                allowed="a semi-major axis above 0 and an eccentricity from 0 to below 1",
                do="give an elliptic orbit",
            )


@kernel
def stumpff(z: float) -> tuple[float, float]:
    """Stumpff functions c2 and c3 of z = alpha chi^2.

    z : any sign
    Returns (c2, c3), c2 = (1 - cos sqrt z) / z, c3 = (sqrt z - sin sqrt z) / z^(3/2).
    Valid for: z up to a few hundred either way; relative error below 2e-15.
    Source: H. D. Curtis, Orbital Mechanics for Engineering Students (2014), eqs. 3.52, 3.53.
    """
    if z > 1.0:
        root = math.sqrt(z)
        half = math.sin(0.5 * root)
        return 2.0 * half * half / z, (root - math.sin(root)) / (z * root)
    if z < -1.0:
        root = math.sqrt(-z)
        half = math.sinh(0.5 * root)
        return -2.0 * half * half / z, (root - math.sinh(root)) / (z * root)
    c2 = 0.0
    c3 = 0.0
    for k in range(9, -1, -1):
        c2 = (1.0 - z * c2) / ((2.0 * k + 1.0) * (2.0 * k + 2.0))
        c3 = (1.0 - z * c3) / ((2.0 * k + 2.0) * (2.0 * k + 3.0))
    return c2, c3


@kernel
def first_anomaly(
    radius_m: float, drift: float, alpha: float, target: float
) -> tuple[float, float]:
    """First guess of the universal anomaly, and a bound above it, for target > 0.

    drift : sigma with the sign of the time     others : as for `universal_anomaly`
    Model: on an ellipse the mean anomaly; far out on a hyperbola the growing exponential of
    the time equation; otherwise a straight line at first, a fall at last.
    """
    near = min(target / radius_m, (6.0 * target) ** (1.0 / 3.0))
    if alpha > 0.0:
        guess = alpha * target if alpha * radius_m > 0.01 else near
        return guess, 2.0 * math.pi / math.sqrt(alpha)
    if alpha == 0.0:
        return near, math.inf
    root = math.sqrt(-alpha)
    growth = drift * root + 1.0 - alpha * radius_m
    angle = math.log(1.0 + 2.0 * target * root * root * root / growth)
    return angle / root if angle > 1.0 else near, ANGLE_MAX / root


@kernel
def universal_anomaly(
    radius_m: float, sigma: float, alpha: float, target: float
) -> tuple[float, int]:
    """Universal anomaly chi after a flight whose time is target / sqrt(mu).

    radius_m : distance at the start [m]
    sigma : r.v / sqrt(mu) [sqrt m]
    alpha : inverse semi-major axis [1/m]
    target : sqrt(mu) t [m^1.5], may be negative; on an ellipse at most half a period
    Returns (chi [sqrt m], status).
    Model: sigma chi^2 c2 + (1 - alpha r) chi^3 c3 + r chi = target, whose left side grows with
    slope r > 0: Newton steps inside a bracket, which is halved instead when a step leaves it or
    is not well below the step before. Done when a step is small or the miss is rounding.
    """
    if target == 0.0:
        return 0.0, 0
    way = 1.0 if target > 0.0 else -1.0
    drift = way * sigma
    goal = way * target
    bend = 1.0 - alpha * radius_m
    chi, high = first_anomaly(radius_m, drift, alpha, goal)
    low = 0.0
    step = math.inf
    for _ in range(ITERATIONS_MAX):
        z = alpha * chi * chi
        c2, c3 = stumpff(z)
        parts = drift * chi * c2 + bend * chi * chi * c3
        slope = radius_m + drift * chi * (1.0 - z * c3) + bend * chi * chi * c2
        miss = chi * (parts + radius_m) - goal
        if miss > 0.0:
            high = chi
        else:
            low = chi
        if abs(miss) <= ROUNDING * (goal + chi * (abs(drift) * chi * c2 + radius_m)):
            return way * chi, 0
        new = chi - miss / slope
        slow = abs(new - chi) > 0.5 * step and high < math.inf
        if slow or not (low <= new <= high):
            new = 0.5 * (low + high) if high < math.inf else 2.0 * chi
        step = abs(new - chi)
        chi = new
        if step <= STEP_SMALL * chi:
            return way * chi, 0
    return math.nan, 2


@kernel
def propagate_kernel(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    duration_s: float,
    mu_m3_s2: float,
) -> tuple[float, float, float, float, float, float, int]:
    """State after a two-body flight from a state, any conic, forwards or backwards.

    x, y, z : [m]     vx, vy, vz : [m/s]     duration_s : [s]     mu_m3_s2 : [m3/s2]
    Returns (x, y, z [m], vx, vy, vz [m/s], status), NaN with a `KeplerStatus` when not OK.
    Model: universal variables, Lagrange f and g; whole revolutions are taken off first.
    Valid for: e from 0 to 0.9999 and hyperbolas; point mass only. A state that falls straight
    to the centre is refused.
    Source: H. D. Curtis, Orbital Mechanics for Engineering Students (2014), sec. 3.7.
    """
    nan = math.nan
    radius = math.sqrt(x * x + y * y + z * z)
    speed2 = vx * vx + vy * vy + vz * vz
    hx = y * vz - z * vy
    hy = z * vx - x * vz
    hz = x * vy - y * vx
    momentum2 = hx * hx + hy * hy + hz * hz
    if not (radius > 0.0 and momentum2 > 0.0 and math.isfinite(duration_s)):
        return nan, nan, nan, nan, nan, nan, 1
    if not math.isfinite(speed2 * radius):
        return nan, nan, nan, nan, nan, nan, 1
    root_mu = math.sqrt(mu_m3_s2)
    alpha = 2.0 / radius - speed2 / mu_m3_s2
    flight = duration_s
    if alpha > 0.0:
        period = 2.0 * math.pi / (root_mu * alpha * math.sqrt(alpha))
        flight = duration_s - period * math.floor(duration_s / period + 0.5)
    sigma = (x * vx + y * vy + z * vz) / root_mu
    chi, status = universal_anomaly(radius, sigma, alpha, root_mu * flight)
    if status != 0:
        return nan, nan, nan, nan, nan, nan, status
    zeta = alpha * chi * chi
    c2, c3 = stumpff(zeta)
    f = 1.0 - chi * chi * c2 / radius
    g = chi * (radius * (1.0 - zeta * c3) + sigma * chi * c2) / root_mu
    x2 = f * x + g * vx
    y2 = f * y + g * vy
    z2 = f * z + g * vz
    radius2 = math.sqrt(x2 * x2 + y2 * y2 + z2 * z2)
    f_dot = root_mu * chi * (zeta * c3 - 1.0) / (radius * radius2)
    g_dot = 1.0 - chi * chi * c2 / radius2
    return (
        x2,
        y2,
        z2,
        f_dot * x + g_dot * vx,
        f_dot * y + g_dot * vy,
        f_dot * z + g_dot * vz,
        0,
    )


@kernel
def fill_propagated(
    state: Floats, duration_s: Floats, mu_m3_s2: float, out: Floats, status: Codes
) -> None:
    """Propagate rows of states: state (n, 6), duration_s (n,), out (n, 6), status (n,)."""
    for i in range(state.shape[0]):
        x, y, z, vx, vy, vz, code = propagate_kernel(
            state[i, 0],
            state[i, 1],
            state[i, 2],
            state[i, 3],
            state[i, 4],
            state[i, 5],
            duration_s[i],
            mu_m3_s2,
        )
        out[i, 0] = x
        out[i, 1] = y
        out[i, 2] = z
        out[i, 3] = vx
        out[i, 4] = vy
        out[i, 5] = vz
        status[i] = code


@kernel
def eccentric_anomaly_kernel(mean_anomaly_rad: float, eccentricity: float) -> float:
    """Eccentric anomaly from the mean anomaly of an ellipse.

    mean_anomaly_rad : [rad]     eccentricity : 0 <= e < 1
    Returns [rad], in the same revolution; NaN outside the domain.
    Model: Kepler's equation M = E - e sin E; Newton steps inside the bracket [M, M + e].
    Valid for: e < 1; residual below 1e-15 of pi.
    """
    if not (0.0 <= eccentricity < 1.0 and math.isfinite(mean_anomaly_rad)):
        return math.nan
    turns = 2.0 * math.pi * math.floor(mean_anomaly_rad / (2.0 * math.pi) + 0.5)
    reduced = mean_anomaly_rad - turns
    target = abs(reduced)
    low = target
    high = min(math.pi, target + eccentricity)
    guess = target + eccentricity * math.sin(target) / math.sqrt(
        1.0 - 2.0 * eccentricity * math.cos(target) + eccentricity * eccentricity
    )
    anomaly = min(max(guess, low), high)
    for _ in range(ITERATIONS_MAX):
        miss = anomaly - eccentricity * math.sin(anomaly) - target
        if miss > 0.0:
            high = anomaly
        else:
            low = anomaly
        new = anomaly - miss / (1.0 - eccentricity * math.cos(anomaly))
        if not (low <= new <= high):
            new = 0.5 * (low + high)
        step = abs(new - anomaly)
        anomaly = new
        if step <= STEP_SMALL * new:
            break
    return turns + math.copysign(anomaly, reduced)


@kernel
def secular_rates(
    semi_major_axis_m: float, eccentricity: float, inclination_rad: float
) -> tuple[float, float, float]:
    """Mean rates of an orbit under the second zonal harmonic.

    semi_major_axis_m : [m]     eccentricity : 0 <= e < 1     inclination_rad : [rad]
    Returns (mean anomaly, node, perigee) rates [rad/s].
    Model: with k = 3/2 n J2 (R/p)^2, node -k cos i, perigee k (2 - 5/2 sin^2 i),
    mean anomaly n + k sqrt(1 - e^2) (1 - 3/2 sin^2 i).
    Valid for: first order in J2; periodic terms (up to some 10 km in low orbit) are left out.
    Source: D. A. Vallado, Fundamentals of Astrodynamics and Applications (2013), sec. 9.6.
    """
    motion = math.sqrt(MU_M3_S2 / semi_major_axis_m) / semi_major_axis_m
    flatness = 1.0 - eccentricity * eccentricity
    ratio = RADIUS_EQUATOR_M / (semi_major_axis_m * flatness)
    rate = 1.5 * motion * J2 * ratio * ratio
    sine2 = math.sin(inclination_rad) ** 2
    return (
        motion + rate * math.sqrt(flatness) * (1.0 - 1.5 * sine2),
        -rate * math.cos(inclination_rad),
        rate * (2.0 - 2.5 * sine2),
    )
