"""Money carries its year."""

import pytest

from opendome.quantities.errors import QuantityError
from opendome.quantities.money import Money, parse_money
from opendome.quantities.values import Interval, Point


def test_reads():
    assert parse_money("22 MUSD_2026") == Money(Point(22e6), "USD", 2026)
    assert parse_money("1.5..3 GJPY_then") == Money(Interval(1.5e9, 3e9), "JPY", None)
    assert parse_money("500 USD_2026/kg") == Money(Point(500.0), "USD", 2026, "/kg")
    assert parse_money("1 GUSD_2026/year").per == "/year"


@pytest.mark.parametrize(
    "text", ["22 MUSD_2026", "1.5..3 GJPY_then", "500 USD_2026/kg", "75 kUSD_2011", "6 TUSD_2026"]
)
def test_text_reads_back(text):
    assert parse_money(text).text() == text


@pytest.mark.parametrize(
    ("text", "amount"), [("1 GUSD_2026", 1e9), ("1 TUSD_2026", 1e12), ("13.9 MUSD_then", 13.9e6)]
)
def test_scales_are_exact(text, amount):
    assert parse_money(text).amount == Point(amount)


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("22 MUSD", "'22 MUSD'"),
        ("22", "'22'"),
        ("22 MXYZ_2026", "MXYZ_2026"),
        ("22 MUSD_1492", "price year 1492"),
        ("9..3 MUSD_2026", "reversed interval"),
        ("22 MUSD_2026/m", "MUSD_2026/m"),
    ],
)
def test_refuses(text, got):
    with pytest.raises(QuantityError) as caught:
        parse_money(text)
    assert got in caught.value.got
    assert caught.value.do
