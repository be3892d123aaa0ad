"""The threat part of a scenario: a class of cruise missile or drone as published figures."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    AccelerationDensity,
    Angle,
    Area,
    Bounds,
    Intensity,
    Length,
    Probability,
    Speed,
)
from opendome.quantities.values import Point, Value
from opendome.threats.cruise import CruiseClass
from opendome.threats.kernels.cruise import SPHERE_SHARE
from opendome.threats.picks import Pick

_Height = Annotated[Length, Bounds("0 m", "30 km")]
_Slope = Annotated[Angle, Bounds("1 deg", "89 deg")]
_Latitude = Annotated[Angle, Bounds("-90 deg", "90 deg")]
_Longitude = Annotated[Angle, Bounds("-180 deg", "360 deg")]


class CruiseSpec(BaseModel):
    """A generic class that flies through the air on wings and an engine, to the end."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flight: Literal["cruise"] = Field(
        default="cruise", exclude=True, description="the kind of flight; given by the class"
    )
    speed: Annotated[Speed, Bounds("20 m/s", "2 km/s")] = Field(
        description="over the turning Earth, along the path, the same all the way"
    )
    altitude: _Height = Field(description="of the cruise, above the ellipsoid")
    launch_altitude: _Height = Field(
        default=Point(0.0), description="where it starts; 0 for land and sea"
    )
    climb_angle: _Slope = Field(description="path angle of every change of height but the last")
    dive_angle: _Slope = Field(description="path angle of the dive onto the aim")
    approach_altitude: _Height | None = Field(
        default=None, description="of the last part before the dive; with approach_distance"
    )
    approach_distance: Annotated[Length, Bounds(above="0 m", high="1000 km")] | None = Field(
        default=None,
        description="along the ground before the aim, where it leaves its cruise altitude; with "
        "approach_altitude",
    )
    via: list[tuple[_Latitude, _Longitude]] = Field(
        default=[], max_length=100, description="waypoints: latitude and longitude of each"
    )
    range_min: Annotated[Length, Bounds("1 km", "18000 km")] = Field(
        description="shortest route the class is sent along"
    )
    range_max: Annotated[Length, Bounds("1 km", "18000 km")] = Field(
        description="longest route, along its waypoints"
    )
    intensity: Intensity = Field(description="in-band infrared intensity of body and exhaust")
    rcs: Area = Field(description="radar cross-section")
    manoeuvre_psd: AccelerationDensity = Field(
        description="spectral density of the acceleration that nobody who watches can know"
    )
    reliability: Probability = Field(
        default=Point(1.0), description="chance that one does not fail by itself"
    )

    @property
    def longest_s(self) -> float:
        """A time that no flight of the class lasts longer than, for the estimate of looks [s]."""
        # a change of height lengthens the path by less than itself
        heights = [self.launch_altitude, self.altitude, self.altitude]
        heights += [self.approach_altitude] * 2 if self.approach_altitude is not None else []
        path_m = self.range_max.quantile(1.0) + sum(height.quantile(1.0) for height in heights)
        return path_m * (1.0 + SPHERE_SHARE) / self.speed.quantile(0.0)

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
    def _approach_is_whole(self) -> Self:
        """The last part needs both its height and its beginning."""
        given = {"approach_altitude": self.approach_altitude}
        given["approach_distance"] = self.approach_distance
        missing = [name for name, value in given.items() if value is None]
        if len(missing) == 1:
            raise QuantityError(
                got=f"no {missing[0]}",
                allowed="approach_altitude and approach_distance together, or neither",
                do=f"add {missing[0]}, or remove the other",
            )
        return self

    def realise(self, pick: Pick) -> CruiseClass:
        """Class with every uncertain value drawn by `pick`."""

        def optional(name: str, value: Value | None) -> float:
            return 0.0 if value is None else pick(name, value)

        return CruiseClass(
            speed_m_s=pick("speed", self.speed),
            launch_altitude_m=pick("launch_altitude", self.launch_altitude),
            altitude_m=pick("altitude", self.altitude),
            approach_altitude_m=optional("approach_altitude", self.approach_altitude),
            approach_distance_m=optional("approach_distance", self.approach_distance),
            climb_rad=pick("climb_angle", self.climb_angle),
            dive_rad=pick("dive_angle", self.dive_angle),
            range_min_m=pick("range_min", self.range_min),
            range_max_m=pick("range_max", self.range_max),
            via_rad=tuple(
                (pick(f"via.{k}.0", point[0]), pick(f"via.{k}.1", point[1]))
                for k, point in enumerate(self.via)
            ),
            intensity_w_sr=pick("intensity", self.intensity),
            rcs_m2=pick("rcs", self.rcs),
            manoeuvre_psd_m2_s3=pick("manoeuvre_psd", self.manoeuvre_psd),
            reliability=pick("reliability", self.reliability),
        )
