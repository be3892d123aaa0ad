"""The record of the ways that measurements took."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from opendome.network.records import Names, Routes
from opendome.sensing.records import Looks

Floats = npt.NDArray[np.float64]

NOT_SHARED = "not shared with this node"
NOT_HELD = "the giver never could hold a track by itself"


def routes_of(
    nodes: Sequence[str],
    looks: Looks,
    arrival_t_s: Floats,
    *,
    path: Sequence[Sequence[Names]],
    p_delivered: Floats | None = None,
    cut: Sequence[Sequence[str]] | None = None,
) -> Routes:
    """The ways and delays of every sensor to every node.

    nodes : names     looks : of one future     arrival_t_s : (node, look) inf if never [s]
    path : by node, then sensor: names along the way
    p_delivered : (node, look), 1 when not given     cut : words where nothing arrives
    """
    sensors = len(looks.sensor_names)
    shape = (len(nodes), sensors)
    count = np.zeros(shape, np.int64)
    arrived = np.zeros(shape, np.int64)
    least, middle, most, chance = (np.full(shape, np.nan) for _ in range(4))
    number = looks.sensor.astype(np.min_scalar_type(sensors))  # short ones sort in linear time
    order = np.argsort(number, kind="stable")
    of_each = np.bincount(looks.sensor, minlength=sensors)
    begin = np.concatenate([[0], np.cumsum(of_each)])
    count[:] = of_each
    for node, sensor in np.argwhere(count):
        rows = order[begin[sensor] : begin[sensor + 1]]
        arrival = arrival_t_s[node, rows]
        there = np.isfinite(arrival)
        arrived[node, sensor] = np.count_nonzero(there)
        if not arrived[node, sensor]:
            continue
        delay_s = arrival[there] - looks.t_s[rows[there]]
        least[node, sensor], most[node, sensor] = delay_s.min(), delay_s.max()
        middle[node, sensor] = np.median(delay_s)
        chance[node, sensor] = 1.0 if p_delivered is None else p_delivered[node, rows[there]].mean()
    return Routes(
        node_names=tuple(nodes),
        sensor_names=looks.sensor_names,
        path=tuple(
            tuple(way if arrived[i, j] else () for j, way in enumerate(row))
            for i, row in enumerate(path)
        ),
        cut=tuple(
            tuple(
                "" if arrived[i, j] or not count[i, j] else _why(way, i, j, cut)
                for j, way in enumerate(row)
            )
            for i, row in enumerate(path)
        ),
        looks=count,
        arrived=arrived,
        delay_min_s=least,
        delay_median_s=middle,
        delay_max_s=most,
        p_delivered=chance,
    )


def _why(way: Names, node: int, sensor: int, cut: Sequence[Sequence[str]] | None) -> str:
    """Why nothing arrives at a node from a sensor."""
    if cut is not None and cut[node][sensor]:
        return cut[node][sensor]
    return NOT_HELD if way else NOT_SHARED
