"""Latitude density: published tables, the average over a cap, and the edge of the orbits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.studies import density
from opendome.studies.evaluation import every_case, study

NAME = "latitude-density"


def test_every_published_figure_is_met():
    cases = every_case(NAME)
    assert len(cases) == 13
    for result in cases.values():
        assert result.compared
        assert all(row.within for row in result.compared)


def test_a_wrong_factor_is_caught_by_every_published_figure(monkeypatch):
    right = density.latitude_density
    monkeypatch.setattr(density, "latitude_density", lambda i, lat: 1.01 * right(i, lat))
    for result in every_case(NAME).values():
        assert not any(row.within for row in result.compared)


def sampled_share(inclination, latitude, angle, count=2_000_000):
    """Share of satellites of random node and place within an angle of a point: plain sampling."""
    rng = np.random.default_rng(7)
    node, place = rng.uniform(0.0, 2.0 * math.pi, (2, count))
    z = np.sin(place) * math.sin(inclination)
    level = np.sin(place) * math.cos(inclination)
    x = np.cos(place) * np.cos(node) - level * np.sin(node)
    return float(np.mean(x * math.cos(latitude) + z * math.sin(latitude) >= math.cos(angle)))


@pytest.mark.parametrize(
    ("inclination", "latitude", "reach"), [(60.0, 40.32, 836.0), (45.0, 44.0, 900.0), (45, 49, 700)]
)
def test_the_average_in_reach_is_that_of_random_satellites(inclination, latitude, reach):
    result = study(
        NAME, inclination=f"{inclination} deg", latitude=f"{latitude} deg", reach=f"{reach} km"
    )
    angle = 2.0 * math.asin(reach / (2.0 * 6671.0))
    expected = sampled_share(math.radians(inclination), math.radians(latitude), angle)
    error = 4.0 * math.sqrt(expected / 2e6)  # four standard errors: one false alarm in 16,000
    assert result["cap_share_in_reach"] == pytest.approx(expected, abs=error)


def test_the_formula_is_biased_at_the_edge_and_not_far_inside():
    assert study(NAME, inclination="45 deg", latitude="44 deg")["biased"] is True
    assert study(NAME, inclination="85 deg", latitude="40 deg")["biased"] is False
    # at 44 degrees it doubles what is there
    edge = study(NAME, inclination="45 deg", latitude="44 deg", reach="600 km")
    assert edge["share_in_reach"] > 1.8 * edge["cap_share_in_reach"]


@pytest.mark.parametrize("latitude", ["45 deg", "50 deg", "-55 deg", "90 deg"])
def test_beyond_the_inclination_there_is_no_density(latitude):
    result = study(NAME, inclination="45 deg", latitude=latitude)
    assert not result.feasible
    assert "no satellite passes over latitude" in result.binding
    assert [result[name] for name in ("factor", "share_in_reach", "one_in")] == [None] * 3
    assert result["biased"] is True


def test_an_orbit_that_runs_backwards_counts_like_its_mirror_image():
    forward = study(NAME, inclination="45 deg", latitude="30 deg")
    backward = study(NAME, inclination="135 deg", latitude="-30 deg")
    assert backward["factor"] == pytest.approx(forward["factor"], rel=1e-12)
    assert backward["cap_factor"] == pytest.approx(forward["cap_factor"], rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(inclination=st.floats(20.0, 90.0), share=st.floats(0.0, 0.9))
def test_the_density_rises_towards_the_inclination(inclination, share):
    low, high = share * inclination, (share + 0.05) * inclination
    at = [study(NAME, inclination=f"{inclination!r} deg", latitude=f"{lat!r} deg")["factor"]
          for lat in (low, high)]  # fmt: skip
    assert at[0] < at[1]


@settings(max_examples=30, deadline=None)
@given(inclination=st.floats(10.0, 90.0), share=st.floats(0.0, 0.9))
def test_over_a_small_cap_the_average_is_the_formula(inclination, share):
    near = study(
        NAME, inclination=f"{inclination!r} deg", latitude=f"{share * inclination!r} deg",
        reach="1 km",
    )  # fmt: skip
    assert near["factor"] == pytest.approx(near["cap_factor"], rel=1e-4)
    assert near["one_in"] == pytest.approx(1.0 / near["share_in_reach"], rel=1e-12)
    assert near["biased"] is False


@pytest.mark.parametrize("inclination", [30.0, 60.0, 90.0])
def test_over_the_whole_shell_the_average_is_one(inclination):
    whole = study(NAME, inclination=f"{inclination} deg", latitude="10 deg", reach="99999 km")
    assert whole["cap_factor"] == pytest.approx(1.0, abs=1e-9)
    assert whole["cap_share_in_reach"] == pytest.approx(1.0, abs=1e-9)


def test_a_reach_beyond_the_formula_gives_no_share():
    result = study(NAME, inclination="45 deg", latitude="44.9 deg", reach="9000 km")
    assert result["share_in_reach"] is None
    row = {row.name: row for row in result.rows}["share_in_reach"]
    assert "no share" in row.reason
    assert 0.0 < result["cap_share_in_reach"] < 1.0


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"inclination": "181 deg"}, "at most 180 deg"),
        ({"latitude": "91 deg"}, "at most 90 deg"),
        ({"reach": "0 km"}, "more than 0 km"),
        ({"altitude": "300"}, "a length"),
        ({"satellites": 2.5}, "whole"),
        ({"lattitude": "40 deg"}, "latitude"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)
