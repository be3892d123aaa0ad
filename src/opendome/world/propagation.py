"""Free flight of a point mass: gravity with J2, and drag of air that turns with the Earth."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import (
    FLATTENING,
    J2,
    MU_M3_S2,
    RADIUS_EQUATOR_M,
    ROTATION_RAD_S,
)
from opendome.quantities.errors import OpendomeError
from opendome.world.atmosphere import AIR_US76, Air
from opendome.world.dop853 import DENSE_STAGES, STEP_STAGES
from opendome.world.flight import (
    clear_samples,
    dense_at,
    fill_dense,
    fill_rates,
    fill_stages,
    find_stop,
    may_stop,
    move_on,
    step_error,
    time_to_break,
    write_samples,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Statuses = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

REACHED_END = 0
REACHED_ALTITUDE = 1
STEP_TOO_SMALL = 2
NOT_FINITE = 3
STATUS_TEXT = {
    REACHED_END: "still in flight at the end time",
    REACHED_ALTITUDE: "came down to the stop altitude",
    STEP_TOO_SMALL: "the tolerance cannot be met",
    NOT_FINITE: "the start state or time is not finite",
}

TOLERANCE_MIN = 1e-13
TOLERANCE_MAX = 1e-3
_STEPS_MAX = 1_000_000
_STEP_SHARE = 0.1


@dataclass(frozen=True, kw_only=True)
class Planet:
    """The body that is flown around; its third axis is the spin axis.

    mu_m3_s2 : gravitational parameter [m3/s2]     j2 : oblateness of its gravity
    radius_m : equatorial radius [m]     flattening : of its surface
    rotation_rad_s : rate at which the ground and the air turn [rad/s]
    """

    mu_m3_s2: float = MU_M3_S2
    j2: float = J2
    radius_m: float = RADIUS_EQUATOR_M
    flattening: float = FLATTENING
    rotation_rad_s: float = ROTATION_RAD_S

    @property
    def numbers(self) -> Floats:
        """(5,) array in the order of the fields, as the kernels read it."""
        out = np.array(
            (self.mu_m3_s2, self.j2, self.radius_m, self.flattening, self.rotation_rad_s)
        )
        out.setflags(write=False)
        return out


EARTH = Planet()
_EARTH_NUMBERS = EARTH.numbers
_US76_PIECES = AIR_US76.pieces
_US76_FIRST_PIECE = AIR_US76.first_piece
_US76_BREAKS_M = AIR_US76.breaks_m


@kernel
def fly(
    state: Floats, t_start_s: float, t_end_s: float, inverse_beta_m2_kg: float,
    stop_altitude_m: float, tolerance: float, step_s: float, pos_m: Floats, vel_m_s: Floats,
    planet: Floats, pieces: Floats, first_piece: Integers, breaks_m: Floats,
) -> tuple[int, float, int]:  # fmt: skip
    """Fly a point mass from `t_start_s` until `t_end_s` or until it comes down.

    state : (6,) inertial position [m] and velocity [m/s]; on return the final state
    t_start_s, t_end_s : [s]; backwards if the end is earlier
    inverse_beta_m2_kg : drag area over mass, 1 / ballistic coefficient [m2/kg]; 0: no drag
    stop_altitude_m : flight ends when it falls through this height [m]; -inf: never
    tolerance : error wanted at the end, relative to the distance from the centre and to the
        larger of speed and circular speed; 1e-13 to 1e-3
    step_s : spacing of the samples [s], negative when flying backwards
    pos_m, vel_m_s : (n, 3) samples out, k at t_start_s + k step_s; NaN after the end; n may be 0
    planet, pieces, first_piece, breaks_m : `Planet.numbers` and the arrays of an `Air`
    Returns (status, time of the end [s], number of samples filled); see STATUS_TEXT.
    Model: `flight.acceleration`, integrated by Runge-Kutta of order 8(5,3) with dense output
    of order 7; the stop is found by bisection on the dense output.
    Valid for: any start outside the centre; a dip below the stop altitude inside one step is
    found as well. Each step may err by a tenth of `tolerance`, which holds the sum below it
    for a ballistic flight (1e-9: a few millimetres after 30 minutes); not for days in orbit.
    Source: E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential Equations I,
    2nd ed. 1993, sections II.4 to II.6 and II.10.
    """
    filled = clear_samples(pos_m, vel_m_s)
    direction = 1.0 if t_end_s >= t_start_s else -1.0
    rates, dense = np.empty((16, 6)), np.empty((8, 6))
    trial, after = np.empty(6), np.empty(6)
    fill_rates(state, rates, inverse_beta_m2_kg, planet, pieces, first_piece)
    t, may_grow = t_start_s, True
    wish = _first_step(state, rates, planet)
    if not math.isfinite(wish + t_end_s - t_start_s):
        return NOT_FINITE, t, filled
    for _ in range(_STEPS_MAX):
        size = min(wish, abs(t_end_s - t))
        if inverse_beta_m2_kg > 0.0:
            size = min(size, time_to_break(state, rates[0], direction, planet, breaks_m))
        h = direction * size
        fill_stages(
            STEP_STAGES, h, state, after, rates, inverse_beta_m2_kg, planet, pieces, first_piece
        )
        error = step_error(h, rates, state, planet) / (_STEP_SHARE * tolerance)
        factor = _size_factor(error)
        if not error < 1.0:
            wish = size * factor
            may_grow = False
            if wish <= 1e-14 * max(abs(t), 1.0):
                break
            continue
        next_sample = t_start_s + filled * step_s
        wanted = filled < pos_m.shape[0] and direction * (next_sample - t - h) <= 0.0
        falling = may_stop(direction, stop_altitude_m, state, after, planet)
        stop = -1.0
        if wanted or falling:
            fill_stages(
                DENSE_STAGES,
                h,
                state,
                trial,
                rates,
                inverse_beta_m2_kg,
                planet,
                pieces,
                first_piece,
            )
            fill_dense(h, state, after, rates, dense)
            if falling:
                stop = find_stop(direction, stop_altitude_m, state, after, dense, trial, planet)
            until = t + h if stop < 0.0 else t + stop * h
            filled = write_samples(
                t, h, until, t_start_s, step_s, filled, pos_m, vel_m_s, dense, trial
            )
        if stop >= 0.0:
            dense_at(stop, dense, state)
            return REACHED_ALTITUDE, t + stop * h, filled
        ends = size >= abs(t_end_s - t)
        t = t_end_s if ends else t + h
        move_on(state, after, rates)
        if ends:
            return REACHED_END, t, filled
        grown = size * (factor if may_grow else min(1.0, factor))
        wish = grown if size == wish else max(grown, wish)
        may_grow = True
    return STEP_TOO_SMALL, t, filled


@kernel
def _size_factor(error: float) -> float:
    """By how much the next step differs from this one (Hairer, section II.4, order 8)."""
    if error == 0.0:
        return 6.0
    if not math.isfinite(error):
        return 0.1
    return min(6.0, max(0.333, 0.9 * error**-0.125))


@kernel
def _first_step(state: Floats, rates: Floats, planet: Floats) -> float:
    """A cautious first step [s]: a part of the time to fly one radius or to change speed."""
    distance = math.sqrt(state[0] ** 2 + state[1] ** 2 + state[2] ** 2)
    speed = math.sqrt(state[3] ** 2 + state[4] ** 2 + state[5] ** 2)
    speed = max(speed, math.sqrt(planet[0] / distance))
    push = math.sqrt(rates[0, 3] ** 2 + rates[0, 4] ** 2 + rates[0, 5] ** 2)
    return 0.05 / (speed / distance + push / speed)


@kernel
def fly_ballistic(
    pos_eci_m: Floats, vel_eci_m_s: Floats, t_start_s: float, t_end_s: float,
    beta_kg_m2: float, stop_altitude_m: float, tolerance: float, step_s: float,
    pos_out_eci_m: Floats, vel_out_eci_m_s: Floats, end_state: Floats,
) -> tuple[int, float, int]:  # fmt: skip
    """Fly a body over the Earth through US-1976 air; for use inside other kernels.

    pos_eci_m, vel_eci_m_s : (3,) start [m], [m/s]; left as they are
    beta_kg_m2 : ballistic coefficient, mass / (drag coefficient x area); inf for no drag
    pos_out_eci_m, vel_out_eci_m_s : (n, 3) samples out, every `step_s` from t_start_s
    end_state : (6,) out, state at the end
    The rest, the return value, model, validity and source: `fly`.
    """
    for c in range(3):
        end_state[c] = pos_eci_m[c]
        end_state[3 + c] = vel_eci_m_s[c]
    return fly(
        end_state, t_start_s, t_end_s, 1.0 / beta_kg_m2, stop_altitude_m, tolerance, step_s,
        pos_out_eci_m, vel_out_eci_m_s,
        _EARTH_NUMBERS, _US76_PIECES, _US76_FIRST_PIECE, _US76_BREAKS_M,
    )  # fmt: skip


@kernel
def _fly_each(
    states: Floats, t_start_s: Floats, t_end_s: Floats, inverse_beta_m2_kg: Floats,
    stop_altitude_m: float, tolerance: float, step_s: float, pos_m: Floats, vel_m_s: Floats,
    status: Statuses, t_stop_s: Floats, planet: Floats, pieces: Floats, first_piece: Integers,
    breaks_m: Floats,
) -> None:  # fmt: skip
    for i in range(states.shape[0]):
        status[i], t_stop_s[i], _ = fly(
            states[i], t_start_s[i], t_end_s[i], inverse_beta_m2_kg[i], stop_altitude_m,
            tolerance, step_s, pos_m[i], vel_m_s[i], planet, pieces, first_piece, breaks_m,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Flights:
    """Flights of many bodies; struct of arrays, inertial frame.

    status : (object,) see STATUS_TEXT
    t_stop_s : (object,) time of the end [s]
    pos_stop_eci_m, vel_stop_eci_m_s : (object, 3) state at the end [m], [m/s]
    pos_eci_m, vel_eci_m_s : (object, time, 3) samples from the start, NaN after the end
    valid : (object, time) whether a sample was flown
    """

    status: Statuses
    t_stop_s: Floats
    pos_stop_eci_m: Floats
    vel_stop_eci_m_s: Floats
    pos_eci_m: Floats
    vel_eci_m_s: Floats
    valid: Flags


def fly_all(
    pos_eci_m: npt.ArrayLike,
    vel_eci_m_s: npt.ArrayLike,
    *,
    t_start_s: npt.ArrayLike = 0.0,
    t_end_s: npt.ArrayLike,
    beta_kg_m2: npt.ArrayLike = math.inf,
    stop_altitude_m: float = 0.0,
    tolerance: float = 1e-9,
    step_s: float = 1.0,
    samples: int = 0,
    planet: Planet = EARTH,
    air: Air = AIR_US76,
) -> Flights:
    """Fly many bodies, each on its own.

    pos_eci_m, vel_eci_m_s : (object, 3) [m], [m/s]
    t_start_s, t_end_s : (object,) or one for all [s]; an earlier end flies backwards
    beta_kg_m2 : (object,) or one for all, ballistic coefficient; inf for no drag
    samples : how many samples to keep, every `step_s` from each start
    Returns `Flights`.   Model, validity, source, other arguments: `fly`.
    """
    if not TOLERANCE_MIN <= tolerance <= TOLERANCE_MAX:
        raise OpendomeError(
            got=f"a tolerance of {tolerance:g}",
            allowed=f"{TOLERANCE_MIN:g} to {TOLERANCE_MAX:g}",
            do="choose 1e-9 unless there is a reason",
        )
    states = np.concatenate((np.asarray(pos_eci_m), np.asarray(vel_eci_m_s)), axis=-1)
    states = np.ascontiguousarray(states.reshape(-1, 6), dtype=np.float64)
    count = states.shape[0]

    def each(value: npt.ArrayLike) -> Floats:
        return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)))

    start, end = each(t_start_s), each(t_end_s)
    pos = np.empty((count, samples, 3))
    vel = np.empty((count, samples, 3))
    status = np.empty(count, dtype=np.int32)
    t_stop = np.empty(count)
    backwards = bool(np.any(end < start))
    _fly_each(
        states, start, end, 1.0 / each(beta_kg_m2), stop_altitude_m, tolerance,
        -step_s if backwards else step_s, pos, vel, status, t_stop, planet.numbers,
        air.pieces, air.first_piece, air.breaks_m,
    )  # fmt: skip
    return Flights(
        status=status,
        t_stop_s=t_stop,
        pos_stop_eci_m=states[:, :3],
        vel_stop_eci_m_s=states[:, 3:],
        pos_eci_m=pos,
        vel_eci_m_s=vel,
        valid=np.isfinite(pos[..., 0]),
    )
