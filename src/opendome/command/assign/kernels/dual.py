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


class Ascent(NamedTuple):
    """An ascent that can stop after any step and go on.

    at, way : (row,) the prices to try next, and the last direction
    best : (1,) the best bound so far
    length : (1,) of the next step     waited : (1,) steps without a better bound
    """

    at: Floats
    way: Floats
    best: Floats
    length: Floats
    waited: Longs


def ascent_of(prices: Floats, pace: Pace) -> Ascent:
    """An ascent from given prices that has not begun."""
    return Ascent(
        at=prices.copy(),
        way=np.zeros(prices.size),
        best=np.array([-np.inf]),
        length=np.array([pace.length]),
        waited=np.zeros(1, np.int64),
    )


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
    layout: Layout,
    work: Work,
    prices: Floats,
    bounds: Bounds,
    pool: Pool,
    above: float,
    pace: Pace,
    ascent: Ascent,
) -> bool:
    """Raise the bound by some steps along the excess of rounds; `prices` becomes the best found.

    above : an objective that some plan reaches     pace : its `steps` are those of this call
    Returns whether another step could raise it further.
    """
    rows = layout.capacity.size - 1
    at, way, excess = ascent.at, ascent.way, np.zeros(rows + 1)
    for _ in range(pace.steps):
        bound = dual_bound(layout, work, at, bounds, pool, excess)
        ascent.waited[0] += 1
        if bound > ascent.best[0]:
            if bound - ascent.best[0] >= PROGRESS * (above - bound):
                ascent.waited[0] = 0
            ascent.best[0] = bound
            prices[:] = at
        if ascent.waited[0] > PATIENCE:
            ascent.length[0] *= 0.5
            ascent.waited[0] = 0
            at[:] = prices
        if ascent.length[0] < pace.least or ascent.best[0] >= above:
            return False
        norm = 0.0
        for r in range(rows):
            if at[r] <= 0.0 and excess[r] < 0.0:
                excess[r] = 0.0
            way[r] = excess[r] + MEMORY * way[r]
            norm += way[r] * way[r]
        if norm <= 0.0:
            return False
        step = ascent.length[0] * (above - bound) / norm
        for r in range(rows):
            at[r] = max(0.0, at[r] + step * way[r])
    return True


@kernel
def list_all_columns(
    layout: Layout, work: Work, prices: Floats, bounds: Bounds, pool: Pool, above: float
) -> bool:
    """Keep every column of every target that is at most so much above the cheapest one."""
    complete = True
    for j in range(layout.value.size):
        complete = list_columns(layout, work, prices, bounds, j, pool, above) and complete
    return complete
