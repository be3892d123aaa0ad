"""When a nation could hold a track by itself, as far as geometry tells."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.sensing.records import Looks

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LIKELY = 0.5  # a look that is more likely than not to detect counts as a detection


@dataclass(frozen=True, kw_only=True)
class Holding:
    """The rule by which tracks begin, without its dice.

    confirm_hits : detections by which a sensor is sure of an object
    """

    confirm_hits: int

    def first_track_t_s(self, looks: Looks, arrival_t_s: Floats, own: Flags) -> Floats:
        """When a node could first hold a track of each object.

        looks : of one future     arrival_t_s : (look,) arrival at the node, inf if never [s]
        own : (sensor,) the sensors that count
        Returns (object,) [s after epoch], inf if never.
        Model: a sensor is sure of an object with its `confirm_hits`-th likely look that has
        arrived; one sure sensor that measures the range makes a track, or two that do not.
        """
        objects = looks.start.shape[0] - 1
        owner = np.repeat(np.arange(objects), np.diff(looks.start))
        row = np.flatnonzero(
            own[looks.sensor] & (looks.p_detect >= LIKELY) & np.isfinite(arrival_t_s)
        )
        sensor, obj, t_s = looks.sensor[row], owner[row], arrival_t_s[row]
        order = np.lexsort((t_s, sensor, obj))
        sensor, obj, t_s = sensor[order], obj[order], t_s[order]
        fresh = np.flatnonzero(np.diff(obj, prepend=-1) | np.diff(sensor, prepend=-1))
        size = np.diff(fresh, append=obj.size)
        sure = fresh[size >= self.confirm_hits] + self.confirm_hits - 1
        ranging = looks.sensor_gives_range[sensor[sure]]
        alone = _nth(objects, obj[sure[ranging]], t_s[sure[ranging]], 0)
        pair = _nth(objects, obj[sure[~ranging]], t_s[sure[~ranging]], 1)
        return np.minimum(alone, pair)


def _nth(objects: int, obj: npt.NDArray[np.int64], t_s: Floats, n: int) -> Floats:
    """The n-th smallest time of each object, counted from 0; inf where there are fewer."""
    result = np.full(objects, np.inf)
    order = np.lexsort((t_s, obj))
    obj, t_s = obj[order], t_s[order]
    first = np.flatnonzero(np.diff(obj, prepend=-1))
    enough = np.diff(first, append=obj.size) > n
    result[obj[first[enough]]] = t_s[first[enough] + n]
    return result
