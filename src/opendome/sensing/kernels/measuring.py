"""What sensors measure: looks become noisy directions and ranges, and now and then a false alarm.

Every draw has the address of its look: sensor, trial, object and the milliseconds since the
object's launch. Detections fall as in any other model of the same trial.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.draws.philox import normal, uniform
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.course import Way, site_at
from opendome.sensing.kernels.flight import Flight, position_at, sample_before
from opendome.sensing.kernels.radar import Site
from opendome.world.constellations import satellite_state

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

MILLISECONDS = 1000.0
SLOTS = 4  # draws at the address of a look: two angles and a range, or whether and where
CELLS_ACROSS = 3.0  # a look takes in the resolution cell it points at and its neighbours


class Sights(NamedTuple):
    """Looks as the kernel reads them, sorted by time, then sensor. Frame: ECI.

    look : (sight,) row of `Looks`     obj, sensor : (sight,)     t_s, p_detect : (sight,)
    slot : (sight,) milliseconds since the launch of the object, the address of its draws
    target_pos_eci_m, sensor_pos_eci_m : (sight, 3) [m]
    angle_noise_rad, range_noise_m : (sight,) errors that are new in every look; range inf for
        angles only
    angle_sigma_rad, range_sigma_m : (sight,) errors as the sensor reports them
    """

    look: Longs
    obj: Longs
    sensor: Longs
    t_s: Floats
    p_detect: Floats
    slot: Longs
    target_pos_eci_m: Floats
    sensor_pos_eci_m: Floats
    angle_noise_rad: Floats
    range_noise_m: Floats
    angle_sigma_rad: Floats
    range_sigma_m: Floats


class Luck(NamedTuple):
    """Streams of each sensor, its cells, and errors that stay the same through a trial.

    detection, noise, alarm : (sensor,) purposes     p_false_alarm : (sensor,) of one cell
    angle_cell_rad, range_cell_m : (sensor,) size of a resolution cell; range NaN for angles only
    tilt_rad : (sensor, 3) small turn of its axes, ECI     range_bias_m : (sensor,)
    """

    detection: Longs
    noise: Longs
    alarm: Longs
    p_false_alarm: Floats
    angle_cell_rad: Floats
    range_cell_m: Floats
    tilt_rad: Floats
    range_bias_m: Floats


class Measured(NamedTuple):
    """Room for measurements: sight (room,), obj (room,), direction (room, 3), range (room,)."""

    sight: Longs
    obj: Longs
    direction_eci: Floats
    range_m: Floats


@kernel
def fill_antenna(
    site: Site, way: Way | None, era_epoch_rad: float, t_s: Floats, out: Floats
) -> None:
    """Where the antenna of a radar is at moments: `out` (sight, 3), ECI [m]."""
    for i in range(t_s.shape[0]):
        here = site_at(site, way, t_s[i])
        theta = era_epoch_rad + ROTATION_RAD_S * t_s[i]
        c = math.cos(theta)
        s = math.sin(theta)
        out[i, 0] = c * here.x - s * here.y
        out[i, 1] = s * here.x + c * here.y
        out[i, 2] = here.z


@kernel
def fill_satellite(orbit: Floats, satellite: int, t_s: Floats, out: Floats) -> None:
    """Where a satellite is at moments: `out` (sight, 3), ECI [m]."""
    for i in range(t_s.shape[0]):
        x, y, z, _, _, _ = satellite_state(orbit, satellite, t_s[i])
        out[i, 0] = x
        out[i, 1] = y
        out[i, 2] = z


@kernel
def fill_targets(flight: Flight, obj: Longs, t_s: Floats, out: Floats) -> None:
    """Where objects are at moments of their flight: `out` (sight, 3), ECI [m]."""
    for i in range(obj.shape[0]):
        j = int(obj[i])
        k = sample_before(t_s[i], flight.launch_t_s[j], flight.step_s, flight.samples[j])
        x, y, z = position_at(flight, j, k, t_s[i])
        out[i, 0] = x
        out[i, 1] = y
        out[i, 2] = z


@kernel
def fill_sigmas(information_m2: Floats, direction: Floats, distance_m: Floats, out: Floats) -> None:
    """Angle sigma [rad] and range sigma [m] that position information stands for: (sight, 2).

    information_m2 : (sight, 6)     direction : (sight, 3) line of sight, unit
    Model: J = u u' / along^2 + (I - u u') / across^2, so that u'J u = 1 / along^2 and the trace
    is 1 / along^2 + 2 / across^2. A range that tells less than rounding is no range: inf.
    """
    for i in range(direction.shape[0]):
        j = information_m2[i]
        x, y, z = direction[i, 0], direction[i, 1], direction[i, 2]
        trace = j[0] + j[3] + j[5]
        along = j[0] * x * x + j[3] * y * y + j[5] * z * z
        along += 2.0 * (j[1] * x * y + j[2] * x * z + j[4] * y * z)
        across = 0.5 * (trace - along)
        out[i, 0] = math.sqrt(1.0 / across) / distance_m[i]
        out[i, 1] = math.sqrt(1.0 / along) if along > 1e-9 * trace else math.inf


@kernel
def axes_across(x: float, y: float, z: float) -> tuple[float, float, float, float, float, float]:
    """Two unit vectors across a unit vector and across each other."""
    if abs(z) < 0.5:
        ax, ay, az = y, -x, 0.0
    else:
        ax, ay, az = 0.0, z, -y
    size = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / size, ay / size, az / size
    return ax, ay, az, y * az - z * ay, z * ax - x * az, x * ay - y * ax


@kernel
def write_measured(
    sights: Sights,
    tilt: Floats,
    i: int,
    row: int,
    obj: int,
    right_rad: float,
    up_rad: float,
    range_m: float,
    out: Measured,
) -> None:
    """Write a direction that is off by two small angles and by the tilt of its sensor.

    Model: u + b x u, b the tilt; then each angle along its axis across u; brought to length 1.
    """
    dx = sights.target_pos_eci_m[i, 0] - sights.sensor_pos_eci_m[i, 0]
    dy = sights.target_pos_eci_m[i, 1] - sights.sensor_pos_eci_m[i, 1]
    dz = sights.target_pos_eci_m[i, 2] - sights.sensor_pos_eci_m[i, 2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    x, y, z = dx / distance, dy / distance, dz / distance
    ax, ay, az, bx, by, bz = axes_across(x, y, z)
    u = x + right_rad * ax + up_rad * bx + tilt[1] * z - tilt[2] * y
    v = y + right_rad * ay + up_rad * by + tilt[2] * x - tilt[0] * z
    w = z + right_rad * az + up_rad * bz + tilt[0] * y - tilt[1] * x
    size = math.sqrt(u * u + v * v + w * w)
    out.sight[row] = i
    out.obj[row] = obj
    out.direction_eci[row, 0] = u / size
    out.direction_eci[row, 1] = v / size
    out.direction_eci[row, 2] = w / size
    out.range_m[row] = distance + range_m


@kernel
def measure_sights(
    sights: Sights, luck: Luck, flies: npt.NDArray[np.bool_], seed: int, trial: int, out: Measured
) -> int:
    """Write what one trial measures, in the order of the sights; returns how many rows.

    flies : (object,) False for objects that failed by themselves: nothing of them is seen
    out : room for two rows a sight
    Model of a false alarm: the cells around the place looked at, CELLS_ACROSS along each axis
    measured, each cross the threshold by noise alone with the sensor's p_false_alarm; at most
    one does, anywhere among them. Valid for: p_false_alarm far below one over the cells.
    """
    rows = 0
    for i in range(sights.t_s.shape[0]):
        obj = int(sights.obj[i])
        if not flies[obj]:
            continue
        sensor = int(sights.sensor[i])
        tilt = luck.tilt_rad[sensor]
        slot = int(sights.slot[i])
        ranging = sights.range_noise_m[i] < math.inf
        bias_m = luck.range_bias_m[sensor] if ranging else math.nan
        if uniform(seed, luck.detection[sensor], trial, obj, slot) < sights.p_detect[i]:
            stream = luck.noise[sensor]
            first = SLOTS * slot
            right = sights.angle_noise_rad[i] * normal(seed, stream, trial, obj, first)
            up = sights.angle_noise_rad[i] * normal(seed, stream, trial, obj, first + 1)
            off_m = bias_m
            if ranging:
                off_m += sights.range_noise_m[i] * normal(seed, stream, trial, obj, first + 2)
            write_measured(sights, tilt, i, rows, obj, right, up, off_m, out)
            rows += 1
        cells = CELLS_ACROSS * CELLS_ACROSS * (CELLS_ACROSS if ranging else 1.0)
        stream = luck.alarm[sensor]
        first = SLOTS * slot
        chance = luck.p_false_alarm[sensor] * cells
        if uniform(seed, stream, trial, obj, first) < chance:
            wide = CELLS_ACROSS * luck.angle_cell_rad[sensor]
            right = wide * (uniform(seed, stream, trial, obj, first + 1) - 0.5)
            up = wide * (uniform(seed, stream, trial, obj, first + 2) - 0.5)
            off_m = bias_m
            if ranging:
                deep_m = CELLS_ACROSS * luck.range_cell_m[sensor]
                off_m += deep_m * (uniform(seed, stream, trial, obj, first + 3) - 0.5)
            write_measured(sights, tilt, i, rows, -1, right, up, off_m, out)
            rows += 1
    return rows
