"""Cells of the globe or of an area, and the moments at which they are looked at."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.scenario import places
from opendome.scenario.problems import Problem
from opendome.survey.forms import CoverageError, problem

Floats = npt.NDArray[np.float64]
FULL_TURN = 2.0 * math.pi
CELLS_MAX = 4_000_000  # places that are tried for a region
WINDOWS_MAX = 20_000_000  # cells times moments
SCANS_MAX = 60_000_000_000  # cells times moments times scans of all sensors in a dwell
DUST = 1e-9


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Cells by the place of their middle, and moments.

    Attributes
    ----------
    size_rad : height and width of a cell     region : name of the area, None for the globe
    lat_rad, lon_rad : (cell,) middle of each cell, geodetic
    weight : (cell,) share of the area of all cells together
    t_s : (moment,) start of each window [s after epoch]
    step_s, dwell_s : between moments; length of a window
    """

    size_rad: float
    region: str | None
    lat_rad: Floats
    lon_rad: Floats
    weight: Floats
    t_s: Floats
    step_s: float
    dwell_s: float

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int(self.lat_rad.size)

    @property
    def moments(self) -> int:
        """Number of moments."""
        return int(self.t_s.size)


def lay_grid(
    *, size_rad: float, region: str | None, duration_s: float, step_s: float, dwell_s: float
) -> Grid:
    """Cells of equal height and width in latitude and longitude, and moments `step_s` apart.

    size_rad : asked for; made a whole part of half a turn, at most as large as asked
    region : a named area; cells whose middle lies inside are taken
    Refuses a grid too large to be played, before anything is made.
    """
    rows = math.ceil(math.pi / size_rad - DUST)
    moments = 1 + math.floor(duration_s / step_s - DUST)
    fewest = 2 * rows * rows
    if region is None:
        refuse_windows(fewest, moments)
    elif fewest > CELLS_MAX:
        raise CoverageError([_too_fine(f"{fewest:,} cells on the globe", CELLS_MAX, "cells")])
    size = math.pi / rows
    middles = (np.arange(2 * rows, dtype=np.float64) + 0.5) * size
    lat = np.repeat(middles[:rows] - 0.5 * math.pi, 2 * rows)
    lon = np.tile(middles - math.pi, rows)
    if region is not None:
        inside = places.area(region).contains(lat, lon)
        if not inside.any():
            do = f"a finer --grid than {math.degrees(size):.3g} deg"
            got = f"{region}, in which no cell has its middle"
            raise CoverageError([problem("region", got, "an area of at least one cell", do)])
        lat, lon = lat[inside], lon[inside]
        refuse_windows(lat.size, moments)
    area = np.cos(lat)
    return Grid(
        size_rad=size,
        region=region,
        lat_rad=lat,
        lon_rad=lon,
        weight=area / area.sum(),
        t_s=np.arange(moments, dtype=np.float64) * step_s,
        step_s=step_s,
        dwell_s=dwell_s,
    )


def refuse_windows(cells: int, moments: int) -> None:
    """Refuse more cells and moments than memory holds."""
    if cells * moments > WINDOWS_MAX:
        got = f"{cells:,} cells at {moments:,} moments"
        raise CoverageError([_too_fine(got, WINDOWS_MAX, "in all")])


def refuse_scans(grid: Grid, scans_per_window: float) -> None:
    """Refuse more work than a day of a computer."""
    scans = grid.cells * grid.moments * scans_per_window
    if scans > SCANS_MAX:
        got = f"{grid.cells:,} cells at {grid.moments:,} moments, {scans:,.0f} scans"
        raise CoverageError([_too_fine(got, SCANS_MAX, "scans of all sensors")])


def _too_fine(got: str, most: int, of_what: str) -> Problem:
    do = "a coarser --grid, a longer --step, fewer --hours or a --region"
    return problem("grid", got, f"at most {most:,} {of_what}", do)
