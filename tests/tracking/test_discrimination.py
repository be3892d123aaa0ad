"""Telling threats from other bodies: closed forms of leakage and false alarm."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from opendome.tracking.kernels.discrimination import evidence, information

PHI = NormalDist().cdf


def posterior_log_odds(k_factor, *, threat, prior, steps, seed, runs):
    """Log odds after a full watch in steps, of many objects."""
    luck = np.random.default_rng(seed).standard_normal((runs, steps))
    total = np.full(runs, math.log(prior / (1.0 - prior)))
    for step in range(steps):
        added = information(k_factor, 60.0, 60.0 * step / steps, 60.0 * (step + 1) / steps)
        total += [evidence(added, threat, float(one)) for one in luck[:, step]]
    return total


@pytest.mark.parametrize("k_factor", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("steps", [1, 12])
def test_leakage_and_false_alarm_are_the_closed_forms(k_factor, steps):
    """P(leak) = Phi((t - K^2/2) / K), P(false) = 1 - Phi((t + K^2/2) / K), t threshold - prior.

    4,000 objects; each test fails by bad luck less than once in 10,000.
    """
    runs, prior, threshold = 4000, 0.3, 0.2
    t = math.log(threshold / (1 - threshold)) - math.log(prior / (1 - prior))
    for threat in (True, False):
        odds = posterior_log_odds(
            k_factor, threat=threat, prior=prior, steps=steps, seed=steps, runs=runs
        )
        below = np.mean(odds < math.log(threshold / (1 - threshold)))
        wanted = PHI((t + (-0.5 if threat else 0.5) * k_factor**2) / k_factor)
        assert abs(below - wanted) < 4.0 * math.sqrt(wanted * (1 - wanted) / runs) + 1e-3


def test_information_grows_to_k_squared_and_no_further():
    assert information(3.0, 50.0, 0.0, 50.0) == pytest.approx(9.0)
    assert information(3.0, 50.0, 0.0, 500.0) == pytest.approx(9.0)
    assert information(3.0, 50.0, 60.0, 70.0) == 0.0
    parts = [information(3.0, 50.0, float(a), float(a + 5)) for a in range(0, 100, 5)]
    assert sum(parts) == pytest.approx(9.0)


def test_a_sensor_that_cannot_tell_tells_nothing():
    assert information(0.0, 50.0, 0.0, 50.0) == 0.0
    assert information(5.0, math.inf, 0.0, 1000.0) == 0.0
    assert evidence(0.0, True, 3.0) == 0.0


def test_probability_is_calibrated():
    """Of objects given a posterior near q, a share q are threats: Bayes holds."""
    runs, prior = 20000, 0.25
    odds = np.concatenate([
        posterior_log_odds(1.5, threat=True, prior=prior, steps=1, seed=1, runs=int(runs * prior)),
        posterior_log_odds(
            1.5, threat=False, prior=prior, steps=1, seed=2, runs=int(runs * (1 - prior))
        ),
    ])  # fmt: skip
    threat = np.arange(runs) < runs * prior
    q = 1.0 / (1.0 + np.exp(-odds))
    for low in (0.1, 0.3, 0.5, 0.7):
        near = (q >= low) & (q < low + 0.2)
        assert abs(threat[near].mean() - q[near].mean()) < 0.04
