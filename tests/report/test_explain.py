"""Explaining an object of a stored run: words, JSON, refusals, and the link from the report."""

import json
from dataclasses import replace

import numpy as np
import pytest
from markupsafe import escape
from typer.testing import CliRunner

import opendome
from opendome.cli.main import app
from opendome.engagement.decisions import Gate
from opendome.engagement.records import FATE_WORDS, Fate
from opendome.quantities.errors import OpendomeError
from opendome.report.drawing import house_style
from opendome.report.explain_page import render, rivals, write_explanation
from opendome.report.explain_words import REASONS, RIVALLED, alternative, lines, says, sentences
from opendome.report.figures.decisions import draw
from opendome.report.leaks import BROKEN_LINKS, leaks
from opendome.report.story import Story
from opendome.results.explained import broken_span, explain
from opendome.results.folder import open_run
from opendome.results.leakers import leakers_of


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


def test_tells_a_run_that_a_policy_decided(tmp_path):
    out = tmp_path / "by-policy"
    opendome.run(opendome.load("homeland-2026"), trials=2, futures=1, policy="certified", out=out)
    told = explain(out, 0)
    assert told.policy == "certified"
    assert "decided by certified" in lines(told)[0]
    assert len(told.shots) == open_run(out).table("ledger")["rounds"][told.trial * 10]
    command = leaks(Story(open_run(out)))
    assert all("--policy" not in leak.command for leak in command)


def test_asks_for_a_policy_that_is_code_of_the_user(tmp_path):
    code = tmp_path / "mine.py"
    code.write_text("class Idle:\n    def decide(self, view):\n        return []\n")
    name, out = f"{code}:Idle", tmp_path / "mine"
    opendome.run(opendome.load("homeland-2026"), trials=1, futures=1, policy=name, out=out)
    with pytest.raises(OpendomeError, match="--policy"):
        explain(out, 0)
    told = explain(out, 0, policy=name)
    assert not told.shots
    assert any(span.gate is Gate.NOT_CHOSEN for span in told.spans)
    assert all(leak.command.endswith(f"--policy {name}") for leak in leaks(Story(open_run(out))))


def test_tells_a_run_on_measurements(tmp_path):
    scenario = opendome.load("homeland-2026", changes={"raid.0.count": 3})
    opendome.run(scenario, trials=2, futures=1, tracking="measured", out=tmp_path / "m")
    run = open_run(tmp_path / "m")
    ledger = run.table("ledger")
    for number, trial, fate, rounds in zip(
        ledger["object"], ledger["trial"], ledger["fate"], ledger["rounds"], strict=True
    ):
        told = explain(tmp_path / "m", int(number), trial=int(trial))
        assert (told.fate, len(told.shots), told.tracking) == (fate, rounds, "measured")
        assert {shot.p_divert for shot in told.shots} <= {0.0, 1.0, None}
    assert lines(told)[0].endswith("measured tracking")
    assert ", measured tracking" in render(told)
    assert len(leaks(Story(run))) == len(set(ledger["fate"][ledger["leaked"].astype(bool)]))


def test_says_what_a_measured_track_handed_over(folder):
    told = explain(folder, 3)
    shot = replace(told.shots[0], p_divert=0.0)
    off = replace(
        told, tracking="measured", leaked=True, fate="shots missed", broken=None, shots=(shot,)
    )
    assert "more than 1 round could correct" in " ".join(sentences(off))
    assert any("handed over too far off" in line for line in lines(off))
    well = replace(off, shots=(replace(shot, p_divert=1.0),))
    assert any("handed over well" in line for line in lines(well))


def test_speaks_on_the_command_line(folder):
    text = CliRunner().invoke(app, ["explain", str(folder), "--object", "3"])
    assert text.exit_code == 0
    assert "What each node said (seconds after its launch):" in text.output
    found = CliRunner().invoke(app, ["explain", str(folder), "--object", "3", "--json"])
    document = json.loads(found.output)
    assert document["number"] == 3
    assert {span["gate"] for span in document["spans"]} <= {gate.name.lower() for gate in Gate}
    assert document["sentences"]
    assert "decisions" not in document


def test_lists_who_got_through_when_no_object_is_named(folder):
    ledger = open_run(folder).table("ledger")
    for trial in (None, *range(6)):
        found = leakers_of(folder, trial=trial)
        mine = ledger["leaked"] & (ledger["trial"] == found.trial)
        assert [leaker.number for leaker in found.leakers] == ledger["object"][mine].tolist()
        assert [leaker.fate for leaker in found.leakers] == ledger["fate"][mine].tolist()
        assert bool(found.chosen) == (trial is None)
        assert found.objects == 10
    text = CliRunner().invoke(app, ["explain", str(folder)])
    assert text.exit_code == 0
    assert f"--object {leakers_of(folder).leakers[0].number} --trial" in text.output
    plain = json.loads(CliRunner().invoke(app, ["explain", str(folder), "--json"]).output)
    assert plain["leakers"][0]["threat_class"] == "icbm-solid"
    with pytest.raises(OpendomeError, match="trial 6"):
        leakers_of(folder, trial=6)


def test_a_page_needs_an_object_and_a_folder(folder, tmp_path):
    page = tmp_path / "told.html"
    refused = CliRunner().invoke(app, ["explain", str(folder), "--html", str(page)])
    assert refused.exit_code != 0
    assert not page.exists()
    with pytest.raises(OpendomeError, match="a folder"):
        write_explanation(explain(folder, 3), tmp_path)
    with pytest.raises(OpendomeError, match="mkdir"):
        write_explanation(explain(folder, 3), tmp_path / "nowhere" / "told.html")


@pytest.mark.parametrize("number", range(10))
def test_the_page_stands_alone_and_repeats(folder, tmp_path, number):
    told = explain(folder, number)
    page = tmp_path / "told.html"
    asked = ["explain", str(folder), "--object", str(number), "--html", str(page)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    text = page.read_text("utf-8")
    assert text == render(told)
    assert "<script" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert text.count("<svg") == 1
    assert ("broken link</b>" in text) == (told.broken is not None)
    for span in told.spans:
        assert escape(says(told, span)) in text


def test_the_figure_has_a_lane_for_all_that_is_told(folder):
    told = explain(folder, 3)
    with house_style():
        svg = draw(told).svg
    for word in ("US said", "track error, km", "commit", "not fired"):
        assert word in svg
    for window in told.windows:
        assert f"{window.asset} possible" in svg
    for shot in told.shots:
        assert f"{shot.asset} {shot.result}" in svg


def test_windows_end_with_the_last_useful_order(folder):
    """Two ways to the same moment: the pairs of the object, and the column of the ledger."""
    for number in range(10):
        told = explain(folder, number)
        last_s = max(window.last_order_t_s for window in told.windows)
        assert last_s == pytest.approx(told.times["last_chance_t_s"], abs=1e-6)


def test_rounds_that_went_elsewhere_are_weighed(tmp_path):
    """A broken stock or assignment says what the best of the other rounds was worth here."""
    folder = tmp_path / "many"
    many = opendome.load("homeland-2026", changes={"raid.0.count": 50})
    opendome.run(many, trials=1, futures=1, out=folder)
    ledger = open_run(folder).table("ledger")
    weighed = 0
    rows = np.flatnonzero(ledger["leaked"] & (ledger["fate"] != "shots missed"))[:4]
    for row in rows:
        told = explain(folder, int(ledger["object"][row]), trial=int(ledger["trial"][row]))
        found = alternative(told)
        if told.broken is not None and told.broken.gate in RIVALLED:
            best = rivals(told)
            more = [rival.own_gain - rival.gain for rival in best]
            assert more == sorted(more, reverse=True)
            assert bool(best) == any("The alternative: " in text for text in found)
            weighed += 1
        else:
            assert not found
    assert weighed


def test_after_misses_the_broken_link_is_with_the_node_that_fired_last(folder, tmp_path):
    """Another node that ran out of reach before broke nothing."""
    cut = tmp_path / "cut"
    opendome.run(opendome.load("golden-dome-cut-off"), trials=20, futures=2, out=cut)
    found = several = 0
    for run in (folder, cut):
        ledger = open_run(run).table("ledger")
        for row in np.flatnonzero(ledger["fate"] == "shots missed")[:6]:
            told = explain(run, int(ledger["object"][row]), trial=int(ledger["trial"][row]))
            fired = max((s for s in told.spans if s.gate is Gate.FIRED), key=lambda s: s.end_t_s)
            several += len({span.node for span in told.spans}) > 1
            if told.broken is not None:
                assert told.broken.node == fired.node
                assert told.broken.end_t_s > fired.end_t_s
                found += 1
    assert found
    assert several


def test_is_offered_in_python(folder):
    told = opendome.explain(folder, 3)
    assert isinstance(told, opendome.Explanation)
    assert told == explain(folder, 3)


def test_the_report_names_the_command(folder):
    page = opendome.write_report(folder).read_text("utf-8")
    for leak in leaks(Story(open_run(folder))):
        assert leak.command in page
        assert explain(folder, leak.number, trial=leak.trial).leaked


def test_an_empty_site_that_would_reload_is_a_broken_stock(tmp_path):
    """Neither reload nor channels hide that nothing is left: fate and gate say the same."""
    sites = {f"assets.gbi.sites.{name}": 4 for name in ("fort-greely", "vandenberg")}
    ready = {"assets.gbi.ready": 4, "assets.gbi.reload": "1 h"}
    scenario = opendome.load("homeland-2026", changes={"raid.0.count": 20, **sites, **ready})
    opendome.run(scenario, trials=2, futures=1, out=tmp_path / "empty")
    ledger = open_run(tmp_path / "empty").table("ledger")
    unfired = np.flatnonzero(ledger["leaked"] & (ledger["rounds"] == 0))
    assert unfired.size > 20
    for row in unfired[:6]:
        told = explain(
            tmp_path / "empty", int(ledger["object"][row]), trial=int(ledger["trial"][row])
        )
        assert told.fate == "no stock"
        assert told.broken.gate is Gate.NO_STOCK


@pytest.mark.parametrize("name", ["mixed-raid", "golden-dome-peer"])
def test_what_broke_agrees_with_the_fate(name, tmp_path):
    """An empty shooter is told of as such, and a belief too late for any order breaks nothing."""
    opendome.run(opendome.load(name), trials=4, futures=2, out=tmp_path / "run")
    ledger = open_run(tmp_path / "run").table("ledger")
    rng = np.random.default_rng(1)
    found = set()
    for fate in ("no stock", "not assigned", "shots missed"):
        rows = rng.permutation(np.flatnonzero(ledger["fate"] == fate))[:5]
        for row in rows:
            told = explain(
                tmp_path / "run", int(ledger["object"][row]), trial=int(ledger["trial"][row])
            )
            gate = None if told.broken is None else told.broken.gate
            found.add((fate, gate))
            assert (gate is Gate.NO_STOCK) or fate != "no stock"
            assert (gate is not Gate.NO_STOCK) or fate != "not assigned"
            if gate is Gate.BELIEVED_DEAD:
                assert told.broken.start_t_s <= told.times["last_chance_t_s"]
    assert ("no stock", Gate.NO_STOCK) in found
    assert any(fate == "shots missed" for fate, _ in found)


def test_a_belief_after_the_last_useful_order_broke_nothing(folder):
    """The same spans with the belief later: it no longer counts, and nothing else is blamed."""
    told = next(
        told
        for number in range(10)
        for told in (explain(folder, number, trial=trial) for trial in range(6))
        if told.fate == "shots missed" and told.broken and told.broken.gate is Gate.BELIEVED_DEAD
    )
    early = broken_span(told.fate, told.spans, last_order_t_s=told.times["last_chance_t_s"])
    late = broken_span(told.fate, told.spans, last_order_t_s=told.broken.start_t_s - 1.0)
    assert early == told.broken
    assert late is None or late.gate is not Gate.BELIEVED_DEAD


@pytest.mark.parametrize(
    ("gate", "link"),
    [
        (Gate.TRACK_LOST, "custody: "),
        (Gate.BUSY, "launchers: "),
        (Gate.GIVEN_AWAY, "assignment: "),
    ],
)
def test_what_kept_a_round_in_reach_back_names_the_link(folder, gate, link):
    told = explain(folder, 3)
    span = replace(told.spans[0], gate=gate)
    left = replace(told, leaked=True, fate="not assigned", broken=span, shots=())
    assert any(text.startswith(f"Broken link: {link}") for text in sentences(left))


def test_of_an_object_not_assigned_a_track_lost_later_broke_the_link(folder):
    span = explain(folder, 3).spans[0]
    choice = replace(span, gate=Gate.GIVEN_AWAY, start_t_s=10.0, end_t_s=20.0)
    lost = replace(span, gate=Gate.TRACK_LOST, start_t_s=30.0, end_t_s=40.0)
    assert broken_span("not assigned", [choice, lost], last_order_t_s=50.0) == lost
    before = replace(lost, start_t_s=1.0, end_t_s=9.0)
    assert broken_span("not assigned", [before, choice], last_order_t_s=50.0) == choice


def test_a_round_dearer_than_any_object_is_not_taken_for_harmless(tmp_path):
    dear = opendome.load("homeland-2026", changes={"assets.gbi.price": 2, "raid.0.count": 3})
    opendome.run(dear, trials=2, futures=1, out=tmp_path / "dear")
    assert set(open_run(tmp_path / "dear").table("ledger")["fate"]) == {"not worth a round"}
    assert explain(tmp_path / "dear", 0).broken.gate is Gate.NOT_WORTH_IT


def test_a_policy_for_a_run_decided_by_rules_is_refused(folder):
    with pytest.raises(OpendomeError, match="which the rules of its scenario decided"):
        explain(folder, 0, policy="greedy")


def test_a_short_flight_is_told_to_a_hundredth_of_a_second(folder):
    told = explain(folder, 3)
    short = replace(told, impact_t_s=told.launch_t_s + 40.0)
    assert "From 0.00 to" not in " ".join(lines(told))
    first = short.spans[0]
    assert any(f"{first.start_t_s - told.launch_t_s:.2f} to" in line for line in lines(short))
