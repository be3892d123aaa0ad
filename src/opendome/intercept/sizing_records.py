"""A task for orbital interceptors, and how many of them it takes."""

import math
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.world.constellations import Walker
from opendome.world.layouts import Layout

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class InterceptorTask:
    """What orbital interceptors are to do.

    Attributes
    ----------
    salvo : targets that rise at once     shots : interceptors for each of them
    delay_s : from the ignition of a target to the release of the interceptors
    burn_time_s : of the target; the last moment of intercept
    speed_m_s, acceleration_m_s2 : of the straight-line flyout
    altitude_m, inclination_rad : of the orbits
    intercept_altitude_m : height at which the target is met
    lat_rad, lon_rad : (n,) points over which it may be met, geocentric
    """

    salvo: int
    shots: int
    delay_s: float
    burn_time_s: float
    speed_m_s: float
    acceleration_m_s2: float
    altitude_m: float
    inclination_rad: float
    intercept_altitude_m: float
    lat_rad: Floats
    lon_rad: Floats

    @property
    def wanted(self) -> int:
        """Interceptors that must be in reach at once."""
        return self.salvo * self.shots

    @property
    def flight_s(self) -> float:
        """Time left for the flyout [s]; not above 0 when none is left."""
        return self.burn_time_s - self.delay_s


@dataclass(frozen=True, kw_only=True)
class Method:
    """One way to say how many satellites it takes.

    satellites : None where the method has no answer     remark : why, or what to know
    guarantees : whether the number holds at every moment; the others hold on average
    """

    name: str
    title: str
    satellites: int | None
    guarantees: bool
    remark: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return {
            "title": self.title,
            "satellites": self.satellites,
            "holds": "at every moment" if self.guarantees else "on average",
            "remark": self.remark,
        }


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Satellites in reach of the worst point of an area, over time.

    Attributes
    ----------
    pattern : the constellation     lat_rad, lon_rad : the point with the fewest
    fewest, mean, most : satellites in reach of it over all moments
    p_enough : share of the moments with as many as wanted
    moments : how many     points : of the area
    """

    pattern: Walker
    lat_rad: float
    lon_rad: float
    fewest: int
    mean: float
    most: int
    p_enough: float
    moments: int
    points: int

    @property
    def fewest_over_mean(self) -> float:
        """What a guarantee keeps of the mean; NaN where nothing is ever in reach."""
        return self.fewest / self.mean if self.mean > 0.0 else math.nan

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
            "worst_latitude_deg": math.degrees(self.lat_rad),
            "worst_longitude_deg": math.degrees(self.lon_rad),
            "min_in_reach": self.fewest,
            "mean_in_reach": self.mean,
            "max_in_reach": self.most,
            "min_over_mean": None if self.mean == 0.0 else self.fewest_over_mean,
            "share_of_time_enough": self.p_enough,
            "moments": self.moments,
            "points": self.points,
        }


@dataclass(frozen=True, kw_only=True)
class InterceptorSizing:
    """How many orbital interceptors a task takes.

    Attributes
    ----------
    reach_m : of the flyout     footprint_m : radius of the disc one satellite covers at the
    height of the intercept     angle_rad : the same as an angle at the Earth's centre
    ratio : satellites for one in reach on average, evenly spread; NaN without a footprint
    methods : by name; `even_shell`, `latitude_density`, `cap_density`, `propagated`
    biased : whether the point formula must not stand for the footprint here
    watch : the constellation that was found or judged; None when there is none
    enough : whether the judged constellation does, None when one was searched for
    binding : what makes the task impossible, in words; None when it can be done
    levers : change -> satellites it saves, on average
    """

    task: InterceptorTask
    layout: Layout
    reach_m: float
    footprint_m: float
    angle_rad: float
    ratio: float
    methods: dict[str, Method]
    biased: bool
    watch: Watch | None
    enough: bool | None
    binding: str | None
    levers: dict[str, int]

    @property
    def feasible(self) -> bool:
        """Whether any number of satellites does the task."""
        return self.binding is None

    @property
    def satellites(self) -> int | None:
        """The number that guarantees the task at every moment; None where there is none."""
        return self.methods["propagated"].satellites

    @property
    def guarantee_over_mean(self) -> float | None:
        """Satellites for the guarantee over satellites for the mean of the same footprint."""
        mean = self.methods["cap_density"].satellites
        return None if self.satellites is None or mean is None else self.satellites / mean

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document, in edge units named by the keys."""
        return {
            "feasible": self.feasible,
            "binding": self.binding,
            "satellites": self.satellites,
            "enough": self.enough,
            "wanted_in_reach": self.task.wanted,
            "flight_s": self.task.flight_s,
            "reach_km": self.reach_m / 1000.0,
            "footprint_km": self.footprint_m / 1000.0,
            "ratio": None if math.isnan(self.ratio) else self.ratio,
            "methods": {name: method.to_dict() for name, method in self.methods.items()},
            "guarantee_over_mean": self.guarantee_over_mean,
            "formula_biased": self.biased,
            "constellation": None if self.watch is None else self.watch.to_dict(),
            "levers": dict(self.levers),
        }

    def _repr_html_(self) -> str:
        """The methods as a table for notebooks."""
        rows = "".join(
            f"<tr><td>{escape(one.title)}</td>"
            f"<td>{'' if one.satellites is None else f'{one.satellites:,}'}</td>"
            f"<td>{escape(one.remark)}</td></tr>"
            for one in self.methods.values()
        )
        binding = "" if self.binding is None else f"<p>infeasible: {escape(self.binding)}</p>"
        return f"<table>{rows}</table>{binding}"
