"""The board of a future: what becomes known in which order, and what can be reached."""

from dataclasses import replace

import numpy as np
import pytest

import opendome
from opendome.engagement.board import _arrivals
from opendome.engagement.geometry import lay_out
from opendome.intercept.kernels.gather import gather


@pytest.fixture(scope="module")
def geometry():
    return lay_out(opendome.load("golden-dome"), 0)


@pytest.mark.parametrize("grain_s", [0.0, 20.0])
def test_looks_become_known_by_node_object_time_and_sensor(geometry, grain_s):
    looks, picture = geometry.looks, geometry.picture
    arrival_t_s = picture.arrival_t_s.copy()
    if grain_s:  # many at one moment, and some never
        arrival_t_s = np.ceil(arrival_t_s / grain_s) * grain_s
        arrival_t_s[:, ::7] = np.inf
    table, starts = _arrivals(looks, replace(picture, arrival_t_s=arrival_t_s))
    owner = np.repeat(np.arange(looks.start.size - 1), np.diff(looks.start))
    for node in range(len(picture.node_names)):
        row = np.flatnonzero(np.isfinite(arrival_t_s[node]))
        row = row[np.lexsort((looks.sensor[row], arrival_t_s[node, row], owner[row]))]
        mine = table[starts[node, 0] : starts[node, -1]]
        assert mine["look"].tolist() == row.tolist()
        assert np.array_equal(mine["t_s"], arrival_t_s[node, row])
        assert np.array_equal(np.diff(starts[node]), np.bincount(owner[row], minlength=10))
    tied = np.diff(table["t_s"]) == 0.0
    assert tied.any() == bool(grain_s)


def test_samples_of_pairs_go_where_they_belong():
    samples = np.arange(10.0)
    out = np.full(6, -1.0)
    gather(samples, np.array([7, 0, 2]), np.array([2, 0, 3]), np.array([3, 0, 0]), out)
    assert out.tolist() == [2.0, 3.0, 4.0, 7.0, 8.0, -1.0]
