"""A weapon-target assignment problem as arrays, and an answer to it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Weapons with limited shots against targets of declared value.

    A shot is an option: a weapon, a target, a slot of time and a kill probability. The plan
    ``x`` says how many rounds each option fires. It minimises::

        sum_j value[j] * prod_o (1 - p_kill[o]) ** x[o]  +  sum_o price[weapon[o]] * x[o]

    over the options o of each target j, under: at most `shots` rounds of each weapon in all and
    `rate` in one slot; at most `salvo` rounds at one target in one slot, and at most `looks`
    slots in which a target is fired at.

    Attributes
    ----------
    value : (target,) what is lost when a target survives
    shots : (weapon,) rounds of each weapon
    price : (weapon,) what a round kept is worth, in the unit of `value`
    rate : (weapon,) most rounds of a weapon in one slot
    salvo, looks : (target,)
    weapon, target, slot : (option,) sorted by target, then weapon, then slot; no two alike
    p_kill : (option,) chance that one round stops its target
    """

    value: Floats
    shots: Longs
    price: Floats
    rate: Longs
    salvo: Longs
    looks: Longs
    weapon: Longs
    target: Longs
    slot: Longs
    p_kill: Floats

    @property
    def weapons(self) -> int:
        """How many weapons."""
        return int(self.shots.size)

    @property
    def targets(self) -> int:
        """How many targets."""
        return int(self.value.size)


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A plan, what it leaves, and how far from the best it can be.

    Attributes
    ----------
    rounds : (option,) rounds fired by each option of the problem
    objective : expected surviving value plus the price of the rounds
    bound : no plan has a lower objective
    seconds : wall time spent
    solver : name
    """

    rounds: Longs
    objective: float
    bound: float
    seconds: float
    solver: str

    @property
    def gap(self) -> float:
        """Relative distance of the objective from the bound, 0 for a proven optimum."""
        if self.objective <= self.bound:
            return 0.0
        return (self.objective - self.bound) / max(abs(self.objective), np.finfo(float).tiny)


def objective_of(problem: Problem, rounds: Longs) -> float:
    """Expected surviving value plus the price of the rounds of a plan.

    rounds : (option,)
    Raises `OpendomeError` when the plan has another number of options.
    """
    if rounds.shape != problem.p_kill.shape:
        raise OpendomeError(
            got=f"a plan of {rounds.size} options",
            allowed=f"one number for each of the {problem.p_kill.size} options",
            do="give the rounds of every option, 0 where nothing is fired",
        )
    survival = np.ones(problem.targets)
    np.multiply.at(survival, problem.target, (1.0 - problem.p_kill) ** rounds)
    return float(problem.value @ survival + problem.price[problem.weapon] @ rounds)
