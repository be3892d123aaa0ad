"""How much denser satellites are at a latitude than over an even shell, and what that hides."""

import math
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from opendome.quantities.fields import Angle, Bounds, Count, Length, Probability
from opendome.studies.records import Answer, Output, StudyModel
from opendome.world.shells import (
    cap_density,
    even_shell_share,
    latitude_density,
    reach_angle,
)

Latitude = Annotated[Angle, Bounds("-90 deg", "90 deg")]
Inclination = Annotated[Angle, Bounds("0 deg", "180 deg")]
Altitude = Annotated[Length, Bounds(above="0 km", high="100000 km")]
Reach = Annotated[Length, Bounds(above="0 km", high="100000 km")]
Satellites = Annotated[Count, Bounds("1", "1000000")]


class DensityInputs(BaseModel):
    """A shell of satellites, a point of it and a reach."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inclination: Inclination
    latitude: Latitude
    altitude: Altitude
    reach: Reach
    satellites: Satellites
    earth_radius: Annotated[Length, Bounds("1000 km", "100000 km")]
    bias_limit: Annotated[Probability, Bounds(above="0", high="1")]


def departs(inclination_rad: float, latitude_rad: float, angle_rad: float, limit: float) -> bool:
    """Whether the density at a point must not stand for that of a cap around it.

    inclination_rad, latitude_rad : [rad]     angle_rad : half angle of the cap [rad]
    limit : share of the mean over the cap by which the point may be off
    Returns True, too, when the cap reaches over the last latitude with satellites.
    """
    last_rad = min(inclination_rad, math.pi - inclination_rad)
    if abs(latitude_rad) + angle_rad > last_rad and last_rad < 0.5 * math.pi:
        return True
    point = float(latitude_density(inclination_rad, latitude_rad))
    mean = cap_density(inclination_rad, latitude_rad, angle_rad)
    return not abs(point - mean) <= limit * mean


def no_density(inclination_rad: float, latitude_rad: float) -> str | None:
    """Why the point formula has no value at a latitude, in words; None where it has one."""
    if math.isfinite(float(latitude_density(inclination_rad, latitude_rad))):
        return None
    last_deg = math.degrees(min(inclination_rad, math.pi - inclination_rad))
    latitude_deg = math.degrees(latitude_rad)
    return (
        f"no satellite passes over latitude {latitude_deg:.6g} deg: the orbits end at "
        f"{last_deg:.6g} deg, where the formula is infinite"
    )


def solve(inputs: DensityInputs) -> Answer:
    """Density at a latitude, and the share of the satellites within reach of a point.

    Model: f = 2 / (pi sqrt(sin^2 i - sin^2 lat)); share = f r^2 / (4 (R + h)^2), r measured to a
    point of the shell itself; beside it the mean of f over the cap that r cuts out of the shell.
    Valid for: circular orbits, nodes and places in the orbit spread evenly.
    Source: geometry of the sphere; see `opendome.world.shells`.
    """
    inclination, latitude = inputs.inclination.middle, inputs.latitude.middle
    radius_m = inputs.earth_radius.middle + inputs.altitude.middle
    even = float(even_shell_share(inputs.reach.middle, radius_m))
    angle = reach_angle(inputs.reach.middle, radius_m, radius_m)
    cap = cap_density(inclination, latitude, angle)
    figures: dict[str, float] = {
        "even_share": even,
        "cap_factor": cap,
        "cap_share_in_reach": cap * even,
        "cap_in_reach": cap * even * inputs.satellites.middle,
        "biased": departs(inclination, latitude, angle, inputs.bias_limit.middle),
    }
    binding = no_density(inclination, latitude)
    remarks: dict[str, str] = {}
    if binding is None:
        remarks = _at_the_point(inputs, figures)
    return Answer(figures=figures, binding=binding, remarks=remarks)


def _at_the_point(inputs: DensityInputs, figures: dict[str, float]) -> dict[str, str]:
    """Adds what the point formula says; returns what must be known to read it."""
    factor = float(latitude_density(inputs.inclination.middle, inputs.latitude.middle))
    share = factor * figures["even_share"]
    figures["factor"] = factor
    if share > 1.0:
        text = f"the formula gives {share:.3g}, which is no share: the reach is too long for it"
        return {"share_in_reach": text}
    figures |= {
        "share_in_reach": share,
        "one_in": 1.0 / share,
        "in_reach": share * inputs.satellites.middle,
    }
    return {}


MODEL = StudyModel(
    form=DensityInputs,
    outputs=(
        Output(name="factor", unit="", meaning="satellites per area, over those of an even shell"),
        Output(name="share_in_reach", unit="", meaning="of all satellites, by the point formula"),
        Output(name="one_in", unit="", meaning="satellites for each one in reach"),
        Output(name="in_reach", unit="", meaning="satellites in reach on average"),
        Output(name="biased", unit="", meaning="whether the point formula misleads here"),
        Output(name="even_share", unit="", meaning="of all satellites, over an even shell"),
        Output(name="cap_factor", unit="", meaning="factor, averaged over all places in reach"),
        Output(name="cap_share_in_reach", unit="", meaning="share in reach by that average"),
        Output(name="cap_in_reach", unit="", meaning="satellites in reach by that average"),
    ),
    solve=solve,
)
