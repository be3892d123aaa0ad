"""People, orders, partners and sectors in the engine that every run uses.

The closed forms of `opendome verify command` are not repeated here: these are exact equalities
between runs under one luck, and bounds that hold trial by trial.
"""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendome.command.models import HumanTime, people_table
from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.engagement.geometry import lay_out
from opendome.engagement.kernels.resolve import KILLED_BY
from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.scenario.loading import load_text
from opendome.verification import command
from opendome.verification.boards import pinned_board, pinned_rules

TRIALS = 200
HEAD = """\
scenario: two-sectors
title: Two sectors
epoch: 2029-01-20T12:00:00Z
defended:
  - {area: conus}
raid:
  - class: icbm-solid
    count: 4
    from: {area: north-east-asia}
    to: {area: conus}
    within: 60 s
    reliability: 0.9
trials: 40
futures: 2
assets:
"""
NORTH = """\
  - {use: lrdr, nation: US}
  - {use: uewr-clear, nation: US}
  - {use: gbi, nation: US, name: north-gbi, layer: upper, sites: {fort-greely: 8}, p_kill: 0.6}
"""
SOUTH = """\
  - {use: cobra-dane, nation: US}
  - {use: gbi, nation: US, name: south-gbi, layer: upper, sites: {vandenberg: 8}, p_kill: 0.6}
"""
RULES = "command: {harmless_sigmas: 10, doctrine: {upper: {salvo: 2}}"
SECTORS = "sectors: {north: [lrdr, uewr-clear, north-gbi], south: [cobra-dane, south-gbi]}"
WHEN = ("trial", "object", "ordered_t_s", "launched_t_s", "intercept_t_s", "p_divert")


def played(text, future=0):
    scenario = load_text(text)
    geometry = lay_out(scenario, future)
    ledger = play(geometry.board, geometry.rules, seed=scenario.seed, first_trial=0, trials=TRIALS)
    return geometry.realisation, ledger


def killed(ledger):
    return np.asarray(ledger.objects["fate"]) == Fate.KILLED


@pytest.fixture(scope="module")
def cut():
    return played(f"{HEAD}{NORTH}{SOUTH}{RULES}, {SECTORS}, cut_off: 1}}\n")


@pytest.fixture(scope="module")
def whole():
    return played(f"{HEAD}{NORTH}{SOUTH}{RULES}, {SECTORS}}}\n")


@pytest.mark.parametrize(("part", "name"), [(NORTH, "north-gbi"), (SOUTH, "south-gbi")])
def test_a_sector_cut_off_fires_as_if_it_stood_alone(cut, part, name):
    real, ledger = cut
    _, alone = played(f"{HEAD}{part}{RULES}}}\n")
    own = ledger.shots["asset"] == real.asset_names.index(name)
    assert own.sum() > TRIALS
    for column in WHEN:
        assert np.array_equal(ledger.shots[column][own], alone.shots[column]), column


def test_what_sectors_stop_is_what_each_of_them_alone_would(cut):
    alone = [killed(played(f"{HEAD}{part}{RULES}}}\n")[1]) for part in (NORTH, SOUTH)]
    assert np.array_equal(killed(cut[1]), alone[0] | alone[1])
    assert alone[0].any()
    assert not np.array_equal(alone[0], alone[1])


def test_a_command_that_is_not_cut_off_is_as_without_sectors(whole):
    _, plain = played(f"{HEAD}{NORTH}{SOUTH}{RULES}}}\n")
    for column, values in plain.objects.items():
        assert np.array_equal(values, whole[1].objects[column], equal_nan=True), column


def test_without_its_command_a_shield_spends_more_rounds(cut, whole):
    """Nobody tells a sector what the other has fired."""
    assert cut[1].shots["trial"].size > whole[1].shots["trial"].size


def test_sectors_that_tell_each_other_spend_no_more_than_sectors_that_do_not(cut):
    sharing = "sharing:\n" + "".join(
        f"  - {{from: {a}, to: {b}, what: engagements, delay: 2 s}}\n"
        for a, b in (("north", "south"), ("south", "north"))
    )
    real, ledger = played(f"{HEAD}{NORTH}{SOUTH}{sharing}{RULES}, {SECTORS}, cut_off: 1}}\n")
    assert real.coordination_s[1, 2] == 2.0
    assert ledger.shots["trial"].size < cut[1].shots["trial"].size


def test_what_is_in_no_sector_never_fires():
    text = f"{HEAD}{NORTH}{SOUTH}{RULES}, sectors: {{north: [lrdr, north-gbi]}}, cut_off: 1}}\n"
    real, ledger = played(text)
    fired = {real.asset_names[asset] for asset in np.unique(ledger.shots["asset"])}
    assert fired == {"north-gbi"}


def test_assets_of_one_class_fail_together():
    """Two batteries of one interceptor, with names of their own: one die for both."""
    parts = (part.replace(": 8}", ": 3}") for part in (NORTH, SOUTH))
    faulty = [part.replace("p_kill", "p_common_failure: 0.5, p_kill") for part in parts]
    _, ledger = played(f"{HEAD}{''.join(faulty)}{RULES}}}\n")
    stream = purpose("common failure gbi")
    seed = load_text(HEAD + NORTH).seed
    sound = [uniform(seed, stream, trial, 0, 0) >= 0.5 for trial in range(TRIALS)]
    hit = np.asarray(ledger.shots["result"]) == KILLED_BY
    trial, asset = np.asarray(ledger.shots["trial"]), np.asarray(ledger.shots["asset"])
    assert np.unique(asset[hit]).size == 2
    assert all(sound[k] for k in trial[hit])
    assert 0.2 * TRIALS < sum(sound) < 0.8 * TRIALS


def test_a_layer_on_hold_never_fires():
    held = RULES.replace("{salvo: 2}", "{engage: hold}")
    _, ledger = played(f"{HEAD}{NORTH}{SOUTH}{held}}}\n")
    assert ledger.shots["trial"].size == 0
    assert set(np.unique(ledger.objects["fate"])) <= {Fate.FAILED, Fate.NOT_ASSIGNED}


def test_a_tight_layer_waits_for_burnout():
    real, free = played(f"{HEAD}{NORTH}{RULES}}}\n")
    _, ledger = played(f"{HEAD}{NORTH}{RULES.replace('salvo: 2', 'salvo: 2, engage: tight')}}}\n")
    burn_s = real.sampled["raid.0.boost_time"]
    row = ledger.shots["trial"] * 4 + ledger.shots["object"]
    assert (ledger.shots["ordered_t_s"] >= ledger.objects["launch_t_s"][row] + burn_s).all()
    assert 0 < ledger.shots["trial"].size <= free.shots["trial"].size


# --- people ------------------------------------------------------------------------------


def fired(people, warheads=3, trials=400):
    board = pinned_board(warheads=warheads, p_seen=0.7, stock=1000)
    rules = pinned_rules(p_kill=0.8, salvo=1, people=people_table(people, ("US",)))
    return play(board, rules, seed=5, first_trial=0, trials=trials)


def test_people_wait_once_for_the_whole_attack():
    """All warheads of a trial are let go at one moment, and none before people are done."""
    ledger = fired((HumanTime(name="release", median_s=20.0, sigma_log=0.5),))
    for trial in range(400):
        own = ledger.shots["trial"] == trial
        assert np.unique(ledger.shots["ordered_t_s"][own]).size <= 1
    fate = np.asarray(ledger.objects["fate"])
    assert {Fate.KILLED, Fate.NEVER_DETECTED, Fate.NOT_DECIDED, Fate.SHOTS_MISSED} <= set(fate)
    late = np.isin(fate, [Fate.NOT_DECIDED, Fate.NO_REACH])  # let go after the last launch
    assert (np.asarray(ledger.objects["rounds"])[late] == 0).all()


def test_people_of_no_time_change_nothing():
    nobody = fired(())
    at_once = fired((HumanTime(name="release", median_s=0.0, sigma_log=0.0),))
    assert np.array_equal(nobody.objects["fate"], at_once.objects["fate"])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(median_s=st.floats(1.0, 60.0), more_s=st.floats(0.0, 60.0), sigma_log=st.floats(0.0, 1.0))
def test_more_time_of_people_never_lets_more_objects_be_fired_at(median_s, more_s, sigma_log):
    step = HumanTime(name="release", median_s=median_s, sigma_log=sigma_log)
    longer = (step, HumanTime(name="warning", median_s=more_s, sigma_log=0.0))
    few, many = fired(longer), fired((step,))
    assert (few.objects["rounds"] <= many.objects["rounds"]).all()
    late = ~np.isnan(few.objects["ordered_t_s"])
    assert (few.objects["ordered_t_s"] >= many.objects["ordered_t_s"])[late].all()


def test_two_steps_let_go_with_the_chance_of_their_sum():
    """Authority: the sum by numerical convolution, written here on its own."""
    steps = (
        HumanTime(name="warning", median_s=15.0, sigma_log=0.5),
        HumanTime(name="release", median_s=20.0, sigma_log=0.7),
    )
    left_s = command.LAST_CYCLE_S - command.SEEN_T_S
    t_s = np.linspace(left_s / 40_000, left_s, 40_000)
    first = np.exp(-0.5 * (np.log(t_s / 15.0) / 0.5) ** 2) / (t_s * 0.5 * math.sqrt(2 * math.pi))
    rest = np.clip(left_s - t_s, 1e-9, None)
    second = 0.5 * np.array([1 + math.erf(math.log(r / 20.0) / 0.7 / math.sqrt(2)) for r in rest])
    expected = float(np.trapezoid(first * second, t_s))
    board = pinned_board(warheads=1, p_seen=1.0, stock=1000)
    rules = pinned_rules(p_kill=1.0, salvo=1, people=people_table(steps, ("US",)))
    ledger = play(board, rules, seed=5, first_trial=0, trials=20_000)
    share = float(killed(ledger).mean())
    assert abs(share - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / 20_000)
