"""Ballistic flight in closed form: range, speed, apogee and time over a sphere without air.

The angle of range is the angle at the Earth's centre between two points of the same distance
from it, one where the free flight starts and one where it ends.
"""

import math

from opendome.compiled import kernel


@kernel
def energy_ratio(speed_m_s: float, radius_m: float, mu_m3_s2: float) -> float:
    """Twice the kinetic over minus the potential energy, Q (dimensionless).

    speed_m_s : [m/s]     radius_m : distance from the centre [m]
    mu_m3_s2 : gravitational parameter [m3/s2]
    Returns Q = v^2 r / mu: 1 on a circle, 2 at escape speed.
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    return speed_m_s * speed_m_s * radius_m / mu_m3_s2


@kernel
def free_flight_angle_rad(q: float, climb_rad: float) -> float:
    """Angle of range of a ballistic arc [rad].

    q : `energy_ratio` at the start     climb_rad : flight-path angle above the horizon [rad]
    Returns the angle, 0..2 pi; NaN if the body does not come back (q >= 2).
    Model: cos(psi/2) = (1 - Q cos^2(phi)) / sqrt(1 + Q (Q - 2) cos^2(phi)).
    Valid for: two-body motion, start and end at one distance; no air, no rotation.
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    if not 0.0 < q < 2.0:
        return math.nan
    cos2 = math.cos(climb_rad) ** 2
    half_sine = q * math.sin(climb_rad) * math.cos(climb_rad)
    half_cosine = 1.0 - q * cos2
    if half_sine == 0.0 and half_cosine == 0.0:
        return math.pi  # a circle: the limit of level arcs
    return 2.0 * math.atan2(half_sine, half_cosine)


@kernel
def longest_angle_rad(q: float) -> tuple[float, float]:
    """Longest angle of range for an energy, and the climb that gives it [rad].

    q : `energy_ratio`, up to 1
    Returns (angle, climb): sin(psi/2) = Q / (2 - Q), phi = (pi - psi) / 4; NaN above q = 1.
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    if not 0.0 < q <= 1.0:
        return math.nan, math.nan
    angle = 2.0 * math.asin(q / (2.0 - q))
    return angle, 0.25 * (math.pi - angle)


@kernel
def climbs_for_angle_rad(q: float, angle_rad: float) -> tuple[float, float]:
    """Low and high climb that reach an angle of range with an energy [rad].

    q : `energy_ratio`     angle_rad : angle of range, 0..pi [rad]
    Returns (low, high); NaN where there is none (out of reach, or below the horizon).
    Model: sin(2 phi + psi/2) = (2 - Q)/Q sin(psi/2).
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    sine = (2.0 - q) / q * math.sin(0.5 * angle_rad)
    if not 0.0 < q < 2.0 or not abs(sine) <= 1.0:
        return math.nan, math.nan
    arc = math.asin(sine)
    low = 0.5 * (arc - 0.5 * angle_rad)
    high = 0.5 * (math.pi - arc - 0.5 * angle_rad)
    return (low if low >= 0.0 else math.nan), high


@kernel
def free_flight_time_s(q: float, climb_rad: float, radius_m: float, mu_m3_s2: float) -> float:
    """Time of a ballistic arc from a distance back to the same distance [s].

    q : `energy_ratio` at the start     climb_rad : flight-path angle [rad]
    radius_m : that distance [m]     mu_m3_s2 : gravitational parameter [m3/s2]
    Returns [s].   Model: Kepler's equation, t = 2 sqrt(a^3/mu) (pi - E + e sin E), E the
    eccentric anomaly of the start, a = r / (2 - Q).
    Valid for: 0 < q < 2; as `free_flight_angle_rad`.
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    if not 0.0 < q < 2.0:
        return math.nan
    axis = radius_m / (2.0 - q)
    e_cos = 1.0 - radius_m / axis
    e_sin = math.sqrt(q * (2.0 - q)) * math.sin(climb_rad)
    circle = e_sin == 0.0 and e_cos == 0.0
    anomaly = 0.5 * math.pi if circle else math.atan2(e_sin, e_cos)
    return 2.0 * math.sqrt(axis**3 / mu_m3_s2) * (math.pi - anomaly + e_sin)


@kernel
def apogee_radius_m(q: float, climb_rad: float, radius_m: float) -> float:
    """Distance of the highest point of a ballistic arc from the centre [m].

    Arguments as `free_flight_time_s`. Returns a (1 + e).
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    if not 0.0 < q < 2.0:
        return math.nan
    eccentricity = math.hypot(math.sin(climb_rad), (1.0 - q) * math.cos(climb_rad))
    return radius_m / (2.0 - q) * (1.0 + eccentricity)


@kernel
def least_energy(
    angle_rad: float, radius_m: float, mu_m3_s2: float
) -> tuple[float, float, float, float]:
    """The slowest ballistic arc over an angle of range.

    angle_rad : angle of range, 0..pi [rad]     radius_m : distance of both ends [m]
    mu_m3_s2 : gravitational parameter [m3/s2]
    Returns (speed [m/s], climb [rad], apogee above the ends [m], time [s]).
    Model: Q = 2 sin(psi/2) / (1 + sin(psi/2)), phi = (pi - psi)/4.
    Valid for: a sphere at rest, no air.
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    sine = math.sin(0.5 * angle_rad)
    q = 2.0 * sine / (1.0 + sine)
    climb = 0.25 * (math.pi - angle_rad)
    return (
        math.sqrt(q * mu_m3_s2 / radius_m),
        climb,
        apogee_radius_m(q, climb, radius_m) - radius_m,
        free_flight_time_s(q, climb, radius_m, mu_m3_s2),
    )
