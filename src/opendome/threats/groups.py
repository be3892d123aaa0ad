"""A group of the raid: objects of one class with their times and points, and how a class flies."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from opendome.threats.records import Floats, Flown, Integers


@dataclass(frozen=True, kw_only=True)
class RaidGroup:
    """Objects of one class with their times and points.

    Attributes
    ----------
    threat : the class    class_name : its name
    launch_t_s : (object,) [s after epoch]
    launch_lat_rad, launch_lon_rad, aim_lat_rad, aim_lon_rad : (object,) geodetic [rad]
    parent : (object,) object of the raid it is part of until its launch time; None for none
    lethal, p_taken_for_real : of every object, as in `Raid`
    entry : index of the raid entry that declares it; None for the position of the group
    scatter : (object, 2) luck of the impact along and across the line of fire, in standard
        deviations; None for none
    """

    threat: "Threat"
    class_name: str
    launch_t_s: Floats
    launch_lat_rad: Floats
    launch_lon_rad: Floats
    aim_lat_rad: Floats
    aim_lon_rad: Floats
    parent: Integers | None = None
    lethal: bool = True
    p_taken_for_real: float = 1.0
    entry: int | None = None
    scatter: Floats | None = None

    @property
    def courses(self) -> Floats:
        """(object, 4) launch and aim points, as the kernels read them."""
        return np.column_stack(
            (self.launch_lat_rad, self.launch_lon_rad, self.aim_lat_rad, self.aim_lon_rad)
        ).astype(np.float64)


class Threat(Protocol):
    """A class with every value known; one kind of flight each.

    reliability : chance that an object does not fail by itself
    """

    @property
    def reliability(self) -> float:
        """Chance that an object does not fail by itself."""
        ...

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every object of a group of this class without any defence.

        era_epoch_rad : Earth rotation angle at the epoch [rad]
        step_s : interval of the samples [s]
        """
        ...
