"""Our filters against Stone Soup and FilterPy, on the numbers of golden/stone_soup.json.

Tolerance 1e-6 of the standard deviations: a mean may differ by that share of its sigma, a
covariance by that share of the product of two.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from opendome.tracking.bank import bank_rules
from opendome.tracking.kernels.bank import COAST, STATES, empty_bank, reweigh
from opendome.tracking.kernels.gaussian import absorb, innovation
from opendome.tracking.kernels.linear import predict_linear, predict_steady, update_linear
from opendome.tracking.kernels.mixing import fuse, mix
from opendome.tracking.kernels.readings import linearise
from opendome.tracking.kernels.unscented import ROOM_ROWS, update_unscented
from opendome.tracking.readings import local_readings

GOLDEN = json.loads((Path(__file__).parent / "golden" / "stone_soup.json").read_text())
STEP_S, NOISE = GOLDEN["step_s"], GOLDEN["noise"]
MOVE = np.kron([[1.0, STEP_S], [0.0, 1.0]], np.eye(3))
SHAKE = NOISE * np.kron([[STEP_S**3 / 3, STEP_S**2 / 2], [STEP_S**2 / 2, STEP_S]], np.eye(3))
POSITION = np.eye(3, 6)
# Stone Soup's bearing runs from x to y: x is our north, y our east
AXES = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
TOLERANCE = 1e-6


def readings():
    values = np.array(GOLDEN["values"]["local"])
    n = len(values)
    return local_readings(
        np.arange(1, n + 1) * STEP_S,
        np.tile(GOLDEN["sensor"], (n, 1)),
        np.tile(AXES, (n, 1, 1)),
        values,
        np.tile(GOLDEN["sigma"], (n, 1)),
    )


def track(update):
    """Means and covariances of every fifth step."""
    mean, cov = np.zeros(STATES), np.zeros((STATES, STATES))
    mean[:6], cov[:6, :6] = GOLDEN["first"], GOLDEN["prior"]
    means, covs, room = [], [], np.zeros((7, 6))
    for k in range(len(GOLDEN["values"]["local"])):
        six, square = mean[:6].copy(), cov[:6, :6].copy()
        predict_linear(six, square, MOVE, SHAKE, room)
        mean[:6], cov[:6, :6] = six, square
        update(mean, cov, k)
        if k % 5 == 4:
            means.append(mean[:6].copy())
            covs.append(cov[:6, :6].copy())
    return np.array(means), np.array(covs)


def worst(got, wanted):
    """Largest difference of (means, covariances) in units of the wanted sigmas."""
    sigma = np.sqrt(np.diagonal(wanted[1], axis1=-2, axis2=-1))
    square = sigma[..., :, None] * sigma[..., None, :]
    return max(
        np.max(np.abs(got[0] - wanted[0]) / sigma), np.max(np.abs(got[1] - wanted[1]) / square)
    )


def golden(name):
    return np.array(GOLDEN[name]["mean"]), np.array(GOLDEN[name]["cov"])


def test_linear_filter_equals_stone_soup():
    values, room = np.array(GOLDEN["values"]["linear"]), np.zeros((1, 6))
    variance = np.array(GOLDEN["place_variance"])

    def update(mean, cov, k):
        six, square = mean[:6].copy(), cov[:6, :6].copy()
        update_linear(six, square, values[k], POSITION, variance, room)
        mean[:6], cov[:6, :6] = six, square

    assert worst(track(update), golden("linear")) < TOLERANCE


def test_steady_motion_is_the_linear_prediction():
    mean, cov = np.array(GOLDEN["first"]), np.array(GOLDEN["prior"])
    cov += 1e3 * np.kron(np.ones((2, 2)), np.eye(3))
    plain = mean.copy(), cov.copy()
    predict_steady(mean, cov, STEP_S, NOISE)
    predict_linear(*plain, MOVE, SHAKE, np.zeros((7, 6)))
    assert worst((mean, cov), plain) < 1e-12


def extended(mean, cov, k, given=readings()):  # noqa: B008  (a constant)
    rows, room = np.zeros((3, 5)), np.zeros((3, STATES + 1))
    count = linearise(given, k, *mean[:3], rows)
    assert count == 3
    absorb(mean, cov, 6, rows, count, room)


def test_extended_filter_equals_stone_soup():
    assert worst(track(extended), golden("extended")) < TOLERANCE


def test_unscented_filter_equals_stone_soup():
    given, rules, points = readings(), bank_rules(), np.zeros((ROOM_ROWS, STATES))
    assert (rules.sigma_spread, rules.sigma_prior, rules.sigma_shift) == (0.5, 2.0, 0.0)

    def update(mean, cov, k):
        assert update_unscented((0.5, 2.0, 0.0), given, k, mean, cov, 6, points) > -np.inf

    assert worst(track(update), golden("unscented")) < TOLERANCE


def test_the_comparison_can_fail():
    """The two filters differ, by more than the tolerance and by less than a sigma."""
    assert 100 * TOLERANCE < worst(golden("extended"), golden("unscented")) < 1.0


def test_mixing_and_weights_equal_filterpy():
    case = GOLDEN["mixing"]
    bank = empty_bank(1)
    bank.mean[0, 1:], bank.cov[0, 1:] = case["mean"], case["cov"]
    bank.weight[0, 1:] = case["weight"]
    move = np.zeros((5, 5))
    move[COAST, COAST] = 1.0
    move[1:, 1:] = case["move"]
    fuse(bank, 0)
    mix(bank, bank_rules(), 0, move)
    wanted = np.array(case["mixed_mean"]), np.array(case["mixed_cov"])
    assert worst((bank.mean[0, 1:], bank.cov[0, 1:]), wanted) < 1e-9
    logs, rows, room = np.full(5, -np.inf), np.zeros((3, 5)), np.zeros((3, STATES + 1))
    for j in range(1, 5):
        rows[:, 0] = case["value"] - bank.mean[0, j, :3]
        rows[:, 1] = np.square([300.0, 200.0, 400.0])
        rows[:, 2:] = np.eye(3)
        logs[j] = absorb(bank.mean[0, j], bank.cov[0, j], STATES, rows, 3, room)
    reweigh(bank.weight[0], logs)
    fuse(bank, 0)
    assert bank.weight[0, 1:] == pytest.approx(case["weight_after"], abs=1e-9)
    wanted = np.array(case["fused_mean"]), np.array(case["fused_cov"])
    assert worst((bank.fused_mean[0], bank.fused_cov[0]), wanted) < 1e-9


def best_pairs(distance, missed):
    """Global nearest neighbours of two tracks by trying all: reading of each, -1 for none."""
    options = [-1, *range(distance.shape[1])]
    pairs = [p for p in itertools.product(options, repeat=2) if p[0] != p[1] or p[0] == -1]
    cost = [sum(missed if k < 0 else distance[i, k] for i, k in enumerate(p)) for p in pairs]
    return list(pairs[int(np.argmin(cost))])


def test_global_nearest_neighbours_equal_stone_soup():
    """Distances of our kernels, pairs by trying all, updates of our kernels."""
    case, variance = GOLDEN["neighbours"], np.array(GOLDEN["place_variance"])
    room, tracks = (
        np.zeros((7, 6)),
        [(np.array(first), np.array(GOLDEN["prior"])) for first in case["first"]],
    )
    for values, chosen in zip(case["values"], case["chosen"], strict=True):
        distance = np.zeros((2, len(values)))
        for i, (mean, cov) in enumerate(tracks):
            predict_linear(mean, cov, MOVE, SHAKE, room)
            for k, value in enumerate(values):
                rows = np.column_stack([value - mean[:3], variance, np.eye(3)])
                square, _ = innovation(cov, rows, 3, np.zeros((3, 4)), np.inf)
                distance[i, k] = np.sqrt(square)
        assert best_pairs(distance, 4.0) == chosen
        for (mean, cov), k in zip(tracks, chosen, strict=True):
            if k >= 0:
                update_linear(mean, cov, np.array(values[k]), POSITION, variance, room)
    got = np.array([mean for mean, _ in tracks]), np.array([cov for _, cov in tracks])
    assert worst(got, (np.array(case["mean"]), np.array(case["cov"]))) < TOLERANCE
