"""Joint probabilities against trying every joint event."""

import itertools

import numpy as np
import pytest

from opendome.tracking.kernels.joint import EXACT_MAX, crowd_probabilities, joint_probabilities


def share_out(gain, p_detect, rule="exact"):
    tracks, readings = gain.shape
    share = np.empty_like(gain)
    if rule == "crowd":
        crowd_probabilities(gain, tracks, readings, p_detect, share)
        return share
    room = (tracks + 1, 1 << readings)
    joint_probabilities(gain, tracks, readings, p_detect, np.empty(room), np.empty(room), share)
    return share


def by_events(gain, p_detect):
    """The same by listing events: each track one reading or none, no reading twice."""
    tracks, readings = gain.shape
    total, share = 0.0, np.zeros_like(gain)
    for event in itertools.product(range(-1, readings), repeat=tracks):
        taken = [j for j in event if j >= 0]
        if len(taken) != len(set(taken)):
            continue
        weight = np.prod([1.0 - p_detect if j < 0 else gain[i, j] for i, j in enumerate(event)])
        total += weight
        for i, j in enumerate(event):
            if j >= 0:
                share[i, j] += weight
    return share / total


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (3, 1), (2, 3), (4, 3), (3, 5)])
@pytest.mark.parametrize("p_detect", [0.5, 0.9])
def test_equals_the_sum_over_all_events(shape, p_detect):
    luck = np.random.default_rng(1)
    for _ in range(20):
        gain = luck.exponential(size=shape) * (luck.random(shape) < 0.7)
        assert np.allclose(share_out(gain, p_detect), by_events(gain, p_detect), atol=1e-12)


def test_no_reading_and_no_track_is_given_out_more_than_once():
    gain = np.random.default_rng(2).exponential(size=(9, EXACT_MAX)) * 100.0
    share = share_out(gain, 0.9)
    assert np.all(share.sum(axis=0) <= 1.0 + 1e-12)
    assert np.all(share.sum(axis=1) <= 1.0 + 1e-12)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1)])
def test_rule_for_crowds_is_exact_for_one_track(shape):
    gain = np.random.default_rng(3).exponential(size=shape)
    wanted = by_events(gain, 0.9)
    got = share_out(gain, 0.9, "crowd")
    if shape[0] == 1:
        assert np.allclose(got, wanted, atol=1e-12)
    assert np.all(got <= 1.0)


def test_rule_for_crowds_is_near_where_readings_are_clear():
    gain = np.full((4, 4), 0.01) + np.diag([50.0, 80.0, 60.0, 90.0])
    assert np.allclose(share_out(gain, 0.9, "crowd"), by_events(gain, 0.9), atol=0.01)
