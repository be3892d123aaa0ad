import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import MU_M3_S2
from opendome.tracking import reference
from opendome.tracking.kernels import predict, predict_far, start, update
from opendome.verification.tracking_scenes import AFTER_BURNOUT, radar, two_satellites, watch

FAR_AWAY_M = 1e15  # gravity gradient below 1e-30 / s2


def random_covariance(rng, scale):
    root = rng.normal(size=(6, 6)) * scale
    return np.ascontiguousarray(root @ root.T + np.diag(scale**2) * 1e-3)


def upper(j):
    return j[0, 0], j[0, 1], j[0, 2], j[1, 1], j[1, 2], j[2, 2]


def scaled_difference(got, wanted):
    """Largest difference in units of the sigmas of the wanted covariance."""
    sigma = np.sqrt(np.diagonal(wanted))
    return np.max(np.abs(got - wanted) / np.outer(sigma, sigma))


def transition_of(step):
    """Matrix F of a linear covariance step, column by column from rank-one covariances."""
    f = np.zeros((6, 6))
    for k in range(6):
        cov = np.zeros((6, 6))
        cov[k, k] = 1.0
        step(cov)
        f[:, k] = cov[:, k] / np.sqrt(cov[k, k])
    return f


def transition_error(got, wanted, dt_s):
    """Largest difference with positions and speeds compared over the step."""
    size = np.repeat([1.0, 1.0 / dt_s], 3)
    return np.max(np.abs(got - wanted) * size[None, :] / size[:, None])


def test_start_is_the_prior():
    cov = np.full((6, 6), np.nan)
    start(cov, 3.0, 2.0)
    assert np.array_equal(cov, np.diag([9.0, 9.0, 9.0, 4.0, 4.0, 4.0]))


def test_predict_is_the_documented_matrix():
    dt, psd = 7.0, 2.5
    pos = np.array([6.9e6, -1.1e6, 2.3e6])
    r = np.linalg.norm(pos)
    g = MU_M3_S2 / r**3 * (3.0 * np.outer(pos, pos) / r**2 - np.eye(3))
    eye = np.eye(3)
    f = np.block([[eye + g * dt**2 / 2, eye * dt + g * dt**3 / 4], [g * dt, eye + g * dt**2 / 2]])
    before = random_covariance(np.random.default_rng(1), np.repeat([1e3, 10.0], 3))
    cov = before.copy()
    predict(cov, dt, *pos, psd)
    wanted = f @ before @ f.T + reference.acceleration_noise(dt, psd)
    assert scaled_difference(cov, wanted) < 1e-13


def test_predict_gives_the_constant_velocity_fixture():
    """Stone Soup, predictor/tests/test_kalman.py: q 0.1, 2 s; by hand F P F' + Q."""
    cov = np.zeros((6, 6))
    cov[0, 0], cov[0, 3], cov[3, 0], cov[3, 3] = 4.1123, 0.0013, 0.0013, 0.0365
    predict(cov, 2.0, 0.0, FAR_AWAY_M, 0.0, 0.1)
    assert cov[0, 0] == pytest.approx(4.1123 + 4 * 0.0013 + 4 * 0.0365 + 0.8 / 3, rel=1e-14)
    assert cov[0, 3] == pytest.approx(0.0013 + 2 * 0.0365 + 0.2, rel=1e-14)
    assert cov[3, 3] == pytest.approx(0.0365 + 0.2, rel=1e-14)


@pytest.mark.parametrize(
    ("dt_s", "tolerance"), [(1.0, 1e-6), (5.0, 1e-5), (20.0, 2e-4), (60.0, 1e-3)]
)
def test_one_step_against_the_exact_transition(dt_s, tolerance):
    middle = reference.free_fall(AFTER_BURNOUT, 0.5 * dt_s)
    got = transition_of(lambda cov: predict(cov, dt_s, *middle[:3], 0.0))
    wanted = reference.transition(AFTER_BURNOUT, dt_s)
    assert transition_error(got, wanted, dt_s) < tolerance


@pytest.mark.parametrize("dt_s", [5.0, 60.0, 200.0, 600.0, 1200.0])
@pytest.mark.parametrize(("step_s", "tolerance"), [(30.0, 5e-3), (60.0, 1e-2), (120.0, 4e-2)])
def test_far_prediction_against_the_exact_transition(dt_s, step_s, tolerance):
    out = np.zeros((6, 6))

    def step(cov):
        predict_far(cov, out, dt_s, *AFTER_BURNOUT, 0.0, step_s)
        cov[:] = out

    wanted = reference.transition(AFTER_BURNOUT, dt_s)
    assert transition_error(transition_of(step), wanted, dt_s) < tolerance


def test_far_prediction_converges_as_the_square_of_the_step():
    wanted = reference.transition(AFTER_BURNOUT, 600.0)
    out = np.zeros((6, 6))
    errors = []
    for step_s in (100.0, 50.0):

        def step(cov, step_s=step_s):
            predict_far(cov, out, 600.0, *AFTER_BURNOUT, 0.0, step_s)
            cov[:] = out

        errors.append(transition_error(transition_of(step), wanted, 600.0))
    assert 2.5 < errors[0] / errors[1] < 4.5


def test_without_the_gravity_gradient_the_far_check_fails():
    """Negative control: straight lines are caught."""
    straight = np.block([[np.eye(3), 600.0 * np.eye(3)], [np.zeros((3, 3)), np.eye(3)]])
    wanted = reference.transition(AFTER_BURNOUT, 600.0)
    assert transition_error(straight, wanted, 600.0) > 0.1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_update_is_the_sum_of_information(seed, rank):
    rng = np.random.default_rng([seed, rank])
    before = random_covariance(rng, np.repeat([1e3, 10.0], 3))
    root = rng.normal(size=(3, rank)) * 0.02
    j = root @ root.T
    cov = before.copy()
    update(cov, *upper(j))
    full = np.zeros((6, 6))
    full[:3, :3] = j
    wanted = np.linalg.inv(np.linalg.inv(before) + full)
    assert scaled_difference(cov, wanted) < 1e-9
    assert np.array_equal(cov, cov.T)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_update_knows_its_axes(axis):
    j = np.zeros((3, 3))
    j[axis, axis] = 1.0
    cov = np.diag([4.0, 9.0, 25.0, 1.0, 1.0, 1.0])
    wanted = cov.copy()
    wanted[axis, axis] /= 1.0 + wanted[axis, axis]
    update(cov, *upper(j))
    assert np.allclose(cov, wanted, rtol=1e-14)


def test_update_ignores_rounding_in_a_direction_without_information():
    line = np.array([0.6, 0.0, 0.8])
    j = (np.eye(3) - np.outer(line, line)) / 100.0**2
    cov = np.zeros((6, 6))
    start(cov, 1e6, 1e4)
    update(cov, *upper(j))
    assert line @ cov[:3, :3] @ line == pytest.approx(1e12, rel=1e-6)
    assert cov[1, 1] == pytest.approx(1e4, rel=1e-6)


def test_no_information_changes_nothing():
    before = random_covariance(np.random.default_rng(2), np.repeat([1e3, 10.0], 3))
    for tiny in (0.0, 5e-324, 1e-300, 1e-31):
        cov = before.copy()
        update(cov, tiny, 0.0, 0.0, tiny, 0.0, tiny)
        assert np.array_equal(cov, before)


def test_a_nan_in_the_information_shows():
    cov = np.eye(6)
    update(cov, np.nan, 0.0, 0.0, 1.0, 0.0, 1.0)
    assert np.isnan(cov).any()


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.0, 1.0))
def test_order_and_bundling_of_sensors_do_not_matter(seed, share):
    rng = np.random.default_rng(seed)
    before = random_covariance(rng, np.repeat([1e3, 10.0], 3))
    root = rng.normal(size=(3, 2)) * 0.01
    one, two = share * np.outer(root[:, 0], root[:, 0]), np.outer(root[:, 1], root[:, 1])
    covs = [before.copy() for _ in range(3)]
    update(covs[0], *upper(one))
    update(covs[0], *upper(two))
    update(covs[1], *upper(two))
    update(covs[1], *upper(one))
    update(covs[2], *upper(one + two))
    assert scaled_difference(covs[1], covs[0]) < 1e-9
    assert scaled_difference(covs[2], covs[0]) < 1e-9


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), psd=st.floats(0.0, 100.0), dt=st.floats(0.0, 60.0))
def test_knowledge_helps_and_ignorance_hurts(seed, psd, dt):
    rng = np.random.default_rng(seed)
    before = random_covariance(rng, np.repeat([1e3, 10.0], 3))
    root = rng.normal(size=(3, 3)) * 0.01
    after = before.copy()
    update(after, *upper(root @ root.T))
    assert np.all(np.diagonal(after) <= np.diagonal(before))
    calm, shaken = before.copy(), before.copy()
    predict(calm, dt, 7e6, 1e6, 2e6, 0.0)
    predict(shaken, dt, 7e6, 1e6, 2e6, psd)
    assert np.all(np.diagonal(shaken) >= np.diagonal(calm))


@pytest.mark.parametrize("name", ["radar", "two satellites", "both"])
def test_a_whole_flight_equals_the_textbook_filter(name):
    """1200 steps: radar with range and angles, stacked angles-only sensors, explicit R."""
    step_s = 1.0
    t_s = step_s * np.arange(1200)
    sensors = {
        "radar": [radar(t_s)],
        "two satellites": two_satellites(t_s),
        "both": [radar(t_s), *two_satellites(t_s)],
    }[name]
    scene = watch(sensors, step_s)
    got, wanted = reference.expected_covariance(scene), reference.textbook_covariance(scene)
    assert max(map(scaled_difference, got, wanted)) < 1e-5
    assert np.array_equal(got, np.swapaxes(got, 1, 2))
    assert np.linalg.eigvalsh(got).min() > 0.0


def test_stays_positive_from_a_very_weak_prior():
    """A thousand kilometres against one metre, 3000 steps, one direction at a time."""
    rng = np.random.default_rng(5)
    cov = np.zeros((6, 6))
    start(cov, 1e6, 1e4)
    state = AFTER_BURNOUT
    for _ in range(3000):
        predict(cov, 0.5, *state[:3], 1e-4)
        direction = rng.normal(size=3)
        direction /= np.linalg.norm(direction)
        update(cov, *upper(np.outer(direction, direction)))
        scale = np.sqrt(np.diagonal(cov))
        assert np.linalg.eigvalsh(cov / np.outer(scale, scale)).min() > 0.0
