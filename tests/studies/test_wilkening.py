"""Interceptors for a confidence that nothing gets through: published figures, and games played."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.studies import wilkening
from opendome.studies.evaluation import every_case, study
from opendome.studies.wilkening import best_first_salvo, rounds_with_look

NAME = "wilkening-1999"
PUBLIC = ("salvo", "interceptors", "p_no_leaker", "p_track_floor")
INPUTS = ("warheads", "decoys", "confidence", "p_track", "p_kill", "doctrine", "whole_shots")


def test_every_published_figure_is_met():
    compared = [row for result in every_case(NAME).values() for row in result.compared]
    assert len(compared) == 13
    assert all(row.within for row in compared)


def test_names_are_the_documented_ones():
    assert set(INPUTS) <= set(wilkening.MODEL.form.model_fields)
    assert set(PUBLIC) <= {out.name for out in wilkening.MODEL.outputs}


@pytest.mark.parametrize(("warheads", "floor"), [(4, 0.94574), (10, 0.97793), (20, 0.98890)])
def test_floors_of_tracking(warheads, floor):
    assert study(NAME, warheads=warheads)["p_track_floor"] == pytest.approx(floor, abs=5e-6)


def test_the_salvo_of_twenty_warheads():
    result = study(NAME)
    assert result["salvo"] == pytest.approx(5.654, abs=5e-4)
    assert result["p_no_leaker"] == pytest.approx(0.8)


# every figure of the article's table: P_track -> per cent for one to five shots
TABLE = {
    1.0: (56.00, 80.64, 91.48, 96.25, 98.35),
    0.95: (53.20, 76.61, 86.91, 91.44, 93.43),
    0.90: (50.40, 72.58, 82.33, 86.63, 88.52),
}


@pytest.mark.parametrize("p_track", TABLE)
def test_the_whole_table_of_the_article(p_track):
    for shots, percent in enumerate(TABLE[p_track], start=1):
        result = study(NAME, warheads=1, p_kill=0.56, p_track=p_track, shots=shots)
        assert 100.0 * result["p_kill_engagement"] == pytest.approx(percent, abs=0.0051)


def test_a_wrong_place_of_tracking_is_caught_by_the_published_figures(monkeypatch):
    """Tracking that each shot draws anew, as if more shots could repair it."""
    monkeypatch.setattr(wilkening, "p_engagement", lambda t, p, n: 1.0 - (1.0 - t * p) ** n)
    cases = ("four-shots-tracked-95", "four-shots-tracked-90", "five-shots-tracked-90")
    for case in cases:
        assert not any(row.within for row in study(f"{NAME}:{case}").compared)


# --- games played ---------------------------------------------------------------------

TRIALS = 100_000


def played(warheads, p_track, p_kill, first, shots, seed=1):
    """Share of games without a leaker, and mean rounds at a warhead; each round thrown."""
    rng = np.random.default_rng(seed)
    tracked = rng.random((TRIALS, warheads)) < p_track
    hits = rng.random((TRIALS, warheads, shots)) < p_kill
    early, late = hits[:, :, :first].any(axis=2), hits[:, :, first:].any(axis=2)
    killed = tracked & (early | late)
    # a warhead that is not tracked looks like one that was hit by chance: rounds fly all the same
    rounds = first + np.where(early, 0, shots - first)
    return float(killed.all(axis=1).mean()), float(rounds.mean())


@pytest.mark.parametrize(
    ("warheads", "p_track", "p_kill", "first", "shots"),
    [(20, 0.99, 0.70, 6, 6), (5, 0.95, 0.56, 1, 4), (3, 0.9, 0.4, 2, 5), (1, 1.0, 0.8, 2, 2)],
)
def test_games_played_agree_within_three_standard_errors(warheads, p_track, p_kill, first, shots):
    result = study(
        NAME, warheads=warheads, p_track=p_track, p_kill=p_kill, shots=shots, first_salvo=first,
        doctrine="shoot-look-shoot",
    )  # fmt: skip
    share, rounds = played(warheads, p_track, p_kill, first, shots)
    error = math.sqrt(share * (1.0 - share) / TRIALS)
    assert abs(result["p_no_leaker"] - share) <= 3.0 * error + 1e-12
    assert result["interceptors"] / warheads == pytest.approx(rounds, rel=0.01)


# --- what must hold -------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(
    warheads=st.integers(1, 200),
    confidence=st.floats(0.01, 0.999),
    p_track=st.floats(0.5, 1.0),
    p_kill=st.floats(0.05, 0.99),
)
def test_the_salvo_gives_the_confidence_or_there_is_none(warheads, confidence, p_track, p_kill):
    inputs = {"warheads": warheads, "confidence": confidence, "p_track": p_track, "p_kill": p_kill}
    result = study(NAME, **inputs)
    whole = study(NAME, whole_shots="true", **inputs)
    assert result.feasible == whole.feasible == (p_track > result["p_track_floor"])
    if not result.feasible:
        assert "more shots cannot repair it" in result.binding
        assert result["salvo"] is result["interceptors"] is result["p_no_leaker"] is None
        return
    assert result["p_no_leaker"] == pytest.approx(confidence, rel=1e-6)
    assert whole["p_no_leaker"] >= confidence * (1.0 - 1e-6)
    assert whole["salvo"] == math.ceil(result["salvo"] - 1e-9)


@settings(max_examples=60, deadline=None)
@given(
    warheads=st.integers(1, 100),
    decoys=st.integers(0, 100),
    p_kill=st.floats(0.1, 0.99),
    whole=st.booleans(),
)
def test_a_look_never_takes_more_rounds(warheads, decoys, p_kill, whole):
    inputs = {
        "warheads": warheads, "decoys": decoys, "p_kill": p_kill, "p_track": 0.999999,
        "whole_shots": whole,
    }  # fmt: skip
    barrage = study(NAME, **inputs)
    look = study(NAME, doctrine="shoot-look-shoot", **inputs)
    assert barrage["interceptors"] == pytest.approx((warheads + decoys) * barrage["salvo"])
    assert look["interceptors"] <= barrage["interceptors"] * (1.0 + 1e-12)
    assert look["p_no_leaker"] == barrage["p_no_leaker"]


@given(shots=st.floats(1.0, 60.0), p_kill=st.floats(0.01, 0.999))
def test_the_first_salvo_is_the_best_whole_one(shots, p_kill):
    first = best_first_salvo(shots, p_kill)
    tried = [rounds_with_look(m, shots, p_kill) for m in (*range(1, int(shots) + 1), shots)]
    assert rounds_with_look(first, shots, p_kill) == pytest.approx(min(tried), rel=1e-9)
    assert first == shots or first == int(first) >= 1


def test_a_great_many_shots_take_no_time():
    assert best_first_salvo(1e9, 1e-8) < 1e9
    assert study(NAME, p_kill=1e-9, doctrine="shoot-look-shoot").feasible


def test_one_round_first_takes_more_than_two_in_the_published_case():
    one = study(f"{NAME}:shoot-look-shoot-20", first_salvo=1)
    assert one["interceptors"] == pytest.approx(47.92, abs=0.005)
    assert one["first_salvo"] == 1.0
    assert study(f"{NAME}:shoot-look-shoot-20")["first_salvo"] == 2.0


def test_decoys_cost_rounds_but_not_confidence():
    plain, masked = study(NAME, warheads=10), study(NAME, warheads=10, decoys=10)
    assert masked["interceptors"] == pytest.approx(2.0 * plain["interceptors"])
    assert masked["p_no_leaker"] == plain["p_no_leaker"]
    told = study(NAME, warheads=10, decoys=10, p_decoy_engaged=0.1)
    assert told["objects"] == pytest.approx(11.0)


# --- the edges --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inputs",
    [
        {"p_track": 0.9},
        {"p_track": 0.95, "warheads": 5},
        {"confidence": 1, "p_track": 1},
        {"p_track": 0},
    ],
)
def test_infeasible_names_the_floor_and_gives_no_number(inputs):
    result = study(NAME, **inputs)
    assert not result.feasible
    assert "floor" in result.binding
    assert [row.name for row in result.rows if row.ours is not None] == ["p_track_floor"]


def test_a_sure_kill_takes_one_round_and_reaches_the_floor():
    floor = 0.8 ** (1 / 20)
    assert study(NAME, p_kill=1, p_track=floor)["salvo"] == 1.0
    assert study(NAME, p_kill=1, p_track=1, confidence=1)["p_no_leaker"] == 1.0


def test_classification_that_contradicts_tracking_is_remarked():
    result = study(NAME, p_warhead_engaged=0.9)
    assert "P_ww" in {row.name: row.reason for row in result.rows}["p_no_leaker"]
    assert result["objects"] == pytest.approx(18.0)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"warheads": 0}, "at least 1"),
        ({"confidence": 0}, "more than 0"),
        ({"confidence": 1.2}, "at most 1"),
        ({"p_track": 1.2}, "0 to 1"),
        ({"p_kill": 0}, "more than 0"),
        ({"doctrine": "salvo"}, "barrage"),
        ({"whole_shots": "perhaps"}, "true or false"),
        ({"first_salvo": 0}, "more than 0"),
        ({"shots": -1}, "more than 0"),
        ({"warheds": 5}, "warheads"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)
