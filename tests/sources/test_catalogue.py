"""Reading of the catalogue."""

import time

import pytest

from opendome.quantities.money import Money
from opendome.quantities.values import Interval, Point, TestRecord
from opendome.sources import catalogue
from opendome.sources.catalogue import (
    CatalogueError,
    cite,
    load_all,
    load_contradictions,
    load_milestones,
    load_sources,
    load_system,
    read_system,
    system_ids,
)

ENTRY = """
id: toy
name: A toy
nation: NO
kind: radar
as_of: 2026-01-02
notes: none
parameters:
  range_max: {value: 10..20 km, source: [a, b], basis: read, certainty: low, note: why}
  p_kill: {value: 12 of 21, source: [a], basis: read, as_of: 2020}
  price: {value: 22 MUSD_2026, source: [a], basis: read}
  sites.north.stock: {value: 44, source: [a], basis: read}
  sites.south.stock: {value: 4, source: [c], basis: read}
  orbit.elements.0.raan: {value: 10 deg, source: [a], basis: read}
  orbit.elements.1.raan: {value: 20 deg, source: [a], basis: read}
  longitudes: {value: [1 deg, 2 deg], source: [a], basis: read}
  band: {text: X, source: [a], basis: read}
"""


def test_reads_a_system():
    toy = read_system(ENTRY, "toy")
    assert (toy.name, toy.nation, toy.kind) == ("A toy", "NO", "radar")
    reach = toy.parameters["range_max"]
    assert reach.value == Interval(10e3, 20e3)
    assert reach.passport.sources == ("a", "b")
    assert (reach.passport.basis, reach.passport.certainty) == ("read", "low")
    assert (reach.passport.as_of, reach.passport.note) == ("2026-01-02", "why")
    assert toy.parameters["p_kill"].value == TestRecord(12, 21)
    assert toy.parameters["p_kill"].passport.as_of == "2020"
    assert toy.parameters["price"].value == Money(Point(22e6), "USD", 2026)
    assert list(toy.source_ids()) == ["a", "b", "c"]


def test_nests_as_a_scenario_file_would():
    tree = read_system(ENTRY, "toy").tree()
    assert tree["sites"] == {"north": {"stock": "44"}, "south": {"stock": "4"}}
    assert tree["orbit"] == {"elements": [{"raan": "10 deg"}, {"raan": "20 deg"}]}
    assert tree["longitudes"] == ["1 deg", "2 deg"]
    assert tree["band"] == "X"


def test_words_are_no_quantity():
    with pytest.raises(TypeError, match="band is no single quantity"):
        _ = read_system(ENTRY, "toy").parameters["band"].value


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("basis: read, certainty: low", "certainty: low"),
        ("source: [a, b], ", ""),
        ("value: 10..20 km, ", ""),
        ("value: 10..20 km", "value: 10..20 km, text: far"),
        ("certainty: low", "certain: low"),
    ],
)
def test_refuses_an_entry_without_a_passport(old, new):
    with pytest.raises(CatalogueError, match="range_max") as caught:
        read_system(ENTRY.replace(old, new), "toy")
    assert caught.value.where == "toy.yaml"


def test_refuses_an_id_that_is_not_the_file_name():
    with pytest.raises(CatalogueError, match="id: other"):
        read_system(ENTRY, "other")


@pytest.mark.parametrize("name", ["../sources", "lrdrr", "", "sbi_cbo_2026"])
def test_unknown_system(name):
    with pytest.raises(CatalogueError) as caught:
        load_system(name)
    assert repr(name) in caught.value.got


def test_unknown_system_did_you_mean():
    with pytest.raises(CatalogueError, match="did you mean lrdr"):
        load_system("lrdrr")


def test_cites_each_source_once_in_order():
    cited = cite(["crs-if13115", "cbo-2026", "crs-if13115"])
    assert [source.id for source in cited] == ["crs-if13115", "cbo-2026"]
    assert "Congressional Budget Office" in cited[1].citation
    assert "2026-05-12" in cited[1].citation
    with pytest.raises(CatalogueError, match="did you mean cbo-2026"):
        cite(["cbo-2062"])


def test_milestones_and_contradictions_are_cited():
    entries = [*load_milestones(), *load_contradictions()]
    assert len(entries) > 40
    for entry in entries:
        assert entry["source"]
        assert set(entry["source"]) <= set(load_sources())


def test_reading_is_fast():
    """One system within 5 ms, all within a second (best of three, on a busy machine)."""
    assert _best(lambda: read_system(_text("gbi"), "gbi")) < 0.005
    catalogue.load_system.cache_clear()
    assert _best(load_all) < 1.0
    assert len(load_all()) == len(system_ids())


def _text(name):
    return (catalogue.SYSTEMS / f"{name}.yaml").read_text("utf-8")


def _best(function):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)
