"""What waits, and what is lost, where more comes than a link carries."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.network.kernels.paths import Ways
from opendome.network.kernels.plan import Clock, Plan

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


class Traffic(NamedTuple):
    """What is sent, and over which legs.

    Attributes
    ----------
    sent : (step, sensor) messages expected
    sensor_place : (sensor,) place of each
    legs : (node, sensor, 2) legs from a sensor to a node one after the other, -1 for none
    start : (node, sensor, step) place where the second leg begins, -1 for none
    ends : (leg, place) where a leg leads
    queue_max_s : a message that would wait longer at one link is lost [s]
    """

    sent: Floats
    sensor_place: Longs
    legs: Longs
    start: Numbers
    ends: Bytes
    queue_max_s: float


@kernel
def fluid_step(
    backlog: float, coming: float, rate_hz: float, step_s: float, backlog_max: float
) -> tuple[float, float, float]:
    """One link over one step: (backlog after it, mean wait of what came [s], share kept).

    backlog : messages that wait at the start     coming : messages that come, evenly
    rate_hz : messages that leave per second      step_s : [s]
    backlog_max : messages that find room to wait
    Model: a fluid. The backlog grows by coming / step - rate, not below 0 nor above
    `backlog_max`; what finds no room is lost; a message waits backlog / rate.
    Valid for: many messages per step; the wait of single messages between two that come at
    random (rate / 2 / (1 - load) messages or so) is left out.
    Source: L. Kleinrock, Queueing Systems, vol. 2 (1976), section 2.7, fluid approximation.
    """
    growth = coming / step_s - rate_hz
    if growth > 0.0:
        full_s = max(0.0, (backlog_max - backlog) / growth)
        if full_s >= step_s:
            after = backlog + growth * step_s
            return after, 0.5 * (backlog + after) / rate_hz, 1.0
        area = 0.5 * (backlog + backlog_max) * full_s + backlog_max * (step_s - full_s)
        lost = growth * (step_s - full_s)
        return backlog_max, area / step_s / rate_hz, 1.0 - lost / coming
    empty_s = backlog / -growth if growth < 0.0 else math.inf
    if empty_s >= step_s:
        after = backlog + growth * step_s
        return after, 0.5 * (backlog + after) / rate_hz, 1.0
    return 0.0, 0.5 * backlog * empty_s / step_s / rate_hz, 1.0


@kernel
def walk(
    plan: Plan,
    ways: Ways,
    traffic: Traffic,
    step: int,
    node: int,
    sensor: int,
    route: Numbers,
) -> int:
    """Hops with a limited rate on the way from a sensor to a node at a step.

    route : (hop, 3) place, next place, link, written     Returns how many.
    """
    count = 0
    place = traffic.sensor_place[sensor]
    for part in range(2):
        leg = traffic.legs[node, sensor, part]
        if leg < 0:
            break
        if part == 1:
            place = traffic.start[node, sensor, step]
        while place >= 0 and not traffic.ends[leg, place]:
            onward = ways.hop[leg, step, place]
            link = ways.link[leg, step, place]
            if onward >= 0 and plan.links[link]["rate_hz"] < math.inf and count < route.shape[0]:
                route[count, 0] = place
                route[count, 1] = onward
                route[count, 2] = link
                count += 1
            place = onward
    return count


@kernel
def add_load(
    plan: Plan, ways: Ways, traffic: Traffic, step: int, load: Floats, last: Numbers
) -> None:
    """Messages on every hop at a step: (place, place), written. A copy for two nodes goes once.

    last : (place, place) scratch: the sensor counted last
    """
    load[:] = 0.0
    last[:] = -1
    route = np.empty((2 * plan.places.shape[0], 3), np.int32)
    for sensor in range(traffic.sent.shape[1]):
        if traffic.sent[step, sensor] <= 0.0:
            continue
        for node in range(traffic.legs.shape[0]):
            for hop in range(walk(plan, ways, traffic, step, node, sensor, route)):
                i, j = route[hop, 0], route[hop, 1]
                if last[i, j] != sensor:
                    last[i, j] = sensor
                    load[i, j] += traffic.sent[step, sensor]


@kernel
def fill_waits(
    plan: Plan, clock: Clock, ways: Ways, traffic: Traffic, wait_s: Floats, kept: Floats
) -> None:
    """What queues add to each way, forward in time.

    wait_s : (node, step, sensor) added seconds, written     kept : share not lost, written
    Model: `fluid_step` at every directed hop of a limited rate. Ways are chosen without a look
    at the queues; a link loses before the next one sees (the load behind it is not reduced).
    """
    places = plan.places.shape[0]
    load, backlog = np.zeros((places, places)), np.zeros((places, places))
    hop_wait, hop_kept = np.zeros((places, places)), np.ones((places, places))
    last = np.empty((places, places), np.int32)
    rate = np.full((places, places), math.inf)
    route = np.empty((2 * places, 3), np.int32)
    for step in range(clock.steps):
        add_load(plan, ways, traffic, step, load, last)
        note_rates(plan, ways, step, rate)
        for i in range(places):
            for j in range(places):
                if rate[i, j] == math.inf or load[i, j] + backlog[i, j] == 0.0:
                    hop_wait[i, j] = 0.0
                    hop_kept[i, j] = 1.0
                    continue
                room = rate[i, j] * traffic.queue_max_s
                backlog[i, j], hop_wait[i, j], hop_kept[i, j] = fluid_step(
                    backlog[i, j], load[i, j], rate[i, j], clock.step_s, room
                )
        for node in range(traffic.legs.shape[0]):
            for sensor in range(traffic.sent.shape[1]):
                wait_s[node, step, sensor] = 0.0
                kept[node, step, sensor] = 1.0
                for hop in range(walk(plan, ways, traffic, step, node, sensor, route)):
                    i, j = route[hop, 0], route[hop, 1]
                    wait_s[node, step, sensor] += hop_wait[i, j]
                    kept[node, step, sensor] *= hop_kept[i, j]


@kernel
def note_rates(plan: Plan, ways: Ways, step: int, rate: Floats) -> None:
    """Rate of every hop that a way takes at a step: (place, place), kept from earlier steps."""
    for leg in range(ways.hop.shape[0]):
        for place in range(rate.shape[0]):
            onward = ways.hop[leg, step, place]
            if onward >= 0:
                rate[place, onward] = plan.links[ways.link[leg, step, place]]["rate_hz"]
