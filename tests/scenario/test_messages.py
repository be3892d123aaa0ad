"""Every problem a scenario can have: where it is, what was got, what is allowed, what to do."""

from pathlib import Path

import pytest
import yaml

from opendome.scenario.loading import load, load_text
from opendome.scenario.problems import ScenarioError

from .documents import BASE, change

CASES = yaml.safe_load((Path(__file__).parent / "messages.yaml").read_text("utf-8"))


def problems_of(text: str):
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f")
    return caught.value.problems


def place_of_mark(text: str) -> str:
    """line:column of the mark ^ in a text."""
    before = text[: text.index("^")]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_the_small_scenario_is_sound():
    assert load_text(BASE).name == "small"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["to"][:50])
def test_one_problem_gives_one_message(case):
    where = case.get("at") or place_of_mark(change(case["change"], case["to"]))
    problems = problems_of(change(case["change"], case["to"].replace("^", "")))
    if case["change"] == "raid:\n":  # the unknown key is a problem of its own
        problems = [problem for problem in problems if problem.path == ""]
    (problem,) = problems
    assert (problem.where, problem.path) == (f"f:{where}", case["path"])
    assert case["got"] in problem.got
    assert case["allowed"] in problem.allowed
    assert case["do"] in problem.do


def test_all_problems_come_at_once_in_the_order_of_the_file():
    text = BASE
    for old, new in [
        ("title: A small scenario", "title: 3"),
        ("{area: conus}\nassets", "{area: konus}\nassets"),
        ("use: gbi", "use: gbx"),
        ("lrdr, nation: US", "lrdr, nation: US, range_max: 4 s, latitude: 99 deg"),
        ("from: JP", "from: KR"),
        ("count: 2", "count: 0"),
        ("trials: 20", "trials: x"),
        ("seed: 7", "seed: 7\nseed: 8"),
    ]:
        text = text.replace(old, new)
    problems = problems_of(text)
    assert [p.line for p in problems] == [2, 5, 7, 7, 8, 12, 14, 15, 17, 20]
    text = str(ScenarioError(problems))
    assert text.count("\n") == len(problems) - 1


def test_too_many_objects_in_all():
    line = (
        "  - {class: icbm-solid, count: 6000, from: {area: north-east-asia}, to: {area: conus}}\n"
    )
    problems = problems_of(BASE.replace("raid:\n", "raid:\n" + line * 2))
    assert any("12002 objects in all" in p.got and p.path == "raid" for p in problems)


def test_too_many_pairs_and_rows():
    text = change("count: 2", "count: 9000").replace("trials: 20", "trials: 10 000 000")
    got = {p.path: p.got for p in problems_of(text)}
    assert got["raid"] == "9000 objects times 7800 satellites"
    assert got["trials"].startswith("9000 objects in each trial, 90000000000 fates")


def test_an_inline_asset_names_everything_it_lacks():
    problems = problems_of(change("{use: lrdr, nation: US}", "{kind: radar, nation: US}"))
    assert {p.path for p in problems} >= {"assets.0.latitude", "assets.0.look_budget"}
    assert all(p.got.startswith('no "') and p.do.startswith('add "') for p in problems)


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(ScenarioError, match="did you mean 'golden-dome'") as caught:
        load("golden-dom")
    assert "homeland-2026" in caught.value.problems[0].allowed
    with pytest.raises(ScenarioError, match="no such file"):
        load("some/where.yaml")
