"""The ellipsoid: geodetic coordinates there and back, and the fast height."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.constants import FLATTENING, RADIUS_EQUATOR_M, RADIUS_POLE_M
from opendome.world.earth import (
    altitude_above,
    altitude_xyz,
    ecef_from_geodetic,
    ecef_from_geodetic_xyz,
    geodetic_from_ecef,
    geodetic_from_ecef_xyz,
)

LATS = st.floats(-math.pi / 2, math.pi / 2)
LONS = st.floats(-math.pi, math.pi)
ALTS = st.floats(-10e3, 40_000e3)
NANODEGREE = math.radians(1e-9)


@given(LATS, LONS, ALTS)
def test_round_trip(lat, lon, alt):
    """Gate: 1e-9 degrees and 1e-6 m from -10 km to 40 000 km, poles and date line included."""
    lat_2, lon_2, alt_2 = geodetic_from_ecef_xyz(*ecef_from_geodetic_xyz(lat, lon, alt))
    assert abs(lat_2 - lat) < NANODEGREE
    assert abs(alt_2 - alt) < 1e-6
    if abs(lat) < math.radians(89.9):
        assert abs(math.remainder(lon_2 - lon, math.tau)) < NANODEGREE


def test_known_points():
    assert ecef_from_geodetic(0.0, 0.0) == pytest.approx([RADIUS_EQUATOR_M, 0.0, 0.0])
    assert ecef_from_geodetic(math.pi / 2, 0.3) == pytest.approx([0, 0, RADIUS_POLE_M], abs=1e-9)
    lat, _, alt = geodetic_from_ecef([0.0, 0.0, -RADIUS_POLE_M - 500.0])
    assert (lat, alt) == pytest.approx((-math.pi / 2, 500.0))


def test_published_point():
    """By hand: 45 N, 1000 m.

    N = a / sqrt(1 - e2/2) = 6388838.2901 m; x = (N + h) cos 45, z = (N (1 - e2) + h) sin 45.
    """
    x, y, z = ecef_from_geodetic(math.radians(45), 0.0, 1000.0)
    assert (x, y, z) == pytest.approx((4518297.985630, 0.0, 4488055.515647), abs=1e-5)


def test_arrays_equal_scalars():
    rng = np.random.default_rng(3)
    lat, lon, alt = rng.uniform(-1.5, 1.5, 20), rng.uniform(-3, 3, 20), rng.uniform(-1e4, 4e7, 20)
    pos = ecef_from_geodetic(lat, lon, alt)
    alone = [ecef_from_geodetic_xyz(*c) for c in zip(lat, lon, alt, strict=True)]
    assert pos == pytest.approx(np.array(alone), abs=1e-7)
    back = geodetic_from_ecef(pos.reshape(4, 5, 3))
    assert [b.shape for b in back] == [(4, 5)] * 3
    assert back[0].ravel() == pytest.approx(lat, abs=1e-14)
    one = geodetic_from_ecef(pos[7])
    assert [float(b) for b in one] == [float(b.ravel()[7]) for b in back]


@pytest.mark.parametrize(
    ("low", "high", "error"), [(-10e3, 10e3, 1e-5), (10e3, 1e6, 1e-3), (1e6, 4e7, 1e-2)]
)
def test_fast_height(low, high, error):
    rng = np.random.default_rng(4)
    lat, lon, alt = rng.uniform(-1.57, 1.57, 20000), 0.4, rng.uniform(low, high, 20000)
    pos = ecef_from_geodetic(lat, lon, alt)
    fast = np.array([altitude_xyz(*p) for p in pos])
    assert np.abs(fast - alt).max() < error
    sphere = np.array([altitude_above(*p, RADIUS_EQUATOR_M, 0.0) for p in pos])
    assert np.abs(sphere - alt).max() > 1e4  # the oracle would notice a sphere
    assert sphere == pytest.approx(np.linalg.norm(pos, axis=1) - RADIUS_EQUATOR_M, abs=1e-6)


def test_flattening_is_used():
    assert abs(RADIUS_POLE_M - RADIUS_EQUATOR_M * (1 - FLATTENING)) < 1e-9
    assert abs(RADIUS_POLE_M - 6356752.3142) < 1e-4
