"""From the plain values of a file to validated parts, every problem noted on the way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from opendome.command.spec import CommandSpec
from opendome.intercept.energy_spec import DirectedEnergySpec
from opendome.intercept.spec import OrbitalInterceptorSpec, SurfaceInterceptorSpec
from opendome.network.spec import LinkSpec, SharingSpec
from opendome.scenario import anatomy
from opendome.scenario.compose import Composed, compose, known_systems
from opendome.scenario.economics_spec import CostSpec, EconomicsSpec, ScheduleSpec
from opendome.scenario.explain import Finding, unknown_key
from opendome.scenario.network_entries import NetworkParts, read_network
from opendome.scenario.notes import MAPPING_WORDS, Notes, read_form
from opendome.scenario.patterns import NATION_PATTERN
from opendome.scenario.plan import COST, ECONOMICS, SCHEDULE, Planned, read_economics, read_part
from opendome.scenario.problems import Path, advise, one_of, show
from opendome.scenario.raid_entries import Group, Way, read_entry
from opendome.scenario.reader import Document
from opendome.scenario.spec import (
    ENTRIES_MAX,
    REQUIRED_SECTIONS,
    SECTIONS,
    AssetFrame,
    DefendedSpec,
    HeadSpec,
)
from opendome.sensing.infrared_spec import InfraredSatelliteSpec
from opendome.sensing.radar_spec import RadarSpec
from opendome.sensing.skywave_spec import OverTheHorizonRadarSpec
from opendome.sources.catalogue import load_system
from opendome.sources.records import System
from opendome.tracking.spec import TrackingSpec

Part = TypeVar("Part", bound=BaseModel)
SENSORS: Mapping[str, type[BaseModel]] = {
    "radar": RadarSpec,
    "over-the-horizon-radar": OverTheHorizonRadarSpec,
    "infrared-satellite": InfraredSatelliteSpec,
}
SHOOTERS: Mapping[str, type[BaseModel]] = {
    "orbital-interceptor": OrbitalInterceptorSpec,
    "surface-interceptor": SurfaceInterceptorSpec,
    "directed-energy": DirectedEnergySpec,
}
KINDS: Mapping[str, type[BaseModel]] = {**SENSORS, **SHOOTERS}
ORBITAL = frozenset({"infrared-satellite", "orbital-interceptor"})
ORBITS = frozenset({"geostationary", "constellation", "elements"})
MOTIONS = frozenset({"course", "racetrack"})
LIST_WORDS = "a list: lines that start with -"


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One sensor, constellation or battery, its values complete.

    Attributes
    ----------
    index, path : place in the scenario
    name, kind, system : what it is; `system` is its id in the catalogue, if it has one
    nation, host : whose it is; on whose soil it stands, if another's
    layer : layer it fires in, None for a sensor
    values : the spec of its kind
    link : delays of a sensor, None for an interceptor
    cost, schedule : what it costs and when it comes, as far as published
    """

    index: int
    path: Path
    name: str
    kind: str
    system: str | None
    nation: str
    host: str | None
    layer: str | None
    values: Composed[Any]
    link: Composed[LinkSpec] | None
    cost: Planned[CostSpec]
    schedule: Planned[ScheduleSpec]

    @property
    def is_sensor(self) -> bool:
        """Whether it measures; otherwise it shoots."""
        return self.kind in SENSORS

    @property
    def in_orbit(self) -> bool:
        """Whether its units are satellites."""
        return self.kind in ORBITAL

    @property
    def site_count(self) -> int:
        """Sites it has on the ground."""
        return 0 if self.in_orbit else len(getattr(self.values.spec, "sites", None) or (None,))

    @property
    def units(self) -> int:
        """Units of which it consists: satellites, rounds in stock, or one radar."""
        spec: Any = self.values.spec
        if self.in_orbit:
            return _satellites(spec)
        if self.is_sensor:
            return 1
        return sum(round(site.stock.middle) for site in spec.sites.values())


@dataclass(kw_only=True)
class Draft:
    """The parts of a scenario that could be read; a part with a problem is missing.

    ways : of every entry of the raid of which so much could be read
    names : asset name -> its place, of all assets, readable or not
    nations : of all assets, readable or not     layers : of those that are not
    unread : number of assets with a problem
    """

    head: HeadSpec | None = None
    defended: list[tuple[Path, DefendedSpec]] = field(
        default_factory=list[tuple[Path, DefendedSpec]]
    )
    assets: list[Asset] = field(default_factory=list[Asset])
    names: dict[str, Path] = field(default_factory=dict[str, Path])
    nations: set[str] = field(default_factory=set[str])
    layers: set[str] = field(default_factory=set[str])
    unread: int = 0
    sharing: list[tuple[Path, SharingSpec]] = field(default_factory=list[tuple[Path, SharingSpec]])
    network: NetworkParts | None = None
    raid: list[Group] = field(default_factory=list[Group])
    ways: list[Way] = field(default_factory=list[Way])
    command: Composed[CommandSpec] | None = None
    tracking: Composed[TrackingSpec] | None = None
    economics: Planned[EconomicsSpec] | None = None


def draft(document: Document) -> tuple[Draft, Notes]:
    """Every part of a document that can be read, and every problem met."""
    notes = Notes(document)
    result = Draft()
    data = document.data
    head_keys = anatomy.fields(HeadSpec)
    known = [*head_keys, *SECTIONS]
    notes.findings((), [unknown_key((key,), known) for key in data if key not in known])
    for key in REQUIRED_SECTIONS:
        if key not in data:
            notes.add((), f'no "{key}"', SECTIONS[key], f'add "{key}"')
    result.head = read_form(notes, HeadSpec, {k: v for k, v in data.items() if k in head_keys}, ())
    result.defended = _read_items(notes, DefendedSpec, data, "defended")
    for path, item in _items(notes, data, "assets"):
        _read_asset(notes, result, item, path)
    result.sharing = _read_items(notes, SharingSpec, data, "sharing")
    result.network = read_network(notes, data)
    for path, item in _items(notes, data, "raid"):
        group, found = read_entry(
            notes,
            item,
            path,
            index=len(result.raid),
            epoch=None if result.head is None else result.head.epoch,
        )
        result.ways += found
        if group is not None:
            result.raid.append(group)
    result.command = _read_rules(notes, CommandSpec, data, "command")
    result.tracking = _read_rules(notes, TrackingSpec, data, "tracking")
    result.economics, findings = read_economics(_mapping(notes, data.get(ECONOMICS), (ECONOMICS,)))
    notes.findings((ECONOMICS,), findings)
    return result, notes


def _read_items(
    notes: Notes, model: type[Part], data: Mapping[str, Any], key: str
) -> list[tuple[Path, Part]]:
    """Validated entries of a list section with their paths."""
    parts = ((path, read_form(notes, model, item, path)) for path, item in _items(notes, data, key))
    return [(path, part) for path, part in parts if part is not None]


def _items(notes: Notes, data: Mapping[str, Any], key: str) -> list[tuple[Path, dict[str, Any]]]:
    """Mappings of a list section with their paths; anything else is noted."""
    items = data.get(key, [])
    if not isinstance(items, list):
        notes.add((key,), show(items), LIST_WORDS, "write it in that form")
        return []
    if key in REQUIRED_SECTIONS and key in data and not items:
        notes.add((key,), "an empty list", "at least one entry", "add an entry")
    if len(cast("list[Any]", items)) > ENTRIES_MAX:
        got = f"a list of {len(cast('list[Any]', items))} entries"
        notes.add((key,), got, f"at most {ENTRIES_MAX}", "use fewer; the first ones were checked")
    found: list[tuple[Path, dict[str, Any]]] = []
    for index, item in enumerate(cast("list[Any]", items)[:ENTRIES_MAX]):
        if isinstance(item, dict):
            found.append(((key, index), cast("dict[str, Any]", item)))
        else:
            notes.add((key, index), show(item), MAPPING_WORDS, "write it in that form")
    return found


def _read_rules(
    notes: Notes, model: type[Part], data: Mapping[str, Any], key: str
) -> Composed[Part] | None:
    """Command or tracking, what is left out from the catalogue's defaults."""
    section = data.get(key, {})
    if not isinstance(section, dict):
        notes.add((key,), show(section), MAPPING_WORDS, "write it in that form")
        return None
    values, findings = compose(model, cast("dict[str, Any]", section))
    notes.findings((key,), findings)
    return values


def _read_asset(notes: Notes, result: Draft, item: dict[str, Any], path: Path) -> None:
    """Read one asset into the draft."""
    name = item.get("name", item.get("use", item.get("kind")))
    if isinstance(name, str):
        _take_name(notes, result, name, path)
    asset = _asset(notes, item, path, name=str(name), index=len(result.assets))
    if asset is not None:
        result.assets.append(asset)
    else:
        result.unread += 1
        result.layers |= {word for word in (item.get("layer", name),) if isinstance(word, str)}
    nation = item.get("nation")
    if isinstance(nation, str) and re.fullmatch(NATION_PATTERN, nation):
        result.nations.add(nation)


def _asset(
    notes: Notes, item: dict[str, Any], path: Path, *, name: str, index: int
) -> Asset | None:
    """One asset, or None with its problems noted."""
    frame_keys = anatomy.fields(AssetFrame)
    frame = read_form(notes, AssetFrame, {k: v for k, v in item.items() if k in frame_keys}, path)
    system, kind = _system_and_kind(notes, item, path)
    if kind is None:
        return None
    if kind in SENSORS and "layer" in item:
        notes.add(
            (*path, "layer"), f"a layer for a {kind}", "a layer for interceptors", "remove it"
        )
    spec = KINDS[kind]
    link_keys = anatomy.fields(LinkSpec) if kind in SENSORS else {}
    spec_keys = anatomy.fields(spec)
    known = [*frame_keys, *spec_keys, *link_keys, COST, SCHEDULE]
    for key in item:
        if key not in known:
            notes.findings(path, [unknown_key((key,), known)])
    changes, findings = _changes(item, spec, system)
    notes.findings(path, findings)
    values, findings = compose(spec, changes, system, replaced=_replaced(changes))
    notes.findings(path, findings)
    link = None
    if link_keys:
        own = {key: value for key, value in item.items() if key in link_keys}
        link, findings = compose(LinkSpec, own, system)
        notes.findings(path, findings)
    cost = _read_plan(notes, CostSpec, COST, item, path, system)
    schedule = _read_plan(notes, ScheduleSpec, SCHEDULE, item, path, system)
    if frame is None or values is None or cost is None or schedule is None:
        return None
    return Asset(
        index=index,
        path=path,
        name=name,
        kind=kind,
        system=frame.use,
        nation=frame.nation,
        host=frame.host,
        layer=None if kind in SENSORS else frame.layer or name,
        values=values,
        link=link,
        cost=cost,
        schedule=schedule,
    )


def _read_plan(
    notes: Notes,
    model: type[Part],
    key: str,
    item: Mapping[str, Any],
    path: Path,
    system: System | None,
) -> Planned[Part] | None:
    """What an asset costs or when it comes, or None with its problems noted."""
    here = (*path, key)
    part, findings = read_part(model, key, _mapping(notes, item.get(key), here), system)
    notes.findings(here, findings)
    return part


def _mapping(notes: Notes, data: Any, path: Path) -> Any:
    """A section that must be a mapping; anything else is noted and left out."""
    if data is not None and not isinstance(data, dict):
        notes.add(path, show(data), MAPPING_WORDS, "write it in that form")
        return None
    return data


def _satellites(spec: Any) -> int:
    """Satellites of an orbit given in any of its forms."""
    pattern = getattr(spec, "constellation", None)
    if pattern is not None:
        return round(pattern.satellites.middle)
    geostationary = getattr(spec, "geostationary", None)
    if geostationary is not None:
        return len(geostationary.longitudes)
    return len(spec.elements)


def _take_name(notes: Notes, result: Draft, name: str, path: Path) -> None:
    """Every asset has its own name, so that results can speak of it."""
    if name in result.names:
        first = result.names[name]
        line = notes.document.mark(first).line
        got = f"a second asset named {name!r} (the first is on line {line})"
        notes.add(path, got, "a different name for each asset", 'add "name: ..." to one of them')
    else:
        result.names[name] = path


def _system_and_kind(
    notes: Notes, item: Mapping[str, Any], path: Path
) -> tuple[System | None, str | None]:
    """Catalogue system and kind of an asset; no kind when it cannot be told."""
    name = item.get("use")
    if name is None:
        kind = item.get("kind")
        return None, kind if isinstance(kind, str) and kind in KINDS else None
    if not isinstance(name, str):
        return None, None
    system = _system(notes, name, (*path, "use"))
    if system is None:
        return None, None
    if system.kind not in KINDS:
        got = f"{name!r}, which is of the kind {system.kind}"
        allowed = f"a system of the kind {', '.join(KINDS)}"
        notes.add((*path, "use"), got, allowed, "choose one: opendome list systems")
        return None, None
    return system, system.kind


def _system(notes: Notes, name: str, path: Path) -> System | None:
    """A system of the catalogue, or None with the problem noted."""
    if name in known_systems():
        return load_system(name)
    do = advise(name, known_systems(), "choose one: opendome list systems")
    notes.add(path, f"the unknown system {name!r}", "a system of the catalogue", do)
    return None


def _changes(
    item: Mapping[str, Any], spec: type[BaseModel], system: System | None
) -> tuple[dict[str, Any], list[Finding]]:
    """What an asset changes in its system; short forms written out.

    `sites: {name: 40}` takes the place of the site from the catalogue, and only the sites
    named are used.
    """
    keys = anatomy.fields(spec)
    changes = {key: value for key, value in item.items() if key in keys}
    sites = changes.get("sites")
    if "sites" not in keys or not isinstance(sites, dict):
        return changes, []
    known: dict[str, Any] = system.tree().get("sites", {}) if system is not None else {}
    findings: list[Finding] = []
    full: dict[str, Any] = {}
    for name, given in cast("dict[str, Any]", sites).items():
        own = cast("dict[str, Any]", given) if isinstance(given, dict) else {"stock": given}
        if name not in known and not {"latitude", "longitude"} <= set(own):
            do = advise(name, known, "give its latitude, longitude and stock")
            findings.append(
                Finding(("sites", name), f"the unknown site {name!r}", one_of(list(known)), do)
            )
        elif _is_zero(own.get("stock")):
            place = ("sites", name, "stock") if isinstance(given, dict) else ("sites", name)
            do = "remove the site, or the whole asset if no site is left"
            findings.append(Finding(place, "a stock of 0", "at least 1", do))
        else:
            full[name] = {**known.get(name, {}), **own}
    changes["sites"] = full
    if findings and not full:
        del changes["sites"]
    return changes, findings


def _is_zero(given: Any) -> bool:
    """Whether a stock is written as nothing at all."""
    return not isinstance(given, bool) and given in (0, "0")


def _replaced(changes: Mapping[str, Any]) -> frozenset[str]:
    """Fields of the catalogue that a change makes void: other sites, other orbits and courses."""
    void = {"sites"} & set(changes)
    for either in (ORBITS, MOTIONS):
        if either & set(changes):
            void |= either - set(changes)
    return frozenset(void)
