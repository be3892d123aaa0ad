"""Scenario field types: reading, bounds, writing, schema."""

import json
import re
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from opendome.quantities.fields import Bounds, Count, Duration, Length, Money, Probability
from opendome.quantities.values import Interval, Point, TestRecord


class Sensor(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reach: Annotated[Length, Bounds("1 km", "60000 km")]
    wait: Annotated[Duration, Bounds(above="0 s")] = Point(30.0)
    p_kill: Probability | None = None
    rounds: Count = Point(1.0)
    price: Money | None = None


def test_reads_texts_numbers_and_values():
    sensor = Sensor(reach="1500 km", wait="3..5 min", p_kill="12 of 21", rounds=4)
    assert sensor.reach == Point(1.5e6)
    assert sensor.wait == Interval(180.0, 300.0)
    assert sensor.p_kill == TestRecord(12, 21)
    assert sensor.rounds == Point(4.0)
    assert Sensor(reach=Point(2000.0)).reach == Point(2000.0)


def test_writes_what_it_reads():
    sensor = Sensor(reach="1500 km", p_kill="0.5..0.9", price="22 MUSD_2026")
    again = Sensor(**json.loads(sensor.model_dump_json(exclude_none=True)))
    assert again == sensor
    assert sensor.model_dump()["reach"] == "1500 km"


@pytest.mark.parametrize(
    ("field", "given", "got", "allowed"),
    [
        ("reach", "900 m", "900 m", "at least 1 km, at most 60000 km"),
        ("reach", "10 km..70000 km", "10..70000 km", "at most 60000 km"),
        ("reach", "5 kg", "a mass", "a length"),
        ("wait", "0 s", "0 s", "more than 0 s"),
        ("rounds", 1.5, "1.5", "a whole number"),
        ("p_kill", [0.5], "a list", "a probability"),
        ("price", "22 MUSD", "22 MUSD", "price year"),
    ],
)
def test_refuses_in_three_parts(field, given, got, allowed):
    with pytest.raises(ValidationError) as caught:
        Sensor(**{"reach": "10 km", field: given})
    error = caught.value.errors()[0]["ctx"]["error"]
    assert got in error.got
    assert allowed in error.allowed
    assert error.do


def test_all_problems_at_once():
    with pytest.raises(ValidationError) as caught:
        Sensor(reach="1", wait="-1 s", rounds=-1)
    assert {error["loc"][0] for error in caught.value.errors()} == {"reach", "wait", "rounds"}


def test_schema_shows_units_examples_and_range():
    schema = Sensor.model_json_schema()["properties"]
    assert schema["reach"]["x-units"][-1] == "mi"
    assert schema["reach"]["x-range"] == "at least 1 km, at most 60000 km"
    assert schema["reach"]["examples"] == ["1500 km"]
    assert {"type": "integer"} in schema["rounds"]["anyOf"]


@pytest.mark.parametrize(
    "text", ["1500 km", "1 500 km", "0.5..0.9", "3000 km..4000 km", "12 of 21", "-5..-2 deg", "4 %"]
)
def test_schema_pattern_accepts_what_is_read(text):
    pattern = Sensor.model_json_schema()["properties"]["reach"]["pattern"]
    assert re.search(pattern, text)
    assert not re.search(pattern, "fast")
