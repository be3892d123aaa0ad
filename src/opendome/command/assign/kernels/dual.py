"""The Lagrangian dual: prices of rounds that make the bound of a problem high.

With a price on every row of limits (rounds of a weapon, rounds of a weapon in one slot) the
targets fall apart, and the sum of their cheapest columns less the price of all capacity is a
lower bound of every plan, at any prices of at least 0.
Source: M. Held, R. M. Karp, The traveling-salesman problem and minimum spanning trees: part II,
Mathematical Programming 1, 1971; step lengths after B. T. Polyak, Minimization of unsmooth
functionals, USSR Computational Mathematics 9, 1969.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.command.assign.kernels.columns import Pool, keep
from opendome.command.assign.kernels.pricing import (
    Bounds,
    Layout,
    Work,
    list_columns,
    price_target,
    worth_of,
)
from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

SAFETY = 1e-14  # of every number added: more than rounding can hide
PATIENCE = 8  # steps without a better bound before they get shorter
PROGRESS = 0.01  # of the distance to `above`: less counts as no better bound
MEMORY = 0.7  # of the last direction kept in the next


class Pace(NamedTuple):
    """How the ascent goes: number of steps, the first length, the length at which it stops."""

    steps: int
    length: float
    least: float


@kernel
def dual_bound(
    layout: Layout, work: Work, prices: Floats, bounds: Bounds, pool: Pool, excess: Floats
) -> float:
    """Lower bound of every plan at given prices, its columns kept in the pool.

    prices : (row,) at least 0     excess : (row,) out: rounds asked for less capacity
    """
    total, size = 0.0, 0.0
    rows = layout.capacity.size - 1
    for r in range(rows):
        excess[r] = -float(layout.capacity[r])
        total -= prices[r] * layout.capacity[r]
        size += prices[r] * layout.capacity[r]
    for j in range(layout.value.size):
        priced = price_target(layout, work, prices, bounds, j, pool)
        total += priced.bound
        size += abs(priced.bound)
        for k in range(priced.size):
            o = work.column[k]
            excess[layout.stock[o]] += 1.0
            excess[layout.pace[o]] += 1.0
        worth = worth_of(layout, j, work.column, priced.size)
        keep(pool, j, worth, work.column, priced.size)
    excess[rows] = 0.0
    return total - SAFETY * (rows + layout.value.size) * size


@kernel
def ascend(
    layout: Layout, work: Work, prices: Floats, bounds: Bounds, pool: Pool, above: float, pace: Pace
) -> float:
    """Raise the bound by steps along the excess of rounds; `prices` becomes the best found.

    above : an objective that some plan reaches
    Returns the bound at the best prices.
    """
    rows = layout.capacity.size - 1
    at, excess, way = prices.copy(), np.zeros(rows + 1), np.zeros(rows + 1)
    best, length, waited = -np.inf, pace.length, 0
    for _ in range(pace.steps):
        bound = dual_bound(layout, work, at, bounds, pool, excess)
        waited += 1
        if bound > best:
            waited = waited if bound - best < PROGRESS * (above - bound) else 0
            best = bound
            prices[:] = at
        if waited > PATIENCE:
            length, waited = 0.5 * length, 0
            at[:] = prices
        if length < pace.least or best >= above:
            break
        norm = 0.0
        for r in range(rows):
            if at[r] <= 0.0 and excess[r] < 0.0:
                excess[r] = 0.0
            way[r] = excess[r] + MEMORY * way[r]
            norm += way[r] * way[r]
        if norm <= 0.0:
            break
        step = length * (above - bound) / norm
        for r in range(rows):
            at[r] = max(0.0, at[r] + step * way[r])
    return best


@kernel
def list_all_columns(
    layout: Layout, work: Work, prices: Floats, bounds: Bounds, pool: Pool, above: float
) -> bool:
    """Keep every column of every target that is at most so much above the cheapest one."""
    complete = True
    for j in range(layout.value.size):
        complete = list_columns(layout, work, prices, bounds, j, pool, above) and complete
    return complete
