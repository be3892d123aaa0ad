"""The compiled engine against the plain twin, and the twin's power to notice a bug."""

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.scenario.loading import load

from .boards import burdened_rules, random_board, rules, valued_board
from .twin import Twin


def differences(board, rule_book, trials=25, seed=11, ledger_rules=None):
    """Cells in which engine and twin disagree, over every object and shot of every trial."""
    ledger = play(board, ledger_rules or rule_book, seed=seed, first_trial=100, trials=trials)
    objects = board.objects.size
    wrong = []
    for k in range(trials):
        twin = Twin(board, rule_book, seed, 100 + k).play()
        rows = slice(k * objects, (k + 1) * objects)
        for name, attribute in (
            ("fate", "fate"),
            ("killer", "killer"),
            ("rounds", "rounds"),
            ("detected_t_s", "detected_t"),
            ("tracked_t_s", "tracked_t"),
            ("shared_t_s", "shared_t"),
            ("ordered_t_s", "ordered_t"),
            ("launched_t_s", "launched_t"),
            ("intercept_t_s", "intercept_t"),
            ("killed_t_s", "killed_t"),
            ("spared", "spared"),
        ):
            theirs = np.array([float(getattr(row, attribute)) for row in twin.rows])
            ours = np.asarray(ledger.objects[name][rows], float)
            if not np.array_equal(ours, theirs, equal_nan=True):
                wrong.append((k, name, ours, theirs))
        mine = ledger.shots["trial"] == 100 + k
        for name, theirs in (
            ("object", [s.obj for s in twin.shots]),
            ("shooter", [s.shooter for s in twin.shots]),
            ("intercept_t_s", [s.intercept_t for s in twin.shots]),
        ):
            if not np.array_equal(np.asarray(ledger.shots[name])[mine], theirs):
                wrong.append((k, "shot " + name))
        theirs = np.array([s.p_divert for s in twin.shots])
        ours = np.asarray(ledger.shots["p_divert"])[mine]
        same = ours.shape == theirs.shape
        if not same or not np.allclose(ours, theirs, rtol=0, atol=1e-6, equal_nan=True):
            wrong.append((k, "shot p_divert", ours, theirs))
    return wrong


@pytest.mark.parametrize("seed", range(12))
def test_engine_equals_twin_on_random_boards(seed):
    board = random_board(seed, objects=3 + seed % 4, shooters=3 + seed % 5)
    assert differences(board, rules()) == []


@pytest.mark.parametrize("seed", range(12))
def test_engine_equals_twin_where_people_launchers_and_prices_count(seed):
    board = random_board(seed, objects=3 + seed % 4, shooters=3 + seed % 5)
    assert differences(board, burdened_rules()) == []


@pytest.mark.parametrize("name", ["homeland-2026", "golden-dome", "no-shield"])
@pytest.mark.parametrize("future", [0, 1])
def test_engine_equals_twin_on_built_in_scenarios(name, future):
    scenario = load(name)
    geometry = lay_out(scenario, future)
    assert differences(geometry.board, geometry.rules, trials=3, seed=scenario.seed) == []


def test_boards_exercise_every_fate():
    seen = set()
    for seed in range(40):
        board = random_board(seed, objects=6)
        seen |= set(
            np.unique(
                play(board, rules(), seed=1, first_trial=0, trials=40).objects["fate"]
            ).tolist()
        )
    assert len(seen) >= 9, seen


def test_twin_notices_a_planted_bug():
    """An engine that assesses its kills one second later no longer equals the twin."""
    changed = rules(assessment_delay_s=9.0)
    assert any(differences(random_board(seed), rules(), ledger_rules=changed) for seed in range(12))


def test_a_small_book_is_played_again_with_more_room():
    board = random_board(3, objects=1)
    many = rules()
    many.layers["salvo"], many.layers["salvos_max"], many.assets["p_kill"] = 16, 9, 0.01
    board.shooters["stock"] = 100
    ledger = play(board, many, seed=5, first_trial=0, trials=30)
    assert len(ledger.objects["fate"]) == 30
    assert np.array_equal(np.unique(ledger.objects["trial"]), np.arange(30))


@pytest.mark.parametrize("seed", range(6))
def test_engine_equals_twin_where_the_ground_has_values(seed):
    board = valued_board(seed, objects=4, shooters=6)
    assert differences(board, burdened_rules(), trials=8) == []


def test_values_count():
    """An engine that took every object for the largest value would be noticed."""
    boards = [valued_board(seed, objects=4, shooters=6) for seed in range(4)]
    blind = [board._replace(places=board.places[:0], loss_max=0.0) for board in boards]
    ledgers = [
        [play(b, burdened_rules(), seed=1, first_trial=0, trials=20) for b in group]
        for group in (boards, blind)
    ]
    fired = [[ledger.objects["rounds"].sum() for ledger in group] for group in ledgers]
    assert fired[0] != fired[1]
    fates = np.concatenate([ledger.objects["fate"] for ledger in ledgers[0]])
    assert (fates == Fate.NOT_WORTH).any()


def lightened(name):
    """The burdened rules without one of their burdens."""
    plain, heavy = rules(), burdened_rules()
    if name in ("price", "p_common_failure", "limited"):
        assets = heavy.assets.copy()
        assets[name] = 0
        return heavy._replace(assets=assets)
    return heavy._replace(**{name: getattr(plain, name)})


@pytest.mark.parametrize(
    "name", ["people", "coordination_s", "layers", "price", "p_common_failure", "limited"]
)
def test_each_burden_counts(name):
    """An engine that ignored one burden would be noticed on some board."""
    boards = (random_board(seed, objects=6, shooters=7) for seed in range(12))
    assert any(
        differences(board, burdened_rules(), trials=8, ledger_rules=lightened(name))
        for board in boards
    )
