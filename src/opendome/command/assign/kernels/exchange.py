"""Take one round out of every target, say what each gains where, put them back."""

from typing import Any

from opendome.command.assign.kernels.greedy import NONE, Firing, add
from opendome.command.assign.kernels.improve import Ways, has_place, take
from opendome.compiled import kernel
from opendome.draws.philox import uniform

Floats = Any  # numpy array of float64 inside a kernel
Longs = Any  # of int64


@kernel
def pick(firing: Firing, ways: Ways, seed: int, turn: int, taken: Longs) -> int:
    """Take one round, drawn by number, out of every target fired at in one slot.

    taken : (target,) out: their options, first those that are, then -1
    Returns how many.
    """
    slots = firing.fired.shape[1]
    slot = int(uniform(seed, turn, 1, 0, 0) * slots)
    count = 0
    for target in range(ways.value.shape[0]):
        here = firing.fired[target, slot]
        if here == 0:
            continue
        left = int(uniform(seed, turn, 1, target, 1) * here)
        for option in range(firing.first[target], firing.first[target + 1]):
            if firing.slot[option] != slot or firing.rounds[option] == 0:
                continue
            left -= firing.rounds[option]
            if left < 0:
                take(firing, ways, option)
                taken[count] = option
                count += 1
                break
    return count


@kernel
def gains_of(firing: Firing, ways: Ways, taken: Longs, gains: Floats) -> None:
    """What each round taken out gains at each target: (taken, target), 0 where it may not fire."""
    for k in range(gains.shape[0]):
        weapon, slot = firing.weapon[taken[k]], firing.slot[taken[k]]
        for target in range(gains.shape[1]):
            option = ways.option[weapon, slot, target]
            if option != NONE and has_place(firing, target, slot):
                gain = firing.survival[target] * firing.p_kill[option] - firing.price[weapon]
                gains[k, target] = max(0.0, gain)


@kernel
def deal(
    firing: Firing, ways: Ways, taken: Longs, gains: Floats, row: Longs, column: Longs
) -> None:
    """Put rounds back where the assignment says and where they gain; the rest stays in stock."""
    for k in range(row.shape[0]):
        if gains[row[k], column[k]] > 0.0:
            option = taken[row[k]]
            add(
                firing,
                column[k],
                ways.option[firing.weapon[option], firing.slot[option], column[k]],
            )
