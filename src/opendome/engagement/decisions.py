"""One trial replayed to see, at each decision, what was known of an object and what was chosen."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum

from opendome.engagement.geometry import Geometry
from opendome.engagement.kernels import gates
from opendome.engagement.kernels.sight import position_sigma
from opendome.engagement.kernels.worth import impact_open, impact_sigma
from opendome.engagement.records import Records
from opendome.engagement.stepped import SteppedTrial


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
class Decision:
    """One object at one cycle of one node.

    Attributes
    ----------
    position_sigma_m : error of the track now, None without a track
    impact_sigma_m : error of the predicted impact, None while the impact is open
    worth : what is lost if it gets through, as the node believes, and
    survival : its chance to outlive what flies at it; None where the node had nothing to decide
    log_odds : evidence that it is a threat
    shots : possible ones, before the decision     ordered : shooters of the rounds ordered
    best_left : net gain of the best possible shot of a shooter that was not chosen
    rivals : objects that rounds of the same shooters were fired at instead
    """

    t_s: float
    node: int
    object: int
    gate: Gate
    position_sigma_m: float | None
    impact_sigma_m: float | None
    worth: float | None
    survival: float | None
    log_odds: float
    shots: tuple[PossibleShot, ...]
    ordered: tuple[int, ...]
    best_left: float | None
    rivals: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Decisions about some objects of a trial, and what the trial wrote of all."""

    decisions: tuple[Decision, ...]
    objects: Records
    shots: Records


def replay(geometry: Geometry, *, seed: int, trial: int, objects: Collection[int]) -> Replay:
    """Play a trial by the rules of its scenario, and note each decision about some objects."""
    game = SteppedTrial(geometry.board, geometry.rules, seed=seed, trial=trial)
    found = tuple(_watch(game, sorted(objects)))
    fired = int(game.book.fired[0])
    return Replay(
        decisions=found, objects=game.book.objects[0], shots=game.book.shots[0, :fired].copy()
    )


def _watch(game: SteppedTrial, objects: Collection[int]) -> Iterator[Decision]:
    """Decisions in order of time, node and object, from the launch to the end of each object."""
    flights = game.board.objects
    for now_s in game.cycles():
        up = [
            k
            for k in objects
            if game.state.options["flies"][k] == 1
            and flights["launch_t_s"][k] <= now_s <= flights["impact_t_s"][k]
        ]
        for node in range(game.nodes):
            yield from _one_node(game, node, up, now_s)


def _one_node(
    game: SteppedTrial, node: int, up: Collection[int], now_s: float
) -> Iterator[Decision]:
    """Let a node decide; what it decided about each of the objects `up`."""
    asked = game.board, game.rules, game.state, game.book, 0, node
    before = {k: int(gates.gate_before(*asked, k, now_s)) for k in up}
    survival = {
        k: float(game.state.tracks["survival"][node, k])
        * float(game.state.options["others_survival"][k])
        for k in up
    }
    first = int(game.book.fired[0])
    game.decide(node, now_s)
    ordered = game.book.shots[0, first : int(game.book.fired[0])]
    for k in up:
        gate = before[k]
        if (ordered["object"] == k).any():
            gate = gates.FIRED
        elif gate == gates.OPEN:
            gate = int(gates.gate_after(*asked, k, now_s))
        alive = survival[k] if before[k] == gates.OPEN else None
        yield _decision(game, node, k, now_s, Gate(gate), ordered, alive)


def _decision(
    game: SteppedTrial, node: int, k: int, now_s: float, gate: Gate, ordered: Records,
    survival: float | None,
) -> Decision:  # fmt: skip
    """What was known and chosen; `survival` before the decision, None without one."""
    board, state = game.board, game.state
    track = state.tracks[node, k]
    sigma_m = impact_m = None
    if track["tracked"] == 1 and track["held"] == 1:
        sigma_m = float(position_sigma(board, state, node, k, now_s - track["filter_t_s"]))
        if not impact_open(board, k, now_s):
            impact_m = float(impact_sigma(board, state, node, k))
    shots = () if survival is None else _possible(game, k, survival)
    mine = ordered[ordered["object"] == k]["shooter"].tolist()
    others = ordered[ordered["object"] != k]
    wanted = {shot.shooter for shot in shots if shot.wanted}
    left = [shot.gain - shot.price for shot in shots if shot.shooter not in mine]
    option = state.options[k]
    return Decision(
        t_s=now_s,
        node=node,
        object=k,
        gate=gate,
        position_sigma_m=sigma_m,
        impact_sigma_m=impact_m,
        worth=float(option["worth"]) if shots else None,
        survival=survival if shots else None,
        log_odds=float(track["log_odds"]),
        shots=shots,
        ordered=tuple(mine),
        best_left=max(left, default=None),
        rivals=tuple(int(o) for o in others["object"][[s in wanted for s in others["shooter"]]]),
    )


def _possible(game: SteppedTrial, k: int, survival: float) -> tuple[PossibleShot, ...]:
    """Shots on offer at an object, as the node in hand listed them."""
    state = game.state
    option = state.options[k]
    loss = float(option["worth"]) * survival
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
