"""Planck's law over a band: the printed table, quadrature, the Sun."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from opendome.quantities.constants import (
    BOLTZMANN_J_K,
    PLANCK_J_S,
    SPEED_OF_LIGHT_M_S,
    STEFAN_BOLTZMANN_W_M2_K4,
)
from opendome.world.radiation import C2_M_K, band_share, beyond, grey_body_intensity, up_to

# F. P. Incropera, D. P. DeWitt, Fundamentals of Heat and Mass Transfer, blackbody radiation
# functions: wavelength times temperature [um K] -> share of shorter waves
TABLE = {
    1000: 0.000321, 1400: 0.007790, 2000: 0.066728, 2400: 0.140256, 2898: 0.250108,
    3600: 0.403607, 4000: 0.480877, 5000: 0.633747, 6000: 0.737818, 8000: 0.856288,
    10000: 0.914199, 20000: 0.985602,
}  # fmt: skip


@pytest.mark.parametrize(("product_um_k", "share"), TABLE.items())
def test_the_printed_table(product_um_k, share):
    got = band_share(1000.0, 1e-9, product_um_k * 1e-9)
    assert got == pytest.approx(share, abs=5e-5)  # the table rests on older constants
    assert abs(band_share(1030.0, 1e-9, product_um_k * 1e-9) - share) > 5e-5  # control


def test_constants():
    sigma = 2 * math.pi**5 * BOLTZMANN_J_K**4 / (15 * PLANCK_J_S**3 * SPEED_OF_LIGHT_M_S**2)
    assert sigma == pytest.approx(STEFAN_BOLTZMANN_W_M2_K4, rel=1e-9)
    assert pytest.approx(0.01438776877, rel=1e-9) == C2_M_K  # CODATA 2018


def integrand(x):
    return x**3 / math.expm1(x) if 0.0 < x < 700.0 else 0.0


@settings(max_examples=100, deadline=None)
@given(st.floats(50.0, 6000.0), st.floats(0.3e-6, 50e-6), st.floats(1.05, 20.0))
def test_against_quadrature(temperature_k, shortest_m, wider):
    low, high = (C2_M_K / (w * shortest_m * temperature_k) for w in (wider, 1.0))
    part, error = quad(integrand, low, min(high, low + 60.0), epsabs=0.0, epsrel=1e-12, limit=200)
    got = band_share(temperature_k, shortest_m, wider * shortest_m)
    assert got == pytest.approx(part * 15 / math.pi**4, rel=1e-9, abs=1e-15 + error)


def test_both_series_meet():
    assert up_to(1.0) + beyond(1.0) == pytest.approx(math.pi**4 / 15, rel=1e-15)


@given(st.floats(100.0, 3000.0), st.floats(1e-6, 10e-6), st.floats(1.1, 3.0), st.floats(1.1, 3.0))
def test_bands_add_up(temperature_k, first_m, wider, wider_still):
    second_m, third_m = first_m * wider, first_m * wider * wider_still
    parts = band_share(temperature_k, first_m, second_m) + band_share(
        temperature_k, second_m, third_m
    )
    assert parts == pytest.approx(band_share(temperature_k, first_m, third_m), abs=1e-14)


def test_the_sun_as_a_black_body():
    """IAU 2015 Resolution B3: 5772 K, 695 700 km, 1361 W/m2 at one astronomical unit."""
    disc_m2 = math.pi * 6.957e8**2
    intensity = grey_body_intensity(5772.0, 1.0, disc_m2, 1e-9, 1.0)
    assert intensity / 1.495978707e11**2 == pytest.approx(1361.0, rel=1e-3)
    assert 4 * math.pi * intensity == pytest.approx(3.828e26, rel=1e-3)
    sphere = grey_body_intensity(5772.0, 1.0, 4.0 * disc_m2, 1e-9, 1.0)
    assert sphere / 1.495978707e11**2 > 5000.0  # negative control: surface for silhouette


def test_a_body_in_mid_course():
    """1 to 1.5 m2 at 300 K: 146 to 219 W/sr in all, about a quarter of it in 8 to 12 um."""
    whole = [grey_body_intensity(300.0, 1.0, area, 1e-9, 1.0) for area in (1.0, 1.5)]
    assert whole == pytest.approx([146.0, 219.0], abs=0.5)
    assert band_share(300.0, 8e-6, 12e-6) == pytest.approx(0.2633, abs=1e-4)
    assert grey_body_intensity(300.0, 0.8, 1.0, 8e-6, 12e-6) == pytest.approx(
        0.8 * 0.2633 * 146.2, rel=1e-3
    )
