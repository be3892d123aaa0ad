"""What a constellation of sensors is to watch, and how well it does."""

import math
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.world.constellations import Walker
from opendome.world.layouts import Layout

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class View:
    """What keeps a satellite from seeing a point.

    Attributes
    ----------
    target_altitude_m : height of the points that are watched
    elevation_min_rad : lowest elevation of the satellite seen from the point; None: the limb
        alone limits, by `grazing_m`
    grazing_m : the line of sight must stay this high above the Earth
    range_max_m : longest line of sight
    half_angle_rad : of the cone about straight down that the sensor can look into
    against_space : the sky behind the point must be empty
    """

    target_altitude_m: float = 0.0
    elevation_min_rad: float | None = None
    grazing_m: float = 0.0
    range_max_m: float = math.inf
    half_angle_rad: float = math.pi
    against_space: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class SensorTask:
    """What a constellation of sensors is to do.

    Attributes
    ----------
    fold : satellites that must see each point at every moment: 1, 2 for stereo, ...
    view : what each can see
    altitude_m, inclination_rad : of the orbits
    lat_rad, lon_rad : (n,) points, geocentric
    """

    fold: int
    view: View
    altitude_m: float
    inclination_rad: float
    lat_rad: Floats
    lon_rad: Floats


@dataclass(frozen=True, kw_only=True)
class FoldCoverage:
    """How long points are seen by at least `fold` satellites at once.

    Attributes
    ----------
    p_worst, p_mean : share of the time, of the worst point and of all of them
    gap_max_s : longest time without, at any point; a gap cut off by the end counts as it is
    gap_mean_s : mean length of a gap, over all points; 0 where there is none
    wait_mean_s : mean wait for the next time with, from any moment at the worst point
    lat_rad, lon_rad : the worst point: least time, then longest gap
    """

    fold: int
    p_worst: float
    p_mean: float
    gap_max_s: float
    gap_mean_s: float
    wait_mean_s: float
    lat_rad: float
    lon_rad: float

    @property
    def continuous(self) -> bool:
        """Whether there is no gap at any moment that was looked at."""
        return self.p_worst == 1.0

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return {
            "fold": self.fold,
            "share_of_time_worst_point": self.p_worst,
            "share_of_time_mean": self.p_mean,
            "continuous": self.continuous,
            "gap_max_s": self.gap_max_s,
            "gap_mean_s": self.gap_mean_s,
            "wait_mean_s": self.wait_mean_s,
            "worst_latitude_deg": math.degrees(self.lat_rad),
            "worst_longitude_deg": math.degrees(self.lon_rad),
        }


@dataclass(frozen=True, kw_only=True)
class AreaCoverage:
    """Coverage of an area by one constellation over time.

    folds : for 1, 2, ... satellites at once     moments, points : how many were looked at
    fewest, mean, most : satellites that see a point
    """

    pattern: Walker
    folds: tuple[FoldCoverage, ...]
    fewest: int
    mean: float
    most: int
    step_s: float
    moments: int
    points: int

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        pattern = self.pattern
        return {
            "satellites": pattern.satellites,
            "planes": pattern.planes,
            "phasing": pattern.phasing,
            "pattern": pattern.kind,
            "altitude_km": pattern.altitude_m / 1000.0,
            "inclination_deg": math.degrees(pattern.inclination_rad),
            "min_in_view": self.fewest,
            "mean_in_view": self.mean,
            "max_in_view": self.most,
            "folds": [fold.to_dict() for fold in self.folds],
            "step_s": self.step_s,
            "moments": self.moments,
            "points": self.points,
        }


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One formula for the number of sensors, with what it leaves out."""

    name: str
    title: str
    satellites: int | None
    remark: str

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return {"title": self.title, "satellites": self.satellites, "remark": self.remark}


@dataclass(frozen=True, kw_only=True)
class SensorSizing:
    """How many sensors watch an area without a gap, or how well a given number does.

    Attributes
    ----------
    angle_rad : largest and smallest angle at the Earth's centre between a satellite and a point
        it sees; NaN when it sees none
    estimates : by name: `area_ratio`, `cap_density`, `streets`
    satellites : smallest number without a gap; None when it was not searched or there is none
    coverage : of the constellation that was found or judged; None when there is none
    enough : whether the judged constellation has no gap; None when one was searched for
    binding : what makes the task impossible, in words; None when it can be done
    """

    task: SensorTask
    layout: Layout
    angle_rad: tuple[float, float]
    estimates: dict[str, Estimate]
    satellites: int | None
    coverage: AreaCoverage | None
    enough: bool | None
    binding: str | None

    @property
    def feasible(self) -> bool:
        """Whether any number of satellites does the task."""
        return self.binding is None

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document, in edge units named by the keys."""
        far, near = (None if math.isnan(a) else math.degrees(a) for a in self.angle_rad)
        return {
            "feasible": self.feasible,
            "binding": self.binding,
            "satellites": self.satellites,
            "enough": self.enough,
            "wanted_in_view": self.task.fold,
            "footprint_half_angle_deg": far,
            "blind_half_angle_deg": near,
            "estimates": {name: one.to_dict() for name, one in self.estimates.items()},
            "coverage": None if self.coverage is None else self.coverage.to_dict(),
        }

    def _repr_html_(self) -> str:
        """Estimates, and the number that was counted, as a table for notebooks."""
        found = [(one.title, one.satellites, one.remark) for one in self.estimates.values()]
        found.append(("propagated", self.satellites, "no gap at any moment tried"))
        rows = "".join(
            f"<tr><td>{escape(title)}</td><td>{count:,}</td><td>{escape(remark)}</td></tr>"
            for title, count, remark in found
            if count is not None
        )
        binding = "" if self.binding is None else f"<p>infeasible: {escape(self.binding)}</p>"
        return f"<table>{rows}</table>{binding}"
