"""What is defended, as shapes with values: date line, poles, sites, cities, discs as polygons."""

import math

import numpy as np
import pytest

from opendome.scenario.defended import DefendedPlace, disc_corners
from opendome.scenario.geography import Area as GroundArea
from opendome.scenario.geography import Disc, box
from opendome.scenario.loading import load_text
from opendome.scenario.places import area, cities_of

from .documents import change

RADIUS_M = 6_371_008.8


def realised(entries, future=0):
    return load_text(change("{area: conus}\nassets", f"{entries}\nassets")).realise(future)


def degrees(*points):
    lat, lon = np.radians(np.array(points, float)).T
    return lat, lon


def test_without_values_nothing_is_worth_anything():
    real = realised("{area: conus}")
    assert real.valued == ()
    assert np.isnan(real.loss_at(*degrees((40, -100)))).all()


def test_each_place_an_object_falls_on_costs_its_value():
    real = realised(
        "{area: conus, value: 2}\n  - {circle: {at: [40 deg, -100 deg], radius: 50 km}, value: 0.5}"
    )
    loss = real.loss_at(*degrees((40, -100), (42, -100), (20, -100)))
    assert loss == pytest.approx([2.5, 2.0, 0.0])
    assert np.isnan(real.loss_at(np.array([math.nan]), np.array([0.0]))).all()


def test_a_city_is_worth_its_people():
    real = realised("{cities: {country: US, min_population: 2000000, value_per_million: 3}}")
    people = [city.population for city in cities_of("US", 2_000_000)]
    assert [p.value for p in real.valued] == pytest.approx([3e-6 * n for n in people])
    flat = realised("{cities: {country: US, min_population: 2000000}, value: 3}")
    assert {p.value for p in flat.valued} == {3.0}


def test_uncertain_values_are_drawn_once_per_future():
    entry = "{sites: {a: {at: [10 deg, 20 deg], radius: 5 km, value: 1..3}}}"
    found = [realised(entry, future).places[0].value for future in range(4)]
    assert len(set(found)) == 4
    assert all(1.0 <= value <= 3.0 for value in found)


def test_a_value_moves_no_other_draw():
    entry = "{{circle: {{at: [40 deg, -100 deg], radius: 40..60 km}}{}}}"
    plain, valued = realised(entry.format("")), realised(entry.format(", value: 1..2"))
    assert valued.sampled.items() >= plain.sampled.items()
    assert set(valued.sampled) - set(plain.sampled) == {"defended.0.value"}


def test_an_outline_may_cross_the_date_line():
    corners = "[[-2 deg, 179 deg], [-2 deg, -179 deg], [2 deg, -179 deg], [2 deg, 179 deg]]"
    real = realised(f"{{polygon: {corners}, value: 1}}")
    loss = real.loss_at(*degrees((0, 180), (0, -179.5), (0, 179.5), (0, 0), (0, 178.5), (3, 180)))
    assert loss == pytest.approx([1, 1, 1, 0, 0, 0])
    inside = real.defended_distance_m(*degrees((0, 180)))
    assert inside == pytest.approx(-math.radians(1.0) * RADIUS_M, rel=1e-3)


def test_a_closed_outline_is_the_same():
    opened = realised("{polygon: [[0 deg, 0 deg], [0 deg, 2 deg], [2 deg, 0 deg]], value: 1}")
    closed = realised(
        "{polygon: [[0 deg, 0 deg], [0 deg, 2 deg], [2 deg, 0 deg], [0 deg, 0 deg]], value: 1}"
    )
    points = degrees((0.5, 0.5), (1.5, 1.5))
    assert (opened.loss_at(*points) == closed.loss_at(*points)).all()


@pytest.mark.parametrize("lat", [0.0, 45.0, 89.95, -90.0])
@pytest.mark.parametrize("lon", [0.0, 180.0])
def test_a_disc_becomes_a_polygon_of_its_area(lat, lon):
    """Also over a pole and over the date line."""
    disc = Disc(lat_rad=math.radians(lat), lon_rad=math.radians(lon), radius_m=20_000.0)
    lats, lons = disc_corners(disc)
    away = disc.signed_distance_m(lats, lons) + 20_000.0
    size = len(lats)
    area_m2 = 0.5 * size * away.mean() ** 2 * math.sin(math.tau / size)
    assert np.ptp(away) < 1.0
    assert area_m2 == pytest.approx(math.pi * 20_000.0**2, rel=1e-6)


def test_an_area_around_a_pole_holds_the_pole():
    cap = DefendedPlace(
        name="cap", value=1.0, shape=GroundArea(name="cap", patches=(box(75, 90, -180, 180),))
    )
    assert cap.contains(*degrees((89.9, 0), (80, 170), (70, 0))).tolist() == [True, True, False]


def test_outlines_of_an_area_are_open():
    place = DefendedPlace(name="conus", shape=area("conus"), value=1.0)
    for lat, lon in place.outlines():
        assert (lat[0], lon[0]) != (lat[-1], lon[-1])
