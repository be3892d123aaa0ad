"""Commands called in this process, and one small run for all who only read one."""

import json
import sys

import pytest

from opendome.cli import main as entry

SMALL = ("homeland-2026", "--set", "raid.0.count=3", "--trials", "6", "--futures", "3")


@pytest.fixture
def call(monkeypatch, capsys):
    """Run a command: exit status, standard output, standard error; never a traceback."""

    def play(*words):
        monkeypatch.setattr(sys, "argv", ["opendome", *map(str, words)])
        monkeypatch.setenv("COLUMNS", "160")
        with pytest.raises(SystemExit) as stopped:
            entry.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stopped.value.code or 0), out, err

    return play


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """Folder of a small finished run without report, and its document."""
    from opendome.results.run import run
    from opendome.scenario.loading import load

    folder = tmp_path_factory.mktemp("small") / "run"
    scenario = load("homeland-2026", changes={"raid.0.count": 3})
    result = run(scenario, trials=6, futures=3, out=folder)
    return folder, json.loads(json.dumps(result.to_dict(), default=float))
