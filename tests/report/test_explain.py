"""Explaining an object of a stored run: words, JSON, refusals, and the link from the report."""

import json

import pytest
from typer.testing import CliRunner

import opendome
from opendome.cli.main import app
from opendome.engagement.decisions import Gate
from opendome.engagement.records import FATE_WORDS, Fate
from opendome.quantities.errors import OpendomeError
from opendome.report.explain_words import REASONS, lines, sentences
from opendome.report.leaks import BROKEN_LINKS, leaks
from opendome.report.story import Story
from opendome.results.explained import explain
from opendome.results.folder import open_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "told"
    opendome.run(opendome.load("homeland-2026"), trials=6, futures=2, out=out)
    return out


def test_every_gate_and_every_leak_has_words():
    assert set(REASONS) == set(Gate)
    leaking = {FATE_WORDS[fate] for fate in Fate if fate >= Fate.NEVER_DETECTED}
    assert set(BROKEN_LINKS) == leaking


def test_tells_every_leaker_of_a_run(folder):
    ledger = open_run(folder).table("ledger")
    for row in ledger["leaked"].nonzero()[0]:
        told = explain(folder, int(ledger["object"][row]), trial=int(ledger["trial"][row]))
        assert told.fate == ledger["fate"][row]
        assert len(told.shots) == ledger["rounds"][row]
        assert sentences(told)[-1].startswith("Broken link: ")


def test_spans_of_a_node_follow_each_other(folder):
    told = explain(folder, 3)
    assert all(a.end_t_s < b.start_t_s for a, b in zip(told.spans, told.spans[1:], strict=False))
    assert all(a.gate != b.gate for a, b in zip(told.spans, told.spans[1:], strict=False))
    assert len(lines(told)) > len(told.spans)


def test_takes_a_leaking_trial_unless_told(folder):
    ledger = open_run(folder).table("ledger")
    for number in range(10):
        told = explain(folder, number)
        ever = (ledger["leaked"] & (ledger["object"] == number)).any()
        assert told.leaked == ever
        assert told.chosen


@pytest.mark.parametrize(
    ("number", "trial", "what", "allowed"),
    [
        (10, None, "object 10", "0 to 9"),
        (-1, None, "object -1", "0 to 9"),
        (0, 6, "trial 6", "0 to 5"),
    ],
)
def test_refuses_what_the_run_does_not_hold(folder, number, trial, what, allowed):
    with pytest.raises(OpendomeError) as error:
        explain(folder, number, trial=trial)
    assert what in str(error.value)
    assert allowed in str(error.value)


def test_refuses_a_run_on_measurements(tmp_path):
    scenario = opendome.load("homeland-2026")
    opendome.run(scenario, trials=1, futures=1, tracking="measured", out=tmp_path / "m")
    with pytest.raises(OpendomeError, match="expected tracking"):
        explain(tmp_path / "m", 0)


def test_speaks_on_the_command_line(folder):
    text = CliRunner().invoke(app, ["explain", str(folder), "--object", "3"])
    assert text.exit_code == 0
    assert "Seconds after its launch:" in text.output
    found = CliRunner().invoke(app, ["explain", str(folder), "--object", "3", "--json"])
    document = json.loads(found.output)
    assert document["number"] == 3
    assert {span["gate"] for span in document["spans"]} <= {gate.name.lower() for gate in Gate}


def test_the_report_names_the_command(folder):
    page = opendome.write_report(folder).read_text("utf-8")
    for leak in leaks(Story(open_run(folder))):
        assert leak.command in page
        assert explain(folder, leak.number, trial=leak.trial).leaked
