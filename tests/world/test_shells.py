"""Averages of a shell against published figures and each other; counts against their plain twin."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.errors import OpendomeError
from opendome.world.constellations import Walker
from opendome.world.shells import (
    NO_ANGLE,
    cap_density,
    cap_share,
    directions,
    even_shell_share,
    fewest,
    fill_counts,
    latitude_density,
    plane_table,
    point_formula_biased,
    reach_angle,
    satellites_in_reach,
    satellites_within,
    smallest_per_plane,
)

DAY_S = np.arange(0.0, 86_400.0, 60.0)
R_M = RADIUS_EQUATOR_M


def deg(angle):
    return math.radians(angle)


def walker(satellites=7800, planes=78, altitude_m=400e3, inclination=85.0, phasing=1, kind="delta"):
    return Walker(
        kind=kind,
        satellites=satellites,
        planes=planes,
        phasing=phasing,
        altitude_m=altitude_m,
        inclination_rad=deg(inclination),
    )


# --- published figures -------------------------------------------------------------


@pytest.mark.parametrize(
    ("inclination", "latitude", "density"),
    [
        *zip([45] * 5, [0, 20, 36, 40, 41], [0.900, 1.029, 1.620, 2.161, 2.413], strict=True),
        *zip(
            [90] * 7,
            [0, 20, 36, 40, 41, 50, 55],
            [0.637, 0.677, 0.787, 0.831, 0.844, 0.990, 1.110],
            strict=True,
        ),
    ],
)
def test_latitude_density(inclination, latitude, density):
    # the published values have three decimals, so half of the last counts too
    ours = float(latitude_density(deg(inclination), deg(latitude)))
    assert ours == pytest.approx(density, rel=1e-3, abs=5e-4)


def test_latitude_density_ends_at_the_inclination():
    density = latitude_density(deg(45), np.radians([44.999999, 45.0, 50.0, -50.0]))
    assert density[0] > 1000.0
    assert np.isinf(density[1])
    assert np.isnan(density[2:]).all()


def test_availability_of_a_layer_of_sixty_degrees():
    """A published layer at 300 km with a reach of 836 km seen from 40.32 deg: 0.4342 %."""
    radius_m = 6371e3 + 300e3
    share = even_shell_share(836e3, radius_m) * latitude_density(deg(60), deg(40.32))
    assert float(share) == pytest.approx(0.004342, rel=5e-3)
    assert 1.0 / float(share) == pytest.approx(230.3, rel=5e-3)
    # over the whole cap it is a little more: the density grows towards the inclination
    angle = reach_angle(836e3, radius_m, radius_m)
    assert 1.005 < cap_share(deg(60), deg(40.32), angle) / float(share) < 1.02


@pytest.mark.parametrize(
    ("reach_km", "formula", "mean", "fewest"), [(753, 20.13, 20.11, 17), (532, 10.05, 9.99, 8)]
)
def test_moving_constellation_of_7800(reach_km, formula, mean, fewest):
    """Published: 400 random moments of 7,800 satellites at 85 deg over latitude 40 deg."""
    point = 7800 * even_shell_share(reach_km * 1e3, R_M + 400e3)
    assert float(point * latitude_density(deg(85), deg(40))) == pytest.approx(formula, rel=1e-3)
    moments = np.random.default_rng(1).uniform(0.0, 86_400.0, 400)
    counts = satellites_in_reach(
        walker(), deg(40), altitude_m=400e3, reach_m=reach_km * 1e3, t_s=moments
    )
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert abs(counts.min() - fewest) <= 1


def test_a_formula_of_the_wrong_latitude_would_be_noticed():
    counts = satellites_in_reach(walker(), deg(55), altitude_m=400e3, reach_m=753e3, t_s=DAY_S)
    assert counts.mean() != pytest.approx(20.11, rel=0.02)


# --- averages against each other ----------------------------------------------------


def sampled_share(inclination, latitude, angle):
    """Share of a cap by brute force: satellites at many places of one orbit, at all longitudes."""
    theta = 2.0 * math.pi * (np.arange(2_000_000) + 0.5) / 2_000_000
    sine = math.sin(inclination) * np.sin(theta)
    above = math.cos(angle) - math.sin(latitude) * sine
    ratio = above / (math.cos(latitude) * np.sqrt(1.0 - sine * sine))
    return float(np.mean(np.arccos(np.clip(ratio, -1.0, 1.0))) / math.pi)


@pytest.mark.parametrize(
    ("inclination", "latitude", "angle"),
    [(45, 41, 6), (45, 45, 6), (45, 50, 6), (85, 40, 6), (85, 85, 6), (60, -50, 70), (5, 3, 20)],
)
def test_mean_over_a_cap(inclination, latitude, angle):
    case = deg(inclination), deg(latitude), deg(angle)
    assert cap_share(*case) == pytest.approx(sampled_share(*case), rel=1e-5)


def test_caps_that_can_be_done_by_hand():
    # from the pole, a polar orbit spends 2 x 6 of 360 degrees within six degrees of it
    assert cap_share(deg(90), deg(90), deg(6)) == pytest.approx(12 / 360, rel=1e-9)
    # an equatorial orbit is within ten degrees of a point of the equator for 20 of 360
    assert cap_share(0.0, 0.0, deg(10)) == pytest.approx(20 / 360, rel=1e-9)
    assert cap_share(0.0, deg(15), deg(10)) == 0.0
    assert cap_share(deg(30), deg(20), math.pi) == pytest.approx(1.0, rel=1e-9)
    assert cap_share(deg(45), deg(52), deg(6)) == 0.0


@settings(max_examples=40, deadline=None)
@given(
    inclination=st.floats(1.0, 179.0),
    latitude=st.floats(-89.0, 89.0),
    angle=st.floats(0.5, 80.0),
)
def test_share_of_a_cap_is_even_in_latitude_and_grows(inclination, latitude, angle):
    share = cap_share(deg(inclination), deg(latitude), deg(angle))
    assert -1e-12 <= share <= 1.0 + 1e-9
    mirrored = cap_share(deg(inclination), -deg(latitude), deg(angle))
    assert mirrored == pytest.approx(share, rel=1e-7, abs=1e-9)
    retrograde = cap_share(deg(180.0 - inclination), deg(latitude), deg(angle))
    assert retrograde == pytest.approx(share, rel=1e-7, abs=1e-9)
    assert cap_share(deg(inclination), deg(latitude), deg(angle + 1.0)) >= share - 1e-9


def test_small_cap_has_the_density_of_its_middle():
    for inclination, latitude in ((45, 20), (60, 40), (85, 0)):
        point = float(latitude_density(deg(inclination), deg(latitude)))
        assert cap_density(deg(inclination), deg(latitude), deg(0.2)) == pytest.approx(
            point, rel=1e-4
        )


def test_even_spread_over_all_inclinations():
    """Poles of orbits spread evenly over the sphere make an even shell: weight sin i."""
    inclination = (np.arange(400) + 0.5) * math.pi / 400
    shares = [cap_share(i, deg(33), deg(7)) for i in inclination]
    mean = np.sum(np.array(shares) * np.sin(inclination)) / np.sum(np.sin(inclination))
    assert mean == pytest.approx(math.sin(deg(3.5)) ** 2, rel=2e-3)


@pytest.mark.parametrize(
    ("inclination", "latitude", "angle", "biased"),
    [
        (85, 40, 6.4, False),  # far from the limit
        (45, 41, 6.4, True),  # the cap reaches over it
        (45, 50, 6.4, True),  # beyond it
        (45, 36, 6.4, True),  # inside, yet the density is bent
        (45, 20, 3.0, False),
        (90, 88, 6.0, True),
        (90, 40, 6.0, False),
        (135, 41, 6.4, True),  # retrograde alike
    ],
)
def test_where_the_point_formula_is_biased(inclination, latitude, angle, biased):
    assert point_formula_biased(deg(inclination), deg(latitude), deg(angle)) is biased


# --- counts -------------------------------------------------------------------------

LATITUDES = np.radians([0.0, 20.0, 44.0, -51.0, 89.9])
LONGITUDES = np.radians([0.0, 130.0, -77.0, 60.0, 10.0])


@settings(max_examples=25, deadline=None)
@given(
    planes=st.integers(1, 12),
    per_plane=st.integers(1, 15),
    phasing=st.floats(0.0, 0.99),
    inclination=st.floats(0.0, 180.0),
    altitude_m=st.floats(2e5, 2e7),
    over=st.floats(0.2, 30.0),
    kind=st.sampled_from(["delta", "star"]),
)
def test_planes_count_as_satellites_do(
    planes, per_plane, phasing, inclination, altitude_m, over, kind
):
    pattern = walker(planes * per_plane, planes, altitude_m, inclination, phasing * planes, kind)
    case = {"altitude_m": 1e5, "reach_m": altitude_m * over, "t_s": DAY_S[:200:7], "era_rad": 1.3}
    quick = satellites_in_reach(pattern, LATITUDES, LONGITUDES, **case)
    plain = satellites_in_reach(pattern.elements(), LATITUDES, LONGITUDES, **case)
    assert quick.shape == (5, 29)
    # a satellite exactly on the edge may fall to either side by rounding
    assert np.abs(quick - plain).sum() <= 2


def test_mean_of_many_moments_is_the_share_of_the_cap():
    pattern = walker(1600, 40, inclination=45.0)
    for latitude in (0.0, 36.0, 41.0, 44.0, 48.0):
        angle = reach_angle(753e3, R_M + 400e3, R_M + 400e3)
        expected = 1600 * cap_share(deg(45), deg(latitude), angle)
        counts = satellites_in_reach(
            pattern, deg(latitude), altitude_m=400e3, reach_m=753e3, t_s=DAY_S
        )
        assert counts.mean() == pytest.approx(expected, rel=0.01)


def test_reach_too_short_to_climb():
    assert math.isnan(reach_angle(50e3, R_M + 400e3, R_M + 200e3))
    counts = satellites_in_reach(walker(), deg(40), altitude_m=200e3, reach_m=50e3, t_s=DAY_S[:10])
    assert not counts.any()
    with pytest.raises(OpendomeError, match="more than 0 m"):
        satellites_in_reach(walker(), deg(40), altitude_m=200e3, reach_m=0.0, t_s=DAY_S[:10])


def test_reach_angle_by_hand():
    # a right triangle: legs 3 and 4, straight line 5
    assert reach_angle(5.0, 3.0, 4.0) == pytest.approx(math.pi / 2)
    assert reach_angle(1e9, 7e6, 7e6) == pytest.approx(math.pi)


def test_more_reach_never_counts_less():
    pattern = walker(300, 10, inclination=60.0)
    before = np.zeros((5, 50), dtype=np.int64)
    for reach_m in (3e5, 6e5, 1e6, 2e6, 5e6):
        counts = satellites_in_reach(
            pattern, LATITUDES, LONGITUDES, altitude_m=1e5, reach_m=reach_m, t_s=DAY_S[:50]
        )
        assert (counts >= before).all()
        before = counts
    assert satellites_within(pattern, 0.0, 0.0, angle_rad=math.pi, t_s=[0.0]).tolist() == [[300]]


# --- searches -----------------------------------------------------------------------

REACH_RAD = reach_angle(753e3, R_M + 400e3, R_M + 400e3)
COSINES = (math.cos(REACH_RAD), NO_ANGLE)


def least_of(pattern):
    points = directions(LATITUDES[:3], LONGITUDES[:3])
    return fewest(plane_table(pattern), points, COSINES, DAY_S[::10], 0)


def test_the_smallest_number_is_smallest():
    points = directions(LATITUDES[:3], LONGITUDES[:3])
    per_plane = smallest_per_plane(
        plane_table(walker(40, 40)), points, COSINES, DAY_S[::10], 3, (1, 500)
    )
    assert 20 < per_plane < 200
    assert least_of(walker(40 * per_plane, 40)) >= 3
    assert least_of(walker(40 * per_plane - 40, 40)) < 3


def test_a_search_that_finds_none_says_so():
    points = directions(LATITUDES[:3], LONGITUDES[:3])
    table = plane_table(walker(3, 3))
    assert smallest_per_plane(table, points, COSINES, DAY_S[::10], 1, (1, 300)) == 0


def test_fewest_is_the_least_of_all_counts():
    pattern = walker(800, 20)
    counts = satellites_within(
        pattern, LATITUDES[:3], LONGITUDES[:3], angle_rad=REACH_RAD, t_s=DAY_S[::10]
    )
    assert least_of(pattern) == counts.min()


def test_a_band_of_angles_is_the_difference_of_two_caps():
    pattern = walker(400, 20, inclination=70.0)
    table, points = plane_table(pattern), directions(LATITUDES, LONGITUDES)
    band = np.empty((5, 50), dtype=np.int64)
    fill_counts(table, points, (math.cos(0.5), math.cos(0.2)), DAY_S[:50], 0.0, band)
    caps = [
        satellites_within(pattern, LATITUDES, LONGITUDES, angle_rad=angle, t_s=DAY_S[:50])
        for angle in (0.5, 0.2)
    ]
    assert (band == caps[0] - caps[1]).all()
