"""Turning vectors between the inertial, the Earth-fixed and the local frames."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S

Floats = npt.NDArray[np.float64]


@kernel
def rotate_z(x: float, y: float, z: float, theta_rad: float) -> tuple[float, float, float]:
    """Components of a vector in axes turned by `theta_rad` about the third axis.

    x, y, z : components in the old axes [any unit]     theta_rad : turn of the axes [rad]
    Returns the components in the new axes. With the Earth rotation angle this takes `_eci`
    into `_ecef`; with its negative, back.
    Valid for: any angle.   Source: definition.
    """
    c = math.cos(theta_rad)
    s = math.sin(theta_rad)
    return c * x + s * y, c * y - s * x, z


def earth_angle_rad(era_epoch_rad: float, t_s: npt.ArrayLike) -> Floats:
    """Angle between the inertial and the Earth-fixed axes [rad].

    era_epoch_rad : Earth rotation angle at the scenario epoch [rad]
    t_s : (...) seconds after the epoch [s]
    Returns (...) [rad], not reduced to one turn.
    Model: era_epoch + omega t.   Valid for: hours; 5e-9 rad of error per hour.
    Source: WGS 84 rotation rate, NIMA TR8350.2.
    """
    return era_epoch_rad + ROTATION_RAD_S * np.asarray(t_s, dtype=np.float64)


def ecef_from_eci(vector_eci: npt.ArrayLike, era_rad: npt.ArrayLike) -> Floats:
    """Earth-fixed components of inertial vectors.

    vector_eci : (..., 3) [any unit]     era_rad : (...) Earth rotation angle [rad]
    Returns (..., 3) [same unit]. Turns components only: an inertial velocity stays one.
    Valid for: any angle.   Source: definition.
    """
    return _turn(vector_eci, np.asarray(era_rad, dtype=np.float64))


def eci_from_ecef(vector_ecef: npt.ArrayLike, era_rad: npt.ArrayLike) -> Floats:
    """Inertial components of Earth-fixed vectors.

    vector_ecef : (..., 3) [any unit]     era_rad : (...) Earth rotation angle [rad]
    Returns (..., 3) [same unit]. Turns components only.
    Valid for: any angle.   Source: definition.
    """
    return _turn(vector_ecef, -np.asarray(era_rad, dtype=np.float64))


def velocity_eci_from_ground(pos_eci_m: npt.ArrayLike, vel_ground_eci_m_s: npt.ArrayLike) -> Floats:
    """Inertial velocity of something whose velocity over the turning ground is known [m/s].

    pos_eci_m : (..., 3) [m]
    vel_ground_eci_m_s : (..., 3) velocity relative to the Earth, inertial components [m/s]
    Returns (..., 3) [m/s].   Model: v + omega x r.   Source: definition.
    """
    pos = np.asarray(pos_eci_m, dtype=np.float64)
    vel = np.array(vel_ground_eci_m_s, dtype=np.float64)
    vel = np.broadcast_to(vel, np.broadcast_shapes(pos.shape, vel.shape)).copy()
    vel[..., 0] -= ROTATION_RAD_S * pos[..., 1]
    vel[..., 1] += ROTATION_RAD_S * pos[..., 0]
    return vel


def enu_axes(lat_rad: npt.ArrayLike, lon_rad: npt.ArrayLike) -> Floats:
    """Unit vectors east, north and up of a place, in Earth-fixed components.

    lat_rad, lon_rad : (...) geodetic latitude and longitude [rad]
    Returns (..., 3, 3): row 0 is east, row 1 north, row 2 up, so that
    ``axes @ vector_ecef`` are the local components.
    Valid for: everywhere; at a pole the longitude chooses the directions.
    Source: definition.
    """
    lat, lon = np.broadcast_arrays(
        np.asarray(lat_rad, dtype=np.float64), np.asarray(lon_rad, dtype=np.float64)
    )
    sin_lat, cos_lat, sin_lon, cos_lon = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
    zero = np.zeros_like(lat)
    east = np.stack((-sin_lon, cos_lon, zero), axis=-1)
    north = np.stack((-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat), axis=-1)
    up = np.stack((cos_lat * cos_lon, cos_lat * sin_lon, sin_lat), axis=-1)
    return np.stack((east, north, up), axis=-2)


def _turn(vector: npt.ArrayLike, angle_rad: Floats) -> Floats:
    v = np.asarray(vector, dtype=np.float64)
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    x, y, z = v[..., 0], v[..., 1], v[..., 2]
    x, y, z = np.broadcast_arrays(c * x + s * y, c * y - s * x, z)
    return np.stack((x, y, z), axis=-1)
