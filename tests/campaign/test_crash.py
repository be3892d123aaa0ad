"""Killed, out of room, out of power: what was finished stays, and the answer is the same."""

import multiprocessing
import os
import random
import resource
import signal
import stat
import time

import pytest

from opendome.campaign import files
from opendome.campaign.files import RunFolderError
from opendome.campaign.store import CHUNKS, PLAN_FILE
from opendome.results.folder import is_finished, open_run
from opendome.results.run import resume, run

from .small import FUTURES, TRIALS, scenario, whole

# children are forked on purpose: with kernels warm, and to be killed
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.. may lead to deadlocks:DeprecationWarning")

FORK = multiprocessing.get_context("fork")
KILLS = 10
PATIENCE_S = 300
FEW = {"trials": 4, "futures": 2, "chunk": 1}


def start(folder):
    run(scenario(), trials=TRIALS, futures=FUTURES, chunk=1, workers=2, out=folder)


def go_on(folder):
    """Go on with a run; one killed before its plan was kept starts again."""
    if (folder / PLAN_FILE).exists():
        return resume(folder, workers=2)
    return run(scenario(), trials=TRIALS, futures=FUTURES, chunk=1, workers=2, out=folder)


def ended(child):
    """Exit status of a child; one that hangs is a failure and not a wait for ever."""
    child.join(PATIENCE_S)
    if child.is_alive():
        child.kill()
        pytest.fail("a child hangs")
    return child.exitcode


def in_child(target, *args):
    child = FORK.Process(target=target, args=args)
    child.start()
    return child


def test_ten_kills_at_random_moments(tmp_path):
    """kill -9 of a real process, then the run goes on to the digest of the uncut run."""
    assert whole().digest  # kernels are warm from here on, also in the children
    begun = time.perf_counter()
    assert ended(in_child(start, tmp_path / "uncut")) == 0
    lasts_s = time.perf_counter() - begun
    moments = random.Random(2026)
    cut = []
    for number in range(KILLS):
        folder = tmp_path / str(number)
        child = in_child(start, folder)
        time.sleep(moments.random() * lasts_s)
        child.kill()
        child.join()
        landed = len(list((folder / CHUNKS).glob("*.chunk"))) if folder.exists() else 0
        cut.append(landed if not is_finished(folder) else TRIALS)
        assert go_on(folder).digest == whole().digest, number
        assert open_run(folder).run["digest"] == whole().digest
        assert not list(folder.rglob("*.part"))
    assert any(0 < landed < TRIALS for landed in cut), cut  # some were cut in the middle


def test_killed_again_and_again(tmp_path):
    """Every start is killed a little later, until one gets through."""
    assert whole().digest
    folder = tmp_path / "run"
    patience_s = 0.05
    kills = 0
    while not is_finished(folder):
        child = in_child(go_on, folder)
        child.join(patience_s)
        if child.is_alive():
            child.kill()
            kills += 1
        child.join()
        patience_s *= 1.3
    assert kills > 2
    assert resume(folder).digest == whole().digest


def few(folder):
    return run(scenario(), **FEW, workers=1, out=folder)


def few_again(folder):
    return resume(folder) if (folder / PLAN_FILE).exists() else few(folder)


def die_at(name, number, folder):
    """Play until the `number`-th call of an operating system function, then die there."""
    left = [number]
    original = getattr(os, name)

    def deadly(*args, **rest):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **rest)

    setattr(files.os, name, deadly)
    few(folder)


@pytest.fixture(scope="module")
def answer():
    return run(scenario(), **FEW).digest


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_killed_inside_every_write(tmp_path, answer, name):
    """Before every flush and every rename of a run: of scenario, plan, chunks, tables, run.json."""
    deaths = 0
    for number in range(1, 100):
        folder = tmp_path / str(number)
        child = in_child(die_at, name, number, folder)
        status = ended(child)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        deaths += 1
        assert few_again(folder).digest == answer
        assert open_run(folder).run["digest"] == answer
    assert deaths >= 2 + FEW["trials"] + 9  # scenario, plan, chunks, tables and documents


def test_a_disk_full_at_every_write(tmp_path, monkeypatch, answer):
    """Each write in turn finds no room: words, nothing half, and the run can go on."""
    original = os.fsync
    failures = 0
    for number in range(1, 100):
        folder = tmp_path / str(number)
        left = [number]

        def full(handle, left=left):
            left[0] -= not stat.S_ISDIR(os.fstat(handle).st_mode)
            if left[0] == 0:
                raise OSError(28, "No space left on device")
            original(handle)

        monkeypatch.setattr(files.os, "fsync", full)
        said = complaint(folder)
        monkeypatch.undo()
        if said is None:
            break
        failures += 1
        assert str(folder) in said
        assert "No space left" in said
        assert not is_finished(folder)
        assert few_again(folder).digest == answer
    assert failures >= 2 + FEW["trials"] + 9


def complaint(folder):
    """What a run says when it cannot write, None when it can."""
    try:
        few(folder)
    except RunFolderError as error:
        return str(error)
    return None


def limited(folder, most, answer):
    """Play with a limit on the size of a file, as a quota would set it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        few(folder)
    except RunFolderError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        os._exit(0 if "--resume" in error.do and few_again(folder).digest == answer else 1)
    os._exit(2)


@pytest.mark.parametrize("most", [12_000, 20_000])
def test_a_real_limit_on_files(tmp_path, answer, most):
    child = in_child(limited, tmp_path / "run", most, answer)
    assert ended(child) == 0


def test_damaged_chunks_are_played_again(tmp_path, answer, monkeypatch):
    folder = tmp_path / "run"
    monkeypatch.setattr("opendome.results.run.write_run", stop)
    with pytest.raises(KeyboardInterrupt):
        few(folder)
    monkeypatch.undo()
    chunks = sorted((folder / CHUNKS).glob("*.chunk"))
    assert len(chunks) == FEW["trials"]
    chunks[0].write_bytes(chunks[0].read_bytes()[:-3])
    chunks[1].write_bytes(b"")
    chunks[2].write_bytes(chunks[3].read_bytes())
    seen = []
    result = resume(folder, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (1, FEW["trials"])  # one of four was whole
    assert result.digest == answer


def stop(*_):
    raise KeyboardInterrupt


def test_an_interrupt_keeps_what_was_finished(tmp_path, answer):
    folder = tmp_path / "run"

    def interrupt(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(scenario(), **FEW, workers=1, out=folder, progress=interrupt)
    seen = []
    assert resume(folder, progress=lambda done, _: seen.append(done)).digest == answer
    assert seen[0] >= 2
