"""Interceptors against a missile while it burns: published counts, proportion, and limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.studies import boost_phase
from opendome.studies.evaluation import every_case, study
from opendome.studies.loading import load_study

NAMES = ("aps-2003", "aps-2025")
COUNTS = ("interceptors", "interceptors_at_latitude", "interceptors_always")


@pytest.mark.parametrize("name", NAMES)
def test_every_published_figure_is_met(name):
    compared = [row for result in every_case(name).values() for row in result.compared]
    assert len(compared) == {"aps-2003": 2, "aps-2025": 3}[name]
    assert all(row.within for row in compared)


def test_a_wrong_footprint_is_caught_by_the_published_count(monkeypatch):
    right = boost_phase.footprint_radius
    monkeypatch.setattr(boost_phase, "footprint_radius", lambda r, d: 1.3 * right(r, d))
    assert [row.name for row in study("aps-2003").compared if not row.within] == ["interceptors"]


def test_the_chain_by_hand():
    result = study("aps-2003", intercept_altitude="300 km", decision="15 s")
    burn = 5000.0 / (15.0 * 9.80665)
    flown = 5000.0 * (85.0 - 0.5 * burn)
    assert result["time_to_fly_s"] == 85.0
    assert result["range_km"] == pytest.approx(flown / 1e3)
    assert result["ratio"] == pytest.approx(4.0 * (6678137.0 / flown) ** 2)
    assert result["interceptors"] == -(-result["ratio"] // 1)


def test_the_spread_of_the_assumptions_holds_claim_and_counter_claim():
    best, worst = study("aps-2003:best-ends"), study("aps-2003:worst-ends")
    assert best["interceptors"] < 1600 < worst["interceptors"]
    assert 300 <= best["interceptors_at_latitude"] <= best["interceptors_always"] <= 600


def test_every_assumed_input_is_marked_as_such():
    inputs = load_study("aps-2003").inputs
    assert inputs["boost_time"].passport.basis == "read"
    rest = {key for key in inputs if inputs[key].passport.basis in ("assumed", "unverified")}
    assert rest == set(inputs) - {"boost_time"}


@settings(max_examples=25, deadline=None)
@given(missiles=st.integers(1, 1000), shots=st.integers(1, 4))
def test_exact_proportion_to_the_missiles(missiles, shots):
    one = study("aps-2025", shots=shots)
    many = study("aps-2025", shots=shots, missiles=missiles)
    for name in COUNTS:
        assert many[name] == missiles * one[name]


@settings(max_examples=25, deadline=None)
@given(
    decision=st.floats(0.0, 50.0),
    less=st.floats(0.0, 20.0),
    speed=st.floats(3.0, 8.0),
    faster=st.floats(0.0, 2.0),
)
def test_more_time_and_more_speed_never_need_more(decision, less, speed, faster):
    slow = study("aps-2003", decision=f"{decision!r} s", speed=f"{speed!r} km/s")
    quick = study("aps-2003", decision=f"{max(0.0, decision - less)!r} s", speed=f"{speed!r} km/s")
    fast = study("aps-2003", decision=f"{decision!r} s", speed=f"{speed + faster!r} km/s")
    if slow.feasible:
        for better in (quick, fast):
            assert better["interceptors"] <= slow["interceptors"]
            assert better["interceptors_at_latitude"] <= slow["interceptors_at_latitude"]


def test_solid_takes_more_than_liquid_and_always_more_than_on_average():
    solid, liquid = study("aps-2003"), study("aps-2003:liquid")
    assert solid["interceptors"] > 4 * liquid["interceptors"]
    for result in (solid, liquid):
        assert result["interceptors_always"] > result["interceptors_at_latitude"]


@pytest.mark.parametrize(
    ("inputs", "words", "kept"),
    [
        ({"decision": "100 s"}, "detection and decision take 170 s", {"time_to_fly_s"}),
        ({"boost_time": "85 s"}, "no time is left", {"time_to_fly_s"}),
        ({"boost_time": "110 s"}, "does not reach the height", {"time_to_fly_s", "range_km"}),
    ],
)
def test_infeasible_is_an_answer_without_a_number(inputs, words, kept):
    result = study("aps-2003", **inputs)
    assert not result.feasible
    assert words in result.binding
    assert {row.name for row in result.rows if row.ours is not None} == kept


def test_a_latitude_out_of_reach_keeps_only_the_even_shell():
    result = study("aps-2003", latitude="60 deg")
    assert result["interceptors"] == study("aps-2003")["interceptors"]
    assert result["interceptors_at_latitude"] is None
    assert result["interceptors_always"] is None
    reasons = {row.name: row.reason for row in result.rows}
    assert "never in reach" in reasons["interceptors_at_latitude"]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"missiles": 0}, "at least 1"),
        ({"boost_time": "0 s"}, "more than 0 s"),
        ({"boost_time": "170 km"}, "a duration"),
        ({"speed": "0 km/s"}, "more than 0 km/s"),
        ({"acceleration": "0 g"}, "more than 0 g"),
        ({"decison": "0 s"}, "decision"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study("aps-2003", **inputs)
    assert words in str(caught.value)
