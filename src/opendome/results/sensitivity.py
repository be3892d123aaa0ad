"""Which inputs the result leans on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lean:
    """How strongly the leakers follow one uncertain input.

    Attributes
    ----------
    path : input
    rank_correlation : Spearman's rho between the input and the mean leakers of a future
    p_value : chance of a correlation this strong if the input did not matter
    low, high : values drawn
    """

    path: str
    rank_correlation: float
    p_value: float
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
    """Rank correlation of two series and its two-sided p-value (t approximation).

    Source: C. Spearman, American Journal of Psychology 15 (1904) 72.
    """
    a, b = ranks(first), ranks(second)
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    n = first.size
    if norm == 0.0 or n < 3:
        return 0.0, 1.0
    rho = max(-1.0, min(1.0, float((a * b).sum()) / norm))
    if abs(rho) == 1.0:
        return rho, 0.0
    t = abs(rho) * float(np.sqrt((n - 2) / (1.0 - rho * rho)))
    return rho, 2.0 * float(stdtr(n - 2, -t))


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
        found.append(Lean(path, rho, p_value, float(drawn.min()), float(drawn.max())))
    return sorted(found, key=lambda lean: (-abs(lean.rank_correlation), lean.path))
