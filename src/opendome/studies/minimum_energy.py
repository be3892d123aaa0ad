"""The slowest ballistic flight over a range: speed, angle, height and time."""

import math
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, model_validator

from opendome.quantities.constants import MU_M3_S2
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Bounds, Length
from opendome.studies.records import Answer, Output, StudyModel
from opendome.world.ballistic import least_energy


class FlightInputs(BaseModel):
    """A range on a sphere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    range: Annotated[Length, Bounds(above="0 km")]
    earth_radius: Annotated[Length, Bounds("1000 km", "100000 km")]

    @model_validator(mode="after")
    def _the_short_way_round(self) -> Self:
        """Refuse a range that is shorter the other way round."""
        half_m = math.pi * self.earth_radius.middle
        if self.range.middle > half_m:
            raise QuantityError(
                got=self.range.text("km"),
                allowed=f"at most half the circumference, {half_m / 1000.0:,.0f} km",
                do="give the distance the short way round",
                where="range",
            )
        return self


def solve(inputs: FlightInputs) -> Answer:
    """Speed, angle, apogee and time of the ballistic arc that needs the least speed.

    Model: Q = v^2 R / mu = 2 sin(psi / 2) / (1 + sin(psi / 2)), angle = (pi - psi) / 4, psi the
    range over the radius; apogee and time by Kepler. mu is that of WGS 84.
    Valid for: launch and impact at the surface of a sphere at rest, no thrust after launch, no
    air. A missile burns out high and down-range, so that its figures differ.
    Source: R. Bate, D. Mueller, J. White, Fundamentals of Astrodynamics, 1971, section 6.2.
    """
    radius_m = inputs.earth_radius.middle
    speed_m_s, climb_rad, apogee_m, time_s = least_energy(
        inputs.range.middle / radius_m, radius_m, MU_M3_S2
    )
    return Answer(
        figures={
            "speed_km_s": speed_m_s,
            "angle_deg": climb_rad,
            "apogee_km": apogee_m,
            "time_min": time_s,
        }
    )


MODEL = StudyModel(
    form=FlightInputs,
    outputs=(
        Output(name="speed_km_s", unit="km/s", meaning="speed at launch and impact"),
        Output(name="angle_deg", unit="deg", meaning="launch angle above the horizon"),
        Output(name="apogee_km", unit="km", meaning="greatest height"),
        Output(name="time_min", unit="min", meaning="time of flight"),
    ),
    solve=solve,
)
