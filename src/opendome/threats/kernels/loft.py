"""Arcs of a given apogee, lofted or depressed, and what is wrong at a burnout onto one.

A steep arc is up for so long that the Earth turns its aim point by as much as the range. Its
apogee fixes the time almost alone, so that the turning aim is found in a few rounds; and the
velocity itself is asked for, part by part, which stays smooth up to the vertical.
"""

import math

from opendome.compiled import kernel
from opendome.quantities.constants import (
    FLATTENING,
    MU_M3_S2,
    RADIUS_EQUATOR_M,
    ROTATION_RAD_S,
)
from opendome.threats.kernels.aiming import angle_between
from opendome.threats.kernels.work import AIM, STATE
from opendome.threats.records import Floats
from opendome.world.earth import altitude_xyz
from opendome.world.frames import rotate_z

HALVINGS = 60
ROUNDS_MAX = 30
SETTLED_S = 1e-7
ABOVE = 1.0 + 1e-9  # an apogee is never below either end, so that any guess gives numbers
TINY = 1e-300


@kernel
def angle_to_apogee(radius_m: float, top_m: float, e: float) -> float:
    """Central angle between a radius and the apogee of an ellipse [rad].

    radius_m, top_m : of the point and of the apogee [m]    e : eccentricity
    """
    cosine = (1.0 - top_m * (1.0 - e) / radius_m) / e
    return math.acos(min(1.0, max(-1.0, cosine)))


@kernel
def time_to_apogee(radius_m: float, top_m: float, e: float) -> float:
    """Time between a radius and the apogee of an ellipse [s]; Kepler's equation."""
    axis_m = top_m / (1.0 + e)
    cosine = min(1.0, max(-1.0, (1.0 - radius_m / axis_m) / e))
    anomaly = math.acos(cosine)
    mean = math.pi - anomaly + e * math.sin(anomaly)
    return mean * axis_m * math.sqrt(axis_m / MU_M3_S2)


@kernel
def arc_over(
    from_m: float, to_m: float, range_rad: float, top_m: float
) -> tuple[float, float, float, float]:
    """Speed [m/s], path angle [rad], time [s], angle to apogee [rad] of an arc of a given apogee.

    The first two are those at its start.

    from_m, to_m, top_m : distances of start, end and apogee from the centre of the Earth [m]
    range_rad : central angle
    Model: the angles from start to apogee and from there to the end, both falling as the
    ellipse gets thinner, add up to the range: bisection on the eccentricity.
    Valid for: 0 < range < pi; an apogee below either end counts as at the higher one.
    Source: orbit equation; R. R. Bate, D. D. Mueller, J. E. White, Fundamentals of
    Astrodynamics (1971), chapters 1 and 6.
    """
    top_m = max(top_m, ABOVE * max(from_m, to_m))
    lowest = min(from_m, to_m)
    low, high = (top_m - lowest) / (top_m + lowest), 1.0
    for _ in range(HALVINGS):
        e = 0.5 * (low + high)
        if angle_to_apogee(from_m, top_m, e) + angle_to_apogee(to_m, top_m, e) > range_rad:
            low = e
        else:
            high = e
    e = 0.5 * (low + high)
    axis_m = top_m / (1.0 + e)
    speed = math.sqrt(MU_M3_S2 * (2.0 / from_m - 1.0 / axis_m))
    level = math.sqrt(MU_M3_S2 * top_m * (1.0 - e)) / from_m
    path = math.acos(min(1.0, level / speed))
    arc_s = time_to_apogee(from_m, top_m, e) + time_to_apogee(to_m, top_m, e)
    return speed, path, arc_s, angle_to_apogee(from_m, top_m, e)


@kernel
def ground_below(z1: float, z2: float, range_rad: float, share_rad: float) -> float:
    """Distance of the ellipsoid from the centre of the Earth at a point of an arc [m].

    z1, z2 : sines of the geocentric latitude of its ends    range_rad : angle between them
    share_rad : angle from the first to the point
    """
    sine = z1 * math.sin(range_rad - share_rad) + z2 * math.sin(share_rad)
    sine /= max(math.sin(range_rad), TINY)
    square = min(1.0, sine * sine)
    stretch = (1.0 - FLATTENING) ** 2
    return RADIUS_EQUATOR_M * math.sqrt(stretch / (stretch + (1.0 - stretch) * square))


@kernel
def arc_to_aim(
    x: float, y: float, z: float, work: Floats, apogee_m: float, after_s: float, impact_s: float
) -> tuple[float, float, float]:
    """Speed [m/s] and path angle [rad] of the arc to the turning aim, and time of impact [s].

    x, y, z : start of the arc in launch axes [m]    work : row AIM is read
    apogee_m : above the ellipsoid    after_s : time of the start of the arc [s]
    impact_s : a guess of the time of impact [s]
    Model: the arc takes its time, which turns the aim, and its apogee lies above some ground,
    until neither changes it any more.
    """
    radius = math.sqrt(x * x + y * y + z * z)
    aim_radius = math.sqrt(work[AIM, 0] ** 2 + work[AIM, 1] ** 2 + work[AIM, 2] ** 2)
    speed, path, ground_m = 0.0, 0.0, aim_radius
    for _ in range(ROUNDS_MAX):
        turn = -ROTATION_RAD_S * impact_s
        ax, ay, az = rotate_z(work[AIM, 0], work[AIM, 1], work[AIM, 2], turn)
        psi = angle_between(x, y, z, ax, ay, az)
        speed, path, arc_s, top = arc_over(radius, aim_radius, psi, ground_m + apogee_m)
        ground_m = ground_below(z / radius, az / aim_radius, psi, top)
        gap_s = after_s + arc_s - impact_s
        impact_s += gap_s
        if abs(gap_s) < SETTLED_S:
            break
    return speed, path, impact_s


@kernel
def arc_error(
    work: Floats, error: int, apogee_m: float, boost_s: float, burnout_m: float, impact_s: float
) -> float:
    """Fill `work[error]` [m/s] with what is wrong at a burnout; returns the time of impact [s].

    work : rows STATE and AIM are read    impact_s : a guess of the time of impact [s]
    work[error] : altitude too much, over the boost time; velocity across the way to the aim;
    velocity too much along it, and upwards
    """
    x, y, z = work[STATE, 0], work[STATE, 1], work[STATE, 2]
    vx, vy, vz = work[STATE, 3], work[STATE, 4], work[STATE, 5]
    speed, path, impact_s = arc_to_aim(x, y, z, work, apogee_m, boost_s, impact_s)
    turn = -ROTATION_RAD_S * impact_s
    ax, ay, az = rotate_z(work[AIM, 0], work[AIM, 1], work[AIM, 2], turn)
    radius = math.sqrt(x * x + y * y + z * z)
    nx, ny, nz = y * az - z * ay, z * ax - x * az, x * ay - y * ax
    normal = max(math.sqrt(nx * nx + ny * ny + nz * nz), TINY)
    along = (ny * z - nz * y) * vx + (nz * x - nx * z) * vy + (nx * y - ny * x) * vz
    up = (x * vx + y * vy + z * vz) / radius
    work[error, 0] = (altitude_xyz(x, y, z) - burnout_m) / boost_s
    work[error, 1] = (nx * vx + ny * vy + nz * vz) / normal
    work[error, 2] = along / (radius * normal) - speed * math.cos(path)
    work[error, 3] = up - speed * math.sin(path)
    return impact_s
