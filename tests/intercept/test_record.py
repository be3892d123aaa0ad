"""The record itself: order, emptiness and independence of grouping."""

import math

import numpy as np
import pytest

from opendome.intercept.models import (
    OrbitalInterceptor,
    Shooters,
    ShooterSuite,
    Site,
    SurfaceInterceptor,
    Window,
    reach,
)
from opendome.world.constellations import Walker

from .raids import flown

ORBITAL = OrbitalInterceptor(
    walker=Walker(
        kind="delta",
        satellites=400,
        planes=20,
        phasing=1,
        altitude_m=400e3,
        inclination_rad=math.radians(80.0),
    ),
    burnout_speed_m_s=6000.0,
    acceleration_m_s2=147.0,
    flight_time_max_s=250.0,
    window=Window(altitude_min_m=100e3, midcourse=False, terminal=False),
    divert_m_s=2000.0,
    homing_time_s=20.0,
    p_kill=0.5,
    launch_delay_s=1.0,
)
SURFACE = SurfaceInterceptor(
    sites=(
        Site(name="east", lat_rad=math.radians(45.0), lon_rad=math.radians(140.0), stock=4),
        Site(name="north", lat_rad=math.radians(64.0), lon_rad=math.radians(-146.0), stock=40),
    ),
    burn_time_s=160.0,
    burnout_speed_m_s=7500.0,
    ballistic_coefficient_kg_m2=20000.0,
    range_max_m=5300e3,
    flight_time_max_s=1800.0,
    window=Window(altitude_min_m=120e3, altitude_max_m=1900e3, boost=False),
    divert_m_s=600.0,
    homing_time_s=60.0,
    p_kill=0.5,
    launch_delay_s=10.0,
)


def suite(*models):
    return ShooterSuite(
        entries=tuple(
            Shooters(asset=7 + i, name=f"asset {i}", interceptor=model)
            for i, model in enumerate(models)
        )
    )


@pytest.fixture(scope="module")
def raid():
    return flown(6, seed=4)


@pytest.fixture(scope="module")
def record(raid):
    return reach(raid, suite(SURFACE, ORBITAL, SURFACE), era_epoch_rad=1.0, step_s=2.0)


def test_rows_are_sorted_by_object_then_shooter(raid, record):
    assert record.start[0] == 0
    assert record.start[-1] == record.shooter.size
    assert (np.diff(record.start) > 0).all()
    for j in range(raid.objects):
        row = record.shooter[record.start[j] : record.start[j + 1]]
        assert (np.diff(row) > 0).all()
    assert set(record.shooter_asset[record.shooter]) == {7, 8, 9}
    assert record.shooter_asset.size == len(record.shooter_names) == record.shooter_stock.size


def test_every_pair_begins_and_ends_with_a_launch(record):
    assert record.offset[0] == 0
    assert record.offset[-1] == record.latest_launch_t_s.size
    assert (np.diff(record.offset) > 0).all()
    assert np.isfinite(record.latest_launch_t_s[record.offset[:-1]]).all()
    assert np.isfinite(record.latest_launch_t_s[record.offset[1:] - 1]).all()
    assert not np.isnan(record.latest_launch_t_s).any()
    assert not (record.latest_launch_t_s == math.inf).any()


def test_types_are_those_of_the_record(record):
    assert record.shooter.dtype == record.shooter_asset.dtype == np.int32
    assert record.start.dtype == record.offset.dtype == record.shooter_stock.dtype == np.int64
    assert record.first_t_s.dtype == record.latest_launch_t_s.dtype == np.float64
    assert record.latest_launch_t_s.flags.c_contiguous


def test_twin_classes_reach_alike(record):
    last = record.shooter_asset.size - 2
    rows = {}
    for shooter in (0, 1, last, last + 1):
        q = np.flatnonzero(record.shooter == shooter)
        rows[shooter] = [
            tuple(record.latest_launch_t_s[record.offset[n] : record.offset[n + 1]]) for n in q
        ]
    assert rows[0] == rows[last]
    assert rows[1] == rows[last + 1]


def part(raid, j):
    per_object = {
        name: value[j : j + 1]
        for name, value in vars(raid).items()
        if isinstance(value, np.ndarray)
    }
    return type(raid)(**(vars(raid) | per_object))


def test_a_raid_of_one_equals_its_part_of_a_raid(raid, record):
    for j in range(raid.objects):
        alone = reach(
            part(raid, j), suite(SURFACE, ORBITAL, SURFACE), era_epoch_rad=1.0, step_s=2.0
        )
        rows = slice(record.start[j], record.start[j + 1])
        assert list(alone.shooter) == list(record.shooter[rows])
        together = record.latest_launch_t_s[record.offset[rows.start] : record.offset[rows.stop]]
        np.testing.assert_allclose(alone.latest_launch_t_s, together, rtol=0.0, atol=2e-3)


def test_the_same_question_has_the_same_answer_to_the_last_bit(raid, record):
    again = reach(raid, suite(SURFACE, ORBITAL, SURFACE), era_epoch_rad=1.0, step_s=2.0)
    assert again.latest_launch_t_s.tobytes() == record.latest_launch_t_s.tobytes()
    assert again.shooter.tobytes() == record.shooter.tobytes()


def test_no_shooters_reach_nothing(raid):
    none = reach(raid, ShooterSuite(entries=()), era_epoch_rad=1.0, step_s=2.0)
    assert none.shooter.size == none.latest_launch_t_s.size == 0
    assert list(none.start) == [0] * (raid.objects + 1)
    assert list(none.offset) == [0]
    assert none.shooter_names == ()


def test_an_empty_raid_is_reached_by_nobody(raid):
    nobody = {
        name: value[:0] for name, value in vars(raid).items() if isinstance(value, np.ndarray)
    }
    empty = reach(
        type(raid)(**(vars(raid) | nobody)), suite(ORBITAL, SURFACE), era_epoch_rad=1.0, step_s=2.0
    )
    assert list(empty.start) == [0]
    assert empty.shooter_stock.sum() == 444


def test_objects_that_never_fly_are_not_reached(raid):
    grounded = type(raid)(
        **(
            vars(raid)
            | {
                "valid": np.zeros_like(raid.valid),
                "pos_eci_m": np.full_like(raid.pos_eci_m, np.nan),
            }
        )
    )
    record = reach(grounded, suite(ORBITAL, SURFACE), era_epoch_rad=1.0, step_s=2.0)
    assert record.shooter.size == 0
    assert list(record.start) == [0] * (raid.objects + 1)


def test_intercept_times_between_the_samples_of_the_raid_agree(raid):
    """Every second raid sample left out, the positions between are interpolated."""
    coarse = type(raid)(
        **(
            vars(raid)
            | {"step_s": 2.0 * raid.step_s}
            | {
                name: np.ascontiguousarray(value[:, ::2])
                for name, value in vars(raid).items()
                if isinstance(value, np.ndarray) and value.ndim > 1
            }
        )
    )
    fine = reach(raid, suite(SURFACE), era_epoch_rad=1.0, step_s=2.0)
    rough = reach(coarse, suite(SURFACE), era_epoch_rad=1.0, step_s=2.0)
    assert list(fine.shooter) == list(rough.shooter)
    count = min(fine.latest_launch_t_s.size, rough.latest_launch_t_s.size)
    assert count > 0.98 * fine.latest_launch_t_s.size
    first = fine.latest_launch_t_s[: fine.offset[1] - 2]
    np.testing.assert_allclose(rough.latest_launch_t_s[: first.size], first, atol=1e-2)
