"""The same flight from the equations on the model page, in Earth-fixed rotating axes.

Nothing here comes from the kernels but the density of the air: other axes (Coriolis and
centrifugal terms instead of inertial ones), gravity as the gradient of the potential, another
integrator (scipy's DOP853 at 1e-11), another way to the altitude.
"""

import math
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from opendome.quantities.constants import (
    FLATTENING,
    J2,
    MU_M3_S2,
    RADIUS_EQUATOR_M,
    ROTATION_RAD_S,
)
from opendome.world.atmosphere import us76
from opendome.world.earth import ecef_from_geodetic

SPIN = np.array([0.0, 0.0, ROTATION_RAD_S])


def altitude_m(pos_m):
    """Height above WGS 84, by iterating the geodetic latitude."""
    across, z = math.hypot(pos_m[0], pos_m[1]), pos_m[2]
    squared = FLATTENING * (2.0 - FLATTENING)
    lat = math.atan2(z, across * (1.0 - squared))
    for _ in range(6):
        normal = RADIUS_EQUATOR_M / math.sqrt(1.0 - squared * math.sin(lat) ** 2)
        lat = math.atan2(z + squared * normal * math.sin(lat), across)
    normal = RADIUS_EQUATOR_M / math.sqrt(1.0 - squared * math.sin(lat) ** 2)
    return across * math.cos(lat) + z * math.sin(lat) - normal * (1 - squared * math.sin(lat) ** 2)


def gravity(pos_m):
    """Gradient of mu/r (1 - J2 (a/r)^2 (3 sin^2 - 1)/2)."""
    r = np.linalg.norm(pos_m)
    sine = pos_m[2] / r
    swell = 1.5 * J2 * (RADIUS_EQUATOR_M / r) ** 2
    north = np.array([0.0, 0.0, 1.0]) - sine * pos_m / r  # r times the gradient of the sine
    radial = 1.0 - swell * (3.0 * sine**2 - 1.0)
    return -MU_M3_S2 / r**2 * (radial * pos_m / r + 2.0 * swell * sine * north)


class Twin:
    """One missile: its class, its launch point [deg] and what aiming found."""

    def __init__(self, craft, lat_deg, lon_deg, guess):
        self.craft = craft
        lat, lon = math.radians(lat_deg), math.radians(lon_deg)
        self.start = ecef_from_geodetic(lat, lon)
        change, azimuth, self.first, self.final = math.exp(guess[0]), *guess[1:4]
        self.share = change / craft.stages
        self.exhaust = craft.exhaust_m_s or self.share
        self.stage_s = craft.boost_s / craft.stages
        east = np.array([-math.sin(lon), math.cos(lon), 0.0])
        up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
        ahead = math.cos(azimuth) * np.cross(up, east) + math.sin(azimuth) * east
        self.normal = np.cross(up, ahead)

    def thrust(self, t_s, pos_m, stage):
        burnt = 1.0 - math.exp(-self.share / self.exhaust)
        flow = burnt / self.stage_s
        size = self.exhaust * flow / (1.0 - flow * (t_s - stage * self.stage_s))
        line = self.first + (self.final - self.first) * t_s / self.craft.boost_s
        u = min(1.0, 2.0 * t_s / self.stage_s)
        w = (1.0 - u) ** 2 * (1.0 + 2.0 * u)
        elevation = w * 0.5 * math.pi + (1.0 - w) * line
        turn = ROTATION_RAD_S * t_s
        normal = np.array(
            [
                math.cos(turn) * self.normal[0] + math.sin(turn) * self.normal[1],
                math.cos(turn) * self.normal[1] - math.sin(turn) * self.normal[0],
                self.normal[2],
            ]
        )
        up = pos_m / np.linalg.norm(pos_m)
        return size * (math.sin(elevation) * up + math.cos(elevation) * np.cross(normal, up))

    def rate(self, t_s, state, stage):
        pos, vel = state[:3], state[3:]
        beta = self.craft.ballistic_coefficient_kg_m2
        if stage is not None:
            beta = self.craft.ballistic_coefficient_boost_kg_m2 or math.inf
        density = us76(altitude_m(pos))[2]
        pull = gravity(pos) - 2.0 * np.cross(SPIN, vel) - np.cross(SPIN, np.cross(SPIN, pos))
        pull -= 0.5 * density / beta * np.linalg.norm(vel) * vel
        if stage is not None:
            pull += self.thrust(t_s, pos, stage)
        return np.concatenate([vel, pull])

    def leg(self, state, begin_s, end_s, stage, events=None):
        done = solve_ivp(
            self.rate,
            (begin_s, end_s),
            state,
            "DOP853",
            rtol=1e-11,
            atol=1e-5,
            args=(stage,),
            events=events,
            dense_output=True,
        )
        assert done.success
        return done

    def fly(self):
        """Legs from lift-off to impact, each a scipy solution with dense output."""
        state = np.concatenate([self.start, np.zeros(3)])
        ends = [0.0, 0.5 * self.stage_s]
        ends += [(k + 1) * self.stage_s for k in range(self.craft.stages)]
        legs = []
        for k, (begin_s, end_s) in enumerate(pairwise(ends)):
            legs.append(self.leg(state, begin_s, end_s, max(0, k - 1)))
            state = legs[-1].y[:, -1]

        def ground(_, state, __):
            return altitude_m(state[:3])

        ground.terminal, ground.direction = True, -1
        legs.append(self.leg(state, ends[-1], 4.0 * 3600.0, None, ground))
        return legs


def position_at(legs, t_s):
    """Earth-fixed position of a twin's flight."""
    for leg in legs:
        if t_s <= leg.t[-1]:
            return leg.sol(t_s)[:3]
    raise ValueError(t_s)
