"""Infrared satellites: signal, noise, background, and the looks of all of them at a raid."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel, table_kernel
from opendome.draws.normal import normal_quantile
from opendome.quantities.constants import MU_M3_S2
from opendome.sensing.kernels.bias import looks_remembered, share_after_bias
from opendome.sensing.kernels.detection import p_detect_amplitude
from opendome.sensing.kernels.eyes import Eye, Eyes, Skies, eye_of
from opendome.sensing.kernels.flight import (
    Flight,
    position_at,
    sample_before,
    signature_sample,
)
from opendome.sensing.kernels.horizon import (
    RADIUS_POLE_M,
    against_space,
    apart_for,
    sees_past,
    sight_angle,
)
from opendome.sensing.kernels.sheet import Sheet, write_look
from opendome.world.constellations import satellite_state

Floats = npt.NDArray[np.float64]
# No object turns faster about the centre of the Earth: escape speed at the pole.
FASTEST_RAD_S = math.sqrt(2.0 * MU_M3_S2 / RADIUS_POLE_M) / RADIUS_POLE_M
CLEARLY = 1e-6  # of a standard deviation: more than any rounding of a chance


@kernel
def infrared_snr(
    intensity_w_sr: float,
    sensitivity_w_sr: float,
    range_m: float,
    sensitivity_range_m: float,
    snr_reference: float,
) -> float:
    """Signal over the standard deviation of the noise, an amplitude ratio.

    intensity_w_sr : of the object, in band [W/sr]     range_m : to it [m]
    sensitivity_w_sr : intensity that gives `snr_reference` at `sensitivity_range_m` before the
        background of the object [W/sr]
    Returns ratio.
    Model: snr_reference * intensity / sensitivity * (sensitivity_range / range)^2. It holds for
    noise of the detector and for clutter alike: a pixel of angle w sees clutter of the radiance
    L as L w^2 at the aperture, from any range.
    Valid for: a point source, no air between, one kind of noise for each background.
    Source: inverse square law; the sensitivity stands for aperture, band, dwell and clutter.
    """
    nearer = sensitivity_range_m / range_m
    return snr_reference * intensity_w_sr / sensitivity_w_sr * nearer * nearer


@kernel
def line_of_sight_noise(snr: float, snr_reference: float, angle_noise_rad: float) -> float:
    """Standard deviation of each angle of one look [rad].

    snr, snr_reference : amplitude ratios     angle_noise_rad : at `snr_reference` and above [rad]
    Returns angle_noise * max(1, snr_reference / snr).
    Valid for: a published line-of-sight figure, which holds the attitude and alignment that a
    brighter object does not improve; below the reference the blur spot is found less well.
    Source: K. A. Winick, Cramer-Rao lower bounds on the performance of charge-coupled-device
    optical position estimators, J. Opt. Soc. Am. A 3, 1986 (error ~ blur / snr).
    """
    return angle_noise_rad * max(1.0, snr_reference / snr)


@kernel
def in_field(
    x: float, y: float, z: float, dx: float, dy: float, dz: float, cos_half_angle: float
) -> bool:
    """Whether a direction lies within a half-angle around nadir.

    x, y, z : satellite from the centre of the Earth [m]     dx, dy, dz : to the object [m]
    """
    square = (x * x + y * y + z * z) * (dx * dx + dy * dy + dz * dz)
    return -(x * dx + y * dy + z * dz) >= cos_half_angle * math.sqrt(square)


@table_kernel
def break_altitude(eye: Eye, luck: float) -> float:
    """Altitude from which a burning missile is seen [m]: above the clouds, or a clear sky.

    luck : of the sky over its launch, as in `Skies`
    """
    return eye.clear_sky_altitude_m if luck < eye.p_clear_sky else eye.cloud_break_altitude_m


@table_kernel
def sensitivity_towards(
    eye: Eye,
    hot: bool,
    break_altitude_m: float,
    x: float,
    y: float,
    z: float,
    ox: float,
    oy: float,
    oz: float,
) -> float:
    """Sensitivity of a satellite before the background of an object [W/sr], inf if hidden.

    hot : whether a motor burns, or the body glows in the air
    break_altitude_m : below this a hot object is hidden
    x, y, z : satellite     ox, oy, oz : object, ECI [m]
    Model: a hot object shows wherever the line of sight stays above the clouds, before space
    or, where the ray beyond it meets the glowing air of the limb, before the Earth. A cold body
    shows only where the line of sight, and the ray beyond the body, stay above that air: it is
    as warm as the Earth and has no contrast before it.
    """
    if not in_field(x, y, z, ox - x, oy - y, oz - z, eye.cos_field_of_regard):
        return math.inf
    if not hot:
        if against_space(x, y, z, ox, oy, oz, eye.limb_altitude_m):
            return eye.space_w_sr
        return math.inf
    if not sees_past(x, y, z, ox, oy, oz, break_altitude_m):
        return math.inf
    if eye.space_w_sr == eye.earth_w_sr:
        return eye.space_w_sr
    before_space = against_space(x, y, z, ox, oy, oz, eye.limb_altitude_m)
    return eye.space_w_sr if before_space else eye.earth_w_sr


@table_kernel
def dazzled(
    eye: Eye, skies: Skies, x: float, y: float, z: float, dx: float, dy: float, dz: float
) -> bool:
    """Whether the Sun stands too near the line of sight.

    x, y, z : satellite, ECI [m]     dx, dy, dz : unit vector to the object
    Model: the angle between line of sight and Sun against the exclusion angle; no Sun
    while the Earth hides it from the satellite.
    """
    if eye.cos_sun_exclusion > 1.0:
        return False
    if dx * skies.sun_x + dy * skies.sun_y + dz * skies.sun_z < eye.cos_sun_exclusion:
        return False
    step = math.sqrt(x * x + y * y + z * z)
    sx = x + step * skies.sun_x
    sy = y + step * skies.sun_y
    sz = z + step * skies.sun_z
    return against_space(x, y, z, sx, sy, sz, 0.0)


@table_kernel
def scan_before(t_s: float, eye: Eye) -> int:
    """Number of the last scan before or at a moment; scan k is at phase + k * revisit."""
    return math.floor((t_s - eye.phase_s) / eye.revisit_s)


@table_kernel
def scans_of(flight: Flight, eye: Eye, obj: int) -> tuple[int, int]:
    """Numbers of the first scan of an object and of the scan after the last."""
    until_s = flight.end_t_s[obj]
    if not eye.tracks_cold_bodies:
        until_s = min(until_s, flight.hot_until_t_s[obj])
    if not until_s >= flight.launch_t_s[obj]:
        return 0, 0
    return scan_before(flight.launch_t_s[obj], eye) + 1, scan_before(until_s, eye) + 1


@table_kernel
def scans_of_raid(flight: Flight, eye: Eye) -> tuple[int, int]:
    """Numbers of the first scan of any object and of the scan after the last."""
    first = 0
    end = 0
    for obj in range(flight.samples.shape[0]):
        its_first, its_end = scans_of(flight, eye, obj)
        if its_first < its_end:
            first = its_first if first == end else min(first, its_first)
            end = max(end, its_end)
    return first, end


@kernel
def scan_places(orbit: Floats, satellite: int, eye: Eye, first_scan: int, scans: int) -> Floats:
    """Places of a satellite at consecutive scans (scan, 3), ECI [m]."""
    pos_eci_m = np.empty((scans, 3))
    for i in range(scans):
        t_s = eye.phase_s + (first_scan + i) * eye.revisit_s
        x, y, z, _, _, _ = satellite_state(orbit, satellite, t_s)
        pos_eci_m[i, 0] = x
        pos_eci_m[i, 1] = y
        pos_eci_m[i, 2] = z
    return pos_eci_m


@kernel
def fastest_turn(orbit: Floats, satellite: int) -> float:
    """Fastest rate at which a satellite turns about the centre of the Earth [rad/s].

    orbit : table of `world.constellations.orbit_table`
    Model: Kepler's second law at the perigee, and the turning of perigee and node.
    """
    e = orbit[1, satellite]
    kepler = orbit[8, satellite] * math.sqrt(1.0 - e * e) / ((1.0 - e) * (1.0 - e))
    return kepler + abs(orbit[10, satellite]) + abs(orbit[6, satellite])


@table_kernel
def scan_object(
    flight: Flight,
    skies: Skies,
    eye: Eye,
    pos_eci_m: Floats,
    first_scan: int,
    sensor: int,
    obj: int,
    p_detect_min: float,
    sheet: Sheet,
    used: int,
    sight_rad: float,
    rate_rad_s: float,
) -> int:
    """Write the looks of one satellite at one object; returns the rows used.

    pos_eci_m : (scan, 3) places of the satellite from scan `first_scan` on [m]
    sight_rad, rate_rad_s : farther apart at the centre of the Earth they never see each other;
        their fastest turn together: scans in which they cannot are passed over
    """
    first, end = scans_of(flight, eye, obj)
    hidden_below_m = break_altitude(eye, skies.luck[obj])
    cos_sight = math.cos(sight_rad)
    faint = eye.threshold_sigmas + normal_quantile(p_detect_min) - CLEARLY
    looks = 0.0
    look_t_s = flight.launch_t_s[obj]
    next_scan = first
    for scan in range(first, end):
        if scan < next_scan:
            continue
        t_s = eye.phase_s + scan * eye.revisit_s
        place = pos_eci_m[scan - first_scan]
        x, y, z = place[0], place[1], place[2]
        k = sample_before(t_s, flight.launch_t_s[obj], flight.step_s, flight.samples[obj])
        ox, oy, oz = position_at(flight, obj, k, t_s)
        hot = t_s < flight.hot_until_t_s[obj]
        sensitivity_w_sr = sensitivity_towards(eye, hot, hidden_below_m, x, y, z, ox, oy, oz)
        if sensitivity_w_sr == math.inf:
            hidden_s = apart_for(x, y, z, ox, oy, oz, sight_rad, cos_sight, rate_rad_s)
            next_scan = scan + max(1, math.floor(hidden_s / eye.revisit_s))
            continue
        dx, dy, dz = ox - x, oy - y, oz - z
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        intensity = flight.intensity_w_sr[obj, signature_sample(t_s, flight.burnout_t_s[obj], k)]
        snr = infrared_snr(
            intensity, sensitivity_w_sr, distance, eye.sensitivity_range_m, eye.snr_reference
        )
        if snr < faint:
            continue
        ux, uy, uz = dx / distance, dy / distance, dz / distance
        if dazzled(eye, skies, x, y, z, ux, uy, uz):
            continue
        p_detect = p_detect_amplitude(snr, eye.threshold_sigmas)
        if not (p_detect >= p_detect_min and snr > 0.0):
            continue
        sigma_rad = line_of_sight_noise(snr, eye.snr_reference, eye.angle_noise_rad)
        looks = looks_remembered(looks, t_s - look_t_s, eye.bias_memory_s)
        look_t_s = t_s
        share = share_after_bias(sigma_rad, eye.angle_bias_rad, looks)
        across = distance * sigma_rad / math.sqrt(share)
        snr_db = 20.0 * math.log10(snr)
        write_look(sheet, used, sensor, obj, t_s, p_detect, snr_db, ux, uy, uz, math.inf, across)
        sheet.share_after_bias[used] = share
        used += 1
    return used


@kernel
def write_infrared_looks(
    flight: Flight,
    skies: Skies,
    eyes: Eyes,
    orbit: Floats,
    first_sensor: int,
    p_detect_min: float,
    satellite: int,
    obj: int,
    sheet: Sheet,
) -> tuple[int, int, int]:
    """Write the looks that are worth anything, from one pair of satellite and object on.

    orbit : table of `world.constellations.orbit_table`
    first_sensor : number of the sensor that satellite 0 is
    satellite, obj : where to go on, all objects of a satellite before the next satellite
    sheet : empty, with room for all scans of one object
    Returns (satellite, obj, rows): where to go on with the next sheet, and the rows written.
    Satellite equals the number of satellites when all is written.
    """
    used = 0
    while satellite < eyes.revisit_s.shape[0]:
        eye = eye_of(eyes, satellite)
        start_scan, end_scan = scans_of_raid(flight, eye)
        places = scan_places(orbit, satellite, eye, start_scan, end_scan - start_scan)
        rate_rad_s = fastest_turn(orbit, satellite) + FASTEST_RAD_S
        apogee_m = orbit[0, satellite] * (1.0 + orbit[1, satellite])
        while obj < flight.samples.shape[0]:
            first, end = scans_of(flight, eye, obj)
            if used + end - first > sheet.t_s.shape[0]:
                return satellite, obj, used
            sensor = first_sensor + satellite
            used = scan_object(
                flight,
                skies,
                eye,
                places,
                start_scan,
                sensor,
                obj,
                p_detect_min,
                sheet,
                used,
                sight_angle(apogee_m, flight.high_m[obj]),
                rate_rad_s,
            )
            obj += 1
        satellite += 1
        obj = 0
    return satellite, obj, used
