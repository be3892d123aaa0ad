"""Assignment pair by pair: the exact least cost, and the cheapest first where there is no room."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from opendome.tracking.kernels.clusters import ALONE, sort_by_cost
from opendome.tracking.kernels.pairing import NOTHING, assign_links, new_links


def crowd(luck, tracks, readings, share):
    """Tracks and readings, of which this share may go together: costs, inf where they may not."""
    cost = 40.0 * luck.standard_normal((tracks, readings))
    cost += 1e3 * luck.integers(0, 2, (tracks, 1))  # tracks not confirmed
    cost[luck.random(cost.shape) > share] = np.inf
    return cost


def decided(cost, alone=ALONE):
    """Reading of each track, -1 for none, and the total cost."""
    tracks, readings = cost.shape
    links = new_links(tracks, readings, max(1, cost.size))
    row, column = np.nonzero(np.isfinite(cost))
    links.start[:] = np.searchsorted(row, np.arange(tracks + 1))
    links.reading[: row.size], links.cost[: row.size] = column, cost[row, column]
    assign_links(links, tracks, readings, alone)
    assert ((links.taken >= 0) | (links.taken == NOTHING)).all()
    with_one = np.flatnonzero(links.taken >= 0)
    chosen = np.full(tracks, -1)
    chosen[with_one] = links.reading[links.taken[with_one]]
    assert (row[links.taken[with_one]] == with_one).all()
    assert len(set(chosen[with_one])) == with_one.size
    total = cost[with_one, chosen[with_one]].sum() + alone * (tracks - with_one.size)
    return chosen, total


def least(cost, alone=ALONE):
    """The same by SciPy, with a column of its own for each track that goes without."""
    spare = np.where(np.eye(len(cost)) > 0.0, alone, 1e12)
    whole = np.concatenate([np.where(np.isfinite(cost), cost, 1e12), spare], axis=1)
    rows, columns = linear_sum_assignment(whole)
    return np.where(columns < cost.shape[1], columns, -1), whole[rows, columns].sum()


@pytest.mark.parametrize("share", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (3, 5), (12, 9), (40, 60), (90, 70)])
def test_the_total_is_the_least(shape, share):
    """SciPy on the whole table: the same pairs, and so the same total."""
    luck = np.random.default_rng(7)
    for _ in range(20):
        cost = crowd(luck, *shape, share)
        ours, theirs = decided(cost), least(cost)
        assert ours[1] == pytest.approx(theirs[1], abs=1e-6)
        assert (ours[0] == theirs[0]).all()


def test_a_track_goes_without_where_that_is_cheaper():
    """One reading for two tracks that both would rather be alone than pay 10."""
    chosen, total = decided(np.array([[12.0], [9.0]]), alone=10.0)
    assert chosen.tolist() == [-1, 0]
    assert total == 19.0


def test_the_cheapest_first_is_not_the_least():
    """Negative control: greed loses where two tracks want the same reading."""
    cost = np.array([[1.0, 2.0], [1.5, 50.0]])
    assert decided(cost)[1] == 3.5 < cost[0, 0] + cost[1, 1]


def test_pairs_are_sorted_by_cost():
    """Any number of them, ties among them, and only those handed over."""
    luck = np.random.default_rng(3)
    for count in range(40):
        cost = np.round(10.0 * luck.random(60))
        order = luck.permutation(60)[:count]
        sorted_ = order.copy()
        sort_by_cost(sorted_, cost)
        assert (np.diff(cost[sorted_]) >= 0.0).all()
        assert sorted(sorted_) == sorted(order)
