"""Branch and bound: split the rounds of one option until every part is proven."""

import heapq

import numpy as np
import numpy.typing as npt

from opendome.command.assign.certified_search import (
    Node,
    Search,
    solve_node,
)
from opendome.command.assign.kernels.columns import keep
from opendome.command.assign.kernels.pricing import Bounds, Layout

Longs = npt.NDArray[np.int64]


def branch(search: Search, root: Node) -> float:
    """Search all plans of a node; returns a lower bound of them.

    The part of the least bound is split next. What is not searched when the time ends counts
    with its bound.
    """
    proven, serial = np.inf, 0
    heap: list[tuple[float, int, Node]] = [(root.bound, 0, root)]
    while heap and heap[0][0] < search.cutoff and search.left_s > 0.0:
        node = heapq.heappop(heap)[2]
        parts = split_node(search, node)
        if parts is None:
            proven = min(proven, node.bound)
            continue
        for bounds in parts:
            child = solve_node(search, bounds, node.prices)
            serial += 1
            heapq.heappush(heap, (max(child.bound, node.bound), serial, child))
    return min(proven, heap[0][0] if heap else search.objective, search.objective)


def split_node(search: Search, node: Node) -> list[Bounds] | None:
    """Two parts that hold all plans of a node; None where its relaxation is whole."""
    cut = widest_split(search, node)
    if cut is None:
        return None
    option, rounds = cut
    parts: list[Bounds] = []
    for more in (False, True):
        lower, upper = node.bounds.lower.copy(), node.bounds.upper.copy()
        if more:
            lower[option] = rounds + 1
        else:
            upper[option] = rounds
        bounds = Bounds(lower=lower, upper=upper)
        if not more or tighten(search.layout, bounds, option):
            keep_least(search, bounds, option)
            parts.append(bounds)
    return parts


def widest_split(search: Search, node: Node) -> tuple[int, int] | None:
    """Option and rounds at which the weights of the columns are split most evenly."""
    pool = search.pool
    open_columns = np.flatnonzero(node.weight < 1.0 - 1e-6)
    tally: dict[int, list[tuple[int, float]]] = {}
    for k in open_columns:
        column = node.columns[k]
        options = pool.option[pool.start[column] : pool.start[column + 1]]
        for option, count in zip(*np.unique(options, return_counts=True), strict=True):
            tally.setdefault(int(option), []).append((int(count), float(node.weight[k])))
    best: tuple[float, int, int] | None = None
    for option in sorted(tally):
        for rounds in range(max(count for count, _ in tally[option])):
            share = sum(weight for count, weight in tally[option] if count > rounds)
            if 1e-6 < share < 1.0 - 1e-6 and (best is None or abs(share - 0.5) < best[0]):
                best = (abs(share - 0.5), option, rounds)
    return None if best is None else best[1:]


def tighten(layout: Layout, bounds: Bounds, option: int) -> bool:
    """Draw what follows from the least rounds of an option; False where no plan is left."""
    lower, upper = bounds
    idle = layout.capacity.size - 1
    for rows in (layout.stock, layout.pace):
        row = rows[option]
        if row != idle:
            same = np.flatnonzero(rows == row)
            left = int(layout.capacity[row]) - int(lower[same].sum())
            if left < 0:
                return False
            upper[same] = np.minimum(upper[same], lower[same] + left)
    target = int(np.searchsorted(layout.start, option, side="right")) - 1
    mine = slice(int(layout.start[target]), int(layout.start[target + 1]))
    fired = np.bincount(layout.slot[mine], lower[mine])
    looks = int(np.count_nonzero(fired))
    return bool(fired.max() <= layout.salvo[target]) and looks <= int(layout.looks[target])


def keep_least(search: Search, bounds: Bounds, option: int) -> None:
    """Keep the column that gives a target no more than it must get, so that a plan exists."""
    layout = search.layout
    target = int(np.searchsorted(layout.start, option, side="right")) - 1
    first, end = int(layout.start[target]), int(layout.start[target + 1])
    rounds = np.repeat(np.arange(first, end), bounds.lower[first:end])
    worth = float(layout.value[target] * np.prod(1.0 - layout.p_kill[rounds]))
    worth += float(layout.price[rounds].sum())
    keep(search.pool, target, worth, rounds, rounds.size)
