"""The linear Kalman filter, of any size: for a move F, noise Q and measured combinations H.

Source: R. E. Kalman, A new approach to linear filtering and prediction problems, 1960;
Bar-Shalom, Li, Kirubarajan 2001, sections 5.2 and 7.2 (values taken in one after the other).
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.filter import add_acceleration_noise, drift, mirror
from opendome.tracking.kernels.gaussian import LOG_TURN

Floats = npt.NDArray[np.float64]


@table_kernel
def predict_linear(mean: Floats, cov: Floats, move: Floats, noise: Floats, room: Floats) -> None:
    """Carry a state in place: m <- F m, P <- F P F' + Q.

    mean : (n,)     cov, move, noise : (n, n)     room : (n + 1, n or more)
    """
    size = mean.shape[0]
    for i in range(size):
        room[size, i] = 0.0
        for j in range(size):
            room[size, i] += move[i, j] * mean[j]
            room[i, j] = 0.0
        for k in range(size):
            if move[i, k] != 0.0:
                for j in range(size):
                    room[i, j] += move[i, k] * cov[k, j]
    for i in range(size):
        mean[i] = room[size, i]
        for j in range(i, size):
            entry = noise[i, j]
            for k in range(size):
                entry += room[i, k] * move[j, k]
            cov[i, j] = entry
            cov[j, i] = entry


@table_kernel
def predict_steady(mean: Floats, cov: Floats, dt_s: float, accel_psd_m2_s3: float) -> None:
    """As `predict_linear` for nearly constant velocity on three axes, written out.

    mean : (6 or more,), cov : (6 or more, same) position, then velocity
    accel_psd_m2_s3 : white acceleration per axis
    """
    for i in range(3):
        mean[i] += dt_s * mean[3 + i]
    drift(cov, dt_s)
    add_acceleration_noise(cov, dt_s, accel_psd_m2_s3)
    mirror(cov)


@table_kernel
def update_linear(
    mean: Floats, cov: Floats, values: Floats, combine: Floats, variance: Floats, room: Floats
) -> float:
    """Take in measured combinations of the state, each with its own independent error.

    mean : (n,), cov : (n, n) in and out     values : (m,)     combine : (m, n) the matrix H
    variance : (m,)     room : (1, n or more)
    Returns the log density of the values.
    """
    size, log_density = mean.shape[0], 0.0
    for k in range(values.shape[0]):
        residual, s = values[k], variance[k]
        for i in range(size):
            room[0, i] = 0.0
            residual -= combine[k, i] * mean[i]
        for j in range(size):
            if combine[k, j] != 0.0:
                for i in range(size):
                    room[0, i] += combine[k, j] * cov[j, i]
        for i in range(size):
            s += combine[k, i] * room[0, i]
        root = 1.0 / math.sqrt(s)
        for i in range(size):
            room[0, i] *= root
        step = residual * root
        for i in range(size):
            mean[i] += step * room[0, i]
            for j in range(size):
                cov[i, j] -= room[0, i] * room[0, j]
        log_density -= 0.5 * (step * step + LOG_TURN + math.log(s))
    return log_density
