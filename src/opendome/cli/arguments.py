"""Arguments that several commands share, and how a shell completes names."""

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

COMPARE = "diff"  # first word of `study diff A B`


def starting(incomplete: str, names: Iterable[str]) -> list[str]:
    """Names that start with what was typed."""
    return [name for name in names if name.startswith(incomplete)]


def complete_scenario(incomplete: str) -> list[str]:
    """Built-in scenarios that start with what was typed."""
    from opendome.scenario.names import scenario_names

    return starting(incomplete, scenario_names())


def complete_policy(incomplete: str) -> list[str]:
    """Installed policies that start with what was typed."""
    from opendome.command.registry import policies

    return starting(incomplete, [policy.name for policy in policies()])


def complete_system(incomplete: str) -> list[str]:
    """Systems of the catalogue that start with what was typed."""
    from opendome.sources.catalogue import system_ids

    return starting(incomplete, system_ids())


def complete_area(incomplete: str) -> list[str]:
    """Areas that start with what was typed."""
    from opendome.scenario.places import area_entries

    return starting(incomplete, area_entries())


def complete_source(incomplete: str) -> list[str]:
    """Sources that start with what was typed."""
    from opendome.sources.catalogue import load_sources

    return starting(incomplete, load_sources())


def complete_study(incomplete: str) -> list[str]:
    """Studies that start with what was typed; after a colon, the cases of one."""
    from opendome.studies.loading import load_study, study_names

    name, colon, _ = incomplete.partition(":")
    if colon and name in study_names():
        return starting(incomplete, [f"{name}:{case}" for case in load_study(name).cases])
    return starting(incomplete, study_names())


def complete_study_words(incomplete: str) -> list[str]:
    """First words of `opendome study`: names, or the word that compares two."""
    return [*starting(incomplete, [COMPARE]), *complete_study(incomplete)]


def complete_anything(incomplete: str) -> list[str]:
    """Whatever `opendome show` knows, but sources only once a few letters are typed."""
    kinds: list[Callable[[str], list[str]]] = [
        complete_scenario,
        complete_study,
        complete_system,
        complete_area,
    ]
    if len(incomplete) > 1:
        kinds.append(complete_source)
    return list(dict.fromkeys(name for kind in kinds for name in kind(incomplete)))


ScenarioName = Annotated[
    str, typer.Argument(help="A file, or a built-in name.", autocompletion=complete_scenario)
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value: raid.0.count=20."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
