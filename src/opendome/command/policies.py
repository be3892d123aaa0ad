"""Policies that come with opendome, written against the protocol like anyone's."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.command.assign.problem import Problem
from opendome.command.policy import Brief, Order, View

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
SECONDS = 3600.0  # so long that time never decides: what is asked takes milliseconds


class Sharing(NamedTuple):
    """The assignment of one layer at one cycle; options by target, then by intercept.

    target, weapon, p_kill : (option,)     value, salvo : (target,)
    shots, price : (weapon,)
    """

    target: Longs
    weapon: Longs
    p_kill: Floats
    value: Floats
    salvo: Longs
    shots: Longs
    price: Floats


Solve = Callable[[Sharing], Longs]


class Greedy:
    """Layer by layer, round by round, to the largest marginal return above its price."""

    def begin(self, brief: Brief) -> None:
        """Learn what the node commands."""
        self._brief = brief

    def decide(self, view: View) -> Sequence[Order]:
        """Orders of one cycle."""
        return by_layers(view, self._brief, marginal_returns)


class Certified:
    """Layer by layer, by the best assignment of each."""

    def begin(self, brief: Brief) -> None:
        """Learn what the node commands."""
        self._brief = brief

    def decide(self, view: View) -> Sequence[Order]:
        """Orders of one cycle."""
        return by_layers(view, self._brief, proven_best)


def by_layers(view: View, brief: Brief, solve: Solve) -> list[Order]:
    """Orders by the doctrine of the scenario, each layer knowing what those before it fire.

    A layer leaves an object alone that another layer has just fired at, if it can still fire
    after the result.
    """
    tracks, shots = view.tracks, view.shots
    wanted, survival = tracks.wanted.copy(), tracks.survival.copy()
    result_t_s = tracks.result_t_s.copy()
    orders: list[Order] = []
    for layer in np.unique(shots.layer):
        rows = line_up(view, int(layer), wanted)
        if rows.size == 0:
            continue
        rounds = solve(sharing(view, rows, wanted[:, layer], survival))
        for row, fired in zip(rows[rounds > 0], rounds[rounds > 0], strict=True):
            at = shots.track[row]
            orders.append(Order(int(row), int(fired)))
            survival[at] *= (1.0 - shots.p_kill[row]) ** fired
            told_t_s = shots.intercept_t_s[row] + brief.assessment_delay_s
            result_t_s[at] = max(result_t_s[at], told_t_s)
            waits = ~(tracks.last_launch_t_s[at] < result_t_s[at] + view.cycle_s)
            wanted[at, waits] = 0
    return orders


def line_up(view: View, layer: int, wanted: Longs) -> Longs:
    """Shots of a layer at what is wanted and worth it: those of the rarest target first."""
    tracks, shots = view.tracks, view.shots
    rarity = np.bincount(shots.track, minlength=tracks.number.size)
    rows = np.flatnonzero(
        (shots.layer == layer) & (wanted[shots.track, layer] > 0) & (tracks.worth[shots.track] > 0)
    )
    target = shots.track[rows]
    return rows[np.lexsort((shots.intercept_t_s[rows], target, rarity[target]))]


def sharing(view: View, rows: Longs, wanted: Longs, survival: Floats) -> Sharing:
    """Shots in this order as a problem of assignment."""
    shots = view.shots
    starts = np.flatnonzero(np.diff(shots.track[rows], prepend=-1))
    _, first, weapon = np.unique(shots.shooter[rows], return_index=True, return_inverse=True)
    at = shots.track[rows[starts]]
    return Sharing(
        target=np.repeat(np.arange(starts.size), np.diff(starts, append=rows.size)),
        weapon=weapon,
        p_kill=shots.p_kill[rows],
        value=view.tracks.worth[at] * survival[at],
        salvo=wanted[at],
        shots=shots.rounds_left[rows[first]],
        price=shots.price[rows[first]],
    )


def marginal_returns(lot: Sharing) -> Longs:
    """Rounds of each option, given one by one to the largest return above its price."""
    value, salvo, left = lot.value.copy(), lot.salvo.copy(), lot.shots.copy()
    rounds = np.zeros(lot.target.size, np.int64)
    while True:
        free = (salvo[lot.target] > 0) & (left[lot.weapon] > 0)
        gain = value[lot.target] * lot.p_kill - lot.price[lot.weapon]
        gain = np.where(free, gain, 0.0)
        best = int(np.argmax(gain))
        if gain[best] <= 0.0:
            return rounds
        rounds[best] += 1
        left[lot.weapon[best]] -= 1
        salvo[lot.target[best]] -= 1
        value[lot.target[best]] *= 1.0 - lot.p_kill[best]


def proven_best(lot: Sharing) -> Longs:
    """Rounds of each option by the certified solver."""
    from opendome.command.assign.certified import certified  # heavy, and rarely wanted

    order = np.lexsort((lot.weapon, lot.target))
    problem = Problem(
        value=lot.value,
        shots=lot.shots,
        price=lot.price,
        rate=lot.shots,
        salvo=lot.salvo,
        looks=np.ones(lot.value.size, np.int64),
        weapon=lot.weapon[order],
        target=lot.target[order],
        slot=np.zeros(order.size, np.int64),
        p_kill=lot.p_kill[order],
    )
    rounds = np.empty(order.size, np.int64)
    rounds[order] = certified(problem, seconds=SECONDS).rounds
    return rounds
