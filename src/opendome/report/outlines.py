"""Land and borders under every map, in an equirectangular projection."""

from functools import cache

import numpy as np
import numpy.typing as npt

from opendome.report.drawing import Sketch
from opendome.report.palette import LAND, PAPER, RULE
from opendome.scenario.places import countries, outlines

Floats = npt.NDArray[np.float64]
PARALLELS_DEG = (-60.0, -30.0, 0.0, 30.0, 60.0)
TURNS_DEG = (-720.0, -360.0, 0.0, 360.0, 720.0)
SEA, GROUND, BORDERS = 0.5, 0.6, 0.7  # order of drawing


def near(lon_deg: Floats, centre: float) -> Floats:
    """Longitude within half a turn of the centre [deg]."""
    return centre + (np.asarray(lon_deg) - centre + 180.0) % 360.0 - 180.0


@cache
def _land() -> tuple[tuple[Floats, bool], ...]:
    """Outlines of all countries, (corner, (lon, lat)) [deg], running on across the date line.

    True with an outline that goes once around a pole.
    """
    found: list[tuple[Floats, bool]] = []
    for corners in (outline for code in countries() for outline in outlines(code)):
        lat, lon = np.asarray(corners, np.float64).T
        lon = np.degrees(np.unwrap(np.radians(lon)))
        found.append((np.stack([lon, lat], 1), abs(lon[-1] - lon[0]) > 180.0))
    return tuple(found)


def _closed(line: Floats, *, polar: bool) -> Floats:
    """Corners of the area within an outline; one around a pole is closed through the pole."""
    if not polar:
        return line
    pole = 90.0 if line[:, 1].mean() > 0.0 else -90.0
    return np.concatenate([line, [[line[-1, 0], pole], [line[0, 0], pole], line[0]]])


def _placed(centre: float) -> list[tuple[Floats, bool]]:
    """Outlines as often as they show within half a turn of the centre."""
    moved = (
        (outline + np.array([shift, 0.0]), polar)
        for outline, polar in _land()
        for shift in TURNS_DEG
    )
    west, east = centre - 180.0, centre + 180.0
    return [(line, polar) for line, polar in moved
            if line[:, 0].max() > west and line[:, 0].min() < east]  # fmt: skip


def draw_ground(sketch: Sketch, centre: float) -> None:
    """Land, with thin borders, and a few parallels on the sea."""
    for lat in PARALLELS_DEG:
        ends = (centre - 180.0, centre + 180.0)
        sketch.line(ends, (lat, lat), colour=RULE, width=0.4, level=SEA)
    for line, polar in _placed(centre):
        sketch.area(_closed(line, polar=polar), colour=LAND, level=GROUND)
        sketch.line(*line.T, colour=PAPER, width=0.4, level=BORDERS)


def draw_coasts(sketch: Sketch, centre: float, *, colour: str, width: float, level: float) -> None:
    """Outlines alone, to lie over a map that is filled."""
    for line, _ in _placed(centre):
        sketch.line(*line.T, colour=colour, width=width, level=level)
