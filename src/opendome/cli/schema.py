"""`opendome schema`: the form of scenario files, for editors and for people."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    out: Annotated[
        Path | None, typer.Option(help="File to write; standard output if none.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write the reference for people instead.")
    ] = False,
) -> None:
    """Write the JSON Schema of scenario files."""
    text = _reference() if markdown else _schema()
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")


def _schema() -> str:
    import json

    from opendome.scenario.schema import json_schema

    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _reference() -> str:
    from opendome.scenario.reference import reference

    return reference()
