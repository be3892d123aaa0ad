"""What is known of a number: a point, an interval or a test record. Always base SI inside."""

import math
from dataclasses import dataclass

from opendome.quantities.dimensions import factor_of, to_si

_DIGITS = (6, 9, 12, 15, 16, 17)


@dataclass(frozen=True, slots=True)
class Point:
    """A value taken as known [SI]."""

    value: float

    @property
    def middle(self) -> float:
        """The value itself."""
        return self.value

    @property
    def uncertain(self) -> bool:
        """Never."""
        return False

    def quantile(self, u: float) -> float:
        """The value itself, whatever `u` in (0, 1) is."""
        del u
        return self.value

    def text(self, unit: str = "") -> str:
        """Edge text in `unit` that reads back to the same value."""
        return _with_unit(number_text(self.value, factor_of(unit)), unit)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value known to lie in low..high, each part of it as likely as any other [SI].

    whole : only whole numbers are meant, each equally likely
    """

    low: float
    high: float
    whole: bool = False

    @property
    def middle(self) -> float:
        """Centre of the interval, which is its mean."""
        return 0.5 * (self.low + self.high)

    @property
    def uncertain(self) -> bool:
        """True unless both ends agree."""
        return self.high > self.low

    def quantile(self, u: float) -> float:
        """Value below which the share `u` in (0, 1) of the interval lies."""
        if self.whole:
            return min(self.high, self.low + math.floor(u * (self.high - self.low + 1.0)))
        return self.low + u * (self.high - self.low)

    def text(self, unit: str = "") -> str:
        """Edge text in `unit` that reads back to the same interval."""
        factor = factor_of(unit)
        both = f"{number_text(self.low, factor)}..{number_text(self.high, factor)}"
        return _with_unit(both, unit)


@dataclass(frozen=True, slots=True)
class TestRecord:
    """`successes` in `trials` independent tests of one unknown probability.

    Model: Jeffreys posterior Beta(successes + 1/2, trials - successes + 1/2).
    Source: L. D. Brown, T. T. Cai, A. DasGupta, "Interval Estimation for a Binomial
    Proportion", Statistical Science 16 (2001) 101-133, section 3.1.2.
    """

    __test__ = False  # not a pytest class

    successes: int
    trials: int

    @property
    def middle(self) -> float:
        """Mean of the posterior."""
        return (self.successes + 0.5) / (self.trials + 1.0)

    @property
    def uncertain(self) -> bool:
        """Always: a record never proves a probability."""
        return True

    def quantile(self, u: float) -> float:
        """Probability below which the share `u` in (0, 1) of the posterior lies."""
        from scipy.special import betaincinv  # heavy, and needed by few

        return float(betaincinv(self.successes + 0.5, self.trials - self.successes + 0.5, u))

    def text(self, unit: str = "") -> str:
        """The record as "12 of 21"; a record has no unit."""
        del unit
        return f"{self.successes} of {self.trials}"


Value = Point | Interval | TestRecord


def number_text(value: float, factor: float) -> str:
    """Shortest decimal text t with ``to_si(float(t), factor) == value``, else the closest one."""
    scaled = value / factor
    for digits in _DIGITS:
        text = f"{scaled:.{digits}g}"
        if to_si(float(text), factor) == value:
            return _plain(text)
    return _plain(f"{scaled:.17g}")


def reads_back(value: Value, unit: str) -> bool:
    """Whether the text of `value` in `unit` gives exactly `value` again."""
    if isinstance(value, TestRecord):
        return True
    factor = factor_of(unit)
    numbers = (value.low, value.high) if isinstance(value, Interval) else (value.value,)
    return all(to_si(float(number_text(n, factor)), factor) == n for n in numbers)


def _plain(text: str) -> str:
    """Write 1e+06 as 1e6 and short exponents as plain digits."""
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    whole = float(text)
    if whole.is_integer() and abs(whole) < 1e9:
        return str(int(whole))
    return f"{mantissa}e{int(exponent)}"


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}" if unit else text
