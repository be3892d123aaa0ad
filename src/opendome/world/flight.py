"""One step of free flight: Runge-Kutta of order 8(5,3), dense output, search for the ground."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.world.atmosphere import ALTITUDE_MAX_M, ALTITUDE_MIN_M, density_of
from opendome.world.dop853 import DENSE, ERROR_3, ERROR_5, STAGE, START, WEIGHT
from opendome.world.earth import altitude_above
from opendome.world.gravity import gravity_oblate

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_BISECTIONS = 40  # halvings of a step: 1e-12 of it, below a nanosecond
_AT_BREAK_M = 0.1  # closer than this to a break, a step starts beyond it


@kernel
def acceleration(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    inverse_beta_m2_kg: float,
    planet: Floats,
    pieces: Floats,
    first_piece: Integers,
) -> tuple[float, float, float]:
    """Acceleration in free flight [m/s2].

    x, y, z, vx, vy, vz : inertial position [m] and velocity [m/s]
    inverse_beta_m2_kg : area x drag coefficient / mass [m2/kg]; 0 for no drag
    planet : `Planet.numbers`     pieces, first_piece : table of an `Air`
    Returns (ax, ay, az), inertial.
    Model: gravity with J2, drag = rho |v_rel| v_rel / (2 beta), v_rel = v - omega x r.
    Valid for: point mass without lift or wind; air up to 1000 km.
    Source: D. Vallado, Fundamentals of Astrodynamics, 4th ed. 2013, equations 8-28 and 8-30.
    """
    ax, ay, az = gravity_oblate(x, y, z, planet[0], planet[1], planet[2])
    if inverse_beta_m2_kg > 0.0:
        altitude = altitude_above(x, y, z, planet[2], planet[3])
        ux = vx + planet[4] * y
        uy = vy - planet[4] * x
        drag = math.sqrt(ux * ux + uy * uy + vz * vz) * 0.5 * inverse_beta_m2_kg
        drag *= density_of(altitude, pieces, first_piece)
        ax -= drag * ux
        ay -= drag * uy
        az -= drag * vz
    return ax, ay, az


@kernel
def fill_rates(
    state: Floats, rates: Floats, inverse_beta_m2_kg: float, planet: Floats, pieces: Floats,
    first_piece: Integers,
) -> None:  # fmt: skip
    """Time derivative of `state` (6,) into row 0 of `rates`; arguments as `acceleration`."""
    ax, ay, az = acceleration(
        state[0], state[1], state[2], state[3], state[4], state[5],
        inverse_beta_m2_kg, planet, pieces, first_piece,
    )  # fmt: skip
    for c in range(3):
        rates[0, c] = state[3 + c]
    rates[0, 3] = ax
    rates[0, 4] = ay
    rates[0, 5] = az


@kernel
def fill_stages(
    stages: Integers, h: float, state: Floats, trial: Floats, rates: Floats,
    inverse_beta_m2_kg: float, planet: Floats, pieces: Floats, first_piece: Integers,
) -> None:  # fmt: skip
    """Rates of stages[0]..stages[1] of a step of h seconds; `trial` is the state of the last.

    The fast twin of `acceleration`: the same formulas written out in one loop, because a call
    costs more than the arithmetic. A test holds the two together.
    """
    mu, j2, radius = planet[0], planet[1], planet[2]
    flattening, spin = planet[3], planet[4]
    e2 = flattening * (2.0 - flattening)
    second = e2 / (1.0 - e2)
    half_area = 0.5 * inverse_beta_m2_kg
    y0, y1, y2, y3, y4, y5 = state[0], state[1], state[2], state[3], state[4], state[5]
    x = y = z = vx = vy = vz = 0.0
    for i in range(stages[0], stages[1] + 1):
        s0 = s1 = s2 = s3 = s4 = s5 = 0.0
        for n in range(START[i], START[i + 1]):
            w, k = WEIGHT[n], STAGE[n]
            s0 += w * rates[k, 0]
            s1 += w * rates[k, 1]
            s2 += w * rates[k, 2]
            s3 += w * rates[k, 3]
            s4 += w * rates[k, 4]
            s5 += w * rates[k, 5]
        x, y, z = y0 + h * s0, y1 + h * s1, y2 + h * s2
        vx, vy, vz = y3 + h * s3, y4 + h * s4, y5 + h * s5
        # gravity_oblate
        r = math.sqrt(x * x + y * y + z * z)
        inverse = 1.0 / r
        inverse2 = inverse * inverse
        sine2 = z * z * inverse2
        pull = -mu * inverse2 * inverse
        bulge = 1.5 * j2 * radius * radius * inverse2
        side = pull * (1.0 + bulge * (1.0 - 5.0 * sine2))
        ax, ay, az = side * x, side * y, pull * (1.0 + bulge * (3.0 - 5.0 * sine2)) * z
        if half_area > 0.0:
            # altitude_above
            q = second * sine2
            q2 = q * q
            surface = radius * (
                1.0 - 0.5 * q + q2 * ((0.375 - 0.3125 * q) + q2 * (0.2734375 - 0.24609375 * q))
            )
            bend = radius * ((1.0 - e2) + 1.5 * e2 * sine2)
            share = bend * inverse * (1.0 + (surface - bend) * inverse)
            tilt2 = second * q * (1.0 - sine2) * (1.0 - 2.0 * q)
            altitude = (r - surface) * (1.0 - 0.5 * tilt2 * share)
            if altitude < ALTITUDE_MAX_M:
                # density_of
                altitude = max(altitude, ALTITUDE_MIN_M)
                p = first_piece[int((altitude - ALTITUDE_MIN_M) * 1e-3)]
                while altitude >= pieces[p + 1, 0]:
                    p += 1
                s = altitude - pieces[p, 0]
                low = pieces[p, 1] + s * pieces[p, 2]
                middle = pieces[p, 3] + s * pieces[p, 4]
                density = low + s * s * (middle + s * s * (pieces[p, 5] + s * pieces[p, 6]))
                # drag
                ux, uy = vx + spin * y, vy - spin * x
                drag = half_area * density * math.sqrt(ux * ux + uy * uy + vz * vz)
                ax, ay, az = ax - drag * ux, ay - drag * uy, az - drag * vz
        rates[i, 0], rates[i, 1], rates[i, 2] = vx, vy, vz
        rates[i, 3], rates[i, 4], rates[i, 5] = ax, ay, az
    trial[0], trial[1], trial[2] = x, y, z
    trial[3], trial[4], trial[5] = vx, vy, vz


@kernel
def step_error(h: float, rates: Floats, state: Floats, planet: Floats) -> float:
    """Relative error of a step (Hairer's blend of two estimates)."""
    distance = math.sqrt(state[0] * state[0] + state[1] * state[1] + state[2] * state[2])
    speed = math.sqrt(state[3] * state[3] + state[4] * state[4] + state[5] * state[5])
    circular = math.sqrt(planet[0] / distance)
    sum5 = 0.0
    sum3 = 0.0
    for c in range(6):
        scale = distance if c < 3 else max(speed, circular)
        e5 = 0.0
        e3 = 0.0
        for k in range(12):
            e5 += ERROR_5[k] * rates[k, c]
            e3 += ERROR_3[k] * rates[k, c]
        sum5 += (e5 / scale) * (e5 / scale)
        sum3 += (e3 / scale) * (e3 / scale)
    if sum5 == 0.0 and sum3 == 0.0:
        return 0.0
    return abs(h) * sum5 / math.sqrt((sum5 + 0.01 * sum3) * 6.0)


@kernel
def time_to_break(
    state: Floats, rate: Floats, direction: float, planet: Floats, breaks_m: Floats
) -> float:
    """Time until the next break of the air is reached, about [s]; inf if none is ahead.

    Solves gap = climb t + bend t^2 / 2 with the rate of climb and its change at this moment.
    Only the choice of step leans on it: a step that ends on a break needs no rejected trials.
    """
    x, y = state[0], state[1]
    z = state[2] * (1.0 + planet[3] * (2.0 - planet[3]))  # along the local vertical
    norm = math.sqrt(x * x + y * y + z * z)
    climb = direction * (x * state[3] + y * state[4] + z * state[5]) / norm
    speed2 = state[3] * state[3] + state[4] * state[4] + state[5] * state[5]
    bend = (x * rate[3] + y * rate[4] + z * rate[5] + speed2 - climb * climb) / norm
    altitude = altitude_above(state[0], state[1], state[2], planet[2], planet[3])
    up = 1.0 if climb > 0.0 else -1.0
    gap = math.inf
    for i in range(breaks_m.shape[0]):
        ahead = up * (breaks_m[i] - altitude)
        if ahead > _AT_BREAK_M and ahead < gap:
            gap = ahead
    inside = climb * climb + 2.0 * up * bend * gap
    if gap == math.inf or inside < 0.0:
        return math.inf
    return 2.0 * gap / (abs(climb) + math.sqrt(inside))


@kernel
def fill_dense(h: float, y: Floats, y_new: Floats, rates: Floats, dense: Floats) -> None:
    """Coefficients (8, 6) of the dense output over a step whose 16 stages are filled."""
    for c in range(6):
        change = y_new[c] - y[c]
        dense[0, c] = y[c]
        dense[1, c] = change
        dense[2, c] = h * rates[0, c] - change
        dense[3, c] = 2.0 * change - h * (rates[12, c] + rates[0, c])
        for i in range(4):
            total = 0.0
            for k in range(16):
                total += DENSE[i, k] * rates[k, c]
            dense[4 + i, c] = h * total


@kernel
def dense_at(part: float, dense: Floats, out: Floats) -> None:
    """State at a fraction `part` of the step."""
    rest = 1.0 - part
    for c in range(6):
        value = part * dense[7, c]
        value = rest * (dense[6, c] + value)
        value = part * (dense[5, c] + value)
        value = rest * (dense[4, c] + value)
        value = part * (dense[3, c] + value)
        value = rest * (dense[2, c] + value)
        out[c] = dense[0, c] + part * (dense[1, c] + value)


@kernel
def _height_at(part: float, dense: Floats, out: Floats, planet: Floats) -> float:
    dense_at(part, dense, out)
    return altitude_above(out[0], out[1], out[2], planet[2], planet[3])


@kernel
def _climb(state: Floats, direction: float) -> float:
    """Positive while the distance to the centre grows along the integration."""
    return direction * (state[0] * state[3] + state[1] * state[4] + state[2] * state[5])


@kernel
def _find_turn(dense: Floats, out: Floats, direction: float) -> float:
    """Fraction of the step where climb changes sign."""
    low = 0.0
    high = 1.0
    dense_at(high, dense, out)
    falls_after = _climb(out, direction) < 0.0
    for _ in range(_BISECTIONS):
        part = 0.5 * (low + high)
        dense_at(part, dense, out)
        if (_climb(out, direction) < 0.0) == falls_after:
            high = part
        else:
            low = part
    return 0.5 * (low + high)


@kernel
def _find_descent(
    low: float, high: float, level_m: float, dense: Floats, out: Floats, planet: Floats
) -> float:
    """Fraction of the falling stretch low..high where the height passes `level_m`, or -1."""
    if _height_at(high, dense, out, planet) > level_m:
        return -1.0
    for _ in range(_BISECTIONS):
        part = 0.5 * (low + high)
        if _height_at(part, dense, out, planet) > level_m:
            low = part
        else:
            high = part
    return high


@kernel
def find_stop(
    direction: float, level_m: float, y: Floats, y_new: Floats, dense: Floats, out: Floats,
    planet: Floats,
) -> float:  # fmt: skip
    """Fraction of the step at which the flight comes down to `level_m`, or -1."""
    climbs_before = _climb(y, direction) >= 0.0
    climbs_after = _climb(y_new, direction) >= 0.0
    if climbs_before and climbs_after:
        return -1.0
    if climbs_before == climbs_after:
        return _find_descent(0.0, 1.0, level_m, dense, out, planet)
    turn = _find_turn(dense, out, direction)
    if climbs_after:
        return _find_descent(0.0, turn, level_m, dense, out, planet)
    return _find_descent(turn, 1.0, level_m, dense, out, planet)


@kernel
def may_stop(direction: float, level_m: float, y: Floats, y_new: Floats, planet: Floats) -> bool:
    """Cheap test whether a step needs a search for the stop."""
    climbs_before = _climb(y, direction) >= 0.0
    climbs_after = _climb(y_new, direction) >= 0.0
    if climbs_after:
        return not climbs_before
    return altitude_above(y_new[0], y_new[1], y_new[2], planet[2], planet[3]) <= level_m


@kernel
def write_samples(
    t: float, h: float, until: float, t_start_s: float, step_s: float,
    filled: int, pos_m: Floats,
    vel_m_s: Floats, dense: Floats, out: Floats,
) -> int:  # fmt: skip
    """Write the samples that lie in this step, up to time `until`."""
    while filled < pos_m.shape[0]:
        t_sample = t_start_s + filled * step_s
        if (t_sample - until) * h > 0.0:
            break
        dense_at((t_sample - t) / h, dense, out)
        for c in range(3):
            pos_m[filled, c] = out[c]
            vel_m_s[filled, c] = out[3 + c]
        filled += 1
    return filled


@kernel
def clear_samples(pos_m: Floats, vel_m_s: Floats) -> int:
    """Fill all samples with NaN; returns how many are flown: 0."""
    flown = 0
    for i in range(pos_m.shape[0]):
        for c in range(3):
            pos_m[i, c] = math.nan
            vel_m_s[i, c] = math.nan
    return flown


@kernel
def move_on(state: Floats, after: Floats, rates: Floats) -> None:
    """Make the end of a step the start of the next."""
    for c in range(6):
        state[c] = after[c]
        rates[0, c] = rates[12, c]
