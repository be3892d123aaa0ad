"""A missile to be aimed, what a guess makes of it, and what is wrong at its burnout."""

import math
from typing import NamedTuple

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S, STANDARD_GRAVITY_M_S2
from opendome.threats.kernels.aiming import angle_between, arc_to, least_energy_angle
from opendome.threats.kernels.flight import NO_SAMPLES, ROUGH, fly
from opendome.threats.kernels.loft import arc_error, arc_to_aim
from opendome.threats.kernels.motion import Missile
from opendome.threats.kernels.work import AIM, GUESS, STATE
from opendome.threats.records import Floats
from opendome.world.earth import altitude_xyz
from opendome.world.frames import rotate_z


class Shot(NamedTuple):
    """One missile to be aimed: its class, where it starts and what it must reach.

    boost_s, stages, exhaust_m_s, burnout_m : class values [s, -, m/s, m]; exhaust speed 0
    stands for one equal to the velocity change of a stage
    drag_boost_m2_kg, drag_fall_m2_kg : inverse ballistic coefficients [m2/kg]
    x, y, z : launch point in launch axes [m]
    east_x, east_y, north_x, north_y, north_z : horizontal axes at the launch point
    aim_x, aim_y, aim_z : aim point, Earth-fixed [m]
    apogee_m : wanted of the free flight [m]; 0 for the arc of least energy
    pull_m_s2, pull_below_m, pull_rad_s : as of a `Missile`
    """

    boost_s: float
    stages: float
    exhaust_m_s: float
    burnout_m: float
    drag_boost_m2_kg: float
    drag_fall_m2_kg: float
    x: float
    y: float
    z: float
    east_x: float
    east_y: float
    north_x: float
    north_y: float
    north_z: float
    aim_x: float
    aim_y: float
    aim_z: float
    apogee_m: float
    pull_m_s2: float
    pull_below_m: float
    pull_rad_s: float


@kernel
def missile_of(shot: Shot, work: Floats, row: int) -> Missile:
    """The missile that a guess describes.

    work[row] : natural logarithm of the total velocity change [m/s], azimuth of the thrust
    plane, first and final end of the line of thrust elevation [rad]
    Model: all stages burn equally long and give an equal share of the velocity change, so all
    have one mass ratio, exp(share / exhaust speed).
    """
    sine, cosine = math.sin(work[row, 1]), math.cos(work[row, 1])
    share = math.exp(work[row, 0]) / shot.stages
    exhaust = shot.exhaust_m_s if shot.exhaust_m_s > 0.0 else share
    return Missile(
        shot.x,
        shot.y,
        shot.z,
        shot.boost_s,
        round(shot.stages),
        shot.boost_s / shot.stages,
        exhaust,
        1.0 - math.exp(-share / exhaust),
        work[row, 2],
        work[row, 3],
        sine * shot.north_x - cosine * shot.east_x,
        sine * shot.north_y - cosine * shot.east_y,
        sine * shot.north_z,
        shot.drag_boost_m2_kg,
        shot.drag_fall_m2_kg,
        shot.pull_m_s2,
        shot.pull_below_m,
        shot.pull_rad_s,
    )


@kernel
def burnout_error(shot: Shot, work: Floats, impact_s: float, error: int) -> float:
    """Fill `work[error]` [m/s] with what is wrong at burnout; returns the time of impact [s].

    work : rows STATE and AIM are read    impact_s : a guess of the time of impact [s]
    work[error] : altitude too much, over the boost time; speed times heading off the target;
    speed too much for the flight-path angle; speed times flight-path angle above least energy
    Model: the flight-path angle fixes the speed of the arc, the arc its time, the time how far
    the Earth has turned the aim point: three rounds, each twenty times closer.
    """
    x, y, z = work[STATE, 0], work[STATE, 1], work[STATE, 2]
    vx, vy, vz = work[STATE, 3], work[STATE, 4], work[STATE, 5]
    ax, ay, az = work[AIM, 0], work[AIM, 1], work[AIM, 2]
    radius = math.sqrt(x * x + y * y + z * z)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    path = math.asin((x * vx + y * vy + z * vz) / (radius * speed))
    aim_radius = math.sqrt(ax * ax + ay * ay + az * az)
    need, psi = speed, 0.0
    for _ in range(3):
        turn_rad = -ROTATION_RAD_S * impact_s
        ax, ay, az = rotate_z(work[AIM, 0], work[AIM, 1], work[AIM, 2], turn_rad)
        psi = angle_between(x, y, z, ax, ay, az)
        need, arc_s = arc_to(radius, aim_radius, psi, path)
        impact_s = shot.boost_s + arc_s
    nx, ny, nz = y * az - z * ay, z * ax - x * az, x * ay - y * ax
    across = radius * (nx * vx + ny * vy + nz * vz)
    along = (ny * z - nz * y) * vx + (nz * x - nx * z) * vy + (nx * y - ny * x) * vz
    work[error, 0] = (altitude_xyz(x, y, z) - shot.burnout_m) / shot.boost_s
    work[error, 1] = speed * math.atan2(across, along)
    work[error, 2] = speed - need
    work[error, 3] = speed * (path - least_energy_angle(radius, aim_radius, psi))
    return impact_s


@kernel
def first_guess(shot: Shot, work: Floats) -> float:
    """Fill row GUESS from the wanted arc above the launch point; returns its time [s].

    Model: that arc's velocity less the Earth's own, plus half of what gravity takes away.
    """
    start = math.sqrt(shot.x**2 + shot.y**2 + shot.z**2) + shot.burnout_m
    aim_radius = math.sqrt(shot.aim_x**2 + shot.aim_y**2 + shot.aim_z**2)
    impact_s, speed, path = 0.0, 0.0, 0.0
    ax, ay, az = shot.aim_x, shot.aim_y, shot.aim_z
    for _ in range(4):
        ax, ay, az = rotate_z(shot.aim_x, shot.aim_y, shot.aim_z, -ROTATION_RAD_S * impact_s)
        psi = angle_between(shot.x, shot.y, shot.z, ax, ay, az)
        path = least_energy_angle(start, aim_radius, psi)
        speed, arc_s = arc_to(start, aim_radius, psi, path)
        impact_s = arc_s + 0.5 * shot.boost_s
    if shot.apogee_m > 0.0:
        share = start / (start - shot.burnout_m)
        x, y, z = shot.x * share, shot.y * share, shot.z * share
        after_s = 0.5 * shot.boost_s
        speed, path, impact_s = arc_to_aim(x, y, z, work, shot.apogee_m, after_s, impact_s)
        ax, ay, az = rotate_z(shot.aim_x, shot.aim_y, shot.aim_z, -ROTATION_RAD_S * impact_s)
    east = ax * shot.east_x + ay * shot.east_y
    north = ax * shot.north_x + ay * shot.north_y + az * shot.north_z
    share = speed * math.cos(path) / math.hypot(east, north)
    east = east * share - ROTATION_RAD_S * math.hypot(shot.x, shot.y)
    north *= share
    lost = 0.5 * STANDARD_GRAVITY_M_S2 * shot.boost_s
    work[GUESS, 0] = math.log(math.hypot(math.hypot(east, north), speed * math.sin(path)) + lost)
    work[GUESS, 1] = math.atan2(east, north)
    work[GUESS, 2] = path
    work[GUESS, 3] = path
    return impact_s


@kernel
def try_guess(shot: Shot, work: Floats, row: int, impact_s: float, error: int) -> float:
    """Burn the missile of `work[row]` roughly; its error goes to `work[error]`.

    impact_s : a guess of the time of impact [s]. Returns that of `burnout_error`, or of
    `arc_error` for a wanted apogee.
    """
    fly(missile_of(shot, work, row), work, False, ROUGH, NO_SAMPLES, work)
    if shot.apogee_m > 0.0:
        return arc_error(work, error, shot.apogee_m, shot.boost_s, shot.burnout_m, impact_s)
    return burnout_error(shot, work, impact_s, error)
