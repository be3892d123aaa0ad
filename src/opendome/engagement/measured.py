"""The dice pass by measured tracking: filters on noisy measurements decide what a node holds.

One trial: the sensors measure (`sensing`), each node tracks what reaches it (`tracking`), its
tracks are held against the truth, and the loop of the engine runs on that table. The raid is
measured as it flies without any defence: what is killed goes on being seen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import uniform
from opendome.engagement.geometry import Geometry
from opendome.engagement.kernels.belief import (
    Belief,
    hand_over_truly,
    listen_on_belief,
    play_on_belief,
)
from opendome.engagement.kernels.sight import look_index
from opendome.engagement.kernels.state import new_state
from opendome.engagement.play import SHOTS_PER_OBJECT_AT_FIRST, flying, ledger_of, new_book
from opendome.engagement.records import Book, Ledger
from opendome.engagement.stepped import SteppedTrial
from opendome.sensing.measurements import View, measure, states_at, view
from opendome.sensing.records import Detections
from opendome.tracking.evaluation import belief_table
from opendome.tracking.measured import MeasuredModel, measured_model, track_scene
from opendome.tracking.metrics import gospa, ospa
from opendome.tracking.records import BeliefTable, TrackHistory

Floats = npt.NDArray[np.float64]
Columns = Mapping[str, npt.NDArray[Any]]
QUALITY_EVERY = 6  # cycles between two judgements of the whole picture
QUALITY_ORDER = 2.0  # of OSPA and GOSPA: as root mean squares
STATES = 6
PARTS = ("localisation_m", "missed_m", "false_m")  # of GOSPA, each a root mean square


@dataclass(frozen=True, kw_only=True)
class MeasuredScene:
    """One future whose trials are played by filters on noisy measurements."""

    geometry: Geometry
    view: View
    model: MeasuredModel

    @classmethod
    def of(cls, geometry: Geometry) -> "MeasuredScene":
        """The scene of a future."""
        real = geometry.realisation
        return cls(
            geometry=geometry,
            view=view(geometry.raid, geometry.looks, real.suite, era_epoch_rad=real.era_epoch_rad),
            model=measured_model(real.tracking),
        )

    @property
    def nbytes(self) -> int:
        """Memory held, the board twice: its records are kept as well [bytes]."""
        return 2 * self.geometry.board.nbytes

    def play(self, *, seed: int, first_trial: int, trials: int) -> Ledger:
        """Play consecutive trials; a trial depends on its number, never on the batch."""
        played = [self._trial(seed, first_trial + k) for k in range(trials)]
        books = [book for book, _ in played]
        ledger = ledger_of(self.geometry.board, books, first_trial)
        quality = [table for _, table in played]
        return replace(ledger, quality=_stacked(quality))

    def _trial(self, seed: int, trial: int) -> tuple[Book, Columns]:
        """The book of one trial, and how good the picture was."""
        belief, quality = self.track(seed, trial)
        return self._book(belief, seed, trial), quality

    def track(self, seed: int, trial: int) -> tuple[Belief, Columns]:
        """What the nodes of a trial believe at each cycle, and how good that picture is."""
        board, rules = self.geometry.board, self.geometry.rules
        flies = flying(board, rules, seed=seed, trial=trial)
        cycles = self._cycles(flies)
        cycle_t_s = np.array(np.arange(*cycles) * rules.cycle_s, np.float64)
        truth = states_at(self.geometry.raid, cycle_t_s)
        truth[:, ~flies] = np.nan
        seen = measure(self.view, seed=seed, trial=trial, flies=flies)
        nodes = range(board.arrival_start.shape[0])
        held = [
            track_scene(
                seen,
                self.model,
                arrival_t_s=self._arrival_t_s(seen, node, seed, trial),
                cycle_t_s=cycle_t_s,
            )
            for node in nodes
        ]
        tables = [belief_table(history, seen, truth) for history in held]
        quality = [
            _quality(trial, node, held[node], tables[node], truth, cutoff_m=rules.commit_sigma_m)
            for node in nodes
        ]
        belief = _belief(cycles[0], tables, objects=board.objects.size, cycles=cycle_t_s.size)
        return belief, _stacked(quality)

    def _cycles(self, flies: npt.NDArray[np.bool_]) -> tuple[int, int]:
        """First decision cycle of a trial, and the one after the last."""
        objects, cycle_s = self.geometry.board.objects[flies], self.geometry.rules.cycle_s
        if not flies.any():
            return 0, 0
        first = math.floor(float(objects["launch_t_s"].min()) / cycle_s)
        return first, math.floor(float(objects["impact_t_s"].max()) / cycle_s) + 2

    def _arrival_t_s(self, seen: Detections, node: int, seed: int, trial: int) -> Floats:
        """When each detection is known to a node: (detection,) [s after epoch], inf for never."""
        board, picture = self.geometry.board, self.geometry.picture
        arrival_t_s = picture.arrival_t_s[node, seen.look]
        owner = np.searchsorted(self.geometry.looks.start, seen.look, side="right") - 1
        for k in np.flatnonzero(picture.p_delivered[node, seen.look] < 1.0):
            obj, look = int(owner[k]), int(seen.look[k])
            stream = int(board.delivery_purpose[node, seen.sensor[k]])
            luck = uniform(seed, stream, trial, obj, look_index(board, obj, look))
            if luck >= picture.p_delivered[node, look]:
                arrival_t_s[k] = math.inf
        return arrival_t_s

    def _book(self, belief: Belief, seed: int, trial: int) -> Book:
        """Play the trial on what its nodes believe."""
        board, rules = self.geometry.board, self.geometry.rules
        objects, nodes = board.objects.size, board.arrival_start.shape[0]
        room = SHOTS_PER_OBJECT_AT_FIRST * max(1, objects)
        while True:
            book = new_book(trials=1, nodes=nodes, objects=objects, shots=room)
            state = new_state(board, rules, shots=room)
            if play_on_belief(board, rules, state, belief, book, seed, trial):
                return book
            room *= 2


class MeasuredTrial(SteppedTrial):
    """One trial by measured tracking, to be driven from outside; `MeasuredScene.play` writes
    the same row.
    """

    def __init__(self, scene: MeasuredScene, *, seed: int, trial: int) -> None:
        super().__init__(scene.geometry.board, scene.geometry.rules, seed=seed, trial=trial)
        self.belief, _ = scene.track(seed, trial)

    def before_deciding(self, cycle: int) -> None:
        """Let all nodes take over their tracks, and rounds arrive."""
        asked = self.board, self.rules, self.state, self.belief, self.book
        listen_on_belief(*asked, self.seed, self.trial, cycle)

    def after_deciding(self, cycle: int) -> None:
        """Hand over rounds whose own sensors take over before the next cycle."""
        now_s = float(cycle * self.rules.cycle_s)
        asked = self.board, self.rules, self.state, self.belief, self.book
        hand_over_truly(*asked, 0, now_s)


def _belief(first_cycle: int, tables: list[BeliefTable], *, objects: int, cycles: int) -> Belief:
    """The tables of all nodes, as the kernels read them."""
    shape = (len(tables), cycles, objects)
    belief = Belief(
        first_cycle=first_cycle,
        tracked=np.zeros(shape, np.bool_),
        error=np.zeros((*shape, STATES)),
        cov=np.zeros((*shape, STATES, STATES)),
        last=np.full((len(tables), objects), -1, np.int64),
    )
    for node, table in enumerate(tables):
        belief.tracked[node], belief.error[node], belief.cov[node] = (
            table.tracked, table.error, table.cov
        )  # fmt: skip
    return belief


def _quality(
    trial: int,
    node: int,
    history: TrackHistory,
    table: BeliefTable,
    truth: Floats,
    *,
    cutoff_m: float,
) -> dict[str, npt.NDArray[Any]]:
    """How good the picture of a node was, every few cycles.

    cutoff_m : error beyond which a track is worth nothing [m]
    Returns columns: trial, node, cycle_t_s, flying, tracked, false_tracks, spare_tracks, ospa_m,
    gospa_m and its parts, and nees (mean normalised error of position and speed, 1 for a
    filter that knows its error; NaN without a track).
    """
    judged = range(0, history.cycles, QUALITY_EVERY)
    rows = np.array(judged, np.int64)
    flies = np.isfinite(truth[:, :, 0])
    scores = [_score(history, k, truth[k, flies[k], :3], cutoff_m=cutoff_m) for k in judged]
    return {
        "trial": np.full(rows.size, trial, np.int64),
        "node": np.full(rows.size, node, np.int32),
        "cycle_t_s": history.cycle_t_s[rows],
        "flying": flies[rows].sum(axis=1).astype(np.int32),
        "tracked": table.tracked[rows].sum(axis=1).astype(np.int32),
        "false_tracks": table.false_tracks[rows].astype(np.int32),
        "spare_tracks": table.spare_tracks[rows].astype(np.int32),
        "nees": np.array([_nees(table, k) for k in judged], np.float64),
    } | {
        name: np.array([s[name] for s in scores], np.float64)
        for name in ("ospa_m", "gospa_m", *PARTS)
    }


def _score(
    history: TrackHistory, cycle: int, truth_m: Floats, *, cutoff_m: float
) -> dict[str, float]:
    """Distances between the confirmed tracks of a cycle and what flies: (object, 3) [m]."""
    rows = slice(history.start[cycle], history.start[cycle + 1])
    held_m = history.mean[rows][history.confirmed[rows], :3]
    whole = gospa(held_m, truth_m, c=cutoff_m, p=QUALITY_ORDER)
    parts = (whole.localisation, whole.missed, whole.false)
    root = 1.0 / QUALITY_ORDER
    return {
        "ospa_m": ospa(held_m, truth_m, c=cutoff_m, p=QUALITY_ORDER),
        "gospa_m": whole.distance,
    } | {name: part**root for name, part in zip(PARTS, parts, strict=True)}


def _nees(table: BeliefTable, k: int) -> float:
    """Mean squared error in units of the covariance, over its 6 numbers, at one cycle."""
    at = table.tracked[k]
    if not at.any():
        return math.nan
    weighed = np.linalg.solve(table.cov[k, at], table.error[k, at][..., None])[..., 0]
    return float((table.error[k, at] * weighed).sum(axis=1).mean()) / STATES


def _stacked(tables: Sequence[Columns]) -> Columns:
    """Tables of the same columns, one below the other."""
    if not tables:
        return {}
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
