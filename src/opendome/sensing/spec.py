"""The sensor part of a scenario: radars and infrared satellites."""

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Angle,
    Area,
    Bounds,
    Count,
    Decibel,
    Duration,
    Intensity,
    Length,
    Probability,
    Rate,
    Ratio,
)
from opendome.quantities.values import Interval, Point, Value
from opendome.sensing.models import InfraredSatellite, Radar
from opendome.sensing.orbits import Orbit, geostationary_orbit, walker_orbits

Pick = Callable[[str, Value], float]

FULL_TURN = Interval(0.0, 2.0 * math.pi)

_Latitude = Annotated[Angle, Bounds("-90 deg", "90 deg")]
_Longitude = Annotated[Angle, Bounds("-180 deg", "360 deg")]
_Turn = Annotated[Angle, Bounds("-360 deg", "360 deg")]
_Inclination = Annotated[Angle, Bounds("0 deg", "180 deg")]
_Reach = Annotated[Length, Bounds("1 km", "100000 km")]
_OrbitAltitude = Annotated[Length, Bounds("120 km", "400000 km")]
_Noise = Annotated[Angle, Bounds(high="10 deg", above="0 deg")]
_FalseAlarm = Annotated[Probability, Bounds("1e-15", "0.1")]
_Snr = Annotated[Decibel, Bounds("-30 dB", "100 dB")]
_Interval = Annotated[Duration, Bounds("10 ms", "1 h")]


class SensorPart(BaseModel):
    """A mapping of the sensor part: unknown keys refused, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RadarSpec(SensorPart):
    """One ground radar: where it stands, its mask, and one known point of its strength."""

    latitude: _Latitude = Field(description="of the antenna, geodetic")
    longitude: _Longitude = Field(description="of the antenna")
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
    range_max: _Reach = Field(description="instrumented range; nothing is seen beyond")
    range_reference: _Reach = Field(
        description="range at which `rcs_reference` gives `snr_reference`"
    )
    rcs_reference: Annotated[Area, Bounds(high="1000000 m2", above="0 m2")] = Field(
        description="mean radar cross-section of the reference"
    )
    snr_reference: _Snr = Field(description="signal-to-noise ratio of one look, power")
    p_false_alarm: _FalseAlarm = Field(description="chance of a false alarm in one look")
    angle_noise: _Noise = Field(description="one sigma of each angle at `snr_reference`")
    angle_noise_floor: Annotated[Angle, Bounds("0 deg", "10 deg")] = Field(
        description="one sigma of each angle that no signal betters"
    )
    range_noise: Annotated[Length, Bounds(high="100 km", above="0 m")] = Field(
        description="one sigma of the range at `snr_reference`"
    )
    range_noise_floor: Annotated[Length, Bounds("0 m", "100 km")] = Field(
        description="one sigma of the range that no signal betters"
    )
    look_interval: _Interval = Field(description="time between two looks at one object")
    look_budget: Annotated[Rate, Bounds(high="1000000 1/s", above="0 1/s")] = Field(
        description="looks in a second, shared among the objects in view"
    )

    @model_validator(mode="after")
    def _mask_is_open(self) -> Self:
        """A mask that shows nothing, or more than a full turn, is a mistake."""
        if _low(self.elevation_max) <= _high(self.elevation_min):
            raise QuantityError(
                got=f"elevation {self.elevation_min.text('deg')} to "
                f"{self.elevation_max.text('deg')}",
                allowed="elevation_min below elevation_max",
                do="correct one of them",
            )
        width = (_low(self.azimuth_to) - _high(self.azimuth_from)) / FULL_TURN.high
        if width == 0.0 or width > 1.0 + 1e-12:
            raise QuantityError(
                got=f"azimuth {self.azimuth_from.text('deg')} to {self.azimuth_to.text('deg')}",
                allowed="a sector of at most a full turn, clockwise from azimuth_from",
                do='write all round as "0 deg" to "360 deg", a sector through north as '
                '"330 deg" to "390 deg"',
            )
        return self

    def realise(self, pick: Pick, *, name: str, asset: int) -> Radar:
        """Radar with every uncertain value drawn by `pick`.

        name : of the sensor     asset : index of the scenario asset it belongs to
        """
        return Radar(
            name=name,
            asset=asset,
            lat_rad=pick("latitude", self.latitude),
            lon_rad=pick("longitude", self.longitude),
            alt_m=pick("altitude", self.altitude),
            azimuth_from_rad=pick("azimuth_from", self.azimuth_from),
            azimuth_to_rad=pick("azimuth_to", self.azimuth_to),
            elevation_min_rad=pick("elevation_min", self.elevation_min),
            elevation_max_rad=pick("elevation_max", self.elevation_max),
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
        )


class GeostationarySpec(SensorPart):
    """Satellites that stand over the equator."""

    longitudes: list[_Longitude] = Field(min_length=1, description="one for each satellite")

    def orbits(self, pick: Pick) -> list[Orbit]:
        """One orbit for each longitude."""
        return [
            geostationary_orbit(pick(f"geostationary.longitudes.{k}", longitude))
            for k, longitude in enumerate(self.longitudes)
        ]


class ConstellationSpec(SensorPart):
    """A Walker pattern of circular orbits."""

    walker: Literal["delta", "star"] = Field(
        description="delta: nodes spread over the whole turn; star: over half of it"
    )
    satellites: Annotated[Count, Bounds("1", "100000")] = Field(description="in all planes")
    planes: Annotated[Count, Bounds("1", "10000")] = Field(description="orbital planes")
    phasing: Annotated[Ratio, Bounds("0")] = Field(
        default=Point(0.0), description="F of the notation T/P/F, 0 up to below planes"
    )
    altitude: _OrbitAltitude = Field(description="above the equatorial radius")
    inclination: _Inclination = Field(description="of every plane")
    raan: _Turn = Field(default=FULL_TURN, description="node of the first plane, in ECI")
    phase: _Turn = Field(
        default=FULL_TURN, description="place of the first satellite along its orbit, at the epoch"
    )

    @model_validator(mode="after")
    def _satellites_fill_the_planes(self) -> Self:
        """Whole, equal planes: what the pattern means."""
        satellites, planes = self.satellites, self.planes
        if satellites.uncertain or planes.uncertain:
            raise QuantityError(
                got=f"{satellites.text()} satellites in {planes.text()} planes",
                allowed="one number of satellites and one of planes",
                do="choose one pattern",
            )
        if satellites.middle % planes.middle:
            raise QuantityError(
                got=f"{satellites.text()} satellites in {planes.text()} planes",
                allowed="the same number of satellites in each plane",
                do="change the number of satellites or of planes",
            )
        if _high(self.phasing) >= planes.middle:
            raise QuantityError(
                got=f"phasing {self.phasing.text()} with {planes.text()} planes",
                allowed="0 up to, not including, the number of planes",
                do="give the F of the T/P/F notation",
            )
        return self

    def orbits(self, pick: Pick) -> list[Orbit]:
        """One orbit for each satellite, plane by plane."""

        def own(name: str) -> float:
            return pick(f"constellation.{name}", getattr(self, name))

        return walker_orbits(
            kind=self.walker,
            satellites=round(own("satellites")),
            planes=round(own("planes")),
            phasing=own("phasing"),
            altitude_m=own("altitude"),
            inclination_rad=own("inclination"),
            raan_rad=own("raan"),
            phase_rad=own("phase"),
        )


class ElementsSpec(SensorPart):
    """One satellite by its mean elements at the epoch."""

    semi_major_axis: Annotated[Length, Bounds("6500 km", "500000 km")] | None = Field(
        default=None, description="together with eccentricity"
    )
    eccentricity: Annotated[Ratio, Bounds("0", "0.95")] | None = Field(
        default=None, description="together with semi_major_axis"
    )
    perigee_altitude: _OrbitAltitude | None = Field(
        default=None, description="above the equatorial radius; together with apogee_altitude"
    )
    apogee_altitude: _OrbitAltitude | None = Field(
        default=None, description="above the equatorial radius"
    )
    inclination: _Inclination = Field(description="of the orbit")
    raan: _Turn = Field(default=FULL_TURN, description="right ascension of the node, in ECI")
    argument_of_perigee: _Turn = Field(description="from the node to the perigee")
    mean_anomaly: _Turn = Field(default=FULL_TURN, description="at the epoch")

    @model_validator(mode="after")
    def _one_pair(self) -> Self:
        """Size and shape, or lowest and highest point."""
        given = [
            name
            for name in ("semi_major_axis", "eccentricity", "perigee_altitude", "apogee_altitude")
            if getattr(self, name) is not None
        ]
        if given not in (
            ["semi_major_axis", "eccentricity"],
            ["perigee_altitude", "apogee_altitude"],
        ):
            raise QuantityError(
                got=" and ".join(given) or "no size of the orbit",
                allowed="semi_major_axis and eccentricity, or perigee_altitude and apogee_altitude",
                do="give one of the two pairs",
            )
        perigee, apogee = self.perigee_altitude, self.apogee_altitude
        if perigee is not None and apogee is not None and _low(apogee) < _high(perigee):
            raise QuantityError(
                got=f"apogee {apogee.text('km')}, perigee {perigee.text('km')}",
                allowed="an apogee at or above the perigee",
                do="swap or correct them",
            )
        return self

    def orbit(self, pick: Pick, place: str) -> Orbit:
        """The orbit; `place` is the path of this entry."""

        def own(name: str) -> float:
            return pick(f"{place}.{name}", getattr(self, name))

        if self.semi_major_axis is not None:
            axis, eccentricity = own("semi_major_axis"), own("eccentricity")
        else:
            perigee = RADIUS_EQUATOR_M + own("perigee_altitude")
            apogee = RADIUS_EQUATOR_M + own("apogee_altitude")
            axis, eccentricity = (apogee + perigee) / 2.0, (apogee - perigee) / (apogee + perigee)
        return Orbit(
            semi_major_axis_m=axis,
            eccentricity=eccentricity,
            inclination_rad=own("inclination"),
            raan_rad=own("raan"),
            argument_of_perigee_rad=own("argument_of_perigee"),
            mean_anomaly_rad=own("mean_anomaly"),
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
    revisit: _Interval = Field(description="time between two looks at one place")
    angle_noise: _Noise = Field(
        description="one sigma of the line of sight at `snr_reference` and above"
    )
    sensitivity: Annotated[Intensity, Bounds(above="0 W/sr")] = Field(
        description="intensity that gives `snr_reference` at `sensitivity_range`"
    )
    sensitivity_range: _Reach = Field(description="range at which `sensitivity` holds")
    snr_reference: _Snr = Field(
        description="signal over noise of the reference, as 20 log10 of the amplitude ratio"
    )
    p_false_alarm: _FalseAlarm = Field(description="chance of a false alarm in one look")
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


GOLDEN_FRACTION = 0.5 * (math.sqrt(5.0) - 1.0)


def spread_phase(satellite: int) -> float:
    """Part of a revisit by which a satellite scans later than the first one.

    Model: fractional part of satellite * golden ratio, which spreads any number of
    satellites evenly, so that a constellation does not blink in step.
    Source: H. Weyl, equidistribution theorem, 1916.
    """
    return (satellite * GOLDEN_FRACTION) % 1.0


def _high(value: Value) -> float:
    return value.high if isinstance(value, Interval) else value.middle


def _low(value: Value) -> float:
    return value.low if isinstance(value, Interval) else value.middle
