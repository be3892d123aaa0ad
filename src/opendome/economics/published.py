"""Published totals of the catalogue, each with its price year, its years and what it counts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from opendome.economics.dollars import in_prices_of
from opendome.economics.records import PublishedTotal
from opendome.quantities.dates import YEAR_S
from opendome.quantities.money import Money
from opendome.sources.catalogue import CATALOGUE, load_system, parse_plain, read_parameter
from opendome.sources.records import Parameter


def published_totals(price_year: int) -> tuple[PublishedTotal, ...]:
    """Every published total, in prices of one year where its own price year is known.

    price_year : whose prices are wanted
    Then-year totals are not converted: `usd` is None, and a chart must show them apart.
    """
    return tuple(_total(name, body, price_year) for name, body in _entries()["totals"].items())


def scope_parameters() -> dict[str, Parameter]:
    """Every statement of the table with its passport: "cbo-2026.scope", "cbo-2026.years"."""
    found: dict[str, Parameter] = {}
    for name, body in _entries()["totals"].items():
        for part in ("scope", "years"):
            if part in body:
                path = f"{name}.{part}"
                found[path] = _stated(path, body[part])
    return found


@cache
def _entries() -> Mapping[str, Any]:
    return parse_plain((CATALOGUE / "published-totals.yaml").read_text("utf-8"))


def _stated(name: str, body: Mapping[str, Any]) -> Parameter:
    return read_parameter(name, body, _entries()["as_of"], "published-totals")


def _total(name: str, body: Mapping[str, Any], price_year: int) -> PublishedTotal:
    system, figure = body["figure"]
    parameter = load_system(system).parameters[figure]
    money = parameter.value
    if not isinstance(money, Money):
        message = f"{system}.{figure} is no sum of money"
        raise TypeError(message)
    years = _stated("years", body["years"]).value if "years" in body else None
    passport, scope = parameter.passport, _stated("scope", body["scope"])
    known = money.base_year is not None
    return PublishedTotal(
        name=name,
        who=body["who"],
        of=body["of"],
        text=str(parameter.given),
        given_usd=money.amount.middle,
        given_year=money.base_year,
        usd=in_prices_of(money, price_year).middle if known else None,
        years=None if years is None or isinstance(years, Money) else years.middle / YEAR_S,
        scope=str(scope.given),
        basis=passport.basis,
        sources=tuple(dict.fromkeys((*passport.sources, *scope.passport.sources))),
    )
