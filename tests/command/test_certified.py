"""The certified solver against trying every plan, and against other solvers' known problems."""

import itertools

import numpy as np
import pytest

from opendome.command.assign.certified import certified
from opendome.command.assign.problem import Problem, objective_of

UNLIMITED = np.int64(10**6)
EXACT = 1e-9  # relative; what the search is asked to prove


def problem(p_kill, value, *, shots=1, price=0.0, rate=UNLIMITED, salvo=UNLIMITED, looks=UNLIMITED):
    """A problem from (weapon, target, slot) probabilities; NaN: no such pair."""
    p_kill = np.asarray(p_kill, float)
    p_kill = p_kill[:, :, None] if p_kill.ndim == 2 else p_kill
    weapons, targets, _ = p_kill.shape
    target, weapon, slot = (k.ravel() for k in np.meshgrid(
        np.arange(targets), np.arange(weapons), np.arange(p_kill.shape[2]), indexing="ij"
    ))  # fmt: skip
    chance = p_kill[weapon, target, slot]
    real = ~np.isnan(chance)

    def row(given, size, kind):
        return np.broadcast_to(np.asarray(given, kind), size).copy()

    return Problem(
        value=np.asarray(value, float),
        shots=row(shots, weapons, np.int64),
        price=row(price, weapons, float),
        rate=row(rate, weapons, np.int64),
        salvo=row(salvo, targets, np.int64),
        looks=row(looks, targets, np.int64),
        weapon=weapon[real],
        target=target[real],
        slot=slot[real],
        p_kill=chance[real],
    )


def allowed(given, rounds):
    """Whether a plan keeps every limit."""
    slots = int(given.slot.max(initial=0)) + 1
    by_weapon = np.zeros((given.weapons, slots), np.int64)
    by_target = np.zeros((given.targets, slots), np.int64)
    np.add.at(by_weapon, (given.weapon, given.slot), rounds)
    np.add.at(by_target, (given.target, given.slot), rounds)
    return bool(
        (rounds >= 0).all()
        and (by_weapon.sum(1) <= given.shots).all()
        and (by_weapon <= given.rate[:, None]).all()
        and (by_target <= given.salvo[:, None]).all()
        and ((by_target > 0).sum(1) <= given.looks).all()
    )


def best_by_trying(given):
    """Least objective of all plans, each target's columns tried with what is left."""
    columns = []
    for j in range(given.targets):
        mine = np.flatnonzero(given.target == j)
        most = np.minimum(given.shots, given.rate)[given.weapon[mine]]
        most = np.minimum(most, given.salvo[j])
        plans = []
        for counts in itertools.product(*(range(m + 1) for m in most)):
            rounds = np.zeros(given.p_kill.size, np.int64)
            rounds[mine] = counts
            if allowed(given, rounds):
                left = given.value[j] * np.prod((1 - given.p_kill[mine]) ** counts)
                plans.append((left + given.price[given.weapon[mine]] @ counts, rounds))
        columns.append(plans)

    def best(j, rounds):
        if j == given.targets:
            return 0.0
        found = np.inf
        for cost, more in columns[j]:
            if allowed(given, rounds + more):
                found = min(found, cost + best(j + 1, rounds + more))
        return found

    return best(0, np.zeros(given.p_kill.size, np.int64))


def check(given):
    """A certified answer is allowed, says its own objective, and is proven."""
    answer = certified(given, seconds=60.0)
    assert allowed(given, answer.rounds)
    assert answer.objective == objective_of(given, answer.rounds)
    assert answer.bound <= answer.objective
    assert answer.gap <= 2 * EXACT
    return answer


def random_problem(seed, *, slots=1, equal=False):
    """A small problem with every kind of limit, drawn from a seed."""
    draw = np.random.default_rng(seed)
    weapons, targets = draw.integers(1, 4, 2)
    if slots == 1:
        weapons, targets = draw.integers(1, 5, 2)
    p_kill = draw.choice([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0], (weapons, targets, slots))
    if not equal:
        p_kill = np.where(draw.random(p_kill.shape) < 0.6, draw.random(p_kill.shape), p_kill)
    p_kill[draw.random(p_kill.shape) < 0.15] = np.nan
    value = draw.choice([0.0, 1.0, 5.0], targets) if equal else draw.uniform(0, 10, targets)
    return problem(
        p_kill,
        value,
        shots=draw.integers(0, 3, weapons),
        price=draw.choice([0.0, 0.0, 0.3, 2.0], weapons),
        rate=draw.choice([1, 2, UNLIMITED], weapons),
        salvo=draw.choice([1, 2, UNLIMITED], targets),
        looks=draw.choice([0, 1, 2, UNLIMITED], targets, p=[0.05, 0.35, 0.3, 0.3]),
    )


@pytest.mark.parametrize("slots", [1, 2])
@pytest.mark.parametrize("equal", [False, True])
def test_no_plan_is_better_on_small_problems(slots, equal):
    for seed in range(200):
        given = random_problem(seed, slots=slots, equal=equal)
        best = best_by_trying(given)
        answer = check(given)
        assert answer.objective == pytest.approx(best, rel=EXACT, abs=1e-12), seed
        assert answer.bound <= best, seed
