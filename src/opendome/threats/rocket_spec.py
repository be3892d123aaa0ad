"""The threat part of a scenario: a class of unguided rocket or mortar round."""

import math
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.constants import STANDARD_GRAVITY_M_S2
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Area,
    BallisticCoefficient,
    Bounds,
    Duration,
    Intensity,
    Length,
    Probability,
    Ratio,
    Speed,
)
from opendome.quantities.values import Point, Value
from opendome.threats.picks import Pick
from opendome.threats.rocket import RocketClass

HALF_INSIDE = math.sqrt(2.0 * math.log(2.0))  # CEP over the deviation of a circular normal law


class RocketSpec(BaseModel):
    """A generic class of unguided rocket or mortar round, thrown to its aim."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    scatters: ClassVar[bool] = True

    flight: Literal["rocket"] = Field(
        default="rocket", exclude=True, description="the kind of flight; given by the class"
    )
    launch_speed: Annotated[Speed, Bounds("10 m/s", "3 km/s")] = Field(
        description="at the muzzle of a mortar, or on leaving the launcher of a rocket"
    )
    burn_time: Annotated[Duration, Bounds(above="0 s", high="60 s")] | None = Field(
        default=None, description="length of the boost; with burnout_speed; none for a mortar"
    )
    burnout_speed: Annotated[Speed, Bounds("10 m/s", "3 km/s")] | None = Field(
        default=None,
        description="at the end of the boost, gravity and drag counted; with burn_time",
    )
    ballistic_coefficient: Annotated[BallisticCoefficient, Bounds("100 kg/m2", "100000 kg/m2")] = (
        Field(description="mass over drag area after the boost, at every speed the same")
    )
    arc: Literal["low", "high"] = Field(
        description="which of the two arcs to one aim: low, or high, as of a mortar"
    )
    range_min: Annotated[Length, Bounds("50 m", "300 km")] = Field(
        description="shortest range it is fired to"
    )
    range_max: Annotated[Length, Bounds("50 m", "300 km")] = Field(
        description="longest range it is fired to"
    )
    dispersion: Annotated[Ratio, Bounds("0", "0.2")] = Field(
        default=Point(0.0),
        description="standard deviation of the impact, along and across, as a share of the range",
    )
    cep: Annotated[Length, Bounds("0 m", "20 km")] = Field(
        default=Point(0.0),
        description="radius of the circle that holds half of the impacts; adds to dispersion",
    )
    intensity_boost: Intensity = Field(description="in-band infrared intensity until burnout")
    intensity_body: Intensity = Field(description="in-band infrared intensity after burnout")
    rcs: Area = Field(description="radar cross-section")
    reliability: Probability = Field(
        default=Point(1.0), description="chance that one does not misfire"
    )

    @property
    def boosted(self) -> bool:
        """False for a mortar round, which is thrown and no more."""
        return self.burn_time is not None

    @property
    def longest_s(self) -> float:
        """A time that no flight of the class lasts longer than, for the estimate of looks [s]."""
        # upright without air it would fall after 2 v / g; twice that leaves room for weaker gravity
        fastest = self.burnout_speed if self.burnout_speed is not None else self.launch_speed
        burn_s = 0.0 if self.burn_time is None else self.burn_time.quantile(1.0)
        return burn_s + 4.0 * fastest.quantile(1.0) / STANDARD_GRAVITY_M_S2

    @model_validator(mode="after")
    def _range_is_ordered(self) -> Self:
        """The shortest range lies below the longest, whatever is drawn."""
        shortest, longest = self.range_min, self.range_max
        if shortest.quantile(1.0) >= longest.quantile(0.0):
            raise QuantityError(
                got=f"range_min {shortest.text('km')}, range_max {longest.text('km')}",
                allowed="a range_min that is always below range_max",
                do="change one of them",
            )
        return self

    @model_validator(mode="after")
    def _boost_is_whole(self) -> Self:
        """A boost needs both its length and the speed at its end."""
        given = {"burn_time": self.burn_time, "burnout_speed": self.burnout_speed}
        missing = [name for name, value in given.items() if value is None]
        if len(missing) == 1:
            raise QuantityError(
                got=f"no {missing[0]}",
                allowed="burn_time and burnout_speed together, or neither",
                do=f"add {missing[0]}, or remove the other",
            )
        return self

    @model_validator(mode="after")
    def _boost_speeds_up(self) -> Self:
        """A boost ends faster than it begins, whatever is drawn."""
        last = self.burnout_speed
        if last is not None and last.quantile(0.0) <= self.launch_speed.quantile(1.0):
            raise QuantityError(
                got=f"launch_speed {self.launch_speed.text('m/s')}, "
                f"burnout_speed {last.text('m/s')}",
                allowed="a burnout_speed that is always above launch_speed",
                do="change one of them",
            )
        return self

    def realise(self, pick: Pick) -> RocketClass:
        """Class with every uncertain value drawn by `pick`."""

        def optional(name: str, value: Value | None, otherwise: float) -> float:
            return otherwise if value is None else pick(name, value)

        launch_m_s = pick("launch_speed", self.launch_speed)
        return RocketClass(
            launch_m_s=launch_m_s,
            burn_s=optional("burn_time", self.burn_time, 0.0),
            burnout_m_s=optional("burnout_speed", self.burnout_speed, launch_m_s),
            ballistic_coefficient_kg_m2=pick("ballistic_coefficient", self.ballistic_coefficient),
            high=self.arc == "high",
            range_min_m=pick("range_min", self.range_min),
            range_max_m=pick("range_max", self.range_max),
            dispersion=pick("dispersion", self.dispersion),
            dispersion_m=pick("cep", self.cep) / HALF_INSIDE,
            intensity_boost_w_sr=pick("intensity_boost", self.intensity_boost),
            intensity_body_w_sr=pick("intensity_body", self.intensity_body),
            rcs_m2=pick("rcs", self.rcs),
            reliability=pick("reliability", self.reliability),
        )
