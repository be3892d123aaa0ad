"""The answer to a question of coverage in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opendome.report.words import duration
from opendome.survey.words import percent

FAINT = "bright_black"
NOTICE = "Illustrative; not validated against flight data."
NONE = "-"
ASSETS_SHOWN = 12


def show_coverage(document: Mapping[str, Any], console: Console, *, files: Sequence[str]) -> None:
    """Print headline, shares, gaps, latitudes, places, assets, notes and inputs.

    document : of `opendome coverage --json`     files : that were written
    """
    console.print(Text(document["headline"], style="bold"))
    tables = (_shares(document), _bands(document), _gaps(document), _assets(document))
    for table in tables:
        if table is not None:
            console.print()
            console.print(table)
    console.print()
    for note in _remarks(document):
        console.print(Text(f"- {note}"))
    console.print()
    console.print(_inputs(document["inputs"]))
    console.print()
    console.print(Text(f"digest {document['digest']}", style=FAINT))
    console.print(Text(NOTICE, style=FAINT))
    for path in files:
        console.print(Text(f"wrote {path}"), soft_wrap=True)


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, box=None, pad_edge=False, title_justify="left", title_style="bold",
        header_style=FAINT,
    )  # fmt: skip
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right", no_wrap=True)
    return table


def _row(name: str, shares: Mapping[str, float]) -> tuple[str, ...]:
    return (name, *(percent(share) for share in shares.values()))


def _shares(document: Mapping[str, Any]) -> Table:
    """By nation, and over what is defended."""
    levels = next(iter(document["shares"].values()))
    table = _table("Share of area and time", "", *levels)
    for name, shares in document["shares"].items():
        table.add_row(*_row(name, shares))
    for place, shares in document["places"].items():
        what = {"defended": "over what is defended", "approaches": "over its approaches"}[place]
        table.add_row(*_row(f"{document['node']}, {what}", shares))
    return table


def _bands(document: Mapping[str, Any]) -> Table | None:
    """By latitude, north on top."""
    bands = document["latitude_bands"]
    if len(bands) < 2:
        return None
    table = _table("By latitude", "", *bands[0]["shares"])
    for band in reversed(bands):
        name = f"{band['south_deg']:.0f} to {band['north_deg']:.0f} deg"
        table.add_row(*_row(name, band["shares"]))
    return table


def _gaps(document: Mapping[str, Any]) -> Table:
    """How long a cell is without a level."""
    table = _table("Gaps", "", "longest", "where", "area always", "area never")
    for level, gap in document["gaps"].items():
        where = f"{_angle(gap['lat_deg'], 'N', 'S')} {_angle(gap['lon_deg'], 'E', 'W')}"
        without = gap["longest_s"] <= 0.0
        table.add_row(
            level,
            "none" if without else duration(gap["longest_s"]),
            NONE if without else where,
            percent(gap["share_of_area_always"]),
            percent(gap["share_of_area_never"]),
        )
    return table


def _angle(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.4g} {positive if value >= 0.0 else negative}"


def _assets(document: Mapping[str, Any]) -> Table | None:
    """What each asset brings."""
    rows = [row for row in document["assets"] if row["sees"] > 0.0]
    if not rows:
        return None
    table = _table(
        "Who carries it", "", "sees", "tracks alone", "seen by nobody else", "no track without it"
    )
    keys = ("sees", "tracks_alone", "seen_lost", "track_lost")
    for row in rows[:ASSETS_SHOWN]:
        table.add_row(row["name"], *(percent(row[key]) for key in keys))
    return table


def _remarks(document: Mapping[str, Any]) -> list[str]:
    """Time to a track, assets left out, and the notes."""
    found: list[str] = []
    times = document["confirm_s"]
    if times["p50"] is not None:
        found.append(
            f"a track is known {times['p50']:.3g} s after the object appears (median; nine in ten "
            f"within {times['p90']:.3g} s), delays of the network included"
        )
    blind = [row["name"] for row in document["assets"] if row["sees"] <= 0.0]
    if blind:
        found.append(f"never see it: {', '.join(blind)}")
    more = len(document["assets"]) - len(blind) - ASSETS_SHOWN
    if more > 0:
        found.append(f"{more} more assets see it; --json names them all")
    return [*found, *document["notes"]]


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
