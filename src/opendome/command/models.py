"""Rules of decision with every value known."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Doctrine:
    """How one layer fires at one object.

    Attributes
    ----------
    salvo : rounds fired together
    salvos_max : salvos at one object, each after the result of the last was seen
    """

    salvo: int
    salvos_max: int


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

    @property
    def log_odds_to_engage(self) -> float:
        """Evidence needed before a node fires, as a natural logarithm of odds.

        Model: Bayes: log odds after = log odds before + log-likelihood ratio.
        """
        return _log_odds(self.p_engage) - _log_odds(self.p_threat)


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)
