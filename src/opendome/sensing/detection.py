"""Comparison formulas for detection, and the inverse of the exact statistics.

The simulator plays the exact statistics of `kernels.detection`. The two published
approximations here exist to check them and to be compared with by a reader.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Literal

from opendome.sensing.kernels.detection import p_detect_steady

PDetect = Callable[[float, float, int], float]

ALBERSHEIM_DOMAIN = "0.3 <= p_detect <= 0.9, 1e-7 <= p_false_alarm <= 1e-3, 1 <= pulses <= 8096"
SHNIDMAN_DOMAIN = "0.1 <= p_detect <= 0.99, 1e-9 <= p_false_alarm <= 1e-3, 1 <= pulses <= 100"


def albersheim_snr_db(p_detect: float, p_false_alarm: float, pulses: int) -> float:
    """Signal-to-noise ratio of one pulse that a steady target needs, approximately [dB].

    p_detect, p_false_alarm : wanted chances     pulses : samples added
    Returns [dB].
    Model: A = ln(0.62 / p_false_alarm), B = ln(p_detect / (1 - p_detect)),
    -5 log10 N + (6.2 + 4.54 / sqrt(N + 0.44)) log10(A + 0.12 A B + 1.7 B).
    Valid for: `ALBERSHEIM_DOMAIN`, within 0.3 dB of the exact square-law need. Stated is
    0.2 dB for a linear detector from p_detect 0.1 on; at 0.1 it asks for 0.4 to 4 dB too little.
    Source: W. J. Albersheim, Closed-form approximation to Robertson's detection
    characteristics, Proc. IEEE 69, 1981; M. A. Richards 2014, chapter 6.
    """
    a = math.log(0.62 / p_false_alarm)
    b = math.log(p_detect / (1.0 - p_detect))
    slope = 6.2 + 4.54 / math.sqrt(pulses + 0.44)
    return -5.0 * math.log10(pulses) + slope * math.log10(a + 0.12 * a * b + 1.7 * b)


def shnidman_snr_db(
    p_detect: float, p_false_alarm: float, pulses: int, *, swerling: Literal[0, 1, 2, 3, 4] = 0
) -> float:
    """Signal-to-noise ratio of one pulse that a target needs, approximately [dB].

    p_detect, p_false_alarm : wanted chances     pulses : samples added
    swerling : how the cross-section changes     Returns [dB].
    Valid for: `SHNIDMAN_DOMAIN`; stated error 0.5 dB (about 1 dB where Swerling 1 is far out).
    Source: D. A. Shnidman, Determination of required SNR values, IEEE Trans. Aerospace and
    Electronic Systems 38, 2002; M. A. Richards 2014, chapter 6.
    """
    one_over_k = {0: 0.0, 1: 1.0, 2: 1.0 / pulses, 3: 0.5, 4: 0.5 / pulses}[swerling]
    alpha = 0.0 if pulses < 40 else 0.25
    eta = math.sqrt(-0.8 * math.log(4.0 * p_false_alarm * (1.0 - p_false_alarm)))
    eta += math.copysign(
        math.sqrt(max(0.0, -0.8 * math.log(4.0 * p_detect * (1.0 - p_detect)))), p_detect - 0.5
    )
    steady = eta * (eta + 2.0 * math.sqrt(pulses / 2.0 + (alpha - 0.25)))
    extra_db = ((17.7006 * p_detect - 18.4496) * p_detect + 14.5339) * p_detect - 3.525
    if p_detect > 0.872:
        bend = 0.7 * math.log(1e-5 / p_false_alarm) + (2.0 * pulses - 20.0) / 80.0
        extra_db += math.exp(27.31 * p_detect - 25.14) + (p_detect - 0.8) * bend
    return 10.0 * math.log10(steady / pulses) + extra_db * one_over_k


def required_snr_db(
    p_detect: float, p_false_alarm: float, pulses: int, *, model: PDetect = p_detect_steady
) -> float:
    """Signal-to-noise ratio of one pulse that gives `p_detect`, exactly [dB].

    model : `p_detect_steady` or `p_detect_swerling1`     Returns [dB], to 1e-9 dB.
    Valid for: p_false_alarm < p_detect < 1.
    Source: bisection on the exact statistics.
    """
    low, high = -60.0, 120.0
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        if model(10.0 ** (0.1 * middle), p_false_alarm, pulses) < p_detect:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def amplitude_threshold(p_false_alarm: float) -> float:
    """Threshold in standard deviations of Gaussian noise that noise crosses so often.

    p_false_alarm : one-sided chance     Returns [standard deviations].
    Valid for: 0 < p_false_alarm < 1.  Source: definition.
    """
    return -NormalDist().inv_cdf(p_false_alarm)
