"""CBO's three estimates: the sums, the geometry, and how little two of them can prove."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.lifecycle import total_usd
from opendome.quantities.errors import OpendomeError
from opendome.studies import cbo_accounting
from opendome.studies.evaluation import every_case, study

STUDIES = ("cbo-2026", "cbo-2025", "cbo-2004")


@pytest.mark.parametrize("name", STUDIES)
def test_every_published_figure_is_met(name):
    for case, result in every_case(name).items():
        assert [row.name for row in result.compared if not row.within] == [], case
        assert result.compared


@pytest.mark.parametrize("name", STUDIES)
def test_a_layer_costs_what_the_study_says(name):
    for result in every_case(name).values():
        layer = result.layer
        total = total_usd(layer.life_cycle) + layer.other_usd
        assert total == pytest.approx(layer.total_usd, rel=1e-12)
        assert layer.life_cycle.units == pytest.approx(layer.targets * layer.per_target)


# --- 2026 -----------------------------------------------------------------------------------


def test_the_identities_say_that_they_are():
    reasons = {row.name: row.reason for row in study("cbo-2026").rows}
    for name in ("acquisition_usd_b", "rest_usd_b", "total_cost_usd_b"):
        assert "identity" in reasons[name]


def test_sums_by_hand():
    result = study("cbo-2026")
    assert result["bought"] == 7800 * 4
    assert result["unit_purchases_usd_b"] == pytest.approx(31_200 * 0.022)
    assert result["layer_usd_b"] == pytest.approx(686.4 + 36.6 + 20)
    assert result["mass_limit_kg"] == pytest.approx(36.6e9 / (31_200 * 500))


def test_reach_and_number_are_each_others_inverse():
    """The number that the implied flyout asks for is the number there is."""
    given_number = study("cbo-2026", interceptors=6000, shots=2)
    back = study("cbo-2026", shots=2, flyout=f"{given_number['flyout_s']!r} s")
    assert back["interceptors_implied"] == pytest.approx(6000, rel=1e-9)


def test_stated_inputs_give_five_to_twelve_thousand():
    for shots, flyout in ((1, "100 s"), (1, "120 s"), (2, "120 s"), (2, "160 s")):
        number = study("cbo-2026", shots=shots, flyout=flyout)["interceptors_implied"]
        assert 5000 < number < 12_500, (shots, flyout)


@settings(max_examples=25, deadline=None)
@given(
    targets=st.integers(1, 200),
    shots=st.integers(1, 4),
    flyout=st.floats(60.0, 300.0),
)
def test_number_is_linear_and_falls_with_time(targets, shots, flyout):
    one = study("cbo-2026", targets=1, shots=1, flyout=f"{flyout!r} s")["interceptors_implied"]
    many = study("cbo-2026", targets=targets, shots=shots, flyout=f"{flyout!r} s")
    later = study("cbo-2026", targets=targets, shots=shots, flyout=f"{flyout + 1.0!r} s")
    assert many["interceptors_implied"] == pytest.approx(one * targets * shots)
    assert later["interceptors_implied"] < many["interceptors_implied"]
    assert many["reach_km"] == pytest.approx(
        study("cbo-2026", targets=1)["reach_km"] * math.sqrt(targets * shots)
    )


@settings(max_examples=20, deadline=None)
@given(
    name=st.sampled_from(
        ["unit_cost", "other_acquisition", "operations_cost", "rest_acquisition", "rest_operations"]
    ),
    low=st.floats(1.0, 1e5),
    factor=st.floats(1.0, 10.0),
)
def test_total_rises_with_every_price(name, low, factor):
    unit = "MUSD_2026/year" if name == "operations_cost" else "MUSD_2026"
    cheap = study("cbo-2026", **{name: f"{low!r} {unit}"})["total_cost_usd_b"]
    dear = study("cbo-2026", **{name: f"{low * factor!r} {unit}"})["total_cost_usd_b"]
    assert dear >= cheap * (1 - 1e-12)


def test_a_life_beyond_the_horizon_is_bought_once():
    assert study("cbo-2026", design_life="30 years")["bought"] == 7800


def test_no_orbit_over_the_latitude_is_infeasible_and_the_sums_still_stand():
    result = study("cbo-2026", latitude="60 deg", inclination="50 deg")
    assert "no orbit" in result.binding
    assert result["interceptors_implied"] is None
    assert result["reach_km"] is None
    assert result["total_cost_usd_b"] == pytest.approx(1191, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [
        ("cbo-2026", {"design_life": "0 years"}, "more than 0 s"),
        ("cbo-2026", {"interceptors": 0}, "at least 1"),
        ("cbo-2026", {"launch_price": "500 USD_2026"}, "per kilogram"),
        ("cbo-2026", {"unit_price": "22 MUSD_2026"}, "unit_cost"),
        ("cbo-2025", {"mass": "0 kg"}, "more than 0 kg"),
        ("cbo-2025", {"launch_price": "-1 USD_2025/kg"}, "0 or more"),
        ("cbo-2004", {"horizon": "20"}, "a duration"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(name, inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(name, **inputs)
    assert words in str(caught.value)


def test_a_wrong_density_is_caught_by_the_closed_forms(monkeypatch):
    """Without the crowding of orbits towards the poles the reach is 9 % too small."""
    monkeypatch.setattr(cbo_accounting, "latitude_density", lambda inclination, latitude: 1.0)
    missed = [row.name for row in study("cbo-2026").compared if not row.within]
    assert missed == ["reach_km", "flyout_s"]


# --- 2025 -----------------------------------------------------------------------------------


def test_the_totals_hold_for_any_new_price_with_the_mass_it_implies():
    """The new price was not read: it sets the mass, not the totals."""
    for new in (500.0, 2000.0, 5000.0):
        mass = 103e9 / (5200 * (9800.0 - new))
        rest = 264e9 - 5200 * mass * 9800.0
        result = study(
            "cbo-2025",
            mass=f"{mass!r} kg",
            launch_price=f"{new!r} USD_2025/kg",
            other_cost=f"{rest!r} USD_2025",
        )
        assert result["total_cost_usd_b"] == pytest.approx(161)
        assert result["reduction"] == pytest.approx(103 / 264)


def test_one_mass_and_price_do_not_give_both_alternatives():
    """What the page says: scaled from the low one, the high one would cost 507, not 542."""
    low = study("cbo-2025:low")
    scaled = 831 * (1.0 - low["reduction"])
    assert scaled == pytest.approx(507, abs=1)
    same_mass = study("cbo-2025:high", mass="2539.4 kg")
    assert same_mass["saving_usd_b"] == pytest.approx(158, abs=1)


@settings(max_examples=20, deadline=None)
@given(low=st.floats(1.0, 5000.0), factor=st.floats(1.0, 5.0))
def test_cheaper_launch_never_costs_more(low, factor):
    cheap = study("cbo-2025", launch_price=f"{low!r} USD_2025/kg")
    dear = study("cbo-2025", launch_price=f"{low * factor!r} USD_2025/kg")
    assert cheap["total_cost_usd_b"] <= dear["total_cost_usd_b"] * (1 + 1e-12)
    assert cheap["total_old_usd_b"] == dear["total_old_usd_b"]


def test_another_life_with_the_mass_it_implies_changes_no_total():
    twice = study("cbo-2025", design_life="10 years", mass="5078.8 kg")
    assert twice["total_cost_usd_b"] == pytest.approx(study("cbo-2025")["total_cost_usd_b"])
    assert twice["bought"] == 2600


def test_launch_for_nothing_leaves_the_rest():
    assert study("cbo-2025", launch_price="0 USD_2025/kg")["total_cost_usd_b"] == pytest.approx(
        134.6
    )


# --- 2004 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("case", "speed"), [("fast", "6 km/s"), ("slow", "4 km/s")])
def test_number_and_mass_are_those_of_the_calculator(case, speed):
    calculator = study("aei-sbi-calculator", delta_v=speed, latitude_max="45 deg", p_composite=0.8)
    fleet = study(f"cbo-2004:{case}").inputs
    assert calculator["shots"] == 1
    assert fleet["interceptors"].value == calculator["interceptors"]
    assert fleet["mass"].value == pytest.approx(calculator["mass_kg"], rel=1e-3)


def test_the_range_check_can_fail():
    """Ten missiles at once cost more than anything in the range, and an idle fleet less."""
    row = {row.name: row for row in study("cbo-2004").rows}["total_cost_usd_b"]
    low, high = row.published
    assert study("cbo-2004", interceptors=3530)["total_cost_usd_b"] > high * 1.1
    assert study("cbo-2004", interceptors=1)["total_cost_usd_b"] < low * 0.9


def test_sums_of_other_years_are_brought_to_2004():
    assert study("cbo-2004", unit_cost="22 MUSD_2004")["total_cost_usd_b"] > (
        study("cbo-2004")["total_cost_usd_b"] + 1412 * 0.008
    )
