"""Gliding flight: forces, the law that holds the glide, the dive, and one whole flight.

Axes and rows of the work array are those of the ballistic flight (see the package docstring).
"""

import math
from typing import NamedTuple

from opendome.compiled import kernel
from opendome.threats.kernels.flight import crossing, take
from opendome.threats.kernels.stepper import LAST, between
from opendome.threats.kernels.work import AHEAD, RATES, STATE
from opendome.threats.records import Floats
from opendome.world.atmosphere import density_us76
from opendome.world.earth import altitude_xyz
from opendome.world.frames import rotate_z
from opendome.world.gravity import gravity_j2

STAGE = RATES + 4  # state inside a step
STEP_S = 1.0  # of the glide; a phugoid lasts some hundred times longer
STEP_MIN_S = 1.0 / 128
STEPS_MAX = 20000
NEAR = 0.0625  # a step of the dive covers at most this share of the way left
LAYER_M = 1000.0  # over which the scale height of the air is taken
NAVIGATION = 3.0  # customary constant of proportional navigation; gives the dive its shape


class Glider(NamedTuple):
    """What the equations of motion need to know of a gliding body.

    lift_to_drag : at its best    drag_m2_kg : inverse ballistic coefficient there
    lift_max : largest lift coefficient over that of the best lift-to-drag ratio
    damping : of the swing about the equilibrium, a share of the critical one; 0 skips
    dive_m : distance to the aim at which the dive begins
    spin_rad_s : of the Earth and its air
    """

    lift_to_drag: float
    drag_m2_kg: float
    lift_max: float
    damping: float
    dive_m: float
    spin_rad_s: float


class Goal(NamedTuple):
    """A point headed for, Earth-fixed [m], and since when the body dives for it; NaN before."""

    x: float
    y: float
    z: float
    dive_s: float


@kernel
def scale_height(altitude_m: float) -> float:
    """Height over which the density of the air falls by e, just above an altitude [m]."""
    below, above = density_us76(altitude_m), density_us76(altitude_m + LAYER_M)
    return LAYER_M / math.log(below / above) if above > 0.0 else LAYER_M * LAYER_M


@kernel
def lift_shares(
    glider: Glider, gravity_m_s2: float, speed_m_s: float, climb_m_s: float, lift_m_s2: float,
    scale_m: float, off_rad: float,
) -> tuple[float, float]:  # fmt: skip
    """Lift upwards and sideways, over the lift at the best lift-to-drag ratio.

    gravity_m_s2 : here    speed_m_s, climb_m_s : of the body in the air, and its upward part
    lift_m_s2 : at the best ratio    scale_m : scale height    off_rad : heading off the goal
    Model: with a share of 1 a body swings about the equilibrium glide at the frequency
    sqrt(lift / scale height); the share falls by 2 zeta of the surplus of its climb over
    that of the equilibrium, -2 g H / (V L/D). It turns towards the goal at the same frequency.
    Source: N. X. Vinh, A. Busemann, R. D. Culp, Hypersonic and Planetary Entry Flight
    Mechanics (1980), chapters 6 and 7; the damping is a project choice.
    """
    swing = math.sqrt(max(lift_m_s2, 1e-12) * scale_m)  # a speed: frequency times scale height
    sinking = -2.0 * gravity_m_s2 * scale_m / (speed_m_s * glider.lift_to_drag)
    up = 1.0 - 2.0 * glider.damping * (climb_m_s - sinking) / swing
    up = min(glider.lift_max, max(0.0, up))
    side = speed_m_s * off_rad / swing
    most = math.sqrt(glider.lift_max * glider.lift_max - up * up)
    return up, min(most, max(-most, side))


@kernel
def dive_shares(
    glider: Glider, lift_m_s2: float, up_m_s2: float, side_m_s2: float
) -> tuple[float, float]:
    """Shares of lift that give a wanted acceleration, as far as the body can."""
    share = math.sqrt(up_m_s2 * up_m_s2 + side_m_s2 * side_m_s2) / max(lift_m_s2, 1e-12)
    cut = min(1.0, glider.lift_max / max(share, 1e-12)) / max(lift_m_s2, 1e-12)
    return cut * up_m_s2, cut * side_m_s2


@kernel
def rates(t_s: float, work: Floats, row: int, glider: Glider, goal: Goal, out: int) -> None:
    """Fill `work[out]` with the rates of the state `work[row]` in launch axes [m/s, m/s2].

    t_s : since launch
    Model: gravity with J2; drag (rho/2) V^2 / beta (1 + n^2) / 2 and lift n (L/D) (rho/2) V^2 /
    beta, with n the lift coefficient over that of the best ratio: a parabolic polar. V is the
    velocity against air that turns with the Earth. Lift up and sideways: `lift_shares`; in the
    dive the body turns towards the goal by proportional navigation, as far as n allows.
    """
    x, y, z = work[row, 0], work[row, 1], work[row, 2]
    ax, ay, az = gravity_j2(x, y, z)
    ux = work[row, 3] + glider.spin_rad_s * y
    uy = work[row, 4] - glider.spin_rad_s * x
    uz = work[row, 5]
    radius = math.sqrt(x * x + y * y + z * z)
    speed = math.sqrt(ux * ux + uy * uy + uz * uz)
    climb = (x * ux + y * uy + z * uz) / radius
    wx, wy, wz = ux / speed, uy / speed, uz / speed
    level = math.sqrt(max(1e-12, 1.0 - (climb / speed) ** 2))
    upx = (x / radius - climb / speed * wx) / level
    upy = (y / radius - climb / speed * wy) / level
    upz = (z / radius - climb / speed * wz) / level
    sx, sy, sz = wy * upz - wz * upy, wz * upx - wx * upz, wx * upy - wy * upx
    gx, gy, gz = rotate_z(goal.x, goal.y, goal.z, -glider.spin_rad_s * t_s)
    ex, ey, ez = gx - x, gy - y, gz - z
    altitude = altitude_xyz(x, y, z)
    drag = 0.5 * density_us76(altitude) * speed * speed * glider.drag_m2_kg
    lift = glider.lift_to_drag * drag
    aside = ex * sx + ey * sy + ez * sz
    if t_s >= goal.dive_s:
        way = math.sqrt(ex * ex + ey * ey + ez * ez)
        turn = NAVIGATION * speed * speed / (way * way)
        weight = -(ax * upx + ay * upy + az * upz)
        above = ex * upx + ey * upy + ez * upz
        up, side = dive_shares(glider, lift, turn * above + weight, turn * aside)
    else:
        upward = (ex * x + ey * y + ez * z) / radius
        ahead = (ex * wx + ey * wy + ez * wz - upward * climb / speed) / level
        pull = math.sqrt(ax * ax + ay * ay + az * az)
        off = math.atan2(aside, ahead)
        up, side = lift_shares(glider, pull, speed, climb, lift, scale_height(altitude), off)
    drag *= 0.5 * (1.0 + up * up + side * side) / speed
    up *= lift
    side *= lift
    work[out, 0] = work[row, 3]
    work[out, 1] = work[row, 4]
    work[out, 2] = work[row, 5]
    work[out, 3] = ax - drag * ux + up * upx + side * sx
    work[out, 4] = ay - drag * uy + up * upy + side * sy
    work[out, 5] = az - drag * uz + up * upz + side * sz


@kernel
def glide_step(t_s: float, step_s: float, work: Floats, glider: Glider, goal: Goal) -> None:
    """Fill row AHEAD with the state one step after row STATE, rows RATES and LAST with the rates
    at both ends.

    Model: the classical Runge-Kutta method of fourth order.
    """
    for stage in range(5):  # one call of `rates` is compiled once
        share = 0.5 * ((stage + 1) // 2) if stage < 4 else 1.0
        row = STATE if stage == 0 else (STAGE if stage < 4 else AHEAD)
        for i in range(6):
            if 0 < stage < 4:
                work[STAGE, i] = work[STATE, i] + share * step_s * work[RATES + stage - 1, i]
            elif stage == 4:
                middle = work[RATES + 1, i] + work[RATES + 2, i]
                mean = (work[RATES, i] + 2.0 * middle + work[RATES + 3, i]) / 6.0
                work[AHEAD, i] = work[STATE, i] + step_s * mean
        out = RATES + stage if stage < 4 else LAST
        rates(t_s + share * step_s, work, row, glider, goal, out)


@kernel
def way_to(t_s: float, work: Floats, spin_rad_s: float, x: float, y: float, z: float) -> float:
    """Distance from row STATE to an Earth-fixed point [m]."""
    px, py, pz = rotate_z(x, y, z, -spin_rad_s * t_s)
    px -= work[STATE, 0]
    py -= work[STATE, 1]
    pz -= work[STATE, 2]
    return math.sqrt(px * px + py * py + pz * pz)


@kernel
def air_speed(work: Floats, spin_rad_s: float) -> float:
    """Speed of row STATE against the turning air [m/s]."""
    ux = work[STATE, 3] + spin_rad_s * work[STATE, 1]
    uy = work[STATE, 4] - spin_rad_s * work[STATE, 0]
    return math.sqrt(ux * ux + uy * uy + work[STATE, 5] * work[STATE, 5])


@kernel
def glide(
    t_s: float,
    work: Floats,
    glider: Glider,
    legs: Floats,
    longest_s: float,
    sample_s: float,
    samples: Floats,
) -> tuple[float, float, float]:
    """Carry a body from row STATE by its waypoints to the ground.

    t_s : since launch, of row STATE     legs : (point, 3) waypoints and at last the aim,
    Earth-fixed [m]; a waypoint is passed where the next point is as near to the body as to it
    sample_s, samples : (time, 6) row k gets the state at k * sample_s, from t_s on
    Returns time of impact [s], time [s] and speed in the air [m/s] at the start of the dive;
    NaN where it does not come to that within `longest_s`.
    """
    last = legs.shape[0] - 1
    leg, dive_s, dive_m_s = 0, math.nan, math.nan
    row = math.ceil(t_s / sample_s)
    aim_x, aim_y, aim_z = legs[last, 0], legs[last, 1], legs[last, 2]
    for _ in range(STEPS_MAX):
        way = way_to(t_s, work, glider.spin_rad_s, aim_x, aim_y, aim_z)
        if math.isnan(dive_s) and way <= glider.dive_m:
            leg, dive_s = last, t_s
            dive_m_s = air_speed(work, glider.spin_rad_s)
        while leg < last:
            nx, ny, nz = legs[leg + 1, 0], legs[leg + 1, 1], legs[leg + 1, 2]
            apart = math.sqrt(
                (nx - legs[leg, 0]) ** 2 + (ny - legs[leg, 1]) ** 2 + (nz - legs[leg, 2]) ** 2
            )
            if way_to(t_s, work, glider.spin_rad_s, nx, ny, nz) > apart:
                break
            leg += 1
        goal = Goal(legs[leg, 0], legs[leg, 1], legs[leg, 2], dive_s)
        step_s = STEP_S
        if t_s >= dive_s:
            left_s = NEAR * way / air_speed(work, glider.spin_rad_s)
            step_s = max(STEP_MIN_S, min(STEP_S, left_s))
        glide_step(t_s, step_s, work, glider, goal)
        share = crossing(step_s, work, 0.0)
        while row < samples.shape[0] and row * sample_s <= t_s + share * step_s:
            between((row * sample_s - t_s) / step_s, step_s, work, samples, row)
            row += 1
        t_s += share * step_s
        take(share, step_s, work)
        if share < 1.0:
            return t_s, dive_s, dive_m_s
        if not t_s < longest_s:
            break
    return math.nan, dive_s, dive_m_s
