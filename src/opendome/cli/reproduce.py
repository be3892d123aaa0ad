"""`opendome reproduce`: play a stored run again and compare digests."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json

if TYPE_CHECKING:
    from opendome.campaign.study import Progress
    from opendome.results.folder import StoredRun

DIFFERENT = 1


def reproduce(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads.  [default: all cores]")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play a stored run again from its own scenario and seed; exit 1 when the digest differs."""
    from opendome.cli.progress import bar, warn_when_cold
    from opendome.results.folder import open_run

    stored = open_run(folder)
    warn_when_cold()
    with bar("playing again") as progress:
        found = compare(stored, workers, progress)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    else:
        typer.echo(_words(folder, found))
    if not found["same"]:
        raise typer.Exit(DIFFERENT)


def compare(
    stored: "StoredRun", workers: int | None, progress: "Progress | None" = None
) -> dict[str, Any]:
    """Play a stored run again: digests and versions of then and now."""
    from opendome.campaign.plan import Plan
    from opendome.campaign.study import run_campaign
    from opendome.results.folder import SCENARIO_FILE
    from opendome.scenario.loading import load
    from opendome.version import __version__

    run = stored.run
    scenario = load(stored.folder / SCENARIO_FILE)
    plan = Plan(trials=run["trials"], futures=run["futures"], rounds=run["rounds"])
    study = run_campaign(scenario, plan, seed=run["seed"], workers=workers, progress=progress)
    return {
        "run_dir": str(stored.folder),
        "same": study.digest == run["digest"],
        "digest_stored": run["digest"],
        "digest_now": study.digest,
        "scenario_same": scenario.digest == run["scenario_digest"],
        "opendome_stored": run["opendome"],
        "opendome_now": __version__,
        "machine_stored": run["machine"],
    }


def _words(folder: Path, found: dict[str, Any]) -> str:
    if found["same"]:
        return (
            f"{folder}: the same, digest {found['digest_now']} "
            f"(made by opendome {found['opendome_stored']}, played by {found['opendome_now']})"
        )
    lines = [
        f"{folder}: different",
        f"stored  {found['digest_stored']}  opendome {found['opendome_stored']}",
        f"now     {found['digest_now']}  opendome {found['opendome_now']}",
    ]
    if found["opendome_stored"] != found["opendome_now"]:
        lines.append("another version made it: see 'Numbers that changed' in CHANGELOG.md")
    elif not found["scenario_same"]:
        lines.append("the scenario reads differently than when it was played")
    else:
        lines.append(
            f"the same version: another processor (it was {found['machine_stored']}) or library "
            "may round differently; otherwise please report it"
        )
    return "\n".join(lines)
