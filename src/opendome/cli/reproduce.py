"""`opendome reproduce`: play a stored run again and compare digests."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendome.cli.arguments import Json

if TYPE_CHECKING:
    from opendome.results.reproduction import Reproduction

DIFFERENT = 1


def reproduce(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.py:CLASS",
            help="Needed where code of its user decided the run: it is run again.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads; all cores when left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play a stored run again from its own scenario and seed; exit 1 when the digest differs."""
    from opendome.cli.progress import bar, warn_when_cold
    from opendome.results.reproduction import reproduce as play_again

    warn_when_cold()
    with bar("playing again") as progress:
        found = play_again(folder, policy=policy, workers=workers, progress=progress)
    if as_json:
        document = asdict(found) | {"folder": str(found.folder), "same": found.same}
        typer.echo(json.dumps(document, indent=1))
    else:
        typer.echo(_words(found))
    if not found.same:
        raise typer.Exit(DIFFERENT)


def _words(found: "Reproduction") -> str:
    """Both digests, both versions, and where a difference may come from."""
    if found.same:
        return (
            f"{found.folder}: the same, digest {found.digest} "
            f"(made by opendome {found.stored_version}, played by {found.version})"
        )
    if found.stored_version != found.version:
        why = "another version made it: see 'Numbers that changed' in CHANGELOG.md"
    elif not found.same_scenario:
        why = "the scenario reads differently than when it was played"
    else:
        why = (
            f"the same version: another processor (it was {found.stored_machine}) or library may "
            "round differently; otherwise please report it"
        )
    return "\n".join(
        (
            f"{found.folder}: different",
            f"stored  {found.stored_digest}  opendome {found.stored_version}",
            f"now     {found.digest}  opendome {found.version}",
            why,
        )
    )
