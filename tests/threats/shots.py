"""Missiles of the catalogue's classes on courses given in degrees."""

import dataclasses
import math

import numpy as np
from geographiclib.geodesic import Geodesic

from opendome.sources.catalogue import load_system
from opendome.threats.ballistic import STEP_ERROR_M
from opendome.threats.ballistic_spec import ThreatSpec
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.raid import aim_raid
from opendome.threats.models import fly_raid
from opendome.world.earth import ecef_from_geodetic

CLASSES = ("icbm-solid", "icbm-liquid", "slbm", "irbm", "mrbm", "srbm")


def spec(name):
    """The class as the catalogue has it."""
    parameters = load_system(name).parameters
    return ThreatSpec(
        **{key: value.value for key, value in parameters.items() if key in ThreatSpec.model_fields}
    )


def threat(name, quantile=0.5, **changes):
    """The class with every uncertain value at one quantile, or with `quantile(field)`."""
    at = quantile if callable(quantile) else lambda _: quantile
    known = spec(name).realise(lambda field, value: value.quantile(at(field)))
    return dataclasses.replace(known, **changes)


def far_away(lat, lon, azimuth, distance_m):
    """Point at a distance along the WGS 84 geodesic, by geographiclib [deg]."""
    point = Geodesic.WGS84.Direct(lat, lon, azimuth, distance_m)
    return point["lat2"], point["lon2"]


def group(craft, courses, *, name="test", launch_t_s=None):
    """Missiles of one class; courses (missile, 4): launch and aim latitude, longitude [deg]."""
    table = np.radians(np.array(courses, dtype=float).reshape(-1, 4))
    times = np.zeros(len(table)) if launch_t_s is None else np.array(launch_t_s, dtype=float)
    return RaidGroup(
        threat=craft,
        class_name=name,
        launch_t_s=times,
        launch_lat_rad=table[:, 0],
        launch_lon_rad=table[:, 1],
        aim_lat_rad=table[:, 2],
        aim_lon_rad=table[:, 3],
    )


def fly(craft, courses, *, era_epoch_rad=0.0, step_s=1.0, launch_t_s=None):
    """Raid of one group."""
    missiles = group(craft, courses, launch_t_s=launch_t_s)
    return fly_raid([missiles], era_epoch_rad=era_epoch_rad, step_s=step_s)


def miss_m(raid, courses):
    """Distance of each impact from its aim point [m]."""
    aims = np.radians(np.array(courses, dtype=float).reshape(-1, 4))
    hit = ecef_from_geodetic(raid.impact_lat_rad, raid.impact_lon_rad)
    return np.linalg.norm(hit - ecef_from_geodetic(aims[:, 2], aims[:, 3]), axis=1)


def aimed(craft, course):
    """Guess, impact (time, lat, lon) and status of one missile, from the kernel itself."""
    crafts = np.array([craft.numbers])
    courses = np.radians(np.array([course], dtype=float))
    guesses, impacts = np.empty((1, 4)), np.empty((1, 3))
    status = np.empty(1, dtype=np.int32)
    aim_raid(crafts, courses, STEP_ERROR_M, guesses, impacts, status)
    return guesses[0], impacts[0], int(status[0])


def burnout(raid, missile=0):
    """Position and velocity at burnout in ECI, from the samples around it by a cubic."""
    t_s = raid.burnout_t_s[missile] - raid.launch_t_s[missile]
    first = math.ceil(t_s / raid.step_s)  # samples after burnout are smooth
    rows = slice(first, first + 6)
    times = np.arange(first, first + 6) * raid.step_s - t_s

    def at_zero(values):
        return np.polynomial.polynomial.polyfit(times, values, 4)[0]

    return at_zero(raid.pos_eci_m[missile, rows]), at_zero(raid.vel_eci_m_s[missile, rows])
