"""Units of the edge: which dimension each belongs to and its factor to base SI.

The only table of units of the project. Inside, everything is base SI and radians.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

_DEG = math.pi / 180.0
_MIN, _H, _DAY, _YEAR = 60.0, 3600.0, 86400.0, 365.25 * 86400.0
_G = 9.80665
_WHOLE = 1e-12  # relative distance from a whole number that is rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Dimension:
    """A kind of quantity.

    name : word used in messages, with its article
    units : unit text -> factor to SI
    edge : units used for output, from small to large
    in_whole : those of them used only for whole numbers: "2 h", but never "1.5 h"
    low, high : values outside are refused as absurd [SI]
    bare : whether a number without unit is accepted
    whole : whether only whole numbers are accepted
    record : whether a test record ("12 of 21") is accepted
    example : a text that is accepted
    """

    name: str
    units: Mapping[str, float]
    edge: tuple[str, ...]
    example: str
    in_whole: tuple[str, ...] = ()
    low: float = field(default=-math.inf)
    high: float = field(default=math.inf)
    bare: bool = False
    whole: bool = False
    record: bool = False


LENGTH = Dimension(
    name="a length",
    units={
        "um": 1e-6,
        "mm": 1e-3,
        "cm": 1e-2,
        "m": 1.0,
        "km": 1e3,
        "ft": 0.3048,
        "nmi": 1852.0,
        "mi": 1609.344,
    },
    edge=("mm", "m", "km"),
    example="1500 km",
    low=-1e12,
    high=1e12,
)
DURATION = Dimension(
    name="a duration",
    units={
        "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": _MIN, "h": _H, "day": _DAY, "days": _DAY,
        "month": _YEAR / 12.0, "months": _YEAR / 12.0, "year": _YEAR, "years": _YEAR,
    },
    edge=("ms", "s", "min", "h", "day", "year"),
    in_whole=("min", "h", "day", "year"),
    example="30 s",
    low=0.0,
    high=1000.0 * _YEAR,
)  # fmt: skip
ANGLE = Dimension(
    name="an angle",
    units={
        "rad": 1.0, "mrad": 1e-3, "urad": 1e-6, "deg": _DEG,
        "arcmin": _DEG / 60.0, "arcsec": _DEG / 3600.0,
    },
    edge=("urad", "mrad", "deg"),
    example="45 deg",
    low=-4.0 * math.pi,
    high=4.0 * math.pi,
)  # fmt: skip
SPEED = Dimension(
    name="a speed",
    units={"m/s": 1.0, "km/s": 1e3, "km/h": 1.0 / 3.6, "ft/s": 0.3048},
    edge=("m/s", "km/s"),
    example="7.2 km/s",
    low=0.0,
    high=299792458.0,
)
ACCELERATION = Dimension(
    name="an acceleration",
    units={"m/s2": 1.0, "g": _G},
    edge=("m/s2",),
    example="10 g",
    low=0.0,
    high=1e6,
)
ANGULAR_SPEED = Dimension(
    name="an angular speed",
    units={"rad/s": 1.0, "deg/s": _DEG, "deg/h": _DEG / _H, "rpm": 2.0 * math.pi / _MIN},
    edge=("rad/s",),
    example="3 deg/s",
)
MASS = Dimension(
    name="a mass",
    units={"kg": 1.0, "t": 1e3},
    edge=("kg",),
    example="850 kg",
    low=0.0,
    high=1e30,
)
AREA = Dimension(
    name="an area",
    units={"cm2": 1e-4, "m2": 1.0, "km2": 1e6, "ft2": 0.3048**2},
    edge=("m2", "km2"),
    example="0.05 m2",
    low=0.0,
    high=1e15,
)
BALLISTIC_COEFFICIENT = Dimension(
    name="a ballistic coefficient",
    units={"kg/m2": 1.0, "t/m2": 1e3},
    edge=("kg/m2",),
    example="8000 kg/m2",
    low=0.0,
    high=1e9,
)
INTENSITY = Dimension(
    name="a radiant intensity",
    units={"mW/sr": 1e-3, "W/sr": 1.0, "kW/sr": 1e3, "MW/sr": 1e6},
    edge=("W/sr", "kW/sr", "MW/sr"),
    example="500 kW/sr",
    low=0.0,
    high=1e15,
)
FREQUENCY = Dimension(
    name="a frequency",
    units={"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9, "THz": 1e12},
    edge=("Hz", "MHz", "GHz"),
    example="9.5 GHz",
    low=0.0,
    high=1e21,
)
RATE = Dimension(
    name="a rate",
    units={
        "1/s": 1.0, "1/min": 1.0 / _MIN, "1/h": 1.0 / _H, "1/day": 1.0 / _DAY,
        "1/month": 12.0 / _YEAR, "1/year": 1.0 / _YEAR,
    },
    edge=("1/s",),
    example="100 1/s",
    low=0.0,
    high=1e15,
)  # fmt: skip
MASS_RATE = Dimension(
    name="a mass per time",
    units={"kg/s": 1.0, "kg/year": 1.0 / _YEAR, "t/year": 1e3 / _YEAR},
    edge=("t/year",),
    example="2000 t/year",
    low=0.0,
    high=1e15,
)
POWER = Dimension(
    name="a power",
    units={"mW": 1e-3, "W": 1.0, "kW": 1e3, "MW": 1e6, "GW": 1e9},
    edge=("W", "kW", "MW"),
    example="580 kW",
    low=0.0,
    high=1e15,
)
TEMPERATURE = Dimension(
    name="a temperature",
    units={"K": 1.0},
    edge=("K",),
    example="300 K",
    low=0.0,
    high=1e9,
)
DENSITY = Dimension(
    name="a density",
    units={"kg/m3": 1.0},
    edge=("kg/m3",),
    example="1.225 kg/m3",
    low=0.0,
)
PRESSURE = Dimension(
    name="a pressure",
    units={"Pa": 1.0, "hPa": 1e2, "kPa": 1e3},
    edge=("Pa", "kPa"),
    example="101325 Pa",
    low=0.0,
)
TEMPERATURE_GRADIENT = Dimension(
    name="a temperature gradient",
    units={"K/m": 1.0, "K/km": 1e-3},
    edge=("K/km", "K/m"),
    example="-6.5 K/km",
)
SPECIFIC_GAS_CONSTANT = Dimension(
    name="a specific gas constant",
    units={"J/(kg K)": 1.0},
    edge=("J/(kg K)",),
    example="287.053 J/(kg K)",
    low=0.0,
)
GRAVITATIONAL_PARAMETER = Dimension(
    name="a gravitational parameter",
    units={"m3/s2": 1.0, "km3/s2": 1e9},
    edge=("m3/s2",),
    example="398600.4418 km3/s2",
    low=0.0,
)
ACCELERATION_DENSITY = Dimension(
    name="an acceleration noise density",
    units={"m2/s3": 1.0},
    edge=("m2/s3",),
    example="25 m2/s3",
    low=0.0,
    high=1e9,
)
DECIBEL = Dimension(
    name="a level in decibels",
    units={"dB": 1.0},
    edge=("dB",),
    example="20 dB",
    low=-1000.0,
    high=1000.0,
)
PROBABILITY = Dimension(
    name="a probability",
    units={"": 1.0, "%": 0.01},
    edge=("",),
    example="0.8",
    low=0.0,
    high=1.0,
    bare=True,
    record=True,
)
RATIO = Dimension(
    name="a plain number",
    units={"": 1.0, "%": 0.01},
    edge=("",),
    example="1.5",
    low=-1e18,
    high=1e18,
    bare=True,
)
COUNT = Dimension(
    name="a whole number",
    units={"": 1.0},
    edge=("",),
    example="44",
    low=0.0,
    high=1e12,
    bare=True,
    whole=True,
)

DIMENSIONS: tuple[Dimension, ...] = (
    LENGTH, DURATION, ANGLE, SPEED, ACCELERATION, ANGULAR_SPEED, MASS, AREA,
    BALLISTIC_COEFFICIENT, INTENSITY, FREQUENCY, RATE, MASS_RATE, POWER, TEMPERATURE, DENSITY,
    PRESSURE, TEMPERATURE_GRADIENT, SPECIFIC_GAS_CONSTANT, GRAVITATIONAL_PARAMETER,
    ACCELERATION_DENSITY,
    DECIBEL, PROBABILITY, RATIO, COUNT,
)  # fmt: skip


def dimensions_of(unit: str) -> tuple[Dimension, ...]:
    """All dimensions that know a unit."""
    return tuple(dimension for dimension in DIMENSIONS if unit in dimension.units)


def factor_of(unit: str) -> float:
    """Factor from a unit to base SI; the first dimension that knows the unit decides."""
    return dimensions_of(unit)[0].units[unit]


def to_si(number: float, factor: float) -> float:
    """`number` times `factor`; a part such as 1/1000 is divided by, so that 10 urad is 1e-5."""
    parts = 1.0 / factor
    if parts > 1.0 and abs(parts - round(parts)) < _WHOLE * parts:
        return number / round(parts)
    return number * factor
