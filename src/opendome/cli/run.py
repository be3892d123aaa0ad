"""`opendome run`: play a scenario, keep the run, say what came out."""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from opendome.cli.arguments import Json, Settings, complete_scenario

if TYPE_CHECKING:
    from opendome.campaign.study import Progress

DEFAULT_SCENARIO = "golden-dome"
RUNS = Path("runs")
INTERRUPTED = 130


class Asked(NamedTuple):
    """What a new run was asked for."""

    scenario: str
    settings: list[str]
    trials: int | None
    futures: int | None
    until_ci: float | None
    seed: int | None
    chunk: int | None
    workers: int | None


class Done(NamedTuple):
    """A finished run: its document and its resolved scenario."""

    summary: Mapping[str, Any]
    scenario_text: str


def run(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help=f"A file, or a built-in name.  [default: {DEFAULT_SCENARIO}]",
            autocompletion=complete_scenario,
        ),
    ] = None,
    trials: Annotated[int | None, typer.Option(min=1, help="Rolls of the dice in all.")] = None,
    futures: Annotated[
        int | None, typer.Option(min=1, help="States of affairs the trials are shared among.")
    ] = None,
    until_ci: Annotated[
        float | None,
        typer.Option(
            metavar="W",
            help="Go on until the 95 % interval of the mean leakers is W objects to either side.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all draws.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads.  [default: all cores]")
    ] = None,
    chunk: Annotated[int | None, typer.Option(min=1, help="Trials kept together on disk.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to keep the run in.  [default: runs/SCENARIO-TIME]"),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Go on with a run that was cut off.")
    ] = None,
    settings: Settings = None,
    as_json: Json = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.html.")] = False,
) -> None:
    """Play a scenario and report what got through and why.

    Every finished chunk is kept, so that a run cut off at any moment can go on.
    """
    if resume is not None:
        given = (scenario, trials, futures, until_ci, seed, chunk, out, settings)
        _refuse_extras(any(value is not None for value in given))
        done = _continue(resume, workers)
        folder = resume
    else:
        name = scenario or DEFAULT_SCENARIO
        asked = Asked(name, settings or [], trials, futures, until_ci, seed, chunk, workers)
        folder, done = _start(asked, out)
    page = None if no_report else _page(folder)
    _tell(done, page, as_json=as_json)


def _refuse_extras(extras: bool) -> None:
    from opendome.quantities.errors import OpendomeError

    if extras:
        raise OpendomeError(
            got="--resume with a scenario or settings of a new run",
            allowed="--resume DIR with --workers, --json or --no-report",
            do="leave the rest out: the folder holds all that was asked for",
        )


def _start(asked: Asked, out: Path | None) -> tuple[Path, Done]:
    """Play a new run."""
    from opendome.scenario.loading import load
    from opendome.scenario.overrides import read_settings

    _check_width(asked.until_ci)
    scenario = load(asked.scenario, changes=read_settings(asked.settings))
    folder = out or _new_folder(scenario.name)
    _check_folder(folder)

    def play(progress: "Progress | None") -> Done:
        from opendome.results.run import run as play_run

        result = play_run(
            scenario,
            trials=asked.trials,
            futures=asked.futures,
            seed=asked.seed,
            until_ci=asked.until_ci,
            workers=asked.workers,
            chunk=asked.chunk,
            out=folder,
            progress=progress,
        )
        return Done(result.to_dict(), result.scenario.resolved_yaml())

    return folder, _watched(folder, play)


def _continue(folder: Path, workers: int | None) -> Done:
    """Go on with a run that was cut off; a finished one is only told again."""
    from opendome.results.folder import open_run
    from opendome.results.run import is_finished
    from opendome.results.run import resume as resume_run

    if is_finished(folder):
        typer.echo(f"{folder} is finished; nothing is left to play", err=True)
        stored = open_run(folder)
        return Done(stored.summary, stored.scenario_text)

    def play(progress: "Progress | None") -> Done:
        result = resume_run(folder, workers=workers, progress=progress)
        return Done(result.to_dict(), result.scenario.resolved_yaml())

    return _watched(folder, play)


def _check_width(until_ci: float | None) -> None:
    from opendome.quantities.errors import OpendomeError

    if until_ci is not None and not 0.0 < until_ci < float("inf"):
        raise OpendomeError(
            got=f"--until-ci {until_ci:g}",
            allowed="a number of objects above 0",
            do="give the half-width you need, for example --until-ci 0.2",
        )


def _new_folder(name: str) -> Path:
    """A folder that does not exist yet, named by scenario and time."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = RUNS / f"{name}-{moment}"
    number = 2
    while folder.exists():
        folder = RUNS / f"{name}-{moment}-{number}"
        number += 1
    return folder


def _check_folder(folder: Path) -> None:
    """Refuse a folder that holds a finished run or somebody else's files."""
    from opendome.campaign.store import PLAN_FILE
    from opendome.quantities.errors import OpendomeError
    from opendome.results.run import is_finished

    if folder.exists() and not folder.is_dir():
        got = f"{folder}: a file"
    elif is_finished(folder):
        got = f"{folder}: a finished run"
    elif folder.is_dir() and any(folder.iterdir()) and not (folder / PLAN_FILE).exists():
        got = f"{folder}: a folder with other files in it"
    else:
        return
    raise OpendomeError(
        got=got,
        allowed="a new or empty folder, or one that holds the same run cut off",
        do="choose another --out",
    )


def _watched(folder: Path, play: "Callable[[Progress | None], Done]") -> Done:
    """Play with a progress bar on a terminal; say how to go on when it is cut off."""
    from opendome.cli.progress import bar, warn_when_cold

    warn_when_cold()
    try:
        with bar("playing") as progress:
            return play(progress)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; {_how_to_go_on(folder)}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as problem:
        raise _no_room(folder, problem, _how_to_go_on(folder)) from problem


def _how_to_go_on(folder: Path) -> str:
    """The next step after a run was cut off, by what its folder holds."""
    from opendome.campaign.store import PLAN_FILE
    from opendome.results.folder import SCENARIO_FILE

    if (folder / PLAN_FILE).exists() and (folder / SCENARIO_FILE).exists():
        return f"what was finished is kept; go on with: opendome run --resume {folder}"
    return "nothing had been finished; start again, or choose another --out"


def _no_room(folder: Path, problem: OSError, do: str) -> Exception:
    from opendome.quantities.errors import OpendomeError

    return OpendomeError(
        got=f"{folder}: {problem.strerror or problem}",
        allowed="a folder that can be written, on a disk with room",
        do=do,
    )


def _page(folder: Path) -> Path:
    """Write the report of a finished run."""
    from opendome.report.page import write_report

    try:
        return write_report(folder)
    except OSError as problem:
        do = f"the run itself is kept; when there is room: opendome report {folder}"
        raise _no_room(folder, problem, do) from problem


def _tell(done: Done, page: Path | None, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(done.summary, indent=1, allow_nan=False, default=float))
        return
    from rich.console import Console

    from opendome.report.summary import show_summary

    show_summary(
        done.summary,
        Console(file=sys.stdout),
        scenario_text=done.scenario_text,
        page=None if page is None else str(page),
    )
