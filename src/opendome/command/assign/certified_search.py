"""What the certified search holds, and what it does at one node: bounds, columns, plans."""

import time
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from opendome.command.assign.certified_master import choose, relax
from opendome.command.assign.kernels.columns import Pool, keep, merge, pool_of, within
from opendome.command.assign.kernels.dual import (
    Pace,
    ascend,
    ascent_of,
    dual_bound,
    list_all_columns,
)
from opendome.command.assign.kernels.pricing import Bounds, Layout, Work, work_of
from opendome.command.assign.kernels.rounding import Plan, adopt, empty_plan, fill

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

COLUMNS_MAX = 100_000  # of a pool, over those that every target may add
ROUNDS_MAX = 1_000_000
LISTED = 12  # columns of a target listed at a time, on average
BOX = 0.1  # of the mean price: how far prices may move in one step
MASTER_STEPS = 60  # programmes solved at one node
CHOICE_STEPS = 2000  # nodes HiGHS may open when it looks for a plan
SHORT = 0.01  # of the time left: a call of steps that may be followed by a longer one
FALL = 0.7  # from one price tried at the start to the next
# Steps, first length, last length: tuned on random instances; the bound is valid for any.
FIRST = Pace(steps=128, length=1.0, least=1e-3)
LATER = Pace(steps=10, length=0.25, least=0.01)
SAFETY = 1e-12  # of the objective: more than rounding can hide
NO_POOL = pool_of(0, 0)


@dataclass(kw_only=True)
class Search:
    """A layout, the columns found for it, and the best plan so far.

    Attributes
    ----------
    rounds, objective : the best plan of the layout and what it leaves
    gap : relative distance from the bound that is good enough
    deadline_s : reading of the clock at which the search must end
    """

    layout: Layout
    bounds: Bounds
    gap: float
    deadline_s: float
    rounds: Longs = field(init=False)
    objective: float = field(init=False, default=np.inf)
    work: Work = field(init=False)
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.work = work_of(self.layout)
        self.renew()

    def renew(self) -> None:
        """Forget the columns, except those that fire nothing."""
        targets = self.layout.value.size
        self.pool = pool_of(COLUMNS_MAX + 4 * LISTED * targets, ROUNDS_MAX + 32 * LISTED * targets)
        nothing = np.zeros(0, np.int64)
        for target, value in enumerate(self.layout.value):
            keep(self.pool, target, value, nothing, 0)

    @property
    def left_s(self) -> float:
        """Time left."""
        return self.deadline_s - time.perf_counter()

    @property
    def cutoff(self) -> float:
        """A bound from here on is good enough."""
        return self.objective * (1.0 - self.gap)

    @property
    def enough(self) -> float:
        """A relaxation this near to the bound counts as solved."""
        return 0.1 * self.gap * self.objective

    def offer(self, plan: Plan) -> None:
        """Take a plan if it is the best so far."""
        layout = self.layout
        objective = float(plan.survival.sum() + layout.price @ plan.rounds)
        if objective < self.objective:
            self.objective, self.rounds = objective, plan.rounds.copy()

    def offer_columns(self, order: Longs) -> None:
        """Fire these columns as far as they fit, fill up, and take the plan if it is better."""
        plan = empty_plan(self.layout, self.bounds.upper)
        adopt(self.layout, plan, self.pool, order)
        fill(self.layout, plan)
        self.offer(plan)

    def offer_weights(self, columns: Longs, weight: Floats) -> None:
        """Fire columns in order of their weight in a relaxation, as far as they fit."""
        used = np.flatnonzero(weight > SAFETY)
        self.offer_columns(columns[used[np.argsort(-weight[used], kind="stable")]])


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of all plans: bounds of the options, the best prices known, and what they prove.

    Attributes
    ----------
    columns, weight : support of the last relaxation
    off : how much higher the relaxation is than the bound
    radius : how far prices may move in the next step
    solved : whether nothing can be gained from another relaxation
    """

    bounds: Bounds
    prices: Floats
    bound: float
    columns: Longs
    weight: Floats
    off: float
    radius: float
    solved: bool


def starting_prices(search: Search) -> Floats:
    """Prices of the rows to begin with: of those tried, the ones of the best bound.

    Tried are: nothing, and one price for all full rows, on a scale of halves of the largest value.
    """
    rows = search.layout.capacity.size
    best, found = -np.inf, np.zeros(rows)
    price = float(search.layout.value.max(initial=0.0))
    for _ in range(30):
        prices = np.append(np.full(rows - 1, price), 0.0)
        bound = _evaluate(search, search.bounds, prices, NO_POOL)
        if bound < best:
            break
        best, found = bound, prices
        price *= FALL
        if search.left_s <= 0.0:
            break
    return found


def _evaluate(search: Search, bounds: Bounds, prices: Floats, pool: Pool) -> float:
    excess = np.zeros(prices.size)
    return float(dual_bound(search.layout, search.work, prices, bounds, pool, excess))


def climb(search: Search, bounds: Bounds, prices: Floats, pace: Pace) -> float:
    """Raise the bound in place by steps along the excess, until they or the time end.

    The clock is read between calls; a call takes one step, and twice as many while it is short.
    """
    args = (search.layout, search.work, prices, bounds, NO_POOL, search.objective)
    ascent, left, several, rising = ascent_of(prices, pace), pace.steps, 1, True
    while rising and left > 0 and (search.left_s > 0.0 or left == pace.steps):
        before_s = search.left_s
        rising = ascend(*args, pace._replace(steps=min(several, left)), ascent)
        left -= several
        several *= 2 if search.left_s >= before_s * (1.0 - SHORT) else 1
    return float(ascent.best[0])


def useful_columns(search: Search, bounds: Bounds) -> Longs:
    """Columns of the pool that respect the bounds."""
    pool, layout = search.pool, search.layout
    inside = np.zeros(int(pool.size[0]), np.bool_)
    wanted = np.bincount(_targets(layout), bounds.lower, minlength=layout.value.size)
    within(pool, bounds.lower, bounds.upper, wanted.astype(np.int64), inside)
    return np.flatnonzero(inside)


def _targets(layout: Layout) -> Longs:
    return np.repeat(np.arange(layout.value.size), np.diff(layout.start))


def first_node(search: Search, bounds: Bounds, prices: Floats, pace: Pace) -> Node:
    """A node with prices that were raised by steps, and its best columns in the pool."""
    prices, nothing = prices.copy(), np.zeros(0, np.int64)
    bound = climb(search, bounds, prices, pace)
    node = Node(
        bounds=bounds,
        prices=prices,
        bound=bound,
        columns=nothing,
        weight=np.zeros(0),
        off=np.inf,
        radius=BOX * float(prices.mean()) + SAFETY,
        solved=False,
    )
    list_near(search, node, search.objective - bound)
    return node


def solve_node(search: Search, bounds: Bounds, prices: Floats) -> Node:
    """Raise the bound of a node by columns until it is good enough or the relaxation is solved."""
    node = first_node(search, bounds, prices, LATER)
    for _ in range(MASTER_STEPS):
        if node.solved or node.bound >= search.cutoff or search.left_s <= 0.0:
            break
        node = improve(search, node)
    return node


def improve(search: Search, node: Node) -> Node:
    """Solve the relaxation over the columns known; the node with better prices, plan, columns."""
    columns, box = useful_columns(search, node.bounds), (node.prices, node.radius)
    found = relax(search.layout, search.pool, columns, box, seconds=search.left_s)
    if found is None:
        return replace(node, solved=True)
    held = int(search.pool.size[0])
    search.offer_weights(columns, found.weight)
    bound = _evaluate(search, node.bounds, found.prices, search.pool)
    better = bound > node.bound
    off = found.value - max(bound, node.bound)
    support = found.weight > SAFETY
    node = replace(
        node,
        prices=found.prices if better else node.prices,
        bound=max(bound, node.bound),
        columns=columns[support],
        weight=found.weight[support],
        off=off,
        radius=node.radius * _growth(better, found.free, off <= search.enough),
    )
    if off > search.enough:
        list_near(search, node, off)
    stuck = int(search.pool.size[0]) == held and not better
    return replace(node, solved=found.free and (stuck or off <= search.enough))


def _growth(better: bool, free: bool, near: bool) -> float:
    """By how much the box grows: prices that lead nowhere shrink it, unless it holds them back."""
    if near:
        return 4.0
    if better:
        return 1.0 if free else 2.0
    return 0.5


def list_near(search: Search, node: Node, above: float) -> None:
    """Add columns up to so much above the cheapest of their target, fewer where they are many."""
    layout, pool = search.layout, search.pool
    for _ in range(20):
        if search.left_s <= 0.0:
            return
        room = pool_of(LISTED * layout.value.size, 4 * LISTED * layout.value.size)
        args = (layout, search.work, node.prices, node.bounds, room, above)
        if list_all_columns(*args):
            merge(pool, room)
            return
        above *= 0.125


def list_below(search: Search, node: Node, most: int) -> Pool | None:
    """Every column that can be part of a better plan than the best; None where they are many.

    most : columns that are not yet many
    """
    above = (search.objective - node.bound) * (1.0 + SAFETY) + SAFETY * search.objective
    room = pool_of(most, ROUNDS_MAX)
    args = (search.layout, search.work, node.prices, node.bounds, room, above)
    return room if list_all_columns(*args) else None


def best_choice(search: Search, columns: Longs, nodes: int) -> float:
    """Let HiGHS look for the best whole choice of columns, and take its plan if it is better.

    Returns a lower bound of all choices.
    """
    args = (search.layout, search.pool, columns, search.objective)
    chosen = choose(*args, seconds=search.left_s, nodes=nodes)
    if chosen.columns.size:
        search.offer_columns(chosen.columns)
    return chosen.bound
