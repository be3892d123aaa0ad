"""Surface interceptors: until when each site can still launch to meet an object."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.intercept.kernels.fronts import flyout_time_of
from opendome.quantities.constants import ROTATION_RAD_S

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = -math.inf


@kernel
def solve_sites(
    site_ecef_m: Floats,
    site_up: Floats,
    range_max_rad: float,
    fronts: Floats,
    times_s: Floats,
    sine_min: float,
    burn_time_s: float,
    pos_eci_m: Floats,
    is_open: Flags,
    launch_t_s: Floats,
    era_epoch_rad: float,
    step_s: float,
    latest_launch_t_s: Floats,
    span: Longs,
) -> None:
    """Latest launch for every object, site and sample, -inf where there is none [s].

    site_ecef_m, site_up : (site, 3)     range_max_rad : ground range as a central angle [rad]
    fronts, times_s, sine_min, burn_time_s : flyout table and its burn
    pos_eci_m : (object, sample, 3) [m]     is_open : (object, sample)
    latest_launch_t_s : (object, site, sample) out
    span : (object, site, 2) out, first sample with a launch and one past the last; 0, 0 if none
    A launch before that of the object does not count.
    """
    sites = site_ecef_m.shape[0]
    cosine_max = math.cos(min(math.pi, range_max_rad))
    site_x, site_y, site_z = site_ecef_m[:, 0], site_ecef_m[:, 1], site_ecef_m[:, 2]
    site_r = np.sqrt(site_x * site_x + site_y * site_y + site_z * site_z)
    flight_s = np.empty(sites)
    row = np.zeros(sites, np.int64)
    for j in range(is_open.shape[0]):
        for i in range(sites):
            flight_s[i] = math.nan
            span[j, i, 0] = 0
            span[j, i, 1] = 0
        for k in range(is_open.shape[1]):
            if not is_open[j, k]:
                flight_s[:] = math.nan
                latest_launch_t_s[j, :, k] = NEVER
                continue
            angle = era_epoch_rad + ROTATION_RAD_S * (launch_t_s[j] + k * step_s)
            c, s = math.cos(angle), math.sin(angle)
            x = c * pos_eci_m[j, k, 0] + s * pos_eci_m[j, k, 1]
            y = c * pos_eci_m[j, k, 1] - s * pos_eci_m[j, k, 0]
            z = pos_eci_m[j, k, 2]
            r = math.sqrt(x * x + y * y + z * z)
            for i in range(sites):
                latest_launch_t_s[j, i, k] = NEVER
                sx, sy, sz = site_ecef_m[i, 0], site_ecef_m[i, 1], site_ecef_m[i, 2]
                if x * sx + y * sy + z * sz < cosine_max * site_r[i] * r:
                    flight_s[i] = math.nan
                    continue
                flight_s[i], row[i] = flyout_time_of(
                    fronts,
                    times_s,
                    sine_min,
                    burn_time_s,
                    (site_up[i, 0], site_up[i, 1], site_up[i, 2]),
                    (x - sx, y - sy, z - sz),
                    flight_s[i],
                    row[i],
                )
                if flight_s[i] <= k * step_s:
                    latest_launch_t_s[j, i, k] = launch_t_s[j] + k * step_s - flight_s[i]
                    if span[j, i, 1] == 0:
                        span[j, i, 0] = k
                    span[j, i, 1] = k + 1
