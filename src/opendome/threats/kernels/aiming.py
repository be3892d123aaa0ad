"""Free flight in closed form: how fast a missile must be at burnout to reach an aim point.

Two-body motion about a spherical field; J2 and drag are left to `solve`, which flies the
missile and moves the point aimed at.
"""

import math

from opendome.compiled import kernel
from opendome.quantities.constants import MU_M3_S2


@kernel
def angle_between(x1: float, y1: float, z1: float, x2: float, y2: float, z2: float) -> float:
    """Angle between two vectors [rad]."""
    cx, cy, cz = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
    return math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), x1 * x2 + y1 * y2 + z1 * z2)


@kernel
def least_energy_angle(from_m: float, to_m: float, range_rad: float) -> float:
    """Flight-path angle of the arc of least energy between two radii [rad].

    from_m, to_m : distances from the centre of the Earth [m]    range_rad : central angle
    Model: the velocity halves the angle between the vertical and the chord to the target.
    Valid for: 0 < range < pi; between equal radii it is (pi - range) / 4.
    Source: R. H. Battin, An Introduction to the Mathematics and Methods of Astrodynamics
    (1999), section 6.3.
    """
    chord_up = to_m * math.cos(range_rad) - from_m
    chord_along = to_m * math.sin(range_rad)
    return 0.5 * (0.5 * math.pi + math.atan2(chord_up, chord_along))


@kernel
def arc_to(from_m: float, to_m: float, range_rad: float, path_rad: float) -> tuple[float, float]:
    """Speed [m/s] at which an arc meets the target, and its time of flight [s].

    from_m, to_m : distances from the centre of the Earth [m]    range_rad : central angle
    path_rad : flight-path angle at the start
    Model: v^2 = (mu / r1) (1 - cos psi) / ((r1 / r2) cos^2 g - cos g cos(psi + g)), then
    Kepler's equation.
    Valid for: elliptical arcs of less than one turn; the speed is kept below 0.99 of escape, so
    that a hopeless guess still gives numbers.
    Source: orbit equation; R. R. Bate, D. D. Mueller, J. E. White, Fundamentals of
    Astrodynamics (1971), chapter 6, has the case r1 = r2.
    """
    cosine, sine = math.cos(path_rad), math.sin(path_rad)
    below = (from_m / to_m) * cosine * cosine - cosine * math.cos(range_rad + path_rad)
    above = 1.0 - math.cos(range_rad)
    square = 1.96 if above >= 1.96 * below else above / below  # v^2 r1 / mu
    e_cos = square * cosine * cosine - 1.0
    e_sin = square * cosine * sine
    e = math.sqrt(e_cos * e_cos + e_sin * e_sin)
    flat = math.sqrt(max(0.0, 1.0 - e * e))
    start = math.atan2(e_sin, e_cos)
    end = start + range_rad
    first = math.atan2(flat * math.sin(start), e + math.cos(start))
    second = math.atan2(flat * math.sin(end), e + math.cos(end))
    if second < first:
        second += 2.0 * math.pi
    mean = (second - e * math.sin(second)) - (first - e * math.sin(first))
    axis_m = from_m / (2.0 - square)
    return math.sqrt(square * MU_M3_S2 / from_m), mean * axis_m * math.sqrt(axis_m / MU_M3_S2)
