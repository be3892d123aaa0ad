"""Flights of surface interceptors by another integrator: three dimensions, Earth-fixed axes."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from opendome.intercept.interceptors import SurfaceInterceptor
from opendome.intercept.kernels.ascent import KICK_SHARE
from opendome.intercept.records import Floats
from opendome.quantities.constants import (
    J2,
    MU_M3_S2,
    RADIUS_EQUATOR_M,
    RADIUS_MEAN_M,
    ROTATION_RAD_S,
)
from opendome.world.atmosphere import density_us76
from opendome.world.earth import altitude_xyz, ecef_from_geodetic
from opendome.world.frames import enu_axes

RTOL, ATOL = 1e-9, 1e-4


@dataclass(frozen=True, kw_only=True)
class Booster:
    """What flies: thrust acceleration, burn and ballistic coefficient, and whether Earth turns."""

    thrust_m_s2: float
    burn_s: float
    beta_kg_m2: float
    turning: bool

    @classmethod
    def of(cls, interceptor: SurfaceInterceptor, *, turning: bool) -> "Booster":
        """The booster of an interceptor, with the thrust of its flyout table."""
        return cls(
            thrust_m_s2=interceptor.table().thrust_m_s2,
            burn_s=interceptor.burn_time_s,
            beta_kg_m2=interceptor.ballistic_coefficient_kg_m2,
            turning=turning,
        )

    def still(self, p: Floats, v: Floats) -> Floats:
        """Gravity, drag and, where the Earth turns, what its turning does [m/s2]."""
        r2 = float(p @ p)
        gravity = -MU_M3_S2 / (r2 * math.sqrt(r2)) * p
        if self.turning:
            bulge = 1.5 * J2 * RADIUS_EQUATOR_M**2 / r2
            tilt = 5.0 * p[2] ** 2 / r2
            gravity = gravity * (1.0 + bulge * (np.array([1.0, 1.0, 3.0]) - tilt))
            omega = np.array([0.0, 0.0, ROTATION_RAD_S])
            gravity = gravity - 2.0 * np.cross(omega, v) - np.cross(omega, np.cross(omega, p))
            height = float(altitude_xyz(p[0], p[1], p[2]))
        else:
            height = math.sqrt(r2) - RADIUS_MEAN_M
        speed = math.sqrt(float(v @ v))
        return gravity - 0.5 * density_us76(height) * speed / self.beta_kg_m2 * v


def site_of(lat_rad: float, *, turning: bool) -> tuple[Floats, Floats, Floats]:
    """Position [m], level direction to the north-west and vertical of a site."""
    east, north, up = enu_axes(lat_rad, 0.0)
    start = ecef_from_geodetic(lat_rad, 0.0) if turning else RADIUS_MEAN_M * np.asarray(up)
    level = (np.asarray(north) - np.asarray(east)) / math.sqrt(2.0)
    return np.asarray(start), level, np.asarray(up)


def fly_booster(booster: Booster, kick_rad: float, lat_rad: float, time_s: float) -> Floats:
    """Position and velocity over the ground at a time of flight, burnout or later: (6,).

    kick_rad : elevation of the thrust in the first fortieth of the burn, then along the velocity
    Integrated by the pair of orders 8 and 5 of Dormand and Prince.
    """
    start, level, up = site_of(lat_rad, turning=booster.turning)
    aim = math.cos(kick_rad) * level + math.sin(kick_rad) * up
    kick_s = KICK_SHARE * booster.burn_s

    def rates(_t_s: float, y: Floats, part: int) -> Floats:
        p, v = y[:3], y[3:]
        a = booster.still(p, v)
        if part == 0:
            a = a + booster.thrust_m_s2 * aim
        elif part == 1:
            a = a + booster.thrust_m_s2 * v / math.sqrt(float(v @ v))
        return np.concatenate((v, a))

    y = np.concatenate((start, np.zeros(3)))
    edges = (0.0, kick_s, booster.burn_s, max(time_s, booster.burn_s))
    for part, (begin, end) in enumerate(pairwise(edges)):
        if begin == end:
            break
        flown = solve_ivp(
            rates, (begin, end), y, args=(part,), method="DOP853", rtol=RTOL, atol=ATOL
        )
        y = flown.y[:, -1]
    return y


def climb_rad(state: Floats) -> float:
    """Angle of the velocity above the horizon below the flight [rad]."""
    p, v = state[:3], state[3:]
    return math.asin(float(p @ v) / math.sqrt(float(p @ p) * float(v @ v)))
