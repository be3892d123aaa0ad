"""Fractional orbits: against closed forms of the orbit and a plain integration."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from opendome.quantities.constants import J2 as J2_EARTH
from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S
from opendome.quantities.constants import RADIUS_EQUATOR_M as RADIUS_M
from opendome.sources.catalogue import load_system
from opendome.threats.kernels import status
from opendome.threats.kernels.orbit import fall_angle
from opendome.threats.orbital_spec import OrbitalSpec
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci

from .shots import far_away, fly, miss_m

SHORT = (20.0, 60.0, 35.0, -90.0)
LONG = (55.0, 90.0, 38.0, -95.0)


def vehicle(quantile=0.5, way="short", **changes):
    """The class with every uncertain value at one quantile, or with `quantile(field)`."""
    at = quantile if callable(quantile) else lambda _: quantile
    known = load_system("fobs").tree()
    spec = OrbitalSpec(
        **{k: v for k, v in known.items() if k in OrbitalSpec.model_fields} | {"way": way}
    )
    craft = spec.realise(lambda field, value: value.quantile(at(field)))
    return dataclasses.replace(craft, **changes)


@pytest.fixture(scope="module")
def craft():
    return vehicle(way="long", range_min_m=5e6)


@pytest.fixture(scope="module")
def raid(craft):
    return fly(craft, [LONG])


def orbit_rows(craft, raid):
    """Samples between insertion and impulse."""
    after_s = np.arange(raid.valid.shape[1]) * raid.step_s
    return np.flatnonzero((after_s > craft.boost_s + 1) & (after_s < raid.turn_t_s[0] - 1))


@pytest.mark.parametrize("way", ["short", "long"])
def test_any_draw_of_the_catalogue_hits_any_aim_in_reach(way):
    rng = np.random.default_rng(3)
    for _ in range(8):
        craft = vehicle(lambda _: rng.uniform(), way)
        courses = []
        for _ in range(2):
            start = rng.uniform(-60.0, 60.0), rng.uniform(-180.0, 180.0)
            reach = rng.uniform(1.02 * craft.range_min_m, 0.98 * craft.range_max_m)
            courses.append((*start, *far_away(*start, rng.uniform(0.0, 360.0), reach)))
        raid = fly(craft, courses)
        assert raid.refused == ()
        assert miss_m(raid, courses).max() < 250.0


def test_the_orbit_is_a_low_circle_at_its_speed(craft, raid):
    """Speed sqrt(mu / r) at insertion; radius within what J2 and the ellipsoid do to it."""
    rows = orbit_rows(craft, raid)
    pos, vel = raid.pos_eci_m[0, rows], raid.vel_eci_m_s[0, rows]
    radius, speed = np.linalg.norm(pos, axis=1), np.linalg.norm(vel, axis=1)
    assert speed[0] == pytest.approx(math.sqrt(MU_M3_S2 / radius[0]), rel=1e-3)
    assert np.ptp(radius) < 40e3
    height = geodetic_from_ecef(pos[0])[2]
    assert height == pytest.approx(craft.altitude_m, abs=500.0)


def test_it_turns_as_fast_as_a_circle_does(craft, raid):
    """Angle over time against 2 pi / T, T = 2 pi sqrt(r^3 / mu) at the mean radius."""
    rows = orbit_rows(craft, raid)
    pos = raid.pos_eci_m[0, rows]
    steps = np.linalg.norm(np.cross(pos[:-1], pos[1:]), axis=1)
    angle = np.arctan2(steps, np.einsum("ij,ij->i", pos[:-1], pos[1:])).sum()
    radius = np.linalg.norm(pos, axis=1).mean()
    rate = math.sqrt(MU_M3_S2 / radius**3)
    assert angle == pytest.approx(rate * (rows[-1] - rows[0]) * raid.step_s, rel=3e-3)
    assert angle > math.pi  # the long way round


def plain_orbit_gap_m(raid, craft, j2):
    """Largest distance from a plain integration over the whole orbit, without air."""

    def rates(_, state):
        pos = state[:3]
        r = np.linalg.norm(pos)
        z = 5.0 * (pos[2] / r) ** 2
        bulge = 1.5 * j2 * (RADIUS_M / r) ** 2
        shape = np.array([1.0 - z, 1.0 - z, 3.0 - z])
        return np.concatenate((state[3:], -MU_M3_S2 / r**3 * pos * (1.0 + bulge * shape)))

    rows = orbit_rows(craft, raid)
    state = np.concatenate((raid.pos_eci_m[0, rows[0]], raid.vel_eci_m_s[0, rows[0]]))
    t_s = (rows - rows[0]) * raid.step_s
    flown = solve_ivp(rates, (0.0, t_s[-1]), state, t_eval=t_s, rtol=1e-10, atol=1e-6)
    return np.linalg.norm(flown.y[:3].T - raid.pos_eci_m[0, rows], axis=1).max()


def test_the_orbit_equals_a_plain_integration(craft, raid):
    """2,500 s; the drag left out moves it by some ten metres along its way at 200 km."""
    assert plain_orbit_gap_m(raid, craft, J2_EARTH) < 30.0


def test_an_orbit_without_oblateness_is_noticed(craft, raid):
    assert plain_orbit_gap_m(raid, craft, 0.0) > 5000.0


def test_the_impulse_takes_its_speed_away(craft, raid):
    row = int(raid.turn_t_s[0] / raid.step_s)
    speed = np.linalg.norm(raid.vel_eci_m_s[0], axis=1)
    assert speed[row] - speed[row + 1] == pytest.approx(craft.retro_m_s, abs=2.0)


def test_the_fall_agrees_with_the_closed_form(craft, raid):
    """Two bodies from a circle: time to the ground within 1 %, the drag included."""
    rows = orbit_rows(craft, raid)
    radius = np.linalg.norm(raid.pos_eci_m[0, rows[-1]])
    hit = np.linalg.norm(raid.pos_eci_m[0, np.flatnonzero(raid.valid[0])[-1]])
    _, fall_s = fall_angle(radius, hit, craft.retro_m_s)
    assert raid.impact_t_s[0] - raid.turn_t_s[0] == pytest.approx(fall_s, rel=0.01)


def test_fall_angle_against_energy_and_momentum():
    """Kepler's laws by hand: radius at the angle returned is the ground, time by quadrature."""
    radius, ground, retro = 6.578e6, 6.378e6, 200.0
    angle, fall_s = fall_angle(radius, ground, retro)
    momentum = radius * (math.sqrt(MU_M3_S2 / radius) - retro)
    semilatus = momentum**2 / MU_M3_S2
    e = 1.0 - semilatus / radius
    assert semilatus / (1.0 - e * math.cos(angle)) == pytest.approx(ground, rel=1e-9)
    true = np.linspace(0.0, angle, 20001)
    swept = (semilatus / (1.0 - e * np.cos(true))) ** 2 / momentum
    assert np.trapezoid(swept, true) == pytest.approx(fall_s, rel=1e-7)
    assert math.isnan(fall_angle(radius, ground, 30.0)[0])  # it stays above the ground


def test_the_long_way_comes_from_the_other_side(craft, raid):
    """From north to north: by the long way it arrives heading north, by the short one south."""

    def northward(one):
        last = np.flatnonzero(one.valid[0])[-60:]
        turn = ROTATION_RAD_S * last
        lat = [geodetic_from_ecef(ecef_from_eci(p, a))[0]
               for p, a in zip(one.pos_eci_m[0, last], turn, strict=True)]  # fmt: skip
        return lat[-1] > lat[0]

    other = fly(vehicle(), [(40.0, 60.0, 30.0, -95.0)])
    assert other.refused == ()
    assert northward(raid)
    assert not northward(other)


def test_what_cannot_be_reached_is_refused_with_the_reason():
    near = fly(vehicle(range_min_m=1e5), [(40.0, 100.0, 45.0, 120.0)])
    assert near.refused[0].reason == status.REASONS[status.NO_DEORBIT]
    out = fly(vehicle(), [(40.0, 100.0, 45.0, 120.0)])
    assert out.refused[0].reason == status.REASONS[status.OUT_OF_RANGE]
    weak = fly(vehicle(retro_m_s=20.0), [SHORT])
    assert weak.refused[0].reason == status.REASONS[status.NO_IMPACT]


def test_the_record(craft, raid):
    assert raid.hot_until_t_s[0] == raid.burnout_t_s[0] == craft.boost_s
    assert raid.burnout_t_s[0] < raid.turn_t_s[0] < raid.impact_t_s[0]
    assert raid.manoeuvre_psd_m2_s3[0] == 0.0
    assert miss_m(raid, [LONG])[0] < 250.0
