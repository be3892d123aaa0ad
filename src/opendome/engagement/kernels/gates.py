"""What keeps a node from firing at an object at one cycle: asked of the rules it decides by."""

import math

from opendome.command.kernels.impact import (
    SIGMAS_MAX,
    far_away,
    ground_spread,
    p_in_polygon,
    widest_sigma,
)
from opendome.compiled import table_kernel
from opendome.engagement.kernels.fire import may_draw_reserve
from opendome.engagement.kernels.possible import (
    HOLD,
    NONE,
    TIGHT,
    can_hit,
    intercept_time,
    is_target,
    may_decide,
    next_sample,
)
from opendome.engagement.kernels.state import State
from opendome.engagement.kernels.worth import inside_enough
from opendome.engagement.records import Board, Book, Rules

OPEN = 0
NOT_TRACKED, CONFIRMING, PEOPLE, BELIEVED_DEAD, TOLD_DEAD, DISMISSED = 1, 2, 3, 4, 5, 6  # names
TOO_LATE, NEVER_IN_REACH, TRACK_LOST, COARSE, CAN_WAIT, IMPACT_OPEN = 7, 8, 9, 10, 11, 12  # names
BUSY, NO_STOCK, NO_REACH = 13, 14, 15  # names
ON_HOLD, NOT_SURE_INSIDE, AWAITS_RESULT, SALVOS_SPENT = 16, 17, 18, 19  # names
OUTSIDE, NOT_WORTH_IT, RESERVED, GIVEN_AWAY, FIRED = 20, 21, 22, 23, 24  # names
NOT_CHOSEN = 25  # names


@table_kernel
def gate_before(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, obj: int,
    now_s: float,
) -> int:  # fmt: skip
    """What keeps `obj` from being a target of `node` at all, asked before it decides."""
    track = state.tracks[node, obj]
    gate = gate_of_time(board, state, node, obj, now_s)
    if track["believed_dead"] == 1:
        gate = BELIEVED_DEAD
    if gate != OPEN:
        return gate
    if not may_decide(board, rules, state, node, obj, now_s):
        return DISMISSED
    if not is_target(board, rules, state, book, row, node, obj, now_s):
        return TOLD_DEAD
    if track["tracked"] == 1:
        return OPEN
    return TRACK_LOST if in_reach_yet(board, node, obj, now_s) else NO_REACH


@table_kernel
def in_reach_yet(board: Board, node: int, obj: int, now_s: float) -> bool:
    """Whether a shooter of `node`, loaded or not, can still meet `obj`."""
    for pair_row in range(board.objects[obj]["first_pair"], board.objects[obj]["end_pair"]):
        pair = board.pairs[pair_row]
        if board.shooters[pair["shooter"]]["node"] == node and pair["last_t_s"] >= now_s:
            return True
    return False


@table_kernel
def gate_of_time(board: Board, state: State, node: int, obj: int, now_s: float) -> int:
    """Whether it is too early or too late for `node` to decide about `obj`."""
    track, flying = state.tracks[node, obj], board.objects[obj]
    gate = OPEN
    if flying["first_pair"] == flying["end_pair"]:
        gate = NEVER_IN_REACH
    elif now_s > flying["last_order_t_s"] or now_s >= flying["impact_t_s"]:
        gate = TOO_LATE
    elif track["release_t_s"] == math.inf:
        gate = NOT_TRACKED
    elif now_s < track["release_t_s"]:
        gate = CONFIRMING
    elif now_s < state.nodes[node]["first_track_t_s"] + state.nodes[node]["human_s"]:
        gate = PEOPLE
    return gate


@table_kernel
def gate_after(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, obj: int,
    now_s: float,
) -> int:  # fmt: skip
    """Why a node that could decide about `obj` did not fire, asked after it decided."""
    option = state.options[obj]
    some = False
    for layer in range(state.chances.shape[1]):
        some = some or state.chances[obj, layer]["wanted"] > 0
    if not some:
        return gate_of_doctrine(board, rules, state, node, obj, now_s)
    if option["first_shot"] == option["end_shot"]:
        gate = gate_of_shots(board, rules, state, book, row, node, obj, now_s)
        flying = awaits_result(state, node, obj)
        return AWAITS_RESULT if gate == CAN_WAIT and flying else gate
    if option["worth"] <= 0.0:
        return OUTSIDE
    gate = gate_of_worth(board, rules, state, obj, now_s)
    return gate if gate != OPEN else gate_of_doctrine(board, rules, state, node, obj, now_s)


@table_kernel
def awaits_result(state: State, node: int, obj: int) -> bool:
    """Whether `node` knows of rounds in flight at `obj`, its own or those of another."""
    others_known_t_s = state.options[obj]["others_known_t_s"]
    return max(state.tracks[node, obj]["known_t_s"], others_known_t_s) > -math.inf


@table_kernel
def gate_after_policy(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, obj: int,
    now_s: float,
) -> int:  # fmt: skip
    """Why a node whose policy could decide about `obj` did not fire; a policy needs no doctrine."""
    option = state.options[obj]
    if option["first_shot"] == option["end_shot"]:
        return gate_of_shots(board, rules, state, book, row, node, obj, now_s)
    gate = ON_HOLD
    for index in range(option["first_shot"], option["end_shot"]):
        engage = rules.layers[state.shots[index]["layer"]]["engage"]
        sure = engage != TIGHT or inside_enough(board, rules, state, node, obj, now_s)
        if engage != HOLD and sure:
            return NOT_CHOSEN
        if engage == TIGHT:
            gate = NOT_SURE_INSIDE
    return gate


@table_kernel
def gate_of_worth(board: Board, rules: Rules, state: State, obj: int, now_s: float) -> int:
    """Why no possible shot at `obj` was chosen; OPEN where no layer with one wanted to fire."""
    option = state.options[obj]
    gate = OPEN
    for index in range(option["first_shot"], option["end_shot"]):
        shot = state.shots[index]
        if state.chances[obj, shot["layer"]]["wanted"] == 0:
            continue
        found = GIVEN_AWAY
        if option["worth"] * option["survival"] * shot["p_kill"] <= shot["price"]:
            found = NOT_WORTH_IT
        elif not may_draw_reserve(board, rules, state, board.shooters[shot["shooter"]], obj, now_s):
            found = RESERVED
        gate = max(gate, found)
    return gate


@table_kernel
def gate_of_doctrine(
    board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float
) -> int:
    """Why the layers want no round fired at `obj` now."""
    held = tight = spent = 0
    layers = state.chances.shape[1]
    for layer in range(layers):
        rule = rules.layers[layer]
        salvo = state.salvos[node, obj, layer]
        if rule["engage"] == HOLD:
            held += 1
        elif rule["engage"] == TIGHT and not inside_enough(board, rules, state, node, obj, now_s):
            tight += 1
        elif salvo["closed"] >= rule["salvos_max"]:
            spent += 1
    if awaits_result(state, node, obj):
        return AWAITS_RESULT
    if tight > 0:
        return NOT_SURE_INSIDE
    return SALVOS_SPENT if spent > 0 else ON_HOLD


@table_kernel
def gate_of_shots(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, obj: int,
    now_s: float,
) -> int:  # fmt: skip
    """Why no shot at `obj` was possible: what kept the one that came closest."""
    flying = board.objects[obj]
    gate = NO_REACH
    for pair_row in range(flying["first_pair"], flying["end_pair"]):
        pair = board.pairs[pair_row]
        index = pair["shooter"]
        shooter = board.shooters[index]
        if pair["last_t_s"] < now_s or shooter["node"] != node:
            continue
        asset = rules.assets[shooter["asset"]]
        sample = next_sample(board, rules, state, book, row, pair_row, now_s)
        if state.stock[index] <= 0:
            found = NO_STOCK
        elif sample == NONE:
            found = BUSY if asset["limited"] == 1 else NO_REACH
        else:
            meets_t_s = intercept_time(board, pair_row, sample)
            launch_t_s = board.latest_t_s[sample]
            burnout_t_s, turn_t_s = flying["burnout_t_s"], flying["turn_t_s"]
            found = GIVEN_AWAY
            if now_s < burnout_t_s < meets_t_s or now_s < turn_t_s < meets_t_s:
                found = IMPACT_OPEN
            elif launch_t_s >= now_s + asset["launch_delay_s"] + rules.cycle_s:
                found = CAN_WAIT
            elif not can_hit(board, rules, state, node, obj, now_s, meets_t_s):
                found = COARSE
        gate = nearer(gate, found)
    return gate


@table_kernel
def nearer(one: int, other: int) -> int:
    """Of two gates of shots, the one that a shot meets last; their numbers run backwards."""
    if GIVEN_AWAY in (one, other):
        return GIVEN_AWAY
    return min(one, other)


@table_kernel
def believed_impact(
    board: Board, state: State, node: int, obj: int
) -> tuple[float, float, float, float, float, float]:
    """Where `node` expects `obj` to fall, as `worth.believed_loss` has it.

    Returns metres east and north of the true impact, the covariance there (east-east, east-north,
    north-north) [m2], and the chance to fall inside anything that has a value. Places that overlap
    count once at most: the chance is the sum over places, never above 1.
    """
    flying, track, ground = board.objects[obj], state.tracks[node, obj], board.ground[obj]
    age_s = flying["impact_t_s"] - track["filter_t_s"]
    xx, xy, yy = ground_spread(
        state.cov[node, obj], age_s, ground[3], ground[0], ground[1], ground[2]
    )
    swerve_s = min(age_s, max(0.0, flying["impact_t_s"] - flying["manoeuvre_t_s"]))
    swerve_m2 = flying["manoeuvre_psd_m2_s3"] * swerve_s * swerve_s * swerve_s / 3.0
    xx, yy = xx + swerve_m2, yy + swerve_m2
    east_sigma_m = math.sqrt(xx)
    slope = xy / east_sigma_m if east_sigma_m > 0.0 else 0.0
    north_sigma_m = math.sqrt(max(0.0, yy - slope * slope))
    x_m = east_sigma_m * track["impact_error"]
    y_m = slope * track["impact_error"] + north_sigma_m * track["impact_error_north"]
    reach_m = SIGMAS_MAX * widest_sigma(xx, xy, yy)
    p_inside = 0.0
    for row in range(flying["first_place"], flying["end_place"]):
        place = board.places[row]
        if not far_away(place, x_m, y_m, reach_m):
            first, end = place["first_vertex"], place["end_vertex"]
            p_inside += p_in_polygon(board.vertices, first, end, x_m, y_m, xx, xy, yy)
    return x_m, y_m, xx, xy, yy, min(1.0, p_inside)
