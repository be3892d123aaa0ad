"""The certified solver: the best plan and a proof, by Lagrangian bounds and columns."""

import time

import numpy as np
import numpy.typing as npt

from opendome.command.assign.certified_branch import branch
from opendome.command.assign.certified_layout import join, model_of, split
from opendome.command.assign.certified_search import (
    CHOICE_STEPS,
    COLUMNS_MAX,
    FIRST,
    MASTER_STEPS,
    SAFETY,
    Search,
    best_choice,
    first_node,
    improve,
    list_below,
    starting_prices,
    useful_columns,
)
from opendome.command.assign.certified_slots import Merged, deal_to_slots, merge_slots
from opendome.command.assign.kernels.columns import Pool
from opendome.command.assign.kernels.rounding import empty_plan, fill, plan_of
from opendome.command.assign.problem import Assignment, Problem, objective_of

Longs = npt.NDArray[np.int64]

IN_ONE_SLOT = 0.25  # of the time: after that slots are no longer merged
FEW = 30  # columns of a target, on average, among which a plan is chosen before prices settle
NODES_MAX = 2**31 - 1  # no limit but time


def certified(problem: Problem, *, seconds: float = 60.0, gap: float = 1e-9) -> Assignment:
    """The best plan of an assignment problem, with a bound that proves it.

    seconds : time limit [s]; the only thing that can change an answer between two runs
    gap : relative distance from the bound at which the search ends
    Returns the plan, its objective and a lower bound of every plan.
    Valid for: any problem; where the time ends first, the gap says what is not proven.
    """
    start_s = time.perf_counter()
    merged = merge_slots(problem)
    if merged is None:
        rounds, bound = _search(problem, gap=gap, deadline_s=start_s + seconds)
    else:
        rounds, bound = _search_by_slots(problem, merged, gap=gap, deadline_s=start_s + seconds)
    objective = objective_of(problem, rounds)
    return Assignment(
        rounds=rounds,
        objective=objective,
        bound=max(0.0, min(bound, objective)),
        seconds=time.perf_counter() - start_s,
        solver="certified",
    )


def _search(
    problem: Problem,
    *,
    gap: float,
    deadline_s: float,
    most: Longs | None = None,
    known: Longs | None = None,
) -> tuple[Longs, float]:
    """The best plan found, and a bound of every plan.

    most : (option,) rounds an option can fire at most     known : (option,) a plan
    """
    model = model_of(problem, most)
    search = Search(layout=model.layout, bounds=model.bounds, gap=gap, deadline_s=deadline_s)
    if known is not None:
        search.offer(plan_of(model.layout, model.bounds.upper, join(model, problem, known)))
    bound = _solve(search)
    return split(model, problem, search.rounds), bound * model.scale


def _search_by_slots(
    problem: Problem, merged: Merged, *, gap: float, deadline_s: float
) -> tuple[Longs, float]:
    """As `_search`: first with the slots merged, and as it is where not all rounds find a slot."""
    start_s = time.perf_counter()
    first_s = start_s + IN_ONE_SLOT * (deadline_s - start_s)
    pairs, bound = _search(merged.problem, gap=gap, deadline_s=first_s, most=merged.most)
    ended = time.perf_counter() < first_s
    rounds = deal_to_slots(problem, merged, pairs, seconds=deadline_s - time.perf_counter())
    found_all = objective_of(problem, rounds) * (1.0 - gap) <= objective_of(merged.problem, pairs)
    if ended and found_all:
        return rounds, bound
    better, other = _search(problem, gap=gap, deadline_s=deadline_s, known=rounds)
    return better, max(bound, other)


def _solve(search: Search) -> float:
    """Find the best plan of a layout; returns a lower bound."""
    plan = empty_plan(search.layout, search.bounds.upper)
    search.offer(plan)
    fill(search.layout, plan)
    search.offer(plan)
    node = first_node(search, search.bounds, starting_prices(search), FIRST)
    few = FEW * search.layout.value.size
    tried, sought = np.inf, np.inf
    for _ in range(MASTER_STEPS):
        if node.bound >= search.cutoff or search.left_s <= 0.0:
            return node.bound
        if node.solved or search.objective - node.bound < 0.5 * tried:
            tried = search.objective - node.bound
            pool = list_below(search, node, max(few, COLUMNS_MAX) if node.solved else few)
            if pool is not None:
                return max(node.bound, _close(search, pool))
        if node.solved:
            break
        node = improve(search, node)
        behind = search.objective - node.bound - node.off
        if node.off < 0.1 * min(sought, behind) and node.bound < search.cutoff:
            sought = node.off
            best_choice(search, useful_columns(search, search.bounds), CHOICE_STEPS)
    return max(node.bound, branch(search, node))


def _close(search: Search, pool: Pool) -> float:
    """Find the best plan, given every column that can be part of a better one; returns a bound.

    pool : of `list_below`
    In a plan below the objective the reduced costs of the columns, none of them negative, add up
    to less than the gap. So the columns up to that reduced cost are all that can be part of one,
    and a bound over them is a bound of every better plan.
    """
    former, search.pool = search.pool, pool
    bound = best_choice(search, useful_columns(search, search.bounds), NODES_MAX)
    search.pool = former
    return min(bound, search.objective * (1.0 - SAFETY))
