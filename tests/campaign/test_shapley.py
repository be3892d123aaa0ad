"""Shapley shares against games with known answers, and their axioms."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from opendome.campaign.shapley import marginals, shapley_values, worth_of_all
from opendome.quantities.errors import OpendomeError

GAMES = st.integers(1, 6).flatmap(
    lambda n: arrays(np.float64, 1 << n, elements=st.floats(-1e6, 1e6))
)


def voting(quota, weights):
    """Shares of a weighted vote."""

    def worth(flags):
        return float(sum(w for w, flag in zip(weights, flags, strict=True) if flag) >= quota)

    return shapley_values(worth_of_all(len(weights), worth))


def test_glove_game():
    """Two left gloves and one right: Shapley and Shubik's market with (1/6, 1/6, 2/3)."""
    shares = shapley_values(worth_of_all(3, lambda f: float((f[0] or f[1]) and f[2])))
    assert shares == pytest.approx([1 / 6, 1 / 6, 2 / 3], abs=1e-12)


def test_airport_game():
    """Littlechild and Owen: runways of 8, 11, 13 and 18 are shared as 2, 3, 4 and 9."""
    lengths = (8.0, 11.0, 13.0, 18.0)

    def worth(flags):
        return max((x for x, flag in zip(lengths, flags, strict=True) if flag), default=0.0)

    assert shapley_values(worth_of_all(4, worth)) == pytest.approx([2, 3, 4, 9], abs=1e-12)


def test_weighted_vote():
    assert voting(4, (3, 2, 1, 1)) == pytest.approx([1 / 2, 1 / 6, 1 / 6, 1 / 6], abs=1e-12)


def test_security_council():
    """Five with a veto and ten without: 0.196270 and 0.00186480 (Shapley and Shubik)."""
    shares = voting(39, (7,) * 5 + (1,) * 10)
    assert shares[:5] == pytest.approx(0.196270, abs=5e-7)
    assert shares[5:] == pytest.approx(0.00186480, abs=5e-9)


def test_weights_that_forget_the_order_are_caught():
    """Negative control: plain means of the marginals (Banzhaf) miss the known answer."""
    worth = worth_of_all(3, lambda f: float((f[0] or f[1]) and f[2]))
    means = [marginals(worth, player)[0].mean() for player in range(3)]
    assert means != pytest.approx([1 / 6, 1 / 6, 2 / 3], abs=1e-3)


@given(GAMES)
def test_shares_sum_to_the_whole(worth):
    scale = np.abs(worth).max() + 1.0
    assert math.fsum(shapley_values(worth)) == pytest.approx(
        worth[-1] - worth[0], abs=1e-12 * scale * worth.size
    )


@given(GAMES)
def test_shares_are_the_mean_over_orders(worth):
    players = worth.size.bit_length() - 1
    if players > 4:
        return
    total = np.zeros(players)
    for order in permutations(range(players)):
        joined = 0
        for player in order:
            total[player] += worth[joined | 1 << player] - worth[joined]
            joined |= 1 << player
    mean = total / math.factorial(players)
    assert shapley_values(worth) == pytest.approx(mean, abs=1e-6)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=6))
def test_who_adds_the_same_to_all_gets_just_that(adds):
    worth = worth_of_all(
        len(adds), lambda f: math.fsum(x for x, flag in zip(adds, f, strict=True) if flag)
    )
    assert shapley_values(worth) == pytest.approx(adds, abs=1e-9)


def test_too_many_players_and_odd_tables_are_refused():
    with pytest.raises(OpendomeError, match="40 players"):
        worth_of_all(40, lambda _: 0.0)
    with pytest.raises(OpendomeError, match="3 coalitions"):
        shapley_values(np.zeros(3))
