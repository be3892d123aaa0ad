"""`opendome list` and `opendome show`: what there is, each value with its source."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json, complete_anything, starting

if TYPE_CHECKING:
    from opendome.scenario.plan import PlanInput
    from opendome.scenario.scenario import Input, Scenario
    from opendome.sources.records import Parameter, System
    from opendome.studies.records import PublishedStudy

KINDS = ("scenarios", "studies", "systems", "areas", "sources", "policies")
Row = tuple[str, ...]


def complete_kind(incomplete: str) -> list[str]:
    """Kinds of things that start with what was typed."""
    return starting(incomplete, KINDS)


def list_(
    what: Annotated[
        str,
        typer.Argument(
            help="scenarios, studies, systems, areas, sources or policies.",
            autocompletion=complete_kind,
        ),
    ] = "scenarios",
    as_json: Json = False,
) -> None:
    """List scenarios, studies, systems, areas, sources or policies."""
    tables = {
        "scenarios": _scenarios,
        "studies": _studies,
        "systems": _systems,
        "areas": _areas,
        "sources": _sources,
        "policies": _policies,
    }
    if what not in tables:
        from opendome.quantities.errors import OpendomeError
        from opendome.scenario.problems import advise

        do = advise(what, tables, "choose one of them")
        raise OpendomeError(got=repr(what), allowed=", ".join(tables), do=do)
    head, rows = tables[what]()
    _print(head, rows, as_json=as_json)


def show(
    name: Annotated[
        str,
        typer.Argument(
            help="A scenario, study, system, area or source.", autocompletion=complete_anything
        ),
    ],
    as_json: Json = False,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="Print a scenario as it is written.")
    ] = False,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print a scenario with every value spelled.")
    ] = False,
) -> None:
    """Show one scenario, study, system, area or source, each value with its source."""
    from opendome.scenario.names import scenario_names
    from opendome.scenario.places import area_entries
    from opendome.sources.catalogue import load_sources, load_system, system_ids
    from opendome.studies.loading import load_study, study_names

    if name in system_ids():
        _show_system(load_system(name), as_json=as_json)
    elif name in study_names():
        _show_study(load_study(name), as_json=as_json)
    elif name in area_entries():
        entry = area_entries()[name]
        rows = [("name", entry.name), ("shape", json.dumps(entry.shape)), ("basis", entry.basis)]
        rows += [("source", ", ".join(entry.source)), ("note", entry.note)]
        _print(("field", "value"), rows, as_json=as_json)
    elif name in load_sources() and name not in scenario_names():
        source = load_sources()[name]
        fields = ("id", "title", "kind", "date", "url", "read")
        rows = [(field, str(getattr(source, field) or "")) for field in fields]
        _print(("field", "value"), rows, as_json=as_json)
    else:
        _show_scenario(name, as_json=as_json, as_written=yaml, resolved=resolved)


def _show_system(system: "System", *, as_json: bool) -> None:
    rows: list[Row] = []
    for key, parameter in system.parameters.items():
        given = parameter.given
        text = given if isinstance(given, str) else ", ".join(given)
        passport = parameter.passport
        rows.append((key, text, passport.basis, ", ".join(passport.sources), passport.note))
    if not as_json:
        typer.echo(f"{system.name} ({system.nation}), {system.kind}. {system.notes}\n")
    _print(("parameter", "value", "basis", "sources", "note"), rows, as_json=as_json)


def _show_study(study: "PublishedStudy", *, as_json: bool) -> None:
    """Inputs with their passports, cases, and the figures that were published."""
    head: Row = ("input", "value", "basis", "sources", "as of", "note")
    inputs = [_parameter_row(name, parameter) for name, parameter in study.inputs.items()]
    cases = [_case_row(name, case.title, case.settings) for name, case in study.cases.items()]
    figures = [
        (name, output, each.text, each.tolerance.text, ", ".join(each.passport.sources),
         each.passport.basis, each.reason)
        for name, case in study.cases.items()
        for output, each in case.published.items()
    ]  # fmt: skip
    parts: dict[str, tuple[Row, list[Row]]] = {
        "inputs": (head, inputs),
        "cases": (("case", "title", "inputs of its own"), cases),
        "published": (
            ("case", "output", "published", "tolerance", "sources", "basis", "reason"),
            figures,
        ),
        "outputs": (
            ("output", "unit", "meaning"),
            [(each.name, each.unit, each.meaning) for each in study.model.outputs],
        ),
        "sources": (("source", "kind", "title", "url"), _sources_of(study)),
    }
    if as_json:
        document: dict[str, Any] = {
            "study": study.name,
            "title": study.title,
            "question": study.question,
            "about": study.about,
            "compare": list(study.compare),
        }
        tables = {key: _items(*part) for key, part in parts.items()}
        typer.echo(json.dumps(document | tables, indent=1, ensure_ascii=False))
        return
    typer.echo(f"{study.title}\n{study.question}\n{study.about}")
    for part in parts.values():
        typer.echo()
        _print(*part, as_json=False)
    typer.echo(f"\nto replay it: opendome study {study.name}; page: docs/studies/{study.name}.md")


def _sources_of(study: "PublishedStudy") -> list[Row]:
    """Every source of its inputs, cases and published figures, each once."""
    from opendome.sources.catalogue import cite

    passports = [parameter.passport for parameter in study.inputs.values()]
    for case in study.cases.values():
        passports += [parameter.passport for parameter in case.settings.values()]
        passports += [figure.passport for figure in case.published.values()]
    used = [source for passport in passports for source in passport.sources]
    return [(each.id, each.kind, each.title, each.url or "") for each in cite(used)]


def _parameter_row(name: str, parameter: "Parameter") -> Row:
    passport = parameter.passport
    sources = ", ".join(passport.sources)
    given = parameter.given
    text = given if isinstance(given, str) else ", ".join(given)
    return (name, text, passport.basis, sources, passport.as_of, passport.note)


def _case_row(name: str, title: str, settings: "Mapping[str, Parameter]") -> Row:
    own = ", ".join(f"{key}={parameter.given}" for key, parameter in settings.items())
    return (name, title, own)


def _show_scenario(name: str, *, as_json: bool, as_written: bool, resolved: bool) -> None:
    from opendome.scenario.loading import load, source_text

    if as_written:
        typer.echo(source_text(name), nl=False)
        return
    scenario = load(name)
    if resolved:
        typer.echo(scenario.resolved_yaml(), nl=False)
        return
    head: Row = ("input", "value", "basis", "sources", "note")
    played, plans = _entry_rows(scenario.inputs()), _entry_rows(scenario.cost_inputs())
    if as_json:
        _print(head, [*played, *plans], as_json=True)
        return
    typer.echo(_words(scenario))  # the reasons are long: they are in --json and in `show SYSTEM`
    _print(head[:-1], [row[:-1] for row in played], as_json=False)
    typer.echo("\nmoney and calendar, for `opendome cost` and `opendome timeline`; never played")
    _print(head[:-1], [row[:-1] for row in plans], as_json=False)


def _entry_rows(entries: "Sequence[Input] | Sequence[PlanInput]") -> list[Row]:
    """Place, value, basis, sources and note of each."""
    return [
        (
            entry.path,
            entry.text,
            entry.passport.basis,
            ", ".join(entry.passport.sources),
            entry.passport.note,
        )
        for entry in entries
    ]


def _words(scenario: "Scenario") -> str:
    raid = ", ".join(f"{count} {name}" for name, count in scenario.raid_by_class().items())
    layers = zip(scenario.layers, scenario.layer_stock, strict=True)
    stock = ", ".join(f"{layer} {rounds}" for layer, rounds in layers) or "none"
    lines = (
        scenario.title,
        scenario.head.description.strip(),
        f"raid: {raid}",
        f"interceptors: {stock}",
        f"sensors: {', '.join(a.name for a in scenario.assets if a.is_sensor) or 'none'}",
        "",
    )
    return "\n".join(lines)


def _scenarios() -> tuple[Row, list[Row]]:
    from opendome.scenario.loading import read_document
    from opendome.scenario.names import scenario_names

    rows = [(name, str(read_document(name).data["title"])) for name in scenario_names()]
    return ("scenario", "title"), rows


def _studies() -> tuple[Row, list[Row]]:
    from opendome.studies.loading import load_study, study_names

    rows = [
        (study.name, str(len(study.cases)), study.title) for study in map(load_study, study_names())
    ]
    return ("study", "cases", "title"), rows


def _systems() -> tuple[Row, list[Row]]:
    from opendome.sources.catalogue import load_all

    rows = [(s.id, s.kind, s.nation, s.name) for s in load_all().values()]
    return ("system", "kind", "nation", "name"), sorted(rows, key=lambda row: (row[1], row[0]))


def _areas() -> tuple[Row, list[Row]]:
    from opendome.scenario.places import area_entries

    rows = [(e.id, e.name, e.basis, e.note) for e in area_entries().values()]
    return ("area", "name", "basis", "note"), rows


def _sources() -> tuple[Row, list[Row]]:
    from opendome.sources.catalogue import load_sources

    rows = [(s.id, s.kind, s.title, s.url or "") for s in load_sources().values()]
    return ("source", "kind", "title", "url"), rows


def _policies() -> tuple[Row, list[Row]]:
    from opendome.command.registry import policies

    return ("policy", "distribution", "version"), [tuple(name) for name in policies()]


def _items(head: Row, rows: list[Row]) -> list[dict[str, str]]:
    """One JSON object a row."""
    return [dict(zip(head, row, strict=True)) for row in rows]


def _print(head: Row, rows: list[Row], *, as_json: bool) -> None:
    """One table: JSON objects, or columns as wide as the terminal allows."""
    if as_json:
        typer.echo(json.dumps(_items(head, rows), indent=1, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:  # one row a line, for grep and cut
        typer.echo("\n".join("\t".join(row) for row in (head, *rows)))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
