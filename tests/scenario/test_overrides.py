"""`--set path=value`: the same checks, the place is `--set`."""

import pytest

from opendome.scenario.loading import compile_document, load
from opendome.scenario.overrides import read_settings
from opendome.scenario.problems import ScenarioError
from opendome.scenario.reader import parse

from .documents import BASE


def changed(*settings: str):
    return compile_document(parse(BASE, "f"), changes=read_settings(list(settings)))


def test_values_by_number_name_system_and_class():
    scenario = changed(
        "raid.0.count=5",
        "raid.icbm-solid.within=90 s",
        "assets.gbi.p_kill=0.6..0.8",
        "assets.sbi.constellation.satellites=780",
        "assets.0.range_max=5000 km",
        "command.doctrine.gbi={salvo: 3}",
        "trials=50",
        "sharing.0.delay=1 min",
    )
    inputs = {entry.path: entry.text for entry in scenario.inputs()}
    assert inputs["assets.gbi.p_kill"] == "0.6..0.8"
    assert inputs["assets.lrdr.range_max"] == "5000 km"
    assert inputs["sharing.0.delay"] == "1 min"
    assert inputs["raid.0.within"] == "90 s"
    assert scenario.raid_by_class() == {"icbm-solid": 5}
    assert scenario.layer_stock == (44, 780)
    assert scenario.command.spec.doctrine_of("gbi").salvo == 3
    assert scenario.trials == 50


def test_python_values():
    scenario = load("no-shield", changes={"raid.0.count": 3, "trials": 7, "futures": 7})
    assert scenario.raid_by_class() == {"icbm-solid": 3}


def test_the_document_itself_is_left_alone():
    document = parse(BASE, "f")
    compile_document(document, changes={"trials": 50})
    assert document.data["trials"] == 20


CASES = [
    ("raid.0.count=0", "raid.0.count", "0", "a whole number from 1", "remove the entry"),
    ("assets.gbi.p_kil=0.5", "assets.1.p_kil", "the unknown key 'p_kil'", "p_kill", "did you mean"),
    ("assets.gbj.p_kill=1", "assets.gbj.p_kill", "no 'gbj' in assets", "gbi", "did you mean"),
    ("raid.7.count=1", "raid.7.count", "no '7' in raid", "icbm-solid", "name one that is there"),
    ("title.x=1", "title.x", "title, which has no parts", "a path to a value", "shorten the path"),
    ("trialz=1", "trialz", "the unknown key 'trialz'", "trials", "did you mean 'trials'?"),
    ("assets.lrdr.range_max=5 s", "assets.0.range_max", "'5 s', which is", "a length", "give the"),
    ("futures=30", "futures", "30 futures for 20 trials", "at most one future", "lower it"),
    ("trials", "", "'trials'", "path=value", "--set raid.0.count=20"),
    ("=1", "", "'=1'", "path=value", "--set raid.0.count=20"),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "path", "got", "allowed", "do"), CASES)
def test_a_bad_setting(setting, path, got, allowed, do):
    with pytest.raises(ScenarioError) as caught:
        changed(setting)
    (problem,) = caught.value.problems
    assert (problem.file, problem.where, problem.path) == ("--set", "--set", path)
    assert got in problem.got
    assert allowed in problem.allowed
    assert do in problem.do


def test_bad_yaml_in_a_setting():
    with pytest.raises(ScenarioError, match=r"flow (sequence|node)"):
        changed("trials=[1")
