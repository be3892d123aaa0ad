"""Objects of one kind that pass over cells: a raid that the sensors of a run can look at."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.models import SensorSuite
from opendome.survey.grid import Grid
from opendome.survey.target import Target
from opendome.threats.records import Raid
from opendome.world.earth import ecef_from_geodetic, geodetic_from_ecef
from opendome.world.frames import enu_axes

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
SAMPLE_MAX_S = 10.0  # between samples of a path; it is read to a metre in between
UNSHARED_HZ = 1e15  # looks in a second of a radar that has only one object to look at
GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)  # multiples of it, whole turns left out, are spread evenly


def headings_rad(number: Integers) -> Floats:
    """Heading of each window by its number, spread evenly over all directions [rad]."""
    return 2.0 * math.pi * ((number.astype(np.float64) * GOLDEN) % 1.0)


def pass_over(
    target: Target, grid: Grid, cells: Integers, moments: Integers, *, era_epoch_rad: float
) -> Raid:
    """An object for every cell and moment, cell by cell.

    cells, moments : (n,), (m,) their numbers
    Returns a raid of n m objects. Each flies level at its altitude and over the turning Earth at
    its ground speed, on a heading of its own, and is over the middle of its cell at the middle of
    the dwell.
    """
    cell, moment = (part.ravel() for part in np.meshgrid(cells, moments, indexing="ij"))
    parts = max(1, math.ceil(grid.dwell_s / SAMPLE_MAX_S))
    step_s, objects = grid.dwell_s / parts, cell.size
    after_s = step_s * np.arange(parts + 1, dtype=np.float64)
    ecef, vel_ecef = _paths(
        target,
        grid.lat_rad[cell],
        grid.lon_rad[cell],
        headings_rad(cell * grid.moments + moment),
        after_s - 0.5 * grid.dwell_s,
    )
    t_s = grid.t_s[moment]
    pos, vel = _turned(ecef, vel_ecef, era_epoch_rad + ROTATION_RAD_S * (t_s[:, None] + after_s))
    never, always = np.full(objects, -np.inf), np.full(objects, np.inf)
    everywhere = np.ones((objects, parts + 1))
    return Raid(
        class_names=(target.class_name,),
        object_class=np.zeros(objects, np.int32),
        group=np.zeros(objects, np.int32),
        launch_t_s=t_s,
        burnout_t_s=always if target.burning else never,
        impact_t_s=t_s + grid.dwell_s,
        launch_lat_rad=grid.lat_rad[cell],
        launch_lon_rad=grid.lon_rad[cell],
        impact_lat_rad=grid.lat_rad[cell],
        impact_lon_rad=grid.lon_rad[cell],
        hot_until_t_s=always if target.hot else never,
        turn_t_s=never,
        manoeuvre_psd_m2_s3=np.full(objects, target.manoeuvre_psd_m2_s3),
        p_reliable=np.ones(objects),
        parent=np.full(objects, -1, np.int32),
        lethal=np.ones(objects, np.bool_),
        p_taken_for_real=np.ones(objects),
        step_s=step_s,
        pos_eci_m=pos,
        vel_eci_m_s=vel,
        intensity_w_sr=target.intensity_w_sr * everywhere,
        rcs_m2=target.rcs_m2 * everywhere,
        valid=np.ones((objects, parts + 1), np.bool_),
    )


def _paths(
    target: Target, lat_rad: Floats, lon_rad: Floats, heading_rad: Floats, since_s: Floats
) -> tuple[Floats, Floats]:
    """Places and velocities (object, time, 3), Earth-fixed, of level flight through points.

    Model: a great circle through the point, brought to the altitude above the ellipsoid.
    """
    middle = ecef_from_geodetic(lat_rad, lon_rad, np.full(lat_rad.size, target.altitude_m))
    if target.ground_speed_m_s == 0.0:
        shape = (middle.shape[0], since_s.size, 3)
        return np.broadcast_to(middle[:, None], shape).copy(), np.zeros(shape)
    axes = enu_axes(lat_rad, lon_rad)
    ahead = np.sin(heading_rad)[:, None] * axes[:, 0] + np.cos(heading_rad)[:, None] * axes[:, 1]
    radius_m = np.linalg.norm(middle, axis=1)[:, None, None]
    angle = target.ground_speed_m_s / radius_m * since_s[None, :, None]
    ecef = np.cos(angle) * middle[:, None] + np.sin(angle) * radius_m * ahead[:, None]
    way = np.cos(angle) * ahead[:, None] - np.sin(angle) * middle[:, None] / radius_m
    lat, lon, _ = geodetic_from_ecef(ecef.reshape(-1, 3))
    level = ecef_from_geodetic(lat, lon, np.full(lat.size, target.altitude_m))
    return level.reshape(ecef.shape), target.ground_speed_m_s * way


def _turned(ecef: Floats, vel_ecef: Floats, theta_rad: Floats) -> tuple[Floats, Floats]:
    """Places and velocities in ECI (object, time, 3) of Earth-fixed ones.

    theta_rad : (object, time) rotation of the Earth
    """
    c, s = np.cos(theta_rad), np.sin(theta_rad)
    over = vel_ecef.copy()
    over[:, :, 0] -= ROTATION_RAD_S * ecef[:, :, 1]
    over[:, :, 1] += ROTATION_RAD_S * ecef[:, :, 0]
    turned: list[Floats] = []
    for part in (ecef, over):
        x, y, z = part[:, :, 0], part[:, :, 1], part[:, :, 2]
        turned.append(np.stack((c * x - s * y, s * x + c * y, z), axis=2))
    return turned[0], turned[1]


def unshared(suite: SensorSuite) -> SensorSuite:
    """The same sensors, each with all its looks for one object, of which it knows where it is.

    The objects of a map are not there at once, and none has been anywhere before.
    """
    free = {"look_budget_hz": UNSHARED_HZ, "search": None, "priority": None}
    return replace(
        suite,
        radars=tuple(replace(radar, **free) for radar in suite.radars),
        satellites=tuple(replace(satellite, targets=None) for satellite in suite.satellites),
    )
