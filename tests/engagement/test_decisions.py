"""What is told of decisions is what the batch did."""

import math

import numpy as np
import pytest

import opendome
from opendome.command.policy import Order
from opendome.engagement.decisions import Gate, replay
from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.engagement.policies import PolicyScene, PolicyTrial
from opendome.engagement.records import Fate
from opendome.engagement.stepped import SteppedTrial

BEFORE_DECIDING = {
    Gate.NOT_TRACKED, Gate.CONFIRMING, Gate.PEOPLE, Gate.TOO_LATE, Gate.NEVER_IN_REACH,
}  # fmt: skip


@pytest.fixture(scope="module", params=["homeland-2026", "golden-dome", "mixed-raid"])
def told(request):
    scenario = opendome.load(request.param)
    geometry = lay_out(scenario, 0)
    batch = play(geometry.board, geometry.rules, seed=scenario.seed, first_trial=3, trials=1)
    every = range(geometry.board.objects.size)
    game = SteppedTrial(geometry.board, geometry.rules, seed=scenario.seed, trial=3)
    return batch, replay(geometry, game, objects=every), len(every)


def test_the_replay_is_the_trial_of_the_batch(told):
    batch, again, _ = told
    for name in ("fate", "killer", "rounds", "spared"):
        assert np.array_equal(batch.objects[name], again.objects[name]), name


def test_fires_exactly_when_the_batch_fires(told):
    batch, again, _ = told
    mine = [(d.t_s, d.object, order.shooter) for d in again.decisions for order in d.ordered]
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
            chosen = [order.shooter for order in d.ordered]
            assert set(chosen) <= set(offered)
            assert any(offered[s].gain > offered[s].price for s in chosen)
        if d.gate is Gate.NOT_WORTH_IT:
            assert all(s.gain <= s.price for s in d.shots if s.wanted)


def test_another_trial_is_another_story(told):
    """Negative control: the comparison sees a difference where there is one."""
    batch, again, _ = told
    times = {d.t_s for d in again.decisions if d.gate is Gate.FIRED}
    later = set((np.asarray(batch.shots["ordered_t_s"]) + 1.0e-3).tolist())
    assert not times & later


def test_gains_of_a_salvo_add_up_to_the_loss_it_takes_away(told):
    """The chance to outlive every round, whatever their order: 1 - (1 - p)(1 - q)..."""
    _, again, _ = told
    for d in again.decisions:
        if d.ordered:
            p_kill = {shot.shooter: shot.p_kill for shot in d.shots}
            outlives = math.prod(1.0 - p_kill[order.shooter] for order in d.ordered)
            taken = d.worth * d.survival * (1.0 - outlives)
            assert sum(order.gain for order in d.ordered) == pytest.approx(taken)


def test_a_rival_is_a_round_of_another_with_its_gain(told):
    """What is told here of a round at another object is what that object tells of it."""
    _, again, _ = told
    orders = {
        (d.t_s, d.object, order.shooter, order.gain) for d in again.decisions for order in d.ordered
    }
    rivals = [(d, rival) for d in again.decisions for rival in d.rivals]
    assert rivals
    for d, rival in rivals:
        assert rival.object != d.object
        assert (rival.t_s, rival.object, rival.shooter, rival.gain) in orders
        assert (rival.own_gain is None) == (d.worth is None)
        if rival.on_offer:
            mine = {shot.shooter: shot.gain for shot in d.shots}
            assert rival.own_gain == pytest.approx(mine[rival.shooter])


@pytest.fixture(scope="module")
def valued():
    scenario = opendome.load("iron-dome-2014")
    geometry = lay_out(scenario, 1)
    game = SteppedTrial(geometry.board, geometry.rules, seed=scenario.seed, trial=12)
    return geometry, replay(geometry, game, objects=range(geometry.board.objects.size))


def test_a_predicted_impact_is_the_one_whose_loss_is_weighed(valued):
    """Chance inside and expected loss are one prediction: the loss lies between the values."""
    geometry, again = valued
    values = [place.value for place in geometry.realisation.places]
    seen = [d for d in again.decisions if d.impact is not None and d.worth is not None]
    assert len(seen) > 100
    for d in seen:
        low, high = min(values) * d.impact.p_inside, max(values) * d.impact.p_inside
        assert low * (1.0 - 1e-9) <= d.worth <= high * (1.0 + 1e-9)
        if d.impact.distance_m < -5.0 * d.impact.sigma_m:
            assert d.impact.p_inside > 0.99
        if d.impact.distance_m > 5.0 * d.impact.sigma_m:
            assert d.impact.p_inside < 0.01


def test_a_predicted_impact_comes_to_where_the_object_falls(valued):
    """The belief errs by its own covariance: most of all predictions within two sigmas."""
    geometry, again = valued
    true_m = geometry.board.objects["defended_distance_m"]
    near = [
        abs(d.impact.distance_m - true_m[d.object]) <= 2.0 * d.impact.sigma_m
        for d in again.decisions
        if d.impact is not None
    ]
    assert np.mean(near) > 0.9


class Hoarder:
    """A policy that fires one round in a cycle, at the first of its tracks."""

    def decide(self, view):
        """The first shot on offer."""
        return [Order(0, 1)]


def test_a_trial_of_a_policy_is_the_trial_of_its_batch():
    scenario = opendome.load("homeland-2026")
    geometry = lay_out(scenario, 0)
    scene = PolicyScene.of(geometry, name="hoarder", make=Hoarder)
    batch = scene.play(seed=scenario.seed, first_trial=3, trials=1)
    game = PolicyTrial(scene, seed=scenario.seed, trial=3)
    again = replay(geometry, game, objects=range(geometry.board.objects.size))
    for name in ("fate", "killer", "rounds", "spared"):
        assert np.array_equal(batch.objects[name], again.objects[name]), name
    for name in ("object", "shooter", "ordered_t_s", "result"):
        assert np.array_equal(batch.shots[name], again.shots[name]), name
    gates = {d.gate for d in again.decisions}
    assert Gate.FIRED in gates
    assert Gate.NOT_CHOSEN in gates
    assert not gates & {Gate.AWAITS_RESULT, Gate.SALVOS_SPENT, Gate.NOT_WORTH_IT, Gate.GIVEN_AWAY}
