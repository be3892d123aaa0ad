"""Rockets and mortar rounds against closed form, published ranges and a plain twin."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S
from opendome.scenario.compose import compose
from opendome.sources.catalogue import load_system
from opendome.threats.groups import RaidGroup
from opendome.threats.rocket import RocketClass
from opendome.threats.rocket_spec import HALF_INSIDE
from opendome.threats.spec import spec_of
from opendome.world.atmosphere import density_us76
from opendome.world.earth import altitude_xyz, geodetic_from_ecef
from opendome.world.frames import ecef_from_eci
from opendome.world.geodesy import geodesic_direct, geodesic_inverse
from opendome.world.gravity import gravity_j2

LAUNCH_RAD = (0.55, 0.6)
STILL = RocketClass(
    launch_m_s=200.0,
    burnout_m_s=200.0,
    high=False,
    range_min_m=50.0,
    range_max_m=300e3,
    intensity_boost_w_sr=1000.0,
    intensity_body_w_sr=10.0,
    rcs_m2=0.02,
)
CLASSES = ("mortar-81mm", "mortar-120mm", "rocket-122mm", "rocket-home-made", "rocket-heavy")
MORTAR_81_AREA_M2 = math.pi / 4.0 * 0.081**2


def fly(rocket, range_m, azimuth_rad=0.7, *, scatter=None, step_s=1.0, objects=1):
    """Throw a class over a range from one point."""
    many = np.ones(objects)
    lat, lon, _ = geodesic_direct(
        LAUNCH_RAD[0] * many, LAUNCH_RAD[1] * many, azimuth_rad * many, range_m * many
    )
    group = RaidGroup(
        threat=rocket,
        class_name="rocket",
        launch_t_s=0.0 * many,
        launch_lat_rad=LAUNCH_RAD[0] * many,
        launch_lon_rad=LAUNCH_RAD[1] * many,
        aim_lat_rad=lat,
        aim_lon_rad=lon,
        scatter=scatter,
    )
    return group, rocket.fly(group, era_epoch_rad=1.0, step_s=step_s)


def heights_m(flown, step_s):
    """Height of every sample of the first object."""
    pos_ecef_m = ecef_from_eci(
        flown.pos_eci_m[0], 1.0 + ROTATION_RAD_S * step_s * np.arange(flown.pos_eci_m.shape[1])
    )
    return geodetic_from_ecef(pos_ecef_m)[2]


def reach_m(rocket):
    """Longest range of a class, by halving."""
    free = replace(rocket, high=False, range_min_m=1.0, range_max_m=300e3)
    low, high = 100.0, 250e3
    for _ in range(30):
        middle = 0.5 * (low + high)
        _, flown = fly(free, middle)
        low, high = (middle, high) if flown.reasons[0] == "" else (low, middle)
    return low


def gravity_here_m_s2():
    """Weight at the launch point: gravitation less the turning of the Earth."""
    sine, cosine = math.sin(LAUNCH_RAD[0]), math.cos(LAUNCH_RAD[0])
    x, z = 6378137.0 * cosine, 6356752.0 * sine
    ax, _, az = gravity_j2(x, 0.0, z)
    ax += ROTATION_RAD_S**2 * x
    return math.hypot(ax, az)


# --- closed form ---------------------------------------------------------------------


@pytest.mark.parametrize("high", [False, True])
@pytest.mark.parametrize("range_m", [1000.0, 2500.0, 3900.0])
def test_without_air_it_flies_the_parabola(range_m, high):
    """t = 2 v sin(e) / g with sin(2 e) = g R / v^2; northward, so that Coriolis
    does not lift; curvature leaves 0.2 percent."""
    g, v = gravity_here_m_s2(), 200.0
    angle = 0.5 * math.asin(g * range_m / v**2)
    angle = 0.5 * math.pi - angle if high else angle
    _, flown = fly(replace(STILL, high=high), range_m, 0.0, step_s=0.125)
    assert flown.impact_s[0] == pytest.approx(2.0 * v * math.sin(angle) / g, rel=2e-3)
    peak_m = (v * math.sin(angle)) ** 2 / (2.0 * g)
    assert np.nanmax(heights_m(flown, 0.125)) == pytest.approx(peak_m, rel=6e-3)


def test_the_longest_range_without_air_is_the_square_of_the_speed_over_gravity():
    assert reach_m(STILL) == pytest.approx(200.0**2 / gravity_here_m_s2(), rel=2e-3)


def test_with_air_the_closed_form_fails():
    """Negative control: the tolerance of the parabola does not forgive drag."""
    angle = 0.5 * math.asin(gravity_here_m_s2() * 2500.0 / 200.0**2)
    _, flown = fly(replace(STILL, ballistic_coefficient_kg_m2=4000.0), 2500.0)
    parabola_s = 400.0 * math.sin(angle) / gravity_here_m_s2()
    assert flown.impact_s[0] != pytest.approx(parabola_s, rel=2e-2)


# --- a plain twin ----------------------------------------------------------------------


def rate(_, state, beta):
    """Change of an inertial state: gravity with J2 and drag, by the published formulas."""
    x, y, z, vx, vy, vz = state
    ux, uy = vx + ROTATION_RAD_S * y, vy - ROTATION_RAD_S * x
    drag = 0.5 * density_us76(altitude_xyz(x, y, z)) * math.sqrt(ux**2 + uy**2 + vz**2) / beta
    ax, ay, az = gravity_j2(x, y, z)
    return [vx, vy, vz, ax - drag * ux, ay - drag * uy, az - drag * vz]


def test_it_falls_as_a_fine_integration_says():
    """DOP853 at 1e-10 from the sample after burnout: within 0.1 m and 0.01 m/s all the way."""
    rocket = replace(
        STILL,
        launch_m_s=50.0,
        burnout_m_s=690.0,
        burn_s=2.0,
        ballistic_coefficient_kg_m2=8500.0,
    )
    _, flown = fly(rocket, 18e3)
    pos, vel = flown.pos_eci_m[0], flown.vel_eci_m_s[0]
    times = np.arange(2.0, int(flown.impact_s[0]) + 1.0)
    exact = solve_ivp(
        rate,
        (2.0, times[-1]),
        np.concatenate([pos[2], vel[2]]),
        "DOP853",
        times,
        args=(8500.0,),
        rtol=1e-10,
        atol=1e-6,
    ).y.T
    assert np.abs(exact[:, :3] - pos[2 : 2 + len(times)]).max() < 0.1
    assert np.abs(exact[:, 3:] - vel[2 : 2 + len(times)]).max() < 0.01


def test_the_boost_is_straight_and_ends_at_its_speed():
    rocket = replace(STILL, launch_m_s=50.0, burnout_m_s=690.0, burn_s=2.0)
    _, flown = fly(rocket, 15e3, step_s=0.5)
    pos, vel = flown.pos_eci_m[0], flown.vel_eci_m_s[0]
    spin = np.cross([0.0, 0.0, ROTATION_RAD_S], pos)
    speed = np.linalg.norm(vel - spin, axis=1)[:5]
    assert speed == pytest.approx([50.0, 210.0, 370.0, 530.0, 690.0], abs=1e-6)
    ground = ecef_from_eci(pos[:5], 1.0 + ROTATION_RAD_S * 0.5 * np.arange(5))
    steps = np.diff(ground, axis=0)
    ways = steps / np.linalg.norm(steps, axis=1, keepdims=True)
    assert np.allclose(ways, ways[0], atol=1e-9)


# --- published figures -----------------------------------------------------------------


@pytest.mark.parametrize("drag_coefficient", [0.15, 0.20])
def test_an_81_mm_mortar_reaches_its_published_range(drag_coefficient):
    """213.4 m/s, 3.20 kg, 81 mm and 3,018 m are published; a slender finned body below the speed
    of sound has a drag coefficient of 0.15 to 0.2: within 6 percent."""
    beta = 3.20 / (drag_coefficient * MORTAR_81_AREA_M2)
    mortar = replace(STILL, launch_m_s=213.4, burnout_m_s=213.4, ballistic_coefficient_kg_m2=beta)
    assert reach_m(mortar) == pytest.approx(3018.0, rel=0.06)


def test_without_drag_the_published_range_is_missed_by_half():
    """Negative control of the test above."""
    assert reach_m(replace(STILL, launch_m_s=213.4, burnout_m_s=213.4)) > 1.5 * 3018.0


def test_one_drag_coefficient_serves_two_mortars():
    """What the published range of the 81 mm round asks for carries a 120 mm round of 16 kg and
    325 m/s to its 7,180 m within 3 percent."""
    drag_coefficient = 0.176
    beta = 16.0 / (drag_coefficient * math.pi / 4.0 * 0.120**2)
    mortar = replace(STILL, launch_m_s=325.0, burnout_m_s=325.0, ballistic_coefficient_kg_m2=beta)
    assert reach_m(mortar) == pytest.approx(7180.0, rel=0.03)


def corners(name):
    """A class of the catalogue at its fastest and at its slowest."""
    system = load_system(name)
    values, findings = compose(spec_of(system), {}, system)
    assert findings == []
    late = ("range_max", "burn_time")
    for share in (0.0, 1.0):
        yield values.spec.realise(
            lambda key, value, q=share: value.quantile(1.0 - q if key in late else q)
        )


@pytest.mark.parametrize("name", CLASSES)
def test_every_draw_of_a_class_reaches_what_the_class_declares(name):
    longest_s = compose(spec_of(load_system(name)), {}, load_system(name))[0].spec.longest_s
    for rocket in corners(name):
        for range_m in (rocket.range_min_m, rocket.range_max_m):
            _, flown = fly(rocket, range_m)
            assert flown.reasons == ("",)
            assert flown.impact_s[0] < longest_s


@pytest.mark.parametrize("name", ["mortar-81mm", "rocket-122mm", "rocket-home-made"])
def test_the_published_range_lies_within_what_the_draws_reach(name):
    low, high = sorted(reach_m(rocket) for rocket in corners(name))
    published = load_system(name).parameters["published_range_max"].value.middle
    assert 0.97 * low < published < 1.03 * high


# --- aiming ----------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    share=st.floats(0.3, 0.99),
    azimuth_rad=st.floats(-math.pi, math.pi),
    high=st.booleans(),
)
def test_it_falls_where_it_is_aimed(share, azimuth_rad, high):
    rocket = replace(STILL, high=high, ballistic_coefficient_kg_m2=4000.0)
    group, flown = fly(rocket, share * 2827.0, azimuth_rad)
    assert flown.reasons == ("",)
    miss_m, _, _ = geodesic_inverse(
        group.aim_lat_rad, group.aim_lon_rad, flown.impact_lat_rad, flown.impact_lon_rad
    )
    assert miss_m[0] < 0.5


def test_the_high_arc_lasts_longer():
    low, high = (fly(replace(STILL, high=arc), 2500.0)[1].impact_s[0] for arc in (False, True))
    assert high > 1.5 * low


def test_errors_fall_as_declared():
    """2,000 rounds: deviation within 6 percent, 99.9 percent of the time for each axis."""
    luck = np.random.default_rng(7).normal(size=(2000, 2))
    rocket = replace(STILL, ballistic_coefficient_kg_m2=4000.0, dispersion=0.02)
    group, flown = fly(rocket, 2000.0, 0.0, scatter=luck, objects=2000)
    north_m = (flown.impact_lat_rad - group.aim_lat_rad) * 6.36e6
    east_m = (flown.impact_lon_rad - group.aim_lon_rad) * 6.385e6 * math.cos(0.55)
    assert north_m.std() == pytest.approx(40.0, rel=0.06)
    assert east_m.std() == pytest.approx(40.0, rel=0.06)
    assert abs(np.corrcoef(north_m, luck[:, 0])[0, 1]) > 0.999
    assert abs(np.corrcoef(east_m, luck[:, 1])[0, 1]) > 0.999


def test_half_of_the_impacts_lie_inside_the_circle():
    luck = np.random.default_rng(8).normal(size=(2000, 2))
    rocket = replace(STILL, ballistic_coefficient_kg_m2=4000.0, dispersion_m=100.0 / HALF_INSIDE)
    group, flown = fly(rocket, 2000.0, 0.0, scatter=luck, objects=2000)
    miss_m, _, _ = geodesic_inverse(
        group.aim_lat_rad, group.aim_lon_rad, flown.impact_lat_rad, flown.impact_lon_rad
    )
    assert np.mean(miss_m < 100.0) == pytest.approx(0.5, abs=0.037)  # 99.9 percent


def test_what_it_cannot_do_is_said():
    assert "no launch angle" in fly(STILL, 6000.0)[1].reasons[0]
    assert "too near" in fly(replace(STILL, high=True), 100.0)[1].reasons[0]
    assert "outside the range" in fly(replace(STILL, range_max_m=1000.0), 2000.0)[1].reasons[0]
    flown = fly(STILL, 6000.0)[1]
    assert np.isnan(flown.impact_s).all()
    assert np.isnan(flown.pos_eci_m).all()


def test_gravity_is_that_of_the_earth():
    assert gravity_here_m_s2() == pytest.approx(MU_M3_S2 / 6371e3**2, rel=5e-3)
