"""Signatures and infrared sensors: how bright, from how far, before what, beside which Sun.

Authorities: the table of blackbody radiation functions of Incropera and DeWitt; IAU 2015
Resolution B3 (nominal Sun); worked examples of Meeus and of Vallado, moments of the seasons by the
US Naval Observatory, the equation of time; limb distances printed in the survey of the project;
the consider covariance of Schmidt. No published detection range of an infrared satellite was
found; the range is checked against the inverse square law and SciPy's quantile of the normal law.
"""

import itertools
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.sensing.detection import amplitude_threshold
from opendome.sensing.kernels.bias import looks_remembered, share_after_bias
from opendome.sensing.kernels.detection import p_detect_amplitude
from opendome.sensing.kernels.eyes import NO_EXCLUSION, Eye
from opendome.sensing.kernels.infrared import infrared_snr, sensitivity_towards
from opendome.verification.checks import Check
from opendome.world.frames import ecef_from_eci
from opendome.world.radiation import C2_M_K, WHOLE, band_share, grey_body_intensity
from opendome.world.sun import sun_direction_eci, sun_direction_of_date
from opendome.world.time import JULIAN_DATE_J2000, earth_rotation_angle_rad, julian_date

Floats = npt.NDArray[np.float64]
Share = Callable[[float, float, float], float]
Intensity = Callable[[float, float, float, float, float], float]
OfDate = Callable[[float], Floats]
OfMoment = Callable[[datetime], Floats]
Snr = Callable[[float, float, float, float, float], float]
Towards = Callable[..., float]
AfterBias = Callable[[float, float, float], float]

KM, UM, NM = 1e3, 1e-6, 1e-9
ALL_WAVES_M = (NM, 1.0)

# wavelength times temperature [um K] -> share of the radiation at shorter waves
RADIATION_FUNCTIONS = {
    1000: 0.000321, 1400: 0.007790, 2000: 0.066728, 2400: 0.140256, 2898: 0.250108,
    3600: 0.403607, 4000: 0.480877, 5000: 0.633747, 6000: 0.737818, 8000: 0.856288,
    10000: 0.914199, 20000: 0.985602,
}  # fmt: skip
SUN_K, SUN_RADIUS_M, AU_M, SOLAR_CONSTANT_W_M2 = 5772.0, 6.957e8, 1.495978707e11, 1361.0
# silhouettes of 1 and 1.5 m2 at 300 K; share in 8 to 12 um
BODY_K, BODY_W_SR = 300.0, {1.0: 146.0, 1.5: 219.0}
# right ascension and declination [deg]
SUN_PLACES_DEG = {
    datetime(1992, 10, 13, tzinfo=UTC): (198.38083, -7.78507),
    datetime(2006, 4, 2, tzinfo=UTC): (11.14127, 4.78826),
    datetime(2024, 3, 20, 3, 6, tzinfo=UTC): (0.0, 0.0),
    datetime(2024, 6, 20, 20, 51, tzinfo=UTC): (90.0, 23.436),
    datetime(2024, 9, 22, 12, 44, tzinfo=UTC): (180.0, 0.0),
    datetime(2024, 12, 21, 9, 21, tzinfo=UTC): (270.0, -23.436),
}
# month and day -> the Sun's time less the clock's at its extremes [min]
EQUATION_OF_TIME_MIN = {(2, 11): -14.24, (5, 14): 3.65, (7, 26): -6.54, (11, 3): 16.46}
# height [km] -> distance of the limb [km] of a sphere of 6371 km, as printed
LIMB_KM = {300.0: 1978.0, 1000.0: 3707.0}
P_FALSE_ALARM = 1e-6
# intensity, sensitivity [W/sr], its range [m]: a body seen from low orbit, a plume from far out
SENSORS = ((50.0, 30.0, 2000.0 * KM), (1e6, 2e4, 38000.0 * KM))
SNR_REFERENCE = 10.0


def planck_error(share: Share = band_share) -> float:
    """Largest difference from the table of radiation functions."""
    return max(
        abs(share(1000.0, NM, product * NM) - wanted)
        for product, wanted in RADIATION_FUNCTIONS.items()
    )


def wien_share(temperature_k: float, shortest_m: float, longest_m: float) -> float:
    """Planted bug: Wien's law, the first term of the series."""

    def part(wavelength_m: float) -> float:
        x = C2_M_K / (wavelength_m * temperature_k)
        return math.exp(-x) * (x**3 + 3.0 * x**2 + 6.0 * x + 6.0) if x < 700.0 else 0.0

    return (part(longest_m) - part(shortest_m)) / WHOLE


def sunlight_error(intensity: Intensity = grey_body_intensity) -> float:
    """Relative error of the sunlight at the Earth, the Sun taken as a black body."""
    disc_m2 = math.pi * SUN_RADIUS_M**2
    arriving = intensity(SUN_K, 1.0, disc_m2, *ALL_WAVES_M) / AU_M**2
    return abs(arriving / SOLAR_CONSTANT_W_M2 - 1.0)


def body_error(intensity: Intensity = grey_body_intensity) -> float:
    """Largest error of the intensities of a body in mid-course [W/sr]."""
    whole = [
        abs(intensity(BODY_K, 1.0, area, *ALL_WAVES_M) - wanted)
        for area, wanted in BODY_W_SR.items()
    ]
    part = intensity(BODY_K, 1.0, 1.0, 8.0 * UM, 12.0 * UM)
    return max(*whole, abs(part - 0.2633 * BODY_W_SR[1.0]))


def half_space_intensity(*given: float) -> float:
    """Planted bug: the power into a half space shared among 2 pi steradians."""
    return 0.5 * grey_body_intensity(*given)


def unfiltered_intensity(
    temperature_k: float, emissivity: float, area_m2: float, shortest_m: float, longest_m: float
) -> float:
    """Planted bug: the intensity of all waves, whatever the band."""
    del shortest_m, longest_m
    return grey_body_intensity(temperature_k, emissivity, area_m2, *ALL_WAVES_M)


def sun_error_deg(of_date: OfDate = sun_direction_of_date) -> float:
    """Largest angle from the printed places of the Sun [deg]."""
    worst = 0.0
    for moment, (right_ascension_deg, declination_deg) in SUN_PLACES_DEG.items():
        a, d = math.radians(right_ascension_deg), math.radians(declination_deg)
        wanted = np.array([math.cos(d) * math.cos(a), math.cos(d) * math.sin(a), math.sin(d)])
        got = of_date(julian_date(moment) - JULIAN_DATE_J2000)
        worst = max(worst, math.degrees(math.asin(float(np.linalg.norm(np.cross(got, wanted))))))
    return worst


def even_sun(days: float) -> Floats:
    """Planted bug: a Sun that moves evenly along the ecliptic."""
    longitude = math.radians(280.460 + 0.9856474 * days)
    tilt = math.radians(23.439)
    x, y = math.cos(longitude), math.sin(longitude)
    return np.array([x, math.cos(tilt) * y, math.sin(tilt) * y])


def meridian_error_min(of_moment: OfMoment = sun_direction_eci) -> float:
    """Largest error of the equation of time in 2029 [min]."""
    worst = 0.0
    for day, wanted_min in EQUATION_OF_TIME_MIN.items():
        noon = datetime(2029, *day, 12, tzinfo=UTC)
        x, y, _ = ecef_from_eci(of_moment(noon), earth_rotation_angle_rad(noon))
        east_min = 4.0 * math.degrees(math.atan2(y, x))
        worst = max(worst, abs(east_min + wanted_min))
    return worst


def sun_from_the_equinox(moment: datetime) -> Floats:
    """Planted bug: the equinox of date taken for the origin of the Earth rotation angle."""
    return sun_direction_of_date(julian_date(moment) - JULIAN_DATE_J2000)


def range_error(snr: Snr = infrared_snr) -> float:
    """Largest relative error of the range at which every second look detects."""
    threshold = amplitude_threshold(P_FALSE_ALARM)
    worst = 0.0
    for intensity_w_sr, sensitivity_w_sr, reference_m in SENSORS:
        needed = float(stats.norm.isf(P_FALSE_ALARM))
        wanted_m = reference_m * math.sqrt(
            SNR_REFERENCE * intensity_w_sr / (sensitivity_w_sr * needed)
        )
        low_m, high_m = 1.0, 100.0 * wanted_m
        for _ in range(60):
            middle_m = 0.5 * (low_m + high_m)
            ratio = snr(intensity_w_sr, sensitivity_w_sr, middle_m, reference_m, SNR_REFERENCE)
            if p_detect_amplitude(ratio, threshold) > 0.5:
                low_m = middle_m
            else:
                high_m = middle_m
        worst = max(worst, abs(low_m / wanted_m - 1.0))
    return worst


def echo_snr(
    intensity_w_sr: float,
    sensitivity_w_sr: float,
    range_m: float,
    sensitivity_range_m: float,
    snr_reference: float,
) -> float:
    """Planted bug: the fourth power of a radar."""
    plain = infrared_snr(
        intensity_w_sr, sensitivity_w_sr, range_m, sensitivity_range_m, snr_reference
    )
    return plain * (sensitivity_range_m / range_m) ** 2


def bare_eye() -> Eye:
    """An eye that looks all round, with the limb at the ground."""
    return Eye(
        revisit_s=1.0,
        phase_s=0.0,
        angle_noise_rad=1e-5,
        space_w_sr=1.0,
        earth_w_sr=1.0,
        sensitivity_range_m=KM,
        snr_reference=SNR_REFERENCE,
        threshold_sigmas=5.0,
        cos_field_of_regard=-1.0,
        cos_sun_exclusion=NO_EXCLUSION,
        cloud_break_altitude_m=0.0,
        p_clear_sky=0.0,
        clear_sky_altitude_m=0.0,
        limb_altitude_m=0.0,
        angle_bias_rad=0.0,
        bias_memory_s=math.inf,
        tracks_cold_bodies=True,
    )


def limb_error_km(towards: Towards = sensitivity_towards) -> float:
    """Largest error of the ranges between which a cold body shows before space [km].

    Eye at 1000 km, body at 300 km, both over the equator: from the difference of both printed
    limb distances to their sum.
    """
    eye, height_m = RADIUS_EQUATOR_M + 1000.0 * KM, RADIUS_EQUATOR_M + 300.0 * KM
    seen_km = [
        math.hypot(height_m * math.cos(turn) - eye, height_m * math.sin(turn)) / KM
        for turn in np.linspace(0.0, math.pi, 20001)
        if math.isfinite(
            towards(
                bare_eye(),
                False,
                0.0,
                eye,
                0.0,
                0.0,
                height_m * math.cos(turn),
                height_m * math.sin(turn),
                0.0,
            )
        )
    ]
    near_km = abs(min(seen_km) - (LIMB_KM[1000.0] - LIMB_KM[300.0]))
    far_km = abs(max(seen_km) - (LIMB_KM[1000.0] + LIMB_KM[300.0]))
    return max(near_km, far_km)


def as_if_hot(eye: Eye, hot: bool, *places: float) -> float:
    """Planted bug: a cold body seen before the Earth as a plume is."""
    del hot
    return sensitivity_towards(eye, True, *places)


def bias_error(after_bias: AfterBias = share_after_bias) -> float:
    """Largest departure of the sigma of a position from that with a bias to consider, relative.

    An object in even motion along one axis, its speed unknown, looked at every 2 s for up to four
    memories of the bias, with noises from a third of the bias to three times it.
    """
    cases = itertools.product((30.0, 100.0, 300.0), (0.3, 1.0, 3.0), (3, 10, 60, 600))
    worst = 0.0
    for memory_s, bias, looks in cases:
        t_s = 2.0 * np.arange(looks, dtype=np.float64)
        if t_s[-1] <= 4.0 * memory_s:
            ratio = said_over_best(t_s, bias, memory_s, after_bias)
            worst = max(worst, abs(ratio - 1.0))
    return worst


def said_over_best(t_s: Floats, bias: float, memory_s: float, after_bias: AfterBias) -> float:
    """Sigma of the last position that the looks say, over the best there is (noise 1)."""
    motion = np.column_stack([np.ones(t_s.size), t_s - t_s[-1]])
    cov = np.eye(t_s.size) + bias**2
    best = np.linalg.inv(motion.T @ np.linalg.solve(cov, motion))
    remembered, weights = 0.0, np.empty(t_s.size)
    for k in range(t_s.size):
        dt_s = float(t_s[k] - t_s[max(0, k - 1)])
        remembered = looks_remembered(remembered, dt_s, memory_s)
        weights[k] = after_bias(1.0, bias, remembered)
    said = np.linalg.inv(motion.T @ (motion * weights[:, None]))
    return math.sqrt(float(said[0, 0] / best[0, 0]))


def bias_of_its_own(sigma_rad: float, bias_rad: float, looks: float) -> float:
    """Planted bug: a new bias for each look, which averages away."""
    del looks
    return share_after_bias(sigma_rad, bias_rad, 1.0)


def _check(name: str, **parts: Any) -> Check:
    return Check(name=f"signature/{name}", **parts)


CHECKS: tuple[Check, ...] = (
    _check(
        "planck",
        claim="the share of black-body radiation below a wavelength is that of the printed table",
        authority="Incropera, DeWitt, blackbody radiation functions (on older constants)",
        unit="share",
        tolerance=5e-5,
        measure=planck_error,
        planted_bug=wien_share,
        bug="Wien's law",
    ),
    _check(
        "sunlight",
        claim="a black Sun of 5772 K gives 1361 W/m2 at the Earth",
        authority="IAU 2015 Resolution B3",
        unit="relative",
        tolerance=1e-3,
        measure=sunlight_error,
        planted_bug=half_space_intensity,
        bug="radiance as exitance over 2 pi",
    ),
    _check(
        "body",
        claim="1 to 1.5 m2 at 300 K radiate 146 to 219 W/sr, 26 % of it in 8 to 12 um",
        authority="Stefan-Boltzmann law; difference of two printed radiation functions",
        unit="W/sr",
        tolerance=0.5,
        measure=body_error,
        planted_bug=unfiltered_intensity,
        bug="the band left out",
    ),
    _check(
        "sun",
        claim="the Sun stands where two worked examples and four seasons have it",
        authority="Meeus, example 25.a; Vallado, example 5-1; US Naval Observatory",
        unit="deg",
        tolerance=0.012,
        measure=sun_error_deg,
        planted_bug=even_sun,
        bug="a mean Sun",
    ),
    _check(
        "meridian",
        claim="over the turning Earth the Sun is early and late as the equation of time says",
        authority="almanacs, four extremes of the equation of time",
        unit="min",
        tolerance=0.1,
        measure=meridian_error_min,
        planted_bug=sun_from_the_equinox,
        bug="29 years of precession left out",
    ),
    _check(
        "range",
        claim="every second look detects where the inverse square law puts the threshold",
        authority="inverse square law; quantile of the normal law by SciPy",
        unit="relative",
        tolerance=1e-9,
        measure=range_error,
        planted_bug=echo_snr,
        bug="the fourth power of a radar",
    ),
    _check(
        "background",
        claim="a cold body at 300 km shows to an eye at 1000 km from 1729 to 5685 km away",
        authority="limb distances of 1978 and 3707 km, printed for a sphere of 6371 km",
        unit="km",
        tolerance=4.0,
        measure=limb_error_km,
        planted_bug=as_if_hot,
        bug="cold bodies seen before the Earth",
    ),
    _check(
        "bias",
        claim="a biased sensor leaves a position within 60 % of what is best known, however often "
        "it looks",
        authority="consider covariance (S. F. Schmidt 1966), in one dimension",
        unit="relative",
        tolerance=0.6,
        measure=bias_error,
        planted_bug=bias_of_its_own,
        bug="a bias that averages away",
    ),
)
