"""Checks of sameness: one digest, however a run is cut, ordered, interrupted or shared out."""

import random
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from opendome.campaign.plan import Plan
from opendome.campaign.store import ChunkStore
from opendome.campaign.study import run_campaign
from opendome.campaign.tables import digest, join
from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.scenario.loading import load
from opendome.scenario.scenario import Scenario
from opendome.verification.checks import Check

SCENARIO = "homeland-2026"
TRIALS, FUTURES, SEED = 20, 4, 7
AUTHORITY = "the same run in one piece, by one worker"

Player = Callable[..., str]


@cache
def small() -> Scenario:
    """The scenario that is played."""
    return load(SCENARIO)


def campaign(chunk: int, workers: int, order: Callable[..., Any] | None = None) -> str:
    """Digest of a run as every run is made."""
    plan = Plan(trials=TRIALS, futures=FUTURES, chunk=chunk)
    return run_campaign(small(), plan, seed=SEED, workers=workers, order=order).digest


def backwards(chunks: list[range]) -> list[range]:
    """Chunks from the last to the first."""
    return chunks[::-1]


def shuffled(chunks: list[range]) -> list[range]:
    """Chunks in an order of no meaning."""
    return random.Random(SEED).sample(chunks, len(chunks))


def dice_of_the_chunk(chunk: int, workers: int, order: Callable[..., Any] | None = None) -> str:
    """Bug: the dice are numbered within the chunk and not within the run."""
    del workers, order
    plan = Plan(trials=TRIALS, futures=FUTURES, chunk=chunk)
    ledgers = [
        play(geometry.board, geometry.rules, seed=SEED, first_trial=0, trials=len(trials))
        for piece in plan.chunks()
        for future, trials in plan.batches(piece)
        for geometry in [lay_out(small(), future)]
    ]
    return digest(join(ledgers))


def dice_of_the_worker(chunk: int, workers: int, order: Callable[..., Any] | None = None) -> str:
    """Bug: each worker has a stream of its own."""
    plan = Plan(trials=TRIALS, futures=FUTURES, chunk=chunk)
    return run_campaign(small(), plan, seed=SEED + workers, order=order).digest


def dice_in_turn(chunk: int, workers: int, order: Callable[..., Any] | None = None) -> str:
    """Bug: the dice depend on which chunk came first."""
    plan = Plan(trials=TRIALS, futures=FUTURES, chunk=chunk)
    first = (order or list)(plan.chunks())[0].start
    return run_campaign(small(), plan, seed=SEED + first, workers=workers).digest


def measure_chunks(model: Player = campaign) -> float:
    """Digests beyond the first for chunks of 1, 3, 7 and 1000 trials."""
    return len({model(chunk, 1) for chunk in (1, 3, 7, 1000)}) - 1.0


def measure_workers(model: Player = campaign) -> float:
    """Digests beyond the first for 1, 2 and 3 workers."""
    return len({model(3, workers) for workers in (1, 2, 3)}) - 1.0


def measure_order(model: Player = campaign) -> float:
    """Digests beyond the first for chunks in order, backwards and shuffled."""
    orders = (None, backwards, shuffled)
    return len({model(3, 2, order) for order in orders}) - 1.0


class Trusting(ChunkStore):
    """Bug: a chunk is taken as it lies, whoever put it there."""

    def _digest(self, chunk: range, data: bytes) -> bytes:
        del chunk, data
        return bytes(super()._digest(range(0), b""))


class _CutError(Exception):
    """Stands for whatever cuts a run off."""


def measure_resume(model: type[ChunkStore] = ChunkStore) -> float:
    """Digests beyond the first, uncut and cut off after each chunk.

    Between the cut and going on, the last chunk is copied over the first.
    """
    plan = Plan(trials=TRIALS, futures=FUTURES, chunk=5)
    found = {campaign(5, 1)}
    for after in range(5, TRIALS, 5):
        with tempfile.TemporaryDirectory() as folder:
            found.add(_cut_and_resumed(model, Path(folder) / "run", plan, after))
    return len(found) - 1.0


def _cut_and_resumed(model: type[ChunkStore], folder: Path, plan: Plan, after: int) -> str:
    """Digest of a run cut off after some trials and gone on with."""

    def cut(done: int, total: int) -> None:
        del total
        if done == after:
            raise _CutError

    store = model(folder, {"check": "determinism"}, {})
    try:
        run_campaign(small(), plan, seed=SEED, workers=1, store=store, progress=cut)
    except _CutError:
        landed = sorted((folder / "chunks").iterdir())
        if len(landed) > 1:
            shutil.copy(landed[-1], landed[0])
    finally:
        store.close()
    again = model(folder, {"check": "determinism"}, {})
    try:
        return run_campaign(small(), plan, seed=SEED, workers=1, store=again).digest
    finally:
        again.close()


def _check(part: str, **fields: Any) -> Check:
    common: dict[str, Any] = {
        "authority": AUTHORITY,
        "unit": "digests too many",
        "tolerance": 0.0,
    }
    return Check(name=f"determinism/{part}", **(common | fields))


CHECKS = (
    _check(
        "chunks",
        claim="chunks of 1, 3, 7 and 1000 trials give one digest",
        measure=measure_chunks,
        planted_bug=dice_of_the_chunk,
        bug="dice numbered within the chunk",
    ),
    _check(
        "workers",
        claim="1, 2 and 3 workers give one digest",
        measure=measure_workers,
        planted_bug=dice_of_the_worker,
        bug="each number of workers has a stream of its own",
    ),
    _check(
        "order",
        claim="chunks in order, backwards and shuffled give one digest",
        measure=measure_order,
        planted_bug=dice_in_turn,
        bug="the dice depend on which chunk came first",
    ),
    _check(
        "resume",
        claim="a run cut off, its folder harmed, and gone on with gives the digest of the uncut",
        measure=measure_resume,
        planted_bug=Trusting,
        bug="a chunk in the place of another is believed",
    ),
)
