"""The picture and the record of routes of a scenario that draws its network."""

import numpy as np
import numpy.typing as npt

from opendome.network.flow import Flow
from opendome.network.legs import NONE
from opendome.network.records import Names, Picture
from opendome.network.routes import NOT_HELD, NOT_SHARED, routes_of

HELD = "(waits for a contact)"


def picture(flow: Flow) -> Picture:
    """When each look becomes known to each deciding nation, and by which way."""
    both = [flow.delivered(node) for node in range(len(flow.nodes))]
    shape = (len(flow.nodes), flow.looks.t_s.size)
    arrival_t_s = np.array([arrival for arrival, _ in both]).reshape(shape)
    p_delivered = np.array([chance for _, chance in both]).reshape(shape)
    sensors = range(len(flow.sensor_nation))
    path = [_paths(flow, node, arrival_t_s[node]) for node in range(shape[0])]
    cut = [[_cut(flow, node, s) for s in sensors] for node in range(shape[0])]
    return Picture(
        node_names=flow.nodes,
        arrival_t_s=arrival_t_s,
        p_delivered=p_delivered,
        routes=routes_of(
            flow.nodes, flow.looks, arrival_t_s, path=path, p_delivered=p_delivered, cut=cut
        ),
    )


def _paths(flow: Flow, node: int, arrival_t_s: npt.NDArray[np.float64]) -> list[Names]:
    """For each sensor, names along the way of its first look that arrives; empty without one."""
    looks = flow.looks
    rows = np.flatnonzero(np.isfinite(arrival_t_s))
    rows = rows[np.argsort(looks.t_s[rows], kind="stable")]
    sensors, first = np.unique(looks.sensor[rows], return_index=True)
    steps = flow.clock.step_of(looks.t_s[rows[first]])
    paths: list[Names] = [()] * len(flow.sensor_nation)
    for sensor, step in zip(sensors.tolist(), steps.tolist(), strict=True):
        paths[sensor] = _path(flow, node, sensor, step)
    return paths


def _path(flow: Flow, node: int, sensor: int, step: int) -> Names:
    """Names along the way from a sensor to a node at a step."""
    chain = flow.chain(sensor, node)
    if chain is None:
        return ()
    names = _walk(flow, chain.first, step, int(flow.sensor_place[sensor]))
    if chain.second != NONE:
        onward = _walk(flow, chain.second, step, int(flow.second_start[node, sensor, step]))
        names += onward[1:] if names[-1] == onward[0] else onward
    return tuple(names)


def _walk(flow: Flow, leg: int, step: int, place: int) -> list[str]:
    """Names along a leg at a step."""
    named = flow.network.place_names
    names = [named[place]]
    while not flow.legs.ends[leg, place]:
        place = int(flow.ways.hop[leg, step, place])
        if place == NONE:
            return [*names, HELD]
        names.append(named[place])
    return names


def _cut(flow: Flow, node: int, sensor: int) -> str:
    """Why nothing arrives at a node from a sensor, in words."""
    chain = flow.chain(sensor, node)
    if chain is None:
        return NOT_SHARED
    place = int(flow.sensor_place[sensor])
    why = _broken(flow, chain.first, place)
    if why or chain.second == NONE:
        return why
    starts = np.flatnonzero(flow.network.commands_of(flow.sensor_nation[sensor]))
    if not starts.size:
        return f"{flow.sensor_nation[sensor]} has no command node that could give tracks"
    each = [_broken(flow, chain.second, int(start)) for start in starts]
    return each[0] if all(each) else NOT_HELD


def _broken(flow: Flow, leg: int, place: int) -> str:
    """Where a leg is cut for a place during the whole run; empty when it ever is whole."""
    if np.isfinite(flow.ways.delay_s[leg, :, place]).any():
        return ""
    network = flow.network
    if not flow.plan.places["works"][place]:
        return f"{network.place_names[place]} does not work"
    group_of = network.place_group
    opened = [network.lines[i].ends for i in np.flatnonzero(flow.ways.opened)]
    start = network.groups[group_of[place]].name
    open_to = {network.groups[g].name for g in set(group_of[flow.legs.allowed[leg] == 1].tolist())}
    passing = {group.name for group in network.groups if group.passes} | {start}
    reached = _reached({start}, opened, open_to, passing)
    ends = {network.groups[g].name for g in set(group_of[flow.legs.ends[leg] == 1].tolist())}
    if not ends:
        return "the taker has no command node"
    if reached & ends:
        return "its contacts never stand at the same time"
    barred = _reached(reached, opened, {g.name for g in network.groups}, passing) - reached
    last = ", ".join(sorted(reached))
    if barred:
        return f"cut after {last}: not releasable to {', '.join(sorted(barred))}"
    return f"cut after {last}: no contact from there to {', '.join(sorted(ends))}"


def _reached(
    start: set[str], ends: list[tuple[str, str]], open_to: set[str], passing: set[str]
) -> set[str]:
    """Groups reached from some, over lines: of those open to a message, through those passing."""
    reached = set(start)
    growing = True
    while growing:
        before = len(reached)
        for first, second in ends:
            if first in reached & passing and second in open_to:
                reached.add(second)
            if second in reached & passing and first in open_to:
                reached.add(first)
        growing = len(reached) > before
    return reached
