"""Where a node expects an object to fall, told by what is defended there."""

import math
from dataclasses import dataclass

import numpy as np

from opendome.engagement.geometry import Geometry
from opendome.engagement.kernels.gates import believed_impact
from opendome.engagement.kernels.state import State
from opendome.engagement.kernels.worth import impact_sigma
from opendome.quantities.constants import RADIUS_MEAN_M


@dataclass(frozen=True, kw_only=True)
class PredictedImpact:
    """Where a node expects an object to fall.

    Attributes
    ----------
    place : what is defended nearest to the expected impact, empty where nothing is
    distance_m : from the expected impact to its border, negative inside
    sigma_m : root of the summed variances of the prediction
    p_inside : chance to fall inside anything defended, as the node reckons
    """

    place: str
    distance_m: float
    sigma_m: float
    p_inside: float


def predicted_impact(geometry: Geometry, state: State, node: int, obj: int) -> PredictedImpact:
    """The impact that a node predicts from its track of an object.

    Model: with values, the point and the covariance that `believed_loss` weighs. Without, the
    distance from the border alone, as `worth_of` judges it.
    """
    if geometry.board.loss_max > 0.0:
        return _point(geometry, state, node, obj)
    sigma_m = float(impact_sigma(geometry.board, state, node, obj))
    error = float(state.tracks[node, obj]["impact_error"])
    distance_m = float(geometry.board.objects[obj]["defended_distance_m"]) + sigma_m * error
    away = math.copysign(math.inf, distance_m) if sigma_m == 0.0 else distance_m / sigma_m
    return PredictedImpact(
        place=_nearest(geometry, obj, 0.0, 0.0)[0],
        distance_m=distance_m,
        sigma_m=sigma_m,
        p_inside=0.5 * math.erfc(away / math.sqrt(2.0)),
    )


def _point(geometry: Geometry, state: State, node: int, obj: int) -> PredictedImpact:
    """The predicted impact as a point with a covariance."""
    found = believed_impact(geometry.board, state, node, obj)
    east_m, north_m, xx_m2, _, yy_m2, p_inside = (float(part) for part in found)
    place, distance_m = _nearest(geometry, obj, east_m, north_m)
    return PredictedImpact(
        place=place,
        distance_m=distance_m,
        sigma_m=math.sqrt(xx_m2 + yy_m2),
        p_inside=p_inside,
    )


def _nearest(geometry: Geometry, obj: int, east_m: float, north_m: float) -> tuple[str, float]:
    """Name of what is defended nearest to a point by the true impact, and the distance [m].

    Model: great circle from the true impact; exact on the sphere.
    """
    lat0 = float(geometry.raid.impact_lat_rad[obj])
    lon0 = float(geometry.raid.impact_lon_rad[obj])
    angle = math.hypot(east_m, north_m) / RADIUS_MEAN_M
    azimuth = math.atan2(east_m, north_m)
    sin_lat = math.sin(lat0) * math.cos(angle) + (
        math.cos(lat0) * math.sin(angle) * math.cos(azimuth)
    )
    lon = lon0 + math.atan2(
        math.sin(azimuth) * math.sin(angle) * math.cos(lat0),
        math.cos(angle) - math.sin(lat0) * sin_lat,
    )
    at = np.array([math.asin(sin_lat)]), np.array([lon])
    distances = {
        place.name: float(place.shape.signed_distance_m(*at)[0])
        for place in geometry.realisation.places
    }
    if not distances:
        return "", math.inf
    return min(distances.items(), key=lambda found: found[1])
