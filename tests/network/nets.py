"""Small networks made by hand: places on the ground joined by lines of known delay."""

import math

import numpy as np

from opendome.network.drawn import picture
from opendome.network.flow import Flow, places_of
from opendome.network.graph import Group, Line, Network
from opendome.network.holding import Holding
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import enu_axes


def standing(name, nation="US", *, at=(0.0, 0.0), **more):
    """One place on the ground. at : latitude and longitude [deg]."""
    lat, lon = np.radians([at[0]]), np.radians([at[1]])
    return Group(
        name=name,
        nation=nation,
        names=(name,),
        site_ecef_m=ecef_from_geodetic(lat, lon, np.zeros(1)).reshape(1, 3),
        up_ecef=enu_axes(lat, lon)[:, 2],
        **more,
    )


def command(name="hq", nation="US", **more):
    return standing(name, nation, commands=True, **more)


def line(first, second, delay_s=1.0, **more):
    return Line(name=f"{first}-{second}", ends=(first, second), fixed=True, delay_s=delay_s, **more)


def net(groups, lines, **more):
    settings = {"step_s": 10.0, "age_max_s": 60.0, "queue_max_s": 30.0} | more
    return Network(groups=tuple(groups), lines=tuple(lines), **settings)


def flow(network, looks, *, sensors, nodes=("US",), nations=None, sharing=(), processing_s=0.0):
    """What flows when the sensors, named as their groups, look."""
    owners = nations or ["US"] * len(sensors)
    return Flow(
        network=network,
        looks=looks,
        nodes=tuple(nodes),
        sensor_nation=tuple(owners),
        sensor_place=places_of(network, sensors),
        processing_s=np.full(len(sensors), processing_s),
        sharing=tuple(sharing),
        holding=Holding(confirm_hits=2),
        era_epoch_rad=0.0,
    )


def delays(network, looks, **more):
    """(node, look) seconds from look to use, and the picture."""
    got = picture(flow(network, looks, **more))
    return got.arrival_t_s - looks.t_s, got


def shortest(edges, start, end, handling):
    """Length of the shortest simple path by trying all of them. edges : {(a, b): seconds}."""
    ways = {}
    for (a, b), seconds in edges.items():
        ways.setdefault(a, {})[b] = min(seconds, ways.get(a, {}).get(b, math.inf))
        ways.setdefault(b, {})[a] = min(seconds, ways.get(b, {}).get(a, math.inf))

    def go(here, seen):
        if here == end:
            return 0.0
        onward = [
            seconds + handling.get(there, 0.0) + go(there, seen | {there})
            for there, seconds in ways.get(here, {}).items()
            if there not in seen
        ]
        return min(onward, default=math.inf)

    return go(start, {start})


def earliest(open_at, step, start, end, t_s, step_s, handling):
    """Arrival by a plain twin of waiting: open_at[k] are the edges in contact at step k.

    A message goes now, or goes somewhere, waits for the next step and goes on from there; what
    it took to get there is counted after the wait. Where every place has a way now, none waits.
    """
    now_s = t_s + shortest(open_at[step], start, end, handling)
    if step + 1 == len(open_at):
        return now_s
    next_s = (step + 1) * step_s
    names = {start} | {name for edges in open_at for pair in edges for name in pair}
    if all(math.isfinite(shortest(open_at[step], name, end, handling)) for name in names):
        return now_s
    later = [
        shortest(open_at[step], start, there, handling)
        + earliest(open_at, step + 1, there, end, next_s, step_s, handling)
        for there in names
    ]
    return min(now_s, *later)
