"""The reference of scenario files for people, written from the same specs that check them."""

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from opendome.command.spec import CommandSpec
from opendome.network.spec import LinkSpec, SharingSpec
from opendome.quantities.dimensions import DIMENSIONS
from opendome.quantities.fields import Bounds, Quantity
from opendome.quantities.values import Interval, Point, TestRecord
from opendome.scenario import anatomy, compose, plan
from opendome.scenario.draft import KINDS, SENSORS
from opendome.scenario.economics_spec import (
    DATE_EXAMPLES,
    Charge,
    CostSpec,
    EconomicsSpec,
    ScheduleSpec,
    read_date,
)
from opendome.scenario.explain import pattern_words
from opendome.scenario.network_entries import DEFAULTS_SYSTEM as NETWORK_DEFAULTS
from opendome.scenario.network_spec import LineSpec, NetworkSpec, NodeSpec, OutageSpec
from opendome.scenario.raid_spec import RaidFrame, TracksFrame
from opendome.scenario.spec import (
    SECTIONS,
    AssetFrame,
    DefendedSpec,
    HeadSpec,
    Whole,
)
from opendome.sources.catalogue import load_system
from opendome.threats.spec import FLIGHTS
from opendome.tracking.spec import TrackingSpec

HEAD = """# Scenario reference

<!-- Written by `opendome schema --markdown`; a test keeps it current. Do not edit. -->

Every key a scenario file may have. How to write one is told in
[write a scenario](how-to/write-a-scenario.md). Wherever a quantity is asked for, an interval
`low..high` may stand: it is drawn once per future, evenly (of `cost`, `schedule` and `economics`
once per sample of a bill or a calendar; these never change what is played). A probability may
also be a test record such as `12 of 21`. A value that is left out comes from the system named in
`use` or `class`, then from the catalogue's defaults, then from the default given here; when none
of them has it, the scenario is refused. In `cost` and `schedule` a value may be missing: what no
one has published is not counted, and a bill says so.
"""


def reference() -> str:
    """The whole reference as Markdown."""
    parts = [HEAD, _table("Top level", HeadSpec)]
    lists = "\n".join(f"| `{name}` | {words} |" for name, words in SECTIONS.items())
    parts.append(f"Sections:\n\n| key | what |\n|---|---|\n{lists}\n")
    parts.append(_table("`defended`: each entry", DefendedSpec))
    parts.append(_table("`assets`: every entry", AssetFrame))
    for kind, spec in KINDS.items():
        parts.append(_table(f"`assets`: of the kind `{kind}`", spec))
        if kind in SENSORS:
            parts.append(_table(f"`assets`: link of a sensor of the kind `{kind}`", LinkSpec))
    parts.append(_table("`assets`: `cost` of every entry", CostSpec))
    parts.append(_table("`assets`: `schedule` of every entry", ScheduleSpec))
    parts.append(_table("`sharing`: each entry", SharingSpec))
    parts.append(_table("`network`", NetworkSpec, _catalogue(NETWORK_DEFAULTS)))
    parts.append(_table("`network`: each entry of `nodes`", NodeSpec, _by_kind(NodeSpec)))
    parts.append(_table("`network`: each entry of `links`", LineSpec, _by_kind(LineSpec)))
    parts.append(_table("`network`: each entry of `outages`", OutageSpec))
    parts.append(_table("`raid`: each entry", RaidFrame))
    parts.append(_table("`raid`: each entry of given tracks", TracksFrame))
    for flight, spec in FLIGHTS.items():
        parts.append(_table(f"`raid`: fields of a class of the flight `{flight}`", spec))
    engine, economics = compose.DEFAULTS_SYSTEM, plan.DEFAULTS_SYSTEM
    parts.append(_table("`command`", CommandSpec, _catalogue(engine)))
    parts.append(_table("`tracking`", TrackingSpec, _catalogue(engine)))
    parts.append(_table("`economics`", EconomicsSpec, _catalogue(economics, f"{plan.ECONOMICS}.")))
    parts.append(_units())
    return "\n".join(parts)


def _catalogue(name: str, prefix: str = "") -> dict[str, str]:
    """Values of a system of the catalogue as they are written there, by key."""
    return {
        key.removeprefix(prefix): f"`{parameter.given}`"
        for key, parameter in load_system(name).parameters.items()
        if key.startswith(prefix)
    }


def _by_kind(model: type[BaseModel]) -> dict[str, str]:
    """Values of a node or link as the catalogue has them for each kind, by key."""
    found: dict[str, list[str]] = {}
    kinds = get_args(anatomy.fields(model)["kind"].annotation)
    for name, parameter in load_system(NETWORK_DEFAULTS).parameters.items():
        kind, _, key = name.partition(".")
        if kind in kinds:
            found.setdefault(key, []).append(f"`{parameter.given}` ({kind})")
    return {key: ", ".join(each) for key, each in found.items()}


def _table(title: str, model: type[BaseModel], known: Mapping[str, str] | None = None) -> str:
    """Keys of a model; `known` is what the catalogue has for those left out."""
    known = known or {}
    rows = "\n".join(
        f"| `{key}` | {words} | {form} | {known.get(key, default)} |"
        for key, words, form, default in _rows(model)
    )
    head = "| key | what | form | when left out |\n|---|---|---|---|"
    summary = (model.__doc__ or "").strip().splitlines()[0]
    return f"## {title}\n\n{summary}\n\n{head}\n{rows}\n"


def _rows(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Key, description, form and default of every field, deeper ones after their parent."""
    for name, info in anatomy.fields(model).items():
        annotation = anatomy.annotation_of(info)
        key = f"{prefix}{name}"
        yield key, info.description or "", form_of(annotation), _default(info, annotation)
        yield from _deeper(annotation, key)


def _deeper(annotation: Any, key: str) -> Iterator[tuple[str, str, str, str]]:
    for part in anatomy.branches(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from _rows(part, f"{key}.")
            continue
        origin, inner = get_origin(part), get_args(part)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            yield from _deeper(inner[1], f"{key}.<name>")
        elif origin is list:
            yield from _deeper(inner[0], f"{key}.<number>")


def form_of(annotation: Any) -> str:
    """What may stand for a field, in words."""
    extras = anatomy.extras(annotation)
    for extra in extras:
        reader = getattr(getattr(extra, "func", None), "__self__", None)
        if isinstance(reader, Whole):
            return reader.words()
        if isinstance(extra, Quantity):
            bounds = ", ".join(found.words() for found in extras if isinstance(found, Bounds))
            return f"{extra.dimension.name}, {bounds or f'such as `{extra.dimension.example}`'}"
        if isinstance(extra, AfterValidator) and isinstance(extra.func, Charge):
            return f"money {extra.func.words()}, such as `{extra.func.example}`"
        if isinstance(extra, BeforeValidator) and extra.func is read_date:
            return f"a date, {_listed(DATE_EXAMPLES)}"
        if isinstance(extra, StringConstraints) and extra.pattern is not None:
            return pattern_words(str(extra.pattern))
    plain = [part for part in anatomy.branches(annotation) if part is not NoneType]
    return " or ".join(dict.fromkeys(_plain_form(part) for part in plain)).replace("|", "\\|")


def _listed(examples: Iterable[str | int]) -> str:
    return " or ".join(f"`{example}`" for example in examples)


def _plain_form(part: Any) -> str:
    origin, inner = get_origin(part), get_args(part)
    if origin is Literal:
        return " or ".join(f"`{word}`" for word in inner)
    if isinstance(part, type) and issubclass(part, BaseModel):
        return "a mapping"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "a mapping by name"
    if origin in (list, tuple):
        item = form_of(inner[0])
        return f"a list, each {item}" if item != "a mapping" else "a list of mappings"
    names = {str: "text", int: "a whole number", bool: "`true` or `false`"}
    return names.get(part, "date and time, `2029-01-20T12:00:00Z`")


def _default(info: FieldInfo, annotation: Any) -> str:
    """The default as it would be written; nothing when its description tells it."""
    if info.default_factory_takes_validated_data:
        return ""
    if info.is_required() or info.default is PydanticUndefined:
        return "needed" if info.is_required() else "empty"
    value = info.default
    if isinstance(value, Point | Interval | TestRecord):
        return f"`{anatomy.text(annotation, (), value)}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(str(item) for item in value)}]`"
    if value is None or value == "":
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _units() -> str:
    rows = "\n".join(
        f"| {dimension.name.split(' ', 1)[1]} | {_names(dimension.units)} |"
        for dimension in DIMENSIONS
    )
    return f"## Units\n\n| quantity | units |\n|---|---|\n{rows}\n"


def _names(units: Mapping[str, float]) -> str:
    return ", ".join(f"`{unit}`" if unit else "none" for unit in units)
