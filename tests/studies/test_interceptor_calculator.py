"""The public calculator: its own results, and what must hold for any inputs."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.lifecycle import total_usd
from opendome.quantities.errors import OpendomeError
from opendome.studies import interceptor_calculator
from opendome.studies.evaluation import every_case, study
from opendome.studies.interceptor_calculator import shots_needed
from opendome.studies.whole import at_least, at_most

NAME = "aei-sbi-calculator"
PUBLIC = (
    "mass_kg", "range_km", "footprint_km", "ratio", "shots", "interceptors", "launches",
    "unit_cost_usd_m", "total_cost_usd_b",
)  # fmt: skip
INPUTS = (
    "salvo", "flyout", "altitude", "delta_v", "acceleration", "divert", "isp",
    "kill_vehicle_mass", "body_mass", "support_mass", "latitude_max", "p_kill", "p_composite",
    "design_life", "intercept_altitude", "development_cost", "first_unit_cost", "learning",
    "operations_cost", "horizon", "launch_capacity", "first_launch_cost", "launch_learning",
)  # fmt: skip

# The tool's own arithmetic, in its own language, run once on these inputs. In the order of PUBLIC.
OF_THE_TOOL = {
    "fast and low band": (
        {"salvo": 7, "flyout": "150 s", "acceleration": "20 g", "delta_v": "5 km/s",
         "altitude": "450 km", "latitude_max": "60 deg"},
        (863.546480817881, 686.2677366888795, 639.1114194098532, 366.9766322325425, 2, 5138, 99,
         12.351140904112823, 316.1445655992691),
    ),
    "six shots, lives that do not fit": (
        {"p_kill": 0.6, "p_composite": 0.99, "design_life": "7 years", "horizon": "30 years"},
        (1294.0652517936403, 597.6340544426487, 589.2083358452753, 498.56658655782377, 6, 2992, 88,
         14.030976530447756, 230.00902809570772),
    ),
    "another vehicle": (
        {"isp": "290 s", "divert": "1.5 km/s", "kill_vehicle_mass": "40 kg", "body_mass": "30 kg",
         "support_mass": "80 kg", "launch_capacity": "100 t", "first_launch_cost": "90 MUSD_2026",
         "launch_learning": 0.9},
        (885.665201819693, 597.6340544426487, 589.2083358452753, 498.56658655782377, 2, 998, 9,
         18.202572511267118, 91.82511638430194),
    ),
    "other prices": (
        {"learning": "75 %", "first_unit_cost": "120 MUSD_2026", "salvo": 20,
         "development_cost": "12 GUSD_2026", "operations_cost": "900 MUSD_2026/year"},
        (1294.0652517936403, 597.6340544426487, 589.2083358452753, 498.56658655782377, 2, 19943,
         587, 3.379115078702402, 537.5067549484074),
    ),
    "life beyond the horizon, no learning": (
        {"design_life": "25 years", "learning": 1, "launch_learning": 1},
        (1294.0652517936403, 597.6340544426487, 589.2083358452753, 498.56658655782377, 2, 998, 30,
         70.07014028056112, 90.58),
    ),
    "high orbit, slow": (
        {"intercept_altitude": "100 km", "altitude": "600 km", "flyout": "200 s",
         "delta_v": "4 km/s", "acceleration": "10 g"},
        (582.0121878630723, 718.4227029617657, 515.8790363359316, 630.7532937607727, 2, 1262, 17,
         17.213704933238816, 112.47445975738326),
    ),
    "one shot at each of many": (
        {"p_kill": 0.5, "p_composite": 0.4, "salvo": 250, "latitude_max": "30 deg"},
        (1294.0652517936403, 597.6340544426487, 589.2083358452753, 249.28329327891183, 1, 62321,
         1833, 6.871486558016325, 2410.7250125626756),
    ),
}  # fmt: skip


def test_every_published_figure_is_met():
    for result in every_case(NAME).values():
        assert [row.name for row in result.compared if not row.within] == []
        assert len(result.compared) >= len(PUBLIC) - 1


@pytest.mark.parametrize("case", OF_THE_TOOL)
def test_the_tool_itself_says_the_same(case):
    inputs, expected = OF_THE_TOOL[case]
    result = study(NAME, **inputs)
    assert [result[name] for name in PUBLIC] == pytest.approx(expected, rel=1e-9)
    assert result.case is None


def test_names_are_the_documented_ones():
    form = interceptor_calculator.MODEL.form
    assert tuple(form.model_fields) == INPUTS
    assert tuple(out.name for out in interceptor_calculator.MODEL.outputs)[: len(PUBLIC)] == PUBLIC


def test_units_of_the_answer():
    outputs = study(NAME).to_dict()["outputs"]
    assert outputs["footprint_km"]["unit"] == "km"
    assert outputs["total_cost_usd_b"]["unit"] == "GUSD_2026"
    assert study(NAME).to_dict()["inputs"]["operations_cost"]["unit"] == "MUSD_2026/year"


# --- whole numbers -----------------------------------------------------------------


def test_dust_fires_no_third_shot_and_more_than_dust_does():
    assert math.log(1.0 - 0.96) / math.log(1.0 - 0.8) != 2.0  # what the rule is for
    assert shots_needed(0.8, 0.96) == 2
    assert shots_needed(0.8, 1.0 - 0.2**2.0000001) == 3
    assert at_least(2.0000001) == 3
    assert at_least(2.0 + 1e-12) == at_least(2.0 - 1e-12) == 2
    assert at_most(3.9999999) == 3
    assert at_most(4.0 - 1e-12) == 4


@given(p=st.floats(0.05, 0.999), shots=st.integers(1, 9))
def test_as_many_shots_as_a_chance_takes(p, shots):
    wanted = 1.0 - (1.0 - p) ** shots
    if wanted < 1.0 - 1e-6:
        assert shots_needed(p, wanted) == shots
        assert shots_needed(p, wanted + 1e-3 * (1.0 - wanted)) == shots + 1


# --- what must hold for any inputs ---------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    salvo=st.integers(1, 400),
    flyout=st.floats(60.0, 400.0),
    delta_v=st.floats(2.0, 8.0),
    latitude=st.floats(20.0, 90.0),
)
def test_number_is_linear_in_salvo_and_shots_up_to_one(salvo, flyout, delta_v, latitude):
    inputs = {
        "flyout": f"{flyout!r} s",
        "delta_v": f"{delta_v!r} km/s",
        "latitude_max": f"{latitude!r} deg",
    }
    one = study(NAME, **inputs)
    many = study(NAME, salvo=salvo, **inputs)
    shots = study(NAME, salvo=salvo, p_composite=1.0 - 0.2**3, **inputs)
    if one.feasible:
        raw = one["ratio"] * salvo
        assert raw * 2 * (1 - 1e-11) <= many["interceptors"] < raw * 2 * (1 + 1e-11) + 1
        assert raw * 3 * (1 - 1e-11) <= shots["interceptors"] < raw * 3 * (1 + 1e-11) + 1
        assert many["mass_kg"] == one["mass_kg"]


@settings(max_examples=40, deadline=None)
@given(flyout=st.floats(41.0, 600.0), more=st.floats(0.0, 200.0))
def test_more_flyout_never_needs_more_interceptors(flyout, more):
    short = study(NAME, flyout=f"{flyout!r} s")
    long = study(NAME, flyout=f"{flyout + more!r} s")
    if short.feasible:
        assert long["interceptors"] <= short["interceptors"]
        assert long["total_cost_usd_b"] <= short["total_cost_usd_b"] * (1 + 1e-12)


@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(
        ["development_cost", "first_unit_cost", "operations_cost", "first_launch_cost"]
    ),
    low=st.floats(1.0, 1e4),
    factor=st.floats(1.0, 5.0),
)
def test_total_rises_with_every_price(name, low, factor):
    unit = "MUSD_2026/year" if name == "operations_cost" else "MUSD_2026"
    cheap = study(NAME, **{name: f"{low!r} {unit}"})["total_cost_usd_b"]
    dear = study(NAME, **{name: f"{low * factor!r} {unit}"})["total_cost_usd_b"]
    assert dear >= cheap * (1 - 1e-12)


def test_parts_add_up_to_the_total():
    result = study(f"{NAME}:AT-3")
    parts = ("production_usd_b", "launch_usd_b", "operations_usd_b")
    assert sum(result[part] for part in parts) + 7.0 == pytest.approx(result["total_cost_usd_b"])
    assert result["production_usd_b"] == pytest.approx(
        result["bought"] * result["unit_cost_usd_m"] / 1e3
    )


def test_prices_of_another_year_are_brought_to_the_year_of_the_study():
    older = study(NAME, first_unit_cost="70 MUSD_2016")
    assert older["unit_cost_usd_m"] > 1.2 * study(NAME)["unit_cost_usd_m"]


def test_the_layer_costs_what_the_study_says_but_for_the_closed_form():
    for result in every_case(NAME).values():
        layer = result.layer
        assert layer.total_usd == pytest.approx(result["total_cost_usd_b"] * 1e9)
        assert total_usd(layer.life_cycle) == pytest.approx(layer.total_usd, rel=0.02)
        assert layer.life_cycle.units == layer.targets * layer.per_target


# --- infeasible ------------------------------------------------------------------------

ABSENT = {
    "flyout shorter than the acceleration": ({"flyout": "40 s"}, "full speed", {"mass_kg"}),
    "out of reach": (
        {"flyout": "41 s", "altitude": "800 km"},
        "does not reach",
        {"mass_kg", "range_km"},
    ),
    "certainty": ({"p_composite": 1}, "no number of shots", {"mass_kg", "ratio"}),
    "shots that never kill": ({"p_kill": 0}, "no number of shots", {"mass_kg", "ratio"}),
    "too heavy": ({"launch_capacity": "1200 kg"}, "heavier", {"mass_kg", "interceptors", "shots"}),
    "learning of a half": ({"learning": 0.5}, "closed form", {"launches", "interceptors"}),
    "steep learning of launches": ({"launch_learning": 0.4}, "closed form", {"launches"}),
}


@pytest.mark.parametrize("case", ABSENT)
def test_infeasible_is_an_answer_without_a_number(case):
    inputs, words, kept = ABSENT[case]
    result = study(NAME, **inputs)
    assert not result.feasible
    assert words in result.binding
    assert result["total_cost_usd_b"] is None
    assert result.layer is None
    assert all(result[name] is not None for name in kept)
    assert all(math.isfinite(row.ours) for row in result.rows if row.ours is not None)


def test_a_flyout_that_ends_with_the_acceleration_is_feasible():
    burn = 6000.0 / (15.0 * 9.80665)
    assert study(NAME, flyout=f"{burn!r} s", altitude="250 km").feasible


def test_a_sure_kill_takes_one_shot():
    assert study(NAME, p_kill=1, p_composite=1)["shots"] == 1
    assert study(NAME, p_composite=0)["shots"] == 1


def test_outside_the_tools_own_limits_the_answer_says_so():
    def reason(output, **inputs):
        return {row.name: row.reason for row in study(NAME, **inputs).rows}[output]

    assert "above the orbit" in reason("footprint_km", intercept_altitude="400 km")
    assert "divert" in reason("mass_kg", divert="7 km/s")
    assert "one generation" in reason("total_cost_usd_b", design_life="21 years")
    assert "70%" in reason("unit_cost_usd_m", learning=0.6)


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"flyout": "0 s"}, "more than 0 s"),
        ({"flyout": "120 km"}, "a duration"),
        ({"flyout": 120}, "a duration"),
        ({"design_life": "0 years"}, "more than 0 s"),
        ({"design_life": "-5 years"}, "a duration"),
        ({"learning": 1.2}, "at most 1"),
        ({"learning": 0}, "more than 0"),
        ({"latitude_max": "0 deg"}, "more than 0 deg"),
        ({"latitude_max": "95 deg"}, "at most 90 deg"),
        ({"salvo": 0}, "at least 1"),
        ({"salvo": 2.5}, "whole"),
        ({"p_kill": 1.1}, "0 to 1"),
        ({"p_kill": "0.5..0.9"}, "one value"),
        ({"first_unit_cost": "70"}, "price year"),
        ({"first_unit_cost": "70 MUSD_2026/kg"}, "a sum"),
        ({"first_unit_cost": "70 MJPY_2026"}, "US dollars"),
        ({"first_unit_cost": "70 MUSD_then"}, "named year"),
        ({"first_unit_cost": "-70 MUSD_2026"}, "0 or more"),
        ({"operations_cost": "1 USD_2026/kg"}, "per year"),
        ({"fly_out": "120 s"}, "flyout"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)


def test_all_problems_are_named_at_once():
    with pytest.raises(OpendomeError) as caught:
        study(NAME, flyout="0 s", learning=2, delta_v="6 s")
    assert all(name in str(caught.value) for name in ("flyout", "learning", "delta_v"))


# --- negative control -----------------------------------------------------------------


def test_a_wrong_exponent_is_caught_by_the_published_figures(monkeypatch):
    right = interceptor_calculator.average_continuous_usd

    def planted(first, units, learning):
        return right(first, units, learning**1.02)

    monkeypatch.setattr(interceptor_calculator, "average_continuous_usd", planted)
    wrong = [row.name for row in study(NAME).compared if not row.within]
    assert wrong == ["unit_cost_usd_m", "total_cost_usd_b"]


def test_a_wrong_radius_is_caught_by_the_published_figures(monkeypatch):
    tool = interceptor_calculator.tool()
    wrong = interceptor_calculator.Tool(
        gravity_of_mass_m_s2=tool.gravity_of_mass_m_s2,
        earth_radius_m=6371008.8,
        learning_least=tool.learning_least,
    )
    monkeypatch.setattr(interceptor_calculator, "tool", lambda: wrong)
    assert "interceptors" in [row.name for row in study(NAME).compared if not row.within]
