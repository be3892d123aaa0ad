"""Radar and detection: exact statistics, published approximations, range equation, limb."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats
from scipy.integrate import quad

from opendome.quantities.constants import SPEED_OF_LIGHT_M_S
from opendome.sensing.detection import albersheim_snr_db, required_snr_db, shnidman_snr_db
from opendome.sensing.kernels.detection import (
    p_detect_one_look,
    p_detect_steady,
    p_detect_swerling1,
    threshold,
)
from opendome.sensing.kernels.horizon import tangent_distance
from opendome.sensing.kernels.radar import calibration, echo_power, noise_power, radar_snr
from opendome.verification.checks import Check
from opendome.verification.radar_time import CHECKS as TIME_CHECKS

PDetect = Callable[[float, float, int], float]
Needed = Callable[[float, float, int], float]

RICHARDS = "M. A. Richards, Fundamentals of Radar Signal Processing, 2nd ed. 2014"
# p_detect, p_false_alarm, pulses -> exact need of a steady target [dB], three decimals
STEADY_DB = {
    (0.9, 1e-6, 1): 13.183,
    (0.5, 1e-6, 1): 11.243,
    (0.9, 1e-4, 1): 11.749,
    (0.9, 1e-6, 10): 5.267,
    (0.8, 1e-7, 100): -1.289,
}
SWERLING1_DB = {(0.9, 1e-6): 21.144, (0.5, 1e-6): 12.772, (0.9, 1e-4): 19.366}
SNR_DB = (-10.0, 0.0, 3.0, 8.0, 12.0, 20.0)
FALSE_ALARMS = (1e-9, 1e-6, 1e-3, 0.1)
PULSES = (1, 2, 10, 100)
# p_false_alarm, pulses, snr [dB]: cases of the Monte Carlo, p_detect between 0.02 and 0.98
CASES = ((1e-6, 1, 11.0), (1e-6, 1, 13.0), (1e-4, 1, 9.0), (1e-3, 10, 2.0), (1e-6, 10, 5.0))
TRIALS, SEED = 100_000, 20290120
KM = 1e3
# height -> distance to the edge of a sphere of radius 6371 km, printed to 1 km
LIMB_KM = {300.0: 1978.0, 500.0: 2573.0, 1000.0: 3707.0, 1350.0: 4362.0, 35786.0: 41673.0}
SPHERE_KM = 6371.0
NAUTICAL_MILE_M = 1852.0


def ratio(decibel: float) -> float:
    """Power ratio of decibels."""
    return 10.0 ** (0.1 * decibel)


def measure_exact(p_detect: PDetect = p_detect_steady) -> float:
    """Largest difference from the noncentral chi-square law of SciPy."""
    worst = 0.0
    for pulses in PULSES:
        for p_false_alarm in FALSE_ALARMS:
            limit = 2.0 * stats.gamma.isf(p_false_alarm, pulses)
            for snr_db in SNR_DB:
                snr = ratio(snr_db)
                wanted = stats.ncx2.sf(limit, 2 * pulses, 2.0 * pulses * snr)
                worst = max(worst, abs(p_detect(snr, p_false_alarm, pulses) - float(wanted)))
    return worst


def swapped_false_alarm(snr: float, p_false_alarm: float, pulses: int) -> float:
    """Planted bug: the false alarm rate of one pulse used for the sum."""
    del pulses
    return p_detect_steady(snr, p_false_alarm, 1)


def measure_table(p_detect: PDetect = p_detect_steady) -> float:
    """Largest difference from the printed needs of a steady target [dB]."""
    return max(
        abs(required_snr_db(*case, model=p_detect) - wanted) for case, wanted in STEADY_DB.items()
    )


def linear_threshold(snr: float, p_false_alarm: float, pulses: int) -> float:
    """Planted bug: a threshold that adds the thresholds of single pulses."""
    limit = 2.0 * pulses * threshold(p_false_alarm, 1)
    return float(stats.ncx2.sf(limit, 2 * pulses, 2.0 * pulses * snr))


def measure_monte_carlo(p_detect: PDetect = p_detect_steady) -> float:
    """Cases whose p_detect lies outside the Clopper-Pearson band of simulated detections."""
    outside = 0
    for k, (p_false_alarm, pulses, snr_db) in enumerate(CASES):
        snr = ratio(snr_db)
        limit = stats.gamma.isf(p_false_alarm, pulses)
        generator = np.random.Generator(np.random.Philox(key=[SEED, k]))
        noise = generator.normal(scale=math.sqrt(0.5), size=(2, TRIALS, pulses))
        power = (noise[0] + math.sqrt(snr)) ** 2 + noise[1] ** 2
        hits = int(np.count_nonzero(power.sum(axis=1) > limit))
        low, high = stats.binomtest(hits, TRIALS).proportion_ci(0.999, method="exact")
        outside += not low <= p_detect(snr, p_false_alarm, pulses) <= high
    return float(outside)


def a_tenth_louder(snr: float, p_false_alarm: float, pulses: int) -> float:
    """Planted bug: a signal 0.1 dB too strong."""
    return p_detect_steady(snr * ratio(0.1), p_false_alarm, pulses)


def measure_swerling(p_detect: PDetect = p_detect_swerling1) -> float:
    """Largest difference from the steady chance averaged over an exponential cross-section."""
    worst = 0.0
    for pulses in (1, 3, 30):
        for snr_db in (0.0, 6.0, 15.0):
            snr = ratio(snr_db)
            limit = 2.0 * float(stats.gamma.isf(1e-6, pulses))

            def share(
                x: float, snr: float = snr, limit: float = limit, pulses: int = pulses
            ) -> float:
                steady = stats.ncx2.sf(limit, 2 * pulses, 2.0 * pulses * snr * x)
                return math.exp(-x) * float(steady)

            wanted = quad(share, 0.0, 60.0, limit=400, epsabs=1e-11, epsrel=1e-9)[0]
            worst = max(worst, abs(p_detect(snr, 1e-6, pulses) - float(wanted)))
    return worst


def measure_one_look(p_detect: Callable[[float, float], float] = p_detect_one_look) -> float:
    """Largest difference of the in-flight formula from the printed Swerling 1 needs [dB]."""

    def model(snr: float, p_false_alarm: float, pulses: int) -> float:
        del pulses
        return p_detect(snr, p_false_alarm)

    needs = {case: required_snr_db(*case, 1, model=model) for case in SWERLING1_DB}
    return max(abs(needs[case] - wanted) for case, wanted in SWERLING1_DB.items())


def one_look_without_noise(snr: float, p_false_alarm: float) -> float:
    """Planted bug: signal power without the noise that comes with it."""
    return p_false_alarm ** (1.0 / max(snr, 1e-300))


def measure_approximation(needed: Needed) -> float:
    """Largest difference of an approximation from the exact need [dB]."""
    return max(abs(needed(*case) - required_snr_db(*case)) for case in STEADY_DB)


def measure_albersheim(needed: Needed = albersheim_snr_db) -> float:
    """Largest difference of Albersheim's formula from the exact need [dB]."""
    return measure_approximation(needed)


def albersheim_without_integration(p_detect: float, p_false_alarm: float, pulses: int) -> float:
    """Planted bug: pulses added with phase, 10 log N instead of 5 log N."""
    return albersheim_snr_db(p_detect, p_false_alarm, pulses) - 5.0 * math.log10(pulses)


def measure_shnidman(needed: Needed = shnidman_snr_db) -> float:
    """Largest difference of Shnidman's formula from the exact need [dB]."""
    return measure_approximation(needed)


def shnidman_for_sum(p_detect: float, p_false_alarm: float, pulses: int) -> float:
    """Planted bug: the need of the sum given as the need of one pulse."""
    return shnidman_snr_db(p_detect, p_false_alarm, pulses) + 10.0 * math.log10(pulses)


def measure_echo(model: Callable[..., float] = echo_power) -> float:
    """Relative difference from the printed echo of 1 m2 at 75 nautical miles."""
    wavelength = SPEED_OF_LIGHT_M_S / 5.65e9
    got = model(1000.0, ratio(36.0), wavelength, 1.0, 75.0 * NAUTICAL_MILE_M)
    return abs(got / 6.041e-17 - 1.0)


def echo_one_gain(power: float, gain: float, *rest: float) -> float:
    """Planted bug: the gain counted on one way only."""
    return echo_power(power, gain, *rest) / gain


def measure_range(noise: Callable[..., float] = noise_power) -> float:
    """Relative difference from the printed range of a C-band radar."""
    one_metre = echo_power(1.5e6, ratio(45.0), SPEED_OF_LIGHT_M_S / 5.6e9, 0.1, 1.0)
    snr_at_one_metre = one_metre / noise(290.0, 5e6, ratio(3.0))
    return abs((snr_at_one_metre / ratio(20.0)) ** 0.25 / (85.82 * KM) - 1.0)


def noise_without_factor(temperature: float, bandwidth: float, factor: float) -> float:
    """Planted bug: a receiver that adds no noise of its own."""
    del factor
    return noise_power(temperature, bandwidth, 1.0)


def measure_scaling(snr: Callable[[float, float, float], float] = radar_snr) -> float:
    """Largest relative departure from range ~ (calibration * rcs / snr)^(1/4)."""
    constant = calibration(1500.0 * KM, 0.1, ratio(15.0))
    worst = 0.0
    for factor in (1e-4, 0.1, 2.0, 16.0, 1e4):
        farther = 1500.0 * KM * factor**0.25
        for got in (
            snr(constant, 0.1 * factor, farther) / ratio(15.0),
            snr(constant * factor, 0.1, farther) / ratio(15.0),
            snr(constant, 0.1, farther) / ratio(15.0) * factor,
        ):
            worst = max(worst, abs(got - 1.0))
    return worst


def one_way_snr(constant: float, rcs_m2: float, range_m: float) -> float:
    """Planted bug: the signal falls with the square of the range, as for a beacon."""
    return constant * rcs_m2 / (1500.0 * KM * range_m) ** 2


def measure_limb(distance: Callable[[float, float], float] = tangent_distance) -> float:
    """Largest difference from the printed distances to the limb [km]."""
    return max(
        abs(distance(height * KM, SPHERE_KM * KM) / KM - wanted)
        for height, wanted in LIMB_KM.items()
    )


def flat_limb(height_m: float, radius_m: float) -> float:
    """Planted bug: the formula for small heights."""
    return math.sqrt(2.0 * radius_m * height_m)


def _check(name: str, **parts: Any) -> Check:
    return Check(name=f"radar/{name}", **parts)


CHECKS: tuple[Check, ...] = (
    _check(
        "exact",
        claim="p_detect of a steady target is the generalised Marcum Q function",
        authority="noncentral chi-square law of SciPy (Boost), 96 cases",
        unit="",
        tolerance=1e-11,
        measure=measure_exact,
        planted_bug=swapped_false_alarm,
        bug="the false alarm rate of one pulse used for the sum",
    ),
    _check(
        "table",
        claim="the signal a steady target needs is the exact one, five published cases",
        authority="square-law detector, printed to 0.001 dB",
        unit="dB",
        tolerance=6e-4,
        measure=measure_table,
        planted_bug=linear_threshold,
        bug="the threshold of a sum is the sum of thresholds",
    ),
    _check(
        "monte-carlo",
        claim="simulated noise and signal are detected as often as p_detect says, five cases",
        authority=f"{TRIALS} trials each, inside the 99.9 % Clopper-Pearson band",
        unit="cases outside",
        tolerance=0.0,
        measure=measure_monte_carlo,
        planted_bug=a_tenth_louder,
        bug="a signal 0.1 dB too strong",
    ),
    _check(
        "swerling-1",
        claim="a Swerling 1 target is detected as the average steady target is",
        authority="adaptive quadrature of the noncentral chi-square law of SciPy",
        unit="",
        tolerance=1e-8,
        measure=measure_swerling,
        planted_bug=p_detect_steady,
        bug="a steady target instead",
    ),
    _check(
        "one-look",
        claim="p_false_alarm^(1 / (1 + snr)) gives the printed needs of a Swerling 1 target",
        authority=f"{RICHARDS}, chapter 6",
        unit="dB",
        tolerance=6e-4,
        measure=measure_one_look,
        planted_bug=one_look_without_noise,
        bug="signal without the noise that comes with it",
    ),
    _check(
        "albersheim",
        claim="Albersheim's formula agrees with the exact statistics",
        authority=f"{RICHARDS}, chapter 6",
        unit="dB",
        tolerance=0.3,
        measure=measure_albersheim,
        planted_bug=albersheim_without_integration,
        bug="pulses added with phase",
    ),
    _check(
        "shnidman",
        claim="Shnidman's formula agrees with the exact statistics",
        authority=f"{RICHARDS}, chapter 6, stated error 0.5 dB",
        unit="dB",
        tolerance=0.5,
        measure=measure_shnidman,
        planted_bug=shnidman_for_sum,
        bug="the need of the sum given as the need of one pulse",
    ),
    _check(
        "echo",
        claim="1 kW, 36 dB, 5.65 GHz, 1 m2 at 75 nautical miles return 6.04e-17 W",
        authority="electronic warfare handbook example, worked with unrounded constants",
        unit="relative",
        tolerance=0.01,
        measure=measure_echo,
        planted_bug=echo_one_gain,
        bug="antenna gain counted on one way only",
    ),
    _check(
        "range",
        claim="1.5 MW, 45 dB, 5.6 GHz, 5 MHz, 3 dB see 0.1 m2 with 20 dB at 85.8 km",
        authority="B. R. Mahafza, Radar Systems Analysis and Design (86.2 km, rounded constants)",
        unit="relative",
        tolerance=0.01,
        measure=measure_range,
        planted_bug=noise_without_factor,
        bug="a receiver that adds no noise",
    ),
    _check(
        "scaling",
        claim="range grows as the fourth root of cross-section and power",
        authority="radar equation",
        unit="relative",
        tolerance=1e-12,
        measure=measure_scaling,
        planted_bug=one_way_snr,
        bug="signal falls with the square of the range",
    ),
    _check(
        "limb",
        claim="a satellite sees the edge of the Earth at the geometric distance",
        authority="300, 500, 1000, 1350, 35786 km above a sphere of 6371 km, printed to 1 km",
        unit="km",
        tolerance=0.5,
        measure=measure_limb,
        planted_bug=flat_limb,
        bug="the formula for small heights",
    ),
    *TIME_CHECKS,
)
