"""A bias that looks have in common never averages away: against consider covariances and dice."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.sensing.kernels.bias import looks_remembered, share_after_bias
from opendome.sensing.kernels.information import position_information
from opendome.sensing.models import SensorSuite, look_at
from opendome.tracking import kernels
from opendome.tracking.reference import free_fall

ERA = 1.234


def shares(times_s, sigma, bias, memory_s):
    """Share of each look of a run."""
    found, looks = [], 0.0
    for dt_s in np.diff(times_s, prepend=times_s[0]):
        looks = looks_remembered(looks, dt_s, memory_s)
        found.append(share_after_bias(sigma, bias, looks))
    return np.array(found)


def sigmas(times_s, weights):
    """Sigmas of position and speed at the end of even motion, and the gains that reach them."""
    motion = np.column_stack([np.ones(times_s.size), times_s - times_s[-1]])
    said = np.linalg.inv(motion.T @ (motion * weights[:, None]))
    return np.sqrt(np.diag(said)), said @ motion.T * weights


def best_sigmas(times_s, sigma, bias):
    """The same of the best estimate that knows of a constant bias (Schmidt)."""
    motion = np.column_stack([np.ones(times_s.size), times_s - times_s[-1]])
    cov = sigma**2 * np.eye(times_s.size) + bias**2
    return np.sqrt(np.diag(np.linalg.inv(motion.T @ np.linalg.solve(cov, motion))))


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 300), st.floats(0.1, 10.0), st.floats(0.5, 5.0), st.floats(20.0, 600.0))
def test_a_moving_object_is_known_as_the_consider_covariance_says(looks, bias, step_s, memory_s):
    times_s = step_s * np.arange(looks)
    times_s = times_s[times_s <= 3.0 * memory_s]
    weights = shares(times_s, 1.0, bias, memory_s)
    (position, speed), gains = sigmas(times_s, weights)
    best_position, best_speed = best_sigmas(times_s, 1.0, bias)
    assert 0.93 < position / best_position < 1.6
    assert speed > best_speed
    # a filter with these weights is in truth as good as it says, though its bias stays
    real = gains[0] @ (np.eye(times_s.size) + bias**2) @ gains[0]
    assert math.sqrt(real) < 1.1 * position


@settings(deadline=None)
@given(st.floats(0.1, 10.0), st.floats(0.1, 10.0), st.floats(1.0, 1000.0))
def test_one_look_is_worth_noise_and_bias_together(sigma, bias, memory_s):
    (share,) = shares(np.zeros(1), sigma, bias, memory_s)
    assert sigma**2 / share == pytest.approx(sigma**2 + bias**2, rel=1e-12)
    assert share_after_bias(sigma, 0.0, 17.0) == 1.0


def test_looks_at_a_steady_pace_remember_memory_over_step():
    looks = 0.0
    for _ in range(2000):
        looks = looks_remembered(looks, 0.5, 100.0)
    assert looks == pytest.approx(1.0 / (1.0 - math.exp(-0.005)), rel=1e-3)
    assert looks == pytest.approx(100.0 / 0.5, rel=0.01)
    assert looks_remembered(7.0, 3.0, math.inf) == 8.0


def test_dice_with_one_bias_a_run():
    """Simulated runs, each with one bias: the filter is as good as it says."""
    generator = np.random.default_rng(8)
    times_s = 2.0 * np.arange(50)
    for bias in (0.3, 1.0, 3.0):
        (position, _), gains = sigmas(times_s, shares(times_s, 1.0, bias, 100.0))
        errors = generator.normal(size=(20_000, 50)) + bias * generator.normal(size=(20_000, 1))
        real = float((errors @ gains[0]).std())
        assert 0.6 < real / position < 1.0
        # negative control: weights that let the bias average away say far too little
        (naive, _), gains = sigmas(times_s, np.full(50, 1.0 / (1.0 + bias**2)))
        assert (errors @ gains[0]).std() / naive > 1.2


GROUND_M = 6378e3


def arc():
    """A free-falling object and two satellites that watch it."""
    start = np.array([GROUND_M + 400e3, 0.0, 0.0, 1500.0, 6000.0, 1000.0])
    eyes = np.array([[GROUND_M + 1000e3, 2.2e6, 0.3e6], [GROUND_M + 900e3, 0.4e6, -2.0e6]])
    return start, eyes


def across(line):
    """Two unit vectors across a line of sight, the same axes for all looks of a sensor."""
    first = np.cross(line, [0.0, 0.0, 1.0])
    first /= np.linalg.norm(first)
    return np.array([first, np.cross(line, first)])


@pytest.mark.parametrize(("bias_rad", "looks"), [(1e-5, 30), (3e-5, 60), (1e-4, 30)])
def test_two_biased_satellites_against_the_consider_covariance(bias_rad, looks):
    """The covariance that a run carries along, and the best there is with both biases constant."""
    sigma_rad, step_s, memory_s = 3e-5, 2.0, 100.0
    state, eyes = arc()
    nudge = np.diag([1.0] * 3 + [1e-3] * 3)
    end_s = step_s * (looks - 1)
    final = free_fall(state, end_s)
    cov, naive = np.zeros((6, 6)), np.zeros((6, 6))
    for each in (cov, naive):
        kernels.start(each, 1e6, 1e4)
    remembered, rows, tags = 0.0, [], []
    for k in range(looks):
        here = free_fall(state, k * step_s)
        if k:
            middle = free_fall(state, (k - 0.5) * step_s)
            for each in (cov, naive):
                kernels.predict(each, step_s, *middle[:3], 0.0)
        remembered = looks_remembered(remembered, step_s if k else 0.0, memory_s)
        share = share_after_bias(sigma_rad, bias_rad, remembered)
        back = np.stack(
            [
                (
                    free_fall(final + d, k * step_s - end_s)
                    - free_fall(final - d, k * step_s - end_s)
                )
                / (2.0 * d.sum())
                for d in nudge
            ],
            axis=1,
        )
        for s, eye in enumerate(eyes):
            line = here[:3] - eye
            far = np.linalg.norm(line)
            told = position_information(*(line / far), math.inf, far * sigma_rad / share**0.5)
            kernels.update(cov, *told)
            kernels.update(naive, *position_information(*(line / far), math.inf, far * sigma_rad))
            rows += [axis @ back[:3] / far for axis in across(line / far)]
            tags += [2 * s, 2 * s + 1]
    rows, tags = np.array(rows), np.array(tags)
    noise = sigma_rad**2 * np.eye(len(tags)) + bias_rad**2 * (tags[:, None] == tags)
    best = np.linalg.inv(rows.T @ np.linalg.solve(noise, rows))
    known = math.sqrt(np.trace(best[:3, :3]))
    # the best estimate also learns of the biases from the fall that it knows
    assert 1.0 < math.sqrt(np.trace(cov[:3, :3])) / known < 1.8
    assert math.sqrt(np.trace(naive[:3, :3])) / known < 0.9  # negative control: bias forgotten


def test_looks_of_a_biased_satellite(make_raid, make_satellites):
    raid = make_raid(2, seed=3)
    plain = SensorSuite(satellites=make_satellites(12))
    biased = SensorSuite(
        satellites=make_satellites(12, angle_bias_rad=5e-5, bias_memory_s=math.inf)
    )
    before = look_at(raid, plain, era_epoch_rad=ERA)
    after = look_at(raid, biased, era_epoch_rad=ERA)
    assert np.array_equal(before.t_s, after.t_s)
    assert np.array_equal(before.p_detect, after.p_detect)
    assert np.all(before.share_after_bias == 1.0)
    assert after.sensor_angle_bias_rad == pytest.approx(np.full(12, 5e-5))
    assert not before.sensor_angle_bias_rad.any()
    told_alone = after.information_m2 / after.share_after_bias[:, None]
    size = np.abs(before.information_m2).max()
    assert np.abs(told_alone - before.information_m2).max() < 1e-12 * size
    checked = 0
    for obj in range(raid.objects):
        mine = np.arange(after.start[obj], after.start[obj + 1])
        for sensor in range(12):
            rows = mine[after.sensor[mine] == sensor]
            noise = 5e-5 * np.maximum(1.0, 6.0 / 10 ** (after.snr_db[rows] / 20.0))
            count = np.arange(1, rows.size + 1)
            wanted = noise**2 / (noise**2 + count * 2.5e-9)
            assert after.share_after_bias[rows] == pytest.approx(wanted, rel=1e-9)
            checked += rows.size
    assert checked > 300


def test_a_bias_leaves_the_first_look_of_each_object_alone(make_raid, make_satellites):
    """Objects share no memory: the same raid, one object at a time."""
    raid = make_raid(3, seed=9)
    suite = SensorSuite(satellites=make_satellites(4, angle_bias_rad=2e-5, bias_memory_s=60.0))
    whole = look_at(raid, suite, era_epoch_rad=ERA)
    keep = ("class_names", "step_s", "refused")
    for obj in range(3):
        part = {
            f.name: getattr(raid, f.name)[obj : obj + 1]
            for f in dataclasses.fields(raid)
            if f.name not in keep and getattr(raid, f.name) is not None
        }
        alone = look_at(dataclasses.replace(raid, **part), suite, era_epoch_rad=ERA)
        rows = slice(whole.start[obj], whole.start[obj + 1])
        assert np.array_equal(alone.information_m2, whole.information_m2[rows])
