"""The record: order, frames, phases, refusals, and what must not matter."""

import dataclasses

import numpy as np
import pytest

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.kernels import status
from opendome.threats.models import fly_raid
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import ecef_from_eci

from .shots import CLASSES, far_away, fly, group, miss_m, threat

SOLID = [(40.0 + k, 127.0 - k, 38.0 - k, -100.0 + 3 * k) for k in range(4)]
LIQUID = [(35.0, 52.0 + k, 45.0, -75.0 - k) for k in range(3)]
GROUPS = [
    group(threat("icbm-solid"), SOLID, name="solid", launch_t_s=[0, 10, 20, 30]),
    group(threat("icbm-liquid", reliability=0.8), LIQUID, name="liquid", launch_t_s=[5, 5, 60]),
]


@pytest.fixture(scope="module")
def raid():
    return fly_raid(GROUPS, era_epoch_rad=2.0, step_s=1.0)


def test_objects_are_in_the_order_of_the_groups(raid):
    assert raid.objects == 7
    assert raid.class_names == ("solid", "liquid")
    assert raid.object_class.tolist() == raid.group.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert raid.launch_t_s.tolist() == [0, 10, 20, 30, 5, 5, 60]
    assert raid.p_reliable.tolist() == [1.0] * 4 + [0.8] * 3
    assert np.degrees(raid.launch_lat_rad[1]) == pytest.approx(41.0)
    assert np.degrees(raid.launch_lon_rad[1]) == pytest.approx(126.0)
    assert raid.refused == ()
    boost = [GROUPS[0].threat.boost_s] * 4 + [GROUPS[1].threat.boost_s] * 3
    assert raid.burnout_t_s - raid.launch_t_s == pytest.approx(boost)
    assert miss_m(raid, SOLID + LIQUID).max() < 250.0


def test_arrays_have_the_promised_types(raid):
    for name in ("object_class", "group"):
        assert getattr(raid, name).dtype == np.int32
    for field in dataclasses.fields(raid):
        value = getattr(raid, field.name)
        if isinstance(value, np.ndarray):
            assert value.shape[0] == 7
            assert value.flags.c_contiguous
            assert value.dtype in (np.float64, np.int32, np.bool_)


def test_two_groups_may_be_of_one_class():
    twice = fly_raid([GROUPS[0], GROUPS[0]], era_epoch_rad=0.0, step_s=10.0)
    assert twice.class_names == ("solid",)
    assert twice.object_class.tolist() == [0] * 8
    assert twice.group.tolist() == [0] * 4 + [1] * 4


def test_samples_run_from_launch_to_impact(raid):
    """The first sample stands on the ground at the launch point, the last is just before impact;
    both in ECI turned by the Earth rotation angle of their own moment.
    """
    for n in range(raid.objects):
        rows = np.flatnonzero(raid.valid[n])
        flight_s = raid.impact_t_s[n] - raid.launch_t_s[n]
        assert rows.tolist() == list(range(int(flight_s) + 1))
        for row, lat, lon, near in (
            (0, raid.launch_lat_rad[n], raid.launch_lon_rad[n], 1e-6),
            (rows[-1], raid.impact_lat_rad[n], raid.impact_lon_rad[n], 8e3),
        ):
            era = 2.0 + ROTATION_RAD_S * (raid.launch_t_s[n] + row)
            there = ecef_from_eci(raid.pos_eci_m[n, row], era)
            assert np.linalg.norm(there - ecef_from_geodetic(lat, lon)) < near
    spin = ROTATION_RAD_S * np.stack(
        [-raid.pos_eci_m[:, 0, 1], raid.pos_eci_m[:, 0, 0], 0 * raid.launch_t_s], axis=1
    )
    np.testing.assert_allclose(raid.vel_eci_m_s[:, 0], spin, atol=1e-6)


def test_nothing_is_valid_or_finite_after_impact(raid):
    for name in ("pos_eci_m", "vel_eci_m_s"):
        finite = np.isfinite(getattr(raid, name)).all(axis=2)
        assert np.array_equal(finite, raid.valid)
    for name in ("intensity_w_sr", "rcs_m2"):
        assert np.array_equal(np.isfinite(getattr(raid, name)), raid.valid)


def test_signature_changes_at_burnout(raid):
    for n in range(raid.objects):
        craft = GROUPS[raid.group[n]].threat
        times = np.arange(raid.valid.shape[1])[raid.valid[n]]
        burning = times < craft.boost_s
        infrared, radar = raid.intensity_w_sr[n][raid.valid[n]], raid.rcs_m2[n][raid.valid[n]]
        assert set(infrared[burning]) == {craft.intensity_boost_w_sr}
        assert set(infrared[~burning]) == {craft.intensity_body_w_sr}
        assert set(radar[burning]) == {craft.rcs_boost_m2}
        assert set(radar[~burning]) == {craft.rcs_midcourse_m2}


def same(one, other, rows):
    """Whether missile 0 of `one` is missile `rows` of `other`, bit for bit."""
    count = one.valid.shape[1]
    for name in ("pos_eci_m", "vel_eci_m_s", "intensity_w_sr", "rcs_m2", "valid"):
        assert np.array_equal(
            getattr(one, name)[0], getattr(other, name)[rows, :count], equal_nan=name != "valid"
        )
    for name in ("impact_t_s", "impact_lat_rad", "impact_lon_rad", "burnout_t_s"):
        assert getattr(one, name)[0] == getattr(other, name)[rows]


def test_a_batch_of_one_equals_the_batch(raid):
    for n, (course, launch) in enumerate(zip(SOLID + LIQUID, raid.launch_t_s, strict=True)):
        alone = fly(GROUPS[0 if n < 4 else 1].threat, [course], era_epoch_rad=2.0,
                    launch_t_s=[launch])  # fmt: skip
        same(alone, raid, n)


def test_the_order_of_missiles_means_nothing(raid):
    turned = fly(
        GROUPS[0].threat, SOLID[::-1], era_epoch_rad=2.0, launch_t_s=GROUPS[0].launch_t_s[::-1]
    )
    assert np.array_equal(turned.impact_t_s[::-1], raid.impact_t_s[:4])


def test_the_step_only_thins_the_samples(raid):
    coarse = fly_raid(GROUPS, era_epoch_rad=2.0, step_s=7.0)
    for n in range(raid.objects):
        rows = np.flatnonzero(coarse.valid[n])
        assert np.array_equal(coarse.pos_eci_m[n, rows], raid.pos_eci_m[n, rows * 7])
    assert np.array_equal(coarse.impact_lat_rad, raid.impact_lat_rad)


def test_the_epoch_only_turns_the_axes(raid):
    """Another Earth rotation angle: the same impact, positions turned about the pole."""
    other = fly_raid(GROUPS, era_epoch_rad=2.0 + 0.7, step_s=1.0)
    assert np.array_equal(other.impact_lon_rad, raid.impact_lon_rad)
    back = ecef_from_eci(other.pos_eci_m, 0.7)
    np.testing.assert_allclose(back, raid.pos_eci_m, atol=1e-6)


def test_a_later_launch_only_turns_the_axes(raid):
    later = fly(GROUPS[0].threat, SOLID, era_epoch_rad=2.0, launch_t_s=[1000, 1010, 1020, 1030])
    np.testing.assert_allclose(later.impact_t_s, raid.impact_t_s[:4] + 1000.0, rtol=1e-12)
    count = later.valid.shape[1]
    back = ecef_from_eci(later.pos_eci_m, 1000.0 * ROTATION_RAD_S)
    np.testing.assert_allclose(back, raid.pos_eci_m[:4, :count], atol=1e-6)


def test_the_zero_of_longitude_means_nothing(raid):
    """All longitudes shifted: the same flight, turned (to the rounding that aiming amplifies)."""
    moved = [(a, b - 123.4, c, d - 123.4) for a, b, c, d in SOLID]
    other = fly(GROUPS[0].threat, moved, era_epoch_rad=2.0, launch_t_s=[0, 10, 20, 30])
    np.testing.assert_allclose(other.impact_t_s, raid.impact_t_s[:4], atol=1e-3)
    count = min(other.valid.shape[1], raid.valid.shape[1])
    back = ecef_from_eci(other.pos_eci_m, -np.radians(123.4))[:, :count]
    both = other.valid[:, :count] & raid.valid[:4, :count]
    assert np.max(np.abs(back - raid.pos_eci_m[:4, :count])[both]) < 5.0


def test_south_mirrors_north(raid):
    mirrored = [(-a, b, -c, d) for a, b, c, d in SOLID]
    other = fly(GROUPS[0].threat, mirrored, era_epoch_rad=2.0, launch_t_s=[0, 10, 20, 30])
    np.testing.assert_allclose(other.impact_lat_rad, -raid.impact_lat_rad[:4], atol=1e-6)
    np.testing.assert_allclose(other.impact_t_s, raid.impact_t_s[:4], atol=1e-3)


AROUND = [(lat, lon, azimuth) for lat, lon in ((40.0, 179.5), (0.0, 0.0), (-89.0, 12.0))
          for azimuth in range(0, 360, 30)]  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_all_directions_over_the_poles_and_the_date_line(name):
    """Aims all round at three ranges, and from and to the very poles."""
    craft = threat(name)
    low, high = craft.range_min_m, craft.range_max_m
    for part in (0.15, 0.5, 0.98):
        distance = low + part * (high - low)
        courses = [
            (lat, lon, *far_away(lat, lon, azimuth, distance)) for lat, lon, azimuth in AROUND
        ]
        courses += [
            (90.0, 0.0, *far_away(90.0, 0.0, 77.0, distance)),
            (*far_away(-90.0, 0.0, 33.0, distance), -90.0, 0.0),
        ]
        raid = fly(craft, courses, step_s=50.0)
        assert raid.refused == ()
        assert miss_m(raid, courses).max() < 250.0


def test_an_empty_raid_is_a_raid():
    raid = fly_raid([], era_epoch_rad=0.0, step_s=1.0)
    assert raid.objects == 0
    assert raid.pos_eci_m.shape == (0, 1, 3)


REFUSED = [
    ("out of range: far", threat("srbm"), (40.0, 127.0, 40.0, -100.0), status.OUT_OF_RANGE),
    ("out of range: near", threat("icbm-solid"), (40.0, 127.0, 41.0, 128.0), status.OUT_OF_RANGE),
    ("no number", threat("irbm"), (40.0, 127.0, float("nan"), 100.0), status.OUT_OF_RANGE),
    (
        "opposite point",
        threat("icbm-liquid", range_max_m=20_100e3),
        (40.0, 127.0, -40.0, -53.0001),
        status.NO_PITCH_PROGRAM,
    ),
    (
        "ten minutes of boost cannot lift off",
        threat("srbm", boost_s=600.0),
        (40.0, 127.0, 41.3, 127.0),
        status.NO_IMPACT,
    ),
]


@pytest.mark.parametrize(
    ("craft", "course", "code"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_missile_that_cannot_reach_its_aim_is_refused(craft, course, code):
    """With a reason, and without touching the others."""
    good = group(threat("srbm"), [(40.0, 127.0, 41.0, 132.0)])
    raid = fly_raid([good, group(craft, [course])], era_epoch_rad=0.0, step_s=1.0)
    (refusal,) = raid.refused
    assert (refusal.object, refusal.group) == (1, 1)
    assert refusal.reason == status.REASONS[code]
    assert not raid.valid[1].any()
    for name in ("pos_eci_m", "intensity_w_sr", "impact_t_s", "burnout_t_s", "impact_lat_rad"):
        assert np.isnan(getattr(raid, name)[1]).all()
        assert np.isfinite(getattr(raid, name)[0]).any()
    assert raid.valid[0].any()


def test_every_status_has_a_reason():
    codes = {value for key, value in vars(status).items() if key.isupper() and key != "REASONS"}
    assert codes - {status.HIT} == set(status.REASONS)
    assert all(reason and not reason.endswith(".") for reason in status.REASONS.values())
