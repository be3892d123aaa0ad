"""The aircraft that carry the objects of a raid entry, in one future."""

from dataclasses import replace

import numpy as np

from opendome.quantities.errors import OpendomeError
from opendome.scenario.draws import Draws
from opendome.scenario.points import TRIES_MAX, LatLon, distance_m, point
from opendome.scenario.raid_entries import CARRIER, Group
from opendome.scenario.raid_spec import CarrierSpec, RaidFrame
from opendome.threats.carrier import CarrierClass, released
from opendome.threats.cruise import CruiseClass
from opendome.threats.groups import RaidGroup


def carried(
    group: Group, missiles: RaidGroup, draws: Draws, *, first_missile: int, first: int
) -> tuple[RaidGroup, RaidGroup]:
    """The missiles of an entry as parts of their aircraft, and the aircraft.

    missiles : where and when each is released
    first_missile, first : numbers of the first missile and of the first aircraft
    Model: consecutive missiles share an aircraft, its release point and its moment; it takes off
    as much earlier as its way takes; its base is drawn under the number of its first missile.
    """
    frame = group.frame
    if not (isinstance(frame, RaidFrame) and frame.carrier is not None and group.carrier):
        raise ValueError(group.path)  # only an entry with a carrier is brought here
    path = f"raid.{group.index}.{CARRIER}"
    spec = group.carrier.spec
    pick = draws.below(path)
    aircraft = spec.realise(pick)
    reach_m = (pick("range_min", spec.range_min), pick("range_max", spec.range_max))
    leaders = np.arange(0, frame.count, frame.carrier.load)
    release_rad = missiles.courses[leaders, :2]
    bases = [
        _base(frame.carrier, draws, path, first_missile + int(leader), tuple(release), reach_m)
        for leader, release in zip(leaders, release_rad, strict=True)
    ]
    base_rad = np.array(bases)
    carrier = CarrierClass(aircraft=aircraft, release_rad=release_rad)
    owners = first + np.arange(frame.count, dtype=np.int32) // frame.carrier.load
    if not isinstance(missiles.threat, CruiseClass):
        raise TypeError(path)  # the checks let only such a class be carried
    return (
        replace(
            missiles,
            threat=released(missiles.threat, aircraft),
            parent=owners.astype(np.int32),
        ),
        RaidGroup(
            threat=carrier,
            class_name=frame.carrier.class_,
            launch_t_s=missiles.launch_t_s[leaders] - carrier.outbound_s(base_rad),
            launch_lat_rad=base_rad[:, 0].copy(),
            launch_lon_rad=base_rad[:, 1].copy(),
            aim_lat_rad=base_rad[:, 0].copy(),
            aim_lon_rad=base_rad[:, 1].copy(),
            lethal=False,
            entry=group.index,
        ),
    )


def _base(
    carrier: CarrierSpec,
    draws: Draws,
    path: str,
    obj: int,
    release: tuple[float, ...],
    reach_m: tuple[float, float],
) -> LatLon:
    """Base of one aircraft, from which it can fly to its release point and back [rad]."""
    fixed = carrier.from_.area is None
    for attempt in range(1 if fixed else TRIES_MAX):
        base = point(
            carrier.from_,
            draws,
            f"{path}.from",
            purpose_name="carrier base",
            obj=obj,
            attempt=attempt,
        )
        if fixed or reach_m[0] <= 2.0 * distance_m(base, release) <= reach_m[1]:
            return base
    raise OpendomeError(
        got=f"no base of {path} within reach of its release point in {TRIES_MAX} draws of future "
        f"{draws.future}",
        allowed=f"{reach_m[0] / 1000:.0f} to {reach_m[1] / 1000:.0f} km there and back for "
        f"{carrier.class_}",
        do="choose another base or class, or release elsewhere",
    )
