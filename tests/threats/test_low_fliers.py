"""Low fliers stay hidden below the horizon of a radar, straight or bent."""

import dataclasses
import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.sensing.kernels.horizon import bent_horizon, sees_over
from opendome.sensing.kernels.radar import in_mask
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.radar import Radar
from opendome.sources.catalogue import load_system
from opendome.world.earth import ecef_from_geodetic_xyz

from .cruisers import ERA_RAD, flier, fly

STANDARD = 4.0 / 3.0
LAT, LON = 37.0, -76.0
heights = st.floats(0.0, 12_000.0)


def radar(**changes):
    """A strong radar all round that looks below its horizontal."""
    plain = Radar(
        name="coast",
        asset=0,
        lat_rad=math.radians(LAT),
        lon_rad=math.radians(LON),
        alt_m=20.0,
        azimuth_from_rad=0.0,
        azimuth_to_rad=2.0 * math.pi,
        elevation_min_rad=math.radians(-10.0),
        elevation_max_rad=math.radians(90.0),
        range_max_m=600e3,
        range_reference_m=500e3,
        rcs_reference_m2=0.1,
        snr_reference=100.0,
        p_false_alarm=1e-6,
        angle_noise_rad=1e-3,
        angle_noise_floor_rad=1e-4,
        range_noise_m=10.0,
        range_noise_floor_m=1.0,
        look_interval_s=1.0,
        look_budget_hz=1000.0,
        earth_factor=STANDARD,
    )
    return dataclasses.replace(plain, **changes)


def edge_m(site, height_m, azimuth_deg=60.0):
    """Farthest ground distance at which a point of this height is in the mask [m]."""
    low, high = 1e3, 590e3
    for _ in range(40):
        middle = 0.5 * (low + high)
        end = Geodesic.WGS84.Direct(LAT, LON, azimuth_deg, middle)
        point = ecef_from_geodetic_xyz(
            math.radians(end["lat2"]), math.radians(end["lon2"]), height_m
        )
        low, high = (middle, high) if in_mask(site, *point) else (low, middle)
    return low


@pytest.mark.parametrize(
    ("name", "mast_m", "height_m"),
    [("radar_horizon_20m_mast_vs_50m", 20.0, 50.0), ("radar_horizon_9km_aew_vs_100m", 9e3, 100.0)],
)
def test_the_horizons_of_the_catalogue(name, mast_m, height_m):
    """48 and 432 km, printed to 1 km."""
    published_m = load_system("cruise-subsonic").parameters[name].value.middle
    assert bent_horizon(mast_m, height_m, STANDARD) == pytest.approx(published_m, abs=500.0)
    seen_m = edge_m(radar(alt_m=mast_m).site(), height_m)
    assert seen_m == pytest.approx(published_m, abs=0.002 * published_m + 500.0)


@given(heights, heights)
def test_the_published_formula(first_m, second_m):
    """4.12 km per root of metres, with second-order terms below 0.1 % (ATIS glossary)."""
    wanted_m = 4.12e3 * (math.sqrt(first_m) + math.sqrt(second_m))
    assert bent_horizon(first_m, second_m, STANDARD) == pytest.approx(wanted_m, rel=2e-3)


@given(heights, heights, st.sampled_from([1.0, STANDARD]))
def test_sight_ends_at_the_horizon(first_m, second_m, factor):
    """On the sphere, with the straight distance from the law of cosines."""
    edge = bent_horizon(first_m, second_m, factor)
    first, second = RADIUS_MEAN_M + first_m, RADIUS_MEAN_M + second_m
    for ground_m, seen in ((edge - 5.0, True), (edge + 5.0, False)):
        half = math.sin(0.5 * max(ground_m, 0.0) / RADIUS_MEAN_M)
        distance_m = math.sqrt((second - first) ** 2 + 4.0 * first * second * half * half)
        assert sees_over(first_m, second_m, distance_m, factor) == (seen or ground_m < 0.0)


@given(heights, heights, st.floats(1e3, 800e3))
def test_sight_is_mutual_and_air_only_helps(first_m, second_m, distance_m):
    distance_m = max(distance_m, abs(first_m - second_m))
    bent = sees_over(first_m, second_m, distance_m, STANDARD)
    assert bent == sees_over(second_m, first_m, distance_m, STANDARD)
    assert bent >= sees_over(first_m, second_m, distance_m, 1.0)


@given(st.floats(5.0, 9_000.0), st.floats(10.0, 9_000.0), st.floats(0.0, 360.0))
@settings(max_examples=40, deadline=None)
def test_straight_rays_agree_with_the_geometry_of_the_ellipsoid(mast_m, height_m, azimuth_deg):
    """With a factor beside 1 the sphere of the mean radius takes the place of the ellipsoid."""
    straight = edge_m(radar(alt_m=mast_m, earth_factor=1.0).site(), height_m, azimuth_deg)
    sphere = edge_m(radar(alt_m=mast_m, earth_factor=1.0 + 1e-9).site(), height_m, azimuth_deg)
    assert sphere == pytest.approx(straight, rel=3e-3)


def first_look(threat, **changes):
    """Ground distance from the radar at the first look at a flier that comes straight in [m]."""
    away = Geodesic.WGS84.Direct(LAT, LON, 90.0, 550e3)
    raid = fly(threat, (away["lat2"], away["lon2"], LAT, LON))
    looks = look_at(raid, SensorSuite(radars=(radar(**changes),)), era_epoch_rad=ERA_RAD)
    assert looks.t_s.size > 10
    return (raid.impact_t_s[0] - looks.t_s[0]) * threat.speed_m_s


def test_a_low_flier_is_first_seen_at_the_horizon():
    low = flier(altitude_m=50.0)
    assert first_look(low) == pytest.approx(47.6e3, abs=400.0)
    assert first_look(low, alt_m=9_000.0) == pytest.approx(420.3e3, abs=1_000.0)
    assert first_look(flier(altitude_m=9_000.0)) == pytest.approx(409.6e3, rel=0.01)


def test_without_refraction_it_is_seen_later():
    """The planted bug: straight rays where the air bends them."""
    assert first_look(flier(altitude_m=50.0), earth_factor=1.0) < 42e3


def test_a_mask_above_the_horizontal_hides_it_longer():
    seen_m = first_look(flier(altitude_m=50.0), elevation_min_rad=0.0)
    assert seen_m == pytest.approx(20e3, rel=0.1)  # where 30 m above the mast meet the horizontal


def test_higher_masts_and_higher_fliers_are_seen_no_later():
    seen = [first_look(flier(altitude_m=h), alt_m=10.0) for h in (30.0, 100.0, 1_000.0, 4_000.0)]
    assert np.all(np.diff(seen) > 0.0)
    seen = [first_look(flier(altitude_m=50.0), alt_m=h) for h in (10.0, 100.0, 1_000.0)]
    assert np.all(np.diff(seen) > 0.0)
