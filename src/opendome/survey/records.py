"""What sensors make of an object at every cell and moment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.scenario.scenario import Scenario
from opendome.sources.catalogue import cite
from opendome.survey.forms import CoverageInput
from opendome.survey.grid import Grid
from opendome.survey.kernels import FIRE_CONTROL, SEEN, TRACKED
from opendome.survey.shares import (
    AssetShare,
    BandShare,
    Gap,
    asset_shares,
    band_shares,
    level_shares,
    place_shares,
    worst_gap,
)
from opendome.survey.target import Target
from opendome.survey.words import headline, notes

Floats = npt.NDArray[np.float64]
ALL = "all sensors"  # the view of all sensors as one, without any delay
LEVEL_WORDS = ("unseen", "seen", "tracked", "fire control")
LEVELS = {"seen": SEEN, "tracked": TRACKED, "fire control": FIRE_CONTROL}
ROUND_SIGMA_M = 1.0  # of the digest: far below what any use of the figure can tell


@dataclass(frozen=True, kw_only=True, eq=False)
class Coverage:
    """Coverage of cells over time by the sensors of a scenario.

    Tables are (view, cell, moment); a view is a deciding nation, and last all sensors as one.

    Attributes
    ----------
    scenario, future : which     target : what is looked at     grid : where and when
    inputs : of the question, each with its origin
    views : names     view : number of the one that is drawn and told first
    commit_sigma_m : largest position error with which a shot may be ordered
    approach_m : width of the belt around what is defended
    defended_distance_m : (cell,) to what is defended, negative inside
    assets : names of those with sensors     sites : where everything stands at the start
    level : 0 unseen, 1 seen, 2 tracked, 3 fit for fire control
    sensors : that see the object     sigma_m : position error at the end of the window
    confirm_s : from the start of the window until a track is known; NaN for none
    asset_shares : (view, asset, 4) share of area and time in which it sees, tracks alone, is
        the last that sees, is needed for a track
    """

    scenario: Scenario
    future: int
    target: Target
    grid: Grid
    inputs: Mapping[str, CoverageInput]
    views: tuple[str, ...]
    view: int
    commit_sigma_m: float
    approach_m: float
    defended_distance_m: Floats
    assets: tuple[str, ...]
    sites: Mapping[str, Any]
    level: npt.NDArray[np.uint8]
    sensors: npt.NDArray[np.uint16]
    sigma_m: npt.NDArray[np.float32]
    confirm_s: npt.NDArray[np.float32]
    asset_shares: Floats

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the grid and of every cell of the answer; position errors to the metre."""
        sigma = np.nan_to_num(np.round(self.sigma_m / ROUND_SIGMA_M), nan=-1.0, posinf=-1.0)
        total = hashlib.sha256(" ".join(self.views).encode())
        columns = (self.grid.lat_rad, self.grid.lon_rad, self.grid.t_s, self.level, self.sensors)
        for column in (*columns, sigma.astype(np.int64)):
            total.update(f"{column.dtype.str[1:]} {column.shape};".encode())
            total.update(np.ascontiguousarray(column, column.dtype.newbyteorder("<")).tobytes())
        return total.hexdigest()

    def shares(self, view: int | None = None) -> dict[str, float]:
        """Level -> share of area and time at that level or a higher one."""
        return level_shares(self.level[self._of(view)], self.grid.weight, LEVELS)

    def share_map(self, level: str, view: int | None = None) -> Floats:
        """Share of time at a level or a higher one: (cell,)."""
        return (self.level[self._of(view)] >= LEVELS[level]).mean(axis=1)

    def bands(self) -> tuple[BandShare, ...]:
        """Share of time by latitude."""
        return band_shares(self.level[self.view], self.grid, LEVELS)

    def gaps(self) -> dict[str, Gap]:
        """Level -> longest time in which a cell falls short of it."""
        table = self.level[self.view]
        return {name: worst_gap(table, level, self.grid) for name, level in LEVELS.items()}

    def places(self) -> dict[str, dict[str, float]]:
        """Shares over what is defended, and over the belt around it; empty parts are left out."""
        return place_shares(
            self.level[self.view],
            self.grid.weight,
            LEVELS,
            distance_m=self.defended_distance_m,
            belt_m=self.approach_m,
        )

    def carriers(self) -> tuple[AssetShare, ...]:
        """What each asset brings to the view, the one that is needed most first."""
        return asset_shares(self.assets, self.asset_shares[self.view])

    def _of(self, view: int | None) -> int:
        return self.view if view is None else view

    def sources(self) -> list[dict[str, Any]]:
        """Sources of the inputs of the question; those of the scenario are its own."""
        used = {s: name for name, one in self.inputs.items() if one.passport is not None
                for s in one.passport.sources}  # fmt: skip
        return [{"id": s.id, "title": s.title, "kind": s.kind, "url": s.url} for s in cite(used)]

    def to_dict(self) -> dict[str, Any]:
        """The document of `opendome coverage --json`."""
        grid = self.grid
        return {
            "scenario": self.scenario.name,
            "scenario_digest": self.scenario.digest,
            "future": self.future,
            "headline": headline(self),
            "target": self.target.to_dict(),
            "node": self.views[self.view],
            "grid": {
                "cells": grid.cells,
                "moments": grid.moments,
                "size_deg": float(np.degrees(grid.size_rad)),
                "region": grid.region,
                "step_s": grid.step_s,
                "dwell_s": grid.dwell_s,
            },
            "commit_sigma_m": self.commit_sigma_m,
            "shares": {name: self.shares(view) for view, name in enumerate(self.views)},
            "gaps": {name: gap.to_dict() for name, gap in self.gaps().items()},
            "latitude_bands": [band.to_dict() for band in self.bands()],
            "places": self.places(),
            "approach_m": self.approach_m,
            "confirm_s": self.confirm_quantiles(),
            "assets": [one.to_dict() for one in self.carriers()],
            "digest": self.digest,
            "inputs": {name: one.to_dict() for name, one in self.inputs.items()},
            "notes": list(notes(self)),
            "sources": self.sources(),
        }

    def confirm_quantiles(self) -> dict[str, float | None]:
        """Time until a track is known, over the windows that have one: median and nine in ten."""
        known = self.confirm_s[self.view][self.level[self.view] >= TRACKED]
        if known.size == 0:
            return {"p50": None, "p90": None}
        return {"p50": float(np.median(known)), "p90": float(np.quantile(known, 0.9))}

    def table(self) -> dict[str, Any]:
        """One row for each node, cell and moment: the columns of `coverage.parquet`."""
        views, cells, moments = self.level.shape
        grid = self.grid

        def by_cell(column: Floats) -> Floats:
            return np.tile(np.repeat(column, moments), views)

        return {
            "node": np.repeat(np.array(self.views), cells * moments),
            "t_s": np.tile(grid.t_s, views * cells),
            "lat_deg": by_cell(np.degrees(grid.lat_rad)),
            "lon_deg": by_cell(np.degrees(grid.lon_rad)),
            "level": self.level.ravel(),
            "sensors": self.sensors.ravel(),
            "sigma_m": self.sigma_m.ravel(),
            "confirm_s": self.confirm_s.ravel(),
        }

    def write_parquet(self, path: str | Path) -> Path:
        """Write `table` into a file."""
        import pyarrow as arrow
        from pyarrow import parquet

        columns = self.table()
        names = columns.pop("node")
        words, codes = np.unique(names, return_inverse=True)
        node = arrow.DictionaryArray.from_arrays(codes.astype(np.int32), words.tolist())
        table = arrow.table({"node": node, **columns})
        parquet.write_table(table, path, compression="zstd")
        return Path(path)

    def _repr_html_(self) -> str:
        """Headline and shares for notebooks."""
        rows = "".join(
            f"<tr><td>{escape(name)}</td>"
            + "".join(f"<td>{100.0 * share:.1f} %</td>" for share in self.shares(view).values())
            + "</tr>"
            for view, name in enumerate(self.views)
        )
        head = "".join(f"<th>{escape(name)}</th>" for name in ("", *LEVELS))
        items = "".join(f"<li>{escape(note)}</li>" for note in notes(self))
        return (
            f"<p>{escape(headline(self))}</p><table><tr>{head}</tr>{rows}</table><ul>{items}</ul>"
        )
