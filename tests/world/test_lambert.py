"""Lambert's problem: hard corners, the named errors, and what the wrapper promises.

The published cases and the large random sets are in `opendome verify lambert`.
"""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from opendome.quantities.constants import MU_M3_S2
from opendome.quantities.errors import OpendomeError
from opendome.world.elements import propagate
from opendome.world.lambert import (
    CollinearPositionsError,
    LambertInputError,
    LambertStatus,
    NoConvergenceError,
    TimeTooShortError,
    lambert,
    lambert_batch,
    lambert_kernel,
    lambert_way_kernel,
    raise_for_status,
)
from opendome.world.lambert_time import flight_time, solve_direct, time_derivatives

MOLNIYA_1 = np.array([22592.145603e3, -1599.915239e3, -19783.950506e3])
MOLNIYA_2 = np.array([1922.067697e3, 4054.157051e3, -8925.727465e3])


def relative_miss(pos1, pos2, time_s, velocity):
    end, _, status = propagate(pos1, velocity, time_s)
    assert not status.any()
    return np.linalg.norm(end - pos2, axis=-1) / np.linalg.norm(pos2, axis=-1)


@settings(deadline=None, max_examples=500)
@given(
    st.floats(6.4e6, 5e7),
    st.floats(6.4e6, 5e7),
    st.floats(-6.0, math.log10(math.pi)),
    st.booleans(),
    st.floats(1.0, 6.0),
    st.booleans(),
)
def test_every_corner_ends_where_it_should(r1, r2, log_angle, from_behind, log_time, prograde):
    """Tiny angles, nearly half and nearly whole turns, seconds to days: the residual is small."""
    angle = 10.0**log_angle
    angle = math.pi - angle if from_behind else angle
    pos1 = r1 * np.array([0.6, 0.48, 0.64])
    side = np.array([-0.8, 0.36, 0.48])
    pos2 = r2 * (math.cos(angle) * pos1 / r1 + math.sin(angle) * side)
    time_s = 10.0**log_time
    vel1, _, status = lambert_batch(pos1[None], pos2[None], time_s, prograde=prograde)
    assume(status[0] != LambertStatus.COLLINEAR)
    assert status[0] == LambertStatus.OK
    assume(perigee(pos1, vel1[0]) > 1e5)  # nobody flies through the core of the Earth
    end = propagate(pos1, vel1, time_s)[0][0]
    bound = 1e-9 * np.linalg.norm(pos2) + sensitivity(pos1, vel1[0], time_s)
    assert np.linalg.norm(end - pos2) < bound


def perigee(pos, vel):
    """Perigee distance of the orbit, whether passed or not [m]."""
    momentum = np.linalg.norm(np.cross(pos, vel))
    energy = 0.5 * vel @ vel - MU_M3_S2 / np.linalg.norm(pos)
    e = math.sqrt(max(0.0, 1.0 + 2.0 * energy * momentum**2 / MU_M3_S2**2))
    return momentum**2 / MU_M3_S2 / (1.0 + e)


def sensitivity(pos, vel, time_s):
    """How far the end moves when the velocity changes by 1e-12 of itself [m]."""
    base = propagate(pos, vel, time_s)[0][0]
    worst = 0.0
    for part in range(3):
        nudged = vel.copy()
        nudged[part] += 1e-12 * np.linalg.norm(vel)
        worst = max(worst, np.linalg.norm(propagate(pos, nudged, time_s)[0][0] - base))
    return worst


def test_the_miss_of_a_wrong_velocity_is_seen():
    vel1, _ = lambert(MOLNIYA_1, MOLNIYA_2, 36_000.0)
    assert relative_miss(MOLNIYA_1, MOLNIYA_2, 36_000.0, vel1) < 1e-12
    assert relative_miss(MOLNIYA_1, MOLNIYA_2, 36_000.0, vel1 * (1 + 1e-8)) > 1e-9


def test_a_circle_is_found_again():
    radius = 7e6
    speed = math.sqrt(MU_M3_S2 / radius)
    for angle in np.radians([1.0, 60.0, 179.0, 181.0, 270.0, 359.0]):
        pos2 = radius * np.array([math.cos(angle), math.sin(angle), 0.0])
        vel1, vel2 = lambert([radius, 0.0, 0.0], pos2, angle * radius / speed)
        assert_allclose(vel1, [0.0, speed, 0.0], rtol=0, atol=1e-6)
        assert_allclose(np.linalg.norm(vel2), speed, rtol=1e-11)


def test_the_parabola_is_no_corner():
    """Transfers within 1e-9 of the parabolic time join smoothly."""
    pos1, pos2 = np.array([7e6, 0.0, 1e6]), np.array([-2e6, 9e6, 3e6])
    chord = np.linalg.norm(pos2 - pos1)
    half = 0.5 * (np.linalg.norm(pos1) + np.linalg.norm(pos2) + chord)
    # Euler's equation: sqrt(2 / mu) / 3 (s^1.5 - (s - c)^1.5)
    parabolic = math.sqrt(2.0 / MU_M3_S2) / 3.0 * (half**1.5 - (half - chord) ** 1.5)
    for share in (1 - 1e-9, 1 - 1e-12, 1.0, 1 + 1e-12, 1 + 1e-9, 1 - 1e-5, 1 + 1e-5):
        vel1, _ = lambert(pos1, pos2, parabolic * share)
        assert relative_miss(pos1, pos2, parabolic * share, vel1) < 1e-12
    vel1, _ = lambert(pos1, pos2, parabolic)
    assert 0.5 * vel1 @ vel1 == pytest.approx(MU_M3_S2 / np.linalg.norm(pos1), rel=1e-12)


@pytest.mark.parametrize("lam", [-0.999999, -0.7, 0.0, 0.4, 0.999999])
def test_time_curve_its_slope_and_its_inverse(lam):
    chord_ratio = (1.0 - lam) * (1.0 + lam)
    for x in (-0.9, -0.3, 0.2, 0.8, 0.97, 1.0, 1.03, 1.5, 20.0):
        step = 1e-5 * max(1.0, abs(x)) * max(1e-3, chord_ratio)
        ahead = flight_time(x + step, chord_ratio, lam)
        behind = flight_time(x - step, chord_ratio, lam)
        now = flight_time(x, chord_ratio, lam)
        slope = (ahead - behind) / (2.0 * step)
        first, _, _ = time_derivatives(x, now, chord_ratio, lam)
        assert first == pytest.approx(slope, rel=3e-4)
        found, status = solve_direct(now, chord_ratio, lam)
        assert status == 0
        assert flight_time(found, chord_ratio, lam) == pytest.approx(now, rel=1e-13)


def test_prograde_and_the_ways_are_the_same_problem_said_twice():
    args = (*MOLNIYA_1, *MOLNIYA_2, 36_000.0, MU_M3_S2)
    ahead = np.cross(MOLNIYA_1, MOLNIYA_2)[2] >= 0.0
    for prograde in (True, False):
        by_sense = lambert_kernel(*args, prograde, 0, False)
        by_way = lambert_way_kernel(*args, ahead != prograde, 0, False)
        assert by_sense == by_way
        momentum = np.cross(MOLNIYA_1, by_sense[:3])
        assert (momentum[2] >= 0.0) == prograde


def test_a_batch_equals_one_by_one():
    rng = np.random.default_rng(5)
    pos1, pos2 = rng.normal(size=(2, 50, 3)) * 1e7
    times = rng.uniform(1e3, 2e4, 50)
    vel1, vel2, status = lambert_batch(pos1, pos2, times)
    assert not status.any()
    for i in range(50):
        one, two = lambert(pos1[i], pos2[i], times[i])
        assert (one == vel1[i]).all()
        assert (two == vel2[i]).all()


def test_more_time_than_needed_gives_two_branches_and_the_fastest_joins_them():
    slow = lambert(MOLNIYA_1, MOLNIYA_2, 36_000.0, revolutions=1)
    fast = lambert(MOLNIYA_1, MOLNIYA_2, 36_000.0, revolutions=1, far_branch=True)
    assert np.linalg.norm(slow[0] - fast[0]) > 1e3
    low, high = 20_000.0, 36_000.0
    while high - low > 1e-7:
        middle = 0.5 * (low + high)
        _, _, status = lambert_batch(MOLNIYA_1[None], MOLNIYA_2[None], middle, revolutions=1)
        low, high = (low, middle) if status[0] == LambertStatus.OK else (middle, high)
    one, _ = lambert(MOLNIYA_1, MOLNIYA_2, high, revolutions=1)
    two, _ = lambert(MOLNIYA_1, MOLNIYA_2, high, revolutions=1, far_branch=True)
    assert np.linalg.norm(one - two) < 1.0
    assert relative_miss(MOLNIYA_1, MOLNIYA_2, high, one) < 1e-10


@pytest.mark.parametrize(
    ("error", "pos2", "time_s", "revolutions"),
    [
        (CollinearPositionsError, MOLNIYA_1, 18_000.0, 0),
        (CollinearPositionsError, -0.5 * MOLNIYA_1, 18_000.0, 0),
        (TimeTooShortError, MOLNIYA_2, 18_000.0, 1),
        (LambertInputError, MOLNIYA_2, 0.0, 0),
        (LambertInputError, MOLNIYA_2, math.nan, 0),
        (LambertInputError, MOLNIYA_2, math.inf, 0),
        (LambertInputError, MOLNIYA_2, 18_000.0, -1),
        (LambertInputError, 0.0 * MOLNIYA_2, 18_000.0, 0),
        (LambertInputError, math.nan * MOLNIYA_2, 18_000.0, 0),
    ],
)
def test_each_impossible_problem_has_its_named_error(error, pos2, time_s, revolutions):
    with pytest.raises(error) as caught:
        lambert(MOLNIYA_1, pos2, time_s, revolutions=revolutions)
    assert isinstance(caught.value, OpendomeError)
    assert caught.value.got
    assert caught.value.allowed
    assert caught.value.do


def test_a_failure_to_settle_has_a_name_too():
    with pytest.raises(NoConvergenceError):
        raise_for_status(LambertStatus.NO_CONVERGENCE, 1.0, 0)


def test_bad_problems_do_not_touch_their_neighbours():
    pos1 = np.array([MOLNIYA_1, MOLNIYA_1, MOLNIYA_1])
    pos2 = np.array([MOLNIYA_2, MOLNIYA_1, MOLNIYA_2])
    vel1, vel2, status = lambert_batch(pos1, pos2, [36_000.0, 1.0, -1.0])
    assert status.tolist() == [0, LambertStatus.COLLINEAR, LambertStatus.BAD_INPUT]
    assert np.isfinite(vel1[0]).all()
    assert np.isnan(vel1[1:]).all()
    assert np.isnan(vel2[1:]).all()
