"""Cost figures of a scenario as numbers: intervals drawn, money in dollars of one year."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import plain_uniforms
from opendome.draws.purposes import purpose
from opendome.economics.dollars import CURRENCY, in_prices_of, price_index
from opendome.economics.learning import Number
from opendome.quantities.errors import OpendomeError
from opendome.quantities.money import Money
from opendome.quantities.values import Interval, TestRecord, Value
from opendome.sources.records import Passport

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A cost figure of a scenario: a quantity or a sum of money, and where it is from."""

    path: str
    value: Value | Money
    passport: Passport


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Every cost figure of a scenario.

    figures : path -> figure     price_year : whose prices sums are wanted in
    samples, seed : how many values an uncertain figure is drawn with, and of which luck
    """

    figures: Mapping[str, Figure]
    price_year: int
    samples: int
    seed: int

    def number(self, path: str) -> Number | None:
        """A figure in SI or in US dollars of the price year; None if there is none.

        Returns a float where it is known, (sample,) values where it is an interval. The value of
        a sample follows from seed, path and its place alone.
        """
        figure = self.figures.get(path)
        if figure is None:
            return None
        value = figure.value
        if isinstance(value, Money):
            value = in_prices_of_year(figure, value, self.price_year)
        return self.drawn(path, value)

    def drawn(self, path: str, value: Value) -> Number:
        """A value, or so many values of an uncertain one (sample,)."""
        if not value.uncertain:
            return value.middle
        u = plain_uniforms(self.seed, purpose(f"cost {path}"), self.samples)
        if isinstance(value, TestRecord):
            return np.array([value.quantile(float(part)) for part in u])
        if isinstance(value, Interval) and value.whole:
            steps = np.floor(u * (value.high - value.low + 1.0))
            return np.minimum(value.high, value.low + steps)
        return value.quantile(0.0) + u * (value.quantile(1.0) - value.quantile(0.0))

    def sources(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Ids of what these figures rest on, the price index included where one was converted."""
        found: list[str] = []
        for path in paths:
            figure = self.figures.get(path)
            if figure is not None:
                found += [*figure.passport.sources, *self._of_prices(figure)]
        return tuple(dict.fromkeys(found))

    def unverified(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these figures that are unverified."""
        known = (path for path in paths if path in self.figures)
        return tuple(p for p in known if self.figures[p].passport.basis == "unverified")

    def then_year(self) -> tuple[str, ...]:
        """Paths of sums in then-year money."""
        return tuple(
            path
            for path, figure in self.figures.items()
            if isinstance(figure.value, Money) and figure.value.base_year is None
        )

    def _of_prices(self, figure: Figure) -> tuple[str, ...]:
        if not isinstance(figure.value, Money):
            return ()
        given = _year_of(figure, figure.value)
        if given is None or given == self.price_year:
            return ()
        return price_index().sources(given, self.price_year)


def in_prices_of_year(figure: Figure, money: Money, year: int) -> Value:
    """A sum of a scenario in US dollars of a year; errors name its place.

    Then-year money is taken as of the year its passport stands for.
    """
    try:
        return in_prices_of(money, year, spent=_year_of(figure, money))
    except OpendomeError as problem:
        raise problem.at(figure.path) from None


def _year_of(figure: Figure, money: Money) -> int | None:
    """Price year of a sum; of then-year money the year its passport stands for."""
    if money.base_year is not None or money.currency != CURRENCY:
        return money.base_year
    year = figure.passport.as_of[:4]
    return int(year) if year.isdigit() else None
