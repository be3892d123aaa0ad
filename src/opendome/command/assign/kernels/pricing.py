"""The cheapest column of one target at given prices of rounds, exactly.

A column says how many rounds each option of a target fires. With prices ``c`` of the rounds the
part of a target in the Lagrangian is::

    min over whole x of  S * prod_o (1 - p_o)^x_o + sum_o c_o x_o

Branch and bound over rounds sorted by price per unit of ``-log(1 - p)``. Two lower bounds cut:
rounds taken in fractions (the convex relaxation), and rounds that are whole but all have the
least price and the best probability left.

Source: definition of the Lagrangian dual; the fractional bound is the continuous allocation of
G. G. den Broeder, R. E. Ellison, L. Emerling, On optimum target assignments, Operations
Research 7, 1959.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.command.assign.kernels.columns import Pool, keep
from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

CERTAIN = 700.0  # -log(1 - p) of a certain kill: exp(-700) is near the smallest float64
WHOLE = 32  # rounds the bound of whole rounds looks at
SAFETY = 1e-12  # of the value of a target: more than rounding can hide
SEARCH_STEPS = 200_000  # of one search; a search that needs more answers with its convex relaxation


class Layout(NamedTuple):
    """A problem as the kernels read it: options of target j are start[j] to start[j + 1].

    start : (target + 1,)     value, salvo, looks : (target,)
    p_kill, depth, price : (option,) `depth` is -log(1 - p_kill)
    slot : (option,) counted from 0
    stock, pace : (option,) rows of the limits of the weapon and of its slot;
        the last row stands for no limit
    capacity : (row,)
    """

    start: Longs
    value: Floats
    salvo: Longs
    looks: Longs
    p_kill: Floats
    depth: Floats
    price: Floats
    slot: Ints
    stock: Ints
    pace: Ints
    capacity: Longs


class Work(NamedTuple):
    """Room for one search: candidates in order of their ratio, and the path to a column.

    option, cost, fail, depth, ratio, free, taken : (candidate,)
    least, best_fail : (candidate + 1,) least price and best survival from here on
    path, survival, spent : (round,)     fired : (slot,)     drawn : (row,)
    column : (round,) options of the answer, one entry a round
    """

    option: Longs
    cost: Floats
    fail: Floats
    depth: Floats
    ratio: Floats
    free: Longs
    taken: Longs
    least: Floats
    best_fail: Floats
    path: Longs
    survival: Floats
    spent: Floats
    fired: Longs
    drawn: Longs
    column: Longs


class Bounds(NamedTuple):
    """Least and most rounds of each option: (option,)."""

    lower: Ints
    upper: Ints


class Base(NamedTuple):
    """What a target gets at least, and what rounds by marginal return add to it.

    survival, spent : value left and price of the rounds at least given
    rounds, used : number of these rounds, and looks they use
    most : rounds that may still be added
    least, best_fail : least price and best survival of any option
    filled : rounds of `Work.column`: the base, then what marginal returns add
    limit : sum with these rounds
    """

    target: int
    survival: float
    spent: float
    rounds: int
    used: int
    most: int
    least: float
    best_fail: float
    filled: int
    limit: float


class Priced(NamedTuple):
    """Answer of a pricing: a lower bound of the least sum, and the best column found.

    bound : no column of the target has a lower sum     size : rounds of `Work.column`
    """

    bound: float
    size: int


def work_of(layout: Layout) -> Work:
    """Room for searches over the targets of a layout."""
    most = int(np.diff(layout.start).max(initial=0)) + 1
    rounds = int(layout.capacity[-1]) + 2  # the last row is never full
    longs = [np.zeros(most, np.int64) for _ in range(3)]
    floats = [np.zeros(most) for _ in range(4)]
    return Work(
        option=longs[0],
        cost=floats[0],
        fail=floats[1],
        depth=floats[2],
        ratio=floats[3],
        free=longs[1],
        taken=longs[2],
        least=np.zeros(most + 1),
        best_fail=np.zeros(most + 1),
        path=np.zeros(rounds, np.int64),
        survival=np.zeros(rounds),
        spent=np.zeros(rounds),
        fired=np.zeros(int(layout.slot.max(initial=0)) + 1, np.int64),
        drawn=np.zeros(layout.capacity.size, np.int64),
        column=np.zeros(rounds, np.int64),
    )


@kernel
def whole_rounds(survival: float, least: float, fail: float, most: int) -> float:
    """Lower bound of what is left with whole rounds of one price and one probability."""
    bound = survival
    spent = 0.0
    for count in range(most):
        if count == WHOLE:
            return min(bound, spent)
        spent += least
        survival *= fail
        if spent + survival >= bound:
            break
        bound = spent + survival
    return bound


@kernel
def fractions(work: Work, survival: float, first: int, size: int) -> float:
    """Lower bound of what is left when candidates from `first` on are taken in fractions."""
    spent = 0.0
    for m in range(first, size):
        ratio = work.ratio[m]
        if survival <= ratio:
            break
        left = (work.free[m] - work.taken[m]) * work.depth[m]
        if ratio > 0.0:
            wanted = np.log(survival / ratio)
            if wanted <= left:
                return spent + ratio * (1.0 + wanted)
        spent += ratio * left
        survival *= np.exp(-left)
    return spent + survival


@kernel
def may_fire(layout: Layout, work: Work, target: int, option: int, used: int) -> bool:
    """Whether salvo, looks and the stock of the weapon leave a round to the column."""
    fired = work.fired[layout.slot[option]]
    if fired >= layout.salvo[target] or (fired == 0 and used >= layout.looks[target]):
        return False
    row = layout.stock[option]
    return bool(work.drawn[row] < layout.capacity[row])


@kernel
def fire(layout: Layout, work: Work, option: int, rounds: int) -> int:
    """Fire rounds, or take them back where negative; returns by how much the looks change."""
    slot = layout.slot[option]
    before = work.fired[slot]
    work.fired[slot] = before + rounds
    work.drawn[layout.stock[option]] += rounds
    return int(before + rounds > 0) - int(before > 0)


@kernel
def sort_candidates(work: Work, size: int) -> None:
    """Order candidates by ratio, then survival, then option (D. L. Shell's sort, 1959)."""
    gap = size // 2
    while gap > 0:
        for k in range(gap, size):
            option, cost, fail, ratio = work.option[k], work.cost[k], work.fail[k], work.ratio[k]
            at = k
            while at >= gap:
                q = at - gap
                if (work.ratio[q], work.fail[q], work.option[q]) <= (ratio, fail, option):
                    break
                work.option[at], work.cost[at] = work.option[q], work.cost[q]
                work.fail[at], work.ratio[at] = work.fail[q], work.ratio[q]
                at = q
            work.option[at], work.cost[at] = option, cost
            work.fail[at], work.ratio[at] = fail, ratio
        gap //= 2


@kernel
def list_candidates(
    layout: Layout, work: Work, prices: Floats, bounds: Bounds, base: Base, limit: float
) -> int:
    """List the options that can be part of a column below `limit`, in order of their ratio.

    Returns their number.
    """
    target, survival, most, used = base.target, base.survival, base.most, base.used
    least, best_fail = base.least, base.best_fail
    lower, upper = bounds
    size = 0
    for o in range(layout.start[target], layout.start[target + 1]):
        if upper[o] <= lower[o]:
            continue
        cost = layout.price[o] + prices[layout.stock[o]] + prices[layout.pace[o]]
        left = survival * (1.0 - layout.p_kill[o])
        room = limit - cost
        further = 1
        while left >= room > 0.0 and further < most and further < WHOLE:
            left *= best_fail
            room -= least
            further += 1
        if room <= 0.0 or (left >= room and further < WHOLE):
            continue
        if may_fire(layout, work, target, o, used):
            work.option[size], work.cost[size] = o, cost
            work.fail[size] = 1.0 - layout.p_kill[o]
            work.ratio[size] = cost / layout.depth[o] if layout.depth[o] > 0.0 else np.inf
            size += 1
    sort_candidates(work, size)
    work.least[size], work.best_fail[size] = np.inf, 1.0
    for m in range(size - 1, -1, -1):
        o = work.option[m]
        work.depth[m] = layout.depth[o]
        work.free[m] = upper[o] - lower[o]
        work.taken[m] = 0
        work.least[m] = min(work.cost[m], work.least[m + 1])
        work.best_fail[m] = min(work.fail[m], work.best_fail[m + 1])
    return size


@kernel
def is_twin(work: Work, m: int) -> bool:
    """Whether the candidate before is the same and still has rounds: then that one goes first.

    Only in a problem of one slot: else the two may leave different rounds for other slots.
    """
    if work.fired.size > 1 or m == 0 or work.taken[m - 1] >= work.free[m - 1]:
        return False
    return work.cost[m] == work.cost[m - 1] and work.fail[m] == work.fail[m - 1]


@kernel
def worth_of(layout: Layout, target: int, rounds: Longs, count: int) -> float:
    """Expected loss of a target plus the price of the rounds fired at it."""
    survival, price = layout.value[target], 0.0
    for k in range(count):
        survival *= 1.0 - layout.p_kill[rounds[k]]
        price += layout.price[rounds[k]]
    return survival + price


@kernel
def note_column(work: Work, base: int, depth: int) -> int:
    """Write the path behind the rounds of the base; returns the rounds of the column."""
    for k in range(depth):
        work.column[base + k] = work.option[work.path[k]]
    return base + depth


@kernel
def base_of(layout: Layout, work: Work, prices: Floats, bounds: Bounds, target: int) -> Base:
    """Fire what the target gets at least, and look at every single round on top of it."""
    lower, upper = bounds
    survival, spent = layout.value[target], 0.0
    rounds, used = 0, 0
    first, end = layout.start[target], layout.start[target + 1]
    for o in range(first, end):
        if lower[o] > 0:
            cost = layout.price[o] + prices[layout.stock[o]] + prices[layout.pace[o]]
            spent += cost * lower[o]
            survival *= (1.0 - layout.p_kill[o]) ** lower[o]
            used += fire(layout, work, o, lower[o])
            for _ in range(lower[o]):
                work.column[rounds] = o
                rounds += 1
    least, best_fail = np.inf, 1.0
    for o in range(first, end):
        if upper[o] > lower[o]:
            cost = layout.price[o] + prices[layout.stock[o]] + prices[layout.pace[o]]
            least, best_fail = min(least, cost), min(best_fail, 1.0 - layout.p_kill[o])
    most = layout.salvo[target] * min(layout.looks[target], work.fired.size) - rounds
    left, count = add_best(layout, work, prices, bounds, target, (survival, used, rounds))
    return Base(target, survival, spent, rounds, used, most, least, best_fail, count, left)


@kernel
def add_best(
    layout: Layout,
    work: Work,
    prices: Floats,
    bounds: Bounds,
    target: int,
    given: tuple[float, int, int],
) -> tuple[float, int]:
    """Add the best further round until none lowers the sum; returns the sum and the rounds."""
    survival, used, count = given
    base, spent = count, 0.0
    while True:
        best, limit, price = -1, survival, 0.0
        for o in range(layout.start[target], layout.start[target + 1]):
            cost = layout.price[o] + prices[layout.stock[o]] + prices[layout.pace[o]]
            value = survival * (1.0 - layout.p_kill[o]) + cost
            if value < limit and bounds.upper[o] > bounds.lower[o]:
                more = 0
                for k in range(base, count):
                    more += int(work.column[k] == o)
                free = bounds.upper[o] - bounds.lower[o]
                if more < free and may_fire(layout, work, target, o, used):
                    best, limit, price = o, value, cost
        if best < 0:
            break
        work.column[count] = best
        count += 1
        used += fire(layout, work, best, 1)
        spent += price
        survival *= 1.0 - layout.p_kill[best]
    for k in range(base, count):
        fire(layout, work, int(work.column[k]), -1)
    return spent + survival, count


@kernel
def clear(layout: Layout, work: Work, bounds: Bounds, target: int) -> None:
    """Take back what a target gets at least."""
    for o in range(layout.start[target], layout.start[target + 1]):
        if bounds.lower[o] > 0:
            fire(layout, work, o, -bounds.lower[o])


@kernel
def cheapest_below(
    layout: Layout, work: Work, base: Base, size: int, pool: Pool, limit: float, every: bool
) -> tuple[float, int, bool]:
    """Search the columns whose sum on top of the base is below a limit.

    every : keep all of them in the pool, instead of the cheapest one in `work.column`
    Returns the least sum, the rounds of that column (-1 where none is below), and whether the
    search was complete.
    """
    target, used = base.target, base.used
    slack = SAFETY * layout.value[target]
    work.survival[0], work.spent[0] = base.survival, 0.0
    depth, m, count, fresh = 0, 0, -1, True
    for _ in range(SEARCH_STEPS):
        survival, spent = work.survival[depth], work.spent[depth]
        beyond = m >= size
        if not beyond and (fresh or m % 8 == 0):  # it only grows with m: now and then will do
            beyond = spent + fractions(work, survival, m, size) >= limit - slack
        fresh = False
        if beyond:
            if depth == 0:
                return limit, count, True
            depth -= 1
            m = work.path[depth]
            used += fire(layout, work, int(work.option[m]), -1)
            work.taken[m] -= 1
            m += 1
            continue
        survival, spent = survival * work.fail[m], spent + work.cost[m]
        left = whole_rounds(survival, work.least[m], work.best_fail[m], base.most - depth - 1)
        wanted = spent + left < limit - slack and work.taken[m] < work.free[m]
        if not wanted or not may_fire(layout, work, target, work.option[m], used):
            m += 1
            continue
        if not every and is_twin(work, m):
            m += 1
            continue
        work.path[depth] = m
        used += fire(layout, work, work.option[m], 1)
        work.taken[m] += 1
        depth += 1
        work.survival[depth], work.spent[depth] = survival, spent
        fresh = True
        if spent + survival >= limit:
            continue
        rounds = note_column(work, base.rounds, depth)
        if not every:
            limit, count = spent + survival, rounds
            continue
        worth = worth_of(layout, target, work.column, rounds)
        if not keep(pool, target, worth, work.column, rounds):
            return limit, count, unwind(layout, work, depth)
    return limit, count, unwind(layout, work, depth)


@kernel
def unwind(layout: Layout, work: Work, depth: int) -> bool:
    """Take back the rounds of a path that is given up; False, for it was not complete."""
    for k in range(depth):
        fire(layout, work, int(work.option[work.path[k]]), -1)
    return False


@kernel
def price_target(
    layout: Layout, work: Work, prices: Floats, bounds: Bounds, target: int, pool: Pool
) -> Priced:
    """The cheapest column of a target at prices of the rows."""
    base = base_of(layout, work, prices, bounds, target)
    limit, count = base.limit, base.filled
    relaxed = limit
    if count > base.rounds:
        size = list_candidates(layout, work, prices, bounds, base, limit)
        if size > 0:
            relaxed = min(limit, fractions(work, base.survival, 0, size))
            limit, better, complete = cheapest_below(layout, work, base, size, pool, limit, False)
            count = better if better >= 0 else count
            relaxed = limit if complete else relaxed
    clear(layout, work, bounds, target)
    return Priced(base.spent + relaxed - SAFETY * layout.value[target], count)


@kernel
def list_columns(
    layout: Layout,
    work: Work,
    prices: Floats,
    bounds: Bounds,
    target: int,
    pool: Pool,
    above: float,
) -> bool:
    """Keep every column of a target whose sum is at most so much above the least.

    Returns False where the pool or the search had no room for all.
    """
    least = price_target(layout, work, prices, bounds, target, pool)
    base = base_of(layout, work, prices, bounds, target)
    limit = least.bound - base.spent + above + 2.0 * SAFETY * layout.value[target]
    complete = True
    if base.survival < limit:
        worth = worth_of(layout, target, work.column, base.rounds)
        complete = keep(pool, target, worth, work.column, base.rounds)
    size = list_candidates(layout, work, prices, bounds, base, limit)
    if size > 0:
        _, _, searched = cheapest_below(layout, work, base, size, pool, limit, True)
        complete = complete and searched
    clear(layout, work, bounds, target)
    return complete
