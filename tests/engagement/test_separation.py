"""Parts in an engagement: what nobody takes for real costs nothing, what all take costs rounds."""

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.scenario.loading import load

TRIALS = 40
MISSILES = 5


def played(taken=None, seed=5, scenario="homeland-2026"):
    """Ledger of one future, each missile with three decoys taken for real by a chance."""
    changes = {"raid.0.count": MISSILES, "seed": seed}
    if taken is not None:
        decoys = {"count": 3, "speed": "2 m/s", "taken_for_real": taken}
        changes["raid.0.separates"] = {"decoys": decoys}
    geometry = lay_out(load(scenario, changes=changes), 0)
    return play(geometry.board, geometry.rules, seed=seed, first_trial=0, trials=TRIALS)


def fates(ledger):
    """Fate by trial and object."""
    return np.asarray(ledger.objects["fate"]).reshape(TRIALS, -1)


@pytest.fixture(scope="module")
def whole():
    return played()


def test_decoys_that_nobody_takes_for_real_change_nothing(whole):
    """By the same luck every missile ends as without them, by the same shots."""
    ledger = played(0.0)
    found = fates(ledger)
    assert found.shape == (TRIALS, 4 * MISSILES)
    assert np.array_equal(found[:, :MISSILES], fates(whole))
    assert len(ledger.shots["object"]) == len(whole.shots["object"])
    assert set(np.unique(found[:, MISSILES:])) <= {Fate.IGNORED, Fate.KILLED}


def test_decoys_that_all_take_for_real_cost_rounds(whole):
    ledger = played(1.0)
    at = np.asarray(ledger.shots["object"])
    assert at.size > len(whole.shots["object"])
    assert (at >= MISSILES).sum() > TRIALS


def test_what_dies_with_its_missile_was_still_aboard():
    """With a layer that shoots at burning missiles: their decoys die with them, all or none."""
    found = fates(played(0.0, scenario="golden-dome"))
    aboard = found[:, MISSILES:].reshape(TRIALS, MISSILES, 3) == Fate.KILLED
    assert (aboard.all(axis=2) == aboard.any(axis=2)).all()
    assert (found[:, :MISSILES][aboard.all(axis=2)] == Fate.KILLED).all()
    assert aboard.any()
