"""The earliest arrival from every place, step by step backwards in time."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.network.kernels.contact import fill_contacts
from opendome.network.kernels.plan import Clock, Plan

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


class Ways(NamedTuple):
    """How messages get from everywhere to the ends of each leg.

    Attributes
    ----------
    delay_s : (leg, step, place) to an end over the contacts of that step, inf without a way [s]
    chance : (leg, step, place) not to be lost on it
    hop, link : (leg, step, place) next place and link on it, -1 at an end and without a way
    held_t_s : (leg, step, place) arrival of a message that waits on the way until a later
        step, inf when there is none [s after epoch]
    held_chance : (leg, step, place) not to be lost on that
    opened : (link,) steps in which any two places were in contact by it
    """

    delay_s: Floats
    chance: Floats
    hop: Numbers
    link: Numbers
    held_t_s: Floats
    held_chance: Floats
    opened: Longs


def new_ways(*, legs: int, steps: int, places: int, links: int) -> Ways:
    """Empty tables."""
    shape = (legs, steps, places)
    return Ways(
        delay_s=np.empty(shape),
        chance=np.empty(shape),
        hop=np.empty(shape, np.int32),
        link=np.empty(shape, np.int32),
        held_t_s=np.empty(shape),
        held_chance=np.empty(shape),
        opened=np.zeros(links, np.int64),
    )


@kernel
def nearest(label: Floats, done: Bytes) -> int:
    """Place with the smallest label that is not done, -1 when none is left that counts."""
    best = -1
    least = math.inf
    for i in range(label.shape[0]):
        if not done[i] and label[i] < least:
            least = label[i]
            best = i
    return best


@kernel
def spread(
    plan: Plan,
    allowed: Bytes,
    weight_s: Floats,
    link_of: Numbers,
    label: Floats,
    chance: Floats,
    hop: Numbers,
    link: Numbers,
) -> None:
    """Shortest way from every place to those with a label, in place.

    allowed : (place,) through which a message may pass     weight_s, link_of : from
    `fill_contacts`
    label : (place,) what it costs to be there: 0 at an end, inf elsewhere; shortened
    chance : (place,) of not being lost from there on; carried along
    hop, link : (place,) next place and link, written where a way is found
    Model: Dijkstra's algorithm on a dense table, from the ends backwards; a hop costs its
    seconds and the delay of the place that receives.
    Valid for: no negative seconds. Loops are never taken: they cost time.
    Source: E. W. Dijkstra, A note on two problems in connection with graphs, Numerische
    Mathematik 1 (1959) 269-271.
    """
    places = label.shape[0]
    done = np.zeros(places, np.uint8)
    while True:
        u = nearest(label, done)
        if u < 0:
            return
        done[u] = 1
        if not allowed[u] or not plan.places[u]["passes"]:
            continue
        here_s = label[u] + plan.places[u]["delay_s"]
        for v in range(places):
            if done[v] or not allowed[v] or link_of[v, u] < 0:
                continue
            there_s = here_s + weight_s[v, u]
            if there_s < label[v]:
                label[v] = there_s
                chance[v] = chance[u] * (1.0 - plan.links[link_of[v, u]]["p_loss"])
                hop[v] = u
                link[v] = link_of[v, u]


@kernel
def all_reach(label: Floats, allowed: Bytes) -> bool:
    """Whether every place that may carry a message has a way now, so that none need wait."""
    waiting = 0
    for i in range(label.shape[0]):
        if allowed[i] and label[i] == math.inf:
            waiting += 1
    return waiting == 0


@kernel
def step_back(
    plan: Plan,
    ends: Bytes,
    allowed: Bytes,
    now_s: float,
    weight_s: Floats,
    link_of: Numbers,
    ways: Ways,
    leg: int,
    step: int,
) -> None:
    """Ways of one leg at one step, when those of all later steps are known.

    Model: a message goes now over the contacts of this step, which stand until the next; or it
    moves to a place in contact from which a later step brings it on, and waits there. What it
    takes to get there is counted after the wait: at most that much too late. At a step at which
    every place has a way none waits, even where a contact about to open were faster.
    """
    places = ends.shape[0]
    label, chance = ways.delay_s[leg, step], ways.chance[leg, step]
    hop, link = ways.hop[leg, step], ways.link[leg, step]
    held, held_chance = ways.held_t_s[leg, step], ways.held_chance[leg, step]
    hop[:] = -1
    link[:] = -1
    for i in range(places):
        label[i] = 0.0 if ends[i] else math.inf
        chance[i] = 1.0
        held[i] = math.inf
        held_chance[i] = 1.0
    spread(plan, allowed, weight_s, link_of, label, chance, hop, link)
    if step + 1 == ways.delay_s.shape[1] or all_reach(label, allowed):
        return
    for i in range(places):
        if allowed[i]:
            later = ways.delay_s[leg, step + 1, i]
            held[i] = now_s + later
            held_chance[i] = ways.chance[leg, step + 1, i]
            if ways.held_t_s[leg, step + 1, i] < held[i]:
                held[i] = ways.held_t_s[leg, step + 1, i]
                held_chance[i] = ways.held_chance[leg, step + 1, i]
    unused_hop = np.empty(places, np.int32)
    unused_link = np.empty(places, np.int32)
    spread(plan, allowed, weight_s, link_of, held, held_chance, unused_hop, unused_link)


@kernel
def find_ways(plan: Plan, clock: Clock, ends: Bytes, allowed: Bytes, ways: Ways) -> None:
    """Ways of all legs at all steps.

    ends : (leg, place) where a leg leads     allowed : (leg, place) through which it may pass
    ways : written
    """
    places = plan.places.shape[0]
    pos, up = np.empty((places, 3)), np.empty((places, 3))
    weight_s = np.empty((places, places))
    link_of = np.empty((places, places), np.int32)
    for back in range(clock.steps):
        step = clock.steps - 1 - back
        t_s = clock.start_s + step * clock.step_s
        fill_contacts(plan, t_s, pos, up, weight_s, link_of)
        count_open(link_of, ways.opened)
        for leg in range(ends.shape[0]):
            step_back(
                plan,
                ends[leg],
                allowed[leg],
                t_s + clock.step_s,
                weight_s,
                link_of,
                ways,
                leg,
                step,
            )


@kernel
def count_open(link_of: Numbers, opened: Longs) -> None:
    """Count this step for every link by which any two places are in contact."""
    seen = np.zeros(opened.shape[0], np.uint8)
    for i in range(link_of.shape[0]):
        for j in range(i):
            if link_of[i, j] >= 0:
                seen[link_of[i, j]] = 1
    for link in range(opened.shape[0]):
        opened[link] += seen[link]
