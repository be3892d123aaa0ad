"""A run folder is read only as it was written; anything else is refused in words."""

import json
import os
import random
import shutil
from pathlib import Path

import pyarrow as arrow
import pytest
from pyarrow import parquet

from opendome.campaign.files import seal
from opendome.quantities.errors import OpendomeError
from opendome.results.folder import FILES, RUN_FILE, SCENARIO_FILE, SUMMARY_FILE, TABLES, open_run
from opendome.results.stored import read_result


def refused(folder: Path) -> str:
    """Words of the refusal. Any other error fails the test."""
    with pytest.raises(OpendomeError) as caught:
        open_run(folder)
    assert caught.value.got
    assert caught.value.allowed
    assert caught.value.do
    return str(caught.value)


def test_a_sound_folder_opens(folder, result):
    run = open_run(folder)
    assert run.run["digest"] == result.digest
    assert run.summary["digest"] == result.digest
    assert run.scenario_text == result.scenario.resolved_yaml()
    assert run.table("ledger")["fate"].size == 40 * result.metrics.objects
    assert open_run(str(folder)).run == run.run


def test_a_folder_holds_what_the_design_names(folder):
    assert {path.name for path in folder.iterdir()} == {
        *FILES, RUN_FILE, "plan.json", ".opendome-lock",
    }  # fmt: skip


def test_the_tables_tell_the_story_in_words(folder, scenario):
    ledger = open_run(folder).table("ledger")
    assert set(ledger["fate"]) <= {
        "killed", "shots missed", "never detected", "not tracked in time", "not shared in time",
        "not decided in time", "no reach", "no stock", "not assigned", "failed by itself",
        "ignored as harmless",
    }  # fmt: skip
    assert (ledger["future"] == ledger["trial"] * 8 // 40).all()
    killed = ledger["fate"] == "killed"
    assert set(ledger["killed_by"][killed]) <= set(scenario.layers)
    assert set(ledger["killed_by"][~killed]) <= {""}


def test_what_is_read_back_is_what_was_measured(folder, result):
    """Every cell survives the tables: the digest is worked out anew from them."""
    again = read_result(folder)
    assert again.digest == result.digest
    assert again.metrics.leakers == result.metrics.leakers
    assert again.metrics.fates == result.metrics.fates
    assert again.study.sampled == list(result.study.sampled)
    ours, theirs = again.to_dict(), result.to_dict()
    for document in (ours, theirs):
        document.pop("run_dir")
    assert ours == theirs


@pytest.mark.parametrize("name", [*FILES, RUN_FILE])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    assert ("unfinished" if name == RUN_FILE else name) in refused(folder)


@pytest.mark.parametrize("name", [*FILES, RUN_FILE])
@pytest.mark.parametrize("how", ["empty", "half", "longer", "garbage", "folder"])
def test_a_file_that_is_not_itself(folder, name, how):
    path = folder / name
    data = path.read_bytes()
    path.unlink()
    if how == "folder":
        path.mkdir()
    else:
        texts = {"empty": b"", "half": data[: len(data) // 2], "longer": data + b"\0"}
        path.write_bytes(texts.get(how, os.urandom(300)))
    refused(folder)


@pytest.mark.parametrize("name", FILES)
def test_any_flipped_bit_of_a_file(folder, name):
    dice = random.Random(name)
    data = (folder / name).read_bytes()
    for _ in range(25):
        wrong = bytearray(data)
        wrong[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        (folder / name).write_bytes(wrong)
        assert name in refused(folder)


def test_any_flipped_bit_of_the_run_file(folder):
    """Detected, or harmless: a changed space between two values."""
    sound = open_run(folder).run
    data = (folder / RUN_FILE).read_bytes()
    harmless = 0
    places = random.Random(1).sample(range(len(data)), 400)
    for place in places:
        wrong = bytearray(data)
        wrong[place] ^= 1 << place % 8
        (folder / RUN_FILE).write_bytes(wrong)
        try:
            assert open_run(folder).run == sound
            harmless += 1
        except OpendomeError:
            continue
    assert harmless < 0.02 * len(places)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '"x"', "{}", '{"files": {}}', '{"files": []}', '{"files": 3}',
     "[" * 99_999, '{"a":' * 99_999, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
     "9" * 99_999, "NaN", '{"files": {"' + "x" * 5000 + '": "0"}}'],
)  # fmt: skip
def test_a_run_file_of_garbage(folder, text):
    (folder / RUN_FILE).write_text(text)
    refused(folder)


FOREIGN = ["../../etc/passwd", "/etc/passwd", "..", ".", "", "sub/ledger.parquet", "a\0b", "~",
           "%2e%2e/passwd", "ledger.parquet/..", "C:\\x", "\\\\host\\x"]  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_names_of_other_files_are_refused_before_they_are_opened(folder, name, monkeypatch):
    """A stranger's run.json, its checksum in order, cannot send us anywhere."""
    document = json.loads((folder / RUN_FILE).read_text())
    document.pop("checksum")
    opened = []
    monkeypatch.setattr("opendome.results.folder.file_digest", opened.append)
    for files in (document["files"] | {name: "0"}, {name: "0"}, {}):
        (folder / RUN_FILE).write_bytes(seal(document | {"files": files}))
        assert "other files than a run writes" in refused(folder)
    assert opened == []


@pytest.mark.parametrize("name", [*FILES, RUN_FILE])
def test_links_are_not_followed(folder, name, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.move(folder / name, elsewhere)  # even if it leads to the very same bytes
    (folder / name).symlink_to(elsewhere)
    refused(folder)


@pytest.mark.parametrize("name", [SUMMARY_FILE, RUN_FILE, "ledger.parquet"])
def test_pipes_are_not_waited_for(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    refused(folder)


def test_no_folder_at_all(tmp_path):
    assert "no run folder" in refused(tmp_path)
    assert "no run folder" in refused(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    assert "no run folder" in refused(tmp_path / "file")


def test_tables_are_asked_for_by_name(folder, tmp_path):
    parquet.write_table(arrow.table({"a": [1]}), tmp_path / "secret.parquet")
    run = open_run(folder)
    for name in ("../secret", str(tmp_path / "secret"), "", "Ledger"):
        with pytest.raises(OpendomeError, match="ledger, shots"):
            run.table(name)
    (folder / "ledger.parquet").write_bytes(b"changed after it was opened")
    with pytest.raises(OpendomeError, match="corrupt run folder"):
        run.table("ledger")


def test_every_table_reads(folder):
    for name in TABLES:
        table = open_run(folder).table(name)
        sizes = {len(column) for column in table.values()}
        assert len(sizes) == 1, name
        assert (sizes.pop() > 0) == (name != "quality"), name  # tracking was not measured


def test_the_scenario_in_the_folder_is_the_scenario(folder, scenario):
    from opendome.scenario.loading import load

    assert load(folder / SCENARIO_FILE).digest == scenario.digest
