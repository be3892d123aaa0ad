"""Where a radar that moves is: a straight course over the ellipsoid, or a racetrack."""

import math
from typing import NamedTuple

from opendome.compiled import kernel
from opendome.sensing.kernels.radar import STAND, Site, in_mask, local_frame
from opendome.world.geodesy import geodesic_direct_radians


class Way(NamedTuple):
    """How a radar moves. A radar that stands still has None: its kernels know of no motion.

    lat_rad, lon_rad : declared point, geodetic: where it is at t_s = 0, or middle of the racetrack
    heading_rad : clockwise from north, at that point     speed_m_s : over the ellipsoid
    leg_m, turn_radius_m : of the racetrack; radius 0 for a straight course
    flown_m : how far along it is at t_s = 0, from the begin of the left straight
    """

    lat_rad: float
    lon_rad: float
    heading_rad: float
    speed_m_s: float
    leg_m: float
    turn_radius_m: float
    flown_m: float


@kernel
def on_racetrack(flown_m: float, leg_m: float, turn_radius_m: float) -> tuple[float, float]:
    """Place on a racetrack, from its middle.

    flown_m : since the begin of the left straight [m]
    leg_m : of each of two straights [m]     turn_radius_m : of each of two half circles [m]
    Returns (ahead, to the right) of the middle [m], seen along the left straight.
    Model: two straights joined by half circles, flown clockwise.  Source: definition.
    """
    half_turn = math.pi * turn_radius_m
    s = flown_m % (2.0 * (leg_m + half_turn))
    way = 1.0
    if s >= leg_m + half_turn:
        s -= leg_m + half_turn
        way = -1.0
    if s <= leg_m:
        return way * (s - 0.5 * leg_m), -way * turn_radius_m
    turned = (s - leg_m) / turn_radius_m
    ahead = 0.5 * leg_m + turn_radius_m * math.sin(turned)
    return way * ahead, -way * turn_radius_m * math.cos(turned)


@kernel
def site_at(site: Site, way: Way | None, t_s: float) -> Site:
    """A radar where it is at a moment; one that has no way is given back as it is.

    t_s : [s after epoch]
    Model: on a straight course, the geodesic from the declared point with the declared heading;
    on a racetrack, the geodesic from its middle to the place on it. Speed over the ellipsoid.
    Valid for: constant height; a racetrack is bent by (size / radius of the Earth)^2 / 6.
    Source: `world.geodesy`.
    """
    if way is None:
        return site
    flown_m = way.flown_m + way.speed_m_s * t_s
    ahead, right = flown_m, 0.0
    if way.turn_radius_m > 0.0:
        ahead, right = on_racetrack(flown_m, way.leg_m, way.turn_radius_m)
    bearing = way.heading_rad + math.atan2(right, ahead)
    lat, lon, _ = geodesic_direct_radians(
        way.lat_rad, way.lon_rad, bearing, math.hypot(ahead, right)
    )
    return Site(*(local_frame(lat, lon, site.alt_m) + site[STAND:]))


@kernel
def sees(site: Site, way: Way | None, t_s: float, x: float, y: float, z: float) -> bool:
    """Whether a point is inside the mask of a radar, wherever that is at a moment.

    t_s : [s after epoch]     x, y, z : the point, ECEF [m]
    """
    if way is None:
        return in_mask(site, x, y, z)
    return in_mask(site_at(site, way, t_s), x, y, z)
