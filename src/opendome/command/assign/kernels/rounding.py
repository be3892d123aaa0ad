"""Plans from columns: keep what fits, then fill up by marginal return."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.command.assign.kernels.columns import Pool
from opendome.command.assign.kernels.pricing import Layout
from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]


class Plan(NamedTuple):
    """A plan and what it leaves.

    rounds, most : (option,) fired, and allowed     survival : (target,) value left
    left : (row,) capacity     fired : (target, slot)     used : (target,) looks
    """

    rounds: Longs
    most: Ints
    survival: Floats
    left: Longs
    fired: Longs
    used: Longs


def empty_plan(layout: Layout, most: Ints) -> Plan:
    """A plan that fires nothing."""
    targets, slots = layout.value.size, int(layout.slot.max(initial=0)) + 1
    return Plan(
        rounds=np.zeros(layout.p_kill.size, np.int64),
        most=most,
        survival=layout.value.copy(),
        left=layout.capacity.copy(),
        fired=np.zeros((targets, slots), np.int64),
        used=np.zeros(targets, np.int64),
    )


def plan_of(layout: Layout, most: Ints, rounds: Longs) -> Plan:
    """The plan that fires these rounds: (option,)."""
    plan = empty_plan(layout, most)
    target = np.repeat(np.arange(layout.value.size), np.diff(layout.start))
    plan.rounds[:] = rounds
    np.multiply.at(plan.survival, target, (1.0 - layout.p_kill) ** rounds)
    np.subtract.at(plan.left, layout.stock, rounds)
    np.subtract.at(plan.left, layout.pace, rounds)
    np.add.at(plan.fired, (target, layout.slot), rounds)
    plan.used[:] = np.count_nonzero(plan.fired, axis=1)
    return plan


@kernel
def fits(layout: Layout, plan: Plan, target: int, option: int) -> bool:
    """Whether every limit leaves room for one more round of an option."""
    if plan.rounds[option] >= plan.most[option]:
        return False
    if plan.left[layout.stock[option]] <= 0 or plan.left[layout.pace[option]] <= 0:
        return False
    fired = plan.fired[target, layout.slot[option]]
    if fired == 0 and plan.used[target] >= layout.looks[target]:
        return False
    return fired < layout.salvo[target]


@kernel
def add_round(layout: Layout, plan: Plan, target: int, option: int) -> None:
    """Fire one more round of an option."""
    slot = layout.slot[option]
    if plan.fired[target, slot] == 0:
        plan.used[target] += 1
    plan.fired[target, slot] += 1
    plan.rounds[option] += 1
    plan.survival[target] *= 1.0 - layout.p_kill[option]
    plan.left[layout.stock[option]] -= 1
    plan.left[layout.pace[option]] -= 1


@kernel
def best_round(layout: Layout, plan: Plan, target: int) -> tuple[float, int]:
    """Marginal return and option of the best further round at a target, -1 where none gains."""
    gain, best = 0.0, -1
    survival = plan.survival[target]
    for o in range(layout.start[target], layout.start[target + 1]):
        value = survival * layout.p_kill[o] - layout.price[o]
        if value > gain and fits(layout, plan, target, o):
            gain, best = value, o
    return gain, best


@kernel
def fill(layout: Layout, plan: Plan) -> None:
    """Add the round of the best marginal return until none gains.

    Returns of a target only fall, so a target is looked at again only when it is the best.
    """
    targets = layout.value.size
    gains, options = np.zeros(targets), np.zeros(targets, np.int64)
    for j in range(targets):
        gains[j], options[j] = best_round(layout, plan, j)
    while targets > 0:
        j = int(np.argmax(gains))
        if gains[j] <= 0.0:
            break
        if fits(layout, plan, j, options[j]):
            add_round(layout, plan, j, options[j])
        gains[j], options[j] = best_round(layout, plan, j)


@kernel
def adopt(layout: Layout, plan: Plan, pool: Pool, order: Longs) -> None:
    """Fire the rounds of columns, in this order, as far as they fit."""
    for column in order:
        target = int(pool.target[column])
        for k in range(pool.start[column], pool.start[column + 1]):
            if fits(layout, plan, target, int(pool.option[k])):
                add_round(layout, plan, target, int(pool.option[k]))
