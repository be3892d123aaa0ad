"""Gravity against the gradient of its potential, and against published figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.constants import J2, MU_M3_S2, RADIUS_EQUATOR_M, RADIUS_POLE_M
from opendome.world.gravity import gravity_j2, gravity_oblate, gravity_point

DIRECTIONS = st.tuples(*[st.floats(-1.0, 1.0)] * 3).filter(lambda d: np.linalg.norm(d) > 0.1)


def potential(x, y, z, j2=J2):
    r2 = x * x + y * y + z * z
    r = r2**0.5
    return MU_M3_S2 / r * (1 - j2 * RADIUS_EQUATOR_M**2 / r2 * (3 * z * z / r2 - 1) / 2)


def gradient(pos, j2=J2):
    """Derivative along a complex step: no cancellation."""
    step = 1e-20
    return [
        potential(*(p + (1j * step if i == k else 0) for k, p in enumerate(pos)), j2).imag / step
        for i in range(3)
    ]


@given(DIRECTIONS, st.floats(6.3e6, 5e7))
def test_acceleration_is_the_gradient_of_the_potential(direction, distance):
    pos = np.array(direction) / np.linalg.norm(direction) * distance
    scale = MU_M3_S2 / distance**2
    assert np.abs(np.array(gravity_j2(*pos)) - gradient(pos)).max() < 1e-14 * scale
    assert np.abs(np.array(gravity_point(*pos)) - gradient(pos, 0.0)).max() < 1e-14 * scale
    assert np.abs(np.array(gravity_point(*pos)) - gradient(pos)).max() > 1e-6 * scale


def test_nesc_gravitation_at_30000_ft_over_the_equator():
    """Authority: NESC check-case 1, first row: 32.1065359519 ft/s2 at 2.09556463255e7 ft."""
    ax, ay, az = gravity_j2(2.09556463255e7 * 0.3048, 0.0, 0.0)
    assert (-ax / 0.3048, ay, az) == pytest.approx((32.1065359519, 0.0, 0.0), abs=1e-9)


def test_poles_pull_harder():
    assert -gravity_j2(0.0, 0.0, RADIUS_POLE_M)[2] > -gravity_j2(RADIUS_EQUATOR_M, 0.0, 0.0)[0]


def test_any_body():
    pos = (5e6, -3e6, 4e6)
    assert gravity_oblate(*pos, MU_M3_S2, J2, RADIUS_EQUATOR_M) == gravity_j2(*pos)
    assert gravity_oblate(*pos, MU_M3_S2, 0.0, 1.0) == pytest.approx(gravity_point(*pos), rel=1e-14)
