"""Straight-line flyout of an orbital interceptor: constant acceleration, then constant speed.

This is the kinematics the published sizing studies use: gravity acts on the interceptor and
on the satellite it left almost alike, so that only the distance between them counts.
"""

import math

from opendome.compiled import kernel


@kernel
def flyout_range(flight_time_s: float, acceleration_m_s2: float, burnout_speed_m_s: float) -> float:
    """Distance from the carrier orbit that a flight of a given time covers [m].

    flight_time_s : [s]     acceleration_m_s2 : while burning     burnout_speed_m_s : at its end
    Returns [m].
    Model: a t^2 / 2 while t < ta = V / a, then a ta^2 / 2 + V (t - ta).
    Valid for: constant acceleration in a fixed direction, free space.
    Source: T. Harrison, Build Your Own Golden Dome, AEI working paper 2025-20 (2025),
    appendix B.
    """
    burn_s = burnout_speed_m_s / acceleration_m_s2
    if flight_time_s < burn_s:
        return 0.5 * acceleration_m_s2 * flight_time_s * flight_time_s
    return burnout_speed_m_s * (flight_time_s - 0.5 * burn_s)


@kernel
def flyout_time(range_m: float, acceleration_m_s2: float, burnout_speed_m_s: float) -> float:
    """Time to cover a distance from the carrier orbit [s]: the inverse of `flyout_range`.

    range_m : [m]     acceleration_m_s2 : while burning     burnout_speed_m_s : at its end
    Returns [s].   Model, validity, source: `flyout_range`.
    """
    burn_s = burnout_speed_m_s / acceleration_m_s2
    if range_m < 0.5 * burnout_speed_m_s * burn_s:
        return math.sqrt(2.0 * range_m / acceleration_m_s2)
    return range_m / burnout_speed_m_s + 0.5 * burn_s


@kernel
def footprint_radius(range_m: float, altitude_difference_m: float) -> float:
    """Radius of the disc that a range covers at another altitude [m]; 0 when out of range.

    range_m : slant range [m]     altitude_difference_m : orbit less intercept altitude [m]
    Returns [m].
    Model: Pythagoras.   Valid for: ranges small against the Earth's radius.
    Source: T. Harrison, AEI working paper 2025-20 (2025), appendix B.
    """
    left = range_m * range_m - altitude_difference_m * altitude_difference_m
    return math.sqrt(max(0.0, left))


@kernel
def satellites_per_footprint(footprint_radius_m: float, shell_radius_m: float) -> float:
    """Satellites needed, evenly spread, to have one over each footprint on average.

    footprint_radius_m : [m]     shell_radius_m : distance of the footprints from the centre [m]
    Returns the ratio of the shell's area to the footprint's, 4 R^2 / r^2.
    Valid for: an even spread, which no constellation has; a mean, not a guarantee.
    Source: T. Harrison, AEI working paper 2025-20 (2025), appendix B ("absentee ratio").
    """
    return 4.0 * (shell_radius_m / footprint_radius_m) ** 2
