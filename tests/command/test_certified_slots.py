"""Slots merged: the certified answer against trying every plan, and against not merging them."""

import sys

import numpy as np
import pytest

from opendome.command.assign.building import problem_of
from opendome.command.assign.certified import certified
from opendome.command.assign.certified_layout import join, model_of, split
from opendome.command.assign.certified_slots import deal_to_slots, merge_slots

from .test_certified import EXACT, allowed, best_by_trying

MODULE = sys.modules[certified.__module__]


def windows(seed, *, weapons=3, targets=3, slots=3, shots=2):
    """A problem whose pairs fire in some slots, with one probability in all of them."""
    draw = np.random.default_rng(seed)
    p_kill = draw.choice([0.3, 0.5, 0.8, 1.0], (weapons, targets, 1))
    p_kill = np.where(draw.random(p_kill.shape) < 0.7, draw.random(p_kill.shape), p_kill)
    opened = draw.random((weapons, targets, slots)) < 0.6
    return problem_of(
        p_kill * opened,
        draw.choice([0.0, 1.0, 3.5, 8.0], targets),
        shots=draw.integers(0, shots + 1, weapons),
        price=draw.choice([0.0, 0.0, 0.4], weapons),
        rate=draw.choice([1, 2, 9], weapons),
        salvo=draw.choice([1, 2, 9], targets),
        looks=draw.choice([0, 1, 2, 9], targets, p=[0.05, 0.35, 0.3, 0.3]),
    )


def test_no_plan_is_better_where_slots_are_merged():
    merged = 0
    for seed in range(150):
        given = windows(seed, weapons=1 + seed % 3, targets=1 + seed % 2)
        merged += merge_slots(given) is not None
        answer, best = certified(given, seconds=60.0), best_by_trying(given)
        assert allowed(given, answer.rounds), seed
        assert answer.objective == pytest.approx(best, rel=EXACT, abs=1e-12), seed
        assert answer.bound <= best, seed
        assert answer.gap <= 2 * EXACT, seed
    assert merged > 100


@pytest.mark.parametrize("seed", range(6))
def test_merging_changes_no_objective(seed, monkeypatch):
    given = windows(seed, weapons=8, targets=10, slots=4, shots=4)
    with_merging = certified(given, seconds=60.0)
    monkeypatch.setattr(MODULE, "merge_slots", lambda _: None)
    without = certified(given, seconds=60.0)
    assert with_merging.objective == pytest.approx(without.objective, rel=EXACT)
    assert allowed(given, with_merging.rounds)


def test_a_bound_of_merged_slots_is_a_bound():
    """With no time at all, and where looks and windows forbid what the merged slots allow."""
    for seed in range(100):
        given = windows(seed, weapons=1 + seed % 3, targets=1 + seed % 2)
        answer = certified(given, seconds=0.0)
        assert allowed(given, answer.rounds)
        assert answer.bound <= best_by_trying(given)


def test_rounds_that_find_no_slot_are_not_fired():
    """Two windows that never meet, one look: one of the two rounds, and the search says which."""
    given = problem_of([[[0.5, 0.0]], [[0.0, 0.6]]], [1.0], looks=1)
    merged = merge_slots(given)
    assert merged is not None
    dealt = deal_to_slots(given, merged, np.array([1, 1]), seconds=1.0)
    assert dealt.sum() == 1
    answer = certified(given, seconds=10.0)
    assert answer.rounds.tolist() == [0, 1]
    assert answer.gap <= EXACT


def test_slots_are_merged_only_where_all_of_a_pair_are_alike():
    assert merge_slots(problem_of([[[0.5, 0.6]]], [1.0])) is None
    assert merge_slots(problem_of([[0.5]], [1.0])) is None
    assert merge_slots(problem_of([[[0.5, 0.5]]], [1.0])) is not None


def test_a_merged_problem_holds_what_the_slots_hold():
    given = problem_of(
        [[[0.5] * 3, [0.4, 0.4, 0.0]]], [1.0, 2.0], shots=9, rate=2, salvo=1, looks=2
    )
    merged = merge_slots(given)
    assert merged is not None
    assert merged.most.tolist() == [2, 2]
    assert merged.problem.shots.tolist() == [6]
    assert merged.problem.salvo.tolist() == [2, 2]


def test_join_undoes_split():
    """Equal weapons of one slot become one; their rounds come back as its rounds."""
    for seed in range(20):
        draw = np.random.default_rng(seed)
        p_kill = draw.choice([0.4, 0.7], (6, 1)) * np.ones((6, 3))
        given = problem_of(p_kill, [1.0, 2.0, 5.0], shots=2)
        model = model_of(given)
        rounds = draw.integers(0, 2, model.kept.size)
        assert join(model, given, split(model, given, rounds)).tolist() == rounds.tolist()


def test_a_round_limited_by_its_pair_keeps_the_limit():
    given = problem_of(np.full((2, 1), 0.5), [8.0], shots=3)
    model = model_of(given, np.array([1, 3]))
    assert model.bounds.upper.tolist() == [1, 3]


def test_values_of_nothing_with_prices_overflow_nowhere():
    """A price is never divided by a value of 0 (warnings are errors here)."""
    answer = certified(problem_of(np.full((2, 3), 0.9), np.zeros(3), price=1e6))
    assert answer.objective == 0.0
    assert not answer.rounds.any()
