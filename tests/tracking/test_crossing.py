"""Lines of sight that cross."""

import math

import numpy as np

from opendome.tracking.kernels.crossing import add_line, closest_approach, invert_3x3


def unit(v):
    return v / np.linalg.norm(v)


def test_lines_to_one_point_meet_there():
    luck = np.random.default_rng(1)
    for _ in range(50):
        x, y, point = luck.normal(size=(3, 3)) * 1e6
        s, t, miss, sine = closest_approach(x, unit(point - x), y, unit(point - y))
        assert abs(s - np.linalg.norm(point - x)) < 1e-3 / sine
        assert abs(t - np.linalg.norm(point - y)) < 1e-3 / sine
        assert miss < 1e-6


def test_distance_of_skew_lines():
    east, north = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    s, t, miss, sine = closest_approach(
        np.array([-3.0, 0.0, 0.0]), east, np.array([0.0, -4.0, 7.0]), north
    )
    assert (s, t, miss, sine) == (3.0, 4.0, 7.0, 1.0)


def test_parallel_lines_say_nothing():
    u = unit(np.array([1.0, 2.0, 3.0]))
    s, t, miss, _ = closest_approach(np.zeros(3), u, np.ones(3), u)
    assert math.isnan(s)
    assert math.isnan(t)
    assert math.isnan(miss)


def test_information_of_lines_and_its_inverse():
    u, w = unit(np.array([1.0, 0.2, 0.0])), unit(np.array([0.1, 1.0, 0.4]))
    total, out = np.zeros((3, 3)), np.empty((3, 3))
    add_line(total, u, 4.0)
    add_line(total, w, 9.0)
    eye = np.eye(3)
    wanted = (eye - np.outer(u, u)) / 4.0 + (eye - np.outer(w, w)) / 9.0
    assert np.allclose(total, wanted)
    invert_3x3(total, out)
    assert np.allclose(out, np.linalg.inv(wanted))
