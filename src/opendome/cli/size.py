"""`opendome size`: how many orbital interceptors or sensors a task takes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json

if TYPE_CHECKING:
    from opendome.scenario.problems import Problem
    from opendome.sizing.answers import SizeAnswer

FORMATS = (".svg", ".png", ".pdf")  # of a drawn curve
SUBJECTS = ("interceptors", "sensors")


def complete_area(incomplete: str) -> list[str]:
    """Named areas that start with what was typed."""
    from opendome.sizing.places import area_names

    return [name for name in area_names() if name.startswith(incomplete)]


def _option(example: str, text: str) -> Any:
    return typer.Option(metavar=example, help=text, show_default=False)


def size(
    subject: Annotated[
        str, typer.Argument(metavar="[interceptors|sensors]", help="What is counted.")
    ] = "interceptors",
    salvo: Annotated[str | None, _option("10", "Targets that rise at once.")] = None,
    shots: Annotated[str | None, _option("2", "Interceptors for each target.")] = None,
    delay: Annotated[str | None, _option('"60 s"', "From ignition to release.")] = None,
    burn_time: Annotated[str | None, _option('"180 s"', "Of a target.")] = None,
    speed: Annotated[str | None, _option('"6 km/s"', "Of an interceptor at burnout.")] = None,
    acceleration: Annotated[str | None, _option('"15 g"', "Of an interceptor.")] = None,
    intercept_altitude: Annotated[
        str | None, _option('"200 km"', "Height at which a target is met.")
    ] = None,
    fold: Annotated[str | None, _option("1", "Sensors that must see each point at once.")] = None,
    target_altitude: Annotated[
        str | None, _option('"100 km"', "Height of what sensors are to see.")
    ] = None,
    elevation: Annotated[
        str | None, _option('"10 deg"', "Lowest elevation of a sensor, seen from the target.")
    ] = None,
    grazing_height: Annotated[
        str | None, _option('"30 km"', "The line of sight stays this high.")
    ] = None,
    range_max: Annotated[str | None, _option('"5000 km"', "Longest line of sight.")] = None,
    field_of_regard: Annotated[
        str | None, _option('"70 deg"', "Half angle of the sensor's cone about straight down.")
    ] = None,
    background: Annotated[str | None, _option("any|space", "Sky behind the target.")] = None,
    altitude: Annotated[str | None, _option('"400 km"', "Of the orbits.")] = None,
    inclination: Annotated[str | None, _option('"85 deg"', "Of the orbits.")] = None,
    pattern: Annotated[str | None, _option("delta|star", "Walker pattern.")] = None,
    latitude: Annotated[
        str | None, _option('"40 deg"', 'A latitude, or a band: "30..60 deg".')
    ] = None,
    longitude: Annotated[str | None, _option('"125 deg"', "Of the point.")] = None,
    area: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A named area: opendome list areas.", autocompletion=complete_area
        ),
    ] = None,
    system: Annotated[
        str | None, _option("NAME", "A constellation of the catalogue: sbi-cbo-2026.")
    ] = None,
    satellites: Annotated[
        str | None, _option("7800", "Judge this many instead of searching.")
    ] = None,
    planes: Annotated[str | None, _option("78", "Planes; chosen when left out.")] = None,
    phasing: Annotated[str | None, _option("1", "F of the notation T/P/F.")] = None,
    step: Annotated[str | None, _option('"60 s"', "Time between counts.")] = None,
    duration: Annotated[str | None, _option('"1 day"', "Time over which is counted.")] = None,
    curve: Annotated[
        str | None, _option("delay", 'Number against an input, or "delay=0..90 s".')
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the curve: .svg, .png or .pdf.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How many orbital interceptors or sensors a task takes.

    What is not given is taken from the catalogue and shown with its source.
    For example: opendome size --salvo 5 --delay "30 s" --area north-east-asia --curve delay
    """
    given = dict(locals())
    for name in ("subject", "curve", "figure", "as_json"):
        del given[name]
    answer = _answer(subject, given, curve, figure)
    if figure is not None:
        from opendome.report.figures.size_curve import write_curve

        write_curve(answer.to_dict(), figure)
    if as_json:
        typer.echo(json.dumps(answer.to_dict(), indent=1, allow_nan=False))
        return
    from rich.console import Console

    from opendome.report.size_summary import show_size

    show_size(answer.to_dict(), Console(), figure=None if figure is None else str(figure))


def _answer(
    subject: str, given: dict[str, str | None], curve: str | None, figure: Path | None
) -> "SizeAnswer":
    """The answer, or every problem at once."""
    from opendome.sizing.answers import size_interceptors, size_sensors
    from opendome.sizing.forms import SizeError

    problems = _problems(subject, curve, figure)
    try:
        if subject == "sensors":
            answer = size_sensors(**given)
        else:
            answer = size_interceptors(curve=curve, **given)
    except SizeError as error:
        raise SizeError([*problems, *error.problems]) from None
    if problems:
        raise SizeError(problems)
    return answer


def _problems(subject: str, curve: str | None, figure: Path | None) -> "list[Problem]":
    """Problems of what the command itself understands."""
    from opendome.scenario.problems import Problem, advise, one_of, show

    found: list[tuple[str, str, str, str]] = []
    if subject not in SUBJECTS:
        do = advise(subject, SUBJECTS, "choose one of them")
        found.append(("subject", f"the unknown subject {show(subject)}", one_of(SUBJECTS), do))
    if subject == "sensors" and curve is not None:
        found.append(("curve", "a curve for sensors", "curves for interceptors", "leave it out"))
    if figure is not None and curve is None:
        found.append(("figure", "a figure without a curve", "--curve NAME", "add --curve delay"))
    if figure is not None and figure.suffix.lower() not in FORMATS:
        do = "name the file curve.svg"
        found.append(("figure", show(str(figure)), f"a file ending in {one_of(FORMATS)}", do))
    return [
        Problem(file="size", line=0, column=0, path=path, got=got, allowed=allowed, do=do)
        for path, got, allowed, do in found
    ]
