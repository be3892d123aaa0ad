"""The Earth in the way: ellipsoid, clouds and limb.

Lengths along the axis are stretched by `STRETCH`, which turns the ellipsoid into a sphere
of the equatorial radius and keeps straight lines straight. A layer of height h (cloud
tops, dense air) is taken as the sphere of radius a + h in the stretched space: exact at
the equator, h / 300 too high at the poles.
"""

import math

from opendome.compiled import kernel
from opendome.quantities.constants import FLATTENING, RADIUS_EQUATOR_M, RADIUS_MEAN_M

STRETCH = 1.0 / (1.0 - FLATTENING)
RADIUS_POLE_M = RADIUS_EQUATOR_M * (1.0 - FLATTENING)


@kernel
def tangent_distance(height_m: float, radius_m: float) -> float:
    """Distance from a point above a sphere to the edge that it sees [m].

    height_m : of the point above the sphere [m]     radius_m : of the sphere [m]
    Returns [m].  Model: sqrt((R + h)^2 - R^2).  Valid for: height_m >= 0; no refraction.
    Source: Pythagoras.
    """
    return math.sqrt(height_m * (2.0 * radius_m + height_m))


@kernel
def bent_horizon(height_1_m: float, height_2_m: float, earth_factor: float) -> float:
    """Ground distance at which two points lose sight of each other in bending air [m].

    height_1_m, height_2_m : above the Earth, 0 or more [m]
    earth_factor : effective over true radius of the Earth; 1 for straight rays, 4/3 for radar
        in the standard atmosphere
    Returns [m].
    Model: rays bend down by a constant curvature, which is the same as straight rays over an
    Earth of `earth_factor` times its radius; the distances of both points to its edge, added.
    Valid for: both ends in the lowest kilometres of a standard atmosphere; above, air bends
    less and the distance is too large. Within 0.2 % of the ellipsoid.
    Source: ATIS Telecom Glossary, radar line-of-sight equation (4.12 km per root of metres).
    """
    radius = earth_factor * RADIUS_MEAN_M
    first = math.atan(tangent_distance(height_1_m, radius) / radius)
    second = math.atan(tangent_distance(height_2_m, radius) / radius)
    return radius * (first + second)


@kernel
def sees_over(height_1_m: float, height_2_m: float, distance_m: float, earth_factor: float) -> bool:
    """Whether two points so far apart see each other over a bent horizon.

    height_1_m, height_2_m : above the Earth [m]     distance_m : between them, straight [m]
    Returns False also when either point lies below the ground.
    Model: `bent_horizon` against the distance on the ground of a sphere of the mean radius.
    """
    if height_1_m < 0.0 or height_2_m < 0.0:
        return False
    rise = height_2_m - height_1_m
    product = (RADIUS_MEAN_M + height_1_m) * (RADIUS_MEAN_M + height_2_m)
    half_chord = math.sqrt(max(0.0, distance_m * distance_m - rise * rise) / (4.0 * product))
    ground_m = 2.0 * RADIUS_MEAN_M * math.asin(min(1.0, half_chord))
    return ground_m <= bent_horizon(height_1_m, height_2_m, earth_factor)


@kernel
def sees_past(
    x1: float, y1: float, z1: float, x2: float, y2: float, z2: float, height_m: float
) -> bool:
    """Whether the straight line between two points stays above a layer of the Earth.

    x1 ... z2 : both points, axis of rotation along z [m]
    height_m : of the layer above the ellipsoid [m]
    Returns False also when either point lies below the layer.
    Valid for: any pair; straight rays; layer height to h / 300.  Source: geometry.
    """
    radius = RADIUS_EQUATOR_M + height_m
    limit = radius * radius
    z1 *= STRETCH
    z2 *= STRETCH
    dx = x2 - x1
    dy = y2 - y1
    dz = z2 - z1
    first = x1 * x1 + y1 * y1 + z1 * z1
    along = -(x1 * dx + y1 * dy + z1 * dz)
    length = dx * dx + dy * dy + dz * dz
    if along <= 0.0:
        return first >= limit
    if along >= length:
        return x2 * x2 + y2 * y2 + z2 * z2 >= limit
    return first * length - along * along >= limit * length


@kernel
def against_space(
    x1: float, y1: float, z1: float, x2: float, y2: float, z2: float, height_m: float
) -> bool:
    """Whether the ray from point 1 through point 2, and on for ever, misses a layer of the Earth.

    x1 ... z2 : eye and object, axis of rotation along z [m]
    height_m : of the layer above the ellipsoid: the edge of dense, glowing air [m]
    Returns True when the object stands before cold space.
    Valid for: an eye above the layer; straight rays.  Source: geometry.
    """
    radius = RADIUS_EQUATOR_M + height_m
    z1 *= STRETCH
    z2 *= STRETCH
    dx = x2 - x1
    dy = y2 - y1
    dz = z2 - z1
    first = x1 * x1 + y1 * y1 + z1 * z1
    along = -(x1 * dx + y1 * dy + z1 * dz)
    if first < radius * radius:
        return False
    length = dx * dx + dy * dy + dz * dz
    return along <= 0.0 or first * length - along * along >= radius * radius * length


@kernel
def sight_angle(radius_1_m: float, radius_2_m: float) -> float:
    """Largest angle at the centre of the Earth at which two points can see each other [rad].

    radius_1_m, radius_2_m : distances from the centre, or more [m]
    Model: two tangents to the sphere of the polar radius, which lies within the ellipsoid: a
    bound that no pair of points as near to the centre exceeds.
    """
    first = math.acos(min(1.0, RADIUS_POLE_M / radius_1_m))
    return first + math.acos(min(1.0, RADIUS_POLE_M / radius_2_m))


@kernel
def apart_for(
    x1: float, y1: float, z1: float, x2: float, y2: float, z2: float,
    angle_rad: float, cos_angle: float, rate_rad_s: float,
) -> float:  # fmt: skip
    """Time in which two points cannot come as near as an angle at the centre [s], 0 if they are.

    x1 ... z2 : both points [m]     cos_angle : of the angle
    rate_rad_s : of both together, at most
    """
    norm = math.sqrt((x1 * x1 + y1 * y1 + z1 * z1) * (x2 * x2 + y2 * y2 + z2 * z2))
    product = x1 * x2 + y1 * y2 + z1 * z2
    if product >= cos_angle * norm:
        return 0.0
    cosine = max(-1.0, min(1.0, product / norm))
    return max(0.0, (math.acos(cosine) - angle_rad) / rate_rad_s)
