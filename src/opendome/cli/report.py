"""`opendome report`: write the page of a stored run again."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    show: Annotated[bool, typer.Option("--open", help="Show it in a browser.")] = False,
) -> None:
    """Write report.html of a stored run, and print its path."""
    from opendome.report.page import write_report

    path = write_report(folder)
    typer.echo(str(path))
    if show:
        typer.launch(path.resolve().as_uri())
