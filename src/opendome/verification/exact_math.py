"""Checks of sums that can be done exactly: the learning curve, fair shares."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.campaign.shapley import marginals, shapley_values, worth_of_all
from opendome.economics.learning import Number, cumulative_usd, unit_usd
from opendome.verification.checks import Check

Curve = Callable[[float, float, float], Number]

# learning share, number -> cost of that unit, first unit 1: the unit column of any printed table
# of learning curves, here n^(log2 share) to the digits such tables print
UNIT = {(0.8, 1): 1.0, (0.8, 2): 0.8, (0.8, 10): 0.4765, (0.8, 20): 0.3812, (0.95, 2): 0.95}
# learning share, number -> cost of all units up to it
TOTAL = {
    (0.8, 10): 6.315,
    (0.8, 20): 10.485,
    (0.8, 100): 32.651,
    (0.95, 10): 8.954,
    (0.95, 100): 76.586,
}
SHARES = (0.05, 0.3, 0.5, 0.7, 0.8, 0.85, 0.95, 0.999999, 1.0)
COUNTS = (1, 2, 15, 16, 17, 18, 65, 1000, 7800, 31200)


def measure_units(curve: Curve = unit_usd) -> float:
    """Largest difference from the printed costs of one unit."""
    return max(
        abs(float(curve(1.0, float(number), share)) - printed)
        for (share, number), printed in UNIT.items()
    )


def cumulative_average(first_usd: float, number: float, learning: float) -> float:
    """Bug: the power law of the mean (Wright's theory) taken for that of the unit."""
    power = 1.0 + math.log2(learning)
    return first_usd * (number**power - (number - 1.0) ** power)


def measure_totals(curve: Curve = cumulative_usd) -> float:
    """Largest difference from the printed costs of all units up to one."""
    return max(
        abs(float(curve(1.0, float(number), share)) - printed)
        for (share, number), printed in TOTAL.items()
    )


def integral(first_usd: float, units: float, learning: float) -> float:
    """Bug: the sum replaced by the integral from a half to N and a half."""
    power = 1.0 + math.log2(learning)
    return first_usd * ((units + 0.5) ** power - 0.5**power) / power


def measure_sum(curve: Curve = cumulative_usd) -> float:
    """Largest relative difference from the sum, term by term, rounded once."""
    worst = 0.0
    for share in SHARES:
        power = math.log2(share)
        for count in COUNTS:
            exact = math.fsum(n**power for n in range(1, count + 1))
            worst = max(worst, abs(float(curve(1.0, float(count), share)) / exact - 1.0))
    return worst


def one_correction(first_usd: float, units: float, learning: float) -> float:
    """Bug: the Euler-Maclaurin formula from the first unit, with one correction only."""
    b = math.log2(learning)
    body = math.log(units) if b == -1.0 else (units ** (1.0 + b) - 1.0) / (1.0 + b)
    ends = 0.5 * (1.0 + units**b) + b / 12.0 * (units ** (b - 1.0) - 1.0)
    return first_usd * (body + ends)


# games whose shares are known: number of players, worth of a coalition, shares
RUNWAYS_M = (8.0, 11.0, 13.0, 18.0)
VOTES, QUOTA = (3, 2, 1, 1), 4
Flags = tuple[bool, ...]
Table = npt.NDArray[np.float64]
GAMES: tuple[tuple[int, Callable[[Flags], float], tuple[float, ...]], ...] = (
    (3, lambda f: float((f[0] or f[1]) and f[2]), (1 / 6, 1 / 6, 2 / 3)),
    (4, lambda f: max(x * flag for x, flag in zip(RUNWAYS_M, f, strict=True)), (2, 3, 4, 9)),
    (
        4,
        lambda f: float(sum(v for v, flag in zip(VOTES, f, strict=True) if flag) >= QUOTA),
        (1 / 2, 1 / 6, 1 / 6, 1 / 6),
    ),
)


def measure_shares(shares: Callable[[Table], Table] = shapley_values) -> float:
    """Largest difference from the known shares of three games."""
    return max(
        float(np.abs(shares(worth_of_all(players, worth)) - known).max())
        for players, worth, known in GAMES
    )


def banzhaf(worth: Table) -> Table:
    """Bug: every coalition counts alike, whatever its size."""
    players = worth.size.bit_length() - 1
    return np.array([marginals(worth, player)[0].mean() for player in range(players)])


def _check(part: str, **fields: Any) -> Check:
    return Check(name=f"exact-math/{part}", **fields)


CHECKS = (
    _check(
        "learning-unit",
        claim="80 %: the 10th unit costs 0.4765 and the 20th 0.3812 of the first",
        authority="unit theory of the learning curve, n^(log2 share), as its tables print it",
        unit="first unit",
        tolerance=5e-5,
        measure=measure_units,
        planted_bug=cumulative_average,
        bug="power law of the mean taken for that of the unit",
    ),
    _check(
        "learning-total",
        claim="80 %: 10, 20, 100 units cost 6.315, 10.485, 32.651; 95 %: 8.954 and 76.586",
        authority="unit theory of the learning curve, sums as its tables print them",
        unit="first unit",
        tolerance=5e-4,
        measure=measure_totals,
        planted_bug=integral,
        bug="sum replaced by an integral",
    ),
    _check(
        "learning-sum",
        claim="the cost of 1 to 31,200 units at 5 to 100 % is the sum of its terms",
        authority="direct summation with one rounding",
        unit="relative",
        tolerance=1e-13,
        measure=measure_sum,
        planted_bug=one_correction,
        bug="Euler-Maclaurin formula from the first unit with one correction",
    ),
    _check(
        "fair-shares",
        claim="glove market 1/6, 1/6, 2/3; airport 2, 3, 4, 9; vote 1/2, 1/6, 1/6, 1/6",
        authority="Shapley 1953, Shapley and Shubik 1954, Littlechild and Owen 1973",
        unit="worth of the game",
        tolerance=1e-12,
        measure=measure_shares,
        planted_bug=banzhaf,
        bug="every coalition weighted alike",
    ),
)
