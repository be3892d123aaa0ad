"""A normal state takes in readings, one independent value after the other.

Values with independent errors may be taken in one by one; with all derivatives at the same
guess the result is that of the joint update, and no matrix is inverted. Each takes away
w w' with w = P h / sqrt(s), which leaves the covariance symmetric to the last bit.

Source: Bar-Shalom, Li, Kirubarajan 2001, sections 5.2, 7.2 (sequential update), 10.3.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]

LOG_TURN = math.log(2.0 * math.pi)


@table_kernel
def absorb(mean: Floats, cov: Floats, size: int, rows: Floats, count: int, w: Floats) -> float:
    """Extended Kalman update of a state, in place.

    mean : (size or more,), cov : (size or more, same) in and out; the first three are position
    rows : (3, 5) from `readings.linearise` at this mean     count : rows that hold
    w : (size or more,) room
    Returns the log density of the innovation.
    """
    x, y, z = mean[0], mean[1], mean[2]
    log_density = 0.0
    for k in range(count):
        hx, hy, hz = rows[k, 2], rows[k, 3], rows[k, 4]
        moved = hx * (mean[0] - x) + hy * (mean[1] - y) + hz * (mean[2] - z)
        residual = rows[k, 0] - moved
        for i in range(size):
            w[i] = cov[0, i] * hx + cov[1, i] * hy + cov[2, i] * hz
        s = rows[k, 1] + hx * w[0] + hy * w[1] + hz * w[2]
        root = 1.0 / math.sqrt(s)
        step = residual * root
        for i in range(size):
            w[i] *= root
            mean[i] += step * w[i]
        for i in range(size):
            for j in range(size):
                cov[i, j] -= w[i] * w[j]
        log_density -= 0.5 * (step * step + LOG_TURN + math.log(s))
    return log_density


@table_kernel
def innovation(cov: Floats, rows: Floats, count: int, s: Floats) -> tuple[float, float]:
    """Distance squared and log density of readings, the state left as it is.

    cov : (3 or more, same), only the position block is read     s : (3, 3 or more) room,
        holds the root of the innovation covariance (lower triangle) afterwards
    """
    distance2, log_density = 0.0, 0.0
    for k in range(count):
        hx, hy, hz = rows[k, 2], rows[k, 3], rows[k, 4]
        px = cov[0, 0] * hx + cov[0, 1] * hy + cov[0, 2] * hz
        py = cov[1, 0] * hx + cov[1, 1] * hy + cov[1, 2] * hz
        pz = cov[2, 0] * hx + cov[2, 1] * hy + cov[2, 2] * hz
        step = rows[k, 0]
        for m in range(k):
            entry = rows[m, 2] * px + rows[m, 3] * py + rows[m, 4] * pz
            for i in range(m):
                entry -= s[k, i] * s[m, i]
            s[k, m] = entry / s[m, m]
        rest = rows[k, 1] + hx * px + hy * py + hz * pz
        for m in range(k):
            rest -= s[k, m] * s[k, m]
            step -= s[k, m] * s[m, 3]
        s[k, k] = math.sqrt(rest)
        step /= s[k, k]
        s[k, 3] = step
        distance2 += step * step
        log_density -= 0.5 * (step * step + LOG_TURN + math.log(rest))
    return distance2, log_density


@table_kernel
def root_of(cov: Floats, size: int, root: Floats) -> bool:
    """Lower Cholesky factor of a covariance into `root`; False where it is not positive."""
    for i in range(size):
        for j in range(i + 1):
            entry = cov[i, j]
            for k in range(j):
                entry -= root[i, k] * root[j, k]
            if i > j:
                root[i, j] = entry / root[j, j]
            elif entry > 0.0:
                root[i, i] = math.sqrt(entry)
            else:
                return False
        for j in range(i + 1, size):
            root[i, j] = 0.0
    return True


@table_kernel
def copy_vector(source: Floats, target: Floats, size: int) -> None:
    """Copy the first numbers of one array to another."""
    for i in range(size):
        target[i] = source[i]


@table_kernel
def copy_square(source: Floats, target: Floats, size: int) -> None:
    """Copy the upper left square of one matrix to another."""
    for i in range(size):
        for j in range(size):
            target[i, j] = source[i, j]
