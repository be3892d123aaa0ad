"""Infrared satellites as plain numbers, and the sky around them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]

NO_EXCLUSION = 2.0  # a cosine that no angle has


class Eyes(NamedTuple):
    """Every infrared satellite of a suite as plain arrays, one element for each.

    phase_s : time of its first scan [s after epoch], 0 <= phase < revisit
    threshold_sigmas : detection threshold over the standard deviation of the noise
    snr_reference : amplitude ratio that a sensitivity gives at `sensitivity_range_m`
    space_w_sr, earth_w_sr : sensitivity before space and before the Earth, inf for a background
        before which it does not look
    cos_field_of_regard : cosine of the half-angle around nadir
    cos_sun_exclusion : of the half-angle around the Sun, `NO_EXCLUSION` for none
    p_clear_sky : share of launches below a clear sky, seen from `clear_sky_altitude_m` on
    angle_bias_rad, bias_memory_s : error of each angle that looks have in common, and how long
    """

    revisit_s: Floats
    phase_s: Floats
    angle_noise_rad: Floats
    space_w_sr: Floats
    earth_w_sr: Floats
    sensitivity_range_m: Floats
    snr_reference: Floats
    threshold_sigmas: Floats
    cos_field_of_regard: Floats
    cos_sun_exclusion: Floats
    cloud_break_altitude_m: Floats
    p_clear_sky: Floats
    clear_sky_altitude_m: Floats
    limb_altitude_m: Floats
    angle_bias_rad: Floats
    bias_memory_s: Floats
    tracks_cold_bodies: npt.NDArray[np.bool_]


class Eye(NamedTuple):
    """One element of each field of `Eyes`."""

    revisit_s: float
    phase_s: float
    angle_noise_rad: float
    space_w_sr: float
    earth_w_sr: float
    sensitivity_range_m: float
    snr_reference: float
    threshold_sigmas: float
    cos_field_of_regard: float
    cos_sun_exclusion: float
    cloud_break_altitude_m: float
    p_clear_sky: float
    clear_sky_altitude_m: float
    limb_altitude_m: float
    angle_bias_rad: float
    bias_memory_s: float
    tracks_cold_bodies: bool


class Skies(NamedTuple):
    """Where the Sun stands, and over which launches the sky is clear.

    sun_x, sun_y, sun_z : unit vector towards the Sun, ECI
    luck : (object,) number in (0, 1); the sky is clear for a share of launches above it
    """

    sun_x: float
    sun_y: float
    sun_z: float
    luck: Floats


@kernel
def eye_of(eyes: Eyes, s: int) -> Eye:
    """One satellite out of all."""
    return Eye(
        eyes.revisit_s[s],
        eyes.phase_s[s],
        eyes.angle_noise_rad[s],
        eyes.space_w_sr[s],
        eyes.earth_w_sr[s],
        eyes.sensitivity_range_m[s],
        eyes.snr_reference[s],
        eyes.threshold_sigmas[s],
        eyes.cos_field_of_regard[s],
        eyes.cos_sun_exclusion[s],
        eyes.cloud_break_altitude_m[s],
        eyes.p_clear_sky[s],
        eyes.clear_sky_altitude_m[s],
        eyes.limb_altitude_m[s],
        eyes.angle_bias_rad[s],
        eyes.bias_memory_s[s],
        eyes.tracks_cold_bodies[s],
    )
