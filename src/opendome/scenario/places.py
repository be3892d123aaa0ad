"""The areas and cities a scenario may name, from the catalogue's geography."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from opendome.scenario.geography import Area, Patch, box, patch
from opendome.scenario.reader import parse

CATALOGUE = files("opendome") / "catalogue"


@dataclass(frozen=True, kw_only=True)
class AreaEntry:
    """An area of the catalogue as it is written there."""

    id: str
    name: str
    shape: Mapping[str, Any]
    source: tuple[str, ...]
    basis: str
    note: str


class City(NamedTuple):
    """A place of at least 100,000 people."""

    name: str
    country: str
    lat_deg: float
    lon_deg: float
    population: int


@cache
def _areas_file() -> Mapping[str, Any]:
    text = (CATALOGUE / "areas.yaml").read_text("utf-8")
    return parse(text, "areas.yaml").data


@cache
def area_entries() -> Mapping[str, AreaEntry]:
    """Every area of the catalogue by its id."""
    return {
        name: AreaEntry(
            id=name,
            name=entry["name"],
            shape={key: entry[key] for key in ("country", "box", "outline") if key in entry},
            source=tuple(entry["source"]),
            basis=entry["basis"],
            note=entry["note"],
        )
        for name, entry in _areas_file()["areas"].items()
    }


def area_defaults() -> Mapping[str, Mapping[str, Any]]:
    """Values that go with areas, such as `city_radius`, in the form of a catalogue parameter."""
    return _areas_file()["defaults"]


@cache
def area(name: str) -> Area:
    """An area of the catalogue, ready to be asked for points."""
    entry = area_entries()[name]
    return Area(name=name, patches=tuple(_patches(entry.shape)))


def _patches(shape: Mapping[str, Any]) -> Sequence[Patch]:
    if "country" in shape:
        return _country_patches(**shape["country"])
    if "box" in shape:
        frame = shape["box"]
        return [box(frame["south"], frame["north"], frame["west"], frame["east"])]
    return [patch(shape["outline"])]


def _country_patches(
    *, code: str, south: float, north: float, west: float, east: float
) -> Sequence[Patch]:
    """Outlines of a country that lie inside a box [deg]."""
    return [
        patch(outline)
        for outline in outlines(code)
        if all(south <= lat <= north and west <= lon <= east for lat, lon in outline)
    ]


@cache
def _countries() -> Mapping[str, Any]:
    text = (CATALOGUE / "geography" / "countries.json").read_text("utf-8")
    return json.loads(text)["countries"]


def countries() -> Mapping[str, str]:
    """Name of every country with an outline, by its two-letter code."""
    return {code: entry["name"] for code, entry in _countries().items()}


def outlines(code: str) -> Sequence[Sequence[Sequence[float]]]:
    """Closed outlines of a country as (latitude, longitude) corners [deg]."""
    return _countries()[code]["polygons"]


@cache
def cities() -> tuple[City, ...]:
    """Every city of the catalogue, by country, largest first."""
    text = (CATALOGUE / "geography" / "cities.json").read_text("utf-8")
    return tuple(City(*row) for row in json.loads(text)["cities"])


def cities_named(name: str) -> Sequence[City]:
    """Cities called `name`, or `name, COUNTRY`, largest first."""
    wanted, _, country = (part.strip() for part in name.partition(","))
    found = [
        city
        for city in cities()
        if city.name.casefold() == wanted.casefold() and country in ("", city.country)
    ]
    return sorted(found, key=lambda city: -city.population)
