"""Where an object is, and how bright, between the samples of its flight."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel, table_kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.horizon import RADIUS_POLE_M

Floats = npt.NDArray[np.float64]
HEADROOM_M = 10_000.0  # a path bulges less than this over the highest of its samples
STRIDE_M = 1.0  # no stride counts as less


class Flight(NamedTuple):
    """The part of a raid that sensors need, as plain arrays. Frame: ECI.

    samples : (object,) number of samples of the flight
    end_t_s : (object,) time of the last of them, -inf if there are fewer than two
    high_m, stride_m : (object,) bounds, see `bounds_of`
    The other fields are those of `threats.records.Raid`.
    """

    launch_t_s: Floats
    burnout_t_s: Floats
    hot_until_t_s: Floats
    end_t_s: Floats
    samples: npt.NDArray[np.int64]
    high_m: Floats
    stride_m: Floats
    step_s: float
    pos_eci_m: Floats
    vel_eci_m_s: Floats
    intensity_w_sr: Floats
    rcs_m2: Floats


@kernel
def bounds_of(
    pos_eci_m: Floats, samples: npt.NDArray[np.int64], step_s: float
) -> tuple[Floats, Floats]:
    """How far objects get from the centre of the Earth, and in one step over the turning Earth.

    pos_eci_m : (object, time, 3) [m]     samples : (object,)     step_s : between them [s]
    Returns two bounds (object,): on the distance from the centre at any time [m], and on the
    distance, in a frame that turns with the Earth, from one sample to the next [m].
    """
    high_m = np.empty(samples.shape[0])
    stride_m = np.empty(samples.shape[0])
    for obj in range(samples.shape[0]):
        highest = RADIUS_POLE_M * RADIUS_POLE_M
        longest = 0.0
        x, y, z = pos_eci_m[obj, 0, 0], pos_eci_m[obj, 0, 1], pos_eci_m[obj, 0, 2]
        for k in range(samples[obj]):
            p = pos_eci_m[obj, k]
            highest = max(highest, p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
            dx, dy, dz = p[0] - x, p[1] - y, p[2] - z
            longest = max(longest, dx * dx + dy * dy + dz * dz)
            x, y, z = p[0], p[1], p[2]
        high_m[obj] = math.sqrt(highest) + HEADROOM_M
        stride_m[obj] = STRIDE_M + math.sqrt(longest) + ROTATION_RAD_S * step_s * high_m[obj]
    return high_m, stride_m


@table_kernel
def sample_before(t_s: float, launch_t_s: float, step_s: float, samples: int) -> int:
    """Index of the sample at or before `t_s`, such that another one follows."""
    return max(0, min(samples - 2, math.floor((t_s - launch_t_s) / step_s)))


@table_kernel
def position_at(flight: Flight, obj: int, k: int, t_s: float) -> tuple[float, float, float]:
    """Position of an object [m], ECI.

    obj : index     k : from `sample_before`     t_s : between samples k and k + 1 [s after epoch]
    Returns (x, y, z) [m].
    Model: cubic Hermite polynomial through position and velocity of both samples.
    Valid for: error step^4 / 384 times the fourth derivative of position: millimetres for
    free flight sampled every second; metres in the one step in which a motor starts or stops.
    Source: E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential Equations I,
    2nd ed. 1993, eq. II.6.7.
    """
    h = flight.step_s
    s = (t_s - flight.launch_t_s[obj]) / h - k
    r = 1.0 - s
    a0 = r * r * (1.0 + 2.0 * s)
    a1 = s * s * (1.0 + 2.0 * r)
    b0 = h * s * r * r
    b1 = -h * s * s * r
    p = flight.pos_eci_m
    v = flight.vel_eci_m_s
    x = a0 * p[obj, k, 0] + a1 * p[obj, k + 1, 0] + b0 * v[obj, k, 0] + b1 * v[obj, k + 1, 0]
    y = a0 * p[obj, k, 1] + a1 * p[obj, k + 1, 1] + b0 * v[obj, k, 1] + b1 * v[obj, k + 1, 1]
    z = a0 * p[obj, k, 2] + a1 * p[obj, k + 1, 2] + b0 * v[obj, k, 2] + b1 * v[obj, k + 1, 2]
    return x, y, z


@table_kernel
def signature_sample(t_s: float, burnout_t_s: float, k: int) -> int:
    """Index of the sample that tells how bright an object is at `t_s`.

    k : from `sample_before`
    Returns k before burnout and k + 1 after it: a signature steps at burnout, so that a mean
    of both sides would be neither.
    """
    return k if t_s < burnout_t_s else k + 1
