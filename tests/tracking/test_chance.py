import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal

from opendome.tracking.kernels import cross_sigmas, p_within
from opendome.tracking.kernels.chance import p_inside_circle

RATIOS = [1.0, 0.7, 0.3, 0.1, 1e-2, 1e-3, 1e-5]
RADII = [1e-4, 1e-2, 0.3, 1.0, 2.0, 5.0, 12.0]


def by_rings(large, small, radius):
    """The other way round: polar angle of the whitened plane, adaptive quadrature."""

    def outside(angle):
        reach = (large * math.cos(angle)) ** 2 + (small * math.sin(angle)) ** 2
        return math.exp(-0.5 * radius**2 / reach)

    ridge = math.pi / 2 - np.geomspace(1e-8, 1.0, 17)
    edges = [0.0, *ridge[::-1], math.pi / 2]
    total = sum(quad(outside, a, b, epsabs=1e-13, epsrel=1e-12)[0] for a, b in pairwise(edges))
    return 1.0 - total * 2.0 / math.pi


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("radius", RADII)
def test_against_adaptive_quadrature(ratio, radius):
    assert p_inside_circle(1.0, ratio, radius) == pytest.approx(
        by_rings(1.0, ratio, radius), abs=1e-8
    )
    in_narrow_units = p_inside_circle(1.0, ratio, radius * ratio)
    assert in_narrow_units == pytest.approx(by_rings(1.0, ratio, radius * ratio), abs=1e-8)


@pytest.mark.parametrize("radius", [0.1, 0.5, 1.0, 2.0, 4.0])
def test_round_errors_give_rayleigh(radius):
    wanted = -math.expm1(-0.5 * radius**2)
    assert p_inside_circle(1.0, 1.0, radius) == pytest.approx(wanted, abs=1e-10)
    assert p_inside_circle(1.0, 0.0, radius) == pytest.approx(math.erf(radius / 2**0.5), abs=1e-12)


def test_against_random_points_in_space():
    """2e5 points: standard error 1.1e-3; false alarm of 4 of them 6e-5."""
    rng = np.random.default_rng(3)
    root = rng.normal(size=(3, 3)) * np.array([300.0, 1000.0, 50.0])[:, None]
    line = np.array([0.3, -0.5, 0.81])
    line /= np.linalg.norm(line)
    cov = root @ root.T
    points = multivariate_normal(cov=cov, seed=4).rvs(200_000)
    misses = np.linalg.norm(points - np.outer(points @ line, line), axis=1)
    radius = float(np.median(misses)) * 1.3
    share = np.mean(misses <= radius)
    assert p_within(cov, *line, radius) == pytest.approx(share, abs=4 * 1.1e-3)
    # negative control: the error in space instead of across the line of sight
    assert abs(np.mean(np.linalg.norm(points, axis=1) <= radius) - share) > 0.02


def test_limits():
    assert p_within(np.zeros((3, 3)), 1.0, 2.0, 3.0, 5.0) == 1.0
    assert p_within(np.eye(3) * 1e-20, 1.0, 2.0, 3.0, 5.0) == 1.0
    assert p_within(np.eye(3) * 1e20, 1.0, 2.0, 3.0, 5.0) < 1e-15
    assert p_within(np.eye(3), 0.0, 0.0, 1.0, 0.0) == 0.0


def test_an_error_along_the_line_costs_nothing():
    line = np.array([2.0, -1.0, 0.5])
    line /= np.linalg.norm(line)
    cov = np.eye(3) * 100.0**2
    stretched = cov + np.outer(line, line) * 1e12
    wanted = p_within(cov, *line, 150.0)
    assert p_within(stretched, *line, 150.0) == pytest.approx(wanted, abs=1e-6)


def test_reads_only_the_position_block():
    cov = np.diag([1.0, 4.0, 9.0, 1e6, 1e6, 1e6])
    position = np.ascontiguousarray(cov[:3, :3])
    assert p_within(cov, 1.0, 0.0, 0.0, 2.0) == p_within(position, 1.0, 0.0, 0.0, 2.0)
    assert cross_sigmas(cov, 7.0, 0.0, 0.0) == pytest.approx((3.0, 2.0))
    assert cross_sigmas(cov, 0.0, 7.0, 0.0) == pytest.approx((3.0, 1.0))
    assert cross_sigmas(cov, 0.0, 0.0, 7.0) == pytest.approx((2.0, 1.0))


sigmas = st.floats(1e-3, 1e6)


@settings(max_examples=200, deadline=None)
@given(large=sigmas, ratio=st.floats(0.0, 1.0), radius=sigmas, more=st.floats(1.0, 3.0))
def test_grows_with_the_radius_and_falls_with_the_error(large, ratio, radius, more):
    small = large * ratio
    p = p_inside_circle(large, small, radius)
    assert 0.0 <= p <= 1.0
    assert p_inside_circle(large, small, radius * more) >= p - 1e-8
    assert p_inside_circle(large * more, small, radius) <= p + 1e-8
