"""The life cycle as the National Academies count it: parts, replacement, and what has no price."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.studies import life_cycle_method
from opendome.studies.evaluation import every_case, study

NAME = "nas-2012"
PARTS = ("development_usd_b", "production_usd_b", "sustainment_usd_b")
PRICES = {
    "unit_cost": "100 MUSD_2010",
    "construction_cost": "3 GUSD_2010",
    "operations_cost": "80 MUSD_2010/year",
    "test_cost": "200 MUSD_2010",
    "test_interval": "1 year",
}


def test_every_published_figure_is_met():
    compared = [row for result in every_case(NAME).values() for row in result.compared]
    assert len(compared) == 4
    assert all(row.within for row in compared)


def test_by_hand():
    result = study(NAME, development_cost="2 GUSD_2010", design_life="10 years", **PRICES)
    assert [result[part] for part in PARTS] == pytest.approx([2.0, 9.0, 1.6 + 4.0 + 6.0])
    assert result["replacement_usd_b"] == pytest.approx(6.0)
    assert result["tests_usd_b"] == pytest.approx(4.0)
    assert result["total_usd_b"] == pytest.approx(22.6)
    assert result["sustainment_share"] == pytest.approx(11.6 / 22.6)
    assert {row.name: row.reason for row in result.rows}["total_usd_b"] == ""


def test_replacement_outside_sustainment_is_caught(monkeypatch):
    parts = life_cycle_method.PARTS
    wrong = {**parts, "production": (*parts["production"], "replacement"),
             "sustainment": ("operations",)}  # fmt: skip
    right = study(NAME, design_life="10 years", **PRICES)
    monkeypatch.setattr(life_cycle_method, "PARTS", wrong)
    moved = study(NAME, design_life="10 years", **PRICES)
    assert moved["total_usd_b"] == pytest.approx(right["total_usd_b"])
    assert moved["sustainment_usd_b"] < right["sustainment_usd_b"] - 5.0


def test_what_has_no_price_is_named_and_never_nothing():
    result = study(NAME)
    assert result["development_usd_b"] is None
    assert result["development_share"] is None
    assert "development cost" in {row.name: row.reason for row in result.rows}["total_usd_b"]
    none = study(
        NAME, unit_cost="not counted", construction_cost="not counted",
        operations_cost="not counted", test_cost="not counted",
    )  # fmt: skip
    assert [none[name] for name in (*PARTS, "total_usd_b")] == [None] * 4
    assert none["interceptors"] == 60


@settings(max_examples=40, deadline=None)
@given(life=st.floats(1.0, 60.0), horizon=st.floats(1.0, 60.0), shorter=st.floats(0.1, 1.0))
def test_life_drives_replacement_and_nothing_else(life, horizon, shorter):
    inputs = {"horizon": f"{horizon!r} years", **PRICES}
    long = study(NAME, design_life=f"{life!r} years", **inputs)
    short = study(NAME, design_life=f"{life * shorter!r} years", **inputs)
    assert short["production_usd_b"] == long["production_usd_b"]
    assert short["replacement_usd_b"] >= long["replacement_usd_b"] - 1e-9
    rest = [r["sustainment_usd_b"] - r["replacement_usd_b"] for r in (short, long)]
    assert rest[0] == pytest.approx(rest[1])
    if life >= horizon:
        assert long["replacement_usd_b"] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(site=st.integers(0, 200), old=st.integers(0, 200))
def test_parts_add_up(site, old):
    result = study(
        NAME, interceptors_new_site=site, interceptors_replaced=old,
        development_cost="1 GUSD_2010", **PRICES,
    )  # fmt: skip
    assert result["interceptors"] == site + old
    assert sum(result[part] for part in PARTS) == pytest.approx(result["total_usd_b"])
    shares = ("development_share", "production_share", "sustainment_share")
    assert sum(result[share] for share in shares) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"design_life": "0 years"}, "more than 0 s"),
        ({"learning": 1.2}, "at most 1"),
        ({"learning": 0}, "more than 0"),
        ({"unit_cost": "unknown"}, "not counted"),
        ({"unit_cost": "75"}, "price year"),
        ({"unit_cost": "-75 MUSD_2010"}, "0 or more"),
        ({"interceptors_new_site": 2.5}, "whole"),
        ({"horizen": "20 years"}, "horizon"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)
