"""Points of the places that a raid names, drawn for one object."""

import math
from collections.abc import Sequence

import numpy as np

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.scenario import places
from opendome.scenario.draws import Draws
from opendome.scenario.geography import unit_vector
from opendome.scenario.raid_spec import PlaceSpec

TRIES_MAX = 2000
ADDRESSES = 2**20  # room for the draws of one try; Area.draw needs fewer
LatLon = tuple[float, float]


def point(
    place: PlaceSpec, draws: Draws, path: str, *, purpose_name: str, obj: int, attempt: int
) -> LatLon:
    """A point of a place [rad]. obj, attempt : address of the draw."""
    if place.area is not None:

        def chance(index: int) -> float:
            return draws.uniform(purpose_name, obj, attempt * ADDRESSES + index)

        return places.area(place.area).draw(chance)
    if place.city is not None:
        city = places.cities_named(place.city)[0]
        return math.radians(city.lat_deg), math.radians(city.lon_deg)
    pick = draws.below(f"{path}.at")
    if place.at is None:
        raise ValueError(path)  # the form has made sure that one of the three is given
    return pick("0", place.at[0]), pick("1", place.at[1])


def distance_m(start: Sequence[float], aim: Sequence[float]) -> float:
    """Distance over ground on the mean sphere [m]."""
    ends = unit_vector(np.array([start[0], aim[0]]), np.array([start[1], aim[1]]))
    half_chord = 0.5 * float(np.linalg.norm(ends[0] - ends[1]))
    return 2.0 * RADIUS_MEAN_M * math.asin(min(half_chord, 1.0))
