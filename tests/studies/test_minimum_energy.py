"""The slowest ballistic flight: published figures, a flight step by step, and limits."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.sources.catalogue import load_system
from opendome.studies import minimum_energy
from opendome.studies.evaluation import every_case, study

NAME = "minimum-energy"
MU, RADIUS = 398600.4418, 6371.0  # km3/s2, km


def test_every_published_figure_is_met():
    for result in every_case(NAME).values():
        assert len(result.compared) == 4
        assert all(row.within for row in result.compared)


def test_a_wrong_gravity_is_caught_by_the_published_figures(monkeypatch):
    monkeypatch.setattr(minimum_energy, "MU_M3_S2", 1.01 * MU * 1e9)
    wrong = [row.name for row in study(NAME).compared if not row.within]
    assert wrong == ["speed_km_s", "time_min"]  # angle and apogee do not depend on it


def flown(speed, angle, step=1.0):
    """Range [km], apogee [km] and time [min] of a launch, by Runge and Kutta in a plane."""
    x, y, u, v = RADIUS, 0.0, speed * math.sin(angle), speed * math.cos(angle)

    def rate(x, y, u, v):
        cube = math.hypot(x, y) ** 3
        return u, v, -MU * x / cube, -MU * y / cube

    def moved(state, slope, by):
        return [s + by * k for s, k in zip(state, slope, strict=True)]

    state, time, apogee = [x, y, u, v], 0.0, 0.0
    while True:
        k1 = rate(*state)
        k2 = rate(*moved(state, k1, step / 2))
        k3 = rate(*moved(state, k2, step / 2))
        k4 = rate(*moved(state, k3, step))
        mean = [(a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(k1, k2, k3, k4, strict=True)]
        after = moved(state, mean, step)
        height, before = (math.hypot(s[0], s[1]) - RADIUS for s in (after, state))
        if height < 0.0:
            part = before / (before - height)
            state = moved(state, mean, step * part)
            return RADIUS * math.atan2(state[1], state[0]), apogee, (time + step * part) / 60.0
        state, time, apogee = after, time + step, max(apogee, height)


@pytest.mark.parametrize("range_km", [800, 3000, 5500, 8000, 12000, 15000])
def test_a_flight_step_by_step_lands_there(range_km):
    result = study(NAME, range=f"{range_km} km")
    landed, apogee, time = flown(result["speed_km_s"], math.radians(result["angle_deg"]))
    assert landed == pytest.approx(range_km, rel=1e-5)
    assert apogee == pytest.approx(result["apogee_km"], rel=1e-4)
    assert time == pytest.approx(result["time_min"], rel=1e-4)


@pytest.mark.parametrize("range_km", [2000, 10000])
def test_no_other_angle_gets_so_far_with_that_speed(range_km):
    result = study(NAME, range=f"{range_km} km")
    for degrees in (-2.0, 2.0):
        angle = math.radians(result["angle_deg"] + degrees)
        assert flown(result["speed_km_s"], angle)[0] < range_km


def test_the_table_of_the_catalogue_says_the_same():
    table = load_system("min-energy-table").parameters
    columns = [table[name].given for name in ("range", "speed", "apogee", "tof")]
    for flight in zip(*columns, strict=True):
        given_range, speed, apogee, time = flight
        result = study(NAME, range=given_range)
        assert result["speed_km_s"] == pytest.approx(float(speed.split()[0]), abs=0.0051)
        assert result["apogee_km"] == pytest.approx(float(apogee.split()[0]), abs=0.51)
        assert 60.0 * result["time_min"] == pytest.approx(float(time.split()[0]), abs=0.51)


@settings(max_examples=50, deadline=None)
@given(low=st.floats(1.0, 20000.0), factor=st.floats(1.0001, 1.5))
def test_farther_is_faster_flatter_and_longer(low, factor):
    high = min(low * factor, 20015.0)
    near, far = study(NAME, range=f"{low!r} km"), study(NAME, range=f"{high!r} km")
    assert near["speed_km_s"] < far["speed_km_s"] < math.sqrt(MU / RADIUS) * (1 + 1e-12)
    assert 45.0 > near["angle_deg"] > far["angle_deg"] >= 0.0
    assert near["time_min"] < far["time_min"]


def test_the_other_side_of_the_earth_is_an_orbit_at_the_surface():
    half = math.pi * RADIUS
    result = study(NAME, range=f"{half!r} km")
    assert result["angle_deg"] == pytest.approx(0.0, abs=1e-9)
    assert result["speed_km_s"] == pytest.approx(math.sqrt(MU / RADIUS), rel=1e-9)
    assert result["time_min"] == pytest.approx(half / result["speed_km_s"] / 60.0, rel=1e-6)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"range": "20100 km"}, "half the circumference, 20,015 km"),
        ({"range": "0 km"}, "more than 0 km"),
        ({"range": "-5 km"}, "more than 0 km"),
        ({"range": "5500"}, "a length"),
        ({"range": "5500 s"}, "a duration"),
        ({"rang": "5500 km"}, "range"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(inputs, words):
    with pytest.raises(OpendomeError) as caught:
        study(NAME, **inputs)
    assert words in str(caught.value)
