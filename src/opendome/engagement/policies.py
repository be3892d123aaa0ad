"""Trials in which a policy decides: views made from beliefs, orders checked and carried out.

A policy overrules doctrine (salvo, looks, waiting for a result). It cannot overrule stock,
reserve, launchers, permission to fire or the rules of engagement of a layer.
"""

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import extract_tb
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from opendome.command.policy import Brief, Order, Policy, Shots, Tracks, View
from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.engagement.geometry import Geometry
from opendome.engagement.kernels.asking import next_choice
from opendome.engagement.kernels.picture import (
    BELIEF,
    POSSIBLE,
    Memory,
    Picture,
    draw_memory,
    paint,
)
from opendome.engagement.kernels.trial import AFTER_ALL, BEFORE_ALL, begin_trial, end_trial
from opendome.engagement.play import ledger_of
from opendome.engagement.records import Board, Book, Ledger, Records, Rules
from opendome.engagement.stepped import SteppedTrial
from opendome.quantities.errors import OpendomeError

BELIEFS, POSSIBILITIES = BELIEF.names or (), POSSIBLE.names or ()
SEEDS = 2**53  # whole numbers that a draw of 53 bits can tell apart
Words = npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class Staff:
    """What a node may know of its own side.

    Attributes
    ----------
    nodes, layers : names
    briefs : (node,) with seed 0
    prior_log_odds : that an object is a threat, before any sensor has told
    """

    nodes: tuple[str, ...]
    layers: tuple[str, ...]
    briefs: tuple[Brief, ...]
    prior_log_odds: float


@dataclass(frozen=True, kw_only=True)
class PolicyScene:
    """One future whose trials are decided by a policy.

    Attributes
    ----------
    name : of the policy, for messages
    make : a new instance, for one node of one trial
    """

    name: str
    make: Callable[[], Policy]
    board: Board
    rules: Rules
    staff: Staff

    @classmethod
    def of(cls, geometry: Geometry, *, name: str, make: Callable[[], Policy]) -> "PolicyScene":
        """The scene of a future."""
        return cls(
            name=name, make=make, board=geometry.board, rules=geometry.rules,
            staff=_staff(geometry),
        )  # fmt: skip

    @property
    def nbytes(self) -> int:
        """Memory held [bytes]."""
        return self.board.nbytes

    def play(self, *, seed: int, first_trial: int, trials: int) -> Ledger:
        """Play consecutive trials; a trial depends on its number, never on the batch."""
        books = [self._trial(seed, first_trial + k) for k in range(trials)]
        return ledger_of(self.board, books, first_trial)

    def _trial(self, seed: int, trial: int) -> Book:
        """Play one trial; its policy is asked wherever a node has a choice."""
        played = PolicyTrial(self, seed=seed, trial=trial)
        begin_trial(*played.start, seed, trial, 0)
        cycle, node = BEFORE_ALL, played.nodes
        prior = self.staff.prior_log_odds
        while True:
            cycle, node, tracks, shots = next_choice(
                *played.start, played.memory, played.picture, seed, trial, prior, cycle, node
            )
            if cycle == AFTER_ALL:
                break
            played.ask(node, float(cycle * self.rules.cycle_s), tracks, shots)
            node += 1
        end_trial(*played.start, 0)
        return played.book


class PolicyTrial:
    """One trial whose nodes each have a policy of their own.

    Iterate over `cycles()` and call `decide` for each node, to stop at each decision; a batch asks
    only where a node has a choice, and writes the same row of `book`.
    """

    by_rules = False

    def __init__(self, scene: PolicyScene, *, seed: int, trial: int) -> None:
        self.scene, self.board, self.rules = scene, scene.board, scene.rules
        self._game = SteppedTrial(scene.board, scene.rules, seed=seed, trial=trial)
        self.state, self.book, self.nodes = self._game.state, self._game.book, self._game.nodes
        self.start = self.board, self.rules, self.state, self.book
        self.memory, self.picture = new_memory(self.board), new_picture(self.board, self.rules)
        time, line = purpose("predicted impact time"), purpose("track number")
        draw_memory(self.memory, seed, time, line, trial)
        self._asked: dict[int, Policy] = {}

    def cycles(self) -> Iterator[float]:
        """Time of each decision cycle [s after epoch]; when it is given out, all is known."""
        return self._game.cycles()

    def decide(self, node: int, now_s: float) -> None:
        """Let the policy of a node decide, if it has a choice."""
        if self._game.offer(node, now_s) == 0:
            return
        prior = self.scene.staff.prior_log_odds
        tracks, shots = paint(*self.start, self.memory, self.picture, node, now_s, prior)
        if shots > 0:
            self.ask(node, now_s, tracks, shots)

    def ask(self, node: int, now_s: float, tracks: int, shots: int) -> None:
        """Ask the policy of a node, whose picture is painted, and carry out what it orders."""
        name = self.scene.staff.nodes[node]
        where = f"policy {self.scene.name}, trial {self._game.trial}, {name}, {now_s:g} s"
        if node not in self._asked:
            self._asked[node] = self._begun(node, where)
        view = self._view(tracks, shots, node=node, now_s=now_s)
        given = _call(lambda: self._asked[node].decide(view), "decide", where)
        for shot, rounds in checked(given, view.shots, where):
            _fire(self._game, node, int(self.picture.offered[shot]), rounds, now_s, where)

    def _begun(self, node: int, where: str) -> Policy:
        """A policy of its own for a node of a trial, told what it commands."""
        policy = _call(self.scene.make, "__init__", where)
        begin: Any = getattr(policy, "begin", None)
        if begin is not None:
            luck = float(uniform(self._game.seed, purpose("policy"), self._game.trial, 0, node))
            brief = replace(self.scene.staff.briefs[node], seed=int(luck * SEEDS))
            _call(lambda: begin(brief), "begin", where)
        return policy

    def _view(self, tracks: int, shots: int, *, node: int, now_s: float) -> View:
        """The picture of a node as read-only arrays."""
        picture = self.picture
        believed, possible = _own(picture.tracks[:tracks]), _own(picture.shots[:shots])
        columns: dict[str, Any] = {name: believed[name] for name in BELIEFS}
        return View(
            node=self.scene.staff.nodes[node],
            now_s=now_s,
            cycle_s=float(self.rules.cycle_s),
            tracks=Tracks(
                **columns,
                wanted=_own(picture.wanted[:tracks]),
                last_launch_t_s=_own(picture.last_launch_t_s[:tracks]),
            ),
            shots=Shots(**{name: possible[name] for name in POSSIBILITIES}),
            stock=_own(self.state.layer_stock[node]),
        )


def new_memory(board: Board) -> Memory:
    """What the pictures of one trial share."""
    shape = (board.arrival_start.shape[0], board.objects.size)
    return Memory(
        known=np.zeros(shape[0], np.int64),
        line=np.zeros(shape, np.int64),
        number=np.zeros(shape, np.int64),
        time_error=np.zeros(shape),
        luck=np.zeros(shape),
    )


def new_picture(board: Board, rules: Rules) -> Picture:
    """Room for what a node believes."""
    shape = (board.objects.size, rules.layers.size)
    return Picture(
        tracks=np.zeros(shape[0], BELIEF),
        shots=np.zeros(board.pairs.size, POSSIBLE),
        offered=np.zeros(board.pairs.size, np.int64),
        wanted=np.zeros(shape, np.int64),
        last_launch_t_s=np.zeros(shape),
    )


def checked(given: object, shots: Shots, where: str) -> list[tuple[int, int]]:
    """Orders of a policy as (shot, rounds), or a clear error."""
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        kind = type(given).__name__
        raise _refusal(kind + " from decide", "a list of Order", where)
    orders = [_order(each, shots, where) for each in cast("Sequence[object]", given)]
    spent: dict[int, int] = {}
    for shot, rounds in orders:
        shooter, most = int(shots.shooter[shot]), int(shots.rounds_left[shot])
        spent[shooter] = spent.get(shooter, 0) + rounds
        if spent[shooter] > most:
            got = f"{spent[shooter]} rounds of shooter {shooter} in one cycle"
            raise _refusal(got, f"at most its rounds_left, {most}, over all orders", where)
    return orders


def _order(given: object, shots: Shots, where: str) -> tuple[int, int]:
    """One order as whole numbers within bounds."""
    if not isinstance(given, tuple) or len(cast("tuple[object, ...]", given)) != len(Order._fields):
        got = f"{given!r} among the orders"
        raise _refusal(got, "Order(shot, rounds)", where)
    shot, rounds = cast("tuple[object, object]", given)
    known = shots.track.size
    return (
        _whole(shot, known - 1, f"order for shot {shot!r}", f"shots 0 to {known - 1}", where),
        _whole(rounds, SEEDS, f"order of {rounds!r} rounds", "a whole number from 0 on", where),
    )


def _whole(given: object, most: int, got: str, allowed: str, where: str) -> int:
    """A whole number from 0 to `most`."""
    try:
        number = -1 if isinstance(given, bool | np.bool_) else operator.index(cast("Any", given))
    except TypeError:
        number = -1
    if not 0 <= number <= most:
        raise _refusal(got, allowed, where)
    return number


def _fire(game: SteppedTrial, node: int, row: int, rounds: int, now_s: float, where: str) -> None:
    """Order rounds of a shot, as far as channels and the reserve of its layer allow."""
    try:
        for _ in range(rounds):
            if not game.order(node, row, now_s):
                return
    except OpendomeError as problem:
        raise problem.at(where) from None


def _call(function: Callable[[], Any], what: str, where: str) -> Any:
    """Result of a call into a policy; whatever it raises becomes a message."""
    try:
        return function()
    except (Exception, SystemExit) as problem:
        raise OpendomeError(
            got=f"{type(problem).__name__} in {what} ({problem}{_place(problem)})",
            allowed="a policy that returns orders and raises nothing; its view is read-only",
            do="mend the policy",
            where=where,
        ) from problem


def _place(problem: BaseException) -> str:
    """The innermost line of the policy's own file, empty where it was not entered at all."""
    frames = [at for at in extract_tb(problem.__traceback__) if at.filename != __file__]
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    return f"; {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""


def _refusal(got: str, allowed: str, where: str) -> OpendomeError:
    return OpendomeError(got=got, allowed=allowed, do="mend the policy", where=where)


def _own(table: npt.NDArray[Any]) -> Any:
    """A copy that nobody can write to."""
    copy = table.copy()
    copy.flags.writeable = False
    return copy


def _staff(geometry: Geometry) -> Staff:
    """Names and numbers of one's own side in a future."""
    real, shooters = geometry.realisation, geometry.board.shooters
    p_threat = real.command.p_threat
    names = shooter_names(real.asset_names, shooters)
    briefs = tuple(
        Brief(
            node=name,
            cycle_s=real.command.cycle_s,
            assessment_delay_s=real.command.assessment_delay_s,
            layers=real.layers,
            doctrine=real.layer_doctrine,
            shooters=names,
            shooter_layer=_own(shooters["layer"]),
            shooter_rounds=_own(np.where(shooters["node"] == node, shooters["stock"], 0)),
            seed=0,
        )
        for node, name in enumerate(real.nodes)
    )
    return Staff(
        nodes=real.nodes,
        layers=real.layers,
        briefs=briefs,
        prior_log_odds=math.log(p_threat) - math.log1p(-p_threat),
    )


def shooter_names(assets: Sequence[str], shooters: Records) -> Words:
    """A name for every shooter: its asset, and its place in it from 1: (shooter,)."""
    seen: dict[int, int] = {}
    names: list[str] = []
    for asset in shooters["asset"].tolist():
        seen[asset] = seen.get(asset, 0) + 1
        names.append(f"{assets[asset]}.{seen[asset]}")
    return _own(np.array(names, np.str_))
