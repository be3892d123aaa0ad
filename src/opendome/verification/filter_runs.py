"""Paths, sensors and runs on which the filters are checked. Scenes, not systems."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.tracking.bank import bank_rules
from opendome.tracking.kernels.bank import empty_bank, start_track
from opendome.tracking.kernels.forces import (
    COAST,
    MODEL_NAMES,
    REENTRY,
    STATES,
    BankRules,
    mean_force,
    traits_of,
)
from opendome.tracking.kernels.known import follow
from opendome.tracking.kernels.mixing import Bank
from opendome.tracking.kernels.motion import add_noise, advance, mirror_all
from opendome.tracking.kernels.readings import Readings
from opendome.tracking.readings import direction_readings
from opendome.world.gravity import gravity_j2

Floats = npt.NDArray[np.float64]

# model -> first state, step [s], steps
SCENES: dict[str, tuple[Sequence[float], float, int]] = {
    "coast": ((6.9e6, 1e5, -2e5, -500.0, 6300.0, 900.0), 4.0, 100),
    "boost": ((6.43e6, 1e5, -2e5, 800.0, 900.0, 200.0), 1.0, 100),
    "glide": ((6.416e6, 1e5, -2e5, 4.0, 5000.0, 250.0), 2.0, 100),
    "reentry": ((6.456e6, 1e5, -2e5, -1500.0, 5800.0, 900.0), 0.5, 80),
    "air": ((6.385e6, 1e5, -2e5, 2.0, 700.0, 250.0), 2.0, 100),
}
RADAR_M = (RADIUS_MEAN_M, 3e5, 1e5)
ANGLE_SIGMA_RAD, RANGE_SIGMA_M = 3e-4, 30.0
PRIOR: Floats = np.diag(np.square([200.0] * 3 + [20.0] * 3))


@dataclass(frozen=True, kw_only=True)
class Runs:
    """What the filters of many runs made of their readings, after each step.

    mean : (step, run, model, 9)   cov : (step, run, model, 9, 9)   weight : (step, run, model)
    fused_mean : (step, run, 9)    distance2 : (step, run) of each reading before it was taken in
    """

    mean: Floats
    cov: Floats
    weight: Floats
    fused_mean: Floats
    distance2: Floats


def wander(name: str, runs: int, luck: np.random.Generator) -> Floats:
    """Paths of objects that obey one model of the bank exactly, noise included: (step, run, 9).

    The first entry is the start.
    """
    first, step_s, steps = SCENES[name]
    rules, model = bank_rules((name,)), MODEL_NAMES.index(name)
    traits = traits_of(rules, model)
    states = np.zeros((steps + 1, runs, STATES))
    states[0, :, :6] = first
    *force, sigma = mean_force(traits, model, *first)
    if model != COAST:
        states[0, :, 6:] = force + sigma * luck.standard_normal((runs, 3))
    for step in range(1, steps + 1):
        for run in range(runs):
            state, q = states[step - 1, run].copy(), np.zeros((STATES, STATES))
            sigmas = advance(traits, model, state, step_s)
            add_noise(q, traits, model, *sigmas, step_s)
            mirror_all(q)
            share, axes = np.linalg.eigh(q)
            size = np.sqrt(np.maximum(share, 0.0)) * luck.standard_normal(STATES)
            states[step, run] = state + axes @ size
    return states


def radar_readings(
    paths: Floats, t_s: float, luck: np.random.Generator, claim: float = 1.0
) -> Readings:
    """One noisy reading of each of some positions by one radar.

    paths : (run, 3)     claim : factor on the variances that the filter is told; 1 is honest
    """
    runs = len(paths)
    at = np.tile(RADAR_M, (runs, 1))
    d = paths - at
    slant = np.linalg.norm(d, axis=1)
    aim = d / slant[:, None] + ANGLE_SIGMA_RAD * luck.standard_normal(d.shape)
    return direction_readings(
        np.full(runs, t_s),
        at,
        aim,
        angle_sigma_rad=np.sqrt(claim) * ANGLE_SIGMA_RAD,
        range_m=slant + RANGE_SIGMA_M * luck.standard_normal(runs),
        range_sigma_m=np.sqrt(claim) * RANGE_SIGMA_M,
    )


def filter_paths(
    states: Floats, step_s: float, rules: BankRules, luck: np.random.Generator, claim: float = 1.0
) -> Runs:
    """Filter a reading of each step of each path: states (step + 1, run, 6 or more)."""
    steps, runs = states.shape[0] - 1, states.shape[1]
    bank = empty_bank(runs)
    root = np.linalg.cholesky(PRIOR)
    for run in range(runs):
        guess = states[0, run, :6] + root @ luck.standard_normal(6)
        start_track(bank, rules, run, 0.0, guess, PRIOR)
    tracks = np.arange(runs)
    scores, kept = np.zeros((2, runs)), []
    for step in range(1, steps + 1):
        given = radar_readings(states[step, :, :3], step * step_s, luck, claim)
        follow(bank, rules, given, tracks, scores[0], scores[1])
        kept.append(_copied(bank, scores[0]))
    columns = [np.array(column) for column in zip(*kept, strict=True)]
    return Runs(
        mean=columns[0],
        cov=columns[1],
        weight=columns[2],
        fused_mean=columns[3],
        distance2=columns[4],
    )


def _copied(bank: Bank, distance2: Floats) -> tuple[Floats, ...]:
    parts = (bank.mean, bank.cov, bank.weight, bank.fused_mean, distance2)
    return tuple(part.copy() for part in parts)


# A path with three parts: thrust along the motion, free fall, and twice the drag that the
# bank expects
THRUST_M_S2, BURN_S, DRAG = 40.0, 35.0, 2.0
PATH_START: Floats = np.array([6.43e6, -2e5, 0.0, 700.0, 600.0, 100.0])
PATH_STEP_S, PATH_STEPS, SUBSTEPS = 2.0, 188, 10


def three_part_path() -> Floats:
    """Boost, coast and re-entry of one object, without noise: (step + 1, 6).

    35 s of thrust, 182 km at the highest, 11 km up after 376 s at the end.
    """
    drag = traits_of(bank_rules(), REENTRY)
    drag = drag._replace(ballistic_kg_m2=drag.ballistic_kg_m2 / DRAG)
    states, h_s = [PATH_START], PATH_STEP_S / SUBSTEPS

    def rate(state: Floats, t_s: float) -> Floats:
        force = np.array(mean_force(drag, REENTRY, *state)[:3])
        if t_s < BURN_S:
            force = force + THRUST_M_S2 * state[3:] / np.linalg.norm(state[3:])
        return np.concatenate([state[3:], np.array(gravity_j2(*state[:3])) + force])

    for step in range(PATH_STEPS):
        state = states[-1]
        for n in range(SUBSTEPS):
            t_s = step * PATH_STEP_S + n * h_s + 1e-9
            k1 = rate(state, t_s)
            k2 = rate(state + 0.5 * h_s * k1, t_s)
            k3 = rate(state + 0.5 * h_s * k2, t_s)
            k4 = rate(state + h_s * k3, t_s)
            state = state + h_s / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        states.append(state)
    return np.array(states)
