"""Thrust, pitch program and the two ways to fly a boost."""

import math

import numpy as np
import pytest

from opendome.threats.kernels.flight import NO_SAMPLES, ROUGH, fly
from opendome.threats.kernels.motion import COAST, Missile, derivative
from opendome.threats.kernels.raid import shot_of
from opendome.threats.kernels.shot import missile_of
from opendome.threats.kernels.stepper import between, step
from opendome.threats.kernels.work import AHEAD, COLUMNS, GUESS, RATES, ROWS, STATE

from .shots import CLASSES, aimed, far_away, threat

EXHAUST_M_S, BURNT = 2700.0, 0.7
MISSILE = Missile(
    6378137.0,
    0.0,
    0.0,
    180.0,
    3,
    60.0,
    EXHAUST_M_S,
    BURNT,
    0.5,
    0.25,
    0.0,
    0.0,
    1.0,
    0.0,
    0.0,
    0.0,
    0.0,
    0.0,
)


def thrust(t_s, stage, missile=MISSILE):
    """Radial and horizontal acceleration by thrust, 300 km above the equator."""
    work = np.zeros((ROWS, COLUMNS))
    work[STATE, 0] = 6678137.0
    derivative(t_s, work, STATE, stage, missile, RATES)
    derivative(t_s, work, STATE, COAST, missile, RATES + 1)
    return work[RATES, 3:] - work[RATES + 1, 3:]


def test_a_stage_gives_the_rocket_equation():
    """Integral of thrust over each stage is -c ln(1 - b)."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    for stage in range(3):
        times = 60.0 * stage + 30.0 * (nodes + 1.0)
        total = sum(
            30.0 * w * np.linalg.norm(thrust(t, stage)) for t, w in zip(times, weights, strict=True)
        )
        assert total == pytest.approx(-EXHAUST_M_S * math.log(1.0 - BURNT), rel=1e-10)


def test_acceleration_grows_by_the_mass_ratio():
    first, last = np.linalg.norm(thrust(60.0, 1)), np.linalg.norm(thrust(120.0, 1))
    assert last / first == pytest.approx(1.0 / (1.0 - BURNT), rel=1e-12)


def test_pitch_program_is_vertical_then_a_line():
    def elevation(t_s, stage):
        x, y, _ = thrust(t_s, stage)
        return math.atan2(x, y)

    assert elevation(0.0, 0) == pytest.approx(0.5 * math.pi, abs=1e-12)
    assert 0.5 * math.pi - elevation(0.1, 0) < 1e-4  # leaves the vertical at zero rate
    assert elevation(90.0, 1) == pytest.approx(0.375, abs=1e-12)
    assert elevation(180.0, 2) == pytest.approx(0.25, abs=1e-12)
    before, after = elevation(30.0 - 1e-4, 0), elevation(30.0 + 1e-4, 0)
    assert after - before == pytest.approx(2e-4 * (0.25 - 0.5) / 180.0, abs=1e-10)


def test_thrust_lies_in_its_plane():
    assert thrust(100.0, 1)[2] == 0.0
    assert thrust(100.0, 1)[1] > 0.0  # normal x up


def test_step_is_of_fifth_order():
    """Halving the step divides the error by about 2^6, on a free arc."""
    errors = []
    work = np.zeros((ROWS, COLUMNS))
    for size in (80.0, 40.0):
        for count in (1, 16):
            work[STATE] = 7.0e6, 0.0, 3.0e5, 500.0, 7000.0, 300.0
            for k in range(count):
                derivative(0.0, work, STATE, COAST, MISSILE, RATES)
                step(k * size / count, size / count, work, COAST, MISSILE, 1.0)
                work[STATE] = work[AHEAD]
            if count == 1:
                once = work[STATE].copy()
        errors.append(np.linalg.norm(once[:3] - work[STATE, :3]))
    assert math.log2(errors[0] / errors[1]) == pytest.approx(6.0, abs=0.4)


def test_curve_between_steps_is_smooth_and_exact_at_its_ends():
    work = np.zeros((ROWS, COLUMNS))
    start = np.array((7.0e6, 0.0, 3.0e5, 500.0, 7000.0, 300.0))
    work[STATE] = start
    derivative(0.0, work, STATE, COAST, MISSILE, RATES)
    step(0.0, 40.0, work, COAST, MISSILE, 1.0)
    end, out = work[AHEAD].copy(), np.zeros((3, 6))
    between(0.0, 40.0, work, out, 0)
    between(0.5, 40.0, work, out, 1)
    between(1.0, 40.0, work, out, 2)
    np.testing.assert_allclose(out[0], start, rtol=1e-14)
    np.testing.assert_allclose(out[2], end, rtol=1e-12)
    for _ in range(2):
        derivative(0.0, work, STATE, COAST, MISSILE, RATES)
        step(0.0, 10.0, work, COAST, MISSILE, 1.0)
        work[STATE] = work[AHEAD]
    np.testing.assert_allclose(out[1, :3], work[STATE, :3], atol=0.01)
    np.testing.assert_allclose(out[1, 3:], work[STATE, 3:], atol=0.001)


@pytest.mark.parametrize("name", CLASSES)
def test_rough_boost_is_near_the_exact_one(name):
    """As `flight` states: within 100 m and 0.5 m/s at burnout."""
    for quantile in (0.1, 0.9):
        craft = threat(name, quantile)
        distance = 0.4 * craft.range_min_m + 0.6 * craft.range_max_m
        course = (38.0, 60.0, *far_away(38.0, 60.0, 70.0, distance))
        guess, _, status = aimed(craft, course)
        assert status == 0
        work = np.zeros((ROWS, COLUMNS))
        work[GUESS, :4] = guess
        shot = shot_of(np.array([craft.numbers]), np.radians([course]), 0)
        missile = missile_of(shot, work, GUESS)
        fly(missile, work, False, ROUGH, NO_SAMPLES, work)
        rough = work[STATE].copy()
        fly(missile, work, False, 1e-3, NO_SAMPLES, work)
        assert np.linalg.norm(rough[:3] - work[STATE, :3]) < 100.0
        assert np.linalg.norm(rough[3:] - work[STATE, 3:]) < 0.5
