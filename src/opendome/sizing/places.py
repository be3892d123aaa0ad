"""Points that stand for an area, a band of latitudes or one place."""

import math

import numpy as np
import numpy.typing as npt

from opendome.quantities.values import Interval, Value
from opendome.scenario.geography import Area, wrap
from opendome.scenario.places import area, area_entries
from opendome.world.coverage import even_directions

Floats = npt.NDArray[np.float64]
Points = tuple[Floats, Floats]

INSIDE = 40  # points inside an area or band; its outermost ones are added
DENSEST = 400_000  # points on the globe from which those of a small area are taken
EDGE = 8  # points on each edge of a band


def points_of_area(name: str) -> Points:
    """Latitudes and longitudes (n,) [rad] of points spread over an area, its outermost included."""
    return points_in(area(name))


def points_in(place: Area) -> Points:
    """Points spread evenly inside an area, and its corners farthest north, south, east and west."""
    lat = np.concatenate([patch.lat_rad for patch in place.patches])
    lon = np.concatenate([patch.lon_rad for patch in place.patches])
    outermost = [int(k) for axis in (lat, lon) for k in (axis.argmin(), axis.argmax())]
    inside = _inside(place, float(lat.min()), float(lat.max()))
    return (
        np.concatenate([lat[outermost], inside[0]]),
        np.concatenate([wrap(lon[outermost]), inside[1]]),
    )


def _inside(place: Area, south_rad: float, north_rad: float) -> Points:
    """At most twice `INSIDE` points of the coarsest even grid that has so many inside."""
    count = INSIDE
    while True:
        lat, lon = _grid(count)
        band = (lat >= south_rad) & (lat <= north_rad)
        lat, lon = lat[band], lon[band]
        chosen = place.contains(lat, lon) if lat.size else band[:0]
        if chosen.sum() >= INSIDE or count >= DENSEST:
            return lat[chosen], lon[chosen]
        count = min(2 * count, DENSEST)


def points_of_band(latitude: Value, longitude_rad: float) -> Points:
    """Points of one latitude at a longitude, or of a band of latitudes all round the Earth."""
    if not isinstance(latitude, Interval) or latitude.low == latitude.high:
        return np.array([latitude.middle]), np.array([longitude_rad])
    share = 0.5 * (math.sin(latitude.high) - math.sin(latitude.low))
    lat, lon = _grid(math.ceil(INSIDE / share) if DENSEST * share > INSIDE else DENSEST)
    inside = (lat >= latitude.low) & (lat <= latitude.high)
    around = longitude_rad + 2.0 * math.pi * np.arange(EDGE) / EDGE
    return (
        np.concatenate([np.repeat([latitude.low, latitude.high], EDGE), lat[inside]]),
        np.concatenate([wrap(np.tile(around, 2)), lon[inside]]),
    )


def _grid(count: int) -> Points:
    """Points spread evenly over the globe."""
    unit = even_directions(count)
    return np.arcsin(unit[:, 2]), np.arctan2(unit[:, 1], unit[:, 0])


def area_names() -> tuple[str, ...]:
    """Ids of all areas."""
    return tuple(area_entries())
