"""How near is near enough, as a data file words it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.quantities.values import Interval, Point
from opendome.studies.tolerances import Tolerance

RANGE = Interval(30.0, 40.0)


@pytest.mark.parametrize(
    ("text", "published", "inside", "outside"),
    [
        ("exact", Point(998.0), 998.0, 999.0),
        ("0.2 %", Point(1000.0), 1002.0, 1002.1),
        ("1", Point(113.0), 112.0, 111.9),
        ("factor 1.5", Point(1600.0), 2400.0, 2401.0),
        ("factor 1.5", Point(1600.0), 1067.0, 1066.0),
        ("inside", RANGE, 30.0, 29.9),
        ("at least", Point(1000.0), 1e9, 999.0),
        ("at most", Point(1000.0), 0.0, 1001.0),
        ("10 %", RANGE, 44.0, 44.1),
    ],
)
def test_what_is_admitted(text, published, inside, outside):
    assert Tolerance(text).admits(inside, published, 1.0)
    assert not Tolerance(text).admits(outside, published, 1.0)


def test_an_absolute_tolerance_is_in_the_unit_of_the_output():
    assert Tolerance("1").admits(590e3, Point(589.2e3), 1e3)
    assert not Tolerance("1").admits(590e3, Point(589.2e3), 1.0)


@pytest.mark.parametrize(("ours", "off"), [(25.0, -5.0), (35.0, 0.0), (41.0, 1.0)])
def test_difference_to_a_range_is_to_its_nearer_end(ours, off):
    assert Tolerance("inside").difference(ours, RANGE) == off


@pytest.mark.parametrize("text", ["", "about", "5%", "+-1", "factor", "1 km"])
def test_other_wordings_are_refused(text):
    with pytest.raises(OpendomeError, match="tolerance"):
        Tolerance(text)


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_a_figure_always_admits_itself(value):
    for text in ("exact", "0.2 %", "1", "inside", "at least", "at most"):
        assert Tolerance(text).admits(value, Point(value), 1.0)
