"""Measured tracking: noisy detections in the order of their arrival, tracks at every cycle.

Late detections: a node knows a detection from its arrival on, and sensors differ in delay. When
one arrives that was measured before others already used, the scene goes back to the last
state kept before it and takes in everything since in the order of measurement. Detections
that arrive later than `lateness_s` after they were measured are not used; they are counted.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from opendome.quantities.errors import OpendomeError
from opendome.sensing.records import Detections
from opendome.sources.catalogue import load_system
from opendome.tracking.bank import bank_rules
from opendome.tracking.kernels.forces import MODELS, BankRules
from opendome.tracking.kernels.gating import TrackRules
from opendome.tracking.kernels.loop import Given, Sheet, report, take_scans
from opendome.tracking.kernels.scene import Feed, Scene, copy_scene, empty_scene, new_work
from opendome.tracking.models import TrackingModel
from opendome.tracking.readings import direction_readings
from opendome.tracking.records import TrackHistory

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Association = Literal["nearest", "joint"]

RULES = "measured-tracking"
TRACKS_MAX = 2048


@dataclass(frozen=True, kw_only=True)
class MeasuredModel:
    """How a node makes tracks of detections, every value known.

    Attributes
    ----------
    tracking : when a track is confirmed and when it is lost
    bank : ways of motion
    association : "nearest": each detection to one track, at the least total cost;
        "joint": shared by joint probability
    gate_probability : share of an object's own detections that its gate lets in
    p_detect : taken for granted by joint probabilities
    speed_max_m_s, altitude_max_m : of what may begin a track
    pair_window_s : between two sightings that may begin a track together
    lateness_s : a detection that arrives later than this after it was measured is not used
    tracks_max : tracks and suspicions at a time
    """

    tracking: TrackingModel
    bank: BankRules
    association: Association
    gate_probability: float
    p_detect: float
    speed_max_m_s: float
    altitude_max_m: float
    pair_window_s: float
    lateness_s: float
    tracks_max: int = TRACKS_MAX

    @property
    def rules(self) -> TrackRules:
        """The same as plain numbers for the kernels."""
        gates = [float(chdtri(size, 1.0 - self.gate_probability)) for size in (2, 3, 6)]
        return TrackRules(
            gate_2=gates[0],
            gate_3=gates[1],
            twin_gate=gates[2],
            joint=self.association == "joint",
            p_detect=self.p_detect,
            confirm_hits=self.tracking.confirm_hits,
            confirm_window=self.tracking.confirm_window,
            prior_speed_sigma_m_s=self.tracking.prior_speed_sigma_m_s,
            custody_gap_s=self.tracking.custody_gap_s,
            custody_sigma_m=self.tracking.custody_sigma_m,
            speed_max_m_s=self.speed_max_m_s,
            altitude_max_m=self.altitude_max_m,
            pair_window_s=self.pair_window_s,
        )


def measured_model(
    tracking: TrackingModel,
    *,
    association: Association = "nearest",
    bank: BankRules | None = None,
) -> MeasuredModel:
    """Rules of measured tracking with the values of the catalogue's `measured-tracking`.

    bank : ways of motion; all five of the catalogue's `filter-bank` when left out
    """
    if association not in ("nearest", "joint"):
        raise OpendomeError(
            got=f"the association {association!r}",
            allowed="nearest or joint",
            do="choose one of the two",
        )
    return MeasuredModel(
        tracking=tracking,
        bank=bank_rules() if bank is None else bank,
        association=association,
        gate_probability=_middle("gate_probability"),
        p_detect=_middle("p_detect"),
        speed_max_m_s=_middle("speed_max"),
        altitude_max_m=_middle("altitude_max"),
        pair_window_s=_middle("pair_window"),
        lateness_s=_middle("lateness"),
    )


def _middle(name: str) -> float:
    """Middle of one value of the catalogue."""
    return float(load_system(RULES).parameters[name].value.middle)  # pyright: ignore[reportAttributeAccessIssue]  (no money here)


class _Tracker:
    """A scene that can go back in time.

    kept : (measured until, scene, waiting sightings), oldest first
    spare : scenes let go of, to be written over: new ones would cost more than the copy
    """

    def __init__(self, detections: Detections, model: MeasuredModel) -> None:
        sizes = np.bincount(detections.scan) if detections.detections else np.zeros(1, np.int64)
        self.detections = detections
        self.model = model
        self.rules = model.rules
        self.sensors, used = np.unique(detections.sensor.astype(np.int64), return_inverse=True)
        self.feed = _feed(detections, self.sensors, used)
        self.scene = self._new_scene()
        self.work = new_work(model.tracks_max, int(sizes.max()), detections.detections)
        self.given = Given(
            track=np.full(detections.detections, -1, np.int64),
            nis=np.full(detections.detections, np.nan),
        )
        self.until_s = -math.inf
        self.kept: deque[tuple[float, Scene, Longs]] = deque()
        self.spare: list[Scene] = []
        self.refused = 0

    def _new_scene(self) -> Scene:
        return empty_scene(self.model.tracks_max, self.sensors.size)

    def keep(self) -> None:
        """Keep the state as it is, if it is not, and let go of those too old to be asked for."""
        if self.kept and self.kept[-1][0] == self.until_s:
            return
        horizon_s = self.until_s - self.model.lateness_s
        while len(self.kept) > 1 and self.kept[1][0] < horizon_s:
            self.spare.append(self.kept.popleft()[1])
        scene = self.spare.pop() if self.spare else self._new_scene()
        copy_scene(self.scene, scene)
        waiting = self.work.waiting[: self.work.waits[0]].copy()
        self.kept.append((self.until_s, scene, waiting))

    def go_back(self, t_s: float) -> None:
        """Restore the last state kept before anything at `t_s` or later was taken in."""
        last_s = self.until_s
        while self.kept and self.kept[-1][0] >= t_s:
            self.spare.append(self.kept.pop()[1])
        if self.kept:
            self.until_s, scene, waiting = self.kept[-1]
            copy_scene(scene, self.scene)
            self.work.waiting[: waiting.size] = waiting
            self.work.waits[0] = waiting.size
        else:
            self.until_s = -math.inf
            self.scene.number[:] = -1
            self.scene.top[0] = 0
            self.work.waits[0] = 0
        self._forget(last_s)

    def _forget(self, last_s: float) -> None:
        """Take back what was given to tracks after the present state, up to `last_s`.

        A sighting that waited before it may have begun a track after it, not long before.
        """
        t_s = self.detections.t_s
        waited_s = self.until_s - self.model.pair_window_s
        first, high = np.searchsorted(t_s, [self.until_s, last_s], side="right")
        low = int(np.searchsorted(t_s, waited_s))
        track, nis = self.given.track[low:high], self.given.nis[low:high]
        undone = (np.arange(low, high) >= first) | (track >= first)
        track[undone] = -1
        nis[undone] = np.nan

    def take(self, rows: Longs, asked_s: Floats) -> None:
        """Take in detections, rising in time, and keep the state before each of the moments given.

        rows : none before the last one taken     asked_s : rising
        """
        begin = 0
        for end in np.searchsorted(self.detections.t_s[rows], asked_s):
            if end > begin:
                self._take(rows[begin:end])
            self.keep()
            begin = end
        if begin < rows.size:
            self._take(rows[begin:])

    def _take(self, rows: Longs) -> None:
        """Take in detections, rising in time and none before the last one taken."""
        self.refused += take_scans(
            self.scene,
            self.model.bank,
            self.rules,
            self.feed,
            self.work,
            self.given,
            rows,
            self.detections.scan,
        )
        self.until_s = float(self.detections.t_s[rows[-1]])


def _feed(detections: Detections, sensors: Longs, used: Longs) -> Feed:
    """Detections as the kernels read them; only sensors that detected something are numbered."""
    return Feed(
        readings=direction_readings(
            detections.t_s,
            detections.sensor_pos_eci_m,
            detections.direction_eci,
            angle_sigma_rad=detections.angle_sigma_rad,
            range_m=detections.range_m,
            range_sigma_m=detections.range_sigma_m,
        ),
        sensor=used.astype(np.int64),
        density=detections.false_alarm_density,
        interval_s=detections.sensor_interval_s[sensors],
        ranging=detections.sensor_gives_range[sensors],
    )


def track_scene(
    detections: Detections,
    model: MeasuredModel,
    *,
    arrival_t_s: Floats,
    cycle_t_s: Floats,
) -> TrackHistory:
    """Track everything one node was told of, cycle by cycle.

    detections : of one trial     model : rules
    arrival_t_s : (detection,) when each is there at the node [s after epoch]; inf for never
    cycle_t_s : (cycle,) rising: what has arrived by then is used, and tracks are reported
    Returns a `TrackHistory`; states are carried to the cycle.
    Model: docs/models/association.md.
    Valid for: biases small against the noise; one sensor does not split an object in two.
    """
    late = arrival_t_s - detections.t_s > model.lateness_s
    usable = np.where(late, np.inf, arrival_t_s)
    cycle_of = np.searchsorted(cycle_t_s, usable).astype(np.int64)
    by_cycle = np.argsort(cycle_of, kind="stable")
    ends = np.searchsorted(cycle_of[by_cycle], np.arange(cycle_t_s.size + 1))
    first_t_s = np.append(detections.t_s, math.inf)[np.append(by_cycle, -1)[ends[:-1]]]
    first_t_s[ends[:-1] == ends[1:]] = math.inf
    tracker = _Tracker(detections, model)
    sheet = Sheet(
        slot=np.empty(model.tracks_max, np.int64),
        mean=np.empty((model.tracks_max, 6)),
        cov=np.empty((model.tracks_max, 6, 6)),
        weight=np.empty((model.tracks_max, MODELS)),
    )
    parts: list[tuple[Longs, Longs, Floats, Floats, Floats, Floats]] = []
    for cycle, now_s in enumerate(cycle_t_s):
        fresh = np.sort(by_cycle[ends[cycle] : ends[cycle + 1]])
        if fresh.size:
            last_s = max(float(detections.t_s[fresh[-1]]), tracker.until_s)
            ahead = np.searchsorted(cycle_t_s, last_s + model.lateness_s) + 1
            asked_s = _asked_for(first_t_s[cycle + 1 : ahead], last_s)
            if float(detections.t_s[fresh[0]]) <= tracker.until_s:
                fresh = _go_back(tracker, cycle_of, cycle, fresh)
            else:
                asked_s = asked_s[asked_s > _report_undone(tracker, fresh, cycle_t_s[:cycle])]
            tracker.take(fresh, asked_s[asked_s > tracker.until_s])
        parts.append(_report(tracker, sheet, float(now_s)))
    return _history(tracker, cycle_t_s, cycle_of, parts, int(np.count_nonzero(late)))


def _asked_for(first_t_s: Floats, last_s: float) -> Floats:
    """Moments that later cycles will go back to from where this one ends, rising.

    first_t_s : (cycle,) when the first detection that each later cycle brings was measured
    last_s : of the newest detection so far
    A cycle that goes back takes everything since with it: what is asked for later must be earlier.
    The end itself, inf, is asked for where the next cycle that brings anything does not go back.
    """
    brought = first_t_s[first_t_s < math.inf]
    earliest_s = np.minimum.accumulate(brought)
    asked_s = np.unique(earliest_s[earliest_s <= last_s])
    goes_on = not brought.size or brought[0] > last_s
    return np.append(asked_s, math.inf) if goes_on else asked_s


def _go_back(tracker: _Tracker, cycle_of: Longs, cycle: int, fresh: Longs) -> Longs:
    """Go back to before the first of what arrived in a cycle; returns all to be taken in since."""
    t_s, last_s = tracker.detections.t_s, tracker.until_s
    tracker.go_back(float(t_s[fresh[0]]))
    since = int(np.searchsorted(t_s, tracker.until_s, side="right"))
    end = max(int(fresh[-1]) + 1, int(np.searchsorted(t_s, last_s, side="right")))
    return since + np.flatnonzero(cycle_of[since:end] <= cycle)


def _report_undone(tracker: _Tracker, fresh: Longs, past_cycle_t_s: Floats) -> float:
    """Last detection up to the first cycle time after a scene that went on without going back.

    Whoever goes back to before it goes back to before the report as well: tracks given up come
    back and are judged again.
    """
    t_s = tracker.detections.t_s[fresh]
    after = int(np.searchsorted(past_cycle_t_s, t_s[0]))
    if after == past_cycle_t_s.size:
        return float(t_s[-1])
    return float(t_s[np.searchsorted(t_s, past_cycle_t_s[after], side="right") - 1])


def _report(
    tracker: _Tracker, sheet: Sheet, now_s: float
) -> tuple[Longs, Longs, Floats, Floats, Floats, Floats]:
    """Numbers, whether confirmed, means, covariances, weights and newest detections, by number."""
    scene = tracker.scene
    rows = report(
        scene, tracker.model.bank, tracker.rules, tracker.feed, tracker.work, now_s, sheet
    )
    slot = sheet.slot[:rows]
    order = np.argsort(scene.number[slot])
    slot = slot[order]
    return (
        scene.number[slot],
        scene.confirmed[slot],
        sheet.mean[:rows][order],
        sheet.cov[:rows][order],
        sheet.weight[:rows][order],
        scene.fed_t_s[slot],
    )


def _history(
    tracker: _Tracker,
    cycle_t_s: Floats,
    cycle_of: Longs,
    parts: list[tuple[Longs, Longs, Floats, Floats, Floats, Floats]],
    too_late: int,
) -> TrackHistory:
    """Join the reports of all cycles."""
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    start = np.zeros(cycle_t_s.size + 1, np.int64)
    np.cumsum([part[0].size for part in parts], out=start[1:])
    return TrackHistory(
        cycle_t_s=np.array(cycle_t_s, np.float64),
        start=start,
        track=columns[0],
        confirmed=columns[1] == 1,
        mean=columns[2],
        cov=columns[3],
        weight=columns[4],
        fed_t_s=columns[5],
        detection_track=tracker.given.track,
        detection_cycle=cycle_of,
        detection_nis=tracker.given.nis,
        too_late=too_late,
        refused=tracker.refused,
    )
