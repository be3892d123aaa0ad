"""How good a set of tracks is: OSPA, GOSPA, and whether errors are as large as tracks say.

Source: D. Schuhmacher, B.-T. Vo, B.-N. Vo, A consistent metric for performance evaluation of
multi-object filters, IEEE Trans. Signal Processing 56(8), 2008; A. S. Rahmathullah, A. F.
Garcia-Fernandez, L. Svensson, Generalized optimal sub-pattern assignment metric, FUSION 2017;
Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with Applications, 2001, section 5.4.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError
from opendome.tracking.kernels.assignment import assign
from opendome.tracking.records import BeliefTable, TrackHistory
from opendome.tracking.reference import nees, nees_band

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

CUSTOMARY = 0.95  # share of the time that a consistent filter lies in its band


@dataclass(frozen=True, kw_only=True)
class Gospa:
    """GOSPA with alpha 2, whole and in parts.

    Attributes
    ----------
    distance : the metric: p-th root of the parts' sum
    localisation, missed, false, switching : parts, each to the power p
    missed_objects, false_tracks : how many
    track_of : (truth,) track that each object was matched with, -1 for none
    """

    distance: float
    localisation: float
    missed: float
    false: float
    switching: float
    missed_objects: int
    false_tracks: int
    track_of: Longs


def distances(tracks: npt.ArrayLike, truths: npt.ArrayLike) -> Floats:
    """Euclidean distance of every truth and track: (truth, n) and (track, n) to (truth, track)."""
    one = np.atleast_2d(np.asarray(truths, np.float64))
    other = np.atleast_2d(np.asarray(tracks, np.float64))
    if not one.size or not other.size:
        return np.zeros((len(one) if one.size else 0, len(other) if other.size else 0))
    return np.linalg.norm(one[:, None] - other[None], axis=-1)


def ospa(tracks: npt.ArrayLike, truths: npt.ArrayLike, *, c: float, p: float) -> float:
    """OSPA distance of two sets of points, in the unit of the points.

    tracks : (track, n)     truths : (truth, n)     c : cut-off, above 0     p : order, 1 or more
    Returns the distance, 0 for two empty sets.
    Model: ((1/n) (least sum of min(d, c)^p + c^p |n - m|))^(1/p), n the larger number; for
    p = inf the least largest distance, and c where the numbers differ.
    """
    _check_order(c, p)
    table = np.minimum(distances(tracks, truths), c)
    rows, columns = table.shape
    most = max(rows, columns)
    if most == 0:
        return 0.0
    if math.isinf(p):
        return c if rows != columns else _bottleneck(table)
    pairs = assign(table**p)
    matched = np.flatnonzero(pairs >= 0)
    total = float(np.sum(table[matched, pairs[matched]] ** p)) + c**p * abs(rows - columns)
    return float((total / most) ** (1.0 / p))


def _bottleneck(table: Floats) -> float:
    """Least largest entry of a full assignment of a square table, by halving the candidates."""
    levels = np.unique(table)
    low, high = 0, levels.size - 1
    while low < high:
        middle = (low + high) // 2
        allowed = np.where(table <= levels[middle], 0.0, math.inf)
        if np.all(assign(allowed) >= 0):
            high = middle
        else:
            low = middle + 1
    return float(levels[low])


def gospa(
    tracks: npt.ArrayLike,
    truths: npt.ArrayLike,
    *,
    c: float,
    p: float,
    before: Longs | None = None,
    names: Longs | None = None,
    switch: float = 0.0,
) -> Gospa:
    """GOSPA distance (alpha = 2) of tracks from objects, in the unit of the points.

    tracks : (track, n)     truths : (truth, n)     c : cut-off     p : order, finite
    before : (truth,) `track_of` of the moment before, by name; needed for switches
    names : (track,) name of each track in `track_of`; its place when left out
    switch : penalty of an object whose track changes
    Model: d^p = sum over matched pairs nearer than c of their distance^p + c^p / 2 for each
    missed object and each false track + switch^p (whole switches + half switches / 2). An
    object that goes from one track to another makes a whole switch, from or to none half a one.
    """
    _check_order(c, p)
    if math.isinf(p):
        raise OpendomeError(got="GOSPA of order inf", allowed="a finite order", do="use p=2")
    table = distances(tracks, truths)
    pairs = assign(np.minimum(table, c) ** p) if table.size else np.full(len(table), -1)
    rows = np.flatnonzero(pairs >= 0)
    rows = rows[table[rows, pairs[rows]] < c]
    label = np.arange(np.atleast_2d(tracks).shape[0]) if names is None else names
    track_of = np.full(len(table), -1, np.int64)
    track_of[rows] = label[pairs[rows]]
    missed, false = len(table) - rows.size, table.shape[1] - rows.size
    near = float(np.sum(table[rows, pairs[rows]] ** p))
    switching = 0.0 if before is None else switch**p * _switches(before, track_of)
    half = 0.5 * c**p
    total = near + half * (missed + false) + switching
    return Gospa(
        distance=total ** (1.0 / p),
        localisation=near,
        missed=half * missed,
        false=half * false,
        switching=switching,
        missed_objects=int(missed),
        false_tracks=int(false),
        track_of=track_of,
    )


def _switches(before: Longs, after: Longs) -> float:
    """Whole switches plus half of the half ones."""
    changed = before != after
    whole = changed & (before >= 0) & (after >= 0)
    return float(np.count_nonzero(whole) + 0.5 * np.count_nonzero(changed & ~whole))


def _check_order(c: float, p: float) -> None:
    if not (c > 0.0 and p >= 1.0):
        raise OpendomeError(
            got=f"cut-off {c} and order {p}",
            allowed="a cut-off above 0 and an order of 1 or more",
            do="correct them",
        )


@dataclass(frozen=True, kw_only=True)
class SceneQuality:
    """Quality of the confirmed tracks of one node at each cycle: (cycle,) each, distances in m.

    Attributes
    ----------
    ospa_m, gospa_m : metrics of positions
    localisation_m, missed_m, false_m, switching_m : parts of GOSPA, each its own p-th root
    objects, tracks : how many there were
    """

    ospa_m: Floats
    gospa_m: Floats
    localisation_m: Floats
    missed_m: Floats
    false_m: Floats
    switching_m: Floats
    objects: Longs
    tracks: Longs


def scene_quality(
    history: TrackHistory, truth_eci: Floats, *, c_m: float, p: float = 2.0, switch_m: float = 0.0
) -> SceneQuality:
    """OSPA and GOSPA of a tracked scene.

    truth_eci : (cycle, object, 6) as in `belief_table`     c_m : cut-off     switch_m : penalty
    Objects that do not fly at a cycle are not there.
    """
    columns = np.zeros((history.cycles, 8))
    before = np.full(truth_eci.shape[1], -1, np.int64)
    for cycle in range(history.cycles):
        rows = slice(history.start[cycle], history.start[cycle + 1])
        sure = history.confirmed[rows]
        tracks, names = history.mean[rows][sure, :3], history.track[rows][sure]
        flying = np.flatnonzero(np.isfinite(truth_eci[cycle, :, 0]))
        truths = truth_eci[cycle, flying, :3]
        one = gospa(tracks, truths, c=c_m, p=p, before=before[flying], names=names, switch=switch_m)
        before[:] = -1
        before[flying] = one.track_of
        parts = np.array([one.localisation, one.missed, one.false, one.switching]) ** (1.0 / p)
        columns[cycle, :2] = ospa(tracks, truths, c=c_m, p=p), one.distance
        columns[cycle, 2:6] = parts
        columns[cycle, 6:] = flying.size, len(tracks)
    return SceneQuality(
        ospa_m=columns[:, 0],
        gospa_m=columns[:, 1],
        localisation_m=columns[:, 2],
        missed_m=columns[:, 3],
        false_m=columns[:, 4],
        switching_m=columns[:, 5],
        objects=columns[:, 6].astype(np.int64),
        tracks=columns[:, 7].astype(np.int64),
    )


@dataclass(frozen=True, kw_only=True)
class Consistency:
    """Mean of normalised squared errors, and the band it would lie in.

    Attributes
    ----------
    mean : per degree of freedom, 1 for errors as large as they are said to be
    low, high : band of a mean of that many independent ones
    count : how many
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def inside(self) -> bool:
        """Whether the mean lies in the band."""
        return self.low <= self.mean <= self.high


def consistency(values: Floats, size: int, *, share: float = CUSTOMARY) -> Consistency:
    """Judge normalised squared errors (NEES) or innovations (NIS).

    values : any shape, NaN where there is none     size : degrees of freedom of each
    share : of the time that a consistent filter lies in the band, two-sided
    Model: count x mean is chi-square with count x size degrees of freedom.
    Valid for: values that are independent; those of one track in a row are not, and the band
    of theirs is wider.
    """
    kept = values[np.isfinite(values)]
    if kept.size == 0:
        raise OpendomeError(
            got="no normalised error at all", allowed="one or more", do="track something first"
        )
    low, high = nees_band(kept.size, size, share)
    mean = float(kept.mean()) / size
    return Consistency(mean=mean, low=low / size, high=high / size, count=int(kept.size))


def table_nees(table: BeliefTable, *, size: int = 6) -> Floats:
    """Normalised estimation error squared of every tracked object: (cycle, object), NaN if not.

    size : 3 for positions alone, 6 for positions and velocities
    """
    result = np.full(table.tracked.shape, np.nan)
    at = table.tracked
    if at.any():
        result[at] = nees(table.error[at][:, :size], table.cov[at][:, :size, :size])
    return result
