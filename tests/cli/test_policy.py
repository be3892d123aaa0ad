"""`--policy`: the class of the how-to page played, cut off, gone on with and repeated."""

import json
import re
from pathlib import Path

import pytest

from opendome.campaign.store import CHUNKS
from opendome.results import run as running
from opendome.results.folder import open_run
from opendome.results.run import resume, run
from opendome.scenario.loading import load

from .conftest import SMALL

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-policy.md"
LINES = 30
MINE = "keep.py:KeepForTheDearest"


@pytest.fixture
def keep(tmp_path, monkeypatch):
    """The class of the page, saved as the page says."""
    monkeypatch.chdir(tmp_path)
    code = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)[0]
    (tmp_path / "keep.py").write_text(code, "utf-8")
    return tmp_path / "keep.py"


def played(call, *words):
    code, out, err = call("run", *SMALL, "--no-report", "--json", *words)
    assert code == 0, err
    return json.loads(out), err


def test_the_page_builds_one_in_thirty_lines(keep):
    code = keep.read_text("utf-8").strip().splitlines()
    assert len([line for line in code if line.strip()]) <= LINES


def test_the_class_of_the_page_decides_a_run(call, keep, tmp_path):
    mine, err = played(call, "--policy", MINE, "--out", tmp_path / "a")
    assert "runs your own code" in err
    assert mine["policy"]["name"] == MINE
    assert mine["policy"]["distribution"] == "file"
    assert sum(layer["rounds"] for layer in mine["layers"].values()) > 0
    assert sum(mine["fates"].values()) == pytest.approx(3.0)
    assert open_run(tmp_path / "a").run["policy"] == mine["policy"]
    words = ("--workers", "2", "--chunk", "1")
    again, _ = played(call, "--policy", MINE, *words, "--out", tmp_path / "b")
    assert again["digest"] == mine["digest"]
    rules, err = played(call, "--out", tmp_path / "c")
    assert rules["policy"] is None
    assert "your own code" not in err
    assert rules["digest"] != mine["digest"]


def test_a_run_of_ones_own_policy_is_repeated_only_when_it_is_named(call, keep, tmp_path):
    played(call, "--policy", MINE, "--out", tmp_path / "a")
    code, _, err = call("reproduce", tmp_path / "a")
    assert code == 2
    assert f"--policy {MINE}" in err
    code, out, _ = call("reproduce", tmp_path / "a", "--policy", MINE, "--json")
    assert (code, json.loads(out)["same"]) == (0, True)
    keep.write_text(keep.read_text("utf-8") + "\n# changed\n", "utf-8")
    code, _, err = call("reproduce", tmp_path / "a", "--policy", MINE)
    assert code == 2
    assert "which decided the run" in err
    code, out, _ = call("run", "--resume", tmp_path / "a", "--json", "--no-report")
    assert code == 0
    assert json.loads(out)["policy"]["name"] == MINE


def test_a_run_of_an_installed_policy_is_repeated_by_itself(call, tmp_path):
    found, err = played(call, "--policy", "greedy", "--out", tmp_path / "a")
    assert "your own code" not in err
    code, out, _ = call("reproduce", tmp_path / "a", "--json")
    assert (code, json.loads(out)["digest"]) == (0, found["digest"])


def test_a_run_cut_off_goes_on_with_its_policy(keep, tmp_path):
    class Cut(Exception):
        pass

    def stop(done, total):
        if done:
            raise Cut

    scenario = load("homeland-2026", changes={"raid.0.count": 3})
    asked = {"trials": 6, "futures": 3, "chunk": 2, "policy": MINE}
    with pytest.raises(Cut):
        run(scenario, **asked, workers=1, out=tmp_path / "cut", progress=stop)
    assert (tmp_path / "cut" / CHUNKS).exists()
    with pytest.raises(running.OpendomeError, match="of its user"):
        resume(tmp_path / "cut")
    assert resume(tmp_path / "cut", policy=MINE).digest == run(scenario, **asked).digest


def test_policies_are_listed(call):
    code, out, _ = call("list", "policies")
    assert code == 0
    assert out.splitlines()[0].split() == ["policy", "distribution", "version"]
    assert {line.split()[0] for line in out.splitlines()[1:]} >= {"greedy", "certified"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--policy", "gready"), "opendome list policies"),
        (("--policy", "nowhere.py:X"), "no file or module"),
        (("--policy", "greedy", "--tracking", "measured"), "expected tracking"),
        (("--set", "command.solver=certified", "--tracking", "measured"), "solver certified"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_kept(call, tmp_path, words, message):
    code, out, err = call("run", *SMALL, *words, "--out", tmp_path / "no")
    assert (code, out) == (2, "")
    assert message in err
    assert not (tmp_path / "no").exists()


def test_a_mistake_of_a_policy_is_a_message(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text(
        "class Bad:\n    def decide(self, view):\n        return [(0, 10**6)]\n", "utf-8"
    )
    code, out, err = call("run", *SMALL, "--policy", "bad.py:Bad", "--out", tmp_path / "no")
    assert (code, out) == (2, "")
    assert re.search(r"policy bad.py:Bad, trial \d+, \w+, [\d.e+]+ s: got 1000000 rounds", err)


def test_a_class_of_a_notebook_is_a_policy(tmp_path):
    class Idle:
        def decide(self, view):
            return []

    scenario = load("homeland-2026", changes={"raid.0.count": 3})
    result = run(scenario, trials=2, futures=1, policy=Idle, out=tmp_path / "idle")
    assert result.study.ledger.shots["trial"].size == 0
    assert result.to_dict()["policy"]["distribution"] == "this session"


def test_the_solver_certified_is_played_as_a_policy(call, tmp_path):
    words = ("--set", "command.solver=certified")
    by_rule, _ = played(call, *words, "--out", tmp_path / "a")
    by_name, _ = played(call, "--policy", "certified", "--out", tmp_path / "b")
    assert by_rule["policy"] is None
    assert by_name["policy"]["name"] == "certified"
    assert by_rule["fates"] == by_name["fates"]
    assert by_rule["layers"] == by_name["layers"]
