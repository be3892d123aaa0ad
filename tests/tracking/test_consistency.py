"""The checks of `opendome verify tracking`, and the figures they lean on."""

from dataclasses import replace

import numpy as np
import pytest

from opendome.tracking import reference
from opendome.verification.checks import run_check
from opendome.verification.tracking import CHECKS, kalata, scenes


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_check_passes_and_catches_its_planted_bug(check):
    outcome = run_check(check)
    assert outcome.within, f"error {outcome.error} {outcome.unit}"
    assert outcome.bug_caught, f"with the bug only {outcome.bug_error} {outcome.unit}"


@pytest.mark.parametrize(
    ("index", "alpha", "beta"),
    [(0.1, 0.36, 0.08), (1.0, 0.75, 0.5), (3.0, 0.9014923, 0.9415780)],
)
def test_closed_form_gives_the_printed_gains(index, alpha, beta):
    assert kalata(index) == pytest.approx((alpha, beta), abs=5e-8)


@pytest.mark.parametrize("which", [0, 1])
def test_errors_of_real_filters_fit_the_covariance_carried_without_measurements(which):
    """Mean NEES of 100 runs against the expected covariance, 99.9 % band of one step."""
    scene = scenes(2.0, 200)[which]
    runs = reference.run_filter(scene, runs=100, seed=8)
    cov = np.broadcast_to(reference.expected_covariance(scene)[:, None], runs.cov.shape)
    mean = reference.nees(runs.error, cov).mean(axis=1)
    low, high = reference.nees_band(100, 6, 0.999)
    assert low < mean.mean() < high
    assert np.mean((mean > low) & (mean < high)) > 0.97


def test_one_seed_gives_one_result():
    scene = scenes(2.0, 5)[0]
    first, again = (reference.run_filter(scene, runs=3, seed=1) for _ in range(2))
    other = reference.run_filter(scene, runs=3, seed=2)
    assert np.array_equal(first.error, again.error)
    assert not np.array_equal(first.error, other.error)


def test_a_coarse_first_guess_makes_a_real_filter_overconfident_for_a_while():
    """The limit stated in docs/models/expected-tracking.md."""
    scene = replace(scenes(2.0, 200)[0], prior_position_sigma_m=30e3, prior_speed_sigma_m_s=1000.0)
    runs = reference.run_filter(scene, runs=100, seed=3)
    mean = reference.nees(runs.error, runs.cov).mean(axis=1)
    assert mean[0] > 100.0
    assert mean[-1] < reference.nees_band(100, 6, 0.999)[1]
