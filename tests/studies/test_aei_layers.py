"""The nine rows of AEI 2025: which were used, which are predicted, and what must hold."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.lifecycle import total_usd
from opendome.quantities.errors import OpendomeError
from opendome.studies import aei_layers
from opendome.studies.evaluation import every_case, study
from opendome.studies.loading import load_study

NAME = "aei-2025"
SET = {"boost-moderate", "boost-robust", "glide-moderate"}  # one sum of each sets the rule
SUMS = ("initial_usd_b", "replenishment_usd_b", "total_cost_usd_b", "unit_cost_usd_m")


def errors(case, outputs=SUMS):
    """Relative differences from the published sums."""
    return {
        row.name: row.difference / row.published
        for row in study(f"{NAME}:{case}").compared
        if row.name in outputs
    }


def test_all_nine_rows_are_there():
    cases = list(every_case(NAME))
    assert cases == [
        f"{layer}-{tier}"
        for layer in ("boost", "glide", "midcourse")
        for tier in ("basic", "moderate", "robust")
    ]


def test_every_published_figure_is_met_but_the_count_of_midcourse():
    missed = {
        (case, row.name)
        for case, result in every_case(NAME).items()
        for row in result.compared
        if not row.within
    }
    assert missed == {
        (f"midcourse-{tier}", "interceptors_by_geometry")
        for tier in ("basic", "moderate", "robust")
    }


def test_what_is_missed_says_why():
    rows = study(f"{NAME}:midcourse-basic").rows
    reason = {row.name: row.reason for row in rows}["interceptors_by_geometry"]
    assert "not reproducible" in reason


@pytest.mark.parametrize("case", sorted(SET))
def test_the_sums_that_set_the_rule_are_met_closely(case):
    assert abs(errors(case)["initial_usd_b"]) < 0.015  # glide: our number is 1.7 % above theirs


def test_the_rule_predicts_the_sums_it_was_not_set_on():
    """Published sums have two or three digits: 0.5 in 12 is 4 %, 0.5 in 67 is 0.7 %."""
    others = [case for case in load_study(NAME).cases if case not in SET]
    for case in others:
        limit = 0.03 if case != "glide-basic" else 0.04
        assert max(map(abs, errors(case).values())) < limit, case
    for case in SET:
        assert abs(errors(case)["replenishment_usd_b"]) < 0.02


def test_later_generations_are_cheaper_only_because_launches_are():
    """Without learning that goes on they would cost three times the first, and miss the table."""
    apart = study(NAME, launch_learning_goes_on=False)
    assert apart["replenishment_ratio"] == pytest.approx(3.0)
    assert study(NAME)["replenishment_ratio"] == pytest.approx(2.91, abs=0.01)


def test_the_costs_of_midcourse_are_those_of_the_published_number():
    needed = study(f"{NAME}:midcourse-basic", interceptors="needed")
    assert needed["interceptors"] == needed["interceptors_by_geometry"] == 67
    assert study(f"{NAME}:midcourse-basic")["interceptors"] == 2000


def test_a_layer_costs_what_the_study_says_but_for_the_common_form():
    """The common form begins the learning of launches anew: at most 3.4 % more."""
    for case, result in every_case(NAME).items():
        layer = result.layer
        apart = total_usd(layer.life_cycle) / layer.total_usd - 1.0
        assert -0.005 < apart < 0.035, case
        assert layer.life_cycle.units == pytest.approx(layer.targets * layer.per_target)


# --- what must hold for any inputs -----------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(salvo=st.integers(1, 500), shots=st.integers(1, 6))
def test_number_is_linear_in_salvo_and_shots_up_to_one(salvo, shots):
    result = study(NAME, salvo=salvo, shots=shots)
    raw = result["ratio"] * salvo * shots
    assert raw * (1 - 1e-11) <= result["interceptors"] < raw * (1 + 1e-11) + 1
    assert result["on_station"] == salvo * shots


@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(
        ["first_unit_cost", "first_launch_cost", "development_cost", "operations_cost"]
    ),
    low=st.floats(1.0, 1e4),
    factor=st.floats(1.0, 10.0),
)
def test_total_rises_with_every_price(name, low, factor):
    unit = "MUSD_2026/year" if name == "operations_cost" else "MUSD_2026"
    cheap = study(NAME, **{name: f"{low!r} {unit}"})["total_cost_usd_b"]
    dear = study(NAME, **{name: f"{low * factor!r} {unit}"})["total_cost_usd_b"]
    assert dear >= cheap * (1 - 1e-12)


@settings(max_examples=20, deadline=None)
@given(flyout=st.floats(45.0, 600.0), more=st.floats(0.0, 300.0))
def test_more_flyout_never_needs_more_interceptors(flyout, more):
    short, long = (study(NAME, flyout=f"{t!r} s") for t in (flyout, flyout + more))
    assert long["interceptors"] <= short["interceptors"]


def test_production_follows_its_exponent():
    """Ten times the interceptors, no launch price: 10^0.7655 times the production."""
    free = {"first_launch_cost": "0 USD_2026", "operations_cost": "0 USD_2026/year"}
    small = study(NAME, interceptors=100_000, **free)["total_cost_usd_b"]
    large = study(NAME, interceptors=1_000_000, **free)["total_cost_usd_b"]
    power = study(NAME)["production_exponent"]
    assert math.log10(large / small) == pytest.approx(power, abs=1e-3)


# --- infeasible and bad -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"flyout": "40 s"}, "full speed"),
        ({"altitude": "1500 km"}, "does not reach"),
        ({"mass": "50 t"}, "heavier"),
        ({"learning": 0.5}, "closed form"),
    ],
)
def test_infeasible_is_an_answer_without_a_number(inputs, words):
    result = study(NAME, **inputs)
    assert words in result.binding
    assert result["total_cost_usd_b"] is None
    assert result.layer is None


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"interceptors": "as needed"}, "needed"),
        ({"interceptors": 0}, "at least 1"),
        ({"design_life": "0 years"}, "more than 0 s"),
        ({"learning": 1.01}, "at most 1"),
        ({"earth_radius": "6.4 km"}, "6000 km"),
        ({"launch_learning_goes_on": "perhaps"}, "true or false"),
        ({"salvos": 5}, "salvo"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)


# --- negative control ------------------------------------------------------------------------


def test_a_wrong_exponent_of_learning_is_caught_by_the_published_rows(monkeypatch):
    right = aei_layers.average_continuous_usd

    def planted(first, units, learning):
        return right(first, units, learning * 0.98)

    monkeypatch.setattr(aei_layers, "average_continuous_usd", planted)
    missed = [row.name for row in study(f"{NAME}:boost-moderate").compared if not row.within]
    assert set(SUMS) <= set(missed)


def test_the_mean_radius_is_caught_by_the_published_ratio():
    """A sphere of 6,371 km misses the ratio by more than its tolerance."""
    published = {row.name: row for row in study(NAME).compared}["ratio"]
    wrong = study(NAME, earth_radius="6371 km")["ratio"]
    assert abs(wrong / published.published - 1.0) > 0.002
    assert published.within
