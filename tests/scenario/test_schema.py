"""The JSON Schema, the reference for people, and the boundary of every numeric field."""

import json
import math
from pathlib import Path

import pytest

from opendome.quantities.dimensions import COUNT
from opendome.quantities.fields import Bounds
from opendome.scenario import anatomy
from opendome.scenario.draft import KINDS
from opendome.scenario.explain import check
from opendome.scenario.loading import load_text
from opendome.scenario.problems import ScenarioError
from opendome.scenario.reference import reference
from opendome.scenario.schema import json_schema
from opendome.threats.spec import FLIGHTS

from .documents import BASE, change

REFERENCE = Path(__file__).parents[2] / "docs" / "scenario-reference.md"


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_schema_is_whole():
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    for reference_path in references(schema):
        assert reference_path.removeprefix("#/$defs/") in schema["$defs"], reference_path
    titles = [part["title"] for part in schema["properties"]["assets"]["items"]["anyOf"]]
    assert titles == [
        f"{kind} {how}" for kind in KINDS for how in ("of the catalogue", "given in full")
    ]
    assert schema["required"] == ["scenario", "title", "epoch", "defended", "raid"]


def test_the_schema_knows_every_key_the_checks_know():
    schema = json_schema()
    for part in schema["properties"]["assets"]["items"]["anyOf"][::2]:
        kind = part["title"].removesuffix(" of the catalogue")
        assert set(anatomy.fields(KINDS[kind])) <= set(part["properties"])
        assert "required" not in schema["$defs"].get(f"{KINDS[kind].__name__}Changes", {})


def test_the_reference_is_current():
    """Write it again with: opendome schema --markdown --out docs/scenario-reference.md."""
    assert REFERENCE.read_text("utf-8") == reference()


ABSURD = [
    "nan",
    "inf",
    "-inf",
    "-1",
    "1e308",
    "1e309",
    "-0.5",
    "",
    "x",
    "0 of 0",
    "3..1",
    "1..",
    "..",
    "1 furlong",
]


def numeric_fields():
    for model in (*KINDS.values(), *FLIGHTS.values()):
        for name, info in anatomy.fields(model).items():
            annotation = anatomy.annotation_of(info)
            quantity = anatomy.quantity_of(annotation)
            if quantity is not None:
                yield pytest.param(model, name, annotation, quantity, id=f"{model.__name__}.{name}")


@pytest.mark.parametrize(("model", "name", "annotation", "quantity"), list(numeric_fields()))
def test_no_absurd_number_passes(model, name, annotation, quantity):
    """Every numeric field: not a number, infinite, negative or nonsense is refused with its path,
    or is a finite number inside the bounds of the field."""
    unit = next(iter(quantity.dimension.units))
    for number in ABSURD:
        text = f"{number} {unit}".strip()
        value, findings = check(model, {name: text})
        assert value is None
        own = [finding for finding in findings if finding.path[:1] == (name,)]
        if own:
            assert all(f.got and f.allowed and f.do for f in own)
            continue
        read = quantity.read(text)
        for end in (read.quantile(1e-9), read.quantile(1.0 - 1e-9)):
            assert math.isfinite(end)
        for extra in anatomy.extras(annotation):
            if isinstance(extra, Bounds):
                assert extra.check(read) == read


@pytest.mark.parametrize(("model", "name", "annotation", "quantity"), list(numeric_fields()))
def test_each_side_of_every_bound(model, name, annotation, quantity):
    """A value at a bound passes, one beyond it is refused."""
    for extra in anatomy.extras(annotation):
        if not isinstance(extra, Bounds):
            continue
        for edge, beyond in ((extra.low, -1.0), (extra.high, 1.0)):
            if edge is None:
                continue
            limit = quantity.read(edge).middle
            assert not refused(model, name, edge), edge
            step = 1.0 if quantity.dimension is COUNT else max(abs(limit), 1.0) * 1e-6
            outside = f"{limit + beyond * step:.17g} {base_unit(quantity)}".strip()
            assert refused(model, name, outside), outside
        if extra.above is not None:
            assert refused(model, name, extra.above)


def refused(model, name, text) -> bool:
    return any(found.path[:1] == (name,) for found in check(model, {name: text})[1])


def base_unit(quantity) -> str:
    return next(unit for unit, factor in quantity.dimension.units.items() if factor == 1.0)


@pytest.mark.parametrize("count", ["1", "10 000"])
def test_the_ends_of_the_count_of_a_raid(count):
    text = change("count: 2", f"count: {count}").replace("trials: 20", "trials: 4")
    text = text.replace("  - {use: sbi-cbo-2026, nation: US, name: sbi}\n", "")
    text = text.replace(", sbi: {salvo: 2}", "")
    assert load_text(text).raid_by_class() == {"icbm-solid": int(count.replace(" ", ""))}


def test_schema_version():
    assert load_text("schema_version: 1\n" + BASE).name == "small"
    with pytest.raises(ScenarioError, match="schema_version: got 2; allowed: 1"):
        load_text("schema_version: 2\n" + BASE, "f")
