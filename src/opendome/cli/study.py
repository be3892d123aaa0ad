"""`opendome study`: the published record played again, one study, all of them, or two compared."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from opendome.cli.arguments import COMPARE, Json, complete_study_words

if TYPE_CHECKING:
    from rich.console import Console

    from opendome.studies.records import StudyResult

WIDE = 150  # columns of a table that goes into a file or another program
FIGURE_KINDS = (".svg", ".png")


def study(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="A study, or one of its cases as NAME:CASE; or: diff A B.",
            autocompletion=complete_study_words,
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every published figure beside ours.")
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="INPUT=VALUE", help="Change an input: flyout='75 s'."),
    ] = None,
    as_json: Json = False,
    figure: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the way from A to B: FILE.svg or FILE.png."),
    ] = None,
) -> None:
    """Replay a published study from its own inputs: its figures, ours, and why they differ.

    `opendome study --all` lays every published figure beside ours. `opendome study diff A B`
    goes from one study to another, one assumption at a time; with one name, between the two
    cases which that study compares itself.
    """
    words = names or []
    comparing = words[:1] == [COMPARE]
    if every and (words or settings):
        _refuse("--all with a name or --set", "--all alone", "leave one of them out")
    if figure is not None and not comparing:
        _refuse(
            "--figure without diff", "opendome study diff A B --figure FILE", "name two studies"
        )
    if every:
        _show_all(as_json=as_json)
    elif comparing:
        if settings:
            _refuse("diff with --set", "two studies or cases as published", "leave --set out")
        _show_difference(words[1:], figure, as_json=as_json)
    elif len(words) == 1:
        _show_one(words[0], read_inputs(settings or []), as_json=as_json)
    else:
        _refuse_names(words)


def read_inputs(settings: list[str]) -> dict[str, str]:
    """Inputs by name of texts like "flyout=75 s"; the part after the first = is the value."""
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            _refuse(f"--set {setting!r}", "input=value", "write for example --set salvo=5")
        found[name.strip()] = value.strip()
    return found


def _show_one(name: str, inputs: dict[str, str], *, as_json: bool) -> None:
    from opendome.studies.evaluation import study as evaluate
    from opendome.studies.loading import split_name

    result = evaluate(name, **inputs)
    if as_json:
        document = result.to_dict()
        if not inputs and split_name(name)[1] is None and len(result.study.cases) > 1:
            document["cases"] = _cases(result.study.name)
        _print_json(document)
        return
    from opendome.report.study_summary import show_study

    cases = [case for case in result.study.cases if result.case is None or case != result.case.name]
    own = evaluate(name) if inputs else result
    show_study(result, _console(), own=own, others=cases)


def _cases(name: str) -> dict[str, Any]:
    """Every case of a study: the inputs that are its own, and what comes out."""
    from opendome.studies.evaluation import every_case

    return {case: _case(result) for case, result in every_case(name).items()}


def _case(result: "StudyResult") -> dict[str, Any]:
    document = result.to_dict()
    settings = {} if result.case is None else result.case.settings
    return {
        "title": result.study.title if result.case is None else result.case.title,
        "inputs": {name: document["inputs"][name] for name in settings},
        **{key: document[key] for key in ("outputs", "feasible", "binding")},
    }


def _show_all(*, as_json: bool) -> None:
    from opendome.studies.scoreboard import scoreboard

    board = scoreboard()
    if as_json:
        _print_json(board.to_dict())
        return
    from opendome.report.study_summary import show_scoreboard

    show_scoreboard(board, _console())


def _show_difference(names: list[str], figure: Path | None, *, as_json: bool) -> None:
    from opendome.studies.difference import difference

    if len(names) not in (1, 2):
        _refuse(
            f"diff with {len(names)} names", "two studies or cases", "write diff cbo-2026 aei-2025"
        )
    if figure is not None:
        _check_kind(figure)
    walk = difference(*names)
    if figure is not None:
        from opendome.report.figures.walk import save

        save(walk, figure)
    if as_json:
        _print_json(walk.to_dict())
        return
    from opendome.report.walk_summary import show_walk

    show_walk(walk, _console(), figure=None if figure is None else str(figure))


def _check_kind(path: Path) -> None:
    if path.suffix.lower() not in FIGURE_KINDS:
        _refuse(f"--figure {path}", f"a name that ends in {' or '.join(FIGURE_KINDS)}", "rename it")


def _refuse_names(words: list[str]) -> NoReturn:
    """No name, or several that are not compared."""
    if not words:
        _refuse("no study", "a study, or --all", "see opendome list studies")
    two = " ".join(words[:2])
    _refuse(f"{len(words)} names", "one study", f"to compare two: opendome study diff {two}")


def _refuse(got: str, allowed: str, do: str) -> NoReturn:
    from opendome.quantities.errors import OpendomeError

    raise OpendomeError(got=got, allowed=allowed, do=do)


def _console() -> "Console":
    """Standard output; as wide as a table wants where no screen and no COLUMNS says how wide."""
    from rich.console import Console

    console = Console()
    known = console.is_terminal or "COLUMNS" in os.environ
    return console if known else Console(width=WIDE)


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False, default=float))
