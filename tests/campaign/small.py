"""A run small enough to be repeated many times, and a ledger made by hand."""

from functools import cache

import numpy as np

from opendome.campaign.plan import Plan
from opendome.campaign.tables import digest
from opendome.engagement.records import Ledger
from opendome.results.run import run
from opendome.scenario.loading import load

NAME = "homeland-2026"
TRIALS = 40
FUTURES = 8


@cache
def scenario():
    return load(NAME)


@cache
def whole():
    """The run that every other way of running must equal."""
    return run(scenario(), trials=TRIALS, futures=FUTURES, workers=1)


def made_up(chunk: range, seed: int = 0) -> Ledger:
    """A ledger of a chunk in which every cell depends on its trial."""
    rng = np.random.default_rng([seed, chunk.start])
    trial = np.repeat(np.arange(chunk.start, chunk.stop, dtype=np.int64), 2)
    count = trial.size
    return Ledger(
        objects={
            "trial": trial,
            "fate": rng.integers(0, 11, count).astype(np.uint8),
            "killed_t_s": np.where(rng.random(count) < 0.5, np.nan, rng.random(count)),
        },
        shots={"trial": trial[:1].copy(), "p_divert": rng.random(1)},
        tracks={"trial": trial[:0].copy(), "formed_t_s": np.zeros(0)},
    )


def equal(one: Ledger, other: Ledger) -> bool:
    return digest(one) == digest(other)


def plan_of_all(chunk: int) -> Plan:
    return Plan(trials=TRIALS, futures=FUTURES, chunk=chunk)
