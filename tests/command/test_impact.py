"""Impact-point kernels: normal mass of polygons against scipy, spread on the ground against flight.

Authorities: products of scipy's normal distribution, scipy's quadrature, and the parabola.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from opendome.command.kernels.impact import (
    IMPACT_PLACE,
    expected_loss,
    ground_spread,
    p_in_polygon,
)

RECTANGLE = np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 2000.0], [0.0, 2000.0]])
TRIANGLE = np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 2000.0]])
HOOK = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 3.0], [2.0, 3.0], [2.0, 1.0], [0.0, 1.0]]) * 1000.0
EXACT = 1e-9  # asked for; 4e-13 reached
G = 9.81


def inside(polygon, x, y, xx, xy, yy):
    return p_in_polygon(polygon, 0, len(polygon), x, y, xx, xy, yy)


def by_product(low, high, x, y, sx, sy):
    """Mass of an upright rectangle for independent errors."""
    across = norm.cdf(high[0], x, sx) - norm.cdf(low[0], x, sx)
    return across * (norm.cdf(high[1], y, sy) - norm.cdf(low[1], y, sy))


small = st.floats(-5000.0, 5000.0)
sigma = st.floats(1.0, 30_000.0)


@settings(deadline=None)  # compiles
@given(x=small, y=small, sx=sigma, sy=sigma)
def test_upright_rectangle_is_a_product(x, y, sx, sy):
    expected = by_product((0.0, 0.0), (1000.0, 2000.0), x, y, sx, sy)
    assert inside(RECTANGLE, x, y, sx * sx, 0.0, sy * sy) == pytest.approx(expected, abs=EXACT)


@given(x=small, y=small, sx=sigma, sy=sigma)
def test_hook_is_two_rectangles(x, y, sx, sy):
    """A polygon with a corner that turns in."""
    expected = by_product((0.0, 0.0), (3000.0, 1000.0), x, y, sx, sy)
    expected += by_product((2000.0, 1000.0), (3000.0, 3000.0), x, y, sx, sy)
    assert inside(HOOK, x, y, sx * sx, 0.0, sy * sy) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("rho", [-0.99, -0.6, 0.3, 0.9])
@pytest.mark.parametrize("size", [(200.0, 500.0), (3000.0, 900.0), (20.0, 20_000.0)])
@pytest.mark.parametrize("at", [(500.0, 500.0), (1000.0, 0.0), (-700.0, 2500.0)])
def test_correlated_errors_over_a_triangle(rho, size, at):
    (sx, sy), (x, y) = size, at
    rest = sy * math.sqrt(1.0 - rho * rho)

    def strip(t):
        middle = y + rho * sy / sx * (t - x)
        return norm.pdf(t, x, sx) * (norm.cdf(2.0 * t, middle, rest) - norm.cdf(0.0, middle, rest))

    expected = quad(strip, 0.0, 1000.0, epsabs=1e-12, epsrel=1e-12, limit=500, points=[
        min(max(x, 1.0), 999.0)])[0]  # fmt: skip
    found = inside(TRIANGLE, x, y, sx * sx, rho * sx * sy, sy * sy)
    assert found == pytest.approx(expected, abs=EXACT)


@given(x=small, y=small, sx=sigma, sy=sigma, rho=st.floats(-0.95, 0.95))
def test_sense_and_cut_do_not_count(x, y, sx, sy, rho):
    """The same ground told the other way round, or in two pieces, has the same mass."""
    spread = (sx * sx, rho * sx * sy, sy * sy)
    whole = inside(HOOK, x, y, *spread)
    assert inside(HOOK[::-1].copy(), x, y, *spread) == pytest.approx(whole, abs=EXACT)
    foot = np.array([HOOK[0], HOOK[1], [3000.0, 1000.0], HOOK[5]])
    leg = np.array([HOOK[4], [3000.0, 1000.0], HOOK[2], HOOK[3]])
    assert inside(foot, x, y, *spread) + inside(leg, x, y, *spread) == pytest.approx(
        whole, abs=EXACT
    )


def test_no_spread_is_inside_or_not():
    assert inside(HOOK, 500.0, 500.0, 0.0, 0.0, 0.0) == pytest.approx(1.0, abs=EXACT)
    assert inside(HOOK, 500.0, 2500.0, 0.0, 0.0, 0.0) == pytest.approx(0.0, abs=EXACT)
    assert math.isnan(inside(HOOK, math.nan, 0.0, 1.0, 0.0, 1.0))


def places(*polygons, values):
    """Table of places and its corners."""
    rows = np.zeros(len(polygons), IMPACT_PLACE)
    filled = 0
    for row, polygon, value in zip(rows, polygons, values, strict=True):
        middle = polygon.mean(axis=0)
        radius = np.hypot(*(polygon - middle).T).max()
        row["value"], row["radius_m"] = value, radius
        row["east_m"], row["north_m"] = middle
        row["first_vertex"], row["end_vertex"] = filled, filled + len(polygon)
        filled += len(polygon)
    return rows, np.concatenate(polygons)


def test_loss_sums_value_times_chance():
    rows, corners = places(RECTANGLE, HOOK + 1500.0, values=(2.0, 5.0))
    spread = (4e6, 1e6, 9e6)
    expected = 2.0 * inside(RECTANGLE, 300.0, 400.0, *spread)
    expected += 5.0 * inside(HOOK + 1500.0, 300.0, 400.0, *spread)
    assert expected_loss(rows, corners, 0, 2, 300.0, 400.0, *spread) == pytest.approx(expected)
    assert expected_loss(rows, corners, 1, 1, 300.0, 400.0, *spread) == 0.0


def test_skipping_far_places_costs_nothing():
    rows, corners = places(RECTANGLE, values=(1.0,))
    for away in np.linspace(0.0, 12_000.0, 60):
        full = inside(RECTANGLE, 500.0 + away, 1000.0, 1e6, 0.0, 1e6)
        quick = expected_loss(rows, corners, 0, 1, 500.0 + away, 1000.0, 1e6, 0.0, 1e6)
        assert quick == pytest.approx(full, abs=3e-11)


def test_what_is_only_rounding_is_no_chance():
    """Beyond 6.4 standard deviations the sum of triangles is rounding, of either sign."""
    for away in np.linspace(6.4, 40.0, 500):
        assert inside(RECTANGLE, -1000.0 * away, 700.0, 1e6, 3e5, 1e6) == 0.0
    assert inside(RECTANGLE, -5000.0, 700.0, 1e6, 3e5, 1e6) > 0.0


def impact(state, g=G):
    """Where a parabola meets the plane z = 0: (x, y)."""
    x, y, z, vx, vy, vz = state
    t = (vz + math.sqrt(vz * vz + 2.0 * g * z)) / g
    return np.array([x + vx * t, y + vy * t])


def jacobian(state):
    columns = []
    for k in range(6):
        step = np.zeros(6)
        step[k] = 1e-3
        columns.append((impact(state + step) - impact(state - step)) / 2e-3)
    return np.array(columns).T


def spread_of(cov, state):
    """The kernel's answer for a parabola, and the exact first-order one."""
    _, _, z, vx, vy, vz = state
    t = (vz + math.sqrt(vz * vz + 2.0 * G * z)) / G
    falling = np.array([vx, vy, vz - G * t])
    found = ground_spread(cov, t, falling, *np.eye(3))
    j = jacobian(state)
    return found, j @ cov @ j.T


@pytest.mark.parametrize("speed", [(300.0, 120.0, 250.0), (80.0, -900.0, 400.0)])
def test_spread_on_the_ground_is_that_of_the_parabola(speed):
    """With even gravity errors run straight, so that the first order is exact."""
    mixed = np.arange(36.0).reshape(6, 6) % 7.0 - 3.0
    cov = mixed @ mixed.T * np.outer([50.0] * 3 + [2.0] * 3, [50.0] * 3 + [2.0] * 3)
    (xx, xy, yy), expected = spread_of(cov, np.array([0.0, 0.0, 3000.0, *speed]))
    assert (xx, xy, yy) == pytest.approx((expected[0, 0], expected[0, 1], expected[1, 1]), rel=1e-6)


def test_only_the_upper_triangle_is_read():
    cov = np.diag([100.0, 200.0, 300.0, 4.0, 5.0, 6.0])
    cov[0, 3] = cov[1, 4] = 7.0
    full = cov + np.tril(cov.T, -1)
    v = np.array([300.0, 0.0, -500.0])
    assert ground_spread(cov, 30.0, v, *np.eye(3)) == ground_spread(full, 30.0, v, *np.eye(3))


def test_error_along_the_path_moves_nothing():
    """What is only earlier or later on its path falls on the same spot."""
    v = np.array([300.0, -200.0, -400.0])
    cov = np.zeros((6, 6))
    cov[:3, :3] = np.outer(v, v)
    assert ground_spread(cov, 12.0, v, *np.eye(3)) == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)


def test_flat_flight_has_an_end():
    """A level path meets the ground nowhere: it counts as one that falls by 2 degrees."""
    cov = np.diag([1.0] * 6)
    level = ground_spread(cov, 10.0, np.array([200.0, 0.0, 0.0]), *np.eye(3))
    assert all(map(math.isfinite, level))
    assert level[0] == pytest.approx(101.0 * (1.0 + 32.0**2))


def test_a_wrong_height_of_the_edge_is_seen():
    """Negative control: the corner moved by a part in a thousand is not within the tolerance."""
    wrong = RECTANGLE.copy()
    wrong[2, 0] += 1.0
    expected = by_product((0.0, 0.0), (1000.0, 2000.0), 500.0, 1000.0, 800.0, 900.0)
    assert abs(inside(wrong, 500.0, 1000.0, 640_000.0, 0.0, 810_000.0) - expected) > EXACT
