"""The US Standard Atmosphere 1976, from 5 km below sea level to 1000 km."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
Integers = npt.NDArray[np.int64]
LogDensity = Callable[[float], tuple[float, float, float]]
Stretch = tuple[float, float, float, LogDensity]

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
    i = np.searchsorted(_KNOT_M, z_m, side="right") - 1
    s = z_m - _KNOT_M[i]
    p, d = _LOG_PRESSURE[i], _LOG_DENSITY[i]
    pressure = math.exp(p[0] + s * (p[1] + s * (p[2] + s * p[3])))
    density = math.exp(d[0] + s * (d[1] + s * (d[2] + s * d[3])))
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


@dataclass(frozen=True, kw_only=True)
class Air:
    """Density of an atmosphere as a table that kernels read.

    pieces : (n + 1, 7) pieces of the density: start [m], then six coefficients of a
        polynomial in the height above the start; the last row starts at infinity. The first
        starts at -5 km; density is constant below and 0 above 1000 km
    first_piece : index of the piece that holds the lower end of each kilometre from -5 km up
    breaks_m : heights at which density or its slope jumps [m]; integrators step onto them
    """

    pieces: Floats
    first_piece: Integers
    breaks_m: Floats

    def __post_init__(self) -> None:
        for array in (self.pieces, self.first_piece, self.breaks_m):
            array.setflags(write=False)


@kernel
def density_of(alt_m: float, pieces: Floats, first_piece: Integers) -> float:
    """Density of a tabulated air [kg/m3]; see `Air`.

    alt_m : geometric height [m]     pieces, first_piece : the table     Returns [kg/m3].
    """
    if alt_m > ALTITUDE_MAX_M:
        return 0.0
    if math.isnan(alt_m):
        return math.nan
    z_m = max(alt_m, ALTITUDE_MIN_M)
    i = first_piece[int((z_m - ALTITUDE_MIN_M) * 1e-3)]
    while z_m >= pieces[i + 1, 0]:
        i += 1
    s = z_m - pieces[i, 0]
    low = pieces[i, 1] + s * pieces[i, 2]
    middle = pieces[i, 3] + s * pieces[i, 4]
    high = pieces[i, 5] + s * pieces[i, 6]
    s2 = s * s
    return low + s2 * (middle + s2 * high)


@kernel
def density_us76(alt_m: float) -> float:
    """Density of the air [kg/m3], fast.

    alt_m : geometric height above sea level [m]     Returns [kg/m3].
    Model: polynomial pieces of fifth degree, at most 1 km long below 150 km, which meet at the
    layer boundaries of `us76` and share its first two derivatives elsewhere. Constant below
    -5 km, 0 above 1000 km.
    Valid for: -5 km to 1000 km, within 1e-5 of `us76` (1e-8 below 86 km).
    Source: as `us76`.
    """
    return density_of(alt_m, _US76_PIECES, _US76_FIRST_PIECE)


def air_from_stretches(stretches: Sequence[Stretch], *, breaks_m: Sequence[float] = ()) -> Air:
    """Tabulate an air given as stretches of height with a smooth logarithm of density.

    stretches : (lower end [m], upper end [m], longest piece [m], g) with g(height) -> ln(rho)
        and its first and second derivative; from -5 km to 1000 km without gaps
    breaks_m : ends of stretches at which the density or its slope jumps [m]
    Returns the table.
    """
    rows: list[tuple[float, ...]] = []
    for low, high, piece_m, log_density in stretches:
        count = math.ceil((high - low) / piece_m - 1e-9)
        ends = [low + (high - low) * k / count for k in range(count)] + [high]
        rows += [_quintic(start, end, log_density) for start, end in pairwise(ends)]
    pieces = np.array([*rows, (math.inf, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)])
    bins = np.arange(ALTITUDE_MIN_M, ALTITUDE_MAX_M + 1.0, 1e3)
    first_piece = np.searchsorted(pieces[:, 0], bins, side="right") - 1
    return Air(
        pieces=pieces,
        first_piece=first_piece.astype(np.int64),
        breaks_m=np.array(breaks_m),
    )


def exponential_air(*, density_sea_level_kg_m3: float, scale_height_m: float) -> Air:
    """Air whose density falls exponentially with height.

    density_sea_level_kg_m3 : density at height 0 [kg/m3]     scale_height_m : [m]
    Returns the table.   Model: rho = rho0 exp(-h / H) from -5 km to 1000 km.
    Source: J. Allen, A. Eggers, NACA Report 1381, 1958.
    """
    at_zero, slope = math.log(density_sea_level_kg_m3), -1.0 / scale_height_m
    return air_from_stretches(
        [
            (
                ALTITUDE_MIN_M,
                ALTITUDE_MAX_M,
                0.15 * scale_height_m,
                lambda z: (at_zero + slope * z, slope, 0.0),
            )
        ]
    )


def _quintic(start: float, end: float, log_density: LogDensity) -> tuple[float, ...]:
    """Piece of fifth degree with the density and two derivatives of both ends."""
    h = end - start
    (v0, s0, c0), (v1, s1, c1) = (
        (math.exp(g), math.exp(g) * d, math.exp(g) * (dd + d * d))
        for g, d, dd in (log_density(start), log_density(end))
    )
    # what the value, slope and curvature at the end exceed those of the start's parabola by
    v = v1 - v0 - h * (s0 + 0.5 * h * c0)
    s = h * (s1 - s0 - h * c0)
    c = h * h * (c1 - c0)
    return (
        start,
        v0,
        s0,
        0.5 * c0,
        (10.0 * v - 4.0 * s + 0.5 * c) / h**3,
        (-15.0 * v + 7.0 * s - c) / h**4,
        (6.0 * v - 3.0 * s + 0.5 * c) / h**5,
    )


def _cubics(column: int) -> Floats:
    """Cubic pieces between the knots of the table; column 1 is ln p, column 3 ln rho."""
    rows: list[tuple[float, float, float, float]] = []
    for a, b in _KNOT_PAIRS:
        h = (b[0] - a[0]) * 1e3
        v0, s0, v1, s1 = a[column], a[column + 1] * 1e-3, b[column], b[column + 1] * 1e-3
        chord = (v1 - v0) / h
        rows.append((v0, s0, (3.0 * chord - 2.0 * s0 - s1) / h, (s0 + s1 - 2.0 * chord) / h**2))
    return np.array(rows)


_KNOT_PAIRS = [(a, b) for a, b in pairwise(KNOTS) if b[0] > a[0]]
_KNOT_M = np.array([a[0] * 1e3 for a, _ in _KNOT_PAIRS])
_LOG_PRESSURE = _cubics(1)
_LOG_DENSITY = _cubics(3)


def _lower_stretch(layer: int, radius: float) -> Stretch:
    """A layer of `us76` below 86 km, with its formula; `radius` is that of the geopotential."""
    base_m, base_k = float(_BASE_M[layer]), float(_BASE_K[layer])
    lapse, base_pa = float(_LAPSE_K_M[layer]), float(_BASE_PA[layer])
    ends = [ALTITUDE_MIN_M, *(radius * h / (radius - h) for h in _BASE_M[1:].tolist())]

    def log_density(z_m: float) -> tuple[float, float, float]:
        rise = radius * z_m / (radius + z_m) - base_m
        t = base_k + lapse * rise
        fall = math.log(base_k / t) / lapse if lapse else -rise / t
        value = math.log(base_pa / (_GAS_J_KG_K * t)) + _HYDROSTATIC_K_M * fall
        stretch = (radius / (radius + z_m)) ** 2
        slope = -(_HYDROSTATIC_K_M + lapse) / t * stretch
        return value, slope, -slope * (lapse / t * stretch + 2.0 / (radius + z_m))

    return ends[layer], [*ends, ALTITUDE_UPPER_M][layer + 1], 1000.0, log_density


def _upper_stretch(low_m: float, high_m: float) -> Stretch:
    """A stretch between two breaks above 86 km, from the cubic pieces of ln(rho)."""
    first = int(np.searchsorted(_KNOT_M, low_m))
    last = int(np.searchsorted(_KNOT_M, high_m)) - 1

    def log_density(z_m: float) -> tuple[float, float, float]:
        i = min(max(int(np.searchsorted(_KNOT_M, z_m, side="right")) - 1, first), last)
        c0, c1, c2, c3 = _LOG_DENSITY[i].tolist()
        s = z_m - float(_KNOT_M[i])
        return (
            c0 + s * (c1 + s * (c2 + s * c3)),
            c1 + s * (2.0 * c2 + 3.0 * s * c3),
            2.0 * c2 + 6.0 * s * c3,
        )

    return low_m, high_m, float(_KNOT_M[first + 1] - _KNOT_M[first]), log_density


_UPPER_ENDS_M = (ALTITUDE_UPPER_M, 100e3, 110e3, 120e3, 150e3, ALTITUDE_MAX_M)


def us76_air(*, geopotential_radius_m: float = RADIUS_GEOPOTENTIAL_US76_M) -> Air:
    """Tabulate the density of `us76`.

    geopotential_radius_m : radius that turns geometric into geopotential height [m]; another
        value is a mistake, which the verification suite makes on purpose
    Returns the table; its pieces meet where the layers do.
    """
    lower = [_lower_stretch(i, geopotential_radius_m) for i in range(_BASE_M.shape[0])]
    upper = [_upper_stretch(low, high) for low, high in pairwise(_UPPER_ENDS_M)]
    # and where the slope of temperature, or its curvature, jumps
    breaks = [*(high for _, high, _, _ in lower), 91e3, 100e3, 110e3, 120e3]
    return air_from_stretches([*lower, *upper], breaks_m=breaks)


AIR_US76 = us76_air()
_US76_PIECES = AIR_US76.pieces
_US76_FIRST_PIECE = AIR_US76.first_piece
