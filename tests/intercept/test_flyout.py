"""Straight-line flyout against published tables and a propagated constellation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.intercept.kernels import (
    flyout_range,
    flyout_time,
    footprint_radius,
    satellites_per_footprint,
)
from opendome.quantities.constants import RADIUS_EQUATOR_M, ROTATION_RAD_S, STANDARD_GRAVITY_M_S2
from opendome.world.constellations import Walker, positions_eci

G15 = 15.0 * STANDARD_GRAVITY_M_S2
# T. Harrison, AEI working paper 2025-20, appendix B: orbit 300 km, intercept at 200 km.
SHELL_M = 6378.1e3 + 200e3

# flyout [s], burnout speed [km/s], latitude limit [deg], shots x salvo -> footprint [km],
# ratio, satellites. Source: the public calculator of the same author, its default case and
# four changes of one input.
CALCULATOR = [
    (120.0, 6.0, 90.0, 2, 589.2, 498.57, 998),
    (120.0, 6.0, 90.0, 10, 589.2, 498.57, 4986),
    (90.0, 6.0, 90.0, 2, 405.5, 1052.72, 2106),
    (120.0, 8.0, 90.0, 2, 735.7, 319.79, 640),
    (120.0, 6.0, 45.0, 2, 589.2, 498.57 * math.sin(math.radians(45.0)), 706),
]


def footprint_of(time_s, speed_km_s, range_of=flyout_range):
    return footprint_radius(range_of(time_s, G15, speed_km_s * 1e3), 100e3)


@pytest.mark.parametrize("row", CALCULATOR)
def test_published_footprints_and_counts(row):
    time_s, speed, lat_deg, shots, footprint_km, ratio, satellites = row
    radius_m = footprint_of(time_s, speed)
    assert radius_m == pytest.approx(footprint_km * 1e3, abs=50.0)
    band = math.sin(math.radians(lat_deg))
    ours = satellites_per_footprint(radius_m, SHELL_M) * band
    assert ours == pytest.approx(ratio, rel=2e-4)
    assert math.ceil(ours * shots) == satellites


def test_published_boost_layer_range():
    assert flyout_range(120.0, G15, 6000.0) == pytest.approx(597.6e3, abs=50.0)


def test_the_published_table_catches_a_burn_that_costs_nothing():
    def no_burn(time_s, acceleration_m_s2, speed_m_s):
        return speed_m_s * time_s

    worst = max(abs(footprint_of(row[0], row[1], no_burn) - row[4] * 1e3) for row in CALCULATOR)
    assert worst > 50e3


# Reach needed so that 7,800 interceptors keep one or two in reach of each of ten targets, and
# its flyout time at 6 km/s and 15 g: closed form, rounded to the second.
@pytest.mark.parametrize(("reach_km", "time_s"), [(531.0, 109.0), (751.0, 145.0)])
def test_flyout_time_of_the_reach_that_7800_interceptors_need(reach_km, time_s):
    assert flyout_time(reach_km * 1e3, G15, 6000.0) == pytest.approx(time_s, rel=0.01)


@given(
    st.floats(1.0, 5e6),
    st.floats(10.0, 500.0),
    st.floats(1e3, 1e4),
    st.floats(1.0, 1.5),
)
def test_time_and_range_are_inverse_and_monotone(range_m, acceleration, speed, more):
    time_s = flyout_time(range_m, acceleration, speed)
    assert flyout_range(time_s, acceleration, speed) == pytest.approx(range_m, rel=1e-12)
    assert flyout_time(range_m, acceleration * more, speed) <= time_s * (1 + 1e-12)
    assert flyout_time(range_m, acceleration, speed * more) <= time_s * (1 + 1e-12)
    assert flyout_range(time_s * more, acceleration, speed) >= range_m * (1 - 1e-12)


def test_out_of_range_footprint_is_empty():
    assert footprint_radius(50e3, 100e3) == 0.0


def in_reach(reach_m: float) -> np.ndarray:
    """Interceptors within reach, along the shell, of a point below 40 deg north: (epoch,)."""
    walker = Walker(
        kind="delta",
        satellites=7800,
        planes=78,
        phasing=1,
        altitude_m=400e3,
        inclination_rad=math.radians(85.0),
    )
    times_s = np.random.default_rng(1).uniform(0.0, 86400.0, 400)
    shell_m = RADIUS_EQUATOR_M + 400e3
    lat = math.radians(40.0)
    chord_m = 2.0 * shell_m * math.sin(0.5 * reach_m / shell_m)
    counts = []
    for some_s in np.array_split(times_s, 8):
        lon = ROTATION_RAD_S * some_s
        level = math.cos(lat) * np.stack((np.cos(lon), np.sin(lon)), axis=-1)
        target = shell_m * np.column_stack((level, np.full(lon.size, math.sin(lat))))
        distance_m = np.linalg.norm(positions_eci(walker.elements(), some_s) - target, axis=-1)
        counts.append((distance_m <= chord_m).sum(axis=0))
    return np.concatenate(counts)


# Walker delta 7800/78 at 400 km and 85 deg over 400 random epochs: computed once from the
# formula N r^2 / (4 (R + h)^2) x 2 / (pi sqrt(sin^2 i - sin^2 lat)) and by propagation.
@pytest.mark.parametrize(
    ("reach_km", "mean", "low", "high"), [(753.0, 20.11, 17, 25), (532.0, 9.99, 8, 13)]
)
def test_satellites_in_reach_of_a_walker_constellation(reach_km, mean, low, high):
    counts = in_reach(reach_km * 1e3)
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert abs(int(counts.min()) - low) <= 1
    assert abs(int(counts.max()) - high) <= 2


def test_the_count_catches_a_reach_ten_per_cent_short():
    assert abs(in_reach(0.9 * 753e3).mean() - 20.11) > 0.02 * 20.11
