"""Backgrounds, the Sun and clear skies: each look of a plain sensor, kept or changed as it must be.

A plain sensor that sees everything gives the looks. From the angles of each the expected look of
a sensor with backgrounds, an exclusion angle or clear skies follows by definition.
"""

import dataclasses
import math
from collections import Counter

import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline

from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.quantities.constants import FLATTENING, RADIUS_EQUATOR_M
from opendome.quantities.errors import OpendomeError
from opendome.sensing import infrared
from opendome.sensing.infrared import eyes_of
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.sky import Sky, luck_of
from opendome.world.constellations import satellite_state

ERA = 1.234
STRETCH = np.array([1.0, 1.0, 1.0 / (1.0 - FLATTENING)])
SUN = np.array([math.cos(0.4) * math.cos(1.9), math.cos(0.4) * math.sin(1.9), math.sin(0.4)])
SKY = Sky(sun_eci=SUN, seed=5, future=3)


def fields_of(looks):
    names = ("start", "sensor", "t_s", "p_detect", "snr_db", "information_m2", "share_after_bias")
    return [getattr(looks, name) for name in names]


def same(first, second):
    return all(
        np.array_equal(a, b) for a, b in zip(fields_of(first), fields_of(second), strict=True)
    )


@pytest.fixture(scope="module")
def raid(make_raid):
    return make_raid(4, seed=11)


@pytest.fixture(scope="module")
def hot_raid(raid):
    """The same flights, hot until impact, and not as bright as a plume: gliders."""
    return dataclasses.replace(
        raid,
        hot_until_t_s=raid.impact_t_s,
        intensity_w_sr=np.where(np.isnan(raid.pos_eci_m[..., 0]), np.nan, 5e3),
    )


def watch(raid, satellites, *, sky=SKY, p_detect_min=1e-3):
    suite = SensorSuite(satellites=satellites, p_detect_min=p_detect_min)
    return look_at(raid, suite, era_epoch_rad=ERA, sky=sky)


def lines_of(raid, satellites, looks):
    """(object, eye, thing) of every look, ECI [m]."""
    _, table = eyes_of(satellites, ERA)
    for obj in range(raid.objects):
        ok = raid.valid[obj]
        t_s = raid.launch_t_s[obj] + raid.step_s * np.arange(ok.sum())
        path = CubicHermiteSpline(t_s, raid.pos_eci_m[obj, ok], raid.vel_eci_m_s[obj, ok])
        for row in range(looks.start[obj], looks.start[obj + 1]):
            t_s = looks.t_s[row]
            eye = np.array(satellite_state(table, int(looks.sensor[row]), t_s)[:3])
            yield obj, eye, path(t_s)


def angle(a, b):
    return math.atan2(np.linalg.norm(np.cross(a, b)), a @ b)


def above_edge(eye, direction, height):
    """A ray points above the edge of a layer."""
    a = eye * STRETCH
    edge = math.asin((RADIUS_EQUATOR_M + height) / np.linalg.norm(a))
    return angle(-a, direction * STRETCH) > edge


def test_one_sensitivity_given_twice_is_one(raid, make_satellites):
    once = watch(raid, make_satellites(12), sky=None)
    twice = watch(raid, make_satellites(12, sensitivity_below_horizon_w_sr=30.0))
    assert same(once, twice)
    assert not same(once, watch(raid, make_satellites(12, sensitivity_below_horizon_w_sr=3e5)))


def test_each_background_has_its_sensitivity(hot_raid, make_satellites):
    satellites = make_satellites(12)
    plain = watch(hot_raid, satellites)
    dull = watch(hot_raid, make_satellites(12, sensitivity_below_horizon_w_sr=3e3))
    shift_db = 20.0 * math.log10(30.0 / 3e3)
    wanted = []
    backgrounds = Counter()
    for row, (obj, eye, thing) in enumerate(lines_of(hot_raid, satellites, plain)):
        before_space = above_edge(eye, thing - eye, 60e3)
        backgrounds[before_space] += 1
        snr_db = plain.snr_db[row] + (0.0 if before_space else shift_db)
        # the threshold for 1e-6 is 4.75 sigma; looks near p = 1e-3 may fall to either side
        wanted.append((obj, int(plain.sensor[row]), round(plain.t_s[row], 6), snr_db))
    got = {
        (obj, int(dull.sensor[row]), round(dull.t_s[row], 6)): dull.snr_db[row]
        for obj in range(hot_raid.objects)
        for row in range(dull.start[obj], dull.start[obj + 1])
    }
    for *key, snr_db in wanted:
        if 10 ** (snr_db / 20.0) > 1.7:  # p_detect above 1e-3
            assert got.pop(tuple(key)) == pytest.approx(snr_db, abs=1e-9)
    assert all(10 ** (left / 20.0) < 1.71 for left in got.values())
    assert min(backgrounds.values()) > 200


def test_a_dim_body_shows_before_space_alone_and_a_hot_glider_before_both(
    raid, hot_raid, make_satellites
):
    """A wide field sees plumes before the Earth, a fire-control field bodies before space."""
    wide = make_satellites(12, tracks_cold_bodies=False, background="earth", sensitivity_w_sr=3e3)
    medium = make_satellites(12, background="space")
    both = make_satellites(12, sensitivity_below_horizon_w_sr=3e3)

    def seen(threat, satellites):
        looks = watch(threat, satellites)
        lines = lines_of(threat, satellites, looks)
        coasting = np.concatenate(
            [
                looks.t_s[looks.start[j] : looks.start[j + 1]] > threat.burnout_t_s[j]
                for j in range(threat.objects)
            ]
        )
        space = np.array([above_edge(eye, thing - eye, 60e3) for _, eye, thing in lines])
        return coasting, space

    coasting, space = seen(raid, wide)
    assert coasting.size > 50
    assert not coasting.any()
    assert not space.any()
    coasting, space = seen(raid, medium)
    assert coasting.sum() > 100
    assert space.all()
    coasting, space = seen(raid, both)
    assert space[coasting].all()
    assert (~space[~coasting]).sum() > 50
    coasting, space = seen(hot_raid, both)
    assert space[coasting].sum() > 100
    assert (~space[coasting]).sum() > 100


def test_the_two_halves_of_the_sky_make_the_whole(hot_raid, make_satellites):
    whole = watch(hot_raid, make_satellites(12))
    halves = [watch(hot_raid, make_satellites(12, background=b)) for b in ("earth", "space")]
    assert sum(half.t_s.size for half in halves) == whole.t_s.size
    assert min(half.t_s.size for half in halves) > 100


@pytest.mark.parametrize("behind_the_earth", [False, True])
def test_the_sun_blinds_within_its_angle_while_it_is_up(
    hot_raid, make_satellites, behind_the_earth
):
    half_angle = math.radians(35.0)
    satellites = make_satellites(12)
    plain = watch(hot_raid, satellites)
    lines = [(eye, thing) for _, eye, thing in lines_of(hot_raid, satellites, plain)]
    sun = SUN
    if behind_the_earth:  # beyond an object that one satellite sees far from the limb
        eye, thing = min(lines, key=lambda line: angle(-line[0], line[1] - line[0]))
        sun = (thing - eye) / np.linalg.norm(thing - eye)
    sky = dataclasses.replace(SKY, sun_eci=sun)
    dazzled = watch(hot_raid, make_satellites(12, sun_exclusion_rad=half_angle), sky=sky)
    kept, why = [], Counter()
    for row, (eye, thing) in enumerate(lines):
        near, up = angle(thing - eye, sun) < half_angle, above_edge(eye, sun, 0.0)
        why[near, up] += 1
        if not (near and up):
            kept.append(row)
    assert np.array_equal(dazzled.t_s, plain.t_s[kept])
    assert np.array_equal(dazzled.information_m2, plain.information_m2[kept])
    assert why[True, not behind_the_earth] > 50
    # negative control: the Sun on the other side blinds other looks
    turned = dataclasses.replace(SKY, sun_eci=-SUN)
    other = watch(hot_raid, make_satellites(12, sun_exclusion_rad=half_angle), sky=turned)
    assert not np.array_equal(other.t_s, dazzled.t_s)


def test_clear_skies_show_a_launch_from_the_ground(make_raid, make_satellites):
    raid = make_raid(40, seed=2)
    satellites = make_satellites(12, p_clear_sky=0.4)
    mixed = watch(raid, satellites)
    clear = watch(raid, make_satellites(12, cloud_break_altitude_m=0.0))
    cloudy = watch(raid, make_satellites(12))
    luck = luck_of(raid, SKY)
    shares = Counter()
    for obj in range(raid.objects):
        wanted = clear if luck[obj] < 0.4 else cloudy
        got, rows = (slice(x.start[obj], x.start[obj + 1]) for x in (mixed, wanted))
        assert np.array_equal(mixed.t_s[got], wanted.t_s[rows])
        shares[luck[obj] < 0.4] += 1
    assert min(shares.values()) > 8
    assert clear.t_s.size > cloudy.t_s.size
    # air is not clear to the ground in every band
    high = watch(raid, make_satellites(12, p_clear_sky=1.0, clear_sky_altitude_m=8e3))
    assert same(high, cloudy)


def test_the_luck_of_the_sky_belongs_to_future_object_and_parent(make_raid):
    raid = make_raid(2000, seed=1, step_s=600.0)
    luck = luck_of(raid, SKY)
    assert luck[7] == uniform(5, purpose("clear sky"), 3, 7, 0)
    assert abs(np.mean(luck < 0.3) - 0.3) < 4.0 * math.sqrt(0.3 * 0.7 / 2000.0)
    assert np.array_equal(luck_of(make_raid(5, seed=1, step_s=600.0), SKY), luck[:5])
    assert not np.array_equal(luck, luck_of(raid, dataclasses.replace(SKY, future=4)))
    parent = np.full(2000, -1, np.int32)
    parent[[10, 11]] = [3, 10]  # a body of a stage of a missile
    family = luck_of(dataclasses.replace(raid, parent=parent), SKY)
    assert family[10] == family[11] == luck[3]
    assert np.array_equal(np.delete(family, [10, 11]), np.delete(luck, [10, 11]))


@pytest.mark.parametrize("needs", [{"sun_exclusion_rad": 0.3}, {"p_clear_sky": 0.3}])
def test_a_sensor_that_minds_the_sky_must_be_told_of_it(raid, make_satellites, needs):
    with pytest.raises(OpendomeError) as caught:
        watch(raid, make_satellites(4, **needs), sky=None)
    assert "eye-1" in str(caught.value)
    assert "sky" in caught.value.do
    assert same(watch(raid, make_satellites(4), sky=None), watch(raid, make_satellites(4)))


@pytest.mark.parametrize("at_once", [1, 3])
def test_a_field_that_looks_at_few_objects_takes_turns(
    make_raid, make_satellites, at_once, monkeypatch
):
    raid = make_raid(8, seed=2, within_s=5.0)
    plain = watch(raid, make_satellites(6))
    few = watch(raid, make_satellites(6, targets=at_once))
    monkeypatch.setattr(infrared, "SHEET_ROOM", 1)  # a sensor's looks on more than one sheet
    assert same(few, watch(raid, make_satellites(6, targets=at_once)))
    objects = np.repeat(np.arange(8), np.diff(plain.start))
    wanted, crowded = set(), 0
    for sensor in range(6):
        rows = np.flatnonzero(plain.sensor == sensor)
        last = dict.fromkeys(range(8), -math.inf)
        for t_s in np.unique(plain.t_s[rows]):
            there = sorted(objects[rows[plain.t_s[rows] == t_s]])
            crowded += len(there) > at_once
            for obj in sorted(there, key=lambda j: (last[j], j))[:at_once]:
                last[obj] = t_s
                wanted.add((sensor, obj, t_s))
    got = set(zip(few.sensor, np.repeat(np.arange(8), np.diff(few.start)), few.t_s, strict=True))
    assert got == wanted
    assert crowded > 100
    assert same(plain, watch(raid, make_satellites(6, targets=8)))
    # every object gets its turn: none has less than half the looks that a fair share gives
    seen, fair = np.diff(few.start), np.diff(plain.start) * few.t_s.size / plain.t_s.size
    assert np.all(seen >= 0.5 * fair)


def test_a_bias_counts_the_looks_that_happen(make_raid, make_satellites):
    raid = make_raid(8, seed=2, within_s=5.0)
    bias = {"angle_bias_rad": 4e-5, "bias_memory_s": 50.0}
    few = watch(raid, make_satellites(6, targets=2))
    biased = watch(raid, make_satellites(6, targets=2, **bias))
    assert np.array_equal(few.t_s, biased.t_s)
    least = 1.0
    for obj in range(8):
        mine = np.arange(few.start[obj], few.start[obj + 1])
        for sensor in range(6):
            looks, last_s = 0.0, 0.0
            for row in mine[few.sensor[mine] == sensor]:
                looks = 1.0 + looks * math.exp((last_s - few.t_s[row]) / 50.0)
                last_s = few.t_s[row]
                noise = 5e-5 * max(1.0, 6.0 / 10 ** (few.snr_db[row] / 20.0))
                share = noise**2 / (noise**2 + looks * 4e-5**2)
                assert biased.share_after_bias[row] == pytest.approx(share, rel=1e-9)
                assert biased.information_m2[row] == pytest.approx(
                    share * few.information_m2[row], rel=1e-9
                )
                least = min(least, share)
    assert least < 0.3
