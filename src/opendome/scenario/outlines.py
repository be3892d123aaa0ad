"""Outlines drawn by hand: what makes a list of corners an area on the ground."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import QuantityError
from opendome.quantities.values import Interval, TestRecord, Value
from opendome.scenario.geography import TURN, wrap

Floats = npt.NDArray[np.float64]
CORNERS_MIN = 3
CORNERS_MAX = 1000
ROUNDING = 1e-12  # of an angle that was written in degrees


def check_outline(corners: Sequence[tuple[Value, Value]]) -> None:
    """Refuse corners that enclose nothing, or of which nobody can say what they enclose."""
    if any(isinstance(angle, Interval | TestRecord) for corner in corners for angle in corner):
        raise _refusal("a corner that is uncertain", "corners known exactly", "give one number")
    lat, lon = _unrolled(corners)
    steps = np.diff(lon)
    if np.any(np.abs(steps) >= math.pi * (1.0 - ROUNDING)):
        got = "a side over half of the globe or more"
        raise _refusal(got, "sides shorter than 180 deg in longitude", "add corners between")
    if abs(lon[-1] - lon[0]) > 0.5 * TURN:
        got, do = "an outline that goes once around a pole", "leave the pole out"
        raise _refusal(got, "an outline beside the poles", do)
    crossing = _crossing(lat, lon)
    if crossing is not None:
        got = f"an outline whose sides {crossing[0]} and {crossing[1]} meet"
        do = "order the corners around the area, and give none twice"
        raise _refusal(got, "sides that meet only at their common corner", do)


def _refusal(got: str, allowed: str, do: str) -> QuantityError:
    return QuantityError(got=got, allowed=allowed, do=do, where="polygon")


def _unrolled(corners: Sequence[tuple[Value, Value]]) -> tuple[Floats, Floats]:
    """Latitude and longitude of a closed outline, running on across the date line [rad]."""
    angles = np.array([(lat.middle, lon.middle) for lat, lon in corners])
    if np.allclose(angles[0], angles[-1], rtol=0.0, atol=0.0):
        angles = angles[:-1]
    angles = np.concatenate([angles, angles[:1]])
    steps = wrap(np.diff(angles[:, 1]))
    return angles[:, 0], angles[0, 1] + np.concatenate([[0.0], np.cumsum(steps)])


def _crossing(lat: Floats, lon: Floats) -> tuple[int, int] | None:
    """First two sides, counted from 1, that meet elsewhere than at a common corner."""
    sides = len(lat) - 1
    if sides < CORNERS_MIN:
        return 1, sides
    points = np.stack([lon, lat], axis=1)
    for k in range(sides):
        others = np.arange(k + 1, sides)
        apart = (others - k > 1) & (others - k < sides - 1)
        met = apart & _meet(points[k], points[k + 1], points[others], points[others + 1])
        folded = ~apart & _folded(points[k], points[k + 1], points[others], points[others + 1])
        hits = np.flatnonzero(met | folded)
        if hits.size:
            return k + 1, int(others[hits[0]]) + 1
    return None


def _side(a: Floats, b: Floats, c: Floats) -> Floats:
    """On which side of the line from a to b a point c lies, by sign; 0 on it."""
    along, across = b - a, c - a
    turn = along[..., 0] * across[..., 1] - along[..., 1] * across[..., 0]
    size = np.hypot(along[..., 0], along[..., 1]) * np.hypot(across[..., 0], across[..., 1])
    return np.where(np.abs(turn) <= ROUNDING * size, 0.0, np.sign(turn))


def _between(a: Floats, b: Floats, c: Floats) -> npt.NDArray[np.bool_]:
    """Whether a point c on the line from a to b lies in the box of both."""
    return np.all((np.minimum(a, b) <= c) & (c <= np.maximum(a, b)), axis=-1)


def _meet(a: Floats, b: Floats, c: Floats, d: Floats) -> npt.NDArray[np.bool_]:
    """Whether the side from a to b meets each side from c to d."""
    c_side, d_side, a_side, b_side = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    through = (c_side * d_side < 0) & (a_side * b_side < 0)
    touch = (c_side == 0) & _between(a, b, c) | (d_side == 0) & _between(a, b, d)
    return through | touch | (a_side == 0) & _between(c, d, a) | (b_side == 0) & _between(c, d, b)


def _folded(a: Floats, b: Floats, c: Floats, d: Floats) -> npt.NDArray[np.bool_]:
    """Whether neighbouring sides lie on each other, or one of them is a point."""
    empty = np.all(c == d, axis=-1) | np.all(a == b)
    along = (_side(a, b, c) == 0) & (_side(a, b, d) == 0)
    back = np.sum((b - a) * (d - c), axis=-1) < 0
    return empty | along & back
