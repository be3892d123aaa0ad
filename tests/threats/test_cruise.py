"""Air-breathing flight: routes against GeographicLib, speed and height against their definition."""

import itertools
import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.threats.kernels import cruise as kernels
from opendome.world.earth import ecef_from_geodetic

from .cruisers import ERA_RAD, PLAIN, flier, fly, geodetic_of, group, over_ground

LOW = {"altitude_m": 0.0, "speed_m_s": 100.0}  # along the ground, so that time is distance
# published to the millimetre: Geocentric Datum of Australia, technical manual
FLINDERS_PEAK = (-(37 + 57 / 60 + 3.72030 / 3600), 144 + 25 / 60 + 29.52440 / 3600)
BUNINYONG = (-(37 + 39 / 60 + 10.15610 / 3600), 143 + 55 / 60 + 35.38390 / 3600)
FLINDERS_BUNINYONG_M = 54972.271
COAST = (33.0, -70.0, 38.0, -76.0)

latitudes = st.floats(-80.0, 80.0)
longitudes = st.floats(-180.0, 180.0)


def karney_m(*course):
    """Length of the geodesic between two points [m], by geographiclib."""
    return Geodesic.WGS84.Inverse(*course)["s12"]


def test_time_of_flight_of_a_published_line():
    raid = fly(flier(**LOW), (*FLINDERS_PEAK, *BUNINYONG))
    assert raid.impact_t_s[0] * 100.0 == pytest.approx(FLINDERS_BUNINYONG_M, abs=2e-3)


@given(latitudes, longitudes, latitudes, longitudes)
@settings(max_examples=60, deadline=None)
def test_time_of_flight_is_karneys_distance(lat_1, lon_1, lat_2, lon_2):
    course = (lat_1, lon_1, lat_2, lon_2)
    length_m = karney_m(*course)
    if not 20e3 < length_m < 15_000e3:
        return
    raid = fly(flier(**LOW), course, step_s=60.0)
    assert raid.impact_t_s[0] * 100.0 == pytest.approx(length_m, abs=2e-3)


def test_samples_lie_on_karneys_line():
    raid = fly(flier(**LOW), COAST, launch_t_s=40.0)
    t_s, pos_ecef, _ = over_ground(raid)
    line = Geodesic.WGS84.InverseLine(*COAST)
    for k in range(0, t_s.size, 97):
        point = line.Position(100.0 * (t_s[k] - 40.0))
        there = ecef_from_geodetic(math.radians(point["lat2"]), math.radians(point["lon2"]))
        assert np.linalg.norm(pos_ecef[k] - there) < 2e-3


def test_the_way_leads_through_its_waypoints():
    via = ((35.0, -68.0), (37.0, -72.0))
    raid = fly(flier(**LOW, via=via), COAST)
    legs = [COAST[:2], *via, COAST[2:]]
    lengths = [karney_m(*a, *b) for a, b in itertools.pairwise(legs)]
    assert raid.impact_t_s[0] * 100.0 == pytest.approx(sum(lengths), abs=5e-3)
    _, pos_ecef, _ = over_ground(raid)
    for point in via:
        gap_m = np.linalg.norm(pos_ecef - ecef_from_geodetic(*np.radians(point)), axis=1).min()
        assert gap_m < 51.0  # half a step at 100 m/s


def test_it_arrives_at_its_aim():
    raid = fly(PLAIN, COAST)
    assert (raid.impact_lat_rad[0], raid.impact_lon_rad[0]) == tuple(np.radians(COAST[2:]))
    t_s, pos_ecef, vel = over_ground(raid)
    left_s = raid.impact_t_s[0] - t_s[-1]
    end = pos_ecef[-1] + left_s * vel[-1]
    assert 0.0 <= left_s < 1.0
    assert np.linalg.norm(end - ecef_from_geodetic(*np.radians(COAST[2:]))) < 0.02


def test_height_is_constant_between_climb_and_dive():
    raid = fly(PLAIN, COAST)
    _, _, height_m = geodetic_of(raid)
    climb_s = PLAIN.altitude_m / (PLAIN.speed_m_s * math.sin(PLAIN.climb_rad))
    level = slice(math.ceil(climb_s), int(raid.turn_t_s[0]))
    assert np.abs(height_m[level] - PLAIN.altitude_m).max() < 1e-5
    assert height_m[0] == pytest.approx(0.0, abs=1e-6)
    assert np.all(np.diff(height_m[: math.ceil(climb_s)]) > 0.0)


def test_it_turns_down_when_it_says():
    threat = flier(altitude_m=12_000.0)
    raid = fly(threat, COAST)
    dive_s = 12_000.0 / (240.0 * math.sin(threat.dive_rad))
    assert raid.impact_t_s[0] - raid.turn_t_s[0] == pytest.approx(dive_s, abs=1e-6)
    t_s, _, _ = over_ground(raid)
    _, _, height_m = geodetic_of(raid)
    diving = t_s > raid.turn_t_s[0]
    assert np.all(np.diff(height_m[diving]) < 0.0)
    assert height_m[~diving].max() == pytest.approx(12_000.0, abs=1e-4)
    sink_m_s = -np.diff(height_m[diving])
    assert sink_m_s == pytest.approx(240.0 * math.sin(threat.dive_rad), rel=1e-9)


def test_a_high_flier_comes_in_low():
    threat = flier(
        altitude_m=14_000.0, approach_altitude_m=20.0, approach_distance_m=150e3, speed_m_s=800.0
    )
    raid = fly(threat, COAST)
    lat, lon, height_m = geodetic_of(raid)
    left_m = np.array(
        [karney_m(*np.degrees((a, b)), *COAST[2:]) for a, b in zip(lat, lon, strict=True)]
    )
    sinking_m = RADIUS_MEAN_M * math.log1p(13_980.0 / (RADIUS_MEAN_M + 20.0))
    sinking_m /= math.tan(threat.climb_rad)
    climbed = np.arange(height_m.size) > 14_000.0 / (800.0 * math.sin(threat.climb_rad))
    assert height_m[climbed & (left_m > 150e3)] == pytest.approx(14_000.0, abs=1e-4)
    steps_m = np.linalg.norm(np.diff(over_ground(raid)[1], axis=0), axis=1)
    assert steps_m.min() > 0.96 * 800.0  # a corner of 24 degrees shortens its step by 4 %
    assert steps_m.max() < 800.01
    low = (left_m < 150e3 - sinking_m) & (left_m > 100.0)
    assert height_m[low] == pytest.approx(20.0, abs=1e-4)
    assert low.sum() > 50


def test_an_aircraft_may_release_it_from_above():
    raid = fly(flier(launch_altitude_m=9_000.0), COAST)
    _, _, height_m = geodetic_of(raid)
    assert height_m[0] == pytest.approx(9_000.0, abs=1e-6)
    assert height_m.max() == pytest.approx(9_000.0, abs=1e-6)
    assert np.median(height_m) == pytest.approx(80.0, abs=1e-5)


@pytest.mark.parametrize("altitude_m", [0.0, 80.0, 14_000.0])
def test_speed_over_the_ground_is_constant(altitude_m):
    raid = fly(flier(altitude_m=altitude_m), COAST, launch_t_s=[33.0])
    t_s, pos_ecef, vel_ecef = over_ground(raid)
    assert np.linalg.norm(vel_ecef, axis=1) == pytest.approx(240.0, rel=1e-9)
    # the positions move as the velocities say, but where a part or a leg begins
    middle = (pos_ecef[2:] - pos_ecef[:-2]) / (t_s[2:] - t_s[:-2])[:, None]
    off_m_s = np.linalg.norm(middle - vel_ecef[1:-1], axis=1)
    assert np.percentile(off_m_s, 99) < 240.0 * 1e-5


def test_eci_velocity_is_the_rate_of_eci_position():
    raid = fly(flier(altitude_m=0.0), COAST)
    pos, vel = raid.pos_eci_m[0][raid.valid[0]], raid.vel_eci_m_s[0][raid.valid[0]]
    # the way curves by v^2 / R: third differences of a step of 1 s are below 1e-6 m
    assert np.abs(0.5 * (pos[2:] - pos[:-2]) - vel[1:-1]).max() < 240.0 * 1e-5


@given(st.floats(-math.pi, math.pi))
@settings(max_examples=20, deadline=None)
def test_turning_the_world_turns_the_flight(turn_rad):
    """All longitudes moved one way, the Earth the other: the same flight in ECI."""
    turn_deg = math.degrees(turn_rad)
    moved = (COAST[0], COAST[1] + turn_deg, COAST[2], COAST[3] + turn_deg)
    here = fly(PLAIN, COAST, step_s=20.0)
    there = fly(PLAIN, moved, era_rad=ERA_RAD - turn_rad, step_s=20.0)
    assert there.impact_t_s == pytest.approx(here.impact_t_s, abs=1e-6)
    assert np.nanmax(np.abs(there.pos_eci_m - here.pos_eci_m)) < 2e-3


def test_the_way_back_is_as_long():
    """Climb and dive alike, so that the flight backwards is the mirror of the flight."""
    via = ((36.0, -74.0),)
    threat = flier(via=via, altitude_m=3_000.0, dive_rad=PLAIN.climb_rad)
    back = (*COAST[2:], *COAST[:2])
    there, home = fly(threat, COAST), fly(threat, back)
    assert home.impact_t_s[0] == pytest.approx(there.impact_t_s[0], abs=1e-7)
    _, pos_there, _ = over_ground(there)
    _, pos_home, _ = over_ground(home)
    whole_s = there.impact_t_s[0]
    for k in (100, 1000, 2000):
        share = (whole_s - k) % 1.0
        before = int(whole_s - k)
        mirrored = (1.0 - share) * pos_home[before] + share * pos_home[before + 1]
        assert np.linalg.norm(mirrored - pos_there[k]) < 0.01


def test_one_object_alone_flies_as_in_a_batch():
    courses = [COAST, (30.0, -60.0, 38.5, -75.5), (41.0, -64.0, 37.0, -76.0)]
    batch = fly(PLAIN, *courses, launch_t_s=[0.0, 5.0, 9.0])
    for n, course in enumerate(courses):
        alone = fly(PLAIN, course, launch_t_s=batch.launch_t_s[n])
        kept = alone.pos_eci_m.shape[1]
        assert np.array_equal(alone.pos_eci_m[0], batch.pos_eci_m[n, :kept], equal_nan=True)
        assert not batch.valid[n, kept:].any()


def test_over_the_pole_and_the_date_line():
    raid = fly(flier(altitude_m=100.0), (85.0, 170.0, 84.0, -20.0))
    lat, _, height_m = geodetic_of(raid)
    assert np.degrees(lat.max()) > 89.0
    assert np.abs(height_m[10:-10] - 100.0).max() < 1e-5


def test_signatures_last_until_the_end():
    raid = fly(PLAIN, COAST)
    assert np.all(raid.intensity_w_sr[raid.valid] == 40.0)
    assert np.all(raid.rcs_m2[raid.valid] == 0.1)
    assert raid.burnout_t_s[0] == raid.launch_t_s[0]  # it has no boost
    assert raid.hot_until_t_s[0] == raid.impact_t_s[0]
    assert raid.manoeuvre_psd_m2_s3[0] == 3.0


@pytest.mark.parametrize(
    ("changes", "course", "words"),
    [
        ({"range_max_m": 300e3}, COAST, "outside the range"),
        ({"range_min_m": 3_000e3}, COAST, "outside the range"),
        ({"via": ((0.0, 0.0),), "range_max_m": 2_000e3}, COAST, "outside the range"),
        ({"altitude_m": 15_000.0}, (33.0, -70.0, 33.5, -70.0), "too short"),
        ({"approach_distance_m": 2_000e3, "approach_altitude_m": 20.0}, COAST, "too short"),
        ({"approach_distance_m": 10.0, "approach_altitude_m": 60.0}, COAST, "too short"),
        ({}, (0.0, 0.0, 0.2, 179.8), "antipodal"),
    ],
)
def test_what_cannot_be_flown_says_why(changes, course, words):
    raid = fly(flier(**changes), (33.0, -71.0, 38.0, -76.0) if not changes else COAST, course)
    refused = [entry for entry in raid.refused if entry.object == 1]
    assert words in refused[0].reason
    assert not raid.valid[1].any()
    assert np.isnan([raid.impact_t_s[1], raid.impact_lat_rad[1], raid.burnout_t_s[1]]).all()
    assert np.isnan(raid.turn_t_s[1])


def test_what_a_scenario_draws_in_range_can_be_flown():
    """Both ends are drawn by the mean sphere, which is up to 0.6 % off the ellipsoid."""
    for azimuth in (0.0, 90.0):
        end = Geodesic.WGS84.Direct(0.0, 0.0, azimuth, 1_000e3)
        course = np.radians((0.0, 0.0, end["lat2"], end["lon2"]))
        angle = math.acos(math.cos(course[2]) * math.cos(course[3]))
        threat = flier(range_max_m=RADIUS_MEAN_M * angle, range_min_m=RADIUS_MEAN_M * angle - 1.0)
        assert not fly(threat, np.degrees(course)).refused


def test_planted_bug_a_sphere_is_caught(monkeypatch):
    """Great circles instead of geodesics: the published line no longer comes out."""
    from opendome.verification.geodesy import sphere_inverse

    monkeypatch.setattr(kernels, "geodesic_inverse_radians", sphere_inverse)
    points = np.radians([FLINDERS_PEAK, BUNINYONG])
    _, length_m = kernels.route_length.py_func(points)
    assert abs(length_m - FLINDERS_BUNINYONG_M) > 10.0


def test_routes_join_launch_waypoints_and_aim():
    threat = flier(via=((1.0, 2.0), (3.0, 4.0)))
    route = threat.routes(group(threat, (10.0, 20.0, 30.0, 40.0)))
    wanted = [[(10.0, 20.0), (1.0, 2.0), (3.0, 4.0), (30.0, 40.0)]]
    assert np.degrees(route) == pytest.approx(np.array(wanted))
