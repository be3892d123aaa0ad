"""The threat part of a scenario: a class of hypersonic glide vehicle as published figures."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    AccelerationDensity,
    Area,
    BallisticCoefficient,
    Bounds,
    Count,
    Duration,
    Intensity,
    Length,
    Probability,
    Ratio,
    Speed,
)
from opendome.quantities.values import Point
from opendome.threats.glide import LONGEST_S, GlideClass
from opendome.threats.picks import Pick

_GlideSpeed = Annotated[Speed, Bounds("500 m/s", "7.5 km/s")]


class GlowSpec(BaseModel):
    """How bright a glider is at a speed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    speed: Annotated[Speed, Bounds("100 m/s", "10 km/s")] = Field(description="in the air")
    intensity: Annotated[Intensity, Bounds(above="0 W/sr")] = Field(
        description="in-band infrared intensity at that speed, at most"
    )


class GlideSpec(BaseModel):
    """A generic class of hypersonic glide vehicle: boost, pull-up, glide, dive."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    longest_s: ClassVar[float] = LONGEST_S

    flight: Literal["glide"] = Field(
        default="glide", exclude=True, description="the kind of flight; given by the class"
    )
    boost_time: Annotated[Duration, Bounds("10 s", "1000 s")] = Field(
        description="from lift-off to burnout"
    )
    stages: Annotated[Count, Bounds("1", "5")] = Field(
        description="stages, burning equally long and giving equal velocity changes"
    )
    exhaust_speed: Annotated[Speed, Bounds("1 km/s", "6 km/s")] | None = Field(
        default=None, description="effective; without it every stage has the mass ratio e"
    )
    burnout_altitude: Annotated[Length, Bounds("30 km", "150 km")] = Field(
        description="altitude at the end of the boost, which ends level"
    )
    ballistic_coefficient_boost: Annotated[BallisticCoefficient, Bounds("100 kg/m2")] | None = (
        Field(
            default=None,
            description="mass over drag area of the rising missile; without it there is no drag",
        )
    )
    glide_speed_max: _GlideSpeed = Field(
        description="fastest speed in the air at which a glide begins"
    )
    range_min: Annotated[Length, Bounds("10 km", "18000 km")] = Field(
        description="shortest ground range the class is fired to"
    )
    range_max: Annotated[Length, Bounds("10 km", "18000 km")] = Field(
        description="longest ground range the class is fired to"
    )
    lift_to_drag: Annotated[Ratio, Bounds("0.5", "6")] = Field(
        description="lift over drag at its best, the same at every speed"
    )
    ballistic_coefficient: Annotated[BallisticCoefficient, Bounds("100 kg/m2", "100000 kg/m2")] = (
        Field(description="mass over drag area of the glider at its best lift over drag")
    )
    lift_max: Annotated[Ratio, Bounds("1", "5")] = Field(
        description="largest lift coefficient, over that of the best lift over drag"
    )
    glide_damping: Annotated[Ratio, Bounds("0", "2")] = Field(
        description="how the swing about the equilibrium dies away, a share of the critical "
        "damping; 0 lets it skip"
    )
    dive_distance: Annotated[Length, Bounds("5 km", "1000 km")] = Field(
        description="distance to the aim at which the dive begins"
    )
    dive_speed: _GlideSpeed = Field(
        description="speed in the air at which the dive begins; it fixes how fast the glide begins"
    )
    side_step: Annotated[Length, Bounds("-3000 km", "3000 km")] = Field(
        default=Point(0.0),
        description="how far to the right of the direct way, halfway, it flies by a waypoint",
    )
    glow: list[GlowSpec] = Field(
        min_length=2, description="infrared intensity by speed, slowest first"
    )
    glow_share: Probability = Field(
        default=Point(1.0), description="share of the intensities of `glow` that is radiated"
    )
    intensity_boost: Intensity = Field(description="in-band infrared intensity of the plume")
    rcs_boost: Area = Field(description="radar cross-section until burnout")
    rcs: Area = Field(description="radar cross-section of the glider")
    manoeuvre_psd: AccelerationDensity = Field(
        description="spectral density of the acceleration that nobody who watches can know"
    )
    reliability: Probability = Field(
        default=Point(1.0), description="chance that one does not fail by itself"
    )

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
    def _glow_is_ordered(self) -> Self:
        """Speeds of the table rise, whatever is drawn."""
        for slow, fast in zip(self.glow, self.glow[1:], strict=False):
            if slow.speed.quantile(1.0) >= fast.speed.quantile(0.0):
                raise QuantityError(
                    got=f"glow at {slow.speed.text('km/s')}, then {fast.speed.text('km/s')}",
                    allowed="speeds that always rise",
                    do="write them slowest first",
                )
        return self

    def realise(self, pick: Pick) -> GlideClass:
        """Class with every uncertain value drawn by `pick`."""
        rising = self.ballistic_coefficient_boost
        exhaust = self.exhaust_speed
        share = pick("glow_share", self.glow_share)
        return GlideClass(
            boost_s=pick("boost_time", self.boost_time),
            stages=round(pick("stages", self.stages)),
            exhaust_m_s=None if exhaust is None else pick("exhaust_speed", exhaust),
            ballistic_coefficient_boost_kg_m2=(
                None if rising is None else pick("ballistic_coefficient_boost", rising)
            ),
            burnout_altitude_m=pick("burnout_altitude", self.burnout_altitude),
            speed_max_m_s=pick("glide_speed_max", self.glide_speed_max),
            range_min_m=pick("range_min", self.range_min),
            range_max_m=pick("range_max", self.range_max),
            lift_to_drag=pick("lift_to_drag", self.lift_to_drag),
            ballistic_coefficient_kg_m2=pick("ballistic_coefficient", self.ballistic_coefficient),
            lift_max=pick("lift_max", self.lift_max),
            damping=pick("glide_damping", self.glide_damping),
            dive_distance_m=pick("dive_distance", self.dive_distance),
            dive_speed_m_s=pick("dive_speed", self.dive_speed),
            side_step_m=pick("side_step", self.side_step),
            glow_m_s=tuple(pick(f"glow.{k}.speed", row.speed) for k, row in enumerate(self.glow)),
            glow_w_sr=tuple(
                share * pick(f"glow.{k}.intensity", row.intensity)
                for k, row in enumerate(self.glow)
            ),
            intensity_boost_w_sr=pick("intensity_boost", self.intensity_boost),
            rcs_boost_m2=pick("rcs_boost", self.rcs_boost),
            rcs_m2=pick("rcs", self.rcs),
            manoeuvre_psd_m2_s3=pick("manoeuvre_psd", self.manoeuvre_psd),
            reliability=pick("reliability", self.reliability),
        )
