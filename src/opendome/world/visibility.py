"""Who can see what: lines of sight past the limb, look angles from a site, nadir cones.

The Earth is a sphere for satellites (the caller gives its radius, with whatever margin for
the atmosphere) or the ellipsoid raised by a margin. There is no terrain and no refraction.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import RADIUS_EQUATOR_M, RADIUS_POLE_M
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@kernel
def line_of_sight(
    x1: float, y1: float, z1: float, x2: float, y2: float, z2: float, radius_m: float
) -> bool:
    """Whether the straight line between two points clears a sphere about the origin.

    x1 .. z2 : [m], any Earth-centred frame     radius_m : Earth and margin [m]
    Returns True when nothing is in the way.
    Model: the line is blocked when its point nearest to the centre lies between the ends and
    below `radius_m`. So a body inside the margin is still seen from above, but not across.
    Valid for: spherical Earth, no refraction.
    Source: D. A. Vallado, Fundamentals of Astrodynamics and Applications (2013), alg. 35.
    """
    dx = x2 - x1
    dy = y2 - y1
    dz = z2 - z1
    length2 = dx * dx + dy * dy + dz * dz
    along = x1 * dx + y1 * dy + z1 * dz
    if along >= 0.0 or along <= -length2:
        return True
    first2 = x1 * x1 + y1 * y1 + z1 * z1
    return first2 * length2 - along * along >= radius_m * radius_m * length2


@kernel
def line_of_sight_ellipsoid(
    x1: float, y1: float, z1: float, x2: float, y2: float, z2: float, margin_m: float
) -> bool:
    """Whether the straight line between two points clears the WGS 84 ellipsoid and a margin.

    x1 .. z2 : [m], Earth-centred, z along the axis of rotation
    margin_m : added to both radii of the ellipsoid [m]
    Returns True when nothing is in the way.
    Model: the z axis is stretched until the ellipsoid is a sphere; then `line_of_sight`.
    """
    radius = RADIUS_EQUATOR_M + margin_m
    stretch = radius / (RADIUS_POLE_M + margin_m)
    return line_of_sight(x1, y1, z1 * stretch, x2, y2, z2 * stretch, radius)


@kernel
def sees_against_space(
    x1: float, y1: float, z1: float, x2: float, y2: float, z2: float, radius_m: float
) -> bool:
    """Whether a sensor at point 1 sees the body at point 2 with empty sky behind it.

    x1 .. z2 : [m]     radius_m : Earth and margin [m]
    Returns True when the whole ray from point 1 through point 2 clears the sphere.
    """
    dx = x2 - x1
    dy = y2 - y1
    dz = z2 - z1
    along = x1 * dx + y1 * dy + z1 * dz
    if along >= 0.0:
        return True
    length2 = dx * dx + dy * dy + dz * dz
    first2 = x1 * x1 + y1 * y1 + z1 * z1
    return first2 * length2 - along * along >= radius_m * radius_m * length2


@kernel
def elevation_azimuth_range(
    x: float,
    y: float,
    z: float,
    site_x: float,
    site_y: float,
    site_z: float,
    site_lat_rad: float,
    site_lon_rad: float,
) -> tuple[float, float, float]:
    """Look angles and distance from a site to a target.

    x, y, z, site_x, site_y, site_z : ECEF [m]     site_lat_rad, site_lon_rad : geodetic [rad]
    Returns (elevation [rad], azimuth from north over east, 0 to 2 pi [rad], range [m]).
    Model: the difference of positions in the east-north-up axes of the site.
    """
    dx = x - site_x
    dy = y - site_y
    dz = z - site_z
    sin_lat = math.sin(site_lat_rad)
    cos_lat = math.cos(site_lat_rad)
    sin_lon = math.sin(site_lon_rad)
    cos_lon = math.cos(site_lon_rad)
    outward = cos_lon * dx + sin_lon * dy
    east = cos_lon * dy - sin_lon * dx
    north = cos_lat * dz - sin_lat * outward
    up = cos_lat * outward + sin_lat * dz
    level = math.sqrt(east * east + north * north)
    azimuth = math.atan2(east, north)
    if azimuth < 0.0:
        azimuth += 2.0 * math.pi
    return math.atan2(up, level), azimuth, math.sqrt(level * level + up * up)


@kernel
def in_nadir_cone(
    x1: float, y1: float, z1: float, x2: float, y2: float, z2: float, half_angle_rad: float
) -> bool:
    """Whether point 2 is within an angle of the nadir direction of the satellite at point 1.

    x1 .. z2 : [m]     half_angle_rad : 0 to pi [rad]
    """
    dx = x2 - x1
    dy = y2 - y1
    dz = z2 - z1
    down = -(x1 * dx + y1 * dy + z1 * dz)
    product = math.sqrt((x1 * x1 + y1 * y1 + z1 * z1) * (dx * dx + dy * dy + dz * dz))
    return down >= math.cos(half_angle_rad) * product


@kernel
def fill_visible(
    satellite_axes_m: Floats,
    target_pos_m: Floats,
    radius_m: float,
    range_max_m: float,
    half_angle_rad: float,
    visible: Flags,
) -> None:
    """Which satellites see which targets: limb, range and nadir cone at once.

    satellite_axes_m : (3, n) [m], as `constellations.fill_axes` gives it
    target_pos_m : (m, 3) [m], same frame     visible : (m, n), written
    Model and validity: `line_of_sight`, range <= range_max_m, `in_nadir_cone`, in squares so
    that nothing branches and no root is taken.
    """
    radius2 = radius_m * radius_m
    range2 = range_max_m * range_max_m
    cosine = math.cos(half_angle_rad)
    cone = cosine * abs(cosine)
    for j in range(target_pos_m.shape[0]):
        target_x = target_pos_m[j, 0]
        target_y = target_pos_m[j, 1]
        target_z = target_pos_m[j, 2]
        for i in range(satellite_axes_m.shape[1]):
            x = satellite_axes_m[0, i]
            y = satellite_axes_m[1, i]
            z = satellite_axes_m[2, i]
            dx = target_x - x
            dy = target_y - y
            dz = target_z - z
            length2 = dx * dx + dy * dy + dz * dz
            along = x * dx + y * dy + z * dz
            first2 = x * x + y * y + z * z
            clear = (
                (along >= 0.0)
                | (along <= -length2)
                | (first2 * length2 - along * along >= radius2 * length2)
            )
            near = length2 <= range2
            inside = -along * abs(along) >= cone * first2 * length2
            visible[j, i] = clear & near & inside


def visible(
    satellite_pos_m: npt.ArrayLike,
    target_pos_m: npt.ArrayLike,
    *,
    radius_m: float,
    range_max_m: float = math.inf,
    half_angle_rad: float = math.pi,
) -> Flags:
    """Which satellites see which targets.

    satellite_pos_m : (n, 3) [m]     target_pos_m : (m, 3) [m], same Earth-centred frame
    radius_m : Earth and margin that block the line of sight [m]
    range_max_m : [m]     half_angle_rad : of the cone about nadir [rad]
    Returns (m, n) flags; a NaN position is seen by nobody.
    Model: see `fill_visible`.
    """
    satellites = np.ascontiguousarray(np.asarray(satellite_pos_m, dtype=np.float64).T)
    targets = np.ascontiguousarray(target_pos_m, dtype=np.float64)
    if satellites.ndim != 2 or satellites.shape[0] != 3 or targets.shape[1:] != (3,):
        raise OpendomeError(
            got=f"satellites of shape {satellites.shape[::-1]} and targets of {targets.shape}",
            allowed="(n, 3) and (m, 3)",
            do="give one row per body",
        )
    flags = np.empty((targets.shape[0], satellites.shape[1]), dtype=np.bool_)
    fill_visible(satellites, targets, radius_m, range_max_m, half_angle_rad, flags)
    return flags
