"""Loops over the objects of a raid: aim all, then fly and sample all."""

import math

import numpy as np

from opendome.compiled import kernel
from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.threats.kernels.aiming import angle_between
from opendome.threats.kernels.flight import fly
from opendome.threats.kernels.shot import Shot, missile_of
from opendome.threats.kernels.solve import solve
from opendome.threats.kernels.status import HIT, OUT_OF_RANGE
from opendome.threats.kernels.work import COLUMNS, GAP, GUESS, ROWS
from opendome.threats.records import Floats, Integers
from opendome.world.earth import ecef_from_geodetic_xyz, geodetic_from_ecef_xyz
from opendome.world.frames import rotate_z

# Columns of a class (object, 12) and of a course (object, 4).
BOOST_S, STAGES, EXHAUST_M_S, BURNOUT_M = 0, 1, 2, 3
DRAG_BOOST_M2_KG, DRAG_FALL_M2_KG, RANGE_MIN_M, RANGE_MAX_M = 4, 5, 6, 7
CRAFT_COLUMNS = 12
APOGEE_M, PULL_M_S2, PULL_BELOW_M, PULL_RAD_S = range(8, CRAFT_COLUMNS)
PLAIN = (0.0, 0.0, 0.0, 0.0)  # last columns of a class without an apogee and a side pull
LAUNCH_LAT_RAD, LAUNCH_LON_RAD, AIM_LAT_RAD, AIM_LON_RAD = 0, 1, 2, 3


@kernel
def shot_of(crafts: Floats, courses: Floats, n: int) -> Shot:
    """What to aim, from row `n` of the tables of classes and courses."""
    lat, lon = courses[n, LAUNCH_LAT_RAD], courses[n, LAUNCH_LON_RAD]
    aim_lat, aim_lon = courses[n, AIM_LAT_RAD], courses[n, AIM_LON_RAD]
    x, y, z = ecef_from_geodetic_xyz(lat, lon, 0.0)
    aim_x, aim_y, aim_z = ecef_from_geodetic_xyz(aim_lat, aim_lon, 0.0)
    return Shot(
        crafts[n, BOOST_S],
        crafts[n, STAGES],
        crafts[n, EXHAUST_M_S],
        crafts[n, BURNOUT_M],
        crafts[n, DRAG_BOOST_M2_KG],
        crafts[n, DRAG_FALL_M2_KG],
        x,
        y,
        z,
        -math.sin(lon),
        math.cos(lon),
        -math.sin(lat) * math.cos(lon),
        -math.sin(lat) * math.sin(lon),
        math.cos(lat),
        aim_x,
        aim_y,
        aim_z,
        crafts[n, APOGEE_M],
        crafts[n, PULL_M_S2],
        crafts[n, PULL_BELOW_M],
        crafts[n, PULL_RAD_S],
    )


@kernel
def ground_range(courses: Floats, n: int) -> float:
    """Distance from launch to aim [m], on the mean sphere at their geodetic coordinates.

    Valid for: within 0.6 % of the geodesic.
    """
    lat, lon = courses[n, LAUNCH_LAT_RAD], courses[n, LAUNCH_LON_RAD]
    aim_lat, aim_lon = courses[n, AIM_LAT_RAD], courses[n, AIM_LON_RAD]
    return RADIUS_MEAN_M * angle_between(
        math.cos(lat) * math.cos(lon),
        math.cos(lat) * math.sin(lon),
        math.sin(lat),
        math.cos(aim_lat) * math.cos(aim_lon),
        math.cos(aim_lat) * math.sin(aim_lon),
        math.sin(aim_lat),
    )


@kernel
def aim_raid(
    crafts: Floats,
    courses: Floats,
    step_error_m: float,
    guesses: Floats,
    impacts: Floats,
    status: Integers,
) -> None:
    """Find the missile that hits each aim point.

    crafts, courses : (object, 12), (object, 4), see the columns above
    step_error_m : error of integration allowed in a step [m]
    Fills guesses (object, 4), see `missile_of`; impacts (object, 3): time after launch [s],
    latitude, longitude [rad]; status (object,). What is not HIT has NaN.
    """
    work = np.zeros((ROWS, COLUMNS))
    for n in range(crafts.shape[0]):
        shot = shot_of(crafts, courses, n)
        status[n] = OUT_OF_RANGE
        if crafts[n, RANGE_MIN_M] <= ground_range(courses, n) <= crafts[n, RANGE_MAX_M]:
            status[n] = solve(shot, work, step_error_m)
        hit = status[n] == HIT
        for i in range(4):
            guesses[n, i] = work[GUESS, i] if hit else math.nan
        x, y, z = shot.aim_x + work[GAP, 0], shot.aim_y + work[GAP, 1], shot.aim_z + work[GAP, 2]
        lat, lon, _ = geodetic_from_ecef_xyz(x, y, z)
        impacts[n, 0] = work[GAP, 3] if hit else math.nan
        impacts[n, 1] = lat if hit else math.nan
        impacts[n, 2] = lon if hit else math.nan


@kernel
def sample_raid(
    crafts: Floats,
    courses: Floats,
    guesses: Floats,
    era_rad: Floats,
    step_error_m: float,
    sample_s: float,
    pos_eci_m: Floats,
    vel_eci_m_s: Floats,
) -> None:
    """Fly every missile of `aim_raid` and write its states at a fixed interval from launch.

    era_rad : (object,) Earth rotation angle at its launch [rad]
    pos_eci_m, vel_eci_m_s : (object, time, 3) written from launch to impact, left alone after
    """
    work = np.zeros((ROWS, COLUMNS))
    samples = np.empty((pos_eci_m.shape[1], 6))
    for n in range(crafts.shape[0]):
        if math.isnan(guesses[n, 0]):
            continue
        shot = shot_of(crafts, courses, n)
        for i in range(4):
            work[GUESS, i] = guesses[n, i]
        missile = missile_of(shot, work, GUESS)
        end_s = fly(missile, work, True, step_error_m, sample_s, samples)
        for k in range(samples.shape[0]):
            if k * sample_s > end_s:
                break
            for i in range(0, 6, 3):
                x, y, z = rotate_z(samples[k, i], samples[k, i + 1], samples[k, i + 2], -era_rad[n])
                out = pos_eci_m if i == 0 else vel_eci_m_s
                out[n, k, 0] = x
                out[n, k, 1] = y
                out[n, k, 2] = z
