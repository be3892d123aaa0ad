"""Track-to-track fusion: what is added may only be counted once."""

import numpy as np
import pytest

from opendome.quantities.errors import OpendomeError
from opendome.tracking.fusion import (
    Estimate,
    fuse_independent,
    fuse_with_common,
    intersect,
    intersect_all,
    same_object,
)
from opendome.tracking.reference import nees, nees_band

RUNS = 400


def normal(luck, cov, shape=()):
    return luck.standard_normal((*shape, len(cov))) @ np.linalg.cholesky(cov).T


def told_alike(seed, runs=RUNS):
    """Two nodes that both hold one common estimate, each with a measurement of its own.

    The truth is 0. Returns both, what they have in common, and the best that could be known.
    """
    luck = np.random.default_rng(seed)
    common = np.diag([4.0, 1.0, 9.0])
    noises = np.diag([1.0, 5.0, 2.0]), np.diag([6.0, 0.5, 3.0])
    start = Estimate(mean=normal(luck, common, (runs,)), cov=np.tile(common, (runs, 1, 1)))
    own = [Estimate(mean=normal(luck, n, (runs,)), cov=np.tile(n, (runs, 1, 1))) for n in noises]
    nodes = [fuse_independent([start, mine]) for mine in own]
    return nodes, start, fuse_independent([start, *own])


def mean_nees(estimate):
    return float(nees(estimate.mean, estimate.cov).mean())


def test_what_is_in_common_taken_out_gives_the_best_estimate():
    (one, other), start, best = told_alike(1)
    fused = fuse_with_common(one, other, start)
    assert np.allclose(fused.mean, best.mean, atol=1e-12)
    assert np.allclose(fused.cov, best.cov, atol=1e-12)


def test_naive_fusion_is_too_sure_and_the_others_are_not():
    """Mean NEES of 400 runs, 99.9 % band: naive above it, channel filter inside, CI not above."""
    (one, other), start, _ = told_alike(2)
    low, high = nees_band(RUNS, 3, 0.999)
    assert mean_nees(fuse_independent([one, other])) > high
    assert low < mean_nees(fuse_with_common(one, other, start)) < high
    assert mean_nees(intersect(one, other)[0]) < high


@pytest.mark.parametrize("correlation", [-0.95, -0.5, 0.0, 0.5, 0.95])
def test_intersection_covers_any_correlation(correlation):
    """The true covariance of the fused error never exceeds the one it states."""
    p1, p2 = np.array([[4.0, 1.0], [1.0, 2.0]]), np.array([[1.0, -0.4], [-0.4, 3.0]])
    cross = correlation * np.linalg.cholesky(p1) @ np.linalg.cholesky(p2).T
    fused, w = intersect(Estimate(mean=np.zeros(2), cov=p1), Estimate(mean=np.zeros(2), cov=p2))
    a, b = w * fused.cov @ np.linalg.inv(p1), (1.0 - w) * fused.cov @ np.linalg.inv(p2)
    true = a @ p1 @ a.T + b @ p2 @ b.T + a @ cross @ b.T + b @ cross.T @ a.T
    assert np.linalg.eigvalsh(fused.cov - true).min() > -1e-9


def test_intersection_of_one_with_itself_learns_nothing():
    one = Estimate(mean=np.array([1.0, 2.0]), cov=np.array([[2.0, 0.3], [0.3, 1.0]]))
    fused, _ = intersect(one, one)
    assert np.allclose(fused.cov, one.cov)
    assert np.allclose(fused.mean, one.mean)


def test_intersection_with_a_worse_one_keeps_the_better():
    good = Estimate(mean=np.array([1.0, 2.0]), cov=np.eye(2))
    bad = Estimate(mean=np.array([5.0, 5.0]), cov=10.0 * np.eye(2))
    fused, weight = intersect(good, bad)
    assert weight == pytest.approx(1.0)
    assert np.allclose(fused.mean, good.mean)


def test_intersection_takes_the_weight_of_the_least_determinant():
    luck = np.random.default_rng(3)
    for _ in range(20):
        a, b = (m @ m.T + np.eye(4) for m in luck.normal(size=(2, 4, 4)))
        fused, _ = intersect(Estimate(mean=np.zeros(4), cov=a), Estimate(mean=np.zeros(4), cov=b))
        grid = [np.linalg.det(w * np.linalg.inv(a) + (1 - w) * np.linalg.inv(b))
                for w in np.linspace(0.0, 1.0, 501)]  # fmt: skip
        assert 1.0 / np.linalg.det(fused.cov) >= max(grid) * (1.0 - 1e-9)


def test_many_nodes_one_after_the_other():
    (one, other), *_ = told_alike(4)
    assert np.allclose(intersect_all([one, other]).mean, intersect(one, other)[0].mean)
    with pytest.raises(OpendomeError, match="no estimate"):
        intersect_all([])


def test_distance_of_tracks_of_one_object_is_chi_square():
    luck = np.random.default_rng(5)
    p1, p2 = np.diag([4.0, 1.0, 9.0]), np.diag([1.0, 5.0, 2.0])
    one = Estimate(mean=normal(luck, p1, (2000,)), cov=p1)
    other = Estimate(mean=normal(luck, p2, (2000,)), cov=p2)
    low, high = nees_band(2000, 3, 0.9999)
    assert low < same_object(one, other).mean() < high
