"""Who knows it and when."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Names = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Routes:
    """How the measurements of each sensor come to each deciding node: a record for reports.

    Attributes
    ----------
    node_names, sensor_names : names
    path : by node, then sensor: names from the sensor to the node, of the first measurement
        that arrives; empty when none ever does
    cut : by node, then sensor: why nothing arrives, in words; empty when something does
    looks, arrived : (node, sensor) looks of the sensor, and how many of them arrive
    delay_min_s, delay_median_s, delay_max_s : (node, sensor) from measurement to use, over
        those that arrive; NaN without any [s]
    p_delivered : (node, sensor) their mean chance not to be lost on the way; NaN without any
    """

    node_names: Names
    sensor_names: Names
    path: tuple[tuple[Names, ...], ...]
    cut: tuple[tuple[str, ...], ...]
    looks: Longs
    arrived: Longs
    delay_min_s: Floats
    delay_median_s: Floats
    delay_max_s: Floats
    p_delivered: Floats

    def islands(self) -> list[str]:
        """What no measurement reaches or leaves, in words; of sensors only those that looked."""
        deaf = np.flatnonzero(np.sum(self.arrived, axis=1) == 0)
        mute = np.flatnonzero(
            (np.sum(self.looks, axis=0) > 0) & (np.sum(self.arrived, axis=0) == 0)
        )
        return [
            *(f"{self.node_names[node]} receives nothing from any sensor" for node in deaf),
            *(f"{self.sensor_names[sensor]} reaches no deciding node" for sensor in mute),
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain values: one row per node and sensor that looked."""
        rows = [
            self._row(node, sensor)
            for node in range(len(self.node_names))
            for sensor in range(len(self.sensor_names))
            if self.looks[node, sensor]
        ]
        return {"nodes": list(self.node_names), "islands": self.islands(), "routes": rows}

    def _row(self, node: int, sensor: int) -> dict[str, Any]:
        return {
            "node": self.node_names[node],
            "sensor": self.sensor_names[sensor],
            "path": list(self.path[node][sensor]),
            "cut": self.cut[node][sensor],
            "looks": int(self.looks[node, sensor]),
            "arrived": int(self.arrived[node, sensor]),
            "delay_min_s": _number(self.delay_min_s[node, sensor]),
            "delay_median_s": _number(self.delay_median_s[node, sensor]),
            "delay_max_s": _number(self.delay_max_s[node, sensor]),
            "p_delivered": _number(self.p_delivered[node, sensor]),
        }


@dataclass(frozen=True, kw_only=True)
class Picture:
    """When each look becomes known to each deciding node, luck left out.

    Attributes
    ----------
    node_names : one name per deciding node (a nation), indexed by node
    arrival_t_s : (node, look) when a measurement of that look can be used at the node, inf when
        it never can [s after epoch]; in the order of `sensing.records.Looks`
    p_delivered : (node, look) chance that it is not lost on the way
    routes : the ways taken, for reports
    """

    node_names: Names
    arrival_t_s: Floats
    p_delivered: Floats
    routes: Routes


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What each deciding node could know of each object, and since when; luck left out.

    Attributes
    ----------
    node_names, sensor_names : names
    first_t_s : (node, object) arrival of the first measurement, inf if none [s after epoch]
    first_sensor : (node, object) whose it was, -1 if none
    measured_t_s : (node, object) when it was measured, NaN if none [s after epoch]
    sensors : (node, object) sensors of which something arrives
    arrived : (node, object) measurements that arrive
    """

    node_names: Names
    sensor_names: Names
    first_t_s: Floats
    first_sensor: Longs
    measured_t_s: Floats
    sensors: Longs
    arrived: Longs

    def to_dict(self) -> dict[str, Any]:
        """Plain values: one row per node and object."""
        rows: list[dict[str, Any]] = []
        for node, name in enumerate(self.node_names):
            for obj in range(self.first_t_s.shape[1]):
                sensor = int(self.first_sensor[node, obj])
                rows.append(
                    {
                        "node": name,
                        "object": obj,
                        "first_t_s": _number(self.first_t_s[node, obj]),
                        "first_sensor": self.sensor_names[sensor] if sensor >= 0 else None,
                        "measured_t_s": _number(self.measured_t_s[node, obj]),
                        "sensors": int(self.sensors[node, obj]),
                        "arrived": int(self.arrived[node, obj]),
                    }
                )
        return {"nodes": list(self.node_names), "objects": rows}


def _number(value: float) -> float | None:
    """A finite number, None in place of any other."""
    return float(value) if np.isfinite(value) else None
