"""Divert reach and kill probability."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.intercept.kernels import divert_radius, p_salvo, p_shot

chance = st.floats(0.0, 1.0)


def test_divert_radius_is_speed_times_time():
    assert divert_radius(2500.0, 20.0) == 50e3
    assert divert_radius(-1.0, 20.0) == 0.0
    assert divert_radius(2500.0, -1.0) == 0.0


@given(st.floats(0.0, 5e3), st.floats(0.0, 300.0), st.floats(1.0, 3.0))
def test_more_divert_or_time_never_reaches_less(divert, time_s, more):
    assert divert_radius(divert * more, time_s) >= divert_radius(divert, time_s)
    assert divert_radius(divert, time_s * more) >= divert_radius(divert, time_s)


@given(chance, chance)
def test_a_shot_is_never_better_than_its_parts(p_kill, p_handover):
    assert p_shot(p_kill, p_handover) <= min(p_kill, p_handover)
    assert p_shot(p_kill, 1.0) == p_kill


# D. Wilkening, Science & Global Security 8 (1999): p = 0.56 for one to five shots.
@pytest.mark.parametrize(
    ("rounds", "percent"), [(1, 56.00), (2, 80.64), (3, 91.48), (4, 96.25), (5, 98.35)]
)
def test_published_salvos(rounds, percent):
    assert 100.0 * p_salvo(0.56, rounds) == pytest.approx(percent, abs=0.01)


def test_the_published_salvos_catch_added_probabilities():
    assert abs(100.0 * min(1.0, 2 * 0.56) - 80.64) > 0.01


# 12 hits in 21 tests, four shots: the agency's "97 per cent" is independence.
def test_four_shots_at_the_test_record():
    assert p_salvo(12 / 21, 2) == pytest.approx(0.816, abs=1e-3)
    assert p_salvo(12 / 21, 4) == pytest.approx(0.966, abs=1e-3)
