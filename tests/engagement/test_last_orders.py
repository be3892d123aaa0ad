"""What can still be ordered: a shot is over its launch delay before its last launch, not at it."""

import numpy as np
import pytest

from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.verification.boards import pinned_board, pinned_rules
from opendome.verification.command import two_assets, two_sites

UNLIMITED = 2**31
HOPELESS = 1e-9  # a kill probability: worth a round that costs nothing, and never a kill


def single_shots(board, launches_t_s, meets_t_s):
    """The board where each pair has one intercept only."""
    pairs = board.pairs.copy()
    pairs["first_t_s"] = meets_t_s
    pairs["first_sample"] = np.arange(pairs.size)
    pairs["end_sample"] = 1 + np.arange(pairs.size)
    pairs["last_t_s"] = launches_t_s
    return board._replace(pairs=pairs, latest_t_s=np.array(launches_t_s, float))


def rounds_of_layers(board, rules):
    ledger = play(board, rules, seed=1, first_trial=0, trials=1)
    return np.bincount(ledger.shots["layer"], minlength=2).tolist()


def two_layers(launches_t_s, meets_t_s, *, delay_s, reserve=0, stock=(9, 9)):
    """One warhead before two layers; the launcher of the second takes `delay_s`."""
    board = single_shots(two_sites(1, stock), launches_t_s, meets_t_s)
    board.shooters["layer"] = [0, 1]
    rules = two_assets(pinned_rules(p_kill=HOPELESS, salvo=1), nodes=1, layers=(reserve, 0))
    rules.assets["launch_delay_s"] = [0.0, delay_s]
    return board, rules


@pytest.mark.parametrize("delay_s", [0.0, 3.0, 6.0])
def test_a_layer_waits_for_a_result_only_if_an_order_after_it_is_in_time(delay_s):
    """The result is known at 41 s, the last launch at 50 s: with 6 s of delay it fires before."""
    board, rules = two_layers([10.0, 50.0], [40.0, 80.0], delay_s=delay_s)
    assert rounds_of_layers(board, rules) == [1, 1]


@pytest.mark.parametrize(("delay_s", "rounds"), [(5.0, [0, 1]), (15.0, [1, 0])])
def test_a_reserve_is_free_once_no_other_layer_can_be_ordered_in_time(delay_s, rounds):
    """The track comes at 9 s; the other layer launches at 20 s for the last time."""
    board, rules = two_layers([12.0, 20.0], [42.0, 50.0], delay_s=delay_s, reserve=9)
    assert rounds_of_layers(board, rules) == rounds


@pytest.mark.parametrize(("channels", "rounds"), [(1, 2), (2, 3)])
def test_a_channel_that_is_free_again_is_not_counted(channels, rounds):
    """Held from 45 to 60 s and from 65 to 80 s: from 55 to 70 s there is never more than one."""
    board = pinned_board(warheads=3, p_seen=1.0, stock=9)
    board = single_shots(board, [20.0, 30.0, 35.0], [60.0, 80.0, 70.0])
    rules = pinned_rules(p_kill=0.5, salvo=1)
    rules.assets["limited"], rules.assets["ready"] = 1, UNLIMITED
    rules.assets["channels"], rules.assets["channel_time_s"] = channels, 15.0
    ledger = play(board, rules, seed=1, first_trial=0, trials=1)
    assert ledger.shots["shooter"].size == rounds


def test_a_loaded_shooter_is_no_lack_of_stock():
    """The object burns until 60 s, and the only shot, to meet it at 80 s, must leave at 50 s."""
    board = single_shots(pinned_board(warheads=1, p_seen=1.0, stock=9), [50.0], [80.0])
    board.objects["burnout_t_s"] = 60.0
    rules = pinned_rules(p_kill=0.5, salvo=1)
    ledger = play(board, rules, seed=1, first_trial=0, trials=1)
    assert ledger.objects["rounds"].tolist() == [0]
    assert ledger.objects["fate"].tolist() == [Fate.NOT_ASSIGNED]
    board.shooters["stock"] = 0
    ledger = play(board, rules, seed=1, first_trial=0, trials=1)
    assert ledger.objects["fate"].tolist() == [Fate.NO_STOCK]


def test_the_first_round_at_each_object_goes_before_any_second():
    """One launch a second, windows of two seconds and of one: both salvos cannot be had."""
    board = single_shots(pinned_board(warheads=2, p_seen=1.0, stock=9), [21.0, 21.0], [60.0, 61.0])
    board.pairs["first_sample"], board.pairs["end_sample"] = [0, 2], [2, 3]
    board = board._replace(latest_t_s=np.array([20.0, 21.0, 21.0]))
    rules = pinned_rules(p_kill=0.5, salvo=2)
    rules.assets["limited"], rules.assets["ready"] = 1, UNLIMITED
    rules.assets["channels"], rules.assets["launch_interval_s"] = UNLIMITED, 1.0
    ledger = play(board, rules, seed=1, first_trial=0, trials=1)
    assert ledger.shots["object"].tolist() == [0, 1]
    assert ledger.shots["launched_t_s"].tolist() == [20.0, 21.0]
