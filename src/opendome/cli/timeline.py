"""`opendome timeline`: when a shield stands, with what probability, and what it waits for."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json, Settings, complete_scenario

if TYPE_CHECKING:
    from opendome.economics.timeline import Timeline
    from opendome.scenario.scenario import Scenario

DEFAULT_SCENARIO = "golden-dome"


def timeline(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help=f"A file, or a built-in name; {DEFAULT_SCENARIO} when left out.",
            autocompletion=complete_scenario,
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Day in question; the epoch of the scenario when left out.",
        ),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(help="Share of the planned units of each asset that must stand."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Ask only of this asset or layer; may be repeated."),
    ] = None,
    samples: Annotated[
        int | None, typer.Option(min=1, help="Calendars that are drawn; 2,000 when left out.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all draws.")] = None,
    cost: Annotated[bool, typer.Option("--cost", help="Add what is spent in each year.")] = False,
    capability: Annotated[
        bool, typer.Option("--capability", help="Play the raid with what stands in each year.")
    ] = False,
    spread: Annotated[
        bool,
        typer.Option("--spread", help="Play bad and good calendars too (three times as long)."),
    ] = False,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Say whether a shield is operational by a day, with what probability, and what binds."""
    from opendome.economics.timeline import timeline as make
    from opendome.results.calendar import document
    from opendome.scenario.loading import load
    from opendome.scenario.overrides import read_settings

    played = load(scenario or DEFAULT_SCENARIO, changes=read_settings(settings or []))
    calendar = make(played, seed=seed, **({} if samples is None else {"samples": samples}))
    found = document(played, calendar, by=by, share=share, only=only or [], cost=cost)
    if capability or spread:
        found["capability"] = _capability(played, calendar, spread=spread)
    _tell(found, as_json=as_json)


def _capability(played: "Scenario", calendar: "Timeline", *, spread: bool) -> dict[str, Any]:
    """Play the raid with what stands, with a progress bar on a terminal."""
    from opendome.cli.progress import bar, warn_when_cold
    from opendome.results.capability import capability

    warn_when_cold()
    with bar("playing what stands") as progress:
        return capability(played, calendar=calendar, spread=spread, progress=progress).to_dict()


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    """Print the answer on standard output."""
    if as_json:
        typer.echo(json.dumps(found, indent=1, allow_nan=False))
        return
    from rich.console import Console

    from opendome.report.timeline_summary import show_timeline

    show_timeline(found, Console())
