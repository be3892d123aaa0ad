"""Intervals that honour the two levels of a campaign: futures, and dice inside a future."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, stdtrit

Floats = npt.NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value with its confidence interval."""

    value: float
    low: float
    high: float


def clopper_pearson(
    successes: float, trials: float, *, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Exact interval of a binomial proportion.

    successes, trials : counts, or effective counts (real numbers)
    Returns (low, high).
    Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404, in beta quantiles.
    """
    tail = (1.0 - confidence) / 2.0
    low, high = 0.0, 1.0
    if successes > 0.0:
        low = float(betaincinv(successes, trials - successes + 1.0, tail))
    if successes < trials:
        high = float(betaincinv(successes + 1.0, trials - successes, 1.0 - tail))
    return low, high


def effective_trials(hits: Floats, trials: Floats) -> float:
    """Number of independent trials worth as much as these clustered ones.

    hits, trials : (future,) successes and trials of each future
    Returns a number between the futures and the trials.
    Model: ``p (1 - p) / v`` with v the between-futures variance of the pooled proportion
    (ratio estimator). When no future differs from another (all or none), the futures
    themselves are counted: trials of one future may share everything.
    Source: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), sections 9A and 6.4.
    """
    futures = hits.size
    total = float(trials.sum())
    if bool(np.all(trials == 1.0)):
        return total
    p = float(hits.sum()) / total
    if futures < 2 or p in (0.0, 1.0):
        return float(futures)
    residual = hits - p * trials
    variance = futures / (futures - 1) * float((residual**2).sum()) / total**2
    if variance <= 0.0:
        return total
    return min(total, max(float(futures), p * (1.0 - p) / variance))


def proportion(
    hits: Floats, trials: Floats, *, confidence: float = CONFIDENCE
) -> tuple[Estimate, float]:
    """Proportion of trials with its interval, and the effective number of trials.

    hits, trials : (future,)
    Exact Clopper-Pearson when every trial has its own future; otherwise the same interval
    on the effective number of trials, which is exact only in the limit of many futures.
    """
    p = float(hits.sum()) / float(trials.sum())
    worth = effective_trials(hits, trials)
    low, high = clopper_pearson(p * worth, worth, confidence=confidence)
    return Estimate(p, low, high), worth


def bounded_mean(
    sums: Floats, trials: Floats, *, ceiling: float, confidence: float = CONFIDENCE
) -> Estimate:
    """Mean per trial of a count between 0 and `ceiling`, with its interval.

    sums, trials : (future,) sum of the count over the trials of a future, number of trials
    Model: Student interval on the means of the futures (ratio estimator). Never narrower
    than what Clopper-Pearson says of `futures` proportions when every future agrees at an
    end of the range, so a zero is never reported as certain.
    """
    futures = sums.size
    total = float(trials.sum())
    mean = float(sums.sum()) / total
    if ceiling <= 0.0:
        return Estimate(mean, mean, mean)
    share_low, share_high = clopper_pearson(mean / ceiling * futures, futures, confidence=confidence)
    residual = sums - mean * trials
    spread = float((residual**2).sum())
    if futures < 2 or spread == 0.0:
        return Estimate(mean, share_low * ceiling, share_high * ceiling)
    error = math.sqrt(futures / (futures - 1) * spread) / total
    reach = float(stdtrit(futures - 1, 0.5 + confidence / 2.0)) * error
    return Estimate(mean, max(0.0, mean - reach), min(ceiling, mean + reach))


def luck_and_futures(values: Floats, future: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Shares of the variance of a trial that are luck and that are the future.

    values : (trial,)     future : (trial,) number of its future
    Returns (luck, futures), summing to 1, or (0, 0) when nothing varies.
    Model: one-way analysis of variance, unbiased components, negative ones set to zero.
    Source: S. R. Searle, G. Casella, C. E. McCulloch, Variance Components (1992), ch. 3.
    """
    _, group = np.unique(future, return_inverse=True)
    counts = np.bincount(group).astype(float)
    means = np.bincount(group, values) / counts
    total, futures = float(counts.sum()), counts.size
    grand = float(values.mean())
    inside = float(((values - means[group]) ** 2).sum())
    between = float((counts * (means - grand) ** 2).sum())
    if total <= futures or futures < 2:
        return (0.0, 0.0)
    luck = inside / (total - futures)
    size = (total - float((counts**2).sum()) / total) / (futures - 1)
    shared = max(0.0, (between / (futures - 1) - luck) / size)
    whole = luck + shared
    return (luck / whole, shared / whole) if whole > 0.0 else (0.0, 0.0)
