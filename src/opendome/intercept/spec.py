"""The interceptor part of a scenario: orbital and surface-launched interceptors."""

import math
from collections.abc import Callable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from opendome.intercept.interceptors import Launching
from opendome.intercept.models import OrbitalInterceptor, Site, SurfaceInterceptor, Window
from opendome.quantities.constants import STANDARD_GRAVITY_M_S2
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Acceleration,
    Angle,
    BallisticCoefficient,
    Bounds,
    Count,
    Duration,
    Length,
    Probability,
    Ratio,
    Speed,
)
from opendome.quantities.values import Interval, Point, Value
from opendome.world.constellations import Walker

Pick = Callable[[str, Value], float]
Phase = Literal["boost", "midcourse", "terminal"]

ALL_PHASES: tuple[Phase, ...] = ("boost", "midcourse", "terminal")
UNPHASED = Point(0.0)
FULL_TURN = Interval(0.0, 2.0 * math.pi)

_Altitude = Annotated[Length, Bounds("0 km", "40000 km")]
_Delay = Annotated[Duration, Bounds("0 s", "1 h")]
_PositiveSpeed = Annotated[Speed, Bounds("1 m/s", "20 km/s")]
_Whole = Annotated[Count, Bounds("1", "1000000")]


class ConstellationSpec(BaseModel):
    """A Walker constellation of interceptors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    walker: Literal["delta", "star"] = Field(
        default="delta", description="nodes spread over the whole turn, or over half of it"
    )
    satellites: _Whole = Field(description="interceptors in orbit")
    planes: _Whole = Field(description="orbital planes; must divide the satellites")
    phasing: Annotated[Ratio, Bounds("0")] = Field(
        default=UNPHASED, description="F of the Walker notation T/P/F"
    )
    altitude: Annotated[Length, Bounds("150 km", "40000 km")] = Field(
        description="above the equatorial radius"
    )
    inclination: Annotated[Angle, Bounds("0 deg", "180 deg")] = Field(description="of every plane")
    raan: Annotated[Angle, Bounds("-360 deg", "360 deg")] = Field(
        default=FULL_TURN, description="right ascension of the node of the first plane"
    )
    phase: Annotated[Angle, Bounds("-360 deg", "360 deg")] = Field(
        default=FULL_TURN, description="argument of latitude of the first satellite"
    )

    @model_validator(mode="after")
    def _planes_are_equal(self) -> Self:
        """Equal planes, and a phasing that the notation allows."""
        satellites, planes = _bounds(self.satellites), _bounds(self.planes)
        whole = satellites[0] == satellites[1] and planes[0] == planes[1]
        if not whole or satellites[0] % planes[0] or _bounds(self.phasing)[1] >= planes[0]:
            raise QuantityError(
                got=f"{self.satellites.text()} satellites in {self.planes.text()} planes, "
                f"phasing {self.phasing.text()}",
                allowed="the same whole number of satellites in each plane, both numbers known, "
                "and a phasing below the number of planes",
                do="change satellites, planes or phasing",
            )
        return self

    def realise(self, pick: Pick) -> Walker:
        """Constellation with every uncertain value drawn by `pick`."""
        return Walker(
            kind=self.walker,
            satellites=round(pick("constellation.satellites", self.satellites)),
            planes=round(pick("constellation.planes", self.planes)),
            phasing=pick("constellation.phasing", self.phasing),
            altitude_m=pick("constellation.altitude", self.altitude),
            inclination_rad=pick("constellation.inclination", self.inclination),
            raan0_rad=pick("constellation.raan", self.raan),
            phase0_rad=pick("constellation.phase", self.phase),
        )


class InterceptorSpec(BaseModel):
    """What orbital and surface interceptors have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    burnout_speed: _PositiveSpeed = Field(description="speed when the booster has burnt out")
    intercept_altitude_min: _Altitude = Field(description="lowest intercept")
    flight_time_max: Annotated[Duration, Bounds(above="0 s", high="2 h")] = Field(
        description="longest flight"
    )
    divert: Annotated[Speed, Bounds("0 m/s", "10 km/s")] = Field(
        description="speed change of the kill vehicle's divert engine"
    )
    homing_time: _Delay = Field(
        description="before the intercept, when the interceptor's own sensor takes over"
    )
    p_kill: Probability = Field(
        description="single-shot chance of a kill when the object is within divert reach"
    )
    launch_delay: _Delay = Field(description="from the order to the launch")
    phases: tuple[Phase, ...] = Field(
        default=ALL_PHASES,
        min_length=1,
        description="parts of an object's flight in which it may be met",
    )
    reentry_altitude: _Altitude | None = Field(
        default=None,
        description="a falling object below it is in its terminal part; needed where "
        "midcourse and terminal differ",
    )
    channels: _Whole | None = Field(
        default=None, description="engagements at one time at a site; unlimited when left out"
    )
    channel_time: _Delay | None = Field(
        default=None,
        description="before the intercept, while a channel is held; the whole flight when left out",
    )
    launch_interval: _Delay | None = Field(
        default=None, description="between two launches of a site; none when left out"
    )
    ready: _Whole | None = Field(
        default=None,
        description="rounds of a site ready to fire; the whole stock when left out",
    )
    reload: _Delay | None = Field(
        default=None,
        description="from the last ready round to the next set of ready rounds; needs `ready`",
    )
    p_common_failure: Probability | None = Field(
        default=None,
        description="chance that a fault common to all rounds of this system makes every one "
        "of them fail; none when left out",
    )
    price: Annotated[Ratio, Bounds("0")] | None = Field(
        default=None,
        description="what a round kept is worth, in the unit of `value` of what is defended",
    )

    @field_validator("phases")
    @classmethod
    def _phases_once(cls, phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
        """Each part of the flight at most once."""
        if len(set(phases)) < len(phases):
            raise QuantityError(
                got=f"phases {', '.join(phases)}",
                allowed="each of boost, midcourse, terminal at most once",
                do="remove the repetition",
            )
        return phases

    @model_validator(mode="after")
    def _reloads(self) -> Self:
        """Ready rounds and the time to have more of them go together."""
        if (self.ready is None) != (self.reload is None):
            given, missing = ("ready", "reload") if self.reload is None else ("reload", "ready")
            raise QuantityError(
                got=f"{given} without {missing}",
                allowed="both or neither",
                do=f"add {missing} or remove {given}",
            )
        if self.channel_time is not None and self.channels is None:
            raise QuantityError(
                got="channel_time without channels",
                allowed="channel_time where channels are counted",
                do="add channels or remove channel_time",
            )
        return self

    def launching(self, pick: Pick) -> Launching:
        """How a site handles its rounds, with every uncertain value drawn by `pick`."""

        def drawn(name: str, neutral: float) -> float:
            value = getattr(self, name)
            return neutral if value is None else pick(name, value)

        return Launching(
            channels=drawn("channels", math.inf),
            channel_time_s=drawn("channel_time", math.inf),
            launch_interval_s=drawn("launch_interval", 0.0),
            ready=drawn("ready", math.inf),
            reload_s=drawn("reload", 0.0),
            p_common_failure=drawn("p_common_failure", 0.0),
            price=drawn("price", 0.0),
        )

    @model_validator(mode="after")
    def _terminal_is_defined(self) -> Self:
        """Midcourse without terminal, or the reverse, needs the height between them."""
        differ = ("midcourse" in self.phases) != ("terminal" in self.phases)
        if differ and self.reentry_altitude is None:
            raise QuantityError(
                got=f"phases {', '.join(self.phases)} without reentry_altitude",
                allowed="a reentry_altitude when only one of midcourse and terminal is listed",
                do='add for example "reentry_altitude: 100 km"',
            )
        return self

    def window(self, pick: Pick, altitude_max_m: float) -> Window:
        """Where an object may be met."""
        reentry_m = 0.0
        if self.reentry_altitude is not None:
            reentry_m = pick("reentry_altitude", self.reentry_altitude)
        return Window(
            altitude_min_m=pick("intercept_altitude_min", self.intercept_altitude_min),
            altitude_max_m=altitude_max_m,
            boost="boost" in self.phases,
            midcourse="midcourse" in self.phases,
            terminal="terminal" in self.phases,
            reentry_altitude_m=reentry_m,
        )


class OrbitalInterceptorSpec(InterceptorSpec):
    """A constellation in which every satellite is one interceptor."""

    constellation: ConstellationSpec = Field(description="where the interceptors are")
    acceleration: Annotated[Acceleration, Bounds("1 m/s2", "1000 m/s2")] = Field(
        description="constant, until the burnout speed is reached"
    )
    flight_time_max: Annotated[Duration, Bounds(above="0 s", high="900 s")] = Field(
        description="longest flight; the free-fall model holds up to 900 s"
    )

    def realise(self, pick: Pick) -> OrbitalInterceptor:
        """Interceptors with every uncertain value drawn by `pick`."""
        return OrbitalInterceptor(
            walker=self.constellation.realise(pick),
            burnout_speed_m_s=pick("burnout_speed", self.burnout_speed),
            acceleration_m_s2=pick("acceleration", self.acceleration),
            flight_time_max_s=pick("flight_time_max", self.flight_time_max),
            window=self.window(pick, float("inf")),
            divert_m_s=pick("divert", self.divert),
            homing_time_s=pick("homing_time", self.homing_time),
            p_kill=pick("p_kill", self.p_kill),
            launch_delay_s=pick("launch_delay", self.launch_delay),
            launching=self.launching(pick),
        )


class SiteSpec(BaseModel):
    """A launch site and the rounds it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latitude: Annotated[Angle, Bounds("-90 deg", "90 deg")] = Field(description="geodetic")
    longitude: Annotated[Angle, Bounds("-180 deg", "360 deg")] = Field(description="geodetic")
    stock: _Whole = Field(description="rounds")

    def realise(self, name: str, pick: Pick) -> Site:
        """Site with every uncertain value drawn by `pick`."""
        return Site(
            name=name,
            lat_rad=pick(f"sites.{name}.latitude", self.latitude),
            lon_rad=pick(f"sites.{name}.longitude", self.longitude),
            stock=round(pick(f"sites.{name}.stock", self.stock)),
        )


class SurfaceInterceptorSpec(InterceptorSpec):
    """A class of interceptor launched from sites on the ground or at sea."""

    sites: dict[str, SiteSpec] = Field(min_length=1, description="by name")
    burn_time: Annotated[Duration, Bounds("1 s", "600 s")] = Field(
        description="of all stages together"
    )
    ballistic_coefficient: Annotated[BallisticCoefficient, Bounds("100 kg/m2", "1000000 kg/m2")] = (
        Field(description="mass over drag area of the whole vehicle")
    )
    intercept_altitude_max: _Altitude = Field(description="highest intercept")
    range_max: Annotated[Length, Bounds("1 km", "20000 km")] = Field(
        description="farthest intercept, measured along the ground"
    )

    @model_validator(mode="after")
    def _flies(self) -> Self:
        """It leaves the ground, burns out before its longest flight, and has a window."""
        if _bounds(self.burnout_speed)[0] < STANDARD_GRAVITY_M_S2 * _bounds(self.burn_time)[1]:
            raise QuantityError(
                got=f"burnout_speed {self.burnout_speed.text('km/s')} after "
                f"burn_time {self.burn_time.text('s')}",
                allowed="a mean acceleration above one standard gravity",
                do="raise burnout_speed or shorten burn_time",
            )
        if _bounds(self.flight_time_max)[0] <= _bounds(self.burn_time)[1]:
            raise QuantityError(
                got=f"flight_time_max {self.flight_time_max.text('s')} with "
                f"burn_time {self.burn_time.text('s')}",
                allowed="a flight longer than the burn",
                do="raise flight_time_max",
            )
        if _bounds(self.intercept_altitude_max)[0] <= _bounds(self.intercept_altitude_min)[1]:
            raise QuantityError(
                got=f"intercept_altitude_min {self.intercept_altitude_min.text('km')}, "
                f"intercept_altitude_max {self.intercept_altitude_max.text('km')}",
                allowed="intercept_altitude_max above intercept_altitude_min",
                do="swap or correct them",
            )
        return self

    def realise(self, pick: Pick) -> SurfaceInterceptor:
        """Interceptors with every uncertain value drawn by `pick`."""
        altitude_max_m = pick("intercept_altitude_max", self.intercept_altitude_max)
        return SurfaceInterceptor(
            sites=tuple(site.realise(name, pick) for name, site in self.sites.items()),
            burn_time_s=pick("burn_time", self.burn_time),
            burnout_speed_m_s=pick("burnout_speed", self.burnout_speed),
            ballistic_coefficient_kg_m2=pick("ballistic_coefficient", self.ballistic_coefficient),
            range_max_m=pick("range_max", self.range_max),
            flight_time_max_s=pick("flight_time_max", self.flight_time_max),
            window=self.window(pick, altitude_max_m),
            divert_m_s=pick("divert", self.divert),
            homing_time_s=pick("homing_time", self.homing_time),
            p_kill=pick("p_kill", self.p_kill),
            launch_delay_s=pick("launch_delay", self.launch_delay),
            launching=self.launching(pick),
        )


def _bounds(value: Value) -> tuple[float, float]:
    if isinstance(value, Interval):
        return value.low, value.high
    return value.middle, value.middle
