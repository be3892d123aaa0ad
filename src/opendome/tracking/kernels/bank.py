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
be the track's own); `score` before that to gate and to fill a cost matrix; `fuse` for the
answer. All of these are compiled, take the whole bank and an index, write in place and
allocate nothing; call them from compiled loops.

Source: H. A. P. Blom, Y. Bar-Shalom, The interacting multiple model algorithm, IEEE Trans.
AC-33(8), 1988; R. A. Singer, IEEE Trans. AES-6(4), 1970; Bar-Shalom, Li, Kirubarajan 2001,
section 11.6.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.readings import Readings

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

COAST, BOOST, GLIDE, REENTRY, AIR = range(5)
MODELS, STATES = 5, 9


class Bank(NamedTuple):
    """Filters of many tracks, and room to work. Frame: ECI.

    mean : (track, model, 9)          cov : (track, model, 9, 9)
    weight : (track, model) probabilities of the models, sum 1
    t_s : (track,) time of the state [s after epoch]; NaN before `start_track`
    fused_mean : (track, 9), fused_cov : (track, 9, 9) moments over the models, as `fuse`
        left them; `start_track`, `predict_track` and the updates do that too
    work : room for one computation at a time: a bank belongs to one thread
    """

    mean: Floats
    cov: Floats
    weight: Floats
    t_s: Floats
    fused_mean: Floats
    fused_cov: Floats
    work: Floats


class BankRules(NamedTuple):
    """What the bank takes for granted; `tracking.bank` reads it from the catalogue.

    force_sigma_m_s2 : (model,) sigma per axis of the force about its mean; for REENTRY the
        smallest one, far above the air
    force_time_s : (model,) how long the force stays alike, time constant [s]
    accel_psd_m2_s3 : (model,) spectral density of white acceleration on top, per axis
    sojourn_s : (model,) mean time that an object stays in a model [s]
    share : (model, model) where it goes when it leaves: rows sum to 1, diagonal 0
    weight : (model,) probabilities of the models of a new track; a model whose weight and
        column of `share` are zero takes no part and costs nothing
    glide_ratio : lift to drag of the GLIDE mean
    ballistic_kg_m2 : ballistic coefficient m / (Cd A) of the REENTRY mean
    drag_spread : sigma per axis of the REENTRY force, relative to that mean
    max_step_s : longest step of a prediction
    sigma_spread, sigma_prior, sigma_shift : alpha, beta and kappa of scaled sigma points
    unscented : True to update by sigma points, False by derivatives
    """

    force_sigma_m_s2: Floats
    force_time_s: Floats
    accel_psd_m2_s3: Floats
    sojourn_s: Floats
    share: Floats
    weight: Floats
    glide_ratio: float
    ballistic_kg_m2: float
    drag_spread: float
    max_step_s: float
    sigma_spread: float
    sigma_prior: float
    sigma_shift: float
    unscented: bool


@table_kernel
def start_track(
    bank: Bank, rules: BankRules, track: int, t_s: float, state: Floats, cov: Floats
) -> None:
    """Begin a track at a place and a velocity, all models at their first weights.

    t_s : time of the state [s]     state : (6,) ECI [m, m/s]     cov : (6, 6)
    The force of each model begins at its mean and spread; other weights may be written into
    `bank.weight[track]` afterwards.
    """


@table_kernel
def predict_track(bank: Bank, rules: BankRules, track: int, t_s: float) -> None:
    """Carry a track to the time `t_s` [s]: mix the models, then move each.

    Nothing happens where `t_s` is not later than the track's own time: readings of one
    moment may be taken in one after the other.
    """


@table_kernel
def score(bank: Bank, readings: Readings, track: int, reading: int) -> tuple[float, float]:
    """How well a reading fits a track already carried to its time.

    Returns (distance squared, log density): the normalised innovation squared of the fused
    state, chi-square with as many degrees of freedom as the reading has values (2
    `DIRECTION` and `AZIMUTH_RANGE`, 3 the others), and the log of its normal density in the
    units of the values [1/rad2, 1/(rad m) or 1/(rad2 m)]: a density of false alarms must be
    in the same. (inf, -inf) for a reading of a place behind the sensor.
    """
    return np.inf, -np.inf


@table_kernel
def update_track(
    bank: Bank, rules: BankRules, readings: Readings, track: int, reading: int
) -> float:
    """Take a reading into a track already carried to its time.

    Returns the log density of the reading under the mixture of the models, units as `score`.
    """
    return -np.inf


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
    """


@table_kernel
def fuse(bank: Bank, track: int) -> None:
    """Write the mean and covariance over the models into `bank.fused_mean`, `fused_cov`."""


@table_kernel
def copy_track(bank: Bank, source: int, target: int) -> None:
    """Copy everything of one track to another place in the bank."""
    bank.mean[target] = bank.mean[source]
    bank.cov[target] = bank.cov[source]
    bank.weight[target] = bank.weight[source]
    bank.t_s[target] = bank.t_s[source]
    bank.fused_mean[target] = bank.fused_mean[source]
    bank.fused_cov[target] = bank.fused_cov[source]
