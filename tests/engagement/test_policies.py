"""A policy decides: the engine obeys it, believes with it, and keeps the truth from it."""

import math
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.command.policies import (
    Certified,
    Greedy,
    line_up,
    marginal_returns,
    proven_best,
    sharing,
)
from opendome.command.policy import Brief, Order, Policy, Shots, Tracks, View
from opendome.draws.philox import normal
from opendome.draws.purposes import purpose
from opendome.engagement.kernels.picture import draw_memory, number_tracks
from opendome.engagement.play import play
from opendome.engagement.policies import new_memory
from opendome.engagement.stepped import SteppedTrial
from opendome.quantities.errors import OpendomeError

from .boards import burdened_rules, random_board, rules
from .scenes import scene

SEED = 11


class Watcher:
    """Fires one round of every second shot, and keeps what it saw."""

    def __init__(self, seen):
        self.seen = seen

    def decide(self, view):
        self.seen.append(view)
        left = dict(zip(view.shots.shooter, view.shots.rounds_left, strict=True))
        orders = []
        for shot in range(0, view.shots.track.size, 2):
            if left[view.shots.shooter[shot]] > 0:
                left[view.shots.shooter[shot]] -= 1
                orders.append(Order(shot))
        return orders


def watched(board, book, *, trials=6):
    seen = []
    ledger = scene(board, book, lambda: Watcher(seen)).play(seed=SEED, first_trial=0, trials=trials)
    return seen, ledger


def flat(thing, prefix=""):
    """Every value of a view by its dotted name."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        if is_dataclass(value):
            yield from flat(value, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, value


def same_views(one, other):
    if len(one) != len(other):
        return False
    return all(
        np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")
        for mine, theirs in zip(one, other, strict=True)
        for (_, a), (_, b) in zip(flat(mine), flat(theirs), strict=True)
    )


# --- the built-in policy against the engine ----------------------------------------------


@pytest.mark.parametrize("book", [rules(), burdened_rules()])
@pytest.mark.parametrize("seed", range(12))
def test_greedy_plays_the_very_trials_of_the_engine_where_no_tie_can_matter(seed, book):
    board = random_board(seed, objects=1, shooters=6)
    ours = scene(board, book, Greedy).play(seed=SEED, first_trial=3, trials=10)
    engine = play(board, book, seed=SEED, first_trial=3, trials=10)
    for name, column in engine.objects.items():
        equal_nan = column.dtype.kind == "f"
        assert np.array_equal(ours.objects[name], column, equal_nan=equal_nan), name
    assert np.array_equal(ours.shots["shooter"], engine.shots["shooter"])


def test_greedy_gives_the_fates_of_the_engine_among_many_objects():
    """Ties are broken by other numbers: 1 fate in 100 may differ on these fixed boards."""
    same, total = 0, 0
    for book in (rules(), burdened_rules()):
        for seed in range(12):
            board = random_board(seed, objects=6, shooters=8)
            ours = scene(board, book, Greedy).play(seed=SEED, first_trial=0, trials=8)
            engine = play(board, book, seed=SEED, first_trial=0, trials=8)
            same += int((ours.objects["fate"] == engine.objects["fate"]).sum())
            total += ours.objects["fate"].size
    assert same >= 0.99 * total


def test_certified_never_leaves_more_than_greedy_in_one_cycle():
    """Against the marginal returns, on the first decision of many boards; a price is a loss too."""
    gains = []
    for seed in range(40):
        board, seen = random_board(seed, objects=6, shooters=10), []
        book = burdened_rules(coordination_s=np.zeros((0, 0)))
        scene(board, book, lambda seen=seen: Watcher(seen)).play(seed=SEED, first_trial=0, trials=1)
        for view in seen:
            for layer in range(2):
                lots = sharing_of(view, layer)
                if lots is not None:
                    gains.append(left_by(lots, proven_best) - left_by(lots, marginal_returns))
    assert len(gains) > 50
    assert max(gains) <= 1e-9


def sharing_of(view, layer):
    rows = line_up(view, layer, view.tracks.wanted)
    if rows.size == 0:
        return None
    return sharing(view, rows, view.tracks.wanted[:, layer], view.tracks.survival)


def left_by(lots, solve):
    rounds = solve(lots)
    survival = np.ones(lots.value.size)
    np.multiply.at(survival, lots.target, (1.0 - lots.p_kill) ** rounds)
    used = np.bincount(lots.weapon, rounds, minlength=lots.shots.size)
    assert (used <= lots.shots).all()
    assert (np.bincount(lots.target, rounds, minlength=lots.salvo.size) <= lots.salvo).all()
    return lots.value @ survival + lots.price[lots.weapon] @ rounds


def test_certified_plays():
    board, book = random_board(4, objects=6, shooters=8), burdened_rules()
    ledger = scene(board, book, Certified).play(seed=SEED, first_trial=0, trials=4)
    assert ledger.shots["trial"].size > 0


def test_a_policy_that_orders_nothing_lets_everything_through():
    class Idle:
        def decide(self, view):
            return []

    board = random_board(1, objects=6)
    ledger = scene(board, rules(), Idle).play(seed=SEED, first_trial=0, trials=8)
    assert ledger.shots["trial"].size == 0
    assert not (ledger.objects["fate"] == 2).any()


# --- the firewall ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_two_raids_of_other_truth_and_the_same_beliefs_give_the_same_views(seed):
    board, book = random_board(seed, objects=6, shooters=8), rules()
    board.objects["p_taken_for_real"][np.isnan(board.objects["p_taken_for_real"])] = 1.0
    board.objects["parent"], board.objects["parts"] = -1, 0
    one, ledger = watched(board, book)
    hidden = board.objects.copy()
    hidden["lethal"] = 1 - hidden["lethal"]
    hidden["loss"] += 7.0
    other, _ = watched(board._replace(objects=hidden), book)
    assert len(one) > 10
    assert ledger.shots["trial"].size > 0
    assert same_views(one, other)


def test_a_raid_believed_otherwise_gives_other_views():
    """The control: what is believed does change the view."""
    board, book = random_board(2, objects=6, shooters=8), rules()
    one, _ = watched(board, book)
    moved = board.objects.copy()
    moved["defended_distance_m"] -= 4000.0
    other, _ = watched(board._replace(objects=moved), book)
    assert not same_views(one, other)


def test_whether_a_shot_killed_does_not_show():
    """The same board with sure and with useless rounds, where every shot is said to have killed."""
    seen, kills = [], []
    for radius_m in (1e9, 1e-9):
        board = random_board(3, objects=6, shooters=8)
        board.objects["parent"], board.objects["parts"] = -1, 0
        book = rules(p_false_kill=1.0, p_false_miss=0.0)
        book.assets["divert_radius_m"] = radius_m
        views, ledger = watched(board, book)
        seen.append(views)
        kills.append((ledger.objects["fate"] == 2).sum())
    assert kills[0] > kills[1] == 0
    assert same_views(*seen)


def test_a_view_names_nothing_of_the_truth():
    names = {field.name for kind in (Brief, View, Tracks, Shots) for field in fields(kind)}
    truth = ("object", "lethal", "fate", "kill", "loss", "group", "launch_site", "true", "parent")
    found = {name for name in names for word in truth if word in name}
    assert found == {"p_kill"}


def test_views_cannot_be_written_to():
    seen, _ = watched(random_board(0, objects=5), rules(), trials=2)
    arrays = [value for _, value in flat(seen[0]) if isinstance(value, np.ndarray)]
    assert len(arrays) == len(fields(Tracks)) + len(fields(Shots)) + 1
    assert not any(array.flags.writeable for array in arrays)


def test_numbers_of_tracks_do_not_give_away_the_order_of_the_raid():
    """Objects tracked at the same moment are numbered by chance, differently in each trial."""
    board = random_board(0, objects=5)
    game = SteppedTrial(board, rules(), seed=SEED, trial=0)
    memory, lines = new_memory(board), set()
    for trial in range(40):
        draw_memory(memory, SEED, purpose("a"), purpose("b"), trial)
        game.state.tracks["release_t_s"] = 10.0
        number_tracks(game.state, memory, 0)
        lines.add(tuple(memory.number[0]))
        assert sorted(memory.number[0]) == [1, 2, 3, 4, 5]
    assert len(lines) > 20
    game.state.tracks["release_t_s"][0] = [5.0, 3.0, 9.0, 1.0, math.inf]
    draw_memory(memory, SEED, purpose("a"), purpose("b"), 0)
    number_tracks(game.state, memory, 0)
    assert memory.number[0].tolist() == [3, 2, 4, 1, 0]


# --- beliefs ----------------------------------------------------------------------------------


def test_beliefs_err_as_their_covariance_says():
    """Mean 0 and variance 1, within 4 standard errors of 300 trials; one draw for a whole trial."""
    board = random_board(5, objects=1, nodes=2)
    board.objects["p_reliable"] = 1.0
    truth = board.objects[0]
    lots = {"distance": [], "time": []}
    for trial in range(300):
        seen = []
        scene(board, rules(), lambda seen=seen: Watcher(seen)).play(
            seed=SEED, first_trial=trial, trials=1
        )
        rows = [view.tracks for view in seen if view.node == "west" and not view.tracks.open[0]]
        if not rows:
            continue
        place = [
            (t.defended_distance_m[0] - truth["defended_distance_m"]) / t.impact_sigma_m[0]
            for t in rows
        ]
        time = [(t.impact_t_s[0] - truth["impact_t_s"]) / t.impact_sigma_s[0] for t in rows]
        assert np.ptp(place) < 1e-6
        assert np.ptp(time) < 1e-6
        assert time[0] == pytest.approx(
            float(normal(SEED, purpose("predicted impact time"), trial, 0, 0)), abs=1e-6
        )
        lots["distance"].append(place[0])
        lots["time"].append(time[0])
    for lot in lots.values():
        assert len(lot) > 100
        assert abs(np.mean(lot)) < 4.0 / math.sqrt(len(lot))
        assert abs(np.var(lot) - 1.0) < 4.0 * math.sqrt(2.0 / len(lot))


# --- what a policy cannot break ----------------------------------------------------------------


class Wild:
    """Orders whatever is allowed, as dice of its own fall."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def decide(self, view):
        left = dict(zip(view.shots.shooter, view.shots.rounds_left, strict=True))
        orders = []
        for shot in self.rng.permutation(view.shots.track.size):
            most = left[view.shots.shooter[shot]]
            rounds = int(self.rng.integers(0, most + 1))
            left[view.shots.shooter[shot]] -= rounds
            orders.append(Order(int(shot), rounds))
        return orders


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 200), st.integers(0, 1000), st.booleans())
def test_no_policy_breaks_stock_people_or_rules_of_engagement(board_seed, seed, held):
    board, book = random_board(board_seed, objects=5, shooters=6), burdened_rules()
    book.layers["engage"][0] = 2 if held else 0
    stock = board.shooters["stock"]
    ledger = scene(board, book, lambda: Wild(seed)).play(seed=SEED, first_trial=0, trials=3)
    shots = ledger.shots
    for trial in range(3):
        mine = shots["trial"] == trial
        fired = np.bincount(shots["shooter"][mine], minlength=stock.size)
        assert (fired <= stock).all()
        for shooter in np.flatnonzero(fired):
            asset = book.assets[board.shooters["asset"][shooter]]
            own = np.sort(shots["launched_t_s"][mine & (shots["shooter"] == shooter)])
            if asset["limited"]:
                assert (np.diff(own) >= asset["launch_interval_s"] - 1e-9).all()
    assert not held or not (shots["layer"] == 0).any()
    earliest = np.nanmin(ledger.tracks["formed_t_s"], initial=np.inf) + book.confirm_s
    assert (shots["ordered_t_s"] >= earliest).all()


# --- bad orders -----------------------------------------------------------------------------


BAD = {
    "no sequence": (lambda view: None, "NoneType from decide"),
    "a text": (lambda view: "fire", "str from decide"),
    "no order": (lambda view: [7], "7 among the orders"),
    "three parts": (lambda view: [(0, 1, 2)], "(0, 1, 2) among the orders"),
    "unknown shot": (lambda view: [Order(10_000)], "order for shot 10000"),
    "negative shot": (lambda view: [Order(-1)], "order for shot -1"),
    "negative rounds": (lambda view: [Order(0, -2)], "order of -2 rounds"),
    "part of a round": (lambda view: [Order(0, 1.5)], "order of 1.5 rounds"),
    "not a number": (lambda view: [Order(0, math.nan)], "order of nan rounds"),
    "a truth value": (lambda view: [Order(True)], "order for shot True"),
    "too many": (lambda view: [Order(0, 9_999)], "9999 rounds of shooter"),
    "too many in parts": (
        lambda view: [Order(0, int(view.shots.rounds_left[0])), Order(0)],
        "in one cycle",
    ),
    "a mistake": (lambda view: 1 / 0, "ZeroDivisionError in decide"),
    "an exit": (lambda view: exit(3), "SystemExit in decide"),
    "writing": (lambda view: view.tracks.worth.fill(1.0), "read-only"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_order_is_named_with_its_policy_trial_and_time(case):
    decide, words = BAD[case]

    class Bad:
        def decide(self, view):
            return decide(view)

    with pytest.raises(OpendomeError) as caught:
        scene(random_board(1, objects=5), rules(), Bad, "bad").play(
            seed=SEED, first_trial=40, trials=5
        )
    problem = caught.value
    assert words in problem.got or words in str(problem)
    assert problem.where.startswith("policy bad, trial 4")
    assert problem.where.endswith(" s")
    assert problem.allowed
    assert problem.do


@pytest.mark.parametrize("part", ["__init__", "begin"])
def test_a_policy_that_cannot_begin_is_named(part):
    class Bad:
        def __init__(self):
            if part == "__init__":
                raise KeyError(part)

        def begin(self, brief):
            raise KeyError(part)

        def decide(self, view):
            return []

    with pytest.raises(OpendomeError, match=f"KeyError in {part}"):
        scene(random_board(1, objects=5), rules(), Bad).play(seed=SEED, first_trial=0, trials=5)


def test_the_line_of_a_mistake_is_one_of_the_policy():
    """Neither the engine nor a library is to blame for what a policy asks of it."""
    own = Path(__file__).name

    class Deep:
        def decide(self, view):
            return np.linalg.inv(np.zeros((2, 2)))

    class Asking:
        def __init__(self, wish):
            self.wish = wish

    for make, place in ((Deep, f"; {own}, line "), (Asking, "")):
        with pytest.raises(OpendomeError) as caught:
            scene(random_board(1, objects=5), rules(), make).play(
                seed=SEED, first_trial=0, trials=5
            )
        assert place in caught.value.got
        assert (", line " in caught.value.got) == bool(place)


# --- repetition -------------------------------------------------------------------------------


def test_every_node_of_every_trial_has_a_policy_of_its_own():
    made, briefs = [], []

    class Counting:
        def __init__(self):
            made.append(self)

        def begin(self, brief):
            self.brief = brief
            briefs.append(brief)

        def decide(self, view):
            assert view.node == self.brief.node
            return []

    assert isinstance(Counting(), Policy)
    made.clear()
    board = random_board(1, objects=5)
    scene(board, rules(), Counting).play(seed=SEED, first_trial=0, trials=6)
    assert len(made) == len(briefs) <= 12
    assert {brief.node for brief in briefs} == {"west", "east"}
    assert len({brief.seed for brief in briefs}) == len(briefs)


def test_a_trial_does_not_depend_on_its_batch():
    board, book = random_board(6, objects=5), burdened_rules()
    whole = scene(board, book, Greedy).play(seed=SEED, first_trial=0, trials=4)
    for trial in range(4):
        alone = scene(board, book, Greedy).play(seed=SEED, first_trial=trial, trials=1)
        rows = whole.objects["trial"] == trial
        for name, column in alone.objects.items():
            equal_nan = column.dtype.kind == "f"
            assert np.array_equal(whole.objects[name][rows], column, equal_nan=equal_nan), name
