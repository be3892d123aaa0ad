"""Arguments that several commands share."""

from typing import Annotated

import typer


def complete_scenario(incomplete: str) -> list[str]:
    """Built-in names that start with what was typed."""
    from opendome.scenario.names import scenario_names

    return [name for name in scenario_names() if name.startswith(incomplete)]


ScenarioName = Annotated[
    str, typer.Argument(help="A file, or a built-in name.", autocompletion=complete_scenario)
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value: raid.0.count=20."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
