"""What a node decides at one cycle: whom to fire at, with what, when."""

import math

from opendome.command.kernels import (
    believed_harmless,
    better_option,
    marginal_return,
    rounds_wanted,
)
from opendome.compiled import table_kernel
from opendome.engagement.kernels.sight import carry, path_row, position_sigma
from opendome.engagement.kernels.state import JUDGED, THREAT, State
from opendome.engagement.records import Board, Book, Rules
from opendome.tracking.kernels import p_within

NONE = -1


@table_kernel
def may_decide(board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float) -> bool:
    """Whether `node` may fire at `obj` at all: tracked, confirmed, believed a threat, in time."""
    track = state.tracks[node, obj]
    if now_s < track["release_t_s"] or track["believed_dead"] == 1:
        return False
    flying = board.objects[obj]
    option = state.options[obj]
    in_time = now_s < flying["impact_t_s"] and now_s <= flying["last_order_t_s"]
    if not in_time or option["flies"] == 0:
        return False
    sure = track["log_odds"] >= rules.log_odds_to_engage
    if option["taken"] == THREAT or (option["taken"] == JUDGED and sure):
        option["believed"] = 1
        return True
    option["dismissed"] = 1
    return False


@table_kernel
def worth_firing(
    board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float, meets_t_s: float
) -> bool:
    """Whether the track is good enough for a shot that meets its object at `meets_t_s`.

    While an object burns, its impact is open and it counts as a threat; a shot that meets it
    before burnout follows it by the updates of its track, so the error now must be small
    enough. Later the error carried to the intercept must be, and the object must not be
    clearly harmless: its impact is known with an error that grows with the time left to fly.
    What has yet to turn has an open impact, too.
    """
    track = state.tracks[node, obj]
    if track["tracked"] == 0:
        return False
    flying = board.objects[obj]
    filter_t_s = track["filter_t_s"]
    if meets_t_s <= flying["burnout_t_s"]:
        return position_sigma(board, state, node, obj, now_s - filter_t_s) <= rules.commit_sigma_m
    if position_sigma(board, state, node, obj, meets_t_s - filter_t_s) > rules.commit_sigma_m:
        return False
    if now_s < flying["turn_t_s"]:
        return True
    sigma_m = position_sigma(board, state, node, obj, flying["impact_t_s"] - filter_t_s)
    believed_m = flying["defended_distance_m"] + sigma_m * track["impact_error"]
    return not believed_harmless(believed_m, sigma_m, rules.harmless_sigmas)


@table_kernel
def open_layers(board: Board, rules: Rules, state: State, node: int, obj: int) -> bool:
    """Mark the layers that doctrine lets fire one more round at `obj` now; False when none may.

    A layer that can still fire after the result of the shots now flying at the object is
    known lets them fly first.
    """
    known_t_s = state.tracks[node, obj]["known_t_s"]
    for layer in range(state.chances.shape[0]):
        state.chances[layer]["last_t_s"] = -math.inf
    if known_t_s > -math.inf:
        for row in range(board.objects[obj]["first_pair"], board.objects[obj]["end_pair"]):
            shooter = board.shooters[board.pairs[row]["shooter"]]
            if shooter["node"] == node and state.stock[board.pairs[row]["shooter"]] > 0:
                chance = state.chances[shooter["layer"]]
                chance["last_t_s"] = max(chance["last_t_s"], board.pairs[row]["last_t_s"])
    some = False
    for layer in range(state.chances.shape[0]):
        salvo = state.salvos[node, obj, layer]
        rule = rules.layers[layer]
        wanted = rounds_wanted(
            rule["salvo"], rule["salvos_max"], salvo["in_salvo"], salvo["closed"]
        )
        goes_on = salvo["pending"] > 0 or known_t_s == -math.inf
        must = state.chances[layer]["last_t_s"] < known_t_s + rules.cycle_s
        is_open = wanted > 0 and (goes_on or must)
        state.chances[layer]["open"] = 1 if is_open else 0
        some = some or is_open
    return some


@table_kernel
def next_sample(board: Board, rules: Rules, state: State, row: int, now_s: float) -> int:
    """Earliest intercept of a pair that can still be reached from now, or NONE."""
    pair = board.pairs[row]
    asset = board.shooters[pair["shooter"]]["asset"]
    soonest_s = now_s + rules.assets[asset]["launch_delay_s"]
    cursor = state.pointer[row]
    end = pair["end_sample"]
    while cursor < end and not board.latest_t_s[cursor] >= soonest_s:
        cursor += 1
    state.pointer[row] = cursor
    return cursor if cursor < end else NONE


@table_kernel
def intercept_time(board: Board, row: int, sample: int) -> float:
    """Time of the intercept that a sample of a pair stands for [s]."""
    pair = board.pairs[row]
    return pair["first_t_s"] + (sample - pair["first_sample"]) * board.meet_step_s


@table_kernel
def find_option(
    board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float
) -> None:
    """Best shot at `obj` now: the earliest intercept among the launches that cannot wait.

    A launch that could be ordered at the next cycle without loss is left for that cycle.
    While the object burns nobody knows where it will be after burnout, so only intercepts
    before burnout are ordered; and so for what has yet to turn.
    """
    option = state.options[obj]
    option["pair"] = NONE
    option["count"] = 0
    some = open_layers(board, rules, state, node, obj)
    if not some and option["had_stock"] == 1:
        return
    best_t_s = math.inf
    burnout_t_s = board.objects[obj]["burnout_t_s"]
    turn_t_s = board.objects[obj]["turn_t_s"]
    for row in range(board.objects[obj]["first_pair"], board.objects[obj]["end_pair"]):
        index = board.pairs[row]["shooter"]
        shooter = board.shooters[index]
        if board.pairs[row]["last_t_s"] < now_s or shooter["node"] != node:
            continue
        sample = next_sample(board, rules, state, row, now_s)
        if sample == NONE:
            continue
        option["had_reach"] = 1
        if state.stock[index] <= 0:
            continue
        option["had_stock"] = 1
        meets_t_s = intercept_time(board, row, sample)
        if now_s < burnout_t_s < meets_t_s or now_s < turn_t_s < meets_t_s:
            continue
        if state.chances[shooter["layer"]]["open"] == 0:
            continue
        delay_s = rules.assets[shooter["asset"]]["launch_delay_s"]
        if board.latest_t_s[sample] >= now_s + delay_s + rules.cycle_s:
            continue
        option["count"] += 1
        if meets_t_s < best_t_s:
            best_t_s = meets_t_s
            option["pair"] = row
            option["sample"] = sample


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
    obj: int,
    now_s: float,
) -> bool:
    """Fire the chosen option at `obj`; False when the book has no room for another shot."""
    shot = book.fired[row]
    if shot >= book.shots.shape[1]:
        return False
    option = state.options[obj]
    index = board.pairs[option["pair"]]["shooter"]
    launched_t_s = board.latest_t_s[option["sample"]]
    intercept_t_s = intercept_time(board, option["pair"], option["sample"])
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
    remember_shot(board, rules, state, node, obj, shot, index, intercept_t_s)
    track_row = book.tracks[row, node, obj]
    if math.isnan(track_row["commit_sigma_m"]):
        age_s = now_s - state.tracks[node, obj]["filter_t_s"]
        track_row["commit_sigma_m"] = position_sigma(board, state, node, obj, age_s)
    hand_over(board, rules, state, book, row, shot, now_s)
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
    state.fired[obj, asset] += 1
    state.stock[index] -= 1
    state.in_flight[0] += 1
    salvo = state.salvos[node, obj, shooter["layer"]]
    salvo["in_salvo"] += 1
    salvo["pending"] += 1
    track = state.tracks[node, obj]
    track["waiting"] += 1
    track["known_t_s"] = max(track["known_t_s"], intercept_t_s + rules.assessment_delay_s)
    track["survival"] *= 1.0 - rules.assets[asset]["p_kill"]


@table_kernel
def choose_object(board: Board, rules: Rules, state: State, node: int) -> int:
    """Object whose best shot saves most, the one with fewer options first; NONE at the end."""
    chosen = NONE
    best = 0.0
    fewest = 0
    for obj in range(state.options.shape[0]):
        option = state.options[obj]
        if option["pair"] == NONE:
            continue
        asset = board.shooters[board.pairs[option["pair"]]["shooter"]]["asset"]
        gain = marginal_return(state.tracks[node, obj]["survival"], rules.assets[asset]["p_kill"])
        if chosen == NONE or better_option(gain, option["count"], best, fewest):
            chosen = obj
            best = gain
            fewest = option["count"]
    return chosen


@table_kernel
def decide(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, now_s: float
) -> bool:
    """One decision cycle of a node; False when the book ran out of room."""
    some = False
    for obj in range(state.options.shape[0]):
        state.options[obj]["pair"] = NONE
        if may_decide(board, rules, state, node, obj, now_s):
            find_option(board, rules, state, node, obj, now_s)
            option = state.options[obj]
            if option["pair"] != NONE:
                meets_t_s = intercept_time(board, option["pair"], option["sample"])
                if worth_firing(board, rules, state, node, obj, now_s, meets_t_s):
                    some = True
                else:
                    state.options[obj]["pair"] = NONE
    while some:
        obj = choose_object(board, rules, state, node)
        if obj == NONE:
            return True
        index = board.pairs[state.options[obj]["pair"]]["shooter"]
        if not order(board, rules, state, book, row, node, obj, now_s):
            return False
        for other in range(state.options.shape[0]):
            pair = state.options[other]["pair"]
            emptied = (
                state.stock[index] <= 0 and pair != NONE and board.pairs[pair]["shooter"] == index
            )
            if other == obj or emptied:
                find_option(board, rules, state, node, other, now_s)
    return True
