"""The areas and cities a scenario may name, from the catalogue's geography."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from opendome.quantities.dimensions import LENGTH
from opendome.quantities.units import parse as parse_quantity
from opendome.quantities.values import Value
from opendome.scenario.geography import Area, Patch, box, patch
from opendome.scenario.reader import parse
from opendome.sources.records import Passport

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


@cache
def city_radius() -> tuple[Value, Passport]:
    """Radius of the disc a city stands for, and where it comes from."""
    file = _areas_file()
    entry = file["defaults"]["city_radius"]
    passport = Passport(
        sources=tuple(entry["source"]),
        basis=entry["basis"],
        as_of=file["as_of"],
        note=entry["note"],
    )
    return parse_quantity(entry["value"], LENGTH), passport


def city_sources() -> tuple[str, ...]:
    """Sources of the list of cities."""
    return (_cities_file()["source"],)


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
def _cities_file() -> Mapping[str, Any]:
    return json.loads((CATALOGUE / "geography" / "cities.json").read_text("utf-8"))


@cache
def cities() -> tuple[City, ...]:
    """Every city of the catalogue, by country, largest first."""
    return tuple(City(*row) for row in _cities_file()["cities"])


def cities_of(country: str, min_population: int) -> Sequence[City]:
    """Cities of a country with at least so many people, largest first."""
    return [c for c in cities() if c.country == country and c.population >= min_population]


def cities_named(name: str) -> Sequence[City]:
    """Cities called `name`, or `name, COUNTRY`, largest first."""
    wanted, _, country = (part.strip() for part in name.partition(","))
    found = [
        city
        for city in cities()
        if city.name.casefold() == wanted.casefold() and country in ("", city.country)
    ]
    return sorted(found, key=lambda city: -city.population)
