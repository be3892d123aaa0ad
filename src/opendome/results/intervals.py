"""Intervals that honour the two levels of a campaign: futures, and dice inside a future."""

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

    @property
    def half_width(self) -> float:
        """Distance from the value to the farther end."""
        return max(self.high - self.value, self.value - self.low)


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


def effective_trials(
    hits: Floats, trials: Floats, *, most: float | None = None, confidence: float = CONFIDENCE
) -> float:
    """Number of independent trials worth as much as these clustered ones.

    hits, trials : (future,) successes (real numbers up to the trials) and trials of each future
    most : largest answer, the trials when None
    Returns a number between the futures and `most`.
    Model: ``p (1 - p) / v`` with v the between-futures variance of the pooled proportion
    (ratio estimator), times ``(t_many / t_few)^2``, the Student quantiles of all trials and of
    the degrees of freedom that v has. These are Kish's effective number of the futures that
    carry the hits (or the misses, the fewer), less one: when two futures of fifty hold all
    the hits, hardly anything is known of how futures differ.
    Source: E. L. Korn, B. I. Graubard, Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data, Survey Methodology 24
    (1998) 193; L. Kish, Survey Sampling (1965), for the effective number; the choice of
    degrees of freedom is a project assumption, checked by simulation.
    """
    futures = hits.size
    total = float(trials.sum())
    most = total if most is None else most
    p = float(hits.sum()) / total
    if futures < 2 or p in (0.0, 1.0):
        return float(futures)
    residual = hits - p * trials
    variance = futures / (futures - 1) * float((residual**2).sum()) / total**2
    worth = min(most, p * (1.0 - p) / variance) if variance > 0.0 else most
    carriers = min(_kish(hits), _kish(trials - hits))
    freedom = min(max(carriers - 1.0, 1.0), futures - 1.0)
    tail = 0.5 + confidence / 2.0
    shrink = float(stdtrit(max(total - 1.0, 1.0), tail)) / float(stdtrit(freedom, tail))
    return max(float(futures), worth * shrink * shrink)


def _kish(weights: Floats) -> float:
    """Number of equal weights that are as uneven as these."""
    return float(weights.sum()) ** 2 / float((weights**2).sum())


def proportion(
    hits: Floats, trials: Floats, *, confidence: float = CONFIDENCE
) -> tuple[Estimate, float]:
    """Proportion of trials with its interval, and the effective number of trials.

    hits, trials : (future,)
    Exact Clopper-Pearson when every trial has its own future; otherwise the same interval
    on `effective_trials`.
    """
    total = float(trials.sum())
    if bool(np.all(trials == 1.0)):
        low, high = clopper_pearson(float(hits.sum()), total, confidence=confidence)
        return Estimate(float(hits.sum()) / total, low, high), total
    worth = effective_trials(hits, trials, confidence=confidence)
    return bounded_mean(hits, trials, ceiling=1.0, confidence=confidence), worth


def bounded_mean(
    sums: Floats, trials: Floats, *, ceiling: float, confidence: float = CONFIDENCE
) -> Estimate:
    """Mean per trial of a count between 0 and `ceiling`, with its interval.

    sums, trials : (future,) sum of the count over the trials of a future, number of trials
    Model: the mean as a share of the ceiling, Clopper-Pearson on `effective_trials`. When
    every future gives the same mean, what is not known is how many futures would not: at
    most the share that Clopper-Pearson allows for none of `futures`, each anywhere between
    0 and the ceiling. So nothing is ever reported as certain.
    Valid for: 30 futures or more; coverage in docs/models/intervals.md. A kind of future
    too rare to be drawn at all is beyond any interval.
    """
    futures = sums.size
    total = float(trials.sum())
    mean = float(sums.sum()) / total
    if ceiling <= 0.0:
        return Estimate(mean, mean, mean)
    share = min(1.0, mean / ceiling)
    if futures > 1 and bool(np.all(sums * total == float(sums.sum()) * trials)):
        _, unseen = clopper_pearson(0.0, futures, confidence=confidence)
        low, high = share * (1.0 - unseen), share * (1.0 - unseen) + unseen
        return Estimate(mean, low * ceiling, high * ceiling)
    worth = effective_trials(
        sums / ceiling, trials, most=total * max(1.0, ceiling), confidence=confidence
    )
    low, high = clopper_pearson(share * worth, worth, confidence=confidence)
    return Estimate(mean, low * ceiling, high * ceiling)


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
