"""Satellites in reach of a point while a constellation turns: mean, fewest, most."""

import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from opendome.draws.philox import uniforms
from opendome.draws.purposes import purpose
from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Bounds, Count, Duration, Length, Probability, Ratio
from opendome.studies.density import (
    Altitude,
    Inclination,
    Latitude,
    Reach,
    Satellites,
    departs,
    no_density,
)
from opendome.studies.records import Answer, Output, StudyModel
from opendome.world.constellations import Walker
from opendome.world.shells import (
    cap_share,
    latitude_density,
    reach_angle,
    satellites_within,
)

PURPOSE = purpose("epochs of the availability study")


class AvailabilityInputs(BaseModel):
    """A Walker constellation and a point."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    satellites: Satellites
    planes: Annotated[Count, Bounds("1", "10000")]
    altitude: Altitude
    inclination: Inclination
    latitude: Latitude
    reach: Reach
    epochs: Annotated[Count, Bounds("1", "100000")]
    target_altitude: Literal["orbit"] | Annotated[Length, Bounds("0 km", "100000 km")]
    pattern: Literal["delta", "star"]
    phasing: Annotated[Ratio, Bounds("0")]
    span: Annotated[Duration, Bounds(above="0 s", high="1 year")]
    seed: Count
    bias_limit: Annotated[Probability, Bounds(above="0", high="1")]

    @model_validator(mode="after")
    def _planes_are_full(self) -> Self:
        """Refuse planes that cannot have the same number of satellites each."""
        if self.satellites.middle % self.planes.middle:
            raise QuantityError(
                got=f"{self.satellites.text()} satellites in {self.planes.text()} planes",
                allowed="the same whole number of satellites in each plane",
                do="change one of the two",
                where="planes",
            )
        return self


def solve(inputs: AvailabilityInputs) -> Answer:
    """Satellites within reach of a point of a latitude, counted and by formula.

    Model: the pattern moves by Kepler's law with secular J2 under a turning Earth; one moment is
    drawn in each of `epochs` equal parts of `span`, and all satellites within the straight line
    `reach` are counted. Formula: N f sin^2(rho / 2), f = 2 / (pi sqrt(sin^2 i - sin^2 lat)), rho
    the angle at the centre that belongs to the reach; for a target at the height of the orbits
    that is N f r^2 / (4 (R + h)^2).
    Valid for: circular orbits over a sphere of the equatorial radius.
    Source: geometry of the sphere; see `opendome.world.shells`.
    """
    inclination, latitude = inputs.inclination.middle, inputs.latitude.middle
    orbit_m = RADIUS_EQUATOR_M + inputs.altitude.middle
    target_m = _target_radius_m(inputs)
    angle = reach_angle(inputs.reach.middle, orbit_m, target_m)
    if math.isnan(angle):
        return Answer(figures={}, binding=_too_short(inputs, abs(orbit_m - target_m)))
    figures = _counted(inputs, angle)
    figures["cap_mean"] = inputs.satellites.middle * cap_share(inclination, latitude, angle)
    figures["formula_biased"] = departs(inclination, latitude, angle, inputs.bias_limit.middle)
    missing = no_density(inclination, latitude)
    if missing is None:
        density = float(latitude_density(inclination, latitude))
        cap = math.sin(0.5 * angle) ** 2
        figures["formula_mean"] = inputs.satellites.middle * density * cap
    return Answer(
        figures=figures,
        binding=_never(inputs, angle),
        remarks={"formula_mean": missing} if missing else {},
    )


def _target_radius_m(inputs: AvailabilityInputs) -> float:
    """Distance of the point from the centre of the Earth [m]."""
    height = inputs.target_altitude
    return RADIUS_EQUATOR_M + (inputs.altitude if isinstance(height, str) else height).middle


def _counted(inputs: AvailabilityInputs, angle_rad: float) -> dict[str, float]:
    """Mean, fewest and most in reach over moments drawn by the seed."""
    planes = int(inputs.planes.middle)
    pattern = Walker(
        kind=inputs.pattern,
        satellites=int(inputs.satellites.middle),
        planes=planes,
        phasing=inputs.phasing.middle % planes,  # one turn more is the same pattern
        altitude_m=inputs.altitude.middle,
        inclination_rad=inputs.inclination.middle,
    )
    epochs = int(inputs.epochs.middle)
    shares = uniforms(int(inputs.seed.middle), PURPOSE, epochs)
    moments_s = [(k + share) / epochs * inputs.span.middle for k, share in enumerate(shares)]
    counts = satellites_within(
        pattern, inputs.latitude.middle, 0.0, angle_rad=angle_rad, t_s=moments_s
    )
    return {
        "mean_in_reach": float(counts.mean()),
        "min_in_reach": float(counts.min()),
        "max_in_reach": float(counts.max()),
    }


def _too_short(inputs: AvailabilityInputs, difference_m: float) -> str:
    return (
        f"a reach of {inputs.reach.text('km')} does not even span the {difference_m / 1000.0:.6g} "
        "km between the heights of orbit and target"
    )


def _never(inputs: AvailabilityInputs, angle_rad: float) -> str | None:
    """Why no satellite is ever in reach; None if some can be."""
    last_rad = min(inputs.inclination.middle, math.pi - inputs.inclination.middle)
    if abs(inputs.latitude.middle) - last_rad <= angle_rad:
        return None
    return (
        f"no satellite is ever in reach of latitude {inputs.latitude.text('deg')}: the orbits end "
        f"at {math.degrees(last_rad):.4g} deg, and the reach spans {math.degrees(angle_rad):.3g} "
        "deg more"
    )


MODEL = StudyModel(
    form=AvailabilityInputs,
    outputs=(
        Output(name="mean_in_reach", unit="", meaning="satellites in reach, over the epochs"),
        Output(name="min_in_reach", unit="", meaning="fewest in reach at any epoch"),
        Output(name="max_in_reach", unit="", meaning="most in reach at any epoch"),
        Output(name="formula_mean", unit="", meaning="mean by the density at the point"),
        Output(name="formula_biased", unit="", meaning="whether that formula misleads here"),
        Output(name="cap_mean", unit="", meaning="mean by the density over all places in reach"),
    ),
    solve=solve,
)
