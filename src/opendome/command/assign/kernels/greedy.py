"""Marginal return: round after round to the option that gains most."""

from typing import Any, NamedTuple

from opendome.compiled import kernel

Floats = Any  # numpy array of float64 inside a kernel
Longs = Any  # of int64
NONE = -1


class Firing(NamedTuple):
    """A plan in the making, and what its limits leave.

    Attributes
    ----------
    first : (target + 1,) options of each target
    weapon, slot, p_kill : (option,)
    price : (weapon,)
    survival : (target,) value times the chance to survive what is fired so far
    salvo, looks : (target,) most rounds in a slot, most slots
    shots, rate : (weapon,) and (weapon, slot) rounds left
    fired : (target, slot) rounds fired
    used : (target,) slots fired in
    rounds : (option,) rounds fired
    gain : (target,) scratch: what its best further round gains, or more
    best : (target,) scratch: that option
    """

    first: Longs
    weapon: Longs
    slot: Longs
    p_kill: Floats
    price: Floats
    survival: Floats
    salvo: Longs
    looks: Longs
    shots: Longs
    rate: Longs
    fired: Longs
    used: Longs
    rounds: Longs
    gain: Floats
    best: Longs


@kernel
def room(firing: Firing, target: int, option: int) -> bool:
    """Whether every limit leaves room for one more round of an option."""
    weapon, slot = firing.weapon[option], firing.slot[option]
    if firing.shots[weapon] <= 0 or firing.rate[weapon, slot] <= 0:
        return False
    fired = firing.fired[target, slot]
    if fired == 0:
        return firing.used[target] < firing.looks[target] and firing.salvo[target] > 0
    return fired < firing.salvo[target]


@kernel
def add(firing: Firing, target: int, option: int) -> None:
    """Fire one more round of an option."""
    weapon, slot = firing.weapon[option], firing.slot[option]
    if firing.fired[target, slot] == 0:
        firing.used[target] += 1
    firing.fired[target, slot] += 1
    firing.shots[weapon] -= 1
    firing.rate[weapon, slot] -= 1
    firing.rounds[option] += 1
    firing.survival[target] *= 1.0 - firing.p_kill[option]


@kernel
def seek(firing: Firing, target: int) -> None:
    """Find the best further round at a target: the first option of the largest gain above 0.

    The arrays are named once, outside the loop: handing the whole record to a function for each
    option costs more than the work.
    """
    weapon, slot, p_kill, price = firing.weapon, firing.slot, firing.p_kill, firing.price
    shots, rate, fired = firing.shots, firing.rate, firing.fired
    gain, best = 0.0, NONE
    survival, salvo = firing.survival[target], firing.salvo[target]
    closed = firing.used[target] >= firing.looks[target]
    for option in range(firing.first[target], firing.first[target + 1]):
        by, at = weapon[option], slot[option]
        new = survival * p_kill[option] - price[by]
        if new > gain and shots[by] > 0 and rate[by, at] > 0:
            held = fired[target, at]
            if held < salvo and not (closed and held == 0):
                gain, best = new, option
    firing.gain[target] = gain
    firing.best[target] = best


@kernel
def fire_greedily(firing: Firing, targets: int) -> None:
    """Fire the round of the largest gain until none gains.

    targets : how many of the targets of `firing` there are
    Ties go to the first target, then to its first option. What a target can gain only falls, so
    a target is looked at again only when it comes first.
    """
    for target in range(targets):
        seek(firing, target)
    while True:
        first, most = NONE, 0.0
        for target in range(targets):
            if firing.gain[target] > most:
                first, most = target, firing.gain[target]
        if first == NONE:
            return
        if room(firing, first, firing.best[first]):
            add(firing, first, firing.best[first])
        seek(firing, first)
