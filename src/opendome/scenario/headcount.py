"""How many objects of which class a raid entry brings."""

from collections import Counter

from opendome.scenario.raid_entries import Group
from opendome.scenario.raid_spec import RaidFrame
from opendome.scenario.separation import parts_by_class


def objects_by_class(group: Group) -> Counter[str]:
    """Number of objects of each class: what an entry declares, its parts, its carriers."""
    counts = Counter[str]()
    if group.tracks is not None:
        counts.update(name or group.frame.class_ for name in group.tracks.classes)
        return counts
    counts[group.frame.class_] += group.count
    counts.update(parts_by_class(group.values.spec, group.frame.class_, group.count))
    if isinstance(group.frame, RaidFrame) and group.frame.carrier is not None:
        counts[group.frame.carrier.class_] += group.carriers
    return counts


def objects_of(group: Group) -> int:
    """Number of all objects that fly because of an entry."""
    return objects_by_class(group).total()
