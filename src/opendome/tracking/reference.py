"""The plain filter: noisy measurements, a textbook Kalman filter, many runs at once.

The simulator does not use it. It is here to show that the covariance which the kernels
carry along the truth is the one a real filter, fed with noise, earns and reports.

Source: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with Applications to Tracking
and Navigation, 2001: chapters 5 (filter, consistency), 6 (models), 10 (extended filter).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag
from scipy.special import chdtri

from opendome.quantities.constants import MU_M3_S2
from opendome.tracking import kernels

Floats = npt.NDArray[np.float64]
Predict = Callable[[Floats, float, float, float, float, float], None]

SUBSTEP_S = 5.0
NUDGE = np.array([10.0, 10.0, 10.0, 0.01, 0.01, 0.01])  # central difference, [m] and [m/s]


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """A sensor that measures azimuth, elevation and perhaps range in axes of its own.

    Attributes
    ----------
    pos_eci_m : (step, 3) where it is at each step
    axes : (step, 3, 3) rows are its east, north and up in ECI
    angle_sigma_rad : 1-sigma across each direction [rad]
    range_sigma_m : 1-sigma of the range [m]; None for angles only
    """

    pos_eci_m: Floats
    axes: Floats
    angle_sigma_rad: float
    range_sigma_m: float | None = None

    def measure(self, step: int, pos_eci_m: Floats) -> Floats:
        """What it reads without noise: azimuth, elevation [rad] (, range [m]): (run, 2 or 3)."""
        d = (pos_eci_m - self.pos_eci_m[step]) @ self.axes[step].T
        slant = np.linalg.norm(d, axis=-1)
        columns = [np.arctan2(d[..., 0], d[..., 1]), np.arcsin(d[..., 2] / slant)]
        if self.range_sigma_m is not None:
            columns.append(slant)
        return np.stack(columns, axis=-1)

    def jacobian(self, step: int, pos_eci_m: Floats) -> Floats:
        """Derivative of `measure` by the state: (run, 2 or 3, 6)."""
        d = (pos_eci_m - self.pos_eci_m[step]) @ self.axes[step].T
        east, north, up = d[..., 0], d[..., 1], d[..., 2]
        flat2 = east**2 + north**2
        flat, slant2 = np.sqrt(flat2), flat2 + up**2
        zero = np.zeros_like(east)
        rows = [
            np.stack([north / flat2, -east / flat2, zero], axis=-1),
            np.stack([-east * up, -north * up, flat2], axis=-1) / (slant2 * flat)[..., None],
        ]
        if self.range_sigma_m is not None:
            rows.append(d / np.sqrt(slant2)[..., None])
        out = np.zeros((*east.shape, len(rows), 6))
        out[..., :3] = np.stack(rows, axis=-2) @ self.axes[step]
        return out

    def noise(self, step: int, pos_eci_m: Floats) -> Floats:
        """Covariance R of its errors at one true position: (2 or 3, 2 or 3)."""
        elevation = float(self.measure(step, pos_eci_m)[1])
        sigmas = [self.angle_sigma_rad / np.cos(elevation), self.angle_sigma_rad]
        if self.range_sigma_m is not None:
            sigmas.append(self.range_sigma_m)
        return np.diag(np.square(sigmas))

    def information(self, step: int, pos_eci_m: Floats) -> Floats:
        """Position information H' R^-1 H at one true position [1/m2]: (3, 3)."""
        h = self.jacobian(step, pos_eci_m)[:, :3]
        return h.T @ np.linalg.inv(self.noise(step, pos_eci_m)) @ h


def free_fall(state: Floats, dt_s: float) -> Floats:
    """State after `dt_s` of two-body motion by Runge-Kutta of order 4: (..., 6) to (..., 6)."""
    steps = max(1, int(np.ceil(abs(dt_s) / SUBSTEP_S)))
    h = dt_s / steps
    for _ in range(steps):
        k1 = _rate(state)
        k2 = _rate(state + 0.5 * h * k1)
        k3 = _rate(state + 0.5 * h * k2)
        k4 = _rate(state + h * k3)
        state = state + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return state


def _rate(state: Floats) -> Floats:
    pos = state[..., :3]
    pull = -MU_M3_S2 * pos / np.linalg.norm(pos, axis=-1, keepdims=True) ** 3
    return np.concatenate([state[..., 3:], pull], axis=-1)


def transition(state: Floats, dt_s: float) -> Floats:
    """Derivative of `free_fall` by the state, by central differences: (..., 6, 6)."""
    nudges = np.diag(NUDGE)
    ahead = free_fall(state[..., None, :] + nudges, dt_s)
    behind = free_fall(state[..., None, :] - nudges, dt_s)
    return np.swapaxes((ahead - behind) / (2.0 * NUDGE[:, None]), -1, -2)


def acceleration_noise(dt_s: float, accel_psd_m2_s3: float) -> Floats:
    """Covariance that white acceleration adds in `dt_s`: (6, 6)."""
    block = np.array([[dt_s**3 / 3.0, dt_s**2 / 2.0], [dt_s**2 / 2.0, dt_s]])
    return np.asarray(accel_psd_m2_s3 * np.kron(block, np.eye(3)), np.float64)


def kalman_predict(cov: Floats, f: Floats, q: Floats) -> Floats:
    """Covariance after a step: F P F' + Q."""
    return f @ cov @ np.swapaxes(f, -1, -2) + q


def kalman_gain(cov: Floats, h: Floats, r: Floats) -> Floats:
    """Gain P H' (H P H' + R)^-1."""
    side = cov @ np.swapaxes(h, -1, -2)
    return side @ np.linalg.inv(h @ side + r)


def kalman_update(cov: Floats, h: Floats, r: Floats) -> Floats:
    """Covariance after a measurement, Joseph form: (I - K H) P (I - K H)' + K R K'."""
    gain = kalman_gain(cov, h, r)
    left = np.eye(cov.shape[-1]) - gain @ h
    return left @ cov @ np.swapaxes(left, -1, -2) + gain @ r @ np.swapaxes(gain, -1, -2)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """A ballistic arc and the sensors that watch it.

    Attributes
    ----------
    first_state : (6,) ECI state at the first step [m, m/s]
    step_s : time between measurements [s]
    sensors : each measures at each step
    accel_psd_m2_s3 : white acceleration the object really feels, and the filter expects
    prior_position_sigma_m, prior_speed_sigma_m_s : error of the first guess, per axis
    """

    first_state: Floats
    step_s: float
    sensors: Sequence[Sensor]
    accel_psd_m2_s3: float
    prior_position_sigma_m: float
    prior_speed_sigma_m_s: float

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.sensors[0].pos_eci_m.shape[0]

    @property
    def prior(self) -> Floats:
        """Covariance of the first guess: (6, 6)."""
        sigmas = [self.prior_position_sigma_m] * 3 + [self.prior_speed_sigma_m_s] * 3
        return np.diag(np.square(sigmas))


@dataclass(frozen=True, kw_only=True)
class FilterRuns:
    """What many runs of the filter gave: errors (step, run, 6), covariances (step, run, 6, 6)."""

    error: Floats
    cov: Floats


def run_filter(watch: Watch, *, runs: int, seed: int, noise_claim: float = 1.0) -> FilterRuns:
    """Simulate noisy measurements along the arc and filter them, `runs` times at once.

    noise_claim : factor on R inside the filter alone; 1 is honest
    """
    luck = np.random.Generator(np.random.Philox(key=seed))
    truth = np.tile(watch.first_state, (runs, 1))
    cov = np.tile(watch.prior, (runs, 1, 1))
    mean = truth + luck.standard_normal((runs, 6)) @ np.linalg.cholesky(watch.prior).T
    q = acceleration_noise(watch.step_s, watch.accel_psd_m2_s3)
    errors, covs = [], []
    for step in range(watch.steps):
        if step > 0:
            f = transition(mean, watch.step_s)
            shake = luck.standard_normal((runs, 6)) @ _root(q).T
            truth = free_fall(truth, watch.step_s) + shake
            mean = free_fall(mean, watch.step_s)
            cov = kalman_predict(cov, f, q)
        for sensor in watch.sensors:
            mean, cov = _absorb(sensor, step, truth, mean, cov, luck, noise_claim)
        errors.append(mean - truth)
        covs.append(cov)
    return FilterRuns(error=np.array(errors), cov=np.array(covs))


def _root(q: Floats) -> Floats:
    """A matrix whose product with its transpose is `q`, zero or positive definite."""
    return np.asarray(np.linalg.cholesky(q), np.float64) if q.any() else q


def _absorb(
    sensor: Sensor,
    step: int,
    truth: Floats,
    mean: Floats,
    cov: Floats,
    luck: np.random.Generator,
    noise_claim: float,
) -> tuple[Floats, Floats]:
    """One noisy measurement of every run into its filter."""
    r = np.array([sensor.noise(step, pos) for pos in truth[:, :3]])
    noise = luck.standard_normal(r.shape[:2]) * np.sqrt(np.diagonal(r, axis1=1, axis2=2))
    h = sensor.jacobian(step, mean[:, :3])
    gain = kalman_gain(cov, h, noise_claim * r)
    innovation = sensor.measure(step, truth[:, :3]) + noise - sensor.measure(step, mean[:, :3])
    innovation[:, 0] = np.remainder(innovation[:, 0] + np.pi, 2.0 * np.pi) - np.pi
    mean = mean + (gain @ innovation[..., None])[..., 0]
    return mean, kalman_update(cov, h, noise_claim * r)


def expected_covariance(watch: Watch, predict: Predict = kernels.predict) -> Floats:
    """Covariance that the kernels carry along the undisturbed arc: (step, 6, 6)."""
    cov = np.zeros((6, 6))
    kernels.start(cov, watch.prior_position_sigma_m, watch.prior_speed_sigma_m_s)
    state = watch.first_state
    covs: list[Floats] = []
    for step in range(watch.steps):
        if step > 0:
            x, y, z = free_fall(state, 0.5 * watch.step_s)[:3]
            predict(cov, watch.step_s, x, y, z, watch.accel_psd_m2_s3)
            state = free_fall(state, watch.step_s)
        j = np.sum([sensor.information(step, state[:3]) for sensor in watch.sensors], axis=0)
        kernels.update(cov, j[0, 0], j[0, 1], j[0, 2], j[1, 1], j[1, 2], j[2, 2])
        covs.append(cov.copy())
    return np.array(covs)


def textbook_covariance(watch: Watch) -> Floats:
    """The same by F P F' + Q and the Joseph form with H and R of each sensor: (step, 6, 6)."""
    cov, state = watch.prior, watch.first_state
    q = acceleration_noise(watch.step_s, watch.accel_psd_m2_s3)
    covs: list[Floats] = []
    for step in range(watch.steps):
        if step > 0:
            cov = kalman_predict(cov, transition(state, watch.step_s), q)
            state = free_fall(state, watch.step_s)
        h = np.vstack([sensor.jacobian(step, state[:3]) for sensor in watch.sensors])
        r = [sensor.noise(step, state[:3]) for sensor in watch.sensors]
        cov = kalman_update(cov, h, np.asarray(block_diag(*r), np.float64))
        covs.append(cov)
    return np.array(covs)


def nees(error: Floats, cov: Floats) -> Floats:
    """Normalised estimation error squared e' P^-1 e: (..., n), (..., n, n) to (...)."""
    return np.einsum("...i,...i->...", error, np.linalg.solve(cov, error[..., None])[..., 0])


def nees_band(runs: int, size: int, share: float) -> tuple[float, float]:
    """Two-sided band in which the mean NEES of consistent runs lies with chance `share`.

    runs : independent runs     size : length of the state
    Model: runs x mean is chi-square with runs x size degrees of freedom.
    Source: Bar-Shalom, Li, Kirubarajan 2001, section 5.4.2.
    """
    tail = 0.5 * (1.0 - share)
    low, high = chdtri(runs * size, [1.0 - tail, tail])
    return float(low) / runs, float(high) / runs
