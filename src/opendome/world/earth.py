"""The WGS 84 ellipsoid: geodetic coordinates and Earth-fixed vectors."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import (
    ECCENTRICITY_SQUARED,
    FLATTENING,
    RADIUS_EQUATOR_M,
)

Floats = npt.NDArray[np.float64]

_BOWRING_STEPS = 3
_SQUASH = 1.0 - FLATTENING
_PULL_EQUATOR_M = ECCENTRICITY_SQUARED * RADIUS_EQUATOR_M
_PULL_POLE_M = _PULL_EQUATOR_M / _SQUASH


@kernel
def ecef_from_geodetic_xyz(
    lat_rad: float, lon_rad: float, alt_m: float
) -> tuple[float, float, float]:
    """Earth-fixed position of a geodetic point [m].

    lat_rad, lon_rad : geodetic latitude and longitude [rad]     alt_m : height above WGS 84 [m]
    Returns (x, y, z) [m].
    Model: x = (N + h) cos(lat) cos(lon), z = (N (1 - e2) + h) sin(lat).
    Valid for: any point; exact.   Source: NIMA TR8350.2, WGS 84, equation 4-14.
    """
    sin_lat = math.sin(lat_rad)
    cos_lat = math.cos(lat_rad)
    normal = RADIUS_EQUATOR_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    across = (normal + alt_m) * cos_lat
    return (
        across * math.cos(lon_rad),
        across * math.sin(lon_rad),
        (normal * (1.0 - ECCENTRICITY_SQUARED) + alt_m) * sin_lat,
    )


@kernel
def geodetic_from_ecef_xyz(x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Geodetic latitude, longitude [rad] and height above WGS 84 [m] of a point.

    x_m, y_m, z_m : Earth-fixed position [m]
    Returns (lat_rad, lon_rad, alt_m); longitude in -pi..pi.
    Model: Bowring's iteration for the reduced latitude, without trigonometry inside.
    Valid for: -1000 km to 40 000 km and beyond, poles included; better than 1e-14 rad, 1e-7 m.
    Source: B. R. Bowring, Transformation from spatial to geographical coordinates, Survey
    Review 23 (1976) 323-327.
    """
    across = math.hypot(x_m, y_m)
    sin_lat, cos_lat = _latitude_sin_cos(across, z_m)
    to_surface = RADIUS_EQUATOR_M * math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    return (
        math.atan2(sin_lat, cos_lat),
        math.atan2(y_m, x_m),
        across * cos_lat + z_m * sin_lat - to_surface,
    )


@kernel
def altitude_xyz(x_m: float, y_m: float, z_m: float) -> float:
    """Height above WGS 84 [m], several times faster than the full conversion.

    x_m, y_m, z_m : position in any Earth-centred frame whose third axis is the spin axis [m]
    Returns height [m].
    Model: distance d from the surface along the radius, times 1 - g^2/2 rho/(rho + d), where g
    is the angle between radius and vertical and rho the radius of curvature at the surface.
    Valid for: -100 km upwards; within 1e-5 m below 10 km, 1e-3 m below 1000 km, 1e-2 m above.
    Source: own expansion of the definition of the ellipsoid (docs/models/geodesy.md).
    """
    return altitude_above(x_m, y_m, z_m, RADIUS_EQUATOR_M, FLATTENING)


@kernel
def altitude_above(x_m: float, y_m: float, z_m: float, radius_m: float, flattening: float) -> float:
    """Height above any slightly flattened ellipsoid of revolution [m].

    As `altitude_xyz`, with equatorial radius [m] and flattening as arguments; 0 is a sphere.
    """
    e2 = flattening * (2.0 - flattening)
    second = e2 / (1.0 - e2)
    r2 = x_m * x_m + y_m * y_m + z_m * z_m
    s2 = z_m * z_m / r2  # squared sine of the geocentric latitude
    r = math.sqrt(r2)
    q = second * s2
    q2 = q * q
    # surface radius a / sqrt(1 + q) at that latitude
    series = 1.0 - 0.5 * q + q2 * ((0.375 - 0.3125 * q) + q2 * (0.2734375 - 0.24609375 * q))
    surface = radius_m * series
    tilt2 = second * q * (1.0 - s2) * (1.0 - 2.0 * q)
    bend = radius_m * ((1.0 - e2) + 1.5 * e2 * s2)
    inverse = 1.0 / r
    share = bend * inverse * (1.0 + (surface - bend) * inverse)
    return (r - surface) * (1.0 - 0.5 * tilt2 * share)


@kernel
def _latitude_sin_cos(across_m: float, z_m: float) -> tuple[float, float]:
    s = z_m
    c = _SQUASH * across_m
    sin_lat = 0.0
    cos_lat = 1.0
    for _ in range(_BOWRING_STEPS):
        scale = 1.0 / math.sqrt(s * s + c * c)
        sin_reduced = s * scale
        cos_reduced = c * scale
        sin_lat = z_m + _PULL_POLE_M * sin_reduced * sin_reduced * sin_reduced
        cos_lat = across_m - _PULL_EQUATOR_M * cos_reduced * cos_reduced * cos_reduced
        s = _SQUASH * sin_lat
        c = cos_lat
    scale = 1.0 / math.sqrt(sin_lat * sin_lat + cos_lat * cos_lat)
    return sin_lat * scale, cos_lat * scale


@kernel
def _fill_geodetic(pos_ecef_m: Floats, out: Floats) -> None:
    for i in range(pos_ecef_m.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = geodetic_from_ecef_xyz(
            pos_ecef_m[i, 0], pos_ecef_m[i, 1], pos_ecef_m[i, 2]
        )


def ecef_from_geodetic(
    lat_rad: npt.ArrayLike, lon_rad: npt.ArrayLike, alt_m: npt.ArrayLike = 0.0
) -> Floats:
    """Earth-fixed positions of geodetic points [m].

    lat_rad, lon_rad : (...) [rad]     alt_m : (...) height above WGS 84 [m]
    Returns (..., 3) [m].   Model, validity, source: `ecef_from_geodetic_xyz`.
    """
    lat, lon, alt = np.broadcast_arrays(
        np.asarray(lat_rad, dtype=np.float64),
        np.asarray(lon_rad, dtype=np.float64),
        np.asarray(alt_m, dtype=np.float64),
    )
    sin_lat, cos_lat = np.sin(lat), np.cos(lat)
    normal = RADIUS_EQUATOR_M / np.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    across = (normal + alt) * cos_lat
    up = (normal * (1.0 - ECCENTRICITY_SQUARED) + alt) * sin_lat
    return np.stack((across * np.cos(lon), across * np.sin(lon), up), axis=-1)


def geodetic_from_ecef(pos_ecef_m: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Geodetic latitudes, longitudes [rad] and heights [m] of Earth-fixed points.

    pos_ecef_m : (..., 3) [m]
    Returns (lat_rad, lon_rad, alt_m), each (...).
    Model, validity, source: `geodetic_from_ecef_xyz`.
    """
    pos = np.ascontiguousarray(pos_ecef_m, dtype=np.float64)
    out = np.empty_like(pos).reshape(-1, 3)
    _fill_geodetic(pos.reshape(-1, 3), out)
    out = out.reshape(pos.shape)
    return out[..., 0], out[..., 1], out[..., 2]
