"""What is worth defending in one future: shapes on the ground, and what each is worth."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.scenario import places
from opendome.scenario.draws import Draws
from opendome.scenario.geography import Area, Disc, patch
from opendome.scenario.spec import At, CitiesSpec, DefendedSpec

Floats = npt.NDArray[np.float64]
DISC_CORNERS = 32  # a polygon of equal area leaves the rim by less than 0.4 per cent of its radius
PEOPLE_PER_VALUE = 1_000_000.0  # `value_per_million`


@dataclass(frozen=True, kw_only=True)
class DefendedPlace:
    """One thing that is defended.

    name : of the area, city or site, else its place in the scenario
    value : what each object that falls inside costs; None when a scenario gives no values
    """

    name: str
    shape: Area | Disc
    value: float | None = None

    def contains(self, lat_rad: Floats, lon_rad: Floats) -> npt.NDArray[np.bool_]:
        """Whether points lie inside. lat_rad, lon_rad : (n,) [rad]. Returns (n,)."""
        if isinstance(self.shape, Area):
            return self.shape.contains(lat_rad, lon_rad)
        return self.shape.signed_distance_m(lat_rad, lon_rad) <= 0.0

    def outlines(self) -> Iterator[tuple[Floats, Floats]]:
        """Latitudes and longitudes of the corners of each part, open [rad]."""
        if isinstance(self.shape, Area):
            for part in self.shape.patches:
                yield part.lat_rad[:-1], part.lon_rad[:-1]
        else:
            yield disc_corners(self.shape)


def disc_corners(disc: Disc) -> tuple[Floats, Floats]:
    """Corners of a regular polygon with the area of a disc: latitudes, longitudes [rad].

    Model: great circles from the centre; equal areas on the plane.
    """
    turn = math.tau / DISC_CORNERS
    angle = disc.radius_m / RADIUS_MEAN_M * math.sqrt(turn / math.sin(turn))
    azimuth = turn * np.arange(DISC_CORNERS)
    sin_lat = math.sin(disc.lat_rad) * math.cos(angle) + math.cos(disc.lat_rad) * math.sin(
        angle
    ) * np.cos(azimuth)
    east = np.sin(azimuth) * math.sin(angle) * math.cos(disc.lat_rad)
    north = math.cos(angle) - math.sin(disc.lat_rad) * sin_lat
    return np.arcsin(np.clip(sin_lat, -1.0, 1.0)), disc.lon_rad + np.arctan2(east, north)


def defended_places(parts: Sequence[DefendedSpec], draws: Draws) -> Iterator[DefendedPlace]:
    """What is worth defending, every uncertain value drawn."""
    for index, part in enumerate(parts):
        path = f"defended.{index}"
        value = None if part.value is None else draws.value(f"{path}.value", part.value)
        if part.area is not None:
            yield DefendedPlace(name=part.area, shape=places.area(part.area), value=value)
        elif part.cities is not None:
            yield from _cities(part.cities, draws, path, value)
        elif part.circle is not None:
            pick = draws.below(f"{path}.circle")
            radius_m = pick("radius", part.circle.radius)
            shape = _disc(part.circle.at, radius_m, draws, f"{path}.circle")
            yield DefendedPlace(name=path, shape=shape, value=value)
        elif part.polygon is not None:
            yield DefendedPlace(name=path, shape=_outline(path, part.polygon), value=value)
        for name, site in (part.sites or {}).items():
            inner = f"{path}.sites.{name}"
            radius_m = draws.value(f"{inner}.radius", site.radius)
            worth = None if site.value is None else draws.value(f"{inner}.value", site.value)
            shape = _disc(site.at, radius_m, draws, inner)
            yield DefendedPlace(name=name, shape=shape, value=worth)


def _outline(name: str, corners: Sequence[At]) -> Area:
    degrees = [(math.degrees(lat.middle), math.degrees(lon.middle)) for lat, lon in corners]
    return Area(name=name, patches=(patch(degrees),))


def _disc(at: At, radius_m: float, draws: Draws, path: str) -> Disc:
    return Disc(
        lat_rad=draws.value(f"{path}.at.0", at[0]),
        lon_rad=draws.value(f"{path}.at.1", at[1]),
        radius_m=radius_m,
    )


def _cities(
    part: CitiesSpec, draws: Draws, path: str, value: float | None
) -> Iterator[DefendedPlace]:
    radius = part.radius if part.radius is not None else places.city_radius()[0]
    radius_m = draws.value(f"{path}.cities.radius", radius)
    rate = None
    if part.value_per_million is not None:
        rate = draws.value(f"{path}.cities.value_per_million", part.value_per_million)
    for city in places.cities_of(part.country, part.min_population):
        yield DefendedPlace(
            name=city.name,
            shape=Disc(
                lat_rad=math.radians(city.lat_deg),
                lon_rad=math.radians(city.lon_deg),
                radius_m=radius_m,
            ),
            value=value if rate is None else rate * city.population / PEOPLE_PER_VALUE,
        )
