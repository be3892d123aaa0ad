"""Air-breathing flight and the horizon that hides it.

Authorities: the line Flinders Peak to Buninyong and twenty geodesics of C. F. F. Karney's
GeographicLib; the radar line-of-sight equation of the ATIS glossary; definitions.
"""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_MEAN_M, ROTATION_RAD_S
from opendome.sensing.kernels.horizon import bent_horizon, tangent_distance
from opendome.threats.cruise import CruiseClass
from opendome.threats.groups import RaidGroup
from opendome.threats.models import fly_raid
from opendome.threats.records import Raid
from opendome.verification.checks import Check
from opendome.verification.geodesy import (
    BUNINYONG_DEG,
    FLINDERS_BUNINYONG_M,
    FLINDERS_PEAK_DEG,
    sphere_inverse,
)
from opendome.verification.tables import read_numbers
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci

Floats = npt.NDArray[np.float64]
Fly = Callable[[CruiseClass, tuple[float, ...]], Raid]
Horizon = Callable[[float, float, float], float]

KM = 1e3
ERA_RAD = 1.0
STEP_S = 10.0
SPEED_M_S = 100.0
STANDARD_FACTOR = 4.0 / 3.0
# heights of antenna and flier [m] -> distance at which they lose sight of each other [km]
HORIZON_KM = {(20.0, 50.0): 48.0, (9000.0, 100.0): 432.0}
COAST_DEG = (33.0, -70.0, 38.0, -76.0)
HIGH = CruiseClass(
    speed_m_s=240.0,
    altitude_m=12_000.0,
    climb_rad=math.radians(12.0),
    dive_rad=math.radians(30.0),
    range_min_m=10.0 * KM,
    range_max_m=18_000.0 * KM,
    intensity_w_sr=40.0,
    rcs_m2=0.1,
    manoeuvre_psd_m2_s3=0.0,
)
ALONG_THE_GROUND = dataclasses.replace(HIGH, altitude_m=0.0, speed_m_s=SPEED_M_S)


def fly(threat: CruiseClass, course_deg: tuple[float, ...]) -> Raid:
    """One object of a class from launch to aim (latitudes and longitudes) [deg]."""
    ends = np.radians(np.array(course_deg))
    group = RaidGroup(
        threat=threat,
        class_name="cruise",
        launch_t_s=np.zeros(1),
        launch_lat_rad=ends[:1],
        launch_lon_rad=ends[1:2],
        aim_lat_rad=ends[2:3],
        aim_lon_rad=ends[3:],
    )
    return fly_raid([group], era_epoch_rad=ERA_RAD, step_s=STEP_S)


def over_ground(raid: Raid) -> tuple[Floats, Floats]:
    """Positions [m] and velocities over the turning Earth [m/s] of one object, ECEF."""
    valid = raid.valid[0]
    pos, vel = raid.pos_eci_m[0, valid], raid.vel_eci_m_s[0, valid].copy()
    vel[:, 0] += ROTATION_RAD_S * pos[:, 1]
    vel[:, 1] -= ROTATION_RAD_S * pos[:, 0]
    angle = ERA_RAD + ROTATION_RAD_S * STEP_S * np.flatnonzero(valid)
    return ecef_from_eci(pos, angle), ecef_from_eci(vel, angle)


def route_error(flown: Fly = fly) -> float:
    """Largest error of the length of a route, as time of flight times speed [m]."""
    lines = [
        (row["lat_1_deg"], row["lon_1_deg"], row["lat_2_deg"], row["lon_2_deg"], row["distance_m"])
        for row in read_numbers("geodesics.csv")
        if row["distance_m"] < ALONG_THE_GROUND.range_max_m
    ]
    lines.append((*FLINDERS_PEAK_DEG, *BUNINYONG_DEG, FLINDERS_BUNINYONG_M))
    return max(
        abs(float(flown(ALONG_THE_GROUND, tuple(ends)).impact_t_s[0]) * SPEED_M_S - length_m)
        for *ends, length_m in lines
    )


def fly_on_a_sphere(threat: CruiseClass, course_deg: tuple[float, ...]) -> Raid:
    """Planted bug: the time of flight of a great circle of the mean sphere."""
    raid = fly(threat, course_deg)
    ends = (math.radians(angle) for angle in course_deg)
    time_s = sphere_inverse(*ends)[1] / threat.speed_m_s
    return dataclasses.replace(raid, impact_t_s=np.array([time_s]))


def speed_error(flown: Fly = fly) -> float:
    """Largest relative departure from the speed of the class over the turning Earth."""
    _, vel = over_ground(flown(HIGH, COAST_DEG))
    return float(np.abs(np.linalg.norm(vel, axis=1) / HIGH.speed_m_s - 1.0).max())


def fly_over_a_still_earth(threat: CruiseClass, course_deg: tuple[float, ...]) -> Raid:
    """Planted bug: an inertial velocity without what the ground carries along."""
    raid = fly(threat, course_deg)
    vel = raid.vel_eci_m_s.copy()
    vel[..., 0] += ROTATION_RAD_S * raid.pos_eci_m[..., 1]
    vel[..., 1] -= ROTATION_RAD_S * raid.pos_eci_m[..., 0]
    return dataclasses.replace(raid, vel_eci_m_s=vel)


def height_error(flown: Fly = fly) -> float:
    """Largest departure from the cruise altitude between climb and dive [m]."""
    raid = flown(HIGH, COAST_DEG)
    _, _, height_m = geodetic_from_ecef(over_ground(raid)[0])
    climb_s = HIGH.altitude_m / (HIGH.speed_m_s * math.sin(HIGH.climb_rad))
    t_s = STEP_S * np.arange(height_m.size)
    level = (t_s > climb_s) & (t_s < raid.turn_t_s[0])
    return float(np.abs(height_m[level] - HIGH.altitude_m).max())


def fly_straight_between_samples(threat: CruiseClass, course_deg: tuple[float, ...]) -> Raid:
    """Planted bug: every second sample put on the chord between its neighbours."""
    raid = fly(threat, course_deg)
    pos = raid.pos_eci_m.copy()
    pos[:, 1:-1:2] = 0.5 * (pos[:, :-2:2] + pos[:, 2::2])
    return dataclasses.replace(raid, pos_eci_m=pos)


def horizon_error(horizon: Horizon = bent_horizon) -> float:
    """Largest difference from the two horizons of the survey [km]."""
    return max(
        abs(horizon(*heights_m, STANDARD_FACTOR) / KM - wanted_km)
        for heights_m, wanted_km in HORIZON_KM.items()
    )


def formula_error(horizon: Horizon = bent_horizon) -> float:
    """Largest relative difference from 4.12 km per root of metres, up to 10 km."""
    worst = 0.0
    for first_m in (1.0, 20.0, 100.0, 1000.0, 10_000.0):
        for second_m in (0.0, 50.0, 3000.0):
            wanted_m = 4.12 * KM * (math.sqrt(first_m) + math.sqrt(second_m))
            worst = max(worst, abs(horizon(first_m, second_m, STANDARD_FACTOR) / wanted_m - 1.0))
    return worst


def straight_horizon(height_1_m: float, height_2_m: float, earth_factor: float) -> float:
    """Planted bug: straight rays where the air bends them."""
    del earth_factor
    return bent_horizon(height_1_m, height_2_m, 1.0)


def antenna_horizon(height_1_m: float, height_2_m: float, earth_factor: float) -> float:
    """Planted bug: the horizon of the antenna alone, as if the flier were on the water."""
    del height_2_m
    return tangent_distance(height_1_m, earth_factor * RADIUS_MEAN_M)


def _check(name: str, **parts: Any) -> Check:
    return Check(name=f"cruise/{name}", **parts)


CHECKS: tuple[Check, ...] = (
    _check(
        "route",
        claim="a flight along the ground takes the length of the geodesic over the speed",
        authority="GeographicLib test lines (Karney); GDA technical manual",
        unit="m",
        tolerance=2e-3,
        measure=route_error,
        planted_bug=fly_on_a_sphere,
        bug="great circles of a sphere",
    ),
    _check(
        "speed",
        claim="the speed over the turning Earth is that of the class in every part",
        authority="definition",
        unit="relative",
        tolerance=1e-8,
        measure=speed_error,
        planted_bug=fly_over_a_still_earth,
        bug="a velocity without the rotation of the Earth",
    ),
    _check(
        "height",
        claim="between climb and dive the height above the ellipsoid is constant",
        authority="definition, by the iteration of Bowring",
        unit="m",
        tolerance=1e-4,
        measure=height_error,
        planted_bug=fly_straight_between_samples,
        bug="chords instead of arcs",
    ),
    _check(
        "horizon",
        claim="a mast of 20 m loses a flier at 50 m at 48 km, an aircraft at 9 km one at 100 m at "
        "432 km",
        authority="survey of the project, printed to 1 km, 4/3 of the radius of the Earth",
        unit="km",
        tolerance=0.5,
        measure=horizon_error,
        planted_bug=straight_horizon,
        bug="straight rays",
    ),
    _check(
        "line-of-sight",
        claim="two heights see each other within 4.12 km per root of metres, added",
        authority="ATIS Telecom Glossary, radar line-of-sight equation",
        unit="relative",
        tolerance=2e-3,
        measure=formula_error,
        planted_bug=antenna_horizon,
        bug="the height of the flier forgotten",
    ),
)
