"""Money at the edge: "22 MUSD_2026", "60 GJPY_then". A sum without a year is refused."""

import re
from dataclasses import dataclass
from typing import Literal

from opendome.quantities.dimensions import RATIO
from opendome.quantities.errors import QuantityError
from opendome.quantities.units import parse
from opendome.quantities.values import Interval, Point, TestRecord, Value

_SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_PER = {"": "", "/kg": "per kilogram", "/year": "per year"}
CURRENCIES = ("USD", "JPY", "EUR", "GBP", "ILS", "KRW")
_UNIT = re.compile(
    rf"(?P<scale>[kMGT]?)(?P<currency>{'|'.join(CURRENCIES)})_(?P<year>[0-9]{{4}}|then)"
    rf"(?P<per>/kg|/year)?"
)
_YEARS = (1940, 2100)
PATTERN = rf"^.*[0-9]\s*[kMGT]?({'|'.join(CURRENCIES)})_([0-9]{{4}}|then)(/kg|/year)?$"

Per = Literal["", "/kg", "/year"]


@dataclass(frozen=True, slots=True)
class Money:
    """A sum of money and the year whose prices it is in.

    amount : in whole units of the currency
    base_year : price level; None means then-year money (each part in prices of its own year)
    per : "", "/kg" or "/year"
    """

    amount: Value
    currency: str
    base_year: int | None
    per: Per = ""

    def text(self) -> str:
        """Edge text that reads back to the same sum."""
        size = max(abs(self.amount.quantile(0.0)), abs(self.amount.quantile(1.0)))
        year = "then" if self.base_year is None else str(self.base_year)
        fitting = [scale for scale, factor in _SCALES.items() if size >= factor or not scale]
        texts = [
            f"{_over(self.amount, _SCALES[s]).text()} {s}{self.currency}_{year}{self.per}"
            for s in reversed(fitting)
        ]
        return next((text for text in texts if parse_money(text) == self), texts[-1])


def parse_money(given: str | Money) -> Money:
    """Money of an edge text: number or interval, then scale, currency, price year, and per what.

    "22 MUSD_2026" is 22 million US dollars in prices of 2026, "1..2 GJPY_then" one to two
    milliard yen in prices of the years of payment, "500 USD_2026/kg" a price per kilogram.
    """
    if isinstance(given, Money):
        return given
    number, _, unit = given.strip().rpartition(" ")
    match = _UNIT.fullmatch(unit)
    if match is None or not number:
        raise QuantityError(
            got=repr(given),
            allowed=f"money with its price year, in {', '.join(CURRENCIES)} (scales k, M, G, T)",
            do='write for example "22 MUSD_2026", or "_then" for then-year money',
        )
    year = None if match["year"] == "then" else int(match["year"])
    if year is not None and not _YEARS[0] <= year <= _YEARS[1]:
        raise QuantityError(
            got=f"the price year {year}",
            allowed=f"{_YEARS[0]} to {_YEARS[1]}, or then",
            do="give the year whose prices the sum is in",
        )
    amount = _times(parse(number, RATIO), _SCALES[match["scale"]])
    per: Per = match["per"] or ""  # pyright: ignore[reportAssignmentType]  (the pattern allows only these)
    return Money(amount, match["currency"], year, per)


def _times(amount: Value, factor: float) -> Value:
    if isinstance(amount, Interval):
        return Interval(amount.low * factor, amount.high * factor)
    if isinstance(amount, TestRecord):
        return amount
    return Point(amount.value * factor)


def _over(amount: Value, factor: float) -> Value:
    if isinstance(amount, Interval):
        return Interval(amount.low / factor, amount.high / factor)
    if isinstance(amount, TestRecord):
        return amount
    return Point(amount.value / factor)
