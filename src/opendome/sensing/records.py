"""What could be measured when, and what was: looks of a future, detections of a trial."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]


class Measures(IntEnum):
    """What a look measures: two angles, also a range, or a place on the ground without height."""

    ANGLES = 0
    ANGLES_RANGE = 1
    RANGE_AZIMUTH = 2


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
    sensor_measures : (sensor,) what its looks measure, as `Measures` counts it
    sensor_k_factor : (sensor,) how far apart, in standard deviations, threats and other bodies
        look to it once it has watched them for long; 0 for a sensor that cannot tell them apart
    sensor_k_time_s : (sensor,) how long it must watch for that [s]
    sensor_angle_bias_rad : (sensor,) standard deviation of the error of each angle that all its
        looks have in common [rad]
    sensor_range_bias_m : (sensor,) the same of its range; 0 for one that measures none [m]
    start : (object + 1,)
    sensor : (look,)
    t_s : (look,) [s after epoch]
    p_detect : (look,)
    snr_db : (look,)
    share_after_bias : (look,) share of the information of its noise alone that a look of a
        biased sensor adds to the looks before it, across its line of sight; 1 without a bias
    range_share_after_bias : (look,) the same along its line of sight
    information_m2 : (look, 6) position information, the upper triangle
        (xx, xy, xz, yy, yz, zz) of the inverse measurement covariance, `share_after_bias`
        taken: divided by it, that of the noise alone [1/m2]
    """

    sensor_names: tuple[str, ...]
    sensor_asset: Integers
    sensor_gives_range: npt.NDArray[np.bool_]
    sensor_measures: npt.NDArray[np.int8]
    sensor_k_factor: Floats
    sensor_k_time_s: Floats
    sensor_angle_bias_rad: Floats
    sensor_range_bias_m: Floats
    start: npt.NDArray[np.int64]
    sensor: Integers
    t_s: Floats
    p_detect: Floats
    snr_db: Floats
    share_after_bias: Floats
    range_share_after_bias: Floats
    information_m2: Floats


@dataclass(frozen=True, kw_only=True)
class Detections:
    """What the sensors measured in one trial, sorted by scan. Frame: ECI.

    A scan is what one sensor sees at one moment: its detections are of different objects.
    Scans are numbered by time, then by sensor.

    Attributes
    ----------
    sensor_names, sensor_gives_range : as in `Looks`
    sensor_interval_s : (sensor,) time between two looks of a sensor at one object [s]
    sensor : (detection,)
    scan : (detection,) never falls
    look : (detection,) row of `Looks` it came from, also of a false alarm
    t_s : (detection,) [s after epoch]
    sensor_pos_eci_m : (detection, 3) where the sensor was
    direction_eci : (detection, 3) unit vector towards what it saw, as measured
    range_m : (detection,) as measured, NaN for angles only
    angle_sigma_rad : (detection,) noise of each of two angles, as the sensor reports it
    range_sigma_m : (detection,) noise of the range, inf for angles only
    false_alarm_density : (detection,) false alarms a scan expects where it looks, as the sensor
        reports it [1/rad2], or with a range [1/(rad2 m)]
    obj : (detection,) what it really was, -1 for a false alarm. No tracker may read this: it
        is for those who judge the tracks
    """

    sensor_names: tuple[str, ...]
    sensor_gives_range: npt.NDArray[np.bool_]
    sensor_interval_s: Floats
    sensor: Integers
    scan: npt.NDArray[np.int64]
    look: npt.NDArray[np.int64]
    t_s: Floats
    sensor_pos_eci_m: Floats
    direction_eci: Floats
    range_m: Floats
    angle_sigma_rad: Floats
    range_sigma_m: Floats
    false_alarm_density: Floats
    obj: Integers

    @property
    def detections(self) -> int:
        """Number of detections."""
        return int(self.t_s.shape[0])
