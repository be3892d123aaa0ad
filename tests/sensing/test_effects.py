"""The single effects: radar equation, noise, mask, limb, infrared signal, information."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import FLATTENING, RADIUS_EQUATOR_M
from opendome.sensing.kernels.flight import position_at, sample_before, signature_sample
from opendome.sensing.kernels.horizon import against_space, sees_past, tangent_distance
from opendome.sensing.kernels.information import position_information
from opendome.sensing.kernels.infrared import infrared_snr, line_of_sight_noise
from opendome.sensing.kernels.radar import (
    calibration,
    echo_power,
    in_azimuth,
    in_mask,
    noise_at,
    noise_power,
    radar_snr,
)
from opendome.sensing.samples import flight_of
from opendome.world.earth import ecef_from_geodetic_xyz

factors = st.floats(1e-6, 1e6)


def test_echo_of_the_handbook_example():
    got = echo_power(1000.0, 10**3.6, 299792458.0 / 5.65e9, 1.0, 75 * 1852.0)
    assert got == pytest.approx(6.041e-17, rel=1e-3)


def test_range_of_the_textbook_radar():
    noise = noise_power(290.0, 5e6, 10**0.3)
    snr_at_a_metre = echo_power(1.5e6, 10**4.5, 299792458.0 / 5.6e9, 0.1, 1.0) / noise
    assert (snr_at_a_metre / 100.0) ** 0.25 == pytest.approx(85.82e3, rel=1e-3)


@given(factors)
def test_range_grows_as_the_fourth_root(factor):
    constant = calibration(1.5e6, 0.1, 31.6)
    farther = 1.5e6 * factor**0.25
    assert radar_snr(constant, 0.1 * factor, farther) == pytest.approx(31.6, rel=1e-12)
    assert radar_snr(constant * factor, 0.1, farther) == pytest.approx(31.6, rel=1e-12)
    assert radar_snr(constant, 0.1, farther) == pytest.approx(31.6 / factor, rel=1e-12)


def test_noise_falls_with_the_root_of_the_signal_down_to_the_floor():
    assert noise_at(100.0, 100.0, 2e-3, 3e-4) == pytest.approx(2e-3)
    assert noise_at(25.0, 100.0, 2e-3, 3e-4) == pytest.approx(4e-3)
    assert noise_at(400.0, 100.0, 2e-3, 3e-4) == pytest.approx(1e-3)
    assert noise_at(1e9, 100.0, 2e-3, 3e-4) == 3e-4
    assert line_of_sight_noise(3.0, 6.0, 5e-5) == pytest.approx(1e-4)
    assert line_of_sight_noise(60.0, 6.0, 5e-5) == 5e-5


def test_infrared_signal_follows_the_inverse_square():
    assert infrared_snr(200.0, 100.0, 4e6, 2e6, 6.0) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("azimuth", "first", "width", "seen"),
    [
        (300, 251, 136, True),
        (26, 251, 136, True),
        (28, 251, 136, False),
        (250, 251, 136, False),
        (-60, 251, 136, True),
        (5, -30, 60, True),
        (40, -30, 60, False),
        (179, 0, 360, True),
        (359.9, 0, 360, True),
    ],
)
def test_azimuth_sectors_through_north(azimuth, first, width, seen):
    assert in_azimuth(*np.radians([azimuth, first, width])) is seen


@pytest.mark.parametrize(
    ("start", "stop", "width"), [(251, 387, 136), (330, 30, 60), (0, 360, 360), (10, 20, 10)]
)
def test_width_of_a_sector(make_radar, start, stop, width):
    radar = make_radar(azimuth_from_rad=math.radians(start), azimuth_to_rad=math.radians(stop))
    assert math.degrees(radar.azimuth_width_rad) == pytest.approx(width)


@settings(max_examples=200, deadline=None)
@given(
    st.floats(-80, 80),
    st.floats(-180, 180),
    st.floats(0, 360),
    st.floats(-5, 89),
    st.floats(5, 4900),
)
def test_mask_keeps_what_its_angles_say(make_radar, lat, lon, azimuth, elevation, km):
    """A point placed at chosen azimuth, elevation and range, by vectors of numpy."""
    radar = make_radar(lat_rad=math.radians(lat), lon_rad=math.radians(lon))
    a, b, w, e = (
        math.radians(lat),
        math.radians(lon),
        math.radians(azimuth),
        math.radians(elevation),
    )
    up = np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
    north = np.array([-np.sin(a) * np.cos(b), -np.sin(a) * np.sin(b), np.cos(a)])
    east = np.cross(north, up)
    site = np.array(ecef_from_geodetic_xyz(a, b, 100.0))
    towards = np.cos(e) * (np.cos(w) * north + np.sin(w) * east) + np.sin(e) * up
    point = site + km * 1e3 * towards
    off = min(abs(elevation - 2), abs(elevation - 80), abs(km - 4200))
    assume(off > 1e-6 and min(abs(azimuth - 251), abs(azimuth - 27)) > 1e-6)
    wanted = 2 < elevation < 80 and km < 4200 and (azimuth > 251 or azimuth < 27)
    assert in_mask(radar.site(), *point) is wanted


def test_a_low_mask_still_ends_at_the_horizon(make_radar):
    radar = make_radar(
        lat_rad=0.0,
        lon_rad=0.0,
        alt_m=0.0,
        elevation_min_rad=math.radians(-10.0),
        azimuth_from_rad=0.0,
        azimuth_to_rad=2 * math.pi,
    )
    for km, seen in ((200.0, False), (1000.0, True)):
        point = ecef_from_geodetic_xyz(0.0, math.radians(20.0), km * 1e3)
        assert in_mask(radar.site(), *point) is seen


@pytest.mark.parametrize(
    ("height_km", "limb_km"),
    [(300, 1978), (500, 2573), (1000, 3707), (1350, 4362), (35786, 41673)],
)
def test_distance_to_the_limb_as_printed(height_km, limb_km):
    assert tangent_distance(height_km * 1e3, 6371e3) / 1e3 == pytest.approx(limb_km, abs=0.5)


def _lowest(first, second, endless):
    """Least height above the ellipsoid along a line, by brute force in stretched space."""
    stretch = np.array([1.0, 1.0, 1.0 / (1.0 - FLATTENING)])
    s = np.linspace(0.0, 1.0, 20001)
    if endless:
        s = np.concatenate([s, np.geomspace(1.0, 1e4, 20001)])
    line = (first + s[:, None] * (second - first)) * stretch
    return np.linalg.norm(line, axis=1).min() - RADIUS_EQUATOR_M


point = st.tuples(
    st.floats(-1, 1), st.floats(-math.pi, math.pi), st.floats(1e3, 4e7, allow_subnormal=False)
)


def _place(sin_lat, lon, height):
    cos_lat = math.sqrt(1.0 - sin_lat * sin_lat)
    radius = RADIUS_EQUATOR_M + height
    return radius * np.array([cos_lat * math.cos(lon), cos_lat * math.sin(lon), sin_lat])


@settings(max_examples=200, deadline=None)
@given(point, point, st.floats(0, 1e5))
def test_the_earth_hides_what_a_brute_force_line_hits(first, second, layer):
    a, b = _place(*first), _place(*second)
    lowest = _lowest(a, b, endless=False)
    assume(abs(lowest - layer) > 100.0 and np.linalg.norm(a - b) > 1.0)
    assert sees_past(*a, *b, layer) is bool(lowest > layer)
    assert sees_past(*b, *a, layer) is bool(lowest > layer)


def test_the_brute_force_line_tells_a_segment_from_a_ray():
    """Negative control: an object in front of the Earth is seen, though the ray goes on into it."""
    a, b = _place(0.0, 0.0, 1e6), _place(0.0, 0.01, 1e5)
    assert _lowest(a, b, endless=False) > 8e3 > 0.0 > _lowest(a, b, endless=True)
    assert sees_past(*a, *b, 8e3)
    assert not against_space(*a, *b, 8e3)


@settings(max_examples=200, deadline=None)
@given(point, point, st.floats(0, 1e5))
def test_space_lies_behind_what_a_brute_force_ray_never_meets(first, second, layer):
    a, b = _place(*first), _place(*second)
    assume(np.linalg.norm(a - b) > 1e4)
    lowest = _lowest(a, b, endless=True)
    assume(abs(lowest - layer) > 2000.0)
    assert against_space(*a, *b, layer) is bool(lowest > layer)


def test_information_is_the_inverse_covariance():
    generator = np.random.default_rng(3)
    for _ in range(20):
        u = generator.normal(size=3)
        u /= np.linalg.norm(u)
        along, across = generator.uniform(1, 100, 2)
        cov = across**2 * (np.eye(3) - np.outer(u, u)) + along**2 * np.outer(u, u)
        wanted = np.linalg.inv(cov)[np.triu_indices(3)]
        assert position_information(*u, along, across) == pytest.approx(wanted, abs=1e-12)
        # negative control: range and angle noise swapped
        assert position_information(*u, across, along) != pytest.approx(wanted, rel=1e-3)


def test_angles_alone_say_nothing_along_the_line_of_sight():
    u = np.array([2.0, -3.0, 6.0]) / 7.0
    information = np.zeros((3, 3))
    information[np.triu_indices(3)] = position_information(*u, math.inf, 50.0)
    information += np.triu(information, 1).T
    assert information @ u == pytest.approx(np.zeros(3), abs=1e-18)
    assert np.linalg.eigvalsh(information)[1:] == pytest.approx([1 / 2500] * 2)


def test_positions_between_samples(make_raid):
    """A flight sampled every second against itself sampled every 0.05 s."""
    coarse, fine = make_raid(2, seed=4, step_s=1.0), make_raid(2, seed=4, step_s=0.05)
    flight = flight_of(coarse)
    for obj in range(2):
        for k in range(1, 20000, 331):
            t_s = coarse.launch_t_s[obj] + 0.05 * k
            before = sample_before(t_s, coarse.launch_t_s[obj], 1.0, flight.samples[obj])
            got = position_at(flight, obj, before, t_s)
            # 1 mm: step^4 / 384 of the fourth derivative, and rounding of 1e7 m
            assert got == pytest.approx(fine.pos_eci_m[obj, k], abs=1e-3)
            if 5 < k % 20 < 15:  # negative control: a straight line between samples
                part = (k % 20) / 20.0
                ends = coarse.pos_eci_m[obj, before : before + 2]
                straight = (1.0 - part) * ends[0] + part * ends[1]
                assert np.linalg.norm(straight - fine.pos_eci_m[obj, k]) > 0.1


def test_signature_never_mixes_both_sides_of_burnout():
    assert signature_sample(179.5, 180.3, 179) == 179
    assert signature_sample(180.2, 180.3, 180) == 180
    assert signature_sample(180.4, 180.3, 180) == 181
