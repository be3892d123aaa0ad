"""One object of a stored run explained: its trial replayed, its decisions cut into spans."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from opendome.campaign.study import scene_of
from opendome.command.policy import Policy
from opendome.command.registry import recall
from opendome.engagement.decisions import Decision, Game, Gate, Replay, Rival, replay
from opendome.engagement.geometry import Geometry, lay_out
from opendome.engagement.measured import MeasuredScene, MeasuredTrial
from opendome.engagement.policies import PolicyScene, PolicyTrial
from opendome.engagement.records import FATE_WORDS, SHOT_WORDS, Fate, ShotResult
from opendome.engagement.stepped import SteppedTrial
from opendome.quantities.errors import OpendomeError
from opendome.results.folder import SCENARIO_FILE, StoredRun, open_run
from opendome.results.stored import plan_of
from opendome.scenario.loading import load_text
from opendome.scenario.scenario import Scenario

# what kept a round from being ordered; waiting and not yet knowing break nothing
HARMLESS = {
    Gate.CAN_WAIT, Gate.TOO_LATE, Gate.NOT_TRACKED, Gate.CONFIRMING, Gate.AWAITS_RESULT, Gate.FIRED,
}  # fmt: skip
# the gates that break the link of a fate; of any other, every gate that is not harmless
BREAKS = {
    FATE_WORDS[Fate.NEVER_DETECTED]: {Gate.NOT_TRACKED},
    FATE_WORDS[Fate.NOT_TRACKED]: {Gate.NOT_TRACKED},
    FATE_WORDS[Fate.NOT_SHARED]: {Gate.NOT_TRACKED},
    FATE_WORDS[Fate.NOT_DECIDED]: {Gate.CONFIRMING, Gate.PEOPLE},
    FATE_WORDS[Fate.NO_REACH]: {Gate.NEVER_IN_REACH, Gate.TOO_LATE, Gate.NO_REACH},
    FATE_WORDS[Fate.NO_STOCK]: {Gate.NO_STOCK},
    FATE_WORDS[Fate.TAKEN_FOR_HARMLESS]: {Gate.DISMISSED, Gate.OUTSIDE},
    FATE_WORDS[Fate.NOT_WORTH]: {Gate.NOT_WORTH_IT, Gate.OUTSIDE},
    # a node that had a shot to choose says more than one that had none
    FATE_WORDS[Fate.NOT_ASSIGNED]: {
        Gate.GIVEN_AWAY, Gate.RESERVED, Gate.NOT_CHOSEN, Gate.NOT_WORTH_IT,
    },
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Span:
    """Consecutive cycles of a node with the same gate.

    first, last : decisions at its two ends     rivals : rounds of shooters in reach that went to
    other objects meanwhile
    """

    start_t_s: float
    end_t_s: float
    node: str
    gate: Gate
    first: Decision
    last: Decision
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, kw_only=True)
class Fired:
    """A round fired at the object, and what it did.

    gain, price : expected loss that it took away when it was ordered, and what that cost
    p_divert : chance that it was handed over well, None if it never was; by measured tracking 1
        or 0, by the error that its track really had
    """

    ordered_t_s: float
    launched_t_s: float
    intercept_t_s: float
    shooter: int
    asset: str
    layer: str
    gain: float
    price: float
    result: str
    believed_dead: bool
    p_divert: float | None


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which shots of an asset could meet the object, by reach alone.

    first_order_t_s, last_order_t_s : latest orders for the first intercept, or the launch of the
    object, and for the last one [s after epoch]     shooters : of it in reach     rounds : in
    their magazines, at the start
    """

    asset: str
    layer: str
    first_order_t_s: float
    last_order_t_s: float
    shooters: int
    rounds: int


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why an object was or was not engaged.

    Attributes
    ----------
    number, trial, future : which one     chosen : how the trial was chosen, empty if asked for
    threat_class : what it is     fate : as in the ledger     leaked : whether it got through
    policy : what decided, empty for the rules of the scenario
    tracking : of the run, "expected" or "measured"
    launch_t_s, impact_t_s : [s after epoch]     times : column of the ledger -> time, if ever
    loss : what is lost where it really falls, in the unit of what is defended
    valued : whether what is defended has values; else every object counts as 1
    commit_sigma_m : error of a track up to which a round is committed
    layers : in their order of fire     shooters : number of a shooter -> its asset
    windows : which shots were possible by reach alone, in the order of the layers
    spans, decisions, shots : what happened, in order of time for each node
    broken : the span that kept the last possible round from being ordered, None where none did
    """

    folder: Path
    scenario: str
    number: int
    trial: int
    future: int
    chosen: str
    threat_class: str
    fate: str
    leaked: bool
    policy: str
    tracking: str
    launch_t_s: float
    impact_t_s: float
    times: dict[str, float]
    loss: float
    valued: bool
    commit_sigma_m: float
    layers: tuple[str, ...]
    shooters: dict[int, str]
    windows: tuple[Window, ...]
    spans: tuple[Span, ...]
    decisions: tuple[Decision, ...]
    shots: tuple[Fired, ...]
    broken: Span | None


def explain(
    folder: str | Path,
    object_number: int,
    *,
    trial: int | None = None,
    policy: str | Callable[[], Policy] | None = None,
) -> Explanation:
    """Replay a trial of a finished run, and tell each decision about one object.

    object_number : as in the ledger
    trial : the first in which the object got through when None, else the first one
    policy : needed where the run was decided by code of its user, since it is run again
    """
    stored = open_run(folder)
    plan = plan_of(stored)
    ledger = stored.table("ledger")
    row, chosen = _row(ledger, object_number, trial)
    at = {name: column[row] for name, column in ledger.items()}
    if plan.policy is None and policy is not None:
        raise OpendomeError(
            got=f"a policy for {folder}, which the rules of its scenario decided",
            allowed="a policy where one decided the run",
            do="leave it out, or play a new run with it",
        )
    choice = None if plan.policy is None else recall(plan.policy, policy)
    scenario = load_text(stored.scenario_text, str(stored.folder / SCENARIO_FILE))
    geometry = lay_out(scenario, int(at["future"]))
    scene = scene_of(geometry, plan.tracking, choice)
    game = _game(scene, geometry, scenario.seed, int(at["trial"]))
    again = replay(geometry, game, objects=(object_number,))
    now = again.objects[object_number]
    if FATE_WORDS[Fate(int(now["fate"]))] != at["fate"] or now["rounds"] != at["rounds"]:
        raise OpendomeError(
            got=f"{folder}: a trial that plays out differently than it was stored",
            allowed="a run of this version on this kind of machine",
            do=f"compare with: opendome reproduce {folder}",
        )
    decided = scene.name if isinstance(scene, PolicyScene) else ""
    by = {"chosen": chosen, "policy": decided, "tracking": plan.tracking}
    return _told(stored, scenario, geometry, again, at, **by)


def _game(scene: Any, geometry: Geometry, seed: int, trial: int) -> Game:
    """A trial of a scene, to be played decision by decision."""
    if isinstance(scene, PolicyScene):
        return PolicyTrial(scene, seed=seed, trial=trial)
    if isinstance(scene, MeasuredScene):
        return MeasuredTrial(scene, seed=seed, trial=trial)
    return SteppedTrial(geometry.board, geometry.rules, seed=seed, trial=trial)


def _told(
    stored: StoredRun, scenario: Scenario, geometry: Geometry, again: Replay, at: dict[str, Any],
    *, chosen: str, policy: str, tracking: str,
) -> Explanation:  # fmt: skip
    """The explanation of a replay; at : row of the object in the ledger."""
    real, number = geometry.realisation, int(at["object"])
    owners = [real.asset_names[int(asset)] for asset in geometry.board.shooters["asset"]]
    spans = spans_of(again.decisions, real.nodes)
    shots = _fired(geometry, again, number, owners)
    leaked = bool(at["leaked"])
    return Explanation(
        folder=stored.folder,
        scenario=scenario.name,
        number=number,
        trial=int(at["trial"]),
        future=int(at["future"]),
        chosen=chosen,
        threat_class=geometry.raid.class_names[int(geometry.raid.object_class[number])],
        fate=str(at["fate"]),
        leaked=leaked,
        policy=policy,
        tracking=tracking,
        launch_t_s=float(at["launch_t_s"]),
        impact_t_s=float(at["impact_t_s"]),
        times={
            name: float(value)
            for name, value in at.items()
            if name.endswith("_t_s") and np.isfinite(value)
        },
        loss=float(at["loss"]),
        valued=geometry.board.loss_max > 0.0,
        commit_sigma_m=float(geometry.rules.commit_sigma_m),
        layers=real.layers,
        shooters=dict(enumerate(owners)),
        windows=windows_of(geometry, number, owners),
        spans=spans,
        decisions=again.decisions,
        shots=shots,
        broken=broken_span(str(at["fate"]), spans, last_order_t_s=float(at["last_chance_t_s"]))
        if leaked
        else None,
    )


def spans_of(decisions: Sequence[Decision], nodes: Sequence[str]) -> tuple[Span, ...]:
    """Cycles of each node with the same gate in a row, as one span each, in order of start."""
    found: list[Span] = []
    for index, name in enumerate(nodes):
        mine = [decision for decision in decisions if decision.node == index]
        for gate, run in groupby(mine, key=lambda decision: decision.gate):
            cycles = list(run)
            found.append(
                Span(
                    start_t_s=cycles[0].t_s,
                    end_t_s=cycles[-1].t_s,
                    node=name,
                    gate=gate,
                    first=cycles[0],
                    last=cycles[-1],
                    rivals=tuple(rival for cycle in cycles for rival in cycle.rivals),
                )
            )
    return tuple(sorted(found, key=lambda span: span.start_t_s))


def broken_span(fate: str, spans: Sequence[Span], *, last_order_t_s: float) -> Span | None:
    """The last span in which the link that broke kept a round from being ordered.

    last_order_t_s : a belief later than this keeps no round back [s after epoch]
    After a round, that of the node that fired last, since then; a kill that it believes in first.
    Of an object not assigned, a choice between shots, unless the track was lost after it.
    """
    late = [s for s in spans if s.gate is Gate.BELIEVED_DEAD and s.start_t_s > last_order_t_s]
    spans = [span for span in spans if span not in late]
    held = [span for span in spans if span.gate not in HARMLESS]
    fired = [span for span in spans if span.gate is Gate.FIRED]
    if fired:
        last = max(fired, key=lambda span: span.end_t_s)
        held = [s for s in held if s.node == last.node and s.end_t_s > last.end_t_s]
    gates = {Gate.BELIEVED_DEAD} if fired else BREAKS.get(fate, set())
    named = [span for span in (held if fired else spans) if span.gate in gates]
    if fate == FATE_WORDS[Fate.NOT_ASSIGNED] and named:
        named += [span for span in held if span.gate is Gate.TRACK_LOST]
    return max(named or held, key=lambda span: span.end_t_s, default=None)


def windows_of(geometry: Geometry, number: int, owners: Sequence[str]) -> tuple[Window, ...]:
    """Which shots of each asset could meet an object, in the order of the layers."""
    board, layers = geometry.board, geometry.realisation.layers
    flight = board.objects[number]
    pairs = board.pairs[int(flight["first_pair"]) : int(flight["end_pair"])]
    launches: dict[tuple[int, str], list[tuple[float, float, int]]] = {}
    for pair in pairs:
        samples = board.latest_t_s[int(pair["first_sample"]) : int(pair["end_sample"])]
        samples = samples[np.isfinite(samples)]
        if samples.size:
            shooter = board.shooters[int(pair["shooter"])]
            key = int(shooter["layer"]), owners[int(pair["shooter"])]
            delay_s = float(geometry.rules.assets[int(shooter["asset"])]["launch_delay_s"])
            first_s = max(float(flight["launch_t_s"]), float(samples.min()) - delay_s)
            last_s = float(samples.max()) - delay_s
            found = first_s, last_s, int(shooter["stock"])
            launches.setdefault(key, []).append(found)
    return tuple(
        Window(
            asset=asset,
            layer=layers[layer],
            first_order_t_s=min(first for first, _, _ in found),
            last_order_t_s=max(last for _, last, _ in found),
            shooters=len(found),
            rounds=sum(rounds for _, _, rounds in found),
        )
        for (layer, asset), found in sorted(launches.items())
    )


def _fired(
    geometry: Geometry, again: Replay, number: int, owners: Sequence[str]
) -> tuple[Fired, ...]:
    """Rounds fired at an object, in the order of their orders."""
    layers = geometry.realisation.layers
    mine = again.shots[again.shots["object"] == number]
    orders = [order for decision in again.decisions for order in decision.ordered]
    return tuple(
        Fired(
            ordered_t_s=float(shot["ordered_t_s"]),
            launched_t_s=float(shot["launched_t_s"]),
            intercept_t_s=float(shot["intercept_t_s"]),
            shooter=order.shooter,
            asset=owners[order.shooter],
            layer=layers[int(geometry.board.shooters["layer"][order.shooter])],
            gain=order.gain,
            price=order.price,
            result=SHOT_WORDS[ShotResult(int(shot["result"]))],
            believed_dead=bool(shot["believed_dead"]),
            p_divert=float(shot["p_divert"]) if np.isfinite(shot["p_divert"]) else None,
        )
        for shot, order in zip(mine, orders, strict=True)
    )


def _row(ledger: dict[str, Any], number: int, trial: int | None) -> tuple[int, str]:
    """Row of an object in the ledger, and how its trial was chosen."""
    check_number("object", number, ledger["object"])
    mine = np.flatnonzero(ledger["object"] == number)
    if trial is not None:
        check_number("trial", trial, ledger["trial"])
        return int(mine[ledger["trial"][mine] == trial][0]), ""
    leaked = mine[ledger["leaked"][mine].astype(bool)]
    if leaked.size:
        return int(leaked[0]), "the first in which it got through"
    return int(mine[0]), "the first, as it got through in none"


def check_number(name: str, value: int, column: Any) -> None:
    """Refuse a number that the ledger does not hold."""
    if not (column == value).any():
        raise OpendomeError(
            got=f"{name} {value}",
            allowed=f"a whole number from {int(column.min())} to {int(column.max())}",
            do=f"choose another {name}",
        )
