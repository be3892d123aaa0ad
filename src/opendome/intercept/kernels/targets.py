"""Where the objects are at the intercept times, and whether an interceptor may meet them there."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.world.earth import altitude_xyz

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

# Part of the flight an object is in at a sample.
NOWHERE = 0
BOOST = 1
RISING = 2
FALLING = 3

_EXACT = 1e-9  # of a raid step: closer than this a sample is taken as it is


@kernel
def hermite(share: float, step_s: float, p0: float, v0: float, p1: float, v1: float) -> float:
    """Position inside a step from positions and velocities at both ends.

    share : of the step gone, 0..1     step_s : [s]     p : [m]     v : [m/s]
    Returns [m].   Valid for: error step^4 / 384 x the fourth derivative.
    Source: definition (cubic Hermite interpolation).
    """
    rest = 1.0 - share
    return (
        p0 * (1.0 + 2.0 * share) * rest * rest
        + p1 * (3.0 - 2.0 * share) * share * share
        + step_s * share * rest * (v0 * rest - v1 * share)
    )


@kernel
def hermite_rate(share: float, step_s: float, p0: float, v0: float, p1: float, v1: float) -> float:
    """Time derivative of `hermite` [m/s]."""
    rest = 1.0 - share
    return (
        6.0 * share * rest * (p1 - p0) / step_s
        + v0 * rest * (1.0 - 3.0 * share)
        + v1 * share * (3.0 * share - 2.0)
    )


@kernel
def phase_of(t_s: float, burnout_t_s: float, outward: float) -> int:
    """Part of the flight: boost, rising or falling."""
    if t_s <= burnout_t_s:
        return BOOST
    return RISING if outward > 0.0 else FALLING


@kernel
def sample_targets(
    raid_pos_eci_m: Floats,
    raid_vel_eci_m_s: Floats,
    valid: Flags,
    launch_t_s: Floats,
    burnout_t_s: Floats,
    raid_step_s: float,
    step_s: float,
    pos_eci_m: Floats,
    altitude_m: Floats,
    phase: Bytes,
) -> None:
    """Sample every object at launch + k step; `phase` is NOWHERE where it is not in flight.

    raid_* : (object, raid time, ...)     pos_eci_m : (object, sample, 3)
    altitude_m, phase : (object, sample)
    """
    raid_samples = valid.shape[1]
    for j in range(launch_t_s.shape[0]):
        for k in range(phase.shape[1]):
            phase[j, k] = NOWHERE
            place = k * step_s / raid_step_s
            i = math.floor(place + _EXACT)
            share = place - i
            ahead = i + 1 if share > _EXACT else i
            if ahead >= raid_samples or not valid[j, i] or not valid[j, ahead]:
                continue
            outward = 0.0
            for c in range(3):
                p0 = raid_pos_eci_m[j, i, c]
                v0 = raid_vel_eci_m_s[j, i, c]
                if ahead == i:
                    pos_eci_m[j, k, c] = p0
                    outward += p0 * v0
                else:
                    p1 = raid_pos_eci_m[j, ahead, c]
                    v1 = raid_vel_eci_m_s[j, ahead, c]
                    pos_eci_m[j, k, c] = hermite(share, raid_step_s, p0, v0, p1, v1)
                    rate = hermite_rate(share, raid_step_s, p0, v0, p1, v1)
                    outward += pos_eci_m[j, k, c] * rate
            altitude_m[j, k] = altitude_xyz(
                pos_eci_m[j, k, 0], pos_eci_m[j, k, 1], pos_eci_m[j, k, 2]
            )
            phase[j, k] = phase_of(launch_t_s[j] + k * step_s, burnout_t_s[j], outward)
