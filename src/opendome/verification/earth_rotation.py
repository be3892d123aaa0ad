"""Earth rotation: the angle between the inertial and the Earth-fixed axes.

Authority: ERFA, the library of the International Astronomical Union's standards, at 35 epochs
from 1960 to 2096 (`data/earth_rotation.csv`).
"""

import math
from collections.abc import Callable
from datetime import datetime

from opendome.quantities.constants import ROTATION_RAD_S, SECONDS_PER_DAY
from opendome.verification.checks import Check
from opendome.verification.tables import read_rows
from opendome.world.time import earth_rotation_angle_rad, julian_date, parse_epoch

AngleOf = Callable[[datetime], float]
HOUR_S = 3600.0


def worst_error(angle_of: AngleOf = earth_rotation_angle_rad) -> float:
    """Largest difference from ERFA [rad]."""
    return max(
        abs(math.remainder(angle_of(parse_epoch(row["epoch"])) - float(row["angle_rad"]), math.tau))
        for row in read_rows("earth_rotation.csv")
    )


def solar_angle(moment: datetime) -> float:
    """The planted bug: one turn per solar instead of per sidereal day."""
    return math.tau * (0.7790572732640 + math.fmod(julian_date(moment) - 2451545.0, 1.0))


def rate_error(rate_rad_s: float = ROTATION_RAD_S) -> float:
    """Angle by which the simulation's constant rate goes astray within an hour [rad]."""
    sidereal = math.tau * 1.00273781191135448 / SECONDS_PER_DAY
    return abs(rate_rad_s - sidereal) * HOUR_S


CHECKS = (
    Check(
        name="earth-rotation/angle",
        claim="the Earth rotation angle is that of the IAU standard",
        authority="ERFA (IAU SOFA), function era00",
        unit="rad",
        tolerance=1e-10,
        measure=worst_error,
        planted_bug=solar_angle,
        bug="one turn per solar day",
    ),
    Check(
        name="earth-rotation/rate",
        claim="the constant rate of the simulation keeps that angle for an hour",
        authority="IERS Conventions 2010, equation 5.15",
        unit="rad",
        tolerance=1e-8,
        measure=rate_error,
        planted_bug=math.tau / SECONDS_PER_DAY,
        bug="one turn per solar day",
    ),
)
