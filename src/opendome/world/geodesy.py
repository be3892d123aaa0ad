"""Lines on the ground: geodesics of the WGS 84 ellipsoid and great circles of a sphere."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import FLATTENING, RADIUS_EQUATOR_M, RADIUS_POLE_M
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
Statuses = npt.NDArray[np.int32]

FOUND = 0
NEARLY_ANTIPODAL = 1
NOT_FINITE = 2

_ROUNDS_MAX = 200  # Vincenty's iteration needs fewer than 20 unless the points are antipodal
_OVER_THE_POLE_RAD = 1e-10  # rounding of a line over a pole, where longitude changes by half a turn
_ROUNDING_RAD = 1e-13  # 1e-6 m on the ground; smaller changes are rounding


class GeodesyError(OpendomeError, ValueError):
    """Points between which no line can be drawn."""


@kernel
def wrapped_rad(angle_rad: float) -> float:
    """The same direction as an angle in -pi..pi [rad]; exact for angles already inside."""
    turns = math.floor(angle_rad / (2.0 * math.pi) + 0.5)
    return angle_rad - 2.0 * math.pi * turns


@kernel
def geodesic_inverse_radians(
    lat_1_rad: float, lon_1_rad: float, lat_2_rad: float, lon_2_rad: float
) -> tuple[int, float, float, float]:
    """Shortest line between two points of the ellipsoid.

    lat_1_rad, lon_1_rad, lat_2_rad, lon_2_rad : geodetic coordinates [rad]
    Returns (status, distance [m], azimuth at 1 [rad], azimuth at 2 [rad]); azimuths clockwise
    from north, both in the direction from 1 to 2. Status NEARLY_ANTIPODAL comes with NaN.
    Model: Vincenty's iteration on the auxiliary sphere, series to third order in flattening.
    Valid for: any two points except within about half a degree of being antipodal; within
    1e-3 m. For coinciding points distance and azimuths are 0.
    Source: T. Vincenty, Direct and inverse solutions of geodesics on the ellipsoid, Survey
    Review 23 (1975) 88-93.
    """
    tan_1 = (1.0 - FLATTENING) * math.tan(lat_1_rad)
    tan_2 = (1.0 - FLATTENING) * math.tan(lat_2_rad)
    cos_u1 = 1.0 / math.sqrt(1.0 + tan_1 * tan_1)
    cos_u2 = 1.0 / math.sqrt(1.0 + tan_2 * tan_2)
    sin_u1 = tan_1 * cos_u1
    sin_u2 = tan_2 * cos_u2
    difference = wrapped_rad(lon_2_rad - lon_1_rad)
    if not math.isfinite(difference + tan_1 + tan_2):
        return NOT_FINITE, math.nan, math.nan, math.nan
    lam = difference
    for _ in range(_ROUNDS_MAX):
        sin_lam, cos_lam = math.sin(lam), math.cos(lam)
        across = cos_u2 * sin_lam
        along = cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos_lam
        sin_sigma = math.hypot(across, along)
        cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_lam
        if sin_sigma == 0.0:
            if cos_sigma > 0.0:
                return FOUND, 0.0, 0.0, 0.0
            break
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cos_u1 * cos_u2 * sin_lam / sin_sigma
        cos2_alpha = 1.0 - sin_alpha * sin_alpha
        cos_mid = cos_sigma - 2.0 * sin_u1 * sin_u2 / cos2_alpha if cos2_alpha > 1e-15 else 0.0
        before = lam
        lam = difference + _longitude_gain(
            sin_alpha, cos2_alpha, sigma, sin_sigma, cos_sigma, cos_mid
        )
        if abs(lam) > math.pi + _OVER_THE_POLE_RAD:
            return NEARLY_ANTIPODAL, math.nan, math.nan, math.nan
        if abs(lam - before) < _ROUNDING_RAD:
            distance = _arc_length(cos2_alpha, sigma, sin_sigma, cos_sigma, cos_mid)
            there = math.atan2(cos_u1 * sin_lam, cos_u1 * sin_u2 * cos_lam - sin_u1 * cos_u2)
            return FOUND, distance, math.atan2(across, along), there
    return NEARLY_ANTIPODAL, math.nan, math.nan, math.nan


@kernel
def geodesic_direct_radians(
    lat_rad: float, lon_rad: float, azimuth_rad: float, distance_m: float
) -> tuple[float, float, float]:
    """Where a geodesic leads.

    lat_rad, lon_rad : geodetic coordinates of the start [rad]
    azimuth_rad : clockwise from north [rad]     distance_m : along the ellipsoid [m]
    Returns (latitude, longitude, azimuth) at the end [rad]; longitude in -pi..pi.
    Model: Vincenty's iteration for the arc on the auxiliary sphere.
    Valid for: up to half way round the Earth; within 1e-3 m.
    Source: T. Vincenty, Survey Review 23 (1975) 88-93.
    """
    tan_u1 = (1.0 - FLATTENING) * math.tan(lat_rad)
    cos_u1 = 1.0 / math.sqrt(1.0 + tan_u1 * tan_u1)
    sin_u1 = tan_u1 * cos_u1
    sin_azimuth, cos_azimuth = math.sin(azimuth_rad), math.cos(azimuth_rad)
    start = math.atan2(tan_u1, cos_azimuth)
    sin_alpha = cos_u1 * sin_azimuth
    cos2_alpha = 1.0 - sin_alpha * sin_alpha
    a, b = _series(cos2_alpha)
    first = distance_m / (RADIUS_POLE_M * a)
    sigma = first
    for _ in range(_ROUNDS_MAX):
        cos_mid = math.cos(2.0 * start + sigma)
        before = sigma
        sigma = first + _arc_gain(b, math.sin(sigma), math.cos(sigma), cos_mid)
        if not abs(sigma - before) > _ROUNDING_RAD:
            break
    sin_sigma, cos_sigma = math.sin(sigma), math.cos(sigma)
    cos_mid = math.cos(2.0 * start + sigma)
    north = sin_u1 * sin_sigma - cos_u1 * cos_sigma * cos_azimuth
    lat = math.atan2(
        sin_u1 * cos_sigma + cos_u1 * sin_sigma * cos_azimuth,
        (1.0 - FLATTENING) * math.hypot(sin_alpha, north),
    )
    lam = math.atan2(sin_sigma * sin_azimuth, cos_u1 * cos_sigma - sin_u1 * sin_sigma * cos_azimuth)
    lon = (
        lon_rad + lam - _longitude_gain(sin_alpha, cos2_alpha, sigma, sin_sigma, cos_sigma, cos_mid)
    )
    return lat, wrapped_rad(lon), math.atan2(sin_alpha, -north)


@kernel
def _longitude_gain(
    sin_alpha: float, cos2_alpha: float, sigma: float, sin_sigma: float, cos_sigma: float,
    cos_mid: float,
) -> float:  # fmt: skip
    """Longitude on the auxiliary sphere minus longitude on the ellipsoid [rad] (eq. 10, 11)."""
    f = FLATTENING
    c = f / 16.0 * cos2_alpha * (4.0 + f * (4.0 - 3.0 * cos2_alpha))
    bend = cos_mid + c * cos_sigma * (2.0 * cos_mid * cos_mid - 1.0)
    return (1.0 - c) * f * sin_alpha * (sigma + c * sin_sigma * bend)


@kernel
def _series(cos2_alpha: float) -> tuple[float, float]:
    """Vincenty's A and B (equations 3 and 4)."""
    u2 = cos2_alpha * ((RADIUS_EQUATOR_M / RADIUS_POLE_M) ** 2 - 1.0)
    a = 1.0 + u2 / 16384.0 * (4096.0 + u2 * (-768.0 + u2 * (320.0 - 175.0 * u2)))
    b = u2 / 1024.0 * (256.0 + u2 * (-128.0 + u2 * (74.0 - 47.0 * u2)))
    return a, b


@kernel
def _arc_gain(b: float, sin_sigma: float, cos_sigma: float, cos_mid: float) -> float:
    """Vincenty's delta sigma [rad] (equation 6)."""
    twice = cos_mid * cos_mid
    inner = cos_sigma * (2.0 * twice - 1.0) - b / 6.0 * cos_mid * (
        4.0 * sin_sigma * sin_sigma - 3.0
    ) * (4.0 * twice - 3.0)
    return b * sin_sigma * (cos_mid + b / 4.0 * inner)


@kernel
def _arc_length(
    cos2_alpha: float, sigma: float, sin_sigma: float, cos_sigma: float, cos_mid: float
) -> float:
    a, b = _series(cos2_alpha)
    return RADIUS_POLE_M * a * (sigma - _arc_gain(b, sin_sigma, cos_sigma, cos_mid))


@kernel
def _fill_inverse(points: Floats, out: Floats, status: Statuses) -> None:
    for i in range(points.shape[0]):
        status[i], out[i, 0], out[i, 1], out[i, 2] = geodesic_inverse_radians(
            points[i, 0], points[i, 1], points[i, 2], points[i, 3]
        )


@kernel
def _fill_direct(starts: Floats, out: Floats) -> None:
    for i in range(starts.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = geodesic_direct_radians(
            starts[i, 0], starts[i, 1], starts[i, 2], starts[i, 3]
        )


def geodesic_inverse(
    lat_1_rad: npt.ArrayLike,
    lon_1_rad: npt.ArrayLike,
    lat_2_rad: npt.ArrayLike,
    lon_2_rad: npt.ArrayLike,
) -> tuple[Floats, Floats, Floats]:
    """Distances [m] and azimuths [rad] of the shortest lines between points.

    lat_1_rad, lon_1_rad, lat_2_rad, lon_2_rad : (...) geodetic coordinates [rad]
    Returns (distance, azimuth at 1, azimuth at 2), each (...); raises `GeodesyError` if any
    pair is nearly antipodal or not finite.
    Model, validity, source: `geodesic_inverse_radians`.
    """
    points, shape = _columns(lat_1_rad, lon_1_rad, lat_2_rad, lon_2_rad)
    out = np.empty((points.shape[0], 3))
    status = np.empty(points.shape[0], dtype=np.int32)
    _fill_inverse(points, out, status)
    bad = np.flatnonzero(status)
    if bad.size:
        raise _no_line(points[bad[0]], int(status[bad[0]]))
    distance, azimuth_1, azimuth_2 = out.T.reshape(3, *shape)
    return distance, azimuth_1, azimuth_2


def geodesic_direct(
    lat_rad: npt.ArrayLike,
    lon_rad: npt.ArrayLike,
    azimuth_rad: npt.ArrayLike,
    distance_m: npt.ArrayLike,
) -> tuple[Floats, Floats, Floats]:
    """End points and end azimuths of geodesics [rad].

    lat_rad, lon_rad, azimuth_rad : (...) [rad]     distance_m : (...) [m]
    Returns (latitude, longitude, azimuth), each (...).
    Model, validity, source: `geodesic_direct_radians`.
    """
    starts, shape = _columns(lat_rad, lon_rad, azimuth_rad, distance_m)
    out = np.empty((starts.shape[0], 3))
    _fill_direct(starts, out)
    lat, lon, azimuth = out.T.reshape(3, *shape)
    return lat, lon, azimuth


@kernel
def central_angle_rad(
    lat_1_rad: float, lon_1_rad: float, lat_2_rad: float, lon_2_rad: float
) -> float:
    """Angle between two points seen from the centre of a sphere [rad].

    lat_1_rad, lon_1_rad, lat_2_rad, lon_2_rad : spherical coordinates [rad]
    Returns 0..pi.   Model: atan2 form of the great-circle formula.
    Valid for: any two points, near and antipodal ones included; taken for the ellipsoid it
    errs by up to 0.6 %.   Source: T. Vincenty, Survey Review 23 (1975), on a sphere.
    """
    difference = lon_2_rad - lon_1_rad
    sin_1, cos_1 = math.sin(lat_1_rad), math.cos(lat_1_rad)
    sin_2, cos_2 = math.sin(lat_2_rad), math.cos(lat_2_rad)
    across = cos_2 * math.sin(difference)
    along = cos_1 * sin_2 - sin_1 * cos_2 * math.cos(difference)
    return math.atan2(
        math.hypot(across, along), sin_1 * sin_2 + cos_1 * cos_2 * math.cos(difference)
    )


@kernel
def great_circle_azimuth_rad(
    lat_1_rad: float, lon_1_rad: float, lat_2_rad: float, lon_2_rad: float
) -> float:
    """Direction of the great circle from point 1 to point 2 [rad].

    Arguments as `central_angle_rad`. Returns the azimuth clockwise from north, -pi..pi.
    Valid for: a sphere; 0 for coinciding points.   Source: spherical trigonometry.
    """
    difference = lon_2_rad - lon_1_rad
    return math.atan2(
        math.cos(lat_2_rad) * math.sin(difference),
        math.cos(lat_1_rad) * math.sin(lat_2_rad)
        - math.sin(lat_1_rad) * math.cos(lat_2_rad) * math.cos(difference),
    )


@kernel
def great_circle_end(
    lat_rad: float, lon_rad: float, azimuth_rad: float, angle_rad: float
) -> tuple[float, float]:
    """Point reached along a great circle (latitude, longitude) [rad].

    lat_rad, lon_rad : start [rad]     azimuth_rad : clockwise from north [rad]
    angle_rad : central angle flown [rad]
    Returns spherical coordinates; longitude in -pi..pi.
    Valid for: a sphere.   Source: spherical trigonometry.
    """
    sin_lat, cos_lat = math.sin(lat_rad), math.cos(lat_rad)
    sin_angle, cos_angle = math.sin(angle_rad), math.cos(angle_rad)
    up = sin_lat * cos_angle + cos_lat * sin_angle * math.cos(azimuth_rad)
    ahead = cos_lat * cos_angle - sin_lat * sin_angle * math.cos(azimuth_rad)
    across = math.sin(azimuth_rad) * sin_angle
    return (
        math.atan2(up, math.hypot(ahead, across)),
        wrapped_rad(lon_rad + math.atan2(across, ahead)),
    )


def _columns(*values: npt.ArrayLike) -> tuple[Floats, tuple[int, ...]]:
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    return np.stack([a.ravel() for a in arrays], axis=-1), arrays[0].shape


def _no_line(point: Floats, status: int) -> GeodesyError:
    lat_1, lon_1, lat_2, lon_2 = (f"{math.degrees(angle):.6f}" for angle in point.tolist())
    pair = f"the points ({lat_1}, {lon_1}) deg and ({lat_2}, {lon_2}) deg"
    if status == NEARLY_ANTIPODAL:
        return GeodesyError(
            got=f"{pair}, which are nearly antipodal",
            allowed="points more than about half a degree away from being antipodal",
            do="move one of them, or go by way of a third point",
        )
    return GeodesyError(
        got=pair, allowed="finite coordinates", do="check where the coordinates come from"
    )
