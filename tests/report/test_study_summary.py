"""A study in a terminal, and the scoreboard."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from opendome.report import study_summary
from opendome.studies.evaluation import every_case, study
from opendome.studies.scoreboard import scoreboard

NAME = "wilkening-1999"


def shown(result, *, own=None, others=()):
    console = Console(file=io.StringIO(), width=160)
    study_summary.show_study(result, console, own=own or result, others=others)
    return " ".join(console.file.getvalue().split())


def board_of(name=NAME, **cases):
    return scoreboard({name: every_case(name) | cases})


def shown_board(board):
    console = Console(file=io.StringIO(), width=160)
    study_summary.show_scoreboard(board, console)
    return " ".join(console.file.getvalue().split())


def missed(reason=""):
    """A case whose figure is far from the published one."""
    result = study(NAME)
    rows = [
        replace(row, ours=90.0, difference=-23.0, within=False, reason=reason)
        if row.name == "interceptors"
        else row
        for row in result.rows
    ]
    return replace(result, rows=tuple(rows))


def test_published_and_ours_stand_side_by_side():
    text = shown(study(NAME), others=["one-shot"])
    assert "20 warheads, barrage" in text
    assert "1 of 1 published figure reproduced" in text
    assert "interceptors 113 113.1 +0.072 (+0.06 %) 1 ok" in text
    assert "p_kill 0.7 unverified yusufov-2026-np-complete, wilkening-1999" in text
    assert "other cases: one-shot" in text
    assert f"docs/studies/{NAME}.md" in text


def test_reasons_are_given():
    text = shown(study(f"{NAME}:barrage-10-decoys-10"))
    assert "p_track_floor: the article gives this floor for 4 to 20 warheads" in text


def test_inputs_of_the_user_are_marked_and_compared_with_the_study_itself():
    text = shown(study(NAME, p_kill="0.8"), own=study(NAME))
    assert "p_kill 0.8 set by you" in text
    assert "with its own inputs with yours" in text
    assert "nothing was published for them" in text
    assert "salvo 5.654 4.229" in text


def test_an_infeasible_answer_has_no_number():
    text = shown(study(NAME, p_track="0.9"), own=study(NAME))
    assert "infeasible: p_track 0.9 is not above its floor" in text
    assert "salvo 5.654 – –" in text


def test_the_scoreboard_counts_and_lists():
    board = board_of()
    text = shown_board(board)
    assert f"{len(board.comparisons)} of {len(board.comparisons)} published figures" in text
    assert "Not reproduced" not in text
    assert "barrage-20 interceptors 113 113.1 +0.06 % 1 ok" in text


def test_what_is_missed_is_named_with_its_reason():
    """Negative control: a figure that is off is not counted as reproduced."""
    board = board_of(planted=missed("a planted error"))
    text = shown_board(board)
    good = len(board.comparisons) - 1
    assert f"{good} of {good + 1} published figures" in text
    assert "one is not" in text
    assert f"{NAME}:planted interceptors: published 113, ours 90; a planted error" in text
    assert "no reason is recorded" in shown_board(board_of(planted=missed()))


def test_a_scoreboard_adds_up():
    board = board_of(planted=missed())
    document = board.to_dict()
    assert document["reproduced"] + len(document["not_reproduced"]) == document["compared"]
    assert document["compared"] == len(document["rows"])
    assert document["studies"][NAME]["compared"] == document["compared"]
    assert document["not_reproduced"][0]["difference_percent"] == pytest.approx(-2300 / 113)
    assert "<table>" in board._repr_html_()


def test_inputs_are_shown_as_set_takes_them():
    result = study("aei-sbi-calculator")
    for used in result.inputs.values():
        again = study("aei-sbi-calculator", **{used.name: study_summary.input_text(used)})
        assert again["total_cost_usd_b"] == pytest.approx(result["total_cost_usd_b"], rel=1e-9)
