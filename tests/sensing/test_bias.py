"""A bias that looks have in common never averages away: against best estimates and dice."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.sensing.kernels.bias import remembered, share_after_bias
from opendome.sensing.models import SensorSuite, look_at

ERA = 1.234


def told(times_s, sigmas, bias, memory_s):
    """Information that each look of a run is given by the kernels."""
    information, seen, last_s = [], 0.0, times_s[0]
    for t_s, sigma in zip(times_s, sigmas, strict=True):
        fresh = 1.0 / sigma**2
        share, seen = share_after_bias(seen, remembered(t_s - last_s, memory_s), fresh, bias**2)
        information.append(share * fresh)
        last_s = t_s
    return np.array(information)


def best(times_s, sigmas, bias, memory_s):
    """Information of the generalised least squares estimate of a constant."""
    apart = np.abs(np.subtract.outer(times_s, times_s))
    cov = np.diag(np.square(sigmas)) + bias**2 * np.exp(-apart / memory_s)
    return float(np.linalg.solve(cov, np.ones(len(times_s))).sum())


@settings(deadline=None)
@given(st.integers(1, 200), st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_a_bias_that_stays_is_a_consider_parameter(looks, sigma, bias):
    """n looks tell n / (sigma^2 + n b^2), exactly, and never 1 / b^2."""
    got = told(np.arange(looks), np.full(looks, sigma), bias, math.inf).sum()
    assert got == pytest.approx(looks / (sigma**2 + looks * bias**2), rel=1e-9)
    assert got < 1.0 / bias**2


@settings(deadline=None)
@given(st.lists(st.floats(0.1, 10.0), min_size=1, max_size=40), st.floats(0.1, 10.0))
def test_looks_that_differ(sigmas, bias):
    got = told(np.arange(len(sigmas)), sigmas, bias, math.inf).sum()
    total = np.sum(1.0 / np.square(sigmas))
    assert got <= total / (1.0 + bias**2 * total) * (1.0 + 1e-9)
    assert got == pytest.approx(best(np.arange(len(sigmas)), sigmas, bias, math.inf), rel=1e-6)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 200),
    st.floats(0.03, 30.0),
    st.floats(0.1, 3.0),
    st.floats(5.0, 1000.0),
)
def test_a_bias_that_changes_against_the_best_estimate(looks, sigma, step_s, memory_s):
    times_s = step_s * np.arange(looks)
    sigmas = np.full(looks, sigma)
    got = told(times_s, sigmas, 1.0, memory_s).sum()
    assert got == pytest.approx(best(times_s, sigmas, 1.0, memory_s), rel=0.04)


def test_looks_without_noise_tell_what_a_gauss_markov_mean_does():
    """Grenander 1950: 1 / b^2 (1 + T / (2 memory)) for a record of length T."""
    times_s = np.arange(0.0, 300.1, 0.1)
    got = told(times_s, np.full(times_s.size, 1e-6), 2.0, 50.0).sum()
    assert got == pytest.approx((1.0 + 300.0 / 100.0) / 4.0, rel=1e-3)


@settings(deadline=None)
@given(st.floats(0.0, 1e6), st.floats(0.0, 1.0), st.floats(1e-6, 1e6), st.floats(0.0, 1e3))
def test_a_look_is_never_worth_more_than_alone(seen, kept, fresh, bias_square):
    share, after = share_after_bias(seen, kept, fresh, bias_square)
    assert 0.0 <= share <= 1.0 / (1.0 + bias_square * fresh) + 1e-15
    assert after == pytest.approx(kept * seen + fresh)
    assert share_after_bias(seen, kept, fresh, 0.0)[0] == 1.0


def spread_of_mean(bias, weights, generator, runs=20_000):
    """Standard deviation of the weighted mean of looks with one bias a run."""
    n = len(weights)
    readings = generator.normal(size=(runs, n)) + bias * generator.normal(size=(runs, 1))
    return float((readings @ (weights / weights.sum())).std())


def test_dice_with_one_bias_a_run():
    """Simulated runs, each with one bias: the best mean is as good as the looks say."""
    generator = np.random.default_rng(8)
    for bias in (0.3, 1.0, 3.0):
        said = 1.0 / math.sqrt(told(np.arange(50), np.ones(50), bias, math.inf).sum())
        # the textbook mean is best for equal looks; 2 % is four sigma of 20 000 runs
        real = spread_of_mean(bias, np.ones(50), generator)
        assert real == pytest.approx(said, rel=0.02)
        naive = 1.0 / math.sqrt(50.0)  # negative control: looks that average the bias away
        assert real / naive > 2.0


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
    size = np.abs(before.information_m2).max(axis=1, keepdims=True)
    assert np.abs(told_alone - before.information_m2).max() < 1e-12 * size.max()
    checked = 0
    for obj in range(raid.objects):
        mine = np.arange(after.start[obj], after.start[obj + 1])
        for sensor in range(12):
            rows = mine[after.sensor[mine] == sensor]
            noise = 5e-5 * np.maximum(1.0, 6.0 / 10 ** (after.snr_db[rows] / 20.0))
            fresh = 1.0 / noise**2
            got = float(np.sum(after.share_after_bias[rows] * fresh))
            total = fresh.sum()
            assert got == pytest.approx(total / (1.0 + 2.5e-9 * total), rel=1e-6)
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
            if f.name not in keep
        }
        alone = look_at(dataclasses.replace(raid, **part), suite, era_epoch_rad=ERA)
        rows = slice(whole.start[obj], whole.start[obj + 1])
        assert np.array_equal(alone.information_m2, whole.information_m2[rows])
