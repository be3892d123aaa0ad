"""The answer to a question of size in a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opendome.report.words import duration

FAINT = "bright_black"
NOTICE = "Illustrative; not validated against flight data."
MISSING = "-"


def show_size(document: Mapping[str, Any], console: Console, *, figure: str | None) -> None:
    """Print headline, methods, constellation, what binds, notes and inputs.

    document : of `opendome size --json`     figure : path of the drawn curve
    """
    console.print(Text(document["headline"], style="bold"))
    tables = (
        _methods(document),
        _reach(document.get("constellation")),
        _coverage(document.get("coverage")),
        _curve(document.get("curve")),
    )
    for table in tables:
        if table is not None:
            console.print()
            console.print(table)
    if document["notes"]:
        console.print()
    for note in document["notes"]:
        console.print(Text(f"- {note}"))
    console.print()
    console.print(_inputs(document["inputs"]))
    console.print()
    console.print(Text(NOTICE, style=FAINT))
    if figure is not None:
        console.print(Text(f"figure: {figure}"), soft_wrap=True)


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, box=None, pad_edge=False, title_justify="left", title_style="bold",
        header_style=FAINT,
    )  # fmt: skip
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right", no_wrap=True)
    return table


def _number(value: float | None, digits: str = ",.0f") -> str:
    return MISSING if value is None else format(value, digits)


def _methods(document: Mapping[str, Any]) -> Table | None:
    """The number by every method."""
    interceptors = "methods" in document
    found: dict[str, Any] = document["methods"] if interceptors else document["estimates"]
    if not interceptors and document["satellites"] is not None:
        always = {"title": "propagated", "remark": "no gap at any moment tried"}
        found = {**found, "propagated": {**always, "satellites": document["satellites"]}}
    if all(one["satellites"] is None for one in found.values()):
        return None
    table = _table("How many", "", "satellites")
    table.add_column("", justify="left")
    for name, one in found.items():
        if name == "propagated" and document["enough"] is not None:
            continue
        style = "bold" if name == "propagated" else ""
        words = "; ".join(filter(None, (one.get("holds", ""), one["remark"])))
        row = (Text(one["title"], style=style), Text(_number(one["satellites"]), style=style))
        table.add_row(*row, Text(words, style=FAINT))
    return table


def _reach(seen: Mapping[str, Any] | None) -> Table | None:
    """Interceptors in reach of the worst point over time."""
    if seen is None:
        return None
    title = (
        f"In reach of the worst point (latitude {seen['worst_latitude_deg']:.4g} deg), "
        f"{seen['satellites']:,} satellites, {seen['planes']:,} planes"
    )
    table = _table(title, "worst moment", "mean", "best moment", "time with enough")
    table.columns[0].justify = "right"
    table.add_row(
        _number(seen["min_in_reach"]),
        _number(seen["mean_in_reach"], ",.1f"),
        _number(seen["max_in_reach"]),
        f"{100.0 * seen['share_of_time_enough']:.4g} %",
    )
    return table


def _coverage(seen: Mapping[str, Any] | None) -> Table | None:
    """Share of time and gaps for one, two and more satellites at once."""
    if seen is None:
        return None
    title = f"Seen at once, {seen['satellites']:,} satellites, {seen['planes']:,} planes"
    table = _table(
        title, "by at least", "worst point", "mean", "longest gap", "mean gap", "mean wait",
        "latitude",
    )  # fmt: skip
    for fold in seen["folds"]:
        table.add_row(
            f"{fold['fold']}",
            f"{100.0 * fold['share_of_time_worst_point']:.4g} %",
            f"{100.0 * fold['share_of_time_mean']:.4g} %",
            *(_time(fold[key]) for key in ("gap_max_s", "gap_mean_s", "wait_mean_s")),
            f"{fold['worst_latitude_deg']:.4g} deg",
        )
    return table


def _time(seconds: float) -> str:
    return "none" if seconds == 0.0 else duration(seconds)


def _curve(curve: Mapping[str, Any] | None) -> Table | None:
    """The number against one input."""
    if curve is None:
        return None
    unit = f" [{curve['unit']}]" if curve["unit"] else ""
    table = _table(
        f"Satellites against {curve['input'].replace('-', ' ')}", f"{curve['input']}{unit}",
        "even shell", "point density", "footprint", "always",
    )  # fmt: skip
    table.columns[0].justify = "right"
    table.add_column("", justify="left")
    for k, value in enumerate(curve["values"]):
        numbers = (_number(column[k]) for column in curve["satellites"].values())
        table.add_row(f"{value:.4g}", *numbers, Text(curve["binding"][k] or "", style=FAINT))
    return table


def _inputs(inputs: Mapping[str, Any]) -> Table:
    """Every input with its origin; the reasons are in the JSON document."""
    table = _table("Inputs", "")
    table.add_column("", justify="left", no_wrap=True)
    table.add_column("", justify="left")
    table.show_header = False
    for name, one in inputs.items():
        origin = "given" if one["set"] else f"{one['basis']}: {', '.join(one['sources'])}"
        table.add_row(Text(name.replace("_", "-")), Text(one["value"]), Text(origin, style=FAINT))
    return table
