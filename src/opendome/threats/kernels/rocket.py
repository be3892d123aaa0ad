"""Rockets and mortar rounds: a short straight boost, then free fall through the air, aimed."""

import math
from typing import NamedTuple

import numpy as np

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.kernels.cruise import SPHERE_SHARE
from opendome.threats.records import Floats, Integers
from opendome.world.atmosphere import density_us76
from opendome.world.earth import altitude_xyz, ecef_from_geodetic_xyz, geodetic_from_ecef_xyz
from opendome.world.frames import rotate_z
from opendome.world.gravity import gravity_j2

FLOWN, OUT_OF_RANGE, OUT_OF_REACH, TOO_NEAR, MISSED = 0, 1, 2, 3, 4
STEP_MAX_S = 0.25
GOAL_M = 0.1
ROUNDS_MAX = 80
HALVINGS = 30
FLIGHT_STEPS = 100_000
LOWEST_RAD = math.pi / 90  # bounds of the search for a launch angle
HIGHEST_RAD = 0.5 * math.pi - LOWEST_RAD
GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
GOLDEN_ROUNDS = 16
SCATTER_MAX = 0.5

# Rows of the working space (7, 6).
STATE, AHEAD, TRIAL, RATE = 0, 1, 2, 3
# Columns of a solution.
ELEVATION, AZIMUTH, SPEED = 0, 1, 2


class Rocket(NamedTuple):
    """What the kernels need to know of a class.

    launch_m_s : speed at the muzzle, or on leaving the launcher
    burnout_m_s, burn_s : speed at the end of the boost, and its length; no boost if 0
    drag_m2_kg : inverse ballistic coefficient    high : whether it takes the higher arc
    range_min_m, range_max_m : shortest and longest range
    """

    launch_m_s: float
    burnout_m_s: float
    burn_s: float
    drag_m2_kg: float
    high: bool
    range_min_m: float
    range_max_m: float


@kernel
def mark_site(lat_rad: float, lon_rad: float, site: Floats) -> None:
    """Fill `site` (4, 3) with a point of the ellipsoid and its east, north and up, ECEF."""
    sin_lat, cos_lat = math.sin(lat_rad), math.cos(lat_rad)
    sin_lon, cos_lon = math.sin(lon_rad), math.cos(lon_rad)
    site[0, 0], site[0, 1], site[0, 2] = ecef_from_geodetic_xyz(lat_rad, lon_rad, 0.0)
    site[1, 0], site[1, 1], site[1, 2] = -sin_lon, cos_lon, 0.0
    site[2, 0], site[2, 1], site[2, 2] = -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat
    site[3, 0], site[3, 1], site[3, 2] = cos_lat * cos_lon, cos_lat * sin_lon, sin_lat


@kernel
def boost(t_s: float, rocket: Rocket, site: Floats, shot: Floats, state: Floats) -> None:
    """Fill `state` (6,) at a moment of the boost; axes of the Earth at the launch, inertial.

    t_s : after launch, at most `burn_s` [s]     shot : elevation, azimuth [rad], share of speed
    Model: a straight line fixed to the Earth, at constant acceleration; gravity and drag of the
    boost are in the published speed at its end.
    """
    gain = 0.0 if rocket.burn_s == 0.0 else (rocket.burnout_m_s - rocket.launch_m_s) / rocket.burn_s
    speed = shot[SPEED] * (rocket.launch_m_s + gain * t_s)
    gone = shot[SPEED] * (rocket.launch_m_s + 0.5 * gain * t_s) * t_s
    level, up = math.cos(shot[ELEVATION]), math.sin(shot[ELEVATION])
    east, north = level * math.sin(shot[AZIMUTH]), level * math.cos(shot[AZIMUTH])
    angle = -ROTATION_RAD_S * t_s
    for i in range(3):
        along = east * site[1, i] + north * site[2, i] + up * site[3, i]
        state[i] = site[0, i] + gone * along
        state[i + 3] = speed * along
    state[3] -= ROTATION_RAD_S * state[1]
    state[4] += ROTATION_RAD_S * state[0]
    state[0], state[1], state[2] = rotate_z(state[0], state[1], state[2], angle)
    state[3], state[4], state[5] = rotate_z(state[3], state[4], state[5], angle)


@kernel
def fill_rate(state: Floats, drag_m2_kg: float, rate: Floats) -> None:
    """Fill `rate` (6,) with the change of an inertial state in free fall through the air.

    Model: gravity with J2; drag rho/2 |u| u / beta, u the velocity against air that turns with
    the Earth; density of the US Standard Atmosphere 1976.
    """
    x, y, z = state[0], state[1], state[2]
    ux, uy, uz = state[3] + ROTATION_RAD_S * y, state[4] - ROTATION_RAD_S * x, state[5]
    drag = 0.0
    if drag_m2_kg > 0.0:
        drag = 0.5 * drag_m2_kg * density_us76(altitude_xyz(x, y, z))
        drag *= math.sqrt(ux * ux + uy * uy + uz * uz)
    ax, ay, az = gravity_j2(x, y, z)
    rate[0], rate[1], rate[2] = state[3], state[4], state[5]
    rate[3], rate[4], rate[5] = ax - drag * ux, ay - drag * uy, az - drag * uz


@kernel
def advance(step_s: float, drag_m2_kg: float, work: Floats) -> None:
    """Fill row AHEAD with the state one step after row STATE: Runge-Kutta of fourth order."""
    fill_rate(work[STATE], drag_m2_kg, work[RATE])
    for stage in range(1, 4):
        reach_s = step_s if stage == 3 else 0.5 * step_s
        for i in range(6):
            work[TRIAL, i] = work[STATE, i] + reach_s * work[RATE + stage - 1, i]
        fill_rate(work[TRIAL], drag_m2_kg, work[RATE + stage])
    for i in range(6):
        middle = work[RATE + 1, i] + work[RATE + 2, i]
        change = work[RATE, i] + 2.0 * middle + work[RATE + 3, i]
        work[AHEAD, i] = work[STATE, i] + step_s * change / 6.0


@kernel
def above_ground(work: Floats) -> bool:
    """Whether row AHEAD stands above the ellipsoid."""
    return altitude_xyz(work[AHEAD, 0], work[AHEAD, 1], work[AHEAD, 2]) > 0.0


@kernel
def fall(from_s: float, step_s: float, drag_m2_kg: float, work: Floats) -> float:
    """Time of impact after launch of what falls from row STATE at `from_s`; state in AHEAD."""
    t_s = from_s
    for _ in range(FLIGHT_STEPS):
        advance(step_s, drag_m2_kg, work)
        if not above_ground(work):
            break
        work[STATE] = work[AHEAD]
        t_s += step_s
    low, high = 0.0, step_s
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        advance(middle, drag_m2_kg, work)
        if above_ground(work):
            low = middle
        else:
            high = middle
    advance(high, drag_m2_kg, work)
    return t_s + high


@kernel
def throw(rocket: Rocket, site: Floats, shot: Floats, work: Floats, landed: Floats) -> None:
    """Fly a shot to the ground and say where it falls.

    Fills landed (6,): distance and bearing of the impact, straight from the launch point [m, rad];
    time after launch [s]; ECEF position [m].
    """
    boost(rocket.burn_s, rocket, site, shot, work[STATE])
    t_s = fall(rocket.burn_s, STEP_MAX_S, rocket.drag_m2_kg, work)
    x, y, z = rotate_z(work[AHEAD, 0], work[AHEAD, 1], work[AHEAD, 2], ROTATION_RAD_S * t_s)
    landed[2], landed[3], landed[4], landed[5] = t_s, x, y, z
    landed[0], landed[1] = bearing(site, x, y, z)


@kernel
def bearing(site: Floats, x: float, y: float, z: float) -> tuple[float, float]:
    """Straight distance [m] and azimuth [rad] of a point from a site, ECEF."""
    dx, dy, dz = x - site[0, 0], y - site[0, 1], z - site[0, 2]
    east = dx * site[1, 0] + dy * site[1, 1]
    north = dx * site[2, 0] + dy * site[2, 1] + dz * site[2, 2]
    return math.sqrt(dx * dx + dy * dy + dz * dz), math.atan2(east, north)


@kernel
def steer(aim_rad: float, shot: Floats, landed: Floats) -> None:
    """Turn a shot by the error of bearing of its last impact."""
    error = landed[1] - aim_rad
    shot[AZIMUTH] -= math.atan2(math.sin(error), math.cos(error))


@kernel
def farthest(rocket: Rocket, site: Floats, shot: Floats, work: Floats, landed: Floats) -> float:
    """Elevation of the longest range in the direction of a shot [rad]: golden section."""
    low, high = LOWEST_RAD, HIGHEST_RAD
    inner, outer = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    shot[ELEVATION] = inner
    throw(rocket, site, shot, work, landed)
    near = landed[0]
    shot[ELEVATION] = outer
    throw(rocket, site, shot, work, landed)
    far = landed[0]
    for _ in range(GOLDEN_ROUNDS):
        if near < far:
            low, inner, near = inner, outer, far
            outer = low + GOLDEN * (high - low)
            shot[ELEVATION] = outer
            throw(rocket, site, shot, work, landed)
            far = landed[0]
        else:
            high, outer, far = outer, inner, near
            inner = high - GOLDEN * (high - low)
            shot[ELEVATION] = inner
            throw(rocket, site, shot, work, landed)
            near = landed[0]
    return 0.5 * (low + high)


@kernel
def aim(
    rocket: Rocket, site: Floats, goal: Floats, shot: Floats, work: Floats, landed: Floats
) -> int:
    """Find elevation and azimuth of the shot that falls at a goal; returns a status.

    goal : (2,) distance and bearing, as `bearing` gives them
    Model: false position (Illinois) between the elevation of the longest range and the lowest or
    highest, the azimuth corrected by each impact.
    """
    shot[AZIMUTH], shot[SPEED] = goal[1], 1.0
    peak_rad = farthest(rocket, site, shot, work, landed)
    end_rad = HIGHEST_RAD if rocket.high else LOWEST_RAD
    shot[ELEVATION] = peak_rad
    throw(rocket, site, shot, work, landed)
    steer(goal[1], shot, landed)
    over = landed[0] - goal[0]
    if over < 0.0:
        return OUT_OF_REACH
    shot[ELEVATION] = end_rad
    throw(rocket, site, shot, work, landed)
    short = landed[0] - goal[0]
    if short > 0.0:
        return TOO_NEAR
    side = 0
    for _ in range(ROUNDS_MAX):
        shot[ELEVATION] = (peak_rad * short - end_rad * over) / (short - over)
        throw(rocket, site, shot, work, landed)
        miss = landed[0] - goal[0]
        off = math.sin(landed[1] - goal[1]) * goal[0]
        if abs(miss) < GOAL_M and abs(off) < GOAL_M:
            return FLOWN
        steer(goal[1], shot, landed)
        if miss > 0.0:
            peak_rad, over = shot[ELEVATION], miss
            short *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            end_rad, short = shot[ELEVATION], miss
            over *= 0.5 if side == -1 else 1.0
            side = -1
    return MISSED


@kernel
def spoil(
    rocket: Rocket,
    site: Floats,
    goal_m: float,
    error: Floats,
    shot: Floats,
    work: Floats,
    landed: Floats,
) -> int:
    """Give an aimed shot the errors of speed and azimuth that carry it off; returns a status.

    error : (2,) along and across the line of fire, as shares of the range
    Model: secant in the share of the speed; errors along beyond half the range count as half.
    """
    shot[AZIMUTH] += math.atan(error[1])
    wanted_m = goal_m * (1.0 + max(-SCATTER_MAX, min(SCATTER_MAX, error[0])))
    old_share, old_m = 1.0, goal_m
    shot[SPEED] = math.sqrt(wanted_m / goal_m)
    for _ in range(ROUNDS_MAX):
        throw(rocket, site, shot, work, landed)
        miss = landed[0] - wanted_m
        if abs(miss) < GOAL_M:
            return FLOWN
        share, length_m = shot[SPEED], landed[0]
        if share == old_share or length_m == old_m:
            return MISSED
        slope = (length_m - old_m) / (share - old_share)
        old_share, old_m = share, length_m
        shot[SPEED] = share - miss / slope
    return MISSED


@kernel
def aim_rockets(
    rocket: Rocket, courses: Floats, errors: Floats, shots: Floats, impacts: Floats,
    status: Integers,
) -> None:  # fmt: skip
    """Aim every object of a class.

    courses : (object, 4) latitude and longitude of launch and aim, geodetic [rad]
    errors : (object, 2) along and across, as shares of the range
    Fills shots (object, 3): elevation, azimuth [rad], share of the speed; impacts (object, 3):
    time after launch [s], latitude, longitude [rad]; status (object,). NaN where not FLOWN.
    """
    site, work = np.empty((4, 3)), np.zeros((7, 6))
    goal, landed = np.empty(2), np.empty(6)
    for n in range(courses.shape[0]):
        mark_site(courses[n, 0], courses[n, 1], site)
        x, y, z = ecef_from_geodetic_xyz(courses[n, 2], courses[n, 3], 0.0)
        goal[0], goal[1] = bearing(site, x, y, z)
        status[n] = OUT_OF_RANGE
        shortest_m = rocket.range_min_m * (1.0 - SPHERE_SHARE)
        if shortest_m <= goal[0] <= rocket.range_max_m * (1.0 + SPHERE_SHARE):
            status[n] = aim(rocket, site, goal, shots[n], work, landed)
            if status[n] == FLOWN and (errors[n, 0] != 0.0 or errors[n, 1] != 0.0):
                status[n] = spoil(rocket, site, goal[0], errors[n], shots[n], work, landed)
        lat, lon, _ = geodetic_from_ecef_xyz(landed[3], landed[4], landed[5])
        impacts[n, 0], impacts[n, 1], impacts[n, 2] = landed[2], lat, lon
        if status[n] != FLOWN:
            shots[n] = math.nan
            impacts[n] = math.nan


@kernel
def sample_rockets(
    rocket: Rocket, courses: Floats, shots: Floats, impacts: Floats, era_rad: Floats,
    step_s: float, pos_eci_m: Floats, vel_eci_m_s: Floats,
) -> None:  # fmt: skip
    """Fly every object of `aim_rockets` and write its states at a fixed interval from launch.

    era_rad : (object,) Earth rotation angle at its launch [rad]
    pos_eci_m, vel_eci_m_s : (object, time, 3) written from launch to impact, left alone after
    """
    site, work = np.empty((4, 3)), np.zeros((7, 6))
    parts = math.ceil(step_s / STEP_MAX_S)
    for n in range(courses.shape[0]):
        if math.isnan(impacts[n, 0]):
            continue
        mark_site(courses[n, 0], courses[n, 1], site)
        t_s = rocket.burn_s
        boost(t_s, rocket, site, shots[n], work[STATE])
        for k in range(pos_eci_m.shape[1]):
            if k * step_s > impacts[n, 0]:
                break
            if k * step_s <= rocket.burn_s:
                boost(k * step_s, rocket, site, shots[n], work[AHEAD])
            else:
                piece_s = (k * step_s - t_s) / parts
                for _ in range(parts):
                    advance(piece_s, rocket.drag_m2_kg, work)
                    work[STATE] = work[AHEAD]
                t_s = k * step_s
            for i in range(0, 6, 3):
                out = pos_eci_m if i == 0 else vel_eci_m_s
                out[n, k, 0], out[n, k, 1], out[n, k, 2] = rotate_z(
                    work[AHEAD, i], work[AHEAD, i + 1], work[AHEAD, i + 2], -era_rad[n]
                )
