"""Orders: what becomes of a shot that was chosen, until its interceptor flies by itself."""

import math
from typing import Any

from opendome.compiled import table_kernel
from opendome.engagement.kernels.possible import NONE, intercept_time, next_sample
from opendome.engagement.kernels.sight import carry, path_row, position_sigma
from opendome.engagement.kernels.state import State
from opendome.engagement.records import Board, Book, Rules
from opendome.tracking.kernels import p_within


@table_kernel
def hand_over(
    board: Board, rules: Rules, state: State, book: Book, row: int, shot: int, now_s: float
) -> None:
    """Chance that the error of the track at handover lies within the interceptor's divert reach.

    Evaluated at the last cycle before the interceptor's own sensor takes over.
    """
    fired = book.shots[row, shot]
    shooter = board.shooters[fired["shooter"]]
    asset = rules.assets[shooter["asset"]]
    meets_t_s = fired["intercept_t_s"]
    if meets_t_s - asset["homing_s"] >= now_s + rules.cycle_s:
        return
    obj = fired["object"]
    node = shooter["node"]
    cov = state.scratch
    for i in range(6):
        for j in range(6):
            cov[i, j] = state.cov[node, obj, i, j]
    carry(board, rules, cov, obj, state.tracks[node, obj]["filter_t_s"], meets_t_s)
    k = path_row(board, obj, meets_t_s)
    path = board.path
    fired["p_divert"] = p_within(
        cov, path[obj, k, 3], path[obj, k, 4], path[obj, k, 5], asset["divert_radius_m"]
    )
    state.flights[shot]["handed_over"] = 1


@table_kernel
def order(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    row: int,
    node: int,
    shot_row: int,
    now_s: float,
) -> bool:
    """Fire one round of a possible shot; False when the book has no room for it."""
    shot = book.fired[row]
    if shot >= book.shots.shape[1]:
        return False
    possible = state.shots[shot_row]
    obj, index = possible["object"], possible["shooter"]
    launched_t_s = board.latest_t_s[possible["sample"]]
    intercept_t_s = intercept_time(board, possible["pair"], possible["sample"])
    book.fired[row] = shot + 1
    fired = book.shots[row, shot]
    fired["object"] = obj
    fired["shooter"] = index
    fired["ordered_t_s"] = now_s
    fired["launched_t_s"] = launched_t_s
    fired["intercept_t_s"] = intercept_t_s
    fired["p_divert"] = math.nan
    fired["result"] = 0
    fired["believed_dead"] = 0
    written = book.objects[row, obj]
    if written["rounds"] == 0:
        written["ordered_t_s"] = now_s
        written["launched_t_s"] = launched_t_s
        written["intercept_t_s"] = intercept_t_s
    written["rounds"] += 1
    written["spared"] = 0
    remember_shot(board, rules, state, node, obj, shot, index, intercept_t_s)
    state.weapons[index]["launched_t_s"] = launched_t_s
    track_row = book.tracks[row, node, obj]
    if math.isnan(track_row["commit_sigma_m"]):
        age_s = now_s - state.tracks[node, obj]["filter_t_s"]
        track_row["commit_sigma_m"] = position_sigma(board, state, node, obj, age_s)
    hand_over(board, rules, state, book, row, shot, now_s)
    return True


@table_kernel
def still_possible(
    board: Board, rules: Rules, state: State, book: Book, row: int, shot_row: int, now_s: float
) -> bool:
    """Whether a shot that was possible still is, after others of the same site were ordered.

    Moves it on to the next intercept that the launcher allows. The last rounds of a layer that
    keeps a reserve are for objects that no other layer with rounds can still meet.
    """
    possible = state.shots[shot_row]
    index = possible["shooter"]
    if state.stock[index] <= 0:
        return False
    shooter = board.shooters[index]
    if not may_draw_reserve(board, rules, state, shooter, possible["object"], now_s):
        return False
    if rules.assets[shooter["asset"]]["limited"] == 0:
        return True
    sample = next_sample(board, rules, state, book, row, possible["pair"], now_s)
    if sample == NONE:
        return False
    meets_t_s = intercept_time(board, possible["pair"], sample)
    burnout_t_s = board.objects[possible["object"]]["burnout_t_s"]
    turn_t_s = board.objects[possible["object"]]["turn_t_s"]
    if now_s < burnout_t_s < meets_t_s or now_s < turn_t_s < meets_t_s:
        return False
    possible["sample"] = sample
    return True


@table_kernel
def may_draw_reserve(
    board: Board, rules: Rules, state: State, firing: Any, obj: int, now_s: float
) -> bool:
    """Whether the layer of a shooter may fire one more round at an object for all its reserve."""
    node, layer = firing["node"], firing["layer"]
    if state.layer_stock[node, layer] > rules.layers[layer]["reserve"]:
        return True
    for row in range(board.objects[obj]["first_pair"], board.objects[obj]["end_pair"]):
        index = board.pairs[row]["shooter"]
        shooter = board.shooters[index]
        other = shooter["node"] == node and shooter["layer"] != layer
        launch_t_s = now_s + rules.assets[shooter["asset"]]["launch_delay_s"]
        if other and state.stock[index] > 0 and board.pairs[row]["last_t_s"] >= launch_t_s:
            return False
    return True


@table_kernel
def remember_shot(
    board: Board,
    rules: Rules,
    state: State,
    node: int,
    obj: int,
    shot: int,
    index: int,
    intercept_t_s: float,
) -> None:
    """Take a round from stock and count it as flying at `obj`."""
    shooter = board.shooters[index]
    asset = shooter["asset"]
    flight = state.flights[shot]
    flight["handed_over"] = 0
    flight["known"] = 0
    flight["ordinal"] = state.fired[obj, asset]
    flight["before"] = state.weapons[index]["last_shot"]
    state.weapons[index]["last_shot"] = shot
    state.weapons[index]["fired"] += 1
    state.fired[obj, asset] += 1
    state.stock[index] -= 1
    state.layer_stock[node, shooter["layer"]] -= 1
    state.in_flight[0] += 1
    salvo = state.salvos[node, obj, shooter["layer"]]
    salvo["in_salvo"] += 1
    salvo["pending"] += 1
    track = state.tracks[node, obj]
    track["waiting"] += 1
    track["known_t_s"] = max(track["known_t_s"], intercept_t_s + rules.assessment_delay_s)
    track["survival"] *= 1.0 - rules.assets[asset]["p_kill"]
