"""Learning curve: each doubling of the number made multiplies the cost of a unit by `learning`."""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
Number = float | Floats

# Bernoulli numbers over factorials, B2/2! B4/4! B6/6! B8/8!, for the Euler-Maclaurin formula
WEIGHTS = (1.0 / 12.0, -1.0 / 720.0, 1.0 / (6.0 * 5040.0), -1.0 / (30.0 * 40320.0))
EXACT_MAX = 16  # units summed one by one; from there the series is exact to rounding


class LearningError(OpendomeError, ValueError):
    """A learning share or a number of units that makes no sense. Also a ValueError."""


def exponent(learning: Number) -> Number:
    """Power b with which the cost of a unit follows its number.

    learning : (...) share of the cost that is left when the number doubles, above 0 up to 1
    Returns (...) b = log2(learning), 0 or less.
    Source: T. P. Wright, "Factors Affecting the Cost of Airplanes", Journal of the
    Aeronautical Sciences 3 (1936) 122-128.
    """
    share = np.asarray(learning, dtype=np.float64)
    if not np.all((share > 0.0) & (share <= 1.0)):
        raise LearningError(
            got=f"the learning share {_shown(share)}",
            allowed="more than 0, at most 1 (0.85: a unit costs 85 % when the number doubles)",
            do="give the share that is left, not the share that is saved",
        )
    return _like(np.log2(share), learning)


def unit_usd(first_usd: Number, number: Number, learning: Number) -> Number:
    """Cost of one unit [US dollars].

    first_usd : (...) cost of the first unit [US dollars]
    number : (...) place in the line, from 1     learning : (...) as in `exponent`
    Returns (...) [US dollars].
    Model: T1 n^b.     Valid for: n of 1 or more; one line of production without a break.
    Source: unit theory after J. R. Crawford (Lockheed, 1944), as handbooks of cost give it.
    """
    place = _checked(number, least=1.0, what="number of a unit")
    return first_usd * place ** exponent(learning)


def cumulative_usd(first_usd: Number, units: Number, learning: Number) -> Number:
    """Cost of the first so many units together [US dollars].

    first_usd : (...) cost of the first unit [US dollars]     units : (...) how many, 0 or more
    learning : (...) as in `exponent`
    Returns (...) [US dollars].
    Model: T1 times the sum of n^b from 1 to N: the first 16 are added one by one, the rest by
    the Euler-Maclaurin formula with four corrections; a part of a unit costs that part.
    Valid for: any N; relative error below 1e-13 against the sum.
    Source: unit theory as in `unit_usd`; NIST Digital Library of Mathematical Functions 2.10.1.
    """
    count = _checked(units, least=0.0, what="number of units")
    power = np.asarray(exponent(learning))
    whole = np.floor(count)
    made = _power_sum(whole, power) + (count - whole) * (whole + 1.0) ** power
    return _like(first_usd * made, first_usd, units, learning)


def average_continuous_usd(first_usd: Number, units: Number, learning: Number) -> Number:
    """Mean cost of a unit by the closed form of the public calculator [US dollars].

    first_usd, units, learning : as in `cumulative_usd`, with 1 unit or more
    Returns (...) [US dollars].
    Model: T1 (N^(1+b) + 1) / (N (1 + b)).
    Valid for: reproducing that calculator only. The sum is replaced by an integral with 1 added,
    and one unit comes out as 2/(1+b) times its cost. No answer at a learning of 0.5, where 1 + b
    is 0, and none with a meaning below.
    Source: T. Harrison (AEI), Space-Based Interceptor Calculator (2025).
    """
    count = _checked(units, least=1.0, what="number of units")
    steep = 1.0 + np.asarray(exponent(learning))
    if not np.all(steep > 0.0):
        raise LearningError(
            got=f"the learning share {_shown(np.asarray(learning))} in the calculator's form",
            allowed="more than 0.5, where its integral is positive",
            do="give a larger share, or use the exact sum (cumulative_usd)",
        )
    return _like(first_usd * (count**steep + 1.0) / (count * steep), first_usd, units, learning)


def _power_sum(whole: Floats, power: Floats) -> Floats:
    """Sum of n^power for n = 1..whole, element by element."""
    if whole.size == 1 and power.size == 1:
        return np.asarray(_scalar_sum(float(whole.item()), float(power.item()))).reshape(
            np.broadcast_shapes(whole.shape, power.shape)
        )
    head = _head(np.minimum(whole, EXACT_MAX), power)
    first, last = float(EXACT_MAX), np.maximum(whole, EXACT_MAX)
    return head + _between(np.full_like(last, first), last, power)


@lru_cache(maxsize=1024)
def _scalar_sum(whole: float, power: float) -> float:
    """The same for one number, remembered: studies ask again and again."""
    head = math.fsum(n**power for n in range(1, int(min(whole, EXACT_MAX)) + 1))
    if whole <= EXACT_MAX:
        return head
    ends = np.array([float(EXACT_MAX)]), np.array([whole])
    return head + float(_between(*ends, np.array([power]))[0])


def _head(count: Floats, power: Floats) -> Floats:
    """Sum of n^power for n = 1..count, one by one; count (...) is at most EXACT_MAX."""
    total = np.zeros(np.broadcast_shapes(count.shape, power.shape))
    for place in range(1, int(count.max(initial=0.0)) + 1):
        total += np.where(count >= place, float(place) ** power, 0.0)
    return total


def _between(first: Floats, last: Floats, power: Floats) -> Floats:
    """Sum of n^power for n = first+1..last by the Euler-Maclaurin formula.

    The integral is written with expm1, so that it holds where 1 + power is 0.
    """
    steep = 1.0 + power
    log_ratio = np.log(last / first)
    small = np.abs(steep * log_ratio) < 1e-9
    safe = np.where(steep == 0.0, 1.0, steep)
    curved = first**steep * np.expm1(safe * log_ratio) / safe
    flat = first**steep * log_ratio * (1.0 + 0.5 * steep * log_ratio)
    total = np.where(small, flat, curved) + 0.5 * (last**power - first**power)
    falling = power
    for order, weight in enumerate(WEIGHTS):
        step = 2 * order + 1
        total = total + weight * falling * (last ** (power - step) - first ** (power - step))
        falling = falling * (power - step) * (power - step - 1.0)
    return total


def _checked(count: Number, *, least: float, what: str) -> Floats:
    """The counts as an array, if they are numbers of `least` or more."""
    values = np.asarray(count, dtype=np.float64)
    if not np.all(np.isfinite(values) & (values >= least)):
        raise LearningError(
            got=f"the {what} {_shown(values)}",
            allowed=f"{least:g} or more",
            do="give how many are made",
        )
    return values


def _like(result: Floats, *given: Number) -> Number:
    """A plain float where no input was an array."""
    if any(isinstance(value, np.ndarray) for value in given):
        return result
    return float(result)


def _shown(values: Floats) -> str:
    """One number as it is, several as their range."""
    if values.size == 1:
        return f"{float(values.ravel()[0]):g}"
    return f"{float(values.min()):g} to {float(values.max()):g}"
