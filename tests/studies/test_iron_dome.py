"""Rockets by their fate: the published record of combat, and what must hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from opendome.quantities.errors import OpendomeError
from opendome.studies import rocket_record
from opendome.studies.evaluation import every_case, study
from opendome.studies.rocket_record import binomial_quantile

NAME = "iron-dome-2014"


def test_every_published_figure_is_met():
    for result in every_case(NAME).values():
        assert result.compared
        assert [row.name for row in result.compared if not row.within] == []


def test_the_counts_lie_in_the_interval_of_chance():
    result = study(NAME)
    assert result["intercepted_low"] <= 735 <= result["intercepted_high"]
    assert result["leaked_low"] <= 70 <= result["leaked_high"]
    assert result["rate_low"] < 0.913 < result["rate_high"]
    # the count fits the claim of 90 per cent, and no critic's figure
    claim, critic = study(f"{NAME}:claimed-90"), study(f"{NAME}:critics")
    assert claim["intercepted_low"] <= 735 <= claim["intercepted_high"]
    assert critic["intercepted_high"] < 735


def test_a_wrong_share_is_caught_by_the_published_counts():
    wrong = study(NAME, threatening="27 %")
    assert wrong.case is None
    assert abs(wrong["engaged"] - 805) > 50
    assert abs(wrong["intercepted"] - 735) > 16


def test_a_wrong_price_is_caught_by_the_published_sum(monkeypatch):
    right = rocket_record.usd
    monkeypatch.setattr(rocket_record, "usd", lambda money, year: 1.2 * right(money, year))
    assert [row.name for row in study(f"{NAME}:november-2012").compared if not row.within] == [
        "cost_high_usd_m"
    ]


@given(tail=st.floats(0.001, 0.999), count=st.integers(1, 3000), p=st.floats(0.0, 1.0))
def test_binomial_quantiles_are_those_of_a_statistics_package(tail, count, p):
    ours = binomial_quantile(tail, count, p)
    theirs = int(stats.binom.ppf(tail, count, p))
    # they may differ where the cumulative chance is the tail but for rounding
    assert ours == theirs or abs(stats.binom.cdf(min(ours, theirs), count, p) - tail) < 1e-9


@settings(max_examples=60, deadline=None)
@given(
    fired=st.integers(1, 100_000),
    misfires=st.floats(0.0, 1.0),
    threatening=st.floats(0.0, 1.0),
    p=st.floats(0.0, 1.0),
)
def test_every_rocket_has_one_fate(fired, misfires, threatening, p):
    result = study(NAME, fired=fired, misfires=misfires, threatening=threatening, p_success=p)
    fates = ("misfired", "not_engaged", "intercepted", "leaked")
    assert sum(result[fate] for fate in fates) == pytest.approx(fired)
    assert all(result[fate] >= -1e-9 * fired for fate in fates)
    assert result["intercepted"] + result["leaked"] == pytest.approx(result["engaged"])
    assert result["engaged_share"] <= 1.0 + 1e-12


def test_nothing_engaged_leaves_no_interval():
    result = study(NAME, threatening=0)
    assert result["engaged"] == 0.0
    assert result["rate_low"] is None
    assert result["cost_high_usd_m"] == 0.0


def test_cost_follows_rounds_and_prices():
    one, two = study(NAME), study(NAME, rounds=2)
    assert two["interceptors_used"] == pytest.approx(2 * one["interceptors_used"])
    assert two["cost_low_usd_m"] == pytest.approx(2 * one["cost_low_usd_m"])
    assert one["cost_low_usd_m"] == pytest.approx(805 * 0.035, rel=1e-4)
    dearer = study(NAME, price_high="60 kUSD_2000")["cost_high_usd_m"]
    assert dearer > 1.1 * one["cost_high_usd_m"]


def test_the_arithmetic_of_areas_is_called_inappropriate():
    rows = {row.name: row for row in study(NAME).rows}
    assert "inappropriate" in rows["batteries_by_area"].reason
    doubled = study(NAME, battery_area="300 km2")
    assert doubled["batteries_by_area"] == pytest.approx(rows["batteries_by_area"].ours / 2)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"fired": 0}, "at least 1"),
        ({"misfires": 1.2}, "0 to 1"),
        ({"rounds": 0.5}, "at least 1"),
        ({"price_low": "70 kUSD_2012"}, "at most price_high"),
        ({"price_low": "35000"}, "price year"),
        ({"battery_area": "150 km"}, "an area"),
        ({"battery_area": "0 km2"}, "more than 0 km2"),
        ({"p_sucess": 0.9}, "p_success"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)
