"""A boost that ends at a wanted altitude, speed, path angle and heading.

The same staged missile and pitch program as in `flight`; only what is asked of the burnout
differs from that of a ballistic missile.
"""

import math
from typing import NamedTuple

from opendome.compiled import kernel
from opendome.quantities.constants import STANDARD_GRAVITY_M_S2
from opendome.threats.kernels.flight import NO_SAMPLES, ROUGH, fly
from opendome.threats.kernels.newton import GOAL_M_S, NUDGE, STEP_MAX, solve_linear
from opendome.threats.kernels.shot import Shot, missile_of
from opendome.threats.kernels.work import (
    ERROR,
    GUESS,
    JACOBIAN,
    STATE,
    SYSTEM,
    TRIAL,
    TRIAL_ERROR,
)
from opendome.threats.records import Floats
from opendome.world.earth import altitude_xyz

ROUNDS_MAX = 30
HALVINGS_MAX = 6
STARTS_MAX = 4


class Insertion(NamedTuple):
    """What is asked of a burnout.

    altitude_m : above the ellipsoid    speed_m_s, path_rad : of the velocity that counts
    spin_rad_s : of the axes in which it counts; the Earth's for a velocity in the air, else 0
    goal_x, goal_y, goal_z : point headed for, in launch axes at burnout [m]
    """

    altitude_m: float
    speed_m_s: float
    path_rad: float
    spin_rad_s: float
    goal_x: float
    goal_y: float
    goal_z: float


@kernel
def insertion_error(shot: Shot, wanted: Insertion, work: Floats, error: int) -> None:
    """Fill `work[error]` [m/s] with what is wrong at burnout, row STATE.

    Altitude too much, over the boost time; speed times heading off the goal; speed too much;
    speed times path angle too much.
    """
    x, y, z = work[STATE, 0], work[STATE, 1], work[STATE, 2]
    ux = work[STATE, 3] + wanted.spin_rad_s * y
    uy = work[STATE, 4] - wanted.spin_rad_s * x
    uz = work[STATE, 5]
    gx, gy, gz = wanted.goal_x, wanted.goal_y, wanted.goal_z
    radius = math.sqrt(x * x + y * y + z * z)
    speed = math.sqrt(ux * ux + uy * uy + uz * uz)
    nx, ny, nz = y * gz - z * gy, z * gx - x * gz, x * gy - y * gx
    across = radius * (nx * ux + ny * uy + nz * uz)
    along = (ny * z - nz * y) * ux + (nz * x - nx * z) * uy + (nx * y - ny * x) * uz
    path = math.asin((x * ux + y * uy + z * uz) / (radius * speed))
    work[error, 0] = (altitude_xyz(x, y, z) - wanted.altitude_m) / shot.boost_s
    work[error, 1] = speed * math.atan2(across, along)
    work[error, 2] = speed - wanted.speed_m_s
    work[error, 3] = speed * (path - wanted.path_rad)


@kernel
def burn(shot: Shot, wanted: Insertion, work: Floats, row: int, error: int) -> float:
    """Burn the missile of `work[row]` roughly; returns the largest part of its error [m/s]."""
    fly(missile_of(shot, work, row), work, False, ROUGH, NO_SAMPLES, work)
    insertion_error(shot, wanted, work, error)
    worst = 0.0
    for i in range(4):
        worst = max(worst, abs(work[error, i]))
    return worst


@kernel
def newton_step(shot: Shot, wanted: Insertion, work: Floats) -> None:
    """Fill column 4 of rows SYSTEM with Newton's step from the guess, none longer than allowed."""
    for k in range(4):
        for i in range(4):
            work[TRIAL, i] = work[GUESS, i]
        work[TRIAL, k] += NUDGE
        burn(shot, wanted, work, TRIAL, TRIAL_ERROR)
        for i in range(4):
            work[JACOBIAN + i, k] = (work[TRIAL_ERROR, i] - work[ERROR, i]) / NUDGE
    for i in range(4):
        for k in range(4):
            work[SYSTEM + i, k] = work[JACOBIAN + i, k]
        work[SYSTEM + i, 4] = -work[ERROR, i]
    solve_linear(work)
    longest = STEP_MAX
    for i in range(4):
        longest = max(longest, abs(work[SYSTEM + i, 4]))
    for i in range(4):
        work[SYSTEM + i, 4] *= STEP_MAX / longest


@kernel
def improve(shot: Shot, wanted: Insertion, work: Floats) -> bool:
    """Newton's iteration from row GUESS; whether it met the goal."""
    size = burn(shot, wanted, work, GUESS, ERROR)
    for _ in range(ROUNDS_MAX):
        if size < GOAL_M_S:
            return True
        newton_step(shot, wanted, work)
        share, tried = 1.0, math.inf
        for _ in range(HALVINGS_MAX):
            for i in range(4):
                work[TRIAL, i] = work[GUESS, i] + share * work[SYSTEM + i, 4]
            tried = burn(shot, wanted, work, TRIAL, TRIAL_ERROR)
            if tried < size:
                break
            share *= 0.5
        size = tried
        if not math.isfinite(size):
            return False
        for i in range(4):
            work[GUESS, i] = work[TRIAL, i]
            work[ERROR, i] = work[TRIAL_ERROR, i]
    return False


@kernel
def insert(shot: Shot, wanted: Insertion, azimuth_rad: float, warm: bool, work: Floats) -> bool:
    """Fill row GUESS with the missile whose burnout is the wanted one; whether there is one.

    azimuth_rad : about where it heads, clockwise from north
    warm : whether row GUESS already meets a burnout like this one
    Model: Newton's iteration from there, or from a few pitch programs, low ones first.
    """
    if warm and improve(shot, wanted, work):
        return True
    lost = 0.5 * STANDARD_GRAVITY_M_S2 * shot.boost_s
    for start in range(STARTS_MAX):
        work[GUESS, 0] = math.log(wanted.speed_m_s + lost)
        work[GUESS, 1] = azimuth_rad
        work[GUESS, 2] = 0.25 * (start + 1)
        work[GUESS, 3] = wanted.path_rad
        if improve(shot, wanted, work):
            return True
    return False
