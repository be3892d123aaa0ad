"""Interceptors with every value known."""

import math
from dataclasses import dataclass

from opendome.intercept.kernels import divert_radius
from opendome.intercept.table import FlyoutTable, flyout_table
from opendome.world.constellations import Walker


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where and in which part of its flight an object may be met.

    Attributes
    ----------
    altitude_min_m, altitude_max_m : heights above WGS 84 [m]
    boost, midcourse, terminal : parts of the flight allowed
    reentry_altitude_m : a falling object below it is in its terminal part [m]
    """

    altitude_min_m: float
    altitude_max_m: float = math.inf
    boost: bool = True
    midcourse: bool = True
    terminal: bool = True
    reentry_altitude_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Launching:
    """How a site handles its rounds, and what they share.

    Attributes
    ----------
    channels : engagements at one time, inf for no limit
    channel_time_s : before the intercept, while a channel is held, inf for the whole flight [s]
    launch_interval_s : between two launches [s]
    ready, reload_s : rounds ready to fire, inf for all, and the time to have that many again [s]
    p_common_failure : chance that a common fault makes every round of the class fail
    price : what a round kept is worth, in the unit of the value of what is defended
    """

    channels: float = math.inf
    channel_time_s: float = math.inf
    launch_interval_s: float = 0.0
    ready: float = math.inf
    reload_s: float = 0.0
    p_common_failure: float = 0.0
    price: float = 0.0


NO_LIMITS = Launching()


@dataclass(frozen=True, kw_only=True)
class OrbitalInterceptor:
    """A constellation whose every satellite is one interceptor.

    Attributes
    ----------
    walker : the constellation
    burnout_speed_m_s, acceleration_m_s2 : of the straight-line flyout
    flight_time_max_s : longest flight [s]
    window : where it may meet an object
    divert_m_s, homing_time_s : divert engine, and how long before the intercept it takes over
    p_kill : single-shot chance of a kill within divert reach
    launch_delay_s : from order to launch [s]
    launching : how a site handles its rounds
    """

    walker: Walker
    burnout_speed_m_s: float
    acceleration_m_s2: float
    flight_time_max_s: float
    window: Window
    divert_m_s: float
    homing_time_s: float
    p_kill: float
    launch_delay_s: float
    launching: Launching = NO_LIMITS

    @property
    def divert_radius_m(self) -> float:
        """How far sideways it can still correct when its own sensor takes over [m]."""
        return divert_radius(self.divert_m_s, self.homing_time_s)


@dataclass(frozen=True, kw_only=True)
class Site:
    """A launch site. Geodetic coordinates on the ellipsoid [rad]; `stock` rounds."""

    name: str
    lat_rad: float
    lon_rad: float
    stock: int


@dataclass(frozen=True, kw_only=True)
class SurfaceInterceptor:
    """A class of interceptor launched from fixed sites.

    Attributes
    ----------
    sites : where they stand
    burn_time_s, burnout_speed_m_s, ballistic_coefficient_kg_m2 : of the flyout table
    range_max_m : ground range [m]
    flight_time_max_s : longest flight [s]
    window, divert_m_s, homing_time_s, p_kill, launch_delay_s, launching : as of
        `OrbitalInterceptor`
    """

    sites: tuple[Site, ...]
    burn_time_s: float
    burnout_speed_m_s: float
    ballistic_coefficient_kg_m2: float
    range_max_m: float
    flight_time_max_s: float
    window: Window
    divert_m_s: float
    homing_time_s: float
    p_kill: float
    launch_delay_s: float
    launching: Launching = NO_LIMITS

    @property
    def divert_radius_m(self) -> float:
        """How far sideways it can still correct when its own sensor takes over [m]."""
        return divert_radius(self.divert_m_s, self.homing_time_s)

    def table(self) -> FlyoutTable:
        """Flyout table of this class."""
        return flyout_table(
            burn_time_s=self.burn_time_s,
            burnout_speed_m_s=self.burnout_speed_m_s,
            ballistic_coefficient_kg_m2=self.ballistic_coefficient_kg_m2,
            range_max_m=self.range_max_m,
            flight_time_max_s=self.flight_time_max_s,
        )
