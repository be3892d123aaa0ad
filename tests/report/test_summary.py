"""The summary in a terminal."""

import io

import pytest
from rich.console import Console

from opendome.report import words
from opendome.report.story import steps
from opendome.report.summary import show_summary

from .conftest import CASES


def shown(run, *, page="runs/x/report.html", **settings):
    console = Console(file=io.StringIO(), width=120, **settings)
    show_summary(run.summary, console, scenario_text=run.scenario_text, page=page)
    return console.file.getvalue()


@pytest.mark.parametrize("case", CASES)
def test_it_says_what_the_summary_says(run_of, case):
    run = run_of(case)
    text = shown(run)
    flat = " ".join(text.split()).replace(words.NBSP, " ")
    assert words.headline(run.summary).replace(words.NBSP, " ") in flat
    assert run.summary["notice"] in flat
    for step in steps(run.summary):
        assert f"{step.label} {words.amount(step.mean)}" in flat
    for name, use in run.summary["layers"].items():
        assert f"{name} {words.amount(use['kills'])} {words.amount(use['rounds'])}" in flat
    for link in run.summary["time_budget_s"]:
        assert f"{link} " in text
    assert "report: runs/x/report.html" in text
    assert run.summary["digest"][:16] in text
    assert "\x1b[" not in text


def test_bars_of_the_waterfall_join(run_of):
    lines = [line for line in shown(run_of("mixed")).splitlines() if "█" in line]
    raid = next(line for line in lines if line.startswith("the raid"))
    start, end = raid.index("█"), len(raid.rstrip())
    for line in lines:
        assert start <= line.index("█")
        assert len(line.rstrip()) <= end
    through = next(line for line in lines if line.startswith("got through"))
    assert through.index("█") == start


def test_no_page_no_line(run_of):
    assert "report:" not in shown(run_of("one"), page=None)


def test_markup_in_names_stays_text(run_of):
    from dataclasses import replace

    run = run_of("mixed")
    layers = {"[red]x[/red]": next(iter(run.summary["layers"].values()))}
    stock = {"[red]x[/red]": next(iter(run.summary["stock"].values()))}
    evil = replace(run, summary={**run.summary, "layers": layers, "stock": stock})
    assert "killed by [red]x[/red]" in shown(evil)
