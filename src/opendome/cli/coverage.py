"""`opendome coverage`: where and when an object would be seen and tracked."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json, Settings, complete_area, complete_scenario, starting

if TYPE_CHECKING:
    from opendome.survey.records import Coverage

DEFAULT_SCENARIO = "golden-dome"
TABLE_FILE = "coverage.parquet"
DOCUMENT_FILE = "coverage.json"


def complete_class(incomplete: str) -> list[str]:
    """Classes of threats that start with what was typed."""
    from opendome.survey.forms import threat_names

    return starting(incomplete, threat_names())


def _option(example: str, text: str) -> Any:
    return typer.Option(metavar=example, help=text, show_default=False)


def coverage(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help=f"A file, or a built-in name; {DEFAULT_SCENARIO} when left out.",
            autocompletion=complete_scenario,
        ),
    ] = None,
    threat: Annotated[
        str | None,
        typer.Option(
            "--class",
            metavar="NAME",
            help="Class of threats; the first of the raid when left out.",
            autocompletion=complete_class,
        ),
    ] = None,
    phase: Annotated[
        str | None, _option("burnout", "Moment of its flight: boost, burnout, midcourse, cruise.")
    ] = None,
    altitude: Annotated[
        str | None, _option('"200 km"', "Height, instead of that of the phase.")
    ] = None,
    hours: Annotated[str | None, _option("1", "Time that is looked at, in hours.")] = None,
    step: Annotated[str | None, _option('"5 min"', "Time between moments.")] = None,
    dwell: Annotated[
        str | None, _option('"30 s"', "Time that sensors have at each moment.")
    ] = None,
    grid: Annotated[str | None, _option('"5 deg"', "Height and width of a cell.")] = None,
    region: Annotated[
        str | None,
        typer.Option(
            metavar="AREA", help="A named area: opendome list areas.", autocompletion=complete_area
        ),
    ] = None,
    node: Annotated[
        str | None, _option("US", "Nation whose picture is told; the first when left out.")
    ] = None,
    p_detect: Annotated[
        str | None, _option("0.5", "Chance of detection from which a look counts.")
    ] = None,
    approach: Annotated[
        str | None, _option('"2000 km"', "Width of the belt around what is defended.")
    ] = None,
    future: Annotated[str | None, _option("0", "State of affairs.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the table, the maps and the document."),
    ] = None,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Map where and when an object of a class would be seen, tracked and fit to be shot at.

    What is not given is taken from the catalogue and shown with its source.
    For example: opendome coverage golden-dome --phase burnout --region north-east-asia --out maps
    """
    asked = dict(locals())
    given = {name: asked[name] for name in FIELDS}
    found = _mapped(scenario or DEFAULT_SCENARIO, settings or [], given, out)
    document = found.to_dict()
    files = [] if out is None else _write(found, document, out)
    if as_json:
        shown = {**document, "files": [str(path) for path in files]}
        typer.echo(json.dumps(shown, indent=1, allow_nan=False))
        return
    from rich.console import Console

    from opendome.report.coverage_summary import show_coverage

    show_coverage(document, Console(), files=[str(path) for path in files])


FIELDS = (
    "threat", "phase", "altitude", "hours", "step", "dwell", "grid", "region", "node",
    "p_detect", "approach", "future",
)  # fmt: skip


def _mapped(name: str, settings: list[str], given: dict[str, Any], out: Path | None) -> "Coverage":
    """The coverage, with a progress bar on a terminal."""
    from opendome.cli.progress import bar
    from opendome.scenario.loading import load
    from opendome.scenario.overrides import read_settings
    from opendome.survey.map import coverage as map_coverage

    scenario = load(name, changes=read_settings(settings))
    if out is not None:
        _make(out)
    with bar("looking", of="chunks") as progress:
        return map_coverage(scenario, progress=progress, **given)


def _make(out: Path) -> None:
    """Make the folder before anything is worked out."""
    from opendome.quantities.errors import OpendomeError

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OpendomeError(
            got=f"--out {out}: a folder that cannot be made ({error.strerror or error})",
            allowed="a new or existing folder, which this user may write to",
            do="choose another --out",
        ) from error


def _write(found: "Coverage", document: dict[str, Any], out: Path) -> list[Path]:
    """The table, the maps and the document."""
    from opendome.campaign.files import write_whole
    from opendome.report.figures.coverage_map import write_maps

    text = json.dumps(document, indent=1, allow_nan=False)
    write_whole(out / DOCUMENT_FILE, text.encode())
    return [found.write_parquet(out / TABLE_FILE), *write_maps(found, out), out / DOCUMENT_FILE]
