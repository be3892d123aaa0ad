"""What only the whole scenario can tell: names that lead somewhere, raids that can fly, size."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from opendome.network.models import ENGAGEMENTS
from opendome.network.spec import contradictions
from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.quantities.values import Interval, Point, Value
from opendome.scenario import places
from opendome.scenario.command_checks import check_command
from opendome.scenario.draft import Asset, Draft
from opendome.scenario.geography import Area, unit_vector
from opendome.scenario.headcount import objects_of
from opendome.scenario.network_checks import check_network
from opendome.scenario.notes import Notes
from opendome.scenario.patterns import NATION_PATTERN, PARTY_PATTERN, SLUG_PATTERN
from opendome.scenario.problems import Path, advise, one_of, show
from opendome.scenario.raid_entries import Group, Way
from opendome.scenario.raid_files import pack
from opendome.scenario.raid_spec import PACKED_MAX, PlaceSpec, RaidFrame
from opendome.scenario.spec import OBJECTS_MAX, CitiesSpec
from opendome.threats.kernels.cruise import SPHERE_SHARE

SATELLITES_MAX = 200_000
PAIRS_MAX = 30_000_000
ROWS_MAX = 500_000_000
LOOKS_MAX = 400_000_000
FLOWN_S_MAX = 100_000_000  # a second in flight takes about 130 bytes
AREA_PLACES = (
    ("defended", "area"),
    ("raid", "from", "area"),
    ("raid", "to", "area"),
    ("raid", "carrier", "from", "area"),
)
CITY_PLACES = (
    ("raid", "from", "city"),
    ("raid", "to", "city"),
    ("raid", "carrier", "from", "city"),
)
COUNTRY_PLACE = ("defended", "cities", "country")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """How much a scenario asks for, known before anything is allocated.

    Attributes
    ----------
    objects : in the raid
    satellites : in all constellations, sensors and interceptors
    pairs : objects times satellites
    rows : objects times trials, the rows of the ledger
    looks : at most so many looks in one future, if every sensor saw everything all the time
    flown_s : at most so many seconds of flight in one future, all objects together
    """

    objects: int
    satellites: int
    pairs: int
    rows: int
    looks: int
    flown_s: int


def check(draft: Draft, notes: Notes) -> None:
    """Note every problem that no part shows by itself."""
    _check_names(notes)
    _check_defended(draft, notes)
    _check_raid(draft, notes)
    _check_sharing(draft, notes)
    check_network(draft, notes, longest_s=_longest_s(draft))
    check_command(draft, notes)
    _check_size(draft, notes)


def _check_names(notes: Notes) -> None:
    """Every area, city and country named, also by an entry that has another problem."""
    for path, word in _texts(notes.document.data, ()):
        if len(path) < 3 or path[0] not in ("defended", "raid"):
            continue
        place = tuple(part for part in path if isinstance(part, str))
        if place in AREA_PLACES and re.fullmatch(SLUG_PATTERN, word):
            _check_area(word, path, notes)
        elif place in CITY_PLACES:
            _check_city(word, path, notes)
        elif place == COUNTRY_PLACE and re.fullmatch(NATION_PATTERN, word):
            _check_country(word, path, notes)


def _texts(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text of a document with its path."""
    if isinstance(node, str):
        yield path, node
    for key, inner in _items(node):
        yield from _texts(inner, (*path, key))


def _items(node: Any) -> list[tuple[str | int, Any]]:
    """Entries of a mapping or list of a document; nothing of anything else."""
    if isinstance(node, dict):
        return list(cast("dict[str | int, Any]", node).items())
    return list(enumerate(cast("list[Any]", node))) if isinstance(node, list) else []


def _check_area(name: str, path: Path, notes: Notes) -> None:
    known = places.area_entries()
    if name not in known:
        do = advise(name, known, "choose one: opendome list areas")
        notes.add(path, f"the unknown area {name!r}", one_of(list(known)), do)


def _check_city(name: str, path: Path, notes: Notes) -> None:
    if not places.cities_named(name):
        names = {city.name for city in places.cities()}
        do = advise(name.partition(",")[0], names, "give its position instead: at: [.., ..]")
        allowed = "a city of at least 100,000 people, with its country code if needed"
        notes.add(path, f"the unknown city {show(name)}", allowed, do)


def _check_country(name: str, path: Path, notes: Notes) -> None:
    known = sorted({city.country for city in places.cities()})
    if name not in known:
        do = advise(name, known, 'use the two-letter code, such as "US"')
        got = f"the country {name!r}, which has no city in the list"
        notes.add(path, got, "a two-letter code of a country with a city of 100,000 people", do)


def _check_defended(draft: Draft, notes: Notes) -> None:
    for path, place in draft.defended:
        if place.cities is not None:
            _check_population(place.cities, (*path, "cities"), notes)
    _check_weights(draft, notes)


def _check_weights(draft: Draft, notes: Notes) -> None:
    """Values are given for all that is defended or for nothing, and something is worth more."""
    valued = [bool(place.weights) for _, place in draft.defended]
    if not any(valued):
        return
    if not all(valued):
        path, _ = draft.defended[valued.index(False)]
        got = f"{valued.count(False)} of {len(valued)} entries without a value"
        do = "add a value here; 0 for what costs nothing"
        notes.add(path, got, "a value for every entry, or for none", do)
    elif not any(w.quantile(1.0) > 0.0 for _, place in draft.defended for w in place.weights):
        path, _ = draft.defended[0]
        notes.add(path, "values that are all 0", "a value above 0 somewhere", "raise one")


def _check_population(cities: CitiesSpec, path: Path, notes: Notes) -> None:
    largest = max((c.population for c in places.cities() if c.country == cities.country), default=0)
    if 0 < largest < cities.min_population:
        got = f"{cities.min_population}, above every city of {cities.country}"
        notes.add((*path, "min_population"), got, f"at most {largest}", "lower it")


def _check_raid(draft: Draft, notes: Notes) -> None:
    for way in draft.ways:
        if _known(way.start) and _known(way.aim):
            _check_range(way, notes)
    _check_packed(draft, notes)
    objects = sum(objects_of(group) for group in draft.raid)
    if objects > OBJECTS_MAX:
        do = "lower the counts"
        notes.add(("raid",), f"{objects} objects in all", f"at most {OBJECTS_MAX}", do)


def _check_packed(draft: Draft, notes: Notes) -> None:
    """All raid files together must fit into one resolved scenario."""
    packed = [(len(pack(group.tracks.raw)), group) for group in draft.raid if group.tracks]
    if sum(size for size, _ in packed) > PACKED_MAX:
        _, worst = max(packed, key=lambda entry: entry[0])
        got = f"raid files of {sum(size for size, _ in packed):,} bytes in all when packed"
        do = "give fewer rows; tracks are joined by smooth curves"
        notes.add((*worst.path, "tracks"), got, f"at most {PACKED_MAX:,}", do)


def _known(place: PlaceSpec) -> bool:
    """Whether an end of a raid leads somewhere."""
    if place.area is not None:
        return place.area in places.area_entries()
    return place.city is None or bool(places.cities_named(place.city))


def _check_range(way: Way, notes: Notes) -> None:
    """In every future, some way from start to aim must lie within the reach of the class."""
    low, high = distances_m(way.start, way.aim)
    if way.there_and_back:
        low, high = 2.0 * low, 2.0 * high
    shortest, longest = highest(way.spec.range_min), lowest(way.spec.range_max)
    if low <= longest and high >= shortest and shortest <= longest:
        return
    length = f"{_km(low)} to {_km(high)}" if high - low > 1.0 else _km(low)
    got = f"{length} from start to aim"
    do = "choose another class, start or aim"
    if way.there_and_back:
        got, do = f"{length} from the base to the release and back", "choose another base or class"
    allowed = f"{_km(shortest)} to {_km(longest)}, what every {way.class_name} reaches"
    notes.add(way.path, got, allowed, do)


def distances_m(start: PlaceSpec, aim: PlaceSpec) -> tuple[float, float]:
    """Shortest and longest distance over ground between two ends of a raid [m].

    Model: between corners of the borders and points given; exact for points, to about one
    degree for areas that do not overlap; 0 at least for areas that do.
    """
    first, second = _outline(start), _outline(aim)
    cosines = np.clip(first @ second.T, -1.0, 1.0)
    low, high = float(np.arccos(cosines.max())), float(np.arccos(cosines.min()))
    if start.area is not None and start.area == aim.area:
        low = 0.0
    return RADIUS_MEAN_M * low, RADIUS_MEAN_M * high


def _outline(place: PlaceSpec) -> npt.NDArray[np.float64]:
    """Unit vectors (n, 3) of the corners of a place."""
    if place.area is not None:
        area: Area = places.area(place.area)
        parts = [unit_vector(patch.lat_rad, patch.lon_rad) for patch in area.patches]
        return np.concatenate(parts)
    if place.city is not None:
        city = places.cities_named(place.city)[0]
        return unit_vector(np.radians([city.lat_deg]), np.radians([city.lon_deg]))
    latitude, longitude = place.at if place.at is not None else (Point(0.0), Point(0.0))
    corners = [(lat, lon) for lat in ends(latitude) for lon in ends(longitude)]
    grid = np.array(corners)
    return unit_vector(grid[:, 0], grid[:, 1])


def _check_sharing(draft: Draft, notes: Notes) -> None:
    sectors = _sectors(notes)
    owners = draft.nations | set(sectors)
    with_sensors = {asset.nation for asset in draft.assets if asset.is_sensor}
    for index, rule in _items(notes.document.data.get("sharing")):
        for key, nation in _items(rule):
            if key in ("from", "to") and isinstance(nation, str):
                _check_owner(nation, owners, ("sharing", index, key), notes)
    for path, rule in draft.sharing:
        senses = rule.from_nation in with_sensors | set(sectors) or rule.what == ENGAGEMENTS
        if not draft.unread and rule.from_nation in owners and not senses:
            got = f"{rule.from_nation!r}, a nation without sensors"
            allowed = f"a nation with sensors: {one_of(list(with_sensors))}"
            notes.add((*path, "from"), got, allowed, "remove the rule; it would share nothing")
    rules = [rule for _, rule in draft.sharing]
    for index, problem in contradictions(rules):
        notes.add(draft.sharing[index][0], problem.got, problem.allowed, problem.do)


def _check_owner(nation: str, owners: set[str], path: Path, notes: Notes) -> None:
    if nation not in owners and re.fullmatch(PARTY_PATTERN, nation):
        do = advise(nation, owners, "give it an asset, or remove the rule")
        what = "a nation without assets"
        if not re.fullmatch(NATION_PATTERN, nation):
            what = "which is no sector of the command"
        notes.add(path, f"{nation!r}, {what}", one_of(list(owners)), do)


def _sectors(notes: Notes) -> list[str]:
    """Names of sectors, also where another part of the command is wrong."""
    command = dict(_items(notes.document.data.get("command")))
    return [name for name, _ in _items(command.get("sectors")) if isinstance(name, str)]


def satellites(draft: Draft) -> Iterator[tuple[Path, int]]:
    """Number of satellites of each asset that has some, with the path to blame."""
    for asset in draft.assets:
        count = _orbiting(asset.values.spec)
        if count:
            yield asset.path, count


def estimate(draft: Draft) -> Estimate:
    """Size of a scenario."""
    objects = sum(objects_of(group) for group in draft.raid)
    orbiting = sum(count for _, count in satellites(draft))
    trials = draft.head.trials if draft.head is not None else 0
    return Estimate(
        objects=objects,
        satellites=orbiting,
        pairs=objects * orbiting,
        rows=objects * trials,
        looks=round(sum(_looks(asset, objects, _longest_s(draft)) for asset in draft.assets)),
        flown_s=round(objects * _longest_s(draft)),
    )


def _longest_s(draft: Draft) -> float:
    return longest_flight_s(draft.raid)


def longest_flight_s(raid: Sequence[Group]) -> float:
    """A time that no flight of a raid lasts longer than [s]."""
    return max((_flight_s(group) for group in raid), default=0.0)


def _flight_s(group: Group) -> float:
    """A time that no object of an entry flies longer than [s]."""
    if group.tracks is not None:
        first = group.tracks.first
        return float((group.tracks.t_s[first[1:] - 1] - group.tracks.t_s[first[:-1]]).max())
    own_s = group.values.spec.longest_s
    if group.carrier is None or not isinstance(group.frame, RaidFrame):
        return own_s
    frame, spec = group.frame, group.carrier.spec
    if frame.carrier is None or not all(map(_known, (frame.carrier.from_, *frame.starts))):
        return max(own_s, spec.longest_s)
    far_m = max(distances_m(frame.carrier.from_, place)[1] for place in frame.starts)
    # a climb and a descent lengthen the way by less than the height; the Earth is no sphere
    way_m = 2.0 * (far_m + highest(spec.altitude)) * (1.0 + SPHERE_SHARE)
    return max(own_s, way_m / lowest(spec.speed))


def _looks(asset: Asset, objects: int, flight_s: float) -> float:
    """Most looks an asset can take in one future."""
    spec = asset.values.spec
    if asset.kind == "radar":
        per_object = objects * flight_s / lowest(spec.look_interval)
        return min(per_object, flight_s * highest(spec.look_budget))
    if not asset.is_sensor:
        return 0.0
    watching = _orbiting(spec) if asset.in_orbit else 1
    return watching * objects * flight_s / lowest(spec.revisit)


def _orbiting(spec: Any) -> int:
    """Number of satellites of a spec."""
    constellation = getattr(spec, "constellation", None)
    if constellation is not None:
        return round(highest(constellation.satellites))
    if getattr(spec, "geostationary", None) is not None:
        return len(spec.geostationary.longitudes)
    return len(getattr(spec, "elements", None) or ())


def _check_size(draft: Draft, notes: Notes) -> None:
    """Refuse what would not fit, before anything is allocated."""
    size = estimate(draft)
    if size.satellites > SATELLITES_MAX:
        path, count = max(satellites(draft), key=lambda entry: entry[1])
        got = f"{size.satellites} satellites in all, {count} of them here"
        notes.add(path, got, f"at most {SATELLITES_MAX}", "use fewer satellites")
    if size.pairs > PAIRS_MAX:
        got = f"{size.objects} objects times {size.satellites} satellites"
        notes.add(("raid",), got, f"a product of at most {PAIRS_MAX}", "use fewer of either")
    if size.rows > ROWS_MAX:
        got = f"{size.objects} objects in each trial, {size.rows} fates in all"
        notes.add(("trials",), got, f"at most {ROWS_MAX} fates", "use fewer trials")
    if size.flown_s > FLOWN_S_MAX:
        got = f"{size.objects} objects and flights of up to {_longest_s(draft):.0f} s"
        notes.add(("raid",), got, f"a product of at most {FLOWN_S_MAX} s", "use fewer objects")
    if size.looks > LOOKS_MAX:
        worst = max(draft.assets, key=lambda a: _looks(a, size.objects, _longest_s(draft)))
        got = f"up to {size.looks:,} looks in one future, most of them here"
        do = "look less often, or use fewer satellites or objects"
        notes.add(worst.path, got, f"at most {LOOKS_MAX:,}", do)


def ends(value: Value) -> Sequence[float]:
    """The one or two ends of a value."""
    return (value.low, value.high) if isinstance(value, Interval) else (value.middle,)


def lowest(value: Value) -> float:
    """Lower end of a value."""
    return min(ends(value))


def highest(value: Value) -> float:
    """Upper end of a value."""
    return max(ends(value))


def _km(length_m: float) -> str:
    return f"{math.floor(length_m / 1000.0 + 0.5)} km"
