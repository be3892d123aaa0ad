"""Lines on the ground against GeographicLib, and their properties."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given
from hypothesis import strategies as st

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.world.earth import ecef_from_geodetic
from opendome.world.geodesy import (
    GeodesyError,
    central_angle_rad,
    geodesic_direct,
    geodesic_direct_radians,
    geodesic_inverse,
    geodesic_inverse_radians,
    great_circle_azimuth_rad,
    great_circle_end,
    wrapped_rad,
)

LATS = st.floats(-math.pi / 2, math.pi / 2)
LONS = st.floats(-math.pi, math.pi)


def karney(lat_1, lon_1, lat_2, lon_2):
    return Geodesic.WGS84.Inverse(*(math.degrees(a) for a in (lat_1, lon_1, lat_2, lon_2)))


@given(LATS, LONS, LATS, LONS)
def test_inverse_agrees_with_karney(lat_1, lon_1, lat_2, lon_2):
    """1 mm in distance; 2 cm across in direction. Refusal only beyond 178 degrees of arc."""
    line = karney(lat_1, lon_1, lat_2, lon_2)
    status, distance, azimuth_1, azimuth_2 = geodesic_inverse_radians(lat_1, lon_1, lat_2, lon_2)
    if status:
        assert line["a12"] > 178.0
        assert math.isnan(distance)
        return
    assert abs(distance - line["s12"]) < 1e-3
    if min(math.cos(lat_1), math.cos(lat_2)) > 1e-3 and line["s12"] > 1.0 and line["a12"] < 175:
        across = math.sin(math.radians(line["a12"])) * RADIUS_EQUATOR_M
        for ours, theirs in ((azimuth_1, line["azi1"]), (azimuth_2, line["azi2"])):
            assert abs(math.remainder(ours - math.radians(theirs), math.tau)) * across < 0.02


@given(LATS, LONS, st.floats(-math.pi, math.pi), st.floats(0.0, 2.0e7))
def test_direct_agrees_with_karney(lat, lon, azimuth, distance):
    line = Geodesic.WGS84.Direct(*(math.degrees(a) for a in (lat, lon, azimuth)), distance)
    ours = ecef_from_geodetic(*geodesic_direct_radians(lat, lon, azimuth, distance)[:2])
    theirs = ecef_from_geodetic(math.radians(line["lat2"]), math.radians(line["lon2"]))
    assert np.linalg.norm(ours - theirs) < 1e-3


@given(LATS, LONS, LATS, LONS)
def test_a_line_has_one_length_in_both_directions(lat_1, lon_1, lat_2, lon_2):
    there = geodesic_inverse_radians(lat_1, lon_1, lat_2, lon_2)
    back = geodesic_inverse_radians(lat_2, lon_2, lat_1, lon_1)
    assume(there[0] == 0)
    assume(back[0] == 0)
    assert there[1] == pytest.approx(back[1], abs=1e-4)


def test_arrays_and_scalars_agree():
    rng = np.random.default_rng(6)
    lat_1, lon_1, lat_2, lon_2 = rng.uniform(-1.0, 1.0, (4, 2, 5))
    distance, azimuth, end_azimuth = geodesic_inverse(lat_1, lon_1, lat_2, lon_2)
    assert distance.shape == (2, 5)
    one = geodesic_inverse_radians(lat_1[1, 2], lon_1[1, 2], lat_2[1, 2], lon_2[1, 2])
    assert one[1:] == (distance[1, 2], azimuth[1, 2], end_azimuth[1, 2])
    lat, lon, arrival = geodesic_direct(lat_1, lon_1, azimuth, distance)
    assert lat == pytest.approx(lat_2, abs=1e-9)
    assert lon == pytest.approx(lon_2, abs=1e-9)
    assert arrival == pytest.approx(end_azimuth, abs=1e-8)


@pytest.mark.parametrize("lon", [math.pi, -math.pi, math.nextafter(math.pi, 4.0), 3 * math.pi])
def test_a_line_over_the_pole(lon):
    status, distance, azimuth, _ = geodesic_inverse_radians(0.0, 0.0, 1.0, lon)
    assert status == 0
    assert distance == pytest.approx(karney(0.0, 0.0, 1.0, lon)["s12"], abs=1e-3)
    assert math.cos(azimuth) == pytest.approx(1.0)


def test_same_point():
    assert geodesic_inverse_radians(0.3, 0.2, 0.3, 0.2) == (0, 0.0, 0.0, 0.0)


def test_antipodes_are_refused_by_name():
    with pytest.raises(GeodesyError, match="nearly antipodal") as caught:
        geodesic_inverse([0.1, 0.5], 0.0, [0.2, -0.501], [0.0, math.pi - 0.001])
    assert "28.647890" in caught.value.got
    assert caught.value.allowed
    assert caught.value.do


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_not_finite_is_refused(bad):
    with pytest.raises(GeodesyError, match="finite"):
        geodesic_inverse(0.1, bad, 0.2, 0.3)


@given(LATS, LONS, st.floats(-math.pi, math.pi), st.floats(0.0, 3.14))
def test_great_circle_there_and_back(lat, lon, azimuth, angle):
    lat_2, lon_2 = great_circle_end(lat, lon, azimuth, angle)
    assert central_angle_rad(lat, lon, lat_2, lon_2) == pytest.approx(angle, abs=1e-12)
    if math.cos(lat) > 1e-2 and 1e-2 < angle < 3.13:
        back = great_circle_azimuth_rad(lat, lon, lat_2, lon_2)
        assert math.remainder(back - azimuth, math.tau) == pytest.approx(0.0, abs=1e-9)


def test_great_circle_known():
    """A quarter of the equator, and from the equator to the pole."""
    assert central_angle_rad(0.0, 0.0, 0.0, math.pi / 2) == pytest.approx(math.pi / 2)
    assert great_circle_azimuth_rad(0.0, 0.0, 0.0, 1.0) == pytest.approx(math.pi / 2)
    assert great_circle_end(0.0, 0.7, 0.0, math.pi / 2)[0] == pytest.approx(math.pi / 2)


def test_sphere_errs_by_up_to_half_a_per_cent():
    line = karney(0.0, 0.0, 1.0, 0.5)
    angle = central_angle_rad(0.0, 0.0, 1.0, 0.5)
    assert 1e-4 < abs(6371008.7714 * angle / line["s12"] - 1.0) < 6e-3


@given(st.floats(-100.0, 100.0))
def test_wrapped(angle):
    wrapped = wrapped_rad(angle)
    assert -math.pi - 1e-12 <= wrapped <= math.pi + 1e-12
    assert math.remainder(wrapped - angle, math.tau) == pytest.approx(0.0, abs=1e-12)
