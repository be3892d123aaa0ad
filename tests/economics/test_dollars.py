"""Prices of other years: passports, there and back, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.economics.dollars import PriceError, in_prices_of, price_index, price_years
from opendome.quantities.money import Money, parse_money
from opendome.quantities.values import Interval, Point, TestRecord
from opendome.sources.catalogue import load_sources

INDEX = price_index()
years = st.integers(INDEX.first, INDEX.last)

# OMB, Historical Tables of the budget for fiscal year 2025 (March 2024), table 10.1, GDP (chained)
# price index by fiscal year, 2017 = 1; as transcribed in the CSIS lookup tables.
OMB = {
    1990: 0.5902, 2000: 0.7261, 2005: 0.8127, 2010: 0.8968, 2015: 0.9756, 2020: 1.0547,
    2023: 1.2207, 2026: 1.3074, 2029: 1.3911,
}  # fmt: skip
FISCAL = 0.011  # a fiscal year ends three months early: a quarter of 3 % inflation, and rounding


def test_every_year_has_a_passport():
    for year in price_years():
        passport = INDEX.passports[year]
        assert set(passport.sources) <= set(load_sources())
        assert passport.note
    assert list(price_years()) == list(range(INDEX.first, INDEX.last + 1))
    assert INDEX.passports[2023].basis == "read"
    assert INDEX.passports[2026].basis == "computed"
    assert INDEX.sources(2010, 2026)[0] == "bea-gdp-deflator"


@pytest.mark.parametrize("year", OMB)
def test_agrees_with_another_official_table(year):
    ours = INDEX.factor(of=2017, at=year)
    assert ours == pytest.approx(OMB[year], rel=FISCAL)


def test_another_official_table_catches_a_year_too_many():
    """Negative control: the level of the next year is outside."""
    assert abs(INDEX.factor(of=2017, at=2023) / OMB[2023] - 1.0) < FISCAL
    assert abs(INDEX.factor(of=2017, at=2024) / OMB[2023] - 1.0) > FISCAL


def test_prices_never_fell_in_these_years():
    levels = [INDEX.level[year] for year in price_years()]
    assert levels == sorted(levels)


@given(st.floats(1.0, 1e12), years, years)
def test_there_and_back(amount, first, second):
    there = in_prices_of(Money(Point(amount), "USD", first), second)
    back = in_prices_of(Money(there, "USD", second), first)
    assert back.middle == pytest.approx(amount, rel=1e-12)


@given(years, years, years)
def test_two_steps_are_one(first, second, third):
    steps = INDEX.factor(of=first, at=second) * INDEX.factor(of=second, at=third)
    assert steps == pytest.approx(INDEX.factor(of=first, at=third), rel=1e-12)


def test_an_interval_stays_one():
    value = in_prices_of(parse_money("1..2 GUSD_2021"), 2026)
    assert value == Interval(pytest.approx(1.1853e9, rel=1e-4), pytest.approx(2.3705e9, rel=1e-4))


def test_the_same_year_changes_nothing():
    assert in_prices_of(parse_money("500 USD_2026/kg"), 2026) == Point(500.0)


def test_then_year_money_needs_the_year_it_is_paid():
    money = parse_money("12.7 MUSD_then")
    with pytest.raises(PriceError, match="then-year money"):
        in_prices_of(money, 2026)
    paid = in_prices_of(money, 2026, spent=2024)
    assert paid == in_prices_of(parse_money("12.7 MUSD_2024"), 2026)


@pytest.mark.parametrize(
    ("text", "year", "words"),
    [
        ("60 GJPY_2026", 2026, "no published rate of exchange"),
        ("1 MUSD_1950", 2026, "1985 to 2035"),
        ("1 MUSD_2026", 2060, "1985 to 2035"),
    ],
)
def test_refuses(text, year, words):
    with pytest.raises(PriceError) as caught:
        in_prices_of(parse_money(text), year)
    assert words in caught.value.allowed
    assert caught.value.do


def test_a_test_record_is_no_sum():
    with pytest.raises(PriceError, match="as a sum of money"):
        in_prices_of(Money(TestRecord(1, 2), "USD", 2020), 2026)
