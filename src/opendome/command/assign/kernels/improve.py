"""Moves that make a plan better: shift a round, swap two, push one on to a third target."""

from typing import Any, NamedTuple

import numpy as np

from opendome.command.assign.kernels.greedy import NONE, Firing, add, fire_greedily
from opendome.compiled import kernel

Floats = Any  # numpy array of float64 inside a kernel
Longs = Any  # of int64
Ints = Any  # of int32

CERTAIN = 1.0 - 1e-9  # beyond it a round is taken out by multiplying anew, not by dividing
LEAST = 1e-12  # of the value of all targets: a smaller gain is rounding
NEXT_BEST = 3  # targets remembered for each weapon


class Ways(NamedTuple):
    """How the options of a problem hang together.

    Attributes
    ----------
    value : (target,)     target : (option,)
    order, start : options by weapon, and where each weapon starts (weapon + 1,)
    option : (weapon, slot, target) number of the option, -1 for none
    """

    value: Floats
    target: Longs
    order: Longs
    start: Longs
    option: Ints


@kernel
def refresh(firing: Firing, ways: Ways) -> float:
    """Work the survival of every target out anew; returns value left and price of the rounds."""
    total = 0.0
    for target in range(ways.value.shape[0]):
        left = ways.value[target]
        for option in range(firing.first[target], firing.first[target + 1]):
            for _ in range(firing.rounds[option]):
                left *= 1.0 - firing.p_kill[option]
            total += firing.rounds[option] * firing.price[firing.weapon[option]]
        firing.survival[target] = left
        total += left
    return total


@kernel
def without(firing: Firing, ways: Ways, option: int) -> float:
    """Value left at the target of an option with one round of it less."""
    target = ways.target[option]
    if firing.p_kill[option] < CERTAIN:
        return firing.survival[target] / (1.0 - firing.p_kill[option])
    left = ways.value[target]
    for other in range(firing.first[target], firing.first[target + 1]):
        for _ in range(firing.rounds[other] - (1 if other == option else 0)):
            left *= 1.0 - firing.p_kill[other]
    return left


@kernel
def take(firing: Firing, ways: Ways, option: int) -> None:
    """Fire one round of an option less."""
    target, weapon = ways.target[option], firing.weapon[option]
    slot = firing.slot[option]
    firing.survival[target] = without(firing, ways, option)
    firing.rounds[option] -= 1
    firing.shots[weapon] += 1
    firing.rate[weapon, slot] += 1
    firing.fired[target, slot] -= 1
    if firing.fired[target, slot] == 0:
        firing.used[target] -= 1


@kernel
def has_place(firing: Firing, target: int, slot: int) -> bool:
    """Whether the limits of a target leave room for one more round in a slot."""
    if firing.fired[target, slot] == 0:
        return firing.used[target] < firing.looks[target] and firing.salvo[target] > 0
    return firing.fired[target, slot] < firing.salvo[target]


@kernel
def shift(firing: Firing, ways: Ways, option: int, least: float) -> bool:
    """Move one round of an option to the target where it gains most, or keep it in stock."""
    weapon, slot, target = firing.weapon[option], firing.slot[option], ways.target[option]
    survival, p_kill, slots = firing.survival, firing.p_kill, firing.slot
    order, target_of = ways.order, ways.target
    freed = survival[target] - without(firing, ways, option) + firing.price[weapon]
    most, best = freed, NONE
    for k in range(ways.start[weapon], ways.start[weapon + 1]):
        other = order[k]
        to = target_of[other]
        gain = freed + survival[to] * p_kill[other] - firing.price[weapon]
        if gain <= most or to == target or not has_place(firing, to, slots[other]):
            continue
        if slots[other] == slot or firing.rate[weapon, slots[other]] > 0:
            most, best = gain, other
    if most <= least:
        return False
    take(firing, ways, option)
    if best != NONE:
        add(firing, target_of[best], best)
    return True


@kernel
def gain_of(firing: Firing, ways: Ways, option: int) -> float:
    """Value that one more round of an option saves, 0 for no option."""
    if option == NONE:
        return 0.0
    return firing.survival[ways.target[option]] * firing.p_kill[option]


@kernel
def next_best(firing: Firing, ways: Ways, likes: Ints) -> None:
    """Options at which one more round of a weapon gains most: (weapon, NEXT_BEST), -1 for none."""
    survival, p_kill, order, target_of = firing.survival, firing.p_kill, ways.order, ways.target
    for weapon in range(likes.shape[0]):
        likes[weapon] = NONE
        for k in range(ways.start[weapon], ways.start[weapon + 1]):
            option = order[k]
            gain = survival[target_of[option]] * p_kill[option]
            last = likes.shape[1] - 1
            lowest = gain_of(firing, ways, likes[weapon, last])
            if gain <= lowest or not has_place(firing, target_of[option], firing.slot[option]):
                continue
            while last > 0 and gain_of(firing, ways, likes[weapon, last - 1]) < gain:
                likes[weapon, last] = likes[weapon, last - 1]
                last -= 1
            likes[weapon, last] = option


@kernel
def push_on(
    firing: Firing, ways: Ways, likes: Ints, weapon: int, slot: int, target: int, there: int
) -> int:
    """Option at which a round of a weapon gains most, other than at two targets; -1 for none."""
    for rank in range(likes.shape[1]):
        on = likes[weapon, rank]
        if on == NONE:
            return NONE
        third = ways.target[on]
        if third not in (target, there) and firing.slot[on] == slot:
            return on
    return NONE


@kernel
def trade(
    firing: Firing, ways: Ways, likes: Ints, one: int, fired: Longs, bare: Floats, least: float
) -> bool:
    """The best exchange of one round with another: a swap, or a push on to a third target.

    fired : (count,) options with rounds     bare : (count,) value left with one of them less
    """
    weapon, slot, target = firing.weapon[one], firing.slot[one], ways.target[one]
    survival, p_kill, weapon_of, slots = firing.survival, firing.p_kill, firing.weapon, firing.slot
    target_of, option_of, rounds = ways.target, ways.option, firing.rounds
    here, empty = survival[target], without(firing, ways, one)
    most, other, into, onto = least, NONE, NONE, NONE
    for k in range(fired.shape[0]):
        two = fired[k]
        there, by = target_of[two], weapon_of[two]
        enter = option_of[weapon, slot, there]
        if there == target or slots[two] != slot or rounds[two] == 0 or by == weapon:
            continue
        if enter == NONE:
            continue
        change = here + survival[there] - empty - bare[k] * (1.0 - p_kill[enter])
        back = option_of[by, slot, target]
        if back != NONE and change + empty * p_kill[back] > most:
            most, other, into, onto = change + empty * p_kill[back], two, enter, back
        likely = likes[by, 0]
        if likely != NONE and change + survival[target_of[likely]] * p_kill[likely] > most:
            on = push_on(firing, ways, likes, by, slot, target, there)
            if on != NONE and change + survival[target_of[on]] * p_kill[on] > most:
                gain = change + survival[target_of[on]] * p_kill[on]
                most, other, into, onto = gain, two, enter, on
    if other == NONE:
        return False
    take(firing, ways, one)
    take(firing, ways, other)
    add(firing, target_of[into], into)
    add(firing, target_of[onto], onto)
    return True


@kernel
def list_fired(firing: Firing, ways: Ways, fired: Longs, bare: Floats) -> int:
    """Options with rounds, and the value left at their target with one of them less."""
    count = 0
    for option in range(firing.rounds.shape[0]):
        if firing.rounds[option] > 0:
            fired[count] = option
            bare[count] = without(firing, ways, option)
            count += 1
    return count


@kernel
def sweep(
    firing: Firing, ways: Ways, likes: Ints, fired: Longs, bare: Floats, least: float
) -> bool:
    """Try every move of every round once; whether any made the plan better."""
    better = False
    count = list_fired(firing, ways, fired, bare)
    for k in range(count):
        while firing.rounds[fired[k]] > 0 and shift(firing, ways, fired[k], least):
            better = True
    next_best(firing, ways, likes)
    count = list_fired(firing, ways, fired, bare)
    k = 0
    while k < count:
        one = fired[k]
        if firing.rounds[one] > 0 and trade(
            firing, ways, likes, one, fired[:count], bare[:count], least
        ):
            better = True
            next_best(firing, ways, likes)
            count = list_fired(firing, ways, fired, bare)
        k += 1
    refresh(firing, ways)
    fire_greedily(firing, ways.value.shape[0])
    return better


@kernel
def descend(firing: Firing, ways: Ways, sweeps: int) -> int:
    """Improve a plan until no move helps, or for so many sweeps; returns how many were made."""
    likes = np.full((ways.start.shape[0] - 1, NEXT_BEST), NONE, np.int32)
    fired = np.zeros(firing.rounds.shape[0], np.int64)
    bare = np.zeros(firing.rounds.shape[0])
    return descend_within(firing, ways, likes, fired, bare, sweeps)


@kernel
def descend_within(
    firing: Firing, ways: Ways, likes: Ints, fired: Longs, bare: Floats, sweeps: int
) -> int:
    """As `descend`, in scratch that is given: likes (weapon, NEXT_BEST), fired, bare (option,)."""
    least = 0.0
    for target in range(ways.value.shape[0]):
        least += LEAST * ways.value[target]
    for k in range(sweeps):
        if not sweep(firing, ways, likes, fired, bare, least):
            return k + 1
    return sweeps


class Bench(NamedTuple):
    """Room in which a plan is improved: the arrays of `Ways` and of `descend_within`."""

    value: Floats
    target: Longs
    order: Longs
    start: Longs
    option: Ints
    likes: Ints
    fired: Longs
    bare: Floats


def new_bench(targets: int, options: int, weapons: int) -> Bench:
    """Empty room for so many."""
    return Bench(
        value=np.zeros(targets),
        target=np.zeros(options, np.int64),
        order=np.zeros(options, np.int64),
        start=np.zeros(weapons + 1, np.int64),
        option=np.zeros((weapons, 1, targets), np.int32),
        likes=np.zeros((weapons, NEXT_BEST), np.int32),
        fired=np.zeros(options, np.int64),
        bare=np.zeros(options),
    )


@kernel
def lay_ways(whole: Firing, bench: Bench, targets: int, weapons: int) -> None:
    """Write down how the options of the first part of a problem of one slot hang together."""
    start, order, options = bench.start, bench.order, whole.first[targets]
    for w in range(weapons):
        start[w + 1] = 0
        for j in range(targets):
            bench.option[w, 0, j] = NONE
    start[0] = 0
    for j in range(targets):
        for option in range(whole.first[j], whole.first[j + 1]):
            bench.target[option] = j
            bench.option[whole.weapon[option], 0, j] = option
            start[whole.weapon[option] + 1] += 1
    for w in range(weapons):
        start[w + 1] += start[w]
    for option in range(options - 1, -1, -1):  # fills each weapon from its end
        w = whole.weapon[option] + 1
        start[w] -= 1
        order[start[w]] = option
    for w in range(weapons):
        start[w] = start[w + 1]
    start[weapons] = options


@kernel
def improve_part(whole: Firing, bench: Bench, targets: int, weapons: int, sweeps: int) -> int:
    """Improve a plan of one slot that fills only the first part of its arrays.

    bench : room, with the worth of each target before the first round in `value`
    targets, weapons : how many there are
    Returns the sweeps made.
    """
    options = whole.first[targets]
    lay_ways(whole, bench, targets, weapons)
    part = Firing(
        whole.first[: targets + 1],
        whole.weapon[:options],
        whole.slot[:options],
        whole.p_kill[:options],
        whole.price[:weapons],
        whole.survival[:targets],
        whole.salvo[:targets],
        whole.looks[:targets],
        whole.shots[:weapons],
        whole.rate[:weapons],
        whole.fired[:targets],
        whole.used[:targets],
        whole.rounds[:options],
        whole.gain[:targets],
        whole.best[:targets],
    )
    ways = Ways(
        bench.value[:targets],
        bench.target[:options],
        bench.order[:options],
        bench.start[: weapons + 1],
        bench.option[:weapons, :, :targets],
    )
    return descend_within(
        part, ways, bench.likes[:weapons], bench.fired[:options], bench.bare[:options], sweeps
    )
