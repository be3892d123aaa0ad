"""A trial that stops wherever a node has a choice, and asks somebody else."""

from opendome.compiled import table_kernel
from opendome.engagement.kernels.picture import Memory, Picture, paint
from opendome.engagement.kernels.state import State
from opendome.engagement.kernels.stepping import offer
from opendome.engagement.kernels.trial import AFTER_ALL, listen, next_cycle
from opendome.engagement.records import Board, Book, Rules


@table_kernel
def next_choice(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    memory: Memory,
    picture: Picture,
    seed: int,
    trial: int,
    prior_log_odds: float,
    cycle: int,
    node: int,
) -> tuple[int, int, int, int]:
    """Play on until a node could order a shot, and fill its picture.

    cycle, node : from where; a node after the last one stands for the end of the cycle
    Returns cycle and node, and the rows of tracks and of shots of the picture; the cycle is
    AFTER_ALL at the end of the trial.
    """
    nodes = memory.known.shape[0]
    while True:
        if node >= nodes:
            cycle, node = next_cycle(board, rules, state, cycle), 0
            if cycle == AFTER_ALL:
                return cycle, node, 0, 0
            listen(board, rules, state, book, seed, trial, 0, cycle * rules.cycle_s)
        now_s = cycle * rules.cycle_s
        if offer(board, rules, state, book, 0, node, now_s) > 0:
            tracks, shots = paint(
                board, rules, state, book, memory, picture, node, now_s, prior_log_odds
            )
            if shots > 0:
                return cycle, node, tracks, shots
        node += 1
