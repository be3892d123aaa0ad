"""Flights of a surface interceptor: the thrust that gives its published speed, and their spread."""

import math

import numpy as np
import numpy.typing as npt

from opendome.intercept.kernels.ascent import ERROR_MAX, burn
from opendome.quantities.constants import MU_M3_S2, RADIUS_MEAN_M

Floats = npt.NDArray[np.float64]

REFERENCE_CLIMB_RAD = 0.25 * math.pi
WEIGHT_M_S2 = MU_M3_S2 / RADIUS_MEAN_M**2
SOLVE_STEPS = 40
SPEED_ERROR = 1e-5
HALVINGS = 14
CRASHED_RAD = -0.5 * math.pi  # climb angle by which `burn` tells of a crash
LEVEL_POWER = 1.7


def lowest_kick(thrust_m_s2: float) -> float:
    """Lowest elevation of the thrust at which an interceptor leaves the ground at all [rad]."""
    return math.asin(min(1.0, WEIGHT_M_S2 / thrust_m_s2))


def reference_speed(
    thrust_m_s2: float, *, burn_time_s: float, ballistic_coefficient_kg_m2: float, error_m_s: float
) -> float:
    """Speed at burnout of the flight that then climbs at the reference angle [m/s], NaN if none.

    The kick is enclosed by halving, for the steeper the kick, the steeper the climb; between
    the two last flights the speed is taken as linear in the climb angle.
    """

    def flown(kick_rad: float) -> tuple[float, float]:
        return burn(kick_rad, thrust_m_s2, burn_time_s, ballistic_coefficient_kg_m2, error_m_s)

    low, high = lowest_kick(thrust_m_s2), 0.5 * math.pi
    (low_speed, low_climb), (high_speed, high_climb) = flown(low), flown(high)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        speed_m_s, climb_rad = flown(middle)
        if climb_rad < REFERENCE_CLIMB_RAD:
            low, low_speed, low_climb = middle, speed_m_s, climb_rad
        else:
            high, high_speed, high_climb = middle, speed_m_s, climb_rad
    if not low_climb < high_climb:
        return math.nan
    share = (REFERENCE_CLIMB_RAD - low_climb) / (high_climb - low_climb)
    return low_speed + min(1.0, max(0.0, share)) * (high_speed - low_speed)


def thrust_acceleration(
    *, burnout_speed_m_s: float, burn_time_s: float, ballistic_coefficient_kg_m2: float
) -> float:
    """Constant thrust acceleration that gives the published burnout speed [m/s2].

    burnout_speed_m_s : speed over the ground at the end of the burn [m/s]
    burn_time_s : [s]     ballistic_coefficient_kg_m2 : [kg/m2]
    Returns [m/s2]; NaN when none does.
    Model: the flight that burns out climbing at 45 deg has the published speed; steeper ones
    lose more to gravity, shallower ones more to drag. Secant steps.
    Valid for: burnout_speed / burn_time above one standard gravity.
    """

    def off(thrust_m_s2: float) -> float:
        return burnout_speed_m_s - reference_speed(
            thrust_m_s2,
            burn_time_s=burn_time_s,
            ballistic_coefficient_kg_m2=ballistic_coefficient_kg_m2,
            error_m_s=ERROR_MAX * burnout_speed_m_s,
        )

    before = burnout_speed_m_s / burn_time_s + WEIGHT_M_S2
    before_off = off(before)
    now = before + before_off / burn_time_s
    for _ in range(SOLVE_STEPS):
        if not now > WEIGHT_M_S2:
            return math.nan
        now_off = off(now)
        if abs(now_off) < SPEED_ERROR * burnout_speed_m_s:
            return now
        if now_off == before_off:
            return math.nan
        slope = (now_off - before_off) / (now - before)
        before, before_off = now, now_off
        now -= now_off / slope
    return math.nan


def spread_kicks(
    thrust_m_s2: float,
    *,
    burnout_speed_m_s: float,
    burn_time_s: float,
    ballistic_coefficient_kg_m2: float,
    flights: int,
) -> Floats:
    """Kick elevations of flights that between them reach everything [rad].

    Returns (flight,) from the lowest that burns out above the ground to the vertical. Their
    climb angles at burnout lie denser around level flight, where near orbital speed a small
    difference of angle becomes a large one of range.
    """

    def climb(kick_rad: float) -> float:
        return burn(
            kick_rad,
            thrust_m_s2,
            burn_time_s,
            ballistic_coefficient_kg_m2,
            ERROR_MAX * burnout_speed_m_s,
        )[1]

    low, high = lowest_kick(thrust_m_s2), 0.5 * math.pi
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if climb(middle) > CRASHED_RAD:
            high = middle
        else:
            low = middle
    tried_rad = np.linspace(high, 0.5 * math.pi, flights)
    climb_rad = np.array([climb(kick_rad) for kick_rad in tried_rad.tolist()])
    share = climb_rad[[0, -1]] / (0.5 * math.pi)
    ends = np.sign(share) * np.abs(share) ** (1.0 / LEVEL_POWER)
    place = np.linspace(ends[0], ends[1], flights)
    wanted_rad = 0.5 * math.pi * np.sign(place) * np.abs(place) ** LEVEL_POWER
    return np.interp(wanted_rad, climb_rad, tried_rad)
