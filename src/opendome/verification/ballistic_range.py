"""Ballistic range: one flight by four roads.

Authority: the closed forms of R. Bate, D. Mueller and J. White, Fundamentals of Astrodynamics
(1971), section 6.2, and each other: closed form, Kepler propagation, Lambert's problem and the
flight kernel must tell one speed, one time and one place, for 300 to 13 000 km.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import MU_M3_S2
from opendome.verification.checks import Check
from opendome.world.ballistic import free_flight_angle_rad, least_energy, longest_angle_rad
from opendome.world.elements import propagate
from opendome.world.lambert import lambert
from opendome.world.propagation import Planet, fly_all

Floats = npt.NDArray[np.float64]
LeastEnergy = Callable[[float, float, float], tuple[float, float, float, float]]

RADIUS_M = 6371e3
SPHERE = Planet(j2=0.0, radius_m=RADIUS_M, flattening=0.0, rotation_rad_s=0.0)
# range [km] -> speed [km/s], climb [deg], apogee [km], time [s], computed from the closed form
# with independent code (no rotation, no air)
TABLE = {
    300: (1.6965, 44.326, 74.1, 251.0),
    1000: (3.0161, 42.752, 239.9, 474.4),
    3000: (4.8650, 38.255, 655.2, 895.0),
    5500: (6.0752, 32.634, 1040.5, 1315.8),
    8000: (6.8046, 27.014, 1263.7, 1679.5),
    10000: (7.1981, 22.517, 1319.5, 1931.0),
    12000: (7.4796, 18.020, 1264.5, 2143.1),
    13000: (7.5877, 15.772, 1195.8, 2233.1),
}
HALF_LAST_DIGITS = (0.5e-4, 0.5e-3, 0.05, 0.05)
# Q, climb [deg] -> angle of range [deg]
ANGLES = {(0.9, 30.0): 100.3471, (0.8, 20.0): 82.4228, (0.95, 15.0): 128.8601, (1.0, 25.0): 130.0}


def table_error(solve: LeastEnergy = least_energy) -> float:
    """Largest difference from the table, in halves of its last digit."""
    worst = 0.0
    for range_km, published in TABLE.items():
        speed, climb, apogee, time = solve(1e3 * range_km / RADIUS_M, RADIUS_M, MU_M3_S2)
        ours = (speed / 1e3, math.degrees(climb), apogee / 1e3, time)
        for mine, theirs, half in zip(ours, published, HALF_LAST_DIGITS, strict=True):
            worst = max(worst, abs(mine - theirs) / half)
    return worst


def level_shot(angle: float, radius: float, mu: float) -> tuple[float, float, float, float]:
    """The planted bug: the climb of a flat Earth, 45 degrees."""
    speed, _, apogee, time = least_energy(angle, radius, mu)
    return speed, math.pi / 4.0, apogee, time


def angle_error(angle_of: Callable[[float, float], float] = free_flight_angle_rad) -> float:
    """Largest difference from the published angles of range and their longest [deg]."""
    worst = max(
        abs(math.degrees(angle_of(q, math.radians(climb))) - wanted)
        for (q, climb), wanted in ANGLES.items()
    )
    longest, climb = longest_angle_rad(0.9)
    at_climb = angle_of(0.9, climb)
    return max(worst, abs(math.degrees(at_climb) - 109.8064), abs(math.degrees(longest) - 109.8064))


def flat_angle(q: float, climb_rad: float) -> float:
    """The planted bug: the range of a flat Earth, v^2 sin(2 phi) / g."""
    return q * math.sin(2.0 * climb_rad)


def roads_error(solve: LeastEnergy = least_energy) -> float:
    """Largest relative disagreement of Kepler and Lambert with the closed form."""
    worst = 0.0
    for range_km in TABLE:
        angle = 1e3 * range_km / RADIUS_M
        speed, climb, _, time = solve(angle, RADIUS_M, MU_M3_S2)
        start, velocity, goal = _shot(angle, speed, climb)
        arrived = propagate(start[None], velocity[None], np.array([time]))[0][0]
        aimed, _ = lambert(start, goal, time, prograde=True)
        worst = max(
            worst,
            float(np.linalg.norm(arrived - goal)) / RADIUS_M,
            float(np.linalg.norm(aimed - velocity)) / speed,
        )
    return worst


def _shot(angle: float, speed: float, climb: float) -> tuple[Floats, Floats, Floats]:
    """Start, velocity and goal in an inclined plane."""
    ahead = np.array([0.0, math.cos(0.7), math.sin(0.7)])
    start = np.array([RADIUS_M, 0.0, 0.0])
    velocity = speed * (np.array([math.sin(climb), 0.0, 0.0]) + math.cos(climb) * ahead)
    goal = RADIUS_M * (np.array([math.cos(angle), 0.0, 0.0]) + math.sin(angle) * ahead)
    return start, velocity, goal


def flown_miss_m(planet: Planet = SPHERE) -> float:
    """Largest miss of the flight kernel at the ground of the sphere [m]."""
    worst = 0.0
    for range_km in TABLE:
        angle = 1e3 * range_km / RADIUS_M
        speed, climb, _, time = least_energy(angle, RADIUS_M, MU_M3_S2)
        start, velocity, goal = _shot(angle, speed, climb)
        flown = fly_all(start[None], velocity[None], t_end_s=2.0 * time, planet=planet)
        worst = max(worst, float(np.linalg.norm(flown.pos_stop_eci_m[0] - goal)))
    return worst


CHECKS = (
    Check(
        name="range/table",
        claim="speed, climb, apogee and time of the slowest arcs are those of the closed form",
        authority="Bate, Mueller, White (1971), section 6.2; table computed independently",
        unit="halves of the last digit",
        tolerance=1.0 + 1e-6,
        measure=table_error,
        planted_bug=level_shot,
        bug="the climb of a flat Earth",
    ),
    Check(
        name="range/angle",
        claim="the angle of range for given energy and climb is that of the closed form",
        authority="Bate, Mueller, White (1971), section 6.2",
        unit="deg",
        tolerance=0.5e-4 + 1e-9,
        measure=angle_error,
        planted_bug=flat_angle,
        bug="the range of a flat Earth",
    ),
    Check(
        name="range/three-roads",
        claim="closed form, Kepler propagation and Lambert's problem agree",
        authority="each other",
        unit="relative",
        tolerance=1e-9,
        measure=roads_error,
        planted_bug=level_shot,
        bug="the climb of a flat Earth",
    ),
    Check(
        name="range/flown",
        claim="the flight kernel lands where the closed form does, 300 to 13 000 km",
        authority="closed form of Bate, Mueller, White (1971)",
        unit="m",
        tolerance=10.0,
        measure=flown_miss_m,
        planted_bug=Planet(radius_m=RADIUS_M, flattening=0.0, rotation_rad_s=0.0),
        bug="the Earth's oblateness left on",
    ),
)
