"""Weapon-target assignment: which weapon spends how many rounds on which target.

In: a `Problem` (arrays, or `problem_of` dense ones). Out: an `Assignment` with its objective, a
lower bound and the gap. Three solvers of one signature behind `assign`. Usable alone; the engine
calls the kernels at every decision.
"""

from opendome.command.assign.building import in_slots, problem_of
from opendome.command.assign.problem import Assignment, Problem
from opendome.command.assign.solving import SOLVERS, assign, prepare

__all__ = ["SOLVERS", "Assignment", "Problem", "assign", "in_slots", "prepare", "problem_of"]
