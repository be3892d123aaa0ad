"""Money of one price year as money of another, by a published index of US prices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from opendome.quantities.errors import OpendomeError
from opendome.quantities.money import Money
from opendome.quantities.values import Interval, Point, TestRecord, Value
from opendome.sources.catalogue import CATALOGUE, parse_plain, read_parameter
from opendome.sources.records import Passport

CURRENCY = "USD"


class PriceError(OpendomeError, ValueError):
    """Money that cannot be brought to the prices of another year. Also a ValueError."""


@dataclass(frozen=True, kw_only=True)
class PriceIndex:
    """A published index of prices.

    level : calendar year -> level of prices     passports : calendar year -> where it is from
    """

    name: str
    level: Mapping[int, float]
    passports: Mapping[int, Passport]

    @property
    def first(self) -> int:
        """First year of the table."""
        return min(self.level)

    @property
    def last(self) -> int:
        """Last year of the table."""
        return max(self.level)

    def factor(self, *, of: int, at: int) -> float:
        """What a dollar of the year `of` is in dollars of the year `at`.

        Model: ratio of the two levels.     Valid for: sums that moved with prices as a whole;
        weapons and launches may not have.
        """
        return self._at(at) / self._at(of)

    def sources(self, *years: int) -> tuple[str, ...]:
        """Ids of the sources of these years, each once."""
        found = (source for year in years for source in self.passports[year].sources)
        return tuple(dict.fromkeys(found))

    def _at(self, year: int) -> float:
        if year not in self.level:
            raise PriceError(
                got=f"the price year {year}",
                allowed=f"{self.first} to {self.last}, the years of the {self.name}",
                do="choose a year of the table",
            )
        return self.level[year]


@cache
def price_index() -> PriceIndex:
    """The index of the catalogue, observed years and projected ones."""
    entry = parse_plain((CATALOGUE / "price-index.yaml").read_text("utf-8"))
    level: dict[int, float] = {}
    passports: dict[int, Passport] = {}
    for part, body in entry["parts"].items():
        words = {key: body[key] for key in body if key != "years"}
        years = body["years"]
        parameter = read_parameter(
            part, {**words, "value": list(years.values())}, entry["as_of"], "price-index"
        )
        for year, text in years.items():
            level[int(year)] = float(text)
            passports[int(year)] = parameter.passport
    return PriceIndex(name=entry["name"], level=level, passports=passports)


def in_prices_of(money: Money, year: int, *, spent: int | None = None) -> Value:
    """A sum in US dollars of another price year.

    money : in US dollars; per kilogram or per year stays so     year : the price year wanted
    spent : year in which then-year money was or will be paid; needed for that, and only for that
    Returns the amount [US dollars]; an interval stays one.
    Model: ratio of the GDP price index in the two years.
    Valid for: the years of the table. A fiscal year counts as the calendar year of its name.
    Source: catalogue/price-index.yaml.
    """
    if money.currency != CURRENCY:
        raise PriceError(
            got=f"{money.text()}, a sum in {money.currency}",
            allowed="US dollars: no published rate of exchange is in the catalogue",
            do="give the sum in US dollars with its price year",
        )
    base = money.base_year if money.base_year is not None else spent
    if base is None:
        raise PriceError(
            got=f"{money.text()}, then-year money without the year it is paid",
            allowed="a sum with its price year, or the year in which it was spent",
            do="give the price year, as in 22 MUSD_2026",
        )
    factor = price_index().factor(of=base, at=year)
    return money.amount if factor == 1.0 else _times(money.amount, factor)


def price_years() -> Iterator[int]:
    """Years whose prices can be asked for."""
    return iter(sorted(price_index().level))


def _times(amount: Value, factor: float) -> Value:
    if isinstance(amount, Interval):
        return Interval(amount.low * factor, amount.high * factor)
    if isinstance(amount, TestRecord):
        raise PriceError(
            got=f"{amount.text()} as a sum of money", allowed="a number or a range", do="give a sum"
        )
    return Point(amount.value * factor)
