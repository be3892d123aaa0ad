"""One trial replayed to see, at each decision, what was known of an object and what was chosen."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

import numpy as np

from opendome.engagement.geometry import Geometry
from opendome.engagement.kernels import gates
from opendome.engagement.kernels.gates import believed_impact
from opendome.engagement.kernels.sight import position_sigma
from opendome.engagement.kernels.state import State
from opendome.engagement.kernels.worth import impact_open, worth_of
from opendome.engagement.predicted import PredictedImpact, predicted_impact
from opendome.engagement.records import Board, Book, Records, Rules


class Gate(IntEnum):
    """What kept a node from firing, or that it fired."""

    NOT_TRACKED = gates.NOT_TRACKED
    CONFIRMING = gates.CONFIRMING
    PEOPLE = gates.PEOPLE
    BELIEVED_DEAD = gates.BELIEVED_DEAD
    TOLD_DEAD = gates.TOLD_DEAD
    DISMISSED = gates.DISMISSED
    TOO_LATE = gates.TOO_LATE
    NEVER_IN_REACH = gates.NEVER_IN_REACH
    TRACK_LOST = gates.TRACK_LOST
    COARSE = gates.COARSE
    CAN_WAIT = gates.CAN_WAIT
    IMPACT_OPEN = gates.IMPACT_OPEN
    BUSY = gates.BUSY
    NO_STOCK = gates.NO_STOCK
    NO_REACH = gates.NO_REACH
    ON_HOLD = gates.ON_HOLD
    NOT_SURE_INSIDE = gates.NOT_SURE_INSIDE
    AWAITS_RESULT = gates.AWAITS_RESULT
    SALVOS_SPENT = gates.SALVOS_SPENT
    OUTSIDE = gates.OUTSIDE
    NOT_WORTH_IT = gates.NOT_WORTH_IT
    RESERVED = gates.RESERVED
    GIVEN_AWAY = gates.GIVEN_AWAY
    NOT_CHOSEN = gates.NOT_CHOSEN
    FIRED = gates.FIRED


@dataclass(frozen=True, kw_only=True)
class PossibleShot:
    """A shot that a node could order.

    `gain` is the expected loss that a first round takes away, `wanted` whether its layer wants
    to fire (once more, after a decision to fire).
    """

    shooter: int
    layer: int
    launch_t_s: float
    intercept_t_s: float
    p_kill: float
    gain: float
    price: float
    wanted: bool


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A round ordered at the object.

    gain : expected loss that it takes away, after the rounds ordered before it
    """

    shooter: int
    gain: float
    price: float


@dataclass(frozen=True, kw_only=True)
class Rival:
    """A round of a shooter in reach of the object, ordered at another one.

    Attributes
    ----------
    t_s : when it was ordered     object : at which one
    gain : expected loss that it takes away there, after the rounds ordered before it
    own_gain : what a first round of the same shooter would have taken away here, with the price
        the same; None where the node had no permission to fire here
    on_offer : whether that shot here could be ordered in the same cycle
    """

    t_s: float
    object: int
    shooter: int
    gain: float
    own_gain: float | None
    on_offer: bool


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One object at one cycle of one node.

    Attributes
    ----------
    permission_t_s : when the node may fire at it, as known now; None before its first track
    position_sigma_m : error of the track now, None without a track
    impact : where it is expected to fall, None without a track or while that is open
    worth : what is lost if it gets through, as the node believes, and
    survival : its chance to outlive what flies at it; None where the node had nothing to decide
    log_odds : evidence that it is a threat
    shots : possible ones, before the decision     ordered : rounds ordered at it
    best_left : net gain of the best possible shot of a shooter that was not chosen
    rivals : rounds of shooters in its reach that were ordered at other objects
    """

    t_s: float
    node: int
    object: int
    gate: Gate
    permission_t_s: float | None
    position_sigma_m: float | None
    impact: PredictedImpact | None
    worth: float | None
    survival: float | None
    log_odds: float
    shots: tuple[PossibleShot, ...]
    ordered: tuple[Ordered, ...]
    best_left: float | None
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Decisions about some objects of a trial, and what the trial wrote of all."""

    decisions: tuple[Decision, ...]
    objects: Records
    shots: Records


class Game(Protocol):
    """A trial that stops at each decision, whoever decides."""

    board: Board
    rules: Rules
    state: State
    book: Book
    nodes: int
    by_rules: bool

    def cycles(self) -> Iterator[float]:
        """Time of each decision cycle [s after epoch]."""
        ...

    def decide(self, node: int, now_s: float) -> None:
        """Let a node decide."""
        ...


def replay(geometry: Geometry, game: Game, *, objects: Collection[int]) -> Replay:
    """Play a trial to its end, and note each decision about some objects."""
    found = tuple(_watch(_Watch(geometry, game), sorted(objects)))
    fired = int(game.book.fired[0])
    return Replay(
        decisions=found, objects=game.book.objects[0], shots=game.book.shots[0, :fired].copy()
    )


def prepare(geometry: Geometry, game: Game) -> None:
    """Compile what a replay asks of the kernels; the trial is not played."""
    asked = game.board, game.rules, game.state, game.book, 0, 0, 0, 0.0
    for ask in (gates.gate_before, gates.gate_after, gates.gate_after_policy):
        ask(*asked)
    worth_of(game.board, game.rules, game.state, 0, 0, 0.0)
    position_sigma(game.board, game.state, 0, 0, 0.0)
    predicted_impact(geometry, game.state, 0, 0)
    believed_impact(game.board, game.state, 0, 0)


@dataclass(frozen=True)
class _Watch:
    """The trial being watched, and the future it is played in."""

    geometry: Geometry
    game: Game


@dataclass(frozen=True, kw_only=True)
class _Before:
    """What a node held of all objects before it decided: survival of those it would fire at."""

    gate: dict[int, int]
    survival: Any
    first_shot: int


def _watch(watch: _Watch, objects: Collection[int]) -> Iterator[Decision]:
    """Decisions in order of time, node and object, from the launch to the end of each object."""
    game = watch.game
    flights = game.board.objects
    for now_s in game.cycles():
        up = [
            k
            for k in objects
            if game.state.options["flies"][k] == 1
            and flights["launch_t_s"][k] <= now_s <= flights["impact_t_s"][k]
        ]
        for node in range(game.nodes):
            yield from _one_node(watch, node, up, now_s)


def _one_node(watch: _Watch, node: int, up: Collection[int], now_s: float) -> Iterator[Decision]:
    """Let a node decide; what it decided about each of the objects `up`."""
    game = watch.game
    asked = game.board, game.rules, game.state, game.book, 0, node
    before = _Before(
        gate={k: int(gates.gate_before(*asked, k, now_s)) for k in up},
        survival=game.state.tracks["survival"][node].copy(),
        first_shot=int(game.book.fired[0]),
    )
    game.decide(node, now_s)
    ordered = game.book.shots[0, before.first_shot : int(game.book.fired[0])]
    after = gates.gate_after if game.by_rules else gates.gate_after_policy
    gains = _gains(game, before, ordered)
    for k in up:
        gate = before.gate[k]
        if (ordered["object"] == k).any():
            gate = gates.FIRED
        elif gate == gates.OPEN:
            gate = int(after(*asked, k, now_s))
        yield _decision(watch, node, k, now_s, Gate(gate), before, ordered, gains)


def _gains(game: Game, before: _Before, ordered: Records) -> list[float]:
    """Expected loss that each round of a cycle takes away, after those ordered before it."""
    options, left = game.state.options, before.survival.copy()
    found: list[float] = []
    for shot in ordered:
        k = int(shot["object"])
        p_kill = _asset(game, int(shot["shooter"]))["p_kill"]
        loss = options["worth"][k] * options["others_survival"][k] * left[k]
        found.append(float(loss * p_kill))
        left[k] *= 1.0 - p_kill
    return found


def _asset(game: Game, shooter: int) -> Any:
    """Rules of the asset that a shooter belongs to."""
    return game.rules.assets[int(game.board.shooters["asset"][shooter])]


def _decision(
    watch: _Watch, node: int, k: int, now_s: float, gate: Gate, before: _Before,
    ordered: Records, gains: list[float],
) -> Decision:  # fmt: skip
    """What was known and chosen, about one object."""
    game = watch.game
    state = game.state
    track = state.tracks[node, k]
    may = before.gate[k] == gates.OPEN
    worth = survival = None
    shots: tuple[PossibleShot, ...] = ()
    if may:
        worth = float(worth_of(game.board, game.rules, state, node, k, now_s))
        survival = float(before.survival[k] * state.options["others_survival"][k])
        shots = _possible(game, k, worth * survival)
    mine = ordered["object"] == k
    chosen = tuple(
        Ordered(shooter=index, gain=gain, price=float(_asset(game, index)["price"]))
        for index, gain, here in zip(ordered["shooter"].tolist(), gains, mine, strict=True)
        if here
    )
    used = {order.shooter for order in chosen}
    left = [shot.gain - shot.price for shot in shots if shot.shooter not in used]
    loss = None if worth is None or survival is None else worth * survival
    sigma_m, impact = _known(watch, node, k, now_s)
    return Decision(
        t_s=now_s,
        node=node,
        object=k,
        gate=gate,
        permission_t_s=_permission_t_s(state, node, k),
        position_sigma_m=sigma_m,
        impact=impact,
        worth=worth,
        survival=survival,
        log_odds=float(track["log_odds"]),
        shots=shots,
        ordered=chosen,
        best_left=max(left, default=None),
        rivals=_rivals(game, k, now_s, ordered, gains, loss, shots),
    )


def _known(
    watch: _Watch, node: int, k: int, now_s: float
) -> tuple[float | None, PredictedImpact | None]:
    """Error of the track now [m], and the impact it predicts; None for what is not known."""
    board, state = watch.game.board, watch.game.state
    track = state.tracks[node, k]
    if track["tracked"] == 0:
        return None, None
    sigma_m = float(position_sigma(board, state, node, k, now_s - track["filter_t_s"]))
    if impact_open(board, k, now_s):
        return sigma_m, None
    return sigma_m, predicted_impact(watch.geometry, state, node, k)


def _permission_t_s(state: State, node: int, k: int) -> float | None:
    """When a node may fire at an object: confirmed, and its people let it [s after epoch]."""
    at = state.nodes[node]
    soonest_s = max(state.tracks[node, k]["release_t_s"], at["first_track_t_s"] + at["human_s"])
    return float(soonest_s) if np.isfinite(soonest_s) else None


def _possible(game: Game, k: int, loss: float) -> tuple[PossibleShot, ...]:
    """Shots on offer at an object, as the node in hand listed them; loss : at stake."""
    state = game.state
    option = state.options[k]
    return tuple(
        PossibleShot(
            shooter=int(shot["shooter"]),
            layer=int(shot["layer"]),
            launch_t_s=float(shot["launch_t_s"]),
            intercept_t_s=float(shot["meets_t_s"]),
            p_kill=float(shot["p_kill"]),
            gain=loss * float(shot["p_kill"]),
            price=float(shot["price"]),
            wanted=bool(state.chances[k, shot["layer"]]["wanted"] > 0),
        )
        for shot in state.shots[int(option["first_shot"]) : int(option["end_shot"])]
    )


def _rivals(
    game: Game, k: int, now_s: float, ordered: Records, gains: list[float], loss: float | None,
    shots: tuple[PossibleShot, ...],
) -> tuple[Rival, ...]:  # fmt: skip
    """Rounds of shooters that could still have met `k`, ordered at others; loss : at stake here."""
    flight = game.board.objects[k]
    pairs = game.board.pairs[int(flight["first_pair"]) : int(flight["end_pair"])]
    in_reach = set(pairs["shooter"][pairs["last_t_s"] >= now_s].tolist())
    offered = {shot.shooter for shot in shots if shot.wanted}
    return tuple(
        Rival(
            t_s=now_s,
            object=int(shot["object"]),
            shooter=int(shot["shooter"]),
            gain=gain,
            own_gain=None
            if loss is None
            else loss * float(_asset(game, int(shot["shooter"]))["p_kill"]),
            on_offer=int(shot["shooter"]) in offered,
        )
        for shot, gain in zip(ordered, gains, strict=True)
        if shot["object"] != k and int(shot["shooter"]) in in_reach
    )
