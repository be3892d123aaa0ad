"""The part of a raid that sensors read."""

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.flight import Flight, bounds_of
from opendome.threats.records import Raid

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def flight_of(raid: Raid) -> Flight:
    """The part of a raid that the kernels read."""
    gone = np.concatenate([~raid.valid, np.ones((raid.objects, 1), np.bool_)], axis=1)
    samples = gone.argmax(axis=1).astype(np.int64)
    pos_eci_m = np.ascontiguousarray(raid.pos_eci_m)
    high_m, stride_m = bounds_of(pos_eci_m, samples, float(raid.step_s))
    end_t_s = raid.launch_t_s + (samples - 1) * raid.step_s
    return Flight(
        launch_t_s=np.ascontiguousarray(raid.launch_t_s),
        burnout_t_s=np.ascontiguousarray(raid.burnout_t_s),
        hot_until_t_s=np.ascontiguousarray(raid.hot_until_t_s),
        end_t_s=np.where(samples > 1, end_t_s, -np.inf),
        samples=samples,
        high_m=high_m,
        stride_m=stride_m,
        step_s=float(raid.step_s),
        pos_eci_m=pos_eci_m,
        vel_eci_m_s=np.ascontiguousarray(raid.vel_eci_m_s),
        intensity_w_sr=np.ascontiguousarray(raid.intensity_w_sr),
        rcs_m2=np.ascontiguousarray(raid.rcs_m2),
    )


def rotate_samples(flight: Flight, era_epoch_rad: float) -> Floats:
    """Positions of all samples (object, time, 3), ECEF [m]."""
    after_launch_s = np.arange(flight.pos_eci_m.shape[1]) * flight.step_s
    theta = era_epoch_rad + ROTATION_RAD_S * (flight.launch_t_s[:, None] + after_launch_s)
    c, s = np.cos(theta), np.sin(theta)
    x, y = flight.pos_eci_m[:, :, 0], flight.pos_eci_m[:, :, 1]
    pos_ecef_m = np.empty_like(flight.pos_eci_m)
    pos_ecef_m[:, :, 0] = c * x + s * y
    pos_ecef_m[:, :, 1] = c * y - s * x
    pos_ecef_m[:, :, 2] = flight.pos_eci_m[:, :, 2]
    return pos_ecef_m
