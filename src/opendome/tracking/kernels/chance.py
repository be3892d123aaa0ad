"""Chance that a Gaussian miss stays within a radius, across the line of sight."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]

# Beyond this many standard deviations lie 2e-9 of a normal variable.
TAIL = 6.0
# A Gauss-Legendre rule on (0, 1); the error of `p_within` with it is below 1e-8.
NODES = 0.5 * (np.polynomial.legendre.leggauss(24)[0] + 1.0)
WEIGHTS = 0.5 * np.polynomial.legendre.leggauss(24)[1]


@kernel
def axes_across(ux: float, uy: float, uz: float) -> tuple[float, float, float, float, float, float]:
    """Two unit vectors at right angles to a unit vector and to each other: ax..az, bx..bz."""
    if abs(ux) <= abs(uy) and abs(ux) <= abs(uz):
        ax, ay, az = 0.0, -uz, uy
    elif abs(uy) <= abs(uz):
        ax, ay, az = uz, 0.0, -ux
    else:
        ax, ay, az = -uy, ux, 0.0
    norm = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / norm, ay / norm, az / norm
    return ax, ay, az, uy * az - uz * ay, uz * ax - ux * az, ux * ay - uy * ax


@kernel
def form(cov: Floats, ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> float:
    """Covariance of the position along a and along b [m2]."""
    return (
        ax * (cov[0, 0] * bx + cov[0, 1] * by + cov[0, 2] * bz)
        + ay * (cov[0, 1] * bx + cov[1, 1] * by + cov[1, 2] * bz)
        + az * (cov[0, 2] * bx + cov[1, 2] * by + cov[2, 2] * bz)
    )


@kernel
def ellipse(aa: float, ab: float, bb: float) -> tuple[float, float]:
    """Larger and smaller sigma of a 2 x 2 covariance."""
    half = 0.5 * (aa + bb)
    large = half + math.hypot(0.5 * (aa - bb), ab)
    if large <= 0.0:
        return 0.0, 0.0
    return math.sqrt(large), math.sqrt(max(0.0, (aa * bb - ab * ab) / large))


@kernel
def cross_sigmas(cov: Floats, ux: float, uy: float, uz: float) -> tuple[float, float]:
    """Larger and smaller position sigma across a line of sight [m].

    cov : (3, 3) or (6, 6), only the position block is read [m2]
    ux, uy, uz : line of sight, any length but zero
    Returns the semi-axes of the 1-sigma ellipse in the plane across it.
    """
    norm = math.sqrt(ux * ux + uy * uy + uz * uz)
    ax, ay, az, bx, by, bz = axes_across(ux / norm, uy / norm, uz / norm)
    aa = form(cov, ax, ay, az, ax, ay, az)
    ab = form(cov, ax, ay, az, bx, by, bz)
    bb = form(cov, bx, by, bz, bx, by, bz)
    return ellipse(aa, ab, bb)


@kernel
def p_inside_circle(large_m: float, small_m: float, radius_m: float) -> float:
    """Chance that a centred normal point of the plane lies within `radius_m` of its centre.

    large_m >= small_m : sigmas of the two independent axes [m]
    Model: with a = radius/large, b = radius/small,
        p = sqrt(2/pi) b integral over t of erf(a cos t / sqrt 2) exp(-(b sin t)^2 / 2) cos t,
    from 0 to pi/2: the normal band of the narrow axis, cut where it is empty, times the
    chord of the wide axis. Gauss-Legendre rule of 24 points, error below 1e-8.
    Source: definition; A. Genz, F. Bretz, Computation of Multivariate Normal and t
    Probabilities, 2009, discusses the plane case.
    """
    if radius_m <= 0.0:
        return 0.0
    if large_m <= 0.0:
        return 1.0
    a = radius_m / (large_m * math.sqrt(2.0))
    if small_m <= 1e-9 * radius_m:
        return math.erf(a)
    b = radius_m / small_m
    end = math.asin(min(1.0, TAIL / b))
    total = 0.0
    for k in range(NODES.shape[0]):
        t = end * NODES[k]
        cos_t = math.cos(t)
        s = b * math.sin(t)
        total += WEIGHTS[k] * math.erf(a * cos_t) * math.exp(-0.5 * s * s) * cos_t
    return min(1.0, math.sqrt(2.0 / math.pi) * b * end * total)


@kernel
def p_within(cov: Floats, ux: float, uy: float, uz: float, radius_m: float) -> float:
    """Chance that the position error across a line of sight is at most `radius_m`.

    cov : (3, 3) or (6, 6), only the position block is read [m2]
    ux, uy, uz : line of sight (the relative velocity of an intercept), any length but zero
    radius_m : what can be corrected sideways [m]
    Returns a probability; 1 for a perfect track, 0 for a radius of zero or an endless error.
    Model: two-dimensional normal miss of mean zero and unequal axes.
    Valid for: unbiased tracks; the error along the line of sight costs nothing.
    """
    large, small = cross_sigmas(cov, ux, uy, uz)
    return p_inside_circle(large, small, radius_m)
