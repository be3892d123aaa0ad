"""Directed energy: until when a beam can still be put on an object that must be held for a time."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = -math.inf


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
            span[j, i, 0] = 0
            span[j, i, 1] = 0
            held_s = -1.0
            before_m = math.nan
            clear_before = False
            for k in range(is_open.shape[1]):
                latest_start_t_s[j, i, k] = NEVER
                angle = era_epoch_rad + ROTATION_RAD_S * (launch_t_s[j] + k * step_s)
                c, s = math.cos(angle), math.sin(angle)
                x = c * pos_eci_m[j, k, 0] + s * pos_eci_m[j, k, 1] - site_ecef_m[i, 0]
                y = c * pos_eci_m[j, k, 1] - s * pos_eci_m[j, k, 0] - site_ecef_m[i, 1]
                z = pos_eci_m[j, k, 2] - site_ecef_m[i, 2]
                slant_m = math.sqrt(x * x + y * y + z * z)
                up_m = x * site_up[i, 0] + y * site_up[i, 1] + z * site_up[i, 2]
                clear = is_open[j, k] and up_m >= sine_min * slant_m
                if not clear or not slant_m <= range_max_m:
                    held_s = -1.0
                elif held_s >= 0.0:
                    held_s += step_s
                else:
                    held_s = 0.0
                    if clear_before:
                        held_s = step_s * came_in(before_m, slant_m, range_max_m)
                before_m = slant_m
                clear_before = clear
                if held_s >= dwell_s:
                    latest_start_t_s[j, i, k] = launch_t_s[j] + k * step_s - dwell_s
                    if span[j, i, 1] == 0:
                        span[j, i, 0] = k
                    span[j, i, 1] = k + 1
