"""Scans are passed over only while the Earth stands between (the looks: `test_look_at`)."""

import math

import numpy as np

import opendome
from opendome.sensing.infrared import eyes_of
from opendome.sensing.kernels.horizon import RADIUS_POLE_M, apart_for, sees_past, sight_angle
from opendome.sensing.kernels.infrared import fastest_turn
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
        told_s = apart_for(1e7, 0.0, 0.0, *place, limit, rate)
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
