"""The part of a scenario that says what a radar is."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Angle,
    Area,
    Bounds,
    Duration,
    Length,
    Rate,
    Ratio,
)
from opendome.quantities.values import Point
from opendome.sensing.motion_spec import CourseSpec, RacetrackSpec, RoamSpec
from opendome.sensing.radar import Radar
from opendome.sensing.search_spec import SearchSpec
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


class RadarSpec(SensorPart):
    """One radar on the ground, on a ship or in the air: its place, its mask, its known strength."""

    latitude: Latitude = Field(description="of the antenna, geodetic")
    longitude: Longitude = Field(description="of the antenna")
    altitude: Annotated[Length, Bounds("0 m", "20 km")] = Field(
        default=Point(0.0), description="of the antenna above the ellipsoid"
    )
    earth_factor: Annotated[Ratio, Bounds("1", "2")] = Field(
        default=Point(1.0),
        description="effective over true radius of the Earth for the horizon: 4/3 bends the rays "
        "as standard air does near the ground, 1 leaves them straight",
    )
    azimuth_from: Annotated[Angle, Bounds("-360 deg", "360 deg")] = Field(
        description="left edge of the sector, clockwise from north"
    )
    azimuth_to: Annotated[Angle, Bounds("-360 deg", "720 deg")] = Field(
        description="right edge, clockwise from the left one; may pass 360 deg"
    )
    elevation_min: Annotated[Angle, Bounds("-10 deg", "90 deg")] = Field(
        description="lowest elevation above the local horizontal"
    )
    elevation_max: Annotated[Angle, Bounds("-10 deg", "90 deg")] = Field(
        description="highest elevation"
    )
    range_max: Reach = Field(description="instrumented range; nothing is seen beyond")
    range_reference: Reach = Field(
        description="range at which `rcs_reference` gives `snr_reference`"
    )
    rcs_reference: Annotated[Area, Bounds(high="1000000 m2", above="0 m2")] = Field(
        description="mean radar cross-section of the reference"
    )
    snr_reference: Snr = Field(description="signal-to-noise ratio of one look, power")
    p_false_alarm: FalseAlarm = Field(description="chance of a false alarm in one look")
    angle_noise: Noise = Field(description="one sigma of each angle at `snr_reference`")
    angle_noise_floor: Annotated[Angle, Bounds("0 deg", "10 deg")] = Field(
        description="one sigma of each angle that no signal betters"
    )
    range_noise: Annotated[Length, Bounds(high="100 km", above="0 m")] = Field(
        description="one sigma of the range at `snr_reference`"
    )
    range_noise_floor: Annotated[Length, Bounds("0 m", "100 km")] = Field(
        description="one sigma of the range that no signal betters"
    )
    look_interval: LookInterval = Field(description="time between two looks at one object")
    look_budget: Annotated[Rate, Bounds(high="1000000 1/s", above="0 1/s")] = Field(
        description="looks in a second, shared among the objects in view"
    )
    course: CourseSpec | None = Field(
        default=None, description="it moves straight ahead; stands still when left out"
    )
    racetrack: RacetrackSpec | None = Field(
        default=None, description="it flies round and round; stands still when left out"
    )
    roam: RoamSpec | None = Field(
        default=None, description="it stands somewhere around its position, drawn in each future"
    )
    search: SearchSpec | None = Field(
        default=None, description="what it has not met is not known; all in view is when left out"
    )
    priority: Literal["first-come", "newest", "closing"] | None = Field(
        default=None,
        description="who is followed when there are more objects than it can look at every "
        "`look_interval`: who came first, who came last, or who reaches it soonest; all share "
        "its looks when left out",
    )
    availability: Availability | None = Field(
        default=None, description="chance that it works at all in a future; always when left out"
    )
    angle_bias: Noise | None = Field(
        default=None, description="one sigma of an error of each angle that looks have in common"
    )
    range_bias: Annotated[Length, Bounds(high="100 km", above="0 m")] | None = Field(
        default=None, description="one sigma of an error of the range that looks have in common"
    )
    bias_memory: Annotated[Duration, Bounds(above="0 s")] | None = Field(
        default=None, description="how long those errors stay; through a trial when left out"
    )
    k_factor: KFactor | None = Field(
        default=None,
        description="mean of threats minus mean of other bodies in what it measures of them, in "
        "standard deviations, once it has watched for `k_time`; it cannot tell when left out",
    )
    k_time: KTime | None = Field(default=None, description="time it must watch for its `k_factor`")

    @model_validator(mode="after")
    def _mask_is_open(self) -> Self:
        """A mask that shows nothing, or more than a full turn, is a mistake."""
        if lowest(self.elevation_max) <= highest(self.elevation_min):
            raise QuantityError(
                got=f"elevation {self.elevation_min.text('deg')} to "
                f"{self.elevation_max.text('deg')}",
                allowed="elevation_min below elevation_max",
                do="correct one of them",
            )
        width = (lowest(self.azimuth_to) - highest(self.azimuth_from)) / FULL_TURN.high
        if width == 0.0 or width > 1.0 + 1e-12:
            raise QuantityError(
                got=f"azimuth {self.azimuth_from.text('deg')} to {self.azimuth_to.text('deg')}",
                allowed="a sector of at most a full turn, clockwise from azimuth_from",
                do='write all round as "0 deg" to "360 deg", a sector through north as '
                '"330 deg" to "390 deg"',
            )
        return self

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        """One way to move, a fence inside the mask, a K-factor with its time."""
        both_or_none(self, "k_factor", "k_time")
        if self.course is not None and self.racetrack is not None:
            raise QuantityError(
                got="a course and a racetrack together",
                allowed="one of them, or neither",
                do="keep the one that it flies",
            )
        fence = None if self.search is None else self.search.fence
        if fence is not None and lowest(fence) <= highest(self.elevation_min):
            raise QuantityError(
                got=f"a fence up to {fence.text('deg')} above {self.elevation_min.text('deg')}",
                allowed="a fence above elevation_min",
                do="raise it; it is the highest elevation searched",
            )
        return self

    def realise(self, pick: Pick, *, name: str, asset: int) -> Radar:
        """Radar with every uncertain value drawn by `pick`.

        name : of the sensor     asset : index of the scenario asset it belongs to
        """
        lat_rad, lon_rad = pick("latitude", self.latitude), pick("longitude", self.longitude)
        if self.roam is not None:
            lat_rad, lon_rad = self.roam.place(pick, lat_rad, lon_rad)
        motion = self.course or self.racetrack
        elevation_max_rad = pick("elevation_max", self.elevation_max)
        search = self.search
        return Radar(
            name=name,
            asset=asset,
            lat_rad=lat_rad,
            lon_rad=lon_rad,
            alt_m=pick("altitude", self.altitude),
            azimuth_from_rad=pick("azimuth_from", self.azimuth_from),
            azimuth_to_rad=pick("azimuth_to", self.azimuth_to),
            elevation_min_rad=pick("elevation_min", self.elevation_min),
            elevation_max_rad=elevation_max_rad,
            range_max_m=pick("range_max", self.range_max),
            range_reference_m=pick("range_reference", self.range_reference),
            rcs_reference_m2=pick("rcs_reference", self.rcs_reference),
            snr_reference=10.0 ** (0.1 * pick("snr_reference", self.snr_reference)),
            p_false_alarm=pick("p_false_alarm", self.p_false_alarm),
            angle_noise_rad=pick("angle_noise", self.angle_noise),
            angle_noise_floor_rad=pick("angle_noise_floor", self.angle_noise_floor),
            range_noise_m=pick("range_noise", self.range_noise),
            range_noise_floor_m=pick("range_noise_floor", self.range_noise_floor),
            look_interval_s=pick("look_interval", self.look_interval),
            look_budget_hz=pick("look_budget", self.look_budget),
            earth_factor=pick("earth_factor", self.earth_factor),
            course=None if motion is None else motion.realise(pick),
            search=None if search is None else search.realise(pick, elevation_max_rad),
            priority=self.priority,
            **self._drawn(pick),
        )

    def _drawn(self, pick: Pick) -> dict[str, float]:
        """Values that may be left out, by field of `Radar`."""
        given = {name: getattr(self, name) for name in OPTIONAL}
        return {
            OPTIONAL[name]: pick(name, value) for name, value in given.items() if value is not None
        }


OPTIONAL = {
    "angle_bias": "angle_bias_rad",
    "range_bias": "range_bias_m",
    "bias_memory": "bias_memory_s",
    "k_factor": "k_factor",
    "k_time": "k_time_s",
}
