"""Inputs as a reader would write them."""

from opendome.report.inputs import EPOCH, Inputs, Use, uses

from .runs import SCENARIO

TEXT = SCENARIO.format(name="x", title="y", objects=3)


def test_values_by_path():
    inputs = Inputs(TEXT)
    assert inputs.text("assets.sbi-cbo-2026.p_kill") == "0.5 to 0.9"
    assert inputs.text("assets.lrdr.range_max") == "3000 km to 4000 km"
    assert inputs.text("assets.gbi.p_kill") == "12 of 21"
    assert inputs.text("raid.0.count") == "3"
    assert inputs.text(EPOCH) == "any moment of the day after the epoch"
    for nothing in ("assets.none.p_kill", "raid.7.count", "raid", "title.x.y", ""):
        assert inputs.text(nothing) == ""


def test_names():
    inputs = Inputs(TEXT)
    assert inputs.name("assets.lrdr.range_max") == "lrdr range_max"
    assert inputs.name("command.confirm") == "command confirm"
    assert inputs.name(EPOCH) == "hour of the day"


def test_inputs_of_a_source_are_gathered():
    paths = [
        "assets.a.geostationary.longitudes.0",
        "assets.a.geostationary.longitudes.1",
        "assets.a.revisit",
        "assets.b.geostationary.longitudes.0",
        "assets.b.revisit",
        "raid.0.from",
        "command.cycle",
    ]
    assert uses(paths, {"raid.0.from", "assets.a.nothing"}) == [
        Use(("a", "b"), (("geostationary.longitudes", False), ("revisit", False))),
        Use(("raid.0",), (("from", True),)),
        Use(("command",), (("cycle", False),)),
    ]
    assert uses(["assets.a.l.0", "assets.a.l.1"], {"assets.a.l.1"}) == [Use(("a",), (("l", True),))]
