"""Shares, gaps and words, on tables small enough to count by hand."""

import numpy as np
import pytest

from opendome.survey.shares import (
    asset_shares,
    band_shares,
    level_shares,
    place_shares,
    worst_gap,
)
from opendome.survey.words import percent

from .scenes import grid_of

LEVELS = {"seen": 1, "tracked": 2}


def test_shares_by_hand():
    table = np.array([[0, 1], [2, 3]], np.uint8)
    weight = np.array([0.25, 0.75])
    assert level_shares(table, weight, LEVELS) == {"seen": 0.875, "tracked": 0.75}


def test_bands_and_gaps_by_hand():
    grid = grid_of(45.0, step_s=900.0)  # four rows of eight cells, four moments
    table = np.full((grid.cells, 4), 2, np.uint8)
    south = grid.lat_rad < -1.0
    table[south] = (0, 1, 0, 0)
    bands = band_shares(table, grid, LEVELS)
    assert [(b.south_deg, b.north_deg) for b in bands] == [(-90, -60), (-30, 0), (0, 30), (60, 90)]
    assert bands[0].shares == {"seen": 0.25, "tracked": 0.0}
    assert bands[-1].shares == {"seen": 1.0, "tracked": 1.0}
    seen, tracked = (worst_gap(table, level, grid) for level in (1, 2))
    assert (seen.longest_s, tracked.longest_s) == (1800.0, 3600.0)
    assert seen.lat_deg == -67.5
    assert tracked.p_never == pytest.approx(grid.weight[south].sum())
    assert seen.p_never == 0.0
    assert seen.p_always == pytest.approx(1.0 - grid.weight[south].sum())


def test_places_leave_out_what_has_no_cell():
    table = np.array([[1], [2], [0]], np.uint8)
    distance_m = np.array([-1.0, 5e4, 5e6])
    found = place_shares(table, np.full(3, 1 / 3), LEVELS, distance_m=distance_m, belt_m=1e5)
    assert found["defended"] == {"seen": 1.0, "tracked": 0.0}
    assert found["approaches"] == {"seen": 1.0, "tracked": 1.0}
    nothing = place_shares(
        table, np.full(3, 1 / 3), LEVELS, distance_m=np.full(3, np.inf), belt_m=1e5
    )
    assert nothing == {}


def test_the_asset_that_is_needed_most_comes_first():
    table = np.array([[0.9, 0.0, 0.1, 0.2], [0.5, 0.5, 0.0, 0.3], [0.0, 0.0, 0.0, 0.0]])
    assert [one.name for one in asset_shares(("a", "b", "c"), table)] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (1e-6, "< 0.1 %"), (0.5, "50.0 %"), (0.99999, "> 99.9 %"), (1.0, "100 %")],
)
def test_only_nothing_is_none_and_only_all_is_all(share, words):
    assert percent(share) == words
