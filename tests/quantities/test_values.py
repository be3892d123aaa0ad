"""Points, intervals and test records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opendome.quantities.values import Interval, Point, TestRecord, number_text

UNIT = st.floats(1e-9, 1.0 - 1e-9)


@given(u=UNIT)
def test_point_never_moves(u):
    assert Point(3.0).quantile(u) == Point(3.0).middle == 3.0
    assert not Point(3.0).uncertain


@given(u=UNIT)
def test_interval_is_uniform(u):
    assert Interval(2.0, 6.0).quantile(u) == pytest.approx(2.0 + 4.0 * u)
    assert Interval(2.0, 6.0).uncertain
    assert not Interval(2.0, 2.0).uncertain


def test_whole_interval_gives_each_number_the_same_share():
    value = Interval(40.0, 44.0, whole=True)
    drawn = [value.quantile((k + 0.5) / 1000.0) for k in range(1000)]
    assert {number: drawn.count(number) for number in set(drawn)} == {
        40.0: 200, 41.0: 200, 42.0: 200, 43.0: 200, 44.0: 200,
    }  # fmt: skip


@given(u=st.floats(1e-6, 1.0 - 1e-6))
def test_record_is_the_jeffreys_posterior(u):
    record = TestRecord(12, 21)
    assert record.quantile(u) == pytest.approx(stats.beta(12.5, 9.5).ppf(u), rel=1e-9)
    assert record.middle == pytest.approx(12.5 / 22.0)


def test_record_agrees_with_the_published_interval():
    """1 of 29 and 81 of 263: Jeffreys limits, Brown, Cai and DasGupta's table to three digits."""
    record = TestRecord(81, 263)
    assert record.quantile(0.025) == pytest.approx(0.2546, abs=5e-4)
    assert record.quantile(0.975) == pytest.approx(0.3656, abs=5e-4)


def test_success_and_failure_are_not_exchanged():
    assert TestRecord(16, 16).middle > 0.95
    assert TestRecord(0, 16).middle < 0.05


def test_text_in_a_unit():
    assert Point(1.5e6).text("km") == "1500 km"
    assert Interval(1000.0, 2500.0).text("km") == "1..2.5 km"
    assert TestRecord(2, 3).text("km") == "2 of 3"
    assert number_text(1e12, 1.0) == "1e12"
