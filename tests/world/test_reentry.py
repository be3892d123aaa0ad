"""Allen and Eggers: published case, relations, and how far real air and gravity move it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.world.frames import enu_axes
from opendome.world.propagation import fly_all
from opendome.world.reentry import entry_speed_m_s, peak_altitude_m, peak_deceleration_m_s2

DENSITY, SCALE = 1.7523, 6705.6
DIVES = st.floats(0.2, math.pi / 2)
BETAS = st.floats(300.0, 2e4)


def test_published_case():
    """Authority: NACA Report 1381: iron sphere, 30 000 ft/s, vertical; and at 30 degrees."""
    speed = 9144.0
    for dive, peak_g, height_ft in ((math.pi / 2, 233.88, 43865.0), (math.pi / 6, 116.94, 59114.0)):
        assert peak_deceleration_m_s2(speed, dive, SCALE) / 9.80665 == pytest.approx(
            peak_g, rel=1e-4
        )
        top = peak_altitude_m(dive, 1600.0, DENSITY, SCALE)
        assert top / 0.3048 == pytest.approx(height_ft, rel=1e-4)
        there = entry_speed_m_s(top, speed, dive, 1600.0, DENSITY, SCALE)
        assert there == pytest.approx(5546.1, abs=0.1)


@given(DIVES, BETAS)
def test_the_peak_is_the_peak(dive, beta):
    """Deceleration rho v^2 / (2 beta) along the path, by the closed form of the speed."""

    def braking(height):
        v = entry_speed_m_s(height, 7000.0, dive, beta, DENSITY, SCALE)
        return DENSITY * math.exp(-height / SCALE) * v * v / (2.0 * beta)

    top = peak_altitude_m(dive, beta, DENSITY, SCALE)
    assert braking(top) == pytest.approx(peak_deceleration_m_s2(7000.0, dive, SCALE), rel=1e-9)
    assert braking(top) >= max(braking(top + 200.0), braking(top - 200.0))


@given(DIVES)
def test_a_blunter_body_peaks_higher_but_not_harder(dive):
    assert peak_altitude_m(dive, 500.0, DENSITY, SCALE) > peak_altitude_m(
        dive, 5000.0, DENSITY, SCALE
    )


@pytest.mark.parametrize("beta", [500.0, 1000.0, 4000.0])
def test_real_air_and_gravity_stay_in_a_band(beta):
    """US-1976 air, gravity and a round Earth: peak within 5 per cent of the closed form.

    These bodies peak between 11 and 24 km, in the stratosphere of 216.65 K and scale height
    R T / (M g) = 6341 m.
    """
    dive, speed = math.radians(35), 7000.0
    east, _, up = enu_axes(0.0, 0.0)
    flown = fly_all(
        [[6378137.0 + 120e3, 0.0, 0.0]],
        [speed * (math.cos(dive) * east - math.sin(dive) * up)],
        t_end_s=300.0, beta_kg_m2=beta, step_s=0.01, samples=30_000,
    )  # fmt: skip
    braking = -np.gradient(np.linalg.norm(flown.vel_eci_m_s[0], axis=1), 0.01)
    peak = int(np.nanargmax(braking))
    assert braking[peak] == pytest.approx(peak_deceleration_m_s2(speed, dive, 6341.0), rel=0.05)
    assert 11e3 < np.linalg.norm(flown.pos_eci_m[0, peak]) - 6378137.0 < 24e3
