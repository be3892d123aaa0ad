"""Slots merged into one, where a weapon kills a target alike in all of them.

Time windows give such problems: a pair may fire in several slots, with one probability. Which of
them a round leaves in changes no objective, only whether a plan is allowed. So the rounds of each
pair are planned first, as many as its slots can hold; the bound of that is one of the problem,
too. Then they are dealt to slots.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from opendome.command.assign.building import ROUNDS_MAX
from opendome.command.assign.kernels.greedy import fire_greedily
from opendome.command.assign.kernels.improve import descend
from opendome.command.assign.plans import plan_of, ways_of
from opendome.command.assign.problem import Problem
from opendome.command.assign.quiet import quiet

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

SWEEPS_MAX = 1000  # a plan is at rest long before


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A problem of one slot in place of one of many.

    Attributes
    ----------
    problem : its options are the pairs of weapon and target
    most : (pair,) rounds that the slots of a pair hold together
    pair : (option of the problem of many slots,) pair it is part of
    """

    problem: Problem
    most: Longs
    pair: Longs


def merge_slots(problem: Problem) -> Merged | None:
    """The problem with its slots merged; None where it has one, or a pair has several chances."""
    whose = problem.target * problem.weapons + problem.weapon
    first = np.flatnonzero(np.diff(whose, prepend=-1))
    pair = np.searchsorted(first, np.arange(whose.size), side="right") - 1
    alike = bool((problem.p_kill == problem.p_kill[first[pair]]).all())
    if not alike or np.unique(problem.slot).size <= 1:
        return None
    weapon, target = problem.weapon[first], problem.target[first]
    fires = _slots_of_each(problem.weapon, problem.slot, problem.weapons)
    met = _slots_of_each(problem.target, problem.slot, problem.targets)
    slots = np.minimum(np.bincount(pair), problem.looks[target])
    return Merged(
        problem=Problem(
            value=problem.value,
            shots=np.minimum(problem.shots, fires * problem.rate),
            price=problem.price,
            rate=np.full(problem.weapons, ROUNDS_MAX, np.int64),
            salvo=np.minimum(np.minimum(met, problem.looks) * problem.salvo, ROUNDS_MAX),
            looks=np.ones(problem.targets, np.int64),
            weapon=weapon,
            target=target,
            slot=np.zeros(first.size, np.int64),
            p_kill=problem.p_kill[first],
        ),
        most=slots * np.minimum(problem.rate[weapon], problem.salvo[target]),
        pair=pair.astype(np.int64),
    )


def _slots_of_each(row: Longs, slot: Longs, rows: int) -> Longs:
    """In how many slots each row has an option: (row,)."""
    cells = np.unique(np.stack([row, slot]), axis=1)
    return np.bincount(cells[0], minlength=rows).astype(np.int64)


def deal_to_slots(problem: Problem, merged: Merged, rounds: Longs, *, seconds: float) -> Longs:
    """A plan of the problem near to one with its slots merged.

    rounds : (pair,)     seconds : limit of the dealing [s]
    What finds no slot is replaced by marginal return and moves until none gains.
    Returns (option,).
    """
    plan = plan_of(problem, _dealt(problem, merged, rounds, seconds=seconds))
    fire_greedily(plan, problem.targets)
    descend(plan, ways_of(problem), SWEEPS_MAX)
    return plan.rounds


def _sums(row: Longs) -> Any:
    """The matrix that sums what belongs to each row."""
    from scipy.sparse import csc_array

    return csc_array((np.ones(row.size), (row, np.arange(row.size))))


def _wish(problem: Problem, rounds: Longs) -> Floats:
    """How much the last round of each option gains, on a scale of 1 to 2, so that all count."""
    left = problem.value.copy()
    np.multiply.at(left, problem.target, (1.0 - problem.p_kill) ** rounds)
    certain = problem.p_kill >= 1.0
    before = left[problem.target] / np.where(certain, 1.0, 1.0 - problem.p_kill)
    gain = np.where(certain, problem.value[problem.target], before) * problem.p_kill
    return 1.0 + gain / max(float(gain.max(initial=0.0)), np.finfo(float).tiny)


def _dealt(problem: Problem, merged: Merged, rounds: Longs, *, seconds: float) -> Longs:
    """As many rounds of each pair as have a slot, those that gain most first: (option,).

    Model: whole numbers of rounds of each option, and for each target and slot whether it is used,
    by HiGHS.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_array, diags_array

    dealt = np.zeros(problem.p_kill.size, np.int64)
    mine = np.flatnonzero(rounds[merged.pair])
    if mine.size == 0:
        return dealt
    slot = problem.slot[mine]
    pairs, of_pair = np.unique(merged.pair[mine], return_inverse=True)
    fires, of_fires = np.unique(np.stack([problem.weapon[mine], slot]), axis=1, return_inverse=True)
    looks, of_looks = np.unique(np.stack([problem.target[mine], slot]), axis=1, return_inverse=True)
    aims, of_aims = np.unique(looks[0], return_inverse=True)
    wanted = np.bincount(merged.problem.target, rounds, minlength=problem.targets)
    salvo = np.minimum(problem.salvo, wanted)[looks[0]]
    limits = block_array(
        [
            [_sums(of_pair), None],
            [_sums(of_fires), None],
            [_sums(of_looks), -diags_array(salvo)],
            [None, _sums(of_aims)],
        ]
    )
    room = [rounds[pairs], problem.rate[fires[0]], 0 * looks[0], problem.looks[aims]]
    most = np.concatenate([rounds[merged.pair[mine]], np.ones(looks.shape[1])])
    wish = _wish(merged.problem, rounds)[merged.pair[mine]]
    with quiet():
        found = milp(
            np.concatenate([-wish, np.zeros(looks.shape[1])]),
            integrality=np.ones(mine.size + looks.shape[1]),
            bounds=Bounds(0.0, cast("Any", most)),
            constraints=LinearConstraint(limits, -np.inf, cast("Any", np.concatenate(room))),
            options={"time_limit": max(seconds, 0.0)},
        )
    if found.x is not None:
        dealt[mine] = np.rint(found.x[: mine.size]).astype(np.int64)
    return dealt
