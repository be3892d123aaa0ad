"""Weapon-target assignment: which weapon spends how many rounds on which target.

In: a `Problem` (arrays). Out: an `Assignment` with its objective, a lower bound and the gap.
Three solvers of one signature. Usable alone; `engagement` calls their kernels at every decision.
"""

from opendome.command.assign.problem import Assignment, Problem

__all__ = ["Assignment", "Problem"]
