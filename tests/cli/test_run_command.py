"""`opendome run`: one document, messages apart, exit statuses, cut off and gone on with."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from .conftest import SMALL

FILES = {"ledger.parquet", "run.json", "scenario.yaml", "summary.json", "report.html"}


def test_a_run_keeps_everything_and_says_what_came_out(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("run", *SMALL)
    assert code == 0
    assert "compiling" in err or err == ""
    [folder] = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("homeland-2026-2")
    assert {path.name for path in folder.iterdir()} >= FILES
    for words in ("three missiles", "Where the raid ends", "killed by ", "Time budget",
                  "illustrative; not validated", "report: runs/homeland-2026-"):  # fmt: skip
        assert words in out
    assert "\x1b[" not in out


def test_json_is_one_document_and_nothing_else(call, tmp_path):
    code, out, _ = call("run", *SMALL, "--out", tmp_path / "a", "--json", "--no-report")
    document = json.loads(out)
    assert code == 0
    assert document == json.loads((tmp_path / "a" / "summary.json").read_text())
    assert (document["trials"], document["futures"], document["raid"]["objects"]) == (6, 3, 3)
    assert sum(document["fates"].values()) == pytest.approx(3.0)
    assert not (tmp_path / "a" / "report.html").exists()
    words = (*SMALL, "--workers", "1", "--chunk", "1")
    _, out, _ = call("run", *words, "--out", tmp_path / "b", "--json", "--no-report")
    assert json.loads(out)["digest"] == document["digest"]
    _, out, _ = call("run", *SMALL, "--seed", "8", "--out", tmp_path / "c", "--json")
    assert json.loads(out)["digest"] != document["digest"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("golden-dom",), "did you mean 'golden-dome'?"),
        (("none.yaml",), "none.yaml"),
        ((*SMALL, "--set", "raid.0.cuont=3"), "did you mean 'count'?"),
        ((*SMALL, "--set", "raid.0.count"), "path=value"),
        ((*SMALL, "--trials", "0"), "--trials"),
        (("no-shield", "--trials", "2", "--futures", "3"), "at least one trial in every future"),
        ((*SMALL, "--until-ci", "0"), "above 0"),
        ((*SMALL, "--until-ci", "nan"), "above 0"),
        ((*SMALL, "--workers", "x"), "--workers"),
        ((*SMALL, "--resume", "x"), "leave the rest out"),
        (("--resume", "nowhere"), "nowhere"),
        (("--tirals", "3"), "--t"),
    ],
)
def test_wrong_input(call, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("run", *words)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())


def test_a_finished_run_is_never_written_over(call, small_run):
    folder, _ = small_run
    before = (folder / "run.json").read_bytes()
    code, _, err = call("run", *SMALL, "--out", folder)
    assert code == 2
    assert "a finished run" in err
    assert (folder / "run.json").read_bytes() == before


def test_a_folder_with_other_files_is_left_alone(call, tmp_path):
    (tmp_path / "diary.txt").write_text("dear diary")
    code, _, err = call("run", *SMALL, "--out", tmp_path)
    assert code == 2
    assert "choose another --out" in err
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_resuming_a_finished_run_only_tells_it_again(call, small_run):
    folder, document = small_run
    code, out, err = call("run", "--resume", folder, "--json", "--no-report")
    assert code == 0
    assert "nothing is left to play" in err
    again = json.loads(out)
    assert again["digest"] == document["digest"]
    assert again["leakers"] == document["leakers"]


def test_an_interrupted_run_says_how_to_go_on(call, tmp_path, monkeypatch, small_run):
    @contextmanager
    def cut(words):
        def tell(done, total):
            if done:
                raise KeyboardInterrupt

        yield tell

    folder = tmp_path / "cut"
    with monkeypatch.context() as patch:
        patch.setattr("opendome.cli.progress.bar", cut)
        code, out, err = call("run", *SMALL, "--workers", "1", "--out", folder)
    assert (code, out) == (130, "")
    assert f"go on with: opendome run --resume {folder}" in err
    assert list((folder / "chunks").iterdir())
    code, out, _ = call("run", "--resume", folder, "--json")
    assert code == 0
    assert json.loads(out)["digest"] == small_run[1]["digest"]


def test_an_interrupt_before_the_beginning(call, tmp_path, monkeypatch):
    def interrupt(*args, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("opendome.results.run.run", interrupt)
    code, _, err = call("run", *SMALL, "--out", tmp_path / "x")
    assert code == 130
    assert "nothing had begun" in err


def test_a_full_disk_keeps_what_was_finished(call, tmp_path, monkeypatch, small_run):
    from opendome.campaign import store

    real, written = store.write_whole, []

    def full(path, data):
        written.append(path)
        if len([p for p in written if p.parent.name == "chunks"]) > 1:
            raise OSError(28, "No space left on device", str(path))
        real(path, data)

    folder = tmp_path / "full"
    with monkeypatch.context() as patch:
        patch.setattr(store, "write_whole", full)
        code, out, err = call("run", *SMALL, "--out", folder)
    assert (code, out) == (2, "")
    assert "No space left on device" in err
    assert f"opendome run --resume {folder}" in err
    code, out, _ = call("run", "--resume", folder, "--json", "--no-report")
    assert code == 0
    assert json.loads(out)["digest"] == small_run[1]["digest"]


def test_a_full_disk_at_the_report_keeps_the_run(call, tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("opendome.report.page.write_whole", full)
    folder = tmp_path / "full"
    code, _, err = call("run", *SMALL, "--out", folder)
    assert code == 2
    assert f"opendome report {folder}" in err
    assert (folder / "run.json").exists()


# A test runner started in the background hands down an ignored interrupt.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from opendome.cli.main import main
main()
"""


def test_ctrl_c_from_outside(tmp_path, small_run):
    """A real process, a real signal."""
    folder = tmp_path / "cut"
    words = ("homeland-2026", "--trials", "4000", "--futures", "200", "--workers", "1")
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "run", *words, "--out", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    deadline = time.monotonic() + 90.0
    while not list(folder.glob("chunks/*.chunk")) and time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert f"--resume {folder}" in err
    assert "Traceback" not in err


def test_a_bar_on_a_terminal_only(monkeypatch, capsys):
    from rich.console import Console

    from opendome.cli.progress import bar

    with bar("playing") as tell:
        assert tell is None
    monkeypatch.setattr(Console, "is_terminal", True)
    with bar("playing") as tell:
        tell(3, 10)
    out, err = capsys.readouterr()
    assert out == ""
    assert "playing" in err


def test_a_cold_start_is_announced(monkeypatch, capsys):
    from opendome.cli.progress import warn_when_cold

    monkeypatch.setattr("opendome.compiled.is_warm", lambda kernel: False)
    warn_when_cold()
    assert "compiling kernels (once" in capsys.readouterr().err
    warn_when_cold(measured=True)
    assert "compiling the filters of measured tracking (once" in capsys.readouterr().err
    monkeypatch.setattr("opendome.compiled.is_warm", lambda kernel: True)
    warn_when_cold()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "command", ["run", "report", "query", "reproduce", "verify", "warmup", "progress"]
)
def test_commands_load_no_numerics_until_they_work(command):
    code = (
        "import sys\n"
        f"import opendome.cli.{command}\n"
        "heavy = {'numpy', 'numba', 'pydantic', 'scipy', 'yaml', 'duckdb', 'matplotlib'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_warmup(call):
    code, out, _ = call("warmup")
    assert code == 0
    assert out.startswith("ready after ")
