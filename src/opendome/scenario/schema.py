"""The JSON Schema of scenario files, put together from the specs of the rooms."""

from collections.abc import Iterator
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from opendome.command.spec import CommandSpec
from opendome.network.spec import LinkSpec, SharingSpec
from opendome.scenario.draft import KINDS, SENSORS
from opendome.scenario.economics_spec import CostSpec, EconomicsSpec, ScheduleSpec
from opendome.scenario.network_entries import LINKS, NODES, OUTAGES
from opendome.scenario.network_spec import LineSpec, NetworkSpec, NodeSpec, OutageSpec
from opendome.scenario.plan import COST, SCHEDULE
from opendome.scenario.raid_spec import CarrierSpec, RaidFrame, TracksFrame
from opendome.scenario.spec import (
    REQUIRED_SECTIONS,
    SECTIONS,
    AssetFrame,
    DefendedSpec,
    HeadSpec,
)
from opendome.threats.cruise_spec import CruiseSpec
from opendome.threats.spec import FLIGHTS
from opendome.tracking.spec import TrackingSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SUFFIX = "Changes"
Schema = dict[str, Any]


def json_schema() -> Schema:
    """JSON Schema (draft 2020-12) of a scenario file."""
    parts: list[type[BaseModel]] = [
        HeadSpec,
        DefendedSpec,
        SharingSpec,
        RaidFrame,
        CarrierSpec,
        TracksFrame,
        AssetFrame,
        LinkSpec,
        NetworkSpec,
        NodeSpec,
        LineSpec,
        OutageSpec,
        CommandSpec,
        TrackingSpec,
        EconomicsSpec,
        CostSpec,
        ScheduleSpec,
        *FLIGHTS.values(),
        *KINDS.values(),
    ]
    names, whole = models_json_schema([(part, "validation") for part in parts])
    definitions: Schema = whole["$defs"]
    definitions |= dict(_partial(definitions))
    refs = {part: names[part, "validation"]["$ref"].rsplit("/", 1)[1] for part in parts}
    head: Schema = definitions[refs[HeadSpec]]
    sections: Schema = {
        "defended": _list(_ref(refs[DefendedSpec]), least=1),
        "assets": _list({"anyOf": [*_assets(definitions, refs)]}),
        "sharing": _list(_ref(refs[SharingSpec])),
        "network": _network(definitions, refs),
        "raid": _list({"anyOf": [*_raid(definitions, refs)]}, least=1),
        "command": _ref(refs[CommandSpec] + SUFFIX),
        "tracking": _ref(refs[TrackingSpec] + SUFFIX),
        "economics": _ref(refs[EconomicsSpec] + SUFFIX),
    }
    for name, schema in sections.items():
        schema["description"] = SECTIONS[name]
    return {
        "$schema": DIALECT,
        "title": "opendome scenario",
        "type": "object",
        "additionalProperties": False,
        "required": [*head["required"], *REQUIRED_SECTIONS],
        "properties": {**head["properties"], **sections},
        "$defs": dict(sorted(definitions.items())),
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Schema, *, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


def _partial(definitions: Schema) -> Iterator[tuple[str, Schema]]:
    """Each definition again, with nothing required at any depth: changes to a known system."""
    for name, schema in definitions.items():
        copy = cast("Schema", _with_suffix(schema))
        copy.pop("required", None)
        copy["description"] = f"Changes to: {schema.get('description', name)}"
        yield name + SUFFIX, copy


def _with_suffix(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: value + SUFFIX if key == "$ref" else _with_suffix(value)
            for key, value in cast("Schema", node).items()
        }
    return (
        [_with_suffix(item) for item in cast("list[Any]", node)] if isinstance(node, list) else node
    )


def _assets(definitions: Schema, refs: dict[type[BaseModel], str]) -> Iterator[Schema]:
    """For each kind: a system with changes, and an asset given in full."""
    frame: Schema = definitions[refs[AssetFrame]]["properties"]
    common = {key: value for key, value in frame.items() if key not in ("use", "kind")}
    common |= {COST: _ref(refs[CostSpec]), SCHEDULE: _ref(refs[ScheduleSpec])}
    for kind, spec in KINDS.items():
        own: Schema = definitions[refs[spec]]
        changes: Schema = definitions[refs[spec] + SUFFIX]["properties"]
        link: Schema = definitions[refs[LinkSpec]]["properties"] if kind in SENSORS else {}
        if "sites" in changes:
            changes = {**changes, "sites": _short_sites(changes["sites"])}
        yield {
            "title": f"{kind} of the catalogue",
            "type": "object",
            "additionalProperties": False,
            "required": ["use", "nation"],
            "properties": {"use": frame["use"], **common, **link, **changes},
        }
        yield {
            "title": f"{kind} given in full",
            "type": "object",
            "additionalProperties": False,
            "required": ["kind", "nation", *own.get("required", [])],
            "properties": {"kind": {"const": kind}, **common, **link, **own["properties"]},
        }


def _network(definitions: Schema, refs: dict[type[BaseModel], str]) -> Schema:
    """The network: what the catalogue fills in may be left out."""
    head: Schema = definitions[refs[NetworkSpec] + SUFFIX]["properties"]
    node: Schema = {**definitions[refs[NodeSpec] + SUFFIX], "required": ["name", "kind", "nation"]}
    line: Schema = {**definitions[refs[LineSpec] + SUFFIX], "required": ["kind", "between"]}
    lists = {NODES: _list(node), LINKS: _list(line), OUTAGES: _list(_ref(refs[OutageSpec]))}
    return {"type": "object", "additionalProperties": False, "properties": {**head, **lists}}


def _short_sites(sites: Schema) -> Schema:
    """Launch sites by name, as a number of rounds or in full."""
    rounds = {"type": ["integer", "string"], "description": "rounds at a site of the catalogue"}
    full = sites["additionalProperties"]
    return {**sites, "additionalProperties": {"anyOf": [rounds, full]}}


def _raid(definitions: Schema, refs: dict[type[BaseModel], str]) -> Iterator[Schema]:
    """For each kind of flight: a group of objects, and a raid file, with changes to its class."""
    aircraft: Schema = definitions[refs[CruiseSpec] + SUFFIX]["properties"]
    definitions[refs[CarrierSpec]]["properties"] |= aircraft
    forms = {"group of the raid": RaidFrame, "given tracks": TracksFrame}
    for title, form in forms.items():
        frame: Schema = definitions[refs[form]]
        for flight, spec in FLIGHTS.items():
            changes: Schema = definitions[refs[spec] + SUFFIX]["properties"]
            yield {
                "title": f"{title}, {flight}",
                "type": "object",
                "additionalProperties": False,
                "required": frame["required"],
                "properties": {**frame["properties"], **changes},
            }
