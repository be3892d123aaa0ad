"""Choices of a deciding node, one at a time."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.command.kernels import (
    believed_harmless,
    better_option,
    marginal_return,
    rounds_wanted,
)

chances = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("salvo", "salvos_max", "in_salvo", "salvos", "wanted"),
    [
        (2, 1, 0, 0, 2),  # a salvo of two: both
        (2, 1, 1, 0, 1),  # one is under way: the other
        (2, 1, 2, 0, 0),  # both are: wait and see
        (2, 1, 0, 1, 0),  # one salvo was all there is
        (1, 3, 0, 2, 1),  # shoot, look, shoot: the third
        (1, 3, 0, 3, 0),  # and no fourth
        (1, 32767, 0, 500, 1),  # as long as it takes
    ],
)
def test_rounds_wanted(salvo, salvos_max, in_salvo, salvos, wanted):
    assert rounds_wanted(salvo, salvos_max, in_salvo, salvos) == wanted


@given(chances, chances)
def test_marginal_return_is_the_drop_in_survival(survival, p_kill):
    after = survival * (1.0 - p_kill)
    assert marginal_return(survival, p_kill) == pytest.approx(survival - after)


@given(st.lists(chances, min_size=1, max_size=6))
def test_returns_of_rounds_at_one_object_never_grow(kills):
    """The law of diminishing returns, and the sum of returns is the chance of a kill."""
    survival, gains = 1.0, []
    for p_kill in sorted(kills, reverse=True):
        gains.append(marginal_return(survival, p_kill))
        survival *= 1.0 - p_kill
    assert all(b <= a + 1e-15 for a, b in itertools.pairwise(gains))
    assert sum(gains) == pytest.approx(1.0 - survival)


def test_better_option():
    assert better_option(0.5, 9, 0.4, 1)  # more gain first
    assert not better_option(0.4, 1, 0.5, 9)
    assert better_option(0.5, 1, 0.5, 2)  # then the one with fewer ways left
    assert not better_option(0.5, 2, 0.5, 1)
    assert not better_option(0.5, 1, 0.5, 1)  # a tie keeps the first: no order of its own


@given(chances, st.integers(0, 9), chances, st.integers(0, 9))
def test_better_option_is_an_order(gain, options, other_gain, other_options):
    forth = better_option(gain, options, other_gain, other_options)
    back = better_option(other_gain, other_options, gain, options)
    assert forth + back == (0 if (gain, options) == (other_gain, other_options) else 1)


def greedy(survival, rounds, p_kill):
    """Rounds dealt one by one to the object where the next saves most."""
    survival = list(survival)
    for _ in range(rounds):
        best = max(range(len(survival)), key=lambda i: marginal_return(survival[i], p_kill))
        survival[best] *= 1.0 - p_kill
    return sum(survival)


@pytest.mark.parametrize("seed", range(20))
def test_greedy_returns_are_optimal_for_one_kind_of_round(seed):
    """den Broeder, Ellison and Emerling (1959): with one p_kill no assignment does better.

    Authority: every way to deal up to six rounds to up to four objects.
    """
    rng = np.random.default_rng(seed)
    objects, rounds = int(rng.integers(1, 5)), int(rng.integers(0, 7))
    survival = rng.random(objects)
    p_kill = float(rng.random())
    best = min(
        sum(s * (1.0 - p_kill) ** n for s, n in zip(survival, deal, strict=True))
        for deal in itertools.product(range(rounds + 1), repeat=objects)
        if sum(deal) == rounds
    )
    assert greedy(survival, rounds, p_kill) == pytest.approx(best, abs=1e-12)


def test_the_brute_force_notices_a_bad_rule():
    """Negative control: dealing in turn, whatever the return, is worse."""
    survival, p_kill = [1.0, 0.05], 0.5
    in_turn = survival[0] * 0.5 + survival[1] * 0.5
    assert greedy(survival, 2, p_kill) < in_turn


@pytest.mark.parametrize(
    ("distance_m", "sigma_m", "sigmas", "harmless"),
    [
        (5000.0, 1000.0, 3.0, True),  # five standard deviations out
        (2000.0, 1000.0, 3.0, False),  # two: not clear enough
        (-5000.0, 1000.0, 3.0, False),  # inside
        (0.0, 0.0, 3.0, False),  # on the edge
        (1.0, 0.0, 3.0, True),  # outside and certain
        (3000.0, 1000.0, 3.0, False),  # the limit itself is not beyond the limit
    ],
)
def test_believed_harmless(distance_m, sigma_m, sigmas, harmless):
    assert believed_harmless(distance_m, sigma_m, sigmas) == harmless


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 10), st.floats(0, 1e6))
def test_less_sure_is_never_more_harmless(distance_m, sigma_m, sigmas, more_m):
    if believed_harmless(distance_m, sigma_m + more_m, sigmas):
        assert believed_harmless(distance_m, sigma_m, sigmas)
