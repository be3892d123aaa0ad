"""The board a trial is played on, the book it is written in, and the ledger that comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Records = Any  # a table of one of the record types below


class Fate(IntEnum):
    """What became of an object; a leaker carries the first link of the chain that broke."""

    FAILED = 0
    IGNORED = 1
    KILLED = 2
    NEVER_DETECTED = 3
    NOT_TRACKED = 4
    NOT_SHARED = 5
    NOT_DECIDED = 6
    NO_REACH = 7
    NO_STOCK = 8
    NOT_ASSIGNED = 9
    SHOTS_MISSED = 10
    TAKEN_FOR_HARMLESS = SHOTS_MISSED + 1
    NOT_WORTH = TAKEN_FOR_HARMLESS + 1

    @property
    def leaked(self) -> bool:
        """Whether the object got through."""
        return self >= Fate.NEVER_DETECTED


FATE_WORDS: Mapping[Fate, str] = {
    Fate.FAILED: "failed by itself",
    Fate.IGNORED: "ignored as harmless",
    Fate.KILLED: "killed",
    Fate.NEVER_DETECTED: "never detected",
    Fate.NOT_TRACKED: "not tracked in time",
    Fate.NOT_SHARED: "not shared in time",
    Fate.NOT_DECIDED: "not decided in time",
    Fate.NO_REACH: "no reach",
    Fate.NO_STOCK: "no stock",
    Fate.NOT_ASSIGNED: "not assigned",
    Fate.SHOTS_MISSED: "shots missed",
    Fate.TAKEN_FOR_HARMLESS: "taken for harmless",
    Fate.NOT_WORTH: "not worth a round",
}


OBJECT = np.dtype(
    [
        ("launch_t_s", "f8"),
        ("burnout_t_s", "f8"),
        ("impact_t_s", "f8"),
        ("p_reliable", "f8"),
        ("defended_distance_m", "f8"),
        ("last_order_t_s", "f8"),
        ("turn_t_s", "f8"),
        ("manoeuvre_psd_m2_s3", "f8"),
        ("manoeuvre_t_s", "f8"),
        ("parent", "i8"),
        ("parts", "i8"),
        ("lethal", "i8"),
        ("p_taken_for_real", "f8"),
        ("first_look", "i8"),
        ("end_look", "i8"),
        ("first_pair", "i8"),
        ("end_pair", "i8"),
        ("loss", "f8"),
        ("first_place", "i8"),
        ("end_place", "i8"),
    ]
)
LOOK = np.dtype(
    [
        ("t_s", "f8"),
        ("p_detect", "f8"),
        ("sensor", "i8"),
        ("watched_s", "f8"),
        ("information_m2", "f8", (6,)),
    ]
)
ARRIVAL = np.dtype([("t_s", "f8"), ("look", "i8"), ("p_delivered", "f8")])
SENSOR = np.dtype(
    [
        ("ranging", "i8"),
        ("purpose", "i8"),
        ("k_factor", "f8"),
        ("k_time_s", "f8"),
        ("k_purpose", "i8"),
    ]
)
PAIR = np.dtype(
    [
        ("shooter", "i8"),
        ("first_t_s", "f8"),
        ("first_sample", "i8"),
        ("end_sample", "i8"),
        ("last_t_s", "f8"),
    ]
)
SHOOTER = np.dtype([("asset", "i8"), ("layer", "i8"), ("node", "i8"), ("stock", "i8")])


class Board(NamedTuple):
    """One future without luck: what flies, what can be seen, what can be reached.

    Attributes
    ----------
    objects : (object,) of OBJECT; `defended_distance_m` is the distance of the impact from
        the nearest defended area, negative inside; `last_order_t_s` the very last useful
        order against it, -inf without any shooter in reach; `turn_t_s` until when its impact is
        open, `manoeuvre_psd_m2_s3` its acceleration that nobody can know, from
        `manoeuvre_t_s` on, -inf for all the time after burnout; `parent` the object
        it is part of until its own launch, -1 for none, `parts` how many have it for parent;
        `lethal` 1 or 0; `p_taken_for_real` NaN where sensors judge;
        `first_look`..`end_look` its rows in `looks`, `first_pair`..`end_pair` in `pairs`,
        `first_place`..`end_place` in `places`; `loss` what is lost where it really falls
    path : (object, time, 6) ECI position [m] and velocity [m/s], every `path_step_s` from launch
    looks : (look,) of LOOK, by object, time, sensor; `watched_s` is how long its sensor has
        watched since its look before, 0 where nobody judges by it
    arrivals : (arrival,) of ARRIVAL, by node, object, time; `p_delivered` is the chance that it
        is not lost on the way
    arrival_start : (node, object + 1) rows of the arrivals at a node from an object
    delivery_purpose : (node, sensor) stream of what is lost on the way from a sensor to a node
    sensors : (sensor,) of SENSOR; `purpose` is the stream of its detections, `k_purpose` that
        of what it tells about the kind of an object
    pairs : (pair,) of PAIR; `last_t_s` is its very last useful launch
    latest_t_s : (sample,) last launch for an intercept at `first_t_s + k * meet_step_s` [s]
    shooters : (shooter,) of SHOOTER
    places : (place,) of IMPACT_PLACE of `command.kernels.impact`: what of value lies near the
        impact of an object; empty where nothing defended has a value
    vertices : (vertex, 2) corners of the places, east and north of the impact [m]
    ground : (object, 4, 3) east, north and up at the impact, and the velocity over the ground
        there [m/s], ECI
    loss_max : the largest value of one place, 0 where nothing has a value
    """

    objects: Records
    path: Floats
    path_step_s: float
    looks: Records
    arrivals: Records
    arrival_start: Longs
    delivery_purpose: Longs
    sensors: Records
    pairs: Records
    latest_t_s: Floats
    meet_step_s: float
    shooters: Records
    places: Records
    vertices: Floats
    ground: Floats
    loss_max: float

    @property
    def nbytes(self) -> int:
        """Memory held [bytes]."""
        return sum(part.nbytes for part in self if isinstance(part, np.ndarray))


LAYER_RULE = np.dtype([("salvo", "i8"), ("salvos_max", "i8"), ("reserve", "i8"), ("engage", "i8")])
ASSET_RULE = np.dtype(
    [
        ("p_kill", "f8"),
        ("divert_radius_m", "f8"),
        ("homing_s", "f8"),
        ("launch_delay_s", "f8"),
        ("kill_purpose", "i8"),
        ("assess_purpose", "i8"),
        ("price", "f8"),
        ("p_common_failure", "f8"),
        ("common_purpose", "i8"),
        ("limited", "i8"),
        ("channels", "i8"),
        ("channel_time_s", "f8"),
        ("launch_interval_s", "f8"),
        ("ready", "i8"),
        ("reload_s", "f8"),
    ]
)


class Rules(NamedTuple):
    """Every number a trial obeys besides the board.

    Attributes
    ----------
    cycle_s .. harmless_sigmas : as in `command.models.CommandModel`
    confirm_hits .. custody_sigma_m : as in `tracking.models.TrackingModel`
    p_inside : chance of an impact inside what is defended, from which on a `tight` layer fires
    layers : (layer,) of LAYER_RULE
    assets : (asset,) of ASSET_RULE; purposes are streams of its luck, `limited` 1 where any of
        the fields after it limits a site
    people : (node, person) of PERSON of `command.kernels.people`: times that pass before a node
        may fire at all
    coordination_s : (node, node) after how long the second knows of the shots of the first [s],
        inf for never
    improving : rounds of improvement of each assignment, 0 for the greedy one
    log_odds_to_engage : evidence needed before a node fires at what its sensors judge
    reliability_purpose, impact_purpose, impact_north_purpose, taken_purpose : streams
    """

    cycle_s: float
    confirm_s: float
    assessment_delay_s: float
    p_false_kill: float
    p_false_miss: float
    commit_sigma_m: float
    harmless_sigmas: float
    log_odds_to_engage: float
    p_inside: float
    confirm_hits: int
    confirm_window: int
    prior_position_sigma_m: float
    prior_speed_sigma_m_s: float
    accel_psd_boost_m2_s3: float
    accel_psd_coast_m2_s3: float
    custody_gap_s: float
    custody_sigma_m: float
    layers: Records
    assets: Records
    people: Records
    coordination_s: Floats
    improving: int
    reliability_purpose: int
    impact_purpose: int
    impact_north_purpose: int
    taken_purpose: int


OBJECT_ROW = np.dtype(
    [
        ("fate", "u1"),
        ("killer", "i4"),
        ("rounds", "i4"),
        ("detected_t_s", "f8"),
        ("tracked_t_s", "f8"),
        ("shared_t_s", "f8"),
        ("ordered_t_s", "f8"),
        ("launched_t_s", "f8"),
        ("intercept_t_s", "f8"),
        ("killed_t_s", "f8"),
        ("last_chance_t_s", "f8"),
        ("spared", "i4"),
    ]
)
TRACK_ROW = np.dtype([("formed_t_s", "f8"), ("drops", "i4"), ("commit_sigma_m", "f8")])
SHOT_ROW = np.dtype(
    [
        ("object", "i4"),
        ("shooter", "i4"),
        ("ordered_t_s", "f8"),
        ("launched_t_s", "f8"),
        ("intercept_t_s", "f8"),
        ("p_divert", "f8"),
        ("result", "u1"),
        ("believed_dead", "u1"),
    ]
)


class Book(NamedTuple):
    """What the compiled trial writes: one row per trial. Times are NaN when it never happened.

    Attributes
    ----------
    objects : (trial, object) of OBJECT_ROW; `killer` is a layer or -1; `tracked_t_s` is the
        first track if every sensor were one node without delay, `shared_t_s` the first at a
        deciding node; `spared` rounds that doctrine would have fired but for the price of one
    tracks : (trial, node, object) of TRACK_ROW
    shots : (trial, shot) of SHOT_ROW
    fired : (trial,) number of shots
    """

    objects: Records
    tracks: Records
    shots: Records
    fired: Longs


QUALITY = np.dtype(
    [
        ("trial", "i8"),
        ("node", "i4"),
        ("cycle_t_s", "f8"),
        ("flying", "i4"),
        ("tracked", "i4"),
        ("false_tracks", "i4"),
        ("spare_tracks", "i4"),
        ("nees", "f8"),
        ("ospa_m", "f8"),
        ("gospa_m", "f8"),
        ("localisation_m", "f8"),
        ("missed_m", "f8"),
        ("false_m", "f8"),
    ]
)


class ShotResult(IntEnum):
    """What a shot did."""

    FLYING = 0
    KILLED = 1
    MISSED = 2
    TOO_LATE = 3


SHOT_WORDS: Mapping[ShotResult, str] = {
    ShotResult.FLYING: "flying",
    ShotResult.KILLED: "killed",
    ShotResult.MISSED: "missed",
    ShotResult.TOO_LATE: "object already dead",
}


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Fates of one batch of trials, one row per object of each trial.

    Attributes
    ----------
    objects : column name -> (row,) sorted by trial, then object
    shots : column name -> (row,) sorted by trial, then order of firing
    tracks : column name -> (row,) sorted by trial, node, object
    quality : column name -> (row,) sorted by trial, node, cycle: how good the picture was; no
        columns where tracking was not measured
    """

    objects: Mapping[str, npt.NDArray[Any]]
    shots: Mapping[str, npt.NDArray[Any]]
    tracks: Mapping[str, npt.NDArray[Any]]
    quality: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict[str, npt.NDArray[Any]])
