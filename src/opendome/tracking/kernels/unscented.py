"""Sigma points: prediction and update of a state without derivatives.

For a state of n numbers with mean m and covariance L L', and lambda = alpha^2 (n + kappa) - n,
the points are m and m +- sqrt(n + lambda) times each column of L; their weights are
lambda / (n + lambda) and 1 / (2 (n + lambda)), and the middle one counts
1 - alpha^2 + beta more in a covariance.

Source: S. J. Julier, J. K. Uhlmann, Unscented filtering and nonlinear estimation, Proc.
IEEE 92(3), 2004; E. A. Wan, R. van der Merwe, The unscented Kalman filter for nonlinear
estimation, 2000, for the scaled weights.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.forces import COAST, STATES, BankRules, Traits
from opendome.tracking.kernels.gaussian import LOG_TURN, root_of
from opendome.tracking.kernels.motion import add_noise, advance, mirror_all
from opendome.tracking.kernels.readings import AZIMUTH_RANGE, DIRECTION, Readings, read

Floats = npt.NDArray[np.float64]
Vector = tuple[float, float, float]

# The room: rows of points, three rows beside them, then the root
POINTS = 2 * STATES + 1
MEAN_ROW = POINTS
VALUE_ROW = POINTS + 1
RESIDUAL_ROW = POINTS + 2
ROOT_ROW = POINTS + 3
ROOM_ROWS = ROOT_ROW + STATES
# Columns beside the three values
CROSS, INNOVATION = 3, 6


@table_kernel
def rule_of(rules: BankRules) -> Vector:
    """Alpha, beta and kappa of the sigma points."""
    return rules.sigma_spread, rules.sigma_prior, rules.sigma_shift


@table_kernel
def weights(rule: Vector, size: int) -> tuple[float, float, float]:
    """Spread of the points, weight of the middle one in a covariance, weight of each other."""
    alpha2 = rule[0] * rule[0]
    scale = alpha2 * (size + rule[2])
    return math.sqrt(scale), 2.0 - size / scale - alpha2 + rule[1], 0.5 / scale


@table_kernel
def place_points(mean: Floats, root: Floats, size: int, spread: float, points: Floats) -> None:
    """Sigma points into the rows of `points`: the middle one, then +, - for each column."""
    for i in range(STATES):
        points[0, i] = mean[i]
    for k in range(size):
        for i in range(STATES):
            shift = spread * root[i, k] if i < size else 0.0
            points[1 + 2 * k, i] = mean[i] + shift
            points[2 + 2 * k, i] = mean[i] - shift


@table_kernel
def step_unscented(
    traits: Traits,
    rule: Vector,
    model: int,
    mean: Floats,
    cov: Floats,
    h_s: float,
    points: Floats,
) -> None:
    """Carry mean (9,) and covariance (9, 9) of a model by one step with sigma points.

    rule : alpha, beta, kappa     points : (ROOM_ROWS, 9) room
    A covariance that is not positive leaves a mean of NaN.
    """
    size = 6 if model == COAST else STATES
    root = points[ROOT_ROW:]
    if not root_of(cov, size, root):
        mean[:] = math.nan
        return
    spread, for_cov, other = weights(rule, size)
    place_points(mean, root, size, spread, points)
    before, after = advance(traits, model, points[0], h_s)
    for k in range(1, 2 * size + 1):
        advance(traits, model, points[k], h_s)
    centre(points, size, size, other)
    for i in range(size):
        mean[i] = points[0, i]
        points[0, i] = points[MEAN_ROW, i]
    for i in range(size):
        for j in range(i, size):
            cov[i, j] = spread_of(points, size, i, j, for_cov, other)
    add_noise(cov, traits, model, before, after, h_s)
    mirror_all(cov)


@table_kernel
def centre(points: Floats, size: int, columns: int, other: float) -> None:
    """Take the weighted mean from the points; it is left in row 0, row 0's own rest in MEAN_ROW.

    Sums are of differences from the middle point: its weight may be large and negative.
    """
    for i in range(columns):
        total = 0.0
        for k in range(1, 2 * size + 1):
            total += points[k, i] - points[0, i]
        mean = points[0, i] + other * total
        for k in range(1, 2 * size + 1):
            points[k, i] -= mean
        points[MEAN_ROW, i] = -other * total
        points[0, i] = mean


@table_kernel
def spread_of(points: Floats, size: int, i: int, j: int, for_cov: float, other: float) -> float:
    """Weighted sum of the products of two columns of centred points."""
    total = 0.0
    for k in range(1, 2 * size + 1):
        total += points[k, i] * points[k, j]
    return other * total + for_cov * points[0, i] * points[0, j]


@table_kernel
def update_unscented(
    rule: Vector,
    readings: Readings,
    k: int,
    mean: Floats,
    cov: Floats,
    size: int,
    points: Floats,
) -> float:
    """Update of a state by reading `k` with sigma points, in place.

    rule : alpha, beta, kappa
    mean : (9,), cov : (9, 9); the first `size` numbers are alive     points : (ROOM_ROWS, 9) room
    Returns the log density of the innovation; -inf, and the state as it was, where a point
    lies behind the sensor or the covariance is not positive.
    """
    root = points[ROOT_ROW:]
    if not root_of(cov, size, root):
        return -math.inf
    spread, for_cov, other = weights(rule, size)
    place_points(mean, root, size, spread, points)
    for n in range(2 * size + 1):
        a, b, c = read(readings, k, points[n, 0], points[n, 1], points[n, 2])
        if not math.isfinite(a + b + c):
            return -math.inf
        points[n, 0], points[n, 1], points[n, 2] = a, b, c
    compare(root, size, spread, for_cov, other, points)
    kind, log_density = readings.kind[k], 0.0
    for v in range(3):
        unused = (kind == DIRECTION and v == 2) or (kind == AZIMUTH_RANGE and v == 1)
        if not unused:
            residual, variance = (
                readings.value[k, v] - points[VALUE_ROW, v],
                readings.variance[k, v],
            )
            log_density += absorb_value(mean, cov, size, v, residual, variance, points)
    return log_density


@table_kernel
def compare(
    root: Floats, size: int, spread: float, for_cov: float, other: float, points: Floats
) -> None:
    """Expected values, and their covariances with the state and with each other.

    The first three columns of `points` hold the values of all points. The expected values
    go to VALUE_ROW, the covariances to the columns from CROSS and from INNOVATION.
    """
    centre(points, size, 3, other)
    for v in range(3):
        points[RESIDUAL_ROW, v] = 0.0
        points[VALUE_ROW, v] = points[0, v]
        points[0, v] = points[MEAN_ROW, v]
        for i in range(size):
            total = 0.0
            for n in range(i + 1):
                total += root[i, n] * (points[1 + 2 * n, v] - points[2 + 2 * n, v])
            points[i, CROSS + v] = other * spread * total
    for v in range(3):
        for u in range(v, 3):
            points[v, INNOVATION + u] = spread_of(points, size, v, u, for_cov, other)


@table_kernel
def absorb_value(
    mean: Floats, cov: Floats, size: int, v: int, residual: float, variance: float, points: Floats
) -> float:
    """Take in one of three values, and take its share out of the cross terms of those after.

    points : columns from CROSS hold the covariance of the state with each value, columns
        from INNOVATION of the first three rows that of the values (upper triangle)
    Returns the log density of the value, those before it known.
    """
    s = variance + points[v, INNOVATION + v]
    root_s = math.sqrt(s)
    step = (residual - points[RESIDUAL_ROW, v]) / root_s
    for i in range(size):
        points[i, CROSS + v] /= root_s
        mean[i] += step * points[i, CROSS + v]
    for i in range(size):
        for j in range(size):
            cov[i, j] -= points[i, CROSS + v] * points[j, CROSS + v]
    for u in range(v + 1, 3):
        points[v, INNOVATION + u] /= root_s
        points[RESIDUAL_ROW, u] += step * points[v, INNOVATION + u]
        for i in range(size):
            points[i, CROSS + u] -= points[v, INNOVATION + u] * points[i, CROSS + v]
    for u in range(v + 1, 3):
        for w in range(u, 3):
            points[u, INNOVATION + w] -= points[v, INNOVATION + u] * points[v, INNOVATION + w]
    return -0.5 * (step * step + LOG_TURN + math.log(s))
