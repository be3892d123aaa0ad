"""Orbital interceptors against Lambert's problem and brute force."""

import math

import numpy as np
import pytest

from opendome.intercept.kernels.flyout import flyout_range
from opendome.intercept.kernels.orbital import displacement
from opendome.intercept.models import OrbitalInterceptor, Shooters, ShooterSuite, Window, reach
from opendome.quantities.constants import MU_M3_S2, RADIUS_EQUATOR_M, STANDARD_GRAVITY_M_S2
from opendome.world.constellations import Walker, orbit_table, satellite_state
from opendome.world.kepler import propagate_kernel
from opendome.world.lambert import lambert_way_kernel

from .raids import flown, held_over

G15 = 15.0 * STANDARD_GRAVITY_M_S2


def interceptor(**changes) -> OrbitalInterceptor:
    values = {
        "walker": Walker(
            kind="delta",
            satellites=240,
            planes=12,
            phasing=1,
            altitude_m=400e3,
            inclination_rad=math.radians(60.0),
        ),
        "burnout_speed_m_s": 6000.0,
        "acceleration_m_s2": G15,
        "flight_time_max_s": 300.0,
        "window": Window(altitude_min_m=100e3, midcourse=False, terminal=False),
        "divert_m_s": 2500.0,
        "homing_time_s": 20.0,
        "p_kill": 0.5,
        "launch_delay_s": 0.0,
    }
    return OrbitalInterceptor(**(values | changes))


def suite(*models) -> ShooterSuite:
    return ShooterSuite(
        entries=tuple(
            Shooters(asset=i, name=f"layer {i}", interceptor=model)
            for i, model in enumerate(models)
        )
    )


def needed_by_lambert(satellite, target, time_s):
    """T x the speed change at launch: satellite state at the intercept, object, time [m]."""
    x, y, z, vx, vy, vz, _ = propagate_kernel(*satellite, -time_s, MU_M3_S2)
    ux, uy, uz, _, _, _, status = lambert_way_kernel(
        x, y, z, *target, time_s, MU_M3_S2, False, 0, False
    )
    assert status == 0
    return time_s * math.sqrt((ux - vx) ** 2 + (uy - vy) ** 2 + (uz - vz) ** 2)


def meetings(time_s: float, count: int):
    """Random satellites and objects that a 6 km/s interceptor might join in a given time."""
    rng = np.random.default_rng(3)
    table = orbit_table(interceptor().walker.elements())
    for _ in range(count):
        satellite = satellite_state(table, int(rng.integers(240)), rng.uniform(0.0, 6000.0))
        while True:
            step = rng.normal(size=3)
            step *= rng.uniform(0.3, 1.0) * 6000.0 * time_s / np.linalg.norm(step)
            target = np.array(satellite[:3]) + step
            if 100e3 < np.linalg.norm(target) - RADIUS_EQUATOR_M < 2000e3:
                break
        yield satellite, target


def worst_error(time_s: float, model=None) -> float:
    """Largest error of the displacement as a share of the flyout's range in that time."""
    worst = 0.0
    for satellite, target in meetings(time_s, 400):
        d = target - np.array(satellite[:3])
        ours = (model or displacement)(time_s, *d, *satellite)[0]
        exact = needed_by_lambert(satellite, target, time_s)
        worst = max(worst, abs(ours - exact) / flyout_range(time_s, G15, 6000.0))
    return worst


@pytest.mark.parametrize(
    ("time_s", "tolerance"), [(120.0, 2e-7), (300.0, 5e-5), (600.0, 2e-3), (900.0, 2e-2)]
)
def test_displacement_agrees_with_lambert(time_s, tolerance):
    assert worst_error(time_s) < tolerance


def test_lambert_catches_a_model_without_the_tide():
    def straight(time_s, dx, dy, dz, *_):
        return (math.sqrt(dx * dx + dy * dy + dz * dz),)

    assert worst_error(300.0, straight) > 1e-2
    assert worst_error(120.0, straight) > 1e-3


def brute_force(raid, model, step_s, satellite, j, k):
    """Latest launch of one satellite for one sample by scanning flight times, or -inf."""
    meets_t_s = raid.launch_t_s[j] + k * step_s
    state = satellite_state(orbit_table(model.walker.elements()), satellite, meets_t_s)
    target = raid.pos_eci_m[j, round(k * step_s / raid.step_s)]
    longest_s = min(model.flight_time_max_s, k * step_s)

    def spare(time_s):
        can = flyout_range(time_s, model.acceleration_m_s2, model.burnout_speed_m_s)
        return can - needed_by_lambert(state, target, time_s)

    tried_s = np.append(np.arange(1.0, longest_s, 1.0), longest_s)
    enough = next((n for n, time_s in enumerate(tried_s) if spare(time_s) >= 0.0), None)
    if enough is None:
        return -math.inf
    low, high = (tried_s[enough - 1] if enough else 0.01), tried_s[enough]
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if spare(middle) >= 0.0 else (middle, high)
    return meets_t_s - high


def latest_of(record, j, shooter, t_s):
    """Latest launch in a record for an intercept at a time, -inf when it holds none."""
    rows = slice(record.start[j], record.start[j + 1])
    place = np.flatnonzero(record.shooter[rows] == shooter)
    if place.size == 0:
        return -math.inf
    q = record.start[j] + place[0]
    k = round((t_s - record.first_t_s[q]) / record.step_s)
    if not 0 <= k < record.offset[q + 1] - record.offset[q]:
        return -math.inf
    return record.latest_launch_t_s[record.offset[q] + k]


def disagreements(record, raid, model, step_s) -> list[float]:
    """Differences of latest launch from brute force over all satellites at some samples [s]."""
    rng = np.random.default_rng(5)
    altitude_m = np.linalg.norm(raid.pos_eci_m, axis=-1) - RADIUS_EQUATOR_M
    found = []
    for j in range(raid.objects):
        last = int(180.0 / step_s)
        openings = [k for k in range(last + 1) if altitude_m[j, k] > 110e3]
        for k in rng.choice(openings, 4, replace=False):
            t_s = raid.launch_t_s[j] + k * step_s
            for i in range(model.walker.satellites):
                state = satellite_state(orbit_table(model.walker.elements()), i, t_s)
                if np.linalg.norm(np.array(state[:3]) - raid.pos_eci_m[j, k]) > 2200e3:
                    continue
                theirs = brute_force(raid, model, step_s, i, j, int(k))
                ours = latest_of(record, j, i, t_s)
                both_never = theirs == ours == -math.inf
                found.append(0.0 if both_never else abs(theirs - ours))
    return found


@pytest.fixture(scope="module")
def small():
    raid = flown(4, step_s=2.0, longest_s=400.0)
    model = interceptor()
    return raid, model, reach(raid, suite(model), era_epoch_rad=0.3, step_s=2.0)


def test_every_pair_and_latest_launch_agree_with_brute_force(small):
    raid, model, record = small
    off = disagreements(record, raid, model, 2.0)
    assert sum(np.isfinite(record.latest_launch_t_s)) > 50
    assert len(off) > 50
    assert max(off) < 0.05


def worst_residual(record, raid, model) -> float:
    """Over all finite samples: range flown less range needed, by Lambert, as time [s]."""
    table = orbit_table(model.walker.elements())
    worst = 0.0
    for j, i, t_s in finite_samples(record):
        time_s = t_s - latest_of(record, j, i, t_s)
        target = raid.pos_eci_m[j, round((t_s - raid.launch_t_s[j]) / raid.step_s)]
        needed_m = needed_by_lambert(satellite_state(table, i, t_s), target, time_s)
        flown_m = flyout_range(time_s, model.acceleration_m_s2, model.burnout_speed_m_s)
        worst = max(worst, abs(flown_m - needed_m) / model.burnout_speed_m_s)
    return worst


def test_every_sample_of_the_record_meets_its_object(small):
    raid, model, record = small
    assert worst_residual(record, raid, model) < 0.01


def test_the_residual_catches_a_launch_a_tenth_of_a_second_late(small):
    raid, model, record = small
    late = type(record)(**{**vars(record), "latest_launch_t_s": record.latest_launch_t_s + 0.1})
    assert worst_residual(late, raid, model) > 0.01


def test_brute_force_catches_a_lost_pair_and_a_late_launch(small):
    raid, model, record = small
    lost = type(record)(**{**vars(record), "shooter": (record.shooter + 1).astype(np.int32)})
    late = type(record)(
        **{**vars(record), "latest_launch_t_s": record.latest_launch_t_s + record.step_s}
    )
    assert max(disagreements(lost, raid, model, 2.0)) == math.inf
    assert max(disagreements(late, raid, model, 2.0)) > 0.05


def test_launches_respect_time_altitude_and_phase(small):
    raid, model, record = small
    owner = np.repeat(np.arange(raid.objects), np.diff(record.start))
    for q in range(record.shooter.size):
        j = owner[q]
        row = record.latest_launch_t_s[record.offset[q] : record.offset[q + 1]]
        meets_t_s = record.first_t_s[q] + np.arange(row.size) * record.step_s
        flies = np.isfinite(row)
        assert flies[0]
        assert flies[-1]
        assert (meets_t_s - row)[flies].max() <= model.flight_time_max_s + 1e-9
        assert row[flies].min() >= raid.launch_t_s[j] - 1e-9
        assert meets_t_s[flies].max() <= raid.burnout_t_s[j] + 1e-9


def finite_samples(record) -> set[tuple[int, int, float]]:
    owner = np.repeat(np.arange(record.start.size - 1), np.diff(record.start))
    return {
        (int(owner[q]), int(record.shooter[q]), round(record.first_t_s[q] + k * record.step_s, 6))
        for q in range(record.shooter.size)
        for k in range(record.offset[q + 1] - record.offset[q])
        if record.latest_launch_t_s[record.offset[q] + k] > -math.inf
    }


@pytest.mark.parametrize(
    "better",
    [
        {"burnout_speed_m_s": 7000.0},
        {"acceleration_m_s2": 20.0 * STANDARD_GRAVITY_M_S2},
        {"flight_time_max_s": 400.0},
        {"window": Window(altitude_min_m=80e3, midcourse=False, terminal=False)},
    ],
)
def test_a_better_interceptor_never_loses_reach(small, better):
    raid, _, record = small
    more = reach(raid, suite(interceptor(**better)), era_epoch_rad=0.3, step_s=2.0)
    assert finite_samples(record) <= finite_samples(more)
    assert len(finite_samples(record)) <= len(finite_samples(more))
    for j, i, t_s in list(finite_samples(record))[::7]:
        assert latest_of(more, j, i, t_s) >= latest_of(record, j, i, t_s) - 1e-3


def test_a_second_constellation_only_adds_pairs(small):
    raid, model, record = small
    other = interceptor(
        walker=Walker(
            kind="delta",
            satellites=60,
            planes=6,
            phasing=1,
            altitude_m=500e3,
            inclination_rad=math.radians(80.0),
        )
    )
    both = reach(raid, suite(model, other), era_epoch_rad=0.3, step_s=2.0)
    assert finite_samples(record) <= finite_samples(both)
    assert both.shooter_names[0] == "layer 0 1"
    assert both.shooter_names[240] == "layer 1 1"
    assert list(both.shooter_asset[[0, 239, 240, 299]]) == [0, 0, 1, 1]
    assert both.shooter_stock.sum() == 300


def test_midcourse_interceptors_may_wait_for_burnout(small):
    raid, _, _ = small
    late = interceptor(window=Window(altitude_min_m=100e3, boost=False, reentry_altitude_m=100e3))
    record = reach(raid, suite(late), era_epoch_rad=0.3, step_s=2.0)
    owner = np.repeat(np.arange(raid.objects), np.diff(record.start))
    assert (record.first_t_s > raid.burnout_t_s[owner]).all()


# One object held over 40 deg north at the shell: the interceptors that reach it within 145 s
# at 6 km/s and 15 g are those within 751 km, on average 20 of 7,800 (see test_flyout).
def test_mean_number_in_reach_is_that_of_the_constellation():
    shell_m = RADIUS_EQUATOR_M + 400e3
    raid = held_over(40.0, shell_m, 20000.0, 20.0)
    model = interceptor(
        walker=Walker(
            kind="delta",
            satellites=7800,
            planes=78,
            phasing=1,
            altitude_m=400e3,
            inclination_rad=math.radians(85.0),
        ),
        flight_time_max_s=145.3,
        window=Window(altitude_min_m=100e3),
    )
    record = reach(raid, suite(model), era_epoch_rad=0.0, step_s=20.0)
    late = np.array([t for _, _, t in finite_samples(record) if t > 200.0])
    counts = np.unique(late, return_counts=True)[1]
    assert counts.mean() == pytest.approx(20.1, rel=0.02)
