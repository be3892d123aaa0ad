"""What other sensors tell a radar that searches: at which objects to look, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from opendome.sensing.kernels.sheet import Sheet

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CUE_DETECTIONS = 2.0  # so many expected detections make a cue: a begun track


class Carrier(Protocol):
    """How the detections of another nation come to the one that is told."""

    def arrival_t_s(self, sensor: Integers, t_s: Floats) -> Floats:
        """When detections of sensors at times arrive: (n,) [s after epoch], inf for never."""
        ...


@dataclass(frozen=True, kw_only=True)
class CuePool:
    """Sensors whose detections are counted together until they make a cue.

    assets : scenario assets of the sensors
    delay_s : (asset,) from a detection to its being counted, its way over a network left out [s]
    carriers : (asset,) that way, None where it takes no time
    """

    assets: tuple[int, ...]
    delay_s: tuple[float, ...]
    carriers: tuple[Carrier | None, ...]

    @property
    def ways(self) -> list[tuple[int, float, Carrier | None]]:
        """Asset, delay and carrier of each."""
        return list(zip(self.assets, self.delay_s, self.carriers, strict=True))


@dataclass(frozen=True, kw_only=True)
class Cues:
    """What others may tell a radar: looks that are laid out, and whose each sensor is.

    sensor_asset : (sensor,) scenario asset of each sensor
    """

    sheets: Sequence[Sheet] = ()
    sensor_asset: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))

    def with_looks(self, sheets: Sequence[Sheet]) -> "Cues":
        """The same, and the looks of further sensors."""
        return replace(self, sheets=[*self.sheets, *sheets])

    def times(self, pools: Sequence[CuePool], objects: int) -> Floats:
        """When a radar is told of each object: (object,) [s after epoch], inf for never.

        Model: the first moment by which `CUE_DETECTIONS` detections are expected in one of the
        pools, each counted with its chance when it has arrived.
        Valid for: nothing lost on the way; luck left out.
        """
        told = np.full(objects, np.inf)
        for pool in pools:
            told = np.minimum(told, self._told_by(pool, objects))
        return told

    def _told_by(self, pool: CuePool, objects: int) -> Floats:
        """When one pool tells of each object: (object,) [s after epoch]."""
        parts = [self._counted(*one) for one in pool.ways]
        obj = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)])
        t_s = np.concatenate([np.empty(0), *(part[1] for part in parts)])
        chance = np.concatenate([np.empty(0), *(part[2] for part in parts)])
        told = np.full(objects, np.inf)
        order = np.lexsort((t_s, obj))
        for rows in np.split(order, np.flatnonzero(np.diff(obj[order])) + 1):
            enough = np.searchsorted(np.cumsum(chance[rows]), CUE_DETECTIONS)
            if enough < rows.size:
                told[int(obj[rows[0]])] = t_s[rows[enough]]
        return told

    def _counted(
        self, asset: int, delay_s: float, carrier: Carrier | None
    ) -> tuple[Integers, Floats, Floats]:
        """Object, time of being counted [s after epoch] and chance of the looks of an asset."""
        own = self.sensor_asset == asset
        used = [(sheet, np.flatnonzero(own[sheet.sensor])) for sheet in self.sheets]
        sensor = np.concatenate(
            [np.empty(0, np.int64), *(s.sensor[rows].astype(np.int64) for s, rows in used)]
        )
        obj = np.concatenate(
            [np.empty(0, np.int64), *(s.obj[rows].astype(np.int64) for s, rows in used)]
        )
        t_s = np.concatenate([np.empty(0), *(s.t_s[rows] for s, rows in used)])
        chance = np.concatenate([np.empty(0), *(s.p_detect[rows] for s, rows in used)])
        arrival_s = t_s if carrier is None else carrier.arrival_t_s(sensor, t_s)
        come = np.isfinite(arrival_s)
        return obj[come], arrival_s[come] + delay_s, chance[come]
