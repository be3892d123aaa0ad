"""Policies by name: found, refused, recalled."""

import pytest

import opendome
from opendome.command.policies import Greedy
from opendome.command.policy import PolicyName
from opendome.command.registry import choose, policies, recall
from opendome.quantities.errors import OpendomeError

GOOD = """
from opendome.command.policy import Order

class Mine:
    def decide(self, view):
        return [Order(0)]

class NoPolicy:
    pass

number = 7
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(GOOD, "utf-8")
    return tmp_path / "mine.py"


def test_what_is_installed_has_a_make():
    known = {policy.name: policy for policy in policies()}
    assert {"greedy", "certified"} <= set(known)
    assert known["greedy"] == ("greedy", "opendome", opendome.__version__)
    assert choose("greedy") == (known["greedy"], Greedy)


def test_a_class_is_a_policy_of_this_session():
    assert choose(Greedy) == (("Greedy", "this session", ""), Greedy)


def test_a_file_and_a_module_of_ones_own(mine):
    by_file, by_module = choose("mine.py:Mine"), choose("mine:Mine")
    assert by_file.name.distribution == by_module.name.distribution == "file"
    assert by_file.name.version == by_module.name.version
    assert by_file.make().decide(None) == [(0, 1)]
    mine.write_text(GOOD + "# changed\n", "utf-8")
    assert choose("mine.py:Mine").name.version != by_file.name.version


BAD = {
    "gready": ("policy 'gready'", "greedy"),
    "": ("policy ''", "greedy"),
    "nowhere.py:Mine": ("no file or module 'nowhere.py'", "file.py:Class"),
    "nowhere:Mine": ("no file or module 'nowhere'", "file.py:Class"),
    "mine.py:Yours": ("no 'Yours' in mine.py", "a class"),
    "mine.py:NoPolicy": ("without a method decide", "decide(view)"),
    "mine.py:number": ("int without a method decide", "decide(view)"),
    "mine.py:": ("no '' in mine.py", "a class"),
    ":Mine": ("cannot be loaded", "imported"),
    "broken.py:Mine": ("cannot be loaded (ZeroDivisionError", "imported"),
    "leaving.py:Mine": ("cannot be loaded (SystemExit", "imported"),
    "sys:exit": ("no file or module 'sys'", "file.py:Class"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_policy_is_refused(mine, name):
    mine.with_name("broken.py").write_text("1 / 0", "utf-8")
    mine.with_name("leaving.py").write_text("raise SystemExit(0)", "utf-8")
    got, allowed = BAD[name]
    with pytest.raises(OpendomeError) as caught:
        choose(name)
    assert got in caught.value.got
    assert allowed in caught.value.allowed
    assert caught.value.do


def test_a_stored_run_gets_its_own_policy_back_and_no_other(mine):
    installed, own = choose("greedy").name, choose("mine.py:Mine").name
    assert recall(installed, None).make is Greedy
    assert recall(own, "mine.py:Mine").name == own
    with pytest.raises(OpendomeError, match="of its user"):
        recall(own, None)
    with pytest.raises(OpendomeError, match="which decided the run"):
        recall(installed, "certified")
    with pytest.raises(OpendomeError, match="which decided the run"):
        recall(PolicyName("greedy", "opendome", "0.0.1"), None)
    mine.write_text(GOOD + "# changed\n", "utf-8")
    with pytest.raises(OpendomeError, match="which decided the run"):
        recall(own, "mine.py:Mine")


def test_a_stored_run_never_runs_a_file_unasked(mine):
    """The control: the file would leave a mark, if it were run."""
    mine.write_text(GOOD + "open('mark', 'w').close()\n", "utf-8")
    with pytest.raises(OpendomeError):
        recall(PolicyName("mine.py:Mine", "file", "0"), None)
    assert not mine.with_name("mark").exists()
    choose("mine.py:Mine")
    assert mine.with_name("mark").exists()
