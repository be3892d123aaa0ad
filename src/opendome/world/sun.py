"""Where the Sun stands, seen from the Earth.

The formula of the Astronomical Almanac for low precision; its numbers are those of the source.
"""

import math
from datetime import datetime

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import SECONDS_PER_DAY
from opendome.world.time import JULIAN_DATE_J2000, julian_date

Floats = npt.NDArray[np.float64]

DAYS_PER_CENTURY = 36525.0
ARC_SECONDS_PER_DEGREE = 3600.0


def sun_direction_of_date(days: float) -> Floats:
    """Unit vector from the Earth to the Sun, axes of the equator and equinox of date (3,).

    days : since J2000.0 (noon of 1 January 2000)
    Model: mean longitude L = 280.460 + 0.9856474 n, mean anomaly g = 357.528 + 0.9856003 n,
    ecliptic longitude L + 1.915 sin g + 0.020 sin 2g, latitude 0, obliquity
    23.439 - 0.0000004 n; degrees, n = days. Aberration is in it.
    Valid for: 0.01 degrees from 1950 to 2050, 0.02 until 2100.
    Source: The Astronomical Almanac, page C5 (low precision formulae for the Sun).
    """
    anomaly_rad = math.radians(357.528 + 0.9856003 * days)
    longitude_rad = math.radians(
        280.460
        + 0.9856474 * days
        + 1.915 * math.sin(anomaly_rad)
        + 0.020 * math.sin(2.0 * anomaly_rad)
    )
    obliquity_rad = math.radians(23.439 - 4e-7 * days)
    along, across = math.cos(longitude_rad), math.sin(longitude_rad)
    return np.array([along, math.cos(obliquity_rad) * across, math.sin(obliquity_rad) * across])


def equinox_from_origin_rad(days: float) -> float:
    """Angle by which the equinox of date lags the origin of the Earth rotation angle [rad].

    days : since J2000.0     Returns mean sidereal time less Earth rotation angle [rad].
    Model: 0.014506 + 4612.156534 t + 1.3915817 t^2 arc seconds, t in centuries.
    Source: IERS Conventions 2010, equation 5.32.
    """
    t = days / DAYS_PER_CENTURY
    arc_seconds = 0.014506 + (4612.156534 + 1.3915817 * t) * t
    return math.radians(arc_seconds / ARC_SECONDS_PER_DEGREE)


def sun_direction_eci(epoch: datetime, t_s: float = 0.0) -> Floats:
    """Unit vector from the Earth to the Sun in the ECI axes of the simulator (3,).

    epoch : aware UTC moment     t_s : [s after epoch]
    Model: `sun_direction_of_date`, turned about the pole from the equinox to the origin of
    the Earth rotation angle, so that the Sun stands over the right meridian.
    Valid for: 0.02 degrees, 1960 to 2100 (UTC for dynamical time costs 0.001). Seen from a
    satellite the Sun is as far off as the satellite is from the centre of the Earth over the
    distance of the Sun: 0.02 degrees in geostationary orbit. It moves 0.04 degrees an hour.
    """
    days = julian_date(epoch) - JULIAN_DATE_J2000 + t_s / SECONDS_PER_DAY
    x, y, z = sun_direction_of_date(days)
    turn = equinox_from_origin_rad(days)
    c, s = math.cos(turn), math.sin(turn)
    return np.array([c * x + s * y, c * y - s * x, z])
