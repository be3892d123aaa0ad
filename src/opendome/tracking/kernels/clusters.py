"""Pairs inside the gates of one scan, split into clusters, and each cluster decided."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.joint import EXACT_MAX, crowd_probabilities, joint_probabilities
from opendome.tracking.kernels.pairing import assign_links
from opendome.tracking.kernels.scene import CLUSTER_ROWS, Scene, Work

Floats = npt.NDArray[np.float64]
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
    tracks, _ = number_cluster(work, first, end, slots)
    for i in range(tracks):
        work.parent[work.slots[i]] = -1
    sort_by_cost(work.order[first:end], work.pair_cost)
    for n in range(first, end):
        k = int(work.order[n])
        if work.parent[work.pair_slot[k]] < 0 and work.winner[work.pair_place[k]] < 0:
            work.winner[work.pair_place[k]] = k
            work.parent[work.pair_slot[k]] = 0


@table_kernel
def sort_by_cost(order: Longs, cost: Floats) -> None:
    """Sort pairs by their cost, the cheapest first, by a heap."""
    count = order.shape[0]
    for top in range(count // 2 - 1, -1, -1):
        sink(order, cost, top, count)
    for last in range(count - 1, 0, -1):
        order[0], order[last] = order[last], order[0]
        sink(order, cost, 0, last)


@table_kernel
def sink(order: Longs, cost: Floats, top: int, count: int) -> None:
    """Let a pair sink in the heap until none below it costs more."""
    pair = order[top]
    while True:
        below = 2 * top + 1
        if below >= count:
            break
        if below + 1 < count and cost[order[below + 1]] > cost[order[below]]:
            below += 1
        if not cost[order[below]] > cost[pair]:
            break
        order[top] = order[below]
        top = below
    order[top] = pair


@table_kernel
def decide_cluster(work: Work, first: int, end: int, slots: int) -> None:
    """Give the readings of a cluster to its tracks at the least total cost: `work.winner`."""
    tracks, readings = number_cluster(work, first, end, slots)
    if tracks > CLUSTER_ROWS or readings + tracks > 2 * CLUSTER_ROWS:
        take_cheapest(work, first, end, slots)
        return
    fill_links(work, first, end, tracks, slots)
    assign_links(work.links, tracks, readings, ALONE)
    for i in range(tracks):
        if work.links.taken[i] >= 0:
            k = int(work.links.pair[work.links.taken[i]])
            work.winner[work.pair_place[k]] = k


@table_kernel
def fill_links(work: Work, first: int, end: int, tracks: int, slots: int) -> None:
    """Write the pairs of a numbered cluster track by track, by counting."""
    links = work.links
    for i in range(tracks + 1):
        links.start[i] = 0
    for n in range(first, end):
        links.start[work.local[work.pair_slot[work.order[n]]] + 1] += 1
    for i in range(tracks):
        links.start[i + 1] += links.start[i]
        links.taken[i] = links.start[i]
    for n in range(first, end):
        k = int(work.order[n])
        i = int(work.local[work.pair_slot[k]])
        row = int(links.taken[i])
        links.taken[i] += 1
        links.reading[row] = work.local[slots + work.pair_place[k]]
        links.cost[row] = work.pair_cost[k]
        links.pair[row] = k


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
