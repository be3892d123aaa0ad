"""The improving solver: greedy first, then moves, swaps and chains, then columns."""

import time

from opendome.command.assign.certified import certified
from opendome.command.assign.greedy import last_gains
from opendome.command.assign.kernels.greedy import fire_greedily
from opendome.command.assign.kernels.improve import descend
from opendome.command.assign.plans import bound_below, no_shot, ways_of
from opendome.command.assign.problem import Assignment, Problem, objective_of

SWEEPS_MAX = 1000  # a plan is at rest long before
BOUND_STEPS = 100
ENOUGH = 1e-3  # relative gap at which the search for a better plan ends


def improved(problem: Problem, *, seconds: float = 1.0) -> Assignment:
    """Plan by marginal return, made better by moves, swaps, ejection chains and columns.

    seconds : how long to go on after the first plan at rest [s]; 0 stops there, so that the answer
        never depends on the machine
    Model: a plan is at rest when no round gains by another target or by staying in stock, no two
    rounds by changing places, and none by pushing another on to a third target. From there the
    search of `certified` goes on until the plan is within a thousandth of the bound, or the time
    is over.
    Source: R. K. Ahuja, A. Kumar, K. C. Jha, J. B. Orlin, Exact and heuristic algorithms for the
    weapon-target assignment problem, Operations Research 55 (2007) 1136-1146 (the kind of moves).
    """
    start_s = time.perf_counter()
    plan = no_shot(problem)
    fire_greedily(plan, problem.targets)
    scarcity = last_gains(problem, plan)
    descend(plan, ways_of(problem), SWEEPS_MAX)
    rounds, objective = plan.rounds, objective_of(problem, plan.rounds)
    if seconds > 0.0:
        sought = certified(problem, seconds=seconds, gap=ENOUGH)
        bound = sought.bound
        if sought.objective < objective:
            rounds, objective = sought.rounds, sought.objective
    else:
        bound = bound_below(problem, objective, scarcity, BOUND_STEPS)
    return Assignment(
        rounds=rounds,
        objective=objective,
        bound=min(bound, objective),
        seconds=time.perf_counter() - start_s,
        solver="improved",
    )
