"""One trial played cycle by cycle: the same kernels as in a batch, with a stop at each decision."""

from collections.abc import Iterator

from opendome.engagement.kernels.decide import decide
from opendome.engagement.kernels.state import State, new_state
from opendome.engagement.kernels.stepping import NO_ROOM, ORDERED, offer, place
from opendome.engagement.kernels.trial import (
    AFTER_ALL,
    BEFORE_ALL,
    begin_trial,
    end_trial,
    listen,
    next_cycle,
)
from opendome.engagement.play import SHOTS_PER_OBJECT_AT_FIRST, new_book
from opendome.engagement.records import Board, Book, Rules
from opendome.quantities.errors import OpendomeError


class SteppedTrial:
    """One trial of one future, to be driven from outside.

    Iterate over `cycles()`; between two of them call, for each node, either `decide` (the rules of
    the scenario) or `offer` and `order` (any other way). Afterwards `book` holds one row.
    A batch that decides by the rules of the scenario writes the same row. What happens around the
    decisions of a cycle stands in `before_deciding` and `after_deciding`.
    """

    by_rules = True

    def __init__(self, board: Board, rules: Rules, *, seed: int, trial: int) -> None:
        self.board, self.rules = board, rules
        self.seed, self.trial = seed, trial
        self.nodes = board.arrival_start.shape[0]
        rounds = max(1, int(board.shooters["stock"].sum()))
        objects = board.objects.size
        room = min(rounds, SHOTS_PER_OBJECT_AT_FIRST**2 * max(1, objects))
        self.state: State = new_state(board, rules, shots=room)
        self.book: Book = new_book(trials=1, nodes=self.nodes, objects=objects, shots=room)

    def cycles(self) -> Iterator[float]:
        """Time of each decision cycle [s after epoch]; when it is given out, all is known."""
        start = self.board, self.rules, self.state
        begin_trial(*start, self.book, self.seed, self.trial, 0)
        cycle = next_cycle(*start, BEFORE_ALL)
        while cycle != AFTER_ALL:
            self.before_deciding(cycle)
            yield float(cycle * self.rules.cycle_s)
            self.after_deciding(cycle)
            cycle = next_cycle(*start, cycle)
        end_trial(*start, self.book, 0)

    def before_deciding(self, cycle: int) -> None:
        """Let all nodes learn, and rounds arrive."""
        now_s = float(cycle * self.rules.cycle_s)
        listen(self.board, self.rules, self.state, self.book, self.seed, self.trial, 0, now_s)

    def after_deciding(self, cycle: int) -> None:
        """Nothing, where detections earn the covariance of a track."""

    def decide(self, node: int, now_s: float) -> None:
        """Let a node decide by the rules of the scenario."""
        if not decide(self.board, self.rules, self.state, self.book, 0, node, now_s):
            raise self._full()

    def offer(self, node: int, now_s: float) -> int:
        """Fill `state.shots` with every shot a node could order now; returns how many rows."""
        return offer(self.board, self.rules, self.state, self.book, 0, node, now_s)

    def order(self, node: int, shot_row: int, now_s: float) -> bool:
        """Order one round of a shot on offer; False when stock or launcher allow no more."""
        result = place(self.board, self.rules, self.state, self.book, 0, node, shot_row, now_s)
        if result == NO_ROOM:
            raise self._full()
        return bool(result == ORDERED)

    def _full(self) -> OpendomeError:
        return OpendomeError(
            got=f"more than {self.book.shots.shape[1]} rounds in one trial",
            allowed="as many as a trial played step by step has room for",
            do="lower the salvo",
        )
