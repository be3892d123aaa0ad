"""A trial cycle by cycle, for those who take the decisions or watch them being taken."""

from opendome.compiled import table_kernel
from opendome.engagement.kernels.fire import order, still_possible
from opendome.engagement.kernels.possible import is_target, list_shots, open_layers
from opendome.engagement.kernels.state import State
from opendome.engagement.kernels.worth import worth_of
from opendome.engagement.records import Board, Book, Rules

ORDERED, REFUSED, NO_ROOM = 1, 0, -1


@table_kernel
def offer(
    board: Board, rules: Rules, state: State, book: Book, row: int, node: int, now_s: float
) -> int:
    """List every shot that a node could order now and not leave for the next cycle.

    Doctrine is written beside (`state.chances`), and does not hide a shot. Returns the rows of
    `state.shots` filled.
    """
    count = 0
    for obj in range(state.options.shape[0]):
        option = state.options[obj]
        option["first_shot"] = count
        option["end_shot"] = count
        if is_target(board, rules, state, book, row, node, obj, now_s):
            open_layers(board, rules, state, node, obj, now_s)
            option["worth"] = worth_of(board, rules, state, node, obj, now_s)
            count = list_shots(board, rules, state, book, row, node, obj, count, now_s)
    return count


@table_kernel
def place(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    row: int,
    node: int,
    shot_row: int,
    now_s: float,
) -> int:
    """Order one round of a shot on offer: ORDERED, REFUSED by stock or launcher, or NO_ROOM."""
    if not still_possible(board, rules, state, book, row, shot_row, now_s):
        return REFUSED
    if not order(board, rules, state, book, row, node, shot_row, now_s):
        return NO_ROOM
    return ORDERED
