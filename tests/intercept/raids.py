"""Plain raids for the tests: flown by a simple integrator, no room but `threats.records` needed."""

import math

import numpy as np

from opendome.quantities.constants import MU_M3_S2, RADIUS_EQUATOR_M, ROTATION_RAD_S
from opendome.threats.records import Raid


def _acceleration(pos, thrust_m_s2, direction):
    r = np.linalg.norm(pos, axis=-1, keepdims=True)
    return -MU_M3_S2 * pos / r**3 + thrust_m_s2 * direction


def flown(
    objects: int,
    *,
    seed: int = 1,
    boost_s: float = 180.0,
    spread_s: float = 60.0,
    step_s: float = 2.0,
    lat_deg: float = 40.0,
    thrust_m_s2: float = 40.0,
    longest_s: float = 2400.0,
) -> Raid:
    """Missiles that rise from around one place, burn in a fixed direction and fall freely."""
    rng = np.random.default_rng(seed)
    lat = np.radians(lat_deg + rng.uniform(-2.0, 2.0, objects))
    lon = np.radians(127.0 + rng.uniform(-2.0, 2.0, objects))
    up = np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=-1)
    north = np.stack((-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)), axis=-1)
    east = np.cross(north, up)
    azimuth = rng.uniform(-0.6, 0.6, objects)[:, None]
    level = np.cos(azimuth) * north + np.sin(azimuth) * east
    climb = rng.uniform(0.7, 0.9, objects)[:, None]
    direction = np.cos(climb) * level + np.sin(climb) * up
    samples = round(longest_s / step_s) + 1
    pos = np.empty((objects, samples, 3))
    vel = np.empty((objects, samples, 3))
    p, v = up * RADIUS_EQUATOR_M, np.zeros((objects, 3))
    fine, h = 4, step_s / 4
    for k in range(samples):
        pos[:, k], vel[:, k] = p, v
        for n in range(fine):
            thrust = thrust_m_s2 if k * step_s + n * h < boost_s else 0.0
            a1 = _acceleration(p, thrust, direction)
            v2 = v + 0.5 * h * a1
            a2 = _acceleration(p + 0.5 * h * v, thrust, direction)
            v3 = v + 0.5 * h * a2
            a3 = _acceleration(p + 0.5 * h * v2, thrust, direction)
            v4 = v + h * a3
            a4 = _acceleration(p + h * v3, thrust, direction)
            p = p + h / 6.0 * (v + 2 * v2 + 2 * v3 + v4)
            v = v + h / 6.0 * (a1 + 2 * a2 + 2 * a3 + a4)
    launch = rng.uniform(0.0, spread_s, objects)
    above = np.linalg.norm(pos, axis=-1) >= RADIUS_EQUATOR_M - 1.0
    valid = np.logical_and.accumulate(above, axis=1)
    last = valid.sum(axis=1) - 1
    pos[~valid] = np.nan
    vel[~valid] = np.nan
    nothing = np.zeros((objects, samples))
    return Raid(
        class_names=("test",),
        object_class=np.zeros(objects, np.int32),
        group=np.zeros(objects, np.int32),
        launch_t_s=launch,
        burnout_t_s=launch + boost_s,
        impact_t_s=launch + last * step_s,
        hot_until_t_s=launch + boost_s,
        turn_t_s=launch - np.inf,
        manoeuvre_psd_m2_s3=np.zeros(objects),
        launch_lat_rad=lat,
        launch_lon_rad=lon,
        impact_lat_rad=lat,
        impact_lon_rad=lon,
        p_reliable=np.ones(objects),
        parent=np.full(objects, -1, np.int32),
        lethal=np.ones(objects, np.bool_),
        p_taken_for_real=np.ones(objects),
        step_s=step_s,
        pos_eci_m=pos,
        vel_eci_m_s=vel,
        intensity_w_sr=nothing,
        rcs_m2=nothing,
        valid=valid,
    )


def held_over(lat_deg: float, radius_m: float, duration_s: float, step_s: float) -> Raid:
    """One object that stays over a point of the turning Earth: bare geometry."""
    samples = round(duration_s / step_s) + 1
    lat = math.radians(lat_deg)
    lon = ROTATION_RAD_S * step_s * np.arange(samples)
    turned = np.stack((np.cos(lon), np.sin(lon), np.full(samples, math.tan(lat))), axis=-1)
    point = radius_m * math.cos(lat) * turned[None]
    one = np.zeros(1)
    return Raid(
        class_names=("held",),
        object_class=np.zeros(1, np.int32),
        group=np.zeros(1, np.int32),
        launch_t_s=one,
        burnout_t_s=one + duration_s,
        impact_t_s=one + duration_s,
        hot_until_t_s=one + duration_s,
        turn_t_s=one - np.inf,
        manoeuvre_psd_m2_s3=one,
        launch_lat_rad=one,
        launch_lon_rad=one,
        impact_lat_rad=one,
        impact_lon_rad=one,
        p_reliable=one + 1.0,
        parent=np.full(1, -1, np.int32),
        lethal=np.ones(1, np.bool_),
        p_taken_for_real=np.ones(1),
        step_s=step_s,
        pos_eci_m=point,
        vel_eci_m_s=np.zeros((1, samples, 3)),
        intensity_w_sr=np.zeros((1, samples)),
        rcs_m2=np.zeros((1, samples)),
        valid=np.ones((1, samples), np.bool_),
    )
