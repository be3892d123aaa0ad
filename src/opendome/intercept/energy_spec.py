"""The directed-energy part of a scenario."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from opendome.intercept.energy import DirectedEnergy
from opendome.intercept.interceptors import Launching, Window
from opendome.intercept.spec import Pick, SiteSpec
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Angle, Bounds, Duration, Length, Probability
from opendome.quantities.values import Interval, Point, Value
from opendome.sources.catalogue import load_system, system_ids

HORIZON = Point(0.0)
_Altitude = Annotated[Length, Bounds("0 km", "100 km")]


class DirectedEnergySpec(BaseModel):
    """Beams at sites on the ground or at sea."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sites: dict[str, SiteSpec] = Field(
        min_length=1, description="by name; `stock` is how often the beam of a site may fire"
    )
    range_max: Annotated[Length, Bounds("100 m", "100 km")] = Field(description="slant range")
    dwell: Annotated[Duration, Bounds("0.1 s", "5 min")] = Field(
        description="how long the beam must be held on an object"
    )
    elevation_min: Annotated[Angle, Bounds("0 deg", "90 deg")] = Field(
        default=HORIZON, description="lowest elevation of the beam"
    )
    intercept_altitude_min: _Altitude = Field(description="lowest object")
    intercept_altitude_max: _Altitude = Field(description="highest object")
    against: tuple[str, ...] = Field(
        min_length=1, description="threats of the catalogue that it can hurt"
    )
    p_kill: Probability = Field(description="chance that a beam held that long kills")
    acquisition: Annotated[Length, Bounds("1 m", "100 km")] = Field(
        description="how far an object may be from where its track says for the beam to find it"
    )
    launch_delay: Annotated[Duration, Bounds("0 s", "1 h")] = Field(
        description="from the order until the beam is on"
    )

    @field_validator("against")
    @classmethod
    def _threats(cls, against: tuple[str, ...]) -> tuple[str, ...]:
        """Each of them a threat of the catalogue."""
        known = system_ids()
        for name in against:
            if name not in known or load_system(name).kind != "threat":
                raise QuantityError(
                    got=f"{name!r} among what it can hurt",
                    allowed="threats of the catalogue: opendome list systems",
                    do="correct the name or leave it out",
                )
        return against

    @model_validator(mode="after")
    def _has_a_window(self) -> Self:
        """The highest object lies above the lowest."""
        low, high = self.intercept_altitude_min, self.intercept_altitude_max
        if _end(high, low=True) <= _end(low, low=False):
            raise QuantityError(
                got=f"intercept_altitude_min {low.text('km')}, "
                f"intercept_altitude_max {high.text('km')}",
                allowed="intercept_altitude_max above intercept_altitude_min",
                do="swap or correct them",
            )
        return self

    def realise(self, pick: Pick) -> DirectedEnergy:
        """Beams with every uncertain value drawn by `pick`."""
        dwell_s = pick("dwell", self.dwell)
        return DirectedEnergy(
            sites=tuple(site.realise(name, pick) for name, site in self.sites.items()),
            range_max_m=pick("range_max", self.range_max),
            elevation_min_rad=pick("elevation_min", self.elevation_min),
            dwell_s=dwell_s,
            window=Window(
                altitude_min_m=pick("intercept_altitude_min", self.intercept_altitude_min),
                altitude_max_m=pick("intercept_altitude_max", self.intercept_altitude_max),
            ),
            against=self.against,
            p_kill=pick("p_kill", self.p_kill),
            launch_delay_s=pick("launch_delay", self.launch_delay),
            acquisition_m=pick("acquisition", self.acquisition),
            launching=Launching(channels=1.0, channel_time_s=dwell_s),
        )


def _end(value: Value, *, low: bool) -> float:
    """One end of what a value may be."""
    if isinstance(value, Interval):
        return value.low if low else value.high
    return value.middle
