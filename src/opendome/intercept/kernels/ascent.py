"""Flight of a surface-launched interceptor: a point mass in the vertical plane of its site.

Axes: X horizontal at the site towards the target, Z up at the site, origin at the centre of a
spherical Earth, so the site is at (0, R). They turn with the Earth; what that turning does is
put on the target instead (`fronts.flyout_time_of`).

The thrust acceleration is constant. It points in a fixed direction for a moment, the kick, and
along the velocity from then on: a gravity turn, the only free choice being the kick's elevation.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import MU_M3_S2, RADIUS_MEAN_M
from opendome.world.atmosphere import density_us76

Floats = npt.NDArray[np.float64]

ERROR_MAX = 1e-6  # of the burnout speed, in one step
GROW_MAX = 4.0
SHRINK_MAX = 0.2
KICK_SHARE = 0.025  # of the burn: only names the flights, it does not change their family


@kernel
def pull(
    x: float,
    z: float,
    vx: float,
    vz: float,
    kick_x: float,
    kick_z: float,
    thrust_m_s2: float,
    ballistic_coefficient_kg_m2: float,
) -> tuple[float, float]:
    """Acceleration from thrust, gravity and drag [m/s2].

    x, z : position [m]     vx, vz : velocity over the ground [m/s]
    kick_x, kick_z : thrust acceleration in a fixed direction [m/s2]
    thrust_m_s2 : thrust acceleration along the velocity [m/s2]
    Model: -mu r / r^3 - rho |v| v / (2 beta) + thrust; air of the US Standard Atmosphere 1976.
    """
    r2 = x * x + z * z
    r = math.sqrt(r2)
    gravity = -MU_M3_S2 / (r2 * r)
    speed = math.sqrt(vx * vx + vz * vz)
    along = -0.5 * density_us76(r - RADIUS_MEAN_M) * speed / ballistic_coefficient_kg_m2
    if thrust_m_s2 > 0.0:
        along += thrust_m_s2 / speed
    return gravity * x + along * vx + kick_x, gravity * z + along * vz + kick_z


@kernel
def advance(
    state: Floats,
    duration_s: float,
    step_s: float,
    error_max_m_s: float,
    kick_x: float,
    kick_z: float,
    thrust_m_s2: float,
    ballistic_coefficient_kg_m2: float,
) -> float:
    """Fly `state` (x, z, vx, vz) on by a duration; returns the step to try next [s].

    Model: Bogacki and Shampine's embedded pair of orders 3 and 2, step by the error of speed.
    Source: P. Bogacki, L. F. Shampine, A 3(2) pair of Runge-Kutta formulas, Applied
    Mathematics Letters 2 (1989) 321-325.
    """
    x, z, vx, vz = state[0], state[1], state[2], state[3]
    push = thrust_m_s2
    beta = ballistic_coefficient_kg_m2
    ax, az = pull(x, z, vx, vz, kick_x, kick_z, push, beta)
    left_s = duration_s
    while left_s > 0.0:
        h = min(step_s, left_s)
        ux, uz = vx + 0.5 * h * ax, vz + 0.5 * h * az
        bx, bz = pull(x + 0.5 * h * vx, z + 0.5 * h * vz, ux, uz, kick_x, kick_z, push, beta)
        wx, wz = vx + 0.75 * h * bx, vz + 0.75 * h * bz
        cx, cz = pull(x + 0.75 * h * ux, z + 0.75 * h * uz, wx, wz, kick_x, kick_z, push, beta)
        nx = x + h / 9.0 * (2.0 * vx + 3.0 * ux + 4.0 * wx)
        nz = z + h / 9.0 * (2.0 * vz + 3.0 * uz + 4.0 * wz)
        nvx = vx + h / 9.0 * (2.0 * ax + 3.0 * bx + 4.0 * cx)
        nvz = vz + h / 9.0 * (2.0 * az + 3.0 * bz + 4.0 * cz)
        fx, fz = pull(nx, nz, nvx, nvz, kick_x, kick_z, push, beta)
        ex = h / 72.0 * (-5.0 * ax + 6.0 * bx + 8.0 * cx - 9.0 * fx)
        ez = h / 72.0 * (-5.0 * az + 6.0 * bz + 8.0 * cz - 9.0 * fz)
        error = math.sqrt(ex * ex + ez * ez) / error_max_m_s
        grow = GROW_MAX
        if error > 0.0:
            grow = min(GROW_MAX, max(SHRINK_MAX, 0.9 * error ** (-1.0 / 3.0)))
        if error <= 1.0:
            left_s = left_s - h if h < left_s else 0.0
            x, z, vx, vz, ax, az = nx, nz, nvx, nvz, fx, fz
            step_s = max(step_s, h * grow) if grow >= 1.0 else h * grow
        else:
            step_s = h * grow
    state[0], state[1], state[2], state[3] = x, z, vx, vz
    return step_s


@kernel
def burn(
    kick_rad: float,
    thrust_m_s2: float,
    burn_time_s: float,
    ballistic_coefficient_kg_m2: float,
    error_max_m_s: float,
) -> tuple[float, float]:
    """Speed over the ground [m/s] and climb angle above the local horizon [rad] at burnout.

    kick_rad : elevation of the thrust during the kick [rad]
    The climb angle is -pi / 2 when the flight ends below the ground.
    """
    state = np.zeros(4)
    state[1] = RADIUS_MEAN_M
    push_x, push_z = thrust_m_s2 * math.cos(kick_rad), thrust_m_s2 * math.sin(kick_rad)
    push = 0.0
    duration_s = KICK_SHARE * burn_time_s
    step_s = duration_s
    for _ in range(2):
        step_s = advance(
            state,
            duration_s,
            step_s,
            error_max_m_s,
            push_x,
            push_z,
            push,
            ballistic_coefficient_kg_m2,
        )
        push_x, push_z, push = 0.0, 0.0, thrust_m_s2
        duration_s = (1.0 - KICK_SHARE) * burn_time_s
    radius_m = math.sqrt(state[0] * state[0] + state[1] * state[1])
    speed = math.sqrt(state[2] * state[2] + state[3] * state[3])
    if radius_m < RADIUS_MEAN_M:
        return speed, -0.5 * math.pi
    outward = (state[0] * state[2] + state[1] * state[3]) / (radius_m * speed)
    return speed, math.asin(min(1.0, max(-1.0, outward)))


@kernel
def fly(
    kick_rad: float,
    thrust_m_s2: float,
    burn_nodes: int,
    times_s: Floats,
    ballistic_coefficient_kg_m2: float,
    error_max_m_s: float,
    flight: int,
    sine: Floats,
    root_range: Floats,
) -> None:
    """Where one flight is seen from its site at given times.

    kick_rad : elevation of the thrust during the kick [rad]
    times_s : (time,) from launch: the first 0, the second the end of the kick, burnout at
        index `burn_nodes`
    sine, root_range : (time, flight) out, column `flight`: sine of the elevation above the
        site's horizon; square root of the slant range [sqrt(m)]; NaN after it fell to the ground
    Model: kick, gravity turn, coast.
    """
    state = np.zeros(4)
    state[1] = RADIUS_MEAN_M
    push_x, push_z = thrust_m_s2 * math.cos(kick_rad), thrust_m_s2 * math.sin(kick_rad)
    start_x, start_z = pull(0.0, RADIUS_MEAN_M, 0.0, 0.0, push_x, push_z, 0.0, 1.0)
    sine[0, flight] = start_z / math.sqrt(start_x * start_x + start_z * start_z)
    root_range[0, flight] = 0.0
    step_s = times_s[1]
    push = 0.0
    alive = True
    for k in range(1, times_s.shape[0]):
        sine[k, flight] = math.nan
        root_range[k, flight] = math.nan
        if not alive:
            continue
        if k > 1:
            push_x, push_z = 0.0, 0.0
            push = thrust_m_s2 if k <= burn_nodes else 0.0
        step_s = advance(
            state,
            times_s[k] - times_s[k - 1],
            step_s,
            error_max_m_s,
            push_x,
            push_z,
            push,
            ballistic_coefficient_kg_m2,
        )
        x = state[0]
        up = state[1] - RADIUS_MEAN_M
        r = math.sqrt(x * x + state[1] * state[1])
        if r < RADIUS_MEAN_M:
            alive = False
            continue
        slant = math.sqrt(x * x + up * up)
        sine[k, flight] = up / slant
        root_range[k, flight] = math.sqrt(slant)
