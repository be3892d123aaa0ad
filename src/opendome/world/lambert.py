"""Lambert's problem: the velocities that lead from one position to another in a given time.

Every kernel works on scalars and answers with a status code; the wrappers raise named errors
or give the codes of a whole batch.
"""

import math
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import MU_M3_S2
from opendome.quantities.errors import OpendomeError
from opendome.world.lambert_time import solve_direct, solve_revolutions

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Solution = tuple[float, float, float, float, float, float, int]

SINE_SMALL = 1e-12  # sine of the transfer angle below which there is no plane
HALF_COSINE = 0.7  # some 90 deg: either form of sin(theta / 2) would do there


class LambertStatus(IntEnum):
    """What became of one problem."""

    OK = 0
    BAD_INPUT = 1
    COLLINEAR = 2
    TIME_TOO_SHORT = 3
    NO_CONVERGENCE = 4


class CollinearPositionsError(OpendomeError):
    """Both positions on one line through the centre: no plane of motion is defined."""


class TimeTooShortError(OpendomeError):
    """No orbit makes this many revolutions in so short a time."""


class LambertInputError(OpendomeError):
    """A position, time or parameter with which there is no problem to solve."""


class NoConvergenceError(OpendomeError):
    """The iteration did not settle."""


@kernel
def end_velocity(
    x: float,
    y: float,
    z: float,
    radius_m: float,
    radial: float,
    turn: float,
    hx: float,
    hy: float,
    hz: float,
) -> tuple[float, float, float]:
    """Velocity at one end: radial / r along the position, turn / r along h x position."""
    inverse2 = 1.0 / (radius_m * radius_m)
    along = radial * inverse2
    across = turn * inverse2
    return (
        along * x + across * (hy * z - hz * y),
        along * y + across * (hz * x - hx * z),
        along * z + across * (hx * y - hy * x),
    )


@kernel
def lambert_way_kernel(
    x1: float,
    y1: float,
    z1: float,
    x2: float,
    y2: float,
    z2: float,
    time_of_flight_s: float,
    mu_m3_s2: float,
    long_way: bool,
    revolutions: int,
    far_branch: bool,
) -> tuple[float, float, float, float, float, float, int]:
    """Velocities at both ends of an arc between two positions.

    x1 .. z2 : [m]     time_of_flight_s : [s]     mu_m3_s2 : [m3/s2]
    long_way : turn by more than half a revolution     revolutions : whole ones before arrival
    far_branch : with revolutions, the solution with x above that of the fastest orbit
    Returns (vx1, vy1, vz1, vx2, vy2, vz2 [m/s], status), NaN with a `LambertStatus` if not OK.
    Model: Lancaster and Blanchard's x and T; see `lambert_time.flight_time`. The angle and
    the chord come from the difference of the positions, so that short arcs keep their digits.
    Valid for: any conic; transfer angles away from 0 and 180 degrees by more than 1e-12 rad
    (the plane, and with it the answer, is as uncertain as the positions divided by the sine).
    Source: D. Izzo, Revisiting Lambert's problem, Celest. Mech. Dyn. Astr. 121 (2015) 1-15.
    """
    nan = math.nan
    radius1 = math.sqrt(x1 * x1 + y1 * y1 + z1 * z1)
    radius2 = math.sqrt(x2 * x2 + y2 * y2 + z2 * z2)
    good = radius1 * radius2 > 0.0 and math.isfinite(radius1 * radius2)
    good = good and 0.0 < time_of_flight_s < math.inf and mu_m3_s2 > 0.0 and revolutions >= 0
    if not good:
        return nan, nan, nan, nan, nan, nan, 1
    dx = x2 - x1
    dy = y2 - y1
    dz = z2 - z1
    hx = y1 * dz - z1 * dy
    hy = z1 * dx - x1 * dz
    hz = x1 * dy - y1 * dx
    area = math.sqrt(hx * hx + hy * hy + hz * hz)
    if area <= SINE_SMALL * radius1 * radius2:
        return nan, nan, nan, nan, nan, nan, 2
    chord = math.sqrt(dx * dx + dy * dy + dz * dz)
    half = 0.5 * (radius1 + radius2 + chord)
    sx = x1 / radius1 + x2 / radius2
    sy = y1 / radius1 + y2 / radius2
    sz = z1 / radius1 + z2 / radius2
    mean_radius = math.sqrt(radius1 * radius2)
    cosine_half = 0.5 * math.sqrt(sx * sx + sy * sy + sz * sz)
    way = -1.0 if long_way else 1.0
    lam = way * mean_radius * cosine_half / half
    chord_ratio = chord / half
    time = time_of_flight_s * math.sqrt(2.0 * mu_m3_s2 / half) / half
    if revolutions == 0:
        x, status = solve_direct(time, chord_ratio, lam)
    else:
        x, status = solve_revolutions(time, chord_ratio, lam, revolutions, far_branch)
    if status != 0:
        return nan, nan, nan, nan, nan, nan, status
    y = math.sqrt(chord_ratio + lam * lam * x * x)
    slant = lam * x
    rising = y + slant if slant > 0.0 else chord_ratio / (y - slant)
    gamma = math.sqrt(0.5 * mu_m3_s2 * half)
    # (r1 - r2) / c, from the difference of the positions, which is exact for near ones
    rho = -(dx * (x1 + x2) + dy * (y1 + y2) + dz * (z1 + z2)) / ((radius1 + radius2) * chord)
    # the form of sin(theta / 2) that keeps its digits: near half a turn, or for short arcs
    if cosine_half < HALF_COSINE:
        sine_half = math.sqrt(1.0 - cosine_half * cosine_half)
    else:
        sine_half = 0.5 * area / (radius1 * radius2 * cosine_half)
    inward = gamma * (lam * y - x)
    outward = gamma * rho * (lam * y + x)
    turn = way * gamma * 2.0 * mean_radius * sine_half / chord * rising / area
    vx1, vy1, vz1 = end_velocity(x1, y1, z1, radius1, inward - outward, turn, hx, hy, hz)
    vx2, vy2, vz2 = end_velocity(x2, y2, z2, radius2, -inward - outward, turn, hx, hy, hz)
    return vx1, vy1, vz1, vx2, vy2, vz2, 0


@kernel
def lambert_kernel(
    x1: float,
    y1: float,
    z1: float,
    x2: float,
    y2: float,
    z2: float,
    time_of_flight_s: float,
    mu_m3_s2: float,
    prograde: bool,
    revolutions: int,
    far_branch: bool,
) -> tuple[float, float, float, float, float, float, int]:
    """As `lambert_way_kernel`, with the way given by the sense of the motion about the z axis.

    prograde : angular momentum with a z part >= 0; in a polar plane, the short way
    """
    normal = x1 * (y2 - y1) - y1 * (x2 - x1)
    long_way = normal < 0.0 if prograde else normal >= 0.0
    return lambert_way_kernel(
        x1,
        y1,
        z1,
        x2,
        y2,
        z2,
        time_of_flight_s,
        mu_m3_s2,
        long_way,
        revolutions,
        far_branch,
    )


@kernel
def fill_lambert(
    ends_m: Floats,
    time_of_flight_s: Floats,
    mu_m3_s2: float,
    prograde: bool,
    revolutions: int,
    far_branch: bool,
    velocities_m_s: Floats,
    status: Codes,
) -> None:
    """Solve many problems: ends_m (n, 6), time (n,) -> velocities_m_s (n, 6), status (n,)."""
    for i in range(ends_m.shape[0]):
        vx1, vy1, vz1, vx2, vy2, vz2, code = lambert_kernel(
            ends_m[i, 0],
            ends_m[i, 1],
            ends_m[i, 2],
            ends_m[i, 3],
            ends_m[i, 4],
            ends_m[i, 5],
            time_of_flight_s[i],
            mu_m3_s2,
            prograde,
            revolutions,
            far_branch,
        )
        velocities_m_s[i, 0] = vx1
        velocities_m_s[i, 1] = vy1
        velocities_m_s[i, 2] = vz1
        velocities_m_s[i, 3] = vx2
        velocities_m_s[i, 4] = vy2
        velocities_m_s[i, 5] = vz2
        status[i] = code


def lambert_batch(
    pos1_m: npt.ArrayLike,
    pos2_m: npt.ArrayLike,
    time_of_flight_s: npt.ArrayLike,
    *,
    mu_m3_s2: float = MU_M3_S2,
    prograde: bool = True,
    revolutions: int = 0,
    far_branch: bool = False,
) -> tuple[Floats, Floats, Codes]:
    """Solve many problems; bad ones give NaN and a code.

    pos1_m, pos2_m : (n, 3) [m]     time_of_flight_s : scalar or (n,) [s]
    prograde, revolutions, far_branch : as for `lambert_kernel`
    Returns (vel1 (n, 3), vel2 (n, 3) [m/s], status (n,) of `LambertStatus`).
    """
    ends = np.ascontiguousarray(
        np.concatenate(
            [np.asarray(pos1_m, dtype=np.float64), np.asarray(pos2_m, dtype=np.float64)], axis=-1
        )
    )
    times = np.ascontiguousarray(
        np.broadcast_to(np.asarray(time_of_flight_s, dtype=np.float64), ends.shape[:1])
    )
    velocities = np.empty_like(ends)
    status = np.empty(ends.shape[0], dtype=np.int32)
    fill_lambert(ends, times, mu_m3_s2, prograde, revolutions, far_branch, velocities, status)
    return velocities[:, :3], velocities[:, 3:], status


def lambert(
    pos1_m: npt.ArrayLike,
    pos2_m: npt.ArrayLike,
    time_of_flight_s: float,
    *,
    mu_m3_s2: float = MU_M3_S2,
    prograde: bool = True,
    revolutions: int = 0,
    far_branch: bool = False,
) -> tuple[Floats, Floats]:
    """Velocities at both ends of the arc from one position to another.

    pos1_m, pos2_m : (3,) [m]     time_of_flight_s : [s]
    prograde : angular momentum with a z part >= 0     revolutions : whole ones on the way
    far_branch : with revolutions, which of the two solutions: x above that of the fastest orbit
    Returns (vel1 (3,), vel2 (3,)) [m/s].
    Raises CollinearPositionsError, TimeTooShortError, LambertInputError, NoConvergenceError.
    Model and validity: `lambert_way_kernel`.
    """
    vel1, vel2, status = lambert_batch(
        np.asarray(pos1_m, dtype=np.float64).reshape(1, 3),
        np.asarray(pos2_m, dtype=np.float64).reshape(1, 3),
        time_of_flight_s,
        mu_m3_s2=mu_m3_s2,
        prograde=prograde,
        revolutions=revolutions,
        far_branch=far_branch,
    )
    raise_for_status(int(status[0]), time_of_flight_s, revolutions)
    return vel1[0], vel2[0]


def raise_for_status(status: int, time_of_flight_s: float, revolutions: int) -> None:
    """Turn a code into its named error; OK passes."""
    if status == LambertStatus.OK:
        return
    if status == LambertStatus.COLLINEAR:
        raise CollinearPositionsError(
            got="two positions on one line through the centre of the Earth",
            allowed="positions that span a plane",
            do="move one of them, or give the plane by a third point",
        )
    if status == LambertStatus.TIME_TOO_SHORT:
        raise TimeTooShortError(
            got=f"{time_of_flight_s:g} s for {revolutions} whole revolutions",
            allowed="at least the time of the fastest such orbit",
            do="ask for fewer revolutions or allow more time",
        )
    if status == LambertStatus.BAD_INPUT:
        raise LambertInputError(
            got=f"time of flight {time_of_flight_s:g} s, {revolutions} revolutions, "
            "or a position at the centre or not finite",
            allowed="finite positions off the centre, a time above 0, revolutions from 0",
            do="correct the input",
        )
    raise NoConvergenceError(
        got="an iteration that did not settle",
        allowed="a problem within the tested domain",
        do="report the positions and the time as a defect",
    )
