"""Times of people against the closed form of the lognormal distribution."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.command.kernels.people import permission_delay_s
from opendome.command.models import HumanTime, people_table

TRIALS = 20_000
FALSE_ALARM_SIGMAS = 4.5  # a binomial count: one false alarm in about 150 000


def delays(people, nodes=("US",), node=0, trials=TRIALS, seed=11):
    table = people_table(people, nodes)
    return np.array([permission_delay_s(table, seed, trial, node) for trial in range(trials)])


def share_within(drawn, p):
    """Whether a share of draws agrees with its probability."""
    return abs(drawn - p) < FALSE_ALARM_SIGMAS * math.sqrt(p * (1.0 - p) / TRIALS)


def test_without_people_permission_is_immediate():
    assert permission_delay_s(people_table((), ("US",)), 1, 0, 0) == 0.0


def test_a_step_without_a_spread_is_always_the_same():
    steps = (HumanTime(name="warning", median_s=60.0, sigma_log=0.0),)
    assert set(delays(steps, trials=50)) == {60.0}


def test_both_quantiles_are_those_given():
    drawn = delays((HumanTime.of_quantiles("release", 100.0, 250.0),))
    assert share_within(np.mean(drawn < 100.0), 0.5)
    assert share_within(np.mean(drawn < 250.0), 0.9)
    assert not share_within(np.mean(drawn < 200.0), 0.9)  # the check can tell


def test_any_point_of_the_distribution():
    """P(T < t) = Phi(ln(t / median) / sigma)."""
    step = HumanTime(name="confirmation", median_s=120.0, sigma_log=0.7)
    drawn = delays((step,))
    for t_s in (40.0, 90.0, 200.0, 400.0):
        p = NormalDist().cdf(math.log(t_s / 120.0) / 0.7)
        assert share_within(np.mean(drawn < t_s), p)


def test_steps_add_up_and_are_independent():
    """Mean and variance of a sum of independent lognormal times."""
    steps = (
        HumanTime(name="warning", median_s=60.0, sigma_log=0.4),
        HumanTime(name="release", median_s=90.0, sigma_log=0.5),
    )
    mean = sum(s.median_s * math.exp(s.sigma_log**2 / 2.0) for s in steps)
    variance = sum(
        s.median_s**2 * math.exp(s.sigma_log**2) * math.expm1(s.sigma_log**2) for s in steps
    )
    drawn = delays(steps)
    assert drawn.mean() == pytest.approx(mean, abs=4.5 * math.sqrt(variance / TRIALS))
    assert drawn.var() == pytest.approx(variance, rel=0.1)  # fat tails: a spread of some percent


def test_luck_belongs_to_step_and_node_by_name():
    step = HumanTime(name="release", median_s=60.0, sigma_log=0.5)
    alone = delays((step,), nodes=("JP",), trials=20)
    beside = delays((step,), nodes=("US", "JP"), node=1, trials=20)
    other = delays((step,), nodes=("US", "JP"), node=0, trials=20)
    assert alone.tolist() == beside.tolist()
    assert not set(alone) & set(other)
    more = delays(
        (HumanTime(name="warning", median_s=5.0, sigma_log=0.0), step), ("JP",), trials=20
    )
    assert more == pytest.approx(alone + 5.0)


@given(median_s=st.floats(1.0, 1e4), ratio=st.floats(1.0, 20.0))
def test_quantiles_read_back(median_s, ratio):
    step = HumanTime.of_quantiles("warning", median_s, median_s * ratio)
    p90_s = step.median_s * math.exp(step.sigma_log * NormalDist().inv_cdf(0.9))
    assert p90_s == pytest.approx(median_s * ratio, rel=1e-9)
