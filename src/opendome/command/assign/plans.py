"""From a problem to arrays that the greedy and improving kernels work on."""

import numpy as np
import numpy.typing as npt

from opendome.command.assign.kernels.greedy import Firing
from opendome.command.assign.kernels.improve import NONE, Ways
from opendome.command.assign.kernels.relax import tighten
from opendome.command.assign.problem import Problem

SAFETY = 1e-12  # of the value of all targets: more than the rounding of a bound


def starts(problem: Problem) -> npt.NDArray[np.int64]:
    """Where the options of each target start: (target + 1,)."""
    return np.searchsorted(problem.target, np.arange(problem.targets + 1)).astype(np.int64)


def slots_of(problem: Problem) -> tuple[int, npt.NDArray[np.int64]]:
    """How many slots the arrays of a plan have, and the one of each option.

    The numbers of the problem, unless they are higher than its options are many.
    """
    slots = int(problem.slot.max(initial=0)) + 1
    if slots <= problem.slot.size:
        return slots, problem.slot
    used, slot = np.unique(problem.slot, return_inverse=True)
    return max(1, used.size), slot.astype(np.int64)


def no_shot(problem: Problem) -> Firing:
    """The plan that fires nothing."""
    slots, slot = slots_of(problem)
    return Firing(
        first=starts(problem),
        weapon=problem.weapon,
        slot=slot,
        p_kill=problem.p_kill,
        price=problem.price,
        survival=problem.value.copy(),
        salvo=problem.salvo,
        looks=problem.looks,
        shots=problem.shots.copy(),
        rate=np.repeat(problem.rate[:, None], slots, axis=1),
        fired=np.zeros((problem.targets, slots), np.int64),
        used=np.zeros(problem.targets, np.int64),
        rounds=np.zeros(problem.p_kill.size, np.int64),
        gain=np.zeros(problem.targets),
        best=np.full(problem.targets, NONE, np.int64),
    )


def plan_of(problem: Problem, rounds: npt.NDArray[np.int64]) -> Firing:
    """The plan that fires these rounds: (option,)."""
    plan = no_shot(problem)
    plan.rounds[:] = rounds
    np.multiply.at(plan.survival, problem.target, (1.0 - problem.p_kill) ** rounds)
    np.subtract.at(plan.shots, problem.weapon, rounds)
    np.subtract.at(plan.rate, (problem.weapon, plan.slot), rounds)
    np.add.at(plan.fired, (problem.target, plan.slot), rounds)
    plan.used[:] = np.count_nonzero(plan.fired, axis=1)
    return plan


def ways_of(problem: Problem) -> Ways:
    """How the options of a problem hang together."""
    slots, slot = slots_of(problem)
    option = np.full((problem.weapons, slots, problem.targets), NONE, np.int32)
    option[problem.weapon, slot, problem.target] = np.arange(problem.p_kill.size)
    order = np.argsort(problem.weapon, kind="stable")
    return Ways(
        value=problem.value,
        target=problem.target,
        order=order,
        start=np.searchsorted(problem.weapon[order], np.arange(problem.weapons + 1)),
        option=option,
    )


def bound_below(
    problem: Problem, objective: float, scarcity: npt.NDArray[np.float64], steps: int
) -> float:
    """A value that the objective of no plan is below.

    objective : of a plan     scarcity : (weapon,) prices to start from, changed
    steps : of the subgradient, 1 for the bound of these prices alone
    """
    bound = tighten(
        starts(problem),
        problem.weapon,
        problem.p_kill,
        problem.value,
        problem.shots,
        problem.price,
        scarcity,
        objective,
        steps,
    )
    return max(0.0, min(bound - SAFETY * float(problem.value.sum()), objective))
