"""Lines of sight, look angles and cones against brute force and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import RADIUS_EQUATOR_M, RADIUS_MEAN_M, RADIUS_POLE_M
from opendome.quantities.errors import OpendomeError
from opendome.world.earth import ecef_from_geodetic_xyz
from opendome.world.visibility import (
    elevation_azimuth_range,
    in_nadir_cone,
    line_of_sight,
    line_of_sight_ellipsoid,
    sees_against_space,
    visible,
)

LEO_M = RADIUS_MEAN_M + 1e6


def points_between(first, second, count=4001):
    share = np.linspace(0.0, 1.0, count)[:, None]
    return first + share * (second - first)


def sphere_points(count, low_m, high_m, seed):
    rng = np.random.default_rng(seed)
    way = rng.normal(size=(count, 3))
    return way / np.linalg.norm(way, axis=1)[:, None] * rng.uniform(low_m, high_m, (count, 1))


def test_limb_against_points_along_the_line():
    first = sphere_points(400, RADIUS_MEAN_M, 4.3e7, seed=1)
    second = sphere_points(400, RADIUS_MEAN_M, 4.3e7, seed=2)
    seen = 0
    for a, b in zip(first, second, strict=True):
        lowest = np.linalg.norm(points_between(a, b), axis=1).min()
        if abs(lowest - RADIUS_MEAN_M) < 1e3:
            continue  # the sampled line cannot tell
        assert line_of_sight(*a, *b, RADIUS_MEAN_M) == (lowest > RADIUS_MEAN_M)
        seen += lowest > RADIUS_MEAN_M
    assert 50 < seen < 350


def test_two_satellites_lose_each_other_at_the_closed_form_angle():
    # both at radius r: the line touches the sphere when half the angle is acos(R / r)
    limit = 2.0 * math.acos(RADIUS_MEAN_M / LEO_M)
    for angle, clear in ((limit - 1e-9, True), (limit + 1e-9, False)):
        b = (LEO_M * math.cos(angle), LEO_M * math.sin(angle), 0.0)
        assert line_of_sight(LEO_M, 0.0, 0.0, *b, RADIUS_MEAN_M) is clear


def test_a_body_inside_the_margin_is_seen_from_above_but_not_across():
    radius = RADIUS_MEAN_M + 50e3
    low = RADIUS_MEAN_M + 20e3
    assert line_of_sight(LEO_M, 0.0, 0.0, low, 0.0, 0.0, radius)
    far = 0.5 * math.pi
    assert not line_of_sight(
        LEO_M * math.cos(far), LEO_M * math.sin(far), 0.0, low, 0.0, 0.0, radius
    )


@settings(deadline=None)
@given(st.integers(0, 499))
def test_sight_is_mutual_and_turns_with_the_scene(index):
    a, b = SCENE_A[index], SCENE_B[index]
    assert line_of_sight(*a, *b, RADIUS_MEAN_M) == line_of_sight(*b, *a, RADIUS_MEAN_M)
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert line_of_sight(*a, *b, RADIUS_MEAN_M) == line_of_sight(
        *(turn @ a), *(turn @ b), RADIUS_MEAN_M
    )


SCENE_A = sphere_points(500, 6.5e6, 1e7, seed=3)
SCENE_B = sphere_points(500, 6.5e6, 1e7, seed=4)


def test_ellipsoid_limb_differs_from_equator_to_pole():
    # grazing lines 10 km above the pole and above the equator
    half = 2e6
    height = RADIUS_POLE_M + 10e3
    assert line_of_sight_ellipsoid(-half, 0.0, height, half, 0.0, height, 0.0)
    assert not line_of_sight_ellipsoid(-half, height, 0.0, half, height, 0.0, 0.0)
    assert not line_of_sight_ellipsoid(-half, 0.0, height, half, 0.0, height, 11e3)
    above = RADIUS_EQUATOR_M + 1.0
    assert line_of_sight_ellipsoid(-half, above, 0.0, half, above, 0.0, 0.0)
    assert not line_of_sight_ellipsoid(-half, above - 2.0, 0.0, half, above - 2.0, 0.0, 0.0)


def test_background_of_sky_or_of_earth():
    satellite = (LEO_M, 0.0, 0.0)
    below = (RADIUS_MEAN_M + 2e5, 0.0, 0.0)
    above = (LEO_M + 2e5, 3e5, 0.0)
    across = (1e6, 7.2e6, 0.0)
    assert not sees_against_space(*satellite, *below, RADIUS_MEAN_M)
    assert sees_against_space(*satellite, *above, RADIUS_MEAN_M)
    assert line_of_sight(*satellite, *below, RADIUS_MEAN_M)
    assert not sees_against_space(*satellite, *across, RADIUS_MEAN_M + 2e6)
    assert sees_against_space(*satellite, *across, RADIUS_MEAN_M - 2e6)


def test_look_angles_of_a_worked_case():
    # a target straight east of a site on the equator at longitude 0, tilted up by 30 deg
    site = ecef_from_geodetic_xyz(0.0, 0.0, 0.0)
    target = (site[0] + 500.0, site[1] + 500.0 * math.sqrt(3.0), site[2])
    elevation, azimuth, distance = elevation_azimuth_range(*target, *site, 0.0, 0.0)
    assert math.degrees(elevation) == pytest.approx(30.0, abs=1e-9)
    assert math.degrees(azimuth) == pytest.approx(90.0, abs=1e-9)
    assert distance == pytest.approx(1000.0, abs=1e-8)


@settings(deadline=None, max_examples=200)
@given(
    st.floats(-1.5, 1.5),
    st.floats(-3.1, 3.1),
    st.floats(0.01, 1.5),
    st.floats(0.0, 6.28),
    st.floats(1e3, 4e7),
)
def test_look_angles_come_back(lat, lon, elevation, azimuth, distance):
    from opendome.world.frames import enu_axes

    site = ecef_from_geodetic_xyz(lat, lon, 120.0)
    level = distance * math.cos(elevation)
    enu = [level * math.sin(azimuth), level * math.cos(azimuth), distance * math.sin(elevation)]
    target = np.array(site) + np.array(enu) @ enu_axes(lat, lon)
    found = elevation_azimuth_range(*target, *site, lat, lon)
    assert found[0] == pytest.approx(elevation, abs=1e-8)
    assert abs((found[1] - azimuth + math.pi) % (2 * math.pi) - math.pi) * level < 1e-7
    assert found[2] == pytest.approx(distance, rel=1e-12, abs=1e-7)
    assert 0.0 <= found[1] <= 2 * math.pi


def test_nadir_cone():
    satellite = (0.0, LEO_M, 0.0)
    edge = math.radians(40.0)
    for angle, inside in ((edge - 1e-9, True), (edge + 1e-9, False)):
        target = (1e5 * math.sin(angle), LEO_M - 1e5 * math.cos(angle), 0.0)
        assert in_nadir_cone(*satellite, *target, edge) is inside
    assert in_nadir_cone(*satellite, 0.0, LEO_M + 1e5, 0.0, math.pi)


def plain_visible(satellites, targets, radius_m, range_max_m, half_angle_rad):
    """The same by arrays and angles, in another wording."""
    line = targets[:, None] - satellites[None]
    distance = np.linalg.norm(line, axis=2)
    height = np.linalg.norm(satellites, axis=1)
    off_nadir = np.arccos(-np.einsum("ni,mni->mn", satellites, line) / (height * distance))
    # the limb is seen at asin(R / r); beyond it, or nearer than the far side, nothing is hidden
    limb = np.arcsin(np.minimum(radius_m / height, 1.0))
    nearest = height * np.cos(off_nadir)
    hidden = (off_nadir < limb) & (distance > nearest)
    return ~hidden & (distance <= range_max_m) & (off_nadir <= half_angle_rad)


@pytest.mark.parametrize("half_angle", [0.6, 0.5 * math.pi, 2.0, math.pi])
@pytest.mark.parametrize("range_max", [3e6, math.inf])
def test_bulk_visibility_against_angles(half_angle, range_max):
    satellites = sphere_points(600, 6.7e6, 1.2e7, seed=5)
    targets = sphere_points(400, 6.4e6, 8e6, seed=6)
    ours = visible(
        satellites, targets, radius_m=6.45e6, range_max_m=range_max, half_angle_rad=half_angle
    )
    theirs = plain_visible(satellites, targets, 6.45e6, range_max, half_angle)
    assert ours.shape == (400, 600)
    assert (ours == theirs).all()
    assert ours.any()
    assert not ours.all()


def test_the_comparison_would_catch_a_wrong_margin():
    satellites = sphere_points(600, 6.7e6, 1.2e7, seed=5)
    targets = sphere_points(400, 6.4e6, 8e6, seed=6)
    ours = visible(satellites, targets, radius_m=6.45e6)
    assert (ours != plain_visible(satellites, targets, 6.44e6, math.inf, math.pi)).any()


def test_bulk_visibility_equals_the_scalar_kernels():
    satellites = sphere_points(60, 6.7e6, 1e7, seed=7)
    targets = sphere_points(40, 6.3e6, 8e6, seed=8)  # some inside the margin
    ours = visible(satellites, targets, radius_m=6.45e6, range_max_m=5e6, half_angle_rad=1.1)
    for j, target in enumerate(targets):
        for i, satellite in enumerate(satellites):
            expected = (
                line_of_sight(*satellite, *target, 6.45e6)
                and math.dist(satellite, target) <= 5e6
                and in_nadir_cone(*satellite, *target, 1.1)
            )
            assert ours[j, i] == expected


def test_nobody_sees_what_is_not_there():
    satellites = sphere_points(10, 7e6, 8e6, seed=9)
    nowhere = np.full((1, 3), np.nan)
    assert not visible(satellites, nowhere, radius_m=6.4e6).any()
    assert not visible(nowhere, satellites, radius_m=6.4e6).any()
    assert not line_of_sight(*nowhere[0], *satellites[0], 6.4e6)
    assert visible(np.empty((0, 3)), satellites, radius_m=6.4e6).shape == (10, 0)


def test_wrong_shapes_are_refused():
    with pytest.raises(OpendomeError, match="one row per body"):
        visible(np.zeros((3, 4)), np.zeros((2, 3)), radius_m=1.0)


def test_a_wider_cone_and_a_longer_range_never_hide_anything():
    satellites = sphere_points(100, 6.7e6, 1e7, seed=10)
    targets = sphere_points(100, 6.4e6, 8e6, seed=11)
    counts = [
        visible(satellites, targets, radius_m=6.4e6, range_max_m=r, half_angle_rad=a).sum()
        for r, a in ((1e6, 0.5), (3e6, 0.5), (3e6, 1.0), (9e6, 3.0))
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
