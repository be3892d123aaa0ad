"""Surface interceptors against what flies low: reach, dead zone, altitude limits, the horizon."""

import dataclasses
import math

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.intercept.interceptors import Site, SurfaceInterceptor, Window
from opendome.intercept.models import Shooters, ShooterSuite, reach
from opendome.scenario.loading import load

from .cruisers import ERA_RAD, flier, fly

LAT, LON = 37.0, -76.0
COURSE = (37.0, -73.0, LAT, LON)  # 267 km, straight at the site
POINT = SurfaceInterceptor(
    sites=(Site(name="coast", lat_rad=math.radians(LAT), lon_rad=math.radians(LON), stock=4),),
    burn_time_s=6.0,
    burnout_speed_m_s=950.0,
    ballistic_coefficient_kg_m2=7000.0,
    range_max_m=35e3,
    flight_time_max_s=80.0,
    window=Window(altitude_min_m=20.0, altitude_max_m=15e3),
    divert_m_s=300.0,
    homing_time_s=5.0,
    p_kill=0.7,
    launch_delay_s=3.0,
)


def meet(threat, interceptor=POINT):
    """Distances from the site at which a flier can be met [m], and times from launch to there."""
    raid = fly(threat, COURSE)
    suite = ShooterSuite(entries=(Shooters(asset=0, name="point", interceptor=interceptor),))
    found = reach(raid, suite, era_epoch_rad=ERA_RAD, step_s=1.0)
    if found.shooter.size == 0:
        return np.zeros(0), np.zeros(0)
    meets_t_s = found.first_t_s[0] + np.arange(found.latest_launch_t_s.size) * found.step_s
    able = np.isfinite(found.latest_launch_t_s)
    left_m = (raid.impact_t_s[0] - meets_t_s) * threat.speed_m_s
    return left_m[able], (meets_t_s - found.latest_launch_t_s)[able]


def sea_level_time_s(distance_m):
    """Time over a distance at sea level: a constant push to burnout, then drag alone [s]."""
    burn_m = 0.5 * POINT.burnout_speed_m_s * POINT.burn_time_s
    slowing = 1.225 / (2.0 * POINT.ballistic_coefficient_kg_m2)
    coast = np.expm1(slowing * (distance_m - burn_m)) / (slowing * POINT.burnout_speed_m_s)
    return POINT.burn_time_s + coast


def test_times_to_a_low_flier_are_those_of_flight_through_dense_air():
    left_m, flight_s = meet(flier(altitude_m=50.0))
    near = (left_m > 5e3) & (left_m < 15e3)
    # it burns out higher, so a little faster; a bow over thinner air pays only farther out
    assert flight_s[near] == pytest.approx(sea_level_time_s(left_m[near]), rel=0.08)


def test_dense_air_shortens_the_reach_against_low_fliers():
    low, high = meet(flier(altitude_m=50.0))[0].max(), meet(flier(altitude_m=8_000.0))[0].max()
    assert 20e3 < low < high <= 35e3


def test_what_flies_below_the_window_is_not_met():
    deep = dataclasses.replace(POINT, window=dataclasses.replace(POINT.window, altitude_min_m=60.0))
    left_m, _ = meet(flier(altitude_m=50.0), deep)
    assert left_m.size == 0
    assert meet(flier(altitude_m=70.0), deep)[0].size > 50


def test_what_flies_above_the_window_is_met_only_in_its_dive():
    shallow = dataclasses.replace(
        POINT, window=dataclasses.replace(POINT.window, altitude_max_m=3e3)
    )
    threat = flier(altitude_m=9_000.0)
    left_m, _ = meet(threat, shallow)
    assert left_m.size == 0 or left_m.max() < 3e3 / math.sin(threat.dive_rad) + 240.0


def test_it_is_met_though_it_has_no_boost():
    midcourse = dataclasses.replace(
        POINT, window=dataclasses.replace(POINT.window, boost=False, terminal=True)
    )
    assert np.array_equal(meet(flier(), midcourse)[0], meet(flier())[0])


@pytest.fixture(scope="module")
def coast():
    """One future of the built-in scenario."""
    return lay_out(load("cruise-coast"), 0)


def test_the_horizon_decides_when_the_coast_sees_the_missiles(coast):
    """Masts on the shore see them within 110 km of their aims, the aircraft beyond 300 km."""
    raid, looks = coast.raid, coast.looks
    missiles = np.flatnonzero(raid.object_class == raid.class_names.index("cruise-subsonic"))
    threat = next(g.threat for g in coast.realisation.raid_groups if "cruise" in g.class_name)
    seen_m = np.full((len(looks.sensor_names), missiles.size), np.nan)
    for n, obj in enumerate(missiles):
        rows = slice(looks.start[obj], looks.start[obj + 1])
        for sensor in range(len(looks.sensor_names)):
            t_s = looks.t_s[rows][looks.sensor[rows] == sensor]
            if t_s.size:
                seen_m[sensor, n] = (raid.impact_t_s[obj] - t_s.min()) * threat.speed_m_s
    by_name = dict(zip(looks.sensor_names, seen_m, strict=True))
    assert np.nanmax(by_name["sentinel-a4"]) < 120e3
    assert np.nanmax(by_name["tpy4"]) < 130e3
    assert np.nanmin(by_name["airborne-radar"]) > 250e3


def test_every_object_of_the_coast_comes_down_inside_it(coast):
    distance_m = coast.realisation.defended_distance_m(
        coast.raid.impact_lat_rad, coast.raid.impact_lon_rad
    )
    assert not coast.raid.refused
    assert distance_m.max() <= 0.0
