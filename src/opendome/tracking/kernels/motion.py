"""How the state and the covariance of one model move in one step.

Mean: Runge-Kutta of order 4 on position and velocity under gravity with J2 and the force
f = m + s k exp(-t / tau), where m(p, v) and s(p, v) are the mean force of the model and the
sigma about it, and k = (f - m) / s at the start. So a body that falls into denser air keeps
its share of the declared drag: its ballistic coefficient is estimated.

Covariance: F P F' + Q with F = fade(h/2) kick(h) fade(h/2): the exact response to a fading
force (`singer`) and the gravity gradient of a point mass. The rate of fading is
1/tau - ln(s1/s0)/h. The derivatives of m and s by the state are left out: for a speed known to
10 m/s they move the force by less than 1 % of its sigma.

Source: Bar-Shalom, Li, Kirubarajan 2001, sections 8.2.3 and 10.3; splitting as `filter`.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.filter import drift, gravity_gradient, kick, mirror
from opendome.tracking.kernels.forces import (
    AIR,
    COAST,
    STATES,
    Traits,
    level_acceleration,
    mean_force,
)
from opendome.tracking.kernels.singer import noise, response
from opendome.world.gravity import gravity_j2

Floats = npt.NDArray[np.float64]
Vector = tuple[float, float, float]


@table_kernel
def pull(
    traits: Traits, model: int, at: Vector, speed: Vector, off: Vector, faded: float
) -> Vector:
    """Acceleration [m/s2]: gravity, mean force, and `off` times `faded` times its sigma."""
    if model == AIR:
        ax, ay, az = level_acceleration(at[0], at[1], at[2], speed[0], speed[1], speed[2])
        share = traits.force_sigma_m_s2 * faded
        return ax + share * off[0], ay + share * off[1], az + share * off[2]
    gx, gy, gz = gravity_j2(at[0], at[1], at[2])
    if model == COAST:
        return gx, gy, gz
    fx, fy, fz, sigma = mean_force(traits, model, at[0], at[1], at[2], speed[0], speed[1], speed[2])
    share = sigma * faded
    return gx + fx + share * off[0], gy + fy + share * off[1], gz + fz + share * off[2]


@table_kernel
def along(one: Vector, step: float, other: Vector) -> Vector:
    """Sum of one vector and a multiple of another."""
    return one[0] + step * other[0], one[1] + step * other[1], one[2] + step * other[2]


@table_kernel
def sum_of_four(a: Vector, b: Vector, c: Vector, d: Vector) -> Vector:
    """Sum of four vectors, the inner two doubled."""
    return (
        a[0] + 2.0 * (b[0] + c[0]) + d[0],
        a[1] + 2.0 * (b[1] + c[1]) + d[1],
        a[2] + 2.0 * (b[2] + c[2]) + d[2],
    )


@table_kernel
def advance(traits: Traits, model: int, state: Floats, h_s: float) -> tuple[float, float]:
    """Carry a state (9,) by one step in place.

    Returns the sigma of the force at the start and at the end [m/s2].
    """
    p = (state[0], state[1], state[2])
    v = (state[3], state[4], state[5])
    off = (0.0, 0.0, 0.0)
    sigma, half_fade = 0.0, 1.0
    a1 = gravity_j2(p[0], p[1], p[2])
    if model != COAST:
        a1 = (a1[0] + state[6], a1[1] + state[7], a1[2] + state[8])
        fx, fy, fz, sigma = mean_force(traits, model, p[0], p[1], p[2], v[0], v[1], v[2])
        off = ((state[6] - fx) / sigma, (state[7] - fy) / sigma, (state[8] - fz) / sigma)
        half_fade = math.exp(-0.5 * h_s / traits.force_time_s)
    faded = half_fade * half_fade
    half_s = 0.5 * h_s
    v2 = along(v, half_s, a1)
    a2 = pull(traits, model, along(p, half_s, v), v2, off, half_fade)
    v3 = along(v, half_s, a2)
    a3 = pull(traits, model, along(p, half_s, v2), v3, off, half_fade)
    v4 = along(v, h_s, a3)
    a4 = pull(traits, model, along(p, h_s, v3), v4, off, faded)
    p = along(p, h_s / 6.0, sum_of_four(v, v2, v3, v4))
    v = along(v, h_s / 6.0, sum_of_four(a1, a2, a3, a4))
    state[0], state[1], state[2] = p
    state[3], state[4], state[5] = v
    if model == COAST:
        return 0.0, 0.0
    fx, fy, fz, after = mean_force(traits, model, p[0], p[1], p[2], v[0], v[1], v[2])
    share = after * faded
    state[6], state[7], state[8] = fx + share * off[0], fy + share * off[1], fz + share * off[2]
    return sigma, after


@table_kernel
def fade(cov: Floats, h_s: float, a_s2: float, b_s: float, c: float) -> None:
    """Upper triangle of `cov` <- S cov S' with the response S of position, velocity, force.

    Blocks that lean on others are changed before those: first all of position, then velocity.
    """
    fade_position(cov, h_s, a_s2, b_s)
    for i in range(3):
        for j in range(3):
            ff = cov[6 + min(i, j), 6 + max(i, j)]
            cov[i, 6 + j] = c * (cov[i, 6 + j] + h_s * cov[3 + i, 6 + j] + a_s2 * ff)
    for i in range(3):
        for j in range(i, 3):
            both = cov[3 + i, 6 + j] + cov[3 + j, 6 + i]
            cov[3 + i, 3 + j] += b_s * (both + b_s * cov[6 + i, 6 + j])
    for i in range(3):
        for j in range(3):
            ff = cov[6 + min(i, j), 6 + max(i, j)]
            cov[3 + i, 6 + j] = c * (cov[3 + i, 6 + j] + b_s * ff)
    for i in range(3):
        for j in range(i, 3):
            cov[6 + i, 6 + j] *= c * c


@table_kernel
def fade_position(cov: Floats, h_s: float, a_s2: float, b_s: float) -> None:
    """The blocks position-position and position-velocity of `fade`."""
    for i in range(3):
        for j in range(i, 3):
            by_speed = cov[i, 3 + j] + cov[j, 3 + i] + h_s * cov[3 + i, 3 + j]
            both = cov[3 + i, 6 + j] + cov[3 + j, 6 + i]
            by_force = cov[i, 6 + j] + cov[j, 6 + i] + h_s * both + a_s2 * cov[6 + i, 6 + j]
            cov[i, j] += h_s * by_speed + a_s2 * by_force
    for i in range(3):
        for j in range(3):
            low, high = min(i, j), max(i, j)
            by_speed = h_s * cov[3 + low, 3 + high] + a_s2 * cov[3 + j, 6 + i]
            force = cov[i, 6 + j] + h_s * cov[3 + i, 6 + j] + a_s2 * cov[6 + low, 6 + high]
            cov[i, 3 + j] += by_speed + b_s * force


@table_kernel
def kick_force(cov: Floats, h_s: float, x: float, y: float, z: float) -> None:
    """Let the velocity rows of the force columns feel the gravity gradient."""
    xx, xy, xz, yy, yz, zz = gravity_gradient(x, y, z)
    for j in range(6, STATES):
        px, py, pz = h_s * cov[0, j], h_s * cov[1, j], h_s * cov[2, j]
        cov[3, j] += xx * px + xy * py + xz * pz
        cov[4, j] += xy * px + yy * py + yz * pz
        cov[5, j] += xz * px + yz * py + zz * pz


@table_kernel
def add_white(cov: Floats, h_s: float, accel_psd_m2_s3: float) -> None:
    """Add what white acceleration does, to the upper triangle."""
    for i in range(3):
        cov[i, i] += accel_psd_m2_s3 * h_s * h_s * h_s / 3.0
        cov[i, 3 + i] += accel_psd_m2_s3 * h_s * h_s / 2.0
        cov[3 + i, 3 + i] += accel_psd_m2_s3 * h_s


@table_kernel
def add_force_noise(cov: Floats, a_s: float, h_s: float, q_m2_s5: float) -> None:
    """Add what the noise of the force does, to the upper triangle."""
    pp, pv, pf, vv, vf, ff = noise(a_s, h_s)
    for i in range(3):
        cov[i, i] += q_m2_s5 * pp
        cov[i, 3 + i] += q_m2_s5 * pv
        cov[i, 6 + i] += q_m2_s5 * pf
        cov[3 + i, 3 + i] += q_m2_s5 * vv
        cov[3 + i, 6 + i] += q_m2_s5 * vf
        cov[6 + i, 6 + i] += q_m2_s5 * ff


@table_kernel
def mirror_all(cov: Floats) -> None:
    """Copy the upper triangle to the lower one."""
    for i in range(STATES):
        for j in range(i + 1, STATES):
            cov[j, i] = cov[i, j]


@table_kernel
def fading_rate(traits: Traits, before_m_s2: float, after_m_s2: float, h_s: float) -> float:
    """Rate at which the force fades [1/s]: 1/tau less the growth of its sigma."""
    return 1.0 / traits.force_time_s - math.log(after_m_s2 / before_m_s2) / h_s


@table_kernel
def add_noise(
    cov: Floats, traits: Traits, model: int, before: float, after: float, h_s: float
) -> None:
    """Add the noise of one step of a model, `before` and `after` the sigmas of its force."""
    add_white(cov, h_s, traits.accel_psd_m2_s3)
    if model != COAST:
        q_m2_s5 = 2.0 * before * after / traits.force_time_s
        add_force_noise(cov, fading_rate(traits, before, after, h_s), h_s, q_m2_s5)


@table_kernel
def step_extended(traits: Traits, model: int, mean: Floats, cov: Floats, h_s: float) -> None:
    """Carry mean (9,) and covariance (9, 9) of a model by one step in place."""
    x, y, z = mean[0], mean[1], mean[2]
    before, after = advance(traits, model, mean, h_s)
    x, y, z = 0.5 * (x + mean[0]), 0.5 * (y + mean[1]), 0.5 * (z + mean[2])
    half_s = 0.5 * h_s
    if model == COAST:
        drift(cov, half_s)
        kick(cov, h_s, x, y, z)
        drift(cov, half_s)
        add_noise(cov, traits, model, before, after, h_s)
        mirror(cov)
        return
    a_s2, b_s, c = response(fading_rate(traits, before, after, h_s), half_s)
    fade(cov, half_s, a_s2, b_s, c)
    kick_force(cov, h_s, x, y, z)
    kick(cov, h_s, x, y, z)
    fade(cov, half_s, a_s2, b_s, c)
    add_noise(cov, traits, model, before, after, h_s)
    mirror_all(cov)
