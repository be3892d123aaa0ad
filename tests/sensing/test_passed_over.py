"""Moments are passed over only while nothing can be seen (the looks: `test_look_at`)."""

import math

import numpy as np

import opendome
from opendome.sensing.infrared import eyes_of
from opendome.sensing.kernels.flight import bounds_of
from opendome.sensing.kernels.horizon import RADIUS_POLE_M, apart_for, sees_past, sight_angle
from opendome.sensing.kernels.infrared import fastest_turn
from opendome.sensing.kernels.radar import in_mask, outside_by
from opendome.sensing.samples import flight_of, rotate_samples
from opendome.threats.models import fly_raid
from opendome.world.constellations import satellite_state

DRAWS = np.random.default_rng(7)


def test_farther_apart_than_the_angle_the_earth_is_between():
    worst = 0.0
    for _ in range(4000):
        first, second = (_point(height) for height in DRAWS.uniform(0.0, 5e7, 2))
        radii = np.linalg.norm(first), np.linalg.norm(second)
        angle = math.acos(np.clip(first @ second / (radii[0] * radii[1]), -1.0, 1.0))
        limit = sight_angle(*radii)
        if sees_past(*first, *second, 0.0):
            assert angle <= limit
            worst = max(worst, angle / limit)
    assert worst > 0.97  # the bound is close


def _point(height_m):
    way = DRAWS.normal(size=3)
    return way / np.linalg.norm(way) * (RADIUS_POLE_M + 21.4e3 + height_m)


def test_in_the_time_told_two_points_stay_apart():
    rate = 2e-3
    for _ in range(500):
        start = DRAWS.uniform(0.0, math.pi)
        limit = DRAWS.uniform(0.2, 2.5)
        place = (7e6 * math.cos(start), 7e6 * math.sin(start), 0.0)
        told_s = apart_for(1e7, 0.0, 0.0, *place, limit, math.cos(limit), rate)
        assert told_s >= 0.0
        assert start - rate * told_s >= limit - 1e-9 or told_s == 0.0
        assert (told_s == 0.0) == (start <= limit)


def test_no_satellite_turns_faster_than_told():
    real = opendome.load("golden-dome").realise(0)
    _, orbit = eyes_of(real.suite.satellites, real.era_epoch_rad)
    for number in range(0, orbit.shape[1], 7):
        told = fastest_turn(orbit, number)
        for t_s in np.linspace(0.0, 86400.0, 97):
            state = np.array(satellite_state(orbit, number, float(t_s)))
            moment = np.linalg.norm(np.cross(state[:3], state[3:]))
            assert moment / (state[:3] @ state[:3]) <= told * (1.0 + 1e-9)


def test_a_point_stays_outside_a_mask_for_as_far_as_told():
    real = opendome.load("golden-dome").realise(0)
    outside = 0
    for radar in real.suite.radars:
        site = radar.site()
        for _ in range(300):
            place = np.array([site.x, site.y, site.z]) + DRAWS.normal(size=3) * 4e6
            told_m = outside_by(site, *place)
            if told_m <= 0.0:
                continue
            outside += 1
            way = DRAWS.normal(size=3)
            moved = place + way / np.linalg.norm(way) * told_m * DRAWS.uniform(0.0, 1.0 - 1e-9)
            assert not in_mask(site, *place)
            assert not in_mask(site, *moved)
    assert outside > 1000


def test_a_point_outside_by_its_range_alone_enters_when_it_comes_so_near():
    site = opendome.load("golden-dome").realise(0).suite.radars[0].site()
    slope = 0.5 * (site.sin_elevation_min + site.sin_elevation_max)
    turn = site.azimuth_from_rad + 0.5 * site.azimuth_width_rad
    up = np.array([site.up_x, site.up_y, site.up_z])
    north = np.array([site.north_x, site.north_y, site.north_z])
    level = math.cos(turn) * north + math.sin(turn) * np.cross(north, up)
    way = math.sqrt(1.0 - slope * slope) * level + slope * up
    place = np.array([site.x, site.y, site.z]) + (site.range_max_m + 5e4) * way
    assert math.isclose(outside_by(site, *place), 5e4, rel_tol=1e-6)
    assert in_mask(site, *(place - (5e4 + 1.0) * way))


def test_no_object_gets_higher_or_farther_in_a_step_than_told():
    real = opendome.load("golden-dome").realise(0)
    raid = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)
    flight = flight_of(raid)
    high_m, stride_m = bounds_of(flight.pos_eci_m, flight.samples, flight.step_s)
    ecef_m = rotate_samples(flight, real.era_epoch_rad)
    for obj, samples in enumerate(flight.samples):
        strides_m = np.linalg.norm(np.diff(ecef_m[obj, :samples], axis=0), axis=1)
        assert strides_m.max() <= stride_m[obj] <= 1.2 * strides_m.max()
        assert np.linalg.norm(ecef_m[obj, :samples], axis=1).max() <= high_m[obj]
