"""Assignment: proven plans against trying every plan, and against another solver's problem.

Authorities: every plan of small problems, tried one by one; SciPy's linear assignment, which is the
problem where each target is worth one round and no more.
"""

import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from opendome.command.assign import Assignment, Problem, assign, problem_of
from opendome.command.assign.problem import objective_of
from opendome.draws.philox import uniform
from opendome.verification.checks import Check

Solve = Callable[[Problem], Assignment]
SEED, STREAM = 20_261_123, 55
PROBLEMS = 40
WEAPONS, TARGETS, SHOTS = 3, 2, 2
SQUARE = 30
SURE, EVEN = 0.9, 5.0  # a second round at a target gains less than a first one anywhere


def draws(problem: int, *shape: int) -> npt.NDArray[np.float64]:
    """Numbers in (0, 1) that belong to a problem."""
    count = int(np.prod(shape))
    row = [uniform(SEED, STREAM, problem, k, 0) for k in range(count)]
    return np.array(row).reshape(shape)


def certified(problem: Problem) -> Assignment:
    """What a user asks for a proof."""
    return assign(problem, solver="certified", seconds=20.0)


def improved(problem: Problem) -> Assignment:
    """The plan at rest."""
    return assign(problem, solver="improved", seconds=0.0)


def single_shots(problem: Problem) -> Assignment:
    """Planted bug: every weapon has one round, however many it holds."""
    few = problem_of(
        _dense(problem), problem.value, shots=np.minimum(problem.shots, 1), price=problem.price
    )
    return certified(few)


def swapped_values(problem: Problem) -> Assignment:
    """Planted bug: the values of the targets in reverse order."""
    plan = improved(problem_of(_dense(problem), problem.value[::-1]))
    rounds = plan.rounds
    return Assignment(
        rounds=rounds,
        objective=objective_of(problem, rounds),
        bound=plan.bound,
        seconds=plan.seconds,
        solver=plan.solver,
    )


def charged_twice(problem: Problem) -> Assignment:
    """Planted bug: a bound that adds what the plan saves."""
    plan = improved(problem)
    saved = float(problem.value.sum()) - plan.objective
    return Assignment(
        rounds=plan.rounds,
        objective=plan.objective,
        bound=plan.bound + saved,
        seconds=plan.seconds,
        solver=plan.solver,
    )


def _dense(problem: Problem) -> npt.NDArray[np.float64]:
    table = np.zeros((problem.weapons, problem.targets))
    table[problem.weapon, problem.target] = problem.p_kill
    return table


def small(number: int) -> Problem:
    """A problem small enough to try every plan."""
    p = draws(number, WEAPONS, TARGETS)
    value = 1.0 + draws(number + PROBLEMS, TARGETS)
    return problem_of(p, value, shots=SHOTS, price=0.1 * draws(number + 2 * PROBLEMS, WEAPONS))


def best_of(problem: Problem) -> float:
    """Least objective over every plan."""
    plans = itertools.product(range(SHOTS + 1), repeat=problem.p_kill.size)
    least = np.inf
    for plan in plans:
        rounds = np.array(plan, np.int64)
        used = np.bincount(problem.weapon, weights=rounds, minlength=problem.weapons)
        if (used <= problem.shots).all():
            least = min(least, objective_of(problem, rounds))
    return float(least)


def every_plan(model: Solve = certified) -> float:
    """Largest relative distance of the proven plan from the best of all plans."""
    worst = 0.0
    for number in range(PROBLEMS):
        problem = small(number)
        best = best_of(problem)
        worst = max(worst, abs(model(problem).objective - best) / best)
    return worst


def one_round_each(model: Solve = improved) -> float:
    """Relative distance from the linear assignment where a second round never pays."""
    p = SURE + (1.0 - SURE) * draws(0, SQUARE, SQUARE)
    value = EVEN * (1.0 + draws(1, SQUARE))
    rows, columns = linear_sum_assignment(p * value, maximize=True)
    best = float(value.sum() - (p * value)[rows, columns].sum())
    return abs(model(problem_of(p, value)).objective - best) / best


def bound_above(model: Solve = improved) -> float:
    """Largest excess of a bound over the best of all plans, relative; 0 where it holds."""
    worst = 0.0
    for number in range(PROBLEMS):
        problem = small(number)
        best = best_of(problem)
        worst = max(worst, (model(problem).bound - best) / best)
    return max(0.0, worst)


CHECKS = (
    Check(
        name="assignment/every-plan",
        claim="the certified plan is the best of all, 3 weapons of 2 rounds at 2 targets",
        authority="every plan, one by one",
        unit="",
        tolerance=1e-9,
        measure=every_plan,
        planted_bug=single_shots,
        bug="every weapon has one round, however many it holds",
    ),
    Check(
        name="assignment/linear",
        claim="where a second round never pays the plan is that of a linear assignment, 30 x 30",
        authority="SciPy, linear_sum_assignment",
        unit="",
        tolerance=1e-9,
        measure=one_round_each,
        planted_bug=swapped_values,
        bug="the values of the targets in reverse order",
    ),
    Check(
        name="assignment/bound",
        claim="no bound is above the best plan",
        authority="every plan, one by one",
        unit="",
        tolerance=1e-9,
        measure=bound_above,
        planted_bug=charged_twice,
        bug="a bound that adds what the plan saves",
    ),
)
