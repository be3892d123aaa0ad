"""Loops over the gliding bodies of a group: find every boost, then fly and sample all."""

import math

import numpy as np

from opendome.compiled import kernel
from opendome.quantities.constants import MU_M3_S2, RADIUS_MEAN_M
from opendome.threats.kernels.aiming import angle_between
from opendome.threats.kernels.flight import NO_SAMPLES, fly
from opendome.threats.kernels.glide import Glider, glide
from opendome.threats.kernels.insertion import Insertion, insert
from opendome.threats.kernels.raid import RANGE_MAX_M, RANGE_MIN_M, ground_range, shot_of
from opendome.threats.kernels.shot import Shot, missile_of
from opendome.threats.kernels.status import HIT, MISSED, NO_PITCH_PROGRAM, OUT_OF_RANGE, TOO_FAST
from opendome.threats.kernels.work import COLUMNS, GUESS, ROWS, STATE
from opendome.threats.records import Floats, Integers
from opendome.world.earth import geodetic_from_ecef_xyz
from opendome.world.frames import rotate_z

FLIGHTS_MAX = 12
SETTLED = 1.0 / 64  # of the speed at the start of the dive; the dive itself makes up for it
SHORT = 0.125  # of the way: more glide after a flight that falls short


@kernel
def glide_angle(lift_to_drag: float, fast_m_s: float, slow_m_s: float) -> float:
    """Central angle of an equilibrium glide between two speeds [rad].

    Returns (L/D) / 2 ln((1 - v^2) / (1 - V^2)), speeds over circular speed at the ground.
    Valid for: speeds below circular; heights small against the radius; an Earth at rest.
    Source: A. J. Eggers, H. J. Allen, S. E. Neice, NACA Report 1382 (1958), equation 21.
    """
    square = MU_M3_S2 / RADIUS_MEAN_M
    slow, fast = 1.0 - slow_m_s * slow_m_s / square, 1.0 - fast_m_s * fast_m_s / square
    return 0.5 * lift_to_drag * math.log(slow / fast)


@kernel
def glide_speed(lift_to_drag: float, slow_m_s: float, angle_rad: float) -> float:
    """Speed from which an equilibrium glide over an angle ends at a slower one [m/s].

    The inverse of `glide_angle`.
    """
    square = MU_M3_S2 / RADIUS_MEAN_M
    left = (1.0 - slow_m_s * slow_m_s / square) * math.exp(-2.0 * angle_rad / lift_to_drag)
    return math.sqrt(square * (1.0 - left))


@kernel
def route_angle(shot: Shot, legs: Floats) -> float:
    """Central angle from the launch point by the waypoints to the aim [rad]."""
    angle = angle_between(shot.x, shot.y, shot.z, legs[0, 0], legs[0, 1], legs[0, 2])
    for k in range(1, legs.shape[0]):
        angle += angle_between(
            legs[k - 1, 0], legs[k - 1, 1], legs[k - 1, 2], legs[k, 0], legs[k, 1], legs[k, 2]
        )
    return angle


@kernel
def azimuth_to(shot: Shot, x: float, y: float, z: float) -> float:
    """Azimuth from the launch point to another, clockwise from north [rad]."""
    east = x * shot.east_x + y * shot.east_y
    return math.atan2(east, x * shot.north_x + y * shot.north_y + z * shot.north_z)


@kernel
def launch_glide(
    shot: Shot,
    glider: Glider,
    legs: Floats,
    work: Floats,
    step_error_m: float,
    longest_s: float,
    sample_s: float,
    samples: Floats,
) -> tuple[float, float, float]:
    """Fly the missile of row GUESS and its body to the ground; returns as `glide`."""
    boost_s = fly(missile_of(shot, work, GUESS), work, False, step_error_m, sample_s, samples)
    if boost_s < shot.boost_s:  # it sank at lift-off
        return math.nan, math.nan, math.nan
    return glide(shot.boost_s, work, glider, legs, longest_s, sample_s, samples)


@kernel
def solve_glide(
    shot: Shot,
    glider: Glider,
    legs: Floats,
    path_rad: float,
    dive_m_s: float,
    work: Floats,
    step_error_m: float,
    longest_s: float,
    miss_m: float,
) -> tuple[int, float, float]:
    """Fill row GUESS with the boost whose glide reaches the aim; status, impact [s], speed [m/s].

    path_rad : of the burnout    dive_m_s : speed in the air at which the dive begins
    Model: the speed at burnout is that from which the closed form of the equilibrium glide
    covers the way; what the flight then arrives with too much or too little changes the way.
    The speed returned is that at burnout.
    """
    route = route_angle(shot, legs)
    way = max(0.0, route - glider.dive_m / RADIUS_MEAN_M)
    gx, gy, gz = rotate_z(legs[0, 0], legs[0, 1], legs[0, 2], -glider.spin_rad_s * shot.boost_s)
    azimuth = azimuth_to(shot, gx, gy, gz)
    speed, impact_s, status = math.nan, math.nan, MISSED
    for flights in range(FLIGHTS_MAX):
        speed = glide_speed(glider.lift_to_drag, dive_m_s, way)
        wanted = Insertion(shot.burnout_m, speed, path_rad, glider.spin_rad_s, gx, gy, gz)
        if not insert(shot, wanted, azimuth, flights > 0, work):
            return NO_PITCH_PROGRAM, math.nan, speed
        impact_s, dive_s, arrived = launch_glide(
            shot, glider, legs, work, step_error_m, longest_s, NO_SAMPLES, work
        )
        if math.isnan(dive_s):
            way *= 1.0 + SHORT
            continue
        way -= glide_angle(glider.lift_to_drag, arrived, dive_m_s)
        if abs(arrived - dive_m_s) > SETTLED * dive_m_s and way > 0.0:
            continue
        x, y, z = rotate_z(
            work[STATE, 0], work[STATE, 1], work[STATE, 2], glider.spin_rad_s * impact_s
        )
        last = legs.shape[0] - 1
        x -= legs[last, 0]
        y -= legs[last, 1]
        z -= legs[last, 2]
        status = HIT if math.sqrt(x * x + y * y + z * z) <= miss_m else MISSED
        break
    return status, impact_s, speed


@kernel
def solve_gliders(
    crafts: Floats,
    courses: Floats,
    legs: Floats,
    glider: Glider,
    path_rad: float,
    dive_m_s: float,
    speed_max_m_s: float,
    step_error_m: float,
    longest_s: float,
    miss_m: float,
    guesses: Floats,
    impacts: Floats,
    speeds: Floats,
    status: Integers,
) -> None:
    """Find the boost of each gliding body.

    crafts, courses : as in `aim_raid`    legs : (object, point, 3) waypoints and aims [m]
    Fills guesses, impacts, status as `aim_raid`, and speeds (object,) at burnout [m/s].
    """
    work = np.zeros((ROWS, COLUMNS))
    for n in range(crafts.shape[0]):
        shot = shot_of(crafts, courses, n)
        status[n] = OUT_OF_RANGE
        impact_s, speed = math.nan, math.nan
        if crafts[n, RANGE_MIN_M] <= ground_range(courses, n) <= crafts[n, RANGE_MAX_M]:
            status[n], impact_s, speed = solve_glide(
                shot, glider, legs[n], path_rad, dive_m_s, work, step_error_m, longest_s, miss_m
            )
            if status[n] == HIT and speed > speed_max_m_s:
                status[n] = TOO_FAST
        hit = status[n] == HIT
        for i in range(4):
            guesses[n, i] = work[GUESS, i] if hit else math.nan
        turn = glider.spin_rad_s * impact_s
        x, y, z = rotate_z(work[STATE, 0], work[STATE, 1], work[STATE, 2], turn)
        lat, lon, _ = geodetic_from_ecef_xyz(x, y, z)
        speeds[n] = speed if hit else math.nan
        impacts[n, 0] = impact_s if hit else math.nan
        impacts[n, 1] = lat if hit else math.nan
        impacts[n, 2] = lon if hit else math.nan


@kernel
def sample_gliders(
    crafts: Floats,
    courses: Floats,
    legs: Floats,
    glider: Glider,
    guesses: Floats,
    era_rad: Floats,
    step_error_m: float,
    longest_s: float,
    sample_s: float,
    pos_eci_m: Floats,
    vel_eci_m_s: Floats,
) -> None:
    """Fly every body of `solve_gliders` again and write its states from launch to impact.

    era_rad : (object,) Earth rotation angle at its launch [rad]
    pos_eci_m, vel_eci_m_s : (object, time, 3) left alone after impact
    """
    work = np.zeros((ROWS, COLUMNS))
    samples = np.empty((pos_eci_m.shape[1], 6))
    for n in range(crafts.shape[0]):
        if math.isnan(guesses[n, 0]):
            continue
        shot = shot_of(crafts, courses, n)
        for i in range(4):
            work[GUESS, i] = guesses[n, i]
        end_s, _, _ = launch_glide(
            shot, glider, legs[n], work, step_error_m, longest_s, sample_s, samples
        )
        write_states(samples, end_s, sample_s, era_rad[n], pos_eci_m[n], vel_eci_m_s[n])


@kernel
def write_states(
    samples: Floats, end_s: float, sample_s: float, era_rad: float, pos: Floats, vel: Floats
) -> None:
    """Turn states in launch axes (time, 6) into ECI, up to a time after launch [s]."""
    for k in range(samples.shape[0]):
        if k * sample_s > end_s:
            break
        x, y, z = rotate_z(samples[k, 0], samples[k, 1], samples[k, 2], -era_rad)
        pos[k, 0], pos[k, 1], pos[k, 2] = x, y, z
        x, y, z = rotate_z(samples[k, 3], samples[k, 4], samples[k, 5], -era_rad)
        vel[k, 0], vel[k, 1], vel[k, 2] = x, y, z
