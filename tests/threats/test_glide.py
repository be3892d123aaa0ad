"""Hypersonic gliders: their flight against a plain twin, published figures, and what must hold."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from opendome.quantities.constants import J2 as J2_EARTH
from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S
from opendome.quantities.constants import RADIUS_EQUATOR_M as RADIUS_M
from opendome.sources.catalogue import load_system
from opendome.threats.glide_spec import GlideSpec
from opendome.threats.kernels import status
from opendome.world.atmosphere import us76
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci

from .shots import far_away, fly, group, miss_m

COURSE = (29.0, 112.0, 13.5, 144.8)  # about 3,700 km to the south-east


def spec(**changes):
    """The class as the catalogue has it, with changes."""
    known = load_system("hgv").tree()
    return GlideSpec(**{k: v for k, v in known.items() if k in GlideSpec.model_fields} | changes)


def glider(quantile=0.5, **changes):
    """The class with every uncertain value at one quantile, or with `quantile(field)`."""
    at = quantile if callable(quantile) else lambda _: quantile
    known = spec().realise(lambda field, value: value.quantile(at(field)))
    return dataclasses.replace(known, **changes)


def in_air(raid, n=0, era=0.0):
    """Time since launch [s], Earth-fixed position and velocity, height [m], of valid samples."""
    rows = np.flatnonzero(raid.valid[n])
    turn = era + ROTATION_RAD_S * (raid.launch_t_s[n] + rows * raid.step_s)
    pos = np.array(
        [ecef_from_eci(p, a) for p, a in zip(raid.pos_eci_m[n, rows], turn, strict=True)]
    )
    vel = np.array(
        [ecef_from_eci(v, a) for v, a in zip(raid.vel_eci_m_s[n, rows], turn, strict=True)]
    )
    vel -= np.cross([0.0, 0.0, ROTATION_RAD_S], pos)
    return rows * raid.step_s, pos, vel, geodetic_from_ecef(pos)[2]


@pytest.fixture(scope="module")
def craft():
    return glider()


@pytest.fixture(scope="module")
def raid(craft):
    return fly(craft, [COURSE])


# --- against a plain twin ----------------------------------------------------------


def density(height_m):
    return us76(height_m)[2]


def twin_rates(craft, aim, coriolis):
    """Rates of a glide in axes that turn with the Earth, by vectors, away from the dive."""
    spin = np.array([0.0, 0.0, ROTATION_RAD_S])

    def rates(_, state):
        pos, vel = state[:3], state[3:]
        radius, speed = np.linalg.norm(pos), np.linalg.norm(vel)
        up = pos / radius
        sine = pos[2] / radius
        bulge = 1.5 * J2_EARTH * (RADIUS_M / radius) ** 2
        gravity = (
            -MU_M3_S2
            / radius**2
            * ((1.0 + bulge * (1.0 - 5.0 * sine**2)) * up + 2.0 * bulge * np.array([0, 0, sine]))
        )
        height = float(geodetic_from_ecef(pos)[2])
        rho, above = density(height), density(height + 1000.0)
        scale = 1000.0 / math.log(rho / above)
        drag = 0.5 * rho * speed**2 / craft.ballistic_coefficient_kg_m2
        lift = craft.lift_to_drag * drag
        forward = vel / speed
        lifted = up - (up @ forward) * forward
        lifted /= np.linalg.norm(lifted)
        right = np.cross(forward, lifted)
        flat = forward - (forward @ up) * up
        to_aim = aim - pos
        to_aim = to_aim - (to_aim @ up) * up
        off = math.atan2(to_aim @ right, to_aim @ flat / np.linalg.norm(flat))
        swing = math.sqrt(lift / scale)
        sinking = -2.0 * np.linalg.norm(gravity) * scale / (speed * craft.lift_to_drag)
        upward = 1.0 - 2.0 * craft.damping * (vel @ up - sinking) * swing / lift
        upward = min(craft.lift_max, max(0.0, upward))
        most = math.sqrt(craft.lift_max**2 - upward**2)
        side = min(most, max(-most, speed * off * swing / lift))
        drag *= 0.5 * (1.0 + upward**2 + side**2)
        pull = gravity - drag * forward + lift * (upward * lifted + side * right)
        if coriolis:
            pull -= 2.0 * np.cross(spin, vel) + np.cross(spin, np.cross(spin, pos))
        return np.concatenate((vel, pull))

    return rates


def twin_gap_m(craft, raid, coriolis=True):
    """Largest distance between flight and twin over 700 s of pull-up and glide."""
    t_s, pos, vel, _ = in_air(raid)
    first = math.ceil(craft.boost_s) + 1
    rows = np.arange(first, first + 700)
    aim = craft.legs(group_of(craft))[0, -1]
    flown = solve_ivp(
        twin_rates(craft, aim, coriolis), (t_s[first], t_s[rows[-1]]),
        np.concatenate((pos[first], vel[first])), t_eval=t_s[rows], rtol=1e-9, atol=1e-6,
        method="DOP853", max_step=5.0,
    )  # fmt: skip
    return np.linalg.norm(flown.y[:3].T - pos[rows], axis=1).max()


def group_of(craft):
    """The one object of `raid`."""
    return group(craft, [COURSE])


def test_the_flight_equals_a_plain_twin(craft, raid):
    """Other axes, other integrator, another air; 700 s and 3,000 km."""
    assert twin_gap_m(craft, raid) < 30.0


def test_a_twin_without_coriolis_is_noticed(craft, raid):
    assert twin_gap_m(craft, raid, coriolis=False) > 1000.0


# --- what the class promises -------------------------------------------------------


def test_any_draw_of_the_catalogue_hits_any_aim_in_reach():
    rng = np.random.default_rng(5)
    for _ in range(12):
        craft = glider(lambda _: rng.uniform())
        courses = []
        for _ in range(3):
            start = rng.uniform(-60.0, 60.0), rng.uniform(-180.0, 180.0)
            reach = rng.uniform(1.02 * craft.range_min_m, 0.98 * craft.range_max_m)
            courses.append((*start, *far_away(*start, rng.uniform(0.0, 360.0), reach)))
        raid = fly(craft, courses)
        assert raid.refused == ()
        assert miss_m(raid, courses).max() < 250.0


def test_the_boost_ends_level_at_its_altitude(craft, raid):
    t_s, pos, vel, height = in_air(raid)
    row = np.searchsorted(t_s, craft.boost_s)
    assert height[row] == pytest.approx(craft.burnout_altitude_m, abs=500.0)
    climb = np.einsum("ij,ij->i", pos, vel)[row] / np.linalg.norm(pos[row])
    assert abs(climb) < 20.0
    assert np.linalg.norm(vel, axis=1)[row] < craft.speed_max_m_s


def test_heights_of_the_glide_are_the_published_ones():
    """29 to 57 km between 2 and 7 km/s (catalogue: hgv, glide_altitude), from 5.8 km/s on."""
    craft = glider(lift_to_drag=2.6, ballistic_coefficient_kg_m2=13000.0, speed_max_m_s=6e3)
    raid = fly(dataclasses.replace(craft, range_max_m=6e6), [(30.0, 75.0, 13.5, 130.0)])
    assert raid.refused == ()
    t_s, _, vel, height = in_air(raid)
    speed = np.linalg.norm(vel, axis=1)
    assert speed[t_s > craft.boost_s].max() == pytest.approx(5.7e3, abs=300.0)
    for wanted, km in ((2.3e3, 31.2), (4e3, 40.0), (5e3, 45.0)):
        row = np.flatnonzero((speed > wanted) & (t_s > craft.boost_s))[-1]
        assert height[row] / 1e3 == pytest.approx(km, abs=1.6)


def test_the_dive_begins_at_its_speed(craft, raid):
    _, pos, vel, _ = in_air(raid)
    aim = craft.legs(group_of(craft))[0, -1]
    row = np.flatnonzero(np.linalg.norm(pos - aim, axis=1) > craft.dive_distance_m)[-1]
    assert np.linalg.norm(vel[row]) == pytest.approx(craft.dive_speed_m_s, rel=0.02)


def test_a_glide_without_damping_skips(craft):
    def swings(damping):
        raid = fly(dataclasses.replace(craft, damping=damping), [COURSE])
        assert raid.refused == ()
        t_s, _, _, height = in_air(raid)
        glide = np.diff(height[t_s > craft.boost_s + 150.0])
        return int((np.diff(np.sign(glide)) != 0).sum())

    assert swings(0.7) <= 2 < 4 <= swings(0.0)


def test_a_side_step_leads_by_its_waypoint(craft):
    for aside in (200e3, -200e3):
        turning = dataclasses.replace(craft, side_step_m=aside)
        course = (29.0, 112.0, 15.0, 140.0)
        raid = fly(turning, [course])
        assert raid.refused == ()
        assert miss_m(raid, [course])[0] < 250.0
        _, pos, _, _ = in_air(raid)
        start, aim = pos[0], craft.legs(group_of(craft))[0, -1]
        aim = in_air(raid)[1][-1]
        right = np.cross(aim, start) / np.linalg.norm(np.cross(aim, start))
        off = pos @ right
        assert np.sign(off[np.abs(off).argmax()]) == np.sign(aside)
        assert 100e3 < np.abs(off).max() < 250e3


def test_what_cannot_be_reached_is_refused_with_the_reason(craft):
    near, far = (29.0, 112.0, 29.0, 114.0), (29.0, 112.0, 29.0, 170.0)
    raid = fly(craft, [near, COURSE, far])
    assert [entry.object for entry in raid.refused] == [0, 2]
    assert {entry.reason for entry in raid.refused} == {status.REASONS[status.OUT_OF_RANGE]}
    assert not raid.valid[[0, 2]].any()
    slow = fly(dataclasses.replace(craft, speed_max_m_s=3000.0), [COURSE])
    assert slow.refused[0].reason == status.REASONS[status.TOO_FAST]


# --- the record --------------------------------------------------------------------


def test_it_glows_by_its_speed(craft, raid):
    t_s, _, vel, _ = in_air(raid)
    shown = raid.intensity_w_sr[0][raid.valid[0]]
    burning = t_s < craft.boost_s
    assert set(shown[burning]) == {craft.intensity_boost_w_sr}
    speed = np.linalg.norm(vel, axis=1)
    for known, bright in zip(craft.glow_m_s, craft.glow_w_sr, strict=True):
        after = np.flatnonzero(~burning & (speed < known))
        if speed[~burning].max() > known:
            assert shown[after[0]] == pytest.approx(bright, rel=0.02)
    assert (np.diff(shown[~burning]) <= 1e-9).mean() > 0.95  # it slows, so it fades
    assert raid.hot_until_t_s[0] == raid.impact_t_s[0]
    assert raid.manoeuvre_psd_m2_s3[0] == craft.manoeuvre_psd_m2_s3 > 0.0
    assert raid.turn_t_s[0] == -np.inf


def test_a_batch_of_one_equals_the_batch(craft):
    courses = [COURSE, (31.0, 110.0, 13.5, 144.8)]
    both = fly(craft, courses, launch_t_s=[0.0, 30.0])
    for n, course in enumerate(courses):
        alone = fly(craft, [course], launch_t_s=[both.launch_t_s[n]])
        count = alone.valid.shape[1]
        for name in ("pos_eci_m", "vel_eci_m_s", "intensity_w_sr", "rcs_m2"):
            ours, theirs = getattr(alone, name)[0], getattr(both, name)[n, :count]
            assert np.array_equal(ours, theirs, equal_nan=True), name


def test_the_step_only_thins_the_samples(craft, raid):
    coarse = fly(craft, [COURSE], step_s=7.0)
    rows = np.flatnonzero(coarse.valid[0])
    np.testing.assert_allclose(coarse.pos_eci_m[0, rows], raid.pos_eci_m[0, rows * 7], atol=1e-6)


def test_a_glow_that_falls_with_speed_is_refused():
    with pytest.raises(ValueError, match="speeds that always rise"):
        spec(glow=[{"speed": "3 km/s", "intensity": "1 kW/sr"},
                   {"speed": "2 km/s", "intensity": "2 kW/sr"}])  # fmt: skip
