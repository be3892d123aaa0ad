"""A radar that looks over the horizon: its rays come back from the ionosphere."""

import math
from typing import NamedTuple

from opendome.compiled import kernel
from opendome.quantities.constants import RADIUS_MEAN_M, ROTATION_RAD_S
from opendome.sensing.kernels.bias import looks_remembered, share_after_bias
from opendome.sensing.kernels.detection import p_detect_one_look
from opendome.sensing.kernels.flight import Flight, position_at, sample_before
from opendome.sensing.kernels.information import ground_information
from opendome.sensing.kernels.radar import in_azimuth, noise_at, radar_snr
from opendome.sensing.kernels.sheet import Sheet, write_information
from opendome.world.earth import altitude_xyz


class Belt(NamedTuple):
    """A skywave radar as plain numbers. Frame: ECEF.

    north_*, east_*, up_* : local unit vectors at the radar, geocentric
    azimuth_from_rad, azimuth_width_rad : sector, clockwise from north
    range_min_m, range_max_m : along the ground, of the belt that its rays come down to
    altitude_max_m : above it they do not meet what flies
    speed_min_m_s : a slower change of the ground range is lost in the echo of the ground
    calibration_m2 : ground range^4 * snr / cross-section
    rcs_m2 : of any body, at its wavelength
    snr_reference : power ratio at which the two noises hold
    revisit_s : time between two looks at one place, the first of which falls on the epoch
    azimuth_bias_rad, range_bias_m : errors that looks have in common     bias_memory_s : how long
    """

    north_x: float
    north_y: float
    north_z: float
    east_x: float
    east_y: float
    up_x: float
    up_y: float
    up_z: float
    azimuth_from_rad: float
    azimuth_width_rad: float
    range_min_m: float
    range_max_m: float
    altitude_max_m: float
    speed_min_m_s: float
    calibration_m2: float
    rcs_m2: float
    snr_reference: float
    p_false_alarm: float
    azimuth_noise_rad: float
    azimuth_noise_floor_rad: float
    range_noise_m: float
    range_noise_floor_m: float
    revisit_s: float
    azimuth_bias_rad: float
    range_bias_m: float
    bias_memory_s: float


@kernel
def ground_place(belt: Belt, x: float, y: float, z: float) -> tuple[float, float]:
    """Ground range [m] and azimuth [rad] of a point from a skywave radar.

    x, y, z : the point, ECEF [m]
    Model: great circle on the mean sphere between the geocentric directions of both.
    Valid for: ground range within 0.4 % of the ellipsoid's, azimuth within 0.2 degrees; both less
    than what the ionosphere leaves unknown.  Source: definition.
    """
    up = x * belt.up_x + y * belt.up_y + z * belt.up_z
    north = x * belt.north_x + y * belt.north_y + z * belt.north_z
    east = x * belt.east_x + y * belt.east_y
    return RADIUS_MEAN_M * math.atan2(math.hypot(north, east), up), math.atan2(east, north)


@kernel
def outward(belt: Belt, x: float, y: float, z: float) -> tuple[float, float, float]:
    """Unit vector at a point, level there, in which the ground range grows, ECEF.

    x, y, z : the point, ECEF [m]; not straight above the radar
    Model: the radial direction turned by a right angle away from the radar.  Source: geometry.
    """
    r = math.sqrt(x * x + y * y + z * z)
    along = (x * belt.up_x + y * belt.up_y + z * belt.up_z) / r
    ax = along * x / r - belt.up_x
    ay = along * y / r - belt.up_y
    az = along * z / r - belt.up_z
    length = math.sqrt(ax * ax + ay * ay + az * az)
    return ax / length, ay / length, az / length


@kernel
def in_belt(belt: Belt, x: float, y: float, z: float, ground_m: float, azimuth_rad: float) -> bool:
    """Whether the rays of a skywave radar come down to a point.

    x, y, z : the point, ECEF [m]     ground_m, azimuth_rad : from `ground_place`
    """
    if ground_m < belt.range_min_m or ground_m > belt.range_max_m:
        return False
    if not in_azimuth(azimuth_rad, belt.azimuth_from_rad, belt.azimuth_width_rad):
        return False
    return altitude_xyz(x, y, z) <= belt.altitude_max_m


@kernel
def write_skywave_looks(
    flight: Flight,
    belt: Belt,
    era_epoch_rad: float,
    sensor: int,
    p_detect_min: float,
    obj: int,
    sheet: Sheet,
    used: int,
) -> int:
    """Write the looks of a skywave radar at one object; returns the rows used so far.

    sheet : with room for its whole flight beyond `used`
    Model: the belt is illuminated at fixed times; a body inside is seen when its ground range
    changes fast enough, and measured in ground range and azimuth, not in height.
    Valid for: one hop; a mirror that stays as it is through the raid; no multipath.
    Source: S. L. Fabrizio, High Frequency Over-the-Horizon Radar, 2013, chapters 1 and 3.
    """
    look = math.ceil(flight.launch_t_s[obj] / belt.revisit_s)
    looks, last_t_s = 0.0, 0.0
    while True:
        t_s = look * belt.revisit_s
        look += 1
        if not t_s <= flight.end_t_s[obj]:
            return used
        k = sample_before(t_s, flight.launch_t_s[obj], flight.step_s, flight.samples[obj])
        x_eci, y_eci, z = position_at(flight, obj, k, t_s)
        theta = era_epoch_rad + ROTATION_RAD_S * t_s
        c = math.cos(theta)
        s = math.sin(theta)
        x = c * x_eci + s * y_eci
        y = c * y_eci - s * x_eci
        ground_m, azimuth = ground_place(belt, x, y, z)
        if not in_belt(belt, x, y, z, ground_m, azimuth):
            continue
        ax, ay, az = outward(belt, x, y, z)
        part = (t_s - flight.launch_t_s[obj]) / flight.step_s - k
        v = flight.vel_eci_m_s
        vx = v[obj, k, 0] + part * (v[obj, k + 1, 0] - v[obj, k, 0]) + ROTATION_RAD_S * y_eci
        vy = v[obj, k, 1] + part * (v[obj, k + 1, 1] - v[obj, k, 1]) - ROTATION_RAD_S * x_eci
        vz = v[obj, k, 2] + part * (v[obj, k + 1, 2] - v[obj, k, 2])
        ux = c * ax - s * ay
        uy = s * ax + c * ay
        speed = ux * vx + uy * vy + az * vz
        if abs(speed) < belt.speed_min_m_s:
            continue
        snr = radar_snr(belt.calibration_m2, belt.rcs_m2, ground_m)
        p_detect = p_detect_one_look(snr, belt.p_false_alarm)
        if not p_detect >= p_detect_min:
            continue
        along = noise_at(snr, belt.snr_reference, belt.range_noise_m, belt.range_noise_floor_m)
        angle = noise_at(
            snr, belt.snr_reference, belt.azimuth_noise_rad, belt.azimuth_noise_floor_rad
        )
        looks = looks_remembered(looks, t_s - last_t_s, belt.bias_memory_s)
        last_t_s = t_s
        share = share_after_bias(angle, belt.azimuth_bias_rad, looks)
        range_share = share_after_bias(along, belt.range_bias_m, looks)
        along /= math.sqrt(range_share)
        across = RADIUS_MEAN_M * math.sin(ground_m / RADIUS_MEAN_M) * angle / math.sqrt(share)
        r = math.sqrt(x * x + y * y + z * z)
        information = ground_information(ux, uy, az, x_eci / r, y_eci / r, z / r, along, across)
        snr_db = 10.0 * math.log10(snr)
        write_information(sheet, used, sensor, obj, t_s, p_detect, snr_db, information)
        sheet.share_after_bias[used] = share
        sheet.range_share_after_bias[used] = range_share
        used += 1
