"""US Standard Atmosphere 1976: published rows, hydrostatics, and the fast density."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.constants import (
    RADIUS_GEOPOTENTIAL_US76_M,
    STANDARD_GRAVITY_M_S2,
)
from opendome.world.atmosphere import (
    AIR_US76,
    ALTITUDE_MAX_M,
    ALTITUDE_MIN_M,
    density_of,
    density_us76,
    exponential_air,
    geopotential_m,
    us76,
)
from opendome.world.us76_table import KNOTS

TOOL = Path(__file__).parents[2] / "tools" / "make_us76_table.py"

# Temperature and pressure at the layer bases: U.S. Standard Atmosphere, 1976, table I
BASES = [
    (11e3, 216.650, 22632.0), (20e3, 216.650, 5474.8), (32e3, 228.650, 868.01),
    (47e3, 270.650, 110.90), (51e3, 270.650, 66.938), (71e3, 214.650, 3.9564),
]  # fmt: skip


@pytest.mark.parametrize(("height", "temperature", "pressure"), BASES)
def test_layer_bases(height, temperature, pressure):
    alt = RADIUS_GEOPOTENTIAL_US76_M * height / (RADIUS_GEOPOTENTIAL_US76_M - height)
    assert geopotential_m(alt) == pytest.approx(height)
    t, p, _, _ = us76(alt)
    assert (t, p) == pytest.approx((temperature, pressure), rel=1e-4)


def test_sea_level():
    assert us76(0.0) == pytest.approx((288.15, 101325.0, 1.2250, 340.294), rel=1e-5)


@given(st.floats(-5e3, 85e3))
def test_pressure_carries_the_air_above(alt):
    """dp/dz = -rho g with g falling as the inverse square, the standard's own assumption."""
    step = 0.5
    slope = (us76(alt + step)[1] - us76(alt - step)[1]) / (2 * step)
    radius = RADIUS_GEOPOTENTIAL_US76_M
    g = STANDARD_GRAVITY_M_S2 * (radius / (radius + alt)) ** 2
    assert slope == pytest.approx(-us76(alt)[2] * g, rel=1e-4)


@pytest.mark.parametrize("alt_km", [310, 350, 400, 450, 490])
def test_upper_air_against_a_published_fit(alt_km):
    """Authority: fit of ln p and ln rho for 300 to 500 km by R. Braeunig (as in poliastro).

    The fit itself is good to about 0.5 per cent.
    """
    p_fit = (9.814674e-11, -1.654439e-07, 1.148115e-04, -0.05431334, -2.011365)
    rho_fit = (1.140564e-10, -2.130756e-07, 1.570762e-04, -0.07029296, -12.89844)
    _, p, rho, _ = us76(1e3 * alt_km)
    assert p == pytest.approx(math.exp(np.polyval(p_fit, alt_km)), rel=5e-3)
    assert rho == pytest.approx(math.exp(np.polyval(rho_fit, alt_km)), rel=5e-3)


@pytest.mark.parametrize("alt", [11019.0, 32162.0, 86e3, 100e3, 120e3, 500e3])
def test_no_jumps(alt):
    for below, above in zip(us76(alt - 1e-3), us76(alt + 1e-3), strict=True):
        assert below == pytest.approx(above, rel=2e-5)


def test_density_only_falls():
    density = np.array([density_us76(z) for z in np.linspace(-5e3, 1e6, 50_001)])
    assert (np.diff(density) < 0.0).all()


def test_fast_density():
    """1e-8 below 86 km, 1e-5 above, where the table itself is good to 1e-4."""
    for low, high, error in ((-5e3, 85_999.0, 1e-8), (86e3, 1e6, 1e-5)):
        heights = np.random.default_rng(5).uniform(low, high, 40_000)
        exact = np.array([us76(z)[2] for z in heights])
        fast = np.array([density_us76(z) for z in heights])
        assert np.abs(fast / exact - 1.0).max() < error


def test_edges():
    assert density_us76(-1e9) == density_us76(ALTITUDE_MIN_M)
    assert density_us76(ALTITUDE_MAX_M) > 0.0 == density_us76(ALTITUDE_MAX_M + 1.0)
    assert us76(2e6)[1:3] == (0.0, 0.0)
    assert math.isnan(density_us76(math.nan))
    assert density_us76(math.inf) == 0.0


@given(st.floats(-5e3, 300e3))
def test_exponential_air(alt):
    air = exponential_air(density_sea_level_kg_m3=1.75, scale_height_m=6700.0)
    exact = 1.75 * math.exp(-alt / 6700.0)
    assert density_of(alt, air.pieces, air.first_piece) == pytest.approx(exact, rel=1e-9)


def test_tables_are_protected():
    for array in (AIR_US76.pieces, AIR_US76.first_piece, AIR_US76.breaks_m):
        assert not array.flags.writeable


def test_the_committed_table_is_what_the_script_makes():
    spec = importlib.util.spec_from_file_location("make_us76_table", TOOL)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.STEP_PER_KM = 20  # coarser than the committed table, for speed
    z = np.arange(86 * 20, 1000 * 20 + 1) / 20
    values = script.profile(z)
    for height, log_p, _, log_rho, _ in KNOTS:
        at = round((height - 86) * 20)
        assert values[0, at] == pytest.approx(log_p, abs=1e-4)
        assert values[2, at] == pytest.approx(log_rho, abs=1e-4)
