"""Air-breathing flight: a route over the ellipsoid, flown at one speed and known heights.

The ground below is followed as a chain of geodesics. Along it the flight has parts of constant
path angle: to the cruise height, along it, to the height of the approach, along that, and down
onto the aim.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import (
    ECCENTRICITY_SQUARED,
    RADIUS_MEAN_M,
    ROTATION_RAD_S,
)
from opendome.world.earth import ecef_from_geodetic_xyz
from opendome.world.frames import rotate_z
from opendome.world.geodesy import FOUND, geodesic_direct_radians, geodesic_inverse_radians

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

# How the laying of a route ended.
FLOWN = 0
OUT_OF_RANGE = 1
TOO_SHORT = 2
NO_LINE = 3

# Geodesics are computed this far apart and joined by cubics, which are spacing^4 / (384 R^3)
# beside an arc of radius R: 2e-6 m.
SPACING_M = 20e3
# A geodesic and the great circle of the mean sphere between the same points, by which a
# scenario draws both ends within the range of the class, differ by no more than this share.
SPHERE_SHARE = 0.006
ROUNDING_M = 1e-3  # of the length of a route: a sample so far beyond its end is still on it

# Parts of a flight, the rows of `parts`, and what is known of the start of each: its columns.
CLIMB, CRUISE, CHANGE, APPROACH, DIVE, END = 0, 1, 2, 3, 4, 5
PARTS = 6
START_S, GROUND_M, HEIGHT_M, SINE, COSINE = 0, 1, 2, 3, 4
PART_COLUMNS = 5


class Flier(NamedTuple):
    """An air-breathing class as plain numbers.

    speed_m_s : over the turning Earth, along the path
    launch_height_m, height_m, approach_height_m : above the ellipsoid
    approach_m : ground distance from the aim at which it leaves `height_m`; 0 for none
    climb_rad, dive_rad : path angles, above 0
    range_min_m, range_max_m : shortest and longest route
    """

    speed_m_s: float
    launch_height_m: float
    height_m: float
    approach_height_m: float
    approach_m: float
    climb_rad: float
    dive_rad: float
    range_min_m: float
    range_max_m: float


@kernel
def ground_below(from_m: float, to_m: float, path_rad: float) -> float:
    """Ground distance over which a path of constant angle changes its height [m].

    from_m, to_m : heights [m]     path_rad : size of the path angle, above 0 [rad]
    Returns [m].   Model: R / tan(angle) |ln((R + to) / (R + from))|.
    Valid for: a sphere of the mean radius R; heights up to 100 km.
    Source: definition of the path angle, tan(angle) = (R / (R + h)) dh/ds, integrated.
    """
    gain = math.log1p((to_m - from_m) / (RADIUS_MEAN_M + from_m))
    return RADIUS_MEAN_M * abs(gain) / math.tan(path_rad)


@kernel
def begin_part(
    parts: Floats, part: int, flier: Flier, ground_m: float, height_m: float, path_rad: float
) -> None:
    """Write the row of a part that begins where the part before it ends.

    ground_m : from the launch [m]     height_m : there [m]     path_rad : its angle [rad]
    """
    start_s = 0.0
    if part > 0:
        rise_m = height_m - parts[part - 1, HEIGHT_M]
        if parts[part - 1, SINE] != 0.0:
            took_s = rise_m / (flier.speed_m_s * parts[part - 1, SINE])
        else:
            level_m = ground_m - parts[part - 1, GROUND_M]
            took_s = level_m * (1.0 + height_m / RADIUS_MEAN_M) / flier.speed_m_s
        start_s = parts[part - 1, START_S] + took_s
    parts[part, START_S] = start_s
    parts[part, GROUND_M] = ground_m
    parts[part, HEIGHT_M] = height_m
    parts[part, SINE] = math.sin(path_rad)
    parts[part, COSINE] = math.cos(path_rad)


@kernel
def lay_parts(flier: Flier, route_m: float, parts: Floats) -> int:
    """Fill `parts` (6, 5) with the flight over a route; returns a status.

    route_m : ground distance from launch to aim [m]
    """
    low = flier.approach_height_m if flier.approach_m > 0.0 else flier.height_m
    climbed_m = ground_below(flier.launch_height_m, flier.height_m, flier.climb_rad)
    changed_m = ground_below(flier.height_m, low, flier.climb_rad)
    dive_m = route_m - ground_below(low, 0.0, flier.dive_rad)
    leave_m = route_m - flier.approach_m if flier.approach_m > 0.0 else dive_m
    arrive_m = leave_m + changed_m
    if not (climbed_m <= leave_m and arrive_m <= dive_m):
        return TOO_SHORT
    climb_rad = math.copysign(flier.climb_rad, flier.height_m - flier.launch_height_m)
    change_rad = math.copysign(flier.climb_rad, low - flier.height_m)
    if flier.launch_height_m == flier.height_m:
        climb_rad = 0.0
    if low == flier.height_m:
        change_rad = 0.0
    begin_part(parts, CLIMB, flier, 0.0, flier.launch_height_m, climb_rad)
    begin_part(parts, CRUISE, flier, climbed_m, flier.height_m, 0.0)
    begin_part(parts, CHANGE, flier, leave_m, flier.height_m, change_rad)
    begin_part(parts, APPROACH, flier, arrive_m, low, 0.0)
    begin_part(parts, DIVE, flier, dive_m, low, -flier.dive_rad)
    begin_part(parts, END, flier, route_m, 0.0, 0.0)
    return FLOWN


@kernel
def place_at(t_s: float, part: int, flier: Flier, parts: Floats) -> tuple[float, float]:
    """Ground distance from the launch and height at a moment of a part [m].

    t_s : after launch, inside the part [s]
    """
    gone_m = flier.speed_m_s * (t_s - parts[part, START_S])
    rise_m = gone_m * parts[part, SINE]
    from_m = RADIUS_MEAN_M + parts[part, HEIGHT_M]
    if rise_m == 0.0:
        along_m = gone_m * RADIUS_MEAN_M / from_m
    else:
        slope = parts[part, COSINE] / parts[part, SINE]
        along_m = RADIUS_MEAN_M * slope * math.log1p(rise_m / from_m)
    return parts[part, GROUND_M] + along_m, parts[part, HEIGHT_M] + rise_m


@kernel
def route_length(points_rad: Floats) -> tuple[int, float]:
    """Status and length of the geodesics through some points [m].

    points_rad : (point, 2) geodetic latitude and longitude [rad]
    """
    length_m = 0.0
    for leg in range(points_rad.shape[0] - 1):
        status, leg_m, _, _ = geodesic_inverse_radians(
            points_rad[leg, 0], points_rad[leg, 1], points_rad[leg + 1, 0], points_rad[leg + 1, 1]
        )
        if status != FOUND:
            return NO_LINE, math.nan
        length_m += leg_m
    return FLOWN, length_m


@kernel
def lay_route(flier: Flier, points_rad: Floats, parts: Floats) -> int:
    """Fill `parts` with the flight along a route of a class; returns a status."""
    status, route_m = route_length(points_rad)
    if status != FLOWN:
        return status
    shortest_m = flier.range_min_m * (1.0 - SPHERE_SHARE)
    if not shortest_m <= route_m <= flier.range_max_m * (1.0 + SPHERE_SHARE):
        return OUT_OF_RANGE
    return lay_parts(flier, route_m, parts)


@kernel
def lay_routes(flier: Flier, routes_rad: Floats, times_s: Floats, status: Integers) -> None:
    """When every object of a class dives and arrives.

    routes_rad : (object, point, 2) geodetic, launch first and aim last [rad]
    Fills times_s (object, 2): begin of the dive and impact after launch [s], NaN where not
    FLOWN; status (object,).
    """
    parts = np.empty((PARTS, PART_COLUMNS))
    for n in range(routes_rad.shape[0]):
        status[n] = lay_route(flier, routes_rad[n], parts)
        flown = status[n] == FLOWN
        times_s[n, 0] = parts[DIVE, START_S] if flown else math.nan
        times_s[n, 1] = parts[END, START_S] if flown else math.nan


@kernel
def pass_times(flier: Flier, routes_rad: Floats, point: int, passed_s: Floats) -> None:
    """When every object passes a point of its route in level cruise.

    routes_rad : as of `lay_routes`     point : its number in each route
    Fills passed_s (object,) after launch [s], NaN where it cannot fly or does not cruise there.
    """
    parts = np.empty((PARTS, PART_COLUMNS))
    for n in range(routes_rad.shape[0]):
        passed_s[n] = math.nan
        if lay_route(flier, routes_rad[n], parts) != FLOWN:
            continue
        _, along_m = route_length(routes_rad[n, : point + 1])
        if parts[CRUISE, GROUND_M] <= along_m <= parts[CHANGE, GROUND_M]:
            level_m = along_m - parts[CRUISE, GROUND_M]
            level_m *= 1.0 + flier.height_m / RADIUS_MEAN_M
            passed_s[n] = parts[CRUISE, START_S] + level_m / flier.speed_m_s


@kernel
def mark_node(
    lat_rad: float, lon_rad: float, azimuth_rad: float, along_m: float, node: Floats
) -> None:
    """Write the point that a geodesic reaches, and its direction there, ECEF (6,) [m, 1]."""
    lat, lon, azimuth = geodesic_direct_radians(lat_rad, lon_rad, azimuth_rad, along_m)
    x, y, z = ecef_from_geodetic_xyz(lat, lon, 0.0)
    north, east = math.cos(azimuth), math.sin(azimuth)
    sin_lat, sin_lon, cos_lon = math.sin(lat), math.sin(lon), math.cos(lon)
    node[0] = x
    node[1] = y
    node[2] = z
    node[3] = -east * sin_lon - north * sin_lat * cos_lon
    node[4] = east * cos_lon - north * sin_lat * sin_lon
    node[5] = north * math.cos(lat)


@kernel
def between_nodes(share: float, spacing_m: float, nodes: Floats, ground: Floats) -> None:
    """Point of the ground and direction along it between two nodes, ECEF: `ground` (6,).

    share : of the way, 0..1     nodes : (2, 6)
    Model: cubic Hermite polynomial and its derivative.
    """
    s, r = share, 1.0 - share
    for i in range(3):
        p0, p1, d0, d1 = nodes[0, i], nodes[1, i], nodes[0, i + 3], nodes[1, i + 3]
        ground[i] = p0 * r * r * (1.0 + 2.0 * s) + p1 * s * s * (1.0 + 2.0 * r)
        ground[i] += spacing_m * s * r * (d0 * r - d1 * s)
        ground[i + 3] = 6.0 * s * r * (p1 - p0) / spacing_m
        ground[i + 3] += d0 * r * (1.0 - 3.0 * s) + d1 * s * (3.0 * s - 2.0)


@kernel
def write_state(
    ground: Floats,
    height_m: float,
    climb_m_s: float,
    level_m_s: float,
    era_rad: float,
    pos_eci_m: Floats,
    vel_eci_m_s: Floats,
) -> None:
    """Write the ECI state above a point of the ground.

    ground : (6,) point and direction of flight along it, ECEF     height_m : above it
    climb_m_s, level_m_s : parts of the velocity over the turning Earth
    """
    x, y, z = ground[0], ground[1], ground[2]
    # the gradient of the equation of the ellipsoid points straight up
    up_z = z / (1.0 - ECCENTRICITY_SQUARED)
    scale = 1.0 / math.sqrt(x * x + y * y + up_z * up_z)
    up_x, up_y, up_z = scale * x, scale * y, scale * up_z
    x += height_m * up_x
    y += height_m * up_y
    z += height_m * up_z
    vx = level_m_s * ground[3] + climb_m_s * up_x - ROTATION_RAD_S * y
    vy = level_m_s * ground[4] + climb_m_s * up_y + ROTATION_RAD_S * x
    vz = level_m_s * ground[5] + climb_m_s * up_z
    pos_eci_m[0], pos_eci_m[1], pos_eci_m[2] = rotate_z(x, y, z, -era_rad)
    vel_eci_m_s[0], vel_eci_m_s[1], vel_eci_m_s[2] = rotate_z(vx, vy, vz, -era_rad)


@kernel
def sample_leg(
    leg: Floats,
    leg_start_m: float,
    leg_m: float,
    first: int,
    flier: Flier,
    parts: Floats,
    era_rad: float,
    step_s: float,
    pos_eci_m: Floats,
    vel_eci_m_s: Floats,
) -> int:
    """Write the samples of one object along one geodesic; returns the next sample.

    leg : (3,) latitude, longitude and azimuth where it begins [rad]
    leg_start_m : ground distance from the launch to there     leg_m : its length
    first : sample to begin with     era_rad : Earth rotation angle at the launch
    """
    nodes, ground = np.empty((2, 6)), np.empty(6)
    spaces = max(1, math.ceil(leg_m / SPACING_M))
    spacing_m = leg_m / spaces
    marked = -1
    part = 0
    k = first
    while k < pos_eci_m.shape[0] and k * step_s <= parts[END, START_S]:
        t_s = k * step_s
        while part < DIVE and t_s >= parts[part + 1, START_S]:
            part += 1
        along_m, height_m = place_at(t_s, part, flier, parts)
        share = (along_m - leg_start_m) / spacing_m
        space = math.floor(share)
        if space >= spaces:
            if along_m > leg_start_m + leg_m + ROUNDING_M:
                break
            space = spaces - 1
        if space != marked:
            for end in range(2):
                node_m = (space + end) * spacing_m
                mark_node(leg[0], leg[1], leg[2], node_m, nodes[end])
            marked = space
        between_nodes(share - space, spacing_m, nodes, ground)
        level_m_s = flier.speed_m_s * parts[part, COSINE]
        climb_m_s = flier.speed_m_s * parts[part, SINE]
        angle = era_rad + ROTATION_RAD_S * t_s
        write_state(ground, height_m, climb_m_s, level_m_s, angle, pos_eci_m[k], vel_eci_m_s[k])
        k += 1
    return k


@kernel
def sample_routes(
    flier: Flier,
    routes_rad: Floats,
    status: Integers,
    era_rad: Floats,
    step_s: float,
    pos_eci_m: Floats,
    vel_eci_m_s: Floats,
) -> None:
    """Fly every object of `lay_routes` and write its states at a fixed interval from launch.

    era_rad : (object,) Earth rotation angle at its launch [rad]
    pos_eci_m, vel_eci_m_s : (object, time, 3) written from launch to impact, left alone after
    """
    parts, leg = np.empty((PARTS, PART_COLUMNS)), np.empty(3)
    for n in range(routes_rad.shape[0]):
        if status[n] != FLOWN:
            continue
        lay_route(flier, routes_rad[n], parts)
        start_m = 0.0
        k = 0
        for i in range(routes_rad.shape[1] - 1):
            leg[0], leg[1] = routes_rad[n, i, 0], routes_rad[n, i, 1]
            _, leg_m, leg[2], _ = geodesic_inverse_radians(
                leg[0], leg[1], routes_rad[n, i + 1, 0], routes_rad[n, i + 1, 1]
            )
            if leg_m > 0.0:
                k = sample_leg(
                    leg, start_m, leg_m, k, flier, parts, era_rad[n], step_s,
                    pos_eci_m[n], vel_eci_m_s[n],
                )  # fmt: skip
            start_m += leg_m
