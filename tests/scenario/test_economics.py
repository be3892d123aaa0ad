"""Money and calendar in a scenario: read, checked, resolved, and apart from what is played."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from opendome.quantities.money import Money
from opendome.scenario import anatomy
from opendome.scenario.economics_spec import CostSpec, EconomicsSpec, ScheduleSpec
from opendome.scenario.loading import load, load_text
from opendome.scenario.names import scenario_names
from opendome.scenario.plan import KEYS, read_part
from opendome.scenario.problems import ScenarioError
from opendome.sources.catalogue import load_all

NAME = "homeland-2026"


@pytest.mark.parametrize("name", scenario_names())
def test_every_entry_has_a_passport(name):
    for entry in load(name).cost_inputs():
        assert entry.passport.sources, entry.path
        assert entry.text


@pytest.mark.parametrize("name", scenario_names())
def test_resolved_scenario_reads_back_with_its_passports(name):
    scenario = load(name)
    again = load_text(scenario.resolved_yaml())
    assert again.cost_inputs() == scenario.cost_inputs()
    assert again.digest == scenario.digest


def test_money_is_no_input_of_what_is_played():
    dear = load(NAME, changes={"assets.gbi.cost.unit": "900 MUSD_2026"})
    plain = load(NAME)
    assert dear.inputs() == plain.inputs()
    assert dear.sampled(3) == plain.sampled(3)
    assert not {entry.path for entry in plain.inputs()} & {e.path for e in plain.cost_inputs()}


@pytest.mark.parametrize(
    "changes",
    [
        {"assets.gbi.cost.unit": "900 MUSD_2026"},
        {"assets.gbi.schedule.first": "2033-Q1"},
        {"economics.horizon": "7 years"},
    ],
)
def test_money_and_calendar_leave_the_digest_alone(changes):
    """Equal digests mean equal trials; what is played still counts."""
    changed = load(NAME, changes=changes)
    assert changed.resolved_yaml() != load(NAME).resolved_yaml()
    assert changed.digest == load(NAME).digest
    assert load(NAME, changes={"assets.gbi.p_kill": 0.5}).digest != load(NAME).digest


@pytest.mark.parametrize("key", [*KEYS])
def test_every_system_of_the_catalogue_fits_the_forms(key):
    """Also those that no built-in scenario uses; a sum can only be billed in US dollars."""
    found = 0
    for system in load_all().values():
        part, findings = read_part(KEYS[key], key, None, system)
        assert not findings, (system.id, [finding.got for finding in findings])
        for name, value, passport in part.entries():
            assert passport.sources, (system.id, name)
            assert not isinstance(value, Money) or value.currency == "USD"
            found += 1
    assert found > 50


@pytest.mark.parametrize("name", scenario_names())
def test_weak_prices_are_intervals(name):
    for entry in load(name).cost_inputs():
        if isinstance(entry.value, Money) and entry.passport.basis == "unverified":
            assert entry.value.amount.uncertain, entry.path


@pytest.mark.parametrize("model", [CostSpec, ScheduleSpec, EconomicsSpec])
def test_the_schema_gives_examples_that_are_accepted(model):
    """Also its pattern of a sum: it takes its example and not one paid in another way."""
    for name, shown in model.model_json_schema()["properties"].items():
        parts = [shown, *shown.get("anyOf", [])]
        field = anatomy.fields(model)[name]
        form = TypeAdapter(anatomy.annotation_of(field))
        for example in (example for part in parts for example in part.get("examples", [])):
            assert form.validate_python(example) is not None
        for pattern in [part["pattern"] for part in parts if "USD" in part.get("pattern", "")]:
            fits = {per: re.search(pattern, f"22 MUSD_2026{per}") for per in ("", "/kg", "/year")}
            for per, fit in fits.items():
                assert bool(fit) == _is_read(form, f"22 MUSD_2026{per}"), (name, per)


def _is_read(form, text):
    try:
        form.validate_python(text)
    except ValidationError:
        return False
    return True


def test_what_the_author_sets_is_his():
    changes = {"assets.gbi.cost.unit": "80..90 MUSD_2026", "assets.gbi.schedule.first": "2028-Q3"}
    inputs = {entry.path: entry for entry in load(NAME, changes=changes).cost_inputs()}
    unit = inputs["assets.gbi.cost.unit"]
    assert isinstance(unit.value, Money)
    assert (unit.value.amount.low, unit.value.amount.high) == (80e6, 90e6)
    assert unit.passport.sources == ("scenario-author",)
    assert inputs["assets.gbi.schedule.first"].value == "2028-Q3"
    assert inputs["economics.horizon"].passport.sources != ("scenario-author",)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("assets.gbi.cost.unit", "10 MUSD_2026/year", "paid once"),
        ("assets.gbi.cost.operations", "10 MUSD_2026", "per year"),
        ("assets.gbi.cost.launch", "10 USD_2026", "per kilogram"),
        ("assets.gbi.cost.unit", "10 MUSD", "price year"),
        ("assets.gbi.cost.unit", "10", "price year"),
        ("assets.gbi.cost.unit", "-5 MUSD_2026", "0 or more"),
        ("assets.gbi.cost.unti", "5 MUSD_2026", "did you mean 'unit'"),
        ("assets.gbi.cost.life", "0 years", "more than 0"),
        ("assets.gbi.cost.learning", 0, "more than 0"),
        ("assets.gbi.cost.learning", 1.2, "at most 1"),
        ("assets.gbi.cost", 3, "a mapping"),
        ("assets.gbi.schedule.first", "soon", "a date"),
        ("assets.gbi.schedule.first", True, "a date"),
        ("assets.gbi.schedule.rate", "0 1/year", "more than 0"),
        ("assets.gbi.schedule.ramp", "-1 year", "at least 0 s"),
        ("assets.gbi.cost.launch", "10 USD_2026/year", "500 USD_2026/kg"),
        ("assets.gbi.schedule.slip", "satelite", "did you mean 'satellite'"),
        ("economics.horizon", "0 years", "more than 0"),
        ("economics.price_year", 1492, "from 1940"),
        ("economics.baseline", "some", "excluded or included"),
        ("economics.launch_mass_per_year", "3 kg", "a mass per time"),
        ("economics.discount", 0.03, "unknown key"),
    ],
)
def test_wrong_entries_are_refused_with_advice(path, value, words):
    with pytest.raises(ScenarioError, match=words):
        load(NAME, changes={path: value})


def test_all_problems_at_once():
    changes = {"assets.gbi.cost.unit": "1 kg", "economics.start": "x", "assets.gbi.schedule": []}
    with pytest.raises(ScenarioError) as caught:
        load(NAME, changes=changes)
    assert len(caught.value.problems) == 3


def test_units_and_sites():
    units = {asset.name: (asset.units, asset.site_count) for asset in load("golden-dome").assets}
    assert units["sbi"] == (7800, 0)
    assert units["gbi"] == (44, 2)
    assert units["lrdr"] == (1, 1)
    assert units["sbirs-geo"][1] == 0


@settings(deadline=None)
@given(st.integers(1, 10**6), st.integers(1960, 2099))
def test_any_sum_and_year_read_back(millions, year):
    changes = {
        "assets.gbi.cost.unit": f"{millions} MUSD_{year}",
        "assets.gbi.schedule.first": str(year),
    }
    scenario = load(NAME, changes=changes)
    assert load_text(scenario.resolved_yaml()).cost_inputs() == scenario.cost_inputs()
