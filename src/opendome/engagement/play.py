"""The dice pass: trials played on one board, and the ledger they leave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.engagement.geometry import Geometry
from opendome.engagement.kernels.state import new_state
from opendome.engagement.kernels.trial import flies, play_batch
from opendome.engagement.records import OBJECT_ROW, SHOT_ROW, TRACK_ROW, Board, Book, Ledger, Rules

SHOTS_PER_OBJECT_AT_FIRST = 8
BOOK_BYTES = 32_000_000
Columns = dict[str, npt.NDArray[Any]]


def play(board: Board, rules: Rules, *, seed: int, first_trial: int, trials: int) -> Ledger:
    """Play `trials` consecutive trials on one board.

    seed : stream of the luck     first_trial : number of the first trial in the whole run
    Returns their ledger. A trial depends on its number, never on the batch it is in.
    """
    objects = board.objects.size
    nodes = board.arrival_start.shape[0]
    room = SHOTS_PER_OBJECT_AT_FIRST * max(1, objects)
    books: list[Book] = []
    done = 0
    while done < trials:
        rows = max(1, min(trials - done, BOOK_BYTES // (room * SHOT_ROW.itemsize)))
        book = new_book(trials=rows, nodes=nodes, objects=objects, shots=room)
        state = new_state(board, rules, shots=room)
        played = play_batch(board, rules, state, book, seed, first_trial + done)
        books.append(
            Book(
                objects=book.objects[:played],
                tracks=book.tracks[:played],
                shots=book.shots[:played],
                fired=book.fired[:played],
            )
        )
        done += played
        room *= 1 if played == rows else 2
    return ledger_of(board, books, first_trial)


@dataclass(frozen=True, kw_only=True)
class ExpectedScene:
    """One future whose trials are played by the covariance that their detections earn."""

    board: Board
    rules: Rules

    @classmethod
    def of(cls, geometry: Geometry) -> "ExpectedScene":
        """The scene of a future; the records that only led to its board are let go."""
        return cls(board=geometry.board, rules=geometry.rules)

    @property
    def nbytes(self) -> int:
        """Memory held [bytes]."""
        return self.board.nbytes

    def play(self, *, seed: int, first_trial: int, trials: int) -> Ledger:
        """Play consecutive trials; see `play`."""
        return play(self.board, self.rules, seed=seed, first_trial=first_trial, trials=trials)


def flying(board: Board, rules: Rules, *, seed: int, trial: int) -> npt.NDArray[np.bool_]:
    """Which objects of a trial do not fail by themselves, nor with what they are part of."""
    return np.array([flies(board, rules, seed, trial, k) for k in range(board.objects.size)], bool)


def new_book(*, trials: int, nodes: int, objects: int, shots: int) -> Book:
    """Empty book for a batch."""
    return Book(
        objects=np.zeros((trials, objects), OBJECT_ROW),
        tracks=np.zeros((trials, nodes, objects), TRACK_ROW),
        shots=np.zeros((trials, shots), SHOT_ROW),
        fired=np.zeros(trials, np.int64),
    )


def ledger_of(board: Board, books: list[Book], first_trial: int) -> Ledger:
    """Long tables of a batch, one row per object, shot and track."""
    fired = np.concatenate([book.fired for book in books])
    trial = first_trial + np.arange(fired.size, dtype=np.int64)
    objects = board.objects.size
    nodes = board.arrival_start.shape[0]
    one_trial = np.arange(objects, dtype=np.int32)
    rows: Columns = {
        "trial": np.repeat(trial, objects),
        "object": np.tile(one_trial, fired.size),
        "launch_t_s": np.tile(board.objects["launch_t_s"], fired.size),
        "impact_t_s": np.tile(board.objects["impact_t_s"], fired.size),
        "loss": np.tile(board.objects["loss"], fired.size),
    }
    tracks: Columns = {
        "trial": np.repeat(trial, nodes * objects),
        "node": np.tile(np.repeat(np.arange(nodes, dtype=np.int32), objects), fired.size),
        "object": np.tile(one_trial, fired.size * nodes),
    }
    shots = np.concatenate([_fired(book) for book in books])
    shooter = board.shooters[shots["shooter"]]
    return Ledger(
        objects=rows | _columns(np.concatenate([book.objects.ravel() for book in books])),
        shots={
            "trial": np.repeat(trial, fired),
            "asset": shooter["asset"].astype(np.int32),
            "layer": shooter["layer"].astype(np.int32),
        }
        | _columns(shots),
        tracks=tracks | _columns(np.concatenate([book.tracks.ravel() for book in books])),
    )


def _fired(book: Book) -> npt.NDArray[np.void]:
    """Shots of a book that were really fired, trial after trial."""
    return book.shots[np.arange(book.shots.shape[1])[None, :] < book.fired[:, None]]


def _columns(table: npt.NDArray[np.void]) -> Columns:
    """Fields of a record table as separate columns."""
    return {name: np.ascontiguousarray(table[name]) for name in table.dtype.names or ()}
