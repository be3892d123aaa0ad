"""The objects of a raid file, in one future."""

import numpy as np

from opendome.scenario.draws import Draws
from opendome.scenario.raid_entries import CLASSES, Group
from opendome.threats.given import GivenTracks
from opendome.threats.groups import RaidGroup
from opendome.world.earth import geodetic_from_ecef


def given_groups(group: Group, draws: Draws) -> list[RaidGroup]:
    """The objects of an entry of given tracks: a group for each class, lethal or not.

    Model: tracks turn with the Earth; `start` is added to their times.
    """
    tracks = group.tracks
    if tracks is None:
        raise ValueError(group.path)  # only an entry of tracks is brought here
    path = f"raid.{group.index}"
    start_s = draws.below(path)("start", group.frame.start)
    kinds = list(zip(tracks.classes, tracks.lethal, strict=True))
    groups: list[RaidGroup] = []
    for name, lethal in dict.fromkeys(kinds):
        own = [n for n, kind in enumerate(kinds) if kind == (name, lethal)]
        values = group.classes.get(name, group.values)
        below = f"{path}.{CLASSES}.{name}" if name in group.classes else path
        rows = [slice(tracks.first[n], tracks.first[n + 1]) for n in own]
        ends = np.array([tracks.pos_ecef_m[row][[0, -1]] for row in rows])
        lat_rad, lon_rad, _ = geodetic_from_ecef(ends)
        groups.append(
            RaidGroup(
                threat=GivenTracks(
                    threat=values.spec.realise(draws.below(below)),
                    t_s=tuple(tracks.t_s[row] - tracks.t_s[row][0] for row in rows),
                    pos_ecef_m=tuple(tracks.pos_ecef_m[row] for row in rows),
                ),
                class_name=name or group.frame.class_,
                launch_t_s=start_s + np.array([tracks.t_s[row][0] for row in rows]),
                launch_lat_rad=lat_rad[:, 0].copy(),
                launch_lon_rad=lon_rad[:, 0].copy(),
                aim_lat_rad=lat_rad[:, 1].copy(),
                aim_lon_rad=lon_rad[:, 1].copy(),
                lethal=lethal,
                entry=group.index,
            )
        )
    return groups
