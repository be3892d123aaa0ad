"""Two-body motion: conservation, closure, an independent integrator, the J2 rates."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from opendome.quantities.constants import J2, MU_M3_S2, RADIUS_EQUATOR_M
from opendome.quantities.errors import OpendomeError
from opendome.world.elements import elements_from_state, propagate, state_from_elements
from opendome.world.kepler import (
    Elements,
    KeplerStatus,
    eccentric_anomaly_kernel,
    propagate_kernel,
    secular_rates,
    stumpff,
)

DAY_S = 86_400.0


def random_states(count, seed, e_max):
    """States at random places of conics with perigees between 6,500 and 20,000 km."""
    rng = np.random.default_rng(seed)
    up = rng.normal(size=(count, 3))
    up /= np.linalg.norm(up, axis=1)[:, None]
    ahead = np.cross(up, rng.normal(size=(count, 3)))
    ahead /= np.linalg.norm(ahead, axis=1)[:, None]
    perigee = rng.uniform(6.5e6, 2e7, count)
    e = rng.uniform(0.0, e_max, count)
    pos = up * perigee[:, None]
    vel = ahead * np.sqrt(MU_M3_S2 * (1.0 + e) / perigee)[:, None]
    pos, vel, status = propagate(pos, vel, rng.uniform(-6000.0, 6000.0, count))
    assert not status.any()
    return pos, vel


def energy(pos, vel):
    return 0.5 * (vel**2).sum(-1) - MU_M3_S2 / np.linalg.norm(pos, axis=-1)


def integrate(pos, vel, duration_s):
    def slope(_, y):
        return np.concatenate([y[3:], -MU_M3_S2 * y[:3] / np.linalg.norm(y[:3]) ** 3])

    run = solve_ivp(
        slope, (0.0, duration_s), np.concatenate([pos, vel]), method="DOP853", rtol=1e-13, atol=1e-6
    )
    return run.y[:3, -1], run.y[3:, -1]


def test_energy_and_momentum_are_kept_over_a_day():
    pos, vel = random_states(10_000, 1, e_max=2.0)
    pos2, vel2, status = propagate(pos, vel, DAY_S)
    assert not status.any()
    scale = MU_M3_S2 / np.linalg.norm(pos, axis=1)
    assert (np.abs(energy(pos2, vel2) - energy(pos, vel)) / scale).max() < 1e-11
    before, after = np.cross(pos, vel), np.cross(pos2, vel2)
    drift = np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1)
    assert drift.max() < 1e-10


def test_there_and_back_closes_within_a_millimetre():
    pos, vel = random_states(10_000, 2, e_max=0.95)
    pos2, vel2, _ = propagate(pos, vel, DAY_S)
    pos3, _, _ = propagate(pos2, vel2, -DAY_S)
    assert np.linalg.norm(pos3 - pos, axis=1).max() < 1e-3


@settings(deadline=None, max_examples=200)
@given(
    st.integers(0, 9999),
    st.floats(-20_000.0, 20_000.0),
    st.floats(-20_000.0, 20_000.0),
)
def test_two_legs_equal_one(index, first_s, second_s):
    pos, vel = STATES[0][index : index + 1], STATES[1][index : index + 1]
    halfway = propagate(pos, vel, first_s)
    two = propagate(halfway[0], halfway[1], second_s)
    one = propagate(pos, vel, first_s + second_s)
    assert_allclose(two[0], one[0], rtol=0, atol=1e-9 * np.linalg.norm(one[0]))
    assert_allclose(two[1], one[1], rtol=0, atol=1e-9 * np.linalg.norm(one[1]))


STATES = random_states(10_000, 3, e_max=1.6)


@pytest.mark.parametrize("e", [0.0, 0.3, 0.9, 0.999, 0.9999, 1.0, 1.0001, 1.5, 5.0])
def test_against_an_independent_integrator(e):
    perigee = 6.7e6
    pos = np.array([0.36, 0.48, 0.8]) * perigee
    vel = np.array([0.8, -0.6, 0.0]) * math.sqrt(MU_M3_S2 * (1.0 + e) / perigee)
    for duration in (-3000.0, 500.0, 20_000.0):
        ours = propagate(pos, vel, duration)
        theirs = integrate(pos, vel, duration)
        assert_allclose(ours[0][0], theirs[0], rtol=0, atol=1e-9 * np.linalg.norm(theirs[0]))
        assert_allclose(ours[1][0], theirs[1], rtol=0, atol=1e-9 * np.linalg.norm(theirs[1]))


def test_the_comparison_would_catch_a_gravity_error():
    pos, vel = np.array([6.7e6, 0.0, 0.0]), np.array([0.0, 7.6e3, 1.0e3])
    wrong = propagate(pos, vel, 20_000.0, mu_m3_s2=MU_M3_S2 * (1.0 + 1e-8))[0][0]
    theirs = integrate(pos, vel, 20_000.0)[0]
    assert np.linalg.norm(wrong - theirs) > 1e-9 * np.linalg.norm(theirs)


@pytest.mark.parametrize("e", [0.0, 1e-8, 0.1, 0.7, 0.99, 0.9999])
def test_keplers_equation_is_solved_to_1e_12(e):
    for mean in np.concatenate([np.linspace(-9.0, 9.0, 400), [0.0, 1e-12, 1e-6, math.pi]]):
        anomaly = eccentric_anomaly_kernel(mean, e)
        assert abs(anomaly - e * math.sin(anomaly) - mean) < 1e-12


def test_keplers_equation_refuses_open_orbits():
    assert math.isnan(eccentric_anomaly_kernel(1.0, 1.0))
    assert math.isnan(eccentric_anomaly_kernel(math.nan, 0.5))


def test_stumpff_functions_join_smoothly():
    for z in (1.0, -1.0):
        below, above = stumpff(z * (1 - 1e-13)), stumpff(z * (1 + 1e-13))
        assert_allclose(below, above, rtol=2e-13)
    assert stumpff(0.0) == (0.5, 1.0 / 6.0)


@pytest.mark.parametrize(
    ("state", "duration"),
    [
        ((0.0, 0.0, 0.0, 1.0, 2.0, 3.0), 1.0),
        ((7e6, 0.0, 0.0, 1e3, 0.0, 0.0), 1.0),
        ((math.nan, 0.0, 0.0, 0.0, 7e3, 0.0), 1.0),
        ((math.inf, 0.0, 0.0, 0.0, 7e3, 0.0), 1.0),
        ((7e6, 0.0, 0.0, 0.0, 7e3, 0.0), math.nan),
        ((7e6, 0.0, 0.0, 0.0, 7e3, 0.0), math.inf),
    ],
)
def test_bad_states_give_a_code_and_no_number(state, duration):
    *answer, status = propagate_kernel(*state, duration, MU_M3_S2)
    assert status == KeplerStatus.BAD_STATE
    assert all(math.isnan(part) for part in answer)


@settings(deadline=None, max_examples=300)
@given(
    st.floats(6.6e6, 5e7),
    st.floats(1e-3, 0.95),
    st.floats(0.01, math.pi - 0.01),
    st.floats(0.0, 6.28),
    st.floats(0.0, 6.28),
    st.floats(0.0, 6.28),
)
def test_elements_to_state_and_back(axis, e, tilt, node, perigee, mean):
    given_rows = np.array([[axis], [e], [tilt], [node], [perigee], [mean]])
    pos, vel = state_from_elements(Elements.from_rows(given_rows))
    back, status = elements_from_state(pos, vel)
    assert not status.any()
    rows = back.rows()
    assert_allclose(rows[0], axis, rtol=1e-12)
    assert_allclose(rows[1], e, rtol=0, atol=1e-12)
    assert_allclose(rows[2], tilt, rtol=0, atol=1e-11)
    for row, angle in zip(rows[3:], (node, perigee, mean), strict=True):
        assert abs((row[0] - angle + math.pi) % (2 * math.pi) - math.pi) < 1e-9


def test_circular_and_equatorial_orbits_have_agreed_angles():
    speed = math.sqrt(MU_M3_S2 / 7e6)
    circular, _ = elements_from_state([[0.0, 7e6, 0.0]], [[-speed, 0.0, 0.0]])
    assert circular.raan_rad[0] == 0.0
    angle = circular.argument_of_perigee_rad + circular.mean_anomaly_rad
    assert_allclose(np.cos(angle), 0.0, atol=1e-8)
    hyperbola, status = elements_from_state([[7e6, 0.0, 0.0]], [[0.0, 2 * speed, 0.0]])
    assert status[0] == KeplerStatus.NOT_AN_ELLIPSE
    assert np.isnan(hyperbola.rows()).all()


@pytest.mark.parametrize(("row", "value"), [(0, -7e6), (1, 1.0), (1, -0.1), (2, math.nan)])
def test_impossible_elements_are_refused(row, value):
    rows = np.array([[7e6], [0.1], [0.5], [0.0], [0.0], [0.0]])
    rows[row] = value
    with pytest.raises(OpendomeError) as caught:
        Elements.from_rows(rows).validate()
    assert caught.value.do


def test_secular_rates_of_a_station_orbit():
    # closed form worked by hand: a 6,778.137 km, e 0.001, i 51.6 deg
    _, node, perigee = secular_rates(6_778_137.0, 0.001, math.radians(51.6))
    assert math.degrees(node) * DAY_S == pytest.approx(-5.0023, abs=1e-4)
    assert math.degrees(perigee) * DAY_S == pytest.approx(3.7413, abs=1e-4)


def test_secular_rates_against_numerical_integration():
    """Node, perigee and mean anomaly of an integrated J2 orbit, fitted by straight lines."""

    def slope(_, y):
        x, r = y[:3], np.linalg.norm(y[:3])
        k = 1.5 * J2 * MU_M3_S2 * RADIUS_EQUATOR_M**2 / r**5
        u = 5.0 * x[2] ** 2 / r**2
        pull = -MU_M3_S2 * x / r**3 + k * x * (u - np.array([1.0, 1.0, 3.0]))
        return np.concatenate([y[3:], pull])

    start = Elements.from_rows(np.array([[9.0e6], [0.2], [0.9], [0.3], [1.1], [0.4]]))
    pos, vel = state_from_elements(start)
    times = np.linspace(0.0, 3 * DAY_S, 3001)
    run = solve_ivp(
        slope, (0.0, times[-1]), np.concatenate([pos[0], vel[0]]), method="DOP853",
        rtol=1e-11, atol=1e-3, t_eval=times,
    )  # fmt: skip
    found = elements_from_state(run.y[:3].T, run.y[3:].T)[0]
    measured = [
        np.polyfit(times, np.unwrap(angle), 1)[0]
        for angle in (
            found.mean_anomaly_rad,
            found.raan_rad,
            found.argument_of_perigee_rad,
        )
    ]
    mean_axis = found.semi_major_axis_m.mean()
    motion, node, perigee = secular_rates(mean_axis, 0.2, 0.9)
    assert node == pytest.approx(measured[1], rel=5e-3)
    assert perigee == pytest.approx(measured[2], rel=2e-2)
    assert motion + perigee == pytest.approx(measured[0] + measured[2], rel=1e-4)
    # without the J2 part of the mean anomaly rate the last line would fail
    plain = math.sqrt(MU_M3_S2 / mean_axis**3)
    assert plain != pytest.approx(measured[0], rel=1e-5)
