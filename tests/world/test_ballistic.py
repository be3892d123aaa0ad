"""Closed-form ballistic flight: published values and the relations between the formulas."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.constants import MU_M3_S2
from opendome.world.ballistic import (
    apogee_radius_m,
    climbs_for_angle_rad,
    energy_ratio,
    free_flight_angle_rad,
    free_flight_time_s,
    least_energy,
    longest_angle_rad,
)

RADIUS_M = 6371e3
QS = st.floats(0.05, 0.99)
CLIMBS = st.floats(0.01, 1.5)


def test_published_angles():
    """Authority: R. Bate, D. Mueller, J. White (1971), section 6.2; computed independently."""
    for q, climb, angle in ((0.9, 30, 100.3471), (0.8, 20, 82.4228), (1.0, 25, 130.0)):
        assert math.degrees(free_flight_angle_rad(q, math.radians(climb))) == pytest.approx(
            angle, abs=1e-4
        )
    longest, climb = longest_angle_rad(0.9)
    assert math.degrees(longest) == pytest.approx(109.8064, abs=1e-4)
    assert math.degrees(climb) == pytest.approx(17.5484, abs=1e-4)


@given(QS, CLIMBS)
def test_no_climb_flies_farther_than_the_best(q, climb):
    longest, best = longest_angle_rad(q)
    assert free_flight_angle_rad(q, climb) <= longest + 1e-12
    assert free_flight_angle_rad(q, best) == pytest.approx(longest, abs=1e-12)


@given(QS, CLIMBS)
def test_both_climbs_reach_the_angle(q, climb):
    angle = free_flight_angle_rad(q, climb)
    low, high = climbs_for_angle_rad(q, angle)
    assert min(abs(low - climb), abs(high - climb)) < 1e-6
    for found in (low, high):
        assert math.isnan(found) or free_flight_angle_rad(q, found) == pytest.approx(
            angle, abs=1e-9
        )


@given(st.floats(0.02, math.pi))
def test_the_slowest_arc_is_slowest(angle):
    speed, climb, apogee, time = least_energy(angle, RADIUS_M, MU_M3_S2)
    q = energy_ratio(speed, RADIUS_M, MU_M3_S2)
    assert longest_angle_rad(q)[0] == pytest.approx(angle, abs=1e-6)
    assert math.isnan(climbs_for_angle_rad(0.999 * q, angle)[0]) or angle > 3.1
    assert apogee_radius_m(q, climb, RADIUS_M) - RADIUS_M == pytest.approx(apogee, abs=1e-6)
    assert time > 0.0


def test_short_ranges_are_those_of_a_flat_earth():
    """v^2 = g d, 45 degrees, apogee d / 4, time sqrt(2 d / g), to first order in d / r."""
    distance, g = 1e4, MU_M3_S2 / RADIUS_M**2
    speed, climb, apogee, time = least_energy(distance / RADIUS_M, RADIUS_M, MU_M3_S2)
    assert speed == pytest.approx(math.sqrt(g * distance), rel=1e-3)
    assert climb == pytest.approx(math.pi / 4, rel=1e-3)
    assert apogee == pytest.approx(distance / 4, rel=1e-3)
    assert time == pytest.approx(math.sqrt(2 * distance / g), rel=2e-3)


def test_half_way_round_is_half_a_circle():
    speed, climb, apogee, time = least_energy(math.pi, RADIUS_M, MU_M3_S2)
    assert speed == pytest.approx(7909.8, abs=0.1)
    assert (climb, apogee) == (0.0, 0.0)
    assert time == pytest.approx(2530.4, abs=0.05)
    assert free_flight_angle_rad(1.0, 0.0) == math.pi


@pytest.mark.parametrize("q", [0.0, -1.0, 2.0, 3.0, math.nan])
def test_nothing_comes_back_from_there(q):
    assert math.isnan(free_flight_angle_rad(q, 0.3))
    assert math.isnan(free_flight_time_s(q, 0.3, RADIUS_M, MU_M3_S2))
    assert math.isnan(apogee_radius_m(q, 0.3, RADIUS_M))


def test_out_of_reach_is_nan():
    assert all(math.isnan(c) for c in climbs_for_angle_rad(0.5, 2.0))
    assert all(math.isnan(c) for c in longest_angle_rad(1.2))
