"""The threat part of a scenario: a class of fractional-orbit vehicle as published figures."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Area,
    BallisticCoefficient,
    Bounds,
    Count,
    Duration,
    Intensity,
    Length,
    Probability,
    Speed,
)
from opendome.quantities.values import Point
from opendome.threats.grey_body_spec import (
    GREY_BODY,
    INTENSITY_BODY,
    GreyBodySpec,
    body_intensity_w_sr,
    no_brightness,
)
from opendome.threats.orbital import OrbitalClass
from opendome.threats.picks import Pick

LONGEST_S = 8000.0  # no flight of less than one low orbit lasts longer; for the estimate of looks


class OrbitalSpec(BaseModel):
    """A generic class of fractional-orbit vehicle: boost, part of an orbit, deorbit, fall."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    longest_s: ClassVar[float] = LONGEST_S

    flight: Literal["orbital"] = Field(
        default="orbital", exclude=True, description="the kind of flight; given by the class"
    )
    boost_time: Annotated[Duration, Bounds("60 s", "1500 s")] = Field(
        description="from lift-off to insertion"
    )
    stages: Annotated[Count, Bounds("1", "5")] = Field(
        description="stages, burning equally long and giving equal velocity changes"
    )
    exhaust_speed: Annotated[Speed, Bounds("1 km/s", "6 km/s")] | None = Field(
        default=None, description="effective; without it every stage has the mass ratio e"
    )
    ballistic_coefficient_boost: Annotated[BallisticCoefficient, Bounds("100 kg/m2")] | None = (
        Field(
            default=None,
            description="mass over drag area of the rising missile; without it there is no drag",
        )
    )
    altitude: Annotated[Length, Bounds("120 km", "1000 km")] = Field(
        description="of the circular orbit at insertion"
    )
    deorbit_speed: Annotated[Speed, Bounds("50 m/s", "2 km/s")] = Field(
        description="speed that the deorbit impulse takes away"
    )
    way: Literal["short", "long"] = Field(
        default="short", description="towards the aim, or round the far side of the Earth"
    )
    range_min: Annotated[Length, Bounds("10 km", "20000 km")] = Field(
        description="shortest ground range from start to aim, by the short way"
    )
    range_max: Annotated[Length, Bounds("10 km", "20000 km")] = Field(
        description="longest ground range from start to aim, by the short way"
    )
    ballistic_coefficient: Annotated[BallisticCoefficient, Bounds("100 kg/m2", "100000 kg/m2")] = (
        Field(description="mass over drag area of the body that falls")
    )
    intensity_boost: Intensity = Field(description="in-band infrared intensity of the plume")
    intensity_body: Intensity | None = INTENSITY_BODY
    grey_body: GreyBodySpec | None = GREY_BODY
    rcs_boost: Area = Field(description="radar cross-section until burnout")
    rcs_midcourse: Area = Field(description="radar cross-section after burnout")
    reliability: Probability = Field(
        default=Point(1.0), description="chance that one does not fail by itself"
    )

    @model_validator(mode="after")
    def _brightness_is_given(self) -> Self:
        """Intensity of the body, or what it follows from."""
        if self.intensity_body is None and self.grey_body is None:
            raise no_brightness()
        return self

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

    def realise(self, pick: Pick) -> OrbitalClass:
        """Class with every uncertain value drawn by `pick`."""
        rising = self.ballistic_coefficient_boost
        exhaust = self.exhaust_speed
        return OrbitalClass(
            boost_s=pick("boost_time", self.boost_time),
            stages=round(pick("stages", self.stages)),
            exhaust_m_s=None if exhaust is None else pick("exhaust_speed", exhaust),
            ballistic_coefficient_boost_kg_m2=(
                None if rising is None else pick("ballistic_coefficient_boost", rising)
            ),
            altitude_m=pick("altitude", self.altitude),
            retro_m_s=pick("deorbit_speed", self.deorbit_speed),
            long_way=self.way == "long",
            range_min_m=pick("range_min", self.range_min),
            range_max_m=pick("range_max", self.range_max),
            ballistic_coefficient_kg_m2=pick("ballistic_coefficient", self.ballistic_coefficient),
            intensity_boost_w_sr=pick("intensity_boost", self.intensity_boost),
            intensity_body_w_sr=body_intensity_w_sr(self.intensity_body, self.grey_body, pick),
            rcs_boost_m2=pick("rcs_boost", self.rcs_boost),
            rcs_midcourse_m2=pick("rcs_midcourse", self.rcs_midcourse),
            reliability=pick("reliability", self.reliability),
        )
