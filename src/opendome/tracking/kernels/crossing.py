"""Where two lines of sight pass each other: the begin of a track without a range."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]

PARALLEL = 1e-4  # sine of an angle below which two lines say nothing of the distance


@table_kernel
def closest_approach(
    x: Floats, u: Floats, y: Floats, w: Floats
) -> tuple[float, float, float, float]:
    """Where the lines x + s u and y + t w are nearest to each other.

    x, y : (3,) points [m]     u, w : (3,) unit directions
    Returns (s, t, distance [m], sine of the angle between the lines); NaN for parallel ones.
    Source: definition.
    """
    dx, dy, dz = y[0] - x[0], y[1] - x[1], y[2] - x[2]
    cosine = u[0] * w[0] + u[1] * w[1] + u[2] * w[2]
    nx = u[1] * w[2] - u[2] * w[1]
    ny = u[2] * w[0] - u[0] * w[2]
    nz = u[0] * w[1] - u[1] * w[0]
    sine = math.sqrt(nx * nx + ny * ny + nz * nz)
    if sine < PARALLEL:
        return math.nan, math.nan, math.nan, sine
    along_u = dx * u[0] + dy * u[1] + dz * u[2]
    along_w = dx * w[0] + dy * w[1] + dz * w[2]
    square = sine * sine
    s = (along_u - cosine * along_w) / square
    t = (cosine * along_u - along_w) / square
    return s, t, abs(dx * nx + dy * ny + dz * nz) / sine, sine


@table_kernel
def add_line(information: Floats, u: Floats, variance_m2: float) -> None:
    """Add what a line of sight tells about a position: (I - u u') / variance, (3, 3) in place."""
    for i in range(3):
        information[i, i] += 1.0 / variance_m2
        for j in range(3):
            information[i, j] -= u[i] * u[j] / variance_m2


@table_kernel
def invert_3x3(a: Floats, out: Floats) -> None:
    """Inverse of a symmetric 3 x 3 matrix by cofactors; NaN or inf where there is none."""
    c00 = a[1, 1] * a[2, 2] - a[1, 2] * a[1, 2]
    c01 = a[0, 2] * a[1, 2] - a[0, 1] * a[2, 2]
    c02 = a[0, 1] * a[1, 2] - a[0, 2] * a[1, 1]
    det = a[0, 0] * c00 + a[0, 1] * c01 + a[0, 2] * c02
    out[0, 0] = c00 / det
    out[0, 1] = out[1, 0] = c01 / det
    out[0, 2] = out[2, 0] = c02 / det
    out[1, 1] = (a[0, 0] * a[2, 2] - a[0, 2] * a[0, 2]) / det
    out[1, 2] = out[2, 1] = (a[0, 1] * a[0, 2] - a[0, 0] * a[1, 2]) / det
    out[2, 2] = (a[0, 0] * a[1, 1] - a[0, 1] * a[0, 1]) / det
