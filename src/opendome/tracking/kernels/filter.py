"""Covariance of a Kalman filter linearised at the truth: predict, then update by information.

The covariance is (6, 6), C order, state order x, y, z, vx, vy, vz in ECI [m, m/s]. One
triangle is computed and mirrored, so it stays symmetric to the last bit.

Source: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with Applications to Tracking
and Navigation, 2001: section 6.2.2 (continuous white noise acceleration), section 7.2
(information form).
"""

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import MU_M3_S2

Floats = npt.NDArray[np.float64]

RANK_TOLERANCE = 1e-14
# Information this small, a sigma of 1e15 m, is none; its inverse would not fit a float.
NOTHING_M2 = 1e-30


@kernel
def start(cov: Floats, position_sigma_m: float, speed_sigma_m_s: float) -> None:
    """Write the weak prior of a new track into `cov`, equal and independent on all axes.

    cov : (6, 6) out     position_sigma_m [m], speed_sigma_m_s [m/s] : 1-sigma per axis
    Valid for: a prior at most 1e6 times the sigma that the measurements will reach; beyond
    that, float64 loses the small variances beside the large ones.
    """
    for i in range(6):
        for j in range(6):
            cov[i, j] = 0.0
    for i in range(3):
        cov[i, i] = position_sigma_m * position_sigma_m
        cov[i + 3, i + 3] = speed_sigma_m_s * speed_sigma_m_s


@kernel
def gravity_gradient(
    x: float, y: float, z: float
) -> tuple[float, float, float, float, float, float]:
    """Derivative of the point-mass gravity by position [1/s2].

    x, y, z : position [m], any inertial axes
    Returns xx, xy, xz, yy, yz, zz.
    Model: mu / r^3 (3 r r' / r^2 - I).  Source: derivative of Newton's law.
    """
    r2 = x * x + y * y + z * z
    w = MU_M3_S2 / (r2 * np.sqrt(r2))
    s = 3.0 * w / r2
    return s * x * x - w, s * x * y, s * x * z, s * y * y - w, s * y * z, s * z * z - w


@kernel
def drift(cov: Floats, dt_s: float) -> None:
    """Let positions run with their speeds: upper triangle of `cov` in place."""
    for i in range(3):
        for j in range(i, 3):
            moved = cov[i, j + 3] + cov[j, i + 3] + dt_s * cov[i + 3, j + 3]
            cov[i, j] += dt_s * moved
    for i in range(3):
        for j in range(3):
            cov[i, j + 3] += dt_s * cov[min(i, j) + 3, max(i, j) + 3]


@kernel
def half_pull(
    cov: Floats, xx: float, xy: float, xz: float, yy: float, yz: float, zz: float
) -> None:
    """Add half of (position block) times (symmetric matrix) to the position-speed block."""
    a00, a01, a02 = 0.5 * cov[0, 0], 0.5 * cov[0, 1], 0.5 * cov[0, 2]
    a11, a12, a22 = 0.5 * cov[1, 1], 0.5 * cov[1, 2], 0.5 * cov[2, 2]
    cov[0, 3] += a00 * xx + a01 * xy + a02 * xz
    cov[0, 4] += a00 * xy + a01 * yy + a02 * yz
    cov[0, 5] += a00 * xz + a01 * yz + a02 * zz
    cov[1, 3] += a01 * xx + a11 * xy + a12 * xz
    cov[1, 4] += a01 * xy + a11 * yy + a12 * yz
    cov[1, 5] += a01 * xz + a11 * yz + a12 * zz
    cov[2, 3] += a02 * xx + a12 * xy + a22 * xz
    cov[2, 4] += a02 * xy + a12 * yy + a22 * yz
    cov[2, 5] += a02 * xz + a12 * yz + a22 * zz


@kernel
def kick(cov: Floats, dt_s: float, x: float, y: float, z: float) -> None:
    """Let speeds feel the gravity gradient: upper triangle of `cov` in place.

    With M = dt G, B += A M and C += M B + B' M + M A M; adding B in two halves around C
    gives exactly that without a copy.
    """
    g00, g01, g02, g11, g12, g22 = gravity_gradient(x, y, z)
    xx, xy, xz = dt_s * g00, dt_s * g01, dt_s * g02
    yy, yz, zz = dt_s * g11, dt_s * g12, dt_s * g22
    half_pull(cov, xx, xy, xz, yy, yz, zz)
    b00, b01, b02 = cov[0, 3], cov[0, 4], cov[0, 5]
    b10, b11, b12 = cov[1, 3], cov[1, 4], cov[1, 5]
    b20, b21, b22 = cov[2, 3], cov[2, 4], cov[2, 5]
    cov[3, 3] += 2.0 * (xx * b00 + xy * b10 + xz * b20)
    cov[3, 4] += xx * b01 + xy * b11 + xz * b21 + b00 * xy + b10 * yy + b20 * yz
    cov[3, 5] += xx * b02 + xy * b12 + xz * b22 + b00 * xz + b10 * yz + b20 * zz
    cov[4, 4] += 2.0 * (xy * b01 + yy * b11 + yz * b21)
    cov[4, 5] += xy * b02 + yy * b12 + yz * b22 + b01 * xz + b11 * yz + b21 * zz
    cov[5, 5] += 2.0 * (xz * b02 + yz * b12 + zz * b22)
    half_pull(cov, xx, xy, xz, yy, yz, zz)


@kernel
def mirror(cov: Floats) -> None:
    """Copy the upper triangle to the lower one."""
    for i in range(6):
        for j in range(i + 1, 6):
            cov[j, i] = cov[i, j]


@kernel
def add_acceleration_noise(cov: Floats, dt_s: float, accel_psd_m2_s3: float) -> None:
    """Add what white acceleration of this spectral density does in `dt_s`."""
    position = accel_psd_m2_s3 * dt_s * dt_s * dt_s / 3.0
    mixed = accel_psd_m2_s3 * dt_s * dt_s / 2.0
    speed = accel_psd_m2_s3 * dt_s
    for i in range(3):
        cov[i, i] += position
        cov[i, i + 3] += mixed
        cov[i + 3, i + 3] += speed


@kernel
def predict(cov: Floats, dt_s: float, x: float, y: float, z: float, accel_psd_m2_s3: float) -> None:
    """Carry a track covariance forward by `dt_s` in place.

    cov : (6, 6) in and out     dt_s : step [s]
    x, y, z : ECI position of the object in the middle of the step [m] (near it is enough)
    accel_psd_m2_s3 : spectral density of the unknown acceleration per axis [m2/s3]
    Model: F = drift(dt/2) kick(dt) drift(dt/2), the second-order expansion of the
    state transition in dt with the gravity gradient G,
        F = [[I + G dt^2/2, I dt + G dt^3/4], [G dt, I + G dt^2/2]],  cov <- F cov F' + Q,
        Q = psd [[dt^3/3, dt^2/2], [dt^2/2, dt]] per axis.
    Valid for: free fall above the air, steps up to 60 s: F is within 1e-5 of the two-body
    transition at 5 s and 1e-3 at 60 s, positions and speeds scaled by the step. Thrust and
    drag are inside the acceleration noise.
    Source: Bar-Shalom, Li, Kirubarajan 2001, eq. 6.2.2-12; leapfrog splitting.
    """
    drift(cov, 0.5 * dt_s)
    kick(cov, dt_s, x, y, z)
    drift(cov, 0.5 * dt_s)
    add_acceleration_noise(cov, dt_s, accel_psd_m2_s3)
    mirror(cov)


@kernel
def absorb_direction(cov: Floats, h0: float, h1: float, h2: float, variance: float) -> None:
    """Upper triangle of `cov` after a measurement of h . position with this variance."""
    u0 = cov[0, 0] * h0 + cov[0, 1] * h1 + cov[0, 2] * h2
    u1 = cov[0, 1] * h0 + cov[1, 1] * h1 + cov[1, 2] * h2
    u2 = cov[0, 2] * h0 + cov[1, 2] * h1 + cov[2, 2] * h2
    u3 = cov[0, 3] * h0 + cov[1, 3] * h1 + cov[2, 3] * h2
    u4 = cov[0, 4] * h0 + cov[1, 4] * h1 + cov[2, 4] * h2
    u5 = cov[0, 5] * h0 + cov[1, 5] * h1 + cov[2, 5] * h2
    gain = 1.0 / (variance + h0 * u0 + h1 * u1 + h2 * u2)
    column = (u0, u1, u2, u3, u4, u5)
    for i in range(6):
        for j in range(i, 6):
            cov[i, j] -= gain * column[i] * column[j]


@kernel
def update(cov: Floats, j0: float, j1: float, j2: float, j3: float, j4: float, j5: float) -> None:
    """Take position information into a track covariance in place.

    cov : (6, 6) in and out
    j0 .. j5 : xx, xy, xz, yy, yz, zz of the information J, the inverse of the position
        covariance of the measurement [1/m2]; J may have rank 0 to 3; the information of
        sensors that look together is the sum of theirs
    Model: P - P H' J (I + H P H' J)^-1 H P with H = (I 0). J is split by Cholesky pivots
    into at most three directions h h' / a, taken one after the other, which is the same
    in exact arithmetic, needs no inverse and keeps P positive. A pivot below 1e-14 of the
    trace is rounding and is left out.
    Valid for: independent measurement errors; geometry taken at the truth. A NaN in J
    makes the covariance NaN.
    Source: Bar-Shalom, Li, Kirubarajan 2001, section 7.2; matrix inversion lemma.
    """
    floor = RANK_TOLERANCE * (j0 + j3 + j5) + NOTHING_M2
    for _ in range(3):
        if j0 >= j3 and j0 >= j5:
            pivot, h0, h1, h2 = j0, j0, j1, j2
        elif j3 >= j5:
            pivot, h0, h1, h2 = j3, j1, j3, j4
        else:
            pivot, h0, h1, h2 = j5, j2, j4, j5
        if pivot <= floor:
            break
        absorb_direction(cov, h0, h1, h2, pivot)
        share = 1.0 / pivot
        j0 -= share * h0 * h0
        j1 -= share * h0 * h1
        j2 -= share * h0 * h2
        j3 -= share * h1 * h1
        j4 -= share * h1 * h2
        j5 -= share * h2 * h2
    mirror(cov)
