"""A trial in which each node goes by tracks made from noisy measurements.

The same order of events as in `trial`, with two differences: what a node holds of an object is
read from a table of beliefs, one row for each decision cycle, and an interceptor is handed the
error that its track really has.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.engagement.kernels.decide import decide
from opendome.engagement.kernels.resolve import assess, resolve
from opendome.engagement.kernels.sight import (
    delivered,
    note_track,
    path_row,
    weigh,
)
from opendome.engagement.kernels.state import JUDGED, State
from opendome.engagement.kernels.trial import (
    AFTER_ALL,
    BEFORE_ALL,
    begin_trial,
    end_trial,
    next_cycle,
    nothing_to_decide,
)
from opendome.engagement.records import Board, Book, Rules

Floats = npt.NDArray[np.float64]
NEVER = -1


class Belief(NamedTuple):
    """What the nodes of one trial believed at each decision cycle. Frame: ECI.

    first_cycle : number of the cycle of the first row
    tracked : (node, cycle, object) whether a confirmed track follows the object
    error : (node, cycle, object, 6) estimate minus truth [m, m/s]
    cov : (node, cycle, object, 6, 6) what the track says of its error
    last : (node, object) row of the newest track so far, -1 before the first: scratch
    """

    first_cycle: int
    tracked: npt.NDArray[np.bool_]
    error: Floats
    cov: Floats
    last: npt.NDArray[np.int64]


@table_kernel
def hear(
    board: Board,
    state: State,
    seed: int,
    trial: int,
    node: int,
    obj: int,
    now_s: float,
) -> None:
    """Let a node weigh what its sensors have told about the kind of an object by `now_s`."""
    track = state.tracks[node, obj]
    cursor = track["next_arrival"]
    end = board.arrival_start[node, obj + 1]
    while cursor < end and board.arrivals[cursor]["t_s"] <= now_s:
        look = board.arrivals[cursor]["look"]
        if state.hit[look] == 1 and delivered(board, seed, trial, node, obj, cursor):
            weigh(board, state, seed, trial, node, obj, look)
        cursor += 1
    track["next_arrival"] = cursor


@table_kernel
def adopt(
    rules: Rules,
    state: State,
    belief: Belief,
    book: Book,
    row: int,
    node: int,
    obj: int,
    cycle: int,
) -> None:
    """Take over what the tracker of a node holds of an object at a cycle."""
    track = state.tracks[node, obj]
    k = cycle - belief.first_cycle
    held = 0 <= k < belief.tracked.shape[1] and belief.tracked[node, k, obj]
    if held:
        now_s = cycle * rules.cycle_s
        track["filter_t_s"] = now_s
        belief.last[node, obj] = k
        for i in range(6):
            for j in range(6):
                state.cov[node, obj, i, j] = belief.cov[node, k, obj, i, j]
        if track["tracked"] == 0:
            track["tracked"] = 1
            if math.isnan(book.tracks[row, node, obj]["formed_t_s"]):
                note_track(rules, state, book, row, node, obj, now_s)
    elif track["tracked"] == 1:
        track["tracked"] = 0
        book.tracks[row, node, obj]["drops"] += 1


@table_kernel
def hand_over_truly(
    board: Board, rules: Rules, state: State, belief: Belief, book: Book, row: int, now_s: float
) -> None:
    """Hand its track to every interceptor whose own sensor takes over before the next cycle.

    Model: the miss is the error of position and speed, carried to the intercept in a straight
    line, across the velocity of the object there; it is corrected if it lies within the divert
    radius, and not otherwise.
    """
    for shot in range(book.fired[row]):
        fired = book.shots[row, shot]
        shooter = board.shooters[fired["shooter"]]
        asset = rules.assets[shooter["asset"]]
        meets_t_s = fired["intercept_t_s"]
        if state.flights[shot]["handed_over"] == 1:
            continue
        if meets_t_s - asset["homing_s"] >= now_s + rules.cycle_s:
            continue
        node, obj = shooter["node"], fired["object"]
        error = belief.error[node, belief.last[node, obj], obj]
        age_s = meets_t_s - state.tracks[node, obj]["filter_t_s"]
        velocity = board.path[obj, path_row(board, obj, meets_t_s), 3:]
        miss_m = miss_across(error, age_s, velocity)
        fired["p_divert"] = 1.0 if miss_m <= asset["divert_radius_m"] else 0.0
        state.flights[shot]["handed_over"] = 1


@table_kernel
def miss_across(error: Floats, age_s: float, velocity: Floats) -> float:
    """Length of an error, carried on for `age_s`, across a velocity [m].

    error : (6,) [m, m/s]     velocity : (3,) any length but zero
    """
    total = along = speed2 = 0.0
    for i in range(3):
        carried = error[i] + age_s * error[i + 3]
        total += carried * carried
        along += carried * velocity[i]
        speed2 += velocity[i] * velocity[i]
    return math.sqrt(max(0.0, total - along * along / speed2))


@table_kernel
def listen_on_belief(
    board: Board,
    rules: Rules,
    state: State,
    belief: Belief,
    book: Book,
    seed: int,
    trial: int,
    cycle: int,
) -> None:
    """Everything of a stroke of the clock before the decisions: learn, hand over, resolve, assess.

    After them, `hand_over_truly` once more.
    """
    now_s = cycle * rules.cycle_s
    for node in range(book.tracks.shape[1]):
        for obj in range(board.objects.shape[0]):
            flying = board.objects[obj]
            if state.options[obj]["flies"] == 0 or now_s > flying["impact_t_s"] + rules.cycle_s:
                continue
            if state.options[obj]["taken"] == JUDGED:
                hear(board, state, seed, trial, node, obj, now_s)
            if not nothing_to_decide(board, state.tracks[node, obj], obj, now_s):
                adopt(rules, state, belief, book, 0, node, obj, cycle)
    if state.in_flight[0] > 0:
        hand_over_truly(board, rules, state, belief, book, 0, now_s)
        resolve(board, rules, state, book, seed, trial, 0, now_s)
        assess(board, rules, state, book, seed, trial, 0, now_s)


@table_kernel
def strike_on_belief(
    board: Board,
    rules: Rules,
    state: State,
    belief: Belief,
    book: Book,
    seed: int,
    trial: int,
    cycle: int,
) -> bool:
    """One stroke of the clock: listen, decide, hand over; False when the book ran out of room."""
    listen_on_belief(board, rules, state, belief, book, seed, trial, cycle)
    now_s = cycle * rules.cycle_s
    for node in range(book.tracks.shape[1]):
        if not decide(board, rules, state, book, 0, node, now_s):
            return False
    hand_over_truly(board, rules, state, belief, book, 0, now_s)
    return True


@table_kernel
def play_on_belief(
    board: Board,
    rules: Rules,
    state: State,
    belief: Belief,
    book: Book,
    seed: int,
    trial: int,
) -> bool:
    """Play one trial by what its nodes believe; False when the book is too small."""
    begin_trial(board, rules, state, book, seed, trial, 0)
    belief.last[:] = NEVER
    cycle = next_cycle(board, rules, state, BEFORE_ALL)
    while cycle != AFTER_ALL:
        if not strike_on_belief(board, rules, state, belief, book, seed, trial, cycle):
            return False
        cycle = next_cycle(board, rules, state, cycle)
    end_trial(board, rules, state, book, 0)
    return True
