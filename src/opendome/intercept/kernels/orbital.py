"""Orbital interceptors: from when to when each satellite can still leave to meet an object.

A satellite left alone would be at s(ti) at the time of intercept ti; the object is at x(ti).
The interceptor must close the difference d = x - s, while gravity, not quite the same on both
paths, closes or opens a part of it: the relative motion is r'' = f = g(s + r) - g(s). The speed
change needed at launch follows from d and f on four equal parts of the flight, without solving
Lambert's problem; times the time of flight it is the distance that the flyout must cover.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.intercept.kernels.flyout import flyout_time
from opendome.intercept.kernels.search import NODE_S, search_radius
from opendome.intercept.kernels.targets import hermite, hermite_rate
from opendome.quantities.constants import MU_M3_S2
from opendome.world.constellations import satellite_state
from opendome.world.earth import altitude_xyz
from opendome.world.gravity import gravity_point

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]

STEPS_MAX = 16
SETTLED_S = 1e-5
NEVER = -math.inf


@kernel
def left_alone(
    sx: float, sy: float, sz: float, vx: float, vy: float, vz: float, before_s: float
) -> tuple[float, float, float]:
    """Where a satellite on a nearly circular orbit was some time before [m].

    s, v : its state [m, m/s]     before_s : [s]
    Model: Lagrange's f and g of a circular orbit, in powers of the angle turned, up to the 7th.
    Valid for: angles up to 1 rad, error below 3e-5 of the radius.
    """
    turn2 = MU_M3_S2 * before_s * before_s / (sx * sx + sy * sy + sz * sz) ** 1.5
    f = 1.0 - turn2 * (0.5 - turn2 * (1.0 / 24.0 - turn2 / 720.0))
    g = before_s * (1.0 - turn2 * (1.0 / 6.0 - turn2 * (1.0 / 120.0 - turn2 / 5040.0)))
    return f * sx - g * vx, f * sy - g * vy, f * sz - g * vz


@kernel
def tide(
    mx: float, my: float, mz: float, rx: float, ry: float, rz: float
) -> tuple[float, float, float]:
    """Gravity at m + r less gravity at m [m/s2]."""
    ax, ay, az = gravity_point(mx + rx, my + ry, mz + rz)
    bx, by, bz = gravity_point(mx, my, mz)
    return ax - bx, ay - by, az - bz


@kernel
def bend(
    d: float, f1: float, f2: float, f3: float, f4: float, part_s: float
) -> tuple[float, float, float]:
    """One component of r after one, two and three quarters, from r'' = f, r = 0 and d at the ends.

    Model: Numerov's difference formula, solved for the three inner points; f is 0 at the start.
    """
    b1 = part_s * part_s * (10.0 * f1 + f2) / 12.0
    b2 = part_s * part_s * (f1 + 10.0 * f2 + f3) / 12.0
    b3 = part_s * part_s * (f2 + 10.0 * f3 + f4) / 12.0
    return (
        0.25 * d - 0.75 * b1 - 0.5 * b2 - 0.25 * b3,
        0.5 * d - 0.5 * b1 - b2 - 0.5 * b3,
        0.75 * d - 0.25 * b1 - 0.5 * b2 - 0.75 * b3,
    )


@kernel
def displacement(
    flight_time_s: float,
    dx: float,
    dy: float,
    dz: float,
    sx: float,
    sy: float,
    sz: float,
    vx: float,
    vy: float,
    vz: float,
) -> tuple[float, float]:
    """Distance the flyout must cover to meet an object, and the height of the path's middle [m].

    flight_time_s : T [s]     d : object less satellite at the intercept, ECI [m]
    s, v : position and velocity of the satellite left alone at the intercept, ECI [m, m/s]
    Returns (T times the speed change needed at launch [m], height of the interceptor above
    WGS 84 at half time [m]).
    Model: r'' = f, r(0) = 0, r(T) = d; r by one Picard step of Numerov's formula on four
    parts, then T v = d - integral of (T - t) f by Boole's rule.
    Valid for: satellites on nearly circular low orbits; within 2e-7 of the flyout's range of
    Lambert's solution for flights of 120 s, 5e-5 for 300 s, 2e-3 for 600 s, 2e-2 for 900 s.
    Point-mass gravity.
    Source: E. Hairer, S. Norsett, G. Wanner, Solving Ordinary Differential Equations I (1993),
    section III.10 (Numerov's formula); Boole's rule.
    """
    part_s = 0.25 * flight_time_s
    m1x, m1y, m1z = left_alone(sx, sy, sz, vx, vy, vz, 3.0 * part_s)
    m2x, m2y, m2z = left_alone(sx, sy, sz, vx, vy, vz, 2.0 * part_s)
    m3x, m3y, m3z = left_alone(sx, sy, sz, vx, vy, vz, part_s)
    f1x, f1y, f1z = tide(m1x, m1y, m1z, 0.25 * dx, 0.25 * dy, 0.25 * dz)
    f2x, f2y, f2z = tide(m2x, m2y, m2z, 0.5 * dx, 0.5 * dy, 0.5 * dz)
    f3x, f3y, f3z = tide(m3x, m3y, m3z, 0.75 * dx, 0.75 * dy, 0.75 * dz)
    f4x, f4y, f4z = tide(sx, sy, sz, dx, dy, dz)
    r1x, r2x, r3x = bend(dx, f1x, f2x, f3x, f4x, part_s)
    r1y, r2y, r3y = bend(dy, f1y, f2y, f3y, f4y, part_s)
    r1z, r2z, r3z = bend(dz, f1z, f2z, f3z, f4z, part_s)
    f1x, f1y, f1z = tide(m1x, m1y, m1z, r1x, r1y, r1z)
    f2x, f2y, f2z = tide(m2x, m2y, m2z, r2x, r2y, r2z)
    f3x, f3y, f3z = tide(m3x, m3y, m3z, r3x, r3y, r3z)
    weight = flight_time_s * flight_time_s / 90.0
    ux = dx - weight * (24.0 * f1x + 6.0 * f2x + 8.0 * f3x)
    uy = dy - weight * (24.0 * f1y + 6.0 * f2y + 8.0 * f3y)
    uz = dz - weight * (24.0 * f1z + 6.0 * f2z + 8.0 * f3z)
    height_m = altitude_xyz(m2x + r2x, m2y + r2y, m2z + r2z)
    return math.sqrt(ux * ux + uy * uy + uz * uz), height_m


@kernel
def least_flight_time(
    guess_s: float,
    longest_s: float,
    altitude_min_m: float,
    acceleration_m_s2: float,
    burnout_speed_m_s: float,
    dx: float,
    dy: float,
    dz: float,
    sx: float,
    sy: float,
    sz: float,
    vx: float,
    vy: float,
    vz: float,
) -> float:
    """Shortest flight from a satellite to an object [s]; NaN when none is at most `longest_s`.

    guess_s : where to start the search [s]     longest_s : bound [s]
    altitude_min_m : lowest height of the middle of the path [m]
    d, s, v : as in `displacement`
    Model: T such that `flyout_time` of the displacement over T is T, by secant steps.
    """
    before = guess_s
    needed_m, height_m = displacement(before, dx, dy, dz, sx, sy, sz, vx, vy, vz)
    before_off = flyout_time(needed_m, acceleration_m_s2, burnout_speed_m_s) - before
    now = before + before_off
    for _ in range(STEPS_MAX):
        needed_m, height_m = displacement(now, dx, dy, dz, sx, sy, sz, vx, vy, vz)
        off = flyout_time(needed_m, acceleration_m_s2, burnout_speed_m_s) - now
        if abs(off) < SETTLED_S:
            reached = now <= longest_s and height_m >= altitude_min_m
            return now if reached else math.nan
        slope = (off - before_off) / (now - before)
        before, before_off = now, off
        now += off if slope > -0.1 else -off / slope
        if not 0.0 < now < 4.0 * longest_s:
            return math.nan
    return math.nan


@kernel
def solve_candidates(
    candidates: Longs,
    table: Floats,
    launch_t_s: Floats,
    step_s: float,
    pos_eci_m: Floats,
    is_open: Flags,
    altitude_min_m: float,
    acceleration_m_s2: float,
    burnout_speed_m_s: float,
    flight_time_max_s: float,
    latest_launch_t_s: Floats,
    span: Longs,
) -> None:
    """Latest launch of every sample of every candidate, -inf where there is none [s].

    candidates : (pair, 5) object, satellite, first sample, samples, offset of the first one
    latest_launch_t_s : (sample,) out
    span : (pair, 2) out, first sample of the object with a launch and one past the last
    A launch before that of the object does not count.
    """
    radius_m = np.empty(is_open.shape[1])
    for k in range(is_open.shape[1]):
        longest_s = min(flight_time_max_s, k * step_s)
        radius_m[k] = search_radius(longest_s, acceleration_m_s2, burnout_speed_m_s)
    left = np.empty(6)
    right = np.empty(6)
    for q in range(candidates.shape[0]):
        j = candidates[q, 0]
        i = candidates[q, 1]
        right_t_s = launch_t_s[j] + candidates[q, 2] * step_s
        left_t_s = right_t_s
        fill_state(table, i, left_t_s, left)
        fill_state(table, i, right_t_s, right)
        flight_s = math.nan
        span[q, 0] = 0
        span[q, 1] = 0
        for n in range(candidates[q, 3]):
            k = candidates[q, 2] + n
            meets_t_s = launch_t_s[j] + k * step_s
            latest_launch_t_s[candidates[q, 4] + n] = NEVER
            while meets_t_s > right_t_s:
                for c in range(6):
                    left[c] = right[c]
                left_t_s = right_t_s
                right_t_s += NODE_S
                fill_state(table, i, right_t_s, right)
            if not is_open[j, k]:
                continue
            near_m = float(radius_m[k])
            flight_s = sample_flight_time(
                (meets_t_s - left_t_s) / NODE_S,
                left,
                right,
                pos_eci_m[j, k],
                near_m,
                flight_s,
                min(flight_time_max_s, k * step_s),
                altitude_min_m,
                acceleration_m_s2,
                burnout_speed_m_s,
            )
            if not math.isnan(flight_s):
                latest_launch_t_s[candidates[q, 4] + n] = meets_t_s - flight_s
                if span[q, 1] == 0:
                    span[q, 0] = k
                span[q, 1] = k + 1


@kernel
def fill_state(table: Floats, satellite: int, t_s: float, state: Floats) -> None:
    """Position and velocity of a satellite into `state` (6,)."""
    state[0], state[1], state[2], state[3], state[4], state[5] = satellite_state(
        table, satellite, t_s
    )


@kernel
def sample_flight_time(
    share: float,
    left: Floats,
    right: Floats,
    target: Floats,
    radius_m: float,
    last_s: float,
    longest_s: float,
    altitude_min_m: float,
    acceleration_m_s2: float,
    burnout_speed_m_s: float,
) -> float:
    """Shortest flight to one sample [s], NaN when there is none.

    share : of the node step gone     left, right : satellite states at its ends (6,)
    last_s : flight time of the sample before, the first guess, or NaN
    """
    sx = hermite(share, NODE_S, left[0], left[3], right[0], right[3])
    sy = hermite(share, NODE_S, left[1], left[4], right[1], right[4])
    sz = hermite(share, NODE_S, left[2], left[5], right[2], right[5])
    dx = target[0] - sx
    dy = target[1] - sy
    dz = target[2] - sz
    distance2 = dx * dx + dy * dy + dz * dz
    if not (radius_m >= 0.0 and distance2 <= radius_m * radius_m):
        return math.nan
    guess_s = last_s
    if not last_s > 0.0:
        guess_s = flyout_time(math.sqrt(distance2), acceleration_m_s2, burnout_speed_m_s)
    return least_flight_time(
        guess_s,
        longest_s,
        altitude_min_m,
        acceleration_m_s2,
        burnout_speed_m_s,
        dx,
        dy,
        dz,
        sx,
        sy,
        sz,
        hermite_rate(share, NODE_S, left[0], left[3], right[0], right[3]),
        hermite_rate(share, NODE_S, left[1], left[4], right[1], right[4]),
        hermite_rate(share, NODE_S, left[2], left[5], right[2], right[5]),
    )
