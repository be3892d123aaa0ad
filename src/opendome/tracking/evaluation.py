"""Belief against truth: which object each track follows, and how well.

No tracker reads this. It is for the engine, which knows the truth, and for tests.
"""

import numpy as np
import numpy.typing as npt

from opendome.sensing.records import Detections
from opendome.tracking.kernels.following import follow
from opendome.tracking.records import BeliefTable, TrackHistory

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

RECENT = 10  # newest detections of a track that say what it follows; a majority of them decides


def explains(history: TrackHistory, detections: Detections, *, recent: int = RECENT) -> Longs:
    """Object that each track followed at each cycle.

    history : of a tracker that was fed with `detections`
    recent : how many of the newest detections in a track have a vote
    Returns (row,) of `history`: the object of more than half of them; -1 where no object has
    so many, or most were false alarms.
    """
    used = np.flatnonzero(history.detection_track >= 0)
    order = used[np.lexsort((detections.t_s[used], history.detection_track[used]))]
    tracks, first = np.unique(history.detection_track[order], return_index=True)
    group = np.searchsorted(tracks, history.track)
    inside = np.minimum(group, max(0, tracks.size - 1))
    known = (group < tracks.size) & (tracks.size > 0)
    if tracks.size:
        known &= tracks[inside] == history.track
    followed = np.empty(history.track.size, np.int64)
    follow(
        np.where(known, group, -1).astype(np.int64),
        history.row_cycle.astype(np.int64),
        history.cycle_t_s,
        np.append(first, order.size).astype(np.int64),
        history.detection_cycle[order],
        detections.t_s[order],
        detections.obj[order].astype(np.int64),
        np.empty(recent, np.int64),
        followed,
    )
    return followed


def belief_table(history: TrackHistory, detections: Detections, truth_eci: Floats) -> BeliefTable:
    """What the tracks of one node are worth, object by object.

    truth_eci : (cycle, object, 6) true state at each cycle, NaN while an object does not fly
        [m, m/s]
    Returns a `BeliefTable`. Of several confirmed tracks of one object the one with the smallest
    position variance counts; the others are spare.
    """
    cycles, objects = truth_eci.shape[:2]
    followed = explains(history, detections)
    flies = np.isfinite(truth_eci[:, :, 0])
    cycle = history.row_cycle
    lost = history.confirmed & (followed < 0)
    good = history.confirmed & (followed >= 0)
    good[good] = flies[cycle[good], followed[good]]
    rows = np.flatnonzero(good)
    spread = np.trace(history.cov[rows, :3, :3], axis1=1, axis2=2)
    rows = rows[np.lexsort((history.track[rows], spread, followed[rows], cycle[rows]))]
    place = cycle[rows] * objects + followed[rows]
    _, first = np.unique(place, return_index=True)
    best = rows[first]
    at = (cycle[best], followed[best])
    table = BeliefTable(
        tracked=np.zeros((cycles, objects), np.bool_),
        track=np.full((cycles, objects), -1, np.int64),
        error=np.full((cycles, objects, 6), np.nan),
        cov=np.full((cycles, objects, 6, 6), np.nan),
        age_s=np.full((cycles, objects), np.nan),
        false_tracks=np.bincount(cycle[lost], minlength=cycles).astype(np.int64),
        spare_tracks=(
            np.bincount(cycle[rows], minlength=cycles) - np.bincount(cycle[best], minlength=cycles)
        ).astype(np.int64),
        swaps=_swaps(history, followed, objects),
        drops=np.zeros(objects, np.int64),
    )
    table.tracked[at] = True
    table.track[at] = history.track[best]
    table.error[at] = history.mean[best] - truth_eci[at]
    table.cov[at] = history.cov[best]
    table.age_s[at] = history.cycle_t_s[cycle[best]] - history.fed_t_s[best]
    table.drops[:] = np.sum(table.tracked[:-1] & ~table.tracked[1:] & flies[1:], axis=0)
    return table


def _swaps(history: TrackHistory, followed: Longs, objects: int) -> Longs:
    """How often a track of each object went over to another: (object,)."""
    seen = np.flatnonzero(history.confirmed & (followed >= 0))
    seen = seen[np.lexsort((history.row_cycle[seen], history.track[seen]))]
    same = history.track[seen][1:] == history.track[seen][:-1]
    left = followed[seen][:-1]
    moved = same & (followed[seen][1:] != left)
    return np.bincount(left[moved], minlength=objects).astype(np.int64)
