"""The bank of filters against its plain twin, and what must hold for any bank."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.tracking.bank import bank_rules
from opendome.tracking.filters_reference import PlainBank, advance, mean_force
from opendome.tracking.kernels import bank as kernels
from opendome.tracking.kernels.forces import MODEL_NAMES
from opendome.tracking.kernels.readings import Readings
from opendome.tracking.kernels.scene import note_guess
from opendome.tracking.readings import azimuth_range_readings, direction_readings, local_readings

AXES = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])[[1, 0, 2]]
# path -> model that really moves the object, place [m], velocity [m/s]
PATHS = {
    "fall": (kernels.COAST, [6.9e6, 3e5, -2e5], [-500.0, 6300.0, 900.0]),
    "dive": (kernels.REENTRY, [6.436e6, 1e5, -2e5], [-1800.0, 5800.0, 900.0]),
    "glide": (kernels.GLIDE, [6.416e6, 1e5, -2e5], [4.0, 5000.0, 250.0]),
    "level": (kernels.AIR, [6.385e6, 1e5, -2e5], [4.0, 700.0, 250.0]),
}
PRIOR = np.diag(np.square([900.0, 800.0, 700.0, 60.0, 50.0, 40.0]))


def joined(*parts):
    """Readings of several sets, in order of time."""
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return Readings(*(column[order] for column in columns))


def flight(path, t_s):
    """Positions of an object that a model of the bank moves by its mean force."""
    model, place, velocity = PATHS[path]
    rules, pos = bank_rules(), []
    state = np.array([*place, *velocity, 0.0, 0.0, 0.0])
    state[6:] = mean_force(rules, model, state[:3], state[3:6])[0]
    for h_s in np.diff(t_s, prepend=0.0):
        state, _ = advance(rules, model, state, float(h_s))
        pos.append(state[:3])
    return np.array(pos)


def readings_of(path, seed=0, steps=12, step_s=2.0):
    """A path seen by a radar, a camera, a radar without elevation and a local one."""
    luck = np.random.Generator(np.random.Philox(key=seed))
    t_s = np.arange(1, steps + 1) * step_s
    parts, flown = [], flight(path, t_s)
    for n, place in enumerate(([6.37e6, 4e5, 1e5], [7.3e6, -9e5, 4e5], [6.36e6, 5e5, -6e5])):
        at = np.tile(place, (steps, 1))
        d = flown + 0.1 * n * np.array(PATHS[path][2]) - at
        slant = np.linalg.norm(d, axis=1)
        aim = d / slant[:, None] + 2e-4 * luck.standard_normal(d.shape)
        far = slant + 50.0 * luck.standard_normal(steps)
        ranges = far if n == 0 else np.nan
        parts.append(
            direction_readings(
                t_s + 0.1 * n, at, aim, angle_sigma_rad=2e-4, range_m=ranges, range_sigma_m=50.0
            )
        )
        east, north, up = (d @ AXES.T).T
        azimuth = np.arctan2(east, north)
        axes = np.tile(AXES, (steps, 1, 1))
        if n == 1:
            sky = {"azimuth_rad": azimuth, "range_m": far}
            parts.append(
                azimuth_range_readings(
                    t_s + 0.15, at, axes, azimuth_sigma_rad=3e-3, range_sigma_m=300.0, **sky
                )
            )
        if n == 2:
            values = np.stack([azimuth, np.arcsin(up / slant), far], axis=1)
            sigma = np.tile([1e-3, 2e-3, 50.0], (steps, 1))
            parts.append(local_readings(t_s + 0.2, at, axes, values, sigma))
    return joined(*parts)


def begun(path, rules):
    """The same track in a bank and in its twin."""
    off = np.array([300.0, -200.0, 400.0, 20.0, 10.0, -15.0])
    state = np.concatenate(PATHS[path][1:]) + off
    bank = kernels.empty_bank(2)
    kernels.start_track(bank, rules, 1, 0.0, state, PRIOR)
    return bank, PlainBank.start(rules, 0.0, state, PRIOR)


def difference(bank, twin):
    """Largest difference in units of the sigmas, weights as they are."""
    worst = np.max(np.abs(bank.weight[1] - twin.weight))
    pairs = [((bank.mean[1, j], bank.cov[1, j]), twin.states[j]) for j in range(5)]
    pairs.append(((bank.fused_mean[1], bank.fused_cov[1]), twin.fused()))
    for (mean, cov), (plain_mean, plain_cov) in pairs:
        sigma = np.sqrt(np.maximum(np.diag(plain_cov), 1e-12))
        worst = max(worst, np.max(np.abs(mean - plain_mean) / sigma))
        worst = max(worst, np.max(np.abs(cov - plain_cov) / np.outer(sigma, sigma)))
    return worst


@pytest.mark.parametrize("unscented", [False, True])
@pytest.mark.parametrize("path", PATHS)
def test_the_bank_equals_its_plain_twin(path, unscented):
    rules, readings = bank_rules(unscented=unscented), readings_of(path)
    bank, twin = begun(path, rules)
    for k in range(len(readings.t_s)):
        kernels.predict_track(bank, rules, 1, readings.t_s[k])
        twin.predict(float(readings.t_s[k]))
        assert difference(bank, twin) < 1e-9
        got = kernels.update_track(bank, rules, readings, 1, k)
        assert got == pytest.approx(twin.take(readings, k), abs=1e-8)
        assert difference(bank, twin) < 1e-9
    assert bank.weight[1].sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("unscented", [False, True])
def test_a_mixed_update_equals_its_plain_twin(unscented):
    rules, readings = bank_rules(unscented=unscented), readings_of("dive")
    other = readings_of("dive", seed=1)
    both = Readings(*(np.concatenate(pair) for pair in zip(readings, other, strict=True)))
    bank, twin = begun("dive", rules)
    n = len(readings.t_s)
    for k in range(n):
        kernels.predict_track(bank, rules, 1, readings.t_s[k])
        twin.predict(float(readings.t_s[k]))
        kernels.update_track_mixed(
            bank, rules, both, 1, np.array([k, n + k]), np.array([0.55, 0.35])
        )
        twin.take_mixed(both, [k, n + k], [0.55, 0.35])
        assert difference(bank, twin) < 1e-9


def test_a_sure_pick_is_a_plain_update_and_none_changes_nothing():
    rules, readings = bank_rules(), readings_of("fall")
    sure, _ = begun("fall", rules)
    plain, _ = begun("fall", rules)
    kernels.update_track_mixed(sure, rules, readings, 1, np.array([0]), np.array([1.0]))
    kernels.update_track(plain, rules, readings, 1, 0)
    np.testing.assert_allclose(sure.fused_mean, plain.fused_mean, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(sure.weight, plain.weight, rtol=1e-9)
    kernels.copy_track(plain, 1, 0)
    kernels.update_track_mixed(plain, rules, readings, 1, np.array([1, 2]), np.array([0.0, 0.0]))
    np.testing.assert_allclose(plain.mean[1], plain.mean[0], rtol=1e-14)
    np.testing.assert_allclose(plain.weight[1], plain.weight[0], rtol=1e-14)


def test_the_score_is_the_density_of_the_fused_state():
    rules, readings = bank_rules(("coast",)), readings_of("fall")
    bank, _ = begun("fall", rules)
    for k in range(5):
        kernels.predict_track(bank, rules, 1, readings.t_s[k])
        distance2, log_density = kernels.score(bank, readings, 1, k)
        assert distance2 >= 0.0
        got = kernels.update_track(bank, rules, readings, 1, k)
        assert got == pytest.approx(log_density, abs=1e-9)  # one model: the mixture is itself


def test_a_place_behind_the_sensor_is_no_reading():
    rules = bank_rules()
    bank, _ = begun("fall", rules)
    away = np.array(PATHS["fall"][1])
    readings = direction_readings(
        np.array([0.0]), 2.0 * away[None], away[None], angle_sigma_rad=1e-4
    )
    before = bank.mean.copy(), bank.weight.copy()
    assert kernels.score(bank, readings, 1, 0) == (np.inf, -np.inf)
    assert kernels.update_track(bank, rules, readings, 1, 0) == -np.inf
    kernels.update_track_mixed(bank, rules, readings, 1, np.array([0]), np.array([0.9]))
    np.testing.assert_array_equal(bank.weight, before[1])
    np.testing.assert_allclose(bank.mean, before[0], rtol=1e-14)


def test_a_broken_model_loses_its_weight_and_comes_back():
    rules, readings = bank_rules(), readings_of("fall")
    bank, _ = begun("fall", rules)
    kernels.predict_track(bank, rules, 1, readings.t_s[0])
    bank.mean[1, kernels.BOOST], bank.cov[1, kernels.BOOST] = np.nan, np.nan
    assert np.isfinite(kernels.update_track(bank, rules, readings, 1, 0))
    assert bank.weight[1, kernels.BOOST] == 0.0
    assert bank.weight[1].sum() == pytest.approx(1.0)
    kernels.predict_track(bank, rules, 1, readings.t_s[0] + 2.0)
    assert bank.weight[1, kernels.BOOST] > 0.0
    assert np.isfinite(bank.mean[1]).all()
    assert np.isfinite(bank.fused_cov[1]).all()


def test_a_covariance_that_is_not_positive_breaks_one_model_only():
    rules, readings = bank_rules(unscented=True), readings_of("fall")
    bank, _ = begun("fall", rules)
    rules.share[:, kernels.AIR] = 0.0  # nobody hands AIR a better covariance
    rules.share[kernels.AIR] = 0.0
    bank.cov[1, kernels.AIR, 0, 0] = -1e12
    kernels.predict_track(bank, rules, 1, readings.t_s[0])
    assert bank.weight[1, kernels.AIR] == 0.0
    assert bank.weight[1].sum() == pytest.approx(1.0)
    assert np.isfinite(bank.fused_mean[1]).all()


def test_a_model_that_hands_nothing_on_spoils_no_other():
    rules = bank_rules()
    bank, _ = begun("fall", rules)
    rules.share[kernels.BOOST] = 0.0
    bank.mean[1, kernels.BOOST], bank.cov[1, kernels.BOOST] = np.inf, np.inf
    kernels.predict_track(bank, rules, 1, 1.0)
    assert bank.weight[1, kernels.BOOST] == 0.0
    others = [j for j in range(len(MODEL_NAMES)) if j != kernels.BOOST]
    assert np.isfinite(bank.mean[1, others]).all()
    assert np.isfinite(bank.cov[1, others]).all()


def test_a_track_whose_only_model_breaks_fits_nothing():
    rules, readings = bank_rules(("coast",)), readings_of("fall")
    bank, _ = begun("fall", rules)
    bank.mean[1, kernels.COAST] = np.nan
    kernels.predict_track(bank, rules, 1, readings.t_s[0])
    assert np.isnan(bank.fused_mean[1, :3]).all()
    assert kernels.score(bank, readings, 1, 0) == (np.inf, -np.inf)
    assert kernels.update_track(bank, rules, readings, 1, 0) == -np.inf


def test_earlier_times_change_nothing():
    rules = bank_rules()
    bank, _ = begun("fall", rules)
    before = bank.mean.copy()
    for t_s in (0.0, -5.0, np.nan):
        kernels.predict_track(bank, rules, 1, t_s)
        np.testing.assert_array_equal(bank.mean, before)
        assert bank.t_s[1] == 0.0


def test_models_left_out_take_no_part():
    rules = bank_rules(("boost", "coast"))
    bank, _ = begun("fall", rules)
    readings = readings_of("fall")
    for k in range(6):
        kernels.predict_track(bank, rules, 1, readings.t_s[k])
        kernels.update_track(bank, rules, readings, 1, k)
    out = [MODEL_NAMES.index(name) for name in ("glide", "reentry", "air")]
    assert np.all(bank.weight[1, out] == 0.0)
    assert bank.weight[1].sum() == pytest.approx(1.0)


def test_unknown_models_are_refused():
    with pytest.raises(OpendomeError, match="one or more of coast, boost, glide"):
        bank_rules(("coast", "warp"))
    with pytest.raises(OpendomeError, match="the models none"):
        bank_rules(())


@settings(max_examples=40, deadline=None)
@given(
    path=st.sampled_from(sorted(PATHS)),
    seed=st.integers(0, 1000),
    step_s=st.floats(0.2, 30.0),
    unscented=st.booleans(),
)
def test_covariances_stay_symmetric_and_positive(path, seed, step_s, unscented):
    if path == "dive":
        step_s = min(step_s, 2.0)  # the fall ends
    rules, readings = bank_rules(unscented=unscented), readings_of(path, seed, step_s=step_s)
    bank, _ = begun(path, rules)
    for k in range(len(readings.t_s)):
        kernels.predict_track(bank, rules, 1, readings.t_s[k])
        kernels.update_track(bank, rules, readings, 1, k)
        assert bank.weight[1].sum() == pytest.approx(1.0, abs=1e-9)
        for cov in (*bank.cov[1, 1:], bank.cov[1, 0, :6, :6], bank.fused_cov[1]):
            scale = np.sqrt(np.diag(cov))
            shares = cov / np.outer(scale, scale)
            np.testing.assert_allclose(shares, shares.T, atol=1e-12)
            assert np.linalg.eigvalsh(shares)[0] > -1e-12


# --- ceilings, and the look a moment ahead ---------------------------------------------------

HIGH = {"fall": {"glide", "reentry", "air"}, "dive": {"air"}, "level": set()}


@pytest.mark.parametrize("path", HIGH)
def test_models_that_cannot_hold_take_no_part(path):
    """Above its ceiling a model has no weight; below it all have some."""
    rules = bank_rules()
    bank, _ = begun(path, rules)
    kernels.start_track(bank, rules, 1, 0.0, np.concatenate(PATHS[path][1:]), 1e-4 * PRIOR)
    for t_s in (1.0, 2.0):
        kernels.predict_track(bank, rules, 1, t_s)
    out = {name for name, w in zip(MODEL_NAMES, bank.weight[1], strict=True) if w == 0.0}
    assert out == HIGH[path]
    assert bank.weight[1].sum() == pytest.approx(1.0, abs=1e-12)


def test_a_doubtful_height_closes_nothing():
    rules = bank_rules()
    bank, _ = begun("fall", rules)
    kernels.start_track(bank, rules, 1, 0.0, np.concatenate(PATHS["fall"][1:]), 1e6 * PRIOR)
    kernels.predict_track(bank, rules, 1, 1.0)
    assert np.all(bank.weight[1] > 0.0)


def test_a_bank_of_closed_models_alone_keeps_them():
    rules = bank_rules(("glide", "air"))
    bank, _ = begun("fall", rules)
    kernels.start_track(bank, rules, 1, 0.0, np.concatenate(PATHS["fall"][1:]), 1e-4 * PRIOR)
    kernels.predict_track(bank, rules, 1, 1.0)
    assert bank.weight[1].sum() == pytest.approx(1.0, abs=1e-12)
    assert np.isfinite(bank.fused_mean[1]).all()


@pytest.mark.parametrize("path", PATHS)
def test_the_look_a_moment_ahead_is_that_of_a_carried_track(path):
    """Up to 2 s ahead, after some readings: distances in the gate within 5 % + 0.1, logs 0.15."""
    rules, readings = bank_rules(), readings_of(path)
    bank, _ = begun(path, rules)
    place, spread, room, compared = np.zeros(3), np.zeros((3, 3)), np.zeros((6, 5)), 0
    for k in range(len(readings.t_s)):
        guess = np.zeros(13)
        note_guess(bank.t_s[1], bank.fused_mean[1], bank.fused_cov[1], guess)
        h_s = float(readings.t_s[k] - bank.t_s[1])
        state = bank.fused_mean[1].copy(), bank.fused_cov[1].copy()
        kernels.foresee(*state, guess[7:10], h_s, place, spread)
        soon = kernels.score_place(readings, k, place, spread, np.inf, room)
        kernels.predict_track(bank, rules, 1, readings.t_s[k])
        then = kernels.score(bank, readings, 1, k)
        if k > 10 and then[0] < 14.0:
            compared += 1
            assert soon[0] == pytest.approx(then[0], rel=0.05, abs=0.1)
            assert soon[1] == pytest.approx(then[1], abs=0.15)
            beyond = kernels.score_place(readings, k, place, spread, 0.5 * soon[0], room)
            assert beyond == (np.inf, -np.inf)
        kernels.update_track(bank, rules, readings, 1, k)
    assert compared > 20
