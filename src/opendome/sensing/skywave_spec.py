"""The part of a scenario that says what a radar that looks over the horizon is."""

import math
from typing import Annotated, Self

from pydantic import Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Angle, Area, Bounds, Duration, Length, Probability, Speed
from opendome.sensing.skywave import SkywaveRadar
from opendome.sensing.spec import (
    FULL_TURN,
    Availability,
    FalseAlarm,
    KFactor,
    KTime,
    Latitude,
    Longitude,
    LookInterval,
    Noise,
    Pick,
    Reach,
    SensorPart,
    Snr,
    both_or_none,
    highest,
    lowest,
)

Coarse = Annotated[Length, Bounds(high="1000 km", above="0 m")]


class OverTheHorizonRadarSpec(SensorPart):
    """One skywave radar: a belt beyond the horizon, seen by way of the ionosphere when it bears."""

    latitude: Latitude = Field(description="of the receiver, geodetic")
    longitude: Longitude = Field(description="of the receiver")
    azimuth_from: Annotated[Angle, Bounds("-360 deg", "360 deg")] = Field(
        description="left edge of the sector, clockwise from north"
    )
    azimuth_to: Annotated[Angle, Bounds("-360 deg", "720 deg")] = Field(
        description="right edge, clockwise from the left one; may pass 360 deg"
    )
    ground_range_min: Reach = Field(description="near edge of the belt, along the ground")
    ground_range_max: Reach = Field(description="far edge of the belt, one hop")
    target_altitude_max: Annotated[Length, Bounds("1 km", "300 km")] = Field(
        description="highest flier that its rays meet on their way down"
    )
    ionosphere: Annotated[Probability, Bounds("0", "1")] = Field(
        description="chance that the ionosphere bears its rays to the belt in a future"
    )
    radial_speed_min: Annotated[Speed, Bounds("0 m/s", "1000 m/s")] = Field(
        description="slowest change of the ground range that it tells from the ground"
    )
    range_reference: Reach = Field(
        description="ground range at which `rcs_reference` gives `snr_reference`"
    )
    rcs_reference: Annotated[Area, Bounds(high="1000000 m2", above="0 m2")] = Field(
        description="mean radar cross-section of the reference, at its wavelength"
    )
    snr_reference: Snr = Field(description="signal-to-noise ratio of one look, power")
    target_rcs: Annotated[Area, Bounds(high="1000000 m2", above="0 m2")] = Field(
        description="of every body at its wavelength, which is as long as they are"
    )
    p_false_alarm: FalseAlarm = Field(description="chance of a false alarm in one look")
    azimuth_noise: Noise = Field(description="one sigma of the azimuth at `snr_reference`")
    azimuth_noise_floor: Annotated[Angle, Bounds("0 deg", "10 deg")] = Field(
        description="one sigma of the azimuth that no signal betters"
    )
    range_noise: Coarse = Field(description="one sigma of the ground range at `snr_reference`")
    range_noise_floor: Annotated[Length, Bounds("0 m", "1000 km")] = Field(
        description="one sigma of the ground range that no signal betters"
    )
    revisit: LookInterval = Field(description="time between two looks at one place")
    availability: Availability | None = Field(
        default=None, description="chance that it works at all in a future; always when left out"
    )
    azimuth_bias: Noise | None = Field(
        default=None, description="one sigma of an error of the azimuth that looks have in common"
    )
    range_bias: Coarse | None = Field(
        default=None,
        description="one sigma of an error of the ground range that looks have in common: the "
        "height of the ionosphere is not known well",
    )
    bias_memory: Annotated[Duration, Bounds(above="0 s")] | None = Field(
        default=None, description="how long those errors stay; through a trial when left out"
    )
    k_factor: KFactor | None = Field(
        default=None, description="as of a radar; it cannot tell threats when left out"
    )
    k_time: KTime | None = Field(default=None, description="time it must watch for its `k_factor`")

    @model_validator(mode="after")
    def _belt_is_open(self) -> Self:
        """A belt without depth, or a sector of more than a full turn, is a mistake."""
        both_or_none(self, "k_factor", "k_time")
        if lowest(self.ground_range_max) <= highest(self.ground_range_min):
            raise QuantityError(
                got=f"a belt from {self.ground_range_min.text('km')} to "
                f"{self.ground_range_max.text('km')}",
                allowed="ground_range_min below ground_range_max",
                do="correct one of them",
            )
        width = (lowest(self.azimuth_to) - highest(self.azimuth_from)) / FULL_TURN.high
        if width == 0.0 or width > 1.0 + 1e-12:
            raise QuantityError(
                got=f"azimuth {self.azimuth_from.text('deg')} to {self.azimuth_to.text('deg')}",
                allowed="a sector of at most a full turn, clockwise from azimuth_from",
                do='write a sector through north as "330 deg" to "390 deg"',
            )
        return self

    def realise(self, pick: Pick, *, name: str, asset: int) -> SkywaveRadar:
        """Radar with every uncertain value drawn by `pick`.

        name : of the sensor     asset : index of the scenario asset it belongs to
        """

        def own(field: str, otherwise: float) -> float:
            given = getattr(self, field)
            return otherwise if given is None else pick(field, given)

        return SkywaveRadar(
            name=name,
            asset=asset,
            lat_rad=pick("latitude", self.latitude),
            lon_rad=pick("longitude", self.longitude),
            azimuth_from_rad=pick("azimuth_from", self.azimuth_from),
            azimuth_to_rad=pick("azimuth_to", self.azimuth_to),
            range_min_m=pick("ground_range_min", self.ground_range_min),
            range_max_m=pick("ground_range_max", self.ground_range_max),
            altitude_max_m=pick("target_altitude_max", self.target_altitude_max),
            speed_min_m_s=pick("radial_speed_min", self.radial_speed_min),
            range_reference_m=pick("range_reference", self.range_reference),
            rcs_reference_m2=pick("rcs_reference", self.rcs_reference),
            snr_reference=10.0 ** (0.1 * pick("snr_reference", self.snr_reference)),
            rcs_m2=pick("target_rcs", self.target_rcs),
            p_false_alarm=pick("p_false_alarm", self.p_false_alarm),
            azimuth_noise_rad=pick("azimuth_noise", self.azimuth_noise),
            azimuth_noise_floor_rad=pick("azimuth_noise_floor", self.azimuth_noise_floor),
            range_noise_m=pick("range_noise", self.range_noise),
            range_noise_floor_m=pick("range_noise_floor", self.range_noise_floor),
            revisit_s=pick("revisit", self.revisit),
            angle_bias_rad=own("azimuth_bias", 0.0),
            range_bias_m=own("range_bias", 0.0),
            bias_memory_s=own("bias_memory", math.inf),
            k_factor=own("k_factor", 0.0),
            k_time_s=own("k_time", math.inf),
        )
