"""Readings from what sensors report: directions, azimuths, elevations, ranges."""

import numpy as np
import numpy.typing as npt

from opendome.tracking.kernels.readings import (
    AZIMUTH_ELEVATION_RANGE,
    AZIMUTH_RANGE,
    DIRECTION,
    DIRECTION_RANGE,
    Readings,
)

Floats = npt.NDArray[np.float64]


def direction_readings(
    t_s: Floats,
    sensor_pos_eci_m: Floats,
    direction_eci: Floats,
    *,
    angle_sigma_rad: npt.ArrayLike,
    range_m: npt.ArrayLike = np.nan,
    range_sigma_m: npt.ArrayLike = np.nan,
) -> Readings:
    """Readings of cameras and radars.

    t_s : (reading,) [s]     sensor_pos_eci_m : (reading, 3) [m]
    direction_eci : (reading, 3) measured direction, any length but zero
    angle_sigma_rad : sigma in each of two directions across [rad]
    range_m, range_sigma_m : measured range and its sigma [m]; NaN where there is none
    """
    n = len(t_s)
    range_m = np.broadcast_to(np.asarray(range_m, np.float64), n)
    u = direction_eci / np.linalg.norm(direction_eci, axis=1, keepdims=True)
    value, variance = np.zeros((n, 3)), np.zeros((n, 3))
    value[:, 2] = range_m
    variance[:, :2] = np.square(np.broadcast_to(angle_sigma_rad, n))[:, None]
    variance[:, 2] = np.square(np.broadcast_to(range_sigma_m, n))
    kind = np.where(np.isnan(range_m), DIRECTION, DIRECTION_RANGE).astype(np.int8)
    return Readings(
        np.array(t_s, np.float64),
        np.array(sensor_pos_eci_m),
        _axes_across(u),
        value,
        variance,
        kind,
    )


def azimuth_range_readings(
    t_s: Floats,
    sensor_pos_eci_m: Floats,
    axes: Floats,
    *,
    azimuth_rad: Floats,
    range_m: Floats,
    azimuth_sigma_rad: npt.ArrayLike,
    range_sigma_m: npt.ArrayLike,
) -> Readings:
    """Readings of radars that see no elevation, such as radars beyond the horizon.

    t_s : (reading,) [s]     sensor_pos_eci_m : (reading, 3) [m]
    axes : (reading, 3, 3) rows are east, north and up of the sensor in ECI
    azimuth_rad : (reading,) clockwise from north [rad]     range_m : (reading,) straight [m]
    """
    n = len(t_s)
    east, north, up = axes[:, 0], axes[:, 1], axes[:, 2]
    sin, cos = np.sin(azimuth_rad)[:, None], np.cos(azimuth_rad)[:, None]
    own = np.stack([cos * east - sin * north, up, sin * east + cos * north], axis=1)
    value, variance = np.zeros((n, 3)), np.zeros((n, 3))
    value[:, 2] = range_m
    variance[:, 0] = np.square(np.broadcast_to(azimuth_sigma_rad, n))
    variance[:, 2] = np.square(np.broadcast_to(range_sigma_m, n))
    kind = np.full(n, AZIMUTH_RANGE, np.int8)
    return Readings(
        np.array(t_s, np.float64), np.array(sensor_pos_eci_m), own, value, variance, kind
    )


def local_readings(
    t_s: Floats, sensor_pos_eci_m: Floats, axes: Floats, value: Floats, sigma: Floats
) -> Readings:
    """Readings of azimuth, elevation [rad] and range [m] in axes of the sensor.

    axes : (reading, 3, 3) rows are east, north and up in ECI
    value, sigma : (reading, 3) azimuth clockwise from north, elevation, range
    """
    kind = np.full(len(t_s), AZIMUTH_ELEVATION_RANGE, np.int8)
    return Readings(
        np.array(t_s, np.float64),
        np.array(sensor_pos_eci_m),
        np.array(axes),
        np.array(value, np.float64),
        np.square(np.asarray(sigma, np.float64)),
        kind,
    )


def _axes_across(u: Floats) -> Floats:
    """Axes a, b across unit vectors, and these themselves: (n, 3) to (n, 3, 3)."""
    least = np.eye(3)[np.argmin(np.abs(u), axis=1)]
    a: Floats = np.asarray(np.cross(least, u), np.float64)
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b: Floats = np.asarray(np.cross(u, a), np.float64)
    return np.stack([a, b, u], axis=1)
