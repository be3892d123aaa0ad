"""Radars on ships and in the air: where they are; one that stands still sees as before."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.course import on_racetrack, site_at
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.motion_spec import CourseSpec, RacetrackSpec, RoamSpec
from opendome.sensing.radar import Course
from opendome.world.earth import geodetic_from_ecef
from opendome.world.geodesy import geodesic_inverse

ERA = 0.3
SEA = {"lat_rad": math.radians(40.0), "lon_rad": math.radians(105.0), "azimuth_from_rad": 0.0}
SEA |= {"azimuth_to_rad": 2 * math.pi, "elevation_min_rad": 0.0, "range_reference_m": 9e6}


def place(radar, t_s):
    lat, lon, alt = geodetic_from_ecef(np.array(radar.antenna_ecef_m(t_s)))
    return float(lat), float(lon), float(alt)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 6.28), st.floats(1.0, 300.0), st.floats(1.0, 5000.0))
def test_a_course_is_a_geodesic_flown_at_the_declared_speed(make_radar, heading, speed, t_s):
    """Against the inverse problem, solved by another iteration than the kernel's."""
    radar = make_radar(**SEA, alt_m=9000.0, course=Course(heading_rad=heading, speed_m_s=speed))
    lat, lon, alt = place(radar, t_s)
    distance, azimuth, _ = geodesic_inverse(radar.lat_rad, radar.lon_rad, lat, lon)
    assert float(distance) == pytest.approx(speed * t_s, abs=2e-3)
    assert alt == pytest.approx(9000.0, abs=1e-5)
    if distance > 1000.0:
        assert math.cos(float(azimuth) - heading) == pytest.approx(1.0, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(st.floats(0.0, 3e5), st.floats(1e3, 5e4), st.floats(-1e6, 1e6))
def test_a_racetrack_closes_and_is_flown_at_an_even_pace(leg_m, radius_m, flown_m):
    lap_m = 2.0 * leg_m + 2.0 * math.pi * radius_m
    here = np.array(on_racetrack(flown_m, leg_m, radius_m))
    again = np.array(on_racetrack(flown_m + lap_m, leg_m, radius_m))
    assert again == pytest.approx(here, abs=1e-5)
    step_m = 1.0
    then = np.array(on_racetrack(flown_m + step_m, leg_m, radius_m))
    assert np.linalg.norm(then - here) == pytest.approx(step_m, rel=1e-3)
    beyond = max(0.0, abs(here[0]) - 0.5 * leg_m)
    assert math.hypot(beyond, here[1]) == pytest.approx(radius_m, abs=1e-5)


def test_a_racetrack_turns_to_the_right(make_radar):
    """Heading north on the western straight, back south on the eastern one."""
    course = Course(heading_rad=0.0, speed_m_s=200.0, leg_m=1e5, turn_radius_m=1e4)
    radar = make_radar(**SEA, course=course)
    west = place(radar, 250.0)
    assert west[0] == pytest.approx(radar.lat_rad, abs=2e-6)  # a geodesic west bends south
    assert west[1] < radar.lon_rad
    assert place(radar, 260.0)[0] > west[0]
    half_lap_s = (1e5 + math.pi * 1e4) / 200.0
    east = place(radar, 250.0 + half_lap_s)
    assert east[1] > radar.lon_rad
    assert place(radar, 260.0 + half_lap_s)[0] < east[0]


def test_the_frame_of_a_moving_site_is_that_of_a_radar_standing_there(make_radar):
    course = Course(heading_rad=1.0, speed_m_s=250.0)
    radar = make_radar(**SEA, alt_m=9000.0, course=course)
    lat, lon, _ = place(radar, 3000.0)
    there = dataclasses.replace(radar, lat_rad=lat, lon_rad=lon, course=None)
    assert site_at(radar.site(), radar.way(), 3000.0) == pytest.approx(there.site(), rel=1e-9)


def rows(looks, obj):
    return slice(looks.start[obj], looks.start[obj + 1])


def test_a_very_slow_ship_sees_what_a_standing_radar_sees(make_raid, make_radar):
    raid = make_raid(6, seed=4)
    still = make_radar(**SEA)
    slow = make_radar(**SEA, course=Course(heading_rad=0.7, speed_m_s=1e-6))
    one, two = (
        look_at(raid, SensorSuite(radars=(radar,)), era_epoch_rad=ERA) for radar in (still, slow)
    )
    assert one.t_s.size == two.t_s.size > 100
    assert two.t_s == pytest.approx(one.t_s, abs=1e-3)
    assert two.p_detect == pytest.approx(one.p_detect, abs=1e-5)


def test_every_look_of_a_moving_radar_is_made_from_where_it_is(make_raid, make_radar):
    """Plain twin: the mask and the range from the place at the time of the look."""
    raid = make_raid(6, seed=4, rcs_m2=1.0)
    course = Course(heading_rad=2.0, speed_m_s=250.0)
    radar = make_radar(**SEA, alt_m=9000.0, range_max_m=2e6, course=course)
    looks = look_at(raid, SensorSuite(radars=(radar,)), era_epoch_rad=ERA)
    assert looks.t_s.size > 50
    moved = 0
    for obj in range(raid.objects):
        for row in range(looks.start[obj], looks.start[obj + 1]):
            t_s = looks.t_s[row]
            theta = ERA + ROTATION_RAD_S * t_s
            k = int((t_s - raid.launch_t_s[obj]) / raid.step_s)
            s = (t_s - raid.launch_t_s[obj]) / raid.step_s - k
            pos = raid.pos_eci_m[obj, k] * (1 - s) + raid.pos_eci_m[obj, k + 1] * s
            turn = np.array(
                [
                    [math.cos(theta), math.sin(theta), 0],
                    [-math.sin(theta), math.cos(theta), 0],
                    [0, 0, 1],
                ]
            )
            line = turn @ pos - np.array(radar.antenna_ecef_m(t_s))
            assert np.linalg.norm(line) <= radar.range_max_m + 10.0
            snr = radar.snr_reference * (radar.range_reference_m / np.linalg.norm(line)) ** 4
            snr *= raid.rcs_m2[obj, k + 1] / radar.rcs_reference_m2
            burning = t_s < raid.burnout_t_s[obj] + 1.0
            if not burning:
                assert looks.snr_db[row] == pytest.approx(10 * math.log10(snr), abs=1e-3)
                from_start = np.linalg.norm(turn @ pos - np.array(radar.antenna_ecef_m(0.0)))
                moved += abs(from_start - np.linalg.norm(line)) > 1e4
    assert moved > 10, "negative control: the place at t = 0 is another"


def test_an_aircraft_sees_low_fliers_farther_than_a_mast(make_raid, make_radar):
    raid = make_raid(4, seed=1, rcs_m2=10.0)
    low = {"earth_factor": 4.0 / 3.0, "elevation_min_rad": math.radians(-10.0)}
    seen = []
    for height in (20.0, 9000.0):
        radar = make_radar(**(SEA | low), alt_m=height)
        looks = look_at(raid, SensorSuite(radars=(radar,)), era_epoch_rad=ERA)
        seen.append([looks.t_s[rows(looks, k)].min(initial=math.inf) for k in range(4)])
    assert np.all(np.array(seen[1]) <= np.array(seen[0]))
    assert np.any(np.array(seen[1]) < np.array(seen[0]))


def middle(name, value):
    assert name
    return value.middle


def test_forms_of_motion_are_realised_in_si():
    course = CourseSpec(heading="90 deg", speed="10 m/s").realise(middle)
    assert (course.heading_rad, course.speed_m_s) == pytest.approx((math.pi / 2, 10.0))
    track = RacetrackSpec(heading="0 deg", speed="720 km/h", leg="100 km", turn_radius="10 km")
    got = track.realise(middle)
    assert (got.speed_m_s, got.leg_m, got.turn_radius_m) == pytest.approx((200.0, 1e5, 1e4))
    assert got.flown_m == pytest.approx(1e5 + math.pi * 1e4)


def test_a_place_to_roam_is_drawn_evenly_over_its_circle():
    """Mean of the squared distance over a disc: half of the squared radius."""
    lat, lon = math.radians(38.0), math.radians(134.0)
    generator = np.random.default_rng(5)
    squares = []
    for _ in range(2000):
        luck = generator.uniform(size=2)
        draws = {
            "roam.radius": 200e3,
            "roam.area_within": luck[0],
            "roam.bearing": luck[1] * math.tau,
        }
        at = RoamSpec(radius="200 km").place(lambda name, _, d=draws: d[name], lat, lon)
        squares.append(float(geodesic_inverse(lat, lon, *at)[0]) ** 2)
    assert max(squares) <= (200e3 + 1.0) ** 2
    # standard error of the mean of a uniform square: R^2 / sqrt(12 n); four of them
    assert np.mean(squares) == pytest.approx(200e3**2 / 2, abs=4 * 200e3**2 / math.sqrt(12 * 2000))
