"""Shells of satellites over a point: how many are within reach on average, and at each moment.

The averages know only altitude and inclination (the satellites of a shell are spread over all
nodes and places in the orbit); the counts follow every satellite of one constellation. The
Earth is a sphere of the equatorial radius here: latitudes are geocentric, a height is a distance
from the centre less `RADIUS_EQUATOR_M`, as in the constellations themselves.
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import RADIUS_EQUATOR_M, ROTATION_RAD_S
from opendome.quantities.errors import OpendomeError
from opendome.world.constellations import Walker, fill_axes, orbit_table
from opendome.world.kepler import Elements, secular_rates
from opendome.world.trigonometry import sine_cosine

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

PLANE_ROWS = 8
NODES = 64  # of the quadrature over a stretch of a cap: its error is then rounding
NO_ANGLE = 2.0  # in the place of a cosine: nothing is nearer
BIASED = 0.02  # departure of the point formula that is called a bias: the 2 % of published checks


# --- on average --------------------------------------------------------------------


def latitude_density(inclination_rad: npt.ArrayLike, latitude_rad: npt.ArrayLike) -> Floats:
    """Satellites per area at a latitude, relative to an even shell.

    inclination_rad, latitude_rad : (...) [rad]
    Returns (...): 1 is an even spread; infinite at the latitude of the inclination, NaN beyond.
    Model: f = 2 / (pi sqrt(sin^2 i - sin^2 lat)).
    Valid for: circular orbits with nodes and places in the orbit spread evenly; a point. Over
    an area near the inclination it is wrong by any factor: see `cap_share`.
    Source: elementary geometry of the sphere (density of the latitude of a point that moves
    evenly along a tilted great circle).
    """
    left = np.sin(inclination_rad) ** 2 - np.sin(latitude_rad) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2.0 / (math.pi * np.sqrt(left)))


def even_shell_share(reach_m: npt.ArrayLike, radius_m: npt.ArrayLike) -> Floats:
    """Share of an evenly spread shell that is within a straight-line reach of one of its points.

    reach_m : (...) [m]     radius_m : (...) of the shell [m]
    Returns (...): r^2 / (4 R^2), the area of the cap over that of the sphere; at most 1.
    Valid for: point and satellites at one radius; exact.   Source: Archimedes.
    """
    return np.asarray(np.minimum(1.0, (np.asarray(reach_m) / (2.0 * np.asarray(radius_m))) ** 2))


def reach_angle(reach_m: float, satellite_radius_m: float, point_radius_m: float) -> float:
    """Angle at the Earth's centre up to which a satellite is within a straight-line reach [rad].

    reach_m : [m]     satellite_radius_m, point_radius_m : distances from the centre [m]
    Returns [rad]; NaN when not even a satellite straight above is near enough.
    Model: law of cosines.
    """
    difference = satellite_radius_m - point_radius_m
    left = reach_m * reach_m - difference * difference
    if left < 0.0:
        return math.nan
    half_sine2 = left / (4.0 * satellite_radius_m * point_radius_m)
    return 2.0 * math.asin(math.sqrt(min(1.0, half_sine2)))


def cap_share(inclination_rad: float, latitude_rad: float, angle_rad: float) -> float:
    """Mean share of a constellation's satellites within an angle of a point.

    inclination_rad, latitude_rad : [rad]     angle_rad : at the Earth's centre [rad]
    Returns 0 to 1.
    Model: `latitude_density` averaged over the cap, without its singularity: a satellite at
    argument of latitude theta has latitude asin(sin i sin theta); of all longitudes it is inside
    on the share acos((cos rho - sin lat sin lat') / (cos lat cos lat')) / pi. The mean over theta
    is taken by Gauss's rule in u, theta = middle - half cos u, on each stretch.
    Valid for: as `latitude_density`, for caps of any size anywhere; error below 1e-9.
    Source: definition of a mean.
    """
    south, north = latitude_rad - angle_rad, latitude_rad + angle_rad
    edges = {-0.5 * math.pi, 0.5 * math.pi}
    for edge in (south, north, math.pi - north, -math.pi - south):
        sine = math.sin(edge) / math.sin(inclination_rad) if inclination_rad > 0.0 else math.inf
        if abs(edge) <= 0.5 * math.pi and abs(sine) < 1.0:
            edges.add(math.asin(sine))
    bounds = sorted(edges)
    pairs = pairwise(bounds)
    total = sum(_stretch(*pair, inclination_rad, latitude_rad, angle_rad) for pair in pairs)
    return total / math.pi


@cache
def gauss_rule() -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre on -1..1, `NODES` of each."""
    return np.polynomial.legendre.leggauss(NODES)


def _stretch(
    low_rad: float, high_rad: float, inclination_rad: float, latitude_rad: float, angle_rad: float
) -> float:
    """Integral of the share of longitudes inside a cap over a stretch of argument of latitude."""
    node, weight = gauss_rule()
    u = 0.5 * math.pi * (node + 1.0)
    half = 0.5 * (high_rad - low_rad)
    theta = 0.5 * (high_rad + low_rad) - half * np.cos(u)
    sine = math.sin(inclination_rad) * np.sin(theta)
    across = math.cos(latitude_rad) * np.sqrt(1.0 - sine * sine)
    above = math.cos(angle_rad) - math.sin(latitude_rad) * sine
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(across > 0.0, above / across, np.copysign(math.inf, above))
    share = np.arccos(np.clip(ratio, -1.0, 1.0)) / math.pi
    return float(np.sum(weight * share * np.sin(u)) * half * 0.5 * math.pi)


def cap_density(inclination_rad: float, latitude_rad: float, angle_rad: float) -> float:
    """Mean of `latitude_density` over a cap: `cap_share` over the share of an even shell.

    inclination_rad, latitude_rad : [rad]     angle_rad : half angle of the cap, above 0 [rad]
    """
    even = math.sin(0.5 * angle_rad) ** 2
    return cap_share(inclination_rad, latitude_rad, angle_rad) / even


def point_formula_biased(inclination_rad: float, latitude_rad: float, angle_rad: float) -> bool:
    """Whether `latitude_density` at the middle must not stand for a whole cap.

    inclination_rad, latitude_rad : [rad]     angle_rad : half angle of the cap [rad]
    Returns True when the cap reaches over the inclination, where there are no satellites, or
    when the density in the middle departs from the mean over the cap by more than `BIASED`.
    """
    limit = min(inclination_rad, math.pi - inclination_rad)
    if abs(latitude_rad) + angle_rad > limit and limit < 0.5 * math.pi:
        return True
    middle = float(latitude_density(inclination_rad, latitude_rad))
    mean = cap_density(inclination_rad, latitude_rad, angle_rad)
    return not abs(middle - mean) <= BIASED * mean


# --- moment by moment ---------------------------------------------------------------


def plane_table(pattern: Walker) -> Floats:
    """Table of the planes of a Walker pattern, for the kernels below.

    Returns (8, planes): node, its rate, argument of latitude of the pattern's first satellite,
    its rate [rad, rad/s], cos i, sin i, satellites in the plane, and how far this plane is ahead
    of the first one, in spacings between neighbours. Rates as `constellations.orbit_table`.
    """
    pattern.validate()
    spread = 2.0 * math.pi if pattern.kind == "delta" else math.pi
    shares = np.arange(pattern.planes) / pattern.planes
    motion, node_rate, perigee_rate = secular_rates(
        RADIUS_EQUATOR_M + pattern.altitude_m, 0.0, pattern.inclination_rad
    )
    table = np.empty((PLANE_ROWS, pattern.planes))
    table[0] = pattern.raan0_rad + spread * shares
    table[1] = node_rate
    table[2] = pattern.phase0_rad
    table[3] = motion + perigee_rate
    table[4] = math.cos(pattern.inclination_rad)
    table[5] = math.sin(pattern.inclination_rad)
    table[6] = pattern.satellites // pattern.planes
    table[7] = pattern.phasing * shares
    return table


@kernel
def count_in_plane(
    planes: Floats, plane: int, sin_node: float, cos_node: float, first_rad: float,
    x: float, y: float, z: float, cos_angle: float,
) -> int:  # fmt: skip
    """Satellites of one plane within an angle of a direction.

    planes : from `plane_table`     plane : its column
    sin_node, cos_node : of its node in the axes of the direction
    first_rad : argument of latitude of the pattern's first satellite [rad]
    x, y, z : unit vector     cos_angle : of the angle
    Model: cos psi = A cos(theta - phi), with A the length of the direction's part in the plane;
    the arguments theta of evenly spaced satellites inside an arc are counted in closed form.
    """
    level = y * cos_node - x * sin_node
    out = z * planes[4, plane] - level * planes[5, plane]
    within2 = 1.0 - out * out
    if cos_angle > 0.0 and within2 < cos_angle * cos_angle:
        return 0
    within = math.sqrt(max(0.0, within2))
    if cos_angle <= -within:
        return int(planes[6, plane])
    along = x * cos_node + y * sin_node
    across = level * planes[4, plane] + z * planes[5, plane]
    half = math.acos(min(1.0, cos_angle / within))
    places = planes[6, plane] / (2.0 * math.pi)
    middle = (math.atan2(across, along) - first_rad) * places - planes[7, plane]
    return int(math.floor(middle + half * places) - math.ceil(middle - half * places) + 1.0)


@kernel
def fill_counts(
    planes: Floats,
    points: Floats,
    cosines: tuple[float, float],
    t_s: Floats,
    era_rad: float,
    counts: Counts,
) -> None:
    """Satellites within a band of angles of points that turn with the Earth, at some moments.

    planes : (8, p) from `plane_table`     points : (n, 3) unit vectors, Earth-fixed
    cosines : of the largest and the smallest angle at the centre; no angle has one above 1
    t_s : (m,) [s]     era_rad : Earth rotation angle at t = 0 [rad]     counts : (n, m), written
    """
    far, near = cosines
    for k in range(t_s.shape[0]):
        turned = era_rad + ROTATION_RAD_S * t_s[k]
        for j in range(points.shape[0]):
            counts[j, k] = 0
        for p in range(planes.shape[1]):
            sin_node, cos_node = sine_cosine(planes[0, p] + planes[1, p] * t_s[k] - turned)
            first = planes[2, p] + planes[3, p] * t_s[k]
            for j in range(points.shape[0]):
                x, y, z = points[j, 0], points[j, 1], points[j, 2]
                inside = count_in_plane(planes, p, sin_node, cos_node, first, x, y, z, far)
                if inside > 0 and near <= 1.0:
                    inside -= count_in_plane(planes, p, sin_node, cos_node, first, x, y, z, near)
                counts[j, k] += inside


@kernel
def fewest(
    planes: Floats, points: Floats, cosines: tuple[float, float], t_s: Floats, enough: int
) -> int:
    """Fewest satellites within a band of angles of any point at any moment, or the first too few.

    enough : a count below it ends the search and is returned     others as `fill_counts`,
    with the Earth rotation angle 0 at t = 0
    """
    counts = np.empty((points.shape[0], 1), dtype=np.int64)
    least = int(planes[6].sum())
    for k in range(t_s.shape[0]):
        fill_counts(planes, points, cosines, t_s[k : k + 1], 0.0, counts)
        least = min(least, int(counts.min()))
        if least < enough:
            return least
    return least


@kernel
def smallest_per_plane(
    planes: Floats,
    points: Floats,
    cosines: tuple[float, float],
    t_s: Floats,
    enough: int,
    limits: tuple[int, int],
) -> int:
    """Smallest number of satellites in each plane that leaves no point with too few.

    planes : from `plane_table`; its row of numbers per plane is overwritten
    enough : satellites wanted within the band of angles of every point at every moment
    limits : smallest and largest number tried, one after the other
    Returns the number, 0 when none of them does. Others as `fewest`.
    """
    for number in range(limits[0], limits[1] + 1):
        planes[6] = number
        if fewest(planes, points, cosines, t_s, enough) >= enough:
            return number
    return 0


@kernel
def fill_counts_one_by_one(
    table: Floats, points: Floats, reach_m: float, t_s: Floats, era_rad: float, counts: Counts
) -> None:
    """Satellites within a straight-line reach, each one moved and measured: any orbits.

    table : (11, n) from `constellations.orbit_table`     points : (m, 3) [m], Earth-fixed
    Others as `fill_counts`; the plain twin of it.
    """
    axes = np.empty((3, table.shape[1]))
    for k in range(t_s.shape[0]):
        fill_axes(table, t_s[k], axes)
        s, c = sine_cosine(era_rad + ROTATION_RAD_S * t_s[k])
        for j in range(points.shape[0]):
            x = points[j, 0] * c - points[j, 1] * s
            y = points[j, 0] * s + points[j, 1] * c
            near = 0
            for i in range(table.shape[1]):
                dx = axes[0, i] - x
                dy = axes[1, i] - y
                dz = axes[2, i] - points[j, 2]
                near += dx * dx + dy * dy + dz * dz <= reach_m * reach_m
            counts[j, k] = near


def directions(lat_rad: npt.ArrayLike, lon_rad: npt.ArrayLike) -> Floats:
    """Unit vectors (n, 3) of points of the sphere. lat_rad, lon_rad : scalar or (n,) [rad]."""
    lat, lon = np.broadcast_arrays(
        np.atleast_1d(np.asarray(lat_rad, dtype=np.float64)), np.asarray(lon_rad, dtype=np.float64)
    )
    flat = np.cos(lat)
    return np.stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)], axis=-1)


def satellites_within(
    pattern: Walker,
    lat_rad: npt.ArrayLike,
    lon_rad: npt.ArrayLike,
    *,
    angle_rad: float,
    t_s: npt.ArrayLike,
    era_rad: float = 0.0,
) -> Counts:
    """Satellites of a pattern within an angle of points on the turning Earth.

    lat_rad, lon_rad : scalar or (n,) [rad]     angle_rad : at the centre [rad]; NaN is nowhere
    t_s : (m,) [s after epoch]     era_rad : Earth rotation angle at the epoch [rad]
    Returns (n, m).   Model: `count_in_plane`, with the secular J2 rates of the orbits.
    """
    points = directions(lat_rad, lon_rad)
    moments = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    counts = np.zeros((points.shape[0], moments.size), dtype=np.int64)
    if not math.isnan(angle_rad):
        cosines = (math.cos(angle_rad), NO_ANGLE)
        fill_counts(plane_table(pattern), points, cosines, moments, era_rad, counts)
    return counts


def satellites_in_reach(
    constellation: Walker | Elements,
    lat_rad: npt.ArrayLike,
    lon_rad: npt.ArrayLike = 0.0,
    *,
    altitude_m: float,
    reach_m: float,
    t_s: npt.ArrayLike,
    era_rad: float = 0.0,
) -> Counts:
    """Satellites within a straight-line reach of points on the turning Earth.

    constellation : a Walker pattern (quick), or elements of any orbits (each one is moved)
    lat_rad, lon_rad : scalar or (n,) geocentric [rad]     altitude_m : of the points [m]
    reach_m : straight line from satellite to point [m]     t_s : (m,) [s after epoch]
    era_rad : Earth rotation angle at the epoch [rad]
    Returns (n, m) counts.
    Valid for: Kepler's motion with secular J2; a sphere of the equatorial radius.
    """
    if not reach_m > 0.0:
        raise OpendomeError(
            got=f"a reach of {reach_m:g} m", allowed="more than 0 m", do="give the reach in metres"
        )
    radius = RADIUS_EQUATOR_M + altitude_m
    if isinstance(constellation, Walker):
        angle = reach_angle(reach_m, RADIUS_EQUATOR_M + constellation.altitude_m, radius)
        return satellites_within(
            constellation, lat_rad, lon_rad, angle_rad=angle, t_s=t_s, era_rad=era_rad
        )
    points = radius * directions(lat_rad, lon_rad)
    moments = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    counts = np.zeros((points.shape[0], moments.size), dtype=np.int64)
    table = orbit_table(constellation)
    fill_counts_one_by_one(table, points, reach_m, moments, era_rad, counts)
    return counts
