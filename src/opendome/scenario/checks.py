"""What only the whole scenario can tell: names that lead somewhere, raids that can fly, size."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.network.spec import contradictions
from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.quantities.values import Interval, Point, Value
from opendome.scenario import places
from opendome.scenario.draft import Asset, Draft, Group, Notes
from opendome.scenario.geography import Area, unit_vector
from opendome.scenario.problems import Path, advise, one_of
from opendome.scenario.spec import OBJECTS_MAX, CitiesSpec, PlaceSpec

SATELLITES_MAX = 200_000
PAIRS_MAX = 30_000_000
ROWS_MAX = 500_000_000
LOOKS_MAX = 400_000_000
FLIGHT_S = 2400.0  # longer than any flight of a class; only for the estimate of looks


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
    """

    objects: int
    satellites: int
    pairs: int
    rows: int
    looks: int


def check(draft: Draft, notes: Notes) -> None:
    """Note every problem that no part shows by itself."""
    _check_defended(draft, notes)
    _check_raid(draft, notes)
    _check_sharing(draft, notes)
    _check_doctrine(draft, notes)
    _check_size(draft, notes)


def _check_defended(draft: Draft, notes: Notes) -> None:
    for path, place in draft.defended:
        if place.area is not None:
            _check_area(place.area, (*path, "area"), notes)
        if place.cities is not None:
            _check_cities(place.cities, (*path, "cities"), notes)


def _check_area(name: str, path: Path, notes: Notes) -> bool:
    known = places.area_entries()
    if name not in known:
        do = advise(name, known, "choose one: opendome list areas")
        notes.add(path, f"the unknown area {name!r}", one_of(list(known)), do)
    return name in known


def _check_cities(cities: CitiesSpec, path: Path, notes: Notes) -> None:
    known = sorted({city.country for city in places.cities()})
    if cities.country not in known:
        do = advise(cities.country, known, 'use the two-letter code, such as "US"')
        notes.add(
            (*path, "country"),
            f"the country {cities.country!r}, which has no city in the list",
            "a two-letter code of a country with a city of 100,000 people",
            do,
        )
    elif not places.cities_of(cities.country, cities.min_population):
        largest = max(c.population for c in places.cities() if c.country == cities.country)
        notes.add(
            (*path, "min_population"),
            f"{cities.min_population}, above every city of {cities.country}",
            f"at most {largest}",
            "lower it",
        )


def _check_place(place: PlaceSpec, path: Path, notes: Notes) -> bool:
    """Whether an end of a raid leads somewhere."""
    if place.area is not None:
        return _check_area(place.area, (*path, "area"), notes)
    if place.city is not None and not places.cities_named(place.city):
        names = {city.name for city in places.cities()}
        do = advise(place.city.split(",")[0], names, "give its position instead: at: [.., ..]")
        allowed = "a city of at least 100,000 people, with its country code if needed"
        notes.add((*path, "city"), f"the unknown city {place.city!r}", allowed, do)
        return False
    return True


def _check_raid(draft: Draft, notes: Notes) -> None:
    for group in draft.raid:
        start_known = _check_place(group.frame.from_, (*group.path, "from"), notes)
        aim_known = _check_place(group.frame.to, (*group.path, "to"), notes)
        if start_known and aim_known:
            _check_range(group, notes)
    objects = sum(group.frame.count for group in draft.raid)
    if objects > OBJECTS_MAX:
        do = "lower the counts"
        notes.add(("raid",), f"{objects} objects in all", f"at most {OBJECTS_MAX}", do)


def _check_range(group: Group, notes: Notes) -> None:
    """In every future, some way from start to aim must lie within the reach of the class."""
    low, high = distances_m(group.frame.from_, group.frame.to)
    spec = group.values.spec
    shortest, longest = highest(spec.range_min), lowest(spec.range_max)
    if low <= longest and high >= shortest and shortest <= longest:
        return
    way = f"{_km(low)} to {_km(high)}" if high - low > 1.0 else _km(low)
    got = f"{way} from start to aim"
    allowed = f"{_km(shortest)} to {_km(longest)}, what every {group.frame.class_} reaches"
    notes.add(group.path, got, allowed, "choose another class, start or aim")


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
    owners = draft.nations
    with_sensors = {asset.nation for asset in draft.assets if asset.is_sensor}
    for path, rule in draft.sharing:
        for key, nation in (("from", rule.from_nation), ("to", rule.to_nation)):
            if nation not in owners:
                do = advise(nation, owners, "give it an asset, or remove the rule")
                got = f"{nation!r}, a nation without assets"
                notes.add((*path, key), got, one_of(list(owners)), do)
        if not draft.unread and rule.from_nation in owners - with_sensors:
            got = f"{rule.from_nation!r}, a nation without sensors"
            allowed = f"a nation with sensors: {one_of(list(with_sensors))}"
            notes.add((*path, "from"), got, allowed, "remove the rule; it would share nothing")
    rules = [rule for _, rule in draft.sharing]
    for index, problem in contradictions(rules):
        notes.add(draft.sharing[index][0], problem.got, problem.allowed, problem.do)


def _check_doctrine(draft: Draft, notes: Notes) -> None:
    if draft.command is None:
        return
    layers = {asset.layer for asset in draft.assets if asset.layer is not None}
    layers |= draft.layers
    for layer in draft.command.spec.doctrine:
        if layer not in layers:
            path = ("command", "doctrine", layer)
            do = advise(layer, layers, "remove it, or add interceptors in that layer")
            notes.add(path, f"the unknown layer {layer!r}", one_of(list(layers)), do, key=True)


def satellites(draft: Draft) -> Iterator[tuple[Path, int]]:
    """Number of satellites of each asset that has some, with the path to blame."""
    for asset in draft.assets:
        count = _orbiting(asset.values.spec)
        if count:
            yield asset.path, count


def estimate(draft: Draft) -> Estimate:
    """Size of a scenario."""
    objects = sum(group.frame.count for group in draft.raid)
    orbiting = sum(count for _, count in satellites(draft))
    trials = draft.head.trials if draft.head is not None else 0
    return Estimate(
        objects=objects,
        satellites=orbiting,
        pairs=objects * orbiting,
        rows=objects * trials,
        looks=round(sum(_looks(asset, objects) for asset in draft.assets)),
    )


def _looks(asset: Asset, objects: int) -> float:
    """Most looks an asset can take in one future."""
    spec = asset.values.spec
    if asset.kind == "radar":
        per_object = objects * FLIGHT_S / lowest(spec.look_interval)
        return min(per_object, FLIGHT_S * highest(spec.look_budget))
    if not asset.is_sensor:
        return 0.0
    return _orbiting(spec) * objects * FLIGHT_S / lowest(spec.revisit)


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
    if size.looks > LOOKS_MAX:
        worst = max(draft.assets, key=lambda asset: _looks(asset, size.objects))
        got = f"up to {size.looks:,} looks in one future, most of them here"
        do = "look less often, or use fewer satellites or objects"
        notes.add(worst.path, got, f"at most {LOOKS_MAX:,}", do)
    if draft.head is not None and draft.head.futures > draft.head.trials:
        got = f"{draft.head.futures} futures for {draft.head.trials} trials"
        notes.add(("futures",), got, "at most one future per trial", "lower it or raise trials")


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
