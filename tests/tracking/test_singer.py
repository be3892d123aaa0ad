"""The response to a fading force and its noise, against integrals and the published form."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from opendome.tracking.kernels.singer import SERIES_END, noise, response


def shapes(a_s):
    """Position, velocity and force after a unit push: functions of time."""
    return (
        lambda t: quad(lambda s: (t - s) * math.exp(-a_s * s), 0.0, t, epsabs=0, epsrel=1e-12)[0],
        lambda t: quad(lambda s: math.exp(-a_s * s), 0.0, t, epsabs=0, epsrel=1e-12)[0],
        lambda t: math.exp(-a_s * t),
    )


@pytest.mark.parametrize("x", [-3.0, -0.6, -0.5, -0.01, 0.0, 1e-9, 0.2, 0.499, 0.501, 2.0, 8.0])
def test_response_and_noise_are_the_integrals(x):
    h_s = 4.0
    a_s = x / h_s
    wanted = shapes(a_s)
    assert response(a_s, h_s) == pytest.approx([shape(h_s) for shape in wanted], rel=1e-11)
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    squares = [
        quad(lambda t, i=i, j=j: wanted[i](t) * wanted[j](t), 0.0, h_s, epsrel=1e-11)[0]
        for i, j in pairs
    ]
    assert noise(a_s, h_s) == pytest.approx(squares, rel=1e-9)


def test_noise_is_the_form_that_singer_published():
    """q11 and q13 of Singer 1970 for sigma 1: q = 2 alpha sigma^2."""
    a_s, h_s = 0.3, 5.0
    x = a_s * h_s
    q11 = 1.0 - math.exp(-2 * x) + 2 * x + 2 * x**3 / 3 - 2 * x**2 - 4 * x * math.exp(-x)
    q13 = 1.0 - math.exp(-2 * x) - 2 * x * math.exp(-x)
    got = noise(a_s, h_s)
    assert 2 * a_s * got[0] == pytest.approx(q11 / a_s**4, rel=1e-13)
    assert 2 * a_s * got[2] == pytest.approx(q13 / a_s**2, rel=1e-13)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_series_and_closed_form_meet(side):
    before, after = side * SERIES_END * (1 - 1e-12), side * SERIES_END * (1 + 1e-12)
    assert noise(before, 1.0) == pytest.approx(noise(after, 1.0), rel=1e-10)
    assert response(before, 1.0) == pytest.approx(response(after, 1.0), rel=1e-11)


@given(x=st.floats(-4.0, 20.0), h_s=st.floats(0.01, 100.0))
def test_noise_is_a_covariance(x, h_s):
    pp, pv, pf, vv, vf, ff = noise(x / h_s, h_s)
    cov = np.array([[pp, pv, pf], [pv, vv, vf], [pf, vf, ff]])
    scale = np.sqrt(np.diag(cov))
    assert np.linalg.eigvalsh(cov / np.outer(scale, scale))[0] > -1e-9


def test_a_lasting_force_is_constant_acceleration():
    assert response(0.0, 3.0) == pytest.approx((4.5, 3.0, 1.0))
    assert noise(0.0, 3.0)[0] == pytest.approx(3.0**5 / 20.0)
