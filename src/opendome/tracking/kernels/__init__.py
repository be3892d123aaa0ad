"""Compiled arithmetic of tracks, one file per effect. State order: x, y, z, vx, vy, vz in ECI."""

from opendome.tracking.kernels.chance import cross_sigmas, p_within
from opendome.tracking.kernels.filter import predict, start, update
from opendome.tracking.kernels.initiation import confirmed, hit
from opendome.tracking.kernels.prediction import (
    impact_sigmas,
    impact_uncertainty,
    predict_far,
    predicted_position_sigma,
    principal_sigmas,
)

__all__ = [
    "confirmed",
    "cross_sigmas",
    "hit",
    "impact_sigmas",
    "impact_uncertainty",
    "p_within",
    "predict",
    "predict_far",
    "predicted_position_sigma",
    "principal_sigmas",
    "start",
    "update",
]
