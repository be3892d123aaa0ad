"""Parts of a missile from its burnout to the ground: released at a small velocity, then free.

Axes are the launch axes of the missile; times of a part count from its release.
"""

import math

import numpy as np

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.kernels.flight import NO_SAMPLES, fly
from opendome.threats.kernels.gliders import write_states
from opendome.threats.kernels.orbit import coast
from opendome.threats.kernels.raid import shot_of
from opendome.threats.kernels.shot import Shot, missile_of
from opendome.threats.kernels.status import HIT, MISSED, NO_IMPACT
from opendome.threats.kernels.work import AIM, COLUMNS, GAP, GUESS, ROWS, STATE
from opendome.threats.records import Floats, Integers
from opendome.world.earth import geodetic_from_ecef_xyz
from opendome.world.frames import rotate_z

STEERS_MAX = 8
NUDGE_M_S = 1.0
TINY = 1e-300


@kernel
def burn_out(shot: Shot, work: Floats, step_error_m: float, start: Floats) -> None:
    """Fill `start` (6,) with the state at burnout of the missile of row GUESS."""
    fly(missile_of(shot, work, GUESS), work, False, step_error_m, NO_SAMPLES, work)
    for i in range(6):
        start[i] = work[STATE, i]


@kernel
def release(
    shot: Shot, work: Floats, start: Floats, kick: Floats, step_error_m: float, longest_s: float,
    sample_s: float, samples: Floats,
) -> float:  # fmt: skip
    """Let a part go from `start` with a velocity added; returns when it lands after that [s].

    start : (6,) state at burnout    kick : (3,) velocity added [m/s]
    shot : the missile with the drag of the part that falls    longest_s : the search ends there
    samples : as in `coast`. Returns NaN if it does not come down.
    """
    for i in range(3):
        work[STATE, i] = start[i]
        work[STATE, i + 3] = start[i + 3] + kick[i]
    missile = missile_of(shot, work, GUESS)
    t_s, down = coast(0.0, longest_s, missile, work, step_error_m, sample_s, samples)
    return t_s if down else math.nan


@kernel
def land(shot: Shot, work: Floats, fall_s: float) -> tuple[float, float, float]:
    """Where row STATE lies on the turned Earth when a part lands, Earth-fixed [m]."""
    turn = ROTATION_RAD_S * (shot.boost_s + fall_s)
    return rotate_z(work[STATE, 0], work[STATE, 1], work[STATE, 2], turn)


@kernel
def miss_by(
    shot: Shot, work: Floats, start: Floats, kick: Floats, step_error_m: float, longest_s: float
) -> float:
    """Release a part; fills row GAP with impact less row AIM [m], returns when it lands [s]."""
    fall_s = release(shot, work, start, kick, step_error_m, longest_s, NO_SAMPLES, work[:0])
    x, y, z = land(shot, work, fall_s)
    work[GAP, 0] = x - work[AIM, 0]
    work[GAP, 1] = y - work[AIM, 1]
    work[GAP, 2] = z - work[AIM, 2]
    return fall_s


@kernel
def along(work: Floats, level: Floats, row: int) -> float:
    """Part of row GAP along a horizontal direction [m]."""
    return (
        work[GAP, 0] * level[row, 0] + work[GAP, 1] * level[row, 1] + work[GAP, 2] * level[row, 2]
    )


@kernel
def fill_level(x: float, y: float, z: float, level: Floats, row: int) -> None:
    """Fill two rows of `level` with the directions east and north of a point [unit vectors]."""
    radius = math.sqrt(x * x + y * y + z * z)
    flat = max(math.hypot(x, y), TINY)
    level[row, 0], level[row, 1], level[row, 2] = -y / flat, x / flat, 0.0
    level[row + 1, 0] = -z * x / (flat * radius)
    level[row + 1, 1] = -z * y / (flat * radius)
    level[row + 1, 2] = flat / radius


@kernel
def steer(
    shot: Shot, work: Floats, start: Floats, kick: Floats, step_error_m: float,
    longest_s: float, miss_m: float,
) -> int:  # fmt: skip
    """Change `kick` so that the part lands on row AIM; returns a status.

    miss_m : largest distance from the aim [m]
    Model: Newton's iteration on the two horizontal parts of the velocity added at burnout, with
    differences of full flights; nothing is said of what gives that velocity.
    """
    level, rates, gap = np.zeros((4, 3)), np.zeros((2, 2)), np.zeros(2)
    fill_level(start[0], start[1], start[2], level, 0)
    fill_level(work[AIM, 0], work[AIM, 1], work[AIM, 2], level, 2)
    for _ in range(STEERS_MAX):
        fall_s = miss_by(shot, work, start, kick, step_error_m, longest_s)
        if math.isnan(fall_s):
            return NO_IMPACT
        gap[0], gap[1] = along(work, level, 2), along(work, level, 3)
        if math.hypot(gap[0], gap[1]) <= miss_m:
            return HIT
        for k in range(2):
            for i in range(3):
                kick[i] += NUDGE_M_S * level[k, i]
            miss_by(shot, work, start, kick, step_error_m, longest_s)
            for i in range(3):
                kick[i] -= NUDGE_M_S * level[k, i]
            rates[0, k] = (along(work, level, 2) - gap[0]) / NUDGE_M_S
            rates[1, k] = (along(work, level, 3) - gap[1]) / NUDGE_M_S
        whole = rates[0, 0] * rates[1, 1] - rates[0, 1] * rates[1, 0]
        east = (gap[1] * rates[0, 1] - gap[0] * rates[1, 1]) / whole
        north = (gap[0] * rates[1, 0] - gap[1] * rates[0, 0]) / whole
        for i in range(3):
            kick[i] += east * level[0, i] + north * level[1, i]
    return MISSED


@kernel
def fly_parts(
    crafts: Floats, courses: Floats, guesses: Floats, kicks_m_s: Floats, aims_m: Floats,
    step_error_m: float, longest_s: float, miss_m: float, impacts: Floats, status: Integers,
) -> None:  # fmt: skip
    """Find where and when each part lands; a part with an aim is steered to it.

    crafts, courses, guesses : (missile, ..) as of `aim_raid`, with the drag of the part
    kicks_m_s : (part, 3) velocity added at burnout, launch axes; changed where it is steered
    aims_m : (part, 3) Earth-fixed, NaN for a part that just flies on
    Fills impacts (part, 3): time after release [s], latitude, longitude [rad]; status (part,).
    The parts of a missile follow each other. What does not fly has NaN.
    """
    work, start = np.zeros((ROWS, COLUMNS)), np.zeros(6)
    each = kicks_m_s.shape[0] // max(1, crafts.shape[0])
    for n in range(kicks_m_s.shape[0]):
        missile = n // each
        status[n] = NO_IMPACT
        impacts[n, 0] = impacts[n, 1] = impacts[n, 2] = math.nan
        if math.isnan(guesses[missile, 0]):
            continue
        shot = shot_of(crafts, courses, missile)
        if n % each == 0:
            for i in range(4):
                work[GUESS, i] = guesses[missile, i]
            burn_out(shot, work, step_error_m, start)
        status[n] = HIT
        if not math.isnan(aims_m[n, 0]):
            for i in range(3):
                work[AIM, i] = aims_m[n, i]
            status[n] = steer(shot, work, start, kicks_m_s[n], step_error_m, longest_s, miss_m)
        fall_s = miss_by(shot, work, start, kicks_m_s[n], step_error_m, longest_s)
        if math.isnan(fall_s):
            status[n] = NO_IMPACT
        if status[n] == HIT:
            x, y, z = land(shot, work, fall_s)
            impacts[n, 0] = fall_s
            impacts[n, 1], impacts[n, 2], _ = geodetic_from_ecef_xyz(x, y, z)


@kernel
def sample_parts(
    crafts: Floats, courses: Floats, guesses: Floats, kicks_m_s: Floats, impacts: Floats,
    era_rad: Floats, step_error_m: float, longest_s: float, sample_s: float,
    pos_eci_m: Floats, vel_eci_m_s: Floats,
) -> None:  # fmt: skip
    """Fly every part of `fly_parts` again and write its states from release to impact.

    era_rad : (missile,) Earth rotation angle at the launch of the missile [rad]
    pos_eci_m, vel_eci_m_s : (part, time, 3) left alone after impact
    """
    work, start = np.zeros((ROWS, COLUMNS)), np.zeros(6)
    samples = np.empty((pos_eci_m.shape[1], 6))
    each = kicks_m_s.shape[0] // max(1, crafts.shape[0])
    for n in range(kicks_m_s.shape[0]):
        missile = n // each
        if math.isnan(impacts[n, 0]):
            continue
        shot = shot_of(crafts, courses, missile)
        for i in range(4):
            work[GUESS, i] = guesses[missile, i]
        burn_out(shot, work, step_error_m, start)
        end_s = release(shot, work, start, kicks_m_s[n], step_error_m, longest_s, sample_s, samples)
        era = float(era_rad[missile])
        write_states(samples, end_s, sample_s, era, pos_eci_m[n], vel_eci_m_s[n])
