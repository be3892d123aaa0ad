"""A large neighbourhood: one round of every target is taken out, and all are dealt out anew."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from opendome.command.assign.kernels.exchange import deal, gains_of, pick
from opendome.command.assign.kernels.greedy import NONE, Firing, fire_greedily
from opendome.command.assign.kernels.improve import Ways, refresh


def exchange(plan: Firing, ways: Ways, seed: int, turn: int) -> float:
    """Deal one round of every target out anew, the best way; returns the objective.

    seed, turn : name the draw of the rounds and of the slot
    Model: one fired round of each target, drawn by number, is taken out. What each of them then
    gains at each target is a matrix, and giving each target at most one of them back is a linear
    assignment, solved exactly. All cyclic exchanges and all chains among these rounds are in it,
    and so is the plan before, so that the plan never gets worse.
    Source of the linear assignment: D. F. Crouse, On implementing 2D rectangular assignment
    algorithms, IEEE Transactions on Aerospace and Electronic Systems 52 (2016) 1679-1696 (SciPy).
    """
    taken = np.full(ways.value.size, NONE, np.int64)
    count = pick(plan, ways, seed, turn, taken)
    if count:
        gains: npt.NDArray[np.float64] = np.zeros((count, ways.value.size))
        gains_of(plan, ways, taken, gains)
        row, column = linear_sum_assignment(gains, maximize=True)
        deal(plan, ways, taken, gains, row.astype(np.int64), column.astype(np.int64))
    fire_greedily(plan, ways.value.size)
    return float(refresh(plan, ways))
