"""Newton's iteration on the state at burnout.

Four unknowns (see `missile_of`) meet four conditions (see `burnout_error`). The first end of
the line of thrust elevation stays between level and vertical: where the class's burnout
altitude would need more, it is held at that bound and the altitude is given up, so that
the missile burns out as near to it as the pitch program allows.
"""

import math

from opendome.compiled import kernel
from opendome.threats.kernels.shot import Shot, try_guess
from opendome.threats.kernels.work import ERROR, GUESS, JACOBIAN, SYSTEM, TRIAL, TRIAL_ERROR
from opendome.threats.records import Floats

FREE = -1.0
ROUNDS_MAX = 40
RELEASES_MAX = 2
STEP_MAX = 0.5  # largest change of an unknown in one round: half a radian, half a unit of ln
NUDGE = 1e-4
GOAL_M_S = 1e-3  # about 5 m on the ground at the longest ranges
SLOW = 0.3


@kernel
def solve_linear(work: Floats) -> None:
    """Solve four linear equations in place.

    work : rows SYSTEM hold coefficients and in column 4 the right-hand side, then the result
    Model: Gauss-Jordan elimination with row exchange. A singular system gives inf or NaN.
    """
    for i in range(4):
        pivot = SYSTEM + i
        for j in range(SYSTEM + i + 1, SYSTEM + 4):
            if abs(work[j, i]) > abs(work[pivot, i]):
                pivot = j
        for k in range(5):
            held = work[pivot, k]
            work[pivot, k] = work[SYSTEM + i, k]
            work[SYSTEM + i, k] = held
        for j in range(SYSTEM, SYSTEM + 4):
            factor = work[j, i] / work[SYSTEM + i, i] if j != SYSTEM + i else 0.0
            for k in range(i, 5):
                work[j, k] -= factor * work[SYSTEM + i, k]
    for i in range(4):
        work[SYSTEM + i, 4] /= work[SYSTEM + i, i]


@kernel
def correct(work: Floats, held_rad: float, share: float) -> float:
    """Fill row TRIAL with the guess after `share` of Newton's step.

    held_rad : value at which the first end of the line of elevation is held, giving up the
    burnout altitude; or FREE. Returns it, or the bound that the step would have passed.
    """
    while True:
        for i in range(4):
            for k in range(4):
                work[SYSTEM + i, k] = work[JACOBIAN + i, k]
            work[SYSTEM + i, 4] = -work[ERROR, i]
        if held_rad != FREE:
            for k in range(4):
                work[SYSTEM, k] = 1.0 if k == 2 else 0.0
            work[SYSTEM, 4] = held_rad - work[GUESS, 2]
        solve_linear(work)
        wanted = work[GUESS, 2] + work[SYSTEM + 2, 4]
        if held_rad != FREE or 0.0 <= wanted <= 0.5 * math.pi:
            break
        held_rad = 0.0 if wanted < 0.0 else 0.5 * math.pi
    for i in range(4):
        share = min(share, STEP_MAX / max(STEP_MAX, abs(work[SYSTEM + i, 4])))
    for i in range(4):
        work[TRIAL, i] = work[GUESS, i] + share * work[SYSTEM + i, 4]
    return held_rad


@kernel
def find_jacobian(shot: Shot, work: Floats, impact_s: float) -> None:
    """Fill rows JACOBIAN with the change of error per change of guess."""
    for k in range(4):
        for i in range(4):
            work[TRIAL, i] = work[GUESS, i]
        work[TRIAL, k] += NUDGE
        try_guess(shot, work, TRIAL, impact_s, TRIAL_ERROR)
        for i in range(4):
            work[JACOBIAN + i, k] = (work[TRIAL_ERROR, i] - work[ERROR, i]) / NUDGE


@kernel
def learn(work: Floats) -> None:
    """Correct the Jacobian so that it explains the step from GUESS to TRIAL.

    Source: C. G. Broyden, "A class of methods for solving nonlinear simultaneous equations",
    Math. Comp. 19 (1965) 577-593, equation 4.5.
    """
    length = 0.0
    for k in range(4):
        length += (work[TRIAL, k] - work[GUESS, k]) ** 2
    for i in range(4):
        gap = work[TRIAL_ERROR, i] - work[ERROR, i]
        for k in range(4):
            gap -= work[JACOBIAN + i, k] * (work[TRIAL, k] - work[GUESS, k])
        for k in range(4):
            change = work[TRIAL, k] - work[GUESS, k]
            work[JACOBIAN + i, k] += gap * change / max(length, 1e-300)


@kernel
def size_of(work: Floats, row: int, held_rad: float) -> float:
    """Largest part of an error at burnout [m/s]; the altitude counts only while FREE."""
    worst = abs(work[row, 0]) if held_rad == FREE else 0.0
    for i in range(1, 4):
        worst = max(worst, abs(work[row, i]))
    return worst


@kernel
def settle(
    shot: Shot, work: Floats, impact_s: float, held_rad: float, stale: bool
) -> tuple[float, float, bool]:
    """Improve the guess until the error at burnout is below the goal.

    work : rows GUESS and ERROR must belong together; they do so again at the end
    impact_s : a guess of the time of impact after launch [s]    held_rad : see `correct`
    stale : whether the Jacobian must be found afresh before the first step
    Returns the time of impact [s], `held_rad` at the end, and whether the goal was met.
    """
    share, releases = 1.0, 0
    for _ in range(ROUNDS_MAX):
        if size_of(work, ERROR, held_rad) < GOAL_M_S:
            beyond = work[ERROR, 0] >= 0.0 if held_rad == 0.0 else work[ERROR, 0] <= 0.0
            if held_rad == FREE or beyond or releases == RELEASES_MAX:
                return impact_s, held_rad, True
            held_rad, releases = FREE, releases + 1  # the altitude lies inside the bounds
        fresh = stale
        if stale:
            find_jacobian(shot, work, impact_s)
        held_rad = correct(work, held_rad, share)
        reached_s = try_guess(shot, work, TRIAL, impact_s, TRIAL_ERROR)
        gain = size_of(work, TRIAL_ERROR, held_rad) / size_of(work, ERROR, held_rad)
        learn(work)
        stale = not gain < SLOW
        if gain < 2.0 or (fresh and share < 0.1):  # a step that loses a little often pays later
            share = min(1.0, 2.0 * share)
            impact_s = reached_s
            for i in range(4):
                work[GUESS, i] = work[TRIAL, i]
                work[ERROR, i] = work[TRIAL_ERROR, i]
        elif fresh:
            share *= SLOW
    return impact_s, held_rad, False
