"""The greedy solver: each round where it gains most at that moment."""

import time

import numpy as np
import numpy.typing as npt

from opendome.command.assign.kernels.greedy import Firing, fire_greedily
from opendome.command.assign.plans import bound_below, no_shot
from opendome.command.assign.problem import Assignment, Problem, objective_of

STEPS = 1  # of the bound


def greedy(problem: Problem, *, seconds: float = 0.0) -> Assignment:
    """Plan by marginal return.

    seconds : not needed; it takes the time it takes
    Model: the round of the largest ``survival * p_kill - price`` is fired, again and again, until
    none is above 0. Optimal where all weapons are alike; else a plan, and a bound to judge it by.
    Source: G. G. den Broeder, R. E. Ellison, L. Emerling, On optimum target assignments,
    Operations Research 7 (1959) 322-326.
    """
    del seconds
    start_s = time.perf_counter()
    plan = no_shot(problem)
    fire_greedily(plan, problem.targets)
    objective = objective_of(problem, plan.rounds)
    return Assignment(
        rounds=plan.rounds,
        objective=objective,
        bound=bound_below(problem, objective, least_gain(problem, plan), STEPS),
        seconds=time.perf_counter() - start_s,
        solver="greedy",
    )


def least_gain(problem: Problem, plan: Firing) -> npt.NDArray[np.float64]:
    """Price of scarcity that a plan suggests: the least that any of its rounds gained.

    Returns (weapon,), the same for all that have no round left, 0 for the others. A price of
    its own for each weapon, what its own rounds gained, makes a far weaker bound: weapons that
    fired last look cheap to every target.
    """
    fired = np.flatnonzero(plan.rounds)
    p = problem.p_kill[fired]
    certain = p >= 1.0
    before = plan.survival[problem.target[fired]] / np.where(certain, 1.0, 1.0 - p)
    gain = np.where(certain, problem.value[problem.target[fired]], before) * p
    least = (gain - problem.price[problem.weapon[fired]])[plan.shots[problem.weapon[fired]] == 0]
    return np.where(plan.shots > 0, 0.0, max(0.0, least.min() if least.size else 0.0))
