"""The Sun: printed examples, seasons, the equation of time, and ERFA."""

import math
from datetime import UTC, datetime, timedelta

import erfa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.world.frames import ecef_from_eci
from opendome.world.sun import equinox_from_origin_rad, sun_direction_eci, sun_direction_of_date
from opendome.world.time import earth_rotation_angle_rad, julian_date

J2000 = 2451545.0
EXAMPLES = [
    # J. Meeus, Astronomical Algorithms, example 25.a: right ascension, declination [deg]
    (datetime(1992, 10, 13, tzinfo=UTC), (198.38083, -7.78507)),
    # D. Vallado, Fundamentals of Astrodynamics, example 5-1: 0.9771945, 0.1924424, 0.0834308 au
    (datetime(2006, 4, 2, tzinfo=UTC), (11.14127, 4.78826)),
]
# declination at the moments of the seasons of 2024 as printed by the US Naval Observatory
SEASONS = [
    (datetime(2024, 3, 20, 3, 6, tzinfo=UTC), 0.0, 0.0),
    (datetime(2024, 6, 20, 20, 51, tzinfo=UTC), 90.0, 23.44),
    (datetime(2024, 9, 22, 12, 44, tzinfo=UTC), 180.0, 0.0),
    (datetime(2024, 12, 21, 9, 21, tzinfo=UTC), 270.0, -23.44),
]


def angles_deg(vector):
    return math.degrees(math.atan2(vector[1], vector[0])) % 360.0, math.degrees(
        math.asin(vector[2])
    )


def apart_deg(first, second):
    return math.degrees(math.atan2(np.linalg.norm(np.cross(first, second)), np.dot(first, second)))


@pytest.mark.parametrize(("moment", "wanted"), EXAMPLES)
def test_printed_examples(moment, wanted):
    got = angles_deg(sun_direction_of_date(julian_date(moment) - J2000))
    assert got == pytest.approx(wanted, abs=0.01)
    day_off = angles_deg(sun_direction_of_date(julian_date(moment) + 1.0 - J2000))
    assert abs(day_off[0] - wanted[0]) > 0.5  # negative control


@pytest.mark.parametrize(("moment", "right_ascension", "declination"), SEASONS)
def test_seasons(moment, right_ascension, declination):
    got = angles_deg(sun_direction_of_date(julian_date(moment) - J2000))
    assert math.remainder(got[0] - right_ascension, 360.0) == pytest.approx(0.0, abs=0.012)
    assert got[1] == pytest.approx(declination, abs=0.01)


def by_erfa(moment):
    """Apparent place of the Sun in the axes of the celestial intermediate origin."""
    jd = julian_date(moment) + 69.2 / 86400.0  # dynamical time
    earth, _ = erfa.epv00(2400000.5, jd - 2400000.5)
    x, y, s = erfa.xys06a(2400000.5, jd - 2400000.5)
    velocity = earth["v"] / 173.1446  # of light
    direction = -earth["p"] / np.linalg.norm(earth["p"]) + velocity
    return erfa.c2ixys(x, y, s) @ (direction / np.linalg.norm(direction))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 139 * 365 * 24))
def test_against_erfa(hours):
    moment = datetime(1960, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    wanted = by_erfa(moment)
    got = sun_direction_eci(moment)
    assert np.linalg.norm(got) == pytest.approx(1.0, abs=1e-12)
    assert apart_deg(got, wanted) < (0.012 if moment.year < 2050 else 0.02)
    # negative control: the vector at the wrong hour
    assert apart_deg(sun_direction_eci(moment, 6 * 3600.0), wanted) > 0.2


def test_equinox_against_erfa():
    for year in (1960, 2000, 2029, 2099):
        jd = julian_date(datetime(year, 6, 1, tzinfo=UTC))
        wanted = erfa.gmst06(jd, 0.0, jd, 0.0) - erfa.era00(jd, 0.0)
        assert math.remainder(wanted - equinox_from_origin_rad(jd - J2000), math.tau) == (
            pytest.approx(0.0, abs=1e-9)
        )


# The equation of time at its four extremes, as almanacs print it: the Sun's time less the
# clock's [min]. 0.07 min are 0.02 degrees.
EQUATION_OF_TIME = {(2, 11): -14.24, (5, 14): 3.65, (7, 26): -6.54, (11, 3): 16.46}


@pytest.mark.parametrize(("day", "minutes"), EQUATION_OF_TIME.items())
def test_the_sun_stands_over_the_right_meridian(day, minutes):
    noon = datetime(2029, *day, 12, tzinfo=UTC)
    sun_ecef = ecef_from_eci(sun_direction_eci(noon), earth_rotation_angle_rad(noon))
    west_deg = -math.degrees(math.atan2(sun_ecef[1], sun_ecef[0]))
    assert -west_deg * 4.0 == pytest.approx(-minutes, abs=0.1)
    days = julian_date(noon) - J2000
    of_date = ecef_from_eci(sun_direction_of_date(days), earth_rotation_angle_rad(noon))
    wrong = 4.0 * math.degrees(math.atan2(of_date[1], of_date[0]))
    assert abs(wrong + minutes) > 1.0  # negative control: precession forgotten, 0.37 degrees
