"""Parts of area and time at each level: in all, by latitude, by place, and by who brings them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.sensing.area_coverage import fill_gaps
from opendome.survey.grid import Grid

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]
BAND_RAD = math.pi / 6.0  # 30 deg


@dataclass(frozen=True, kw_only=True)
class BandShare:
    """A band of latitudes [deg] and its shares of area and time by level."""

    south_deg: float
    north_deg: float
    shares: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The longest time a cell falls short of a level.

    longest_s : known to one step; the whole time when `never`     lat_deg, lon_deg : of the cell
    p_always : share of the area that is never short of it
    p_never : share of the area that never has it
    """

    longest_s: float
    lat_deg: float
    lon_deg: float
    p_always: float
    p_never: float

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return {
            "longest_s": self.longest_s,
            "lat_deg": self.lat_deg,
            "lon_deg": self.lon_deg,
            "share_of_area_always": self.p_always,
            "share_of_area_never": self.p_never,
        }


@dataclass(frozen=True, kw_only=True)
class AssetShare:
    """What an asset brings: shares of area and time.

    sees : with the object in sight     tracks_alone : with a track by its own sensors
    seen_lost, track_lost : without it nobody would see, or there would be no track
    """

    name: str
    sees: float
    tracks_alone: float
    seen_lost: float
    track_lost: float

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return asdict(self)


def level_shares(table: Levels, weight: Floats, levels: Mapping[str, int]) -> dict[str, float]:
    """Share of area and time at a level or a higher one.

    table : (cell, moment)     weight : (cell,)
    """
    return {
        name: float(np.average((table >= level).mean(axis=1), weights=weight))
        for name, level in levels.items()
    }


def band_shares(table: Levels, grid: Grid, levels: Mapping[str, int]) -> tuple[BandShare, ...]:
    """Shares by bands of latitude, from south to north; bands without cells are left out."""
    found: list[BandShare] = []
    band = np.floor(grid.lat_rad / BAND_RAD).astype(np.int64)
    for number in np.unique(band):
        inside = band == number
        found.append(
            BandShare(
                south_deg=round(math.degrees(number * BAND_RAD)),
                north_deg=round(math.degrees((number + 1) * BAND_RAD)),
                shares=level_shares(table[inside], grid.weight[inside], levels),
            )
        )
    return tuple(found)


def worst_gap(table: Levels, level: int, grid: Grid) -> Gap:
    """The longest gap of all cells; of equal ones that of the cell with the least time at it."""
    gaps = np.empty((grid.cells, 4), np.int64)
    fill_gaps(np.ascontiguousarray(table, np.int64), level, gaps)
    worst = int(np.lexsort((-gaps[:, 0], -gaps[:, 1]))[0])
    return Gap(
        longest_s=float(gaps[worst, 1]) * grid.step_s,
        lat_deg=float(np.degrees(grid.lat_rad[worst])),
        lon_deg=float(np.degrees(grid.lon_rad[worst])),
        p_always=float(grid.weight[gaps[:, 0] == 0].sum()),
        p_never=float(grid.weight[gaps[:, 0] == grid.moments].sum()),
    )


def place_shares(
    table: Levels,
    weight: Floats,
    levels: Mapping[str, int],
    *,
    distance_m: Floats,
    belt_m: float,
) -> dict[str, dict[str, float]]:
    """Shares over what is defended and over the belt around it; parts without cells are left out.

    distance_m : (cell,) to what is defended, negative inside
    """
    parts = {
        "defended": distance_m <= 0.0,
        "approaches": (distance_m > 0.0) & (distance_m <= belt_m),
    }
    return {
        name: level_shares(table[inside], weight[inside], levels)
        for name, inside in parts.items()
        if inside.any()
    }


def asset_shares(names: tuple[str, ...], table: Floats) -> tuple[AssetShare, ...]:
    """What each asset brings, the one without which most is lost first.

    table : (asset, 4) sees, tracks alone, is the last that sees, is needed for a track
    """
    rows = [
        AssetShare(name=name, sees=row[0], tracks_alone=row[1], seen_lost=row[2], track_lost=row[3])
        for name, row in zip(names, table.tolist(), strict=True)
    ]
    return tuple(sorted(rows, key=lambda one: (-one.track_lost, -one.seen_lost, -one.sees)))
