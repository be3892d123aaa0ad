"""Assignment: the exact least cost, whatever the shape and whatever is forbidden."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from opendome.tracking.kernels.assignment import assign

INF = np.inf


def least(cost):
    """Pairs and cost of the best assignment, by trying all: as many pairs as can be first."""
    rows, columns = cost.shape
    best = (0, 0.0)

    def go_on(row, used, pairs, total):
        nonlocal best
        if row == rows:
            if pairs > best[0] or (pairs == best[0] and total < best[1]):
                best = (pairs, total)
            return
        if pairs + rows - row < best[0]:
            return
        for column in range(columns):
            if not used >> column & 1 and cost[row, column] < INF:
                go_on(row + 1, used | 1 << column, pairs + 1, total + cost[row, column])
        go_on(row + 1, used, pairs, total)

    go_on(0, 0, 0, 0.0)
    return best


def value(cost, columns):
    """Pairs and cost of an assignment; every column at most once."""
    rows = np.flatnonzero(columns >= 0)
    assert len(set(columns[rows])) == rows.size
    return rows.size, float(cost[rows, columns[rows]].sum())


def greedy(cost):
    """Planted bug: each row takes the cheapest column left."""
    left = cost.copy()
    columns = np.full(cost.shape[0], -1)
    for row in range(cost.shape[0]):
        columns[row] = np.argmin(left[row])
        left[:, columns[row]] = INF
    return columns


@pytest.mark.parametrize(
    ("cost", "columns", "total"),
    [
        ([[4, 1, 3], [2, 0, 5], [3, 2, 2]], (1, 0, 2), 5.0),
        ([[82, 83, 69, 92], [77, 37, 49, 92], [11, 69, 5, 86], [8, 9, 98, 23]], (2, 1, 0, 3), 140),
    ],
)
def test_known_cases(cost, columns, total):
    got = assign(np.array(cost, np.float64))
    assert tuple(got) == columns
    assert value(np.array(cost, np.float64), got) == (len(columns), total)


@pytest.mark.parametrize("seed", range(5))
def test_equals_trying_all_on_random_matrices(seed):
    """1,000 matrices each: every shape, ties, negative costs, forbidden pairs."""
    luck = np.random.default_rng(seed)
    for trial in range(1000):
        rows, columns = luck.integers(1, 8 if trial % 20 == 0 else 5, 2)
        whole = luck.integers(-4, 5, (rows, columns)).astype(float)
        cost = whole if trial % 2 else luck.normal(size=(rows, columns))
        cost[luck.random((rows, columns)) < (trial % 5) / 6.0] = INF
        pairs, total = value(cost, assign(cost))
        wanted = least(cost if rows <= columns else cost.T)
        assert pairs == wanted[0]
        assert total == pytest.approx(wanted[1], abs=1e-9)


@pytest.mark.parametrize("shape", [(300, 300), (120, 300), (300, 40)])
def test_equals_scipy_on_large_matrices(shape):
    cost = np.random.default_rng(3).exponential(size=shape)
    rows, columns = linear_sum_assignment(cost)
    assert value(cost, assign(cost))[1] == pytest.approx(cost[rows, columns].sum(), rel=1e-12)


def test_nothing_allowed_gives_nothing():
    assert list(assign(np.full((2, 3), INF))) == [-1, -1]


def test_rows_and_columns_may_be_renamed():
    luck = np.random.default_rng(5)
    cost = luck.normal(size=(6, 9))
    order, places = luck.permutation(6), luck.permutation(9)
    moved = assign(cost[np.ix_(order, places)])
    assert list(places[moved]) == list(assign(cost)[order])


def test_a_greedy_assignment_is_caught():
    cost = np.array([[1.0, 2.0], [1.5, 9.0]])
    assert value(cost, greedy(cost))[1] > value(cost, assign(cost))[1]
