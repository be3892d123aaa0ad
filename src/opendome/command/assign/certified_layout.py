"""A problem as the certified solver reads it: scaled, equal weapons merged, idle limits left out.

Weapons that cannot be told apart (same price, options and probabilities) act as one with the sum
of their rounds: a plan for the merged weapon always splits into plans of the single ones when
these have the same rounds and rate, or when there is only one slot. This takes the symmetry out
of the search, and nothing else.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.command.assign.building import ROUNDS_MAX
from opendome.command.assign.kernels.pricing import CERTAIN, Bounds, Layout
from opendome.command.assign.problem import Problem

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Model:
    """A problem for the kernels, and the way back.

    Attributes
    ----------
    layout, bounds : what the kernels read
    scale : objective of the problem over that of the layout, a power of 2 (so exact)
    members : weapons of each merged weapon
    weapon, kept : (option of the layout,) merged weapon; option of its first member
    order, starts : options of the problem by weapon, and where each weapon starts
    """

    layout: Layout
    bounds: Bounds
    scale: float
    members: tuple[Longs, ...]
    weapon: Longs
    kept: Longs
    order: Longs
    starts: Longs


def most_rounds(problem: Problem) -> Longs:
    """(option,) rounds an option can fire at most."""
    weapon, target = problem.weapon, problem.target
    most = np.minimum(problem.shots, problem.rate)[weapon]
    return np.where(problem.looks[target] > 0, np.minimum(most, problem.salvo[target]), 0)


def by_weapon(problem: Problem) -> tuple[Longs, Longs]:
    """Options in order of their weapon, and where each weapon starts."""
    order = np.argsort(problem.weapon, kind="stable")
    return order, np.searchsorted(problem.weapon[order], np.arange(problem.weapons + 1))


def one_slot(problem: Problem) -> bool:
    """Whether all options lie in the same slot."""
    return problem.slot.size == 0 or bool((problem.slot == problem.slot[0]).all())


def groups_of(problem: Problem, most: Longs) -> tuple[Longs, ...]:
    """Weapons that cannot be told apart, in order of their first.

    most : (option,) rounds an option can fire at most; a weapon that this limits stays alone
    """
    order, starts = by_weapon(problem)
    limited = most < most_rounds(problem)
    single = one_slot(problem)
    groups: dict[tuple[object, ...], list[int]] = {}
    for i in range(problem.weapons):
        mine = order[starts[i] : starts[i + 1]]
        if mine.size:
            limits = () if single else (problem.shots[i], problem.rate[i])
            limits += (i,) if limited[mine].any() else ()
            arrays = (problem.target[mine], problem.slot[mine], problem.p_kill[mine])
            key = (problem.price[i], limits, *(array.tobytes() for array in arrays))
            groups.setdefault(key, []).append(i)
    return tuple(np.array(group, np.int64) for group in groups.values())


def model_of(problem: Problem, most: Longs | None = None) -> Model:
    """The problem as the kernels read it.

    most : (option,) rounds an option can fire at most, where that is less than its limits allow
    """
    alone = most_rounds(problem)
    most = alone if most is None else np.minimum(most, alone)
    members = groups_of(problem, most)
    order, starts = by_weapon(problem)
    first = np.array([weapons[0] for weapons in members], np.int64)
    merged = np.full(problem.weapons, -1, np.int64)
    merged[first] = np.arange(first.size)
    kept = np.flatnonzero(merged[problem.weapon] >= 0)
    weapon = merged[problem.weapon[kept]]
    top = float(max(problem.value.max(initial=0.0), np.finfo(float).tiny))
    scale = float(2.0 ** np.ceil(np.log2(top)))
    layout, upper = _layout_of(problem, members, weapon, kept, scale)
    upper = np.where(most < alone, most, ROUNDS_MAX)[kept].clip(max=upper)
    bounds = Bounds(lower=np.zeros(kept.size, np.int32), upper=upper.astype(np.int32))
    return Model(
        layout=layout,
        bounds=bounds,
        scale=scale,
        members=members,
        weapon=weapon,
        kept=kept,
        order=order,
        starts=starts,
    )


def _layout_of(
    problem: Problem, members: tuple[Longs, ...], weapon: Longs, kept: Longs, scale: float
) -> tuple[Layout, Longs]:
    """The layout, and the most rounds of each of its options."""
    target = problem.target[kept]
    _, slot = np.unique(problem.slot[kept], return_inverse=True)
    slots = int(slot.max(initial=0)) + 1
    held = np.minimum(problem.shots, problem.rate) if slots == 1 else problem.shots
    total = int(most_rounds(problem).sum())
    stock = np.array([min(int(held[w].sum()), total) for w in members], np.int64)
    rate = np.array([min(int(problem.rate[w].sum()), total) for w in members], np.int64)
    allowed = np.where(problem.looks[target] > 0, problem.salvo[target], 0)
    upper = np.minimum(np.minimum(stock, rate)[weapon], allowed)
    price = problem.price[problem.weapon[kept]]
    upper = np.where(problem.value[target] * problem.p_kill[kept] > price, upper, 0)
    cell = weapon * slots + slot
    stock_row, rate_row, capacity = _rows(stock, rate, slots, (weapon, cell, upper))
    with np.errstate(divide="ignore"):
        depth = np.minimum(-np.log1p(-problem.p_kill[kept]), CERTAIN)
    layout = Layout(
        start=np.searchsorted(target, np.arange(problem.targets + 1)).astype(np.int64),
        value=problem.value / scale,
        salvo=np.minimum(problem.salvo, capacity[-1]),
        looks=np.minimum(problem.looks, slots),
        p_kill=problem.p_kill[kept],
        depth=depth,
        price=np.minimum(price, 2.0 * scale) / scale,  # where it is more, no round is ever fired
        slot=slot.astype(np.int32),
        stock=stock_row[weapon].astype(np.int32),
        pace=rate_row[cell].astype(np.int32),
        capacity=capacity,
    )
    return layout, upper


def _rows(
    stock: Longs, rate: Longs, slots: int, use: tuple[Longs, Longs, Longs]
) -> tuple[Longs, Longs, Longs]:
    """Row of each weapon, row of each weapon and slot, and the capacity of the rows.

    Limits that no plan can reach have no row: they share the last one, which is never full.
    """
    weapon, cell, upper = use
    in_all = np.bincount(weapon, upper, minlength=stock.size)
    in_slot = np.bincount(cell, upper, minlength=stock.size * slots)
    held = stock < in_all
    paced = np.zeros(stock.size * slots, np.bool_)
    if slots > 1:
        paced = np.repeat(rate, slots) < np.minimum(in_slot, np.repeat(stock, slots))
    capacity = np.concatenate([stock[held], np.repeat(rate, slots)[paced], [2 * upper.sum() + 2]])
    idle = capacity.size - 1
    stock_row = np.where(held, np.cumsum(held) - 1, idle)
    rate_row = np.where(paced, held.sum() + np.cumsum(paced) - 1, idle)
    return stock_row, rate_row, capacity.astype(np.int64)


def join(model: Model, problem: Problem, rounds: Longs) -> Longs:
    """Rounds of the options of the layout from those of the problem."""
    first = np.arange(problem.weapons)
    for group in model.members:
        first[group] = group[0]
    rank = np.empty_like(model.order)
    rank[model.order] = np.arange(model.order.size)
    place = rank - model.starts[problem.weapon]
    kept = model.order[model.starts[first[problem.weapon]] + place]
    plan = np.zeros(model.kept.size, np.int64)
    np.add.at(plan, np.searchsorted(model.kept, kept), rounds)
    return plan


def split(model: Model, problem: Problem, rounds: Longs) -> Longs:
    """Rounds of the options of the problem from those of the layout."""
    plan = np.zeros(problem.p_kill.size, np.int64)
    fired = np.flatnonzero(rounds)
    rank = np.empty_like(model.order)
    rank[model.order] = np.arange(model.order.size)
    for k in np.unique(model.weapon[fired]):
        mine = fired[model.weapon[fired] == k]
        members = model.members[k]
        place = rank[model.kept[mine]] - model.starts[members[0]]
        by_slot = np.argsort(problem.slot[model.kept[mine]], kind="stable")
        deck = np.repeat(place[by_slot], rounds[mine][by_slot])
        np.add.at(plan, model.order[model.starts[_dealt(problem, members, deck.size)] + deck], 1)
    return plan


def _dealt(problem: Problem, members: Longs, size: int) -> Longs:
    """Which member fires each round, of rounds in order of their slot.

    In one slot each fires until it has no more. In several, all of them have the same rounds and
    rate, and rounds are dealt in turn: nobody gets more than its share of a slot, rounded up.
    """
    if one_slot(problem):
        held = np.minimum(np.minimum(problem.shots, problem.rate)[members], size)
        return np.repeat(members, held)[:size]
    return members[np.arange(size) % members.size]
