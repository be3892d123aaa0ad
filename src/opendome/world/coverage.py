"""How well satellites cover the globe, by exact geometry on the sphere of directions."""

import math

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]


def worst_central_angle(satellite_pos_m: npt.ArrayLike) -> float:
    """Largest angle at the Earth's centre between any ground point and its nearest satellite.

    satellite_pos_m : (n, 3) [m]
    Returns [rad]. A constellation whose footprints have at least this half angle covers the
    whole globe at this moment, and no smaller footprint does.
    Model: the points farthest from all satellites are the centres of the faces of the convex
    hull of the satellite directions (their Delaunay circles hold no other satellite). When all
    satellites lie in one half of the sky, the farthest point is opposite to the middle of the
    smallest cap that holds them.
    Source: A. H. Ballard, Rosette constellations of Earth satellites, IEEE Trans. AES-16
    (1980) 656 (the quantity); the method is elementary geometry.
    """
    from scipy.spatial import ConvexHull, QhullError

    pos = np.asarray(satellite_pos_m, dtype=np.float64)
    if pos.ndim != 2 or pos.shape[1] != 3 or not pos.shape[0] or not np.isfinite(pos).all():
        raise OpendomeError(
            got=f"satellite positions of shape {pos.shape}, finite: {np.isfinite(pos).all()}",
            allowed="one or more finite positions, (n, 3)",
            do="add satellites or leave out the ones without a position",
        )
    directions = pos / np.linalg.norm(pos, axis=1)[:, None]
    try:
        # each row: an outward unit normal and minus the distance of the face from the centre
        distances = -ConvexHull(directions).equations[:, 3]
    except (QhullError, ValueError):  # fewer than four, or all in one plane
        return _from_one_side(directions)
    if distances.min() <= 0.0:
        return _from_one_side(directions)
    return float(np.arccos(np.minimum(distances, 1.0)).max())


def _from_one_side(directions: Floats) -> float:
    """Worst angle when the hull of the directions does not hold the centre.

    The smallest cap has the point of the hull nearest to the centre in its middle, and that
    point's distance is the cosine of its half angle.
    """
    from scipy.optimize import nnls

    weights, _ = nnls(
        np.vstack([directions.T, np.ones(directions.shape[0])]), np.array([0.0, 0.0, 0.0, 1.0])
    )
    nearest = np.linalg.norm(directions.T @ weights) / weights.sum()
    return math.acos(-min(float(nearest), 1.0))


def footprint_half_angle(
    altitude_m: float, elevation_min_rad: float, *, radius_m: float = RADIUS_MEAN_M
) -> float:
    """Half angle at the Earth's centre of the area that sees a satellite above an elevation.

    altitude_m : [m]     elevation_min_rad : [rad]     radius_m : of the spherical Earth [m]
    Returns [rad].
    Model: lambda = acos(R cos(eps) / (R + h)) - eps.
    Source: J. R. Wertz and W. J. Larson (eds.), Space Mission Analysis and Design (1999),
    sec. 5.2.
    """
    ratio = radius_m * math.cos(elevation_min_rad) / (radius_m + altitude_m)
    return math.acos(ratio) - elevation_min_rad


def street_half_width(footprint_rad: float, satellites_per_plane: int) -> float:
    """Half width of the strip that one plane of evenly spaced satellites always covers [rad].

    footprint_rad : half angle of the footprint [rad]
    Returns [rad]; NaN when the footprints of neighbours do not overlap.
    Model: cos(c) = cos(lambda) / cos(pi / s).
    Source: L. Rider, Analytic design of satellite constellations for zonal Earth coverage,
    J. Astronaut. Sci. 34 (1986) 31.
    """
    ratio = math.cos(footprint_rad) / math.cos(math.pi / satellites_per_plane)
    return math.acos(ratio) if ratio <= 1.0 else math.nan


def covered_fraction(
    satellite_pos_m: npt.ArrayLike, ground_unit: npt.ArrayLike, *, footprint_rad: float
) -> float:
    """Part of a set of ground points that lies inside at least one footprint.

    satellite_pos_m : (n, 3) [m]     ground_unit : (m, 3) unit vectors, same frame
    footprint_rad : half angle at the Earth's centre [rad]
    Returns 0 to 1. With evenly spread points this is the fraction of the globe.
    """
    pos = np.asarray(satellite_pos_m, dtype=np.float64)
    directions = pos / np.linalg.norm(pos, axis=1)[:, None]
    nearest = np.max(np.asarray(ground_unit, dtype=np.float64) @ directions.T, axis=1)
    return float(np.mean(nearest >= math.cos(footprint_rad)))


def even_directions(count: int) -> Floats:
    """Unit vectors spread evenly over the sphere, (count, 3).

    Model: a golden-angle spiral. Source: R. Swinbank and R. J. Purser, Fibonacci grids, Q. J.
    R. Meteorol. Soc. 132 (2006) 1769.
    """
    k = np.arange(count) + 0.5
    z = 1.0 - 2.0 * k / count
    turn = math.pi * (1.0 + math.sqrt(5.0)) * k
    across = np.sqrt(1.0 - z * z)
    return np.stack([across * np.cos(turn), across * np.sin(turn), z], axis=1)
