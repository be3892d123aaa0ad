"""Plain twins of the surface interceptor's flight: no table, no compiled code of the room."""

import math
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from opendome.quantities.constants import (
    J2,
    MU_M3_S2,
    RADIUS_EQUATOR_M,
    RADIUS_MEAN_M,
    ROTATION_RAD_S,
)
from opendome.world.atmosphere import us76
from opendome.world.earth import altitude_xyz, ecef_from_geodetic
from opendome.world.frames import enu_axes

KICK_SHARE = 0.025
_HEIGHT_M = np.arange(0.0, 1.0e6, 250.0)
_LOG_DENSITY = np.log([us76(h)[2] for h in _HEIGHT_M])


def density(height_m):
    """Air density from the full atmosphere model, interpolated in its logarithm."""
    return np.where(
        height_m < _HEIGHT_M[-1], np.exp(np.interp(height_m, _HEIGHT_M, _LOG_DENSITY)), 0.0
    )


def plane_flights(kicks_rad, *, thrust, burn_s, beta, end_s, step_s):
    """Positions (flight, time, 2) in the site's vertical plane, by fourth-order steps."""
    kicks = np.asarray(kicks_rad)
    aim = np.stack((np.cos(kicks), np.sin(kicks)), axis=-1)

    def pull(p, v, t):
        r = np.linalg.norm(p, axis=-1, keepdims=True)
        speed = np.linalg.norm(v, axis=-1, keepdims=True)
        a = -MU_M3_S2 * p / r**3 - 0.5 * density(r - RADIUS_MEAN_M) * speed * v / beta
        if t < KICK_SHARE * burn_s:
            return a + thrust * aim
        return a + thrust * v / speed if t < burn_s else a

    p = np.zeros((kicks.size, 2))
    p[:, 1] = RADIUS_MEAN_M
    v = np.zeros_like(p)
    count = round(end_s / step_s)
    out = np.empty((kicks.size, count + 1, 2))
    for k in range(count):
        out[:, k] = p
        h, t = step_s, k * step_s + 1e-9
        a1 = pull(p, v, t)
        v2 = v + 0.5 * h * a1
        a2 = pull(p + 0.5 * h * v, v2, t)
        v3 = v + 0.5 * h * a2
        a3 = pull(p + 0.5 * h * v2, v3, t)
        v4 = v + h * a3
        a4 = pull(p + h * v3, v4, t)
        p = p + h / 6.0 * (v + 2 * v2 + 2 * v3 + v4)
        v = v + h / 6.0 * (a1 + 2 * a2 + 2 * a3 + a4)
    out[:, count] = p
    fallen = np.linalg.norm(out, axis=-1) < RADIUS_MEAN_M - 1.0
    out[np.logical_or.accumulate(fallen, axis=1)] = np.nan
    return out


def boxes(flights):
    """Lowest and highest coordinates of every patch between two flights and two times."""
    corners = (flights[:-1, :-1], flights[1:, :-1], flights[:-1, 1:], flights[1:, 1:])
    return np.minimum.reduce(corners), np.maximum.reduce(corners)


def first_passage(flights, patches, step_s, point):
    """Soonest time at which some flight of a family passes a point, NaN when none does.

    flights : (flight, time, 2), neighbours next to each other     patches : their `boxes`
    point : (2,). Every patch between two flights and two times is bilinear; the point's place
    in it is found by Newton steps.
    """
    low, high = patches
    near = low[..., 0] <= point[0]
    near &= high[..., 0] >= point[0]
    near &= low[..., 1] <= point[1]
    near &= high[..., 1] >= point[1]
    best = math.nan
    for i, k in zip(*np.nonzero(near), strict=True):
        pa, pb = flights[i, k] - point, flights[i + 1, k] - point
        pc, pd = flights[i, k + 1] - point, flights[i + 1, k + 1] - point
        u = v = 0.5
        for _ in range(8):
            value = (1 - u) * (1 - v) * pa + u * (1 - v) * pb + (1 - u) * v * pc + u * v * pd
            by_u = (1 - v) * (pb - pa) + v * (pd - pc)
            by_v = (1 - u) * (pc - pa) + u * (pd - pb)
            det = by_u[0] * by_v[1] - by_u[1] * by_v[0]
            if det == 0.0:
                break
            u -= (value[0] * by_v[1] - value[1] * by_v[0]) / det
            v -= (by_u[0] * value[1] - by_u[1] * value[0]) / det
        if -1e-6 <= u <= 1 + 1e-6 and -1e-6 <= v <= 1 + 1e-6:
            time_s = (k + v) * step_s
            best = time_s if math.isnan(best) else min(best, time_s)
    return best


def turning_flight(kick_rad, azimuth_rad, *, site, thrust, burn_s, beta, time_s):
    """Earth-fixed position after a flight over the turning, flattened Earth [m].

    site : (lat, lon) [rad]. Gravity with J2, air at rest on the turning Earth, Earth-fixed axes
    with Coriolis and centrifugal acceleration.
    """
    lat, lon = site
    east, north, up = enu_axes(lat, lon)
    start = ecef_from_geodetic(lat, lon)
    level = math.cos(azimuth_rad) * north + math.sin(azimuth_rad) * east
    aim = math.cos(kick_rad) * level + math.sin(kick_rad) * up
    omega = np.array([0.0, 0.0, ROTATION_RAD_S])

    def rates(t, y):
        p, v = y[:3], y[3:]
        r2 = p @ p
        r = math.sqrt(r2)
        bulge = 1.5 * J2 * RADIUS_EQUATOR_M**2 / r2
        tilt = 5.0 * p[2] ** 2 / r2
        shape = np.array([1 + bulge * (1 - tilt), 1 + bulge * (1 - tilt), 1 + bulge * (3 - tilt)])
        a = -MU_M3_S2 * p / (r2 * r) * shape
        a -= 2.0 * np.cross(omega, v) + np.cross(omega, np.cross(omega, p))
        speed = math.sqrt(v @ v)
        a -= 0.5 * float(density(altitude_xyz(p[0], p[1], p[2]))) * speed * v / beta
        if t < KICK_SHARE * burn_s:
            a += thrust * aim
        elif t < burn_s:
            a += thrust * v / speed
        return np.concatenate((v, a))

    y = np.concatenate((start, np.zeros(3)))
    edges = [0.0, KICK_SHARE * burn_s, burn_s, time_s]
    for t0, t1 in pairwise(edges):
        y = solve_ivp(rates, (t0, t1 - 1e-9), y, rtol=1e-7, atol=1e-3).y[:, -1]
    return y[:3]
