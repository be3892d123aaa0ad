"""Which object a track follows, by the detections it was fed with. For those who judge tracks."""

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@kernel
def newest_objects(
    first: int,
    end: int,
    now: int,
    now_s: float,
    fed_cycle: Longs,
    fed_t_s: Floats,
    fed_obj: Longs,
    recent: Longs,
) -> int:
    """Fill `recent` with the objects of the newest detections of one track; returns how many.

    first, end : rows of the track in fed_*, sorted by time
    now, now_s : cycle and time that nothing newer may come from
    """
    count = 0
    row = end - 1
    while row >= first and count < recent.shape[0]:
        if fed_t_s[row] <= now_s and fed_cycle[row] <= now:
            recent[count] = fed_obj[row]
            count += 1
        row -= 1
    return count


@kernel
def majority(recent: Longs, count: int) -> int:
    """The object of more than half of `recent[:count]`, -1 when no object has so many."""
    for i in range(count):
        same = 0
        for j in range(count):
            same += 1 if recent[j] == recent[i] else 0
        if 2 * same > count:
            return recent[i]
    return -1


@kernel
def follow(
    row_group: Longs,
    row_cycle: Longs,
    cycle_t_s: Floats,
    group_start: Longs,
    fed_cycle: Longs,
    fed_t_s: Floats,
    fed_obj: Longs,
    recent: Longs,
    followed: Longs,
) -> None:
    """Write for every row the object its track follows, -1 for none.

    row_group : (row,) group of its track, -1 for a track that keeps no detection
    group_start : (group + 1,) rows of each group in fed_*     recent : scratch
    """
    for row in range(row_group.shape[0]):
        followed[row] = -1
        group = int(row_group[row])
        if group < 0:
            continue
        cycle = int(row_cycle[row])
        count = newest_objects(
            int(group_start[group]),
            int(group_start[group + 1]),
            cycle,
            float(cycle_t_s[cycle]),
            fed_cycle,
            fed_t_s,
            fed_obj,
            recent,
        )
        followed[row] = majority(recent, count)
