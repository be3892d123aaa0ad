"""The test record of the ground-based interceptors: published figures and what must hold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from opendome.quantities.errors import OpendomeError
from opendome.quantities.values import TestRecord
from opendome.studies import shot_record
from opendome.studies.evaluation import every_case, study
from opendome.studies.shot_record import p_killed, p_killed_expected

NAME = "gmd-tests"


def test_every_published_figure_is_met():
    for result in every_case(NAME).values():
        assert result.compared
        assert [row.name for row in result.compared if not row.within] == []


def test_another_interval_is_caught_by_the_published_one(monkeypatch):
    def normal(record, confidence):
        p = record.successes / record.trials
        half = stats.norm.ppf(0.5 + 0.5 * confidence) * math.sqrt(p * (1 - p) / record.trials)
        return p - half, p + half

    monkeypatch.setattr(shot_record, "_interval", normal)
    wrong = [row.name for row in study(NAME).compared if not row.within]
    assert wrong == ["p_kill_high"] or set(wrong) == {"p_kill_low", "p_kill_high"}


def test_the_interval_is_that_of_a_statistics_package():
    result = study(NAME, successes=7, trials=14, confidence=0.9)
    low, high = stats.beta.ppf([0.05, 0.95], 7.5, 7.5)
    assert (result["p_kill_low"], result["p_kill_high"]) == pytest.approx((low, high), rel=1e-9)


# --- shots that share a cause -----------------------------------------------------------


@pytest.mark.parametrize(("p", "share", "shots"), [(0.571, 0.2, 4), (0.3, 0.5, 2), (0.9, 1.0, 5)])
def test_a_shared_cause_against_throws_of_dice(p, share, shots):
    rng = np.random.default_rng(5)
    trials = 400_000
    miss = 1.0 - p
    all_miss = rng.random(trials) < share * miss
    alone = miss * (1.0 - share) / (1.0 - share * miss)
    each = rng.random((trials, shots)) < alone
    killed = float(np.mean(~(all_miss | each.all(axis=1))))
    error = 4.0 * math.sqrt(killed * (1.0 - killed) / trials)  # one false alarm in 16,000
    assert p_killed(p, shots, share) == pytest.approx(killed, abs=error)


@given(p=st.floats(0.0, 1.0), share=st.floats(0.0, 1.0), shots=st.integers(1, 20))
def test_what_a_shared_cause_must_keep(p, share, shots):
    one, many = p_killed(p, 1, share), p_killed(p, shots, share)
    assert one == pytest.approx(p, abs=1e-12)
    assert -1e-12 <= one - 1e-12 <= many <= 1.0 - share * (1.0 - p) + 1e-12
    assert many <= p_killed(p, shots) + 1e-12
    assert p_killed(p, shots) == pytest.approx(1.0 - (1.0 - p) ** shots, abs=1e-12)


def test_what_the_record_leaves_open_is_a_shared_cause_too():
    record = TestRecord(12, 21)
    rng = np.random.default_rng(3)
    p = rng.beta(12.5, 9.5, 400_000)
    expected = float(np.mean(1.0 - (1.0 - p) ** 4))
    assert p_killed_expected(record, 4) == pytest.approx(expected, abs=3e-4)
    assert p_killed_expected(record, 4) < p_killed(12 / 21, 4)


# --- the stock -------------------------------------------------------------------------


def test_the_twelfth_target_gets_nothing():
    eleven, twelve = study(NAME), study(NAME, targets=12)
    assert eleven["p_no_leaker"] == pytest.approx((1 - (9 / 21) ** 4) ** 11)
    assert twelve["p_no_leaker"] == 0.0
    assert twelve["targets_served"] == 11
    assert "does not go round" in {row.name: row.reason for row in twelve.rows}["p_no_leaker"]


def test_left_over_rounds_go_to_the_next_target():
    result = study(NAME, stock=46, targets=12)
    each, two = 1 - (9 / 21) ** 4, 1 - (9 / 21) ** 2
    assert result["p_no_leaker"] == pytest.approx(each**11 * two)
    assert result["targets_without"] == 0
    assert study(NAME, stock=46, targets=14)["targets_without"] == 2


@settings(max_examples=60, deadline=None)
@given(
    stock=st.integers(0, 200),
    targets=st.integers(1, 40),
    shots=st.integers(1, 6),
    share=st.floats(0.0, 1.0),
)
def test_more_rounds_never_hurt(stock, targets, shots, share):
    inputs = {"targets": targets, "shots": shots, "common_cause": share}
    few, more = study(NAME, stock=stock, **inputs), study(NAME, stock=stock + 1, **inputs)
    assert 0.0 <= few["p_no_leaker"] <= more["p_no_leaker"] * (1 + 1e-12) <= 1.0 + 1e-12
    assert few["targets_served"] == stock // shots
    assert few["targets_without"] >= more["targets_without"]


@settings(max_examples=40, deadline=None)
@given(trials=st.integers(1, 60), share=st.floats(0.0, 1.0), confidence=st.floats(0.01, 0.999))
def test_the_interval_holds_the_record(trials, share, confidence):
    hits = round(share * trials)
    result = study(NAME, successes=hits, trials=trials, confidence=confidence)
    assert 0.0 <= result["p_kill_low"] < result["p_kill_high"] <= 1.0
    wider = study(NAME, successes=hits, trials=trials, confidence=0.5 + 0.5 * confidence)
    assert wider["p_kill_low"] <= result["p_kill_low"]
    assert wider["p_kill_high"] >= result["p_kill_high"]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"successes": 22}, "at most as many successes as trials"),
        ({"trials": 0}, "at least 1"),
        ({"shots": 0}, "at least 1"),
        ({"shots": 2.5}, "whole"),
        ({"confidence": 0}, "more than 0"),
        ({"confidence": 95}, "at most 1"),
        ({"common_cause": 1.5}, "0 to 1"),
        ({"targets": "11 km"}, "which is a length"),
        ({"sucesses": 3}, "successes"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)
