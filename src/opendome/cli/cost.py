"""`opendome cost`: what a scenario costs over the years."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from opendome.cli.arguments import Json, Settings, complete_scenario, complete_study

if TYPE_CHECKING:
    from opendome.economics.records import Bill
    from opendome.scenario.scenario import Scenario

DEFAULT_SCENARIO = "golden-dome"
WIDE = 150  # columns of a table that goes into a file or another program


def complete_priced(incomplete: str) -> list[str]:
    """Scenarios and studies that start with what was typed."""
    return [*complete_scenario(incomplete), *complete_study(incomplete)]


class By(StrEnum):
    """How the lines of a bill are put together."""

    SYSTEM = "system"
    CATEGORY = "category"


def cost(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help=f"A file, a built-in name, or a study; {DEFAULT_SCENARIO} when left out.",
            autocompletion=complete_priced,
        ),
    ] = None,
    settings: Settings = None,
    horizon: Annotated[
        str | None, typer.Option(metavar="YEARS", help='Years that are paid for: "20 years".')
    ] = None,
    price_year: Annotated[int | None, typer.Option(help="Year in whose prices sums are.")] = None,
    baseline: Annotated[
        bool | None,
        typer.Option(
            "--with-baseline/--without-baseline",
            help="Charge units already bought, too.",
            show_default=False,
        ),
    ] = None,
    samples: Annotated[
        int | None, typer.Option(help="Values drawn of every uncertain figure.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    by: Annotated[
        By, typer.Option(metavar="WORD", help="Put lines together by system or category.")
    ] = By.SYSTEM,
    run: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A stored run of it, for the cost of a kill."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Price a scenario: development, units, launch, replacement, operations, construction.

    What has no published figure is named and not counted. Published totals stand beside the sum,
    each with what it counts.
    """
    asked = {
        "horizon": horizon,
        "price_year": price_year,
        "baseline": baseline,
        "samples": samples,
        "seed": seed,
    }
    given = {key: value for key, value in asked.items() if value is not None}
    found, per_kill = _priced(scenario, settings or [], given, run)
    document = found.to_dict()
    if as_json:
        whole = document if per_kill is None else {**document, "cost_per_kill": per_kill}
        typer.echo(json.dumps(whole, indent=1, allow_nan=False))
        return
    from rich.console import Console

    from opendome.report.bill_summary import show_bill

    console = Console()
    if not console.is_terminal:
        console = Console(width=max(WIDE, console.width))
    show_bill(document, console, by=by.value, per_kill=per_kill)


def _priced(
    name: str | None, settings: list[str], asked: dict[str, Any], run: Path | None
) -> "tuple[Bill, dict[str, Any] | None]":
    """The bill, and where a run is given the cost of its kills."""
    from opendome.economics.bill import bill

    if run is None:
        if name is not None and _is_study(name):
            return _study_bill(name, settings, asked), None
        return bill(_load(name or DEFAULT_SCENARIO, settings), **asked), None
    from opendome.results.cost_per_kill import cost_per_kill
    from opendome.results.stored import read_result

    result = read_result(run)
    scenario = result.scenario if name is None else _load(name, settings)
    if name is None and settings:
        _refuse("--run with --set", "--run and the scenario it played", "name the scenario, too")
    found = bill(scenario, **asked)
    return found, cost_per_kill(found, result).to_dict()


def _is_study(name: str) -> bool:
    """Whether a name is that of a study or of one of its cases, and of no scenario."""
    from opendome.scenario.names import scenario_names
    from opendome.studies.loading import study_names

    return name.partition(":")[0] in study_names() and name not in scenario_names()


def _study_bill(name: str, settings: list[str], asked: dict[str, Any]) -> "Bill":
    """The bill of a published study, its inputs changed by --set."""
    from opendome.cli.study import read_inputs
    from opendome.studies.bills import study_bill
    from opendome.studies.evaluation import study

    year = asked.pop("price_year", None)
    if asked:
        words = ", ".join(f"--{key.replace('_', '-')}" for key in asked)
        _refuse(f"{words} with a study", "--set and --price-year", "use --set horizon='10 years'")
    return study_bill(study(name, **read_inputs(settings)), price_year=year)


def _refuse(got: str, allowed: str, do: str) -> NoReturn:
    from opendome.quantities.errors import OpendomeError

    raise OpendomeError(got=got, allowed=allowed, do=do)


def _load(name: str, settings: list[str]) -> "Scenario":
    from opendome.scenario.loading import load
    from opendome.scenario.overrides import read_settings

    return load(name, changes=read_settings(settings))
