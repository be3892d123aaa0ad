"""Air-breathing fliers on routes given in degrees, and their flight over the ground."""

import dataclasses
import math

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.cruise import CruiseClass
from opendome.threats.groups import RaidGroup
from opendome.threats.models import fly_raid
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci

ERA_RAD = 1.3
PLAIN = CruiseClass(
    speed_m_s=240.0,
    altitude_m=80.0,
    climb_rad=math.radians(12.0),
    dive_rad=math.radians(30.0),
    range_min_m=10e3,
    range_max_m=18_000e3,
    intensity_w_sr=40.0,
    rcs_m2=0.1,
    manoeuvre_psd_m2_s3=3.0,
)


def flier(**changes):
    """The plain flier with some values changed; `via` in degrees."""
    via = changes.pop("via", ())
    points = tuple((math.radians(lat), math.radians(lon)) for lat, lon in via)
    return dataclasses.replace(PLAIN, via_rad=points, **changes)


def group(threat, *courses, launch_t_s=0.0):
    """Objects of one class on courses (launch lat, lon, aim lat, lon) [deg]."""
    table = np.radians(np.array(courses, dtype=np.float64))
    return RaidGroup(
        threat=threat,
        class_name="cruise",
        launch_t_s=np.broadcast_to(np.asarray(launch_t_s, dtype=np.float64), len(courses)).copy(),
        launch_lat_rad=table[:, 0].copy(),
        launch_lon_rad=table[:, 1].copy(),
        aim_lat_rad=table[:, 2].copy(),
        aim_lon_rad=table[:, 3].copy(),
    )


def fly(threat, *courses, launch_t_s=0.0, era_rad=ERA_RAD, step_s=1.0):
    """The raid of one class."""
    flown = group(threat, *courses, launch_t_s=launch_t_s)
    return fly_raid([flown], era_epoch_rad=era_rad, step_s=step_s)


def over_ground(raid, obj=0, era_rad=ERA_RAD):
    """Times [s], positions [m] and velocities over the ground [m/s] of one object, ECEF."""
    valid = raid.valid[obj]
    t_s = raid.launch_t_s[obj] + np.flatnonzero(valid) * raid.step_s
    pos_eci, vel_eci = raid.pos_eci_m[obj, valid], raid.vel_eci_m_s[obj, valid].copy()
    vel_eci[:, 0] += ROTATION_RAD_S * pos_eci[:, 1]
    vel_eci[:, 1] -= ROTATION_RAD_S * pos_eci[:, 0]
    angle = era_rad + ROTATION_RAD_S * t_s
    return t_s, ecef_from_eci(pos_eci, angle), ecef_from_eci(vel_eci, angle)


def geodetic_of(raid, obj=0, era_rad=ERA_RAD):
    """Latitude, longitude [rad] and height [m] of the samples of one object."""
    return geodetic_from_ecef(over_ground(raid, obj, era_rad)[1])
