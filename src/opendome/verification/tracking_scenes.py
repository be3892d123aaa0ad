"""The arc and the sensors on which the tracking checks are made. A scene, not a system."""

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import MU_M3_S2, RADIUS_MEAN_M, ROTATION_RAD_S
from opendome.tracking.reference import Sensor, Watch

Floats = npt.NDArray[np.float64]

# 207 km up, 6.9 km/s, 25 degrees above the horizon: 21 minutes of fall follow
AFTER_BURNOUT: Floats = np.array([6578e3, 0.0, 0.0, 2900.0, 4300.0, 4500.0])


def east_north_up(pos_eci_m: Floats) -> Floats:
    """Axes of places, rows east, north, up: (step, 3) to (step, 3, 3)."""
    up = pos_eci_m / np.linalg.norm(pos_eci_m, axis=-1, keepdims=True)
    east = np.cross(np.array([0.0, 0.0, 1.0]), up)
    east /= np.linalg.norm(east, axis=-1, keepdims=True)
    return np.stack([east, np.cross(up, east), up], axis=-2)


def ground_site(lat_rad: float, lon_rad: float, t_s: Floats) -> Floats:
    """Path of a place on the turning Earth, in ECI [m]: (step, 3)."""
    turn = lon_rad + ROTATION_RAD_S * t_s
    flat = np.cos(lat_rad)
    z = np.full(t_s.shape, np.sin(lat_rad))
    return RADIUS_MEAN_M * np.stack([flat * np.cos(turn), flat * np.sin(turn), z], axis=-1)


def circular_orbit(
    altitude_m: float, raan_rad: float, inclination_rad: float, phase_rad: float, t_s: Floats
) -> Floats:
    """Path of a satellite on a circle, in ECI [m]: (step, 3)."""
    radius_m = RADIUS_MEAN_M + altitude_m
    angle = phase_rad + np.sqrt(MU_M3_S2 / radius_m**3) * t_s
    along, across = np.cos(angle), np.sin(angle)
    x = along * np.cos(raan_rad) - across * np.cos(inclination_rad) * np.sin(raan_rad)
    y = along * np.sin(raan_rad) + across * np.cos(inclination_rad) * np.cos(raan_rad)
    return radius_m * np.stack([x, y, across * np.sin(inclination_rad)], axis=-1)


def radar(t_s: Floats) -> Sensor:
    """A radar that sees the arc rise from its horizon to 40 degrees."""
    path = ground_site(0.08, 0.24, t_s)
    return Sensor(
        pos_eci_m=path, axes=east_north_up(path), angle_sigma_rad=5e-4, range_sigma_m=20.0
    )


def two_satellites(t_s: Floats) -> list[Sensor]:
    """Two angles-only satellites on either side of the arc."""
    paths = (
        circular_orbit(1000e3, 0.2, 1.4, -0.3, t_s),
        circular_orbit(1000e3, -0.4, 1.4, 0.35, t_s),
    )
    return [Sensor(pos_eci_m=p, axes=east_north_up(p), angle_sigma_rad=1e-4) for p in paths]


def watch(sensors: list[Sensor], step_s: float, accel_psd_m2_s3: float = 1.0) -> Watch:
    """The arc after burnout, watched by these sensors from a coarse first guess."""
    return Watch(
        first_state=AFTER_BURNOUT,
        step_s=step_s,
        sensors=sensors,
        accel_psd_m2_s3=accel_psd_m2_s3,
        prior_position_sigma_m=1000.0,
        prior_speed_sigma_m_s=100.0,
    )
