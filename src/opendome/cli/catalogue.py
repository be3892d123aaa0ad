"""`opendome list` and `opendome show`: what there is, each value with its source."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from opendome.cli.arguments import Json

if TYPE_CHECKING:
    from opendome.scenario.scenario import Scenario
    from opendome.sources.records import System

What = Literal["scenarios", "systems", "areas", "sources"]
Row = tuple[str, ...]


def list_(
    what: Annotated[
        str, typer.Argument(help="scenarios, systems, areas or sources.")
    ] = "scenarios",
    as_json: Json = False,
) -> None:
    """List scenarios, systems, areas or sources."""
    tables = {
        "scenarios": _scenarios,
        "systems": _systems,
        "areas": _areas,
        "sources": _sources,
    }
    if what not in tables:
        from opendome.quantities.errors import OpendomeError
        from opendome.scenario.problems import advise

        do = advise(what, tables, "choose one of them")
        raise OpendomeError(got=repr(what), allowed=", ".join(tables), do=do)
    head, rows = tables[what]()
    _print(head, rows, as_json=as_json)


def show(
    name: Annotated[str, typer.Argument(help="A scenario, system, area or source.")],
    as_json: Json = False,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="Print a scenario as it is written.")
    ] = False,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print a scenario with every value spelled.")
    ] = False,
) -> None:
    """Show one scenario, system, area or source, each value with its source."""
    from opendome.scenario.names import scenario_names
    from opendome.scenario.places import area_entries
    from opendome.sources.catalogue import load_sources, load_system, system_ids

    if name in system_ids():
        _show_system(load_system(name), as_json=as_json)
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


def _show_scenario(name: str, *, as_json: bool, as_written: bool, resolved: bool) -> None:
    from opendome.scenario.loading import load, source_text

    if as_written:
        typer.echo(source_text(name), nl=False)
        return
    scenario = load(name)
    if resolved:
        typer.echo(scenario.resolved_yaml(), nl=False)
        return
    if not as_json:
        typer.echo(_words(scenario))
    rows: list[Row] = [
        (
            entry.path,
            entry.text,
            entry.passport.basis,
            ", ".join(entry.passport.sources),
            entry.passport.note,
        )
        for entry in scenario.inputs()
    ]
    head: Row = ("input", "value", "basis", "sources", "note")
    if not as_json:  # the reasons are long: they are in --json and in `show SYSTEM`
        head, rows = head[:-1], [row[:-1] for row in rows]
    _print(head, rows, as_json=as_json)


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


def _print(head: Row, rows: list[Row], *, as_json: bool) -> None:
    """One table: JSON objects, or columns as wide as the terminal allows."""
    if as_json:
        items: list[dict[str, Any]] = [dict(zip(head, row, strict=True)) for row in rows]
        typer.echo(json.dumps(items, indent=1, ensure_ascii=False))
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
