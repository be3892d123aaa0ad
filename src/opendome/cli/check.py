"""`opendome check`: every problem of a scenario at once."""

import json
from typing import Annotated, Any

import typer

from opendome.cli.arguments import Json, Settings, complete_scenario

SIGHT_MAX = 1000


def check(
    file: Annotated[
        str, typer.Argument(help="A file, or a built-in name.", autocompletion=complete_scenario)
    ],
    settings: Settings = None,
    sight: Annotated[
        int,
        typer.Option(
            min=0,
            max=SIGHT_MAX,
            help="Fly so many futures and name the sensors that see nothing in any of them.",
        ),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Name every problem of a scenario at once: file:line:column, what is allowed, what to do.

    Exit status 0 if it is sound, 2 if not.
    """
    from opendome.scenario.loading import load
    from opendome.scenario.overrides import read_settings
    from opendome.scenario.problems import ScenarioError

    try:
        scenario = load(file, changes=read_settings(settings or []))
    except ScenarioError as error:
        if not as_json:
            raise
        problems = [problem.as_dict() for problem in error.problems]
        typer.echo(json.dumps({"file": file, "ok": False, "problems": problems}, indent=1))
        raise typer.Exit(2) from None
    document: dict[str, Any] = {
        "file": file,
        "ok": True,
        "scenario": scenario.name,
        "digest": scenario.digest,
        "objects": sum(scenario.raid_by_class().values()),
        "assets": len(scenario.assets),
        "inputs": len(scenario.inputs()),
        "uncertain_inputs": sum(entry.value.uncertain for entry in scenario.inputs()),
        "unverified_inputs": scenario.unverified_inputs(),
        "consequences": scenario.consequences,
        "without_looks": _blind(scenario, sight),
        "problems": [],
    }
    if as_json:
        typer.echo(json.dumps(document, indent=1))
        return
    typer.echo(
        f"{file}: sound. {document['objects']} objects, {document['assets']} assets, "
        f"{document['inputs']} inputs, {document['uncertain_inputs']} of them uncertain, "
        f"{len(document['unverified_inputs'])} unverified."
    )
    for sentence in document["consequences"]:
        typer.echo(f"Note: {sentence}.")
    if document["without_looks"]:
        names = ", ".join(document["without_looks"])
        typer.echo(f"Note: in {sight} futures these sensors see nothing of the raid: {names}.")


def _blind(scenario: Any, futures: int) -> list[str] | None:
    """Sensors that see nothing in some futures; None when that was not asked."""
    if not futures:
        return None
    from opendome.campaign.study import without_looks

    return list(without_looks(scenario, futures))
