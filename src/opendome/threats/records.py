"""What flies in: the truth of one future."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An object that its class cannot bring to its aim point.

    object : index of the object    group : its raid entry    reason : in words
    """

    object: int
    group: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Flown:
    """The objects of one group, flown. Times count from the launch of each object.

    What cannot be flown has a reason, NaN in every time and sample, and a place in `reasons`.

    Attributes
    ----------
    burnout_s, impact_s : (object,) [s]
    impact_lat_rad, impact_lon_rad : (object,) geodetic [rad]
    pos_eci_m, vel_eci_m_s : (object, time, 3) every step of the raid, NaN after impact
    intensity_w_sr, rcs_m2 : (object, time) as in `Raid`
    hot_until_s, turn_s : (object,) [s], as in `Raid`
    manoeuvre_psd_m2_s3 : (object,) or one for all, as in `Raid`
    manoeuvre_s : (object,) or one for all [s], as in `Raid`
    reasons : (object,) why it cannot be flown, empty if it can
    """

    burnout_s: Floats
    impact_s: Floats
    impact_lat_rad: Floats
    impact_lon_rad: Floats
    pos_eci_m: Floats
    vel_eci_m_s: Floats
    intensity_w_sr: Floats
    rcs_m2: Floats
    hot_until_s: Floats
    turn_s: Floats
    manoeuvre_psd_m2_s3: Floats | float
    reasons: tuple[str, ...]
    manoeuvre_s: Floats | float = -math.inf


@dataclass(frozen=True, kw_only=True)
class Raid:
    """Every object of one future, flown without any defence. Frame: ECI of the scenario epoch.

    Objects are sampled every `step_s` from their own launch: sample k is at
    ``launch_t_s + k * step_s``; samples after impact are NaN and not `valid`.

    Attributes
    ----------
    class_names : names of the threat classes, indexed by `object_class`
    object_class : (object,)
    group : (object,) index of the raid entry in the scenario
    launch_t_s, burnout_t_s, impact_t_s : (object,) [s after epoch]
    launch_lat_rad, launch_lon_rad : (object,) geodetic [rad]
    impact_lat_rad, impact_lon_rad : (object,) geodetic, where it falls if nobody stops it [rad]
    hot_until_t_s : (object,) until when it shows before the Earth in the infrared [s after
        epoch]: burnout of what then cools, impact of what stays hot
    turn_t_s : (object,) until when where it falls is open, to itself and to all who watch
        [s after epoch]; -inf for what flies on as it must from burnout
    manoeuvre_psd_m2_s3 : (object,) spectral density of the acceleration after burnout that
        nobody who watches can know; 0 for free flight [m2/s3]
    manoeuvre_t_s : (object,) from when on that density holds [s after epoch], -inf for all the
        time after burnout; None for -inf of all objects
    p_reliable : (object,) chance that the object does not fail by itself
    parent : (object,) object it is part of until its own launch time, -1 for none; what is
        killed before it has let go of its parts takes them along
    lethal : (object,) False for what harms nobody where it falls: stage, debris, decoy, aircraft
    p_taken_for_real : (object,) chance that those who watch take it for a threat; NaN where
        they judge by what their sensors tell them
    pos_eci_m, vel_eci_m_s : (object, time, 3)
    intensity_w_sr : (object, time) in-band infrared intensity towards a sensor [W/sr]
    rcs_m2 : (object, time) radar cross-section [m2]
    valid : (object, time)
    refused : objects that cannot reach their aim; their times, points and samples are NaN and
        never `valid`
    """

    class_names: tuple[str, ...]
    object_class: Integers
    group: Integers
    launch_t_s: Floats
    burnout_t_s: Floats
    impact_t_s: Floats
    launch_lat_rad: Floats
    launch_lon_rad: Floats
    impact_lat_rad: Floats
    impact_lon_rad: Floats
    hot_until_t_s: Floats
    turn_t_s: Floats
    manoeuvre_psd_m2_s3: Floats
    p_reliable: Floats
    parent: Integers
    lethal: Flags
    p_taken_for_real: Floats
    step_s: float
    pos_eci_m: Floats
    vel_eci_m_s: Floats
    intensity_w_sr: Floats
    rcs_m2: Floats
    valid: Flags
    refused: tuple[Refusal, ...] = ()
    manoeuvre_t_s: Floats | None = None

    @property
    def objects(self) -> int:
        """Number of objects."""
        return int(self.object_class.shape[0])
