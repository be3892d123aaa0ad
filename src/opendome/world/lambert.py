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

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Solution = tuple[float, float, float, float, float, float, int]

ITERATIONS_MAX = 100
# Householder's step has order four: once a step is this small a part of the length over which
# the time curve bends, what is left is below one rounding error
STEP_SMALL = 1e-4
SINE_SMALL = 1e-12  # sine of the transfer angle below which there is no plane
SERIES_LIMIT = 0.06  # the hypergeometric series has 14 terms: 0.06**14 < 1e-16
PARABOLA_NEAR = 1e-5  # the quotients of the derivatives lose their digits this near to x = 1


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
def flight_time(x: float, chord_ratio: float, lam: float) -> float:
    """Time of flight of less than one revolution, in units of sqrt(s^3 / 2 mu).

    x : Lancaster and Blanchard's variable, above -1; 1 is the parabola
    chord_ratio : c / s = 1 - lam^2     lam : sqrt(r1 r2) cos(theta / 2) / s
    Returns T.
    Model: T = (psi / sqrt(1 - x^2) - x + lam y) / (1 - x^2); near the parabola and for short
    arcs, where that loses digits, T = eta^3 F(3, 1; 5/2; S) 2/3 + 2 lam eta.
    Valid for: x > -1; relative error some 1e-15.
    Source: D. Izzo, Revisiting Lambert's problem, Celest. Mech. Dyn. Astr. 121 (2015), eqs. 18
    and 20; the series: R. H. Battin, Introduction to the Mathematics and Methods of
    Astrodynamics (1999), ch. 7.
    """
    bend = (1.0 - x) * (1.0 + x)
    y = math.sqrt(chord_ratio + lam * lam * x * x)
    slant = lam * x
    eta = chord_ratio / (y + slant) if slant > 0.0 else y - slant
    series = 0.5 * (1.0 - lam - x * eta)
    if abs(series) < SERIES_LIMIT:
        total = 1.0
        for n in range(13, -1, -1):
            total = 1.0 + series * total * (3.0 + n) / (2.5 + n)
        return 2.0 * eta * (lam + eta * eta * total * (1.0 / 3.0))
    if bend > 0.0:
        root = math.sqrt(bend)
        psi = math.atan2(eta * root, x * y + lam * bend)
        return (psi / root - x + lam * y) / bend
    root = math.sqrt(-bend)
    return (math.asinh(eta * root) / root - x + lam * y) / bend


@kernel
def time_derivatives(
    x: float, time: float, chord_ratio: float, lam: float
) -> tuple[float, float, float]:
    """First three derivatives of the flight time by x, at T = time.

    Source: Izzo (2015), eq. 22. At the parabola the first is 2/5 (lam^5 - 1), eq. 24, and the
    higher ones are answered with 0: only the speed of convergence depends on them.
    """
    bend = (1.0 - x) * (1.0 + x)
    if abs(bend) < PARABOLA_NEAR and time < 4.0:
        return -0.4 * one_minus_power(lam, chord_ratio, 5), 0.0, 0.0
    inverse = 1.0 / math.sqrt(chord_ratio + lam * lam * x * x)
    lam3 = lam * lam * lam
    inverse3 = inverse * inverse * inverse
    unbend = 1.0 / bend
    first = (3.0 * time * x - 2.0 + 2.0 * lam3 * x * inverse) * unbend
    second = (3.0 * time + 5.0 * x * first + 2.0 * chord_ratio * lam3 * inverse3) * unbend
    third = (
        7.0 * x * second
        + 8.0 * first
        - 6.0 * chord_ratio * lam3 * lam * lam * x * inverse3 * inverse * inverse
    ) * unbend
    return first, second, third


@kernel
def one_minus_power(lam: float, chord_ratio: float, power: int) -> float:
    """1 - lam^power without loss of digits near lam = 1; chord_ratio = 1 - lam^2."""
    total = 0.0
    term = 1.0
    for _ in range(power):
        total += term
        term *= lam
    return total * (chord_ratio / (1.0 + lam) if lam > 0.0 else 1.0 - lam)


@kernel
def householder_step(miss: float, first: float, second: float, third: float) -> float:
    """Step towards the root from the miss and three derivatives: order four."""
    square = first * first
    return (
        miss
        * (square - 0.5 * miss * second)
        / (first * (square - miss * second) + third * miss * miss * (1.0 / 6.0))
    )


@kernel
def solve_direct(time: float, chord_ratio: float, lam: float) -> tuple[float, int]:
    """The x of the arc of less than one revolution whose flight time is `time`.

    Returns (x, status). Model: the time falls with x from infinity at -1 to 0; Householder
    steps inside a bracket that is halved when a step leaves it. First guess: Izzo (2015),
    eq. 30.
    """
    time0 = math.atan2(math.sqrt(chord_ratio), lam) + lam * math.sqrt(chord_ratio)
    time1 = (2.0 / 3.0) * one_minus_power(lam, chord_ratio, 3)
    if time >= time0:
        x = (time0 / time) ** (2.0 / 3.0) - 1.0
    elif time <= time1:
        x = 2.5 * time1 * (time1 - time) / (time * one_minus_power(lam, chord_ratio, 5)) + 1.0
    else:
        x = math.exp(math.log(time / time0) * math.log(2.0) / math.log(time1 / time0)) - 1.0
    low = -1.0
    high = math.inf
    for _ in range(ITERATIONS_MAX):
        now = flight_time(x, chord_ratio, lam)
        miss = now - time
        if miss > 0.0:
            low = x
        else:
            high = x
        first, second, third = time_derivatives(x, now, chord_ratio, lam)
        step = householder_step(miss, first, second, third)
        new = x - step
        if not (low < new < high):
            if new == x or miss == 0.0:
                return x, 0
            new = 0.5 * (low + high) if math.isfinite(high) else 2.0 * x + 2.0
        length = min(1.0 + x, math.sqrt(chord_ratio + lam * lam * x * x))
        if abs(new - x) <= STEP_SMALL * min(1.0, length) or new == x:
            return new, 0
        x = new
    return math.nan, 4


@kernel
def shortest_revolutions(chord_ratio: float, lam: float, revolutions: int) -> tuple[float, float]:
    """The x and the time of the fastest orbit with this many whole revolutions (>= 1).

    Model: the root of dT/dx, which grows through it; Halley steps inside a halving bracket.
    """
    low = -1.0
    high = 1.0
    x = 0.0
    time = 0.0
    for _ in range(ITERATIONS_MAX):
        bend = (1.0 - x) * (1.0 + x)
        time = flight_time(x, chord_ratio, lam) + revolutions * math.pi / (bend * math.sqrt(bend))
        first, second, third = time_derivatives(x, time, chord_ratio, lam)
        if first < 0.0:
            low = x
        else:
            high = x
        new = x - 2.0 * first * second / (2.0 * second * second - first * third)
        if not (low < new < high):
            new = 0.5 * (low + high)
        if abs(new - x) <= 1e-15:
            break
        x = new
    return x, time


@kernel
def solve_revolutions(
    time: float, chord_ratio: float, lam: float, revolutions: int, far_branch: bool
) -> tuple[float, int]:
    """The x of an arc with whole revolutions; two exist when the time is long enough.

    far_branch : take the solution with x above that of the fastest orbit
    Returns (x, status). First guess: Izzo (2015), eq. 31.
    """
    fastest, time_fastest = shortest_revolutions(chord_ratio, lam, revolutions)
    if time < time_fastest:
        return math.nan, 3
    turns = revolutions * math.pi
    if far_branch:
        ratio = (8.0 * time / turns) ** (2.0 / 3.0)
        low = fastest
        high = 1.0
    else:
        ratio = ((turns + math.pi) / (8.0 * time)) ** (2.0 / 3.0)
        low = -1.0
        high = fastest
    x = (ratio - 1.0) / (ratio + 1.0)
    if not (low < x < high):
        x = 0.5 * (low + high)
    for _ in range(ITERATIONS_MAX):
        bend = (1.0 - x) * (1.0 + x)
        now = flight_time(x, chord_ratio, lam) + turns / (bend * math.sqrt(bend))
        miss = now - time
        if (miss > 0.0) == far_branch:
            high = x
        else:
            low = x
        first, second, third = time_derivatives(x, now, chord_ratio, lam)
        new = x - householder_step(miss, first, second, third)
        if not (low < new < high):
            if miss == 0.0 or new == x:
                return x, 0
            new = 0.5 * (low + high)
        length = min(1.0 + x, 1.0 - x, math.sqrt(chord_ratio + lam * lam * x * x))
        steep = abs(first) / (abs(second) + abs(first))
        if abs(new - x) <= STEP_SMALL * min(length, steep) or high - low <= 4e-16 or new == x:
            return new, 0
        x = new
    return math.nan, 4


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
    Model: Lancaster and Blanchard's x and T; see `flight_time`. The angle and the chord are
    taken from the difference of the positions, so that short arcs keep their digits.
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
    if cosine_half < 0.7:
        sine_half = math.sqrt(1.0 - cosine_half * cosine_half)
    else:
        sine_half = 0.5 * area / (radius1 * radius2 * cosine_half)
    level = gamma * 2.0 * mean_radius * sine_half / chord * rising
    inward = gamma * (lam * y - x)
    outward = gamma * rho * (lam * y + x)
    radial1 = (inward - outward) / (radius1 * radius1)
    radial2 = -(inward + outward) / (radius2 * radius2)
    turn1 = way * level / (area * radius1 * radius1)
    turn2 = way * level / (area * radius2 * radius2)
    return (
        radial1 * x1 + turn1 * (hy * z1 - hz * y1),
        radial1 * y1 + turn1 * (hz * x1 - hx * z1),
        radial1 * z1 + turn1 * (hx * y1 - hy * x1),
        radial2 * x2 + turn2 * (hy * z2 - hz * y2),
        radial2 * y2 + turn2 * (hz * x2 - hx * z2),
        radial2 * z2 + turn2 * (hx * y2 - hy * x2),
        0,
    )


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
