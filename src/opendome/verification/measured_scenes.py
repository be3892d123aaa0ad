"""Scenes on which the measured tracker is checked: falling objects, and what is read of them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import normals, uniforms
from opendome.draws.purposes import purpose
from opendome.sensing.records import Detections
from opendome.tracking.bank import bank_rules
from opendome.tracking.kernels.forces import BankRules
from opendome.tracking.models import TrackingModel
from opendome.tracking.reference import Sensor, acceleration_noise, free_fall
from opendome.verification.tracking_scenes import AFTER_BURNOUT, radar, two_satellites

Floats = npt.NDArray[np.float64]

ACCEL_PSD_M2_S3 = 1.0
P_FALSE_DENSITY = 1e-2  # false alarms expected in a square radian (and metre), for scores alone

RULES = TrackingModel(
    confirm_hits=3,
    confirm_window=5,
    prior_position_sigma_m=1e6,
    prior_speed_sigma_m_s=5e3,
    accel_psd_boost_m2_s3=3e3,
    accel_psd_coast_m2_s3=ACCEL_PSD_M2_S3,
    custody_gap_s=120.0,
    custody_sigma_m=1e5,
)


def falling_bank() -> BankRules:
    """One way of motion, free fall, and white acceleration of `ACCEL_PSD_M2_S3` in all."""
    rules = bank_rules(("coast",))
    return rules._replace(accel_psd_m2_s3=np.full_like(rules.accel_psd_m2_s3, ACCEL_PSD_M2_S3))


def grid(objects: int, spacing_m: float) -> Floats:
    """States of objects in a square beside the usual arc: (object, 6)."""
    side = int(np.ceil(np.sqrt(objects)))
    states = np.tile(AFTER_BURNOUT, (objects, 1))
    states[:, 1] += spacing_m * (np.arange(objects) % side)
    states[:, 2] += spacing_m * (np.arange(objects) // side)
    return states


def fall(states: Floats, t_s: Floats, *, seed: int, accel_psd_m2_s3: float) -> Floats:
    """Fall shaken by white acceleration: (object, 6) to (step, object, 6)."""
    path = [states]
    stream = purpose("verification shake")
    for step, dt_s in enumerate(np.diff(t_s)):
        states = free_fall(states, float(dt_s))
        if accel_psd_m2_s3 > 0.0:
            root = np.linalg.cholesky(acceleration_noise(float(dt_s), accel_psd_m2_s3))
            luck = normals(seed, stream, states.size, trial=step).reshape(states.shape)
            states = states + luck @ root.T
        path.append(states)
    return np.array(path)


def eyes(t_s: Floats, kind: str) -> list[Sensor]:
    """The radar, the two satellites, or all three: kind "radar", "satellites" or "all"."""
    found = [] if kind == "satellites" else [radar(t_s)]
    return found + ([] if kind == "radar" else two_satellites(t_s))


def read_path(
    path: Floats,
    t_s: Floats,
    sensors: Sequence[Sensor],
    *,
    seed: int,
    p_detect: float = 1.0,
    angle_bias_rad: float = 0.0,
) -> Detections:
    """What sensors read of every object at every step, all at one moment.

    path : (step, object, 6)     angle_bias_rad : added along the first axis across each line
    """
    steps, objects = path.shape[:2]
    parts: dict[str, list[Floats]] = {name: [] for name in ("place", "u", "range", "keep")}
    for k, sensor in enumerate(sensors):
        line = path[..., :3] - sensor.pos_eci_m[:, None]
        distance = np.linalg.norm(line, axis=-1, keepdims=True)
        u = line / distance
        a = np.cross(u, [0.0, 0.0, 1.0])
        a /= np.linalg.norm(a, axis=-1, keepdims=True)
        size = steps * objects * 3
        luck = normals(seed, purpose("verification noise"), size, obj=k).reshape(steps, objects, 3)
        u = u + (angle_bias_rad + sensor.angle_sigma_rad * luck[..., :1]) * a
        u = u + sensor.angle_sigma_rad * luck[..., 1:2] * np.cross(line / distance, a)
        sigma_m = np.nan if sensor.range_sigma_m is None else sensor.range_sigma_m
        dice = uniforms(seed, purpose("verification detection"), steps * objects, obj=k)
        parts["place"].append(np.broadcast_to(sensor.pos_eci_m[:, None], line.shape))
        parts["u"].append(u / np.linalg.norm(u, axis=-1, keepdims=True))
        parts["range"].append(distance[..., 0] + sigma_m * luck[..., 2])
        parts["keep"].append((dice < p_detect).reshape(steps, objects).astype(np.float64))
    keep = np.stack(parts["keep"], axis=1).astype(bool)  # (step, sensor, object)
    step, which, obj = np.nonzero(keep)
    ranging = np.array([s.range_sigma_m is not None for s in sensors])
    angle = np.array([s.angle_sigma_rad for s in sensors])
    range_sigma = np.array(
        [np.inf if s.range_sigma_m is None else s.range_sigma_m for s in sensors]
    )
    return Detections(
        sensor_names=tuple(f"sensor {k}" for k in range(len(sensors))),
        sensor_gives_range=ranging,
        sensor_interval_s=np.full(len(sensors), t_s[1] - t_s[0]),
        sensor=which.astype(np.int32),
        scan=step * len(sensors) + which,
        look=np.arange(step.size),
        t_s=t_s[step],
        sensor_pos_eci_m=np.stack(parts["place"], axis=1)[keep],
        direction_eci=np.stack(parts["u"], axis=1)[keep],
        range_m=np.stack(parts["range"], axis=1)[keep],
        angle_sigma_rad=angle[which],
        range_sigma_m=range_sigma[which],
        false_alarm_density=np.full(step.size, P_FALSE_DENSITY),
        obj=obj.astype(np.int32),
    )
