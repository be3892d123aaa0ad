"""Areas on the ground: inside, distance and even draws, against geographiclib and counting."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.scenario import places
from opendome.scenario.geography import Area, Disc, box, patch

SPHERE = Geodesic(RADIUS_MEAN_M, 0.0)


def point(lat_deg, lon_deg):
    return np.radians([lat_deg]), np.radians([lon_deg])


def uniforms(seed):
    numbers = np.random.default_rng(seed).random(2_000_000)
    return lambda index: float(numbers[index])


INSIDE = [
    ("conus", 39.0, -98.0, True),
    ("conus", 40.7, -74.5, True),
    ("conus", 43.7, -79.4, False),
    ("conus", 19.4, -99.1, False),
    ("conus", 64.8, -147.7, False),
    ("alaska", 64.8, -147.7, True),
    ("hawaii", 19.6, -155.5, True),
    ("japan", 35.7, 139.5, True),
    ("japan", 37.5, 127.0, False),
    ("north-pacific", 40.0, 179.9, True),
    ("north-pacific", 40.0, -179.9, True),
    ("north-pacific", 40.0, 540.0, True),
    ("north-pacific", 40.0, 0.0, False),
    ("arctic", 89.9, 10.0, True),
    ("arctic", 74.9, 10.0, False),
    ("arctic", 80.0, 180.0, True),
]


@pytest.mark.parametrize(("name", "lat", "lon", "inside"), INSIDE)
def test_known_points(name, lat, lon, inside):
    assert bool(places.area(name).contains(*point(lat, lon))[0]) is inside


@pytest.mark.parametrize("name", list(places.area_entries()))
def test_every_area_has_even_points_and_a_passport(name):
    area = places.area(name)
    entry = places.area_entries()[name]
    assert entry.source
    assert entry.basis in ("computed", "assumed")
    assert entry.note
    drawn = np.array([area.draw(uniforms(seed)) for seed in range(20)])
    assert area.contains(drawn[:, 0], drawn[:, 1]).all()
    assert (area.signed_distance_m(drawn[:, 0], drawn[:, 1]) < 0.0).all()


def test_the_area_of_the_contiguous_states():
    """Share of accepted draws times the box: 8.08 million km2 with inland water (US Census)."""
    area = places.area("conus")
    rng = np.random.default_rng(1)
    lat = np.arcsin(rng.uniform(math.sin(math.radians(24)), math.sin(math.radians(50)), 30_000))
    lon = np.radians(rng.uniform(-125.0, -66.0, 30_000))
    share = area.contains(lat, lon).mean()
    height = math.sin(math.radians(50)) - math.sin(math.radians(24))
    square_km = share * height * math.radians(59.0) * (RADIUS_MEAN_M / 1000.0) ** 2
    assert square_km == pytest.approx(8.08e6, rel=0.05)  # an outline at 1:110 million


def test_draws_are_even_on_the_sphere():
    """A box from the equator to 60 degrees: half of the area lies below 25.66 degrees."""
    area = Area(name="box", patches=(box(0.0, 60.0, 170.0, -170.0),))
    below = math.asin(math.sin(math.radians(60.0)) / 2.0)
    drawn = np.array([area.draw(uniforms(seed)) for seed in range(1000)])
    share = (drawn[:, 0] < below).mean()
    assert abs(share - 0.5) < 4.0 * math.sqrt(0.25 / 1000)
    east = (drawn[:, 1] < 0.0).mean()
    assert abs(east - 0.5) < 4.0 * math.sqrt(0.25 / 1000)


def test_distance_to_a_meridian_against_geographiclib():
    """The side of a box along a meridian is a great circle: the distance to it is exact."""
    area = Area(name="strip", patches=(box(-80.0, 80.0, 10.0, 20.0),))
    for lat, lon in [(0.0, 0.0), (30.0, -5.0), (-60.0, 40.0), (10.0, 12.0)]:
        side = 10.0 if lon < 15.0 else 20.0
        wanted = minimize_scalar(
            lambda foot: SPHERE.Inverse(lat, lon, foot, side)["s12"],  # noqa: B023
            bounds=(-80.0, 80.0),
            method="bounded",
            options={"xatol": 1e-9},
        ).fun
        got = area.signed_distance_m(*point(lat, lon))[0]
        assert abs(got) == pytest.approx(wanted, rel=1e-6, abs=1.0)
        assert (got < 0.0) == (10.0 < lon < 20.0)


def test_distance_to_a_disc_against_geographiclib():
    disc = Disc(lat_rad=math.radians(40.0), lon_rad=math.radians(179.0), radius_m=20_000.0)
    for lat, lon in [(40.0, -179.0), (41.0, 178.0), (-40.0, -1.0), (40.1, 179.0)]:
        wanted = SPHERE.Inverse(40.0, 179.0, lat, lon)["s12"] - 20_000.0
        assert disc.signed_distance_m(*point(lat, lon))[0] == pytest.approx(wanted, rel=1e-7)


def test_a_flat_earth_would_be_caught():
    """Negative control: degrees taken as a flat grid miss the oracle above by far."""
    wanted = SPHERE.Inverse(60.0, 0.0, 60.0, 10.0)["s12"]
    flat = math.radians(10.0) * RADIUS_MEAN_M
    assert abs(flat / wanted - 1.0) > 0.5


def test_the_pole_and_the_seam_are_no_border():
    arctic = places.area("arctic")
    at_pole = arctic.signed_distance_m(*point(89.99, 77.0))[0]
    assert at_pole == pytest.approx(-math.radians(14.99) * RADIUS_MEAN_M, rel=1e-3)
    at_seam = arctic.signed_distance_m(*point(80.0, 180.0))[0]
    assert at_seam == pytest.approx(-math.radians(5.0) * RADIUS_MEAN_M, rel=1e-2)


@given(st.floats(-89.0, 89.0), st.floats(-180.0, 180.0), st.floats(-180.0, 180.0))
def test_turning_everything_about_the_axis_changes_nothing(lat, lon, turn):
    corners = np.array([[10.0, 0.0], [30.0, 5.0], [20.0, 40.0], [5.0, 20.0]])
    here = Area(name="here", patches=(patch(corners),))
    there = Area(name="there", patches=(patch(corners + np.array([0.0, turn])),))
    first = here.signed_distance_m(*point(lat, lon))[0]
    second = there.signed_distance_m(*point(lat, lon + turn))[0]
    assert first == pytest.approx(second, rel=1e-7, abs=1.0)


def test_cities():
    cities = places.cities_of("US", 500_000)
    assert cities[0].name == "New York City"
    assert [c.population for c in cities] == sorted((c.population for c in cities), reverse=True)
    assert 30 < len(cities) < 60
    assert places.cities_named("seattle")[0].country == "US"
    assert places.cities_named("London, CA")[0].country == "CA"
    assert places.cities_named("London")[0].country == "GB"
    assert places.cities_named("Atlantis") == []


def test_country_names():
    assert places.countries()["JP"] == "Japan"
    assert len(places.outlines("JP")) == 3
