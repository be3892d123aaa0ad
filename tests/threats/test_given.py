"""Curves through the rows of a given track."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.threats.given import along

BENT = np.array([[1.0, 2.0, 3.0], [4.0, -5.0, 6.0], [0.3, 0.2, -0.4]])


def parabola(t_s):
    """Place and velocity of a body under a constant force."""
    t_s = np.asarray(t_s)[:, None]
    return BENT[0] + BENT[1] * t_s + BENT[2] * t_s**2, BENT[1] + 2.0 * BENT[2] * t_s


@settings(deadline=None)
@given(
    gaps=st.lists(st.floats(0.1, 50.0), min_size=2, max_size=12),
    shares=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5),
)
def test_a_body_under_a_constant_force_is_followed_exactly(gaps, shares):
    t_s = np.concatenate([[0.0], np.cumsum(gaps)])
    asked_s = np.array(shares) * t_s[-1]
    place, speed = along(t_s, parabola(t_s)[0], asked_s)
    exact = parabola(asked_s)
    assert place == pytest.approx(exact[0], rel=1e-9, abs=1e-6)
    assert speed == pytest.approx(exact[1], rel=1e-9, abs=1e-6)


def test_the_curve_passes_through_its_rows():
    t_s = np.array([0.0, 1.0, 4.0, 5.0, 9.0])
    rows = np.random.default_rng(3).normal(size=(5, 3))
    assert along(t_s, rows, t_s)[0] == pytest.approx(rows)


def test_the_velocity_is_that_of_the_curve():
    t_s = np.array([0.0, 1.0, 4.0, 5.0, 9.0])
    rows = np.random.default_rng(3).normal(size=(5, 3))
    asked_s = np.linspace(0.01, 8.99, 40)
    step_s = 1e-6
    before, after = (along(t_s, rows, asked_s + s)[0] for s in (-step_s, step_s))
    speed = along(t_s, rows, asked_s)[1]
    assert speed == pytest.approx((after - before) / (2.0 * step_s), abs=1e-6)


def test_two_rows_make_a_straight_line():
    place, speed = along(np.array([0.0, 10.0]), BENT[:2], np.array([0.0, 5.0, 10.0]))
    assert place[1] == pytest.approx(BENT[:2].mean(axis=0))
    assert speed == pytest.approx(np.tile((BENT[1] - BENT[0]) / 10.0, (3, 1)))


def test_a_straight_line_between_rows_would_miss():
    """Negative control: chords are off a parabola where the curve is exact."""
    t_s = np.array([0.0, 10.0, 20.0])
    exact = parabola([5.0])[0]
    chord = parabola(t_s[:2])[0].mean(axis=0)
    assert np.linalg.norm(chord - exact) > 1.0
    assert along(t_s, parabola(t_s)[0], np.array([5.0]))[0] == pytest.approx(exact)
