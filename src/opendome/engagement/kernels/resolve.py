"""What the shots did, what is believed of it, and the fate of every object."""

import math
from typing import Any

from opendome.compiled import table_kernel
from opendome.draws.philox import uniform
from opendome.engagement.kernels.fire import hand_over
from opendome.engagement.kernels.state import State
from opendome.engagement.records import Board, Book, Fate, Rules

FLYING, KILLED_BY, MISSED, TOO_LATE = 0, 1, 2, 3
# fates, in the order of the records
(
    FAILED, IGNORED, KILLED, NEVER_DETECTED, NOT_TRACKED, NOT_SHARED, NOT_DECIDED, NO_REACH,
    NO_STOCK, NOT_ASSIGNED, SHOTS_MISSED, TAKEN_FOR_HARMLESS, NOT_WORTH,
) = range(len(Fate))  # fmt: skip


@table_kernel
def hand_over_due(
    board: Board, rules: Rules, state: State, book: Book, row: int, now_s: float
) -> None:
    """Take leave of every interceptor whose own sensor takes over before the next cycle."""
    for shot in range(book.fired[row]):
        if state.flights[shot]["handed_over"] == 0:
            hand_over(board, rules, state, book, row, shot, now_s)


@table_kernel
def line_up(state: State, book: Book, row: int, now_s: float) -> int:
    """Unresolved shots with an intercept up to `now_s`, by time, then by order of firing.

    Fills `state.due` and returns how many there are.
    """
    count = 0
    for shot in range(book.fired[row]):
        fired = book.shots[row, shot]
        if fired["result"] == FLYING and fired["intercept_t_s"] <= now_s:
            place = count
            while place > 0:
                before = book.shots[row, state.due[place - 1]]
                if before["intercept_t_s"] <= fired["intercept_t_s"]:
                    break
                state.due[place] = state.due[place - 1]
                place -= 1
            state.due[place] = shot
            count += 1
    return count


@table_kernel
def was_aboard(board: Board, part: int, obj: int, killed_t_s: float) -> bool:
    """Whether `part`, itself or with what it was part of, had not yet left `obj` when it died."""
    while board.objects[part]["parent"] >= 0:
        if board.objects[part]["parent"] == obj:
            return board.objects[part]["launch_t_s"] > killed_t_s
        part = board.objects[part]["parent"]
    return False


@table_kernel
def take_along(board: Board, state: State, book: Book, row: int, obj: int) -> None:
    """Let everything die that a killed object had still aboard: it never flew by itself."""
    killed = book.objects[row, obj]
    for part in range(board.objects.shape[0]):
        if state.options[part]["flies"] == 1 and was_aboard(board, part, obj, killed["killed_t_s"]):
            state.options[part]["flies"] = 0
            written = book.objects[row, part]
            written["fate"] = KILLED
            written["killer"] = killed["killer"]
            written["killed_t_s"] = killed["killed_t_s"]
            written["detected_t_s"] = math.nan
            written["tracked_t_s"] = math.nan
            for node in range(book.tracks.shape[1]):
                book.tracks[row, node, part]["formed_t_s"] = math.nan
                book.tracks[row, node, part]["drops"] = 0


@table_kernel
def works(asset: Any, seed: int, trial: int) -> bool:
    """Whether the rounds of a system are free of a common fault in a trial."""
    p = asset["p_common_failure"]
    return p == 0.0 or uniform(seed, asset["common_purpose"], trial, 0, 0) >= p


@table_kernel
def resolve(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    seed: int,
    trial: int,
    row: int,
    now_s: float,
) -> None:
    """Roll the dice of every intercept up to `now_s`, in order of time."""
    for place in range(line_up(state, book, row, now_s)):
        shot = state.due[place]
        fired = book.shots[row, shot]
        obj = fired["object"]
        shooter = board.shooters[fired["shooter"]]
        asset = rules.assets[shooter["asset"]]
        ordinal = state.flights[shot]["ordinal"]
        luck = uniform(seed, asset["kill_purpose"], trial, obj, ordinal)
        written = book.objects[row, obj]
        if not math.isnan(written["killed_t_s"]):
            fired["result"] = TOO_LATE
        elif luck < asset["p_kill"] * fired["p_divert"] and works(asset, seed, trial):
            fired["result"] = KILLED_BY
            written["killed_t_s"] = fired["intercept_t_s"]
            written["killer"] = shooter["layer"]
            if board.objects[obj]["parts"] > 0:
                take_along(board, state, book, row, obj)
        else:
            fired["result"] = MISSED


@table_kernel
def assess(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    seed: int,
    trial: int,
    row: int,
    now_s: float,
) -> None:
    """Let each node learn, rightly or not, what its shots did."""
    for shot in range(book.fired[row]):
        fired = book.shots[row, shot]
        flight = state.flights[shot]
        if flight["known"] == 1 or fired["intercept_t_s"] + rules.assessment_delay_s > now_s:
            continue
        flight["known"] = 1
        state.in_flight[0] -= 1
        obj = fired["object"]
        shooter = board.shooters[fired["shooter"]]
        purpose = rules.assets[shooter["asset"]]["assess_purpose"]
        luck = uniform(seed, purpose, trial, obj, flight["ordinal"])
        dead = fired["result"] != MISSED
        believed = luck >= rules.p_false_miss if dead else luck < rules.p_false_kill
        track = state.tracks[shooter["node"], obj]
        if believed:
            fired["believed_dead"] = 1
            track["believed_dead"] = 1
        salvo = state.salvos[shooter["node"], obj, shooter["layer"]]
        salvo["pending"] -= 1
        if salvo["pending"] == 0:
            salvo["in_salvo"] = 0
            salvo["closed"] += 1
        track["waiting"] -= 1
        if track["waiting"] == 0:
            track["known_t_s"] = -math.inf
            track["survival"] = 1.0


@table_kernel
def released_t_s(rules: Rules, state: State, shared_t_s: float) -> float:
    """When the first node that its people have let fire may do so at an object [s after epoch].

    shared_t_s : first track of the object at a deciding node
    """
    free_t_s = math.inf
    for node in range(state.nodes.shape[0]):
        at = state.nodes[node]
        free_t_s = min(free_t_s, at["first_track_t_s"] + at["human_s"])
    return max(shared_t_s + rules.confirm_s, free_t_s)


@table_kernel
def broken_link(board: Board, rules: Rules, state: State, book: Book, row: int, obj: int) -> int:
    """First link of the chain that broke for an object nobody stopped."""
    written = book.objects[row, obj]
    last_t_s = board.objects[obj]["last_order_t_s"]
    in_reach = last_t_s > -math.inf
    deadline_s = last_t_s if in_reach else board.objects[obj]["impact_t_s"]
    if written["rounds"] > 0:
        link = SHOTS_MISSED
    elif math.isnan(written["detected_t_s"]):
        link = NEVER_DETECTED
    elif not written["tracked_t_s"] <= deadline_s:
        link = NOT_TRACKED
    elif not in_reach:
        link = NO_REACH
    elif not written["shared_t_s"] <= deadline_s:
        link = NOT_SHARED
    elif not released_t_s(rules, state, written["shared_t_s"]) <= deadline_s:
        link = NOT_DECIDED
    else:
        link = broken_decision(board, state, obj)
    return link


@table_kernel
def broken_decision(board: Board, state: State, obj: int) -> int:
    """Why no round was fired at an object that a node could have decided about in time."""
    option = state.options[obj]
    if option["dismissed"] == 1 and option["believed"] == 0:
        link = TAKEN_FOR_HARMLESS
    elif option["had_reach"] == 0:
        link = NO_REACH
    elif option["had_stock"] == 0:
        link = NO_STOCK
    elif option["unworthy"] == 1 and option["worthy"] == 0:
        priced = board.loss_max > 0.0 or option["overpriced"] == 1
        link = NOT_WORTH if priced else TAKEN_FOR_HARMLESS
    else:
        link = NOT_ASSIGNED
    return link


@table_kernel
def write_fate(board: Board, rules: Rules, state: State, book: Book, row: int, obj: int) -> None:
    """Close the row of one object: exactly one fate."""
    written = book.objects[row, obj]
    for node in range(book.tracks.shape[1]):
        formed_t_s = book.tracks[row, node, obj]["formed_t_s"]
        if formed_t_s < written["shared_t_s"] or math.isnan(written["shared_t_s"]):
            written["shared_t_s"] = formed_t_s
    written["last_chance_t_s"] = board.objects[obj]["last_order_t_s"]
    if not math.isnan(written["killed_t_s"]):
        written["fate"] = KILLED
    elif board.objects[obj]["lethal"] == 0 or board.objects[obj]["defended_distance_m"] > 0.0:
        written["fate"] = IGNORED
    else:
        written["fate"] = broken_link(board, rules, state, book, row, obj)
