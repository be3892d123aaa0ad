"""Errors that looks have in common: what a look still tells when its sensor is biased.

A bias b is the same in look after look and changes slowly: first-order Gauss-Markov with a memory,
correlation exp(-dt / memory). Adding up looks as if they were independent would average it away.
Here each look gets the information by which it really adds to what is known of a direction that
stays: with S = sum of 1 / sigma^2 of the looks remembered, all of them tell S / (1 + b^2 S),
which never exceeds 1 / b^2.

Source: F. C. Schweppe, Uncertain Dynamic Systems, 1973 (consider states), for a bias that stays;
U. Grenander, Stochastic processes and statistical inference, Arkiv for Matematik 1, 1950, section
4.3 (mean of a Gauss-Markov process), for one that changes.
"""

import math

from opendome.compiled import kernel


@kernel
def remembered(dt_s: float, memory_s: float) -> float:
    """Part of what looks told that still counts after a time.

    dt_s : since the last look, 0 or more [s]     memory_s : of the bias, inf for one that stays [s]
    Returns 0 to 1.
    Model: 2 rho / (1 + rho), rho = exp(-dt / memory). Then looks without any noise of their own,
    dt apart, tell 1 / b^2 (1 + n (1 - rho) / (1 + rho)) after n steps, as the best estimate of
    the mean of a Gauss-Markov sequence does.
    """
    rho = math.exp(-dt_s / memory_s)
    return 2.0 * rho / (1.0 + rho)


@kernel
def share_after_bias(
    seen: float, kept: float, fresh: float, bias_square: float
) -> tuple[float, float]:
    """Share of the information of one look that is left beside a common bias.

    seen : information of noise alone of the looks before, as this function gave it
    kept : part of it that still counts, `remembered`     fresh : 1 / sigma^2 of this look
    bias_square : b^2, in the unit of 1 / fresh
    Returns (share, seen) with this look; share is 0 to 1.
    Model: what is known grows from kept * S / (1 + b^2 S) to S' / (1 + b^2 S'), S' = kept * S +
    fresh; the look is worth the difference, but never more than it would be alone,
    1 / (sigma^2 + b^2).
    Valid for: a direction measured again and again at a steady pace: exact for a bias that
    stays, within 4 % of the best estimate for one that changes. Speeds come out worse than they
    are, for a bias that stays does not spoil a speed.
    """
    after = kept * seen + fresh
    grown = fresh + bias_square * seen * after * (1.0 - kept)
    grown /= (1.0 + bias_square * seen) * (1.0 + bias_square * after)
    return min(grown / fresh, 1.0 / (1.0 + bias_square * fresh)), after


@kernel
def common_share(seen: float, sigma: float, bias: float) -> tuple[float, float]:
    """Share of the information of one look beside an error that all looks have in common.

    seen : information of noise alone of the looks before     sigma : noise of this look, above 0
    bias : standard deviation of the error that stays, in the unit of sigma
    Returns (share, seen) with this look; a share of 1 without a bias.
    Model: `share_after_bias` for a bias that stays: all looks together tell S / (1 + b^2 S).
    """
    if not bias > 0.0:
        return 1.0, seen
    return share_after_bias(seen, 1.0, 1.0 / (sigma * sigma), bias * bias)
