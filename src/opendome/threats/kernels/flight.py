"""Boost, then coast until the ground, with samples at a fixed interval.

A tolerance of infinity (`ROUGH`) asks for a boost in a few steps of fixed length: less exact
(within 100 m and 0.5 m/s at burnout), but a smooth function of the missile, which aiming wants.
"""

import math

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.kernels.motion import COAST, WEAVE, Missile, derivative
from opendome.threats.kernels.stepper import LAST, between, step
from opendome.threats.kernels.work import AHEAD, RATES, STATE
from opendome.threats.records import Floats
from opendome.world.earth import altitude_xyz

ROUGH = math.inf
ROUGH_STEPS = 18  # of a whole boost
NO_SAMPLES = math.inf
ROUGH_ERROR_M = 1.0  # allowed in a step of the coast that follows a rough boost
SPARE = RATES + 1
STEPS_MAX = 20000
HALVINGS = 60
FIRST_PULL_S = 0.1  # of the first step to the side: no swing is so fast that it is overlooked
GROW_MAX = 3.0
SHRINK_MAX = 0.2
SAFETY = 0.8


@kernel
def lift_off(missile: Missile, work: Floats) -> None:
    """Put the missile at rest on the turning Earth into row STATE."""
    work[STATE, 0] = missile.launch_x
    work[STATE, 1] = missile.launch_y
    work[STATE, 2] = missile.launch_z
    work[STATE, 3] = -ROTATION_RAD_S * missile.launch_y
    work[STATE, 4] = ROTATION_RAD_S * missile.launch_x
    work[STATE, 5] = 0.0


@kernel
def crossing(step_s: float, work: Floats, floor_m: float) -> float:
    """Share of a step at which the missile sinks to an altitude; 1 if it stays above.

    floor_m : altitude, 0 for the ground [m]    Valid for: a step that starts above it.
    """
    low, high = 0.0, 1.0
    if altitude_xyz(work[AHEAD, 0], work[AHEAD, 1], work[AHEAD, 2]) > floor_m:
        return high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        between(middle, step_s, work, work, SPARE)
        if altitude_xyz(work[SPARE, 0], work[SPARE, 1], work[SPARE, 2]) > floor_m:
            low = middle
        else:
            high = middle
    return high


@kernel
def take(share: float, step_s: float, work: Floats) -> None:
    """Make row STATE the state at `share` of the step, ready for the next."""
    if share < 1.0:
        between(share, step_s, work, work, AHEAD)
    for i in range(6):
        work[STATE, i] = work[AHEAD, i]
        work[RATES, i] = work[LAST, i]


@kernel
def floor_of(missile: Missile, work: Floats, stage: int) -> float:
    """Altitude at which the motion of row STATE changes: of the side pull ahead, or the ground."""
    if missile.pull_m_s2 == 0.0 or stage != COAST:
        return 0.0
    above = altitude_xyz(work[STATE, 0], work[STATE, 1], work[STATE, 2]) > missile.pull_below_m
    return missile.pull_below_m if above else 0.0


@kernel
def fly(
    missile: Missile,
    work: Floats,
    to_ground: bool,
    tolerance_m: float,
    sample_s: float,
    samples: Floats,
) -> float:
    """Carry the missile from lift-off to burnout, or on to the ground; returns the time [s].

    work : row STATE gets the state at the end, from rest on the turning Earth
    tolerance_m : error of integration allowed in a step [m], or ROUGH for the boost
    sample_s, samples : (time, 6) row k gets the state at k * sample_s; or NO_SAMPLES
    Returns less than the boost time if the missile sinks to the ground in an exact boost, NaN if
    it never comes down.
    Source: step control of E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential
    Equations I (1993), section II.4.
    """
    lift_off(missile, work)
    t_s, stage, end_s, fresh, row, began_s = 0.0, 0, missile.stage_s, True, 0, 0.0
    step_s = missile.stage_s / ((ROUGH_STEPS + missile.stages - 1) // missile.stages)
    for _ in range(STEPS_MAX):
        if fresh:
            derivative(t_s - began_s, work, STATE, stage, missile, RATES)
        left_s = end_s - t_s
        fresh = step_s > 0.999 * left_s  # leave no crumb of a step for rounding
        tried_s = left_s if fresh else step_s
        error = step(t_s - began_s, tried_s, work, stage, missile, tolerance_m)
        if tolerance_m != ROUGH:
            wanted = SAFETY * max(error, 1e-10) ** -0.2
            step_s = tried_s * min(GROW_MAX, max(SHRINK_MAX, wanted))
        if error > 1.0:
            fresh = False
            continue
        floor_m = floor_of(missile, work, stage)
        share = 1.0 if tolerance_m == ROUGH else crossing(tried_s, work, floor_m)
        while row < samples.shape[0] and row * sample_s <= t_s + share * tried_s:
            between((row * sample_s - t_s) / tried_s, tried_s, work, samples, row)
            row += 1
        t_s += share * tried_s
        take(share, tried_s, work)
        if fresh:
            stage += 1
            end_s = (stage + 1) * missile.stage_s
            if stage == missile.stages:
                stage, end_s, tolerance_m = COAST, math.inf, min(tolerance_m, ROUGH_ERROR_M)
        if share < 1.0 and floor_m > 0.0:
            stage, began_s, step_s, fresh = WEAVE, t_s, FIRST_PULL_S, True
        elif share < 1.0 or (stage == COAST and not to_ground):
            return t_s
    return math.nan
