"""Objects that are part of others, that are taken for what they are not, and news that is lost."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from opendome.draws.purposes import purpose
from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.verification.boards import pinned_board, pinned_rules

TRIALS = 20_000
FALSE_ALARM_SIGMAS = 5.0  # one in 2 million for each comparison
WATCHED_S = 20.0


def shares(board, rules, trials=TRIALS):
    """Share of the trials with each fate: {object: {fate: share}}."""
    ledger = play(board, rules, seed=3, first_trial=0, trials=trials)
    fates = np.asarray(ledger.objects["fate"]).reshape(trials, -1)
    return [{fate: float((column == fate).mean()) for fate in Fate} for column in fates.T]


def close(share, wanted, trials=TRIALS):
    spread = math.sqrt(max(wanted * (1.0 - wanted), 1.0 / trials) / trials)
    return abs(share - wanted) < FALSE_ALARM_SIGMAS * spread


def judged_board(k_factor, watched_s=WATCHED_S):
    """A threat and another body, seen once by one sensor that has watched long enough."""
    board = pinned_board(warheads=2, p_seen=1.0, stock=10)
    board.objects["p_taken_for_real"] = math.nan
    board.objects["lethal"] = [1, 0]
    board.looks["watched_s"] = watched_s
    board.sensors["k_factor"], board.sensors["k_time_s"] = k_factor, WATCHED_S
    board.sensors["k_purpose"] = purpose("test discrimination")
    return board


@pytest.mark.parametrize("k_factor", [0.5, 2.0, 4.0])
@pytest.mark.parametrize("needed", [-2.0, 0.0, 1.0])
def test_leakage_and_false_alarm_of_a_judge_are_normal_tails(k_factor, needed):
    """Log odds of mean +-K^2/2 and variance K^2 against the threshold."""
    rules = pinned_rules(p_kill=1.0, salvo=1)._replace(log_odds_to_engage=needed)
    threat, other = shares(judged_board(k_factor), rules)
    half = 0.5 * k_factor**2
    assert close(threat[Fate.TAKEN_FOR_HARMLESS], norm.cdf((needed - half) / k_factor))
    assert close(other[Fate.KILLED], norm.sf((needed + half) / k_factor))
    assert threat[Fate.KILLED] + threat[Fate.TAKEN_FOR_HARMLESS] == 1.0
    assert other[Fate.KILLED] + other[Fate.IGNORED] == 1.0


def test_half_the_time_watched_gives_half_the_information():
    rules = pinned_rules(p_kill=1.0, salvo=1)._replace(log_odds_to_engage=0.5)
    k_factor = 3.0
    threat, _ = shares(judged_board(k_factor, watched_s=0.5 * WATCHED_S), rules)
    information = 0.5 * k_factor**2
    wanted = norm.cdf((0.5 - 0.5 * information) / math.sqrt(information))
    assert close(threat[Fate.TAKEN_FOR_HARMLESS], wanted)
    # a judge that forgot to halve the information would be far outside
    assert not close(threat[Fate.TAKEN_FOR_HARMLESS], norm.cdf((0.5 - 4.5) / 3.0))


def test_a_declared_chance_to_be_taken_for_real_is_met():
    board = pinned_board(warheads=2, p_seen=1.0, stock=10)
    board.objects["p_taken_for_real"], board.objects["lethal"] = [0.9, 0.3], [1, 0]
    threat, decoy = shares(board, pinned_rules(p_kill=1.0, salvo=1))
    assert close(threat[Fate.TAKEN_FOR_HARMLESS], 0.1)
    assert close(decoy[Fate.KILLED], 0.3)


def test_decoys_taken_for_real_use_up_the_stock():
    board = pinned_board(warheads=5, p_seen=1.0, stock=3)
    board.objects["lethal"] = [1, 0, 0, 0, 0]
    board.objects["p_taken_for_real"] = 1.0
    crowded = shares(board, pinned_rules(p_kill=1.0, salvo=1), trials=200)
    ledger = play(board, pinned_rules(p_kill=1.0, salvo=1), seed=3, first_trial=0, trials=1)
    assert ledger.shots["object"].size == 3
    assert sum(fates[Fate.KILLED] for fates in crowded) == pytest.approx(3.0)
    assert all(fates[Fate.IGNORED] + fates[Fate.KILLED] == 1.0 for fates in crowded[1:])


def family_board(separates_t_s):
    """A missile, its warhead that leaves it later, and a part of that."""
    board = pinned_board(warheads=3, p_seen=1.0, stock=10)
    board.objects["parent"], board.objects["parts"] = [-1, 0, 1], [1, 1, 0]
    board.objects["launch_t_s"] = [0.0, separates_t_s, separates_t_s + 1.0]
    board.looks["t_s"] = np.maximum(board.looks["t_s"], board.objects["launch_t_s"])
    board.arrivals["t_s"] = board.looks["t_s"]
    return board


def test_what_is_still_aboard_dies_with_a_killed_object():
    rules = pinned_rules(p_kill=1.0, salvo=1)
    late = family_board(separates_t_s=1.0e4)
    ledger = play(late, rules, seed=3, first_trial=0, trials=1)
    assert set(np.asarray(ledger.objects["fate"]).tolist()) == {Fate.KILLED}
    assert ledger.shots["object"].tolist() == [0]
    assert np.isnan(ledger.objects["detected_t_s"][1:]).all()
    assert len(set(np.asarray(ledger.objects["killed_t_s"]).tolist())) == 1


def test_what_has_left_before_flies_on():
    rules = pinned_rules(p_kill=1.0, salvo=1)
    ledger = play(family_board(separates_t_s=0.0), rules, seed=3, first_trial=0, trials=1)
    assert sorted(ledger.shots["object"].tolist()) == [0, 1, 2]


def test_parts_fail_with_what_they_are_part_of():
    board = family_board(separates_t_s=0.0)
    board.objects["p_reliable"] = [0.6, 1.0, 0.5]
    fates = shares(board, pinned_rules(p_kill=0.0, salvo=1))
    for share, wanted in zip([f[Fate.FAILED] for f in fates], [0.4, 0.4, 0.7], strict=True):
        assert close(share, wanted)


def test_news_that_is_lost_on_the_way_is_never_shared():
    board = pinned_board(warheads=1, p_seen=1.0, stock=10)
    board.arrivals["p_delivered"] = 0.7
    (fates,) = shares(board, pinned_rules(p_kill=1.0, salvo=1))
    assert close(fates[Fate.KILLED], 0.7)
    assert close(fates[Fate.NOT_SHARED], 0.3)
