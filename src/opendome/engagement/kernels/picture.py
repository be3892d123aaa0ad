"""What a node believes of every object at one decision cycle, for a policy to read."""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.draws.philox import normal, uniform
from opendome.engagement.kernels.decide import capacity, note_worth
from opendome.engagement.kernels.possible import HOLD, TIGHT, is_target, last_chances
from opendome.engagement.kernels.sight import path_row, position_sigma
from opendome.engagement.kernels.state import HARMLESS, JUDGED, State
from opendome.engagement.kernels.worth import impact_open, impact_sigma, inside_enough, worth_of
from opendome.engagement.records import Board, Book, Records, Rules

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
AXES = 3.0
NOBODY = -1

BELIEF = np.dtype(
    [
        ("number", "i8"),
        ("held", "?"),
        ("position_sigma_m", "f8"),
        ("open", "?"),
        ("impact_t_s", "f8"),
        ("impact_sigma_s", "f8"),
        ("defended_distance_m", "f8"),
        ("impact_sigma_m", "f8"),
        ("p_threat", "f8"),
        ("worth", "f8"),
        ("believed_dead", "?"),
        ("in_flight", "i8"),
        ("survival", "f8"),
        ("result_t_s", "f8"),
        ("permitted", "?"),
    ]
)
POSSIBLE = np.dtype(
    [
        ("track", "i8"),
        ("shooter", "i8"),
        ("layer", "i8"),
        ("launch_t_s", "f8"),
        ("intercept_t_s", "f8"),
        ("p_kill", "f8"),
        ("price", "f8"),
        ("rounds_left", "i8"),
    ]
)


class Memory(NamedTuple):
    """What belongs to the picture of a trial and changes little.

    Attributes
    ----------
    known : (node,) objects tracked so far
    line : (node, object) those objects, in the order in which the node first tracked them
    number : (node, object) place in that line, from 1; 0 for never tracked
    time_error : (node, object) error of the believed times, in standard deviations
    luck : (node, object) order of those tracked at the same moment
    """

    known: Longs
    line: Longs
    number: Longs
    time_error: Floats
    luck: Floats


class Picture(NamedTuple):
    """What a node believes at one cycle, filled from the first row on.

    tracks : (object,) of BELIEF     shots : (pair,) of POSSIBLE
    offered : (pair,) row of each shot among those on offer
    wanted, last_launch_t_s : (object, layer)
    """

    tracks: Records
    shots: Records
    offered: Longs
    wanted: Longs
    last_launch_t_s: Floats


@table_kernel
def draw_memory(
    memory: Memory, seed: int, time_purpose: int, order_purpose: int, trial: int
) -> None:
    """Forget the last trial, and draw the luck of this one that belongs to beliefs alone."""
    memory.known[:] = 0
    memory.number[:] = 0
    for node in range(memory.number.shape[0]):
        for obj in range(memory.number.shape[1]):
            memory.time_error[node, obj] = normal(seed, time_purpose, trial, obj, node)
            memory.luck[node, obj] = uniform(seed, order_purpose, trial, obj, node)


@table_kernel
def number_tracks(state: State, memory: Memory, node: int) -> None:
    """Number the objects that a node tracks for the first time, in that order.

    Those of one moment come in an order of chance, so that a number says nothing about what was
    launched together.
    """
    while True:
        first, first_t_s = NOBODY, math.inf
        for obj in range(memory.number.shape[1]):
            t_s = state.tracks[node, obj]["release_t_s"]
            if memory.number[node, obj] > 0 or t_s == math.inf:
                continue
            sooner = t_s == first_t_s and memory.luck[node, obj] < memory.luck[node, first]
            if t_s < first_t_s or sooner:
                first, first_t_s = obj, t_s
        if first == NOBODY:
            return
        memory.line[node, memory.known[node]] = first
        memory.known[node] += 1
        memory.number[node, first] = memory.known[node]


@table_kernel
def time_sigma(board: Board, state: State, node: int, obj: int, t_s: float) -> float:
    """Error of the time at which a track passes where its object is at `t_s` [s].

    Model: the position error of one axis, over the speed there.
    """
    age_s = t_s - state.tracks[node, obj]["filter_t_s"]
    k = path_row(board, obj, t_s)
    speed2 = 0.0
    for i in range(3):
        speed2 += board.path[obj, k, 3 + i] * board.path[obj, k, 3 + i]
    return position_sigma(board, state, node, obj, age_s) / math.sqrt(AXES * speed2)


@table_kernel
def believe_impact(
    board: Board, state: State, row: Any, node: int, obj: int, time_error: float
) -> None:
    """Write where and when a node believes an object to fall.

    Model: belief = truth + error; the error is a draw of the covariance of the track, the same
    draw as long as the object flies, so that it moves only as the covariance does.
    """
    track, flying = state.tracks[node, obj], board.objects[obj]
    sigma_m = impact_sigma(board, state, node, obj)
    sigma_s = time_sigma(board, state, node, obj, flying["impact_t_s"])
    row["impact_sigma_m"] = sigma_m
    row["impact_sigma_s"] = sigma_s
    row["defended_distance_m"] = flying["defended_distance_m"] + sigma_m * track["impact_error"]
    row["impact_t_s"] = flying["impact_t_s"] + sigma_s * time_error


@table_kernel
def believe(
    board: Board,
    rules: Rules,
    state: State,
    memory: Memory,
    row: Any,
    node: int,
    obj: int,
    now_s: float,
    prior_log_odds: float,
) -> None:
    """Write what a node believes of one object, shots at it aside."""
    track, option = state.tracks[node, obj], state.options[obj]
    row["number"] = memory.number[node, obj]
    row["held"] = track["tracked"] == 1
    row["position_sigma_m"] = math.nan
    row["impact_t_s"] = math.nan
    row["impact_sigma_s"] = math.nan
    row["defended_distance_m"] = math.nan
    row["impact_sigma_m"] = math.nan
    is_open = impact_open(board, obj, now_s)
    row["open"] = is_open
    if track["held"] == 1:
        age_s = now_s - track["filter_t_s"]
        row["position_sigma_m"] = position_sigma(board, state, node, obj, age_s)
        if not is_open:
            believe_impact(board, state, row, node, obj, memory.time_error[node, obj])
    row["p_threat"] = 0.0 if option["taken"] == HARMLESS else 1.0
    if option["taken"] == JUDGED:
        row["p_threat"] = 1.0 / (1.0 + math.exp(-(prior_log_odds + track["log_odds"])))
    row["worth"] = worth_of(board, rules, state, node, obj, now_s)
    row["believed_dead"] = track["believed_dead"] == 1
    row["in_flight"] = track["waiting"]
    row["survival"] = track["survival"]
    row["result_t_s"] = track["known_t_s"]


@table_kernel
def believe_chances(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    memory: Memory,
    picture: Picture,
    count: int,
    node: int,
    obj: int,
    now_s: float,
) -> None:
    """Write what may be done about the object in row `count`: permission, doctrine, last chances.

    To be called after `offer` at the same cycle, which knows what the layers want.
    """
    row, option = picture.tracks[count], state.options[obj]
    permitted = is_target(board, rules, state, book, 0, node, obj, now_s)
    row["permitted"] = permitted
    if permitted:
        row["survival"] = option["survival"]
        row["result_t_s"] = max(row["result_t_s"], option["others_known_t_s"])
    last_chances(board, rules, state, node, obj)
    known = not row["open"] and state.tracks[node, obj]["held"] == 1
    for layer in range(state.chances.shape[1]):
        chance = state.chances[obj, layer]
        picture.wanted[count, layer] = chance["wanted"] if permitted else 0
        last_t_s = chance["last_t_s"]
        if known and last_t_s > -math.inf:
            sigma_s = time_sigma(board, state, node, obj, last_t_s)
            last_t_s += sigma_s * memory.time_error[node, obj]
        picture.last_launch_t_s[count, layer] = last_t_s if known else math.nan


@table_kernel
def obeys(board: Board, rules: Rules, state: State, node: int, row: int, now_s: float) -> bool:
    """Whether the rules of engagement of its layer allow a shot on offer."""
    shot = state.shots[row]
    engage = rules.layers[shot["layer"]]["engage"]
    if engage == HOLD:
        return False
    return engage != TIGHT or inside_enough(board, rules, state, node, shot["object"], now_s)


@table_kernel
def list_possible(
    board: Board,
    rules: Rules,
    state: State,
    memory: Memory,
    picture: Picture,
    track: int,
    count: int,
    node: int,
    obj: int,
    now_s: float,
) -> int:
    """Append the shots at an object that the rules of engagement allow; returns the rows then.

    track : row of the object in the tracks
    """
    for offered in range(state.options[obj]["first_shot"], state.options[obj]["end_shot"]):
        if not obeys(board, rules, state, node, offered, now_s):
            continue
        shot, row = state.shots[offered], picture.shots[count]
        meets_t_s = shot["meets_t_s"]
        error_s = time_sigma(board, state, node, obj, meets_t_s) * memory.time_error[node, obj]
        picture.offered[count] = offered
        row["track"] = track
        row["shooter"] = shot["shooter"]
        row["layer"] = shot["layer"]
        row["launch_t_s"] = shot["launch_t_s"]
        row["intercept_t_s"] = max(shot["launch_t_s"], meets_t_s + error_s)
        row["p_kill"] = shot["p_kill"]
        row["price"] = shot["price"]
        row["rounds_left"] = capacity(board, rules, state, shot["shooter"])
        count += 1
    return count


@table_kernel
def paint(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    memory: Memory,
    picture: Picture,
    node: int,
    now_s: float,
    prior_log_odds: float,
) -> tuple[int, int]:
    """Fill the picture of a node after `offer`; returns the rows of tracks and of shots.

    A track whose believed impact is past is left out, unless a shot at it is possible.
    """
    note_worth(state, book, 0)
    number_tracks(state, memory, node)
    tracks, shots = 0, 0
    for place in range(memory.known[node]):
        obj = memory.line[node, place]
        believe(
            board, rules, state, memory, picture.tracks[tracks], node, obj, now_s, prior_log_odds
        )
        before = shots
        shots = list_possible(board, rules, state, memory, picture, tracks, shots, node, obj, now_s)
        if picture.tracks[tracks]["impact_t_s"] < now_s and shots == before:
            continue
        believe_chances(board, rules, state, book, memory, picture, tracks, node, obj, now_s)
        tracks += 1
    return tracks, shots
