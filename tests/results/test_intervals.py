"""Intervals: published examples, and coverage by simulation on two levels.

Every simulation has a fixed seed, so nothing flickers; the bounds leave four standard errors.
"""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from opendome.results.intervals import (
    bounded_mean,
    clopper_pearson,
    effective_trials,
    luck_and_futures,
    proportion,
)
from opendome.results.run import NARROW_ROUNDS


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_published_examples(successes, trials, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, Clopper-Pearson."""
    assert clopper_pearson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 400), st.data())
def test_clopper_pearson_equals_scipy(trials, data):
    successes = data.draw(st.integers(0, trials))
    theirs = binomtest(successes, trials).proportion_ci(0.95, method="exact")
    assert clopper_pearson(successes, trials) == pytest.approx(tuple(theirs), abs=1e-9)


@pytest.mark.parametrize("p", [0.01, 0.05, 0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("n", [100, 400, 1000])
def test_exact_coverage_when_every_trial_has_its_own_future(p, n):
    """The sum over all outcomes of their chance, where the interval holds p: at least 95 %.

    Simulation with `proportion` itself agrees within four standard errors.
    """
    ones = np.ones(n)
    holds = np.zeros(n + 1, bool)
    for k in range(n + 1):
        low, high = clopper_pearson(k, n)
        holds[k] = low <= p <= high
    exact = float(binom.pmf(np.arange(n + 1), n, p)[holds].sum())
    assert exact >= 0.95
    runs = 400
    rng = np.random.default_rng([17, n, int(100 * p)])
    found = 0
    for _ in range(runs):
        estimate, worth = proportion((rng.random(n) < p).astype(float), ones)
        assert worth == n
        found += estimate.low <= p <= estimate.high
    error = math.sqrt(exact * (1.0 - exact) / runs)
    assert abs(found / runs - exact) <= 4.0 * error + 1e-12


RUNS = 1000
ERROR = 4.0 * math.sqrt(0.93 * 0.07 / RUNS)


def draw_futures(p, alike, futures, rng):
    """Chances of the futures: beta with mean p and correlation `alike` inside a future."""
    size = 1.0 / alike - 1.0
    return rng.beta(p * size, (1.0 - p) * size, futures)


@pytest.mark.parametrize("alike", [0.001, 0.1, 0.3, 0.7])
@pytest.mark.parametrize("p", [0.005, 0.02, 0.2, 0.5, 0.9])
@pytest.mark.parametrize(("futures", "each"), [(30, 20), (50, 20), (50, 200)])
def test_coverage_on_two_levels(p, alike, futures, each):
    """Beta-binomial: at least 93 % are asked for, fewer only by the error of the simulation."""
    rng = np.random.default_rng([5, int(1000 * p), int(1000 * alike), futures, each])
    trials = np.full(futures, float(each))
    found = 0
    for _ in range(RUNS):
        hits = rng.binomial(each, draw_futures(p, alike, futures, rng)).astype(float)
        estimate, _ = proportion(hits, trials)
        found += estimate.low <= p <= estimate.high
    assert found / RUNS >= 0.93 - ERROR


@pytest.mark.parametrize("alike", [0.001, 0.1, 0.7])
@pytest.mark.parametrize("p", [0.01, 0.05, 0.5])
@pytest.mark.parametrize(("futures", "each"), [(30, 20), (50, 1)])
def test_coverage_of_a_mean_count(p, alike, futures, each):
    """Leakers of ten objects whose chance is shared inside a future."""
    objects = 10
    rng = np.random.default_rng([6, int(1000 * p), int(1000 * alike), futures, each])
    trials = np.full(futures, float(each))
    found = 0
    for _ in range(RUNS):
        chances = draw_futures(p, alike, futures, rng)
        sums = rng.binomial(each * objects, chances).astype(float)
        estimate = bounded_mean(sums, trials, ceiling=float(objects))
        found += estimate.low <= p * objects <= estimate.high
    assert found / RUNS >= 0.93 - ERROR


def student(sums, trials):
    """The interval that would be wrong: Student on the means of the futures."""
    means = sums / trials
    reach = 2.05 * means.std(ddof=1) / math.sqrt(means.size)
    return means.mean() - reach, means.mean() + reach


def test_coverage_notices_an_interval_that_is_too_narrow():
    """Negative control: the same simulation fails the customary interval by far."""
    rng = np.random.default_rng(7)
    trials, found = np.full(30, 20.0), 0
    for _ in range(RUNS):
        sums = rng.binomial(200, draw_futures(0.01, 0.3, 30, rng)).astype(float)
        low, high = student(sums, trials)
        found += low <= 0.1 <= high
    assert found / RUNS < 0.80


def played_until_narrow(p, alike, width, times, rng):
    """Interval after rounds that double until it was narrow `times` times in a row."""
    each, objects, narrow = 20, 10, 0
    sums = np.zeros(0)
    while True:
        chances = draw_futures(p, alike, max(50, sums.size), rng)
        sums = np.concatenate([sums, rng.binomial(each * objects, chances).astype(float)])
        estimate = bounded_mean(sums, np.full(sums.size, float(each)), ceiling=float(objects))
        narrow = narrow + 1 if estimate.half_width <= width else 0
        if narrow == times:
            return estimate


def coverage_of_rounds(p, alike, width, times):
    rng = np.random.default_rng(8)
    ends = [played_until_narrow(p, alike, width, times, rng) for _ in range(RUNS)]
    assert max(end.half_width for end in ends) <= width
    return sum(end.low <= 10 * p <= end.high for end in ends) / RUNS


@pytest.mark.parametrize(
    ("p", "alike", "width"), [(0.15, 0.1, 0.15), (0.02, 0.3, 0.15), (0.5, 0.05, 0.2)]
)
def test_coverage_when_rounds_go_on_until_narrow_twice(p, alike, width):
    assert coverage_of_rounds(p, alike, width, times=NARROW_ROUNDS) >= 0.93 - ERROR


def test_narrow_once_may_be_chance():
    """Negative control: to stop at the first narrow interval costs coverage."""
    once = coverage_of_rounds(0.02, 0.3, 0.15, times=1)
    assert once < coverage_of_rounds(0.02, 0.3, 0.15, times=2)
    assert once < 0.93


counts = st.integers(0, 20).map(float)


@given(st.lists(counts, min_size=1, max_size=60))
def test_the_value_lies_in_its_interval_which_is_never_a_point(hits):
    sums, trials = np.array(hits), np.full(len(hits), 20.0)
    estimate, worth = proportion(sums, trials)
    assert 0.0 <= estimate.low <= estimate.value <= estimate.high <= 1.0
    assert estimate.high > estimate.low
    assert len(hits) - 1e-9 <= worth <= 20 * len(hits) + 1e-9
    mean = bounded_mean(sums * 3, trials, ceiling=3.0)
    assert 0.0 <= mean.low <= mean.value <= mean.high <= 3.0
    assert mean.high > mean.low


@given(st.lists(counts, min_size=2, max_size=40))
def test_hits_and_misses_mirror_each_other(hits):
    sums, trials = np.array(hits), np.full(len(hits), 20.0)
    ours, _ = proportion(sums, trials)
    theirs, _ = proportion(trials - sums, trials)
    assert (ours.low, ours.high) == pytest.approx((1 - theirs.high, 1 - theirs.low), abs=1e-9)


@given(st.permutations(range(12)))
def test_futures_have_no_order(order):
    sums = np.array([0, 0, 0, 1, 1, 2, 3, 5, 8, 13, 20, 20], float)
    trials = np.full(12, 20.0)
    assert effective_trials(sums[list(order)], trials) == pytest.approx(
        effective_trials(sums, trials), rel=1e-12
    )


@pytest.mark.parametrize("futures", [1, 2, 30, 50, 1000])
def test_nothing_seen_is_not_nothing(futures):
    """No leaker in any trial: the bound is that of the futures, never 0 +- 0."""
    estimate = bounded_mean(np.zeros(futures), np.full(futures, 20.0), ceiling=10.0)
    bound = 10.0 * (1.0 - 0.025 ** (1.0 / futures))
    assert (estimate.value, estimate.low) == (0.0, 0.0)
    assert estimate.high == pytest.approx(bound, rel=1e-9)
    everything = bounded_mean(np.full(futures, 200.0), np.full(futures, 20.0), ceiling=10.0)
    assert everything.high == 10.0
    assert everything.low == pytest.approx(10.0 - bound, rel=1e-9)


def test_the_same_in_every_future_is_not_certain():
    estimate = bounded_mean(np.full(50, 60.0), np.full(50, 20.0), ceiling=10.0)
    assert estimate.value == 3.0
    assert estimate.low < 2.9
    assert estimate.high > 3.1


def test_a_raid_of_nothing_leaks_nothing():
    estimate = bounded_mean(np.zeros(5), np.full(5, 2.0), ceiling=0.0)
    assert (estimate.low, estimate.high) == (0.0, 0.0)


def test_independent_trials_are_worth_themselves_and_copies_nothing():
    rng = np.random.default_rng(9)
    trials = np.full(400, 20.0)
    independent = rng.binomial(20, 0.4, 400).astype(float)
    assert effective_trials(independent, trials) == pytest.approx(8000, rel=0.15)
    copies = 20.0 * (rng.random(400) < 0.4)
    assert effective_trials(copies, trials) == pytest.approx(400, rel=0.05)


def test_unequal_futures_count_by_their_trials():
    """Newcombe's 15 of 148, dealt unevenly into futures, is still 15 of 148."""
    hits = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    trials = np.array([10.0, 20.0, 30.0, 40.0, 48.0])
    estimate, _ = proportion(hits, trials)
    assert estimate.value == 15 / 148


# --- luck and futures -----------------------------------------------------------------


@pytest.mark.parametrize(("within", "between"), [(1.0, 0.0), (1.0, 1.0), (0.5, 2.0)])
def test_variance_components_that_are_known(within, between):
    """Normal trials around normal futures: the shares come back."""
    rng = np.random.default_rng(10)
    futures, each = 2000, 20
    future = np.repeat(np.arange(futures), each)
    shift = rng.normal(0.0, math.sqrt(between), futures)[future]
    values = shift + rng.normal(0.0, math.sqrt(within), futures * each)
    luck, shared = luck_and_futures(values, future)
    assert luck == pytest.approx(within / (within + between), abs=0.03)
    assert luck + shared == pytest.approx(1.0)


def test_variance_components_by_hand():
    """Two futures, means 1 and 4, squares inside 4 in all: 2 and (9 - 2) / 2 = 3.5."""
    values = np.array([0.0, 2.0, 3.0, 5.0])
    luck, shared = luck_and_futures(values, np.array([7, 7, 9, 9]))
    assert (luck, shared) == pytest.approx((2.0 / 5.5, 3.5 / 5.5))


def test_variance_components_of_all_and_nothing():
    future = np.repeat(np.arange(5), 4)
    assert luck_and_futures(np.full(20, 3.0), future) == (0.0, 0.0)
    assert luck_and_futures(future.astype(float), future) == (0.0, 1.0)
    assert luck_and_futures(np.arange(20.0), np.arange(20)) == (0.0, 0.0)  # one trial each
    assert luck_and_futures(np.arange(20.0), np.zeros(20, np.int64)) == (0.0, 0.0)


@given(st.lists(st.floats(-100, 100), min_size=4, max_size=40), st.integers(2, 6))
def test_variance_shares_are_shares(values, futures):
    assume(len(values) > futures)
    luck, shared = luck_and_futures(np.array(values), np.arange(len(values)) % futures)
    assert luck >= 0.0
    assert shared >= 0.0
    assert luck + shared == pytest.approx(1.0) or luck + shared == 0.0
