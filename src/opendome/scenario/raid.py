"""Where and when each object of a raid starts, and where it is aimed, in one future."""

import math
from collections.abc import Sequence

import numpy as np

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.quantities.errors import OpendomeError
from opendome.scenario import places
from opendome.scenario.draft import Group
from opendome.scenario.geography import unit_vector
from opendome.scenario.realisation import Draws
from opendome.scenario.separation import with_parts
from opendome.scenario.spec import PlaceSpec
from opendome.threats.groups import RaidGroup

TRIES_MAX = 2000
ADDRESSES = 2**20  # room for the draws of one try; Area.draw needs fewer
LatLon = tuple[float, float]


def raid_groups(groups: Sequence[Group], draws: Draws) -> tuple[RaidGroup, ...]:
    """Every object of a raid, drawn object by object.

    Model: launch times even over `within`; start and aim even over their areas, drawn again
    together until the way between them lies within the reach of the class. What missiles let go
    comes after all entries, see `separation`.
    """
    whole: list[RaidGroup] = []
    parts: list[RaidGroup] = []
    first = 0
    for group in groups:
        flown, let_go = with_parts(
            _group(group, draws, first), group.values.spec, f"raid.{group.index}", first, draws
        )
        whole.append(flown)
        parts += let_go
        first += group.frame.count
    return (*whole, *parts)


def _group(group: Group, draws: Draws, first: int) -> RaidGroup:
    path = f"raid.{group.index}"
    pick = draws.below(path)
    frame, spec = group.frame, group.values.spec
    start_s, within_s = pick("start", frame.start), pick("within", frame.within)
    reach_m = (pick("range_min", spec.range_min), pick("range_max", spec.range_max))
    numbers = range(first, first + frame.count)
    times = [start_s + within_s * draws.uniform("launch time", obj, 0) for obj in numbers]
    ends = [_ends(group, draws, obj, reach_m) for obj in numbers]
    table = np.array(ends).reshape(frame.count, 4)
    return RaidGroup(
        threat=spec.realise(pick),
        class_name=frame.class_,
        launch_t_s=np.array(times),
        launch_lat_rad=table[:, 0].copy(),
        launch_lon_rad=table[:, 1].copy(),
        aim_lat_rad=table[:, 2].copy(),
        aim_lon_rad=table[:, 3].copy(),
    )


def _ends(group: Group, draws: Draws, obj: int, reach_m: tuple[float, float]) -> tuple[float, ...]:
    """Start and aim of one object, within the reach of its class: lat, lon, lat, lon [rad]."""
    path = f"raid.{group.index}"
    frame = group.frame
    fixed = frame.from_.area is None and frame.to.area is None
    for attempt in range(1 if fixed else TRIES_MAX):
        start = _point(frame.from_, draws, f"{path}.from", "launch point", obj, attempt)
        aim = _point(frame.to, draws, f"{path}.to", "aim point", obj, attempt)
        if fixed or reach_m[0] <= _distance_m(start, aim) <= reach_m[1]:
            return (*start, *aim)
    raise OpendomeError(
        got=f"no start and aim of {path} within reach in {TRIES_MAX} draws of future "
        f"{draws.future}",
        allowed=f"{reach_m[0] / 1000:.0f} to {reach_m[1] / 1000:.0f} km for {frame.class_}",
        do="choose another class, start or aim",
    )


def _point(
    place: PlaceSpec, draws: Draws, path: str, purpose_name: str, obj: int, attempt: int
) -> LatLon:
    """A point of a place [rad]."""
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


def _distance_m(start: LatLon, aim: LatLon) -> float:
    """Distance over ground on the mean sphere [m]."""
    ends = unit_vector(np.array([start[0], aim[0]]), np.array([start[1], aim[1]]))
    half_chord = 0.5 * float(np.linalg.norm(ends[0] - ends[1]))
    return 2.0 * RADIUS_MEAN_M * math.asin(min(half_chord, 1.0))
