"""The learning curve: printed tables, exact sums, the calculator's form, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.economics.learning import (
    LearningError,
    average_continuous_usd,
    cumulative_usd,
    exponent,
    unit_usd,
)

shares = st.floats(0.3, 1.0)
counts = st.integers(1, 5000)
PRINTED = 5e-4  # half the last digit of a printed table of sums


@pytest.mark.parametrize(("number", "cost"), [(1, 1.0), (2, 0.8), (10, 0.4765), (20, 0.3812)])
def test_unit_costs_of_a_printed_table(number, cost):
    assert unit_usd(1.0, number, 0.8) == pytest.approx(cost, abs=5e-5)


@pytest.mark.parametrize(
    ("learning", "units", "cost"),
    [(0.8, 10, 6.315), (0.8, 20, 10.485), (0.8, 100, 32.651), (0.95, 10, 8.954),
     (0.95, 100, 76.586)],
)  # fmt: skip
def test_sums_of_a_printed_table(learning, units, cost):
    assert cumulative_usd(1.0, units, learning) == pytest.approx(cost, abs=PRINTED)


def test_the_printed_sums_catch_the_mean_taken_for_the_unit():
    """Negative control: Wright's theory of the mean gives 4.765 for ten units at 80 %."""
    assert abs(10.0 ** (1.0 + math.log2(0.8)) - 6.315) > 1000 * PRINTED


@given(shares, counts)
def test_the_sum_is_the_sum(learning, units):
    exact = math.fsum(n ** math.log2(learning) for n in range(1, units + 1))
    assert cumulative_usd(1.0, units, learning) == pytest.approx(exact, rel=1e-13)


@given(st.lists(st.tuples(st.floats(0.0, 2e5), shares), min_size=1, max_size=8))
def test_arrays_are_the_numbers_one_by_one(cases):
    units, learning = (np.array(column) for column in zip(*cases, strict=True))
    one_by_one = [cumulative_usd(3e6, n, share) for n, share in cases]
    assert cumulative_usd(3e6, units, learning) == pytest.approx(np.array(one_by_one), rel=1e-12)


def test_shapes_broadcast():
    units = np.array([[1.0], [70.0], [800.0]])
    learning = np.array([0.8, 0.5, 1.0, 0.95])
    table = cumulative_usd(np.array(2.0), units, learning)
    assert table.shape == (3, 4)
    assert table[1, 1] == pytest.approx(cumulative_usd(2.0, 70.0, 0.5), rel=1e-13)
    assert isinstance(cumulative_usd(2.0, 70, 0.5), float)


@given(st.floats(1.0, 1e9), st.floats(0.1, 10.0), counts, shares)
def test_proportional_to_the_first_unit(first_usd, times, units, learning):
    assert cumulative_usd(times * first_usd, units, learning) == pytest.approx(
        times * cumulative_usd(first_usd, units, learning), rel=1e-12
    )


@given(counts, shares)
def test_more_units_cost_more_in_all_and_less_each(units, learning):
    less, more = (cumulative_usd(1.0, n, learning) for n in (units, units + 1))
    assert more > less
    assert more / (units + 1) <= less / units * (1.0 + 1e-12)
    assert more - less == pytest.approx(unit_usd(1.0, units + 1, learning), rel=1e-7)


@given(counts)
def test_without_learning_the_curve_is_flat(units):
    assert cumulative_usd(7.0, units, 1.0) == pytest.approx(7.0 * units, rel=1e-13)
    assert average_continuous_usd(7.0, units, 1.0) == pytest.approx(7.0 * (units + 1) / units)


def test_parts_of_a_unit_and_none():
    assert cumulative_usd(5.0, 0, 0.8) == 0.0
    between = cumulative_usd(5.0, 10.25, 0.8)
    tenth, eleventh = cumulative_usd(5.0, 10, 0.8), cumulative_usd(5.0, 11, 0.8)
    assert between == pytest.approx(0.75 * tenth + 0.25 * eleventh)


# Default case of the public calculator: 998 interceptors, 70 million dollars, 85 %.
def test_the_calculators_mean():
    assert average_continuous_usd(70e6, 998, 0.85) == pytest.approx(18.20e6, abs=0.005e6)
    assert abs(cumulative_usd(70e6, 998, 0.85) / 998 - 18.20e6) > 0.005e6  # the exact sum differs


def test_the_calculators_form_doubles_a_single_unit_without_learning():
    assert average_continuous_usd(1.0, 1, 0.85) == pytest.approx(2.0 / (1.0 + math.log2(0.85)))


@pytest.mark.parametrize("learning", [0.0, -0.2, 1.01, math.nan])
@pytest.mark.parametrize("curve", [exponent, lambda share: cumulative_usd(1.0, 10, share)])
def test_shares_outside_are_refused(curve, learning):
    with pytest.raises(LearningError) as caught:
        curve(learning)
    assert "more than 0, at most 1" in caught.value.allowed


@pytest.mark.parametrize("units", [-1.0, math.nan, math.inf])
def test_counts_that_are_none_are_refused(units):
    with pytest.raises(LearningError, match="number of units"):
        cumulative_usd(1.0, units, 0.8)


def test_the_calculators_form_refuses_its_pole():
    with pytest.raises(LearningError, match=r"more than 0\.5"):
        average_continuous_usd(1.0, 10, 0.5)
