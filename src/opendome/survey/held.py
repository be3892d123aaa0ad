"""Objects of one kind held over cells: a raid that the sensors of a run can look at."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.models import SensorSuite
from opendome.survey.grid import Grid
from opendome.survey.target import Target
from opendome.threats.records import Raid
from opendome.world.earth import ecef_from_geodetic

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
SAMPLE_MAX_S = 60.0  # a held object turns with the Earth; in between, error below a millimetre
UNSHARED_HZ = 1e15  # looks in a second of a radar that has only one object to look at


def spans(grid: Grid, first: int, end: int) -> Integers:
    """First moment of each span, and of the one after the last: moments in one span overlap."""
    if grid.dwell_s < grid.step_s:
        return np.arange(first, end + 1)
    return np.array([first, end])


def hold(
    target: Target, grid: Grid, cells: Integers, starts: Integers, *, era_epoch_rad: float
) -> Raid:
    """An object over every cell in every span of moments, cell by cell.

    cells : (n,) numbers of cells     starts : (m + 1,) from `spans`, all of one length
    Returns a raid of n m objects. Each is held at its altitude over the turning Earth.
    """
    t_s = np.tile(grid.t_s[starts[:-1]], cells.size)
    lasts_s = (int(starts[1] - starts[0]) - 1) * grid.step_s + grid.dwell_s
    parts = max(1, int(np.ceil(lasts_s / SAMPLE_MAX_S)))
    step_s = lasts_s / parts
    objects, samples = t_s.size, parts + 1
    lat = np.repeat(grid.lat_rad[cells], starts.size - 1)
    lon = np.repeat(grid.lon_rad[cells], starts.size - 1)
    pos, vel = _turning(
        ecef_from_geodetic(lat, lon, np.full(objects, target.altitude_m)),
        era_epoch_rad + ROTATION_RAD_S * (t_s[:, None] + step_s * np.arange(samples)),
    )
    never, always = np.full(objects, -np.inf), np.full(objects, np.inf)

    def all_over(value: float) -> Floats:
        return np.full((objects, samples), value)

    return Raid(
        class_names=(target.class_name,),
        object_class=np.zeros(objects, np.int32),
        group=np.zeros(objects, np.int32),
        launch_t_s=t_s,
        burnout_t_s=always if target.burning else never,
        impact_t_s=t_s + lasts_s,
        launch_lat_rad=lat,
        launch_lon_rad=lon,
        impact_lat_rad=lat,
        impact_lon_rad=lon,
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
        intensity_w_sr=all_over(target.intensity_w_sr),
        rcs_m2=all_over(target.rcs_m2),
        valid=np.ones((objects, samples), np.bool_),
    )


def _turning(pos_ecef_m: Floats, theta_rad: Floats) -> tuple[Floats, Floats]:
    """Places and velocities in ECI of points fixed to the Earth (object, time, 3)."""
    c, s = np.cos(theta_rad), np.sin(theta_rad)
    x, y = pos_ecef_m[:, 0, None], pos_ecef_m[:, 1, None]
    pos, vel = np.zeros((2, *theta_rad.shape, 3))
    pos[:, :, 0] = c * x - s * y
    pos[:, :, 1] = s * x + c * y
    pos[:, :, 2] = pos_ecef_m[:, 2, None]
    vel[:, :, 0] = -ROTATION_RAD_S * pos[:, :, 1]
    vel[:, :, 1] = ROTATION_RAD_S * pos[:, :, 0]
    return pos, vel


def unshared(suite: SensorSuite) -> SensorSuite:
    """The same sensors, each with all its looks for one object: the objects of a map are not
    there at once.
    """
    radars = tuple(replace(radar, look_budget_hz=UNSHARED_HZ) for radar in suite.radars)
    return replace(suite, radars=radars)
