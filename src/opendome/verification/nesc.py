"""NASA NESC check-cases: a sphere dropped and shot through the air over the Earth.

Authority: NASA/TM-2015-218675, atmospheric check-cases 1, 4, 5, 6, 9 and 10, data of
simulations 4 and 6. Case 1 has no drag; 4 and 5 are over a sphere, 4 at rest; the others are
over the turning WGS 84 ellipsoid with J2. Air: US-1976 in geopotential height.
Planted bugs: density by geometric height, no J2, air that does not turn.
"""

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from opendome.quantities.constants import RADIUS_EQUAL_AREA_M
from opendome.verification.checks import Check
from opendome.verification.tables import read_numbers
from opendome.world.atmosphere import AIR_US76, Air, us76_air
from opendome.world.propagation import EARTH, Planet, fly_all

FOOT_M = 0.3048
SLUG_KG = 14.593903
# table 73 of the report: 1 slug, 0.1963495 ft2, drag coefficient 0.1
BETA_KG_M2 = SLUG_KG / (0.1 * 0.1963495 * FOOT_M**2)
TURNING_SPHERE = Planet(j2=0.0, radius_m=RADIUS_EQUAL_AREA_M, flattening=0.0)
RESTING_SPHERE = replace(TURNING_SPHERE, rotation_rad_s=0.0)
GEOMETRIC_AIR_RADIUS_M = 1e15  # so far away that geopotential height is geometric height


@dataclass(frozen=True, kw_only=True)
class Case:
    """Start over latitude 0, longitude 0; height [ft], velocity over the ground [ft/s]."""

    planet: Planet
    altitude_ft: float = 30000.0
    north_ft_s: float = 0.0
    east_ft_s: float = 0.0
    up_ft_s: float = 0.0
    drag: bool = True


CASES = {
    1: Case(planet=EARTH, drag=False),
    4: Case(planet=RESTING_SPHERE),
    5: Case(planet=TURNING_SPHERE),
    6: Case(planet=EARTH),
    9: Case(planet=EARTH, altitude_ft=0.0, east_ft_s=1000.0, up_ft_s=1000.0),
    10: Case(planet=EARTH, altitude_ft=0.0, north_ft_s=1000.0, up_ft_s=1000.0),
}


@dataclass(frozen=True, kw_only=True)
class World:
    """What is put to the test: the air, and what is left out of every planet."""

    air: Air = AIR_US76
    without_j2: bool = False
    without_rotation: bool = False


def fly_case(case: Case, time_s: float, world: World) -> dict[str, float]:
    """State at a time, named and in the units of the data files."""
    planet = case.planet
    if world.without_j2:
        planet = replace(planet, j2=0.0)
    if world.without_rotation:
        planet = replace(planet, rotation_rad_s=0.0)
    spin = planet.rotation_rad_s
    radius = planet.radius_m + case.altitude_ft * FOOT_M
    velocity = np.array([case.up_ft_s, case.east_ft_s, case.north_ft_s]) * FOOT_M
    flown = fly_all(
        [[radius, 0.0, 0.0]],
        velocity + np.array([[0.0, spin * radius, 0.0]]),
        t_end_s=time_s,
        beta_kg_m2=BETA_KG_M2 if case.drag else math.inf,
        stop_altitude_m=-math.inf,
        tolerance=1e-12,
        planet=planet,
        air=world.air,
    )
    turn = spin * time_s
    to_ground = np.array(
        [[math.cos(turn), math.sin(turn), 0.0], [-math.sin(turn), math.cos(turn), 0.0], [0, 0, 1]]
    )
    pos = to_ground @ flown.pos_stop_eci_m[0]
    vel = to_ground @ flown.vel_stop_eci_m_s[0] - np.cross([0.0, 0.0, spin], pos)
    return _local(pos, vel, planet)


def _local(pos: np.ndarray, vel: np.ndarray, planet: Planet) -> dict[str, float]:
    """Geodetic coordinates and velocity by plain iteration (a twin of `world.earth`)."""
    e2 = planet.flattening * (2.0 - planet.flattening)
    across, z = math.hypot(pos[0], pos[1]), float(pos[2])
    lat = math.atan2(z, across)
    for _ in range(20):
        normal = planet.radius_m / math.sqrt(1.0 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + e2 * normal * math.sin(lat), across)
    lon = math.atan2(pos[1], pos[0])
    height = across / math.cos(lat) - planet.radius_m / math.sqrt(1.0 - e2 * math.sin(lat) ** 2)
    outward = math.cos(lon) * vel[0] + math.sin(lon) * vel[1]
    return {
        "altitude_ft": height / FOOT_M,
        "longitude_deg": math.degrees(lon),
        "latitude_deg": math.degrees(lat),
        "north_ft_s": float(math.cos(lat) * vel[2] - math.sin(lat) * outward) / FOOT_M,
        "east_ft_s": float(math.cos(lon) * vel[1] - math.sin(lon) * vel[0]) / FOOT_M,
        "down_ft_s": float(-math.sin(lat) * vel[2] - math.cos(lat) * outward) / FOOT_M,
    }


def worst_error(
    world: World = World(),
    *,
    cases: tuple[int, ...],
    sim: int,
    columns: tuple[str, ...] = ("altitude_ft",),
) -> float:
    """Largest difference from a simulation of the report over the rows of some cases."""
    worst = 0.0
    for row in read_numbers("nesc_atmospheric.csv"):
        if row["case"] in cases and row["sim"] == sim:
            ours = fly_case(CASES[int(row["case"])], row["time_s"], world)
            worst = max(worst, *(abs(ours[name] - row[name]) for name in columns))
    return worst


SPEEDS = ("north_ft_s", "east_ft_s", "down_ft_s")
PLACES = ("longitude_deg", "latitude_deg")
AUTHORITY = "NASA NESC check-cases, NASA/TM-2015-218675, simulation {}"

CHECKS = (
    Check(
        name="nesc/dragless",
        claim="a body falls without drag as in check-case 1",
        authority=AUTHORITY.format(4),
        unit="ft",
        tolerance=1e-3,
        measure=partial(worst_error, cases=(1,), sim=4),
        planted_bug=World(without_j2=True),
        bug="gravity without J2",
    ),
    Check(
        name="nesc/dragless-speed",
        claim="its velocity over the ground as well",
        authority=AUTHORITY.format(4),
        unit="ft/s",
        tolerance=1e-6,
        measure=partial(worst_error, cases=(1,), sim=4, columns=SPEEDS),
        planted_bug=World(without_rotation=True),
        bug="an Earth that does not turn",
    ),
    Check(
        name="nesc/drag",
        claim="a sphere falls through US-1976 air as in check-cases 4, 5 and 6",
        authority=AUTHORITY.format(4),
        unit="ft",
        tolerance=0.05,
        measure=partial(worst_error, cases=(4, 5, 6), sim=4),
        planted_bug=World(air=us76_air(geopotential_radius_m=GEOMETRIC_AIR_RADIUS_M)),
        bug="density by geometric instead of geopotential height",
    ),
    Check(
        name="nesc/drag-second-simulation",
        claim="and as in a second, independent simulation",
        authority=AUTHORITY.format(6),
        unit="ft",
        tolerance=0.05,
        measure=partial(worst_error, cases=(1, 4, 6), sim=6),
        planted_bug=World(air=us76_air(geopotential_radius_m=GEOMETRIC_AIR_RADIUS_M)),
        bug="density by geometric instead of geopotential height",
    ),
    Check(
        name="nesc/cannonball",
        claim="a ball shot east or north through the air flies as in check-cases 9 and 10",
        authority=AUTHORITY.format(4),
        unit="ft",
        tolerance=0.02,
        measure=partial(worst_error, cases=(9, 10), sim=4),
        planted_bug=World(air=us76_air(geopotential_radius_m=GEOMETRIC_AIR_RADIUS_M)),
        bug="density by geometric instead of geopotential height",
    ),
    Check(
        name="nesc/cannonball-place",
        claim="and comes to the same place",
        authority=AUTHORITY.format(4),
        unit="deg",
        tolerance=1e-7,
        measure=partial(worst_error, cases=(9, 10), sim=4, columns=PLACES),
        planted_bug=World(without_rotation=True),
        bug="an Earth that does not turn",
    ),
    Check(
        name="nesc/cannonball-second-simulation",
        claim="and as in a second, independent simulation",
        authority=AUTHORITY.format(6),
        unit="ft",
        tolerance=0.5,
        measure=partial(worst_error, cases=(9, 10), sim=6),
        planted_bug=World(without_rotation=True),
        bug="an Earth that does not turn",
    ),
)
