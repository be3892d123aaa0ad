"""The loop in time: one trial, and a batch of them."""

import math
from typing import Any

from opendome.command.kernels.people import permission_delay_s
from opendome.compiled import table_kernel
from opendome.draws.philox import normal, uniform
from opendome.engagement.kernels.decide import decide
from opendome.engagement.kernels.resolve import FAILED, assess, hand_over_due, resolve, write_fate
from opendome.engagement.kernels.sight import absorb, draw_hits, keep_custody, open_eyes
from opendome.engagement.kernels.state import HARMLESS, JUDGED, THREAT, State, clear
from opendome.engagement.records import Board, Book, Rules

BEFORE_ALL, AFTER_ALL = -(2**40), 2**40  # cycles; those of a raid may be negative


@table_kernel
def open_row(
    board: Board, state: State, rules: Rules, book: Book, seed: int, trial: int, row: int
) -> None:
    """Clean the row of a trial and draw the luck that does not depend on decisions."""
    book.fired[row] = 0
    for obj in range(book.objects.shape[1]):
        written = book.objects[row, obj]
        written["fate"] = FAILED
        written["killer"] = -1
        written["rounds"] = 0
        written["detected_t_s"] = math.nan
        written["tracked_t_s"] = math.nan
        written["shared_t_s"] = math.nan
        written["ordered_t_s"] = math.nan
        written["launched_t_s"] = math.nan
        written["intercept_t_s"] = math.nan
        written["killed_t_s"] = math.nan
        written["last_chance_t_s"] = math.nan
        written["spared"] = 0
        for node in range(book.tracks.shape[1]):
            book.tracks[row, node, obj]["formed_t_s"] = math.nan
            book.tracks[row, node, obj]["commit_sigma_m"] = math.nan
            book.tracks[row, node, obj]["drops"] = 0
            track = state.tracks[node, obj]
            track["impact_error"] = normal(seed, rules.impact_purpose, trial, obj, node)
            if board.loss_max > 0.0:
                luck = normal(seed, rules.impact_north_purpose, trial, obj, node)
                track["impact_error_north"] = luck


@table_kernel
def draw_people(state: State, rules: Rules, seed: int, trial: int) -> None:
    """How long the people of each node take, from its first track to permission to fire."""
    for node in range(state.nodes.shape[0]):
        state.nodes[node]["human_s"] = permission_delay_s(rules.people, seed, trial, node)


@table_kernel
def flies(board: Board, rules: Rules, seed: int, trial: int, obj: int) -> bool:
    """Whether an object of a trial does not fail by itself, nor what it is part of."""
    while obj >= 0:
        luck = uniform(seed, rules.reliability_purpose, trial, obj, 0)
        if luck >= board.objects[obj]["p_reliable"]:
            return False
        obj = board.objects[obj]["parent"]
    return True


@table_kernel
def looks_like(board: Board, rules: Rules, seed: int, trial: int, obj: int) -> int:
    """What an object of a trial is taken for: HARMLESS, a THREAT, or JUDGED by sensors."""
    p_taken = board.objects[obj]["p_taken_for_real"]
    if math.isnan(p_taken):
        return JUDGED
    return THREAT if uniform(seed, rules.taken_purpose, trial, obj, 0) < p_taken else HARMLESS


@table_kernel
def nothing_to_decide(board: Board, track: Any, obj: int, now_s: float) -> bool:
    """Whether a track matters no more: no shot in flight, and none that could still be ordered."""
    if track["waiting"] > 0:
        return False
    too_late = now_s > board.objects[obj]["last_order_t_s"] and track["release_t_s"] < math.inf
    return track["believed_dead"] == 1 or too_late


@table_kernel
def learn(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    seed: int,
    trial: int,
    row: int,
    node: int,
    obj: int,
    now_s: float,
) -> None:
    """Let a node take in what has arrived about an object, as long as it matters."""
    track = state.tracks[node, obj]
    if now_s > board.objects[obj]["impact_t_s"] + rules.cycle_s:
        return
    if nothing_to_decide(board, track, obj, now_s):
        return
    cursor = track["next_arrival"]
    news = cursor < board.arrival_start[node, obj + 1]
    if news and board.arrivals[cursor]["t_s"] <= now_s:
        absorb(board, rules, state, book, seed, trial, row, node, obj, now_s)
    if track["tracked"] == 1 and track["doubtful_t_s"] < now_s:
        keep_custody(board, rules, state, book, row, node, obj, now_s)


@table_kernel
def listen(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    seed: int,
    trial: int,
    row: int,
    now_s: float,
) -> None:
    """Everything of a stroke of the clock but the decisions: learn, hand over, resolve, assess."""
    for node in range(book.tracks.shape[1]):
        for obj in range(board.objects.shape[0]):
            if state.options[obj]["flies"] == 1:
                learn(board, rules, state, book, seed, trial, row, node, obj, now_s)
    if state.in_flight[0] > 0:
        hand_over_due(board, rules, state, book, row, now_s)
        resolve(board, rules, state, book, seed, trial, row, now_s)
        assess(board, rules, state, book, seed, trial, row, now_s)


@table_kernel
def strike(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    seed: int,
    trial: int,
    row: int,
    now_s: float,
) -> bool:
    """One stroke of the clock: listen, then decide; False when the book ran out of room."""
    listen(board, rules, state, book, seed, trial, row, now_s)
    for node in range(book.tracks.shape[1]):
        if not decide(board, rules, state, book, row, node, now_s):
            return False
    return True


@table_kernel
def begin_trial(
    board: Board, rules: Rules, state: State, book: Book, seed: int, trial: int, row: int
) -> None:
    """Clean the row of a trial, and draw what flies and which looks are detections."""
    clear(board, state)
    open_row(board, state, rules, book, seed, trial, row)
    draw_people(state, rules, seed, trial)
    for obj in range(board.objects.shape[0]):
        state.options[obj]["flies"] = 0
        if flies(board, rules, seed, trial, obj):
            state.options[obj]["flies"] = 1
            state.options[obj]["taken"] = looks_like(board, rules, seed, trial, obj)
            draw_hits(board, state, seed, trial, obj)
            open_eyes(board, rules, state, book, row, obj)


@table_kernel
def next_cycle(board: Board, rules: Rules, state: State, cycle: int) -> int:
    """Number of the next cycle in which something flies or is about to be known.

    cycle : the last one played
    Returns AFTER_ALL when there is none.
    """
    now_s = cycle * rules.cycle_s
    if state.in_flight[0] > 0:
        return cycle + 1
    soonest_s = math.inf
    for obj in range(board.objects.shape[0]):
        flying = board.objects[obj]
        if state.options[obj]["flies"] == 1 and now_s <= flying["impact_t_s"]:
            if now_s >= flying["launch_t_s"]:
                return cycle + 1
            soonest_s = min(soonest_s, flying["launch_t_s"])
    if soonest_s == math.inf:
        return AFTER_ALL
    return max(cycle + 1, math.floor(soonest_s / rules.cycle_s))


@table_kernel
def end_trial(board: Board, rules: Rules, state: State, book: Book, row: int) -> None:
    """Write the fate of everything that flew."""
    for obj in range(board.objects.shape[0]):
        if state.options[obj]["flies"] == 1:
            write_fate(board, rules, state, book, row, obj)


@table_kernel
def play_trial(
    board: Board, rules: Rules, state: State, book: Book, seed: int, trial: int, row: int
) -> bool:
    """Play one trial from the first launch to the last impact; False when the book is too small."""
    begin_trial(board, rules, state, book, seed, trial, row)
    cycle = next_cycle(board, rules, state, BEFORE_ALL)
    while cycle != AFTER_ALL:
        if not strike(board, rules, state, book, seed, trial, row, cycle * rules.cycle_s):
            return False
        cycle = next_cycle(board, rules, state, cycle)
    end_trial(board, rules, state, book, row)
    return True


@table_kernel
def play_batch(
    board: Board, rules: Rules, state: State, book: Book, seed: int, first_trial: int
) -> int:
    """Play one trial per row of the book; returns how many rows were played before it was full."""
    for row in range(book.fired.shape[0]):
        if not play_trial(board, rules, state, book, seed, first_trial + row, row):
            return row
    return book.fired.shape[0]
