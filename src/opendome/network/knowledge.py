"""What each deciding node could know of each object, and since when."""

import numpy as np

from opendome.network.records import Knowledge, Picture
from opendome.sensing.records import Looks


def knowledge(looks: Looks, picture: Picture) -> Knowledge:
    """First arrivals of a future, luck left out: as if every look detected and nothing was lost.

    looks, picture : of the same future
    """
    objects = looks.start.shape[0] - 1
    owner = np.repeat(np.arange(objects), np.diff(looks.start))
    shape = (len(picture.node_names), objects)
    first_t_s, measured_t_s = np.full(shape, np.inf), np.full(shape, np.nan)
    first_sensor = np.full(shape, -1, np.int64)
    sensors, arrived = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for node in range(shape[0]):
        arrival_t_s = picture.arrival_t_s[node]
        row = np.flatnonzero(np.isfinite(arrival_t_s))
        row = row[np.lexsort((looks.sensor[row], arrival_t_s[row], owner[row]))]
        known, begin = np.unique(owner[row], return_index=True)
        first = row[begin]
        first_t_s[node, known] = arrival_t_s[first]
        measured_t_s[node, known] = looks.t_s[first]
        first_sensor[node, known] = looks.sensor[first]
        arrived[node] = np.bincount(owner[row], minlength=objects)
        pairs = np.unique(owner[row] * len(looks.sensor_names) + looks.sensor[row])
        sensors[node] = np.bincount(pairs // len(looks.sensor_names), minlength=objects)
    return Knowledge(
        node_names=picture.node_names,
        sensor_names=looks.sensor_names,
        first_t_s=first_t_s,
        first_sensor=first_sensor,
        measured_t_s=measured_t_s,
        sensors=sensors,
        arrived=arrived,
    )
