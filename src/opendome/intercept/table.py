"""The flyout table of a class of surface interceptor: built once per set of parameters."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from opendome.intercept.kernels.ascent import ERROR_MAX, KICK_SHARE
from opendome.intercept.kernels.fronts import add_fronts, front_time
from opendome.intercept.kick import WEIGHT_M_S2, spread_kicks, thrust_acceleration
from opendome.quantities.constants import RADIUS_MEAN_M, ROTATION_RAD_S
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]

# Size of the table: with it the error of interpolation is below 0.5 % of the time of flight.
FLIGHTS = 48
SLOW_FLIGHTS = 16
SLOWER = (0.8, 0.6, 0.4)  # thrusts of flights that waste energy, as shares of the full one
DIRECTIONS = 64
BURN_NODES = round(1.0 / KICK_SHARE)
COAST_NODES = 88
LEAST_WEIGHTS = 1.5  # below it a flight hardly leaves the ground
TABLES_KEPT = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class FlyoutTable:
    """Least time of flight to every point around a launch site.

    Attributes
    ----------
    fronts : (time, direction) root of the slant range reached [sqrt(m)], NaN where none
    times_s : (time,) from launch [s]
    sine_min : sine of the lowest direction above the site's horizon; the highest is 1
    thrust_m_s2 : thrust acceleration while burning [m/s2]
    """

    fronts: Floats
    times_s: Floats
    sine_min: float
    thrust_m_s2: float

    def flight_time(self, ground_range_m: float, altitude_m: float) -> float:
        """Least time of flight to a point over a spherical Earth that stands still [s].

        ground_range_m : along the surface [m]     altitude_m : height [m]
        Returns [s]; NaN where no flight of the table gets.
        """
        angle = ground_range_m / RADIUS_MEAN_M
        across_m = (RADIUS_MEAN_M + altitude_m) * math.sin(angle)
        up_m = (RADIUS_MEAN_M + altitude_m) * math.cos(angle) - RADIUS_MEAN_M
        slant_m = math.hypot(across_m, up_m)
        if slant_m == 0.0:
            return 0.0
        sine = up_m / slant_m
        return front_time(self.fronts, self.times_s, self.sine_min, sine, slant_m, 0)[0]

    def ground_range(self, altitude_m: float, flight_time_s: float) -> float:
        """Longest ground range at an altitude within a time of flight [m]; NaN when none.

        Found by halving between the farthest point of a scan that is reached and the next.
        """
        scan = np.linspace(0.0, math.pi * RADIUS_MEAN_M, 721)
        within = [self.flight_time(x, altitude_m) <= flight_time_s for x in scan]
        if not any(within):
            return math.nan
        last = max(i for i, yes in enumerate(within) if yes)
        low, high = scan[last], scan[min(last + 1, scan.size - 1)]
        for _ in range(40):
            middle = 0.5 * (low + high)
            if self.flight_time(middle, altitude_m) <= flight_time_s:
                low = middle
            else:
                high = middle
        return float(low)


@lru_cache(maxsize=TABLES_KEPT)
def flyout_table(
    *,
    burn_time_s: float,
    burnout_speed_m_s: float,
    ballistic_coefficient_kg_m2: float,
    range_max_m: float,
    flight_time_max_s: float,
) -> FlyoutTable:
    """Flyout table of a class of surface interceptor.

    burn_time_s : [s]     burnout_speed_m_s : published speed at burnout [m/s]
    ballistic_coefficient_kg_m2 : mass over drag area, while burning and coasting [kg/m2]
    range_max_m : ground range the directions must reach down to [m]
    flight_time_max_s : end of the table [s]
    Returns the table.
    Model: see `kernels.ascent` and `kernels.fronts`; spherical Earth, US-1976 air.
    """
    thrust_m_s2 = thrust_acceleration(
        burnout_speed_m_s=burnout_speed_m_s,
        burn_time_s=burn_time_s,
        ballistic_coefficient_kg_m2=ballistic_coefficient_kg_m2,
    )
    if not math.isfinite(thrust_m_s2) or flight_time_max_s <= burn_time_s:
        raise OpendomeError(
            got=f"burnout speed {burnout_speed_m_s:g} m/s after {burn_time_s:g} s, ballistic "
            f"coefficient {ballistic_coefficient_kg_m2:g} kg/m2, flight time up to "
            f"{flight_time_max_s:g} s",
            allowed="a mean acceleration above one standard gravity that drag leaves possible, "
            "and a flight longer than the burn",
            do="correct burn_time, burnout_speed, ballistic_coefficient or flight_time_max",
        )
    times_s = np.concatenate(
        (
            np.linspace(0.0, burn_time_s, BURN_NODES + 1),
            np.linspace(burn_time_s, flight_time_max_s, COAST_NODES + 1)[1:],
        )
    )
    dip = 0.5 * range_max_m / RADIUS_MEAN_M + ROTATION_RAD_S * flight_time_max_s
    sine_min = -math.sin(min(0.5 * math.pi, dip))
    fronts = np.full((times_s.size, DIRECTIONS), np.nan)
    for share in (1.0, *SLOWER):
        if share * thrust_m_s2 > LEAST_WEIGHTS * WEIGHT_M_S2:
            _add_flights(
                fronts,
                times_s,
                sine_min,
                thrust_m_s2=share * thrust_m_s2,
                burnout_speed_m_s=share * burnout_speed_m_s,
                ballistic_coefficient_kg_m2=ballistic_coefficient_kg_m2,
                flights=FLIGHTS if share == 1.0 else SLOW_FLIGHTS,
            )
    return FlyoutTable(fronts=fronts, times_s=times_s, sine_min=sine_min, thrust_m_s2=thrust_m_s2)


def _add_flights(
    fronts: Floats,
    times_s: Floats,
    sine_min: float,
    *,
    thrust_m_s2: float,
    burnout_speed_m_s: float,
    ballistic_coefficient_kg_m2: float,
    flights: int,
) -> None:
    """Raise the fronts of a table to what flights of one thrust reach."""
    kicks_rad = spread_kicks(
        thrust_m_s2,
        burnout_speed_m_s=burnout_speed_m_s,
        burn_time_s=float(times_s[BURN_NODES]),
        ballistic_coefficient_kg_m2=ballistic_coefficient_kg_m2,
        flights=flights,
    )
    add_fronts(
        kicks_rad,
        thrust_m_s2,
        BURN_NODES,
        times_s,
        ballistic_coefficient_kg_m2,
        ERROR_MAX * burnout_speed_m_s,
        sine_min,
        fronts,
    )
