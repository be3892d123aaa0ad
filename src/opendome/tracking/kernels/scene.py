"""The tables of the measured tracker: what it is given, what it holds, and room to work."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.quantities.constants import MU_M3_S2
from opendome.tracking.kernels.bank import Bank, empty_bank
from opendome.tracking.kernels.pairing import Links, new_links
from opendome.tracking.kernels.readings import Readings

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

FREE = -1
CLUSTER_ROWS = 256  # tracks of one cluster that are assigned exactly; room of a work sheet
GUESSED = 13  # numbers in a row of `Scene.guess`
SUBSETS = 256  # 2 to the power of the readings that are shared out exactly


class Feed(NamedTuple):
    """Detections as the kernels read them.

    readings : all of them     sensor : (reading,)     density : (reading,) of false alarms
    interval_s, ranging : (sensor,)
    """

    readings: Readings
    sensor: Longs
    density: Floats
    interval_s: Floats
    ranging: npt.NDArray[np.bool_]


class Scene(NamedTuple):
    """Tracks that are alive, each in a slot of its own. The last slot is room to try things.

    bank : filters     number : (slot,) detection that began it, `FREE` for an empty slot
    confirmed : (slot,) 0 or 1     fed_t_s : (slot,) newest detection
    patience_s : (slot,) how long it may stay unconfirmed without another
    score : (slot,) log of the density of its detections over that of false alarms, summed
    sure : (slot, 2) angles-only and ranging sensors that confirm it
    hits : (slot, sensor) last looks of a sensor as bits     seen_t_s : (slot, sensor)
    guess : (slot, 13) for a quick look: time, position, velocity, half the acceleration, and
        the growth of its error: metres, metres per second, per second squared
    top : (1,) slots in use lie below
    """

    bank: Bank
    number: Longs
    confirmed: Longs
    fed_t_s: Floats
    patience_s: Floats
    score: Floats
    sure: Longs
    hits: Longs
    seen_t_s: Floats
    guess: Floats
    top: Longs


class Work(NamedTuple):
    """Room to work on one scan.

    spot : (3, slot) where tracks may be     reach_m : (slot,) how far off, negative to skip
    place : (slot, 3), spread : (slot, 3, 3) where tracks are at the scan, and how well known
    ready : (slot,) 1 where `place` and `spread` are of this scan
    hint : (slot,), near : (slot,) those near one reading, as marks and as a list
    pair_slot, pair_place : (pair,) track and place in the scan of a pair inside the gate
    pair_cost, pair_log, pair_square : (pair,) cost of the pair; log density of the reading;
        its squared distance
    parent : (slot + place,) clusters as trees     order : (pair,) pairs by cluster
    winner : (place,) pair that a reading goes with, -1 for none
    local : (slot + place,) number inside a cluster; slots, places : (local,) back again
    links : the pairs of a cluster track by track, and room to assign them
    gain, share : (row, column)     ahead, behind : (row + 1, subset)
    picks, p_picks : (column,)
    waiting : (reading,) sightings that no track took     waits : (1,) how many
    small : (4, 6, 6) small matrices
    """

    spot: Floats
    reach_m: Floats
    place: Floats
    spread: Floats
    ready: Longs
    hint: npt.NDArray[np.bool_]
    near: Longs
    pair_slot: Longs
    pair_place: Longs
    pair_cost: Floats
    pair_log: Floats
    pair_square: Floats
    parent: Longs
    order: Longs
    winner: Longs
    local: Longs
    slots: Longs
    places: Longs
    links: Links
    gain: Floats
    share: Floats
    ahead: Floats
    behind: Floats
    picks: Longs
    p_picks: Floats
    waiting: Longs
    waits: Longs
    small: Floats


def empty_scene(slots: int, sensors: int) -> Scene:
    """Room for this many tracks, none begun."""
    return Scene(
        bank=empty_bank(slots),
        number=np.full(slots, FREE, np.int64),
        confirmed=np.zeros(slots, np.int64),
        fed_t_s=np.full(slots, -np.inf),
        patience_s=np.zeros(slots),
        score=np.zeros(slots),
        sure=np.zeros((slots, 2), np.int64),
        hits=np.zeros((slots, sensors), np.int64),
        seen_t_s=np.full((slots, sensors), -np.inf),
        guess=np.zeros((slots, GUESSED)),
        top=np.zeros(1, np.int64),
    )


def new_work(slots: int, places: int, readings: int) -> Work:
    """Room for scans of up to `places` readings."""
    pairs = slots * places
    return Work(
        spot=np.empty((3, slots)),
        reach_m=np.empty(slots),
        place=np.empty((slots, 3)),
        spread=np.empty((slots, 3, 3)),
        ready=np.empty(slots, np.int64),
        hint=np.empty(slots, np.bool_),
        near=np.empty(slots, np.int64),
        pair_slot=np.empty(pairs, np.int64),
        pair_place=np.empty(pairs, np.int64),
        pair_cost=np.empty(pairs),
        pair_log=np.empty(pairs),
        pair_square=np.empty(pairs),
        parent=np.empty(slots + places, np.int64),
        order=np.empty(pairs, np.int64),
        winner=np.empty(places, np.int64),
        local=np.empty(slots + places, np.int64),
        slots=np.empty(slots, np.int64),
        places=np.empty(places, np.int64),
        links=new_links(slots, places, pairs),
        gain=np.empty((CLUSTER_ROWS, CLUSTER_ROWS)),
        share=np.empty((CLUSTER_ROWS, CLUSTER_ROWS)),
        ahead=np.empty((CLUSTER_ROWS + 1, SUBSETS)),
        behind=np.empty((CLUSTER_ROWS + 1, SUBSETS)),
        picks=np.empty(CLUSTER_ROWS, np.int64),
        p_picks=np.empty(CLUSTER_ROWS),
        waiting=np.empty(readings, np.int64),
        waits=np.zeros(1, np.int64),
        small=np.zeros((4, 6, 6)),
    )


@table_kernel
def copy_slot(scene: Scene, other: Scene, slot: int) -> None:
    """Copy a track, with everything that is known of it, to the same slot of another scene."""
    copy_between(scene.bank, other.bank, slot)
    other.number[slot] = scene.number[slot]
    other.confirmed[slot] = scene.confirmed[slot]
    other.fed_t_s[slot] = scene.fed_t_s[slot]
    other.patience_s[slot] = scene.patience_s[slot]
    other.score[slot] = scene.score[slot]
    for kind in range(2):
        other.sure[slot, kind] = scene.sure[slot, kind]
    for sensor in range(scene.hits.shape[1]):
        other.hits[slot, sensor] = scene.hits[slot, sensor]
        other.seen_t_s[slot, sensor] = scene.seen_t_s[slot, sensor]
    copy_row(scene.guess[slot], other.guess[slot])


@table_kernel
def copy_row(source: Floats, target: Floats) -> None:
    """Copy one value after the other: a slice assigned to a slice would be copied twice."""
    for i in range(source.shape[0]):
        target[i] = source[i]


@table_kernel
def copy_rows(source: Floats, target: Floats) -> None:
    """Copy a matrix, or the part of it that the target has room for."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] = source[i, j]


@table_kernel
def copy_between(bank: Bank, other: Bank, track: int) -> None:
    """Copy a track to the same place of another bank, as `bank.copy_track` does."""
    for model in range(bank.weight.shape[1]):
        if bank.weight[track, model] > 0.0:
            copy_row(bank.mean[track, model], other.mean[track, model])
            copy_rows(bank.cov[track, model], other.cov[track, model])
    copy_row(bank.weight[track], other.weight[track])
    copy_row(bank.fused_mean[track], other.fused_mean[track])
    copy_rows(bank.fused_cov[track], other.fused_cov[track])
    other.t_s[track] = bank.t_s[track]


@table_kernel
def copy_scene(scene: Scene, other: Scene) -> None:
    """Make `other` hold what `scene` holds; slots above both tops stay as they are."""
    top = int(scene.top[0])
    for slot in range(top):
        if scene.number[slot] != FREE:
            copy_slot(scene, other, slot)
        else:
            other.number[slot] = FREE
    for slot in range(top, int(other.top[0])):
        other.number[slot] = FREE
    other.top[0] = top


@table_kernel
def free_slot(scene: Scene) -> int:
    """An empty slot, `FREE` when there is none left."""
    for slot in range(int(scene.top[0])):
        if scene.number[slot] == FREE:
            return slot
    top = int(scene.top[0])
    if top >= scene.number.shape[0] - 1:
        return FREE
    scene.top[0] = top + 1
    return top


@table_kernel
def note_guess(t_s: float, mean: Floats, cov: Floats, guess: Floats) -> None:
    """Write down what the quick look needs of a track: its course, and how its error grows.

    t_s : of the state     mean : (9,)     cov : (9, 9)     guess : a row of `Scene.guess`
    """
    guess[0] = t_s
    r2 = mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]
    pull = -MU_M3_S2 / (r2 * math.sqrt(r2))
    for i in range(3):
        guess[1 + i] = mean[i]
        guess[4 + i] = mean[3 + i]
        guess[7 + i] = 0.5 * (pull * mean[i] + mean[6 + i])
    guess[10] = math.sqrt(cov[0, 0] + cov[1, 1] + cov[2, 2])
    guess[11] = math.sqrt(cov[3, 3] + cov[4, 4] + cov[5, 5])
    guess[12] = 0.5 * math.sqrt(cov[6, 6] + cov[7, 7] + cov[8, 8])
