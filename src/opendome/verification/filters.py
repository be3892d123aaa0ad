"""Filters of measured tracking: textbook numbers, honest errors, and a bank worth its cost.

Every model of the bank is run on paths that obey it exactly, noise included: then theory
says what the errors must be (NEES and NIS). A path of three parts that obeys none of them
shows what the mixing is for. The plain twin is NumPy written from the same books.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.tracking import reference
from opendome.tracking.bank import bank_rules
from opendome.tracking.filters_reference import PlainBank
from opendome.tracking.kernels.bank import empty_bank, predict_track, start_track, update_track
from opendome.tracking.kernels.forces import COAST, MODEL_NAMES, STATES, BankRules
from opendome.tracking.kernels.linear import predict_linear, update_linear
from opendome.verification.checks import Check
from opendome.verification.filter_runs import (
    PATH_STEP_S,
    PRIOR,
    SCENES,
    filter_paths,
    radar_readings,
    three_part_path,
    wander,
)
from opendome.verification.tracking import TRACKING_INDICES, kalata

Floats = npt.NDArray[np.float64]
Update = Callable[..., float]

RUNS, SEED = 50, 7
PATH_RUNS = 20
BOOKS = "Bar-Shalom, Li, Kirubarajan, Estimation with Applications, 2001"


def steady_gains(index: float, update: Update) -> tuple[float, float]:
    """Alpha and beta the linear filter settles at: 1 s, noise of 1 m, random acceleration."""
    mean, cov, room = np.zeros(2), 10.0 * np.eye(2), np.zeros((3, 2))
    move = np.array([[1.0, 1.0], [0.0, 1.0]])
    noise = index**2 * np.array([[0.25, 0.5], [0.5, 1.0]])
    for _ in range(1000):
        predict_linear(mean, cov, move, noise, room)
        update(mean, cov, np.zeros(1), np.array([[1.0, 0.0]]), np.ones(1), room)
    return float(cov[0, 0]), float(cov[0, 1])  # gain = covariance / R, and R is 1


def measure_alpha_beta(update: Update = update_linear) -> float:
    """Largest difference of the steady gains from Kalata's."""
    pairs = [(steady_gains(index, update), kalata(index)) for index in TRACKING_INDICES]
    return float(np.max(np.abs(np.subtract(*zip(*pairs, strict=True)))))


def update_twice(*arguments: Any) -> float:
    """Planted bug: each value counted twice."""
    update_linear(*arguments)
    return update_linear(*arguments)


def _luck(offset: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=SEED + offset))


class UnmixedBank(PlainBank):
    """Planted bug: models that change their weights and never share their states."""

    def predict(self, t_s: float) -> None:
        """Move each model from where it was."""
        weight = self.weight @ self.change(t_s - self.t_s)
        for model in range(len(MODEL_NAMES)):
            alone = np.zeros(len(MODEL_NAMES))
            alone[model] = 1.0
            rules = self.rules._replace(sojourn_s=np.full(len(MODEL_NAMES), np.inf))
            single = PlainBank(rules, self.t_s, self.states, alone)
            single.predict(t_s)
            self.states = single.states
        self.t_s, self.weight = t_s, weight


def measure_twin(unscented: bool, twin: type[PlainBank] = PlainBank) -> float:
    """Largest difference of the compiled bank from the plain one, in sigmas of the latter."""
    rules, luck = bank_rules(unscented=unscented), _luck(0)
    path = three_part_path()
    guess = path[0] + np.linalg.cholesky(PRIOR) @ luck.standard_normal(6)
    bank, plain = empty_bank(1), twin.start(rules, 0.0, guess, PRIOR)
    start_track(bank, rules, 0, 0.0, guess, PRIOR)
    worst = 0.0
    for step in range(1, 41):
        t_s = step * PATH_STEP_S
        given = radar_readings(path[step : step + 1, :3], t_s, luck)
        predict_track(bank, rules, 0, t_s)
        plain.predict(t_s)
        update_track(bank, rules, given, 0, 0)
        plain.take(given, 0)
        mean, cov = plain.fused()
        sigma = np.sqrt(np.diag(cov))
        worst = max(
            worst,
            float(np.max(np.abs(bank.fused_mean[0] - mean) / sigma)),
            float(np.max(np.abs(bank.fused_cov[0] - cov) / np.outer(sigma, sigma))),
            float(np.max(np.abs(bank.weight[0] - plain.weight))),
        )
    return worst


def measure_consistency(name: str, unscented: bool, claim: float = 1.0) -> float:
    """Share of steps with the mean NEES or NIS of the runs outside its 95 % band.

    1 when the average over all steps is outside the 99.9 % band.
    claim : factor on the variances the filter is told
    """
    states = wander(name, RUNS, _luck(1))
    model, size = MODEL_NAMES.index(name), STATES
    if model == COAST:
        size = 6
    rules = bank_rules((name,), unscented=unscented)
    runs = filter_paths(states, SCENES[name][1], rules, _luck(2), claim)
    error = (runs.mean[:, :, model] - states[1:])[..., :size]
    nees = reference.nees(error, runs.cov[:, :, model, :size, :size])
    return max(_share_outside(nees, size), _share_outside(runs.distance2, 3))


def _share_outside(squares: Floats, size: int) -> float:
    """Share of the steps whose mean over runs lies outside the band; 1 if all together do."""
    mean = squares.mean(axis=1)
    low, high = reference.nees_band(RUNS, size, 0.95)
    lowest, highest = reference.nees_band(RUNS, size, 0.999)
    if not lowest < mean.mean() < highest:
        return 1.0
    return float(np.mean((mean < low) | (mean > high)))


def path_error_m(rules: BankRules) -> float:
    """Root mean square position error along the path of three parts, from the fourth step."""
    path = three_part_path()
    states = np.tile(path[:, None], (1, PATH_RUNS, 1))
    runs = filter_paths(states, PATH_STEP_S, rules, _luck(3))
    off = (runs.fused_mean[..., :3] - states[1:, :, :3])[3:]
    return math.sqrt(float(np.mean(np.sum(off**2, axis=-1))))


def measure_worth(bank: Callable[[], BankRules] = bank_rules) -> float:
    """Error of the bank on the path of three parts, over that of the best single model."""
    alone = min(path_error_m(bank_rules((name,))) for name in MODEL_NAMES)
    return path_error_m(bank()) / alone


_HONEST = "NEES and NIS of 50 runs inside the 95 % band in at least 90 % of the steps"


def _consistency(name: str, unscented: bool) -> Check:
    kind = "unscented" if unscented else "extended"
    return Check(
        name=f"filters/{name}-{kind}",
        claim=f"{name} model, {kind}, on paths that obey it: {_HONEST}",
        authority=f"{BOOKS}, section 5.4",
        unit="share of steps outside",
        tolerance=0.10,
        measure=partial(measure_consistency, name, unscented),
        planted_bug=4.0,
        bug="R four times too large",
    )


CHECKS: tuple[Check, ...] = (
    Check(
        name="filters/alpha-beta",
        claim="the linear filter settles at the steady gains of the alpha-beta filter",
        authority="Kalata, The tracking index, IEEE Trans. AES-20, 1984, closed form",
        unit="",
        tolerance=1e-12,
        measure=measure_alpha_beta,
        planted_bug=update_twice,
        bug="each value counted twice",
    ),
    *(
        Check(
            name=f"filters/bank-{kind}",
            claim=f"the compiled {kind} bank gives the states and weights of the textbook",
            authority=f"{BOOKS}, section 11.6.6; joint updates in plain NumPy",
            unit="sigma",
            tolerance=1e-8,
            measure=partial(measure_twin, kind == "unscented"),
            planted_bug=UnmixedBank,
            bug="models that never share their states",
        )
        for kind in ("extended", "unscented")
    ),
    *(_consistency(name, False) for name in MODEL_NAMES),
    *(_consistency(name, True) for name in MODEL_NAMES),
    Check(
        name="filters/mixing",
        claim="on a path of boost, coast and re-entry the bank errs less than any one model",
        authority="Blom, Bar-Shalom, IEEE Trans. AC-33(8), 1988: what the mixing is for",
        unit="of the error of the best single model",
        tolerance=0.9,
        measure=measure_worth,
        planted_bug=partial(bank_rules, ("glide",)),
        bug="one model for everything",
    ),
)
