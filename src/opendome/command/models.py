"""Rules of decision with every value known."""

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
    """

    cycle_s: float
    confirm_s: float
    assessment_delay_s: float
    p_false_kill: float
    p_false_miss: float
    commit_sigma_m: float
    harmless_sigmas: float
