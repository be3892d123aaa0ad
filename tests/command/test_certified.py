"""The certified solver against trying every plan, and against other solvers' known problems."""

import itertools
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from opendome.command.assign.certified import certified
from opendome.command.assign.certified_layout import model_of
from opendome.command.assign.certified_master import relax
from opendome.command.assign.certified_search import Search
from opendome.command.assign.kernels.columns import pool_of
from opendome.command.assign.kernels.dual import dual_bound
from opendome.command.assign.kernels.pricing import price_target, work_of
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


def test_no_plan_is_better_on_all_grids_of_probabilities():
    """Every matrix of 0, 0.5, 0.8 and 1 for one and two weapons, up to order of the weapons."""
    grid = (0.0, 0.5, 0.8, 1.0)
    for weapons, targets in [(1, 1), (1, 2), (1, 3), (2, 2)]:
        rows = list(itertools.product(grid, repeat=targets))
        for p_kill in itertools.combinations_with_replacement(rows, weapons):
            for shots in (1, 2):
                given = problem(p_kill, np.arange(1, targets + 1.0), shots=shots, price=0.1)
                assert check(given).objective == pytest.approx(best_by_trying(given), rel=EXACT)


def test_four_weapons_on_four_targets():
    for seed in range(60):
        draw = np.random.default_rng(seed)
        given = problem(draw.choice([0.2, 0.5, 0.8], (4, 4)), draw.integers(1, 9, 4))
        assert check(given).objective == pytest.approx(best_by_trying(given), rel=EXACT)


def test_options_alike_in_different_slots_are_not_the_same():
    """Two rounds in the other slot leave this slot to the other weapon."""
    drawn = random_problem(11261, slots=2)
    assert check(drawn).objective == pytest.approx(best_by_trying(drawn), rel=EXACT)
    p_kill = [[[0.5, 0.5]], [[0.4, np.nan]]]
    best = check(problem(p_kill, [1.0], shots=[2, 2], salvo=2)).objective
    assert best == pytest.approx(0.25 * 0.36, rel=EXACT)


@pytest.mark.parametrize("seed", range(30))
def test_branching_alone_is_exact(seed, monkeypatch):
    """Without the list of all columns that matter, branch and bound with pricing has to do it."""
    monkeypatch.setattr(sys.modules[certified.__module__], "list_below", lambda *_: None)
    given = random_problem(seed, slots=1 + seed % 2)
    assert check(given).objective == pytest.approx(best_by_trying(given), rel=EXACT, abs=1e-12)


def test_few_pairs_and_two_rounds_each_are_proven():
    """Few targets for each weapon: the relaxation leaves a gap that only whole numbers close."""
    draws = np.random.default_rng(0)
    p_kill = draws.uniform(0.5, 1.0, (60, 120)) * (draws.random((60, 120)) < 0.05)
    answer = certified(problem(p_kill, draws.uniform(25.0, 100.0, 120), shots=[2] * 60))
    # the same over all columns at once: HiGHS 1.12 through scipy.optimize.milp, gap 0
    assert answer.objective == pytest.approx(1360.7825107802448, rel=EXACT)
    assert answer.gap < 1e-8


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), seconds=st.sampled_from([0.0, 0.002, 60.0]))
def test_bound_never_exceeds_a_plan(seed, seconds):
    """Whenever the search ends, no plan is below its bound."""
    drawn = random_problem(seed, slots=1 + seed % 2)
    answer = certified(drawn, seconds=seconds)
    assert allowed(drawn, answer.rounds)
    assert answer.bound <= best_by_trying(drawn) <= answer.objective * (1 + EXACT) + 1e-12


# --- known problems --------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "total"),
    [
        ([[4, 1, 3], [2, 0, 5], [3, 2, 2]], 5.0),
        ([[82, 83, 69, 92], [77, 37, 49, 92], [11, 69, 5, 86], [8, 9, 98, 23]], 140.0),
    ],
)
def test_one_round_each_is_linear_assignment(cost, total):
    """With one round at each target, what is left is a sum over pairs (two textbook matrices)."""
    cost = np.array(cost, float)
    given = problem(1.0 - cost / 100.0, np.full(len(cost), 100.0), salvo=1)
    assert check(given).objective == pytest.approx(total, rel=EXACT)


@pytest.mark.parametrize("size", [7, 25, 60])
def test_linear_assignment_of_random_matrices(size):
    draw = np.random.default_rng(size)
    p_kill, value = draw.uniform(0.1, 0.9, (size, size + 3)), draw.uniform(1, 9, size + 3)
    won = p_kill * value
    pairs = linear_sum_assignment(won, maximize=True)
    answer = check(problem(p_kill, value, salvo=1))
    assert answer.objective == pytest.approx(value.sum() - won[pairs].sum(), rel=EXACT)


def test_certain_kills_are_a_matching():
    """Probabilities 0 and 1, equal values: targets less the largest matching of SciPy."""
    draw = np.random.default_rng(3)
    hits = draw.random((30, 30)) < 0.06
    pairs = linear_sum_assignment(hits, maximize=True)
    left = 30 - int(hits[pairs].sum())
    assert check(problem(hits, np.ones(30))).objective == pytest.approx(left, rel=EXACT)


def test_equal_weapons_share_out_by_marginal_return():
    """All weapons alike: the greedy plan is best (den Broeder, Ellison and Emerling, 1959)."""
    value = np.array([10.0, 7.0, 3.0, 2.0])
    left = value.copy()
    for _ in range(40):
        left[np.argmax(left)] *= 0.4
    answer = check(problem(np.full((20, 4), 0.6), value, shots=2))
    assert answer.objective == pytest.approx(left.sum(), rel=EXACT)


# --- degenerate input ------------------------------------------------------------


def test_nothing_to_fire_leaves_everything():
    assert check(problem(np.zeros((2, 3)), [1.0, 2.0, 4.0])).objective == 7.0
    assert check(problem(np.full((2, 3), np.nan), [1.0, 2.0, 4.0])).objective == 7.0
    assert check(problem(np.full((2, 3), 0.9), [1.0, 2.0, 4.0], shots=0)).objective == 7.0
    assert check(problem(np.full((2, 3), 0.9), [1.0, 2.0, 4.0], looks=0)).objective == 7.0


def test_nothing_to_lose_fires_nothing():
    answer = check(problem(np.full((2, 3), 0.9), np.zeros(3), price=0.1))
    assert answer.objective == 0.0
    assert not answer.rounds.any()


def test_a_round_dearer_than_its_gain_is_kept():
    answer = check(problem([[0.5, 0.9]], [1.0, 2.0], shots=5, price=0.6))
    assert answer.rounds.tolist() == [0, 1]


def test_certain_kill_needs_one_round():
    answer = check(problem([[1.0], [0.9]], [8.0], shots=3, price=0.01))
    assert answer.objective == pytest.approx(0.01, rel=EXACT)


def test_scale_of_values_does_not_matter():
    draw = np.random.default_rng(5)
    p_kill, value = draw.uniform(0.3, 0.9, (6, 5)), draw.uniform(1, 9, 5)
    one = check(problem(p_kill, value, shots=2))
    for factor in (1e-9, 1e9):
        other = check(problem(p_kill, value * factor, shots=2))
        assert other.objective == pytest.approx(one.objective * factor, rel=1e-9)


def test_a_bound_is_one_where_nearly_nothing_can_be_left():
    """The best leaves 1e-21 of the largest value: too little to prove, and too little to claim."""
    p_kill = [[0.9, 0.9, 0.3], [0.999999999, 0.3, 0.999999999], [1.0, 0.9, 1.0]]
    given = problem(p_kill, [1.0, 1e-9, 1e9], shots=[2, 3, 2], salvo=3)
    assert certified(given).bound <= best_by_trying(given)
    p_kill = [[0.999999999, 0.999999999], [0.9999999999, 1.0]]
    given = problem(p_kill, [1.0, 1e-9], shots=3, salvo=3)
    assert certified(given).bound <= best_by_trying(given)


def test_the_same_input_gives_the_same_answer():
    draw = np.random.default_rng(6)
    given = problem(draw.uniform(0.6, 0.9, (40, 50)), draw.uniform(25, 100, 50), shots=2)
    first, second = check(given), check(given)
    assert np.array_equal(first.rounds, second.rounds)
    assert first.bound == second.bound


def test_no_time_still_gives_a_plan_and_a_bound():
    draw = np.random.default_rng(7)
    given = problem(draw.uniform(0.6, 0.9, (40, 50)), draw.uniform(25, 100, 50), shots=2)
    answer = certified(given, seconds=0.0)
    assert allowed(given, answer.rounds)
    assert 0.0 <= answer.bound <= answer.objective < given.value.sum()


# --- the parts, and errors put in on purpose -------------------------------------


def priced_by_trying(given, prices):
    """Least sum of each target at prices of the weapons, every column tried."""
    least = []
    for j in range(given.targets):
        mine = np.flatnonzero(given.target == j)
        cost = (prices + given.price)[given.weapon[mine]]
        most = np.minimum(given.shots[given.weapon[mine]], given.salvo[j])
        plans = (np.array(x) for x in itertools.product(*(range(m + 1) for m in most)))
        left = given.value[j]
        least.append(
            min(
                left * np.prod((1 - given.p_kill[mine]) ** x) + cost @ x
                for x in plans
                if x.sum() <= given.salvo[j]
            )
        )
    return np.array(least)


def pricing_error(upper=None):
    """How far the pricing kernel lies from trying every column, at most, on random targets."""
    worst = 0.0
    for seed in range(60):
        draw = np.random.default_rng(seed)
        given = problem(
            draw.uniform(0.05, 0.95, (4, 3)),
            draw.uniform(1, 9, 3),
            shots=3,
            salvo=draw.integers(2, 9, 3),
        )
        model = model_of(given)
        prices = draw.uniform(0.0, 0.2, model.layout.capacity.size)
        prices[-1] = 0.0
        bounds = model.bounds if upper is None else model.bounds._replace(upper=upper(model.bounds))
        work, room = work_of(model.layout), pool_of(0, 0)
        found = [price_target(model.layout, work, prices, bounds, j, room).bound for j in range(3)]
        expected = priced_by_trying(given, prices[:-1] * model.scale) / model.scale
        worst = max(worst, float(np.max(found - expected)))
        assert np.max(expected - found) < 1e-11 or upper is not None
    return worst


def test_pricing_is_exact_and_from_below():
    assert pricing_error() <= 0.0


def test_a_pricing_that_forgets_second_rounds_is_found_out():
    assert pricing_error(lambda bounds: np.minimum(bounds.upper, 1)) > 1e-3


def test_the_value_of_a_programme_of_few_columns_is_no_bound():
    """Only exact pricing of all columns makes a bound: the programme alone says too much."""
    draw = np.random.default_rng(8)
    given = problem(draw.uniform(0.6, 0.9, (4, 4)), draw.uniform(25, 100, 4))
    best = best_by_trying(given)
    model = model_of(given)
    search = Search(layout=model.layout, bounds=model.bounds, gap=EXACT, deadline_s=np.inf)
    rows = model.layout.capacity.size
    found = relax(model.layout, search.pool, np.arange(4), (np.zeros(rows), 1.0), seconds=60.0)
    assert found.value * model.scale > best * 1.5
    excess = np.zeros(rows)
    prices = np.append(draw.uniform(0, 0.3, rows - 1), 0.0)
    bound = dual_bound(model.layout, search.work, prices, model.bounds, search.pool, excess)
    assert bound * model.scale <= best


def test_steps_end_with_the_time(monkeypatch):
    """A million rounds at five targets: with no time one step is made, and the bound says so."""
    given_ = problem([[1e-5, 2e-5, 1e-5, 3e-5, 1e-5]], [1.0, 2.0, 3.0, 4.0, 5.0], shots=10**6)
    module = sys.modules["opendome.command.assign.certified_search"]
    steps, ascend = [], module.ascend

    def counted(*args):
        steps.append(args[6].steps)
        return ascend(*args)

    monkeypatch.setattr(module, "ascend", counted)
    answer = certified(given_, seconds=1e-9)
    assert steps == [1]
    assert 0.0 <= answer.bound <= answer.objective


def test_steps_in_several_calls_are_those_of_one(monkeypatch):
    """The clock is read between calls; where they end changes no bound and no price."""
    module = sys.modules["opendome.command.assign.certified_search"]
    model = model_of(random_problem(5))
    found = []
    for short in (-1.0, 1.0):  # one step in each call; twice as many as in the last one
        monkeypatch.setattr(module, "SHORT", short)
        deadline_s = time.perf_counter() + 1e6
        search = Search(layout=model.layout, bounds=model.bounds, gap=1e-9, deadline_s=deadline_s)
        search.objective = 2.0 * float(model.layout.value.sum())
        prices = np.zeros(model.layout.capacity.size)
        found.append((module.climb(search, model.bounds, prices, module.FIRST), prices.tolist()))
    assert found[0] == found[1]
    assert found[0][0] > 0.0
