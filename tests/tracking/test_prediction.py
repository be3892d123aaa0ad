import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S
from opendome.tracking import reference
from opendome.tracking.kernels import (
    impact_sigmas,
    impact_uncertainty,
    predict,
    predict_far,
    predicted_position_sigma,
    principal_sigmas,
)
from opendome.verification.tracking_scenes import AFTER_BURNOUT
from opendome.world.gravity import gravity_j2


def test_far_prediction_returns_the_state_and_keeps_the_input():
    cov = np.diag([1e4, 1e4, 1e4, 1.0, 1.0, 1.0])
    before, out = cov.copy(), np.zeros((6, 6))
    state = predict_far(cov, out, 300.0, *AFTER_BURNOUT, 0.1, 10.0)
    wanted = solve_ivp(
        lambda _, s: np.concatenate([s[3:], gravity_j2(*s[:3])]),
        (0.0, 300.0),
        AFTER_BURNOUT,
        method="DOP853",
        rtol=1e-12,
    ).y[:, -1]
    assert np.allclose(state[:3], wanted[:3], rtol=0.0, atol=50.0)
    assert np.allclose(state[3:], wanted[3:], rtol=0.0, atol=0.2)
    assert np.array_equal(cov, before)
    assert np.trace(out) > np.trace(cov)


def test_no_time_ahead_is_a_copy():
    cov, out = np.eye(6), np.zeros((6, 6))
    assert predict_far(cov, out, 0.0, *AFTER_BURNOUT, 0.1, 10.0) == tuple(AFTER_BURNOUT)
    assert np.array_equal(out, cov)


@pytest.mark.parametrize("seed", range(8))
def test_principal_sigmas_are_eigenvalues(seed):
    root = np.random.default_rng(seed).normal(size=(3, 3)) * np.array([[1.0], [30.0], [200.0]])
    cov = root @ root.T
    wanted = np.sqrt(np.linalg.eigvalsh(cov))[::-1]
    assert principal_sigmas(cov) == pytest.approx(tuple(wanted), rel=1e-6)
    assert principal_sigmas(np.eye(3) * 4.0) == (2.0, 2.0, 2.0)


def test_predicted_sigma_is_predict_and_eigenvalues():
    cov = np.diag([1e4, 4e4, 9e4, 1.0, 4.0, 9.0])
    before, scratch, wanted = cov.copy(), np.zeros((6, 6)), cov.copy()
    got = predicted_position_sigma(cov, 10.0, *AFTER_BURNOUT[:3], 0.5, scratch)
    predict(wanted, 10.0, *AFTER_BURNOUT[:3], 0.5)
    assert np.array_equal(cov, before)
    assert np.array_equal(scratch, wanted)
    assert got == principal_sigmas(wanted)


def falls_on_the_ground(near, radius_m):
    """Seconds until each state, near the ground, crosses a sphere, and the place: Newton."""
    pos, vel = near[:, :3], near[:, 3:]
    pull = -MU_M3_S2 * pos / np.linalg.norm(pos, axis=1, keepdims=True) ** 3
    t_s = np.zeros(len(near))
    for _ in range(6):
        place = pos + vel * t_s[:, None] + 0.5 * pull * t_s[:, None] ** 2
        r = np.linalg.norm(place, axis=1)
        climb = np.einsum("ij,ij->i", place, vel + pull * t_s[:, None]) / r
        t_s = t_s - (r - radius_m) / climb
    return t_s, place


def test_impact_sigmas_against_random_falls():
    """6000 falls: a standard error of 0.9 %; tolerance 4 of them and 1 % of curvature."""
    rng = np.random.default_rng(11)
    root = rng.normal(size=(6, 6)) * np.repeat([400.0, 0.4], 3)[:, None]
    cov = root @ root.T
    dt_s = 1260.0
    nominal = reference.free_fall(AFTER_BURNOUT, dt_s)
    radius_m = float(np.linalg.norm(nominal[:3]))
    starts = AFTER_BURNOUT + rng.normal(size=(6000, 6)) @ root.T
    t_s, there = falls_on_the_ground(reference.free_fall(starts, dt_s), radius_m)
    turn = -ROTATION_RAD_S * t_s  # onto the ground as it lies at the nominal impact
    x, y = there[:, 0], there[:, 1]
    ground = np.stack(
        [np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y, there[:, 2]],
        axis=-1,
    )
    wanted = np.sqrt(np.linalg.eigvalsh(np.cov((ground - nominal[:3]).T))[1:])[::-1]
    scratch = np.zeros((6, 6))
    got = impact_uncertainty(cov, dt_s, *AFTER_BURNOUT, 0.0, 20.0, scratch)
    assert got == pytest.approx(tuple(wanted), rel=4 * 0.009 + 0.01)
    # negative control: the position error at the nominal time, not slid onto the ground
    assert abs(principal_sigmas(scratch)[0] / wanted[0] - 1.0) > 0.1


def test_a_steep_fall_keeps_the_horizontal_error():
    cov = np.diag([100.0, 9.0, 4.0, 0.0, 0.0, 0.0])
    drift = ROTATION_RAD_S * 6.4e6  # moves with the ground, so the fall is vertical
    assert impact_sigmas(cov, 6.4e6, 0.0, 0.0, -500.0, drift, 0.0) == pytest.approx((3.0, 2.0))


def test_a_shallow_fall_stretches_the_height_error():
    cov = np.diag([100.0, 1e-6, 1e-6, 0.0, 0.0, 0.0])
    vy = 5000.0 + ROTATION_RAD_S * 6.4e6
    large, _ = impact_sigmas(cov, 6.4e6, 0.0, 0.0, -500.0, vy, 0.0)
    assert large == pytest.approx(10.0 * 5000.0 / 500.0, rel=1e-6)


def test_what_does_not_fall_has_no_impact():
    assert all(map(math.isnan, impact_sigmas(np.eye(3), 7e6, 0.0, 0.0, 100.0, 7e3, 0.0)))
