"""`opendome explain`: why an object of a stored run was or was not engaged."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json, complete_policy

if TYPE_CHECKING:
    from opendome.results.explained import Explanation
    from opendome.results.leakers import Leakers


def explain(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    number: Annotated[
        int | None,
        typer.Option("--object", help="Its number, as in the ledger. Else list who got through."),
    ] = None,
    trial: Annotated[
        int | None,
        typer.Option(help="Else the first in which it, or anything, got through."),
    ] = None,
    *,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page too.")
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            help="The policy that decided the run, where it is code of yours: file.py:Class.",
            autocompletion=complete_policy,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell why an object was or was not engaged, decision by decision."""
    from opendome.report.explain_words import lines
    from opendome.results.explained import explain as tell

    if number is None:
        _list(folder, trial, html, as_json=as_json)
        return
    told = tell(folder, number, trial=trial, policy=policy)
    if html is not None:
        from opendome.report.explain_page import write_explanation

        write_explanation(told, html)
    if as_json:
        typer.echo(json.dumps(document(told), indent=1, allow_nan=False))
    else:
        typer.echo("\n".join(lines(told)))
        if html is not None:
            typer.echo(f"page: {html}")


def document(told: "Explanation") -> dict[str, Any]:
    """The explanation as plain values; gates by name, decisions only at the ends of spans."""
    from opendome.report.explain_words import sentences

    found: dict[str, Any] = asdict(told)
    del found["decisions"]
    found.update(folder=str(told.folder), sentences=sentences(told))
    for span, told_span in zip(found["spans"], told.spans, strict=True):
        _named(span, told_span)
    if told.broken is not None:
        _named(found["broken"], told.broken)
    return found


def _named(span: dict[str, Any], told_span: Any) -> None:
    """Write the gate of a span by name, and its reason."""
    from opendome.report.explain_words import REASONS

    span["reason"] = REASONS[told_span.gate]
    for part in (span, span["first"], span["last"]):
        part["gate"] = told_span.gate.name.lower()


def _list(folder: Path, trial: int | None, html: Path | None, *, as_json: bool) -> None:
    """Print who got through in a trial."""
    from opendome.quantities.errors import OpendomeError
    from opendome.report.explain_words import leaker_lines
    from opendome.results.leakers import leakers_of

    if html is not None:
        raise OpendomeError(
            got="--html without --object",
            allowed="a page about one object",
            do=f"opendome explain {folder}, then choose an object",
        )
    found: Leakers = leakers_of(folder, trial=trial)
    if as_json:
        plain: dict[str, Any] = asdict(found)
        typer.echo(json.dumps(plain | {"folder": str(found.folder)}, indent=1, allow_nan=False))
    else:
        typer.echo("\n".join(leaker_lines(found)))
