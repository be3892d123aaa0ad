"""The part of a scenario that says what an infrared satellite is."""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from opendome.quantities.constants import RADIUS_EQUATOR_M, RADIUS_POLE_M
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Angle,
    Bounds,
    Count,
    Duration,
    Intensity,
    Length,
    Probability,
    Ratio,
)
from opendome.sensing.infrared import InfraredSatellite
from opendome.sensing.orbit_spec import ConstellationSpec, ElementsSpec, GeostationarySpec
from opendome.sensing.orbits import Orbit, geostationary_axis_m
from opendome.sensing.spec import (
    Availability,
    FalseAlarm,
    LookInterval,
    Noise,
    Pick,
    Reach,
    SensorPart,
    Snr,
    highest,
    lowest,
)


class InfraredSatelliteSpec(SensorPart):
    """One or many like satellites that measure the direction to what is warm."""

    geostationary: GeostationarySpec | None = Field(
        default=None, description="orbit: over the equator; one of three"
    )
    constellation: ConstellationSpec | None = Field(
        default=None, description="orbit: a Walker pattern; one of three"
    )
    elements: list[ElementsSpec] | None = Field(
        default=None, min_length=1, description="orbit: each satellite by itself; one of three"
    )
    revisit: LookInterval = Field(description="time between two looks at one place")
    angle_noise: Noise = Field(
        description="one sigma of the line of sight at `snr_reference` and above"
    )
    sensitivity: Annotated[Intensity, Bounds(above="0 W/sr")] = Field(
        description="intensity that gives `snr_reference` at `sensitivity_range`"
    )
    sensitivity_range: Reach = Field(description="range at which `sensitivity` holds")
    snr_reference: Snr = Field(
        description="signal over noise of the reference, as 20 log10 of the amplitude ratio"
    )
    p_false_alarm: FalseAlarm = Field(description="chance of a false alarm in one look")
    field_of_regard: Annotated[Angle, Bounds(high="180 deg", above="0 deg")] = Field(
        description="half-angle around the direction straight down"
    )
    cloud_break_altitude: Annotated[Length, Bounds("0 m", "30 km")] = Field(
        description="below it a burning missile is hidden"
    )
    limb_altitude: Annotated[Length, Bounds("0 m", "300 km")] = Field(
        description="the air glows up to here behind a cold body"
    )
    tracks_cold_bodies: bool = Field(
        default=False, description="whether it sees objects after burnout, before cold space"
    )
    sensitivity_below_horizon: Annotated[Intensity, Bounds(above="0 W/sr")] | None = Field(
        default=None,
        description="as `sensitivity`, before the Earth and its clutter; without it the same as "
        "before space",
    )
    background: Literal["earth", "space"] | None = Field(
        default=None, description="the only background before which it looks; both without it"
    )
    sun_exclusion: Annotated[Angle, Bounds("0 deg", "90 deg")] | None = Field(
        default=None, description="half-angle around the Sun within which it sees nothing"
    )
    clear_sky: Probability | None = Field(
        default=None, description="share of launches below a sky without clouds"
    )
    clear_sky_altitude: Annotated[Length, Bounds("0 m", "30 km")] | None = Field(
        default=None, description="as `cloud_break_altitude`, below a clear sky; 0 m without it"
    )
    angle_bias: Noise | None = Field(
        default=None, description="one sigma of the error of each angle that all looks share"
    )
    angle_bias_memory: Annotated[Duration, Bounds(above="0 s")] | None = Field(
        default=None, description="how long that error stays the same"
    )
    targets: Annotated[Count, Bounds("1", "1000000")] | None = Field(
        default=None, description="objects it can look at in one revisit; any number without it"
    )
    k_factor: Annotated[Ratio, Bounds("0")] | None = Field(
        default=None,
        description="standard deviations between what threats and other bodies look like to it",
    )
    k_time: Annotated[Duration, Bounds(above="0 s")] | None = Field(
        default=None, description="how long it must watch to tell them apart that well"
    )
    availability: Availability | None = Field(
        default=None,
        description="chance of each satellite to work in a future; always when left out",
    )

    @model_validator(mode="after")
    def _one_orbit(self) -> Self:
        """Exactly one of the three ways to give the orbits."""
        names = ("geostationary", "constellation", "elements")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise QuantityError(
                got=f"{' and '.join(given)} together" if given else "no orbit",
                allowed=f"exactly one of {', '.join(names)}",
                do="keep one" if given else "add one",
            )
        return self

    @model_validator(mode="after")
    def _whole_pairs(self) -> Self:
        """What means something only together."""
        pairs = (("angle_bias", "angle_bias_memory"), ("k_factor", "k_time"))
        for pair in pairs:
            given = [name for name in pair if getattr(self, name) is not None]
            if len(given) == 1:
                raise QuantityError(
                    got=f"{given[0]} alone",
                    allowed=f"{pair[0]} together with {pair[1]}, or neither",
                    do="add the other",
                )
        if self.clear_sky_altitude is not None and self.clear_sky is None:
            raise QuantityError(
                got="clear_sky_altitude without clear_sky",
                allowed="clear_sky_altitude where clear_sky says how often the sky is clear",
                do="add clear_sky",
            )
        return self

    @model_validator(mode="after")
    def _backgrounds_agree(self) -> Self:
        """Nothing is said of a background before which it does not look."""
        useless = {
            "space": ("sensitivity_below_horizon", self.sensitivity_below_horizon is not None),
            "earth": ("tracks_cold_bodies", self.tracks_cold_bodies),
        }
        name, given = useless.get(self.background or "", ("", False))
        if given:
            raise QuantityError(
                got=f"{name} with background {self.background}",
                allowed="cold bodies before space, and sensitivity_below_horizon before the Earth",
                do=f"leave out {name} or background",
            )
        return self

    @model_validator(mode="after")
    def _space_is_in_the_field(self) -> Self:
        """A sensor that looks before space alone must see past the limb from somewhere."""
        if self.background != "space":
            return self
        limb_m = RADIUS_POLE_M + lowest(self.limb_altitude)
        limb_rad = math.asin(min(1.0, limb_m / self._highest_m()))
        if highest(self.field_of_regard) <= limb_rad:
            raise QuantityError(
                got=f"field_of_regard {self.field_of_regard.text('deg')} with background space",
                allowed=f"more than {math.degrees(limb_rad):.1f} deg, where the limb ends",
                do="widen field_of_regard, or leave out background",
            )
        return self

    def _highest_m(self) -> float:
        """Largest distance from the centre of the Earth that any of the satellites reaches [m]."""
        if self.geostationary is not None:
            return geostationary_axis_m()
        if self.constellation is not None:
            return RADIUS_EQUATOR_M + highest(self.constellation.altitude)
        return max(entry.highest_m() for entry in self.elements or [])

    def orbits(self, pick: Pick) -> list[Orbit]:
        """One orbit for each satellite."""
        if self.geostationary is not None:
            return self.geostationary.orbits(pick)
        if self.constellation is not None:
            return self.constellation.orbits(pick)
        return [entry.orbit(pick, f"elements.{k}") for k, entry in enumerate(self.elements or [])]

    def realise(self, pick: Pick, *, name: str, asset: int) -> tuple[InfraredSatellite, ...]:
        """Satellites with every uncertain value drawn by `pick`; like satellites share it.

        name : of the asset; satellites are numbered from 1     asset : its index
        """
        revisit_s = pick("revisit", self.revisit)
        shared: dict[str, Any] = {
            "asset": asset,
            "revisit_s": revisit_s,
            "angle_noise_rad": pick("angle_noise", self.angle_noise),
            "sensitivity_w_sr": pick("sensitivity", self.sensitivity),
            "sensitivity_range_m": pick("sensitivity_range", self.sensitivity_range),
            "snr_reference": 10.0 ** (0.05 * pick("snr_reference", self.snr_reference)),
            "p_false_alarm": pick("p_false_alarm", self.p_false_alarm),
            "field_of_regard_rad": pick("field_of_regard", self.field_of_regard),
            "cloud_break_altitude_m": pick("cloud_break_altitude", self.cloud_break_altitude),
            "limb_altitude_m": pick("limb_altitude", self.limb_altitude),
            "tracks_cold_bodies": self.tracks_cold_bodies,
            "background": self.background,
            "targets": None if self.targets is None else round(pick("targets", self.targets)),
            **self._extras(pick),
        }
        return tuple(
            InfraredSatellite(
                name=f"{name}-{k + 1}",
                orbit=orbit,
                revisit_phase_s=spread_phase(k) * revisit_s,
                **shared,
            )
            for k, orbit in enumerate(self.orbits(pick))
        )

    def _extras(self, pick: Pick) -> dict[str, float]:
        """What the scenario says beyond the least: field of the model to its value."""
        return {
            field: pick(name, getattr(self, name))
            for name, field in EXTRAS.items()
            if getattr(self, name) is not None
        }


# optional entry of the form -> field of the satellite
EXTRAS = {
    "sensitivity_below_horizon": "sensitivity_below_horizon_w_sr",
    "sun_exclusion": "sun_exclusion_rad",
    "clear_sky": "p_clear_sky",
    "clear_sky_altitude": "clear_sky_altitude_m",
    "angle_bias": "angle_bias_rad",
    "angle_bias_memory": "bias_memory_s",
    "k_factor": "k_factor",
    "k_time": "k_time_s",
}
GOLDEN_FRACTION = 0.5 * (math.sqrt(5.0) - 1.0)


def spread_phase(satellite: int) -> float:
    """Part of a revisit by which a satellite scans later than the first one.

    Model: fractional part of satellite * golden ratio, which spreads any number of
    satellites evenly, so that a constellation does not blink in step.
    Source: H. Weyl, equidistribution theorem, 1916.
    """
    return (satellite * GOLDEN_FRACTION) % 1.0
