"""A bill in a terminal: the sum first, like beside like, nothing unlike compared silently."""

import copy
import io

import pytest
from rich.console import Console

from opendome.report.bill_summary import (
    bill_explanation,
    bill_headline,
    billions,
    show_bill,
    years_words,
)

LINE = {"low": 1.0, "high": 1.0, "sources": ["cbo-2026"], "layer": "space layer"}
DOCUMENT = {
    "scenario": "small",
    "title": "A small shield",
    "price_year": 2026,
    "horizon_years": 20.0,
    "baseline": "excluded",
    "samples": 10_000,
    "seed": 7,
    "total": {"mean": 800e9, "low": 700e9, "high": 950e9},
    "per_year": 40e9,
    "lines": [
        {**LINE, "system": "sbi", "category": "procurement", "mean": 160e9, "unverified": False},
        {**LINE, "system": "sbi", "category": "replacement", "mean": 480e9, "unverified": False},
        {**LINE, "system": "gbi", "category": "procurement", "mean": 160e9, "unverified": True},
    ],
    "by_category": {"procurement": {"mean": 320e9, "low": 300e9, "high": 350e9}},
    "by_system": {
        "sbi": {"mean": 640e9, "low": 600e9, "high": 700e9},
        "gbi": {"mean": 160e9, "low": 160e9, "high": 160e9},
    },
    "by_layer": {
        "space layer": {"mean": 640e9, "low": 600e9, "high": 700e9},
        "upper": {"mean": 160e9, "low": 160e9, "high": 160e9},
    },
    "marginal": {"sbi": {"mean": 90e6, "low": 80e6, "high": 100e6}, "gbi": None},
    "scope": [{"name": "land", "counted": "no", "why": "no published figure"}],
    "not_counted": [{"system": "gbi", "part": "operations", "reason": "no published figure"}],
    "already_bought": ["lrdr"],
    "remarks": ["every system is whole from the first day"],
    "published": [
        {"who": "White House", "of": "shield", "given": 175e9, "given_price_year": None,
         "converted": None, "years": None, "scope": "not said", "basis": "read"},
        {"who": "CBO", "of": "space layer", "given": 161e9, "given_price_year": 2025,
         "converted": 164e9, "years": 20.0, "scope": "1,300 in orbit", "basis": "unverified"},
    ],
    "sources": [{}, {}],
    "unverified_inputs": ["assets.gbi.cost.unit"],
    "digest": "ab" * 32,
}  # fmt: skip


def shown(document, **asked):
    console = Console(file=io.StringIO(), width=150)
    show_bill(document, console, **asked)
    return console.file.getvalue()


def changed(**parts):
    return {**copy.deepcopy(DOCUMENT), **parts}


def test_the_headline():
    assert bill_headline(DOCUMENT) == (
        "Twenty years of small cost $800 billion (95\u00a0% $700 to $950 billion) in prices of "
        "2026; the space layer is 80\u00a0% of it."
    )


def test_a_certain_sum_has_no_range():
    text = bill_headline(changed(total={"mean": 800e9, "low": 800e9, "high": 800e9}))
    assert "95" not in text


def test_a_single_layer_is_all_of_it():
    layer = {"space layer": {"mean": 800e9, "low": 1.0, "high": 1.0}}
    assert bill_headline(changed(by_layer=layer)).endswith("all of it is the space layer.")


def test_satellites_are_many():
    satellites = "warning and tracking satellites"
    text = bill_headline(changed(by_layer={satellites: {"mean": 600e9, "low": 1.0, "high": 1.0}}))
    assert text.endswith("the warning and tracking satellites are 75\u00a0% of it.")


def test_without_a_price_nothing_is_claimed():
    document = changed(lines=[], by_layer={}, by_system={}, by_category={})
    assert bill_headline(document).startswith("Nothing in small has a published price")
    assert "On average" not in bill_explanation(document)
    shown(document)


@pytest.mark.parametrize(
    ("years", "words"),
    [(20.0, "Twenty years"), (1.0, "One year"), (12.0, "Twelve years"), (30.0, "Thirty years"),
     (7.5, "7.5 years"), (45.0, "45 years")],
)  # fmt: skip
def test_years_in_words(years, words):
    assert years_words(years) == words


@pytest.mark.parametrize(
    ("usd", "text"),
    [(0.0, "0"), (1e5, "< 0.001"), (2.345e9, "2.35"), (99.96e9, "100"), (1191e9, "1,191")],
)
def test_sums_in_billions(usd, text):
    assert billions(usd) == text


def test_everything_is_on_the_page():
    text = shown(DOCUMENT)
    for words in (
        "The sum is a lower bound: something of one system has no published figure.",
        "One system already bought is not charged.",
        "By system ($ billion of 2026)", "gbi*", "$90 million", "replacement 75",
        "By layer", "Not counted: no published figure", "What is counted", "land",
        "already bought, not charged: lrdr", "2 sources", "abababababababab",
        "* rests on an unverified figure; 1 in all",
    ):  # fmt: skip
        assert words in text, words


def test_by_category():
    text = shown(DOCUMENT, by="category")
    assert "By category" in text
    assert "By system" not in text


def test_like_stands_beside_like():
    lines = shown(DOCUMENT).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("Published totals"))
    ours, white_house, our_layer, cbo = lines[start + 2 : start + 6]
    assert ours.split()[:2] == ["small", "shield"]
    assert "175 then-year" in white_house
    assert "–" in white_house  # not converted
    assert our_layer.split()[:3] == ["small", "space", "layer"]
    assert "640" in our_layer
    assert "CBO*" in cbo
    assert "161 of 2025" in cbo
    assert "164" in cbo


def test_the_cost_of_a_kill():
    per_kill = {
        "price_year": 2026,
        "shield_per_kill": {"mean": 1e9, "low": 5e8, "high": None},
        "shield_per_engaged": None,
        "fired_per_kill_usd": 3e8,
        "exchange_ratio": 12.3,
        "missing": ["no published price of a missile: icbm-solid"],
    }
    text = shown(DOCUMENT, per_kill=per_kill)
    for words in ("$1 billion", "no end", "$300 million", "12.3", "icbm-solid"):
        assert words in text
