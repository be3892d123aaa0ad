"""What stands between sensors and objects in one future: the Sun, and clouds over launches."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.threats.records import Raid

Floats = npt.NDArray[np.float64]

CLEAR_SKY = "clear sky"


@dataclass(frozen=True, kw_only=True)
class Sky:
    """The sky of one future. No dice of a trial are in it.

    Attributes
    ----------
    sun_eci : (3,) unit vector towards the Sun
    seed, future : address of the draws that say over which launches the sky is clear
    """

    sun_eci: Floats
    seed: int
    future: int


def luck_of(raid: Raid, sky: Sky) -> Floats:
    """Luck of the sky over the launch of each object, in (0, 1): (object,).

    What is released by another object has the sky of that one. All sensors share it: an object
    that is below clouds for one is below clouds for all that have no larger share of clear sky.
    """
    root = np.arange(raid.objects)
    released = raid.parent >= 0
    while np.any(released[root]):
        root = np.where(released[root], raid.parent[root], root)
    code = purpose(CLEAR_SKY)
    return np.array([uniform(sky.seed, code, sky.future, int(obj), 0) for obj in root], np.float64)
