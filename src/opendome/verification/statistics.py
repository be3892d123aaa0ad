"""Checks of the intervals: published examples, and coverage of a known truth."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from opendome.results.intervals import (
    bounded_mean,
    clopper_pearson,
    luck_and_futures,
    proportion,
)
from opendome.results.sensitivity import spearman
from opendome.verification.checks import Check

Floats = npt.NDArray[np.float64]
Interval = Callable[[float, float], tuple[float, float]]
Clustered = Callable[[Floats, Floats], tuple[float, float]]

NORMAL_QUANTILE = 1.959963984540054  # of 0.975
CONFIDENCE = 0.95

# R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I: successes, trials, low, high
NEWCOMBE = (
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0000, 0.1684),
    (1, 29, 0.0009, 0.1776),
)
CHANCES = (0.01, 0.05, 0.2, 0.5, 0.9, 0.99)
SIZES = (100, 400, 1000)
FUTURES, EACH, OBJECTS, RUNS = 50, 20, 10, 1000


def wald(successes: float, trials: float) -> tuple[float, float]:
    """Bug: the textbook interval p +- 1.96 sqrt(p (1 - p) / n)."""
    p = successes / trials
    reach = NORMAL_QUANTILE * math.sqrt(p * (1.0 - p) / trials)
    return p - reach, p + reach


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Bug: the score interval of E. B. Wilson (1927), which covers on average only."""
    z2 = NORMAL_QUANTILE**2
    p = successes / trials
    middle = (p + z2 / (2.0 * trials)) / (1.0 + z2 / trials)
    inside = p * (1.0 - p) / trials + z2 / (4.0 * trials**2)
    reach = NORMAL_QUANTILE * math.sqrt(inside) / (1.0 + z2 / trials)
    return middle - reach, middle + reach


def measure_newcombe(model: Interval = clopper_pearson) -> float:
    """Largest difference from the published ends."""
    return max(
        max(abs(found - given) for found, given in zip(model(k, n), ends, strict=True))
        for k, n, *ends in NEWCOMBE
    )


def binomial(n: int, p: float) -> Floats:
    """Chances of 0 to n successes."""
    k = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.exp(logs + k * math.log(p) + (n - k) * math.log1p(-p))


def measure_exact(model: Interval = clopper_pearson) -> float:
    """How far the exact coverage of a proportion falls below 95 %, at its worst."""
    worst = 0.0
    for n in SIZES:
        ends = np.array([model(k, n) for k in range(n + 1)])
        for p in CHANCES:
            holds = (ends[:, 0] <= p) & (p <= ends[:, 1])
            worst = max(worst, CONFIDENCE - float(binomial(n, p)[holds].sum()))
    return worst


def futures_of(p: float, alike: float, rng: np.random.Generator) -> Floats:
    """Chances of the futures: beta with mean p and correlation `alike` inside a future."""
    size = 1.0 / alike - 1.0
    return rng.beta(p * size, (1.0 - p) * size, FUTURES)


def of_proportion(hits: Floats, trials: Floats) -> tuple[float, float]:
    """The interval of a proportion that a run reports."""
    estimate, _ = proportion(hits, trials)
    return estimate.low, estimate.high


def as_if_independent(hits: Floats, trials: Floats) -> tuple[float, float]:
    """Bug: the trials of one future are taken for independent."""
    return clopper_pearson(float(hits.sum()), float(trials.sum()))


def measure_clustered(model: Clustered = of_proportion) -> float:
    """How far coverage falls below 95 % on two levels, at its worst (beta-binomial)."""
    trials = np.full(FUTURES, float(EACH))
    worst = 0.0
    for place, (p, alike) in enumerate([(0.02, 0.3), (0.1, 0.1), (0.5, 0.3), (0.9, 0.7)]):
        rng = np.random.default_rng(place)
        found = 0
        for _ in range(RUNS):
            hits = rng.binomial(EACH, futures_of(p, alike, rng)).astype(float)
            low, high = model(hits, trials)
            found += low <= p <= high
        worst = max(worst, CONFIDENCE - found / RUNS)
    return worst


def of_mean(sums: Floats, trials: Floats) -> tuple[float, float]:
    """The interval of the mean leakers that a run reports."""
    estimate = bounded_mean(sums, trials, ceiling=float(OBJECTS))
    return estimate.low, estimate.high


def student(sums: Floats, trials: Floats) -> tuple[float, float]:
    """Bug: Student's interval on the means of the futures, blind to their skewness."""
    means = sums / trials
    reach = 2.0096 * float(means.std(ddof=1)) / math.sqrt(means.size)  # t of 49 degrees
    return float(means.mean()) - reach, float(means.mean()) + reach


def measure_mean(model: Clustered = of_mean) -> float:
    """How far coverage of the mean leakers of ten falls below 95 %, at its worst."""
    trials = np.full(FUTURES, float(EACH))
    worst = 0.0
    for place, (p, alike) in enumerate([(0.01, 0.1), (0.01, 0.3), (0.1, 0.1), (0.5, 0.3)]):
        rng = np.random.default_rng(100 + place)
        found = 0
        for _ in range(RUNS):
            chances = futures_of(p, alike, rng)
            sums = rng.binomial(EACH * OBJECTS, chances).astype(float)
            low, high = model(sums, trials)
            found += low <= p * OBJECTS <= high
        worst = max(worst, CONFIDENCE - found / RUNS)
    return worst


def shares(values: Floats, future: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Shares of luck and of the future that a run reports."""
    return luck_and_futures(values, future)


def raw_shares(values: Floats, future: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Bug: the variance of the means counts as the future's, with the luck that is in them."""
    means = np.bincount(future, values) / np.bincount(future)
    shared = float(means.var() / values.var())
    return 1.0 - shared, shared


def measure_shares(model: Callable[..., tuple[float, float]] = shares) -> float:
    """Error of the share of luck, for normal trials around normal futures."""
    rng = np.random.default_rng(10)
    futures, each = 4000, 5
    future = np.repeat(np.arange(futures), each)
    worst = 0.0
    for between in (0.0, 0.25, 1.0, 4.0):
        values = rng.normal(0.0, math.sqrt(between), futures)[future]
        values = values + rng.normal(0.0, 1.0, futures * each)
        luck, _ = model(values, future)
        worst = max(worst, abs(luck - 1.0 / (1.0 + between)))
    return worst


def pearson(first: Floats, second: Floats) -> tuple[float, float]:
    """Bug: the correlation of the values, not of their ranks."""
    return float(np.corrcoef(first, second)[0, 1]), 1.0


def measure_ranks(model: Callable[[Floats, Floats], tuple[float, float]] = spearman) -> float:
    """Difference from 1 - 6 sum d^2 / (n (n^2 - 1)) on series without ties."""
    rng = np.random.default_rng(11)
    worst = 0.0
    for n in (5, 10, 50):
        first, second = np.exp(rng.normal(0.0, 2.0, n)), rng.random(n)
        d = np.argsort(np.argsort(first)) - np.argsort(np.argsort(second))
        expected = 1.0 - 6.0 * float((d * d).sum()) / (n * (n * n - 1))
        worst = max(worst, abs(model(first, second)[0] - expected))
    return worst


def _check(part: str, **fields: Any) -> Check:
    return Check(name=f"statistics/{part}", **fields)


CHECKS = (
    _check(
        "newcombe",
        claim="Clopper-Pearson intervals of 81/263, 15/148, 0/20 and 1/29 are the published ones",
        authority="R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I",
        unit="probability",
        tolerance=5e-5,
        measure=measure_newcombe,
        planted_bug=wald,
        bug="p +- 1.96 standard errors",
    ),
    _check(
        "exact",
        claim="with one trial to a future the interval covers at least 95 %, p 0.01 to 0.99",
        authority="the binomial law, summed over all outcomes of 100, 400 and 1000 trials",
        unit="coverage lacking",
        tolerance=1e-12,
        measure=measure_exact,
        planted_bug=wilson,
        bug="Wilson's interval, which covers on average only",
    ),
    _check(
        "clustered",
        claim="with 20 trials to each of 50 futures the interval of a chance covers 93 % or more",
        authority="beta-binomial law, 1000 seeded runs of each case",
        unit="coverage lacking",
        tolerance=0.02,
        measure=measure_clustered,
        planted_bug=as_if_independent,
        bug="trials of one future taken for independent",
    ),
    _check(
        "mean",
        claim="with 20 trials to each of 50 futures the interval of the mean covers 93 % or more",
        authority="beta-binomial law, ten objects, 1000 seeded runs of each case",
        unit="coverage lacking",
        tolerance=0.02,
        measure=measure_mean,
        planted_bug=student,
        bug="Student's interval, blind to skewness",
    ),
    _check(
        "luck",
        claim="shares of luck and of the future come back from known variances",
        authority="normal trials around normal futures, 4000 futures of 5",
        unit="share",
        tolerance=0.02,
        measure=measure_shares,
        planted_bug=raw_shares,
        bug="luck in the means counted as the future's",
    ),
    _check(
        "ranks",
        claim="rank correlation equals the formula of the squared differences of ranks",
        authority="C. Spearman, American Journal of Psychology 15 (1904) 72",
        unit="correlation",
        tolerance=1e-12,
        measure=measure_ranks,
        planted_bug=pearson,
        bug="values in place of ranks",
    ),
)
