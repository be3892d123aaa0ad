"""Pairs inside the gates of one scan, split into clusters, and each cluster decided."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.assignment import assign_rows
from opendome.tracking.kernels.joint import EXACT_MAX, crowd_probabilities, joint_probabilities
from opendome.tracking.kernels.scene import CLUSTER_ROWS, Scene, Work

Longs = npt.NDArray[np.int64]

ALONE = 1e6  # cost of a track without a reading: any pair inside a gate is better


@table_kernel
def root_of(parent: Longs, node: int) -> int:
    """Root of the tree that a node hangs in, halving the way."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = int(parent[node])
    return node


@table_kernel
def join_pairs(work: Work, pairs: int, slots: int) -> None:
    """Hang tracks and readings that share a gate into one tree: `work.parent`.

    slots : a reading's node is its place plus this
    """
    for k in range(pairs):
        work.parent[work.pair_slot[k]] = work.pair_slot[k]
        node = slots + work.pair_place[k]
        work.parent[node] = node
    for k in range(pairs):
        a = root_of(work.parent, int(work.pair_slot[k]))
        b = root_of(work.parent, int(slots + work.pair_place[k]))
        if a != b:
            work.parent[max(a, b)] = min(a, b)


@table_kernel
def sort_pairs(work: Work, pairs: int) -> None:
    """Bring the pairs into the order of their clusters: `work.order`, by counting."""
    for k in range(pairs):
        work.local[root_of(work.parent, int(work.pair_slot[k]))] = 0
    for k in range(pairs):
        work.local[root_of(work.parent, int(work.pair_slot[k]))] += 1
    begin = 0
    for k in range(pairs):
        root = root_of(work.parent, int(work.pair_slot[k]))
        if work.local[root] > 0:  # not yet turned from a count into a place
            count = int(work.local[root])
            work.local[root] = -1 - begin
            begin += count
    for k in range(pairs):
        root = root_of(work.parent, int(work.pair_slot[k]))
        work.order[-1 - work.local[root]] = k
        work.local[root] -= 1


@table_kernel
def number_cluster(work: Work, first: int, end: int, slots: int) -> tuple[int, int]:
    """Number the tracks and readings of the pairs `order[first:end]`; returns how many of each.

    Afterwards `local` holds the numbers, `slots` and `places` lead back.
    """
    for n in range(first, end):
        k = int(work.order[n])
        work.local[work.pair_slot[k]] = -1
        work.local[slots + work.pair_place[k]] = -1
    tracks = 0
    readings = 0
    for n in range(first, end):
        k = int(work.order[n])
        slot, place = int(work.pair_slot[k]), int(work.pair_place[k])
        if work.local[slot] < 0:
            work.local[slot] = tracks
            work.slots[tracks] = slot
            tracks += 1
        if work.local[slots + place] < 0:
            work.local[slots + place] = readings
            work.places[readings] = place
            readings += 1
    return tracks, readings


@table_kernel
def take_cheapest(work: Work, first: int, end: int, slots: int) -> None:
    """Decide a cluster with no room for an exact answer: always the cheapest pair left."""
    tracks, readings = number_cluster(work, first, end, slots)
    for i in range(tracks):
        work.parent[work.slots[i]] = -1
    for _ in range(min(tracks, readings)):
        best = -1
        lowest = math.inf
        for n in range(first, end):
            k = int(work.order[n])
            free = work.parent[work.pair_slot[k]] < 0 and work.winner[work.pair_place[k]] < 0
            if free and work.pair_cost[k] < lowest:
                best = k
                lowest = work.pair_cost[k]
        if best < 0:
            return
        work.winner[work.pair_place[best]] = best
        work.parent[work.pair_slot[best]] = 0


@table_kernel
def decide_cluster(work: Work, first: int, end: int, slots: int) -> None:
    """Give the readings of a cluster to its tracks at the least total cost: `work.winner`."""
    tracks, readings = number_cluster(work, first, end, slots)
    if tracks > CLUSTER_ROWS or readings + tracks > work.matrix.shape[1]:
        take_cheapest(work, first, end, slots)
        return
    matrix = work.matrix[:tracks, : readings + tracks]
    matrix[:] = math.inf
    for i in range(tracks):
        matrix[i, readings + i] = ALONE
    for n in range(first, end):
        k = int(work.order[n])
        i = int(work.local[work.pair_slot[k]])
        matrix[i, work.local[slots + work.pair_place[k]]] = work.pair_cost[k]
    assign_rows(
        matrix,
        work.column_of,
        work.taken_by[: readings + tracks],
        work.row_price,
        work.column_price,
        work.reached,
        work.came_from,
        work.done,
    )
    for n in range(first, end):
        k = int(work.order[n])
        i = int(work.local[work.pair_slot[k]])
        if work.column_of[i] == work.local[slots + work.pair_place[k]]:
            work.winner[work.pair_place[k]] = k


@table_kernel
def weigh_cluster(
    scene: Scene, work: Work, first: int, end: int, p_detect: float, density: float
) -> tuple[int, int]:
    """Joint probabilities of a cluster: `work.share` by its numbers; returns tracks, readings.

    (0, 0) where there is no room; then `take_cheapest` has decided it.
    """
    slots = scene.number.shape[0]
    tracks, readings = number_cluster(work, first, end, slots)
    if tracks > CLUSTER_ROWS or readings > CLUSTER_ROWS:
        take_cheapest(work, first, end, slots)
        return 0, 0
    work.gain[:tracks, :readings] = 0.0
    for n in range(first, end):
        k = int(work.order[n])
        i, j = work.local[work.pair_slot[k]], work.local[slots + work.pair_place[k]]
        work.gain[i, j] = p_detect * math.exp(work.pair_log[k] - math.log(density))
    if readings <= EXACT_MAX:
        joint_probabilities(
            work.gain, tracks, readings, p_detect, work.ahead, work.behind, work.share
        )
    else:
        crowd_probabilities(work.gain, tracks, readings, p_detect, work.share)
    return tracks, readings
