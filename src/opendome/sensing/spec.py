"""The sensor part of a scenario: what its forms share.

The forms themselves: `radar_spec`, `infrared_spec`, `orbit_spec`.
"""

import math
from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Angle,
    Bounds,
    Decibel,
    Duration,
    Length,
    Probability,
    Ratio,
)
from opendome.quantities.values import Interval, Value

Pick = Callable[[str, Value], float]

FULL_TURN = Interval(0.0, 2.0 * math.pi)

Latitude = Annotated[Angle, Bounds("-90 deg", "90 deg")]
Longitude = Annotated[Angle, Bounds("-180 deg", "360 deg")]
Turn = Annotated[Angle, Bounds("-360 deg", "360 deg")]
Inclination = Annotated[Angle, Bounds("0 deg", "180 deg")]
Reach = Annotated[Length, Bounds("1 km", "100000 km")]
OrbitAltitude = Annotated[Length, Bounds("120 km", "400000 km")]
Noise = Annotated[Angle, Bounds(high="10 deg", above="0 deg")]
FalseAlarm = Annotated[Probability, Bounds("1e-15", "0.1")]
Snr = Annotated[Decibel, Bounds("-30 dB", "100 dB")]
Availability = Annotated[Probability, Bounds("0", "1")]
KFactor = Annotated[Ratio, Bounds("0")]
KTime = Annotated[Duration, Bounds(above="0 s")]
LookInterval = Annotated[Duration, Bounds("10 ms", "1 h")]


class SensorPart(BaseModel):
    """A mapping of the sensor part: unknown keys refused, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def both_or_none(part: BaseModel, first: str, second: str) -> None:
    """Refuse one of two values that mean something only together."""
    given = [name for name in (first, second) if getattr(part, name) is not None]
    if len(given) == 1:
        other = second if given == [first] else first
        raise QuantityError(
            got=f"{given[0]} without {other}",
            allowed=f"{first} and {second} together, or neither",
            do=f"add {other}, or remove {given[0]}",
        )


def highest(value: Value) -> float:
    """Highest value it can take [SI]."""
    return value.high if isinstance(value, Interval) else value.middle


def lowest(value: Value) -> float:
    """Lowest value it can take [SI]."""
    return value.low if isinstance(value, Interval) else value.middle
