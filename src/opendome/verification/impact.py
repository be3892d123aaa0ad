"""Impact points: mass of a normal error over a polygon, and its spread on the ground.

Authorities: the same mass as an integral over strips, each a difference of the normal
distribution function, by Simpson's rule; and errors drawn by number and flown to the ground along
parabolas, which is exact for even gravity over a plane.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from opendome.command.kernels.impact import ground_spread, p_in_polygon
from opendome.draws.philox import normal
from opendome.quantities.constants import STANDARD_GRAVITY_M_S2
from opendome.verification.checks import Check

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]
Covariance = tuple[float, float, float]  # east-east, east-north, north-north
Mass = Callable[[Floats, Point, Covariance], float]
Spread = Callable[[Floats, float, Floats], Covariance]

TRIANGLE_M = np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 2000.0]])
AIMS_M = ((500.0, 500.0), (1000.0, 0.0), (-700.0, 2500.0), (1500.0, 1500.0))
SPREADS_M = ((200.0, 500.0), (3000.0, 900.0), (400.0, 8000.0))
CORRELATIONS = (-0.9, 0.0, 0.6)
STRIPS = 8000
SAMPLES = 20_000
SEED, STREAM = 20_261_122, 77
START_M = 3000.0
SPEEDS_M_S = ((300.0, 120.0, 250.0), (80.0, -400.0, 100.0))
SIGMAS = (30.0, 20.0, 40.0, 0.5, 0.8, 0.4)  # of position [m] and speed [m/s]
MIX = 0.5  # of each error shared with the next, so that they are correlated


def mass(vertices: Floats, at: Point, spread: Covariance) -> float:
    """What the engine uses, over a whole list of corners."""
    return p_in_polygon(vertices, 0, len(vertices), *at, *spread)


def independent_mass(vertices: Floats, at: Point, spread: Covariance) -> float:
    """Planted bug: errors east and north taken as independent."""
    return mass(vertices, at, (spread[0], 0.0, spread[2]))


def strips(at: Point, spread: Covariance) -> float:
    """Mass over the triangle by Simpson's rule over strips from south to north."""
    (x, y), (xx, xy, yy) = at, spread
    t = np.linspace(0.0, TRIANGLE_M[1, 0], STRIPS + 1)
    rise = TRIANGLE_M[2, 1] / TRIANGLE_M[2, 0]
    middle, rest = y + xy / xx * (t - x), math.sqrt(yy - xy * xy / xx)
    density = np.exp(-0.5 * (t - x) ** 2 / xx) / math.sqrt(math.tau * xx)
    strip = density * (ndtr((rise * t - middle) / rest) - ndtr(-middle / rest))
    weights = np.full(STRIPS + 1, 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    return float(weights @ strip) * (t[1] - t[0]) / 3.0


def mass_error(model: Mass = mass) -> float:
    """Largest difference from the strips."""
    worst = 0.0
    for at in AIMS_M:
        for sx, sy in SPREADS_M:
            for rho in CORRELATIONS:
                cov = (sx * sx, rho * sx * sy, sy * sy)
                worst = max(worst, abs(model(TRIANGLE_M, at, cov) - strips(at, cov)))
    return worst


def spread(cov: Floats, age_s: float, velocity: Floats) -> Covariance:
    """What the engine uses, over a plane."""
    axes = np.eye(3)
    return ground_spread(cov, age_s, velocity, axes[0], axes[1], axes[2])


def spread_from_above(cov: Floats, age_s: float, velocity: Floats) -> Covariance:
    """Planted bug: an error of height moves nothing, as if everything fell straight down."""
    return spread(cov, age_s, np.array([0.0, 0.0, -np.linalg.norm(velocity)]))


def errors() -> Floats:
    """Correlated errors of position and speed (sample, 6), by number."""
    drawn = np.array(
        [[normal(SEED, STREAM, k, 0, index) for index in range(6)] for k in range(SAMPLES)]
    )
    return (drawn + MIX * np.roll(drawn, 1, axis=1)) * SIGMAS


def error_covariance() -> Floats:
    """Covariance from which `errors` are drawn (6, 6)."""
    mixing = np.diag(SIGMAS) @ (np.eye(6) + MIX * np.roll(np.eye(6), 1, axis=1).T)
    return mixing @ mixing.T


def landing(states: Floats) -> tuple[Floats, Floats]:
    """Where parabolas from (state, 6) meet the plane, (state, 2) [m], and when [s]."""
    g = STANDARD_GRAVITY_M_S2
    t = (states[:, 5] + np.sqrt(states[:, 5] ** 2 + 2.0 * g * states[:, 2])) / g
    return states[:, :2] + states[:, 3:5] * t[:, None], t


def spread_error(model: Spread = spread) -> float:
    """Largest difference from the covariance of the samples, in its standard errors."""
    worst, drawn, cov = 0.0, errors(), error_covariance()
    for speed in SPEEDS_M_S:
        state = np.array([[0.0, 0.0, START_M, *speed]])
        points, _ = landing(state + drawn)
        _, age = landing(state)
        falling = np.array([*speed[:2], speed[2] - STANDARD_GRAVITY_M_S2 * age[0]])
        xx, xy, yy = model(cov, float(age[0]), falling)
        seen = np.cov(points.T)
        root = math.sqrt(SAMPLES - 1)
        both = math.sqrt(seen[0, 0] * seen[1, 1] + seen[0, 1] ** 2)
        found = (
            abs(xx - seen[0, 0]) / (math.sqrt(2.0) * seen[0, 0]),
            abs(xy - seen[0, 1]) / both,
            abs(yy - seen[1, 1]) / (math.sqrt(2.0) * seen[1, 1]),
        )
        worst = max(worst, root * max(found))
    return worst


CHECKS = (
    Check(
        name="impact/mass",
        claim="the chance that an object falls inside a polygon is the integral of its error",
        authority="Simpson's rule over strips of the normal distribution function",
        unit="probability",
        tolerance=1e-9,
        measure=mass_error,
        planted_bug=independent_mass,
        bug="errors east and north taken as independent",
    ),
    Check(
        name="impact/spread",
        claim="the error of a track becomes the spread of its impact on the ground",
        authority="20,000 errors drawn by number and flown along parabolas",
        unit="standard errors",
        tolerance=4.5,  # of six figures one false alarm in 25,000; the draws are fixed
        measure=spread_error,
        planted_bug=spread_from_above,
        bug="an error of height moves no impact",
    ),
)
