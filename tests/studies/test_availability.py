"""Satellites in reach while a constellation turns: published counts, and counts made anew."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.studies import availability
from opendome.studies.evaluation import every_case, study

NAME = "walker-availability"
PUBLIC = ("mean_in_reach", "min_in_reach", "max_in_reach", "formula_mean", "formula_biased")
INPUTS = ("satellites", "planes", "altitude", "inclination", "latitude", "reach", "epochs")


def test_every_published_figure_is_met():
    for result in every_case(NAME).values():
        assert [row.name for row in result.compared if not row.within] == []
        assert len(result.compared) == 4


def test_names_are_the_documented_ones():
    model = availability.MODEL
    assert tuple(model.form.model_fields)[: len(INPUTS)] == INPUTS
    assert tuple(out.name for out in model.outputs)[: len(PUBLIC)] == PUBLIC


def test_the_flag_is_true_or_false_in_json():
    document = json.loads(json.dumps(study(NAME).to_dict()))
    assert document["outputs"]["formula_biased"]["ours"] is False
    assert document["inputs"]["reach"] == {"value": 753, "unit": "km", "set": False}


# --- a second simulation ----------------------------------------------------------------


def simulated(satellites, planes, altitude_km, inclination, latitude, reach_km, epochs=400):
    """Counts at random moments, each satellite placed and measured: circles, no J2, km."""
    rng = np.random.default_rng(11)
    radius = 6378.137 + altitude_km
    each = satellites // planes
    plane, place = np.divmod(np.arange(satellites), each)
    node = 2.0 * math.pi * plane / planes
    counts = []
    for _ in range(epochs):
        angle = 2.0 * math.pi * (place / each + plane / satellites + rng.random())
        longitude = 2.0 * math.pi * rng.random()
        level = np.sin(angle) * math.cos(inclination)
        x = np.cos(angle) * np.cos(node) - level * np.sin(node)
        y = np.cos(angle) * np.sin(node) + level * np.cos(node)
        z = np.sin(angle) * math.sin(inclination)
        flat = math.cos(latitude)
        away = np.sqrt(
            (x - flat * math.cos(longitude)) ** 2
            + (y - flat * math.sin(longitude)) ** 2
            + (z - math.sin(latitude)) ** 2
        )
        counts.append(np.count_nonzero(radius * away <= reach_km))
    return np.mean(counts), min(counts), max(counts)


@pytest.mark.parametrize(
    ("satellites", "planes", "altitude", "inclination", "latitude", "reach"),
    [
        (7800, 78, 400, 85.0, 40.0, 753),
        (1600, 40, 300, 45.0, 38.0, 900),
        (1000, 25, 500, 45.0, 44.0, 800),  # at the edge of the orbits
        (3000, 50, 500, 60.0, -52.0, 700),
        (2000, 40, 1000, 50.0, 0.0, 1500),
        (1800, 36, 550, 53.0, 56.0, 900),  # beyond them, still in reach
    ],
)
def test_counts_agree_with_a_plain_simulation(
    satellites, planes, altitude, inclination, latitude, reach
):
    result = study(
        NAME, satellites=satellites, planes=planes, altitude=f"{altitude} km",
        inclination=f"{inclination} deg", latitude=f"{latitude} deg", reach=f"{reach} km",
    )  # fmt: skip
    mean, fewest, most = simulated(
        satellites, planes, altitude, math.radians(inclination), math.radians(latitude), reach
    )
    assert result["mean_in_reach"] == pytest.approx(mean, rel=0.02)
    assert abs(result["min_in_reach"] - fewest) <= 1
    assert abs(result["max_in_reach"] - most) <= 1
    assert result["cap_mean"] == pytest.approx(mean, rel=0.02)
    assert result.feasible


def test_a_wrong_radius_of_the_earth_is_caught_by_the_published_formula(monkeypatch):
    monkeypatch.setattr(availability, "RADIUS_EQUATOR_M", 6371008.8)
    assert [row.name for row in study(NAME).compared if not row.within] == ["formula_mean"]


def test_a_wrong_angle_is_caught_by_the_published_counts(monkeypatch):
    right = availability.reach_angle
    monkeypatch.setattr(availability, "reach_angle", lambda *given: 1.1 * right(*given))
    wrong = [row.name for row in study(NAME).compared if not row.within]
    assert wrong == ["mean_in_reach", "min_in_reach", "max_in_reach", "formula_mean"]


# --- what must hold for any inputs ----------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    planes=st.integers(2, 60),
    each=st.integers(1, 60),
    inclination=st.floats(10.0, 170.0),
    latitude=st.floats(-80.0, 80.0),
    reach=st.floats(100.0, 3000.0),
)
def test_fewest_mean_and_most_are_in_order_and_grow_with_reach(
    planes, each, inclination, latitude, reach
):
    inputs = {
        "satellites": planes * each, "planes": planes, "epochs": 50,
        "inclination": f"{inclination!r} deg", "latitude": f"{latitude!r} deg",
    }  # fmt: skip
    near = study(NAME, reach=f"{reach!r} km", **inputs)
    far = study(NAME, reach=f"{1.2 * reach!r} km", **inputs)
    assert 0 <= near["min_in_reach"] <= near["mean_in_reach"] <= near["max_in_reach"]
    assert near["max_in_reach"] <= planes * each
    for name in ("mean_in_reach", "min_in_reach", "max_in_reach", "cap_mean"):
        assert near[name] <= far[name] * (1.0 + 1e-9)
    if not near.feasible:
        assert near["max_in_reach"] == 0
        assert near["formula_mean"] is None


@settings(max_examples=20, deadline=None)
@given(factor=st.integers(2, 8), reach=st.floats(200.0, 1500.0))
def test_the_formula_is_linear_in_the_satellites(factor, reach):
    one = study(NAME, satellites=780, reach=f"{reach!r} km")
    many = study(NAME, satellites=780 * factor, reach=f"{reach!r} km")
    for name in ("formula_mean", "cap_mean"):
        assert many[name] == pytest.approx(factor * one[name], rel=1e-9)


def test_phasing_comes_round_and_hardly_moves_the_mean():
    same = study(NAME, phasing=79)
    assert [row.ours for row in same.rows] == [row.ours for row in study(NAME).rows]
    means = [study(NAME, phasing=phasing)["mean_in_reach"] for phasing in (0, 13, 40)]
    assert means == pytest.approx([20.19] * 3, rel=0.02)


def test_seeds_change_the_moments_and_nothing_else():
    one, other = study(NAME), study(NAME, seed=2)
    assert one["mean_in_reach"] != other["mean_in_reach"]
    assert one["mean_in_reach"] == pytest.approx(other["mean_in_reach"], rel=0.02)
    assert one["formula_mean"] == other["formula_mean"]


def test_targets_below_the_orbits_are_harder_to_reach():
    level = study(NAME)
    below = study(NAME, target_altitude="100 km")
    assert below["mean_in_reach"] < 0.9 * level["mean_in_reach"]
    assert study(NAME, target_altitude="400 km")["mean_in_reach"] == level["mean_in_reach"]


# --- the edge of the orbits -------------------------------------------------------------


def test_near_the_inclination_the_formula_is_flagged():
    edge = study(NAME, inclination="45 deg", latitude="44 deg")
    assert edge["formula_biased"] is True
    assert edge["formula_mean"] > 1.5 * edge["mean_in_reach"]


def test_beyond_the_inclination_counts_stay_and_the_formula_has_none():
    result = study(NAME, inclination="45 deg", latitude="48 deg")
    assert result.feasible
    assert result["mean_in_reach"] > 20
    assert result["formula_mean"] is None
    assert result["formula_biased"] is True
    assert (
        "no satellite passes over" in {row.name: row.reason for row in result.rows}["formula_mean"]
    )


def test_out_of_reach_for_ever_is_infeasible():
    result = study(NAME, inclination="45 deg", latitude="-60 deg")
    assert not result.feasible
    assert "ever in reach" in result.binding
    assert (result["mean_in_reach"], result["max_in_reach"]) == (0.0, 0.0)
    assert result["formula_mean"] is None


def test_a_reach_that_does_not_come_down_is_infeasible():
    result = study(NAME, target_altitude="100 km", reach="299 km")
    assert not result.feasible
    assert "300 km between the heights" in result.binding
    assert all(row.ours is None for row in result.rows)


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"planes": 77}, "same whole number of satellites in each plane"),
        ({"planes": 0}, "at least 1"),
        ({"epochs": 0}, "at least 1"),
        ({"reach": "753"}, "a length"),
        ({"reach": "-1 km"}, "more than 0 km"),
        ({"altitude": "0 km"}, "more than 0 km"),
        ({"latitude": "95 deg"}, "at most 90 deg"),
        ({"pattern": "rosette"}, "delta"),
        ({"target_altitude": "orbits"}, "orbit"),
        ({"inclinaton": "85 deg"}, "inclination"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)
