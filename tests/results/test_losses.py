"""Value lost, and rounds kept by leaving objects alone, against sums by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from opendome.engagement.records import Fate
from opendome.results.losses import losses

# two futures of one trial each, four objects:  fate, value, rounds fired, rounds kept
FIRST = [
    (Fate.KILLED, 2.0, 1, 0),
    (Fate.SHOTS_MISSED, 3.0, 2, 0),
    (Fate.NOT_WORTH, 0.25, 0, 1),
    (Fate.IGNORED, 0.0, 0, 2),
]
SECOND = [
    (Fate.FAILED, 2.0, 0, 0),
    (Fate.KILLED, 3.0, 1, 0),
    (Fate.IGNORED, 0.0, 0, 1),
    (Fate.NO_REACH, 0.5, 0, 0),
]


def study(*trials):
    rows = np.array([row for trial in trials for row in trial], float).T
    columns = dict(zip(("fate", "loss", "rounds", "spared"), rows, strict=True))
    return SimpleNamespace(
        ledger=SimpleNamespace(objects=columns),
        plan=SimpleNamespace(trials_total=len(trials), future_of=lambda trial: trial),
    )


def test_each_figure_is_the_mean_of_a_sum():
    found = losses(study(FIRST, SECOND))
    assert found.at_stake.value == pytest.approx((5.25 + 3.5) / 2)
    assert found.lost.value == pytest.approx((3.25 + 0.5) / 2)
    assert found.lost_left_alone.value == pytest.approx(0.25 / 2)
    assert found.engaged.value == pytest.approx((2 + 1) / 2)
    assert found.left_alone.value == pytest.approx((2 + 1) / 2)
    assert found.rounds_saved.value == pytest.approx((3 + 1) / 2)


def test_intervals_hold_the_mean_and_stay_within_what_can_be_lost():
    found = losses(study(FIRST, SECOND))
    for part in (found.at_stake, found.lost, found.lost_left_alone, found.rounds_saved):
        assert 0.0 <= part.low <= part.value <= part.high
    assert found.lost.high <= 5.5


def test_the_unit_of_value_does_not_count():
    """Values in people or in millions of people: the same interval, scaled."""
    plain = losses(study(FIRST, SECOND)).lost
    large = losses(study(*([(f, 1e6 * v, r, s) for f, v, r, s in t] for t in (FIRST, SECOND)))).lost
    pairs = [(large.value, plain.value), (large.low, plain.low), (large.high, plain.high)]
    assert all(many == pytest.approx(1e6 * few, rel=1e-9) for many, few in pairs)


def test_nothing_of_value_costs_nothing():
    free = [(fate, 0.0, rounds, kept) for fate, _, rounds, kept in FIRST]
    found = losses(study(free, free))
    assert (found.at_stake.value, found.lost.high, found.lost_left_alone.high) == (0.0, 0.0, 0.0)
