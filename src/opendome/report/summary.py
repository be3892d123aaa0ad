"""The result of a run in a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opendome.report.inputs import Inputs
from opendome.report.story import SURE, leans, steps
from opendome.report.words import (
    MINUS,
    amount,
    command_lines,
    counted,
    duration,
    explanation,
    headline,
    interval,
    p_value,
    sensor_lines,
)

BAR = "█"
BAR_WIDTH = 30
COLOURS = {"raid": "bold", "lost": "bright_black", "killed": "blue", "through": "bold red"}
LINK_COLOUR = "red"


def show_summary(
    summary: Mapping[str, Any], console: Console, *, scenario_text: str, page: str | None
) -> None:
    """Print what came out: leakers, fates, layers, time budget, inputs; then where the page is.

    summary : the document of `opendome run --json`
    scenario_text : resolved scenario, for the ranges of inputs     page : path of the report
    """
    console.print(Text(headline(summary), style="bold"))
    console.print(Text(explanation(summary)))
    console.print(Text(f"{summary['notice']}", style="bright_black"))
    for table in (
        _fates(summary),
        _layers(summary),
        _time(summary),
        _leans(summary, Inputs(scenario_text)),
    ):
        if table is not None:
            console.print()
            console.print(table)
    console.print()
    for line in _facts(summary):
        console.print(Text(line, style="bright_black"))
    if page is not None:
        console.print(Text(f"report: {page}"), soft_wrap=True)


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, box=None, pad_edge=False, title_justify="left", title_style="bold",
        header_style="bright_black",
    )  # fmt: skip
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right", no_wrap=True)
    return table


def _fates(summary: Mapping[str, Any]) -> Table:
    """The raid taken apart as bars, each starting where the one above ends."""
    found = steps(summary)
    table = _table("Where the raid ends (mean of a trial)", "", "objects", "95 % interval")
    table.add_column("", justify="left", no_wrap=True)
    whole = edge = found[0].mean
    for step in found:
        if step.kind in ("raid", "through"):
            left, edge = 0.0, step.mean
        else:
            edge -= step.mean
            left = max(0.0, edge)
        style = COLOURS.get(step.kind, LINK_COLOUR)
        indent = "  " if step.kind == "link" else ""
        known = step.low is not None and step.high is not None
        width = interval(step.low or 0.0, step.high or 0.0) if known else ""
        bar = " " * _cells(left, whole) + BAR * (
            _cells(left + step.mean, whole) - _cells(left, whole)
        )
        table.add_row(
            Text(indent + step.label, style=style), amount(step.mean), width,
            Text(bar.ljust(BAR_WIDTH), style=style),
        )  # fmt: skip
    return table


def _cells(value: float, whole: float) -> int:
    return round(BAR_WIDTH * value / whole)


def _layers(summary: Mapping[str, Any]) -> Table | None:
    if not summary["layers"]:
        return None
    table = _table("Layers (mean of a trial)", "", "killed", "rounds fired", "stock")
    for name, use in summary["layers"].items():
        stock = f"{summary['stock'][name]['start']:,}"
        table.add_row(Text(name), amount(use["kills"]), amount(use["rounds"]), stock)
    return table


def _time(summary: Mapping[str, Any]) -> Table | None:
    if not summary["time_budget_s"]:
        return None
    table = _table("Time budget (objects that passed the link)", "", "10 %", "50 %", "90 %")
    for link, q in summary["time_budget_s"].items():
        table.add_row(link, *(duration(q[level]) for level in ("p10", "p50", "p90")))
    return table


def _leans(summary: Mapping[str, Any], inputs: Inputs) -> Table | None:
    found = leans(summary)
    if not found:
        return None
    chance = all(lean["p_adjusted"] > SURE for lean in found)
    title = f"What the result leans on{' (each may be chance)' if chance else ''}"
    table = _table(title, "", "rank correlation", "adjusted p", "range")
    for lean in found:
        rho = f"{lean['rank_correlation']:+.2f}".replace("-", MINUS)
        path = lean["input"]
        name, text = Text(inputs.name(path)), Text(inputs.text(path))
        table.add_row(name, rho, p_value(lean["p_adjusted"]), text)
    return table


def _reached(until: Mapping[str, Any]) -> str:
    return "reached" if until["reached"] else "not reached"


def _facts(summary: Mapping[str, Any]) -> list[str]:
    spread, timing = summary["spread"], summary["timing_s"]
    lines = [
        f"{counted(summary['trials'], 'trial')} in {counted(summary['futures'], 'future')}, "
        f"seed {summary['seed']}, {duration(timing['total'])}; digest {summary['digest'][:16]}",
        f"{len(summary['sources'])} sources; {len(summary['unverified_inputs'])} unverified inputs",
    ]
    until = summary["until_ci"]
    if until is not None:
        lines.append(f"interval of {until['asked']:g} to either side: {_reached(until)}")
    if spread["luck"] + spread["futures"] > 0.0:
        lines.append(
            f"spread between trials: {spread['luck']:.0%} luck, {spread['futures']:.0%} future"
        )
    return lines + command_lines(summary) + sensor_lines(summary)
