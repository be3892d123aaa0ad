"""Texts of the edge become SI values, and every wrong text says what to do."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities import dimensions as d
from opendome.quantities.errors import QuantityError
from opendome.quantities.units import format_value, parse, quantity
from opendome.quantities.values import Interval, Point, TestRecord

READ = [
    ("1500 km", d.LENGTH, Point(1.5e6)),
    ("1 500 km", d.LENGTH, Point(1.5e6)),
    ("12.5km", d.LENGTH, Point(12500.0)),
    ("3 nmi", d.LENGTH, Point(5556.0)),
    ("45 deg", d.ANGLE, Point(math.pi / 4)),
    ("10 urad", d.ANGLE, Point(1e-5)),
    ("3..5 min", d.DURATION, Interval(180.0, 300.0)),
    ("30 s..5 min", d.DURATION, Interval(30.0, 300.0)),
    ("3000 km..4000 km", d.LENGTH, Interval(3e6, 4e6)),
    ("-5..-2 km", d.LENGTH, Interval(-5000.0, -2000.0)),
    ("0.5..0.9", d.PROBABILITY, Interval(0.5, 0.9)),
    ("56 %", d.PROBABILITY, Point(0.56)),
    ("12 of 21", d.PROBABILITY, TestRecord(12, 21)),
    ("500 000", d.COUNT, Point(500000.0)),
    ("500\u202f000", d.COUNT, Point(500000.0)),
    ("40..44", d.COUNT, Interval(40.0, 44.0, whole=True)),
    (7800, d.COUNT, Point(7800.0)),
    (0.25, d.PROBABILITY, Point(0.25)),
    ("1e6 W/sr", d.INTENSITY, Point(1e6)),
    ("2.5 MW/sr", d.INTENSITY, Point(2.5e6)),
    ("100 1/s", d.RATE, Point(100.0)),
    ("12 1/year", d.RATE, Point(12.0 / (365.25 * 86400.0))),
    ("20 dB", d.DECIBEL, Point(20.0)),
    ("-6.5 K/km", d.TEMPERATURE_GRADIENT, Point(-0.0065)),
    ("287.053 J/(kg K)", d.SPECIFIC_GAS_CONSTANT, Point(287.053)),
    ("8000 kg/m2", d.BALLISTIC_COEFFICIENT, Point(8000.0)),
    ("25 m2/s3", d.ACCELERATION_DENSITY, Point(25.0)),
]

# given, dimension, a part of what was got, a part of what to do
REFUSED = [
    ("1500", d.LENGTH, "without a unit", '"1500 km"'),
    (1500, d.LENGTH, "1500 without a unit", "add the unit"),
    ("1500 Km", d.LENGTH, "unknown unit 'Km'", "did you mean 'km'?"),
    ("3 mins", d.DURATION, "unknown unit 'mins'", "did you mean 'min'?"),
    ("5 kg", d.LENGTH, "which is a mass", "right quantity"),
    ("5 km", d.DURATION, "which is a length", "right quantity"),
    ("9..3 s", d.DURATION, "reversed interval '9..3 s'", "swap"),
    ("3 km..5", d.LENGTH, "'3 km..5'", '"3..5 km"'),
    ("3...5 s", d.DURATION, "'3...5 s'", "for example"),
    ("nan km", d.LENGTH, "'nan km'", "for example"),
    ("inf s", d.DURATION, "'inf s'", "for example"),
    ("1e999 m", d.LENGTH, "'1e999 m'", "finite"),
    (math.nan, d.RATIO, "nan", "finite"),
    (math.inf, d.COUNT, "inf", "finite"),
    (10**400, d.COUNT, "beyond 1e308", "smaller"),
    (True, d.COUNT, "true", "write a number"),
    ("", d.LENGTH, "nothing", "for example"),
    ("km", d.LENGTH, "'km'", "for example"),
    ("12 5 km", d.LENGTH, "'12 5 km'", "for example"),
    ("5 000 00 m", d.LENGTH, "'5 000 00 m'", "for example"),
    ("٣ km", d.LENGTH, "'٣ km'", "for example"),
    ("x" * 300, d.LENGTH, "more than 200 characters", "shorten"),
    ("1.5", d.COUNT, "'1.5'", "whole number"),
    (-1, d.COUNT, "-1", "in that range"),
    ("1.2", d.PROBABILITY, "'1.2'", "in that range"),
    ("-3 s", d.DURATION, "'-3 s'", "in that range"),
    ("1 000 000 km/s", d.SPEED, "km/s", "in that range"),
    ("22 of 21", d.PROBABILITY, "'22 of 21'", "order of the two"),
    ("0 of 0", d.PROBABILITY, "'0 of 0'", "order of the two"),
    ("3 of 5", d.LENGTH, "'3 of 5'", "for example"),
]


@pytest.mark.parametrize(("given", "dimension", "value"), READ)
def test_reads(given, dimension, value):
    assert parse(given, dimension) == value


@pytest.mark.parametrize(("given", "dimension", "got", "do"), REFUSED)
def test_refuses_and_says_what_to_do(given, dimension, got, do):
    with pytest.raises(QuantityError) as caught:
        parse(given, dimension)
    assert got in caught.value.got
    assert do in caught.value.do
    assert caught.value.allowed
    assert str(caught.value).count(";") >= 2


def test_values_pass_through_checked():
    assert parse(Point(3.0), d.LENGTH) == Point(3.0)
    with pytest.raises(QuantityError):
        parse(Point(-1.0), d.DURATION)


def test_quantity_finds_the_dimension():
    assert quantity("3 km/s") == (Point(3000.0), d.SPEED)
    assert quantity("12 of 21") == (TestRecord(12, 21), d.PROBABILITY)
    assert quantity("44") == (Point(44.0), d.RATIO)
    with pytest.raises(QuantityError, match="unknown unit 'parsec'"):
        quantity("3 parsec")


@pytest.mark.parametrize("dimension", d.DIMENSIONS, ids=lambda x: x.name)
def test_every_dimension_reads_its_example_and_its_own_units(dimension):
    assert parse(dimension.example, dimension).middle == pytest.approx(
        parse(dimension.example, dimension).quantile(0.5)
    )
    assert set(dimension.edge) <= set(dimension.units)
    assert 1.0 in dimension.units.values()


def test_no_unit_text_means_two_things():
    seen = {}
    for dimension in d.DIMENSIONS:
        for unit, factor in dimension.units.items():
            assert seen.setdefault(unit, factor) == factor


EXACT = st.floats(allow_nan=False, allow_infinity=False, min_value=0.0, max_value=1e9)


@given(number=EXACT, dimension=st.sampled_from([d.LENGTH, d.DURATION, d.INTENSITY, d.SPEED]))
def test_text_reads_back_to_the_same_bits(number, dimension):
    number = min(number, dimension.high)
    value = Point(number)
    assert parse(format_value(value, dimension), dimension) == value


@given(low=st.floats(-6.0, 6.0), width=st.floats(0.0, 6.0))
def test_interval_text_reads_back_to_the_same_bits(low, width):
    value = Interval(low, low + width)
    assert parse(format_value(value, d.ANGLE), d.ANGLE) == value


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (Point(1.5e6), d.LENGTH, "1500 km"),
        (Point(math.radians(45.0)), d.ANGLE, "45 deg"),
        (Interval(0.5, 0.9), d.PROBABILITY, "0.5..0.9"),
        (TestRecord(12, 21), d.PROBABILITY, "12 of 21"),
        (Point(30.0), d.DURATION, "30 s"),
        (Point(44.0), d.COUNT, "44"),
        (Point(0.0), d.LENGTH, "0 m"),
    ],
)
def test_text_is_pleasant(value, dimension, text):
    assert format_value(value, dimension) == text


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused_in_three_parts(text):
    for dimension in (d.LENGTH, d.PROBABILITY, d.COUNT):
        outcome = _outcome(text, dimension)
        assert math.isfinite(outcome) if isinstance(outcome, float) else all(outcome)


def _outcome(text, dimension):
    try:
        return parse(text, dimension).middle
    except QuantityError as error:
        return error.got, error.allowed, error.do
