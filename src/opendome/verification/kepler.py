"""Two-body motion against a NASA simulation, textbooks, an integrator and closed forms."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp

from opendome.quantities.constants import MU_M3_S2, SECONDS_PER_DAY
from opendome.verification.checks import Check
from opendome.world.elements import propagate
from opendome.world.kepler import eccentric_anomaly_kernel, secular_rates

Floats = npt.NDArray[np.float64]
Flight = Callable[[Floats, Floats, float, float], tuple[Floats, Floats]]
Rates = Callable[[float, float, float], tuple[float, float, float]]

KM = 1000.0
JEOD = (
    "NASA JEOD, verif/SIM_dyncomp/SET_test_val/RUN_10C/log_state_ASCII.csv and "
    "Modified_data/state.py (point-mass Earth), commit 6550cf4e"
)
MU_JEOD_M3_S2 = 3.986004415e14
JEOD_START = (
    (-4315967.74, 960356.20, 5167269.53),
    (129.091037, -7491.513855, 1452.515654),
)
# time [s], position [m], velocity [m/s]
JEOD_ROWS = (
    (
        360.0,
        (-3920427.380320444, -1741083.588780005, 5256497.583657526),
        (2040.358230429905, -7309.591974031126, -966.4964693582938),
    ),
    (
        14400.0,
        (3277360.613320319, 3404769.27882511, -4814040.855680657),
        (-3115.294256586674, 6591.371262921164, 2459.630139361856),
    ),
    (
        28800.0,
        (-1051395.223245429, -6116653.272961161, 2626343.274205685),
        (4747.652816813323, -3014.482597291933, -5262.44273778226),
    ),
)


def fly(pos_m: Floats, vel_m_s: Floats, time_s: float, mu: float) -> tuple[Floats, Floats]:
    """Our model: one state, one flight."""
    pos, vel, _ = propagate(pos_m, vel_m_s, time_s, mu_m3_s2=mu)
    return pos[0], vel[0]


def fly_with_our_mu(
    pos_m: Floats, vel_m_s: Floats, time_s: float, mu: float
) -> tuple[Floats, Floats]:
    """The bug: the WGS 84 constant where the case has its own, 7e-10 away."""
    return fly(pos_m, vel_m_s, time_s, MU_M3_S2 if mu == MU_JEOD_M3_S2 else mu * (1.0 + 1e-6))


def fly_reflected(
    pos_m: Floats, vel_m_s: Floats, time_s: float, mu: float
) -> tuple[Floats, Floats]:
    """The bug: the sign of r.v is lost, so that an orbit starts before its perigee, not after."""
    up = pos_m / np.linalg.norm(pos_m)
    return fly(pos_m, vel_m_s - 2.0 * (vel_m_s @ up) * up, time_s, mu)


def jeod_error_m(model: Flight = fly) -> float:
    """Largest distance from the NASA simulation over eight hours [m]."""
    start = [np.array(part) for part in JEOD_START]
    return max(
        float(np.linalg.norm(model(start[0], start[1], t, MU_JEOD_M3_S2)[0] - pos))
        for t, pos, _ in JEOD_ROWS
    )


def jeod_speed_error_m_s(model: Flight = fly) -> float:
    """Largest difference of velocity from the NASA simulation [m/s]."""
    start = [np.array(part) for part in JEOD_START]
    return max(
        float(np.linalg.norm(model(start[0], start[1], t, MU_JEOD_M3_S2)[1] - vel))
        for t, _, vel in JEOD_ROWS
    )


def textbook_error(model: Flight = fly) -> float:
    """Largest error of three textbook cases, in units of the tolerance of each."""
    return max(_vallado(model), _curtis(model), _parabola(model))


def _vallado(model: Flight) -> float:
    pos, vel = model(
        np.array([1131.340, -2282.343, 6672.423]) * KM,
        np.array([-5.64305, 4.30333, 2.42879]) * KM,
        2400.0,
        398600.4415e9,
    )
    pos_error = np.abs(pos / KM - (-4219.7527, 4363.0292, -3958.7666)).max()
    vel_error = np.abs(vel / KM - (3.689866, -1.916735, -6.112511)).max()
    return float(max(pos_error / 2e-4, vel_error / 2e-6))


def _curtis(model: Flight) -> float:
    pos, vel = model(np.array([6678e3, 0.0, 0.0]), np.array([0.0, 15e3, 0.0]), 14941.0, 398600.0e9)
    pos_error = abs(np.linalg.norm(pos) / 163180e3 - 1.0)
    vel_error = abs(np.linalg.norm(vel) / 10.51e3 - 1.0)
    return float(max(pos_error / 1e-4, vel_error / 1e-3))


def _parabola(model: Flight) -> float:
    mu, perigee = 398600.0e9, 6600e3
    start = np.array([perigee, 0.0, 0.0]), np.array([0.0, math.sqrt(2.0 * mu / perigee), 0.0])
    quarter, _ = model(*start, 0.8897 / 2.0 * 3600.0, mu)
    angle = math.atan2(quarter[1], quarter[0])
    far, _ = model(*start, 36.0 * 3600.0, mu)
    return float(
        max(
            abs(angle / (0.5 * math.pi) - 1.0) / 1e-4,
            abs(np.linalg.norm(far) / 304700e3 - 1.0) / 1e-4,
        )
    )


def integrator_error(model: Flight = fly) -> float:
    """Largest relative distance from a numerical integration over a wide set of conics."""
    worst = 0.0
    for e in (0.0, 0.5, 0.99, 0.9999, 1.0, 1.2, 3.0):
        perigee = 6.7e6
        speed = math.sqrt(MU_M3_S2 * (1.0 + e) / perigee)
        pos = np.array([0.36, 0.48, 0.8]) * perigee
        vel = np.array([0.8, -0.6, 0.0]) * speed
        pos, vel = _integrate(pos, vel, 300.0)  # off the perigee
        for duration in (-2000.0, 15_000.0):
            theirs = _integrate(pos, vel, duration)[0]
            ours = model(pos, vel, duration, MU_M3_S2)[0]
            worst = max(worst, float(np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)))
    return worst


def _integrate(pos_m: Floats, vel_m_s: Floats, time_s: float) -> tuple[Floats, Floats]:
    def slope(_: float, y: Floats) -> Floats:
        pull: Floats = -MU_M3_S2 * y[:3] / np.linalg.norm(y[:3]) ** 3
        return np.concatenate([y[3:], pull])

    start = np.concatenate([pos_m, vel_m_s])
    run = solve_ivp(slope, (0.0, time_s), start, method="DOP853", rtol=1e-12, atol=1e-6)
    return run.y[:3, -1], run.y[3:, -1]


def equation_residual(model: Callable[[float, float], float] = eccentric_anomaly_kernel) -> float:
    """Largest residual of Kepler's equation, e from 0 to 0.9999 [rad]."""
    return max(
        abs(anomaly - e * math.sin(anomaly) - mean)
        for e in (0.0, 1e-6, 0.1, 0.5, 0.9, 0.99, 0.9999)
        for mean in np.linspace(-math.pi, math.pi, 201)
        for anomaly in (model(float(mean), e),)
    )


def two_newton_steps(mean_anomaly_rad: float, eccentricity: float) -> float:
    """The bug: stop after two steps from E = M, enough for round orbits only."""
    anomaly = mean_anomaly_rad
    for _ in range(2):
        miss = anomaly - eccentricity * math.sin(anomaly) - mean_anomaly_rad
        anomaly -= miss / (1.0 - eccentricity * math.cos(anomaly))
    return anomaly


def secular_error(model: Rates = secular_rates) -> float:
    """Largest error of the J2 rates, in units of the tolerance of each published value."""
    _, node, perigee = model(6_778_137.0, 0.001, math.radians(51.6))
    day = math.degrees(1.0) * SECONDS_PER_DAY
    station = max(abs(node * day + 5.0023), abs(perigee * day - 3.7413)) / 1e-4
    _, node, perigee = model(*_curtis_orbit())
    hour = math.degrees(1.0) * 3600.0
    book = max(abs(node * hour / -0.172 - 1.0), abs(perigee * hour / 0.282 - 1.0)) / 1e-2
    return max(station, book)


def _curtis_orbit() -> tuple[float, float, float]:
    pos = np.array([-2384.46, 5729.01, 3050.46]) * KM
    vel = np.array([-7.36138, -2.98997, 1.64354]) * KM
    radius = float(np.linalg.norm(pos))
    axis = 1.0 / (2.0 / radius - float(vel @ vel) / MU_M3_S2)
    momentum = np.cross(pos, vel)
    square = float(momentum @ momentum)
    eccentricity = math.sqrt(1.0 - square / (MU_M3_S2 * axis))
    return axis, eccentricity, math.acos(float(momentum[2]) / math.sqrt(square))


def rates_of_a_circle(
    semi_major_axis_m: float, eccentricity: float, inclination_rad: float
) -> tuple[float, float, float]:
    """The bug: the semi-major axis where the semi-latus rectum belongs."""
    return secular_rates(semi_major_axis_m, 0.0 * eccentricity, inclination_rad)


CHECKS = (
    Check(
        name="kepler/jeod",
        claim="Two-body flight over eight hours agrees with the NASA simulation",
        authority=JEOD,
        unit="m",
        tolerance=1e-3,
        measure=jeod_error_m,
        planted_bug=fly_with_our_mu,
        bug="gravitational constant off by 7e-10 of itself",
    ),
    Check(
        name="kepler/jeod-velocity",
        claim="and so does its velocity",
        authority=JEOD,
        unit="m/s",
        tolerance=1e-6,
        measure=jeod_speed_error_m_s,
        planted_bug=fly_with_our_mu,
        bug="gravitational constant off by 7e-10 of itself",
    ),
    Check(
        name="kepler/textbook",
        claim="Ellipse, hyperbola and parabola of the textbooks, to the printed digits",
        authority="Vallado, Fundamentals of Astrodynamics, ex. 2-4; Curtis, Orbital Mechanics "
        "for Engineering Students, ex. 3.5 and problem 3.15",
        unit="tolerances",
        tolerance=1.0,
        measure=textbook_error,
        planted_bug=fly_reflected,
        bug="the sign of r.v lost",
    ),
    Check(
        name="kepler/integrator",
        claim="Circle to hyperbola, e up to 3 and 0.9999, as a numerical integration has it",
        authority="DOP853 of SciPy at 1e-12",
        unit="relative",
        tolerance=1e-7,
        measure=integrator_error,
        planted_bug=fly_reflected,
        bug="the sign of r.v lost",
    ),
    Check(
        name="kepler/equation",
        claim="Kepler's equation is solved for every ellipse",
        authority="the equation itself",
        unit="rad",
        tolerance=1e-12,
        measure=equation_residual,
        planted_bug=two_newton_steps,
        bug="two Newton steps only",
    ),
    Check(
        name="kepler/j2",
        claim="Node and perigee drift under J2 as published",
        authority="closed form worked by hand (station orbit, 1e-4 deg/day); Curtis, ex. 12.2 "
        "(1 percent)",
        unit="tolerances",
        tolerance=1.0,
        measure=secular_error,
        planted_bug=rates_of_a_circle,
        bug="semi-major axis in place of the semi-latus rectum",
    ),
)
