"""Where a track says the object will be, and how wrong that may be."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.tracking.kernels.chance import axes_across, ellipse, form
from opendome.tracking.kernels.filter import predict
from opendome.world.gravity import gravity_j2

Floats = npt.NDArray[np.float64]


@kernel
def predict_far(
    cov: Floats,
    cov_out: Floats,
    dt_s: float,
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    accel_psd_m2_s3: float,
    max_step_s: float,
) -> tuple[float, float, float, float, float, float]:
    """Carry a track covariance along free fall for a long time.

    cov : (6, 6) in, kept     cov_out : (6, 6) out     dt_s : time ahead, 0 or more [s]
    x..z [m], vx..vz [m/s] : ECI state of the object now
    accel_psd_m2_s3 : spectral density of the unknown acceleration per axis [m2/s3]
    max_step_s : longest step [s]
    Returns the ECI state after `dt_s` [m, m/s].
    Model: leapfrog of the state under gravity with J2; each step predicts the covariance
    with the gravity gradient of its middle.
    Valid for: free fall above the air. Over 20 minutes the transition is within 0.5 % of
    the exact one with steps up to 30 s, 1 % with 60 s and 4 % with 120 s.
    """
    for i in range(6):
        for j in range(6):
            cov_out[i, j] = cov[i, j]
    if dt_s <= 0.0:
        return x, y, z, vx, vy, vz
    steps = math.ceil(dt_s / max_step_s)
    step_s = dt_s / steps
    half_s = 0.5 * step_s
    for _ in range(steps):
        x, y, z = x + half_s * vx, y + half_s * vy, z + half_s * vz
        ax, ay, az = gravity_j2(x, y, z)
        vx, vy, vz = vx + step_s * ax, vy + step_s * ay, vz + step_s * az
        predict(cov_out, step_s, x, y, z, accel_psd_m2_s3)
        x, y, z = x + half_s * vx, y + half_s * vy, z + half_s * vz
    return x, y, z, vx, vy, vz


@kernel
def principal_sigmas(cov: Floats) -> tuple[float, float, float]:
    """Semi-axes of the 1-sigma ellipsoid of the position, largest first [m].

    cov : (3, 3) or (6, 6), only the position block is read [m2]
    Model: eigenvalues of a symmetric 3 x 3 matrix by the trigonometric solution.
    Valid for: any covariance; absolute error about 1e-15 of the largest variance.
    Source: O. K. Smith, Eigenvalues of a symmetric 3 x 3 matrix, Comm. ACM 4, 1961, p. 168.
    """
    mean = (cov[0, 0] + cov[1, 1] + cov[2, 2]) / 3.0
    b00, b11, b22 = cov[0, 0] - mean, cov[1, 1] - mean, cov[2, 2] - mean
    b01, b02, b12 = cov[0, 1], cov[0, 2], cov[1, 2]
    spread = b00 * b00 + b11 * b11 + b22 * b22 + 2.0 * (b01 * b01 + b02 * b02 + b12 * b12)
    scale = math.sqrt(spread / 6.0)
    if scale == 0.0:
        sigma = math.sqrt(mean)
        return sigma, sigma, sigma
    b00, b11, b22 = b00 / scale, b11 / scale, b22 / scale
    b01, b02, b12 = b01 / scale, b02 / scale, b12 / scale
    det = b00 * (b11 * b22 - b12 * b12) - b01 * (b01 * b22 - b12 * b02)
    det += b02 * (b01 * b12 - b11 * b02)
    angle = math.acos(max(-1.0, min(1.0, 0.5 * det))) / 3.0
    large = mean + 2.0 * scale * math.cos(angle)
    small = mean + 2.0 * scale * math.cos(angle + 2.0 * math.pi / 3.0)
    middle = 3.0 * mean - large - small
    return math.sqrt(large), math.sqrt(max(0.0, middle)), math.sqrt(max(0.0, small))


@kernel
def predicted_position_sigma(
    cov: Floats, dt_s: float, x: float, y: float, z: float, accel_psd_m2_s3: float, scratch: Floats
) -> tuple[float, float, float]:
    """Semi-axes of the 1-sigma position ellipsoid one step ahead, largest first [m].

    cov : (6, 6) in, kept     dt_s : time ahead, one step, up to 60 s [s]
    x, y, z : ECI position of the object in the middle of the step [m]
    accel_psd_m2_s3 [m2/s3]     scratch : (6, 6), holds the predicted covariance afterwards
    """
    for i in range(6):
        for j in range(6):
            scratch[i, j] = cov[i, j]
    predict(scratch, dt_s, x, y, z, accel_psd_m2_s3)
    return principal_sigmas(scratch)


@kernel
def impact_sigmas(
    cov: Floats, x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> tuple[float, float]:
    """Larger and smaller sigma of the impact point on the ground [m].

    cov : (3, 3) or (6, 6) at the nominal time of impact, only the position block is read
    x..z [m], vx..vz [m/s] : ECI state at impact
    Model: an error e of the position moves the impact point by e - v (n.e)/(n.v): the
    object slides along its velocity v over the turning ground until it meets the
    horizontal plane with normal n. Spherical vertical; errors small beside the Earth.
    Valid for: a fall steeper than about 1 degree; NaN when it does not fall.
    Source: geometry.
    """
    r = math.sqrt(x * x + y * y + z * z)
    nx, ny, nz = x / r, y / r, z / r
    climb = nx * vx + ny * vy + nz * vz
    if climb >= 0.0:
        return math.nan, math.nan
    gx, gy, gz = (vx + ROTATION_RAD_S * y) / climb, (vy - ROTATION_RAD_S * x) / climb, vz / climb
    ax, ay, az, bx, by, bz = axes_across(nx, ny, nz)
    down = ax * gx + ay * gy + az * gz
    ax, ay, az = ax - down * nx, ay - down * ny, az - down * nz
    down = bx * gx + by * gy + bz * gz
    bx, by, bz = bx - down * nx, by - down * ny, bz - down * nz
    aa = form(cov, ax, ay, az, ax, ay, az)
    ab = form(cov, ax, ay, az, bx, by, bz)
    bb = form(cov, bx, by, bz, bx, by, bz)
    return ellipse(aa, ab, bb)


@kernel
def impact_uncertainty(
    cov: Floats,
    dt_s: float,
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    accel_psd_m2_s3: float,
    max_step_s: float,
    scratch: Floats,
) -> tuple[float, float]:
    """Larger and smaller sigma of the predicted impact point [m].

    As `predict_far` with `dt_s` the time left to impact [s]; scratch : (6, 6), holds the
    covariance at impact afterwards. NaN when the object is not falling by then.
    Valid for: after burnout; drag on the way down is neglected (it shifts every nearby
    fall alike).
    """
    x, y, z, vx, vy, vz = predict_far(
        cov, scratch, dt_s, x, y, z, vx, vy, vz, accel_psd_m2_s3, max_step_s
    )
    return impact_sigmas(scratch, x, y, z, vx, vy, vz)
