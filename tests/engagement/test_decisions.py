"""What is told of decisions is what the batch did."""

import numpy as np
import pytest

import opendome
from opendome.engagement.decisions import Gate, replay
from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.engagement.records import Fate

BEFORE_DECIDING = {
    Gate.NOT_TRACKED, Gate.CONFIRMING, Gate.PEOPLE, Gate.TOO_LATE, Gate.NEVER_IN_REACH,
}  # fmt: skip


@pytest.fixture(scope="module", params=["homeland-2026", "golden-dome", "mixed-raid"])
def told(request):
    scenario = opendome.load(request.param)
    geometry = lay_out(scenario, 0)
    batch = play(geometry.board, geometry.rules, seed=scenario.seed, first_trial=3, trials=1)
    every = range(geometry.board.objects.size)
    return batch, replay(geometry, seed=scenario.seed, trial=3, objects=every), len(every)


def test_the_replay_is_the_trial_of_the_batch(told):
    batch, again, _ = told
    for name in ("fate", "killer", "rounds", "spared"):
        assert np.array_equal(batch.objects[name], again.objects[name]), name


def test_fires_exactly_when_the_batch_fires(told):
    batch, again, _ = told
    mine = [(d.t_s, d.object, s) for d in again.decisions for s in d.ordered]
    rows = (np.asarray(batch.shots[name]).tolist() for name in ("ordered_t_s", "object", "shooter"))
    assert sorted(mine) == sorted(zip(*rows, strict=True))
    assert all((d.gate is Gate.FIRED) == bool(d.ordered) for d in again.decisions)


def test_gates_agree_with_the_fate(told):
    batch, again, objects = told
    gates = [{d.gate for d in again.decisions if d.object == k} for k in range(objects)]
    for fate, seen in zip(batch.objects["fate"], gates, strict=True):
        fired = Gate.FIRED in seen
        if fate in (Fate.KILLED, Fate.SHOTS_MISSED):
            assert fired
        elif fate not in (Fate.FAILED, Fate.IGNORED):  # a round may be wasted on a decoy
            assert not fired
        if fate in (Fate.NEVER_DETECTED, Fate.NOT_TRACKED, Fate.NOT_SHARED, Fate.NOT_DECIDED):
            assert seen <= BEFORE_DECIDING
        if fate == Fate.TAKEN_FOR_HARMLESS:
            assert Gate.DISMISSED in seen
        if fate == Fate.NOT_WORTH:
            assert Gate.NOT_WORTH_IT in seen or Gate.OUTSIDE in seen


def test_a_chosen_round_was_on_offer_and_worth_its_price(told):
    _, again, _ = told
    for d in again.decisions:
        if d.gate is Gate.FIRED:
            offered = {s.shooter: s for s in d.shots}
            assert set(d.ordered) <= set(offered)
            assert any(offered[s].gain > offered[s].price for s in d.ordered)
        if d.gate is Gate.NOT_WORTH_IT:
            assert all(s.gain <= s.price for s in d.shots if s.wanted)


def test_another_trial_is_another_story(told):
    """Negative control: the comparison sees a difference where there is one."""
    batch, again, _ = told
    times = {d.t_s for d in again.decisions if d.gate is Gate.FIRED}
    later = set((np.asarray(batch.shots["ordered_t_s"]) + 1.0e-3).tolist())
    assert not times & later
