"""Frames: turning back and forth, local axes, velocities over the ground."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import (
    earth_angle_rad,
    ecef_from_eci,
    eci_from_ecef,
    enu_axes,
    rotate_z,
    velocity_eci_from_ground,
)

ANGLES = st.floats(-1000.0, 1000.0)
LENGTHS = st.floats(-5e7, 5e7)


@given(LENGTHS, LENGTHS, LENGTHS, ANGLES)
def test_there_and_back(x, y, z, angle):
    back = eci_from_ecef(ecef_from_eci([x, y, z], angle), angle)
    assert np.abs(back - [x, y, z]).max() <= 1e-6


def test_the_earth_turns_east():
    """A quarter turn later, what was above longitude 0 is above longitude -90 degrees."""
    turned = ecef_from_eci([7e6, 0.0, 1e6], math.pi / 2)
    assert turned == pytest.approx([0.0, -7e6, 1e6], abs=1e-6)


def test_scalar_and_array_turn_alike():
    rng = np.random.default_rng(1)
    vectors, angles = rng.normal(size=(50, 3)), rng.uniform(-9, 9, 50)
    one_by_one = [rotate_z(*v, a) for v, a in zip(vectors, angles, strict=True)]
    assert ecef_from_eci(vectors, angles) == pytest.approx(np.array(one_by_one), abs=1e-15)


def test_shapes_broadcast():
    assert ecef_from_eci(np.ones((4, 5, 3)), np.zeros(5)).shape == (4, 5, 3)
    assert ecef_from_eci(np.ones(3), np.zeros(7)).shape == (7, 3)
    assert enu_axes(np.zeros((2, 1)), np.zeros(3)).shape == (2, 3, 3, 3)


def test_angle_grows_with_time():
    assert earth_angle_rad(0.5, [0.0, 3600.0]) == pytest.approx([0.5, 0.5 + 3600 * ROTATION_RAD_S])


@given(st.floats(-math.pi / 2, math.pi / 2), st.floats(-math.pi, math.pi))
def test_axes_are_a_right_handed_frame(lat, lon):
    east, north, up = axes = enu_axes(lat, lon)
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-14)
    assert np.cross(east, north) == pytest.approx(up, abs=1e-14)


def test_axes_point_where_they_say():
    """A little further east, north and up, by differences of positions."""
    lat, lon, alt, step = 0.6, -2.1, 12e3, 1e-6
    here = ecef_from_geodetic(lat, lon, alt)
    there = [
        ecef_from_geodetic(lat, lon + step, alt),
        ecef_from_geodetic(lat + step, lon, alt),
        ecef_from_geodetic(lat, lon, alt + 1.0),
    ]
    directions = np.array([(t - here) / np.linalg.norm(t - here) for t in there])
    assert directions == pytest.approx(enu_axes(lat, lon), abs=1e-5)


def test_a_body_at_rest_on_the_ground_moves_with_it():
    pos = eci_from_ecef(ecef_from_geodetic(0.7, 0.3), [0.0, ROTATION_RAD_S * 1e-3])
    speed = (pos[1] - pos[0]) / 1e-3
    assert velocity_eci_from_ground(pos[0], [0.0, 0.0, 0.0]) == pytest.approx(speed, abs=1e-3)
    assert velocity_eci_from_ground(pos, np.ones(3)).shape == (2, 3)
