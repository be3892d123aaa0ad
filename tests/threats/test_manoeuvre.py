"""Re-entry with a bounded acceleration to the side: its size, its path, what others may know."""

import dataclasses
import math

import numpy as np
import pydantic
import pytest

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.ballistic import STEP_ERROR_M
from opendome.threats.kernels.raid import PULL_BELOW_M, PULL_M_S2, PULL_RAD_S, aim_raid, sample_raid
from opendome.threats.manoeuvre_spec import ManoeuvreSpec
from opendome.world.earth import geodetic_from_ecef

from .shots import far_away, fly, miss_m, spec, threat

COURSE = (40.0, 127.0, *far_away(40.0, 127.0, 20.0, 8e6))
BETA = 1e5  # so heavy that drag takes nothing from the closed forms below
STEP_S = 0.1
LAST = 600  # samples


def samples(pull_m_s2=0.0, below_m=0.0, rate_rad_s=0.0, *, beta=BETA):
    """Time [s], position, velocity in ECI of the missile that would hit if it fell freely."""
    craft = threat("icbm-solid", ballistic_coefficient_kg_m2=beta)
    crafts, courses = np.array([craft.numbers]), np.radians([COURSE])
    guesses, impacts, status = np.empty((1, 4)), np.empty((1, 3)), np.empty(1, np.int32)
    aim_raid(crafts, courses, STEP_ERROR_M, guesses, impacts, status)
    crafts[0, [PULL_M_S2, PULL_BELOW_M, PULL_RAD_S]] = pull_m_s2, below_m, rate_rad_s
    pos, vel = np.full((2, 1, int(impacts[0, 0] / STEP_S) + 50, 3), np.nan)
    sample_raid(crafts, courses, guesses, np.zeros(1), STEP_ERROR_M, STEP_S, pos, vel)
    known = ~np.isnan(pos[0, :, 0])
    return np.arange(known.size)[known] * STEP_S, pos[0, known], vel[0, known]


@pytest.fixture(scope="module")
def free():
    return samples()


def aside_m(free, pulled):
    """Distance to the right of the free fall in the last 60 s at the samples of both (t,)."""
    _, pos, vel = free
    rows = slice(len(pos) - LAST, min(len(pos), len(pulled[1])))
    right = np.cross(vel[rows] - np.cross([0.0, 0.0, ROTATION_RAD_S], pos[rows]), pos[rows])
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    return np.einsum("ij,ij->i", pulled[1][rows] - pos[rows], right)


def since_s(free, below_m):
    """Time since the free fall sank below an altitude in the last 60 s (t,), negative before."""
    t_s, pos, _ = free
    height = geodetic_from_ecef(pos)[2]
    first = np.flatnonzero((height < below_m) & (t_s > t_s[-1] / 2.0))[0]
    share = (height[first - 1] - below_m) / (height[first - 1] - height[first])
    return (t_s - (t_s[first - 1] + share * STEP_S))[-LAST:]


def test_a_steady_pull_moves_it_by_half_a_t_squared(free):
    """20 m/s2 from 40 km: within 3 % at every moment (drag on it below 5 km), 1.6 km at the end."""
    aside, t_s = aside_m(free, samples(20.0, 40e3)), since_s(free, 40e3)
    t_s = t_s[: aside.size]
    after = t_s > 1.0
    assert np.abs(aside[t_s < 0.0]).max() < 1e-6
    assert aside[after] == pytest.approx(10.0 * t_s[after] ** 2, rel=0.03)
    assert aside[-1] > 1000.0


def test_a_swing_has_no_drift(free):
    """50 m/s2, period 2 s: A / w^2 (1 - cos w t) within 2 % of its size; 10 m and no more."""
    rate = math.tau / 2.0
    aside, t_s = aside_m(free, samples(50.0, 40e3, rate)), since_s(free, 40e3)
    t_s = t_s[: aside.size]
    size = 50.0 / rate**2
    after = t_s > 0.0
    wanted = size * (1.0 - np.cos(rate * t_s[after]))
    assert aside[after] == pytest.approx(wanted, abs=0.04 * size)


def test_a_swing_that_starts_at_nothing_would_drift(free):
    """Negative control: sin in place of cos would carry it away at A / w."""
    rate = math.tau / 2.0
    aside, t_s = aside_m(free, samples(50.0, 40e3, rate)), since_s(free, 40e3)
    drift = 50.0 / rate * t_s[: aside.size][-1]
    assert aside.max() < 0.15 * drift


@pytest.mark.parametrize("rate", [0.0, 1.5])
def test_it_is_bounded_and_square_to_the_velocity(free, rate):
    """Second differences of the path less those of the free fall: at most A, never along u."""
    pull = 60.0
    _, pos, vel = samples(pull, 30e3, rate)
    _, still, _ = free
    begun = since_s(free, 30e3)
    rows = slice(len(still) - LAST + np.flatnonzero(begun > 0.3)[0], len(still) - 80)
    extra = pos[: len(still)] - still[: len(pos)]
    change = np.gradient(np.gradient(extra, STEP_S, axis=0), STEP_S, axis=0)[rows]
    size = np.linalg.norm(change, axis=1)
    assert size.max() < 1.03 * pull
    if rate == 0.0:
        assert size.min() > 0.97 * pull
    forward = (vel - np.cross([0.0, 0.0, ROTATION_RAD_S], pos))[rows]
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    assert np.abs(np.einsum("ij,ij->i", change, forward)).max() < 0.05 * pull


@pytest.mark.parametrize("period_s", [None, 4.0])
@pytest.mark.parametrize("name", ["icbm-solid", "slbm-depressed", "mrbm", "srbm"])
def test_it_still_hits_its_aim(name, period_s):
    """The pull belongs to the flight that is aimed: the impact is where the raid says."""
    rng = np.random.default_rng(2)
    for _ in range(8):
        craft = threat(
            name, lambda _: rng.uniform(), pull_m_s2=rng.uniform(10.0, 150.0),
            pull_below_m=rng.uniform(10e3, 40e3), pull_period_s=period_s,
        )  # fmt: skip
        reach = rng.uniform(0.6, 0.95) * craft.range_max_m
        start = rng.uniform(-60.0, 60.0), rng.uniform(-180.0, 180.0)
        course = (*start, *far_away(*start, rng.uniform(0.0, 360.0), reach))
        raid = fly(craft, [course])
        assert raid.refused == ()
        assert miss_m(raid, [course])[0] < 250.0


def test_what_nobody_can_know():
    """Density from the moment it begins: its spread at the impact is the shift of a steady pull."""
    craft = threat("icbm-solid", pull_m_s2=40.0, pull_below_m=40e3)
    raid = fly(craft, [COURSE], launch_t_s=[100.0])
    height = geodetic_from_ecef(raid.pos_eci_m[0, raid.valid[0]])[2]
    begins = int(raid.manoeuvre_t_s[0] - 100.0)
    assert height[begins] > 40e3 > height[begins + 1]
    lasts_s = raid.impact_t_s[0] - raid.manoeuvre_t_s[0]
    spread_m = math.sqrt(raid.manoeuvre_psd_m2_s3[0] * lasts_s**3 / 3.0)
    assert spread_m == pytest.approx(0.5 * 40.0 * lasts_s**2, rel=1e-12)
    swing = fly(dataclasses.replace(craft, pull_period_s=2.0), [COURSE])
    assert swing.manoeuvre_psd_m2_s3[0] == pytest.approx(40.0**2 * 2.0 / math.tau)
    slow = fly(dataclasses.replace(craft, pull_period_s=90.0), [COURSE])
    assert slow.manoeuvre_psd_m2_s3[0] < 0.75 * 40.0**2 * 20.0


def test_without_a_pull_nothing_is_said():
    raid = fly(threat("icbm-solid"), [COURSE])
    assert raid.manoeuvre_psd_m2_s3[0] == 0.0
    assert raid.manoeuvre_t_s[0] == -math.inf


def test_a_body_that_stays_below_falls_freely():
    """A flight with its apogee below the altitude never sinks through it."""
    low = {"burnout_altitude_m": 40e3, "apogee_m": 60e3, "range_min_m": 1e5}
    course = (40.0, 127.0, *far_away(40.0, 127.0, 20.0, 900e3))
    craft = threat("mrbm", **low)
    free = fly(craft, [course])
    pulled = fly(dataclasses.replace(craft, pull_m_s2=50.0, pull_below_m=75e3), [course])
    assert free.refused == pulled.refused == ()
    assert np.array_equal(free.pos_eci_m, pulled.pos_eci_m, equal_nan=True)
    assert pulled.manoeuvre_t_s[0] == math.inf
    assert pulled.manoeuvre_psd_m2_s3[0] == 0.0


def test_the_form():
    known = {k: getattr(spec("mrbm"), k) for k in type(spec("mrbm")).model_fields}
    manoeuvre = {"acceleration": "5..10 g", "below": "30 km", "period": "4 s"}
    craft = type(spec("mrbm"))(**known | {"manoeuvre": manoeuvre}).realise(
        lambda _, value: value.quantile(1.0)
    )
    assert craft.pull_m_s2 == pytest.approx(98.0665)
    assert craft.pull_below_m == 30e3
    assert craft.pull_rad_s == pytest.approx(math.tau / 4.0)
    for wrong in ({"below": "90 km"}, {"acceleration": "60 g"}, {"period": "0.1 s"}):
        with pytest.raises(pydantic.ValidationError):
            ManoeuvreSpec(**manoeuvre | wrong)
