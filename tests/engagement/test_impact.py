"""The table of what each object may hit: places, metres, axes and velocity at the impact."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from opendome.command.kernels.impact import expected_loss
from opendome.engagement.impact import falling_velocity_m_s, impact_table
from opendome.scenario.defended import DefendedPlace
from opendome.scenario.geography import Area, Disc, box, patch
from opendome.world.frames import ecef_from_eci, eci_from_ecef, enu_axes

RADIUS_M = 6_371_008.8
EARTH = 7.292115e-5


def raid(*impacts, lethal=None, speed=(100.0, 200.0, -300.0)):
    """Objects that fall at points [deg] with a speed east, north, up over the ground [m/s]."""
    lat, lon = np.radians(np.array(impacts, float)).T
    size = len(impacts)
    axes = enu_axes(lat, lon)
    down = RADIUS_M * axes[:, 2]
    vel_ecef = np.einsum("k,nkj->nj", np.array(speed), axes)
    pos, vel = (np.zeros((size, 4, 3)) for _ in range(2))
    for k in range(4):  # ends at sample 3, at t = 3 s
        turn = EARTH * k * np.ones(size)
        pos[:, k] = eci_from_ecef(down - (3 - k) * vel_ecef, turn)
        ground = eci_from_ecef(vel_ecef, turn)
        vel[:, k] = ground + EARTH * np.stack([-pos[:, k, 1], pos[:, k, 0], 0 * lat], axis=1)
    return SimpleNamespace(
        objects=size,
        impact_lat_rad=lat,
        impact_lon_rad=lon,
        impact_t_s=np.full(size, 3.0),
        launch_t_s=np.zeros(size),
        lethal=np.ones(size, bool) if lethal is None else np.array(lethal),
        step_s=1.0,
        pos_eci_m=pos,
        vel_eci_m_s=vel,
        valid=np.ones((size, 4), bool),
    )


def place(shape, value=1.0):
    return DefendedPlace(name="x", shape=shape, value=value)


def square(south, north, west, east):
    corners = [[south, west], [south, east], [north, east], [north, west]]
    return Area(name="x", patches=(patch(corners),))


def table(found_raid, *places, **options):
    loss = np.zeros(found_raid.objects)
    return impact_table(found_raid, places, loss=loss, era_epoch_rad=0.0, **options)


def chance(found, obj, sigma_m=1.0, at=(0.0, 0.0)):
    """Expected loss of an object believed to fall `at` [m] from its true impact."""
    return expected_loss(
        found.places, found.vertices_m, found.first_place[obj], found.end_place[obj],
        at[0], at[1], sigma_m**2, 0.0, sigma_m**2,
    )  # fmt: skip


def test_ground_is_told_in_metres_from_the_impact():
    found = table(raid((31.0, 34.0)), place(Disc(
        lat_rad=math.radians(31.1), lon_rad=math.radians(34.0), radius_m=2000.0)))  # fmt: skip
    row = found.places[0]
    assert row["north_m"] == pytest.approx(math.radians(0.1) * RADIUS_M, rel=1e-6)
    assert row["east_m"] == pytest.approx(0.0, abs=1e-3)
    assert row["radius_m"] == pytest.approx(2000.0, rel=0.005)
    assert (found.first_place[0], found.end_place[0]) == (0, 1)


@pytest.mark.parametrize("lon", [0.0, 179.99, -179.99])
@pytest.mark.parametrize("lat", [-60.0, 0.0, 60.0])
def test_the_table_says_inside_where_the_shape_does(lat, lon):
    """Also over the date line: an object that falls in the middle, and one beside."""
    shape = square(lat - 0.05, lat + 0.05, lon - 0.05, lon + 0.05)
    found = table(raid((lat, lon), (lat + 0.06, lon)), place(shape, 3.0))
    assert chance(found, 0) == pytest.approx(3.0, abs=1e-9)
    assert chance(found, 1) == pytest.approx(0.0, abs=1e-9)


def test_an_area_around_a_pole():
    cap = Area(name="cap", patches=(box(89.0, 90.0, -180.0, 180.0),))
    found = table(raid((89.9, 50.0), (88.5, 50.0), (90.0, 0.0)), place(cap))
    assert [chance(found, k) for k in range(3)] == pytest.approx([1.0, 0.0, 1.0], abs=1e-9)


def test_belief_moves_the_chance():
    shape = square(-0.1, 0.1, -0.1, 0.1)
    found = table(raid((0.0, 0.0)), place(shape))
    side_m = math.radians(0.1) * RADIUS_M
    assert chance(found, 0, 10.0, (side_m, 0.0)) == pytest.approx(0.5, abs=1e-3)
    assert chance(found, 0, 10.0, (1.01 * side_m, 0.0)) == pytest.approx(0.0, abs=1e-9)


def test_far_ground_and_what_has_no_impact_have_no_rows():
    found = table(
        raid((0.0, 0.0), (math.nan, math.nan), (0.0, 30.0)), place(square(-0.1, 0.1, -0.1, 0.1))
    )
    assert (found.end_place - found.first_place).tolist() == [1, 0, 0]
    near = table(raid((0.0, 0.5)), place(square(-0.1, 0.1, -0.1, 0.1)), reach_m=10_000.0)
    assert near.places.size == 0


def test_without_values_the_table_is_empty():
    found = table(raid((0.0, 0.0)))
    assert (found.places.size, found.vertices_m.shape) == (0, (0, 2))


def test_velocity_is_over_the_ground():
    flying = raid((31.0, 34.0), (-40.0, 170.0))
    found = table(flying)
    for axis, speed in zip(
        (found.east, found.north, found.up), (100.0, 200.0, -300.0), strict=True
    ):
        along = np.einsum("nj,nj->n", axis, found.velocity_m_s)
        assert along == pytest.approx([speed, speed], abs=0.1)


def test_axes_turn_with_the_earth():
    """Half a day of rotation at the epoch turns the axes half round."""
    flying = raid((31.0, 34.0))
    here = impact_table(flying, (), loss=np.zeros(1), era_epoch_rad=0.0)
    there = impact_table(flying, (), loss=np.zeros(1), era_epoch_rad=math.pi)
    assert there.up[:, :2] == pytest.approx(-here.up[:, :2])
    assert ecef_from_eci(here.up, np.array([EARTH * 3.0])) == pytest.approx(
        enu_axes(flying.impact_lat_rad, flying.impact_lon_rad)[:, 2]
    )


def test_last_sample_is_carried_on_to_the_impact():
    flying = raid((0.0, 0.0))
    flying.vel_eci_m_s[0, 3] = flying.vel_eci_m_s[0, 2] + [0.0, 0.0, -10.0]
    before = falling_velocity_m_s(flying)[0, 2]
    flying.impact_t_s = np.array([3.5])
    assert falling_velocity_m_s(flying)[0, 2] - before == pytest.approx(-5.0)
