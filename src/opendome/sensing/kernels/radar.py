"""A radar: echo strength, noise of a measurement, and what its mask lets it see."""

import math
from typing import NamedTuple

from opendome.compiled import kernel
from opendome.quantities.constants import BOLTZMANN_J_K
from opendome.sensing.kernels.horizon import sees_over, sees_past
from opendome.world.earth import altitude_xyz, ecef_from_geodetic_xyz

FULL_TURN = 2.0 * math.pi
STAND = 9  # numbers of a site that say where it stands
Stand = tuple[float, float, float, float, float, float, float, float, float]


class Site(NamedTuple):
    """A radar as plain numbers. Frame: ECEF.

    x, y, z : antenna [m]     north_*, up_* : local unit vectors (geodetic): the first `STAND`
        numbers say where it stands
    alt_m : its height
    earth_factor : effective over true radius of the Earth; 1 for straight rays
    azimuth_from_rad, azimuth_width_rad : mask, clockwise from north
    sin_elevation_min, sin_elevation_max : mask, sines of the elevations above the horizontal
    calibration_m2 : range^4 * snr / rcs, the radar's only constant of strength [m2]
    snr_reference : power ratio at which the two noises hold
    """

    x: float
    y: float
    z: float
    north_x: float
    north_y: float
    north_z: float
    up_x: float
    up_y: float
    up_z: float
    alt_m: float
    earth_factor: float
    azimuth_from_rad: float
    azimuth_width_rad: float
    sin_elevation_min: float
    sin_elevation_max: float
    range_max_m: float
    calibration_m2: float
    snr_reference: float
    p_false_alarm: float
    angle_noise_rad: float
    angle_noise_floor_rad: float
    range_noise_m: float
    range_noise_floor_m: float
    look_interval_s: float
    look_budget_hz: float


@kernel
def local_frame(lat_rad: float, lon_rad: float, alt_m: float) -> Stand:
    """Position and local north and up of a geodetic point, ECEF: the first numbers of a `Site`.

    lat_rad, lon_rad : geodetic [rad]     alt_m : above WGS 84 [m]
    Returns (x, y, z [m], north x y z, up x y z).  Source: definition.
    """
    x, y, z = ecef_from_geodetic_xyz(lat_rad, lon_rad, alt_m)
    sin_lat, cos_lat = math.sin(lat_rad), math.cos(lat_rad)
    sin_lon, cos_lon = math.sin(lon_rad), math.cos(lon_rad)
    north = (-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat)
    up = (cos_lat * cos_lon, cos_lat * sin_lon, sin_lat)
    return (x, y, z, *north, *up)


def echo_power(
    power_w: float, gain: float, wavelength_m: float, rcs_m2: float, range_m: float
) -> float:
    """Power that one antenna receives back from a target [W].

    power_w : transmitted [W]     gain : of the antenna, as a ratio
    wavelength_m : [m]     rcs_m2 : [m2]     range_m : [m]
    Returns [W].  Model: P G^2 lambda^2 rcs / ((4 pi)^3 R^4).
    Valid for: far field, free space, no loss.
    Source: M. I. Skolnik, Introduction to Radar Systems, 3rd ed. 2001, chapter 1.
    """
    spread = (4.0 * math.pi) ** 3 * range_m**4
    return power_w * gain * gain * wavelength_m * wavelength_m * rcs_m2 / spread


def noise_power(temperature_k: float, bandwidth_hz: float, noise_factor: float) -> float:
    """Noise power in a receiver [W].

    temperature_k : [K]     bandwidth_hz : [Hz]     noise_factor : ratio
    Returns [W].  Model: k T B F.  Valid for: thermal noise.
    Source: M. I. Skolnik, Introduction to Radar Systems, 3rd ed. 2001, chapter 1.
    """
    return BOLTZMANN_J_K * temperature_k * bandwidth_hz * noise_factor


def calibration(range_m: float, rcs_m2: float, snr: float) -> float:
    """The constant that holds power, aperture, gain, dwell, losses and noise of a radar [m2].

    range_m, rcs_m2, snr : one published triple of range, cross-section and power ratio
    Returns range^4 * snr / rcs [m2].
    Model: the radar equation with all that belongs to the radar gathered in one constant.
    Valid for: one waveform and dwell; no loss by scan angle, weather or refraction.
    Source: M. I. Skolnik, Introduction to Radar Systems, 3rd ed. 2001, chapter 1.
    """
    return range_m**4 * snr / rcs_m2


@kernel
def radar_snr(calibration_m2: float, rcs_m2: float, range_m: float) -> float:
    """Mean signal-to-noise power ratio of one look.

    calibration_m2 : see `calibration`     rcs_m2 : [m2]     range_m : [m]
    Returns ratio.  Model: calibration * rcs / range^4.  Valid for, source: as `calibration`.
    """
    square = range_m * range_m
    return calibration_m2 * rcs_m2 / (square * square)


@kernel
def noise_at(snr: float, snr_reference: float, noise_reference: float, floor: float) -> float:
    """Standard deviation of one measurement, in the unit of `noise_reference`.

    snr : power ratio     snr_reference : where the noise is `noise_reference`
    floor : what no signal betters: calibration, refraction left over, antenna
    Returns max(floor, noise_reference * sqrt(snr_reference / snr)).
    Valid for: snr > 0; single look.
    Source: D. K. Barton, Radar System Analysis and Modeling, 2005, chapter 8: the error is
    the resolution divided by sqrt(2 snr).
    """
    return max(floor, noise_reference * math.sqrt(snr_reference / snr))


@kernel
def in_azimuth(azimuth_rad: float, from_rad: float, width_rad: float) -> bool:
    """Whether an azimuth lies in a sector.

    azimuth_rad, from_rad : clockwise from north, any number of turns [rad]
    width_rad : clockwise from `from_rad`; a full turn or more sees all round [rad]
    """
    turned = (azimuth_rad - from_rad) % FULL_TURN
    return turned <= width_rad


@kernel
def above_horizon(site: Site, x: float, y: float, z: float, distance_m: float) -> bool:
    """Whether the Earth leaves a point in sight of a radar, with straight or bent rays.

    x, y, z : the point, ECEF [m]     distance_m : to it [m]
    """
    if site.earth_factor == 1.0:
        return sees_past(site.x, site.y, site.z, x, y, z, 0.0)
    return sees_over(site.alt_m, altitude_xyz(x, y, z), distance_m, site.earth_factor)


@kernel
def outside_by(site: Site, x: float, y: float, z: float) -> float:
    """Distance that a point must move at least to come within range and elevation [m].

    x, y, z : the point, ECEF [m]
    Returns 0 or less for a point that is within both, or on the edge.
    Model: none of the range, the height over the horizontal and what the elevation asks of it
    changes faster than the point moves.  Source: geometry, triangle inequality.
    """
    dx = x - site.x
    dy = y - site.y
    dz = z - site.z
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    up = dx * site.up_x + dy * site.up_y + dz * site.up_z
    low = (distance * site.sin_elevation_min - up) / (1.0 + abs(site.sin_elevation_min))
    high = (up - distance * site.sin_elevation_max) / (1.0 + abs(site.sin_elevation_max))
    return max(distance - site.range_max_m, low, high)


@kernel
def in_mask(site: Site, x: float, y: float, z: float) -> bool:
    """Whether a point is inside range, elevation and azimuth of a radar, above its horizon.

    x, y, z : the point, ECEF [m]
    Valid for: masks and, with an `earth_factor` of 1, horizons of straight rays; with a larger
    one the horizon of `sees_over`. No terrain.  Source: geometry on the WGS 84 ellipsoid.
    """
    dx = x - site.x
    dy = y - site.y
    dz = z - site.z
    square = dx * dx + dy * dy + dz * dz
    if square > site.range_max_m * site.range_max_m:
        return False
    up = dx * site.up_x + dy * site.up_y + dz * site.up_z
    distance = math.sqrt(square)
    if up < distance * site.sin_elevation_min:
        return False
    if up > distance * site.sin_elevation_max:
        return False
    north = dx * site.north_x + dy * site.north_y + dz * site.north_z
    east_x = site.north_y * site.up_z - site.north_z * site.up_y
    east_y = site.north_z * site.up_x - site.north_x * site.up_z
    east_z = site.north_x * site.up_y - site.north_y * site.up_x
    east = dx * east_x + dy * east_y + dz * east_z
    if not in_azimuth(math.atan2(east, north), site.azimuth_from_rad, site.azimuth_width_rad):
        return False
    return up >= 0.0 or above_horizon(site, x, y, z, distance)
