"""One digest, whatever the workers, the chunks, their order, the time zone or the language."""

import os
import random
import subprocess
import sys

import pytest

from opendome.campaign.store import Shelf
from opendome.campaign.study import run_campaign
from opendome.results.run import run

from .small import FUTURES, NAME, TRIALS, plan_of_all, scenario, whole


def digest_of(chunk, workers, order=None):
    seed = scenario().seed
    study = run_campaign(scenario(), plan_of_all(chunk), seed=seed, workers=workers, order=order)
    return study.digest


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_do_not_matter(workers):
    assert digest_of(chunk=5, workers=workers) == whole().digest


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_chunks_do_not_matter(chunk):
    assert digest_of(chunk=chunk, workers=2) == whole().digest


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_chunks_does_not_matter(seed):
    def shuffled(chunks):
        return random.Random(seed).sample(chunks, len(chunks))

    assert digest_of(chunk=3, workers=2, order=shuffled) == whole().digest
    assert digest_of(chunk=3, workers=2, order=lambda chunks: chunks[::-1]) == whole().digest


def test_little_memory_does_not_matter(monkeypatch):
    """Boards that were dropped are laid out again, the same."""
    monkeypatch.setattr("opendome.campaign.study.BOARD_MEMORY_BYTES", 0)
    interleaved = lambda chunks: chunks[::2] + chunks[1::2]  # noqa: E731
    assert digest_of(chunk=3, workers=2, order=interleaved) == whole().digest


def test_another_seed_is_another_answer():
    """Negative control: the digest can tell two runs apart."""
    other = run(scenario(), trials=TRIALS, futures=FUTURES, seed=scenario().seed + 1)
    assert other.digest != whole().digest


def test_more_trials_leave_the_first_futures_as_they_were():
    """A future depends on its number alone, so a round more repeats nothing and changes nothing."""
    store = Shelf()
    first = run_campaign(scenario(), plan_of_all(5), seed=scenario().seed, store=store)
    played = []
    twice = run(scenario(), trials=2 * TRIALS, futures=2 * FUTURES)
    assert twice.study.sampled[:FUTURES] == list(first.sampled)
    run_campaign(
        scenario(),
        plan_of_all(5),
        seed=scenario().seed,
        store=store,
        progress=lambda done, total: played.append((done, total)),
    )
    assert played == [(TRIALS, TRIALS)]  # everything came from the shelf


def test_rounds_until_the_interval_is_narrow_enough():
    wide = whole().metrics.leakers.half_width
    result = run(scenario(), trials=TRIALS, futures=FUTURES, until_ci=0.8 * wide)
    assert result.study.plan.rounds > 1
    assert result.metrics.leakers.half_width <= 0.8 * wide
    assert result.to_dict()["until_ci"] == {"asked": 0.8 * wide, "reached": True}
    loose = run(scenario(), trials=TRIALS, futures=FUTURES, until_ci=2.0 * wide)
    assert loose.study.plan.rounds == 2  # narrow at once, and once more to be sure


def test_a_width_that_is_never_reached_is_not_claimed(monkeypatch):
    monkeypatch.setattr("opendome.results.run.ROUNDS_MAX", 1)
    result = run(scenario(), trials=TRIALS, futures=FUTURES, until_ci=1e-6)
    assert result.to_dict()["until_ci"] == {"asked": 1e-6, "reached": False}


TELL = (
    "import opendome; scenario = opendome.load('{name}');"
    "print(opendome.run(scenario, trials={trials}, futures={futures}).digest)"
)


@pytest.mark.parametrize(
    ("zone", "language", "seed"),
    [("Pacific/Kiritimati", "tr_TR.UTF-8", "1"), ("America/St_Johns", "de_DE.UTF-8", "random")],
)
def test_place_and_language_do_not_matter(tmp_path, zone, language, seed):
    code = TELL.format(name=NAME, trials=TRIALS, futures=FUTURES)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stdout.strip() == whole().digest


def test_an_error_in_a_chunk_ends_the_run(monkeypatch):
    """It is neither swallowed nor waited for, and what was finished stays."""
    from opendome.engagement import play as playing

    kept = Shelf()
    original = playing.play

    def failing(*args, first_trial, **rest):
        if first_trial == 20:
            raise MemoryError
        return original(*args, first_trial=first_trial, **rest)

    monkeypatch.setattr(playing, "play", failing)
    with pytest.raises(MemoryError):
        run_campaign(scenario(), plan_of_all(5), seed=scenario().seed, workers=1, store=kept)
    assert kept.get(range(5)) is not None
    assert kept.get(range(20, 25)) is None
    monkeypatch.undo()
    again = run_campaign(scenario(), plan_of_all(5), seed=scenario().seed, store=kept)
    assert again.digest == whole().digest
