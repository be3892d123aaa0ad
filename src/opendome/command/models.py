"""Rules of decision with every value known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from opendome.command.kernels.people import PERSON
from opendome.draws.purposes import purpose

Engage = Literal["free", "tight", "hold"]
Solver = Literal["greedy", "improved", "certified"]


@dataclass(frozen=True, kw_only=True)
class Doctrine:
    """How one layer fires at one object.

    Attributes
    ----------
    salvo : rounds fired together
    salvos_max : salvos at one object, each after the result of the last was seen
    reserve : last rounds, kept for objects that no other layer with stock can still meet
    engage : "free" fires at what is believed a threat; "tight" only once the predicted impact
        lies inside what is defended with `CommandModel.p_inside`, so never while the object
        burns; "hold" never fires
    """

    salvo: int
    salvos_max: int
    reserve: int = 0
    engage: Engage = "free"


@dataclass(frozen=True, kw_only=True)
class HumanTime:
    """How long people take for one step, as a lognormal distribution.

    Attributes
    ----------
    name : of the step: warning, confirmation, release
    median_s : half of the times are shorter [s]
    sigma_log : standard deviation of the natural logarithm; 0 for a time that is always the same
    """

    name: str
    median_s: float
    sigma_log: float

    @classmethod
    def of_quantiles(cls, name: str, median_s: float, p90_s: float) -> "HumanTime":
        """The step whose times have this median and this 90 percent point [s].

        Model: ``sigma = ln(p90 / median) / z``, z the 90 percent point of the standard normal.
        """
        spread = math.log(p90_s / median_s) / NormalDist().inv_cdf(1.0 - 0.1)
        return cls(name=name, median_s=median_s, sigma_log=spread)


def people_table(people: Sequence[HumanTime], nodes: Sequence[str]) -> npt.NDArray[np.void]:
    """The steps of people at every node: (node, person) of PERSON.

    The luck of a step belongs to its name and that of the node, so that another nation or
    sector changes nobody else's.
    """
    table = np.zeros((len(nodes), len(people)), PERSON)
    for number, step in enumerate(people):
        table["median_s"][:, number] = step.median_s
        table["sigma_log"][:, number] = step.sigma_log
        table["purpose"][:, number] = [purpose(f"people {step.name} {node}") for node in nodes]
    return table


@dataclass(frozen=True, kw_only=True)
class CommandModel:
    """Rules of a deciding node.

    Attributes
    ----------
    cycle_s : time between decisions [s]
    confirm_s : from the track at the node to permission to fire [s]
    assessment_delay_s : from an intercept to the belief about its result [s]
    p_false_kill, p_false_miss : errors of that belief
    commit_sigma_m : largest position error at which a shot is allowed [m]
    harmless_sigmas : standard deviations outside every defended area to be ignored
    p_threat : chance that an object is a threat before any sensor has told
    p_engage : chance from which on a node fires at what its sensors judge
    p_inside : chance that the predicted impact lies inside what is defended, from which on a
        layer that engages tight may fire
    people : steps before the first shot of an attack, drawn once per trial and node
    solver : how a node shares out its rounds
    """

    cycle_s: float
    confirm_s: float
    assessment_delay_s: float
    p_false_kill: float
    p_false_miss: float
    commit_sigma_m: float
    harmless_sigmas: float
    p_threat: float
    p_engage: float
    p_inside: float
    people: tuple[HumanTime, ...] = ()
    solver: Solver = "greedy"

    @property
    def log_odds_to_engage(self) -> float:
        """Evidence needed before a node fires, as a natural logarithm of odds.

        Model: Bayes: log odds after = log odds before + log-likelihood ratio.
        """
        return _log_odds(self.p_engage) - _log_odds(self.p_threat)


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)
