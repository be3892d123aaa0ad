"""Choices of a deciding node, one object or one round at a time."""

from opendome.compiled import kernel


@kernel
def rounds_wanted(salvo: int, salvos_max: int, in_salvo: int, salvos: int) -> int:
    """Rounds that doctrine still wants in the open salvo at one object.

    salvo, salvos_max : doctrine     in_salvo : rounds of the open salvo already fired
    salvos : salvos already closed, that is fired and their results seen
    Returns rounds, 0 when the layer has had all its salvos.
    """
    return salvo - in_salvo if salvos < salvos_max else 0


@kernel
def marginal_return(p_survival: float, p_kill: float) -> float:
    """Expected number of objects that one more round stops.

    p_survival : chance that the object outlives the rounds now flying at it
    p_kill : single-shot kill probability
    Model: ``p_survival * p_kill``; rounds are independent given the future.
    Source: definition of the marginal return in static weapon-target assignment
    (G. G. den Broeder, R. E. Ellison, L. Emerling, On optimum target assignments,
    Operations Research 7, 1959), all objects of equal value.
    """
    return p_survival * p_kill


@kernel
def better_option(gain: float, options: int, best_gain: float, best_options: int) -> bool:
    """Whether a shot comes before the best so far: more gain, then fewer ways left to fire."""
    if gain != best_gain:
        return gain > best_gain
    return options < best_options


@kernel
def believed_harmless(distance_m: float, sigma_m: float, sigmas: float) -> bool:
    """Whether a predicted impact lies clearly outside every defended area.

    distance_m : believed distance to the nearest defended area, negative inside [m]
    sigma_m : standard deviation of the predicted impact [m]
    sigmas : how many of these it takes to leave an object alone
    """
    return distance_m > sigmas * sigma_m
