"""Build a problem from plain arrays, and name everything that is wrong with it at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from opendome.command.assign.problem import Floats, Longs, Problem
from opendome.quantities.errors import OpendomeError

SHOWN = 5  # places named for each kind of problem
ROUNDS_MAX = 1_000_000  # of one weapon: stands for "no limit", and keeps sums exact
WORTH_MAX = 1e100  # of a value or a price: keeps sums and products finite


class ProblemError(OpendomeError, ValueError):
    """An assignment problem that makes no sense; every fault of it is named."""


def problem_of(
    p_kill: npt.ArrayLike,
    value: npt.ArrayLike,
    *,
    shots: npt.ArrayLike = 1,
    price: npt.ArrayLike = 0.0,
    rate: npt.ArrayLike = ROUNDS_MAX,
    salvo: npt.ArrayLike = ROUNDS_MAX,
    looks: npt.ArrayLike = ROUNDS_MAX,
) -> Problem:
    """A problem from kill probabilities of all pairs.

    p_kill : (weapon, target) or (weapon, target, slot); 0 where a weapon cannot fire
    value : (target,) what is lost when a target survives, up to 1e100
    shots, price, rate : one number, or (weapon,): rounds, worth of a round kept, most rounds in
        a slot
    salvo, looks : one number, or (target,): most rounds at a target in a slot, most slots
    Raises `ProblemError` with all faults at once.
    """
    chances, values = _numbers("p_kill", p_kill), _numbers("value", value)
    shape = chances.shape
    if len(shape) not in (2, 3) or values.ndim != 1 or shape[1] != values.size:
        raise ProblemError(
            got=f"p_kill of shape {shape} and value of shape {values.shape}",
            allowed="p_kill (weapon, target) or (weapon, target, slot), value (target,)",
            do="give one row for each weapon and one value for each target",
        )
    cube = chances if chances.ndim == 3 else chances[:, :, None]
    faults = [
        *_row_faults("shots", shots, shape[0]),
        *_row_faults("price", price, shape[0]),
        *_row_faults("rate", rate, shape[0]),
        *_row_faults("salvo", salvo, shape[1]),
        *_row_faults("looks", looks, shape[1]),
    ]
    if faults:
        raise _error(faults)
    target, weapon, slot = np.nonzero(cube.transpose(1, 0, 2))
    return checked(
        Problem(
            value=values,
            shots=_rounds(shots, shape[0]),
            price=np.broadcast_to(np.asarray(price, np.float64), shape[0]).copy(),
            rate=_rounds(rate, shape[0]),
            salvo=_rounds(salvo, shape[1]),
            looks=_rounds(looks, shape[1]),
            weapon=weapon.astype(np.int64),
            target=target.astype(np.int64),
            slot=slot.astype(np.int64),
            p_kill=cube[weapon, target, slot],
        )
    )


def in_slots(
    p_kill: npt.ArrayLike, window_s: npt.ArrayLike, edges_s: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Kill probabilities by slot of time, from the window in which each pair can fire.

    p_kill : (weapon, target)
    window_s : (weapon, target, 2) when firing opens and closes [s]; an empty window never fires
    edges_s : (slot + 1,) rising edges of the slots [s]
    Returns (weapon, target, slot): the probability where the window and the slot share more than
    a moment, else 0. The plan says in which slot a round leaves, not when within it.
    """
    chances = _numbers("p_kill", p_kill)
    window, edges = _numbers("window_s", window_s), _numbers("edges_s", edges_s)
    faults: list[str] = []
    if chances.ndim != 2 or window.shape != (*chances.shape, 2):
        faults.append(f"p_kill of shape {chances.shape} with windows of shape {window.shape}")
    if edges.ndim != 1 or edges.size < 2 or not (np.diff(edges) > 0.0).all():
        faults.append("edges of slots that do not rise, or fewer than two")
    if np.isnan(window).any():
        faults.append("a window that is not a number")
    if faults:
        raise _error(faults)
    opens = np.maximum(window[:, :, None, 0], edges[:-1])
    closes = np.minimum(window[:, :, None, 1], edges[1:])
    return np.where(closes > opens, chances[:, :, None], 0.0)


def checked(problem: Problem) -> Problem:
    """The same problem when it is sound.

    A weapon of 0 shots, or a salvo or looks of 0, is sound: it fires nothing. Shots below the
    salvo are sound, too: the salvo is a ceiling, so the plan fires what there is.
    Raises `ProblemError` with all faults at once.
    """
    faults = _size_faults(problem)
    if not faults:
        faults = [*_value_faults(problem), *_option_faults(problem)]
    if faults:
        raise _error(faults)
    return problem


def _error(faults: Sequence[str]) -> ProblemError:
    return ProblemError(
        got="; ".join(faults),
        allowed=(
            f"probabilities in [0, 1], values and prices from 0 to {WORTH_MAX:g}, whole numbers "
            "of rounds from 0, at least one weapon and one target, no option twice"
        ),
        do="correct each and solve again",
    )


def _numbers(name: str, given: npt.ArrayLike) -> Floats:
    """An array of real numbers."""
    try:
        row = np.asarray(given)
    except ValueError:  # rows of different length
        row = np.zeros(0, np.object_)
    if row.dtype.kind not in "biuf":
        raise _error([f"{name} not an array of real numbers"])
    return row.astype(np.float64)


def _rounds(given: npt.ArrayLike, size: int) -> Longs:
    return np.broadcast_to(np.asarray(given).astype(np.int64), size).copy()


def _row_faults(name: str, given: npt.ArrayLike, size: int) -> list[str]:
    """What keeps `given` from being one row of numbers."""
    try:
        row = np.asarray(given)
    except ValueError:  # rows of different length
        row = np.zeros(0, np.object_)
    if row.dtype.kind not in "iuf":
        return [f"{name} not an array of real numbers"]
    if row.shape not in ((), (size,)):
        return [f"{name} of shape {row.shape} for {size}"]
    whole = np.isfinite(row) & (row == np.floor(row))
    if name != "price" and not whole.all():
        return [f"{name} not a whole number{_places(~whole)}"]
    return []


def _size_faults(problem: Problem) -> list[str]:
    """Arrays of the wrong length; nothing to fire, nothing to fire at."""
    faults: list[str] = []
    if problem.weapons == 0:
        faults.append("no weapons")
    if problem.targets == 0:
        faults.append("no targets")
    sizes = {
        "price": problem.weapons,
        "rate": problem.weapons,
        "salvo": problem.targets,
        "looks": problem.targets,
        "weapon": problem.p_kill.size,
        "target": problem.p_kill.size,
        "slot": problem.p_kill.size,
    }
    for name, size in sizes.items():
        found = getattr(problem, name).shape
        if found != (size,):
            faults.append(f"{name} of shape {found} for {size}")
    return faults


def _value_faults(problem: Problem) -> list[str]:
    """Numbers out of their range, with the first places."""
    faults: list[str] = []
    for name, row in (("value", problem.value), ("price", problem.price)):
        faults += _bad(f"{name} not a finite number", row, ~np.isfinite(row))
        faults += _bad(f"{name} below 0", row, row < 0.0)
        above = np.isfinite(row) & (row > WORTH_MAX)
        faults += _bad(f"{name} above {WORTH_MAX:g}", row, above)
    for name in ("shots", "rate", "salvo", "looks"):
        counts: Longs = getattr(problem, name)
        many = (counts < 0) | (counts > ROUNDS_MAX)
        faults += _bad(f"{name} outside 0 to {ROUNDS_MAX:,}", counts, many)
    chances = problem.p_kill
    outside = ~((chances >= 0.0) & (chances <= 1.0))
    return faults + _bad("probability outside [0, 1]", chances, outside)


def _option_faults(problem: Problem) -> list[str]:
    """Options of unknown weapons or targets, out of order or twice."""
    faults: list[str] = []
    weapon, target, slot = problem.weapon, problem.target, problem.slot
    faults += _bad("unknown weapon", weapon, (weapon < 0) | (weapon >= problem.weapons))
    faults += _bad("unknown target", target, (target < 0) | (target >= problem.targets))
    faults += _bad("slot below 0", slot, slot < 0)
    if faults:
        return faults
    pair, later = np.diff(target * problem.weapons + weapon), np.diff(slot)
    faults += _bad("option twice", weapon[1:], (pair == 0) & (later == 0))
    if ((pair < 0) | ((pair == 0) & (later < 0))).any():
        faults.append("options not sorted by target, weapon, slot")
    return faults


def _bad(what: str, row: Floats | Longs, wrong: npt.NDArray[np.bool_]) -> list[str]:
    """One sentence for all wrong entries of a row; nothing where none is wrong."""
    if not wrong.any():
        return []
    return [f"{what}{_places(wrong)}, first {row[wrong][0]}"]


def _places(wrong: npt.NDArray[np.bool_]) -> str:
    places = np.flatnonzero(wrong)
    more = "" if places.size <= SHOWN else f" and {places.size - SHOWN} more"
    return f" (at {', '.join(map(str, places[:SHOWN]))}{more})"
