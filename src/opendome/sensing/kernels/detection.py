"""Detection statistics: the chance that a signal in noise crosses a threshold.

Square-law detection of `pulses` samples, each of signal-to-noise power ratio `snr`, added
without phase. With noise power 1 the sum of noise alone is Gamma(pulses, 1), and a gamma
law is a count: it exceeds a threshold T exactly when a Poisson(T) number M is smaller
than `pulses`. A signal adds a random number K of further counts, so that

    p_detect = P(M <= pulses - 1 + K),   M ~ Poisson(T),

with K ~ Poisson(pulses * snr) for a steady target (this is Marcum's generalised Q
function) and K geometric with mean pulses * snr for a Swerling 1 target. Every sum below
has only positive terms, so that small chances keep their digits.
"""

import math

from opendome.compiled import kernel

_TAIL = 40.0  # standard deviations beyond which a Poisson sum is complete in float64


@kernel
def _log_poisson(count: int, mean: float) -> float:
    """Logarithm of the Poisson probability of `count`."""
    if mean <= 0.0:
        return 0.0 if count == 0 else -math.inf
    return count * math.log(mean) - mean - math.lgamma(count + 1.0)


@kernel
def _poisson_at_most(count: int, mean: float) -> float:
    """P(Poisson(mean) <= count), summed on the side that has the smaller tail."""
    if mean <= 0.0:
        return 1.0
    if count < mean:
        term = 1.0
        total = 0.0
        m = count
        while m >= 0 and term > 0.0:
            total += term
            term *= m / mean
            m -= 1
        return math.exp(_log_poisson(count, mean)) * total
    term = 1.0
    total = 0.0
    m = count + 1
    while term > 0.0 and term > total * 1e-17:
        total += term
        m += 1
        term *= mean / m
    return 1.0 - math.exp(_log_poisson(count + 1, mean)) * total


@kernel
def threshold(p_false_alarm: float, pulses: int) -> float:
    """Threshold on the summed power, in units of the mean noise power of one pulse.

    p_false_alarm : chance that noise alone crosses     pulses : samples added
    Returns T with P(Gamma(pulses, 1) > T) = p_false_alarm.
    Model: closed form -ln(p_false_alarm) for one pulse, else bisection.
    Valid for: 0 < p_false_alarm < 1, pulses >= 1; error below 1e-13 relative.
    Source: M. A. Richards, Fundamentals of Radar Signal Processing, 2nd ed. 2014, chapter 6.
    """
    if not 0.0 < p_false_alarm < 1.0 or pulses < 1:
        return math.nan
    if pulses == 1:
        return -math.log(p_false_alarm)
    low = 0.0
    high = float(pulses)
    while _poisson_at_most(pulses - 1, high) > p_false_alarm:
        low = high
        high *= 2.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if _poisson_at_most(pulses - 1, middle) > p_false_alarm:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def p_detect_steady(snr: float, p_false_alarm: float, pulses: int) -> float:
    """Chance to detect a target of constant cross-section (Swerling 0).

    snr : power ratio of one pulse     p_false_alarm : of the sum     pulses : samples added
    Returns p_detect.
    Model: generalised Marcum Q of order `pulses`, as the Poisson mixture of the module text.
    Valid for: snr >= 0, 1 <= pulses <= 10000; absolute error below 1e-10 (1e-12 up to 100).
    Source: J. I. Marcum, A Statistical Theory of Target Detection by Pulsed Radar,
    RAND RM-754, 1947; mixture: Johnson, Kotz, Balakrishnan, Continuous Univariate
    Distributions vol. 2, chapter 29.
    """
    limit = threshold(p_false_alarm, pulses)
    if not snr >= 0.0 or math.isnan(limit):
        return math.nan
    mean = pulses * snr
    spread = math.sqrt(mean) + 1.0
    first = max(0, int(mean - 12.0 * spread)) if mean < 1e15 else int(1e15)
    if pulses - 1 + first > limit + _TAIL * (math.sqrt(limit) + 1.0):
        return 1.0
    # weight of K = first + i, scaled so that the sum of all weights is 1
    weight = math.exp(_log_poisson(first, mean))
    below = _poisson_at_most(pulses - 1 + first, limit)
    step = math.exp(_log_poisson(pulses + first, limit))
    total = 0.0
    weights = 0.0
    k = first
    last = int(mean + 12.0 * spread + 60.0)
    while k <= last:
        total += weight * below
        weights += weight
        k += 1
        weight *= mean / k
        below = min(1.0, below + step)
        step *= limit / (pulses + k)
    return min(1.0, total / weights)


@kernel
def p_detect_swerling1(snr: float, p_false_alarm: float, pulses: int) -> float:
    """Chance to detect a target whose cross-section changes from look to look (Swerling 1).

    snr : mean power ratio of one pulse     p_false_alarm : of the sum     pulses : samples added
    Returns p_detect.
    Model: exponential cross-section, constant during a look; sum of the module text.
    Valid for: snr >= 0, 1 <= pulses <= 10000; absolute error below 1e-10 (1e-12 up to 100).
    Source: P. Swerling, Probability of Detection for Fluctuating Targets, RAND RM-1217, 1954.
    """
    limit = threshold(p_false_alarm, pulses)
    if not snr >= 0.0 or math.isnan(limit):
        return math.nan
    mean = pulses * snr
    keep = mean / (1.0 + mean) if mean < 1e300 else 1.0
    total = _poisson_at_most(pulses - 1, limit)
    step = math.exp(_log_poisson(pulses, limit))
    m = pulses
    factor = keep
    last = int(limit + _TAIL * (math.sqrt(limit) + 1.0))
    while m <= last:
        total += step * factor
        factor *= keep
        m += 1
        step *= limit / m
    return min(1.0, total)


@kernel
def p_detect_one_look(snr: float, p_false_alarm: float) -> float:
    """Chance to detect a Swerling 1 target with one (coherently added) look.

    snr : mean power ratio     p_false_alarm : of the look     Returns p_detect.
    Model: p_false_alarm ** (1 / (1 + snr)), exact.
    Valid for: snr >= 0.
    Source: M. A. Richards, Fundamentals of Radar Signal Processing, 2nd ed. 2014, chapter 6.
    """
    return p_false_alarm ** (1.0 / (1.0 + snr))


@kernel
def p_detect_amplitude(snr: float, threshold_sigmas: float) -> float:
    """Chance that a known signal in Gaussian noise crosses a threshold.

    snr : signal over the standard deviation of the noise (an amplitude ratio)
    threshold_sigmas : threshold over the standard deviation of the noise
    Returns p_detect.  Model: Phi(snr - threshold).  Valid for: every finite input.
    Source: M. A. Richards, Fundamentals of Radar Signal Processing, 2nd ed. 2014, chapter 6.
    """
    return 0.5 * math.erfc((threshold_sigmas - snr) / math.sqrt(2.0))
