"""The calendar: probabilities, who is last, what can never be whole, and the same draws."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.plans import AssetPlan, Programme
from opendome.economics.slips import fit_slips
from opendome.economics.timeline import play
from opendome.quantities.dates import YEAR_S, date_s, day_s
from opendome.quantities.values import Interval, Point

START = "2026-11-22"
PROMISE = "2029-01-20"


def per_year(low, high=None):
    return Point(low / YEAR_S) if high is None else Interval(low / YEAR_S, high / YEAR_S)


def plan(name, planned=1, **more):
    more.setdefault("kind", "radar")
    more.setdefault("layer", None)
    if isinstance(more.get("made"), str):
        more["made_s"] = date_s(more.pop("made"))
    return AssetPlan(name=name, planned=planned, **more)


def calendar(*plans, samples=500, seed=3, share=0.9, horizon=20.0, launch=None):
    programme = Programme(
        name="test",
        plans=plans,
        start_s=day_s(START),
        horizon_s=horizon * YEAR_S,
        share=share,
        launch_kg_s=launch,
    )
    return play(programme, samples=samples, seed=seed)


STANDS = plan("old", planned=44, in_service=Point(44.0))
RADAR = plan("radar", first="2028-06", made="2026-06", slip_class="ground")
SWARM = plan(
    "swarm",
    planned=7800,
    kind="orbital-interceptor",
    first="2028",
    made="2026-04",
    slip_class="space-interceptor",
    rate=per_year(50, 200),
    rate_target=per_year(500),
    ramp=Point(3 * YEAR_S),
    life=Point(5 * YEAR_S),
    mass=Point(900.0),
)
MAYBE = plan("maybe", planned=8, kind="surface-interceptor")


def test_what_stands_needs_no_calendar():
    made = calendar(STANDS)
    chance = made.p_operational(START)
    assert (chance.value, chance.high, chance.at_most) == (1.0, 1.0, False)
    assert made.limits() == {"old": "stands at the start"}
    assert set(made.standing(PROMISE)["old"]) == {44.0}


def test_one_delivery_stands_by_the_distribution_of_its_class():
    """A plan made at the start of the calendar slips by the fit alone.

    Planned for 400 days after it was made; by 600 days it stands with the probability that the
    ratio is at most 1.5. 20,000 samples: four standard errors are 1.4 %.
    """
    first = date.fromordinal(date.fromisoformat(START).toordinal() + 400).isoformat()
    late = date.fromordinal(date.fromisoformat(START).toordinal() + 600)
    one = plan("one", first=first, made_s=day_s(START) + 0.5 * 86400, slip_class="ground")
    found = calendar(one, samples=20_000, horizon=5.0)
    # the calendar shows a unit at the end of its month: the date lies between two months
    low, high = (fit_slips().p_at_most("ground", days / 400.0) for days in (600 - 31, 600 + 1))
    assert low - 0.015 <= found.p_operational(late).value <= high + 0.015


def test_a_slip_cannot_end_before_the_calendar_starts():
    """A date that has passed while nothing stands: later than today, in every sample."""
    passed = plan("passed", first="2026-Q1", made="2025-09", slip_class="satellite")
    made = calendar(passed)
    assert made.standing(START)["passed"].max() == 0
    assert made.rollout.first_s.min() >= 0.0


def test_a_fact_does_not_slip():
    fixed = plan("fixed", first="2028-01-01", made="2026-06")
    made = calendar(fixed)
    assert np.ptp(made.rollout.first_s) == 0.0
    assert made.p_operational("2027-12-31").value == 0.0
    assert made.p_operational("2028-02-02").value == 1.0


def test_a_swarm_that_ages_faster_than_it_grows_is_never_whole():
    made = calendar(STANDS, SWARM)
    assert made.p_operational("2046-01-01").value == 0.0
    assert made.limits()["swarm"] == (
        "can never be whole: production rate times design life keeps up 2,500 of 7,800"
    )
    assert made.operational_date() == {"p10": None, "p50": None, "p90": None}
    assert [(last.asset, last.share) for last in made.binding(PROMISE)] == [("swarm", 1.0)]


def test_launches_can_be_the_reason():
    enough = plan("swarm", planned=100, kind="orbital-interceptor", first="2027-01-01",
                  made="2026-06", rate=per_year(1000), mass=Point(1000.0))  # fmt: skip
    made = calendar(enough, launch=Point(20_000.0 / YEAR_S))
    assert made.limits()["swarm"] == "launch capacity"
    aged = plan("swarm", planned=100, kind="orbital-interceptor", first="2027-01-01",
                made="2026-06", rate=per_year(1000), mass=Point(1000.0),
                life=Point(3.0 * YEAR_S))  # fmt: skip
    made = calendar(aged, launch=Point(20_000.0 / YEAR_S))
    assert "launch capacity times design life keeps up 60 of 100" in made.limits()["swarm"]


def test_what_has_no_date_is_told_and_left_out():
    made = calendar(STANDS, MAYBE)
    chance = made.p_operational(PROMISE)
    assert (chance.value, chance.at_most, chance.unknown) == (1.0, True, ("maybe",))
    first = made.binding(PROMISE)[0]
    assert first.asset == "maybe"
    assert first.reason == "no published date of first delivery or production rate"
    assert made.standing(PROMISE)["maybe"].max() == 0
    assert made.complete()["maybe"] == {"p10": None, "p50": None, "p90": None}


def test_a_date_without_a_rate_is_not_enough_for_several():
    half = plan("half", planned=3, first="2027-06", made="2026-06", slip_class="ground")
    made = calendar(half)
    assert half.lacks == ("production rate",)
    assert made.unknown == ("half",)
    assert made.standing("2040-01-01")["half"].max() == 1


def test_the_definition_can_be_of_some_assets_or_another_share():
    made = calendar(STANDS, RADAR, SWARM)
    assert made.p_operational(PROMISE, assets=["old"]).value == 1.0
    assert 0.0 < made.p_operational(PROMISE, assets=["old", "radar"]).value < 1.0
    few = made.p_operational("2033-01-01", share=0.05, assets=["swarm"]).value
    assert few > made.p_operational("2033-01-01", share=0.2, assets=["swarm"]).value


def test_who_is_last_sums_to_one():
    made = calendar(STANDS, RADAR, plan("other", first="2028-03", made="2026-06",
                                        slip_class="ground"))  # fmt: skip
    found = made.binding("2028-06-01")
    assert sum(last.share for last in found) == pytest.approx(1.0)
    assert {last.asset for last in found} <= {"radar", "other"}
    assert found[0].asset == "radar"
    assert {last.reason for last in found} == {"first delivery"}


@given(days=st.integers(0, 7000), later=st.integers(0, 300))
@settings(max_examples=30, deadline=None)
def test_a_later_day_is_never_less_likely_where_nothing_ages(days, later):
    made = MADE
    first = date.fromordinal(date.fromisoformat(START).toordinal() + days)
    second = date.fromordinal(first.toordinal() + later)
    assert made.p_operational(first).value <= made.p_operational(second).value


MADE = calendar(STANDS, RADAR, samples=200)


@given(low=st.floats(0.01, 1.0), high=st.floats(0.01, 1.0))
@settings(max_examples=30, deadline=None)
def test_a_larger_share_is_never_more_likely(low, high):
    low, high = sorted((low, high))
    loose = SWARMS.p_operational("2034-01-01", share=low).value
    assert loose >= SWARMS.p_operational("2034-01-01", share=high).value


SWARMS = calendar(SWARM, samples=200)


def test_the_same_seed_gives_the_same_calendar_whatever_stands_beside():
    alone = calendar(RADAR).rollout.first_s[0]
    beside = calendar(SWARM, STANDS, RADAR).rollout.first_s[2]
    assert np.array_equal(alone, beside)
    assert not np.array_equal(alone, calendar(RADAR, seed=4).rollout.first_s[0])
    more = calendar(RADAR, samples=700).rollout.first_s[0]
    assert np.array_equal(alone, more[:500])


def test_the_document_is_plain():
    import json

    document = calendar(STANDS, RADAR, SWARM, MAYBE).to_dict(PROMISE)
    text = json.dumps(document, allow_nan=False)
    assert json.loads(text)["definition"].startswith(
        "every asset of the scenario has at least 90 %"
    )
    row = document["assets"]["swarm"]
    assert row["complete"]["p50"] is None
    assert row["first"]["published"] == "2028"
    assert row["standing"]["p10"] <= row["standing"]["p50"] <= row["standing"]["p90"]
    assert document["p_operational"]["at_most"]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda c: c.standing("2026-01-01"), "2026-11-22 to"),
        (lambda c: c.standing("2090-01-01"), "the span of the calendar"),
        (lambda c: c.standing("soon"), "a day, as 2029-01-20"),
        (lambda c: c.p_operational(PROMISE, share=0.0), "above 0 and at most 1"),
        (lambda c: c.p_operational(PROMISE, share=1.5), "the share 1.5"),
        (lambda c: c.p_operational(PROMISE, assets=["moon"]), "no asset 'moon'"),
        (lambda c: play(c.programme, samples=0, seed=1), "samples 0"),
    ],
)
def test_a_question_without_an_answer_is_refused(ask, said):
    with pytest.raises(ValueError, match=said):
        ask(MADE)
