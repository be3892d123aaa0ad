"""What a user sees on standard error while work goes on."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from opendome.campaign.study import Progress as Tell


def warn_when_cold(*, measured: bool = False) -> None:
    """Say that kernels are about to be compiled, when they are.

    measured : whether those of measured tracking are needed, too
    """
    from opendome.compiled import is_warm
    from opendome.engagement.kernels.belief import play_on_belief
    from opendome.engagement.kernels.trial import play_batch

    if not is_warm(play_batch):
        typer.echo("compiling kernels (once; up to a minute) ...", err=True)
    if measured and not is_warm(play_on_belief):
        words = "compiling the filters of measured tracking (once; a minute or two) ..."
        typer.echo(words, err=True)


@contextmanager
def bar(words: str, *, of: str = "trials") -> "Generator[Tell | None]":
    """A progress bar on a terminal, nothing otherwise: a function of `of` done and in all."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(of),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(words, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell
