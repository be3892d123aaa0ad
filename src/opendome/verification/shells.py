"""Shells of satellites over a point: published densities, shares and counts, and the footprint."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.verification.checks import Check
from opendome.world.constellations import Walker
from opendome.world.shells import (
    cap_share,
    even_shell_share,
    latitude_density,
    reach_angle,
    satellites_within,
)

Floats = npt.NDArray[np.float64]
Density = Callable[[float, float], Any]

LATITUDES_DEG = (0.0, 20.0, 36.0, 40.0, 41.0, 50.0, 55.0)
# inclination [deg] -> density over an even shell at those latitudes, as far as orbits reach
PUBLISHED = {
    45.0: (0.900, 1.029, 1.620, 2.161, 2.413),
    90.0: (0.637, 0.677, 0.787, 0.831, 0.844, 0.990, 1.110),
}
ROUNDING = 0.0005  # half of the last published digit

# the layer of the published availability: orbit, reach, sphere, and the site
LAYER = {"inclination_deg": 60.0, "radius_m": 6371e3 + 300e3, "reach_m": 836e3}
SITE_DEG = 40.32
SITE_SHARE = 0.004342

# reach [km], published mean and fewest of 400 moments: 7,800 in 78 planes, 400 km, 85 deg, at 40
COUNTED = ((753.0, 20.11, 17), (532.0, 9.99, 8))
MEAN_ALLOWED, FEWEST_ALLOWED = 0.02, 1.0
MOMENTS, SEED = 400, 2026
ORBIT_M = 400e3
NEAR_LIMIT_DEG = (36.0, 40.0, 42.0, 44.0)


def without_root(inclination_rad: float, latitude_rad: float) -> Any:
    """The bug: the square root forgotten."""
    left = math.sin(inclination_rad) ** 2 - math.sin(latitude_rad) ** 2
    return 2.0 / (math.pi * left)


def density_error(density: Density = latitude_density) -> float:
    """Largest relative departure from the published densities, their rounding taken off."""
    worst = 0.0
    for inclination, values in PUBLISHED.items():
        for latitude, value in zip(LATITUDES_DEG, values, strict=False):
            ours = float(density(math.radians(inclination), math.radians(latitude)))
            worst = max(worst, max(0.0, abs(ours - value) - ROUNDING) / value)
    return worst


def share_error(share: Callable[[float, float], Any] = even_shell_share) -> float:
    """Relative departure of a layer's availability from the published one."""
    even = share(LAYER["reach_m"], LAYER["radius_m"])
    density = latitude_density(math.radians(LAYER["inclination_deg"]), math.radians(SITE_DEG))
    return abs(float(even * density) / SITE_SHARE - 1.0)


def half_sphere(reach_m: float, radius_m: float) -> Any:
    """The bug: the footprint laid over half of the sphere."""
    return 2.0 * even_shell_share(reach_m, radius_m)


def at_its_height(reach_m: float) -> float:
    """Our model: the angle of a reach between two points at the height of the orbits [rad]."""
    radius = RADIUS_EQUATOR_M + ORBIT_M
    return reach_angle(reach_m, radius, radius)


def at_the_ground(reach_m: float) -> float:
    """The bug: the reach turned into an angle with the radius of the Earth."""
    return reach_m / RADIUS_EQUATOR_M


def pattern(satellites: int, planes: int, inclination_deg: float) -> Walker:
    """Constellation of the checks."""
    return Walker(
        kind="delta",
        satellites=satellites,
        planes=planes,
        phasing=1.0,
        altitude_m=ORBIT_M,
        inclination_rad=math.radians(inclination_deg),
    )


def count_error(angle: Callable[[float], float] = at_its_height) -> float:
    """Largest departure of mean or fewest in reach, in parts of what is allowed."""
    moments = np.random.default_rng(SEED).uniform(0.0, 86400.0, MOMENTS)
    worst = 0.0
    for reach_km, mean, fewest in COUNTED:
        counts = satellites_within(
            pattern(7800, 78, 85.0), math.radians(40.0), 0.0,
            angle_rad=angle(reach_km * 1e3), t_s=moments,
        )  # fmt: skip
        worst = max(
            worst,
            abs(float(counts.mean()) / mean - 1.0) / MEAN_ALLOWED,
            abs(float(counts.min()) - fewest) / FEWEST_ALLOWED,
        )
    return worst


def density_at_the_middle(inclination_rad: float, latitude_rad: float, angle_rad: float) -> float:
    """The bug: the density at the middle taken for the whole footprint."""
    return math.sin(0.5 * angle_rad) ** 2 * float(latitude_density(inclination_rad, latitude_rad))


def footprint_error(share: Callable[[float, float, float], float] = cap_share) -> float:
    """Largest relative departure of the mean in reach, near the inclination, from counts."""
    angle = at_its_height(750e3)
    shell = pattern(1600, 40, 45.0)
    moments = np.arange(0.0, 86400.0, 60.0)
    latitudes = np.radians(NEAR_LIMIT_DEG)
    counts = satellites_within(shell, latitudes, 0.0, angle_rad=angle, t_s=moments)
    ours = [1600 * share(shell.inclination_rad, float(lat), angle) for lat in latitudes]
    return float(np.max(np.abs(np.array(ours) / counts.mean(axis=1) - 1.0)))


CHECKS = (
    Check(
        name="shells/density",
        claim="Orbits crowd towards their inclination as the published densities say",
        authority="geometry of the sphere, computed by others (12 values at 45 and 90 deg)",
        unit="",
        tolerance=1e-3,
        measure=density_error,
        planted_bug=without_root,
        bug="square root forgotten",
    ),
    Check(
        name="shells/availability",
        claim="Of a layer at 60 deg and 300 km with a reach of 836 km, 0.4342 % are over a site",
        authority="availability published with a public shield model",
        unit="",
        tolerance=5e-3,
        measure=share_error,
        planted_bug=half_sphere,
        bug="footprint over half of the sphere",
    ),
    Check(
        name="shells/counts",
        claim="7,800 satellites that move leave 17 and 8 over latitude 40 deg at the worst "
        "moment (within one), 20.11 and 9.99 on average (within 2 %)",
        authority="independent propagation of 400 random moments",
        unit="of what is allowed",
        tolerance=1.0,
        measure=count_error,
        planted_bug=at_the_ground,
        bug="reach turned into an angle at the ground",
    ),
    Check(
        name="shells/footprint",
        claim="Near the inclination the mean over the footprint is what a moving "
        "constellation has on average",
        authority="1,600 satellites followed one by one for a day",
        unit="",
        tolerance=0.01,
        measure=footprint_error,
        planted_bug=density_at_the_middle,
        bug="density at the middle for the whole footprint",
    ),
)
