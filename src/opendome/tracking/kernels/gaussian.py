"""A normal state takes in readings, one independent value after the other.

Values with independent errors may be taken in one by one; with all derivatives at the same
guess the result is that of the joint update, and no matrix is inverted. Each takes away
w w' of one vector w, which leaves the covariance symmetric.

Source: Bar-Shalom, Li, Kirubarajan 2001, sections 5.2, 7.2 (sequential update), 10.3.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]

LOG_TURN = math.log(2.0 * math.pi)
STATES = 9


@table_kernel
def absorb(mean: Floats, cov: Floats, size: int, rows: Floats, count: int, w: Floats) -> float:
    """Extended Kalman update of a state, in place.

    mean : (size or more,), cov : (size or more, same) in and out; the first three are position
    rows : (3, 5) from `readings.linearise` at this mean     count : rows that hold, 1 to 3
    w : (3, 10) room
    Returns the log density of the innovation.
    Model: the columns of P H' L'^-1 with L L' = H P H' + R, one after the other; the mean
    moves by them times L^-1 residual, the covariance loses the sum of their squares.
    """
    log_density = fill_columns(cov, size, rows, count, w)
    for i in range(size):
        mean[i] += w[0, STATES] * w[0, i] + w[1, STATES] * w[1, i] + w[2, STATES] * w[2, i]
    if size == STATES:
        take_outers(cov, w)
    else:
        for i in range(size):
            for j in range(size):
                cov[i, j] -= w[0, i] * w[0, j] + w[1, i] * w[1, j] + w[2, i] * w[2, j]
    return log_density


@table_kernel
def fill_columns(cov: Floats, size: int, rows: Floats, count: int, w: Floats) -> float:
    """The columns of P H' L'^-1 into the rows of `w`, L^-1 residual behind them; log density.

    Rows of `w` beyond `count` become zero.
    """
    distance2, determinant = 0.0, 1.0
    for k in range(count):
        hx, hy, hz = rows[k, 2], rows[k, 3], rows[k, 4]
        for i in range(size):
            w[k, i] = cov[0, i] * hx + cov[1, i] * hy + cov[2, i] * hz
        step = rows[k, 0]
        s = rows[k, 1] + hx * w[k, 0] + hy * w[k, 1] + hz * w[k, 2]
        for m in range(k):
            shared = hx * w[m, 0] + hy * w[m, 1] + hz * w[m, 2]
            s -= shared * shared
            step -= shared * w[m, STATES]
            for i in range(size):
                w[k, i] -= shared * w[m, i]
        root = 1.0 / math.sqrt(s)
        for i in range(size):
            w[k, i] *= root
        step *= root
        w[k, STATES] = step
        distance2 += step * step
        determinant *= s
    for k in range(count, 3):
        for i in range(STATES + 1):
            w[k, i] = 0.0
    return -0.5 * (distance2 + count * LOG_TURN + math.log(determinant))


@table_kernel
def innovation(
    cov: Floats, rows: Floats, count: int, s: Floats, limit: float
) -> tuple[float, float]:
    """Distance squared and log density of readings, the state left as it is.

    cov : (3 or more, same), only the position block is read     s : (3, 3 or more) room,
        holds the root of the innovation covariance (lower triangle) afterwards
    limit : of the distance squared; beyond it the answer is (inf, -inf), found early: each
        value adds to the distance
    """
    distance2, determinant = 0.0, 1.0
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
        if distance2 > limit:
            return math.inf, -math.inf
        determinant *= rest
    return distance2, -0.5 * (distance2 + count * LOG_TURN + math.log(determinant))


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


# The sums below are written out: the compiler then keeps each row in vector registers, and
# they cost a third of two nested loops.


@table_kernel
def take_outers(cov: Floats, w: Floats) -> None:
    """Take w w' of three vectors, the rows of `w`, from a (9, 9) matrix."""
    for i in range(STATES):
        a, b, c = w[0, i], w[1, i], w[2, i]
        c0 = cov[i, 0] - a * w[0, 0] - b * w[1, 0] - c * w[2, 0]
        c1 = cov[i, 1] - a * w[0, 1] - b * w[1, 1] - c * w[2, 1]
        c2 = cov[i, 2] - a * w[0, 2] - b * w[1, 2] - c * w[2, 2]
        c3 = cov[i, 3] - a * w[0, 3] - b * w[1, 3] - c * w[2, 3]
        c4 = cov[i, 4] - a * w[0, 4] - b * w[1, 4] - c * w[2, 4]
        c5 = cov[i, 5] - a * w[0, 5] - b * w[1, 5] - c * w[2, 5]
        c6 = cov[i, 6] - a * w[0, 6] - b * w[1, 6] - c * w[2, 6]
        c7 = cov[i, 7] - a * w[0, 7] - b * w[1, 7] - c * w[2, 7]
        c8 = cov[i, 8] - a * w[0, 8] - b * w[1, 8] - c * w[2, 8]
        cov[i, 0] = c0
        cov[i, 1] = c1
        cov[i, 2] = c2
        cov[i, 3] = c3
        cov[i, 4] = c4
        cov[i, 5] = c5
        cov[i, 6] = c6
        cov[i, 7] = c7
        cov[i, 8] = c8


@table_kernel
def take_outer(cov: Floats, d: Floats) -> None:
    """Take d d' from a (9, 9) matrix."""
    d0, d1, d2, d3, d4, d5 = d[0], d[1], d[2], d[3], d[4], d[5]
    d6, d7, d8 = d[6], d[7], d[8]
    for i in range(STATES):
        di = d[i]
        cov[i, 0] -= di * d0
        cov[i, 1] -= di * d1
        cov[i, 2] -= di * d2
        cov[i, 3] -= di * d3
        cov[i, 4] -= di * d4
        cov[i, 5] -= di * d5
        cov[i, 6] -= di * d6
        cov[i, 7] -= di * d7
        cov[i, 8] -= di * d8


@table_kernel
def put_outer(sign: float, cov: Floats, d: Floats, square: Floats) -> None:
    """Second moments about a point: `square` = `cov` + sign d d', all (9, 9).

    sign : 1 from a covariance to second moments, -1 back
    """
    d0, d1, d2, d3, d4, d5 = d[0], d[1], d[2], d[3], d[4], d[5]
    d6, d7, d8 = d[6], d[7], d[8]
    for i in range(STATES):
        di = sign * d[i]
        square[i, 0] = cov[i, 0] + di * d0
        square[i, 1] = cov[i, 1] + di * d1
        square[i, 2] = cov[i, 2] + di * d2
        square[i, 3] = cov[i, 3] + di * d3
        square[i, 4] = cov[i, 4] + di * d4
        square[i, 5] = cov[i, 5] + di * d5
        square[i, 6] = cov[i, 6] + di * d6
        square[i, 7] = cov[i, 7] + di * d7
        square[i, 8] = cov[i, 8] + di * d8


@table_kernel
def add_weighted(weight: float, cov: Floats, d: Floats, square: Floats) -> None:
    """Add a weighted second moment: `square` += weight (`cov` + d d'), all (9, 9)."""
    d0, d1, d2, d3, d4, d5 = d[0], d[1], d[2], d[3], d[4], d[5]
    d6, d7, d8 = d[6], d[7], d[8]
    for i in range(STATES):
        di = d[i]
        square[i, 0] += weight * (cov[i, 0] + di * d0)
        square[i, 1] += weight * (cov[i, 1] + di * d1)
        square[i, 2] += weight * (cov[i, 2] + di * d2)
        square[i, 3] += weight * (cov[i, 3] + di * d3)
        square[i, 4] += weight * (cov[i, 4] + di * d4)
        square[i, 5] += weight * (cov[i, 5] + di * d5)
        square[i, 6] += weight * (cov[i, 6] + di * d6)
        square[i, 7] += weight * (cov[i, 7] + di * d7)
        square[i, 8] += weight * (cov[i, 8] + di * d8)
