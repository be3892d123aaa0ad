"""The engine with all physics pinned, against formulas with known answers.

Source of the formulas: D. Wilkening, "A Simple Model for Calculating Ballistic Missile
Defense Effectiveness", Science & Global Security 8 (1999) 183-215. Every comparison is
within three standard errors (seeds are fixed, so nothing flickers) at 1e5 trials; the
barrage of 120 rounds a trial is played 2e4 times.
"""

import math

import numpy as np
import pytest

from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.verification.boards import pinned_board, pinned_rules

TRIALS = 100_000
FEWER = 20_000
SEED = 2029


def leakers(
    *, warheads, p_seen, p_kill, salvo, stock=10_000, salvos_max=1, trials=TRIALS, **changes
):
    board = pinned_board(warheads=warheads, p_seen=p_seen, stock=stock)
    rules = pinned_rules(p_kill=p_kill, salvo=salvo, salvos_max=salvos_max, **changes)
    ledger = play(board, rules, seed=SEED, first_trial=0, trials=trials)
    fates = ledger.objects["fate"].reshape(trials, warheads)
    return fates, ledger


def assert_close(share, expected, trials=TRIALS):
    error = math.sqrt(expected * (1.0 - expected) / trials)
    assert abs(share - expected) <= 3.0 * error, (share, expected, error)


@pytest.mark.parametrize(
    ("salvo", "expected"), [(1, 0.56), (2, 0.8064), (3, 0.914816), (4, 0.96251904)]
)
def test_one_target_n_shots(salvo, expected):
    """WK-1: 1 - (1 - p)^n for p = 0.56."""
    fates, _ = leakers(warheads=1, p_seen=1.0, p_kill=0.56, salvo=salvo)
    assert_close(float((fates == Fate.KILLED).mean()), expected)


def test_common_mode_caps_what_shots_can_do():
    """WK-2: 0.95 x (1 - 0.44^4) = 91.44 %: more shots do not repair a track that is missing."""
    fates, _ = leakers(warheads=1, p_seen=0.95, p_kill=0.56, salvo=4)
    assert_close(float((fates == Fate.KILLED).mean()), 0.95 * (1.0 - 0.44**4))
    assert_close(float((fates == Fate.NEVER_DETECTED).mean()), 0.05)


def test_no_leaker_of_twenty():
    """[1 - (1 - p)^n]^W: p 0.8, n 2, W 20 -> 0.4420."""
    fates, _ = leakers(warheads=20, p_seen=1.0, p_kill=0.8, salvo=2)
    assert_close(float((fates == Fate.KILLED).all(axis=1).mean()), (1.0 - 0.2**2) ** 20)


def test_wilkening_barrage():
    """WK-4 with whole shots: W 20, P_track 0.99, p 0.70, six per warhead."""
    fates, ledger = leakers(warheads=20, p_seen=0.99, p_kill=0.70, salvo=6, trials=FEWER)
    expected = (0.99 * (1.0 - 0.30**6)) ** 20
    assert_close(float((fates == Fate.KILLED).all(axis=1).mean()), expected, FEWER)
    assert ledger.shots["trial"].size / FEWER == pytest.approx(20 * 6 * 0.99, rel=1e-3)


def test_shoot_look_shoot_fires_until_dead():
    """Rounds and kills of a geometric law cut off by the window, which leaves time for two shots.

    The first decision falls at 10 s, each shot costs 30 s of flight and is seen one second
    (one cycle of 5 s) later: intercepts at 40 and 76 s; the window closes at 98 s.
    """
    fates, ledger = leakers(warheads=1, p_seen=1.0, p_kill=0.8, salvo=1, salvos_max=32767)
    assert_close(ledger.shots["trial"].size / TRIALS - 1.0, 0.2)
    assert_close(float((fates == Fate.KILLED).mean()), 1.0 - 0.2**2)


def test_forty_four_interceptors_among_twelve_are_dealt_evenly():
    """G-3: at four each they cover eleven; dealt by what each saves, all get three or four."""
    fates, ledger = leakers(warheads=12, p_seen=1.0, p_kill=0.571, salvo=4, stock=44, trials=FEWER)
    fired = np.sort(ledger.objects["rounds"].reshape(FEWER, 12), axis=1)
    assert (fired == [3] * 4 + [4] * 8).all()
    assert not (fates == Fate.NO_STOCK).any()
    expected = (4 * (1.0 - 0.429**3) + 8 * (1.0 - 0.429**4)) / 12
    assert_close(float((fates == Fate.KILLED).mean()), expected, FEWER * 12)


def test_eight_incoming_one_shot_each():
    """0.8^8 = 0.1678."""
    fates, _ = leakers(warheads=8, p_seen=1.0, p_kill=0.8, salvo=1)
    assert_close(float((fates == Fate.KILLED).all(axis=1).mean()), 0.8**8)


def test_nothing_to_fire_means_all_leak():
    fates, _ = leakers(warheads=5, p_seen=1.0, p_kill=0.8, salvo=1, stock=0)
    assert (fates == Fate.NO_STOCK).all()


def test_certain_kill_means_none_leaks():
    fates, _ = leakers(warheads=5, p_seen=1.0, p_kill=1.0, salvo=1)
    assert (fates == Fate.KILLED).all()


def test_the_oracle_notices_a_wrong_probability():
    """Planted bug: p off by one percent must break the agreement."""
    fates, _ = leakers(warheads=1, p_seen=1.0, p_kill=0.57, salvo=2)
    with pytest.raises(AssertionError):
        assert_close(float((fates == Fate.KILLED).mean()), 0.8064)


def test_more_shots_never_leak_more_with_the_same_luck():
    """Common random numbers: raising the salvo only turns leakers into kills, trial by trial."""
    few, _ = leakers(warheads=4, p_seen=0.9, p_kill=0.5, salvo=1, trials=FEWER)
    many, _ = leakers(warheads=4, p_seen=0.9, p_kill=0.5, salvo=3, trials=FEWER)
    assert (((few == Fate.KILLED) & (many != Fate.KILLED)).sum()) == 0


def test_fates_sum_to_the_raid_and_batches_do_not_matter():
    board = pinned_board(warheads=3, p_seen=0.9, stock=4)
    rules = pinned_rules(p_kill=0.5, salvo=1)
    whole = play(board, rules, seed=3, first_trial=0, trials=50).objects
    single = [play(board, rules, seed=3, first_trial=k, trials=1).objects for k in range(50)]
    for name in whole:
        joined = np.concatenate([part[name] for part in single])
        assert np.array_equal(
            whole[name], joined, equal_nan=np.issubdtype(joined.dtype, np.floating)
        )
