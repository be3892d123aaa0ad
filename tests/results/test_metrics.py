"""Figures of a run, from a ledger whose answers are known by hand."""

import math

import numpy as np
import pytest

from opendome.campaign.plan import Plan
from opendome.campaign.study import Study
from opendome.engagement.records import FATE_WORDS, Fate, Ledger, ShotResult
from opendome.results.metrics import LINKS, measure

NAN = math.nan
# two futures of two trials; three objects
FATES = [
    [Fate.KILLED, Fate.KILLED, Fate.FAILED],
    [Fate.KILLED, Fate.SHOTS_MISSED, Fate.IGNORED],
    [Fate.NEVER_DETECTED, Fate.NO_STOCK, Fate.NO_REACH],
    [Fate.KILLED, Fate.KILLED, Fate.KILLED],
]
KILLERS = [[0, 1, -1], [0, -1, -1], [-1, -1, -1], [1, 1, 1]]  # the last two were taken along
SHOTS = [
    (0, 0, ShotResult.KILLED),
    (0, 1, ShotResult.KILLED),
    (0, 1, ShotResult.TOO_LATE),
    (1, 0, ShotResult.KILLED),
    (1, 0, ShotResult.MISSED),
    (3, 1, ShotResult.KILLED),
]


def study():
    rows = {name: np.full(12, NAN) for link in LINKS.values() for name in link}
    rows["launch_t_s"] = np.zeros(12)
    rows["detected_t_s"][:4] = [40.0, 50.0, 60.0, NAN]
    ledger = Ledger(
        objects=rows
        | {
            "trial": np.repeat(np.arange(4), 3),
            "fate": np.array(FATES, np.uint8).ravel(),
            "killer": np.array(KILLERS, np.int32).ravel(),
        },
        shots={
            "trial": np.array([shot[0] for shot in SHOTS]),
            "layer": np.array([shot[1] for shot in SHOTS]),
            "result": np.array([shot[2] for shot in SHOTS], np.uint8),
        },
        tracks={},
    )
    return Study(
        plan=Plan(trials=4, futures=2),
        seed=1,
        ledger=ledger,
        sampled=[{"a": 1.0}, {"a": 2.0}],
        digest="",
        geometry_s=0.0,
        dice_s=0.0,
    )


@pytest.fixture
def metrics():
    return measure(
        study(), layers=("orbital", "ground"), layer_stock=(100, 44), lethal=np.ones(3, bool)
    )


def test_leakers(metrics):
    assert metrics.objects == 3
    assert metrics.leakers.value == (0 + 1 + 3 + 0) / 4
    assert metrics.leaker_counts.tolist() == [2, 1, 0, 1]
    assert metrics.leakers_by_future.tolist() == [0.5, 1.5]
    assert metrics.p_no_leaker.value == 0.5


def test_fates_sum_to_the_raid(metrics):
    assert sum(metrics.fates.values()) == pytest.approx(3.0)
    assert metrics.fates["killed"] == 6 / 4
    assert metrics.fates["no stock"] == 1 / 4
    assert set(metrics.fates) == set(FATE_WORDS.values())
    for words, estimate in metrics.fate_estimates.items():
        assert estimate.value == metrics.fates[words]
        assert estimate.low <= estimate.value <= estimate.high


def test_layers(metrics):
    orbital, ground = metrics.layers["orbital"], metrics.layers["ground"]
    assert (orbital.kills, orbital.rounds, orbital.stock) == (2 / 4, 3 / 4, 100)
    assert (ground.kills, ground.rounds, ground.stock) == (4 / 4, 3 / 4, 44)


def test_time_budget_counts_only_those_that_passed(metrics):
    assert metrics.time_budget_s["detect"] == {"p10": 42.0, "p50": 50.0, "p90": 58.0, "objects": 3}
    assert "fly" not in metrics.time_budget_s


def test_luck_and_futures_of_the_leakers(metrics):
    """Squares inside: 0.5 and 4.5; between: 4 x 0.25. Luck 2.5, futures max(0, (1 - 2.5) / 2)."""
    assert metrics.spread == {"luck": 1.0, "futures": 0.0}


def test_the_same_input_twice_differs_by_nothing(scenario, result):
    """A against A, with the same seed, is exactly 0 in every trial."""
    from opendome.results.run import run

    again = run(scenario, trials=40, futures=8, workers=1, chunk=3)
    ours = np.asarray(result.study.ledger.objects["fate"])
    theirs = np.asarray(again.study.ledger.objects["fate"])
    assert np.abs(ours.astype(int) - theirs.astype(int)).max() == 0
    assert again.metrics.leakers == result.metrics.leakers
    assert again.digest == result.digest


def test_the_document_adds_up(result):
    document = result.to_dict()
    assert sum(document["fates"].values()) == pytest.approx(document["raid"]["objects"])
    assert sum(document["leaker_counts"]) == document["trials"] == 40
    assert document["futures"] == 8
    assert document["leakers"]["low"] <= document["leakers"]["mean"] <= document["leakers"]["high"]
    for name, layer in document["layers"].items():
        stock = document["stock"][name]
        assert stock["used"] == layer["rounds"]
        assert stock["left"] == stock["start"] - stock["used"]
    assert document["credibility"][1]["factor"] == "Validation"
    assert document["credibility"][1]["level"] == 1
    assert "illustrative" in document["notice"]


def test_what_harms_nobody_is_no_threat_and_no_leaker():
    lethal = np.array([True, True, False])
    found = measure(study(), layers=("orbital",), layer_stock=(100,), lethal=lethal)
    assert (found.objects, found.threats) == (3, 2)
    assert found.others_killed.value == 1 / 4
    assert found.leaker_counts.size == 3 + 1  # as many as the dice left of these made-up fates
