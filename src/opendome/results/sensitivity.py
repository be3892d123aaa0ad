"""Which inputs the result leans on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import factorial, stdtr

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lean:
    """How strongly the leakers follow one uncertain input.

    Attributes
    ----------
    path : input
    rank_correlation : Spearman's rho between the input and the mean leakers of a future
    p_value : chance of a correlation this strong if the input did not matter
    p_adjusted : the same, allowing for how many inputs were looked at (Holm)
    low, high : values drawn
    """

    path: str
    rank_correlation: float
    p_value: float
    p_adjusted: float
    low: float
    high: float


def ranks(values: Floats) -> Floats:
    """Ranks of values, ties sharing their mean rank: (n,) -> (n,)."""
    order = np.argsort(values, kind="stable")
    _, group, counts = np.unique(values[order], return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean_rank = last - (counts - 1) / 2.0
    result = np.empty(values.size)
    result[order] = mean_rank[group]
    return result


def spearman(first: Floats, second: Floats) -> tuple[float, float]:
    """Rank correlation of two series and its two-sided p-value.

    Model: t approximation, but never less than what the n! orders of n values can tell: two of
    them are a perfect correlation, so that p is 2 / n! at least.
    Source: C. Spearman, American Journal of Psychology 15 (1904) 72.
    """
    a, b = ranks(first), ranks(second)
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    n = first.size
    if norm == 0.0 or n < 3:
        return 0.0, 1.0
    rho = max(-1.0, min(1.0, float((a * b).sum()) / norm))
    least = 2.0 / float(factorial(n))
    if abs(rho) == 1.0:
        return rho, least
    t = abs(rho) * float(np.sqrt((n - 2) / (1.0 - rho * rho)))
    return rho, max(least, 2.0 * float(stdtr(n - 2, -t)))


def leans(sampled: Sequence[dict[str, float]], leakers_by_future: Floats) -> list[Lean]:
    """Every uncertain input, the strongest first.

    sampled : (future,) input path -> value     leakers_by_future : (future,) mean leakers
    Valid for: monotone effects; an input that matters only with another may be missed.
    """
    found: list[Lean] = []
    for path in sampled[0] if sampled else ():
        drawn = np.array([values[path] for values in sampled])
        if drawn.min() == drawn.max():
            continue
        rho, p_value = spearman(drawn, leakers_by_future)
        low, high = float(drawn.min()), float(drawn.max())
        found.append(Lean(path, rho, p_value, p_value, low, high))
    found.sort(key=lambda lean: (lean.p_value, -abs(lean.rank_correlation), lean.path))
    return _adjusted(found)


def _adjusted(found: list[Lean]) -> list[Lean]:
    """Fill `p_adjusted` of leans sorted by p-value.

    Source: S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian
    Journal of Statistics 6 (1979) 65.
    """
    highest = 0.0
    result: list[Lean] = []
    for place, lean in enumerate(found):
        highest = max(highest, min(1.0, lean.p_value * (len(found) - place)))
        result.append(replace(lean, p_adjusted=highest))
    return result
