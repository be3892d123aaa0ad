"""Rank correlation against scipy, and which inputs a result leans on."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata, spearmanr

from opendome.results.sensitivity import leans, ranks, spearman

numbers = st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6))


@given(st.lists(numbers, min_size=1, max_size=60))
def test_ranks_equal_scipy(values):
    assert np.array_equal(ranks(np.array(values)), rankdata(values))


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=4, max_size=60))
def test_spearman_equals_scipy(pairs):
    first, second = np.array(pairs).T
    assume(np.ptp(first) > 0 and np.ptp(second) > 0)
    theirs = spearmanr(first, second)
    rho, p = spearman(first, second)
    assert rho == pytest.approx(theirs.statistic, abs=1e-12)
    least = 2.0 / math.factorial(first.size)  # what so few orders can tell
    assert p == pytest.approx(max(least, theirs.pvalue), rel=1e-6, abs=1e-6)


def test_nothing_follows_a_constant():
    assert spearman(np.ones(9), np.arange(9.0)) == (0.0, 1.0)
    assert spearman(np.arange(2.0), np.arange(2.0)) == (0.0, 1.0)


def drawn(futures=50, inputs=40, seed=3):
    rng = np.random.default_rng(seed)
    sampled = [{f"noise.{k}": rng.random() for k in range(inputs)} for _ in range(futures)]
    for values in sampled:
        values["fixed"] = 2.0
        values["matters"] = rng.random()
    return sampled, rng


def test_the_input_that_matters_comes_first_and_its_sign_is_right():
    sampled, rng = drawn()
    leakers = np.array([8.0 - 5.0 * v["matters"] + rng.normal(0.0, 0.5) for v in sampled])
    found = leans(sampled, leakers)
    assert found[0].path == "matters"
    assert found[0].rank_correlation < -0.8
    assert found[0].p_adjusted < 1e-6
    assert "fixed" not in {lean.path for lean in found}  # it never changed
    assert all(lean.p_adjusted > 0.01 for lean in found[1:])


def test_forty_inputs_that_do_nothing_are_seldom_said_to_matter():
    """Holm's rule keeps the chance of even one false name below 5 % (400 runs, four errors)."""
    false = 0
    for seed in range(400):
        sampled, rng = drawn(seed=1000 + seed, futures=20)
        false += leans(sampled, rng.random(20))[0].p_adjusted <= 0.05
    assert false / 400 <= 0.05 + 4.0 * (0.05 * 0.95 / 400) ** 0.5


def test_without_the_allowance_noise_would_matter():
    """Negative control: the plain p-values cry wolf in most of these runs."""
    false = 0
    for seed in range(50):
        sampled, rng = drawn(seed=1000 + seed, futures=20)
        false += leans(sampled, rng.random(20))[0].p_value <= 0.05
    assert false > 30


def test_holm_by_hand():
    """p = 0.01, 0.03, 0.04 of three inputs: 0.03, 0.06, 0.06."""
    rng = np.random.default_rng(4)
    sampled = [{name: rng.random() for name in "abc"} for _ in range(30)]
    found = leans(sampled, rng.random(30))
    p = [lean.p_value for lean in found]
    assert p == sorted(p)
    steps = [min(1.0, 3 * p[0]), min(1.0, 2 * p[1]), p[2]]
    assert [lean.p_adjusted for lean in found] == pytest.approx(np.maximum.accumulate(steps))


def test_no_uncertain_inputs():
    assert leans([{}, {}], np.array([1.0, 2.0])) == []
    assert leans([], np.zeros(0)) == []


def test_three_futures_can_prove_nothing():
    """Six orders of three values: a perfect correlation is met in one run of three by chance."""
    rho, p_value = spearman(np.array([1.0, 2.0, 3.0]), np.array([5.0, 6.0, 7.0]))
    assert rho == 1.0
    assert p_value == pytest.approx(2.0 / 6.0)
