"""The mean force of each model of the bank, and how far the true one may be from it."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.world.atmosphere import us76
from opendome.world.earth import altitude_xyz
from opendome.world.gravity import gravity_j2

Floats = npt.NDArray[np.float64]

COAST, BOOST, GLIDE, REENTRY, AIR = range(5)
MODELS, STATES = 5, 9
MODEL_NAMES = ("coast", "boost", "glide", "reentry", "air")


class BankRules(NamedTuple):
    """What the bank takes for granted; `tracking.bank` reads it from the catalogue.

    force_sigma_m_s2 : (model,) sigma per axis of the force about its mean; for REENTRY what
        is added to the share of the drag; not read for COAST
    force_time_s : (model,) how long the force stays alike, time constant [s]
    accel_psd_m2_s3 : (model,) spectral density of white acceleration on top, per axis
    max_step_s : (model,) longest step of a prediction [s]
    sojourn_s : (model,) mean time that an object stays in a model [s]
    share : (model, model) where it goes when it leaves: rows sum to 1, diagonal 0
    weight : (model,) probabilities of the models of a new track; a model whose weight and
        column of `share` are zero takes no part and costs nothing
    ceiling_m : (model,) height above which a model cannot hold, inf for none
    glide_ratio : lift to drag of the GLIDE mean
    ballistic_kg_m2 : ballistic coefficient m / (Cd A) of the REENTRY mean
    drag_spread : sigma per axis of the REENTRY force, relative to that mean
    sigma_spread, sigma_prior, sigma_shift : alpha, beta and kappa of scaled sigma points
    unscented : True to predict and update by sigma points, False by derivatives
    """

    force_sigma_m_s2: Floats
    force_time_s: Floats
    accel_psd_m2_s3: Floats
    max_step_s: Floats
    sojourn_s: Floats
    share: Floats
    weight: Floats
    ceiling_m: Floats
    glide_ratio: float
    ballistic_kg_m2: float
    drag_spread: float
    sigma_spread: float
    sigma_prior: float
    sigma_shift: float
    unscented: bool


class Traits(NamedTuple):
    """What one model takes for granted, as plain numbers: cheap to hand to a function.

    Attributes as in `BankRules`, of one model.
    """

    force_sigma_m_s2: float
    force_time_s: float
    accel_psd_m2_s3: float
    glide_ratio: float
    ballistic_kg_m2: float
    drag_spread: float


@table_kernel
def traits_of(rules: BankRules, model: int) -> Traits:
    """The numbers of one model."""
    return Traits(
        rules.force_sigma_m_s2[model],
        rules.force_time_s[model],
        rules.accel_psd_m2_s3[model],
        rules.glide_ratio,
        rules.ballistic_kg_m2,
        rules.drag_spread,
    )


@table_kernel
def mean_force(
    traits: Traits, model: int, x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> tuple[float, float, float, float]:
    """Mean specific force of a model [m/s2] and the sigma per axis about it [m/s2].

    x..z [m], vx..vz [m/s] : ECI     Returns fx, fy, fz, sigma.
    Model: none for COAST, zero for BOOST; else as `level_force`, `glide_force`, `drag_force`.
    """
    sigma = traits.force_sigma_m_s2
    if model == AIR:
        fx, fy, fz = level_force(x, y, z, vx, vy, vz)
        return fx, fy, fz, sigma
    if model == GLIDE:
        fx, fy, fz = glide_force(x, y, z, vx, vy, vz, traits.glide_ratio)
        return fx, fy, fz, sigma
    if model == REENTRY:
        fx, fy, fz = drag_force(x, y, z, vx, vy, vz, traits.ballistic_kg_m2)
        drag = math.sqrt(fx * fx + fy * fy + fz * fz)
        return fx, fy, fz, sigma + traits.drag_spread * drag
    return 0.0, 0.0, 0.0, sigma


@table_kernel
def level_force(
    x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> tuple[float, float, float]:
    """What keeps an object on a great circle over the turning Earth at its speed and climb.

    Model: the acceleration of `level_acceleration` less gravity.
    """
    gx, gy, gz = gravity_j2(x, y, z)
    ax, ay, az = level_acceleration(x, y, z, vx, vy, vz)
    return ax - gx, ay - gy, az - gz


@table_kernel
def level_acceleration(
    x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> tuple[float, float, float]:
    """Acceleration in ECI on a great circle over the turning Earth at even speed and climb.

    Model: with the velocity over the ground u = v - w x r = c e + h (climb c along the
    vertical e, h horizontal), -|h|^2 / r e + (c / r) h + 2 w x u + w x (w x r).
    Spherical vertical.
    """
    r = math.sqrt(x * x + y * y + z * z)
    ex, ey, ez = x / r, y / r, z / r
    ux, uy = vx + ROTATION_RAD_S * y, vy - ROTATION_RAD_S * x
    climb = ux * ex + uy * ey + vz * ez
    hx, hy, hz = ux - climb * ex, uy - climb * ey, vz - climb * ez
    bend = (hx * hx + hy * hy + hz * hz) / r
    rise = climb / r
    turn2 = ROTATION_RAD_S * ROTATION_RAD_S
    ax = rise * hx - bend * ex - 2.0 * ROTATION_RAD_S * uy - turn2 * x
    ay = rise * hy - bend * ey + 2.0 * ROTATION_RAD_S * ux - turn2 * y
    az = rise * hz - bend * ez
    return ax, ay, az


@table_kernel
def glide_force(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, glide_ratio: float
) -> tuple[float, float, float]:
    """Lift that holds an even glide, and its drag: lift / `glide_ratio` against the motion.

    Model: the equilibrium glide, lift = weight less centrifugal force, of E. Saenger and
    J. Bredt, A rocket drive for long range bombers, 1944.
    """
    fx, fy, fz = level_force(x, y, z, vx, vy, vz)
    ux, uy = vx + ROTATION_RAD_S * y, vy - ROTATION_RAD_S * x
    speed = math.sqrt(ux * ux + uy * uy + vz * vz)
    lift = math.sqrt(fx * fx + fy * fy + fz * fz)
    drag = lift / (glide_ratio * max(speed, 1.0))
    return fx - drag * ux, fy - drag * uy, fz - drag * vz


@table_kernel
def drag_force(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, ballistic_kg_m2: float
) -> tuple[float, float, float]:
    """Drag of a body of known ballistic coefficient m / (Cd A) in air that turns with the Earth.

    Model: -rho |u| u / (2 beta) with the US Standard Atmosphere 1976 and u the velocity over
    the ground; below sea level the air of sea level.
    """
    density_kg_m3 = us76(max(0.0, altitude_xyz(x, y, z)))[2]
    ux, uy = vx + ROTATION_RAD_S * y, vy - ROTATION_RAD_S * x
    speed = math.sqrt(ux * ux + uy * uy + vz * vz)
    pull = -0.5 * density_kg_m3 * speed / ballistic_kg_m2
    return pull * ux, pull * uy, pull * vz
