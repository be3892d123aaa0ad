"""`opendome query`: ask a stored run a question in SQL."""

import csv
import io
import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from opendome.cli.arguments import Json

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def query(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    sql: Annotated[
        str, typer.Argument(help="One statement over ledger, shots, looks, tracks, paths, sites.")
    ],
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
) -> None:
    """Ask a stored run a question in SQL.

    For example: opendome query RUN "SELECT fate, count(*) FROM ledger GROUP BY fate"
    """
    from opendome.quantities.errors import OpendomeError
    from opendome.results.folder import query as ask

    if as_json and as_csv:
        raise OpendomeError(got="--json and --csv", allowed="one of them", do="leave one out")
    names, rows = ask(folder, sql)
    if as_json:
        items = [{n: plain(v) for n, v in zip(names, row, strict=True)} for row in rows]
        typer.echo(json.dumps(items, indent=1, allow_nan=False, default=str))
    elif as_csv:
        typer.echo(to_csv(names, rows), nl=False)
    else:
        _table(names, rows)


def plain(value: Any) -> Any:
    """A value that JSON can hold; a number that is none becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_csv(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Comma-separated values; text that a spreadsheet would run gets an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_safe(name) for name in names])
    writer.writerows([_safe(value) for value in row] for row in rows)
    return buffer.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Columns on a terminal, tabs otherwise."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        lines = (names, *([_text(value) for value in row] for row in rows))
        typer.echo("\n".join("\t".join(line) for line in lines))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for index, name in enumerate(names):
        number = bool(rows) and isinstance(rows[0][index], int | float)
        table.add_column(Text(name), justify="right" if number else "left")
    for row in rows:
        table.add_row(*(Text(_text(value)) for value in row))
    console.print(table)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
