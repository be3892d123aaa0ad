"""Tracking: does the covariance obey the textbook, and is a real filter as good as it says?

The steady states, the predictor case and the bands are published. The covariance that the
simulator carries without measuring anything is compared with the textbook filter, and a
filter that really gets noisy measurements is tested for consistency (NEES).
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.integrate import quad

from opendome.tracking import kernels, reference
from opendome.tracking.kernels.chance import p_inside_circle
from opendome.tracking.reference import FilterRuns, Predict, Watch
from opendome.verification.checks import Check
from opendome.verification.tracking_scenes import AFTER_BURNOUT, radar, two_satellites, watch

Floats = npt.NDArray[np.float64]

FAR_AWAY_M = 1e15  # gravity has no gradient there
BAR_SHALOM = "Bar-Shalom, Li, Kirubarajan, Estimation with Applications, 2001"
TRACKING_INDICES = (0.1, 1.0, 3.0)
# (runs, length of the state) -> 95 % band of the mean NEES
BANDS = {(50, 2): (1.4844, 2.5912), (50, 4): (3.2546, 4.8212), (100, 6): (5.3402, 6.6977)}
RUNS, SEED, STEP_S, STEPS = 100, 7, 2.0, 200


def kalata(index: float) -> tuple[float, float]:
    """Steady-state alpha and beta for a tracking index, in closed form.

    Source: P. R. Kalata, The tracking index: a generalized parameter for alpha-beta and
    alpha-beta-gamma target trackers, IEEE Trans. AES-20(2), 1984.
    """
    r = (4.0 + index - math.sqrt(8.0 * index + index * index)) / 4.0
    alpha = 1.0 - r * r
    return alpha, 2.0 * (2.0 - alpha) - 4.0 * math.sqrt(1.0 - alpha)


def steady_gains(index: float, update: Callable[..., None]) -> tuple[float, float]:
    """Alpha and beta the kernels settle at: 1 s, noise of 1 m, piecewise constant acceleration."""
    cov = np.zeros((6, 6))
    kernels.start(cov, 10.0, 10.0)
    for _ in range(1000):
        kernels.predict(cov, 1.0, FAR_AWAY_M, 0.0, 0.0, 0.0)
        cov[np.ix_([0, 3], [0, 3])] += index**2 * np.array([[0.25, 0.5], [0.5, 1.0]])
        update(cov, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return float(cov[0, 0]), float(cov[0, 3])  # gain = covariance / R, and R is 1


def measure_alpha_beta(update: Callable[..., None] = kernels.update) -> float:
    """Largest difference of the kernels' steady gains from Kalata's."""
    pairs = [(steady_gains(index, update), kalata(index)) for index in TRACKING_INDICES]
    return float(np.max(np.abs(np.subtract(*zip(*pairs, strict=True)))))


def measure_predictor(predict: Predict = kernels.predict) -> float:
    """Largest relative difference from the constant-velocity predictor case.

    P = [[4.1123, 0.0013], [0.0013, 0.0365]], 2 s, q = 0.1: F P F' + Q by hand.
    """
    cov = np.zeros((6, 6))
    cov[np.ix_([0, 3], [0, 3])] = [[4.1123, 0.0013], [0.0013, 0.0365]]
    predict(cov, 2.0, FAR_AWAY_M, 0.0, 0.0, 0.1)
    got = np.array([cov[0, 0], cov[0, 3], cov[3, 3]])
    wanted = np.array([4.1123 + 0.0052 + 0.1460 + 0.8 / 3.0, 0.0013 + 0.0730 + 0.2, 0.2365])
    return float(np.max(np.abs(got / wanted - 1.0)))


def predict_uncoupled(
    cov: Floats, dt_s: float, x: float, y: float, z: float, accel_psd_m2_s3: float
) -> None:
    """Planted bug: speed noise that moves no position."""
    kernels.predict(cov, dt_s, x, y, z, 0.0)
    cov[3:, 3:] += accel_psd_m2_s3 * dt_s * np.eye(3)


def predict_flat(
    cov: Floats, dt_s: float, x: float, y: float, z: float, accel_psd_m2_s3: float
) -> None:
    """Planted bug: no gravity gradient."""
    del x, y, z
    kernels.predict(cov, dt_s, FAR_AWAY_M, 0.0, 0.0, accel_psd_m2_s3)


def scenes(step_s: float, steps: int) -> list[Watch]:
    """The arc watched by a radar, and by two satellites that measure angles only."""
    t_s: Floats = np.arange(steps, dtype=np.float64) * step_s
    return [watch([radar(t_s)], step_s), watch(two_satellites(t_s), step_s)]


def measure_flight(predict: Predict = kernels.predict) -> float:
    """Largest difference of the kernels from the textbook filter, in units of its sigmas."""
    worst = 0.0
    for scene in scenes(1.0, 1200):
        got = reference.expected_covariance(scene, predict)
        worst = max(worst, _largest(got, reference.textbook_covariance(scene)))
    return worst


def _largest(got: Floats, wanted: Floats) -> float:
    """Largest difference of covariances in units of the sigmas of the wanted ones."""
    sigma = np.sqrt(np.diagonal(wanted, axis1=-2, axis2=-1))
    return float(np.max(np.abs(got - wanted) / (sigma[..., :, None] * sigma[..., None, :])))


def measure_transition(predict_far: Callable[..., object] = kernels.predict_far) -> float:
    """Largest difference of a far prediction from the exact one, in units of its sigmas."""
    before = np.diag(np.square([300.0, 300.0, 300.0, 1.0, 1.0, 1.0]))
    worst = 0.0
    for dt_s in (5.0, 60.0, 200.0, 600.0):
        f = reference.transition(AFTER_BURNOUT, dt_s)
        got = np.zeros((6, 6))
        predict_far(before, got, dt_s, *AFTER_BURNOUT.tolist(), 0.0, 20.0)
        worst = max(worst, _largest(got, f @ before @ f.T))
    return worst


def predict_far_straight(cov: Floats, cov_out: Floats, dt_s: float, *_: float) -> None:
    """Planted bug: straight lines over the whole time."""
    cov_out[:] = cov
    predict_flat(cov_out, dt_s, 0.0, 0.0, 0.0, 0.0)


def measure_nees(which: int, run_filter: Callable[..., FilterRuns] = reference.run_filter) -> float:
    """Share of steps with the mean NEES of 100 runs outside its 95 % band.

    1 when the average over all steps is outside the 99.9 % band.
    """
    runs = run_filter(scenes(STEP_S, STEPS)[which], runs=RUNS, seed=SEED)
    mean = reference.nees(runs.error, runs.cov).mean(axis=1)
    low, high = reference.nees_band(RUNS, 6, 0.95)
    lowest, highest = reference.nees_band(RUNS, 6, 0.999)
    if not lowest < mean.mean() < highest:
        return 1.0
    return float(np.mean((mean < low) | (mean > high)))


def measure_expected(
    expected: Callable[[Watch], Floats] = reference.expected_covariance,
) -> float:
    """Largest difference of the simulator's covariance from what real filters report."""
    worst = 0.0
    for scene in scenes(STEP_S, STEPS):
        reported = reference.run_filter(scene, runs=20, seed=SEED).cov.mean(axis=1)
        worst = max(worst, _largest(expected(scene), reported))
    return worst


def measure_bands(band: Callable[..., tuple[float, float]] = reference.nees_band) -> float:
    """Largest difference from the published NEES bands."""
    got = [band(runs, size, 0.95) for runs, size in BANDS]
    return float(np.max(np.abs(np.array(got) - np.array(list(BANDS.values())))))


def one_sided_band(runs: int, size: int, share: float) -> tuple[float, float]:
    """Planted bug: each side takes the whole tail."""
    law = stats.chi2(runs * size)
    return float(law.ppf(1.0 - share)) / runs, float(law.ppf(share)) / runs


def measure_chance(p_inside: Callable[[float, float, float], float] = p_inside_circle) -> float:
    """Largest difference of the chance to lie within a circle from other ways to get it."""
    worst = 0.0
    for radius in (0.05, 0.5, 1.0, 2.0, 4.0):
        worst = max(worst, abs(p_inside(1.0, 1.0, radius) + math.expm1(-0.5 * radius**2)))
        worst = max(worst, abs(p_inside(1.0, 0.0, radius) - math.erf(radius / math.sqrt(2.0))))
        for small in (0.8, 0.3, 0.05):
            worst = max(worst, abs(p_inside(1.0, small, radius) - _by_rings(small, radius)))
    return worst


def _by_rings(small: float, radius: float) -> float:
    """The same chance by the polar angle of the whitened plane, adaptive quadrature."""

    def outside(angle: float) -> float:
        reach = math.cos(angle) ** 2 + (small * math.sin(angle)) ** 2
        return math.exp(-0.5 * radius**2 / reach)

    total = quad(outside, 0.0, 0.5 * math.pi, epsabs=1e-12, epsrel=1e-12, limit=500)[0]
    return 1.0 - float(total) * 2.0 / math.pi


def round_chance(large_m: float, small_m: float, radius_m: float) -> float:
    """Planted bug: a circle of the mean variance in place of the ellipse."""
    return -math.expm1(-(radius_m**2) / (large_m**2 + small_m**2))


def update_twice(cov: Floats, *information: Any) -> None:
    """Planted bug: each measurement counted twice."""
    kernels.update(cov, *information)
    kernels.update(cov, *information)


_HONEST = "consistent filters stay inside the chi-square band"

CHECKS: tuple[Check, ...] = (
    Check(
        name="tracking/alpha-beta",
        claim="predict and update settle at the steady gains of the alpha-beta filter",
        authority="Kalata, The tracking index, IEEE Trans. AES-20, 1984, closed form",
        unit="",
        tolerance=1e-12,
        measure=measure_alpha_beta,
        planted_bug=update_twice,
        bug="each measurement counted twice",
    ),
    Check(
        name="tracking/predictor",
        claim="a constant-velocity prediction gives the published case",
        authority="Stone Soup, predictor test case of the Kalman filter, by hand F P F' + Q",
        unit="relative",
        tolerance=1e-12,
        measure=measure_predictor,
        planted_bug=predict_uncoupled,
        bug="speed noise that moves no position",
    ),
    Check(
        name="tracking/transition",
        claim="prediction over 5 to 600 s follows the exact two-body transition",
        authority="numerical derivative of two-body motion, Runge-Kutta of order 4",
        unit="of sigma squared",
        tolerance=2e-3,
        measure=measure_transition,
        planted_bug=predict_far_straight,
        bug="straight lines instead of falls",
    ),
    Check(
        name="tracking/flight",
        claim="along 1200 steps the covariance equals the textbook filter with explicit R",
        authority=f"{BAR_SHALOM}, Joseph form",
        unit="of sigma squared",
        tolerance=1e-5,
        measure=measure_flight,
        planted_bug=predict_flat,
        bug="no gravity gradient",
    ),
    Check(
        name="tracking/nees-radar",
        claim=f"radar filter, 100 runs: {_HONEST} in at least 90 % of the steps",
        authority=f"{BAR_SHALOM}, section 5.4",
        unit="share of steps outside",
        tolerance=0.10,
        measure=partial(measure_nees, 0),
        planted_bug=partial(reference.run_filter, noise_claim=4.0),
        bug="R four times too large",
    ),
    Check(
        name="tracking/nees-satellites",
        claim=f"two angles-only satellites, 100 runs: {_HONEST} in at least 90 % of the steps",
        authority=f"{BAR_SHALOM}, section 5.4",
        unit="share of steps outside",
        tolerance=0.10,
        measure=partial(measure_nees, 1),
        planted_bug=partial(reference.run_filter, noise_claim=4.0),
        bug="R four times too large",
    ),
    Check(
        name="tracking/expected",
        claim="the covariance carried without measurements is the one real filters report",
        authority="20 runs of a plain extended Kalman filter on noisy measurements",
        unit="of sigma squared",
        tolerance=0.02,
        measure=measure_expected,
        planted_bug=partial(reference.expected_covariance, predict=predict_uncoupled),
        bug="speed noise that moves no position",
    ),
    Check(
        name="tracking/nees-bands",
        claim="the consistency bands are the published ones",
        authority=f"{BAR_SHALOM}, section 5.4: 1.4844..2.5912 for 50 runs of 2 states",
        unit="",
        tolerance=5e-5,
        measure=measure_bands,
        planted_bug=one_sided_band,
        bug="each side takes the whole tail",
    ),
    Check(
        name="tracking/chance",
        claim="the chance of a miss within a radius is exact for any ellipse",
        authority="Rayleigh and normal laws, and adaptive quadrature over the polar angle",
        unit="",
        tolerance=1e-8,
        measure=measure_chance,
        planted_bug=round_chance,
        bug="a circle of the mean variance",
    ),
)
