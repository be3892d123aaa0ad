"""The plain twin of the filter bank: NumPy matrices, one track, textbook formulas.

The simulator does not use it. The kernels must give the same numbers; here the noise is
integrated instead of written out, updates are joint and in Joseph form, and the mixing is
three nested sums.

Source: as `kernels.bank`; Bar-Shalom, Li, Kirubarajan 2001.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from opendome.compiled import interpreted
from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S
from opendome.tracking.kernels.forces import AIR, BOOST, COAST, GLIDE, MODELS, STATES, BankRules
from opendome.tracking.kernels.readings import (
    AZIMUTH_ELEVATION_RANGE,
    AZIMUTH_RANGE,
    DIRECTION,
    DIRECTION_RANGE,
    Readings,
)
from opendome.world.atmosphere import us76
from opendome.world.earth import altitude_xyz
from opendome.world.gravity import gravity_j2

Floats = npt.NDArray[np.float64]
Gaussian = tuple[Floats, Floats]
Measure = Callable[[Floats], Floats]

TURN = np.array([0.0, 0.0, ROTATION_RAD_S])
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(20)
USED = {
    DIRECTION: [0, 1],
    DIRECTION_RANGE: [0, 1, 2],
    AZIMUTH_RANGE: [0, 2],
    AZIMUTH_ELEVATION_RANGE: [0, 1, 2],
}


def mean_force(rules: BankRules, model: int, pos: Floats, vel: Floats) -> tuple[Floats, float]:
    """Mean specific force of a model and the sigma about it."""
    sigma = float(rules.force_sigma_m_s2[model])
    ground = vel - np.cross(TURN, pos)
    if model in (COAST, BOOST):
        return np.zeros(3), sigma
    if model in (AIR, GLIDE):
        r = float(np.linalg.norm(pos))
        climb = float(ground @ pos) / r
        flat = ground - climb * pos / r
        bend = -(flat @ flat) / r**2 * pos + climb / r * flat
        turning = 2.0 * np.cross(TURN, ground) + np.cross(TURN, np.cross(TURN, pos))
        lift = bend + turning - np.array(interpreted(gravity_j2)(*pos))
        if model == AIR:
            return lift, sigma
        drag = np.linalg.norm(lift) / rules.glide_ratio
        return lift - drag * ground / np.linalg.norm(ground), sigma
    density_kg_m3 = us76(max(0.0, altitude_xyz(*pos)))[2]
    drag = 0.5 * density_kg_m3 * float(ground @ ground) / rules.ballistic_kg_m2
    return -drag * ground / np.linalg.norm(ground), sigma + rules.drag_spread * drag


def advance(rules: BankRules, model: int, state: Floats, h_s: float) -> tuple[Floats, float]:
    """State after a step, and the rate at which the force fades; inf for COAST."""
    force, before = mean_force(rules, model, state[:3], state[3:6])
    off = np.zeros(3) if model == COAST else (state[6:] - force) / before
    tau_s = float(rules.force_time_s[model])

    def rate(motion: Floats, t_s: float) -> Floats:
        gravity = np.array(interpreted(gravity_j2)(*motion[:3]))
        if model == COAST:
            return np.concatenate([motion[3:], gravity])
        force, sigma = mean_force(rules, model, motion[:3], motion[3:])
        return np.concatenate([motion[3:], gravity + force + sigma * off * np.exp(-t_s / tau_s)])

    k1 = rate(state[:6], 0.0)
    k2 = rate(state[:6] + 0.5 * h_s * k1, 0.5 * h_s)
    k3 = rate(state[:6] + 0.5 * h_s * k2, 0.5 * h_s)
    k4 = rate(state[:6] + h_s * k3, h_s)
    motion = state[:6] + h_s / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    if model == COAST:
        return np.concatenate([motion, np.zeros(3)]), np.inf
    force, after = mean_force(rules, model, motion[:3], motion[3:])
    faded = force + after * off * np.exp(-h_s / tau_s)
    return np.concatenate([motion, faded]), 1.0 / tau_s - float(np.log(after / before)) / h_s


def response(rate_s: float, h_s: float) -> Floats:
    """Transition of position, velocity and force on one axis: (3, 3)."""
    if np.isinf(rate_s):
        return np.array([[1.0, h_s, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    t = 0.5 * h_s * (NODES + 1.0)  # v(h) = int exp(-a t), p(h) = int (h - t) exp(-a t)
    fade, w = np.exp(-rate_s * t), 0.5 * h_s * NODE_WEIGHTS
    p, v = float(w @ ((h_s - t) * fade)), float(w @ fade)
    return np.array([[1.0, h_s, p], [0.0, 1.0, v], [0.0, 0.0, float(np.exp(-rate_s * h_s))]])


def transition(rate_s: float, h_s: float, middle_m: Floats) -> Floats:
    """Derivative of a step by the state: (9, 9)."""
    r = float(np.linalg.norm(middle_m))
    gradient = MU_M3_S2 / r**3 * (3.0 * np.outer(middle_m, middle_m) / r**2 - np.eye(3))
    kick = np.eye(STATES)
    kick[3:6, :3] = h_s * gradient
    half = np.kron(response(rate_s, 0.5 * h_s), np.eye(3))
    return half @ kick @ half


def process_noise(rules: BankRules, model: int, rate_s: float, h_s: float, q: float) -> Floats:
    """Covariance that a step adds: (9, 9)."""
    white = float(rules.accel_psd_m2_s3[model])
    block = np.zeros((3, 3))
    block[:2, :2] = white * np.array([[h_s**3 / 3.0, h_s**2 / 2.0], [h_s**2 / 2.0, h_s]])
    if model != COAST:
        for t, w in zip(0.5 * h_s * (NODES + 1.0), 0.5 * h_s * NODE_WEIGHTS, strict=True):
            column = response(rate_s, float(t))[:, 2]
            block += q * w * np.outer(column, column)
    return np.asarray(np.kron(block, np.eye(3)), np.float64)


def step(rules: BankRules, model: int, given: Gaussian, h_s: float) -> Gaussian:
    """One step of a model, extended or unscented."""
    mean, cov = given
    after, rate_s = advance(rules, model, mean, h_s)
    sigmas = [mean_force(rules, model, state[:3], state[3:6])[1] for state in (mean, after)]
    q = 2.0 * sigmas[0] * sigmas[1] / float(rules.force_time_s[model])
    noise = process_noise(rules, model, rate_s, h_s, q)
    if not rules.unscented:
        f = transition(rate_s, h_s, 0.5 * (mean[:3] + after[:3]))
        return after, f @ cov @ f.T + noise
    size = _alive(model)
    points, for_mean, for_cov = sigma_points(rules, given, size)
    moved = np.array([advance(rules, model, point, h_s)[0] for point in points])
    mean = moved[0] + for_mean @ (moved - moved[0])
    return mean, (moved - mean).T @ np.diag(for_cov) @ (moved - mean) + noise


def _alive(model: int) -> int:
    """How many numbers of the state a model moves."""
    return 6 if model == COAST else STATES


def sigma_points(rules: BankRules, given: Gaussian, size: int) -> tuple[Floats, Floats, Floats]:
    """Points (2 size + 1, 9) and their weights in a mean and in a covariance."""
    mean, cov = given
    scale = rules.sigma_spread**2 * (size + rules.sigma_shift)
    columns = np.zeros((STATES, size))
    columns[:size] = np.sqrt(scale) * np.linalg.cholesky(cov[:size, :size])
    points = np.concatenate([mean[None], mean + columns.T, mean - columns.T])
    for_mean = np.full(2 * size + 1, 0.5 / scale)
    for_mean[0] = 1.0 - size / scale
    for_cov = for_mean.copy()
    for_cov[0] += 1.0 - rules.sigma_spread**2 + rules.sigma_prior
    return points, for_mean, for_cov


def measure(readings: Readings, k: int, pos: Floats) -> Floats:
    """What reading `k` would be at a position: all three values."""
    d = pos - readings.sensor_pos_eci_m[k]
    first, second, third = readings.axes[k] @ d
    slant = float(np.linalg.norm(d))
    kind = int(readings.kind[k])
    if kind in (DIRECTION, DIRECTION_RANGE):
        return np.array([first / third, second / third, slant])
    if kind == AZIMUTH_RANGE:
        return np.array([np.arctan2(first, third), 0.0, slant])
    azimuth = np.arctan2(first, second)
    turn = np.round((azimuth - readings.value[k, 0]) / (2.0 * np.pi))
    return np.array([azimuth - 2.0 * np.pi * turn, np.arcsin(third / slant), slant])


def derivative(readings: Readings, k: int, pos: Floats) -> Floats:
    """Derivative of `measure` by the position: (3, 3)."""
    axes, d = readings.axes[k], pos - readings.sensor_pos_eci_m[k]
    first, second, third = axes @ d
    slant = float(np.linalg.norm(d))
    kind, along = int(readings.kind[k]), d / slant
    if kind in (DIRECTION, DIRECTION_RANGE):
        a = axes[0] / third - first / third**2 * axes[2]
        b = axes[1] / third - second / third**2 * axes[2]
        return np.array([a, b, along])
    ahead, axis = (third, axes[2]) if kind == AZIMUTH_RANGE else (second, axes[1])
    a = (ahead * axes[0] - first * axis) / (first**2 + ahead**2)
    if kind == AZIMUTH_RANGE:
        return np.array([a, np.zeros(3), along])
    rise = third / slant
    return np.array([a, (axes[2] - rise * along) / (slant * np.sqrt(1.0 - rise**2)), along])


def update(
    rules: BankRules, model: int, given: Gaussian, readings: Readings, k: int
) -> tuple[Gaussian, float]:
    """State after a reading, and the log density of its innovation."""
    mean, cov = given
    used = USED[int(readings.kind[k])]
    noise = np.diag(readings.variance[k, used])
    if rules.unscented:
        points, for_mean, for_cov = sigma_points(rules, given, _alive(model))
        seen = np.array([measure(readings, k, point[:3])[used] for point in points])
        expected = seen[0] + for_mean @ (seen - seen[0])
        s = (seen - expected).T @ np.diag(for_cov) @ (seen - expected) + noise
        gain = (points - mean).T @ np.diag(for_cov) @ (seen - expected) @ np.linalg.inv(s)
        after = cov - gain @ s @ gain.T
    else:
        expected = measure(readings, k, mean[:3])[used]
        h = np.zeros((len(used), STATES))
        h[:, :3] = derivative(readings, k, mean[:3])[used]
        s = h @ cov @ h.T + noise
        gain = cov @ h.T @ np.linalg.inv(s)
        rest = np.eye(STATES) - gain @ h
        after = rest @ cov @ rest.T + gain @ noise @ gain.T
    residual = readings.value[k, used] - expected
    distance2 = float(residual @ np.linalg.solve(s, residual))
    log_det = float(np.linalg.slogdet(2.0 * np.pi * s)[1])
    return (mean + gain @ residual, after), -0.5 * (distance2 + log_det)


def moments(weights: Floats, parts: Sequence[Gaussian]) -> Gaussian:
    """Mean and covariance of a mixture; parts without weight are not looked at."""
    alive = [(w, m, c) for w, (m, c) in zip(weights, parts, strict=True) if w > 0.0]
    mean = sum((w * m for w, m, _ in alive), np.zeros(STATES))
    cov = sum(
        (w * (c + np.outer(m - mean, m - mean)) for w, m, c in alive), np.zeros((STATES, STATES))
    )
    return cast("Gaussian", (mean, cov))


@dataclass
class PlainBank:
    """One track: a normal state and a weight for each model, and the time [s]."""

    rules: BankRules
    t_s: float
    states: list[Gaussian]
    weight: Floats

    @classmethod
    def start(cls, rules: BankRules, t_s: float, state: Floats, cov: Floats) -> "PlainBank":
        """A new track."""
        states: list[Gaussian] = []
        for model in range(MODELS):
            mean, square = np.zeros(STATES), np.zeros((STATES, STATES))
            mean[:6], square[:6, :6] = state, cov
            states.append(_with_force(rules, model, (mean, square)))
        return cls(rules, t_s, states, rules.weight.copy())

    def change(self, dt_s: float) -> Floats:
        """Probabilities to go from model to model: (5, 5)."""
        leaves = 1.0 - np.exp(-dt_s / self.rules.sojourn_s)
        change = np.diag(1.0 - leaves) + leaves[:, None] * self.rules.share
        mean, cov = self.fused()
        low_m = altitude_xyz(*mean[:3]) - 3.0 * np.sqrt(np.trace(cov[:3, :3]))
        opened = np.where(low_m > self.rules.ceiling_m, 0.0, change)
        left = float((self.weight @ opened).sum())
        return opened / left if left > 0.0 else change

    def predict(self, t_s: float) -> None:
        """Mix, then move each model, to the time `t_s`."""
        dt_s = t_s - self.t_s
        if dt_s <= 0.0:
            return
        change = self.change(dt_s)
        after = self.weight @ change
        mixed = list(self.states)
        for j in np.flatnonzero(after > 0.0):
            parts = [_handed(self.rules, i, int(j), s) for i, s in enumerate(self.states)]
            mixed[j] = moments(change[:, j] * self.weight / after[j], parts)
            if j == COAST:
                mixed[j] = _with_force(self.rules, COAST, mixed[j])
        self.t_s, self.weight = t_s, after
        for j in np.flatnonzero(after > 0.0):
            steps = int(np.ceil(dt_s / self.rules.max_step_s[j]))
            for _ in range(steps):
                mixed[j] = step(self.rules, int(j), mixed[j], dt_s / steps)
        self.states = mixed

    def take(self, readings: Readings, k: int) -> float:
        """Take in a reading; its log density under the mixture."""
        states, p, log_density = self._updated(readings, k)
        self.states, self.weight = states, p
        return log_density

    def _updated(self, readings: Readings, k: int) -> tuple[list[Gaussian], Floats, float]:
        """States, weights and log density after a reading, if it were the track's own."""
        states, logs = list(self.states), np.full(MODELS, -np.inf)
        for j in np.flatnonzero(self.weight > 0.0):
            states[j], logs[j] = update(self.rules, int(j), self.states[j], readings, k)
        p = self.weight * np.exp(logs - logs.max())
        return states, p / p.sum(), float(logs.max() + np.log(p.sum()))

    def take_mixed(
        self, readings: Readings, picks: Sequence[int], p_picks: Sequence[float]
    ) -> None:
        """Take in readings that are the track's own with some probability."""
        branches = [self._updated(readings, k)[:2] for k in picks]
        branches.append((self.states, self.weight))
        p = np.array([*p_picks, 1.0 - sum(p_picks)])
        joint = np.array([q * weight for q, (_, weight) in zip(p, branches, strict=True)])
        self.weight = joint.sum(axis=0)
        self.states = [
            moments(joint[:, j] / self.weight[j], [states[j] for states, _ in branches])
            if self.weight[j] > 0.0
            else self.states[j]
            for j in range(MODELS)
        ]

    def fused(self) -> Gaussian:
        """Mean and covariance over the models."""
        return moments(self.weight, self.states)


def _with_force(rules: BankRules, model: int, given: Gaussian) -> Gaussian:
    """Position and velocity of a state with the mean force of a model, and its spread."""
    mean, cov = given[0].copy(), np.zeros((STATES, STATES))
    cov[:6, :6] = given[1][:6, :6]
    mean[6:] = 0.0
    if model != COAST:
        mean[6:], sigma = mean_force(rules, model, mean[:3], mean[3:6])
        cov[6:, 6:] = sigma**2 * np.eye(3)
    return mean, cov


def _handed(rules: BankRules, source: int, target: int, given: Gaussian) -> Gaussian:
    """The state that one model hands to another."""
    lacks = source == COAST and target != COAST
    return _with_force(rules, target, given) if lacks else given
