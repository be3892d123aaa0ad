"""Entries of the raid: read from plain values, their classes complete, problems noted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from opendome.scenario import anatomy, explain
from opendome.scenario.compose import Composed, compose, known_systems
from opendome.scenario.explain import unknown_key
from opendome.scenario.notes import Notes, read_form
from opendome.scenario.problems import Path, advise, one_of, show
from opendome.scenario.raid_files import open_file
from opendome.scenario.raid_spec import (
    CarrierSpec,
    PlaceSpec,
    RaidFrame,
    SharedPlaceSpec,
    TracksFrame,
    ways,
)
from opendome.scenario.tracks import Tracks, read_tracks
from opendome.sources.catalogue import load_system
from opendome.sources.records import System
from opendome.threats.cruise_spec import CruiseSpec
from opendome.threats.spec import FLIGHTS, AnyThreatSpec, spec_of

THREAT = "threat"
CARRIER, CLASSES = "carrier", "classes"


@dataclass(frozen=True, kw_only=True)
class Group:
    """One entry of the raid, its threat class complete.

    Attributes
    ----------
    index, path : place in the scenario
    frame : what the entry declares
    values : its class
    carrier : class of the aircraft that carry the objects, None for none
    tracks : given tracks, None if the objects fly by the rules of their class
    classes : further classes that the file of tracks names
    """

    index: int
    path: Path
    frame: RaidFrame | TracksFrame
    values: Composed[AnyThreatSpec]
    carrier: Composed[CruiseSpec] | None = None
    tracks: Tracks | None = None
    classes: Mapping[str, Composed[AnyThreatSpec]] = field(
        default_factory=dict[str, Composed[AnyThreatSpec]]
    )

    @property
    def count(self) -> int:
        """Objects that the entry declares, without the aircraft that carry them."""
        if isinstance(self.frame, RaidFrame):
            return self.frame.count
        return 0 if self.tracks is None else len(self.tracks.names)

    @property
    def carriers(self) -> int:
        """Aircraft that carry the objects."""
        carried = isinstance(self.frame, RaidFrame) and self.frame.carrier is not None
        return self.frame.units if carried and isinstance(self.frame, RaidFrame) else 0

    def parts(self) -> list[tuple[Path, Composed[Any]]]:
        """Every class of the entry, with its place below it."""
        own: list[tuple[Path, Composed[Any]]] = [((), self.values)]
        if self.carrier is not None:
            own.append(((CARRIER,), self.carrier))
        return own + [((CLASSES, name), part) for name, part in self.classes.items()]


@dataclass(frozen=True, kw_only=True)
class Way:
    """From where to where objects of a class fly, of an entry of the raid readable so far.

    there_and_back : whether it must also return
    """

    path: Path
    class_name: str
    start: PlaceSpec
    aim: PlaceSpec
    spec: AnyThreatSpec
    there_and_back: bool = False


def read_entry(
    notes: Notes, item: dict[str, Any], path: Path, *, index: int, epoch: datetime | None
) -> tuple[Group | None, list[Way]]:
    """One entry of the raid, or None with its problems noted; and the ways it sends objects."""
    if "tracks" in item:
        return _read_file(notes, item, path, index=index, epoch=epoch), []
    frame_keys = anatomy.fields(RaidFrame)
    data = {key: value for key, value in item.items() if key in frame_keys}
    carried = item.get(CARRIER)
    if isinstance(carried, dict):
        keys = anatomy.fields(CarrierSpec)
        given = cast("dict[str, Any]", carried)
        data[CARRIER] = {key: value for key, value in given.items() if key in keys}
    frame = read_form(notes, RaidFrame, data, path)
    system, values = _read_class(notes, item, path, list(frame_keys))
    carrier = None
    if isinstance(carried, dict):
        carrier = _read_carrier(notes, cast("dict[str, Any]", carried), (*path, CARRIER))
        _check_carried(notes, item, path, values)
    if values is None or system is None:
        return None, []
    found = _ways(item, frame, path, system.id, values.spec)
    if frame is None or (frame.carrier is not None and carrier is None):
        return None, found
    if frame.carrier is not None and carrier is not None:
        found += [
            Way(
                path=(*path, CARRIER),
                class_name=frame.carrier.class_,
                start=frame.carrier.from_,
                aim=place,
                spec=carrier.spec,
                there_and_back=True,
            )
            for place in frame.starts
        ]
    return Group(index=index, path=path, frame=frame, values=values, carrier=carrier), found


def _read_class(
    notes: Notes, item: dict[str, Any], path: Path, known: list[str]
) -> tuple[System | None, Composed[AnyThreatSpec] | None]:
    """Class of an entry with its changes; None with its problems noted.

    known : keys of the entry that do not belong to its class
    """
    name = item.get("class")
    system = _class(notes, name, (*path, "class")) if isinstance(name, str) else None
    spec = spec_of(system) if system is not None else _likely_spec(item)
    known = [*known, *anatomy.fields(spec)]
    for key in item:
        if key not in known:
            notes.findings(path, [unknown_key((key,), known)])
    changes = {k: v for k, v in item.items() if k in anatomy.fields(spec)}
    if system is None:
        bare = {found.got for found in explain.check(spec, {})[1]}  # the class would have those
        _, findings = explain.check(spec, changes)
        notes.findings(path, [f for f in findings if not f.absent and f.got not in bare])
        return None, None
    values, findings = compose(spec, changes, system)
    notes.findings(path, findings)
    return system, values


def _read_carrier(notes: Notes, item: dict[str, Any], path: Path) -> Composed[CruiseSpec] | None:
    """Class of the aircraft of an entry, None with its problems noted."""
    _, values = _read_class(notes, item, path, list(anatomy.fields(CarrierSpec)))
    if values is None:
        return None
    if not isinstance(values.spec, CruiseSpec):
        got = f"{item['class']!r}, which does not fly by wings and engine"
        do = "choose one: opendome list systems"
        notes.add((*path, "class"), got, "a class of the flight cruise", do)
        return None
    if values.spec.via:
        got = f"{len(values.spec.via)} waypoints for a carrier"
        allowed = "a straight way from its base to the release and back"
        notes.add((*path, "via"), got, allowed, "remove them")
    return cast("Composed[CruiseSpec]", values)


def _check_carried(
    notes: Notes, item: dict[str, Any], path: Path, values: Composed[AnyThreatSpec] | None
) -> None:
    """Only what flies on wings can be let go in the air; it begins at the height of its carrier."""
    if values is None:
        return
    spec = values.spec
    if not isinstance(spec, CruiseSpec):
        got = f"a carrier for {item['class']!r}, which starts from the ground"
        allowed = "a carrier for a class of the flight cruise"
        notes.add((*path, CARRIER), got, allowed, "remove the carrier, or choose another class")
    elif spec.launch_altitude.quantile(1.0) > 0.0 and "launch_altitude" in item:
        got = f"launch_altitude {spec.launch_altitude.text('m')} with a carrier"
        allowed = "the altitude of the carrier, at which its missiles begin"
        notes.add((*path, "launch_altitude"), got, allowed, "remove it, or set carrier.altitude")


def _ways(
    item: Mapping[str, Any], frame: RaidFrame | None, path: Path, name: str, spec: AnyThreatSpec
) -> list[Way]:
    """The ways that some object of an entry flies; all of them while the entry has problems."""
    if frame is not None:
        used = dict.fromkeys(ways(frame))
        pairs = [(frame.starts[start], frame.aims[aim]) for start, aim in used]
    else:
        pairs = [(a, b) for a in _places(item.get("from")) for b in _places(item.get("to"))]
    return [Way(path=path, class_name=name, start=a, aim=b, spec=spec) for a, b in pairs]


def _places(given: Any) -> list[PlaceSpec]:
    """The sound ones among one place or several."""
    if not isinstance(given, list):
        place, _ = explain.check(PlaceSpec, given)
        return [] if place is None else [place]
    shared = [explain.check(SharedPlaceSpec, part)[0] for part in cast("list[Any]", given)]
    return [place for place in shared if place is not None]


def _read_file(
    notes: Notes, item: dict[str, Any], path: Path, *, index: int, epoch: datetime | None
) -> Group | None:
    """An entry of given tracks, or None with its problems noted."""
    frame_keys = anatomy.fields(TracksFrame)
    frame = read_form(notes, TracksFrame, {k: v for k, v in item.items() if k in frame_keys}, path)
    _, values = _read_class(notes, item, path, list(frame_keys))
    raw = None if frame is None else open_file(notes, frame, path)
    if "separates" in item:
        got = "separates for objects on given tracks"
        do = "give the parts tracks of their own in the file"
        notes.add((*path, "separates"), got, "a file that holds every object", do)
        return None
    if frame is None or raw is None:
        return None
    tracks, problems = read_tracks(raw, frame, epoch=epoch, classes=_threats())
    notes.problems += problems
    if tracks is None or values is None:
        return None
    further = [name for name in dict.fromkeys(tracks.classes) if name not in ("", frame.class_)]
    for name in frame.classes:
        if name not in further:
            where = (*path, CLASSES, name)
            got = f"the class {name!r}, which no object of the file has"
            notes.add(where, got, one_of(further) or "no further class", "remove it", key=True)
    classes: dict[str, Composed[AnyThreatSpec]] = {}
    for name in further:
        changes: dict[str, Any] = {**frame.classes.get(name, {}), "class": name}
        _, part = _read_class(notes, changes, (*path, CLASSES, name), ["class"])
        if part is not None:
            classes[name] = part
    if len(classes) < len(further):
        return None
    return Group(index=index, path=path, frame=frame, values=values, tracks=tracks, classes=classes)


def _threats() -> frozenset[str]:
    """Ids of all threat classes of the catalogue."""
    return frozenset(name for name in known_systems() if load_system(name).kind == THREAT)


def _class(notes: Notes, name: str, path: Path) -> System | None:
    """A threat class of the catalogue, or None with the problem noted."""
    known = known_systems()
    system = load_system(name) if name in known else None
    if system is not None and system.kind == THREAT:
        return system
    classes = sorted(_threats())
    got = f"the unknown class {show(name)}"
    if system is not None:
        got = f"{name!r}, which is of the kind {system.kind}"
    do = advise(name, classes, "choose one of them")
    notes.add(path, got, f"a threat class: {one_of(classes)}", do)
    return None


def _likely_spec(item: Mapping[str, Any]) -> type[AnyThreatSpec]:
    """The kind of flight that knows most keys of an entry whose class cannot be told."""
    return max(FLIGHTS.values(), key=lambda spec: len(item.keys() & anatomy.fields(spec).keys()))
