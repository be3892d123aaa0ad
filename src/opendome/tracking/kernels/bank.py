"""A bank of filters for each track: five ways to move, mixed as the readings say.

The state of every model is (9,): position [m], velocity [m/s] and specific force [m/s2],
the acceleration that is not gravity, all in ECI. The force of a model runs back to a mean
of its own, and what is unknown about it is a Singer process around that mean:

    COAST    no force at all: free fall with J2 (the force is held at zero)
    BOOST    mean zero, large and long-lived: thrust of unknown size and direction
    GLIDE    mean: the lift of level flight and the drag of a declared lift-to-drag ratio
    REENTRY  mean: drag of a declared ballistic coefficient in the US Standard Atmosphere
    AIR      mean: what holds level flight at a constant speed over the turning Earth

Because the nine numbers mean the same in each model, they can be mixed. COAST has no force
to give: to the others it gives their own mean and spread in its place.

Order of use, for one track of the bank: `start_track`, then for each reading in order of
time `predict_track` and `update_track` (or `update_track_mixed` where several readings may
be the track's own); `score` before that to gate and to fill a cost matrix;
`bank.fused_mean[track]`, `bank.fused_cov[track]` for the answer. All of these are compiled,
take the whole bank and an index, write in place and allocate nothing; call them from
compiled loops.

Source: H. A. P. Blom, Y. Bar-Shalom, The interacting multiple model algorithm, IEEE Trans.
AC-33(8), 1988; R. A. Singer, IEEE Trans. AES-6(4), 1970; Bar-Shalom, Li, Kirubarajan 2001,
section 11.6.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.forces import (
    AIR,
    BOOST,
    COAST,
    GLIDE,
    MODEL_NAMES,
    MODELS,
    REENTRY,
    STATES,
    BankRules,
    Traits,
    mean_force,
    traits_of,
)
from opendome.tracking.kernels.gaussian import absorb, copy_square, copy_vector, innovation
from opendome.tracking.kernels.mixing import (
    OFF,
    SHARES,
    Bank,
    add_moments,
    close_models,
    drop_force,
    fill_transition,
    fuse,
    fuse_models,
    mix,
    settle,
)
from opendome.tracking.kernels.motion import step_extended
from opendome.tracking.kernels.readings import ROWS_MAX, Readings, linearise
from opendome.tracking.kernels.unscented import (
    ROOM_ROWS,
    rule_of,
    step_unscented,
    update_unscented,
)

__all__ = [
    "AIR",
    "BOOST",
    "COAST",
    "GLIDE",
    "MODELS",
    "MODEL_NAMES",
    "REENTRY",
    "STATES",
    "Bank",
    "BankRules",
    "copy_track",
    "empty_bank",
    "foresee",
    "fuse",
    "predict_track",
    "score",
    "score_place",
    "start_track",
    "update_track",
    "update_track_mixed",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Rows of Bank.vectors after those of `mixing`
LOGS, GAINED, SUMS = SHARES + 1, SHARES + 2, SHARES + 3
UPDATED = SUMS + 1


def empty_bank(tracks: int) -> Bank:
    """Room for this many tracks, none begun."""
    squares = np.zeros((2 * MODELS + 1, STATES + 1, STATES))
    return Bank(
        mean=np.zeros((tracks, MODELS, STATES)),
        cov=np.zeros((tracks, MODELS, STATES, STATES)),
        weight=np.zeros((tracks, MODELS)),
        t_s=np.full(tracks, np.nan),
        fused_mean=np.zeros((tracks, STATES)),
        fused_cov=np.zeros((tracks, STATES, STATES)),
        rows=np.zeros((ROWS_MAX, 5)),
        columns=np.zeros((ROWS_MAX, STATES + 1)),
        vectors=np.zeros((UPDATED + MODELS, STATES)),
        squares=squares,
        flat=squares.reshape(len(squares), -1),
        points=np.zeros((ROOM_ROWS, STATES)),
    )


@table_kernel
def start_track(
    bank: Bank, rules: BankRules, track: int, t_s: float, state: Floats, cov: Floats
) -> None:
    """Begin a track at a place and a velocity, all models at their first weights.

    t_s : time of the state [s]     state : (6,) ECI [m, m/s]     cov : (6, 6)
    The force of each model begins at its mean and spread.
    """
    bank.t_s[track] = t_s
    for j in range(MODELS):
        bank.weight[track, j] = rules.weight[j]
        mean, square = bank.mean[track, j], bank.cov[track, j]
        drop_force(mean, square)
        copy_vector(state, mean, 6)
        copy_square(cov, square, 6)
        if j != COAST:
            fx, fy, fz, sigma = mean_force(
                traits_of(rules, j), j, state[0], state[1], state[2], state[3], state[4], state[5]
            )
            mean[6], mean[7], mean[8] = fx, fy, fz
            for n in range(6, STATES):
                square[n, n] = sigma * sigma
    fuse(bank, track)


@table_kernel
def predict_track(bank: Bank, rules: BankRules, track: int, t_s: float) -> None:
    """Carry a track to the time `t_s` [s]: mix the models, then move each.

    Nothing happens where `t_s` is not later than the track's own time: readings of one
    moment may be taken in one after the other.
    """
    dt_s = t_s - bank.t_s[track]
    if not dt_s > 0.0:
        return
    change, means, covs = bank.squares[2 * MODELS], bank.mean[track], bank.cov[track]
    fill_transition(rules.sojourn_s, rules.share, dt_s, change)
    fused_mean, fused_cov = bank.fused_mean[track], bank.fused_cov[track]
    close_models(rules.ceiling_m, fused_mean, fused_cov, bank.weight[track], change)
    mix(bank, rules, track, change)
    bank.t_s[track] = t_s
    weight, rule, room = bank.weight[track], rule_of(rules), bank.points
    for j in range(MODELS):
        if weight[j] > 0.0:
            steps, traits = math.ceil(dt_s / rules.max_step_s[j]), traits_of(rules, j)
            if rules.unscented:
                move_unscented(traits, rule, j, means[j], covs[j], dt_s, steps, room)
            else:
                move_extended(traits, j, means[j], covs[j], dt_s, steps)
    drop_broken(weight, means)
    fuse_models(means, covs, weight, bank.vectors, fused_mean, fused_cov)


@table_kernel
def drop_broken(weight: Floats, means: Floats) -> None:
    """Take the weight of models that came out as NaN; the next mixing restores them.

    Where every model did, nothing changes: the fused state is NaN too, and fits no reading.
    """
    kept = 0.0
    for j in range(MODELS):
        if math.isfinite(means[j, 0]):
            kept += weight[j]
    if kept > 0.0:
        for j in range(MODELS):
            weight[j] = weight[j] / kept if math.isfinite(means[j, 0]) else 0.0


@table_kernel
def move_extended(
    traits: Traits, model: int, mean: Floats, cov: Floats, dt_s: float, steps: int
) -> None:
    """Carry one model by `dt_s` [s] in equal steps, by derivatives."""
    for _ in range(steps):
        step_extended(traits, model, mean, cov, dt_s / steps)


@table_kernel
def move_unscented(
    traits: Traits,
    rule: tuple[float, float, float],
    model: int,
    mean: Floats,
    cov: Floats,
    dt_s: float,
    steps: int,
    points: Floats,
) -> None:
    """Carry one model by `dt_s` [s] in equal steps, by sigma points."""
    for _ in range(steps):
        step_unscented(traits, rule, model, mean, cov, dt_s / steps, points)


@table_kernel
def score(bank: Bank, readings: Readings, track: int, reading: int) -> tuple[float, float]:
    """How well a reading fits a track already carried to its time.

    Returns (distance squared, log density): the normalised innovation squared of the fused
    state, chi-square with as many degrees of freedom as the reading has values (2
    `DIRECTION` and `AZIMUTH_RANGE`, 3 the others), and the log of its normal density in the
    units of the values [1/rad2, 1/(rad m) or 1/(rad2 m)]: a density of false alarms must be
    in the same. (inf, -inf) for a place behind the sensor.
    """
    mean = bank.fused_mean[track]
    count = linearise(readings, reading, mean[0], mean[1], mean[2], bank.rows)
    if count == 0:
        return math.inf, -math.inf
    return innovation(bank.fused_cov[track], bank.rows, count, bank.squares[0], math.inf)


@table_kernel
def foresee(
    mean: Floats, cov: Floats, half_pull: Floats, h_s: float, place: Floats, spread: Floats
) -> None:
    """Where a track is a moment after it was last moved, and how well that is known.

    mean : (9,), cov : (9, 9) its fused state then
    half_pull : (3,) half its acceleration, gravity and force [m/s2]     h_s : the moment [s]
    place : (3,) out [m]     spread : (3, 3) out, its covariance [m2]
    Model: the fused state along a parabola; P of the place from S P S' with S = (1, h, h^2/2)
    on place, velocity and force. What the models add in between (noise, changes of model) and
    the gradient of gravity are left out.
    Valid for: a second or two, docs/models/association.md.
    """
    a_s2 = 0.5 * h_s * h_s
    for i in range(3):
        place[i] = mean[i] + h_s * (mean[3 + i] + h_s * half_pull[i])
        for j in range(i, 3):
            speed = cov[i, 3 + j] + cov[j, 3 + i] + h_s * cov[3 + i, 3 + j]
            both = cov[3 + i, 6 + j] + cov[3 + j, 6 + i]
            force = cov[i, 6 + j] + cov[j, 6 + i] + h_s * both + a_s2 * cov[6 + i, 6 + j]
            spread[i, j] = cov[i, j] + h_s * speed + a_s2 * force
            spread[j, i] = spread[i, j]


@table_kernel
def score_place(
    readings: Readings, reading: int, place: Floats, spread: Floats, limit: float, room: Floats
) -> tuple[float, float]:
    """As `score`, for a place and its covariance, as `foresee` writes them.

    limit : of the distance squared; beyond it the answer is (inf, -inf)     room : (6, 5)
    """
    rows, s = room[:3], room[3:]
    count = linearise(readings, reading, place[0], place[1], place[2], rows)
    if count == 0:
        return math.inf, -math.inf
    return innovation(spread, rows, count, s, limit)


@table_kernel
def update_extended(
    readings: Readings,
    reading: int,
    weight: Floats,
    means: Floats,
    covs: Floats,
    logs: Floats,
    rows: Floats,
    columns: Floats,
) -> None:
    """Update the state of each model that has weight, in place, by derivatives.

    means : (5 or more, 9), covs : (5 or more, 9, 9)
    logs : log densities out; -inf where there is none
    rows : (3, 5), columns : (3, 10) room
    """
    for j in range(MODELS):
        logs[j] = -math.inf
        if weight[j] > 0.0:
            x, y, z = means[j, 0], means[j, 1], means[j, 2]
            count, size = linearise(readings, reading, x, y, z, rows), STATES
            if j == COAST:
                size = 6
            if count > 0:
                logs[j] = absorb(means[j], covs[j], size, rows, count, columns)


@table_kernel
def update_by_points(
    rule: tuple[float, float, float],
    readings: Readings,
    reading: int,
    weight: Floats,
    means: Floats,
    covs: Floats,
    logs: Floats,
    points: Floats,
) -> None:
    """As `update_extended`, by sigma points."""
    for j in range(MODELS):
        logs[j] = -math.inf
        if weight[j] > 0.0:
            size = 6 if j == COAST else STATES
            logs[j] = update_unscented(rule, readings, reading, means[j], covs[j], size, points)


@table_kernel
def update_models(
    bank: Bank,
    rules: BankRules,
    readings: Readings,
    reading: int,
    weight: Floats,
    means: Floats,
    covs: Floats,
) -> None:
    """Update states, of a track or in the room; the log densities go to the room."""
    logs = bank.vectors[LOGS]
    if rules.unscented:
        rule, room = rule_of(rules), bank.points
        update_by_points(rule, readings, reading, weight, means, covs, logs, room)
    else:
        rows, columns = bank.rows, bank.columns
        update_extended(readings, reading, weight, means, covs, logs, rows, columns)


@table_kernel
def update_track(
    bank: Bank, rules: BankRules, readings: Readings, track: int, reading: int
) -> float:
    """Take a reading into a track already carried to its time.

    Returns the log density of the reading under the mixture of the models, units as `score`;
    -inf, and the track as it was, for a place behind the sensor.
    """
    weight, means, covs = bank.weight[track], bank.mean[track], bank.cov[track]
    update_models(bank, rules, readings, reading, weight, means, covs)
    log_density = reweigh(weight, bank.vectors[LOGS])
    if log_density > -math.inf:
        mean, cov = bank.fused_mean[track], bank.fused_cov[track]
        fuse_models(means, covs, weight, bank.vectors, mean, cov)
    return log_density


@table_kernel
def reweigh(weight: Floats, logs: Floats) -> float:
    """Bayes' rule for the weights of the models; the log of the sum of weight x density."""
    top = -math.inf
    for j in range(MODELS):
        if math.isnan(logs[j]):
            logs[j] = -math.inf
        if weight[j] > 0.0 and logs[j] > top:
            top = logs[j]
    if top == -math.inf:
        return top
    total = 0.0
    for j in range(MODELS):
        weight[j] *= math.exp(logs[j] - top)
        total += weight[j]
    for j in range(MODELS):
        weight[j] /= total
    return top + math.log(total)


@table_kernel
def update_track_mixed(
    bank: Bank,
    rules: BankRules,
    readings: Readings,
    track: int,
    picks: Integers,
    p_picks: Floats,
) -> None:
    """Take readings of one moment into a track, each its own with some probability.

    picks : (pick,) indices of readings     p_picks : (pick,) probability of each to be the
        track's own, sum at most 1; the rest is the probability that none is
    Model: for each model the moments of the mixture of its updates; the weight of a model
    and the shares within it follow from Bayes' rule, with the probability of pick k and
    model j proportional to p_k w_j L_jk / sum over i of w_i L_ik.
    Source: Y. Bar-Shalom, T. Fortmann, J. Scheffe, Joint probabilistic data association,
    1980; H. A. P. Blom, E. A. Bloem, Combining IMM and JPDA, 2002.
    """
    begin_mixture(bank)
    weight, logs, gained = bank.weight[track], bank.vectors[LOGS], bank.vectors[GAINED]
    p_none = 1.0
    for n in range(picks.shape[0]):
        for j in range(MODELS):
            copy_vector(bank.mean[track, j], bank.vectors[UPDATED + j], STATES)
            copy_square(bank.cov[track, j], bank.squares[j], STATES)
        means = bank.vectors[UPDATED:]
        update_models(bank, rules, readings, picks[n], weight, means, bank.squares)
        copy_vector(weight, gained, MODELS)
        if reweigh(gained, logs) > -math.inf:
            p_none -= p_picks[n]
            add_picks(bank, track, p_picks[n])
    end_mixture(bank, track, max(0.0, p_none))
    fuse(bank, track)


@table_kernel
def begin_mixture(bank: Bank) -> None:
    """Empty the sums of `update_track_mixed`."""
    for j in range(MODELS):
        bank.vectors[j] = 0.0
        bank.squares[MODELS + j] = 0.0
    bank.vectors[SUMS] = 0.0


@table_kernel
def add_picks(bank: Bank, track: int, p_pick: float) -> None:
    """Add the updates of all models by one reading, weighed, to the sums."""
    for j in range(MODELS):
        share = p_pick * bank.vectors[GAINED, j]
        if share > 0.0:
            bank.vectors[SUMS, j] += share
            mean, cov = bank.vectors[UPDATED + j], bank.squares[j]
            about, total = bank.mean[track, j], bank.vectors[j]
            off, square = bank.vectors[OFF], bank.squares[MODELS + j]
            add_moments(share, mean, cov, about, off, total, square)


@table_kernel
def end_mixture(bank: Bank, track: int, p_none: float) -> None:
    """Add what stays as it was, and write means, covariances and weights of all models."""
    for j in range(MODELS):
        stays = p_none * bank.weight[track, j]
        share = bank.vectors[SUMS, j] + stays
        bank.weight[track, j] = share
        if share > 0.0:
            mean, cov = bank.mean[track, j], bank.cov[track, j]
            total, square = bank.vectors[j], bank.squares[MODELS + j]
            for n in range(STATES):
                total[n] /= share
                for m in range(STATES):
                    cov[n, m] = (stays * cov[n, m] + square[n, m]) / share
            settle(mean, total, mean, cov)


@table_kernel
def copy_track(bank: Bank, source: int, target: int) -> None:
    """Copy a track to another place in the bank; nobody reads a model without weight."""
    for j in range(MODELS):
        if bank.weight[source, j] > 0.0:
            copy_vector(bank.mean[source, j], bank.mean[target, j], STATES)
            copy_square(bank.cov[source, j], bank.cov[target, j], STATES)
    copy_vector(bank.weight[source], bank.weight[target], MODELS)
    copy_vector(bank.fused_mean[source], bank.fused_mean[target], STATES)
    copy_square(bank.fused_cov[source], bank.fused_cov[target], STATES)
    bank.t_s[target] = bank.t_s[source]
