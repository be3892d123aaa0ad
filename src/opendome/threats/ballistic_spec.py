"""The threat part of a scenario: a class of ballistic missile as published figures."""

import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.constants import MU_M3_S2, RADIUS_MEAN_M
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
from opendome.threats.ballistic import ThreatClass
from opendome.threats.grey_body_spec import (
    GREY_BODY,
    INTENSITY_BODY,
    GreyBodySpec,
    body_intensity_w_sr,
    no_brightness,
)
from opendome.threats.manoeuvre_spec import ManoeuvreSpec
from opendome.threats.picks import Pick
from opendome.threats.separation_spec import SeparatesSpec

LONGEST_S = 2400.0  # no flight of least energy lasts longer; only for the estimate of looks


class ThreatSpec(BaseModel):
    """A generic class of ballistic missile. Every value is a published figure or an assumption."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flight: Literal["ballistic"] = Field(
        default="ballistic", exclude=True, description="the kind of flight; given by the class"
    )
    boost_time: Annotated[Duration, Bounds(low="10 s", high="1000 s")] = Field(
        description="from lift-off to burnout"
    )
    stages: Annotated[Count, Bounds(low="1", high="5")] = Field(
        description="stages, burning equally long and giving equal velocity changes"
    )
    exhaust_speed: Annotated[Speed, Bounds(low="1 km/s", high="6 km/s")] | None = Field(
        default=None,
        description="effective exhaust speed, which sets how acceleration grows within a stage; "
        "without it every stage has the mass ratio e",
    )
    burnout_altitude: Annotated[Length, Bounds(low="1 km", high="1000 km")] = Field(
        description="altitude at the end of the boost"
    )
    range_min: Annotated[Length, Bounds(low="10 km", high="18000 km")] = Field(
        description="shortest ground range the class is fired to"
    )
    range_max: Annotated[Length, Bounds(low="10 km", high="18000 km")] = Field(
        description="longest ground range the class is fired to"
    )
    ballistic_coefficient: Annotated[
        BallisticCoefficient, Bounds(low="100 kg/m2", high="100000 kg/m2")
    ] = Field(description="mass over drag area of the body that falls")
    ballistic_coefficient_boost: Annotated[BallisticCoefficient, Bounds(low="100 kg/m2")] | None = (
        Field(
            default=None,
            description="mass over drag area of the rising missile; without it there is no drag",
        )
    )
    intensity_boost: Intensity = Field(description="in-band infrared intensity of the plume")
    intensity_body: Intensity | None = INTENSITY_BODY
    grey_body: GreyBodySpec | None = GREY_BODY
    rcs_boost: Area = Field(description="radar cross-section until burnout")
    rcs_midcourse: Area = Field(description="radar cross-section after burnout")
    reliability: Probability = Field(
        default=Point(1.0), description="chance that a missile does not fail by itself"
    )

    apogee: Annotated[Length, Bounds(low="20 km", high="10000 km")] | None = Field(
        default=None,
        description="altitude of the apogee, above that of least energy (lofted) or below it "
        "(depressed); without it the flight is one of least energy",
    )
    manoeuvre: ManoeuvreSpec | None = Field(
        default=None,
        description="acceleration to the side during re-entry; without it the body falls freely",
    )
    separates: SeparatesSpec | None = Field(
        default=None,
        description="what each missile lets go at burnout; without it one object falls",
    )

    @property
    def longest_s(self) -> float:
        """A time that no flight of the class lasts longer than [s].

        Model: half a turn of the widest ellipse with the highest apogee, the boost, and the
        sinking of the lightest part.
        """
        sinks_s = 0.0 if self.separates is None else self.separates.sinks_s
        if self.apogee is None:
            return LONGEST_S + sinks_s
        axis_m = RADIUS_MEAN_M + 0.5 * self.apogee.quantile(1.0)
        half_s = math.pi * axis_m * math.sqrt(axis_m / MU_M3_S2)
        return max(LONGEST_S, half_s + self.boost_time.quantile(1.0)) + sinks_s

    @model_validator(mode="after")
    def _burnout_is_below_the_apogee(self) -> Self:
        """The boost ends below the apogee, whatever is drawn."""
        burnout = self.burnout_altitude
        if self.apogee is not None and self.apogee.quantile(0.0) <= burnout.quantile(1.0):
            raise QuantityError(
                got=f"apogee {self.apogee.text('km')}, burnout_altitude {burnout.text('km')}",
                allowed="an apogee that is always above burnout_altitude",
                do="change one of them",
            )
        return self

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

    def realise(self, pick: Pick) -> ThreatClass:
        """Class with every uncertain value drawn by `pick`."""
        rising = self.ballistic_coefficient_boost
        exhaust = self.exhaust_speed
        return ThreatClass(
            boost_s=pick("boost_time", self.boost_time),
            stages=round(pick("stages", self.stages)),
            exhaust_m_s=None if exhaust is None else pick("exhaust_speed", exhaust),
            burnout_altitude_m=pick("burnout_altitude", self.burnout_altitude),
            range_min_m=pick("range_min", self.range_min),
            range_max_m=pick("range_max", self.range_max),
            ballistic_coefficient_kg_m2=pick("ballistic_coefficient", self.ballistic_coefficient),
            ballistic_coefficient_boost_kg_m2=(
                None if rising is None else pick("ballistic_coefficient_boost", rising)
            ),
            intensity_boost_w_sr=pick("intensity_boost", self.intensity_boost),
            intensity_body_w_sr=body_intensity_w_sr(self.intensity_body, self.grey_body, pick),
            rcs_boost_m2=pick("rcs_boost", self.rcs_boost),
            rcs_midcourse_m2=pick("rcs_midcourse", self.rcs_midcourse),
            reliability=pick("reliability", self.reliability),
            apogee_m=None if self.apogee is None else pick("apogee", self.apogee),
            **self._pull(pick),
        )

    def _pull(self, pick: Pick) -> dict[str, float]:
        """The acceleration to the side, drawn, if there is one."""
        if self.manoeuvre is None:
            return {}
        drawn = {
            "pull_m_s2": pick("manoeuvre.acceleration", self.manoeuvre.acceleration),
            "pull_below_m": pick("manoeuvre.below", self.manoeuvre.below),
        }
        if self.manoeuvre.period is not None:
            drawn["pull_period_s"] = pick("manoeuvre.period", self.manoeuvre.period)
        return drawn
