"""Coverage geometry against cases worked by hand."""

import math

import numpy as np
import pytest

from opendome.quantities.errors import OpendomeError
from opendome.world.coverage import (
    covered_fraction,
    even_directions,
    footprint_half_angle,
    street_half_width,
    worst_central_angle,
)

OCTAHEDRON = np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float
)


def test_worst_point_of_an_octahedron_is_the_middle_of_a_face():
    assert worst_central_angle(7e6 * OCTAHEDRON) == pytest.approx(math.acos(1 / math.sqrt(3)))


def test_altitudes_do_not_matter_only_directions():
    heights = np.array([7e6, 8e6, 9e6, 4e7, 7e6, 1e7])[:, None]
    assert worst_central_angle(heights * OCTAHEDRON) == pytest.approx(
        worst_central_angle(OCTAHEDRON), abs=1e-14
    )


def test_worst_point_against_a_dense_grid():
    rng = np.random.default_rng(2)
    satellites = rng.normal(size=(20, 3))
    satellites /= np.linalg.norm(satellites, axis=1)[:, None]
    grid = even_directions(40_000)
    nearest = np.arccos(np.clip(grid @ satellites.T, -1, 1).max(axis=1))
    exact = worst_central_angle(satellites)
    spacing = math.sqrt(4 * math.pi / 40_000)
    assert exact - spacing < nearest.max() <= exact + 1e-12


def test_satellites_on_one_side_leave_the_other_dark():
    one_side = np.array([[1, 0, 0.1], [1, 0.1, 0], [1, -0.1, 0], [1, 0, -0.1]], dtype=float)
    assert worst_central_angle(one_side) > 0.5 * math.pi


def test_a_belt_in_one_plane_leaves_the_poles():
    belt = np.array([[math.cos(a), math.sin(a), 0.0] for a in np.radians([0, 90, 180, 270])])
    assert worst_central_angle(belt) == pytest.approx(0.5 * math.pi, abs=1e-9)
    half_belt = np.array([[math.cos(a), math.sin(a), 0.0] for a in np.radians([0, 30, 60, 90])])
    # the middle of the gap of 270 deg, opposite to the middle of the belt
    assert worst_central_angle(half_belt) == pytest.approx(math.radians(135.0), abs=1e-9)


def test_few_satellites():
    assert worst_central_angle([[7e6, 0.0, 0.0]]) == pytest.approx(math.pi)
    pair = 7e6 * np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert worst_central_angle(pair) == pytest.approx(math.radians(135.0))


def test_one_sided_sets_against_a_dense_grid():
    rng = np.random.default_rng(3)
    grid = even_directions(40_000)
    for count in (3, 4, 9):
        satellites = np.array([4.0, 0.0, 0.0]) + rng.normal(size=(count, 3))
        satellites /= np.linalg.norm(satellites, axis=1)[:, None]
        nearest = np.arccos(np.clip(grid @ satellites.T, -1, 1).max(axis=1))
        assert worst_central_angle(satellites) == pytest.approx(nearest.max(), abs=0.02)


@pytest.mark.parametrize("pos", [np.empty((0, 3)), np.full((5, 3), np.nan), np.zeros(3)])
def test_no_satellites_are_refused(pos):
    with pytest.raises(OpendomeError, match="one or more"):
        worst_central_angle(pos)


def test_footprint_at_the_horizon_and_overhead():
    assert footprint_half_angle(1e6, 0.0, radius_m=6e6) == pytest.approx(math.acos(6 / 7))
    assert footprint_half_angle(1e6, 0.5 * math.pi, radius_m=6e6) == pytest.approx(0.0, abs=1e-12)


def test_a_street_closes_up_when_footprints_part():
    assert street_half_width(math.radians(30.0), 12) == pytest.approx(
        math.acos(math.cos(math.radians(30.0)) / math.cos(math.radians(15.0)))
    )
    assert math.isnan(street_half_width(math.radians(14.0), 12))


def test_covered_fraction_of_a_cap_is_its_area():
    # one satellite, footprint of 60 deg: (1 - cos 60 deg) / 2 of the globe
    fraction = covered_fraction(
        [[7e6, 0.0, 0.0]], even_directions(100_000), footprint_rad=math.radians(60.0)
    )
    assert fraction == pytest.approx(0.25, abs=1e-3)


def test_even_directions_are_unit_vectors_that_balance():
    points = even_directions(5000)
    assert np.linalg.norm(points, axis=1) == pytest.approx(1.0)
    assert np.abs(points.mean(axis=0)).max() < 1e-3
