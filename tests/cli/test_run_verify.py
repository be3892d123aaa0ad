"""`opendome verify`: passes, failures, blind checks, planted bugs."""

import json
import sys
from types import ModuleType

import pytest

from opendome.verification.checks import Check


def check(name, *, error=0.5, bug_error=2.0):
    def measure(model="ours"):
        return error if model == "ours" else bug_error

    return Check(
        name=name, claim=f"claim of {name}", authority="Author 1976, table 2", unit="m",
        tolerance=1.0, measure=measure, planted_bug="bug", bug=f"bug of {name}",
    )  # fmt: skip


@pytest.fixture
def suite(monkeypatch):
    """Replaces the whole suite by made-up checks, one subject for all."""

    def use(*checks):
        module = ModuleType("made_up_checks")
        module.CHECKS = checks
        monkeypatch.setitem(sys.modules, "made_up_checks", module)
        monkeypatch.setattr("opendome.verification.checks.SUBJECTS", {"made-up": "made_up_checks"})

    return use


def test_a_sound_suite(call, suite):
    suite(check("made-up/a"), check("made-up/b", error=1.0))
    code, out, err = call("verify")
    assert (code, err) == (0, "")
    assert "pass  made-up/a: error 0.5, tolerance 1 m" in out
    assert "claim of made-up/a [Author 1976, table 2]" in out
    assert "2 of 2 checks pass; 2 of 2 planted bugs caught" in out
    code, out, _ = call("verify", "made-up/a", "--json")
    [document] = json.loads(out)
    assert (document["passed"], document["bug_caught"], document["error"]) == (True, True, 0.5)


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (check("made-up/x", error=1.5), "FAIL  made-up/x: error 1.5"),
        (check("made-up/x", error=float("nan")), "FAIL  made-up/x: error no number"),
        (check("made-up/x", bug_error=0.9), "BLIND to its planted bug: bug of made-up/x"),
    ],
)
def test_a_failing_or_blind_check_fails_the_suite(call, suite, faulty, words):
    suite(check("made-up/a"), faulty)
    code, out, _ = call("verify")
    assert code == 1
    assert words in out
    assert "1 of 2 checks pass" in out
    code, out, _ = call("verify", "--json")
    assert code == 1
    assert [document["passed"] for document in json.loads(out)] == [True, False]


def test_with_planted_bugs_the_suite_fails(call, suite):
    suite(check("made-up/a"), check("made-up/b"))
    code, out, _ = call("verify", "--planted-bugs")
    assert code == 1
    assert "FAIL  made-up/a: error 2" in out
    assert "bug: bug of made-up/a" in out
    assert "2 of 2 planted bugs caught: the suite fails, as it must" in out
    code, out, _ = call("verify", "--planted-bugs", "--json")
    assert code == 1
    assert [document["passed"] for document in json.loads(out)] == [False, False]


def test_a_blind_suite_shows_under_planted_bugs(call, suite):
    suite(check("made-up/a", bug_error=0.1))
    code, out, _ = call("verify", "--planted-bugs")
    assert code == 0
    assert "0 of 1 planted bugs caught" in out


def test_the_list(call, suite):
    suite(check("made-up/a"))
    code, out, _ = call("verify", "--list")
    assert code == 0
    assert out.splitlines()[0] == "made-up/a"
    _, out, _ = call("verify", "--list", "--json")
    assert json.loads(out)[0]["bug"] == "bug of made-up/a"


def test_an_unknown_check(call):
    code, out, err = call("verify", "atmosfere")
    assert (code, out) == (2, "")
    assert "did you mean 'atmosphere'?" in err


def test_one_real_subject(call):
    code, out, _ = call("verify", "atmosphere", "--json")
    assert code == 0
    assert all(document["passed"] for document in json.loads(out))
