"""The readings of one cluster given to its tracks at the least total cost, pair by pair.

As `assignment`, for tables of which nearly every pair is forbidden: only the allowed pairs are
stored and looked at, and a track may go without.

Source: R. Jonker, A. Volgenant, A shortest augmenting path algorithm for dense and sparse
linear assignment problems, Computing 38 (1987) 325-340: augmenting row reduction, then
augmentation.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

OPEN, NOTHING = -1, -2  # a track not yet decided; one that goes without a reading
UNSEEN, REACHED, DONE = range(3)  # of a reading, in the search of a path
BIDS = 16  # displacements that a track may set off before the exact search takes over


class Links(NamedTuple):
    """The allowed pairs of a cluster, track by track, and room to assign them.

    start : (track + 1,) pairs of each track in `reading`, `cost` and `pair` (pair,)
    taken : (track,) pair that a track goes with, `NOTHING`, or `OPEN` while undecided
    track_price : (track,)     owner : (reading,) track that has it, -1 for none
    reading_price, reached : (reading,)     came_by, came_from : (reading,) pair and track that
        reached it     state : (reading,) `UNSEEN`, `REACHED` or `DONE`
    touched : (reading,) those reached
    """

    start: Longs
    reading: Longs
    cost: Floats
    pair: Longs
    taken: Longs
    track_price: Floats
    owner: Longs
    reading_price: Floats
    reached: Floats
    came_by: Longs
    came_from: Longs
    state: Longs
    touched: Longs


def new_links(tracks: int, readings: int, pairs: int) -> Links:
    """Room for clusters up to this size."""
    return Links(
        start=np.empty(tracks + 1, np.int64),
        reading=np.empty(pairs, np.int64),
        cost=np.empty(pairs),
        pair=np.empty(pairs, np.int64),
        taken=np.empty(tracks, np.int64),
        track_price=np.empty(tracks),
        owner=np.empty(readings, np.int64),
        reading_price=np.empty(readings),
        reached=np.empty(readings),
        came_by=np.empty(readings, np.int64),
        came_from=np.empty(readings, np.int64),
        state=np.empty(readings, np.int64),
        touched=np.empty(readings, np.int64),
    )


@table_kernel
def assign_links(links: Links, tracks: int, readings: int, alone: float) -> None:
    """Decide every track of a cluster, `links.taken`, at the least total cost.

    links.start, reading, cost : given     alone : cost of a track without a reading
    Valid for: finite costs.
    """
    for j in range(readings):
        links.owner[j] = OPEN
        links.reading_price[j] = 0.0
        links.state[j] = UNSEEN
    for i in range(tracks):
        links.taken[i] = OPEN
    for i in range(tracks):
        bid(links, i, alone)
    for i in range(tracks):
        if links.taken[i] == OPEN:
            settle_track(links, i, alone)


@table_kernel
def two_best(links: Links, track: int, alone: float) -> tuple[int, float, float]:
    """Best pair of a track at present prices, `NOTHING` to go without; its cost, and the next."""
    best, least, second = NOTHING, alone, math.inf
    for n in range(links.start[track], links.start[track + 1]):
        cost = links.cost[n] - links.reading_price[links.reading[n]]
        if cost < least:
            best, least, second = n, cost, least
        elif cost < second:
            second = cost
    return best, least, second


@table_kernel
def bid(links: Links, track: int, alone: float) -> None:
    """Let a track take its best reading and whoever loses it look on, for a while.

    A reading's price falls until the next best is as good; prices stay a dual solution.
    """
    for _ in range(BIDS):
        best, least, second = two_best(links, track, alone)
        if best == NOTHING:
            links.taken[track] = NOTHING
            links.track_price[track] = least
            return
        j = links.reading[best]
        loser = int(links.owner[j])
        links.reading_price[j] -= second - least
        links.track_price[track] = second
        links.taken[track] = best
        links.owner[j] = track
        if loser < 0:
            return
        links.taken[loser] = OPEN
        track = loser


@table_kernel
def relax(links: Links, track: int, length: float, count: int) -> int:
    """Reach readings from a track; returns how many are reached in all, `count` before."""
    for n in range(links.start[track], links.start[track + 1]):
        j = links.reading[n]
        step = length + links.cost[n] - links.track_price[track] - links.reading_price[j]
        if links.state[j] == UNSEEN:
            links.state[j] = REACHED
            links.touched[count] = j
            count += 1
        elif links.state[j] == DONE or step >= links.reached[j]:
            continue
        links.reached[j] = step
        links.came_by[j] = n
        links.came_from[j] = track
    return count


@table_kernel
def nearest_of(links: Links, count: int) -> tuple[int, float]:
    """The reached reading with the shortest path that is not done with; `NOTHING` for none."""
    nearest, lowest = NOTHING, math.inf
    for n in range(count):
        j = int(links.touched[n])
        if links.state[j] == REACHED and links.reached[j] < lowest:
            nearest, lowest = j, links.reached[j]
    return nearest, lowest


@table_kernel
def settle_track(links: Links, first: int, alone: float) -> None:
    """Decide an open track along the cheapest alternating path, by Dijkstra.

    The path ends at a reading that nobody has, or at a track that then goes without.
    """
    count, length, track = 0, 0.0, first
    spare, leaver = math.inf, first
    links.track_price[first] = 0.0
    while True:
        if length + alone - links.track_price[track] < spare:
            spare, leaver = length + alone - links.track_price[track], track
        count = relax(links, track, length, count)
        end, length = nearest_of(links, count)
        if spare <= length:
            end, length = NOTHING, spare
            break
        if links.owner[end] < 0:
            break
        links.state[end] = DONE
        track = int(links.owner[end])
    raise_prices(links, first, length, count)
    if end == NOTHING:
        link = int(links.taken[leaver])
        links.taken[leaver] = NOTHING
        if leaver == first:
            return
        end = int(links.reading[link])
    hand_on(links, first, end)


@table_kernel
def raise_prices(links: Links, first: int, length: float, count: int) -> None:
    """Prices after a path of this length, and nothing reached any more."""
    links.track_price[first] += length
    for n in range(count):
        j = int(links.touched[n])
        if links.state[j] == DONE:
            links.track_price[links.owner[j]] += length - links.reached[j]
            links.reading_price[j] -= length - links.reached[j]
        links.state[j] = UNSEEN


@table_kernel
def hand_on(links: Links, first: int, end: int) -> None:
    """Give each reading of a path to the track that reached it, from its end to its `first`."""
    j = end
    while True:
        track = int(links.came_from[j])
        given_up = int(links.taken[track])
        links.taken[track] = links.came_by[j]
        links.owner[j] = track
        if track == first:
            return
        j = int(links.reading[given_up])
