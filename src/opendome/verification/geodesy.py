"""Geodesy: lines on the ellipsoid, and the way between geodetic and Earth-fixed coordinates.

Authorities: twenty geodesics of C. F. F. Karney's GeographicLib; the line Flinders Peak to
Buninyong on GRS 80, which is WGS 84 within 0.1 mm here; the definition of the coordinates.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.verification.checks import Check
from opendome.verification.tables import read_numbers
from opendome.world.earth import ecef_from_geodetic, geodetic_from_ecef
from opendome.world.geodesy import (
    NEARLY_ANTIPODAL,
    central_angle_rad,
    geodesic_direct_radians,
    geodesic_inverse_radians,
    great_circle_azimuth_rad,
    great_circle_end,
)

Floats = npt.NDArray[np.float64]
Inverse = Callable[[float, float, float, float], tuple[int, float, float, float]]
Direct = Callable[[float, float, float, float], tuple[float, float, float]]
ToGeodetic = Callable[[Floats], tuple[Floats, Floats, Floats]]

# published to the millimetre: Geocentric Datum of Australia, technical manual
FLINDERS_PEAK_DEG = (-(37 + 57 / 60 + 3.72030 / 3600), 144 + 25 / 60 + 29.52440 / 3600)
BUNINYONG_DEG = (-(37 + 39 / 60 + 10.15610 / 3600), 143 + 55 / 60 + 35.38390 / 3600)
FLINDERS_BUNINYONG_M = 54972.271
POINTS = 100_000
SEED = 7


def sphere_inverse(
    lat_1: float, lon_1: float, lat_2: float, lon_2: float
) -> tuple[int, float, float, float]:
    """The planted bug: great circles of the mean sphere."""
    angle = central_angle_rad(lat_1, lon_1, lat_2, lon_2)
    azimuth = great_circle_azimuth_rad(lat_1, lon_1, lat_2, lon_2)
    return 0, RADIUS_MEAN_M * angle, azimuth, azimuth


def sphere_direct(
    lat: float, lon: float, azimuth: float, distance_m: float
) -> tuple[float, float, float]:
    """The planted bug: great circles of the mean sphere."""
    return *great_circle_end(lat, lon, azimuth, distance_m / RADIUS_MEAN_M), azimuth


def inverse_error(inverse: Inverse = geodesic_inverse_radians) -> float:
    """Largest error of a distance [m] over the twenty lines and Flinders to Buninyong."""
    lines = [
        (row["lat_1_deg"], row["lon_1_deg"], row["lat_2_deg"], row["lon_2_deg"], row["distance_m"])
        for row in read_numbers("geodesics.csv")
    ]
    lines.append((*FLINDERS_PEAK_DEG, *BUNINYONG_DEG, FLINDERS_BUNINYONG_M))
    return max(
        abs(inverse(*(math.radians(angle) for angle in angles))[1] - distance)
        for *angles, distance in lines
    )


def direct_error(direct: Direct = geodesic_direct_radians) -> float:
    """Largest distance of an end point from the published one [m], along the chord."""
    worst = 0.0
    for row in read_numbers("geodesics.csv"):
        lat, lon, _ = direct(
            math.radians(row["lat_1_deg"]),
            math.radians(row["lon_1_deg"]),
            math.radians(row["azimuth_1_deg"]),
            row["distance_m"],
        )
        wanted = ecef_from_geodetic(math.radians(row["lat_2_deg"]), math.radians(row["lon_2_deg"]))
        worst = max(worst, float(np.linalg.norm(ecef_from_geodetic(lat, lon) - wanted)))
    return worst


def silent_antipodes(inverse: Inverse = geodesic_inverse_radians) -> float:
    """How many nearly antipodal pairs are answered with a number instead of a status.

    None of the pairs lies on one meridian: that line, over a pole, is found.
    """
    offsets = [(0.01 * i, 0.02 * k + 0.01) for i in range(1, 6) for k in range(-5, 6)]
    return float(
        sum(
            inverse(0.5, 0.1, -0.5 + math.radians(a), 0.1 + math.pi + math.radians(b))[0]
            != NEARLY_ANTIPODAL
            for a, b in offsets
        )
    )


def round_trip_error(to_geodetic: ToGeodetic = geodetic_from_ecef) -> float:
    """Largest distance between a point and its way there and back [m]; -10 km to 40 000 km."""
    rng = np.random.default_rng(SEED)
    lat = np.arcsin(rng.uniform(-1.0, 1.0, POINTS))
    lon = rng.uniform(-math.pi, math.pi, POINTS)
    lat[:6] = [math.pi / 2, -math.pi / 2, 0.0, 0.0, 0.0, 1e-300]
    lon[:6] = [0.0, 1.0, math.pi, -math.pi, 0.0, 0.0]
    alt = rng.choice([-10e3, 1e3, 100e3, 1000e3, 40_000e3], POINTS) * rng.uniform(0.0, 1.0, POINTS)
    pos = ecef_from_geodetic(lat, lon, alt)
    back = ecef_from_geodetic(*to_geodetic(pos))
    return float(np.linalg.norm(back - pos, axis=-1).max())


def geocentric(pos_ecef_m: Floats) -> tuple[Floats, Floats, Floats]:
    """The planted bug: geocentric latitude taken for geodetic."""
    _, lon, alt = geodetic_from_ecef(pos_ecef_m)
    across = np.hypot(pos_ecef_m[..., 0], pos_ecef_m[..., 1])
    return np.arctan2(pos_ecef_m[..., 2], across), lon, alt


CHECKS = (
    Check(
        name="geodesy/inverse",
        claim="distances on the ellipsoid agree with published geodesics",
        authority="GeographicLib test lines (Karney); GDA technical manual",
        unit="m",
        tolerance=1e-3,
        measure=inverse_error,
        planted_bug=sphere_inverse,
        bug="great circles of a sphere",
    ),
    Check(
        name="geodesy/direct",
        claim="a line of given direction and length ends where published",
        authority="GeographicLib test lines (Karney)",
        unit="m",
        tolerance=1e-3,
        measure=direct_error,
        planted_bug=sphere_direct,
        bug="great circles of a sphere",
    ),
    Check(
        name="geodesy/antipodes",
        claim="nearly antipodal points are refused, not answered wrongly",
        authority="definition",
        unit="pairs answered",
        tolerance=0.0,
        measure=silent_antipodes,
        planted_bug=sphere_inverse,
        bug="a method that answers without a status",
    ),
    Check(
        name="geodesy/round-trip",
        claim="geodetic to Earth-fixed and back leaves a point where it was",
        authority="definition of geodetic coordinates",
        unit="m",
        tolerance=1e-6,
        measure=round_trip_error,
        planted_bug=geocentric,
        bug="geocentric latitude taken for geodetic",
    ),
)
