"""What a node decides at one cycle: the shots possible, assigned layer by layer, and fired."""

import math
from typing import Any

from opendome.command.assign.kernels.greedy import fire_greedily
from opendome.command.assign.kernels.improve import improve_part
from opendome.compiled import table_kernel
from opendome.engagement.kernels.fire import order, still_possible
from opendome.engagement.kernels.possible import look_over, open_layers
from opendome.engagement.kernels.state import State
from opendome.engagement.records import Board, Book, Rules

NONE = -1


@table_kernel
def survey(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, now_s: float
) -> int:
    """List what `node` could order at all at this cycle; returns the rows of `state.shots`."""
    count = 0
    for obj in range(state.options.shape[0]):
        track = state.tracks[node, obj]
        last_t_s = board.objects[obj]["last_order_t_s"]
        if now_s < track["release_t_s"] or now_s > last_t_s or track["believed_dead"] == 1:
            state.options[obj]["first_shot"] = count
            state.options[obj]["end_shot"] = count
            continue
        count = look_over(board, rules, state, book, row, node, obj, count, now_s)
    return count


@table_kernel
def line_up_objects(state: State, layer: int) -> int:
    """Objects a layer wants to fire at and could, the one with the fewest shots first."""
    line = state.desk.line
    count = 0
    for obj in range(state.options.shape[0]):
        option = state.options[obj]
        shots = option["end_shot"] - option["first_shot"]
        if shots == 0 or state.chances[obj, layer]["wanted"] == 0 or option["worth"] <= 0.0:
            continue
        place = count
        while place > 0:
            before = state.options[line[place - 1]]
            if before["end_shot"] - before["first_shot"] <= shots:
                break
            line[place] = line[place - 1]
            place -= 1
        line[place] = obj
        count += 1
    return count


@table_kernel
def lay_out(board: Board, rules: Rules, state: State, layer: int) -> tuple[int, int]:
    """Put the shots of a layer on the desk as a problem of assignment.

    Objects with the fewest shots come first, and for each the earliest intercept, so that what
    is equal in gain is decided in that order. Returns how many targets and weapons there are.
    """
    desk, firing = state.desk, state.desk.firing
    targets, weapons, options = 0, 0, 0
    for k in range(line_up_objects(state, layer)):
        obj = desk.line[k]
        begin = options
        for row in range(state.options[obj]["first_shot"], state.options[obj]["end_shot"]):
            shot = state.shots[row]
            if shot["layer"] != layer:
                continue
            place = options
            while (
                place > begin and state.shots[desk.row[place - 1]]["meets_t_s"] > shot["meets_t_s"]
            ):
                desk.row[place] = desk.row[place - 1]
                place -= 1
            desk.row[place] = row
            options += 1
        if options == begin:
            continue
        desk.line[targets] = obj
        firing.first[targets] = begin
        desk.bench.value[targets] = state.options[obj]["worth"] * state.options[obj]["survival"]
        firing.survival[targets] = desk.bench.value[targets]
        firing.salvo[targets] = state.chances[obj, layer]["wanted"]
        firing.fired[targets, 0] = 0
        firing.used[targets] = 0
        targets += 1
    firing.first[targets] = options
    for option in range(options):
        state.weapons[state.shots[desk.row[option]]["shooter"]]["place"] = NONE
    for option in range(options):
        shot = state.shots[desk.row[option]]
        index = shot["shooter"]
        if state.weapons[index]["place"] == NONE:
            state.weapons[index]["place"] = weapons
            firing.shots[weapons] = capacity(board, rules, state, index)
            firing.rate[weapons, 0] = firing.shots[weapons]
            firing.price[weapons] = shot["price"]
            weapons += 1
        firing.weapon[option] = state.weapons[index]["place"]
        firing.p_kill[option] = shot["p_kill"]
        firing.rounds[option] = 0
    return targets, weapons


@table_kernel
def capacity(board: Board, rules: Rules, state: State, index: int) -> int:
    """Rounds a shooter can launch between this cycle and the next, channels aside."""
    rule = rules.assets[board.shooters[index]["asset"]]
    most = state.stock[index]
    if rule["limited"] == 1:
        most = min(most, rule["ready"] - state.weapons[index]["fired"] % rule["ready"])
        if rule["launch_interval_s"] > 0.0:
            most = min(most, 1 + math.floor(rules.cycle_s / rule["launch_interval_s"]))
    return most


@table_kernel
def carry_out(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    row: int,
    node: int,
    targets: int,
    now_s: float,
) -> bool:
    """Order what was assigned; False when the book ran out of room.

    The first round at every target goes before any second one: a launcher that needs time between
    two rounds may not get to the later ones.
    """
    desk, plan = state.desk, state.desk.firing
    some = True
    while some:
        some = False
        for target in range(targets):
            option = next_planned(plan, target)
            if option == NONE:
                continue
            some = True
            plan.rounds[option] -= 1
            if not still_possible(board, rules, state, book, row, desk.row[option], now_s):
                plan.rounds[option] = 0
                continue
            if not order(board, rules, state, book, row, node, desk.row[option], now_s):
                return False
            open_layers(board, rules, state, node, desk.line[target], now_s)
    return True


@table_kernel
def next_planned(plan: Any, target: int) -> int:
    """First option of a target with a round still to be ordered, or NONE."""
    for option in range(plan.first[target], plan.first[target + 1]):
        if plan.rounds[option] > 0:
            return option
    return NONE


@table_kernel
def note_worth(state: State, book: Book, row: int) -> None:
    """Remember of each object whether a round was ever worth its price."""
    for obj in range(state.options.shape[0]):
        option = state.options[obj]
        if option["end_shot"] == option["first_shot"]:
            continue
        worthy = False
        for shot in range(option["first_shot"], option["end_shot"]):
            possible = state.shots[shot]
            gain = option["worth"] * option["survival"] * possible["p_kill"]
            worthy = worthy or gain > possible["price"]
        if worthy:
            option["worthy"] = 1
            continue
        option["unworthy"] = 1
        if option["worth"] > 0.0:
            option["overpriced"] = 1
        written = book.objects[row, obj]
        if written["rounds"] == 0 and written["spared"] == 0:
            most = 0
            for layer in range(state.chances.shape[1]):
                most = max(most, state.chances[obj, layer]["wanted"])
            written["spared"] = most


@table_kernel
def decide(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, now_s: float
) -> bool:
    """One decision cycle of a node; False when the book ran out of room.

    The layers decide in their order; each knows what those before it have just fired.
    """
    if survey(board, rules, state, book, row, node, now_s) == 0:
        return True
    note_worth(state, book, row)
    for layer in range(rules.layers.shape[0]):
        targets, weapons = lay_out(board, rules, state, layer)
        if targets > 0:
            desk = state.desk
            fire_greedily(desk.firing, targets)
            if rules.improving > 0:
                improve_part(desk.firing, desk.bench, targets, weapons, rules.improving)
            if not carry_out(board, rules, state, book, row, node, targets, now_s):
                return False
    return True
