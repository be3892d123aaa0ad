"""Forces on a point-mass staged missile, in launch axes (see the package docstring)."""

import math
from typing import NamedTuple

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.records import Floats
from opendome.world.atmosphere import density_us76
from opendome.world.earth import altitude_xyz
from opendome.world.gravity import gravity_j2

COAST, WEAVE = -1, -2  # falling freely, and pulling to the side
TINY = 1e-300


class Missile(NamedTuple):
    """What the equations of motion need to know of one missile.

    launch_x, launch_y, launch_z : launch point [m]
    boost_s : time from lift-off to burnout [s]    stages : number of stages
    stage_s : burn time of one stage [s]
    exhaust_m_s : exhaust speed [m/s]
    burnt : share of a stage's starting mass that it burns
    first_rad, final_rad : ends of the line of thrust elevation, see `derivative` [rad]
    normal_x, normal_y, normal_z : unit normal of the plane of thrust
    drag_boost_m2_kg, drag_fall_m2_kg : inverse ballistic coefficient before and after burnout
    pull_m_s2, pull_below_m, pull_rad_s : largest acceleration to the side, altitude on the way
    down at which it begins, and rate at which it swings; 0, 0, 0 for none
    """

    launch_x: float
    launch_y: float
    launch_z: float
    boost_s: float
    stages: int
    stage_s: float
    exhaust_m_s: float
    burnt: float
    first_rad: float
    final_rad: float
    normal_x: float
    normal_y: float
    normal_z: float
    drag_boost_m2_kg: float
    drag_fall_m2_kg: float
    pull_m_s2: float
    pull_below_m: float
    pull_rad_s: float


@kernel
def pull(
    t_s: float, x: float, y: float, z: float, ux: float, uy: float, uz: float,
    missile: Missile, work: Floats, out: int,
) -> None:  # fmt: skip
    """Add the acceleration to the side to `work[out]` [m/s2].

    t_s : since it began [s]    x, y, z, ux, uy, uz : position, velocity in the air
    Model: level and square to the velocity, to the right, A cos(w t): it starts at its largest,
    so that the velocity to the side swings about nothing and the path has no drift; w = 0 is a
    steady pull. The speed in the air does not change by it.
    """
    rx, ry, rz = uy * z - uz * y, uz * x - ux * z, ux * y - uy * x
    size = math.sqrt(rx * rx + ry * ry + rz * rz)
    share = missile.pull_m_s2 * math.cos(missile.pull_rad_s * t_s) / max(size, TINY)
    work[out, 3] += share * rx
    work[out, 4] += share * ry
    work[out, 5] += share * rz


@kernel
def derivative(t_s: float, work: Floats, row: int, stage: int, missile: Missile, out: int) -> None:
    """Fill `work[out]` with the rates of the state `work[row]` in launch axes [m/s, m/s2].

    t_s : time since launch, of WEAVE since its start [s]
    stage : number of the burning stage from 0, or COAST, or WEAVE
    Model: gravity with J2; drag -rho/2 |u| u / beta with u the velocity against air that turns
    with the Earth; thrust in the plane of `missile.normal`; in WEAVE `pull` to the side.
    Thrust: constant mass flow and exhaust speed c; a stage burns the share b of its starting
    mass in its burn time T, so a = c (b / T) / (1 - b tau / T), whose integral is -c ln(1 - b).
    Its elevation above the local horizontal is w pi/2 + (1 - w) L: L runs linearly from
    `first_rad` at lift-off to `final_rad` at burnout; w = (1 - u)^2 (1 + 2 u) falls from 1 to 0
    over the first half of the first stage, so that the missile leaves the vertical, and joins
    the line, at zero rate.
    Source: Tsiolkovsky's rocket equation; the pitch program is a project choice (see
    docs/models/ballistic-missile.md).
    """
    x, y, z = work[row, 0], work[row, 1], work[row, 2]
    ax, ay, az = gravity_j2(x, y, z)
    ux = work[row, 3] + ROTATION_RAD_S * y
    uy = work[row, 4] - ROTATION_RAD_S * x
    uz = work[row, 5]
    drag = 0.5 * density_us76(altitude_xyz(x, y, z)) * math.sqrt(ux * ux + uy * uy + uz * uz)
    drag *= missile.drag_fall_m2_kg if stage <= COAST else missile.drag_boost_m2_kg
    up, along = 0.0, 0.0
    if stage > COAST:
        flow = missile.burnt / missile.stage_s
        thrust = missile.exhaust_m_s * flow / (1.0 - flow * (t_s - stage * missile.stage_s))
        turned = (missile.final_rad - missile.first_rad) * t_s / missile.boost_s
        line = missile.first_rad + turned
        left = max(0.0, 1.0 - 2.0 * t_s / missile.stage_s)
        elevation = line + (0.5 * math.pi - line) * left * left * (3.0 - 2.0 * left)
        thrust /= math.sqrt(x * x + y * y + z * z)
        up, along = thrust * math.sin(elevation), thrust * math.cos(elevation)
    work[out, 0] = work[row, 3]
    work[out, 1] = work[row, 4]
    work[out, 2] = work[row, 5]
    level_x = missile.normal_y * z - missile.normal_z * y
    level_y = missile.normal_z * x - missile.normal_x * z
    level_z = missile.normal_x * y - missile.normal_y * x
    work[out, 3] = ax - drag * ux + up * x + along * level_x
    work[out, 4] = ay - drag * uy + up * y + along * level_y
    work[out, 5] = az - drag * uz + up * z + along * level_z
    if stage == WEAVE:
        pull(t_s, x, y, z, ux, uy, uz, missile, work, out)
