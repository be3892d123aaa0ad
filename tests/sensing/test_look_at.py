"""The list of looks against a plain numpy twin, and the relations that must always hold."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline
from scipy.stats import norm

from opendome.quantities.constants import (
    FLATTENING,
    J2,
    MU_M3_S2,
    RADIUS_EQUATOR_M,
    ROTATION_RAD_S,
)
from opendome.sensing import infrared
from opendome.sensing.infrared import eyes_of
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.orbits import geostationary_axis_m, geostationary_orbit
from opendome.world.constellations import satellite_state
from opendome.world.earth import ecef_from_geodetic_xyz
from opendome.world.kepler import secular_rates

ERA = 1.234
# the test raids fly over 30 to 100 degrees east when the Earth stands at ERA
NEAR = {"lon_rad": math.radians(55.0), "azimuth_from_rad": 0.0, "azimuth_to_rad": 7.0}
STRETCH = np.array([1.0, 1.0, 1.0 / (1.0 - FLATTENING)])


# --- the twin: one look at a time, from definitions, in angles instead of dot products ---


def flight_path(raid, obj):
    """Position of one object as a SciPy spline."""
    ok = raid.valid[obj]
    t_s = raid.launch_t_s[obj] + raid.step_s * np.arange(ok.sum())
    return CubicHermiteSpline(t_s, raid.pos_eci_m[obj, ok], raid.vel_eci_m_s[obj, ok])


def circle(orbit, t_s):
    """Place of a satellite on a circular orbit with the mean rates of J2."""
    a, i = orbit.semi_major_axis_m, orbit.inclination_rad
    n = math.sqrt(MU_M3_S2 / a**3)
    j = 1.5 * J2 * (RADIUS_EQUATOR_M / a) ** 2 * n
    along = n + j * (1.0 - 1.5 * math.sin(i) ** 2) + j * (2.0 - 2.5 * math.sin(i) ** 2)
    u = orbit.mean_anomaly_rad + along * t_s
    node = orbit.raan_rad - j * math.cos(i) * t_s
    flat = np.array([math.cos(u), math.sin(u) * math.cos(i), math.sin(u) * math.sin(i)])
    turn = np.array(
        [[math.cos(node), -math.sin(node), 0], [math.sin(node), math.cos(node), 0], [0, 0, 1]]
    )
    return a * turn @ flat


def angle(a, b):
    return math.atan2(np.linalg.norm(np.cross(a, b)), a @ b)


def clear(eye, thing, height):
    """Neither point hides behind the horizon of a layer: sum of the two horizon angles."""
    a, b = eye * STRETCH, thing * STRETCH
    radius = RADIUS_EQUATOR_M + height
    if np.linalg.norm(b) < radius:
        return False
    reach = math.acos(radius / np.linalg.norm(a)) + math.acos(radius / np.linalg.norm(b))
    return angle(a, b) < reach


def before_space(eye, thing, height):
    """The line of sight points above the edge of a layer."""
    a, b = eye * STRETCH, thing * STRETCH
    edge = math.asin((RADIUS_EQUATOR_M + height) / np.linalg.norm(a))
    return angle(-a, b - a) > edge


def twin_infrared(raid, satellite, obj, p_detect_min):
    """Every look of one satellite at one object: (t, p_detect, snr_db, information)."""
    path = flight_path(raid, obj)
    looks = []
    scan = math.floor((path.x[0] - satellite.revisit_phase_s) / satellite.revisit_s)
    while True:
        t_s = satellite.revisit_phase_s + scan * satellite.revisit_s
        scan += 1
        if t_s > path.x[-1]:
            return looks
        if t_s < path.x[0]:
            continue
        eye, thing = circle(satellite.orbit, t_s), path(t_s)
        burning = t_s < raid.burnout_t_s[obj]
        if angle(-eye, thing - eye) > satellite.field_of_regard_rad:
            continue
        if burning:
            seen = clear(eye, thing, satellite.cloud_break_altitude_m)
        else:
            seen = satellite.tracks_cold_bodies
            seen = seen and before_space(eye, thing, satellite.limb_altitude_m)
        if not seen:
            continue
        far = np.linalg.norm(thing - eye)
        intensity = 3e5 if burning else 80.0
        snr = satellite.snr_reference * intensity / satellite.sensitivity_w_sr
        snr *= (satellite.sensitivity_range_m / far) ** 2
        p = norm.sf(norm.isf(satellite.p_false_alarm) - snr)
        if p < p_detect_min:
            continue
        sigma = far * satellite.angle_noise_rad * max(1.0, satellite.snr_reference / snr)
        u = (thing - eye) / far
        information = (np.eye(3) - np.outer(u, u)) / sigma**2
        looks.append((t_s, p, 20 * math.log10(snr), information[np.triu_indices(3)]))


def site_axes(radar):
    """Site, and rows east, north, up, ECEF."""
    site = np.array(ecef_from_geodetic_xyz(radar.lat_rad, radar.lon_rad, radar.alt_m))
    sa, ca = math.sin(radar.lat_rad), math.cos(radar.lat_rad)
    so, co = math.sin(radar.lon_rad), math.cos(radar.lon_rad)
    return site, np.array([[-so, co, 0], [-sa * co, -sa * so, ca], [ca * co, ca * so, sa]])


def turn(t_s):
    """Rotation from ECI to ECEF."""
    theta = ERA + ROTATION_RAD_S * t_s
    c, s = math.cos(theta), math.sin(theta)
    return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])


def twin_mask(radar, thing_eci, t_s):
    """(inside, azimuth deg, elevation deg, range m) by angles."""
    site, axes = site_axes(radar)
    east, north, up = axes @ (turn(t_s) @ thing_eci - site)
    far = math.sqrt(east**2 + north**2 + up**2)
    azimuth, elevation = math.degrees(math.atan2(east, north)), math.degrees(math.asin(up / far))
    first, last = math.degrees(radar.azimuth_from_rad), math.degrees(radar.azimuth_to_rad)
    inside = any(first <= azimuth + 360 * k <= last for k in (-1, 0, 1, 2))
    low, high = math.degrees(radar.elevation_min_rad), math.degrees(radar.elevation_max_rad)
    return inside and low <= elevation <= high and far <= radar.range_max_m


def twin_radar_look(radar, thing_eci, t_s, rcs_m2):
    """(p_detect, snr_db, information) of one look."""
    site, _ = site_axes(radar)
    line = turn(t_s).T @ (turn(t_s) @ thing_eci - site)
    far = np.linalg.norm(line)
    snr = radar.snr_reference * rcs_m2 / radar.rcs_reference_m2
    snr *= (radar.range_reference_m / far) ** 4
    scale = math.sqrt(radar.snr_reference / snr)
    across = far * max(radar.angle_noise_floor_rad, radar.angle_noise_rad * scale)
    along = max(radar.range_noise_floor_m, radar.range_noise_m * scale)
    u = line / far
    information = np.outer(u, u) / along**2 + (np.eye(3) - np.outer(u, u)) / across**2
    p = radar.p_false_alarm ** (1 / (1 + snr))
    return p, 10 * math.log10(snr), information[np.triu_indices(3)]


# --- comparisons ---


def rows_of(looks, obj, sensor):
    mine = np.arange(looks.start[obj], looks.start[obj + 1])
    return mine[looks.sensor[mine] == sensor]


@pytest.fixture(scope="module")
def raid(make_raid):
    return make_raid(4, seed=11)


@pytest.fixture(scope="module")
def suite(make_radar, make_satellites):
    return SensorSuite(
        radars=(
            make_radar(lon_rad=math.radians(75.0)),
            make_radar(
                name="south",
                lat_rad=math.radians(40.9),
                lon_rad=math.radians(55.0),
                azimuth_from_rad=0.0,
                azimuth_to_rad=2 * math.pi,
                look_interval_s=3.0,
                range_max_m=2.2e6,
            ),
        ),
        satellites=make_satellites(12) + make_satellites(4, tracks_cold_bodies=False),
    )


@pytest.fixture(scope="module")
def looks(raid, suite):
    return look_at(raid, suite, era_epoch_rad=ERA)


def test_infrared_looks_are_those_of_the_twin(raid, suite, looks):
    compared = 0
    for s, satellite in enumerate(suite.satellites):
        for obj in range(raid.objects):
            wanted = twin_infrared(raid, satellite, obj, suite.p_detect_min)
            rows = rows_of(looks, obj, len(suite.radars) + s)
            assert rows.size == len(wanted)
            for row, (t_s, p, snr_db, information) in zip(rows, wanted, strict=True):
                assert looks.t_s[row] == pytest.approx(t_s, abs=1e-9)
                assert looks.p_detect[row] == pytest.approx(p, abs=1e-9)
                assert looks.snr_db[row] == pytest.approx(snr_db, abs=1e-7)
                # 1e-7 of the largest element: rounding of positions of 1e7 m
                size = abs(information).max()
                assert looks.information_m2[row] == pytest.approx(information, abs=1e-7 * size)
            compared += rows.size
    assert compared > 1000


def test_the_twin_notices_a_missing_limb(raid, suite, looks):
    """Negative control: cold bodies seen before the Earth as well."""
    satellite = dataclasses.replace(suite.satellites[0], limb_altitude_m=-6.3e6)
    counts = [
        (len(twin_infrared(raid, satellite, obj, 1e-3)), rows_of(looks, obj, 2).size)
        for obj in range(raid.objects)
    ]
    assert any(wanted != got for wanted, got in counts)


def rcs_of(raid, obj, t_s):
    return raid.rcs_m2[obj, 0] if t_s < raid.burnout_t_s[obj] else raid.rcs_m2[obj, 300]


def test_radar_looks_are_those_of_the_twin(raid, suite, looks):
    compared = 0
    for sensor, radar in enumerate(suite.radars):
        for obj in range(raid.objects):
            path = flight_path(raid, obj)
            rows = rows_of(looks, obj, sensor)
            times = looks.t_s[rows]
            for row in rows[::7]:
                t_s = looks.t_s[row]
                p, snr_db, information = twin_radar_look(
                    radar, path(t_s), t_s, rcs_of(raid, obj, t_s)
                )
                assert looks.p_detect[row] == pytest.approx(p, abs=1e-9)
                assert looks.snr_db[row] == pytest.approx(snr_db, abs=1e-7)
                size = abs(information).max()
                assert looks.information_m2[row] == pytest.approx(information, abs=1e-7 * size)
            wanted = twin_times(raid, radar, obj, path)
            # 1 ms: the edge of the mask is found to step / 2^14
            assert times == pytest.approx(np.array(wanted), abs=1e-3)
            compared += rows.size
    assert compared > 500


@pytest.mark.parametrize(
    ("sensor", "change"),
    [
        (0, {"elevation_min_rad": math.radians(2.1)}),
        (0, {"azimuth_to_rad": math.radians(27.0)}),
        (1, {"range_max_m": 2.19e6}),
        (1, {"look_interval_s": 3.01}),
    ],
)
def test_the_twin_notices_a_wrong_radar(raid, suite, looks, sensor, change):
    """Negative control: a mask that is a little off, or never wraps through north."""
    radar = dataclasses.replace(suite.radars[sensor], **change)
    for obj in range(raid.objects):
        wanted = np.array(twin_times(raid, radar, obj, flight_path(raid, obj)))
        got = looks.t_s[rows_of(looks, obj, sensor)]
        if wanted.size != got.size or np.abs(wanted - got).max(initial=0.0) > 1e-3:
            return
    pytest.fail("the twin is blind to the change")


def twin_times(raid, radar, obj, path):
    """Times of looks worth something, from the mask tested every 10 ms."""
    step = 0.01
    times, due = [], -math.inf
    grid = path.x[0] + step * np.arange(int((path.x[-1] - path.x[0]) / step) + 1)
    places = path(grid)
    coarse = [k for k in range(0, grid.size, 100) if twin_mask(radar, places[k], grid[k])]
    if not coarse:
        return times
    inside = False
    for k in range(max(0, coarse[0] - 100), min(grid.size, coarse[-1] + 101)):
        t_s = grid[k]
        if not inside and not twin_mask(radar, places[k], t_s):
            continue
        if not inside:
            due, inside = entry(radar, path, t_s - step, t_s), True
        while due <= t_s:
            place = path(due)
            if not twin_mask(radar, place, due):
                inside = False
                break
            p, _, _ = twin_radar_look(radar, place, due, rcs_of(raid, obj, due))
            if p >= 1e-3:
                times.append(due)
            due += radar.look_interval_s
    return times


def entry(radar, path, outside, inside):
    for _ in range(20):
        middle = 0.5 * (outside + inside)
        if middle >= path.x[0] and twin_mask(radar, path(middle), middle):
            inside = middle
        else:
            outside = middle
    return inside


# --- relations ---


def test_looks_are_sorted_and_complete(raid, suite, looks):
    assert looks.start[0] == 0
    assert looks.start[-1] == looks.t_s.size == looks.information_m2.shape[0]
    for obj in range(raid.objects):
        rows = slice(looks.start[obj], looks.start[obj + 1])
        keys = list(zip(looks.t_s[rows], looks.sensor[rows], strict=True))
        assert keys == sorted(keys)
        assert np.all(looks.t_s[rows] >= raid.launch_t_s[obj])
        assert np.all(looks.t_s[rows] <= raid.impact_t_s[obj])
    assert looks.sensor_names == suite.sensor_names
    assert looks.sensor_gives_range.tolist() == [True] * 2 + [False] * 16
    assert looks.sensor_asset.tolist() == [3] * 2 + [5] * 16
    assert np.all((looks.p_detect >= suite.p_detect_min) & (looks.p_detect <= 1.0))
    assert np.isfinite(looks.information_m2).all()
    assert np.isfinite(looks.snr_db).all()


def test_satellites_that_do_not_see_cold_bodies_stop_at_burnout(raid, looks):
    for obj in range(raid.objects):
        for sensor in range(14, 18):
            rows = rows_of(looks, obj, sensor)
            assert np.all(looks.t_s[rows] <= raid.burnout_t_s[obj])


def one_of(raid, obj):
    """A raid of one object out of several."""
    names = ("class_names", "step_s")
    changed = {
        f.name: getattr(raid, f.name)[obj : obj + 1]
        for f in dataclasses.fields(raid)
        if f.name not in names and getattr(raid, f.name) is not None
    }
    return dataclasses.replace(raid, **changed)


def fields_of(looks, rows):
    names = ("sensor", "t_s", "p_detect", "snr_db", "information_m2")
    return [getattr(looks, name)[rows] for name in names]


def test_an_object_alone_is_seen_as_in_a_batch(raid, suite, looks):
    for obj in range(raid.objects):
        alone = look_at(one_of(raid, obj), suite, era_epoch_rad=ERA)
        batch = fields_of(looks, slice(looks.start[obj], looks.start[obj + 1]))
        if not np.array_equal(alone.t_s, batch[1]):
            # two objects that ask one radar within its service time of 20 ms wait in line
            assert alone.t_s == pytest.approx(batch[1], abs=0.081)
            continue
        for got, wanted in zip(fields_of(alone, slice(None)), batch, strict=True):
            assert np.array_equal(got, wanted)


def test_small_sheets_give_the_same_looks(raid, suite, looks, monkeypatch):
    monkeypatch.setattr(infrared, "SHEET_ROOM", 1)
    again = look_at(raid, suite, era_epoch_rad=ERA)
    assert np.array_equal(again.start, looks.start)
    for got, wanted in zip(fields_of(again, ...), fields_of(looks, ...), strict=True):
        assert np.array_equal(got, wanted)


def test_turning_the_whole_world_changes_nothing(raid, suite, looks):
    """Raid, orbits and Earth turned about the axis by one angle."""
    by = 0.77
    c, s = math.cos(by), math.sin(by)
    rotate = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    turned_raid = dataclasses.replace(
        raid, pos_eci_m=raid.pos_eci_m @ rotate.T, vel_eci_m_s=raid.vel_eci_m_s @ rotate.T
    )
    turned_suite = dataclasses.replace(
        suite,
        satellites=tuple(
            dataclasses.replace(
                sat, orbit=dataclasses.replace(sat.orbit, raan_rad=sat.orbit.raan_rad + by)
            )
            for sat in suite.satellites
        ),
    )
    turned = look_at(turned_raid, turned_suite, era_epoch_rad=ERA + by)
    assert np.array_equal(turned.start, looks.start)
    assert np.array_equal(turned.sensor, looks.sensor)
    assert turned.t_s == pytest.approx(looks.t_s, abs=2e-4)
    assert turned.p_detect == pytest.approx(looks.p_detect, abs=1e-6)


def first_detections(looks):
    """First detection of each object under luck that belongs to sensor and millisecond."""
    moment = np.floor(looks.t_s * 1000.0 + 0.5)
    luck = (moment * 0.7548776662 + looks.sensor * 0.5698402910) % 1.0
    first = []
    for begin, end in zip(looks.start[:-1], looks.start[1:], strict=True):
        hits = looks.t_s[begin:end][luck[begin:end] < looks.p_detect[begin:end]]
        first.append(hits.min(initial=math.inf))
    return np.array(first)


@settings(max_examples=15, deadline=None)
@given(st.floats(1.0, 50.0), st.floats(1e-4, 0.02))
def test_more_power_or_cross_section_never_detects_later(
    make_raid, make_radar, make_satellites, factor, rcs_m2
):
    small, large = (make_raid(3, seed=2, rcs_m2=rcs) for rcs in (rcs_m2, rcs_m2 * factor))
    weak = SensorSuite(
        radars=(make_radar(**NEAR),),
        satellites=make_satellites(6, sensitivity_w_sr=1e6),
    )
    strong = SensorSuite(
        radars=(make_radar(**NEAR, snr_reference=30.0 * factor),),
        satellites=make_satellites(6, sensitivity_w_sr=1e6 / factor),
    )
    base = first_detections(look_at(small, weak, era_epoch_rad=ERA))
    assert np.all(first_detections(look_at(large, weak, era_epoch_rad=ERA)) <= base)
    assert np.all(first_detections(look_at(small, strong, era_epoch_rad=ERA)) <= base)


def test_a_crowd_never_gets_more_than_the_budget(make_raid, make_radar):
    raid = make_raid(40, seed=5, within_s=5.0)
    radar = make_radar(
        lat_rad=math.radians(45.0),
        lon_rad=math.radians(55.0),
        azimuth_from_rad=0.0,
        azimuth_to_rad=2 * math.pi,
        look_budget_hz=4.0,
        range_reference_m=9e6,
    )
    looks = look_at(raid, SensorSuite(radars=(radar,)), era_epoch_rad=ERA)
    t_s = np.sort(looks.t_s)
    assert t_s.size > 1000
    assert np.diff(t_s).min() >= 0.25 - 1e-9
    alone = look_at(one_of(raid, 0), SensorSuite(radars=(radar,)), era_epoch_rad=ERA)
    assert alone.t_s.size > 2 * (looks.start[1] - looks.start[0])


def test_negligible_looks_are_left_out(raid, suite, looks):
    few = look_at(raid, dataclasses.replace(suite, p_detect_min=0.9), era_epoch_rad=ERA)
    assert few.t_s.size == np.count_nonzero(looks.p_detect >= 0.9) < looks.t_s.size


def test_nothing_to_see_and_nothing_to_see_with(make_raid, suite, raid):
    blind = look_at(raid, SensorSuite(), era_epoch_rad=ERA)
    assert blind.t_s.size == 0
    assert blind.start.tolist() == [0] * 5
    empty = look_at(make_raid(0), suite, era_epoch_rad=ERA)
    assert empty.start.tolist() == [0]
    lost = make_raid(2, seed=11)
    lost.valid[0] = False
    looks = look_at(lost, suite, era_epoch_rad=ERA)
    assert looks.start[1] == 0
    assert looks.start[2] > 0


def test_geostationary_satellites_keep_their_longitude(make_satellites):
    wanted = math.radians(-75.0)
    satellite = dataclasses.replace(make_satellites(4)[0], orbit=geostationary_orbit(wanted))
    _, table = eyes_of((satellite,), ERA)
    for t_s in (0.0, 1800.0, 7200.0):
        x, y, z = turn(t_s) @ satellite_state(table, 0, t_s)[:3]
        assert math.atan2(y, x) == pytest.approx(wanted, abs=1e-9)
        assert abs(z) < 1e-3
    motion, node, perigee = secular_rates(geostationary_axis_m(), 0.0, 0.0)
    assert motion + node + perigee == pytest.approx(ROTATION_RAD_S, rel=1e-9)


def test_another_sensor_changes_nothing_for_the_others(raid, suite, looks):
    last = int(looks.sensor.max())
    fewer = dataclasses.replace(suite, satellites=suite.satellites[: last - len(suite.radars)])
    without = look_at(raid, fewer, era_epoch_rad=ERA)
    kept = looks.sensor < last
    for got, wanted in zip(fields_of(without, ...), fields_of(looks, kept), strict=True):
        assert np.array_equal(got, wanted)
