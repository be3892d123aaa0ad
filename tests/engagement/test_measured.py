"""Trials by measured tracking: the same engine, fed by filters on noisy measurements."""

from dataclasses import replace

import numpy as np
import pytest

from opendome.engagement.decisions import replay
from opendome.engagement.geometry import lay_out
from opendome.engagement.kernels.belief import miss_across
from opendome.engagement.measured import QUALITY_EVERY, MeasuredScene, MeasuredTrial
from opendome.engagement.play import ExpectedScene
from opendome.engagement.records import QUALITY, Fate
from opendome.scenario.loading import load

SEED = 11
TRIALS = 4


@pytest.fixture(scope="module")
def geometry():
    return lay_out(load("homeland-2026", changes={"raid.0.count": 3, "seed": SEED}), 0)


@pytest.fixture(scope="module")
def scene(geometry):
    return MeasuredScene.of(geometry)


@pytest.fixture(scope="module")
def ledger(scene):
    return scene.play(seed=SEED, first_trial=0, trials=TRIALS)


def test_a_trial_does_not_depend_on_its_batch(scene, ledger):
    alone = scene.play(seed=SEED, first_trial=2, trials=1)
    for table in ("objects", "shots", "tracks", "quality"):
        whole = getattr(ledger, table)
        mine = np.asarray(whole["trial"]) == 2
        for name, column in getattr(alone, table).items():
            assert np.array_equal(np.asarray(whole[name])[mine], column, equal_nan=True), name


def test_a_trial_played_step_by_step_is_that_of_the_batch(scene, ledger, geometry):
    every = range(geometry.board.objects.size)
    for trial in range(2):
        again = replay(geometry, MeasuredTrial(scene, seed=SEED, trial=trial), objects=every)
        mine = np.asarray(ledger.objects["trial"]) == trial
        for name in again.objects.dtype.names:
            assert np.array_equal(
                np.asarray(ledger.objects[name])[mine], again.objects[name], equal_nan=True
            ), name
        fired = np.asarray(ledger.shots["trial"]) == trial
        for name in again.shots.dtype.names:
            assert np.array_equal(
                np.asarray(ledger.shots[name])[fired], again.shots[name], equal_nan=True
            ), name
        assert sum(len(d.ordered) for d in again.decisions) == fired.sum() > 0


def test_the_quality_of_the_picture_has_the_columns_it_promises(ledger, geometry):
    assert {name: column.dtype for name, column in ledger.quality.items()} == {
        name: QUALITY[name] for name in QUALITY.names
    }
    assert set(np.asarray(ledger.quality["node"])) == set(range(len(geometry.picture.node_names)))
    steps = np.diff(ledger.quality["cycle_t_s"])
    assert np.isclose(steps[0], QUALITY_EVERY * geometry.rules.cycle_s)


def test_where_all_is_well_seen_measured_and_expected_agree(ledger, geometry):
    """Few objects far apart, radars that seldom miss: the same raid dies, tracks form alike."""
    expected = ExpectedScene.of(geometry).play(seed=SEED, first_trial=0, trials=TRIALS)
    killed = [
        (np.asarray(part.objects["fate"]) == Fate.KILLED).sum() for part in (ledger, expected)
    ]
    assert abs(int(killed[0]) - int(killed[1])) <= 2
    assert np.array_equal(ledger.objects["detected_t_s"], expected.objects["detected_t_s"])
    later_s = ledger.tracks["formed_t_s"] - expected.tracks["formed_t_s"]
    assert np.all(np.abs(later_s) <= 2.0 * geometry.rules.cycle_s)
    assert np.all(np.asarray(ledger.shots["p_divert"]) == 1.0)


def test_a_bias_parts_them(geometry):
    """Sensors that all err by a constant: expected tracking trusts its covariance and hits."""
    view = MeasuredScene.of(geometry).view
    bent = replace(view, angle_bias_rad=np.full(view.angle_bias_rad.shape, 0.05))
    scene = replace(MeasuredScene.of(geometry), view=bent)
    ledger = scene.play(seed=SEED, first_trial=0, trials=1)
    divert = np.asarray(ledger.shots["p_divert"])
    assert divert.size == 0 or (divert == 0.0).mean() > 0.5
    assert (np.asarray(ledger.objects["fate"]) != Fate.KILLED).any()


def test_the_miss_is_what_lies_across():
    error = np.array([3.0, 4.0, 100.0, 0.0, 1.0, -50.0])
    assert miss_across(error, 2.0, np.array([0.0, 0.0, 7000.0])) == pytest.approx(np.hypot(3, 6))
    assert miss_across(error, 2.0, np.array([1.0, 0.0, 0.0])) == pytest.approx(6.0)
