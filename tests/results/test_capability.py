"""What stands, played: scenarios cut down, dates under the same luck, and the document."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.timeline import timeline
from opendome.quantities.errors import OpendomeError
from opendome.results.calendar import chosen, default_day, document
from opendome.results.capability import _anniversary, capability
from opendome.results.run import run
from opendome.results.standing import standing_scenario
from opendome.scenario.loading import load

GOLDEN = load("golden-dome")
UNITS = {asset.name: asset.units for asset in GOLDEN.assets}


def units(scenario):
    return {asset.name: asset.units for asset in scenario.assets}


# --- cutting down -----------------------------------------------------------------------


def test_all_that_is_planned_is_the_scenario_itself():
    whole = standing_scenario(GOLDEN, UNITS)
    assert whole.digest == GOLDEN.digest
    assert standing_scenario(GOLDEN, {}).digest == GOLDEN.digest


def test_what_has_no_units_is_gone_with_its_rules():
    cut = standing_scenario(GOLDEN, {"sbi": 0, "lower": 0, "uewr-fylingdales": 0})
    assert {"sbi", "lower", "uewr-fylingdales"} & set(cut.asset_names) == set()
    assert set(cut.layers) == {"upper", "regional"}
    assert cut.sharing == ()  # the only British sensor is gone


def test_nothing_at_all_can_be_played():
    empty = standing_scenario(GOLDEN, dict.fromkeys(UNITS, 0))
    result = run(empty, trials=4, futures=2)
    assert result.metrics.leakers.value == 10.0


@given(count=st.integers(1, 7799))
@settings(max_examples=40, deadline=None)
def test_a_thinned_pattern_is_even_and_nearly_all_there(count):
    cut = standing_scenario(GOLDEN, {"sbi": count})
    sbi = next(asset for asset in cut.assets if asset.name == "sbi")
    pattern = sbi.values.spec.constellation
    satellites, planes = int(pattern.satellites.middle), int(pattern.planes.middle)
    assert satellites % planes == 0
    assert satellites <= count
    assert count - satellites <= 0.1 * count
    # planes and satellites in each shrink alike: 78 of 100 each at first
    assert planes / (78 * (count / 7800) ** 0.5) == pytest.approx(1.0, abs=0.5) or count < 20


@given(count=st.integers(1, 480))
@settings(max_examples=40, deadline=None)
def test_rounds_are_taken_from_all_sites_alike(count):
    cut = standing_scenario(GOLDEN, {"regional": count})
    asset = next(asset for asset in cut.assets if asset.name == "regional")
    stocks = [site.stock.middle for site in asset.values.spec.sites.values()]
    assert sum(stocks) == count
    assert max(stocks) - min(stocks) <= 1 or count < 10


def test_lists_of_satellites_lose_their_last():
    cut = units(standing_scenario(GOLDEN, {"sbirs-geo": 4, "sbirs-heo": 1}))
    assert (cut["sbirs-geo"], cut["sbirs-heo"]) == (4, 1)


def test_fewer_than_none_is_refused():
    with pytest.raises(OpendomeError, match="-1 units of sbi"):
        standing_scenario(GOLDEN, {"sbi": -1})


# --- the calendar of a scenario -----------------------------------------------------------

CALENDAR = timeline(GOLDEN, samples=300)


def test_the_built_in_shield_is_not_there_by_its_date():
    """None of 300 calendars; the items that bind are those that are bought slowly or in mass."""
    chance = CALENDAR.p_operational("2029-01-20")
    assert chance.value == 0.0
    last = [entry.asset for entry in CALENDAR.binding("2029-01-20")]
    assert set(last[:2]) == {"ngi", "sbi"}


def test_what_stands_today_stands():
    today = timeline(load("homeland-2026"), samples=50)
    assert today.p_operational("2026-11-22").value == 1.0
    assert today.unknown == ()


def test_a_setting_moves_the_calendar():
    """A rate below need over life: never whole, with the reason in numbers."""
    slow = load(
        "golden-dome",
        changes={
            "assets.sbi.schedule.rate": "100 1/year",
            "assets.sbi.schedule.rate_target": "200 1/year",
        },
    )
    made = timeline(slow, samples=100)
    assert "keeps up 1,000 of 7,800" in made.limits()["sbi"]
    assert made.p_operational("2045-01-01", assets=["sbi"]).value == 0.0


def test_a_date_of_the_user_counts_from_the_start():
    """Without a word on when a plan was made, it was made today: it slips by the fit alone."""
    own = load(
        "golden-dome",
        changes={"assets.lrdr.schedule.in_service": 0, "assets.lrdr.schedule.first": "2028-01-01"},
    )
    made = timeline(own, samples=4000)
    chance = made.p_operational("2028-02-01", assets=["lrdr"]).value
    assert 0.03 < chance < 0.35  # a plan of the class `ground` is on time in one case of seven


def test_the_day_in_question_is_the_epoch_or_the_promise():
    assert default_day(GOLDEN, CALENDAR) == "2029-01-20"
    late = load("golden-dome", changes={"economics.start": "2029-06-01"})
    assert default_day(late, timeline(late, samples=10)) == "2029-01-20"


def test_assets_can_be_named_by_their_layer():
    assert chosen(GOLDEN, ["upper", "sbi"]) == ("sbi", "gbi", "ngi")
    with pytest.raises(OpendomeError, match="did you mean"):
        chosen(GOLDEN, ["sbii"])


def test_the_document_is_whole_and_plain():
    found = json.loads(
        json.dumps(document(GOLDEN, CALENDAR, only=["upper"], cost=True), allow_nan=False)
    )
    assert found["by"] == "2029-01-20"
    assert set(found["assets"]) == {"gbi", "ngi"}
    assert found["definition"].startswith("each of gbi, ngi has at least 90 %")
    assert found["slips"]["satellite"]["p10"] < found["slips"]["satellite"]["p90"]
    assert {"csis-2017-gbi", "gao-24-106315"} <= {source["id"] for source in found["sources"]}
    cost = found["yearly_cost"]
    total = sum(row["mean_usd"] for row in cost["by_year"].values())
    assert total == pytest.approx(cost["total_usd"]["mean"])
    assert 0.0 < total <= cost["bill_usd"]["mean"]


@pytest.mark.parametrize(
    ("start", "last"), [("2026-11-22", "2031-11-22"), ("2028-02-29", "2033-02-28")]
)
def test_a_play_on_every_anniversary(start, last):
    """Of a leap day the day before."""
    days = [_anniversary(date.fromisoformat(start), years) for years in range(6)]
    assert days[0].isoformat() == start
    assert days[-1].isoformat() == last


# --- capability ---------------------------------------------------------------------------


def test_the_shield_is_played_with_what_stands_on_each_date():
    dates = ["2026-11-22", "2027-01-01", "2040-01-01"]
    told = []
    found = capability(
        GOLDEN,
        calendar=CALENDAR,
        dates=dates,
        trials=20,
        futures=4,
        progress=lambda done, total: told.append((done, total)),
    )
    plays = [by_name["median"] for by_name in found.plays.values()]
    assert list(found.plays) == [date.fromisoformat(day) for day in dates]
    assert plays[0].units["sbi"] == plays[0].units["ngi"] == 0
    assert plays[2].units["sbi"] == 7800
    assert plays[2].leakers.value < plays[0].leakers.value
    assert told[-1][0] == told[-1][1]
    assert json.loads(json.dumps(found.to_dict()))["by_date"]["2040-01-01"]["median"]["units"]


def test_a_date_with_the_same_units_is_the_same_play():
    """Common luck: two days between which nothing comes give the same leakers, not like ones."""
    found = capability(
        GOLDEN, calendar=CALENDAR, dates=["2026-11-22", "2026-11-23"], trials=10, futures=2
    )
    one, other = (by_name["median"] for by_name in found.plays.values())
    assert one is other


def test_few_and_many_enclose_the_median():
    found = capability(
        GOLDEN, calendar=CALENDAR, dates=["2032-01-01"], spread=True, trials=10, futures=2
    )
    (plays,) = found.plays.values()
    for name in UNITS:
        assert plays["few"].units[name] <= plays["median"].units[name] <= plays["many"].units[name]


def test_no_dates_are_refused():
    with pytest.raises(OpendomeError, match="0 dates"):
        capability(GOLDEN, calendar=CALENDAR, dates=[])
