"""Readings: residuals, derivatives, kinds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.tracking.kernels.readings import linearise, read
from opendome.tracking.readings import azimuth_range_readings, direction_readings, local_readings

AXES = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])  # at x, up is x
SENSOR = np.array([[6.371e6, 2e5, -1e5]])
TARGET = np.array([6.871e6, 5e5, 3e5])
T_S = np.zeros(1)


def all_kinds(aim=None):
    d = TARGET - SENSOR[0] if aim is None else np.asarray(aim, float)
    east, north, up = AXES @ d
    slant = np.linalg.norm(d)
    azimuth, elevation = np.arctan2(east, north), np.arcsin(up / slant)
    turned = {"azimuth_rad": np.array([azimuth]), "range_m": np.array([slant])}
    return {
        "direction": direction_readings(T_S, SENSOR, d[None], angle_sigma_rad=1e-4),
        "direction and range": direction_readings(
            T_S, SENSOR, d[None], angle_sigma_rad=1e-4, range_m=slant, range_sigma_m=20.0
        ),
        "azimuth and range": azimuth_range_readings(
            T_S, SENSOR, AXES[None], azimuth_sigma_rad=0.01, range_sigma_m=500.0, **turned
        ),
        "local": local_readings(
            T_S, SENSOR, AXES[None], np.array([[azimuth, elevation, slant]]), np.ones((1, 3))
        ),
    }


ROWS = {"direction": 2, "direction and range": 3, "azimuth and range": 2, "local": 3}


@pytest.mark.parametrize("kind", ROWS)
def test_a_perfect_reading_has_no_residual(kind):
    rows = np.zeros((3, 5))
    assert linearise(all_kinds()[kind], 0, *TARGET, rows) == ROWS[kind]
    np.testing.assert_allclose(rows[: ROWS[kind], 0], 0.0, atol=1e-8)


@pytest.mark.parametrize("kind", ROWS)
def test_derivatives_are_those_of_the_reading(kind):
    """Central differences of 100 m; the error of the difference is below 1e-6 of the largest."""
    readings, rows = all_kinds()[kind], np.zeros((3, 5))
    guess = np.add(TARGET, [3e4, -2e4, 1e4])
    count = linearise(readings, 0, *guess, rows)
    used = {"direction": [0, 1], "azimuth and range": [0, 2]}.get(kind, [0, 1, 2])
    for axis in range(3):
        step = 100.0 * np.eye(3)[axis]
        ahead, behind = (np.array(read(readings, 0, *(guess + s))) for s in (step, -step))
        wanted = ((ahead - behind) / 200.0)[used]
        scale = np.abs(rows[:count, 2:]).max(axis=1)
        np.testing.assert_allclose(rows[:count, 2 + axis] / scale, wanted / scale, atol=1e-6)


@given(st.floats(-3.1, 3.1), st.floats(-0.02, 0.02))
def test_azimuth_residuals_never_jump(azimuth, off):
    """A guess beyond the seam at south gives a small residual."""
    aim = AXES.T @ [np.sin(azimuth), np.cos(azimuth), 0.3]
    rows, readings = np.zeros((3, 5)), all_kinds(4e5 * aim)
    turned = AXES.T @ [np.sin(azimuth + off), np.cos(azimuth + off), 0.3]
    for kind in ("azimuth and range", "local"):
        linearise(readings[kind], 0, *(SENSOR[0] + 4e5 * turned), rows)
        assert rows[0, 0] == pytest.approx(-off, abs=1e-9)


def test_the_touching_plane_has_no_pole():
    """Straight up, where azimuth is undefined, two sigma-wide axes stay."""
    up = np.array([[1.0, 0.0, 0.0]])
    readings, rows = direction_readings(T_S, SENSOR, up, angle_sigma_rad=1e-4), np.zeros((3, 5))
    assert linearise(readings, 0, *(SENSOR[0] + [5e5, 50.0, 0.0]), rows) == 2
    h = rows[:2, 2:]
    np.testing.assert_allclose(h @ h.T, np.eye(2) / 5e5**2, rtol=1e-6, atol=1e-18)


@pytest.mark.parametrize("kind", ["direction", "direction and range"])
def test_behind_the_sensor_nothing_is_read(kind):
    rows = np.zeros((3, 5))
    assert linearise(all_kinds()[kind], 0, *(2 * SENSOR[0] - TARGET), rows) == 0
    assert linearise(all_kinds()[kind], 0, *SENSOR[0], rows) == 0


def test_a_range_of_some_readings_only():
    readings = direction_readings(
        np.zeros(2), np.zeros((2, 3)), np.eye(3)[:2], angle_sigma_rad=1e-4,
        range_m=np.array([5.0, np.nan]), range_sigma_m=1.0,
    )  # fmt: skip
    rows = np.zeros((3, 5))
    assert [linearise(readings, k, *np.eye(3)[k], rows) for k in (0, 1)] == [3, 2]
