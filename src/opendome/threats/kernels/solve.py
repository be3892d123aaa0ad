"""The pitch program, azimuth and velocity change that bring a missile to its aim point.

Newton's iteration on the state at burnout, whose free flight is known in closed form, does
most of the work; a few full flights then move the point aimed at by the miss that J2 and
drag cause.
"""

import math

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.kernels.flight import NO_SAMPLES, ROUGH, fly
from opendome.threats.kernels.newton import FREE, settle
from opendome.threats.kernels.shot import (
    Shot,
    first_guess,
    missile_of,
    try_guess,
)
from opendome.threats.kernels.status import HIT, MISSED, NO_ARC, NO_IMPACT, NO_PITCH_PROGRAM
from opendome.threats.kernels.work import AIM, ERROR, GAP, GUESS, STATE
from opendome.threats.records import Floats
from opendome.world.frames import rotate_z

STARTS_MAX = 6
FLIGHTS_MAX = 15
BOLDER = 0.2  # more of ln(velocity change): a slow missile in thick air is a poor start
MISS_M = 250.0  # largest distance of the impact from the aim point


@kernel
def miss(shot: Shot, work: Floats, tolerance_m: float) -> float:
    """Fly the missile of the guess to the ground; returns the distance from the aim [m].

    tolerance_m : of a step, or ROUGH
    Fills row GAP with impact less aim, Earth-fixed, and the time of impact after launch [s].
    See `fly` for a missile that sinks, or does not come down.
    """
    t_s = fly(missile_of(shot, work, GUESS), work, True, tolerance_m, NO_SAMPLES, work)
    x, y, z = rotate_z(work[STATE, 0], work[STATE, 1], work[STATE, 2], ROTATION_RAD_S * t_s)
    x -= shot.aim_x
    y -= shot.aim_y
    z -= shot.aim_z
    work[GAP, 0], work[GAP, 1], work[GAP, 2], work[GAP, 3] = x, y, z, t_s
    return math.sqrt(x * x + y * y + z * z)


@kernel
def below_apogee(shot: Shot, work: Floats) -> bool:
    """Whether the burnout of row ERROR lies below the apogee asked for, if one is."""
    burnout_m = shot.burnout_m + work[ERROR, 0] * shot.boost_s
    return shot.apogee_m == 0.0 or burnout_m < shot.apogee_m


@kernel
def solve(shot: Shot, work: Floats, step_error_m: float) -> int:
    """Fill row GUESS of `work` with the missile that hits the aim point; returns a status.

    step_error_m : error of integration allowed in a step of the final flight [m]
    Model: the pitch program begins free, then, if that does not settle, at either bound (see
    `newton`) and with more speed; the first full flight is a rough one.
    """
    work[AIM, 0], work[AIM, 1], work[AIM, 2] = shot.aim_x, shot.aim_y, shot.aim_z
    impact_s, held_rad, flights = 0.0, FREE, 0
    for begin in range(FLIGHTS_MAX):
        if flights == 0:
            held_rad = FREE if begin % 3 == 0 else 0.5 * math.pi * (2 - begin % 3)
            impact_s = first_guess(shot, work)
            work[GUESS, 0] += begin * BOLDER
        impact_s = try_guess(shot, work, GUESS, impact_s, ERROR)
        impact_s, held_rad, settled = settle(shot, work, impact_s, held_rad, flights == 0)
        if settled:
            gap_m = miss(shot, work, ROUGH if flights == 0 else step_error_m)
            if not work[GAP, 3] > shot.boost_s:
                return NO_IMPACT
            if gap_m <= MISS_M and flights > 0:
                return HIT if below_apogee(shot, work) else NO_ARC
            for i in range(3):
                work[AIM, i] -= work[GAP, i]
            flights += 1
        elif flights > 0 or begin == STARTS_MAX - 1:
            return NO_PITCH_PROGRAM
    return MISSED
