"""One door to the three solvers."""

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from opendome.command.assign.building import checked, problem_of
from opendome.command.assign.problem import Assignment, Problem
from opendome.quantities.errors import OpendomeError

# name -> module with a function of that name; compiled kernels load only when they are used
SOLVERS: dict[str, str] = {
    "greedy": "opendome.command.assign.greedy",
    "improved": "opendome.command.assign.improved",
    "certified": "opendome.command.assign.certified",
}


def assign(problem: Problem, *, solver: str = "improved", seconds: float = 10.0) -> Assignment:
    """Plan which weapon fires how many rounds at which target.

    problem : from `problem_of`, or arrays
    solver : "greedy" (at once), "improved" (local search, then
        columns until a thousandth from the bound) or "certified"
        (proves its plan best, or says how far from it it can be)
    seconds : time limit [s], not negative
    Returns the plan with its objective, a lower bound of every plan, and the gap between them.
    Raises `ProblemError` with every fault of the problem, `OpendomeError` for another solver.
    """
    if solver not in SOLVERS:
        raise OpendomeError(
            got=f"the solver {solver!r}", allowed=", ".join(SOLVERS), do="name one of these"
        )
    if not (math.isfinite(seconds) and seconds >= 0.0):
        raise OpendomeError(
            got=f"{seconds} seconds", allowed="a finite time from 0", do="give the time limit"
        )
    function: Callable[..., Any] = getattr(import_module(SOLVERS[solver]), solver)
    answer: Assignment = function(checked(problem), seconds=seconds)
    return answer


def prepare(solver: str) -> None:
    """Compile or load what a solver needs, so that the time of its next answer is all solving."""
    sides = 3
    chances = np.linspace(0.0, 1.0, sides * sides + 2)[1:-1].reshape(sides, sides)
    assign(problem_of(chances, np.arange(1.0, sides + 1.0), shots=2), solver=solver)
