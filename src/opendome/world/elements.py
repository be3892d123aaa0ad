"""Elements and states: from Keplerian elements to position and velocity, and back."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import MU_M3_S2
from opendome.world.kepler import Codes, Elements, eccentric_anomaly_kernel, fill_propagated

Floats = npt.NDArray[np.float64]


@kernel
def state_from_elements_kernel(
    semi_major_axis_m: float,
    eccentricity: float,
    inclination_rad: float,
    raan_rad: float,
    argument_of_perigee_rad: float,
    mean_anomaly_rad: float,
    mu_m3_s2: float,
) -> tuple[float, float, float, float, float, float]:
    """Position and velocity on an ellipse.

    Returns (x, y, z [m], vx, vy, vz [m/s]) in the frame of the elements; NaN when e >= 1.
    Source: D. A. Vallado, Fundamentals of Astrodynamics and Applications (2013), alg. 10.
    """
    anomaly = eccentric_anomaly_kernel(mean_anomaly_rad, eccentricity)
    s = math.sin(anomaly)
    c = math.cos(anomaly)
    flat = math.sqrt(1.0 - eccentricity * eccentricity)
    rate = math.sqrt(mu_m3_s2 / semi_major_axis_m) / (1.0 - eccentricity * c)
    along = semi_major_axis_m * (c - eccentricity)
    across = semi_major_axis_m * flat * s
    along_rate = -s * rate
    across_rate = flat * c * rate
    sin_perigee = math.sin(argument_of_perigee_rad)
    cos_perigee = math.cos(argument_of_perigee_rad)
    sin_node = math.sin(raan_rad)
    cos_node = math.cos(raan_rad)
    sin_tilt = math.sin(inclination_rad)
    cos_tilt = math.cos(inclination_rad)
    p = along * cos_perigee - across * sin_perigee
    q = along * sin_perigee + across * cos_perigee
    p_rate = along_rate * cos_perigee - across_rate * sin_perigee
    q_rate = along_rate * sin_perigee + across_rate * cos_perigee
    return (
        p * cos_node - q * cos_tilt * sin_node,
        p * sin_node + q * cos_tilt * cos_node,
        q * sin_tilt,
        p_rate * cos_node - q_rate * cos_tilt * sin_node,
        p_rate * sin_node + q_rate * cos_tilt * cos_node,
        q_rate * sin_tilt,
    )


@kernel
def elements_from_state_kernel(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, mu_m3_s2: float
) -> tuple[float, float, float, float, float, float, int]:
    """Elements of the ellipse through a state.

    x, y, z : [m]     vx, vy, vz : [m/s]
    Returns (semi-major axis [m], eccentricity, inclination, node, perigee, mean anomaly [rad],
    status of `kepler.KeplerStatus`). Angles are 0 to 2 pi, the inclination 0 to pi.
    Valid for: e < 1. On an equatorial orbit the node is 0, on a circular one the perigee is 0
    and the mean anomaly counts from the node; near those cases the sums of the angles stay
    good while each of them is uncertain.
    Source: D. A. Vallado, Fundamentals of Astrodynamics and Applications (2013), alg. 9.
    """
    nan = math.nan
    radius = math.sqrt(x * x + y * y + z * z)
    speed2 = vx * vx + vy * vy + vz * vz
    hx = y * vz - z * vy
    hy = z * vx - x * vz
    hz = x * vy - y * vx
    level = math.sqrt(hx * hx + hy * hy)
    momentum = math.sqrt(level * level + hz * hz)
    if not (radius > 0.0 and 0.0 < momentum < math.inf):
        return nan, nan, nan, nan, nan, nan, 1
    energy = 2.0 / radius - speed2 / mu_m3_s2
    if not energy > 0.0:
        return nan, nan, nan, nan, nan, nan, 3
    axis = 1.0 / energy
    cos_node = -hy / level if level > 0.0 else 1.0
    sin_node = hx / level if level > 0.0 else 0.0
    cos_tilt = hz / momentum
    # in the plane of the orbit: p towards the node, q a quarter turn ahead
    p = x * cos_node + y * sin_node
    q = (y * cos_node - x * sin_node) * cos_tilt + z * level / momentum
    radial = (x * vx + y * vy + z * vz) / radius
    e_cos_anomaly = radius * speed2 / mu_m3_s2 - 1.0
    e_sin_anomaly = radius * radial / math.sqrt(mu_m3_s2 * axis)
    eccentricity = math.sqrt(e_cos_anomaly * e_cos_anomaly + e_sin_anomaly * e_sin_anomaly)
    eccentric = math.atan2(e_sin_anomaly, e_cos_anomaly) if eccentricity > 0.0 else 0.0
    flat = momentum / math.sqrt(mu_m3_s2 * axis)
    true = math.atan2(
        flat * math.sin(eccentric) * axis, axis * (math.cos(eccentric) - eccentricity)
    )
    latitude = math.atan2(q, p)
    turn = 2.0 * math.pi
    if eccentricity > 0.0:
        perigee = (latitude - true) % turn
        mean = (eccentric - eccentricity * math.sin(eccentric)) % turn
    else:
        perigee = 0.0
        mean = latitude % turn
    return (
        axis,
        eccentricity,
        math.atan2(level, hz),
        math.atan2(sin_node, cos_node) % turn,
        perigee,
        mean,
        0,
    )


@kernel
def fill_states_from_elements(rows: Floats, mu_m3_s2: float, state: Floats) -> None:
    """Elements rows (6, n) -> state (n, 6)."""
    for i in range(rows.shape[1]):
        x, y, z, vx, vy, vz = state_from_elements_kernel(
            rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], rows[5, i], mu_m3_s2
        )
        state[i, 0] = x
        state[i, 1] = y
        state[i, 2] = z
        state[i, 3] = vx
        state[i, 4] = vy
        state[i, 5] = vz


@kernel
def fill_elements_from_states(state: Floats, mu_m3_s2: float, rows: Floats, status: Codes) -> None:
    """State (n, 6) -> elements rows (6, n), status (n,)."""
    for i in range(state.shape[0]):
        axis, eccentricity, tilt, node, perigee, mean, code = elements_from_state_kernel(
            state[i, 0], state[i, 1], state[i, 2], state[i, 3], state[i, 4], state[i, 5], mu_m3_s2
        )
        rows[0, i] = axis
        rows[1, i] = eccentricity
        rows[2, i] = tilt
        rows[3, i] = node
        rows[4, i] = perigee
        rows[5, i] = mean
        status[i] = code


def state_from_elements(elements: Elements, *, mu_m3_s2: float = MU_M3_S2) -> tuple[Floats, Floats]:
    """Positions and velocities at the epoch of the elements.

    elements : of n satellites
    Returns (n, 3) [m], (n, 3) [m/s].
    """
    elements.validate()
    state = np.empty((elements.satellites, 6))
    fill_states_from_elements(elements.rows(), mu_m3_s2, state)
    return state[:, :3].copy(), state[:, 3:].copy()


def elements_from_state(
    pos_m: npt.ArrayLike, vel_m_s: npt.ArrayLike, *, mu_m3_s2: float = MU_M3_S2
) -> tuple[Elements, Codes]:
    """Elements of the ellipses through states.

    pos_m, vel_m_s : (n, 3) [m], [m/s]
    Returns (Elements of n satellites, status (n,) of `kepler.KeplerStatus`); NaN where not OK.
    """
    state = _joined(pos_m, vel_m_s)
    rows = np.empty((6, state.shape[0]))
    status = np.empty(state.shape[0], dtype=np.int32)
    fill_elements_from_states(state, mu_m3_s2, rows, status)
    return Elements.from_rows(rows), status


def propagate(
    pos_m: npt.ArrayLike,
    vel_m_s: npt.ArrayLike,
    duration_s: npt.ArrayLike,
    *,
    mu_m3_s2: float = MU_M3_S2,
) -> tuple[Floats, Floats, Codes]:
    """States after two-body flights.

    pos_m, vel_m_s : (n, 3) [m], [m/s]     duration_s : scalar or (n,) [s], any sign
    Returns (pos (n, 3) [m], vel (n, 3) [m/s], status (n,) of `kepler.KeplerStatus`).
    Model and validity: `kepler.propagate_kernel`.
    """
    state = _joined(pos_m, vel_m_s)
    times = np.ascontiguousarray(
        np.broadcast_to(np.asarray(duration_s, dtype=np.float64), state.shape[:1])
    )
    out = np.empty_like(state)
    status = np.empty(state.shape[0], dtype=np.int32)
    fill_propagated(state, times, mu_m3_s2, out, status)
    return out[:, :3].copy(), out[:, 3:].copy(), status


def _joined(pos_m: npt.ArrayLike, vel_m_s: npt.ArrayLike) -> Floats:
    pos = np.asarray(pos_m, dtype=np.float64).reshape(-1, 3)
    vel = np.asarray(vel_m_s, dtype=np.float64).reshape(-1, 3)
    return np.ascontiguousarray(np.concatenate([pos, vel], axis=1))
