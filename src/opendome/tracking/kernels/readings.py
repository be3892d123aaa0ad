"""What a sensor read, and what it would read of a guessed position: residuals and rows.

A direction is compared in the plane that touches the unit sphere at the measured
direction, so that no sensor has a pole: with axes a, b across the measured direction u and
d = position - sensor, the reading is (0, 0) and its prediction (a.d / u.d, b.d / u.d).

Source: the gnomonic projection (J. P. Snyder, Map Projections, USGS PP 1395, 1987,
section 22); azimuth, elevation and range as in Bar-Shalom, Li, Kirubarajan 2001, section 10.4.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]

# Kinds of readings
DIRECTION = 0
DIRECTION_RANGE = 1
AZIMUTH_RANGE = 2
AZIMUTH_ELEVATION_RANGE = 3
ROWS_MAX = 3


class Readings(NamedTuple):
    """Readings of any sensors, false ones among them, as plain arrays. Frame: ECI.

    `tracking.readings` makes them from directions, azimuths and ranges.

    t_s : (reading,) [s after epoch]
    sensor_pos_eci_m : (reading, 3) where the sensor stood [m]
    axes : (reading, 3, 3) rows are three unit vectors in ECI; the third is the measured
        direction u, the first two lie across it (for `AZIMUTH_RANGE`: first the horizontal
        one to the right of u, u being horizontal; for `AZIMUTH_ELEVATION_RANGE`: east, north, up)
    value : (reading, 3) measured values: (0, 0, range [m]) in the touching plane of a
        direction, (0, unused, range [m]) for `AZIMUTH_RANGE`, (azimuth [rad], elevation
        [rad], range [m]) for the last kind; the range of a `DIRECTION` is not read
    variance : (reading, 3) of each value [rad2, rad2, m2]; not read where the value is not
    kind : (reading,) `DIRECTION`, `DIRECTION_RANGE`, `AZIMUTH_RANGE`, `AZIMUTH_ELEVATION_RANGE`
    """

    t_s: Floats
    sensor_pos_eci_m: Floats
    axes: Floats
    value: Floats
    variance: Floats
    kind: npt.NDArray[np.int8]


@table_kernel
def read(readings: Readings, k: int, x: float, y: float, z: float) -> tuple[float, float, float]:
    """What reading `k` would be if the object stood at x, y, z, and nothing erred.

    Returns values as `Readings.value`; an azimuth lies within pi of the measured one.
    Behind a sensor, or at it, the value is NaN.
    """
    dx = x - readings.sensor_pos_eci_m[k, 0]
    dy = y - readings.sensor_pos_eci_m[k, 1]
    dz = z - readings.sensor_pos_eci_m[k, 2]
    axes = readings.axes
    a = axes[k, 0, 0] * dx + axes[k, 0, 1] * dy + axes[k, 0, 2] * dz
    b = axes[k, 1, 0] * dx + axes[k, 1, 1] * dy + axes[k, 1, 2] * dz
    u = axes[k, 2, 0] * dx + axes[k, 2, 1] * dy + axes[k, 2, 2] * dz
    slant = math.sqrt(dx * dx + dy * dy + dz * dz)
    if readings.kind[k] <= DIRECTION_RANGE:
        if u <= 0.0:
            return math.nan, math.nan, math.nan
        return a / u, b / u, slant
    if readings.kind[k] == AZIMUTH_RANGE:
        return math.atan2(a, u), 0.0, slant
    azimuth = math.atan2(a, b)
    turn = azimuth - readings.value[k, 0]
    azimuth -= 2.0 * math.pi * round(turn / (2.0 * math.pi))
    return azimuth, math.asin(u / slant), slant


@table_kernel
def linearise(readings: Readings, k: int, x: float, y: float, z: float, rows: Floats) -> int:
    """Residuals of reading `k` at a guess x, y, z, and their derivatives by the position.

    rows : (3, 5) out: residual (measured less predicted), variance, derivative by x, y, z of
        the prediction; one row per independent value
    Returns the number of rows, 0 where the guess lies behind the sensor or at it.
    """
    first, second, slant = read(readings, k, x, y, z)
    if not (slant > 0.0 and math.isfinite(first + second)):
        return 0
    kind = readings.kind[k]
    dx = x - readings.sensor_pos_eci_m[k, 0]
    dy = y - readings.sensor_pos_eci_m[k, 1]
    dz = z - readings.sensor_pos_eci_m[k, 2]
    count = 0
    if kind <= DIRECTION_RANGE:
        fill_touching(readings.axes[k], first, second, dx, dy, dz, rows)
        count = 2
    elif kind == AZIMUTH_RANGE:
        fill_azimuth(readings.axes[k], 0, 2, dx, dy, dz, rows)
        count = 1
    else:
        fill_azimuth(readings.axes[k], 0, 1, dx, dy, dz, rows)
        fill_elevation(readings.axes[k], dx, dy, dz, slant, rows)
        count = 2
    rows[0, 0] = readings.value[k, 0] - first
    rows[0, 1] = readings.variance[k, 0]
    if count == 2:
        rows[1, 0] = readings.value[k, 1] - second
        rows[1, 1] = readings.variance[k, 1]
    if kind != DIRECTION:
        rows[count, 0] = readings.value[k, 2] - slant
        rows[count, 1] = readings.variance[k, 2]
        rows[count, 2] = dx / slant
        rows[count, 3] = dy / slant
        rows[count, 4] = dz / slant
        count += 1
    return count


@table_kernel
def fill_touching(
    axes: Floats, first: float, second: float, dx: float, dy: float, dz: float, rows: Floats
) -> None:
    """Derivatives of a.d / u.d and b.d / u.d: (a - first u) / u.d and (b - second u) / u.d."""
    per_m = 1.0 / (axes[2, 0] * dx + axes[2, 1] * dy + axes[2, 2] * dz)
    for i in range(3):
        rows[0, 2 + i] = per_m * (axes[0, i] - first * axes[2, i])
        rows[1, 2 + i] = per_m * (axes[1, i] - second * axes[2, i])


@table_kernel
def fill_azimuth(
    axes: Floats, right: int, ahead: int, dx: float, dy: float, dz: float, rows: Floats
) -> None:
    """Derivative of atan2(right.d, ahead.d) into the first row."""
    e = axes[right, 0] * dx + axes[right, 1] * dy + axes[right, 2] * dz
    n = axes[ahead, 0] * dx + axes[ahead, 1] * dy + axes[ahead, 2] * dz
    per_m2 = 1.0 / (e * e + n * n)
    for i in range(3):
        rows[0, 2 + i] = per_m2 * (n * axes[right, i] - e * axes[ahead, i])


@table_kernel
def fill_elevation(
    axes: Floats, dx: float, dy: float, dz: float, slant: float, rows: Floats
) -> None:
    """Derivative of asin(up.d / slant) into the second row."""
    up = axes[2, 0] * dx + axes[2, 1] * dy + axes[2, 2] * dz
    slant2 = slant * slant
    scale = 1.0 / (slant2 * math.sqrt(slant2 - up * up))
    rows[1, 2] = scale * (slant2 * axes[2, 0] - up * dx)
    rows[1, 3] = scale * (slant2 * axes[2, 1] - up * dy)
    rows[1, 4] = scale * (slant2 * axes[2, 2] - up * dz)
