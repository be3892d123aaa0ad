"""Checks of sums that can be done exactly: the learning curve."""

import math
from collections.abc import Callable
from typing import Any

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
COUNTS = (1, 2, 63, 64, 65, 66, 1000, 7800, 31200)


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
)
