"""Walker patterns and the fast orbit kernels against plain formulas."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.errors import OpendomeError
from opendome.world.constellations import (
    BLOCK,
    NEAR_CIRCULAR,
    TABLE_ROWS,
    Walker,
    fill_axes,
    fill_positions,
    join_elements,
    near_circular_anomaly,
    orbit_table,
    positions_eci,
    satellite_state,
    states_eci,
)
from opendome.world.elements import state_from_elements
from opendome.world.kepler import Elements, eccentric_anomaly_kernel, secular_rates

PATTERN = Walker(
    kind="delta",
    satellites=24,
    planes=6,
    phasing=2,
    altitude_m=1.2e6,
    inclination_rad=math.radians(55.0),
    raan0_rad=0.3,
)


def random_elements(count, seed, e_max=0.09):
    rng = np.random.default_rng(seed)
    return Elements(
        semi_major_axis_m=rng.uniform(6.7e6, 4.3e7, count),
        eccentricity=rng.uniform(0.0, e_max, count),
        inclination_rad=rng.uniform(0.0, math.pi, count),
        raan_rad=rng.uniform(-7.0, 7.0, count),
        argument_of_perigee_rad=rng.uniform(-7.0, 7.0, count),
        mean_anomaly_rad=rng.uniform(-7.0, 7.0, count),
    )


def plain_positions(elements, t_s):
    """The same motion, one satellite at a time, by the textbook route."""
    moved = []
    for row in elements.rows().T:
        motion, node, perigee = secular_rates(*row[:3])
        moved.append([*row[:3], row[3] + node * t_s, row[4] + perigee * t_s, row[5] + motion * t_s])
    return state_from_elements(Elements.from_rows(np.array(moved).T))[0]


def test_a_delta_pattern_is_laid_out_as_walker_says():
    elements = PATTERN.elements()
    assert elements.satellites == 24
    assert_allclose(elements.semi_major_axis_m, RADIUS_EQUATOR_M + 1.2e6)
    nodes = elements.raan_rad.reshape(6, 4)
    assert_allclose(nodes[:, 0], 0.3 + np.arange(6) * math.radians(60.0))
    assert_allclose(np.ptp(nodes, axis=1), 0.0)
    phases = np.degrees(elements.mean_anomaly_rad.reshape(6, 4))
    assert_allclose(np.diff(phases, axis=1), 90.0)
    assert_allclose(np.diff(phases[:, 0]), 2 * 360.0 / 24)


def test_a_star_pattern_spreads_its_nodes_over_half_a_turn():
    star = Walker(
        kind="star", satellites=12, planes=4, phasing=1, altitude_m=5e5, inclination_rad=1.5
    )
    assert_allclose(star.elements().raan_rad[::3], np.arange(4) * math.pi / 4)


@pytest.mark.parametrize(
    "change",
    [
        {"satellites": 25},
        {"satellites": 0},
        {"planes": 0},
        {"phasing": 6},
        {"phasing": -1},
        {"phasing": math.nan},
        {"altitude_m": -1.0},
        {"altitude_m": math.nan},
        {"inclination_rad": 3.5},
        {"raan0_rad": math.inf},
    ],
)
def test_impossible_patterns_are_refused(change):
    from dataclasses import replace

    with pytest.raises(OpendomeError) as caught:
        positions_eci(replace(PATTERN, **change).elements(), 0.0)
    assert caught.value.got
    assert caught.value.do


@pytest.mark.parametrize("t_s", [0.0, -4000.0, 86_400.0])
def test_fast_positions_equal_the_textbook_route(t_s):
    elements = random_elements(3 * BLOCK + 17, seed=4)
    assert_allclose(positions_eci(elements, t_s), plain_positions(elements, t_s), rtol=0, atol=1e-5)


def test_eccentric_orbits_take_the_general_road():
    elements = random_elements(300, seed=5, e_max=0.95)
    assert (elements.eccentricity > NEAR_CIRCULAR).any()
    expected = plain_positions(elements, 5000.0)
    assert_allclose(positions_eci(elements, 5000.0), expected, rtol=0, atol=1e-5)
    axes = np.empty((3, 300))
    fill_axes(orbit_table(elements), 5000.0, axes)
    assert_allclose(axes.T, expected, rtol=0, atol=1e-5)


def test_without_the_secular_rates_the_comparison_fails():
    elements = random_elements(50, seed=4)
    table = orbit_table(elements)
    table[6] = 0.0
    pos = np.empty((50, 1, 3))
    fill_positions(table, np.array([86_400.0]), pos)
    assert np.abs(pos[:, 0] - plain_positions(elements, 86_400.0)).max() > 1e3


def test_velocity_is_the_derivative_of_position():
    elements = random_elements(300, seed=6, e_max=0.9)
    step = 0.5
    pos, vel = states_eci(elements, [1000.0 - step, 1000.0, 1000.0 + step])
    slope = (pos[:, 2] - pos[:, 0]) / (2 * step)
    # what is left is the third derivative of the motion, at most n^2 v h^2 / 6 at perigee
    motion = np.linalg.norm(vel[:, 1], axis=1) / np.linalg.norm(pos[:, 1], axis=1)
    bound = motion**2 * np.linalg.norm(vel[:, 1], axis=1) * step**2 + 1e-6
    assert (np.linalg.norm(slope - vel[:, 1], axis=1) < bound).all()


def test_states_agree_with_positions_and_with_the_scalar_kernel():
    elements = random_elements(40, seed=7, e_max=0.5)
    pos, vel = states_eci(elements, 777.0)
    assert_allclose(pos, positions_eci(elements, 777.0), rtol=0, atol=1e-6)
    table = orbit_table(elements)
    for i in range(40):
        state = satellite_state(table, i, 777.0)
        assert_allclose(pos[i], state[:3], rtol=0, atol=1e-6)
        assert_allclose(vel[i], state[3:], rtol=0, atol=1e-9)


def test_a_batch_of_one_equals_the_batch_and_moments_are_independent():
    elements = random_elements(BLOCK + 3, seed=8)
    times = np.array([0.0, 10.0, 5000.0])
    every = positions_eci(elements, times)
    assert every.shape == (BLOCK + 3, 3, 3)
    for i in (0, BLOCK - 1, BLOCK, BLOCK + 2):
        one = Elements.from_rows(elements.rows()[:, i : i + 1])
        for k, t_s in enumerate(times):
            assert (positions_eci(one, t_s)[0] == every[i, k]).all()


def test_the_callers_buffer_is_filled():
    elements = PATTERN.elements()
    buffer = np.zeros((24, 3))
    answer = positions_eci(elements, 60.0, out=buffer)
    assert answer is buffer
    assert (buffer == positions_eci(elements, 60.0)).all()
    assert orbit_table(elements).shape == (TABLE_ROWS, 24)


@pytest.mark.parametrize(
    "buffer", [np.zeros((3, 24)).T, np.zeros((24, 4)), np.zeros((24, 3), "f4")]
)
def test_a_buffer_that_does_not_fit_is_refused(buffer):
    with pytest.raises(OpendomeError, match="buffer"):
        positions_eci(PATTERN.elements(), 60.0, out=buffer)


@settings(deadline=None, max_examples=300)
@given(st.floats(-7.0, 7.0), st.floats(0.0, NEAR_CIRCULAR))
def test_three_steps_solve_keplers_equation(mean, e):
    s, c = near_circular_anomaly(math.sin(mean), math.cos(mean), e)
    anomaly = eccentric_anomaly_kernel(mean, e)
    assert abs(s - math.sin(anomaly)) < 3e-15
    assert abs(c - math.cos(anomaly)) < 3e-15


def test_beyond_the_limit_three_steps_would_not_do():
    s, _ = near_circular_anomaly(math.sin(1.0), math.cos(1.0), 0.6)
    assert abs(s - math.sin(eccentric_anomaly_kernel(1.0, 0.6))) > 1e-9


def test_sets_are_joined_in_order():
    first, second = PATTERN.elements(), random_elements(5, seed=9)
    joined = join_elements(first, second)
    assert joined.satellites == 29
    assert (positions_eci(joined, 9.0)[24:] == positions_eci(second, 9.0)).all()


def test_nobody_at_all():
    empty = Elements.from_rows(np.empty((6, 0)))
    assert positions_eci(empty, 0.0).shape == (0, 3)
    assert states_eci(empty, [0.0, 1.0])[1].shape == (0, 2, 3)
