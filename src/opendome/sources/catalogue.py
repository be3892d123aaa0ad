"""Reads the catalogue: one file per system, one file of sources."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from opendome.quantities.errors import OpendomeError
from opendome.sources.records import Parameter, Passport, Source, System

CATALOGUE = Path(str(files("opendome"))) / "catalogue"
SYSTEMS = CATALOGUE / "systems"
PLAYABLE_KINDS = (
    "radar",
    "over-the-horizon-radar",
    "infrared-satellite",
    "orbital-interceptor",
    "surface-interceptor",
    "directed-energy",
    "threat",
    "command",
)
_ENTRY_KEYS = {"value", "text", "source", "basis", "as_of", "certainty", "note"}


class CatalogueError(OpendomeError):
    """A system or source that is not in the catalogue, or an entry that cannot be used."""


@cache
def system_ids() -> tuple[str, ...]:
    """Ids of all systems, sorted."""
    return tuple(sorted(path.stem for path in SYSTEMS.glob("*.yaml")))


@cache
def load_system(system: str) -> System:
    """One system of the catalogue; reads one file."""
    path = SYSTEMS / f"{system}.yaml"
    if system not in system_ids():
        raise CatalogueError(
            got=f"the unknown system {system!r}",
            allowed="a system of the catalogue: opendome list systems",
            do=_did_you_mean(system, system_ids()),
        )
    return read_system(path.read_text("utf-8"), path.stem)


def read_system(text: str, name: str) -> System:
    """System of the text of its file `name`.yaml."""
    entry = parse_plain(text)
    if entry.get("id") != name:
        raise CatalogueError(
            got=f"id {entry.get('id')!r} in {name}.yaml", allowed=f"id: {name}", do="correct the id"
        )
    return System(
        id=name,
        name=entry["name"],
        nation=entry["nation"],
        kind=entry["kind"],
        parameters={
            key: read_parameter(key, body, entry["as_of"], name)
            for key, body in entry["parameters"].items()
        },
        notes=entry.get("notes", ""),
    )


def load_all() -> dict[str, System]:
    """Every system by its id."""
    return {system: load_system(system) for system in system_ids()}


@cache
def load_sources() -> Mapping[str, Source]:
    """Every source by its id."""
    entries = parse_plain((CATALOGUE / "sources.yaml").read_text("utf-8"))
    return {
        name: Source(
            id=name,
            title=entry["title"],
            kind=entry["kind"],
            url=entry.get("url"),
            date=entry.get("date"),
            read=entry.get("read"),
        )
        for name, entry in entries.items()
    }


def cite(ids: Iterable[str]) -> list[Source]:
    """The sources of these ids, each once, in the order of first use."""
    known = load_sources()
    unique = list(dict.fromkeys(ids))
    for name in unique:
        if name not in known:
            raise CatalogueError(
                got=f"the unknown source {name!r}",
                allowed="an id of catalogue/sources.yaml",
                do=_did_you_mean(name, known),
            )
    return [known[name] for name in unique]


def load_milestones() -> list[dict[str, Any]]:
    """Dated events: date, event, source ids."""
    return parse_plain((CATALOGUE / "milestones.yaml").read_text("utf-8"))["milestones"]


def load_contradictions() -> list[dict[str, Any]]:
    """Topics on which published figures disagree: topic, figures, resolution, source ids."""
    return parse_plain((CATALOGUE / "contradictions.yaml").read_text("utf-8"))["contradictions"]


def parse_plain(text: str) -> Any:
    """YAML with every scalar left as text ("NO" stays a nation); no objects are built."""
    return yaml.load(text, Loader=yaml.CBaseLoader)


def read_parameter(name: str, body: Mapping[str, Any], as_of: str, file: str) -> Parameter:
    """Parameter of its entry in the file `file`.yaml, which stands for the date `as_of`."""
    words = "text" in body
    unknown = set(body) - _ENTRY_KEYS
    if unknown or words == ("value" in body) or "source" not in body or "basis" not in body:
        raise CatalogueError(
            got=f"the keys {', '.join(sorted(body))} of {name}",
            allowed="value or text, source, basis, and as_of, certainty, note",
            do="correct the entry",
            where=f"{file}.yaml",
        )
    given: str | list[str] = body["text"] if words else body["value"]
    return Parameter(
        name=name,
        given=tuple(given) if isinstance(given, list) else given,
        words=words,
        passport=Passport(
            sources=tuple(body["source"]),
            basis=body["basis"],
            as_of=body.get("as_of", as_of),
            certainty=body.get("certainty"),
            note=body.get("note", ""),
        ),
    )


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else "choose one that is listed"
