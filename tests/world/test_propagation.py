"""Free flight: an independent integrator, conservation, order, events, samples, bad input."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from opendome.quantities.constants import J2, MU_M3_S2, RADIUS_EQUATOR_M, ROTATION_RAD_S
from opendome.quantities.errors import OpendomeError
from opendome.world.atmosphere import AIR_US76, us76
from opendome.world.dop853 import DENSE_STAGES, STEP_STAGES
from opendome.world.earth import altitude_xyz, ecef_from_geodetic, geodetic_from_ecef
from opendome.world.flight import (
    acceleration,
    dense_at,
    fill_dense,
    fill_rates,
    fill_stages,
)
from opendome.world.frames import ecef_from_eci, enu_axes, velocity_eci_from_ground
from opendome.world.propagation import (
    EARTH,
    NOT_FINITE,
    REACHED_ALTITUDE,
    REACHED_END,
    STATUS_TEXT,
    Planet,
    fly_all,
    fly_ballistic,
)

US76 = (AIR_US76.pieces, AIR_US76.first_piece)
VACUUM_SPHERE = Planet(j2=0.0, flattening=0.0, rotation_rad_s=0.0)


def shots(count, seed=1, *, altitude=(100e3, 250e3)):
    """Bodies after burnout, ranges of about 300 to 13 000 km: positions, velocities, beta."""
    rng = np.random.default_rng(seed)
    lat, lon = np.arcsin(rng.uniform(-1, 1, count)), rng.uniform(-math.pi, math.pi, count)
    pos = ecef_from_geodetic(lat, lon, rng.uniform(*altitude, count))
    climb, heading = rng.uniform(0.3, 0.8, count), rng.uniform(0, math.tau, count)
    speed = rng.uniform(1500.0, 7000.0, count)
    local = np.stack(
        (np.cos(climb) * np.sin(heading), np.cos(climb) * np.cos(heading), np.sin(climb)), axis=-1
    )
    ground = speed[:, None] * np.einsum("oij,oi->oj", enu_axes(lat, lon), local)
    return pos, velocity_eci_from_ground(pos, ground), np.exp(rng.uniform(6.5, 9.5, count))


def plain_acceleration(pos, vel, beta):
    """The model in plain numpy with the full, slow air and height."""
    r = np.linalg.norm(pos)
    s2 = (pos[2] / r) ** 2
    factor = 1.5 * J2 * (RADIUS_EQUATOR_M / r) ** 2
    pull = -MU_M3_S2 / r**3 * pos * (1 + factor * (np.array([1, 1, 3]) - 5 * s2))
    if math.isinf(beta):
        return pull
    height = float(geodetic_from_ecef(pos)[2])
    wind = vel - np.cross([0, 0, ROTATION_RAD_S], pos)
    return pull - us76(height)[2] * np.linalg.norm(wind) * wind / (2 * beta)


# --- the model ---------------------------------------------------------------------


@settings(max_examples=300)
@given(
    st.floats(-1.57, 1.57), st.floats(-3.1, 3.1), st.floats(-4e3, 1.3e6),
    st.tuples(*[st.floats(-8e3, 8e3)] * 3), st.sampled_from([math.inf, 500.0, 8000.0]),
)  # fmt: skip
def test_both_twins_are_the_model(lat, lon, alt, velocity, beta):
    state = np.concatenate((ecef_from_geodetic(lat, lon, alt), velocity))
    wanted = plain_acceleration(state[:3], state[3:], beta)
    plain = acceleration(*state, 1 / beta, EARTH.numbers, *US76)
    rates, trial = np.zeros((16, 6)), np.empty(6)
    fill_stages(STEP_STAGES, 0.0, state, trial, rates, 1 / beta, EARTH.numbers, *US76)
    scale = np.linalg.norm(wanted)
    assert np.abs(plain - wanted).max() < 2e-5 * scale  # the fast air is within 1e-5
    assert np.abs(rates[7, 3:] - plain).max() < 1e-12 * scale
    assert (trial == state).all()


def test_air_that_turns_does_not_brake_what_turns_with_it():
    pos = ecef_from_geodetic(0.4, 0.3, 20e3)
    vel = velocity_eci_from_ground(pos, np.zeros(3))
    numbers = EARTH.numbers
    assert acceleration(*pos, *vel, 1e-2, numbers, *US76) == pytest.approx(
        acceleration(*pos, *vel, 0.0, numbers, *US76), abs=1e-12
    )
    assert acceleration(*pos, 0.0, 0.0, 0.0, 1e-2, numbers, *US76)[0] != pytest.approx(
        acceleration(*pos, 0.0, 0.0, 0.0, 0.0, numbers, *US76)[0], abs=1e-3
    )


# --- against an independent integrator ---------------------------------------------


def fly_in_the_turning_frame(pos, vel, beta, t_stop):
    """Another method (LSODA) in another frame (Earth-fixed, with Coriolis), plain model."""
    spin = np.array([0.0, 0.0, ROTATION_RAD_S])

    def rate(t, y):
        p, v = y[:3], y[3:]
        inertial = v + np.cross(spin, p)
        push = plain_acceleration(p, inertial, beta)
        return np.concatenate((v, push - 2 * np.cross(spin, v) - np.cross(spin, np.cross(spin, p))))

    start = np.concatenate((pos, vel - np.cross(spin, pos)))
    flown = solve_ivp(rate, (0.0, t_stop), start, method="LSODA", rtol=1e-11, atol=1e-5)
    return flown.y[:3, -1]


@pytest.mark.parametrize(("drag", "gate_m"), [(False, 1.0), (True, 10.0)])
def test_impact_agrees_with_an_independent_integrator(drag, gate_m):
    """Gates of the project: 10 m without air, 100 m with; here a tenth of that."""
    pos, vel, beta = shots(25, seed=2)
    beta = beta if drag else np.full(25, math.inf)
    flown = fly_all(pos, vel, t_end_s=6000.0, beta_kg_m2=beta)
    assert (flown.status == REACHED_ALTITUDE).all()
    impact = ecef_from_eci(flown.pos_stop_eci_m, ROTATION_RAD_S * flown.t_stop_s)
    assert np.abs(geodetic_from_ecef(impact)[2]).max() < 1e-2
    for i in range(25):
        other = fly_in_the_turning_frame(pos[i], vel[i], float(beta[i]), float(flown.t_stop_s[i]))
        assert np.linalg.norm(other - impact[i]) < gate_m


def test_the_oracle_would_notice_air_at_rest():
    pos, vel, beta = shots(1, seed=3)
    still = fly_all(pos, vel, t_end_s=6000.0, beta_kg_m2=beta, planet=Planet(rotation_rad_s=0.0))
    turning = fly_all(pos, vel, t_end_s=6000.0, beta_kg_m2=beta)
    assert np.linalg.norm(still.pos_stop_eci_m - turning.pos_stop_eci_m) > 100.0


# --- conservation and order ----------------------------------------------------------


def energy_and_momentum(pos, vel):
    r = np.linalg.norm(pos, axis=-1)
    bulge = J2 * (RADIUS_EQUATOR_M / r) ** 2 * (3 * (pos[..., 2] / r) ** 2 - 1) / 2
    energy = (vel**2).sum(-1) / 2 - MU_M3_S2 / r * (1 - bulge)
    return energy, np.cross(pos, vel)[..., 2]


def test_one_day_in_orbit():
    """Energy and spin-axis momentum to 1e-10 over a day at 400 km; flown back, 1 mm."""
    pos = np.array([[RADIUS_EQUATOR_M + 400e3, 0.0, 0.0]])
    vel = np.array([[0.0, 4700.0, 6050.0]])
    day = fly_all(pos, vel, t_end_s=86400.0, tolerance=1e-13, step_s=600.0, samples=144)
    assert day.status[0] == REACHED_END
    energy, momentum = energy_and_momentum(day.pos_eci_m[0], day.vel_eci_m_s[0])
    assert np.abs(energy / energy[0] - 1).max() < 1e-10
    assert np.abs(momentum / momentum[0] - 1).max() < 1e-10
    back = fly_all(
        day.pos_stop_eci_m, day.vel_stop_eci_m_s, t_start_s=86400.0, t_end_s=0.0, tolerance=1e-13
    )
    assert np.linalg.norm(back.pos_stop_eci_m - pos) < 1e-3


def test_flown_back_through_the_air():
    """Drag makes the way back unstable, so only down to 20 km and within a metre."""
    pos, vel, beta = shots(5, seed=4)
    down = fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=beta, stop_altitude_m=20e3, tolerance=1e-12)
    up = fly_all(
        down.pos_stop_eci_m, down.vel_stop_eci_m_s, t_start_s=down.t_stop_s, t_end_s=0.0,
        beta_kg_m2=beta, stop_altitude_m=-math.inf, tolerance=1e-12,
    )  # fmt: skip
    assert (up.status == REACHED_END).all()
    assert np.abs(up.pos_stop_eci_m - pos).max() < 1.0


def fixed_step_error(steps, *, dense_part=None):
    """Error after one quarter of a circular orbit in equal steps, or of the dense output."""
    radius = 7e6
    rate = math.sqrt(MU_M3_S2 / radius**3)
    numbers = VACUUM_SPHERE.numbers
    state = np.array([radius, 0, 0, 0, 0.6 * rate * radius, 0.8 * rate * radius])
    rates, after, trial = np.zeros((16, 6)), np.empty(6), np.empty(6)
    dense = np.empty((8, 6))
    h = math.pi / 2 / rate / steps
    worst = 0.0

    def exact(t):
        c, s = math.cos(rate * t), math.sin(rate * t)
        return radius * np.array([c, 0.6 * s, 0.8 * s])

    for k in range(steps):
        fill_rates(state, rates, 0.0, numbers, *US76)
        fill_stages(STEP_STAGES, h, state, after, rates, 0.0, numbers, *US76)
        if dense_part is not None:
            fill_stages(DENSE_STAGES, h, state, trial, rates, 0.0, numbers, *US76)
            fill_dense(h, state, after, rates, dense)
            dense_at(dense_part, dense, trial)
            worst = max(worst, float(np.linalg.norm(trial[:3] - exact((k + dense_part) * h))))
        state[:] = after
    return worst if dense_part is not None else float(np.linalg.norm(state[:3] - exact(steps * h)))


def test_order_of_the_method():
    """Observed order at least 7.8 (theory 8) for the step, 6.8 (theory 7) for the dense output."""
    step = math.log2(fixed_step_error(3) / fixed_step_error(6))
    dense = math.log2(fixed_step_error(3, dense_part=0.4) / fixed_step_error(6, dense_part=0.4))
    assert step > 7.8
    assert dense > 6.8


def test_error_follows_the_tolerance():
    """The promise of the docstring; a few lie just above, as the error of a step is estimated."""
    pos, vel, beta = shots(200, seed=5)
    sharp = fly_all(pos, vel, t_end_s=6000.0, beta_kg_m2=beta, tolerance=1e-13)
    for tolerance in (1e-6, 1e-8, 1e-9, 1e-10):
        flown = fly_all(pos, vel, t_end_s=6000.0, beta_kg_m2=beta, tolerance=tolerance)
        miss = np.linalg.norm(flown.pos_stop_eci_m - sharp.pos_stop_eci_m, axis=1)
        assert np.quantile(miss, 0.99) < tolerance * RADIUS_EQUATOR_M
        assert miss.max() < 2 * tolerance * RADIUS_EQUATOR_M


# --- events --------------------------------------------------------------------------


def test_event_times_do_not_depend_on_the_steps():
    """Gate: 1 ms. Coarse tolerances take steps of minutes, fine ones of seconds."""
    pos, vel, beta = shots(100, seed=6)
    times = [
        fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=beta, tolerance=t, stop_altitude_m=30e3).t_stop_s
        for t in (1e-8, 1e-9, 1e-10, 1e-12)
    ]
    assert np.ptp(times, axis=0).max() < 1e-3


def test_a_dip_inside_one_step_is_found():
    """An orbit whose perigee dips 200 m below the level for some 30 s, without air."""
    level, axis = 300e3, 9e6
    perigee = VACUUM_SPHERE.radius_m + level - 200.0
    e = 1.0 - perigee / axis
    apogee_speed = math.sqrt(MU_M3_S2 / axis * (1 - e) / (1 + e))
    flown = fly_all(
        [[axis * (1 + e), 0.0, 0.0]], [[0.0, apogee_speed, 0.0]], t_end_s=20000.0,
        stop_altitude_m=level, tolerance=1e-9, planet=VACUUM_SPHERE,
    )  # fmt: skip
    anomaly = math.acos((1.0 - (VACUUM_SPHERE.radius_m + level) / axis) / e)
    mean = anomaly - e * math.sin(anomaly)
    half_period = math.pi * math.sqrt(axis**3 / MU_M3_S2)
    assert flown.status[0] == REACHED_ALTITUDE
    assert flown.t_stop_s[0] == pytest.approx(half_period * (1 - mean / math.pi), abs=1e-3)


def test_a_start_on_the_ground_flies():
    pos = ecef_from_geodetic(0.5, 0.3)[None]
    up = enu_axes(0.5, 0.3)[2]
    rising = fly_all(
        pos, velocity_eci_from_ground(pos, 500.0 * up[None]), t_end_s=500.0, beta_kg_m2=5e4
    )
    sinking = fly_all(pos, velocity_eci_from_ground(pos, -500.0 * up[None]), t_end_s=500.0)
    assert rising.status[0] == REACHED_ALTITUDE
    assert 80.0 < rising.t_stop_s[0] < 103.0  # 2 v / g = 102 s without air
    assert sinking.t_stop_s[0] == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_a_heavier_body_comes_down_sooner_and_faster(seed):
    pos, vel, _ = shots(1, seed=seed)
    beta = np.array([500.0, 2000.0, 8000.0, math.inf])
    flown = fly_all(np.repeat(pos, 4, 0), np.repeat(vel, 4, 0), t_end_s=6e3, beta_kg_m2=beta)
    assert (np.diff(flown.t_stop_s) < 0).all()
    assert (np.diff(np.linalg.norm(flown.vel_stop_eci_m_s, axis=1)) > -500.0).all()


# --- samples, shapes, bad input ------------------------------------------------------


def test_samples_lie_on_the_flight():
    pos, vel, beta = shots(3, seed=7)
    flown = fly_all(pos, vel, t_start_s=50.0, t_end_s=6e3, beta_kg_m2=beta, step_s=7.0, samples=900)
    for i in range(3):
        last = int(flown.valid[i].sum()) - 1
        assert 50.0 + 7.0 * last <= flown.t_stop_s[i] < 50.0 + 7.0 * (last + 1)
        assert not flown.valid[i, last + 1 :].any()
        assert np.isnan(flown.vel_eci_m_s[i, last + 1 :]).all()
        for k in (0, 1, last // 2, last):
            alone = fly_all(
                pos[i : i + 1], vel[i : i + 1], t_end_s=7.0 * k, beta_kg_m2=beta[i], tolerance=1e-12
            )
            assert flown.pos_eci_m[i, k] == pytest.approx(alone.pos_stop_eci_m[0], abs=0.05)
            assert flown.vel_eci_m_s[i, k] == pytest.approx(alone.vel_stop_eci_m_s[0], abs=1e-3)


def test_samples_do_not_change_the_flight():
    pos, vel, beta = shots(4, seed=8)
    bare = fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=beta)
    full = fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=beta, samples=500)
    assert (bare.pos_stop_eci_m == full.pos_stop_eci_m).all()
    assert (bare.t_stop_s == full.t_stop_s).all()


def test_a_batch_of_one_is_the_same():
    pos, vel, beta = shots(5, seed=9)
    many = fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=beta)
    for i in range(5):
        one = fly_all(pos[i : i + 1], vel[i : i + 1], t_end_s=6e3, beta_kg_m2=beta[i])
        assert (one.pos_stop_eci_m[0] == many.pos_stop_eci_m[i]).all()


def test_the_kernel_for_other_kernels_is_the_same():
    pos, vel, beta = shots(1, seed=10)
    samples, speeds, end = np.empty((40, 3)), np.empty((40, 3)), np.empty(6)
    status, t_stop, filled = fly_ballistic(
        pos[0], vel[0], 0.0, 6e3, beta[0], 0.0, 1e-9, 5.0, samples, speeds, end
    )
    flown = fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=beta, step_s=5.0, samples=40)
    assert (status, t_stop, filled) == (flown.status[0], flown.t_stop_s[0], flown.valid.sum())
    assert (end[:3] == flown.pos_stop_eci_m[0]).all()
    assert (samples == flown.pos_eci_m[0]).all()
    assert altitude_xyz(*end[:3]) == pytest.approx(0.0, abs=1e-2)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_bad_elements_get_a_status_and_leave_the_others_alone(bad):
    pos, vel, _ = shots(3, seed=11)
    good = fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=8e3)
    pos[1, 0] = bad
    mixed = fly_all(pos, vel, t_end_s=6e3, beta_kg_m2=8e3, samples=4)
    assert mixed.status.tolist() == [REACHED_ALTITUDE, NOT_FINITE, REACHED_ALTITUDE]
    assert (mixed.pos_stop_eci_m[[0, 2]] == good.pos_stop_eci_m[[0, 2]]).all()
    assert not mixed.valid[1].any()
    assert set(STATUS_TEXT) >= set(mixed.status.tolist())


@pytest.mark.parametrize("tolerance", [0.0, -1e-9, 1e-15, 1.0, math.nan])
def test_absurd_tolerances_are_refused(tolerance):
    with pytest.raises(OpendomeError, match="tolerance"):
        fly_all(np.ones((1, 3)), np.ones((1, 3)), t_end_s=1.0, tolerance=tolerance)
