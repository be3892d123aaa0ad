"""`opendome run`: play a scenario, keep the run, say what came out."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from opendome.cli.arguments import Json, Settings, complete_policy, complete_scenario

if TYPE_CHECKING:
    from opendome.campaign.study import Progress
    from opendome.results.result_set import ResultSet

DEFAULT_SCENARIO = "golden-dome"
RUNS = Path("runs")
INTERRUPTED = 130  # exit status of a shell's command after Ctrl-C


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
    tracking: str | None
    policy: str | None


def run(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help=f"A file, or a built-in name; {DEFAULT_SCENARIO} when left out.",
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
    tracking: Annotated[
        str | None,
        typer.Option(
            metavar="expected|measured",
            help="By the covariance that detections earn (when left out), or by filters on noisy "
            "measurements: slower, the reference.",
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.py:CLASS",
            help="What decides in place of the rules of the scenario: an installed policy, or "
            "code of your own, which is run.",
            autocompletion=complete_policy,
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads; all cores when left out.")
    ] = None,
    chunk: Annotated[int | None, typer.Option(min=1, help="Trials kept together on disk.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to keep the run in; runs/SCENARIO-TIME when left out."),
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
    from opendome.cli.memory import keep_freed_memory

    keep_freed_memory()
    _say_whose(policy)
    if resume is not None:
        given = (scenario, trials, futures, until_ci, seed, chunk, tracking, out, settings or None)
        _refuse_extras(any(value is not None for value in given))
        result = _continue(resume, workers, policy)
    else:
        name = scenario or DEFAULT_SCENARIO
        asked = Asked(
            name, settings or [], trials, futures, until_ci, seed, chunk, workers, tracking,
            policy,
        )  # fmt: skip
        result = _start(asked, out)
    page = None if no_report or result.run_dir is None else _page(result.run_dir)
    _tell(result, page, as_json=as_json)


def _say_whose(policy: str | None) -> None:
    """Say on standard error that code of the user decides."""
    if policy is not None and ":" in policy:
        typer.echo(f"policy {policy}: this runs your own code, with your rights", err=True)


def _refuse_extras(extras: bool) -> None:
    from opendome.quantities.errors import OpendomeError

    if extras:
        raise OpendomeError(
            got="--resume with a scenario or settings of a new run",
            allowed="--resume DIR with --workers, --policy, --json or --no-report",
            do="leave the rest out: the folder holds all that was asked for",
        )


def _start(asked: Asked, out: Path | None) -> "ResultSet":
    """Play a new run."""
    from opendome.scenario.loading import load
    from opendome.scenario.overrides import read_settings

    scenario = load(asked.scenario, changes=read_settings(asked.settings))
    folder = out or _new_folder(scenario.name)
    _refuse_finished(folder)

    def play(progress: "Progress | None") -> "ResultSet":
        from opendome.results.run import run as play_run

        return play_run(
            scenario,
            trials=asked.trials,
            futures=asked.futures,
            seed=asked.seed,
            until_ci=asked.until_ci,
            workers=asked.workers,
            chunk=asked.chunk,
            tracking=asked.tracking,
            policy=asked.policy,
            out=folder,
            progress=progress,
        )

    return _watched(folder, play, measured=asked.tracking == "measured")


def _continue(folder: Path, workers: int | None, policy: str | None) -> "ResultSet":
    """Go on with a run that was cut off; a finished one is only told again."""
    from opendome.results.folder import is_finished
    from opendome.results.run import resume

    if is_finished(folder):
        typer.echo(f"{folder} is finished; nothing is left to play", err=True)
        return resume(folder)
    return _watched(
        folder, lambda tell: resume(folder, policy=policy, workers=workers, progress=tell)
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


def _refuse_finished(folder: Path) -> None:
    """A finished run is never written over."""
    from opendome.quantities.errors import OpendomeError
    from opendome.results.folder import is_finished

    if is_finished(folder):
        raise OpendomeError(
            got=f"{folder}: a finished run",
            allowed="a new or empty folder, or one that holds the same run cut off",
            do=f"choose another --out, or show this one: opendome run --resume {folder}",
        )


def _watched(
    folder: Path, play: "Callable[[Progress | None], ResultSet]", *, measured: bool = False
) -> "ResultSet":
    """Play with a progress bar on a terminal; say how to go on when it is cut off.

    measured : whether tracking is; its kernels take longer to compile
    """
    from opendome.campaign.store import PLAN_FILE
    from opendome.cli.progress import bar, warn_when_cold

    warn_when_cold(measured=measured)
    try:
        with bar("playing") as progress:
            return play(progress)
    except KeyboardInterrupt:
        begun = (folder / PLAN_FILE).exists()
        go_on = f"what was finished is kept; go on with: opendome run --resume {folder}"
        typer.echo(f"interrupted; {go_on if begun else 'nothing had begun'}", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _page(folder: Path) -> Path:
    """Write the report of a finished run."""
    from opendome.quantities.errors import OpendomeError
    from opendome.report.page import write_report

    try:
        return write_report(folder)
    except OSError as problem:
        raise OpendomeError(
            got=f"{folder}: a report that cannot be written ({problem.strerror or problem})",
            allowed="a folder that can be written, on a disk with room",
            do=f"the run itself is kept; when there is room: opendome report {folder}",
        ) from problem


def _tell(result: "ResultSet", page: Path | None, *, as_json: bool) -> None:
    """Print the result on standard output."""
    summary = result.to_dict()
    if as_json:
        typer.echo(json.dumps(summary, indent=1, allow_nan=False, default=float))
        return
    from rich.console import Console

    from opendome.report.summary import show_summary

    show_summary(
        summary,
        Console(),
        scenario_text=result.scenario.resolved_yaml(),
        page=None if page is None else str(page),
    )
