"""Radars that look over the horizon, and errors that all looks of a radar have in common."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.information import ground_information
from opendome.sensing.kernels.skywave import ground_place, outward
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.records import Measures
from opendome.sensing.skywave import SkywaveRadar
from opendome.threats.records import Raid
from opendome.world.earth import ecef_from_geodetic
from opendome.world.geodesy import geodesic_direct

ERA = 0.3


def make_skywave(**fields):
    return SkywaveRadar(
        **{
            "name": "skywave",
            "asset": 2,
            "lat_rad": math.radians(43.0),
            "lon_rad": math.radians(-120.0),
            "azimuth_from_rad": math.radians(240.0),
            "azimuth_to_rad": math.radians(304.0),
            "range_min_m": 1e6,
            "range_max_m": 3e6,
            "altitude_max_m": 60e3,
            "speed_min_m_s": 20.0,
            "range_reference_m": 2e6,
            "rcs_reference_m2": 10.0,
            "rcs_m2": 10.0,
            "snr_reference": 100.0,
            "p_false_alarm": 1e-4,
            "azimuth_noise_rad": math.radians(0.5),
            "azimuth_noise_floor_rad": math.radians(0.3),
            "range_noise_m": 15e3,
            "range_noise_floor_m": 8e3,
            "revisit_s": 30.0,
        }
        | fields
    )


def fly_in(radar, *, azimuth_deg, far_m, near_m, speed_m_s, altitude_m, step_s=5.0):
    """A raid of one level flight towards the radar along a geodesic."""
    flown_s = (far_m - near_m) / speed_m_s if speed_m_s else 2000.0
    t_s = np.arange(0.0, flown_s, step_s)
    distance = far_m - speed_m_s * t_s
    lat, lon, _ = geodesic_direct(radar.lat_rad, radar.lon_rad, math.radians(azimuth_deg), distance)
    ecef = np.stack(ecef_from_geodetic(lat, lon, altitude_m), axis=-1)
    if ecef.shape[0] == 3 and ecef.ndim == 2 and ecef.shape[1] != 3:
        ecef = ecef.T
    theta = ERA + ROTATION_RAD_S * t_s
    c, s = np.cos(theta), np.sin(theta)
    pos = np.stack(
        [c * ecef[:, 0] - s * ecef[:, 1], s * ecef[:, 0] + c * ecef[:, 1], ecef[:, 2]], -1
    )
    vel = np.gradient(pos, step_s, axis=0, edge_order=2)
    one = np.zeros(1)
    return Raid(
        class_names=("low",),
        object_class=np.zeros(1, np.int32),
        group=np.zeros(1, np.int32),
        launch_t_s=one,
        burnout_t_s=one,
        impact_t_s=one + t_s[-1],
        hot_until_t_s=one,
        turn_t_s=one - np.inf,
        manoeuvre_psd_m2_s3=one,
        launch_lat_rad=one,
        launch_lon_rad=one,
        impact_lat_rad=one,
        impact_lon_rad=one,
        p_reliable=one + 1.0,
        parent=np.full(1, -1, np.int32),
        lethal=np.ones(1, np.bool_),
        p_taken_for_real=np.ones(1),
        step_s=step_s,
        pos_eci_m=pos[None],
        vel_eci_m_s=vel[None],
        intensity_w_sr=np.zeros((1, t_s.size)),
        rcs_m2=np.full((1, t_s.size), 0.01),
        valid=np.ones((1, t_s.size), bool),
    )


LOW = {
    "azimuth_deg": 270.0,
    "far_m": 3.6e6,
    "near_m": 0.5e6,
    "speed_m_s": 250.0,
    "altitude_m": 50.0,
}


def looks_of(radar, **flight):
    raid = fly_in(radar, **(LOW | flight))
    return raid, look_at(raid, SensorSuite(skywave=(radar,)), era_epoch_rad=ERA)


def test_a_low_flier_is_seen_through_its_belt_and_nowhere_else():
    """First look where the published belt begins, last where it ends; geodesics as authority."""
    radar = make_skywave()
    _, looks = looks_of(radar)
    entered_s, left_s = (3.6e6 - 3.0e6) / 250.0, (3.6e6 - 1.0e6) / 250.0
    slack_s = 30.0 + 0.004 * 3e6 / 250.0
    assert looks.t_s[0] == pytest.approx(entered_s, abs=slack_s)
    assert looks.t_s[-1] == pytest.approx(left_s, abs=slack_s)
    assert np.diff(looks.t_s) == pytest.approx(30.0)
    assert looks.sensor_measures.tolist() == [Measures.RANGE_AZIMUTH]
    assert looks.sensor_gives_range.tolist() == [True]


def test_far_beyond_the_horizon_of_a_mast(make_radar):
    radar = make_skywave()
    raid, looks = looks_of(radar)
    mast = make_radar(
        lat_rad=radar.lat_rad, lon_rad=radar.lon_rad, alt_m=30.0, azimuth_from_rad=0.0,
        azimuth_to_rad=math.tau, elevation_min_rad=-0.1, earth_factor=4 / 3, range_reference_m=9e7,
    )  # fmt: skip
    assert looks.t_s.size > 200
    assert look_at(raid, SensorSuite(radars=(mast,)), era_epoch_rad=ERA).t_s.size == 0


@pytest.mark.parametrize(
    ("change", "flight"),
    [
        ({}, {"azimuth_deg": 200.0}),
        ({}, {"altitude_m": 70e3}),
        ({"speed_min_m_s": 260.0}, {}),
        ({"range_min_m": 3.7e6, "range_max_m": 4e6}, {}),
        ({"rcs_m2": 1e-6}, {}),
    ],
)
def test_what_is_outside_slow_or_weak_is_not_seen(change, flight):
    assert looks_of(make_skywave(**change), **flight)[1].t_s.size == 0


def test_a_body_that_flies_round_the_radar_is_lost_in_the_ground():
    """Radial speed: the flight of 250 m/s at a right angle changes no range."""
    radar = make_skywave(azimuth_from_rad=0.0, azimuth_to_rad=math.tau)
    raid, toward = looks_of(radar)
    # the same flight seen from a radar abeam of its middle
    lat, lon, azimuth = geodesic_direct(radar.lat_rad, radar.lon_rad, math.radians(270.0), 2e6)
    lat, lon, _ = geodesic_direct(lat, lon, azimuth + math.pi / 2, 1.5e6)
    abeam = dataclasses.replace(radar, lat_rad=float(lat), lon_rad=float(lon))
    across = look_at(raid, SensorSuite(skywave=(abeam,)), era_epoch_rad=ERA)
    middle_s = (3.6e6 - 2e6) / 250.0
    near = np.abs(across.t_s - middle_s) < 300.0
    assert np.count_nonzero(near) == 0
    assert across.t_s.size > 50
    fast = dataclasses.replace(abeam, speed_min_m_s=0.0)
    every = look_at(raid, SensorSuite(skywave=(fast,)), era_epoch_rad=ERA)
    assert np.count_nonzero(np.abs(every.t_s - middle_s) < 300.0) > 15
    assert toward.t_s.size > 200


def test_information_is_on_range_and_azimuth_and_never_on_height():
    """Rank 2; its null direction is the vertical; its sigmas are those declared."""
    radar = make_skywave()
    raid, looks = looks_of(radar)
    for row in (0, looks.t_s.size // 2, looks.t_s.size - 1):
        xx, xy, xz, yy, yz, zz = looks.information_m2[row]
        matrix = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        values, vectors = np.linalg.eigh(matrix)
        pos = raid.pos_eci_m[0, round(looks.t_s[row] / raid.step_s)]
        up = pos / np.linalg.norm(pos)
        assert values[0] == pytest.approx(0.0, abs=1e-9 * values[2])
        assert abs(vectors[:, 0] @ up) == pytest.approx(1.0, abs=1e-9)
        ground = 3.6e6 - 250.0 * looks.t_s[row]
        snr = 100.0 * (2e6 / ground) ** 4
        scale = math.sqrt(100.0 / snr)
        along = max(8e3, 15e3 * scale)
        across = max(math.radians(0.3), math.radians(0.5) * scale)
        across *= 6371008.8 * math.sin(ground / 6371008.8)
        wanted = sorted([along, across])
        assert 1.0 / np.sqrt(values[:0:-1]) == pytest.approx(wanted, rel=0.02)
        assert looks.snr_db[row] == pytest.approx(10 * math.log10(snr), abs=0.1)


@settings(max_examples=100, deadline=None)
@given(st.floats(-70, 70), st.floats(-180, 180), st.floats(0, 360), st.floats(1e5, 4e6))
def test_ground_place_agrees_with_the_ellipsoid(lat, lon, azimuth, distance):
    radar = make_skywave(lat_rad=math.radians(lat), lon_rad=math.radians(lon))
    there = geodesic_direct(radar.lat_rad, radar.lon_rad, math.radians(azimuth), distance)
    x, y, z = np.ravel(ecef_from_geodetic(there[0], there[1], 1e4))
    ground, bearing = ground_place(radar.belt(), x, y, z)
    assert ground == pytest.approx(distance, rel=0.006)
    assert math.cos(bearing - math.radians(azimuth)) > math.cos(math.radians(0.3))
    a = np.array(outward(radar.belt(), x, y, z))
    here = np.array([x, y, z])
    farther, _ = ground_place(radar.belt(), *(here + 100.0 * a))
    assert (farther - ground) * np.linalg.norm(here) / 6371008.8 == pytest.approx(100.0, rel=1e-3)
    assert a @ here == pytest.approx(0.0, abs=1e-6 * np.linalg.norm(here))


def test_ground_information_of_a_plain_case():
    """Range grows along x, up is z: sigma 2 along x, 4 along y, nothing along z."""
    got = ground_information(1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 4.0)
    assert got == pytest.approx((0.25, 0.0, 0.0, 0.0625, 0.0, 0.0))


def full(looks, row):
    xx, xy, xz, yy, yz, zz = looks.information_m2[row]
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])


def test_a_bias_bounds_what_many_looks_of_a_skywave_radar_tell():
    """The k-th look is as noisy as sigma^2 + k b^2 (`kernels.bias`)."""
    even = {"range_noise_m": 1e-3, "range_noise_floor_m": 8e3, "azimuth_noise_rad": 1e-9}
    even |= {"azimuth_noise_floor_rad": 1e-6}
    clean = make_skywave(**even)
    biased = dataclasses.replace(clean, range_bias_m=20e3)
    for radar in (clean, biased):
        _, looks = looks_of(radar)
        n = looks.t_s.size
        told = sum(np.linalg.eigvalsh(full(looks, row))[1] for row in range(n))
        wanted = np.sum(1.0 / (8e3**2 + np.arange(1, n + 1) * radar.range_bias_m**2))
        assert told == pytest.approx(wanted, rel=1e-6)
        assert np.all(looks.range_share_after_bias < 1.0) == bool(radar.range_bias_m)
    assert looks.sensor_range_bias_m.tolist() == [20e3]


def test_a_bias_bounds_what_many_looks_of_a_radar_tell(make_raid, make_radar):
    raid = make_raid(3, seed=4, rcs_m2=1.0)
    place = {"lat_rad": math.radians(40.0), "lon_rad": math.radians(105.0)}
    radar = make_radar(
        **place, azimuth_from_rad=0.0, azimuth_to_rad=math.tau, elevation_min_rad=0.0,
        angle_noise_rad=1e-9, range_noise_m=1e-9, range_reference_m=9e7,
        angle_noise_floor_rad=3e-4, range_noise_floor_m=10.0,
        angle_bias_rad=1e-4, range_bias_m=40.0, bias_memory_s=60.0,
    )  # fmt: skip
    plain = dataclasses.replace(radar, angle_bias_rad=0.0, range_bias_m=0.0)
    looks, free = (
        look_at(raid, SensorSuite(radars=(one,)), era_epoch_rad=ERA) for one in (radar, plain)
    )
    assert np.array_equal(looks.t_s, free.t_s)
    assert np.all(free.share_after_bias == 1.0)
    assert np.all(free.range_share_after_bias == 1.0)
    assert looks.sensor_angle_bias_rad.tolist() == [1e-4]
    for obj in range(raid.objects):
        rows = slice(looks.start[obj], looks.start[obj + 1])
        n = looks.start[obj + 1] - looks.start[obj]
        assert n > 50
        remembered, before_s = 0.0, -np.inf
        for row in range(looks.start[obj], looks.start[obj + 1]):
            remembered = 1.0 + remembered * math.exp((before_s - looks.t_s[row]) / 60.0)
            before_s = looks.t_s[row]
            angle = 1.0 / (1.0 + remembered * 1e-4**2 / 3e-4**2)
            along = 1.0 / (1.0 + remembered * 40.0**2 / 10.0**2)
            assert looks.share_after_bias[row] == pytest.approx(angle, rel=1e-9)
            assert looks.range_share_after_bias[row] == pytest.approx(along, rel=1e-9)
        told = looks.range_share_after_bias[rows].sum()
        assert told < 0.02 * n, "negative control: looks added up as if independent"
    trace = looks.information_m2[:, [0, 3, 5]].sum(axis=1)
    freely = free.information_m2[:, [0, 3, 5]].sum(axis=1)
    assert np.all(trace <= freely * (1 + 1e-12))


def test_one_direction_of_another_sensor_gives_the_height():
    """Sum of a rank 2 look and an angles-only look from above and abeam: every axis is known."""
    radar = make_skywave()
    raid, looks = looks_of(radar)
    row = looks.t_s.size // 2
    alone = full(looks, row)
    pos = raid.pos_eci_m[0, round(looks.t_s[row] / raid.step_s)]
    up = pos / np.linalg.norm(pos)
    side = np.cross(up, [0.0, 0.0, 1.0])
    sight = (up + 2.0 * side / np.linalg.norm(side)) / np.linalg.norm(up + 2.0 * side)
    sight /= np.linalg.norm(sight)
    eye = (np.eye(3) - np.outer(sight, sight)) / 500.0**2
    assert np.linalg.eigvalsh(alone)[0] < 1e-9 * np.linalg.eigvalsh(alone)[2]
    sigmas = np.sqrt(np.diag(np.linalg.inv(alone + eye)))
    assert np.linalg.norm(sigmas) < 30e3
