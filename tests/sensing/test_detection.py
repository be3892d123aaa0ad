"""Detection statistics against the noncentral chi-square law, tables and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from opendome.sensing.detection import (
    ALBERSHEIM_DOMAIN,
    albersheim_snr_db,
    amplitude_threshold,
    required_snr_db,
    shnidman_snr_db,
)
from opendome.sensing.kernels.detection import (
    p_detect_amplitude,
    p_detect_one_look,
    p_detect_steady,
    p_detect_swerling1,
    threshold,
)

snrs = st.floats(-40.0, 60.0).map(lambda db: 10.0 ** (db / 10.0))
false_alarms = st.floats(-12.0, -0.1).map(lambda exponent: 10.0**exponent)
pulse_counts = st.sampled_from([1, 2, 3, 10, 40, 100, 1000])


@settings(max_examples=300, deadline=None)
@given(snrs, false_alarms, pulse_counts)
def test_steady_target_follows_the_noncentral_chi_square_law(snr, p_false_alarm, pulses):
    limit = special.gammainccinv(pulses, p_false_alarm)
    assert threshold(p_false_alarm, pulses) == pytest.approx(limit, rel=1e-10)
    wanted = stats.ncx2.sf(2.0 * limit, 2 * pulses, 2.0 * pulses * snr)
    # 1e-11: the last bits of a threshold of 1000 pulses
    assert p_detect_steady(snr, p_false_alarm, pulses) == pytest.approx(wanted, abs=1e-11)


@settings(max_examples=100, deadline=None)
@given(snrs, false_alarms)
def test_swerling_1_with_one_pulse_is_the_closed_form(snr, p_false_alarm):
    closed = p_false_alarm ** (1.0 / (1.0 + snr))
    assert p_detect_one_look(snr, p_false_alarm) == pytest.approx(closed, rel=1e-14)
    assert p_detect_swerling1(snr, p_false_alarm, 1) == pytest.approx(closed, rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(snrs, st.floats(1.0, 20.0), false_alarms, pulse_counts)
def test_more_signal_is_never_seen_less(snr, factor, p_false_alarm, pulses):
    for model in (p_detect_steady, p_detect_swerling1):
        weak, strong = (model(s, p_false_alarm, pulses) for s in (snr, snr * factor))
        assert strong >= weak - 1e-12
        assert p_false_alarm * (1.0 - 1e-9) - 1e-12 <= weak <= 1.0


def test_limits_of_no_signal_and_of_much_signal():
    assert p_detect_steady(0.0, 1e-6, 10) == pytest.approx(1e-6, rel=1e-9)
    assert p_detect_swerling1(0.0, 1e-6, 10) == pytest.approx(1e-6, rel=1e-9)
    assert p_detect_steady(1e9, 1e-6, 10) == 1.0
    assert p_detect_swerling1(1e12, 1e-6, 10) == pytest.approx(1.0, abs=1e-10)


@pytest.mark.parametrize("bad", [(-1.0, 1e-6, 1), (1.0, 0.0, 1), (1.0, 1.5, 1), (1.0, 1e-6, 0)])
def test_bad_elements_give_nan(bad):
    assert math.isnan(p_detect_steady(*bad))
    assert math.isnan(p_detect_swerling1(*bad))


# p_detect, p_false_alarm, pulses: Albersheim, exact, Shnidman [dB], printed to 0.001
TABLE = [
    (0.9, 1e-6, 1, 13.115, 13.183, 13.122),
    (0.5, 1e-6, 1, 11.232, 11.243, 11.172),
    (0.9, 1e-4, 1, 11.674, 11.749, 11.763),
    (0.9, 1e-6, 10, 4.990, 5.267, 5.334),
    (0.8, 1e-7, 100, -1.259, -1.289, -1.352),
]


@pytest.mark.parametrize(("p", "p_fa", "n", "albersheim", "exact", "shnidman"), TABLE)
def test_needed_signal_as_printed(p, p_fa, n, albersheim, exact, shnidman):
    assert albersheim_snr_db(p, p_fa, n) == pytest.approx(albersheim, abs=6e-4)
    assert required_snr_db(p, p_fa, n) == pytest.approx(exact, abs=6e-4)
    assert shnidman_snr_db(p, p_fa, n) == pytest.approx(shnidman, abs=6e-4)


@pytest.mark.parametrize(("p", "p_fa", "snr_db"), [(0.9, 1e-6, 21.144), (0.5, 1e-6, 12.772)])
def test_needed_signal_of_swerling_1_as_printed(p, p_fa, snr_db):
    assert required_snr_db(p, p_fa, 1, model=p_detect_swerling1) == pytest.approx(snr_db, abs=6e-4)


def test_approximations_hold_over_their_domains():
    for pulses in (1, 3, 10, 30, 100):
        for p_false_alarm in (1e-7, 1e-5, 1e-3):
            for p_detect in (0.1, 0.3, 0.5, 0.8, 0.9):
                exact = required_snr_db(p_detect, p_false_alarm, pulses)
                square = shnidman_snr_db(p_detect, p_false_alarm, pulses)
                assert abs(square - exact) < 0.5
                if p_detect >= 0.3:
                    # stated: 0.2 dB for a linear detector; the square law adds up to 0.1 dB
                    linear = albersheim_snr_db(p_detect, p_false_alarm, pulses)
                    assert abs(linear - exact) < 0.3


def test_albersheim_is_not_used_where_it_fails():
    """Its stated domain goes down to 0.1; the exact law says otherwise, so ours does not."""
    exact = required_snr_db(0.1, 1e-3, 1)
    assert exact - albersheim_snr_db(0.1, 1e-3, 1) > 4.0
    assert ALBERSHEIM_DOMAIN.startswith("0.3 <=")


def test_shnidman_for_swerling_1_is_near_the_exact_need():
    exact = required_snr_db(0.9, 1e-6, 10, model=p_detect_swerling1)
    assert shnidman_snr_db(0.9, 1e-6, 10, swerling=1) == pytest.approx(exact, abs=0.5)
    kinds = [shnidman_snr_db(0.95, 1e-6, 10, swerling=k) for k in (0, 4, 2, 3, 1)]
    assert kinds == sorted(kinds)


def test_amplitude_detection_is_the_normal_law():
    sigmas = amplitude_threshold(1e-6)
    assert sigmas == pytest.approx(float(stats.norm.isf(1e-6)), rel=1e-12)
    for snr in (0.0, 1.0, sigmas, 9.0):
        wanted = float(stats.norm.sf(sigmas - snr))
        assert p_detect_amplitude(snr, sigmas) == pytest.approx(wanted, rel=1e-12)


def test_a_wrong_statistic_is_noticed():
    """Negative control of the first test: the threshold of amplitude, not of power."""
    wrong = stats.ncx2.sf(-math.log(1e-6), 2, 2.0 * 10.0)
    assert abs(p_detect_steady(10.0, 1e-6, 1) - wrong) > 0.1
    assert np.isfinite(wrong)
