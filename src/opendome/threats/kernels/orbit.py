"""Part of an orbit: boost into a low orbit, a deorbit impulse, the fall to the aim.

Axes and rows of the work array are those of the ballistic flight (see the package docstring).
"""

import math
from typing import NamedTuple

import numpy as np

from opendome.compiled import kernel
from opendome.quantities.constants import MU_M3_S2, RADIUS_MEAN_M, ROTATION_RAD_S
from opendome.threats.kernels.aiming import angle_between
from opendome.threats.kernels.flight import (
    GROW_MAX,
    NO_SAMPLES,
    SAFETY,
    SHRINK_MAX,
    crossing,
    fly,
    take,
)
from opendome.threats.kernels.gliders import azimuth_to, write_states
from opendome.threats.kernels.insertion import Insertion, insert
from opendome.threats.kernels.motion import COAST, Missile, derivative
from opendome.threats.kernels.raid import RANGE_MAX_M, RANGE_MIN_M, ground_range, shot_of
from opendome.threats.kernels.shot import Shot, missile_of
from opendome.threats.kernels.status import (
    HIT,
    MISSED,
    NO_DEORBIT,
    NO_IMPACT,
    NO_PITCH_PROGRAM,
    OUT_OF_RANGE,
)
from opendome.threats.kernels.stepper import between, step
from opendome.threats.kernels.work import AIM, COLUMNS, GAP, GUESS, RATES, ROWS, STATE
from opendome.threats.records import Floats, Integers
from opendome.world.earth import geodetic_from_ecef_xyz
from opendome.world.frames import rotate_z

FLIGHTS_MAX = 15
STEPS_MAX = 20000
FIRST_STEP_S = 1.0


class Orbiter(NamedTuple):
    """What a fractional orbit needs beyond its boost.

    retro_m_s : speed taken away by the deorbit impulse, against the inertial velocity
    long_way : whether it goes round the far side of the Earth
    """

    retro_m_s: float
    long_way: bool


@kernel
def coast(
    t_s: float, until_s: float, missile: Missile, work: Floats, tolerance_m: float,
    sample_s: float, samples: Floats,
) -> tuple[float, bool]:  # fmt: skip
    """Carry row STATE in free flight until a time or the ground; returns the time, and whether
    it met the ground.

    t_s : since launch, of row STATE    tolerance_m : error of integration allowed in a step [m]
    samples : (time, 6) row k gets the state at k * sample_s, from t_s on
    """
    row, step_s, fresh = math.ceil(t_s / sample_s), FIRST_STEP_S, True
    stage = min(COAST, missile.stages)  # a constant would have its callees compiled anew
    for _ in range(STEPS_MAX):
        if fresh:
            derivative(t_s, work, STATE, stage, missile, RATES)
        tried_s = min(step_s, until_s - t_s)
        error = step(t_s, tried_s, work, stage, missile, tolerance_m)
        wanted = SAFETY * max(error, 1e-10) ** (-1.0 / 5.0)
        step_s = tried_s * min(GROW_MAX, max(SHRINK_MAX, wanted))
        fresh = False
        if error > 1.0:
            continue
        share = crossing(tried_s, work, 0.0)
        fresh = True  # looking for the ground may have overwritten the rates
        while row < samples.shape[0] and row * sample_s <= t_s + share * tried_s:
            between((row * sample_s - t_s) / tried_s, tried_s, work, samples, row)
            row += 1
        t_s += share * tried_s
        take(share, tried_s, work)
        if share < 1.0:
            return t_s, True
        if t_s >= until_s:
            return t_s, False
    return math.nan, False


@kernel
def brake(work: Floats, retro_m_s: float) -> None:
    """Take a speed away from row STATE, against its inertial velocity."""
    vx, vy, vz = work[STATE, 3], work[STATE, 4], work[STATE, 5]
    left = 1.0 - retro_m_s / math.sqrt(vx * vx + vy * vy + vz * vz)
    for i in range(3, 6):
        work[STATE, i] *= left


@kernel
def fall_angle(radius_m: float, ground_m: float, retro_m_s: float) -> tuple[float, float]:
    """Central angle [rad] and time [s] from a deorbit impulse on a circle to the ground.

    radius_m, ground_m : of the circular orbit and of the ground    retro_m_s : impulse
    Returns NaN where the braked orbit stays above the ground.
    Model: two bodies; the impulse is at the apogee of an ellipse with v^2 r / mu = (1 - e).
    Source: R. R. Bate, D. D. Mueller, J. E. White, Fundamentals of Astrodynamics (1971), 1.7.
    """
    circular = math.sqrt(MU_M3_S2 / radius_m)
    e = 1.0 - (1.0 - retro_m_s / circular) ** 2
    semilatus = radius_m * (1.0 - e)
    cosine = (semilatus / ground_m - 1.0) / e
    if not -1.0 <= cosine <= 1.0:
        return math.nan, math.nan
    angle = math.pi - math.acos(cosine)
    true = math.pi + angle  # from perigee
    eccentric = 2.0 * math.atan2(
        math.sqrt(1.0 - e) * math.sin(0.5 * true), math.sqrt(1.0 + e) * math.cos(0.5 * true)
    )
    if eccentric < 0.0:
        eccentric += 2.0 * math.pi
    axis = semilatus / (1.0 - e * e)
    mean = eccentric - e * math.sin(eccentric) - math.pi
    return angle, mean * axis * math.sqrt(axis / MU_M3_S2)


@kernel
def launch_orbit(
    shot: Shot, orbiter: Orbiter, deorbit_s: float, until_s: float, work: Floats,
    step_error_m: float, sample_s: float, samples: Floats,
) -> float:  # fmt: skip
    """Fly the missile of row GUESS to orbit and to the ground; returns the time of impact [s].

    NaN if it sinks at lift-off, falls before the impulse, or does not come down by `until_s`.
    """
    missile = missile_of(shot, work, GUESS)
    t_s = fly(missile, work, False, step_error_m, sample_s, samples)
    if t_s < shot.boost_s:
        return math.nan
    t_s, down = coast(shot.boost_s, deorbit_s, missile, work, step_error_m, sample_s, samples)
    if down or math.isnan(t_s):
        return math.nan
    brake(work, orbiter.retro_m_s)
    t_s, down = coast(deorbit_s, until_s, missile, work, step_error_m, sample_s, samples)
    return t_s if down else math.nan


@kernel
def first_plan(shot: Shot, orbiter: Orbiter, work: Floats) -> tuple[float, float]:
    """Times of the impulse and of impact [s] of a circular orbit over a sphere; see `solve_orbit`.

    work : row AIM is read
    """
    radius = math.sqrt(shot.x**2 + shot.y**2 + shot.z**2) + shot.burnout_m
    rate = math.sqrt(MU_M3_S2 / radius) / radius
    angle, fall_s = fall_angle(radius, radius - shot.burnout_m, orbiter.retro_m_s)
    impact_s = 0.0
    for _ in range(4):
        x, y, z = rotate_z(work[AIM, 0], work[AIM, 1], work[AIM, 2], -ROTATION_RAD_S * impact_s)
        way = angle_between(shot.x, shot.y, shot.z, x, y, z)
        if orbiter.long_way:
            way = 2.0 * math.pi - way
        rising = 0.5 * rate * shot.boost_s  # the boost covers half the angle of an orbit
        impact_s = shot.boost_s + (way - rising - angle) / rate + fall_s
    return impact_s - fall_s, impact_s


@kernel
def correct_plan(shot: Shot, work: Floats, impact_s: float, deorbit_s: float) -> float:
    """Move row AIM by the miss across the track, and the impulse by the miss along it [s].

    work : row STATE is the state at impact. Row GAP gets impact less aim, Earth-fixed [m].
    """
    turn = ROTATION_RAD_S * impact_s
    x, y, z = rotate_z(work[STATE, 0], work[STATE, 1], work[STATE, 2], turn)
    vx, vy, vz = rotate_z(work[STATE, 3], work[STATE, 4], work[STATE, 5], turn)
    vx += ROTATION_RAD_S * y
    vy -= ROTATION_RAD_S * x
    gx, gy, gz = x - shot.aim_x, y - shot.aim_y, z - shot.aim_z
    work[GAP, 0], work[GAP, 1], work[GAP, 2], work[GAP, 3] = gx, gy, gz, impact_s
    square = x * x + y * y + z * z
    sink = (x * vx + y * vy + z * vz) / square
    vx, vy, vz = vx - sink * x, vy - sink * y, vz - sink * z
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    along = (gx * vx + gy * vy + gz * vz) / speed
    work[AIM, 0] -= gx - along * vx / speed
    work[AIM, 1] -= gy - along * vy / speed
    work[AIM, 2] -= gz - along * vz / speed
    return deorbit_s - along / RADIUS_MEAN_M * math.sqrt(RADIUS_MEAN_M**3 / MU_M3_S2)


@kernel
def solve_orbit(
    shot: Shot, orbiter: Orbiter, path_rad: float, work: Floats, step_error_m: float, miss_m: float
) -> tuple[int, float, float]:
    """Fill row GUESS with the boost whose orbit passes the aim; status, impulse [s], impact [s].

    path_rad : of the burnout
    Model: a circular orbit in the plane through launch and the aim as it will have turned, the
    impulse so far ahead that its fall in closed form ends there; the miss of the full flight
    then moves plane and impulse.
    """
    work[AIM, 0], work[AIM, 1], work[AIM, 2] = shot.aim_x, shot.aim_y, shot.aim_z
    deorbit_s, impact_s = first_plan(shot, orbiter, work)
    if math.isnan(deorbit_s):
        return NO_IMPACT, math.nan, math.nan
    radius = math.sqrt(shot.x**2 + shot.y**2 + shot.z**2) + shot.burnout_m
    speed = math.sqrt(MU_M3_S2 / radius)
    side = -1.0 if orbiter.long_way else 1.0
    turn_s = 2.0 * math.pi * radius / speed
    for flights in range(FLIGHTS_MAX):
        if deorbit_s <= shot.boost_s:
            return NO_DEORBIT, math.nan, math.nan
        x, y, z = rotate_z(work[AIM, 0], work[AIM, 1], work[AIM, 2], -ROTATION_RAD_S * impact_s)
        wanted = Insertion(shot.burnout_m, speed, path_rad, 0.0, side * x, side * y, side * z)
        azimuth = azimuth_to(shot, side * x, side * y, side * z)
        if not insert(shot, wanted, azimuth, flights > 0, work):
            return NO_PITCH_PROGRAM, math.nan, math.nan
        impact_s = launch_orbit(
            shot, orbiter, deorbit_s, 2.0 * turn_s, work, step_error_m, NO_SAMPLES, work
        )
        if math.isnan(impact_s):
            return NO_IMPACT, math.nan, math.nan
        flown_s = deorbit_s
        deorbit_s = correct_plan(shot, work, impact_s, deorbit_s)
        if math.sqrt(work[GAP, 0] ** 2 + work[GAP, 1] ** 2 + work[GAP, 2] ** 2) <= miss_m:
            return HIT, flown_s, impact_s
    return MISSED, math.nan, math.nan


@kernel
def solve_orbits(
    crafts: Floats, courses: Floats, orbiter: Orbiter, path_rad: float, step_error_m: float,
    miss_m: float, guesses: Floats, impacts: Floats, deorbits_s: Floats, status: Integers,
) -> None:  # fmt: skip
    """Find boost and impulse of each body; fills as `aim_raid`, and times of the impulse [s]."""
    work = np.zeros((ROWS, COLUMNS))
    for n in range(crafts.shape[0]):
        shot = shot_of(crafts, courses, n)
        status[n] = OUT_OF_RANGE
        deorbit_s, impact_s = math.nan, math.nan
        if crafts[n, RANGE_MIN_M] <= ground_range(courses, n) <= crafts[n, RANGE_MAX_M]:
            status[n], deorbit_s, impact_s = solve_orbit(
                shot, orbiter, path_rad, work, step_error_m, miss_m
            )
        hit = status[n] == HIT
        for i in range(4):
            guesses[n, i] = work[GUESS, i] if hit else math.nan
        x, y, z = shot.aim_x + work[GAP, 0], shot.aim_y + work[GAP, 1], shot.aim_z + work[GAP, 2]
        lat, lon, _ = geodetic_from_ecef_xyz(x, y, z)
        deorbits_s[n] = deorbit_s
        impacts[n, 0] = impact_s
        impacts[n, 1] = lat if hit else math.nan
        impacts[n, 2] = lon if hit else math.nan


@kernel
def sample_orbits(
    crafts: Floats, courses: Floats, orbiter: Orbiter, guesses: Floats, deorbits_s: Floats,
    era_rad: Floats, step_error_m: float, sample_s: float, pos_eci_m: Floats, vel_eci_m_s: Floats,
) -> None:  # fmt: skip
    """Fly every body of `solve_orbits` again and write its states, as `sample_gliders`."""
    work = np.zeros((ROWS, COLUMNS))
    samples = np.empty((pos_eci_m.shape[1], 6))
    for n in range(crafts.shape[0]):
        if math.isnan(guesses[n, 0]):
            continue
        shot = shot_of(crafts, courses, n)
        for i in range(4):
            work[GUESS, i] = guesses[n, i]
        until_s = pos_eci_m.shape[1] * sample_s + 2.0 * sample_s
        end_s = launch_orbit(
            shot, orbiter, deorbits_s[n], until_s, work, step_error_m, sample_s, samples
        )
        write_states(samples, end_s, sample_s, era_rad[n], pos_eci_m[n], vel_eci_m_s[n])
