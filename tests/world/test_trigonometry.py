"""The branch-free sine and cosine against the library's."""

import math

import numpy as np
import pytest

from opendome.compiled import kernel
from opendome.world.trigonometry import PI_HIGH, sine_cosine


@kernel
def fill(angles, sines, cosines):
    for i in range(angles.shape[0]):
        sines[i], cosines[i] = sine_cosine(angles[i])


def worst_error(angles):
    sines, cosines = np.empty_like(angles), np.empty_like(angles)
    fill(angles, sines, cosines)
    return max(
        np.abs(sines - np.sin(angles)).max(),
        np.abs(cosines - np.cos(angles)).max(),
    )


@pytest.mark.parametrize("span", [1.0, 1e3, 1e6])
def test_absolute_error_below_5e_16(span):
    rng = np.random.default_rng(3)
    assert worst_error(rng.uniform(-span, span, 200_000)) < 5e-16


def test_multiples_of_the_half_turn():
    quarters = np.arange(-4000, 4001) * (math.pi / 2)
    assert worst_error(quarters) < 5e-16


def test_reduction_with_one_part_of_pi_would_be_caught():
    angles = np.random.default_rng(3).uniform(-1e3, 1e3, 1000)
    turns = np.round(angles / math.pi)
    careless = np.sin(angles - turns * PI_HIGH) * np.where(turns % 2, -1, 1)
    assert np.abs(careless - np.sin(angles)).max() > 1e-9


@pytest.mark.parametrize("angle", [math.nan, math.inf, -math.inf])
def test_not_a_number_in_not_a_number_out(angle):
    assert all(math.isnan(part) for part in sine_cosine(angle))
