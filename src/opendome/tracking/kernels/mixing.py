"""How the models of one track share what they know before each step.

With p_ij the probability to go from model i to j in the step, c_j = sum p_ij w_i and
mu_ij = p_ij w_i / c_j, model j starts from the moments of the mixture of all models i with
weights mu_ij. COAST has no force: to another model it gives that model's own mean and
spread, and from the others it takes position and velocity alone.

Source: Blom, Bar-Shalom 1988; Bar-Shalom, Li, Kirubarajan 2001, section 11.6.6; for models
of unequal size K. Granstroem, P. Willett, Y. Bar-Shalom, Systematic approach to IMM mixing
for unequal dimension states, IEEE Trans. AES-51(4), 2015.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.forces import (
    COAST,
    MODELS,
    STATES,
    BankRules,
    Traits,
    mean_force,
    traits_of,
)
from opendome.tracking.kernels.gaussian import (
    add_weighted,
    copy_square,
    copy_vector,
    put_outer,
    take_outer,
)
from opendome.world.earth import altitude_xyz

Floats = npt.NDArray[np.float64]

SURE = 3.0  # customary: sigmas by which a track must lie above a ceiling
# Rows of Bank.vectors behind those of the models and of one sum: differences, shares
OFF, SHARES = MODELS + 1, MODELS + 2
# Second moments of a state and, behind them, first ones
MOMENTS = STATES * STATES + STATES


class Bank(NamedTuple):
    """Filters of many tracks, and room to work. Frame: ECI.

    mean : (track, model, 9)          cov : (track, model, 9, 9)
    weight : (track, model) probabilities of the models, sum 1
    t_s : (track,) time of the state [s after epoch]; NaN before `start_track`
    fused_mean : (track, 9), fused_cov : (track, 9, 9) moments over the models; kept by
        `start_track`, `predict_track` and the updates
    rows : (3, 5), columns : (3, 10), vectors : (2 models + 6, 9), squares :
        (2 models + 1, 10, 9), flat : the same as (2 models + 1, 90), points : (31, 9): room
        for one computation at a time, so that a bank belongs to one thread
    """

    mean: Floats
    cov: Floats
    weight: Floats
    t_s: Floats
    fused_mean: Floats
    fused_cov: Floats
    rows: Floats
    columns: Floats
    vectors: Floats
    squares: Floats
    flat: Floats
    points: Floats


@table_kernel
def add_moments(
    weight: float,
    mean: Floats,
    cov: Floats,
    about: Floats,
    off: Floats,
    total: Floats,
    square: Floats,
) -> None:
    """Add a weighted normal: differences from `about` to `total`, second moments to `square`.

    off : (9,) room
    """
    for i in range(STATES):
        off[i] = mean[i] - about[i]
        total[i] += weight * off[i]
    add_weighted(weight, cov, off, square)


@table_kernel
def fuse(bank: Bank, track: int) -> None:
    """Write the mean and covariance over the models into `bank.fused_mean`, `fused_cov`."""
    mean, cov = bank.fused_mean[track], bank.fused_cov[track]
    fuse_models(bank.mean[track], bank.cov[track], bank.weight[track], bank.vectors, mean, cov)


@table_kernel
def fuse_models(
    means: Floats, covs: Floats, weight: Floats, vectors: Floats, mean: Floats, cov: Floats
) -> None:
    """Mean (9,) and covariance (9, 9) of the mixture of models; vectors : room of a bank."""
    best = 0
    for j in range(1, MODELS):
        if weight[j] > weight[best]:
            best = j
    if weight[best] == 1.0:
        copy_vector(means[best], mean, STATES)
        copy_square(covs[best], cov, STATES)
        return
    total, off, about = vectors[MODELS], vectors[OFF], means[best]
    total[:] = 0.0
    cov[:] = 0.0
    for j in range(MODELS):
        if weight[j] > 0.0:
            add_moments(weight[j], means[j], covs[j], about, off, total, cov)
    settle(about, total, mean, cov)


@table_kernel
def settle(about: Floats, total: Floats, mean: Floats, cov: Floats) -> None:
    """Mean and covariance from the moments about a point; `mean` may be `about`."""
    take_outer(cov, total)
    for i in range(STATES):
        mean[i] = about[i] + total[i]


@table_kernel
def fill_transition(sojourn_s: Floats, share: Floats, dt_s: float, change: Floats) -> None:
    """Probabilities to go from one model (row) to another (column) in `dt_s` [s].

    Model: exponential stays of mean `sojourn_s`, at most one change in a step.
    """
    for i in range(MODELS):
        leaves = -math.expm1(-dt_s / sojourn_s[i])
        for j in range(MODELS):
            change[i, j] = leaves * share[i, j]
        change[i, i] = 1.0 - leaves


@table_kernel
def close_models(
    ceiling_m: Floats, mean: Floats, cov: Floats, weight: Floats, change: Floats
) -> None:
    """Rule out the models that cannot hold where a track is: `change` in place.

    mean : (9,), cov : (9, 9) fused state     weight : (model,) before the step
    Model: a model takes no part while the track lies above its ceiling, the position sigma
    (root of the trace) counted three times; what is known is conditioned on that, so that all
    other probabilities grow by the same factor. A track of which nothing would be left keeps all.
    """
    sigma_m = math.sqrt(cov[0, 0] + cov[1, 1] + cov[2, 2])
    low_m = altitude_xyz(mean[0], mean[1], mean[2]) - SURE * sigma_m
    left, closed = 0.0, False
    for j in range(MODELS):
        if low_m > ceiling_m[j]:
            closed = True
        else:
            for i in range(MODELS):
                left += weight[i] * change[i, j]
    if not (closed and left > 0.0):
        return
    for j in range(MODELS):
        share = 0.0 if low_m > ceiling_m[j] else 1.0 / left
        for i in range(MODELS):
            change[i, j] *= share


@table_kernel
def move_weights(weight: Floats, change: Floats, after: Floats) -> bool:
    """Weights of the models after a change into `after`; False where one has it all, before too."""
    mixed = True
    for j in range(MODELS):
        after[j] = 0.0
        for i in range(MODELS):
            after[j] += weight[i] * change[i, j]
        mixed = mixed and not (after[j] == 1.0 and weight[j] == 1.0)
    return mixed


@table_kernel
def mix(bank: Bank, rules: BankRules, track: int, change: Floats) -> None:
    """Share means and covariances between the models of a track, and move the weights.

    change : (5 or more, same) probabilities to go from model (row) to model (column)
    The moments are taken about `bank.fused_mean`, so that no digits are lost.
    """
    about, weight, after = bank.fused_mean[track], bank.weight[track], bank.vectors[MODELS]
    means, covs, squares, flat = bank.mean[track], bank.cov[track], bank.squares, bank.flat
    shares = bank.vectors[SHARES]
    if not move_weights(weight, change, after):
        return
    second_moments(means, covs, weight, about, squares)
    for j in range(MODELS):
        if after[j] > 0.0:
            for i in range(MODELS):
                shares[i] = change[i, j] * weight[i] / after[j]
            total = flat[MODELS + j]
            begin_gather(shares[COAST], flat[COAST], total)
            if j != COAST and shares[COAST] > 0.0:
                full, traits = squares[MODELS + j], traits_of(rules, j)
                give_force(traits, j, means[COAST], about, shares[COAST], full)
            gather(shares, flat, total)
    for j in range(MODELS):
        weight[j] = after[j]
        if after[j] > 0.0:
            full = squares[MODELS + j]
            for n in range(STATES):
                means[j, n] = about[n] + full[STATES, n]
            put_outer(-1.0, full, full[STATES], covs[j])
            if j == COAST:
                drop_force(means[j], covs[j])


@table_kernel
def second_moments(
    means: Floats, covs: Floats, weight: Floats, about: Floats, squares: Floats
) -> None:
    """Second moments of each model about a point into `squares`, first moments behind them."""
    for i in range(MODELS):
        if weight[i] > 0.0:
            for n in range(STATES):
                squares[i, STATES, n] = means[i, n] - about[n]
            put_outer(1.0, covs[i], squares[i, STATES], squares[i])


@table_kernel
def begin_gather(share: float, moments: Floats, total: Floats) -> None:
    """Begin a sum with the weighted moments, second and first, of COAST, the first model."""
    for n in range(MOMENTS):
        total[n] = 0.0 + (share * moments[n] if share > 0.0 else 0.0)


@table_kernel
def gather(shares: Floats, flat: Floats, total: Floats) -> None:
    """Add the weighted moments of the four other models in one pass: it halves the time.

    A model without a share may be of any size, NaN too.
    """
    a, b, c, d = shares[1], shares[2], shares[3], shares[4]
    one, two, three, four = flat[1], flat[2], flat[3], flat[4]
    for n in range(MOMENTS):
        so_far = total[n]
        so_far += a * one[n] if a > 0.0 else 0.0
        so_far += b * two[n] if b > 0.0 else 0.0
        so_far += c * three[n] if c > 0.0 else 0.0
        so_far += d * four[n] if d > 0.0 else 0.0
        total[n] = so_far


@table_kernel
def give_force(
    traits: Traits,
    target: int,
    mean: Floats,
    about: Floats,
    share: float,
    square: Floats,
) -> None:
    """Put the mean and spread of the target's force in place of the force that COAST lacks.

    square : (10, 9) second moments and, behind them, first ones, to add to
    """
    fx, fy, fz, sigma = mean_force(
        traits, target, mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]
    )
    force = (fx, fy, fz)
    for n in range(3):
        square[STATES, 6 + n] += share * force[n]
        for m in range(6):
            moved = share * force[n] * (mean[m] - about[m])
            square[6 + n, m] += moved
            square[m, 6 + n] += moved
        for m in range(3):
            there, none = force[m] - about[6 + m], -about[6 + m]
            square[6 + n, 6 + m] += share * (
                (force[n] - about[6 + n]) * there - (-about[6 + n]) * none
            )
        square[6 + n, 6 + n] += share * sigma * sigma


@table_kernel
def drop_force(mean: Floats, cov: Floats) -> None:
    """Hold the force at zero."""
    for n in range(6, STATES):
        mean[n] = 0.0
        for m in range(STATES):
            cov[n, m] = 0.0
            cov[m, n] = 0.0
