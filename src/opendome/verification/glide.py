"""Equilibrium glide: the flight kernel against the closed form and against published heights.

Authorities: A. J. Eggers, H. J. Allen, S. E. Neice, NACA Report 1382 (1958): range and duration
of an equilibrium glide depend on the lift-to-drag ratio and on the speeds at both ends alone.
Heights of the equilibrium for 13,000 kg/m2 and a ratio of 2.6, from the published flight model
of C. Tracy and D. Wright (catalogue: hgv, glide_altitude): 29 km at 2 km/s, 40 at 4, 45 at 5,
47 at 5.5, 50 at 6, 57 at 7. The Earth is at rest, as in both.
"""

import math

import numpy as np

from opendome.quantities.constants import MU_M3_S2, RADIUS_EQUATOR_M
from opendome.threats.kernels.glide import Glider, glide
from opendome.threats.kernels.work import COLUMNS, ROWS, STATE
from opendome.threats.records import Floats
from opendome.verification.checks import Check
from opendome.world.atmosphere import density_us76
from opendome.world.earth import geodetic_from_ecef

LIFT_TO_DRAG = 2.6
BETA_KG_M2 = 13000.0
START_M_S = 7200.0
# settled into the glide -> speed at the end
LEGS_M_S = ((7000.0, 2000.0), (5500.0, 2000.0), (5500.0, 3500.0))
HEIGHTS_KM = {2000.0: 29.0, 4000.0: 40.0, 5000.0: 45.0, 5500.0: 47.0, 6000.0: 50.0, 7000.0: 57.0}
LONGEST_S = 6000.0
BUG_RATIO = 0.9
BUG_BETA = 0.95


def equilibrium_altitude_m(speed_m_s: float, beta_kg_m2: float) -> float:
    """Height at which lift carries what the curve of the path does not [m], by bisection."""
    low, high = 0.0, 120e3
    for _ in range(60):
        middle = 0.5 * (low + high)
        radius = RADIUS_EQUATOR_M + middle
        weight = MU_M3_S2 / radius**2 - speed_m_s**2 / radius
        lift = LIFT_TO_DRAG * 0.5 * density_us76(middle) * speed_m_s**2 / beta_kg_m2
        low, high = (middle, high) if lift > weight else (low, middle)
    return 0.5 * (low + high)


def fly_glide(
    lift_to_drag: float, beta_kg_m2: float, damping: float = 0.7
) -> tuple[Floats, Floats, Floats, Floats]:
    """Time [s], speed [m/s], angle over ground [rad] and height [m] of a glide along the equator.

    It starts level at the equilibrium height of `START_M_S`.
    """
    work = np.zeros((ROWS, COLUMNS))
    work[STATE, 0] = RADIUS_EQUATOR_M + equilibrium_altitude_m(START_M_S, beta_kg_m2)
    work[STATE, 4] = START_M_S
    far = np.array([[-RADIUS_EQUATOR_M, 1.0, 0.0]])
    samples = np.full((int(LONGEST_S) + 1, 6), np.nan)
    glider = Glider(lift_to_drag, 1.0 / beta_kg_m2, 2.0, damping, 0.0, 0.0)
    glide(0.0, work, glider, far, LONGEST_S, 1.0, samples)
    flown = samples[~np.isnan(samples[:, 0])]
    speed = np.linalg.norm(flown[:, 3:], axis=1)
    angle = np.unwrap(np.arctan2(flown[:, 1], flown[:, 0]))
    _, _, height = geodetic_from_ecef(flown[:, :3])
    return np.arange(len(flown), dtype=np.float64), speed, angle, height


def at_speed(speed: Floats, values: Floats, wanted_m_s: float) -> float:
    """What a flight has when it has slowed down to a speed."""
    return float(np.interp(-wanted_m_s, -speed, values))


def closed_form(fast_m_s: float, slow_m_s: float) -> tuple[float, float]:
    """Angle over ground [rad] and duration [s] between two speeds."""
    radius = RADIUS_EQUATOR_M + 0.5 * sum(
        equilibrium_altitude_m(v, BETA_KG_M2) for v in (fast_m_s, slow_m_s)
    )
    circular = math.sqrt(MU_M3_S2 / radius)
    fast, slow = fast_m_s / circular, slow_m_s / circular
    angle = 0.5 * LIFT_TO_DRAG * math.log((1.0 - slow**2) / (1.0 - fast**2))
    ends = math.atanh(fast) - math.atanh(slow)
    return angle, LIFT_TO_DRAG * circular * radius**2 / MU_M3_S2 * ends


def range_error(lift_to_drag: float = LIFT_TO_DRAG) -> float:
    """Largest relative difference of range and duration from the closed form."""
    t_s, speed, angle, _ = fly_glide(lift_to_drag, BETA_KG_M2)
    worst = 0.0
    for fast, slow in LEGS_M_S:
        wanted = closed_form(fast, slow)
        for values, want in zip((angle, t_s), wanted, strict=True):
            flown = at_speed(speed, values, slow) - at_speed(speed, values, fast)
            worst = max(worst, abs(flown / want - 1.0))
    return worst


def height_error(beta_kg_m2: float = BETA_KG_M2) -> float:
    """Largest difference of heights flown from the published ones [km]."""
    _, speed, _, height = fly_glide(LIFT_TO_DRAG, beta_kg_m2)
    return max(abs(at_speed(speed, height, v) / 1e3 - km) for v, km in HEIGHTS_KM.items())


def balance_error(beta_kg_m2: float = BETA_KG_M2) -> float:
    """Largest difference of heights flown from those at which the forces balance [m]."""
    _, speed, _, height = fly_glide(LIFT_TO_DRAG, beta_kg_m2)
    wanted = {v: equilibrium_altitude_m(v, BETA_KG_M2) for v in HEIGHTS_KM}
    return max(abs(at_speed(speed, height, v) - want) for v, want in wanted.items())


CHECKS = (
    Check(
        name="glide/range",
        claim="a glide covers the range, and lasts the time, of the closed form",
        authority="Eggers, Allen and Neice, NACA Report 1382 (1958)",
        unit="relative",
        tolerance=0.02,  # the closed form leaves out the sink rate and the change of height
        measure=range_error,
        planted_bug=BUG_RATIO * LIFT_TO_DRAG,
        bug="a tenth of the lift lost",
    ),
    Check(
        name="glide/height",
        claim="a glider flies at the published heights from 7 km/s down to 2 km/s",
        authority="flight model of Tracy and Wright, as quoted in the catalogue (hgv)",
        unit="km",
        tolerance=1.5,  # rounded to 1 km; another table of the air changes heights by as much
        measure=height_error,
        planted_bug=0.5 * BETA_KG_M2,
        bug="a ballistic coefficient counted with half the mass",
    ),
    Check(
        name="glide/balance",
        claim="a glider flies where lift carries what the curve of its path does not",
        authority="balance of forces, solved by bisection",
        unit="m",
        tolerance=100.0,  # it sinks, so that its lift is not quite its weight
        measure=balance_error,
        planted_bug=BUG_BETA * BETA_KG_M2,
        bug="a ballistic coefficient wrong by five per cent",
    ),
)
