"""Figures and sums of money in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.report import numerals
from opendome.report.words import MINUS


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0"), (0.91480000000012, "0.9148"), (4986.0, "4,986"), (998.57, "998.6"),
     (12.4444, "12.44"), (-3.5, f"{MINUS}3.5"), (0.99996, "0.99996"), (1.0, "1"), (20.0, "20"),
     (999.97, "1,000"), (1.5e-5, "1.5e\u221205"), (49900.4, "49,900")],
)  # fmt: skip
def test_figure(value, text):
    assert numerals.figure(value) == text


@given(st.floats(1e-3, 1e11))
def test_a_figure_reads_back_to_four_digits(value):
    text = numerals.figure(value)
    assert float(text.replace(",", "")) == pytest.approx(value, rel=5.1e-4)
    assert len(re.sub(r"[^0-9]", "", text).lstrip("0")) <= 4 or value >= 1000.0 or 0.99 < value < 1


@given(st.floats(1e-9, 1.0 - 1e-6))
def test_what_is_not_certain_never_reads_as_certain(share):
    assert numerals.figure(share) not in ("0", "1")


def test_ranges_and_changes():
    assert numerals.either((16.0, 78.0)) == "16 to 78"
    assert numerals.either(0.8) == "0.8"
    assert numerals.change(None) == "–"
    assert numerals.change(0.072, 0.00064) == "+0.072 (+0.06 %)"
    assert numerals.change(-1234.0, -0.5) == f"{MINUS}1,234 ({MINUS}50 %)"
    assert numerals.change(1e-13, 1e-13) == "0"
    assert numerals.percent_change(0.00001) == "0 %"
    assert numerals.percent_change(1.457) == "+146 %"


@pytest.mark.parametrize(
    ("unit", "words"),
    [("", ""), ("km", "km"), ("GUSD_2026", "$ billion of 2026"),
     ("USD_2010/kg", "$ per kg of 2010"),
     ("MUSD_then/year", "$ million a year then-year prices"), ("GJPY_2024", "JPY billion of 2024")],
)  # fmt: skip
def test_units(unit, words):
    assert numerals.unit_words(unit) == words


@pytest.mark.parametrize(
    ("usd", "text"),
    [(743e9, "$743 billion"), (1650e9, "$1,650 billion"), (22e6, "$22 million"), (0.0, "$0"),
     (8.44e6, "$8.44 million"), (-310.4e9, f"{MINUS}$310 billion"), (500.0, "$500"),
     (999.6e6, "$1 billion"), (3.6e12, "$3,600 billion"), (54_321.0, "$54,321")],
)  # fmt: skip
def test_dollars(usd, text):
    assert numerals.dollars(usd) == text


def test_dollars_of_a_difference_have_a_sign():
    assert numerals.dollars_change(1e-5) == numerals.dollars_change(-1e-5) == "$0"
    assert numerals.dollars_change(5e9) == "+$5 billion"
    assert numerals.dollars_change(-5e9) == f"{MINUS}$5 billion"
    assert numerals.dollars_range(16e9, 78e9) == "$16 to $78 billion"
    assert numerals.dollars_range(900e6, 2e9) == "$900 million to $2 billion"
    assert numerals.dollars_range(2e9, 2e9) == "$2 billion"
    assert numerals.dollars_change_range(-300e9, 40e9) == f"{MINUS}$300 to +$40 billion"
