"""Which shots a node could order at one cycle: may it fire, is there a launch, is there a track."""

import math

from opendome.command.kernels import rounds_wanted
from opendome.compiled import table_kernel
from opendome.engagement.kernels.sight import position_sigma
from opendome.engagement.kernels.state import JUDGED, THREAT, State
from opendome.engagement.kernels.worth import inside_enough, worth_of
from opendome.engagement.records import Board, Book, Rules

NONE = -1
FREE, TIGHT, HOLD = 0, 1, 2  # rules of engagement of a layer


@table_kernel
def may_decide(board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float) -> bool:
    """Whether `node` may fire at `obj` at all: tracked, confirmed, believed a threat, in time."""
    track = state.tracks[node, obj]
    if now_s < track["release_t_s"] or track["believed_dead"] == 1:
        return False
    if now_s < state.nodes[node]["first_track_t_s"] + state.nodes[node]["human_s"]:
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
def can_hit(
    board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float, meets_t_s: float
) -> bool:
    """Whether the track is good enough for a shot that meets its object at `meets_t_s`.

    A shot that meets it before burnout follows it by the updates of its track, so the error now
    must be small enough; later the error carried to the intercept must be.
    """
    if state.tracks[node, obj]["tracked"] == 0:
        return False
    filter_t_s = state.tracks[node, obj]["filter_t_s"]
    at_s = now_s if meets_t_s <= board.objects[obj]["burnout_t_s"] else meets_t_s
    return position_sigma(board, state, node, obj, at_s - filter_t_s) <= rules.commit_sigma_m


@table_kernel
def heed_partners(
    board: Board,
    rules: Rules,
    book: Book,
    row: int,
    node: int,
    obj: int,
    now_s: float,
) -> tuple[float, float, bool]:
    """What a node knows of the shots of others at an object.

    Returns when the last of their results will be known to it [s], -inf for none flying, the
    chance to outlive those flying, and whether one of them is said to have killed it.
    """
    known_t_s, survival, dead = -math.inf, 1.0, False
    for shot in range(book.fired[row]):
        fired = book.shots[row, shot]
        if fired["object"] != obj:
            continue
        shooter = board.shooters[fired["shooter"]]
        delay_s = rules.coordination_s[shooter["node"], node]
        if shooter["node"] == node or fired["ordered_t_s"] + delay_s > now_s:
            continue
        told_t_s = fired["intercept_t_s"] + rules.assessment_delay_s + delay_s
        if told_t_s > now_s:
            known_t_s = max(known_t_s, told_t_s)
            survival *= 1.0 - rules.assets[shooter["asset"]]["p_kill"]
        elif fired["believed_dead"] == 1:
            dead = True
    return known_t_s, survival, dead


@table_kernel
def is_target(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    row: int,
    node: int,
    obj: int,
    now_s: float,
) -> bool:
    """Whether a node may fire at an object and nobody has told it that it is dead.

    Writes what the node knows of the shots of others at it.
    """
    if not may_decide(board, rules, state, node, obj, now_s):
        return False
    option = state.options[obj]
    option["others_known_t_s"], option["others_survival"] = -math.inf, 1.0
    if rules.coordination_s.shape[0] > 0:
        known_t_s, survival, dead = heed_partners(board, rules, book, row, node, obj, now_s)
        if dead:
            return False
        option["others_known_t_s"], option["others_survival"] = known_t_s, survival
    return True


@table_kernel
def last_chances(board: Board, rules: Rules, state: State, node: int, obj: int) -> None:
    """Last launch and last order at `obj` of each layer of `node` with rounds, -inf for none."""
    for layer in range(state.chances.shape[1]):
        state.chances[obj, layer]["last_t_s"] = -math.inf
        state.chances[obj, layer]["order_t_s"] = -math.inf
    for row in range(board.objects[obj]["first_pair"], board.objects[obj]["end_pair"]):
        index = board.pairs[row]["shooter"]
        shooter = board.shooters[index]
        if shooter["node"] == node and state.stock[index] > 0:
            chance = state.chances[obj, shooter["layer"]]
            last_t_s = board.pairs[row]["last_t_s"]
            order_t_s = last_t_s - rules.assets[shooter["asset"]]["launch_delay_s"]
            chance["last_t_s"] = max(chance["last_t_s"], last_t_s)
            chance["order_t_s"] = max(chance["order_t_s"], order_t_s)


@table_kernel
def open_layers(
    board: Board,
    rules: Rules,
    state: State,
    node: int,
    obj: int,
    now_s: float,
) -> bool:
    """Write how many rounds each layer wants to fire at `obj` now; False when none wants any.

    A layer that can still fire after that result lets them fly first. A layer on hold never
    fires; a tight one only at what will fall inside what is defended.
    """
    track, option = state.tracks[node, obj], state.options[obj]
    known_t_s = max(track["known_t_s"], option["others_known_t_s"])
    option["survival"] = track["survival"] * option["others_survival"]
    if known_t_s > -math.inf:
        last_chances(board, rules, state, node, obj)
    some = False
    for layer in range(state.chances.shape[1]):
        salvo = state.salvos[node, obj, layer]
        rule = rules.layers[layer]
        wanted = rounds_wanted(
            rule["salvo"], rule["salvos_max"], salvo["in_salvo"], salvo["closed"]
        )
        chance = state.chances[obj, layer]
        goes_on = salvo["pending"] > 0 or known_t_s == -math.inf
        if not goes_on and chance["order_t_s"] >= known_t_s + rules.cycle_s:
            wanted = 0
        if rule["engage"] == HOLD:
            wanted = 0
        if rule["engage"] == TIGHT and not inside_enough(board, rules, state, node, obj, now_s):
            wanted = 0
        chance["wanted"] = wanted
        some = some or wanted > 0
    return some


@table_kernel
def soonest_launch(rules: Rules, state: State, index: int, asset: int, now_s: float) -> float:
    """Earliest launch of a shooter that its launcher allows [s after epoch]."""
    rule = rules.assets[asset]
    soonest_s = now_s + rule["launch_delay_s"]
    if rule["limited"] == 0:
        return soonest_s
    weapon = state.weapons[index]
    pause_s = rule["launch_interval_s"]
    if weapon["fired"] > 0 and weapon["fired"] % rule["ready"] == 0:
        pause_s = max(pause_s, rule["reload_s"])
    return max(soonest_s, weapon["launched_t_s"] + pause_s)


@table_kernel
def channels_held(
    rules: Rules, state: State, book: Book, row: int, index: int, asset: int, at_t_s: float
) -> int:
    """Channels of a shooter that its shots hold at a moment."""
    held = 0
    shot = state.weapons[index]["last_shot"]
    while shot != NONE:
        fired = book.shots[row, shot]
        from_t_s = channel_from(rules, asset, fired["launched_t_s"], fired["intercept_t_s"])
        held += int(from_t_s <= at_t_s < fired["intercept_t_s"])
        shot = state.flights[shot]["before"]
    return held


@table_kernel
def channel_from(rules: Rules, asset: int, launch_t_s: float, meets_t_s: float) -> float:
    """From when to its intercept a shot holds a channel [s after epoch]."""
    return max(launch_t_s, meets_t_s - rules.assets[asset]["channel_time_s"])


@table_kernel
def has_channel(
    rules: Rules, state: State, book: Book, row: int, index: int, asset: int,
    launch_t_s: float, meets_t_s: float,
) -> bool:  # fmt: skip
    """Whether a shooter has a channel free from the moment a shot needs it to its intercept.

    How many are held only rises where a shot begins to hold one, so those moments are looked at.
    """
    channels = rules.assets[asset]["channels"]
    if state.weapons[index]["fired"] < channels:
        return True
    from_t_s = channel_from(rules, asset, launch_t_s, meets_t_s)
    if channels_held(rules, state, book, row, index, asset, from_t_s) >= channels:
        return False
    shot = state.weapons[index]["last_shot"]
    while shot != NONE:
        fired = book.shots[row, shot]
        begin_t_s = channel_from(rules, asset, fired["launched_t_s"], fired["intercept_t_s"])
        if from_t_s < begin_t_s < meets_t_s:
            held = channels_held(rules, state, book, row, index, asset, begin_t_s)
            if held >= channels:
                return False
        shot = state.flights[shot]["before"]
    return True


@table_kernel
def intercept_time(board: Board, row: int, sample: int) -> float:
    """Time of the intercept that a sample of a pair stands for [s]."""
    pair = board.pairs[row]
    return pair["first_t_s"] + (sample - pair["first_sample"]) * board.meet_step_s


@table_kernel
def next_sample(
    board: Board, rules: Rules, state: State, book: Book, row: int, pair_row: int, now_s: float
) -> int:
    """Earliest intercept of a pair that can still be reached from now, or NONE."""
    pair = board.pairs[pair_row]
    index = pair["shooter"]
    asset = board.shooters[index]["asset"]
    end = pair["end_sample"]
    cursor = state.pointer[pair_row]
    from_now_s = now_s + rules.assets[asset]["launch_delay_s"]
    while cursor < end and not board.latest_t_s[cursor] >= from_now_s:
        cursor += 1
    state.pointer[pair_row] = cursor
    if rules.assets[asset]["limited"] == 1 and state.weapons[index]["fired"] > 0:
        soonest_s = soonest_launch(rules, state, index, asset, now_s)
        while cursor < end:
            launch_t_s = float(board.latest_t_s[cursor])
            meets_t_s = intercept_time(board, pair_row, cursor)
            if launch_t_s >= soonest_s and has_channel(
                rules, state, book, row, index, asset, launch_t_s, meets_t_s
            ):
                break
            cursor += 1
    return cursor if cursor < end else NONE


@table_kernel
def list_shots(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    row: int,
    node: int,
    obj: int,
    count: int,
    now_s: float,
) -> int:
    """Append every shot at `obj` that `node` could order now and not leave for the next cycle.

    count : rows of `state.shots` already filled
    Returns the rows filled then. For each shooter, the earliest intercept it can still reach.
    While the object burns nobody knows where it will be after burnout, so only intercepts before
    burnout are listed; and so for what has yet to turn.
    """
    option = state.options[obj]
    option["first_shot"] = count
    burnout_t_s = board.objects[obj]["burnout_t_s"]
    turn_t_s = board.objects[obj]["turn_t_s"]
    empty = loaded = 0  # shooters in reach
    for pair_row in range(board.objects[obj]["first_pair"], board.objects[obj]["end_pair"]):
        index = board.pairs[pair_row]["shooter"]
        shooter = board.shooters[index]
        asset = rules.assets[shooter["asset"]]
        ready_t_s = now_s + asset["launch_delay_s"]
        if board.pairs[pair_row]["last_t_s"] < ready_t_s or shooter["node"] != node:
            continue
        if state.stock[index] <= 0:  # no launcher and no channel keeps it from being in reach
            option["had_reach"] = 1
            empty += 1
            continue
        sample = next_sample(board, rules, state, book, row, pair_row, now_s)
        if sample == NONE:
            continue
        option["had_reach"] = 1
        loaded += 1
        meets_t_s = intercept_time(board, pair_row, sample)
        if now_s < burnout_t_s < meets_t_s or now_s < turn_t_s < meets_t_s:
            continue
        launch_t_s = board.latest_t_s[sample]
        if launch_t_s >= ready_t_s + rules.cycle_s:
            continue
        if not can_hit(board, rules, state, node, obj, now_s, meets_t_s):
            continue
        shot = state.shots[count]
        shot["object"] = obj
        shot["pair"] = pair_row
        shot["sample"] = sample
        shot["shooter"] = index
        shot["layer"] = shooter["layer"]
        shot["meets_t_s"] = meets_t_s
        shot["launch_t_s"] = launch_t_s
        shot["p_kill"] = asset["p_kill"]
        shot["price"] = asset["price"]
        shot["rounds"] = 0
        count += 1
    if loaded > 0:
        option["had_stock"] = 1
    elif empty > 0 and state.tracks[node, obj]["tracked"] == 1:  # of a lost track nobody asks
        option["had_stock"] = 0
    option["end_shot"] = count
    return count


@table_kernel
def look_over(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    row: int,
    node: int,
    obj: int,
    count: int,
    now_s: float,
) -> int:
    """What a node could do about an object at one cycle; returns the rows of shots filled then.

    Writes the worth of the object, its chance to outlive what flies at it, what each layer wants
    and which shots are possible.
    """
    option = state.options[obj]
    option["first_shot"] = count
    option["end_shot"] = count
    if not is_target(board, rules, state, book, row, node, obj, now_s):
        return count
    some = open_layers(board, rules, state, node, obj, now_s)
    if not some and option["had_stock"] == 1:
        return count
    option["worth"] = worth_of(board, rules, state, node, obj, now_s)
    return list_shots(board, rules, state, book, row, node, obj, count, now_s)
