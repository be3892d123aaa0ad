"""Coverage of areas: Ballard's rosettes, a street, sight by vectors, and gaps by hand."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.sensing.area_coverage import (
    area_coverage,
    fold_coverage,
    satellites_in_view,
    size_sensors,
    streets_of_coverage,
    view_band,
)
from opendome.sensing.area_records import SensorTask, View
from opendome.world.constellations import Walker
from opendome.world.coverage import even_directions, footprint_half_angle, street_half_width
from opendome.world.layouts import Layout
from opendome.world.shells import plane_table
from opendome.world.visibility import line_of_sight, sees_against_space

R_M = RADIUS_EQUATOR_M
GLOBE = even_directions(400)
GLOBE_LAT, GLOBE_LON = np.arcsin(GLOBE[:, 2]), np.arctan2(GLOBE[:, 1], GLOBE[:, 0])
LAYOUT = Layout(kind="delta", phasing=1.0, step_s=120.0, duration_s=86_400.0)


def deg(angle):
    return math.radians(angle)


def task(fold=1, view=None, altitude_m=1e6, inclination=80.0, lat=(40.0,), lon=None):
    return SensorTask(
        fold=fold,
        view=view or View(target_altitude_m=1e5, grazing_m=3e4),
        altitude_m=altitude_m,
        inclination_rad=deg(inclination),
        lat_rad=np.radians(lat),
        lon_rad=np.zeros(len(lat)) if lon is None else np.radians(lon),
    )


# --- published constellations ---------------------------------------------------------

# satellites, planes, harmonic m, inclination [deg], worst central angle [deg] (Ballard 1980)
ROSETTES = [
    (5, 5, 1.0, 43.66, 69.15),
    (6, 6, 4.0, 53.13, 66.42),
    (7, 7, 5.0, 55.69, 60.26),
    (8, 8, 6.0, 61.86, 56.52),
    (9, 9, 7.0, 70.54, 54.81),
    (11, 11, 4.0, 53.79, 47.62),
    (12, 3, 0.25, 50.73, 47.90),
]


def fewest_of_rosette(satellites, planes, harmonic, inclination, angle):
    pattern = Walker(
        kind="delta",
        satellites=satellites,
        planes=planes,
        phasing=harmonic * satellites / planes % planes,
        altitude_m=8e6,
        inclination_rad=deg(inclination),
    )
    counts = satellites_in_view(
        plane_table(pattern),
        GLOBE_LAT,
        GLOBE_LON,
        band_rad=(deg(angle), 0.0),
        t_s=np.arange(0.0, 3 * 86_400.0, 180.0),
    )
    return int(counts.min())


@pytest.mark.parametrize("rosette", ROSETTES, ids=lambda r: f"{r[0]}-{r[1]}")
def test_rosettes_cover_the_globe_at_the_published_angle_and_not_much_below(rosette):
    *pattern, angle = rosette
    assert fewest_of_rosette(*pattern, angle + 0.02) >= 1
    # 400 points and steps of 3 min find the gap of a footprint one degree too small
    assert fewest_of_rosette(*pattern, angle - 1.0) == 0


def test_the_iridium_street_has_no_gap_and_an_even_one_has():
    """Six polar planes of eleven, 780 km, mask 8.2 deg: spaced as published, and spread evenly."""
    footprint = footprint_half_angle(780e3, deg(8.2), radius_m=R_M)
    half = street_half_width(footprint, 11)
    assert math.degrees(5 * (footprint + half) + 2 * half) == pytest.approx(180.31, abs=0.01)
    pattern = Walker(
        kind="star",
        satellites=66,
        planes=6,
        phasing=0.0,
        altitude_m=780e3,
        inclination_rad=deg(90),
    )
    fewest = []
    for spacing in (footprint + half, math.pi / 6):
        table = plane_table(pattern)
        table[0] = spacing * np.arange(6)
        table[7] = 0.5 * np.arange(6)  # neighbours half a slot out of step
        counts = satellites_in_view(
            table, GLOBE_LAT, GLOBE_LON, band_rad=(footprint, 0.0), t_s=np.arange(0.0, 86_400, 60.0)
        )
        fewest.append(counts.min())
    assert fewest == [1, 0]


def test_streets_of_coverage_finds_the_iridium_pattern():
    footprint = footprint_half_angle(780e3, deg(8.2), radius_m=R_M)
    assert streets_of_coverage(footprint) == 66
    # one satellite that sees half the globe: two planes are never needed, but three satellites are
    assert streets_of_coverage(deg(89.9)) <= 6


# --- what one satellite sees -----------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(
    altitude_m=st.floats(2e5, 4e7),
    target_m=st.floats(0.0, 1.5e5),
    grazing_m=st.floats(0.0, 1e5),
    share=st.floats(0.001, 0.999),
    space=st.booleans(),
)
def test_band_of_angles_is_sight_by_vectors(altitude_m, target_m, grazing_m, share, space):
    """A point at any angle is inside the band exactly when the straight line is free."""
    view = View(target_altitude_m=target_m, grazing_m=grazing_m, against_space=space)
    far, near = view_band(view, altitude_m)
    angle = share * math.pi
    if min(abs(angle - far), abs(angle - near)) < 1e-6:
        return
    satellite = (R_M + altitude_m, 0.0, 0.0)
    point = ((R_M + target_m) * math.cos(angle), (R_M + target_m) * math.sin(angle), 0.0)
    free = line_of_sight(*satellite, *point, R_M + grazing_m)
    if space:
        free = free and target_m >= grazing_m
        free = free and sees_against_space(*satellite, *point, R_M + grazing_m)
    assert (near <= angle <= far) == free


@settings(max_examples=100, deadline=None)
@given(altitude_m=st.floats(2e5, 4e7), elevation=st.floats(0.0, 80.0), target_m=st.floats(0, 1e5))
def test_edge_of_the_band_has_the_elevation_asked_for(altitude_m, elevation, target_m):
    view = View(target_altitude_m=target_m, elevation_min_rad=deg(elevation))
    far, _ = view_band(view, altitude_m)
    a, b = R_M + altitude_m, R_M + target_m
    along, up = a * math.sin(far), a * math.cos(far) - b
    assert math.degrees(math.atan2(up, along)) == pytest.approx(elevation, abs=1e-6)


def test_range_and_cone_narrow_the_band():
    wide = View(target_altitude_m=1e5, grazing_m=3e4)
    far, near = view_band(wide, 1e6)
    assert near == 0.0
    by_range, _ = view_band(replace(wide, range_max_m=2e6), 1e6)
    a, b = R_M + 1e6, R_M + 1e5
    assert math.sqrt(a * a + b * b - 2 * a * b * math.cos(by_range)) == pytest.approx(2e6)
    by_cone, _ = view_band(replace(wide, half_angle_rad=deg(40)), 1e6)
    nadir = math.atan2(b * math.sin(by_cone), a - b * math.cos(by_cone))
    assert math.degrees(nadir) == pytest.approx(40.0)
    assert by_cone < far
    assert by_range < far
    # a cone wider than the limb takes nothing away
    assert view_band(replace(wide, half_angle_rad=deg(75)), 1e6)[0] == far


@pytest.mark.parametrize(
    ("view", "altitude_m"),
    [
        (View(target_altitude_m=2e6), 1e6),  # above the satellite
        (View(target_altitude_m=1e5, range_max_m=5e5), 1e6),  # too far even straight below
        (View(target_altitude_m=1e4, grazing_m=3e4, against_space=True), 1e6),
        (View(target_altitude_m=1e5, half_angle_rad=deg(10), against_space=True), 1e6),
    ],
)
def test_where_nothing_is_seen(view, altitude_m):
    assert all(math.isnan(angle) for angle in view_band(view, altitude_m))
    answer = size_sensors(task(view=view, altitude_m=altitude_m), LAYOUT)
    assert "no satellite sees a point" in answer.binding
    assert not answer.feasible
    json.dumps(answer.to_dict(), allow_nan=False)


# --- gaps --------------------------------------------------------------------------------


def test_gaps_by_hand():
    """One point: seen by 1 0 0 2 0 1 1 0 0 0 satellites at moments 10 s apart; another always."""
    counts = np.array([[1, 0, 0, 2, 0, 1, 1, 0, 0, 0], [1, 1, 1, 1, 2, 1, 1, 1, 1, 1]])
    places = {"lat_rad": np.array([0.1, 0.2]), "lon_rad": np.array([0.3, 0.4])}
    one = fold_coverage(counts, 1, step_s=10.0, **places)
    assert one.p_worst == pytest.approx(0.4)
    assert one.p_mean == pytest.approx(0.7)
    assert one.gap_max_s == 30.0
    assert one.gap_mean_s == pytest.approx(20.0)
    assert one.wait_mean_s == pytest.approx(10.0 * (4 + 1 + 9) / 20)
    assert (one.lat_rad, one.lon_rad) == (0.1, 0.3)
    assert not one.continuous
    two = fold_coverage(counts, 2, step_s=10.0, **places)
    assert two.p_worst == pytest.approx(0.1)
    assert two.gap_max_s == 60.0
    full = fold_coverage(counts[1:], 1, step_s=10.0, lat_rad=np.zeros(1), lon_rad=np.zeros(1))
    assert full.continuous
    assert (full.gap_max_s, full.gap_mean_s, full.wait_mean_s) == (0.0, 0.0, 0.0)


def test_revisit_of_one_satellite_is_its_period():
    """An equatorial point under one equatorial satellite: a gap each synodic period."""
    asked = task(inclination=0.0, lat=(0.0,), view=View(elevation_min_rad=0.0))
    layout = replace(LAYOUT, step_s=10.0, satellites=1, planes=1)
    seen = size_sensors(asked, layout).coverage
    motion = math.sqrt(3.986004418e14 / (R_M + 1e6) ** 3) * (1 + 3 * 1.08262982e-3 * 0.7473)
    period_s = 2 * math.pi / (motion - 7.292115e-5)
    share = footprint_half_angle(1e6, 0.0, radius_m=R_M) / math.pi
    first = seen.folds[0]
    assert first.gap_max_s == pytest.approx(period_s * (1 - share), abs=25.0)
    assert first.p_worst == pytest.approx(share, abs=0.01)
    assert seen.folds[1].gap_max_s == 86_400.0


# --- how many ------------------------------------------------------------------------


@pytest.mark.parametrize(("fold", "kind"), [(1, "delta"), (2, "delta"), (1, "star"), (2, "star")])
def test_smallest_number_has_no_gap_and_one_less_has(fold, kind):
    asked = task(fold, lat=(35.0, 45.0), lon=(130.0, 140.0))
    layout = replace(LAYOUT, kind=kind, planes=5)
    found = size_sensors(asked, layout)
    assert found.coverage.fewest == fold
    assert found.coverage.folds[fold - 1].continuous
    assert found.coverage.folds[fold - 1].gap_max_s == 0.0
    assert found.satellites >= found.estimates["cap_density"].satellites
    judged = size_sensors(asked, replace(layout, satellites=found.satellites))
    assert judged.enough is True
    assert judged.coverage == found.coverage
    fewer = replace(layout, satellites=found.satellites - 5, step_s=layout.step_s / 7)
    assert size_sensors(asked, fewer).enough is False


def test_stereo_takes_more_and_free_planes_take_no_more():
    one, two = (size_sensors(task(fold), LAYOUT).satellites for fold in (1, 2))
    assert one < two
    assert one <= size_sensors(task(1), replace(LAYOUT, planes=5)).satellites


def test_whole_globe_from_low_orbit_is_near_the_streets():
    """Streets of coverage are the best polar planes; a Walker pattern of few planes is near."""
    asked = SensorTask(
        fold=1,
        view=View(elevation_min_rad=deg(5)),
        altitude_m=1.2e6,
        inclination_rad=deg(86),
        lat_rad=GLOBE_LAT[::6],
        lon_rad=GLOBE_LON[::6],
    )
    answer = size_sensors(asked, replace(LAYOUT, kind="star"))
    streets = answer.estimates["streets"].satellites
    assert 0.85 < answer.satellites / streets < 1.5


def test_impossible_tasks_name_what_binds():
    beyond = size_sensors(task(inclination=20.0, lat=(80.0,)), LAYOUT)
    assert "the orbits end at latitude 20 deg" in beyond.binding
    gaps = size_sensors(task(lat=(0.0,)), replace(LAYOUT, planes=1))
    assert gaps.binding.startswith("1 plane leaves gaps")
    assert gaps.satellites is None
    judged = size_sensors(
        task(inclination=20.0, lat=(80.0,)), replace(LAYOUT, satellites=30, planes=5)
    )
    assert judged.enough is False
    assert judged.coverage.folds[0].p_worst == 0.0
    for answer in (beyond, gaps, judged):
        json.dumps(answer.to_dict(), allow_nan=False)


@settings(max_examples=20, deadline=None)
@given(
    grazing_m=st.floats(0.0, 9e4),
    fewer=st.integers(1, 3),
    inclination=st.floats(30.0, 100.0),
)
def test_a_higher_mask_never_covers_more(grazing_m, fewer, inclination):
    layout = replace(LAYOUT, step_s=900.0)
    pattern = Walker(
        kind="delta",
        satellites=24,
        planes=6,
        phasing=1.0,
        altitude_m=1e6,
        inclination_rad=deg(inclination),
    )
    low = task(3, View(target_altitude_m=1e5), lat=(10.0, 50.0))
    high = replace(low, view=View(target_altitude_m=1e5, grazing_m=grazing_m))
    before, after = (area_coverage(one, layout, pattern) for one in (low, high))
    assert after.mean <= before.mean
    for fold in range(3):
        assert after.folds[fold].p_mean <= before.folds[fold].p_mean
        assert after.folds[fold].gap_max_s >= before.folds[fold].gap_max_s
    assert before.folds[fewer - 1].p_mean >= before.folds[2].p_mean


def test_turning_all_nodes_changes_nothing_over_a_whole_belt():
    """Seen from all longitudes of a latitude, a turned constellation is the same one."""
    lon = np.arange(0.0, 360.0, 15.0)
    asked = task(lat=tuple(40.0 for _ in lon), lon=tuple(lon))
    pattern = Walker(
        kind="delta", satellites=30, planes=5, phasing=1.0, altitude_m=1e6, inclination_rad=deg(70)
    )
    one = area_coverage(asked, LAYOUT, pattern)
    other = area_coverage(asked, LAYOUT, replace(pattern, raan0_rad=deg(45)))
    assert other.mean == pytest.approx(one.mean, rel=1e-12)
    assert other.folds[0].p_mean == pytest.approx(one.folds[0].p_mean, rel=1e-12)
    assert other.folds[1].gap_max_s == one.folds[1].gap_max_s
