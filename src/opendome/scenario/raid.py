"""Where and when each object of a raid starts, and where it is aimed, in one future."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from opendome.draws.philox import normal
from opendome.draws.purposes import purpose
from opendome.quantities.errors import OpendomeError
from opendome.scenario.carriers import carried
from opendome.scenario.draws import Draws
from opendome.scenario.given import given_groups
from opendome.scenario.points import TRIES_MAX, distance_m, point
from opendome.scenario.raid_entries import Group
from opendome.scenario.raid_spec import RaidFrame, place_path, ways
from opendome.scenario.separation import with_parts
from opendome.threats.groups import RaidGroup
from opendome.threats.rocket_spec import RocketSpec


def raid_groups(groups: Sequence[Group], draws: Draws) -> tuple[RaidGroup, ...]:
    """Every object of a raid, drawn object by object.

    Objects are numbered once and for all: those that the entries declare, entry by entry; then
    what separates from them; then the aircraft that carry them. `RaidGroup.parent` holds these
    numbers. Draws of parts and of aircraft go by the number of their missile, so that nothing
    added at the end changes what is declared.
    Model: launch times even over `within` of each wave; start and aim even over their areas,
    drawn again together until the way between them lies within the reach of the class.
    """
    declared: list[RaidGroup] = []
    parts: list[RaidGroup] = []
    starts: list[tuple[int, int]] = []  # of each entry: its first group, its first object
    for group in groups:
        first = _size(declared)
        starts.append((len(declared), first))
        for flown in _declared(group, draws, first):
            path = f"raid.{group.index}"
            whole, let_go = with_parts(flown, group.values.spec, path, _size(declared), draws)
            declared.append(whole)
            parts += [replace(part, entry=group.index) for part in let_go]
    aircraft: list[RaidGroup] = []
    for group, (place, number) in zip(groups, starts, strict=True):
        if group.carrier is not None:
            first = _size(declared) + _size(parts) + _size(aircraft)
            declared[place], carriers = carried(
                group, declared[place], draws, first_missile=number, first=first
            )
            aircraft.append(carriers)
    return (*declared, *parts, *aircraft)


def _size(groups: Sequence[RaidGroup]) -> int:
    """Number of objects in groups."""
    return sum(len(group.launch_t_s) for group in groups)


def _declared(group: Group, draws: Draws, first: int) -> list[RaidGroup]:
    """What an entry declares: one group, or one for each kind of given tracks."""
    if isinstance(group.frame, RaidFrame):
        return [_group(group, group.frame, draws, first)]
    return given_groups(group, draws)


def _group(group: Group, frame: RaidFrame, draws: Draws, first: int) -> RaidGroup:
    path = f"raid.{group.index}"
    pick = draws.below(path)
    spec = group.values.spec
    reach_m = (pick("range_min", spec.range_min), pick("range_max", spec.range_max))
    source = _Ends(frame=frame, path=path, draws=draws, reach_m=reach_m)
    table = np.array(source.all(first)).reshape(frame.count, 4)
    scatter = None
    if isinstance(spec, RocketSpec):
        numbers = range(first, first + frame.count)
        scatter = np.array([[_luck(draws, obj, axis) for axis in (0, 1)] for obj in numbers])
    return RaidGroup(
        threat=spec.realise(pick),
        class_name=frame.class_,
        launch_t_s=np.array(_launch_times(frame, path, draws, first)),
        launch_lat_rad=table[:, 0].copy(),
        launch_lon_rad=table[:, 1].copy(),
        aim_lat_rad=table[:, 2].copy(),
        aim_lon_rad=table[:, 3].copy(),
        entry=group.index,
        scatter=scatter,
    )


def _luck(draws: Draws, obj: int, axis: int) -> float:
    """How far an unguided round falls off, in standard deviations."""
    return float(normal(draws.seed, purpose("dispersion"), draws.future, obj, axis))


def _launch_times(frame: RaidFrame, path: str, draws: Draws, first: int) -> list[float]:
    """Launch time of each object [s]: its wave's, and a chance within it."""
    pick = draws.below(path)
    start_s, within_s = pick("start", frame.start), pick("within", frame.within)
    every_s = 0.0 if frame.every is None else pick("every", frame.every)
    waves = frame.waves or frame.units
    load = 1 if frame.carrier is None else frame.carrier.load
    times: list[float] = []
    for unit in range(frame.units):
        wave_s = start_s + every_s * (unit * waves // frame.units)
        launch_s = wave_s + within_s * draws.uniform("launch time", first + unit * load, 0)
        times += [launch_s] * min(load, frame.count - unit * load)
    return times


@dataclass(frozen=True, kw_only=True)
class _Ends:
    """Draws starts and aims of one entry.

    reach_m : shortest and longest way of the class
    """

    frame: RaidFrame
    path: str
    draws: Draws
    reach_m: tuple[float, float]

    def all(self, first: int) -> list[tuple[float, ...]]:
        """Start and aim of every object: lat, lon, lat, lon [rad]. first : its first number."""
        load = 1 if self.frame.carrier is None else self.frame.carrier.load
        ends: list[tuple[float, ...]] = []
        for number, way in enumerate(ways(self.frame)):
            leader = ends[number - number % load][:2] if number % load else None
            ends.append(self._one(first + number, way, leader))
        return ends

    def _one(
        self, obj: int, way: tuple[int, int], leader: tuple[float, ...] | None
    ) -> tuple[float, ...]:
        """Start and aim of one object, within reach. leader : start of the carrier's first."""
        frame, path, draws, reach_m = self.frame, self.path, self.draws, self.reach_m
        start_place, aim_place = frame.starts[way[0]], frame.aims[way[1]]
        start_path = place_path(f"{path}.from", frame.from_, way[0])
        aim_path = place_path(f"{path}.to", frame.to, way[1])
        fixed = start_place.area is None and aim_place.area is None
        for attempt in range(1 if fixed else TRIES_MAX):
            draw = partial(point, draws=draws, obj=obj, attempt=attempt)
            start = leader or draw(start_place, path=start_path, purpose_name="launch point")
            aim = draw(aim_place, path=aim_path, purpose_name="aim point")
            if fixed or reach_m[0] <= distance_m(start, aim) <= reach_m[1]:
                return (*start, *aim)
        raise OpendomeError(
            got=f"no start and aim of {path} within reach in {TRIES_MAX} draws of future "
            f"{draws.future}",
            allowed=f"{reach_m[0] / 1000:.0f} to {reach_m[1] / 1000:.0f} km for {frame.class_}",
            do="choose another class, start or aim",
        )
