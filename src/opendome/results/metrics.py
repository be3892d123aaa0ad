"""The definition of every figure that a run reports."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.campaign.study import Study
from opendome.engagement.records import FATE_WORDS, Fate
from opendome.results.intervals import (
    Estimate,
    bounded_mean,
    luck_and_futures,
    proportion,
)
from opendome.results.sensitivity import Lean, leans

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LayerUse:
    """What one layer did, per trial."""

    kills: float
    rounds: float
    stock: int


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Figures of a run.

    Attributes
    ----------
    objects : objects of the raid
    threats : those of them that harm where they fall; the others are stages, debris, decoys and
        aircraft
    others_killed : others that were killed, per trial
    leakers : objects that got through, per trial
    p_no_leaker : chance that none does
    effective_trials : independent trials that the chance rests on
    leaker_counts : (threats + 1,) trials with 0, 1, 2 ... leakers
    fates : words -> mean objects per trial
    fate_estimates : words -> the same with its interval
    layers : layer -> use
    time_budget_s : link -> seconds (10th, 50th, 90th percentile over objects that passed it)
    spread : shares of the variance of the leakers that are luck and that are the future
    leans : uncertain inputs, the strongest first
    leakers_by_future : (future,) mean leakers
    """

    objects: int
    threats: int
    others_killed: Estimate
    leakers: Estimate
    p_no_leaker: Estimate
    effective_trials: float
    leaker_counts: npt.NDArray[np.int64]
    fates: dict[str, float]
    fate_estimates: dict[str, Estimate]
    layers: dict[str, LayerUse]
    time_budget_s: dict[str, dict[str, float]]
    spread: dict[str, float]
    leans: list[Lean]
    leakers_by_future: Floats


def _sums(group: npt.NDArray[np.int64], values: npt.ArrayLike) -> Floats:
    """Sum of values in each group: (row,), (row,) -> (group,)."""
    return np.bincount(group, np.asarray(values, np.float64)).astype(np.float64)


def measure(
    study: Study,
    *,
    layers: tuple[str, ...],
    layer_stock: tuple[int, ...],
    lethal: npt.NDArray[np.bool_],
) -> Metrics:
    """All figures of a study.

    layers, layer_stock : (layer,) names, and rounds at the start
    lethal : (object,) False for what harms nobody where it falls
    """
    rows = study.ledger.objects
    trials = study.plan.trials_total
    fate = np.asarray(rows["fate"]).reshape(trials, -1)
    objects, threats = fate.shape[1], int(lethal.sum())
    killed = fate == Fate.KILLED
    future = np.array([study.plan.future_of(trial) for trial in range(trials)])
    leakers = (fate >= Fate.NEVER_DETECTED).sum(axis=1)
    per_future = np.bincount(future).astype(float)
    p_no_leaker, worth = proportion(_sums(future, leakers == 0), per_future)
    luck, shared = luck_and_futures(leakers.astype(float), future)
    by_future = _sums(future, leakers) / per_future
    estimates = {
        FATE_WORDS[kind]: bounded_mean(
            _sums(future, (fate == kind).sum(axis=1)),
            per_future,
            ceiling=float(objects),
        )
        for kind in Fate
    }
    return Metrics(
        objects=objects,
        threats=threats,
        others_killed=bounded_mean(
            _sums(future, killed[:, ~lethal].sum(axis=1)),
            per_future,
            ceiling=float(objects - threats),
        ),
        leakers=bounded_mean(_sums(future, leakers), per_future, ceiling=float(threats)),
        p_no_leaker=p_no_leaker,
        effective_trials=worth,
        leaker_counts=np.bincount(leakers, minlength=threats + 1),
        fates={words: estimate.value for words, estimate in estimates.items()},
        fate_estimates=estimates,
        layers=_layer_use(study, trials, layers, layer_stock),
        time_budget_s=time_budget(rows),
        spread={"luck": luck, "futures": shared},
        leans=leans(study.sampled, by_future),
        leakers_by_future=by_future,
    )


def _layer_use(
    study: Study, trials: int, layers: tuple[str, ...], layer_stock: tuple[int, ...]
) -> dict[str, LayerUse]:
    shot_layer = np.asarray(study.ledger.shots["layer"])
    killer = np.asarray(study.ledger.objects["killer"])
    return {
        name: LayerUse(
            kills=float((killer == index).sum()) / trials,
            rounds=float((shot_layer == index).sum()) / trials,
            stock=layer_stock[index],
        )
        for index, name in enumerate(layers)
    }


LINKS = {
    "detect": ("launch_t_s", "detected_t_s"),
    "track": ("detected_t_s", "tracked_t_s"),
    "share": ("tracked_t_s", "shared_t_s"),
    "decide": ("shared_t_s", "ordered_t_s"),
    "launch": ("ordered_t_s", "launched_t_s"),
    "fly": ("launched_t_s", "intercept_t_s"),
    "margin": ("ordered_t_s", "last_chance_t_s"),
}


def time_budget(rows: Any) -> dict[str, dict[str, float]]:
    """Seconds spent in each link of the chain by the objects that passed it.

    rows : columns of the object table, `launch_t_s` included
    Returns link -> 10th, 50th and 90th percentile and the number of objects behind them.
    """
    budget: dict[str, dict[str, float]] = {}
    for link, (begin, end) in LINKS.items():
        seconds = np.asarray(rows[end]) - np.asarray(rows[begin])
        seconds = seconds[np.isfinite(seconds)]
        if seconds.size:
            low, middle, high = (float(q) for q in np.percentile(seconds, (10, 50, 90)))
            budget[link] = {"p10": low, "p50": middle, "p90": high, "objects": float(seconds.size)}
    return budget
