"""What a run lost of the value it defended, and what it kept by leaving objects alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.campaign.study import Study
from opendome.engagement.records import Fate
from opendome.results.intervals import Estimate, bounded_mean

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Figures of value, each the mean of a trial with the interval of that mean.

    Attributes
    ----------
    at_stake : value that the raid would cost without any defence; what fails by itself costs
        nothing
    lost : value lost through everything that got through
    lost_left_alone : the part of it lost through objects that were not worth a round
    engaged : objects fired at     left_alone : objects that a round could have met and that were
        not worth it at any decision
    rounds_saved : rounds that doctrine would have fired at those
    """

    at_stake: Estimate
    lost: Estimate
    lost_left_alone: Estimate
    engaged: Estimate
    left_alone: Estimate
    rounds_saved: Estimate


def losses(study: Study) -> Losses:
    """Value and rounds of a study whose scenario gives values.

    Valid for: the true impact of each object decides what it costs, whatever was believed; an
    object that falls on two places costs both.
    """
    rows = study.ledger.objects
    trials = study.plan.trials_total

    def sheet(values: npt.ArrayLike) -> Floats:
        return np.asarray(values, np.float64).reshape(trials, -1)

    fate, loss, spared = sheet(rows["fate"]), sheet(rows["loss"]), sheet(rows["spared"])
    fired = sheet(rows["rounds"])
    objects = float(fate.shape[1])
    future = np.array([study.plan.future_of(trial) for trial in range(trials)])
    unit = float(loss.max(initial=0.0))
    ceiling = float(loss.sum(axis=1).max(initial=0.0))

    def mean(table: Floats, most: float, scale: float = 1.0) -> Estimate:
        return _mean(table.sum(axis=1), future, most, scale)

    return Losses(
        at_stake=mean(np.where(fate == Fate.FAILED, 0.0, loss), ceiling, unit),
        lost=mean(np.where(fate >= Fate.NEVER_DETECTED, loss, 0.0), ceiling, unit),
        lost_left_alone=mean(np.where(fate == Fate.NOT_WORTH, loss, 0.0), ceiling, unit),
        engaged=mean((fired > 0).astype(np.float64), objects),
        left_alone=mean((spared > 0).astype(np.float64), objects),
        rounds_saved=mean(spared, float(spared.max(initial=0.0)) * objects),
    )


def _mean(sums: Floats, future: npt.NDArray[np.int64], most: float, scale: float) -> Estimate:
    """Mean of a trial with its interval, in units of `scale` so that no unit counts."""
    if most <= 0.0 or scale <= 0.0:
        return Estimate(0.0, 0.0, 0.0)
    by_future = np.bincount(future, sums / scale).astype(np.float64)
    found = bounded_mean(by_future, np.bincount(future).astype(np.float64), ceiling=most / scale)
    return Estimate(found.value * scale, found.low * scale, found.high * scale)
