"""Chunks on disk: whole or absent, and never those of another run."""

import contextlib
import io
import json
import multiprocessing
import shutil
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.campaign import files
from opendome.campaign.files import DamagedFileError, RunFolderError, seal, unseal, write_whole
from opendome.campaign.store import CHUNKS, LOCK_FILE, PLAN_FILE, ChunkStore, Shelf, read_plan
from opendome.campaign.tables import digest, join

from .small import equal, made_up

# children are forked on purpose: with kernels warm, and to be killed
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.. may lead to deadlocks:DeprecationWarning")

PLAN = {"trials": 40, "futures": 8, "chunk": 5, "seed": 7, "until_ci": 0.5, "code": "abc"}
CHUNK = range(5, 10)
FIRST = {"scenario.yaml": "scenario: x\n"}


@pytest.fixture
def store(tmp_path):
    with_lock = ChunkStore(tmp_path / "run", PLAN, FIRST)
    yield with_lock
    with_lock.close()


def test_a_chunk_comes_back_as_it_went(store):
    assert store.get(CHUNK) is None
    store.put(CHUNK, made_up(CHUNK))
    assert equal(store.get(CHUNK), made_up(CHUNK))
    store.put(CHUNK, made_up(CHUNK, seed=1))
    assert equal(store.get(CHUNK), made_up(CHUNK, seed=1))


def test_a_chunk_torn_at_any_byte_is_absent(store):
    store.put(CHUNK, made_up(CHUNK))
    data = store.path(CHUNK).read_bytes()
    for length in range(len(data)):
        store.path(CHUNK).write_bytes(data[:length])
        assert store.get(CHUNK) is None, length
        assert not store.path(CHUNK).exists()  # dropped, so that it is played again
    store.path(CHUNK).write_bytes(data)
    assert equal(store.get(CHUNK), made_up(CHUNK))


def test_any_flipped_bit_is_noticed(store):
    store.put(CHUNK, made_up(CHUNK))
    data = store.path(CHUNK).read_bytes()
    for place in range(len(data)):
        wrong = bytearray(data)
        wrong[place] ^= 1 << place % 8
        store.path(CHUNK).write_bytes(wrong)
        assert store.get(CHUNK) is None, place


def test_a_plain_archive_would_not_have_noticed():
    """Negative control: an archive alone fails to notice some flips, or fails in odd ways."""
    content = io.BytesIO()
    np.savez(content, **made_up(CHUNK).objects)
    unseen, odd = 0, set()
    for place in range(content.tell()):
        wrong = bytearray(content.getvalue())
        wrong[place] ^= 1 << place % 8
        try:
            with np.load(io.BytesIO(wrong)) as arrays:
                unseen += all(arrays[name].size for name in arrays.files)
        except (ValueError, KeyError, zipfile.BadZipFile, EOFError, OSError):
            continue
        except Exception as error:
            odd.add(type(error))
    assert unseen > 0
    assert odd


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_absent(tmp_path_factory, garbage):
    store = ChunkStore(tmp_path_factory.mktemp("g") / "run", PLAN, FIRST)
    store.path(CHUNK).write_bytes(garbage)
    assert store.get(CHUNK) is None
    store.close()


def test_a_chunk_in_the_place_of_another_is_absent(store):
    store.put(CHUNK, made_up(CHUNK))
    other = range(10, 15)
    shutil.copy(store.path(CHUNK), store.path(other))
    assert store.get(other) is None


def test_a_chunk_of_another_run_is_absent(store, tmp_path):
    other = ChunkStore(tmp_path / "other", PLAN | {"seed": 8}, FIRST)
    other.put(CHUNK, made_up(CHUNK))
    shutil.copy(other.path(CHUNK), store.path(CHUNK))
    assert store.get(CHUNK) is None
    other.close()


@pytest.mark.parametrize("name", sorted(PLAN))
def test_another_plan_is_refused_and_named(tmp_path, name):
    ChunkStore(tmp_path / "run", PLAN, FIRST).close()
    changed = PLAN | {name: "other"}
    with pytest.raises(RunFolderError, match=f"differs in: {name}"):
        ChunkStore(tmp_path / "run", changed, FIRST)
    with pytest.raises(RunFolderError, match=f"differs in: {name}"):
        ChunkStore(tmp_path / "run", {k: v for k, v in PLAN.items() if k != name}, FIRST)
    ChunkStore(tmp_path / "run", PLAN, FIRST).close()  # the refusals left no lock behind


def test_an_altered_plan_is_refused(tmp_path):
    ChunkStore(tmp_path / "run", PLAN, FIRST).close()
    path = tmp_path / "run" / PLAN_FILE
    path.write_text(path.read_text().replace('"seed": 7', '"seed": 6'))
    with pytest.raises(RunFolderError, match="altered"):
        read_plan(tmp_path / "run")
    with pytest.raises(RunFolderError, match="altered"):
        ChunkStore(tmp_path / "run", PLAN, FIRST)


def hold(folder, ready, done):
    store = ChunkStore(folder, PLAN, FIRST)
    ready.set()
    done.wait(30)
    store.close()


def test_one_process_at_a_time_and_no_lock_left_behind(tmp_path):
    fork = multiprocessing.get_context("fork")
    ready, done = fork.Event(), fork.Event()
    holder = fork.Process(target=hold, args=(tmp_path / "run", ready, done))
    holder.start()
    assert ready.wait(30)
    with pytest.raises(RunFolderError, match="in use by another process"):
        ChunkStore(tmp_path / "run", PLAN, FIRST)
    holder.kill()
    holder.join()
    ChunkStore(tmp_path / "run", PLAN, FIRST).close()  # the system let go of the dead one's lock


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    mine = tmp_path / "scenario.yaml"
    mine.write_text("precious")
    with pytest.raises(RunFolderError, match="other files in it"):
        ChunkStore(tmp_path, PLAN, FIRST)
    assert [path.name for path in tmp_path.iterdir()] == ["scenario.yaml"]
    assert mine.read_text() == "precious"


def test_a_file_in_the_place_of_the_folder(tmp_path):
    place = tmp_path / "run"
    place.write_text("precious")
    with pytest.raises(RunFolderError, match="not a folder"):
        ChunkStore(place, PLAN, FIRST)
    with pytest.raises(RunFolderError, match="cannot be written"):
        ChunkStore(place / "below", PLAN, FIRST)


@pytest.mark.parametrize("name", [LOCK_FILE, CHUNKS, f"{PLAN_FILE}.part", "scenario.yaml"])
def test_links_lead_nowhere(tmp_path, name):
    """A folder from a stranger cannot make us write or delete elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    precious = elsewhere / "precious.part"
    precious.write_text("precious")
    folder = tmp_path / "run"
    folder.mkdir()
    if name != LOCK_FILE:
        (folder / LOCK_FILE).write_text("")
    (folder / name).symlink_to(elsewhere if name == CHUNKS else precious)
    with contextlib.suppress(RunFolderError):
        ChunkStore(folder, PLAN, FIRST).close()
    assert precious.read_text() == "precious"
    assert [path.name for path in elsewhere.iterdir()] == ["precious.part"]


def test_leftovers_of_a_kill_are_swept(tmp_path):
    folder = tmp_path / "run"
    ChunkStore(folder, PLAN, FIRST).close()
    (folder / "ledger.parquet.part").write_text("half")
    (folder / CHUNKS / "000000005-000000010.chunk.part").write_text("half")
    store = ChunkStore(folder, PLAN, FIRST)
    assert not list(folder.rglob("*.part"))
    store.close()


def test_the_scenario_is_there_before_the_plan(tmp_path, monkeypatch):
    """A plan in the folder means that the run can go on from the folder alone."""
    written = []
    monkeypatch.setattr(
        "opendome.campaign.store.write_whole",
        lambda path, data: (written.append(path.name), write_whole(path, data)),
    )
    ChunkStore(tmp_path / "run", PLAN, FIRST).close()
    assert written == ["scenario.yaml", PLAN_FILE]


def test_a_full_disk_has_words(store, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(RunFolderError, match="No space left") as caught:
        store.put(CHUNK, made_up(CHUNK))
    assert "--resume" in caught.value.do
    monkeypatch.undo()
    assert store.get(CHUNK) is None
    assert not list(store.folder.rglob("*.part"))
    store.put(CHUNK, made_up(CHUNK))
    assert equal(store.get(CHUNK), made_up(CHUNK))


def test_a_shelf_keeps_in_memory():
    shelf = Shelf()
    shelf.put(CHUNK, made_up(CHUNK))
    assert shelf.get(CHUNK) is not None
    assert shelf.get(range(5)) is None


@given(st.permutations([range(5), range(5, 9), range(9, 20)]))
def test_joining_does_not_depend_on_the_order(chunks):
    joined = join(made_up(chunk) for chunk in chunks)
    assert joined.objects["trial"].tolist() == [t for t in range(20) for _ in range(2)]
    assert digest(joined) == digest(join(made_up(chunk) for chunk in sorted(chunks, key=min)))


def test_the_digest_sees_every_cell():
    base = made_up(CHUNK)
    seen = {digest(base)}
    for table in ("objects", "shots"):
        for name, column in getattr(base, table).items():
            for row in range(column.size):
                changed = made_up(CHUNK)
                cell = getattr(changed, table)[name].view(np.uint8).reshape(column.size, -1)
                cell[row, 0] ^= 1
                seen.add(digest(changed))
    cells = sum(column.size for t in ("objects", "shots") for column in getattr(base, t).values())
    assert len(seen) == cells + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(), json_values, max_size=4), st.integers(0, 10**6))
def test_sealed_json_notices_what_matters(tmp_path_factory, document, place):
    document.pop("checksum", None)
    path = tmp_path_factory.mktemp("j") / "plan.json"
    try:
        data = bytearray(seal(document))
    except ValueError:
        return  # infinities are no JSON
    path.write_bytes(data)
    assert unseal(path) == document
    data[place % len(data)] ^= 1 << place % 7
    path.write_bytes(data)
    with contextlib.suppress(ValueError):
        assert unseal(path) == document  # a space became another space


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[1]", b"null", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000,
     b'{"checksum": "0"}', b"{\"a\": 1e400, \"checksum\": 3}"],
)  # fmt: skip
def test_garbage_json_is_damage(tmp_path, data):
    (tmp_path / "plan.json").write_bytes(data)
    with pytest.raises(ValueError, match=r".+"):
        unseal(tmp_path / "plan.json")


def test_a_huge_json_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "JSON_BYTES_MAX", 100)
    (tmp_path / "plan.json").write_bytes(json.dumps({"a": "x" * 200}).encode())
    with pytest.raises(DamagedFileError, match="longer than 100 bytes"):
        unseal(tmp_path / "plan.json")
