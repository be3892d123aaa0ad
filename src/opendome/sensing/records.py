"""What could be measured when: every look of every sensor at every object."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Looks:
    """The looks of one future, sorted by object, then time, then sensor. Frame: ECI.

    The looks at object j are rows ``start[j]:start[j + 1]``. No luck is in here: a look
    becomes a detection when the dice of a trial say so.

    Attributes
    ----------
    sensor_names : one name per sensor (each satellite is a sensor), indexed by `sensor`
    sensor_asset : (sensor,) index of the scenario asset a sensor belongs to
    sensor_gives_range : (sensor,) True for a radar, False for an angles-only sensor
    sensor_k_factor : (sensor,) how far apart, in standard deviations, threats and other bodies
        look to it once it has watched them for long; 0 for a sensor that cannot tell them apart
    sensor_k_time_s : (sensor,) how long it must watch for that [s]
    start : (object + 1,)
    sensor : (look,)
    t_s : (look,) [s after epoch]
    p_detect : (look,)
    snr_db : (look,)
    information_m2 : (look, 6) position information, the upper triangle
        (xx, xy, xz, yy, yz, zz) of the inverse measurement covariance [1/m2]
    """

    sensor_names: tuple[str, ...]
    sensor_asset: Integers
    sensor_gives_range: npt.NDArray[np.bool_]
    sensor_k_factor: Floats
    sensor_k_time_s: Floats
    start: npt.NDArray[np.int64]
    sensor: Integers
    t_s: Floats
    p_detect: Floats
    snr_db: Floats
    information_m2: Floats
