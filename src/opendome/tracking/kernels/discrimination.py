"""What a sensor tells about the kind of an object: evidence that grows while it watches."""

import math

from opendome.compiled import kernel


@kernel
def information(k_factor: float, k_time_s: float, before_s: float, after_s: float) -> float:
    """Information added by watching on, from `before_s` to `after_s` seconds in all.

    k_factor : distance of the mean features of threats and of other bodies, in standard
        deviations, once the sensor has watched for `k_time_s` [s]
    Returns dI, in squared standard deviations.
    Model: I(w) = K^2 min(1, w / k_time): features are averaged over the time watched, and
    nothing is left to be told after `k_time_s`.
    """
    if k_time_s <= 0.0:
        return 0.0
    grown = min(1.0, after_s / k_time_s) - min(1.0, before_s / k_time_s)
    return k_factor * k_factor * max(0.0, grown)


@kernel
def evidence(added: float, threat: bool, luck: float) -> float:
    """Log odds that information `added` gives, by the luck of its noise (standard normal).

    Model: log-likelihood ratio of two normal features of equal variance: mean dI/2 for a threat
    and -dI/2 for anything else, variance dI. Increments of one sensor add up to the ratio of
    the whole: mean K^2/2, variance K^2.
    Source: H. L. Van Trees, Detection, Estimation, and Modulation Theory, Part I, 1968, 2.2.
    """
    mean = 0.5 * added if threat else -0.5 * added
    return mean + math.sqrt(added) * luck
