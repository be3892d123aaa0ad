"""Free flight in closed form against published ranges and another method."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.constants import MU_M3_S2
from opendome.threats.kernels.aiming import angle_between, arc_to, least_energy_angle
from opendome.world.lambert import lambert

RADIUS_M = 6371e3

# Least-energy flights over a sphere of 6371 km, surface to surface: range [km], speed [km/s],
# angle [deg], time [s]. Bate, Mueller, White (1971), chapter 6, computed to the digits shown.
LEAST_ENERGY = [
    (300, 1.6965, 44.326, 251.0),
    (1000, 3.0161, 42.752, 474.4),
    (3000, 4.8650, 38.255, 895.0),
    (5500, 6.0752, 32.634, 1315.8),
    (8000, 6.8046, 27.014, 1679.5),
    (10000, 7.1981, 22.517, 1931.0),
    (12000, 7.4796, 18.020, 2143.1),
    (13000, 7.5877, 15.772, 2233.1),
]


@pytest.mark.parametrize(("range_km", "speed", "angle", "time_s"), LEAST_ENERGY)
def test_least_energy_flights(range_km, speed, angle, time_s):
    psi = range_km * 1e3 / RADIUS_M
    path = least_energy_angle(RADIUS_M, RADIUS_M, psi)
    assert math.degrees(path) == pytest.approx(angle, abs=6e-4)
    found, arc_s = arc_to(RADIUS_M, RADIUS_M, psi, path)
    assert found == pytest.approx(speed * 1e3, abs=0.06)
    assert arc_s == pytest.approx(time_s, abs=0.06)


@pytest.mark.parametrize(
    ("q", "path_deg", "psi_deg"),
    [(0.9, 30, 100.3471), (0.8, 20, 82.4228), (0.95, 15, 128.8601), (1.0, 25, 130.0)],
)
def test_textbook_free_flight_range(q, path_deg, psi_deg):
    """Q = v^2 r / mu against cos(psi/2) = (1 - Q cos^2) / sqrt(1 + Q (Q - 2) cos^2)."""
    speed, _ = arc_to(RADIUS_M, RADIUS_M, math.radians(psi_deg), math.radians(path_deg))
    assert speed**2 * RADIUS_M / MU_M3_S2 == pytest.approx(q, abs=2e-6)


@given(
    psi=st.floats(0.02, 2.4),
    path=st.floats(0.1, 1.3),
    start=st.floats(6.38e6, 6.9e6),
    end=st.floats(6.35e6, 6.39e6),
)
def test_arc_is_a_lambert_solution(psi, path, start, end):
    """Lambert's problem for the same ends and time gives the same velocity."""
    speed, arc_s = arc_to(start, end, psi, path)
    if speed > 0.98 * math.sqrt(2.0 * MU_M3_S2 / start):
        return  # beyond the stated range
    first = np.array([start, 0.0, 0.0])
    last = end * np.array([math.cos(psi), math.sin(psi), 0.0])
    velocity = lambert(first, last, arc_s)[0]
    expected = speed * np.array([math.sin(path), math.cos(path), 0.0])
    np.testing.assert_allclose(velocity, expected, atol=1e-5)


@given(psi=st.floats(0.02, 2.6), start=st.floats(6.38e6, 6.9e6), change=st.floats(-0.2, 0.2))
def test_least_energy_is_least(psi, start, change):
    """No other flight-path angle needs less speed."""
    path = least_energy_angle(start, RADIUS_M, psi)
    least, _ = arc_to(start, RADIUS_M, psi, path)
    other = path + change
    if not 0.02 < other < 1.5:
        return
    assert arc_to(start, RADIUS_M, psi, other)[0] >= least * (1.0 - 1e-12)


def test_angle_between_is_exact_for_small_and_large_angles():
    for angle in (1e-9, 0.3, 1.5, 3.1, math.pi - 1e-9):
        found = angle_between(3.0, 0.0, 0.0, 5.0 * math.cos(angle), 0.0, 5.0 * math.sin(angle))
        assert found == pytest.approx(angle, rel=1e-12, abs=1e-16)
