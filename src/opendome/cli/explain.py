"""`opendome explain`: why an object of a stored run was or was not engaged."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json

if TYPE_CHECKING:
    from opendome.results.explained import Explanation


def explain(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    number: Annotated[int, typer.Option("--object", help="Its number, as in the ledger.")],
    trial: Annotated[
        int | None,
        typer.Option(help="Else the first in which it got through, or the first of all."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell why an object was or was not engaged, decision by decision."""
    from opendome.report.explain_words import lines
    from opendome.results.explained import explain as tell

    told = tell(folder, number, trial=trial)
    if as_json:
        typer.echo(json.dumps(document(told), indent=1, allow_nan=False))
    else:
        typer.echo("\n".join(lines(told)))


def document(told: "Explanation") -> dict[str, Any]:
    """The explanation as plain values; gates by name."""
    from opendome.report.explain_words import REASONS, sentences

    found: dict[str, Any] = asdict(told)
    found.update(folder=str(told.folder), sentences=sentences(told))
    for span, told_span in zip(found["spans"], told.spans, strict=True):
        span["reason"] = REASONS[told_span.gate]
        for part in (span, span["first"], span["last"]):
            part["gate"] = told_span.gate.name.lower()
    return found
