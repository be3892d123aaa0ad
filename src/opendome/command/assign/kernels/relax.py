"""A lower bound of every plan: rounds at a price, shared out by halves and quarters."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel

PATIENCE = 5  # steps without a gain before they get shorter
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@kernel
def relaxed_target(
    first: int,
    end: int,
    weapon: Longs,
    power: Floats,
    cost: Floats,
    most: Longs,
    value: float,
    share: Floats,
) -> float:
    """Least of value left and cost of rounds at one target, rounds divisible.

    first, end : options of the target     weapon : (option,)
    power : (option,) -ln(1 - p), inf for a certain kill
    cost, most : (weapon,) cost of a round, rounds there are     share : (option,) out, rounds
    Model: ``min v exp(-sum a x) + sum c x`` over 0 <= x <= most with a = -ln(1 - p): options in
    order of c / a are fired until the next is not worth its cost. An option that kills for
    certain costs one round and leaves nothing.
    Returns a value that no whole number of rounds gets below.
    """
    left, spent, certain = value, 0.0, math.inf
    for option in range(first, end):
        share[option] = 0.0
        if math.isinf(power[option]):
            certain = min(certain, cost[weapon[option]])
    while True:
        best, ratio = -1, left
        for option in range(first, end):
            spend = cost[weapon[option]]
            cheaper = spend < ratio * power[option] and share[option] == 0.0
            if cheaper and most[weapon[option]] > 0 and not math.isinf(power[option]):
                best, ratio = option, spend / power[option]
        if best < 0:
            return min(left + spent, certain)
        by = weapon[best]
        wanted = math.inf if ratio <= 0.0 else math.log(left / ratio) / power[best]
        share[best] = min(wanted, float(most[by]))
        left *= math.exp(-power[best] * share[best])
        spent += cost[by] * share[best]
        if share[best] < most[by]:
            return min(left + spent, certain)


@kernel
def relaxed_bound(
    first: Longs,
    weapon: Longs,
    power: Floats,
    value: Floats,
    shots: Longs,
    price: Floats,
    reserve: Floats,
    share: Floats,
) -> float:
    """Lagrangian bound for given prices of scarcity.

    reserve : (weapon,) price of scarcity of a round, not negative     share : (option,) scratch
    Model: ``L = sum_j min_x [...] - sum_w reserve shots``; every limit but the shots of a weapon is
    left out, and rounds are divisible, so no plan has a lower objective.
    Source: A. M. Geoffrion, Lagrangean relaxation for integer programming, Mathematical
    Programming Study 2 (1974) 82-114.
    """
    cost = price + reserve
    total = 0.0
    for target in range(value.shape[0]):
        total += relaxed_target(
            first[target], first[target + 1], weapon, power, cost, shots, value[target], share
        )
    for w in range(shots.shape[0]):
        total -= reserve[w] * shots[w]
    return total


@kernel
def tighten(
    first: Longs,
    weapon: Longs,
    p_kill: Floats,
    value: Floats,
    shots: Longs,
    price: Floats,
    reserve: Floats,
    best_known: float,
    steps: int,
) -> float:
    """Raise the bound by steps along the subgradient; returns the best bound met.

    reserve : (weapon,) starting prices, the last ones on return
    best_known : objective of a plan     steps : how many
    Model: Polyak's step towards `best_known`, halved when some bring nothing.
    Source: M. Held, P. Wolfe, H. P. Crowder, Validation of subgradient optimization,
    Mathematical Programming 6 (1974) 62-88.
    """
    share = np.zeros(weapon.shape[0])
    power = np.empty(weapon.shape[0])
    for option in range(power.shape[0]):
        certain = p_kill[option] >= 1.0
        power[option] = math.inf if certain else -math.log1p(-p_kill[option])
    slope = np.zeros(shots.shape[0])
    bound, scale, stale = -math.inf, 1.0, 0
    for _ in range(steps):
        new = relaxed_bound(first, weapon, power, value, shots, price, reserve, share)
        stale = 0 if new > bound else stale + 1
        bound = max(bound, new)
        if stale >= PATIENCE:
            scale, stale = 0.5 * scale, 0
        for w in range(slope.shape[0]):
            slope[w] = -float(shots[w])
        for option in range(share.shape[0]):
            slope[weapon[option]] += share[option]
        norm = 0.0
        for w in range(slope.shape[0]):
            if reserve[w] > 0.0 or slope[w] > 0.0:
                norm += slope[w] * slope[w]
        if norm <= 0.0 or new >= best_known:
            return bound
        step = scale * (best_known - new) / norm
        for w in range(slope.shape[0]):
            reserve[w] = max(0.0, reserve[w] + step * slope[w])
    return bound
