"""Gravitational acceleration of the Earth."""

import math

from opendome.compiled import kernel
from opendome.quantities.constants import J2, MU_M3_S2, RADIUS_EQUATOR_M


@kernel
def gravity_j2(x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Gravitational acceleration with the Earth's oblateness [m/s2].

    x_m, y_m, z_m : position in any Earth-centred frame whose third axis is the spin axis [m]
    Returns (ax, ay, az) in the same frame [m/s2]; no centrifugal part.
    Model: potential mu/r [1 - J2 (R/r)^2 (3 sin^2(lat) - 1)/2].
    Valid for: outside the Earth; the terms left out are below 1e-5 of the attraction.
    Source: D. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. 2013,
    section 8.7; J2 as in the NESC check-cases, NASA/TM-2015-218675, table 73.
    """
    return gravity_oblate(x_m, y_m, z_m, MU_M3_S2, J2, RADIUS_EQUATOR_M)


@kernel
def gravity_oblate(
    x_m: float, y_m: float, z_m: float, mu_m3_s2: float, j2: float, radius_m: float
) -> tuple[float, float, float]:
    """Gravitational acceleration of any oblate body [m/s2].

    As `gravity_j2`, with the body's gravitational parameter [m3/s2], J2 and equatorial
    radius [m] as arguments.
    """
    inverse = 1.0 / math.sqrt(x_m * x_m + y_m * y_m + z_m * z_m)
    inverse2 = inverse * inverse
    pull = -mu_m3_s2 * inverse2 * inverse
    bulge = 1.5 * j2 * radius_m * radius_m * inverse2
    tilt = 5.0 * z_m * z_m * inverse2
    side = pull * (1.0 + bulge * (1.0 - tilt))
    return side * x_m, side * y_m, pull * (1.0 + bulge * (3.0 - tilt)) * z_m


@kernel
def gravity_point(x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Gravitational acceleration of a point mass at the Earth's centre [m/s2].

    x_m, y_m, z_m : position in any Earth-centred frame [m]
    Returns (ax, ay, az) in the same frame [m/s2].
    Model: -mu r / |r|^3.   Valid for: outside the Earth; neglects 1e-3 (oblateness).
    Source: I. Newton, Principia, 1687.
    """
    r2 = x_m * x_m + y_m * y_m + z_m * z_m
    pull = -MU_M3_S2 / (r2 * math.sqrt(r2))
    return pull * x_m, pull * y_m, pull * z_m
