"""Directed energy: until when a beam can still be put on an object that must be held for a time."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Vector = tuple[float, float, float]

NEVER = -math.inf
NOT_HELD = -1.0  # any negative time


@kernel
def came_in(slant_before_m: float, slant_m: float, range_max_m: float) -> float:
    """Share of a step during which an object was within range at its end.

    slant_before_m, slant_m : at both ends of the step [m]; the second is within `range_max_m`
    Model: slant range linear over the step; 1 when it was within range at both ends.
    """
    if slant_before_m <= range_max_m:
        return 1.0
    return (range_max_m - slant_m) / (slant_before_m - slant_m)


@kernel
def clear_slant(
    pos_eci_m: Floats,
    era_rad: float,
    site_ecef_m: Vector,
    up: Vector,
    sine_min: float,
) -> float:
    """Slant range from a site to a point above its lowest elevation [m], NaN for one below.

    pos_eci_m : (3,) [m]     era_rad : Earth rotation angle [rad]
    site_ecef_m [m], up : of the site     sine_min : of the lowest elevation
    """
    c, s = math.cos(era_rad), math.sin(era_rad)
    x = c * pos_eci_m[0] + s * pos_eci_m[1] - site_ecef_m[0]
    y = c * pos_eci_m[1] - s * pos_eci_m[0] - site_ecef_m[1]
    z = pos_eci_m[2] - site_ecef_m[2]
    slant_m = math.sqrt(x * x + y * y + z * z)
    above = x * up[0] + y * up[1] + z * up[2] >= sine_min * slant_m
    return slant_m if above else math.nan


@kernel
def hold(
    held_s: float, slant_before_m: float, slant_m: float, range_max_m: float, step_s: float
) -> float:
    """How long an object has been in sight and within range, at the end of a step [s].

    held_s : at its start, negative when it was not     slant_* : NaN out of sight [m]
    """
    if not slant_m <= range_max_m:
        return NOT_HELD
    if held_s >= 0.0:
        return held_s + step_s
    if math.isnan(slant_before_m):
        return 0.0
    return step_s * came_in(slant_before_m, slant_m, range_max_m)


@kernel
def solve_beams(
    site_ecef_m: Floats,
    site_up: Floats,
    range_max_m: float,
    elevation_min_rad: float,
    dwell_s: float,
    pos_eci_m: Floats,
    is_open: Flags,
    launch_t_s: Floats,
    era_epoch_rad: float,
    step_s: float,
    latest_start_t_s: Floats,
    span: Longs,
) -> None:
    """Latest start of the beam for every object, site and sample at which it kills, else -inf [s].

    site_ecef_m, site_up : (site, 3)     range_max_m : slant range [m]
    pos_eci_m : (object, sample, 3) [m]     is_open : (object, sample)
    latest_start_t_s : (object, site, sample) out
    span : (object, site, 2) out, first sample with a start and one past the last; 0, 0 if none
    Model: a sample kills when the object has been open, within range and above the lowest
    elevation for the whole dwell before it; the beam starts a dwell earlier.
    Valid for: samples no farther apart than the dwell; an entry by elevation or by the window
    counts from the first sample inside.
    """
    sine_min = math.sin(elevation_min_rad)
    for j in range(is_open.shape[0]):
        for i in range(site_ecef_m.shape[0]):
            site = (site_ecef_m[i, 0], site_ecef_m[i, 1], site_ecef_m[i, 2])
            up = (site_up[i, 0], site_up[i, 1], site_up[i, 2])
            span[j, i, 0] = 0
            span[j, i, 1] = 0
            held_s = NOT_HELD
            before_m = math.nan
            for k in range(is_open.shape[1]):
                latest_start_t_s[j, i, k] = NEVER
                t_s = launch_t_s[j] + k * step_s
                slant_m = math.nan
                if is_open[j, k]:
                    angle = era_epoch_rad + ROTATION_RAD_S * t_s
                    slant_m = clear_slant(pos_eci_m[j, k], angle, site, up, sine_min)
                held_s = hold(held_s, before_m, slant_m, range_max_m, step_s)
                before_m = slant_m
                if held_s >= dwell_s:
                    latest_start_t_s[j, i, k] = t_s - dwell_s
                    span[j, i, 0] = k if span[j, i, 1] == 0 else span[j, i, 0]
                    span[j, i, 1] = k + 1
