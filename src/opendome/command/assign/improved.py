"""The improving solver: greedy first, then exchanges, moves, swaps and chains, then columns."""

import math
import time

from opendome.command.assign.certified import certified
from opendome.command.assign.exchange import exchange
from opendome.command.assign.greedy import least_gain
from opendome.command.assign.kernels.greedy import Firing, fire_greedily
from opendome.command.assign.kernels.improve import Ways, descend
from opendome.command.assign.plans import bound_below, no_shot, ways_of
from opendome.command.assign.problem import Assignment, Problem, objective_of

SWEEPS_MAX = 1000  # a plan is at rest long before
BOUND_STEPS = 100
SEED = 1  # of the draws of rounds: the same problem takes the same way
TURNS_MAX, PATIENCE = 200, 5  # exchanges in all, and without a gain
DEALING = 0.5  # of the time, at most
GAIN = 1e-9  # relative, below which an exchange has gained nothing
ENOUGH = 1e-3  # relative gap at which the search for a better plan ends


def improved(problem: Problem, *, seconds: float = 1.0) -> Assignment:
    """Plan by marginal return, made better by exchanges, moves, swaps, chains and columns.

    seconds : time limit [s]; 0 makes the first plan at rest, however long that takes, and stops
        there, so that the answer never depends on the machine
    Model: first one round of every target is dealt out anew, the best way, again and again while
    that gains. Then the plan comes to rest: no round gains by another target or by staying in
    stock, no two rounds by changing places, none by pushing another on to a third target. From
    there the search of `certified` goes on until the plan is within a thousandth of the bound,
    or the time is over.
    Source: R. K. Ahuja, A. Kumar, K. C. Jha, J. B. Orlin, Exact and heuristic algorithms for the
    weapon-target assignment problem, Operations Research 55 (2007) 1136-1146 (the kind of moves).
    """
    start_s = time.perf_counter()
    plan, ways = no_shot(problem), ways_of(problem)
    fire_greedily(plan, problem.targets)
    scarcity = least_gain(problem, plan)
    _exchange_on(plan, ways, start_s + DEALING * seconds if seconds > 0.0 else math.inf)
    descend(plan, ways, SWEEPS_MAX)
    rounds, objective = plan.rounds, objective_of(problem, plan.rounds)
    left_s = seconds - (time.perf_counter() - start_s)
    if left_s > 0.0:
        sought = certified(problem, seconds=left_s, gap=ENOUGH)
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


def _exchange_on(plan: Firing, ways: Ways, until_s: float) -> None:
    """Deal rounds out anew while that gains, until a reading of the clock."""
    best, stale = math.inf, 0
    for turn in range(TURNS_MAX):
        objective = exchange(plan, ways, SEED, turn)
        stale = 0 if objective < best * (1.0 - GAIN) else stale + 1
        best = min(best, objective)
        if stale == PATIENCE or time.perf_counter() >= until_s:
            return
