"""The US Standard Atmosphere 1976, from 5 km below sea level to 1000 km."""

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import (
    GAS_CONSTANT_US76_J_MOL_K,
    HEAT_CAPACITY_RATIO_AIR,
    MOLAR_MASS_AIR_US76_KG_MOL,
    PRESSURE_SEA_LEVEL_PA,
    RADIUS_GEOPOTENTIAL_US76_M,
    STANDARD_GRAVITY_M_S2,
    TEMPERATURE_SEA_LEVEL_K,
)
from opendome.world.us76_table import KNOTS

Floats = npt.NDArray[np.float64]
Pieces = list[tuple[float, float, float, float, float]]

ALTITUDE_MIN_M = -5000.0
ALTITUDE_UPPER_M = 86_000.0
ALTITUDE_MAX_M = 1_000_000.0

_HYDROSTATIC_K_M = STANDARD_GRAVITY_M_S2 * MOLAR_MASS_AIR_US76_KG_MOL / GAS_CONSTANT_US76_J_MOL_K
_GAS_J_KG_K = GAS_CONSTANT_US76_J_MOL_K / MOLAR_MASS_AIR_US76_KG_MOL

# Layers of table 4 of the standard: geopotential base [m], lapse rate [K/m]
_BASE_M = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_LAPSE_K_M = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])
# Table 8 of the standard: M/M0 every 0.5 km from 80 to 86 km
_MOLAR_RATIO = np.array(
    [1.0, 0.999996, 0.999989, 0.999971, 0.999941, 0.999909, 0.999870, 0.999829, 0.999786,
     0.999741, 0.999694, 0.999641, 0.999579]
)  # fmt: skip


def _layer_bases() -> tuple[Floats, Floats]:
    temperature = [TEMPERATURE_SEA_LEVEL_K]
    pressure = [PRESSURE_SEA_LEVEL_PA]
    for low, high, lapse in zip(_BASE_M[:-1], _BASE_M[1:], _LAPSE_K_M[:-1], strict=True):
        t0, p0 = temperature[-1], pressure[-1]
        t1 = t0 + lapse * (high - low)
        fall = (
            (t0 / t1) ** (_HYDROSTATIC_K_M / lapse)
            if lapse
            else math.exp(-_HYDROSTATIC_K_M * (high - low) / t0)
        )
        temperature.append(t1)
        pressure.append(p0 * fall)
    return np.array(temperature), np.array(pressure)


_BASE_K, _BASE_PA = _layer_bases()


@kernel
def geopotential_m(alt_m: float) -> float:
    """Geopotential height of a geometric height [m].

    alt_m : geometric height above sea level [m]     Returns [m].
    Model: H = r0 Z / (r0 + Z), r0 = 6356.766 km.
    Source: U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, equation 18.
    """
    return RADIUS_GEOPOTENTIAL_US76_M * alt_m / (RADIUS_GEOPOTENTIAL_US76_M + alt_m)


@kernel
def us76(alt_m: float) -> tuple[float, float, float, float]:
    """Temperature [K], pressure [Pa], density [kg/m3] and sound speed [m/s] of the air.

    alt_m : geometric height above sea level [m]
    Returns (temperature_k, pressure_pa, density_kg_m3, sound_speed_m_s).
    Model: hydrostatic layers in geopotential height up to 86 km; above, diffusive
    equilibrium, tabulated (tools/make_us76_table.py). Above 1000 km pressure and density are 0.
    Valid for: -5 km to 1000 km. A mean, middle-latitude atmosphere: real density differs by
    10 % below 60 km and by a factor of several above 300 km. The standard defines no sound
    speed above 86 km; there sqrt(gamma p / rho) is returned.
    Source: U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, sections 1.2 and 1.3.
    """
    if alt_m >= ALTITUDE_UPPER_M:
        return _upper(alt_m)
    height = geopotential_m(alt_m)
    layer = 0
    while layer < _BASE_M.shape[0] - 1 and height >= _BASE_M[layer + 1]:
        layer += 1
    rise = height - _BASE_M[layer]
    lapse = _LAPSE_K_M[layer]
    molecular = _BASE_K[layer] + lapse * rise
    if lapse == 0.0:
        fall = math.exp(-_HYDROSTATIC_K_M * rise / molecular)
    else:
        fall = (_BASE_K[layer] / molecular) ** (_HYDROSTATIC_K_M / lapse)
    pressure = _BASE_PA[layer] * fall
    return (
        molecular * _molar_ratio(alt_m),
        pressure,
        pressure / (_GAS_J_KG_K * molecular),
        math.sqrt(HEAT_CAPACITY_RATIO_AIR * _GAS_J_KG_K * molecular),
    )


@kernel
def _molar_ratio(alt_m: float) -> float:
    steps = (alt_m - 80e3) / 500.0
    if steps <= 0.0:
        return 1.0
    i = min(int(steps), _MOLAR_RATIO.shape[0] - 2)
    return _MOLAR_RATIO[i] + (steps - i) * (_MOLAR_RATIO[i + 1] - _MOLAR_RATIO[i])


@kernel
def _upper(alt_m: float) -> tuple[float, float, float, float]:
    z_m = min(alt_m, ALTITUDE_MAX_M)
    pressure = math.exp(_piece(z_m, _PRESSURE))
    density = math.exp(_piece(z_m, _DENSITY))
    sound = math.sqrt(HEAT_CAPACITY_RATIO_AIR * pressure / density)
    temperature = _upper_temperature_k(z_m * 1e-3)
    if alt_m > ALTITUDE_MAX_M:
        return temperature, 0.0, 0.0, sound
    return temperature, pressure, density, sound


@kernel
def _upper_temperature_k(z_km: float) -> float:
    """Equations 25 to 31 of the standard, geometric height in km."""
    if z_km < 91.0:
        return 186.8673
    if z_km < 110.0:
        arc = (z_km - 91.0) / 19.9429
        return 263.1905 - 76.3232 * math.sqrt(1.0 - arc * arc)
    if z_km < 120.0:
        return 240.0 + 12.0 * (z_km - 110.0)
    radius_km = RADIUS_GEOPOTENTIAL_US76_M * 1e-3
    height = (z_km - 120.0) * (radius_km + 120.0) / (radius_km + z_km)
    return 1000.0 - 640.0 * math.exp(-0.01875 * height)


@kernel
def density_us76(alt_m: float) -> float:
    """Density of the air [kg/m3], fast.

    alt_m : geometric height above sea level [m]     Returns [kg/m3].
    Model: cubic pieces of ln(rho), at most 1 km long below 120 km, which meet exactly at the
    layer boundaries of `us76`. Constant below -5 km, 0 above 1000 km.
    Valid for: -5 km to 1000 km, within 1e-6 of `us76`.
    Source: as `us76`.
    """
    if alt_m > ALTITUDE_MAX_M:
        return 0.0
    return math.exp(_piece(alt_m, _DENSITY))


@kernel
def _piece(alt_m: float, pieces: Floats) -> float:
    """Value of the cubic piece that holds alt_m; rows: start [m], c0, c1, c2, c3."""
    if math.isnan(alt_m):
        return math.nan
    z_m = max(alt_m, ALTITUDE_MIN_M)
    i = _FIRST_PIECE[int((z_m - ALTITUDE_MIN_M) * 1e-3)]
    while z_m >= pieces[i + 1, 0]:
        i += 1
    s = z_m - pieces[i, 0]
    return pieces[i, 1] + s * (pieces[i, 2] + s * (pieces[i, 3] + s * pieces[i, 4]))


def _cubic(
    start: float, end: float, v0: float, s0: float, v1: float, s1: float
) -> tuple[float, float, float, float, float]:
    length = end - start
    chord = (v1 - v0) / length
    return (
        start,
        v0,
        s0,
        (3.0 * chord - 2.0 * s0 - s1) / length,
        (s0 + s1 - 2.0 * chord) / length**2,
    )


def _lower_log_density(alt_m: float, layer: int) -> tuple[float, float]:
    """ln(rho) and its slope [1/m] by the formula of one layer (so one-sided at its ends)."""
    radius = RADIUS_GEOPOTENTIAL_US76_M
    rise = radius * alt_m / (radius + alt_m) - float(_BASE_M[layer])
    base, lapse = float(_BASE_K[layer]), float(_LAPSE_K_M[layer])
    molecular = base + lapse * rise
    if lapse:
        log_p = _HYDROSTATIC_K_M / lapse * math.log(base / molecular)
    else:
        log_p = -_HYDROSTATIC_K_M * rise / molecular
    value = math.log(float(_BASE_PA[layer]) / (_GAS_J_KG_K * molecular)) + log_p
    stretch = (radius / (radius + alt_m)) ** 2
    return value, -(_HYDROSTATIC_K_M + lapse) / molecular * stretch


def _lower_pieces() -> Pieces:
    radius = RADIUS_GEOPOTENTIAL_US76_M
    bounds = [ALTITUDE_MIN_M, *(radius * h / (radius - h) for h in _BASE_M[1:].tolist())]
    pieces: Pieces = []
    for layer, low in enumerate(bounds):
        high = bounds[layer + 1] if layer + 1 < len(bounds) else ALTITUDE_UPPER_M
        count = math.ceil((high - low) / 1000.0)
        knots = [low + (high - low) * k / count for k in range(count)] + [high]
        for start, end in pairwise(knots):
            v0, s0 = _lower_log_density(start, layer)
            v1, s1 = _lower_log_density(end, layer)
            pieces.append(_cubic(start, end, v0, s0, v1, s1))
    return pieces


def _upper_pieces(column: int) -> Pieces:
    return [
        _cubic(
            a[0] * 1e3, b[0] * 1e3, a[column], a[column + 1] * 1e-3, b[column], b[column + 1] * 1e-3
        )
        for a, b in pairwise(KNOTS)
        if b[0] > a[0]
    ]


def _with_end(pieces: Pieces) -> Floats:
    return np.array([*pieces, (math.inf, 0.0, 0.0, 0.0, 0.0)])


_DENSITY = _with_end(_lower_pieces() + _upper_pieces(3))
# same starts, so that one index serves both; the pressure is used above 86 km only
_PRESSURE = _with_end([(row[0], 0.0, 0.0, 0.0, 0.0) for row in _lower_pieces()] + _upper_pieces(1))
_FIRST_PIECE = (
    np.searchsorted(
        _DENSITY[:, 0], np.arange(ALTITUDE_MIN_M, ALTITUDE_MAX_M + 1.0, 1e3), side="right"
    )
    - 1
)
