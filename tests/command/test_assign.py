"""Greedy and improved plans against trying every plan; building, reading, refusing."""

import itertools
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from opendome.command.assign import SOLVERS, Problem, assign, problem_of
from opendome.command.assign.building import ProblemError
from opendome.command.assign.greedy import greedy
from opendome.command.assign.improved import improved
from opendome.command.assign.instance import (
    InstanceError,
    parse_instance,
    read_instance,
    write_instance,
)
from opendome.command.assign.kernels.greedy import fire_greedily
from opendome.command.assign.plans import bound_below, no_shot
from opendome.command.assign.problem import objective_of
from opendome.quantities.errors import OpendomeError

TINY = 1e-9


def feasible(problem: Problem, rounds) -> bool:
    """Whether a plan keeps every limit, by counting."""
    slots = int(problem.slot.max(initial=0)) + 1
    by_weapon = np.zeros((problem.weapons, slots), int)
    by_target = np.zeros((problem.targets, slots), int)
    np.add.at(by_weapon, (problem.weapon, problem.slot), rounds)
    np.add.at(by_target, (problem.target, problem.slot), rounds)
    return bool(
        (rounds >= 0).all()
        and (by_weapon.sum(axis=1) <= problem.shots).all()
        and (by_weapon <= problem.rate[:, None]).all()
        and (by_target <= problem.salvo[:, None]).all()
        and ((by_target > 0).sum(axis=1) <= problem.looks).all()
    )


def best_plan(problem: Problem) -> float:
    """Least objective over every plan."""
    most = [min(int(problem.shots[w]), 3) for w in problem.weapon]
    plans = itertools.product(*(range(m + 1) for m in most))
    rows = (np.array(plan, np.int64) for plan in plans)
    return min(objective_of(problem, row) for row in rows if feasible(problem, row))


@st.composite
def small(draw, *, slots=2):
    """Problems of at most two weapons and two targets, with every limit at work."""
    weapons, targets = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    chances = st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0])
    slots = draw(st.integers(1, slots))
    cube = [[[draw(chances) for _ in range(slots)] for _ in range(targets)] for _ in range(weapons)]
    return problem_of(
        cube,
        [draw(st.sampled_from([0.0, 1.0, 2.5])) for _ in range(targets)],
        shots=[draw(st.integers(0, 2)) for _ in range(weapons)],
        price=[draw(st.sampled_from([0.0, 0.2])) for _ in range(weapons)],
        rate=draw(st.integers(1, 2)),
        salvo=draw(st.integers(1, 2)),
        looks=draw(st.integers(1, 2)),
    )


def random_problem(seed, weapons=8, targets=6, **limits) -> Problem:
    rng = np.random.default_rng(seed)
    return problem_of(
        rng.uniform(0.1, 0.95, (weapons, targets)), rng.uniform(1.0, 10.0, targets), **limits
    )


@settings(max_examples=150, deadline=None)
@given(small())
def test_plans_are_sound_and_bounds_hold(problem):
    best = best_plan(problem)
    plans = [greedy(problem), improved(problem, seconds=0.0), improved(problem, seconds=5.0)]
    for plan in plans:
        assert feasible(problem, plan.rounds)
        assert plan.objective == objective_of(problem, plan.rounds)
        assert plan.objective >= best - TINY
        assert plan.bound <= best + TINY
    assert plans[1].objective <= plans[0].objective + TINY
    assert plans[2].objective <= best * (1.0 + 2e-3) + TINY


@pytest.mark.parametrize("seed", range(20))
def test_one_round_each_is_a_linear_assignment(seed):
    """As many targets as weapons, a kill for nearly certain: every target gets one round."""
    rng = np.random.default_rng(seed)
    p, value = rng.uniform(0.9, 0.999, (12, 12)), rng.uniform(50.0, 60.0, 12)
    saved = p * value
    rows, columns = linear_sum_assignment(saved, maximize=True)
    plan = improved(problem_of(p, value), seconds=0.0)
    assert plan.objective == pytest.approx(value.sum() - saved[rows, columns].sum(), rel=1e-12)


def test_names_do_not_matter_to_marginal_return():
    rng = np.random.default_rng(3)
    p, value = rng.uniform(0.1, 0.95, (8, 6)), rng.uniform(1.0, 10.0, 6)
    order = rng.permutation(8)
    first, second = (greedy(problem_of(q, value, shots=2)) for q in (p, p[order]))
    assert second.objective == pytest.approx(first.objective, rel=1e-12)


def test_more_weapons_never_hurt_the_best():
    rng = np.random.default_rng(3)
    p, value = rng.uniform(0.1, 0.95, (8, 6)), rng.uniform(1.0, 10.0, 6)
    few, many = (assign(problem_of(q, value), solver="certified", seconds=20.0) for q in (p[:6], p))
    assert many.objective <= few.objective + TINY


def test_a_round_is_fired_only_above_its_price():
    problem = problem_of([[0.5]], [1.0], shots=3, price=0.3)
    assert greedy(problem).rounds.tolist() == [1]  # 0.5 > 0.3, then 0.25 < 0.3
    assert improved(problem, seconds=0.0).rounds.tolist() == [1]


def test_equal_weapons_make_greedy_best():
    """Den Broeder's theorem: with one kind of weapon, marginal return is optimal."""
    rng = np.random.default_rng(5)
    p, value = rng.uniform(0.2, 0.9, 5), rng.uniform(1.0, 9.0, 5)
    problem = problem_of(np.tile(p, (7, 1)), value)
    assert greedy(problem).objective == pytest.approx(
        assign(problem, solver="certified").objective, rel=1e-9
    )


def test_the_bound_of_the_greedy_plan_says_something():
    draws = np.random.default_rng(7)
    problem = problem_of(draws.uniform(0.6, 0.9, (40, 40)), draws.uniform(25.0, 100.0, 40))
    best = assign(problem, solver="certified", seconds=5.0)
    assert best.gap < TINY
    assert 0.6 * best.objective < greedy(problem).bound <= best.objective + TINY


def test_a_bound_from_any_price_holds():
    """And one that forgets to hand the price of scarcity back, a planted bug, does not."""
    problem = random_problem(8, shots=2)
    best = assign(problem, solver="certified").objective
    rng = np.random.default_rng(2)
    prices = [rng.uniform(0.0, 3.0, 8) for _ in range(50)]
    bounds = [bound_below(problem, np.inf, price.copy(), 1) for price in prices]
    assert max(bounds) <= best + TINY
    forgetful = [b + p @ problem.shots for b, p in zip(bounds, prices, strict=True)]
    assert max(forgetful) > best


def test_no_limit_is_forgotten_by_greedy():
    """A plan that ignored one limit would fire more: each limit binds here."""
    free = random_problem(4, shots=5)
    for limit in ({"salvo": 1}, {"looks": 0}, {"rate": 1}):
        bound = random_problem(4, shots=5, **limit)
        plan = no_shot(bound)
        fire_greedily(plan, bound.targets)
        assert feasible(bound, plan.rounds)
        assert plan.rounds.sum() < greedy(free).rounds.sum()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p_kill": [[1.5]]}, "probability outside [0, 1]"),
        ({"p_kill": [[float("nan")]]}, "probability outside [0, 1]"),
        ({"value": [-1.0]}, "value below 0"),
        ({"value": [float("inf")]}, "value not a finite number"),
        ({"shots": -1}, "shots outside"),
        ({"price": -0.1}, "price below 0"),
        ({"value": [1e101]}, "value above 1e+100"),
        ({"price": 1.7e308}, "price above 1e+100"),
        ({"shots": float("inf")}, "shots not a whole number"),
        ({"shots": "two"}, "shots not an array of real numbers"),
        ({"salvo": [[1], [1, 2]]}, "salvo not an array of real numbers"),
        ({"p_kill": [[0.5j]]}, "p_kill not an array of real numbers"),
        ({"p_kill": [[0.5, 0.5], [0.5]]}, "p_kill not an array of real numbers"),
        ({"value": ["dear"]}, "value not an array of real numbers"),
    ],
)
def test_faults_are_named(change, words):
    given_ = {"p_kill": [[0.5]], "value": [1.0]} | change
    with pytest.raises(ProblemError, match="allowed") as caught:
        problem_of(given_.pop("p_kill"), given_.pop("value"), **given_)
    assert words in str(caught.value)


def test_unknown_solvers_and_times_are_refused():
    problem = random_problem(1)
    for change in ({"solver": "magic"}, {"seconds": -1.0}, {"seconds": float("nan")}):
        with pytest.raises(OpendomeError):
            assign(problem, **change)
    assert set(SOLVERS) == {"greedy", "improved", "certified"}


def test_nothing_to_fire_with_or_at_is_refused():
    for p_kill, value, word in (
        (np.zeros((0, 2)), [1.0, 2.0], "no weapons"),
        (np.zeros((2, 0)), [], "no targets"),
    ):
        with pytest.raises(ProblemError, match=word):
            problem_of(p_kill, value)


def test_no_pair_that_can_fire_leaves_everything():
    for solver in SOLVERS:
        plan = assign(problem_of(np.zeros((2, 2)), [1.0, 2.0]), solver=solver)
        assert plan.objective == 3.0
        assert plan.gap < 1e-9


TEXT = """2 3 2
1
2
3
0 0 0.5
0 2 0.9
1 1 0.7
"""


def test_dealing_anew_ends_with_its_time(monkeypatch):
    """With a limit that is over at once one turn is made; without one, as many as gain."""
    turns = []
    module = sys.modules[improved.__module__]
    monkeypatch.setattr(module, "exchange", lambda *_: turns.append(1) or -len(turns))
    improved(random_problem(1), seconds=1e-9)
    assert len(turns) == 1
    improved(random_problem(1), seconds=0.0)
    assert len(turns) == 1 + module.TURNS_MAX


@pytest.mark.parametrize("solver", SOLVERS)
def test_numbers_of_slots_may_be_of_any_size(solver):
    """Slots are names: 0 and 2^62 are two slots, and take no more memory than 0 and 1."""
    plain = problem_of(np.full((2, 2, 2), 0.5), [3.0, 2.0], shots=2, rate=1, looks=1)
    named = replace(plain, slot=plain.slot << 62)
    answers = [assign(each, solver=solver, seconds=5.0) for each in (plain, named)]
    assert answers[0].objective == answers[1].objective
    assert answers[0].rounds.tolist() == answers[1].rounds.tolist()


def test_the_text_is_read_and_written():
    problem = parse_instance(TEXT)
    assert problem.value.tolist() == [1.0, 2.0, 3.0]
    assert problem.shots.tolist() == [2, 2]
    again = parse_instance(write_instance(problem))
    for name in ("value", "shots", "weapon", "target", "p_kill"):
        assert np.array_equal(getattr(again, name), getattr(problem, name)), name


@pytest.mark.parametrize("word", ["1_0", "inf", "1e101", "\u0661", "0x1", "1,5", "1e", "."])
def test_words_that_are_no_plain_numbers_are_refused(word):
    with pytest.raises(InstanceError, match="a value from 0 to 1e"):
        parse_instance(f"1 1 1\n{word}\n0 0 0.5\n")


@pytest.mark.parametrize("word", ["10", "1e1", "10.", "+10.0", ".1E+2"])
def test_plain_numbers_are_read(word):
    assert parse_instance(f"1 1 1\n{word}\n0 0 0.5\n").value.tolist() == [10.0]


def test_a_mark_of_the_order_of_bytes_is_no_word(tmp_path):
    file = tmp_path / "marked.txt"
    file.write_text(TEXT, encoding="utf-8-sig")
    assert read_instance(file).value.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("size", [1e100, 1e-300])
def test_values_of_any_size_in_range_are_solved(solver, size):
    """The plan of values times a factor is the plan of the values."""
    plain, scaled = (problem_of([[0.5, 0.7], [0.6, 0.2]], [k, 3 * k]) for k in (1.0, size / 3.0))
    plans = [assign(each, solver=solver, seconds=5.0) for each in (plain, scaled)]
    assert plans[0].rounds.tolist() == plans[1].rounds.tolist()
    assert plans[1].objective == pytest.approx(plans[0].objective * size / 3.0, rel=1e-9)


def test_every_fault_of_a_text_is_named_with_its_place():
    with pytest.raises(InstanceError) as caught:
        parse_instance("2 3 2\n1\n-2\n3\n0 0 1.5\n0 7 nan\n", name="bad.txt")
    message = str(caught.value)
    for place in ("bad.txt:3:1", "bad.txt:5:5", "bad.txt:6:3", "bad.txt:6:5"):
        assert place in message
