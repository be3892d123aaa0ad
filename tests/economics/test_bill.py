"""The bill: sums of lines, draws that do not depend on each other, what is not in it."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.bill import bill
from opendome.economics.dollars import PriceError, price_index
from opendome.economics.learning import cumulative_usd
from opendome.economics.records import amount
from opendome.quantities.errors import OpendomeError
from opendome.scenario.loading import load
from opendome.scenario.problems import ScenarioError

from .priced import priced

SCENARIO = priced()
BILL = bill(SCENARIO)
CERTAIN = priced(
    swap={"20..24 MUSD_2026": "22 MUSD_2026", "0.9..1\n": "1\n", "1000..1500 kg": "1200 kg"}
)


def usd(found, system, category):
    """Mean of one line."""
    [line] = [x for x in found.lines if (x.system, x.category) == (system, category)]
    return float(line.usd.mean())


# --- sums ---------------------------------------------------------------------------


def test_every_line_by_hand():
    """Accounting of CBO's layer: 7,800 units of 22 million, five years of life, twenty paid."""
    found = bill(CERTAIN)
    assert usd(found, "sbi", "development") == 7e9
    assert usd(found, "sbi", "procurement") == pytest.approx(7800 * 22e6)
    assert usd(found, "sbi", "launch") == pytest.approx(7800 * 1200 * 500)
    assert usd(found, "sbi", "replacement") == pytest.approx(3 * 7800 * (22e6 + 1200 * 500))
    assert usd(found, "sbi", "operations") == pytest.approx(20 * (1e9 + 7800 * 1e4))
    level = price_index().factor(of=2021, at=2026)
    assert usd(found, "gbi", "procurement") == pytest.approx(10 * 75e6 * level)
    assert usd(found, "gbi", "development") == 0.0
    assert usd(found, "gbi", "construction") == pytest.approx(2 * 300e6 * 10 / 44)
    assert usd(found, "gbi", "operations") == pytest.approx(20 * 270e6 * 10 / 44)
    assert usd(found, "gbi", "replacement") == 0.0
    assert [(o.system, o.part) for o in found.omissions] == []


def test_the_accounting_of_cbo_catches_a_missing_generation():
    """Negative control: 686 of the published 723 milliard are interceptors, not three quarters."""
    found = bill(CERTAIN)
    made = usd(found, "sbi", "procurement") + 3 * 7800 * 22e6
    assert made == pytest.approx(686.4e9)
    assert usd(bill(CERTAIN, horizon="15 years"), "sbi", "replacement") < 0.7 * 3 * 7800 * 22.6e6


def test_lines_categories_systems_and_layers_have_one_sum():
    whole = BILL.total.mean
    for parts in (BILL.by_category(), BILL.by_system(), BILL.by_layer()):
        assert sum(part.mean for part in parts.values()) == pytest.approx(whole, rel=1e-12)
    assert sum(line.usd for line in BILL.lines) == pytest.approx(BILL.usd, rel=1e-12)
    assert list(BILL.by_layer()) == ["space layer", "gbi"]
    assert BILL.layer_usd("space layer").mean() == pytest.approx(BILL.by_system()["sbi"].mean)
    assert not BILL.layer_usd("no such layer").any()


def test_intervals_are_carried_through():
    total = BILL.total
    assert total.low < total.mean < total.high
    [made] = [x.usd for x in BILL.lines if (x.system, x.category) == ("sbi", "procurement")]
    low, high = (float(cumulative_usd(c, 7800, b)) for c, b in ((20e6, 0.9), (24e6, 1.0)))
    assert low <= made.min() < made.max() <= high
    assert amount(np.array([1.0, 2.0, 6.0])).mean == 3.0


def test_one_more_unit():
    found = bill(CERTAIN)
    expected = 4 * (22e6 + 1200 * 500) + 20 * 1e4
    assert found.marginal("sbi").mean == pytest.approx(expected, rel=1e-6)
    level = price_index().factor(of=2021, at=2026)
    assert found.marginal("gbi").mean == pytest.approx(75e6 * level, rel=1e-6)
    with pytest.raises(OpendomeError, match="no-such"):
        found.marginal("no-such")


# --- draws --------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bill():
    again = bill(SCENARIO)
    assert again.digest == BILL.digest
    assert again.to_dict() == BILL.to_dict()
    assert bill(SCENARIO, seed=8).digest != BILL.digest


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 500), st.integers(1, 500))
def test_a_sample_does_not_depend_on_how_many_there_are(some, more):
    few, many = bill(SCENARIO, samples=some), bill(SCENARIO, samples=some + more)
    assert np.array_equal(few.usd, many.usd[:some])


def test_one_asset_does_not_shuffle_the_luck_of_another():
    other = bill(priced(swap={"75 MUSD_2021": "60..90 MUSD_2021"}))
    for line, same in zip(BILL.lines, other.lines, strict=True):
        if line.system == "sbi":
            assert np.array_equal(line.usd, same.usd)
    assert other.total.mean != BILL.total.mean


def test_more_samples_move_the_ends_little():
    many = bill(SCENARIO, samples=100_000).total
    width = many.high - many.low
    assert BILL.total.low == pytest.approx(many.low, abs=0.03 * width)
    assert BILL.total.high == pytest.approx(many.high, abs=0.03 * width)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.1, 10.0))
def test_linear_in_a_price(times):
    dearer = priced(swap={"75 MUSD_2021": f"{75 * times:.6f} MUSD_2021"})
    more = usd(bill(dearer, samples=4), "gbi", "procurement")
    assert more == pytest.approx(times * usd(BILL, "gbi", "procurement"), rel=1e-6)


def test_another_price_year_scales_everything():
    then = bill(SCENARIO, price_year=2010)
    level = price_index().factor(of=2026, at=2010)
    assert then.usd == pytest.approx(level * BILL.usd, rel=1e-9)
    assert then.price_year == 2010


def test_another_horizon():
    short = bill(CERTAIN, horizon="5 years")
    assert short.horizon_years == 5.0
    assert usd(short, "sbi", "replacement") == 0.0
    assert bill(CERTAIN, horizon="60 months").digest == short.digest
    assert bill(CERTAIN, horizon="5.5 years").total.mean > short.total.mean


def test_the_baseline_can_be_charged():
    whole = bill(SCENARIO, baseline=True)
    level = price_index().factor(of=2021, at=2026)
    assert usd(whole, "gbi", "procurement") == pytest.approx(44 * 75e6 * level)
    assert usd(whole, "gbi", "development") == 1e9
    assert usd(whole, "gbi", "construction") == pytest.approx(600e6)
    assert whole.to_dict()["baseline"] == "included"
    asked = priced(swap={"baseline: excluded": "baseline: included"})
    assert bill(asked).digest == whole.digest


def test_what_is_bought_is_named_and_not_charged():
    found = bill(priced(swap={"in_service: 34": "in_service: 44"}))
    assert found.standing == ("gbi",)
    assert {line.system for line in found.lines} == {"sbi"}
    assert "gbi" not in {gap.system for gap in found.omissions}


# --- what is not in it ----------------------------------------------------------------


def test_a_part_without_a_figure_is_named_and_not_zero():
    stripped = priced(
        swap={"      development: 7 GUSD_2026\n": "", "      mass: 1000..1500 kg\n": "",
              "      operations: 1 GUSD_2026/year\n": "",
              "      operations_unit: 10 kUSD_2026/year\n": "", "use: sbi-cbo-2026": UNKNOWN},
    )  # fmt: skip
    found = bill(stripped)
    gaps = {gap.part for gap in found.omissions if gap.system == "sbi"}
    assert gaps == {"development", "launch (mass)", "operations"}
    assert {line.category for line in found.lines if line.system == "sbi"} == {
        "procurement", "replacement",
    }  # fmt: skip
    flags = {part.name: part.counted for part in found.scope}
    assert flags["launch of the first fill"] == "no"
    assert flags["operations and support"] == "partly"
    assert flags["units"] == "yes"
    assert flags["command, battle management, networks"] == "no"


# the orbital interceptor again, without the figures of the catalogue
UNKNOWN = """kind: orbital-interceptor
    constellation: {walker: delta, satellites: 7800, planes: 78, phasing: 1, altitude: 400 km,
      inclination: 85 deg}
    burnout_speed: 6 km/s
    acceleration: 15 g
    divert: 2 km/s
    homing_time: 20 s
    intercept_altitude_min: 100 km
    flight_time_max: 250 s
    p_kill: 0.8
    launch_delay: 2 s
    phases: [boost]"""


def test_then_year_money_is_taken_as_of_its_source_and_said():
    scenario = load("golden-dome")
    found = bill(scenario, samples=50)
    then = [entry for entry in scenario.cost_inputs() if entry.text.endswith("_then")]
    named = " ".join(found.remarks)
    for entry in then:
        assert entry.path.split(".")[1] in named or entry.path.split(".")[1] in found.standing


# --- the document -----------------------------------------------------------------------


def test_the_document_is_plain_and_whole():
    document = json.loads(json.dumps(BILL.to_dict(), allow_nan=False))
    assert {"scenario", "price_year", "horizon_years", "total", "lines", "by_category",
            "by_system", "marginal", "scope", "not_counted", "published", "sources",
            "digest"} <= set(document)  # fmt: skip
    assert document["total"] == BILL.total.to_dict()
    assert document["per_year"] == pytest.approx(BILL.total.mean / 20)
    cited = {source["id"] for source in document["sources"]}
    assert {name for line in document["lines"] for name in line["sources"]} <= cited
    assert "bea-gdp-deflator" in cited  # 2021 prices were converted
    assert "priced" in BILL._repr_html_()


@pytest.mark.parametrize("name", ["golden-dome", "golden-dome-peer", "homeland-2026", "no-shield"])
def test_every_built_in_scenario_has_a_bill(name):
    found = bill(load(name), samples=100)
    assert found.total.low >= 0.0
    json.dumps(found.to_dict(), allow_nan=False)
    priced_or_bought = {line.system for line in found.lines} | set(found.standing)
    lacking = {gap.system for gap in found.omissions}
    assert set(found.layers) == priced_or_bought | lacking


# --- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"samples": 0}, "0 samples"),
        ({"samples": 10**9}, "1000000000 samples"),
        ({"horizon": "0 years"}, "a horizon of 0"),
        ({"horizon": "10..20 years"}, "a horizon of 10"),
        ({"horizon": "20 km"}, "20 km"),
        ({"horizon": "20"}, "without a unit"),
        ({"price_year": 1950}, "the price year 1950"),
        ({"price_year": 2099}, "the price year 2099"),
    ],
)
def test_refuses_what_was_asked(asked, words):
    with pytest.raises(OpendomeError) as caught:
        bill(SCENARIO, **asked)
    assert words in str(caught.value)
    assert caught.value.do


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("life: 5 years", "life: 0 years", "cost.life: got 0"),
        ("life: 5 years", "life: -5 years", "-5 years"),
        ("learning: 0.9..1\n", "learning: 0\n", "more than 0"),
        ("learning: 0.9..1\n", "learning: 1.2\n", "1.2"),
        ("unit: 20..24 MUSD_2026", "unit: 20 MUSD", "price year"),
        ("horizon: 20 years", "horizon: 0 years", "horizon: got 0"),
        ("price_year: 2026", "price_year: soon", "soon"),
    ],
)
def test_refuses_a_scenario(old, new, words):
    with pytest.raises(ScenarioError) as caught:
        priced(swap={old: new})
    assert words in str(caught.value)


def test_other_currencies_are_refused_with_their_place():
    with pytest.raises(PriceError) as caught:
        bill(priced(swap={"75 MUSD_2021": "9 GJPY_2021"}))
    assert caught.value.where == "assets.gbi.cost.unit"
    assert "rate of exchange" in caught.value.allowed


def test_then_year_money_of_an_author_is_refused():
    with pytest.raises(PriceError, match="then-year") as caught:
        bill(priced(swap={"75 MUSD_2021": "75 MUSD_then"}))
    assert caught.value.where == "assets.gbi.cost.unit"
