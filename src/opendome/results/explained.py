"""One object of a stored run explained: its trial replayed, its decisions cut into spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from opendome.engagement.decisions import Decision, Gate, replay
from opendome.engagement.geometry import lay_out
from opendome.engagement.records import FATE_WORDS, SHOT_WORDS, Fate, ShotResult
from opendome.quantities.errors import OpendomeError
from opendome.results.folder import SCENARIO_FILE, StoredRun, open_run
from opendome.results.stored import plan_of
from opendome.scenario.loading import load_text


@dataclass(frozen=True, kw_only=True)
class Span:
    """Consecutive cycles of a node with the same gate; `last` is the decision at its end."""

    start_t_s: float
    end_t_s: float
    node: str
    gate: Gate
    first: Decision
    last: Decision


@dataclass(frozen=True, kw_only=True)
class Fired:
    """A round fired at the object, and what it did."""

    ordered_t_s: float
    launched_t_s: float
    intercept_t_s: float
    shooter: int
    asset: str
    layer: str
    result: str
    believed_dead: bool
    p_divert: float | None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why an object was or was not engaged.

    Attributes
    ----------
    number, trial, future : which one     chosen : how the trial was chosen, empty if asked for
    fate : as in the ledger     leaked : whether it got through
    launch_t_s, impact_t_s : [s after epoch]     times : column of the ledger -> time, if ever
    layers, spans, shots : what happened, in order of time for each node
    shooters : number of a shooter -> its asset
    """

    folder: Path
    scenario: str
    number: int
    trial: int
    future: int
    chosen: str
    fate: str
    leaked: bool
    launch_t_s: float
    impact_t_s: float
    times: dict[str, float]
    layers: tuple[str, ...]
    shooters: dict[int, str]
    spans: tuple[Span, ...]
    shots: tuple[Fired, ...]


def explain(folder: str | Path, object_number: int, *, trial: int | None = None) -> Explanation:
    """Replay a trial of a finished run, and tell each decision about one object.

    trial : the first in which the object got through when None, else the first one
    """
    stored = open_run(folder)
    _refuse_others(stored)
    ledger = stored.table("ledger")
    row, chosen = _row(ledger, object_number, trial)
    at = {name: column[row] for name, column in ledger.items()}
    scenario = load_text(stored.scenario_text, str(stored.folder / SCENARIO_FILE))
    geometry = lay_out(scenario, int(at["future"]))
    real = geometry.realisation
    again = replay(geometry, seed=scenario.seed, trial=int(at["trial"]), objects=(object_number,))
    now = again.objects[object_number]
    if FATE_WORDS[Fate(int(now["fate"]))] != at["fate"] or now["rounds"] != at["rounds"]:
        raise OpendomeError(
            got=f"{folder}: a trial that plays out differently than it was stored",
            allowed="a run of this version on this kind of machine",
            do=f"compare with: opendome reproduce {folder}",
        )
    owners = [real.asset_names[int(asset)] for asset in geometry.board.shooters["asset"]]
    layers = dict(zip(owners, geometry.board.shooters["layer"].tolist(), strict=True))
    return Explanation(
        folder=stored.folder,
        scenario=scenario.name,
        number=object_number,
        trial=int(at["trial"]),
        future=int(at["future"]),
        chosen=chosen,
        fate=str(at["fate"]),
        leaked=bool(at["leaked"]),
        launch_t_s=float(at["launch_t_s"]),
        impact_t_s=float(at["impact_t_s"]),
        times={
            name: float(value)
            for name, value in at.items()
            if name.endswith("_t_s") and np.isfinite(value)
        },
        layers=real.layers,
        shooters=dict(enumerate(owners)),
        spans=spans_of(again.decisions, real.nodes),
        shots=tuple(
            _fired(shot, owners[int(shot["shooter"])], real.layers, layers)
            for shot in again.shots
            if shot["object"] == object_number
        ),
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
                )
            )
    return tuple(sorted(found, key=lambda span: span.start_t_s))


def _fired(shot: Any, asset: str, names: Sequence[str], layers: dict[str, int]) -> Fired:
    """A row of shots in words."""
    p_divert = float(shot["p_divert"])
    return Fired(
        ordered_t_s=float(shot["ordered_t_s"]),
        launched_t_s=float(shot["launched_t_s"]),
        intercept_t_s=float(shot["intercept_t_s"]),
        shooter=int(shot["shooter"]),
        asset=asset,
        layer=names[layers[asset]],
        result=SHOT_WORDS[ShotResult(int(shot["result"]))],
        believed_dead=bool(shot["believed_dead"]),
        p_divert=p_divert if np.isfinite(p_divert) else None,
    )


def _refuse_others(stored: StoredRun) -> None:
    """Only trials decided by the rules of the scenario, on expected tracking, are replayed."""
    plan = plan_of(stored)
    certified = "solver: certified" in stored.scenario_text
    if plan.tracking != "expected" or plan.policy is not None or certified:
        what = "the solver certified" if certified else f"tracking {plan.tracking}"
        raise OpendomeError(
            got=f"{stored.folder}: a run decided by "
            + (f"the policy {plan.policy.name}" if plan.policy else what),
            allowed="a run with expected tracking, decided by the rules of its scenario",
            do="run the scenario again without that option, and explain the new run",
        )


def _row(ledger: dict[str, Any], number: int, trial: int | None) -> tuple[int, str]:
    """Row of an object in the ledger, and how its trial was chosen."""
    _check("object", number, ledger["object"])
    mine = np.flatnonzero(ledger["object"] == number)
    if trial is not None:
        _check("trial", trial, ledger["trial"])
        return int(mine[ledger["trial"][mine] == trial][0]), ""
    leaked = mine[ledger["leaked"][mine].astype(bool)]
    if leaked.size:
        return int(leaked[0]), "the first in which it got through"
    return int(mine[0]), "the first, as it got through in none"


def _check(name: str, value: int, column: Any) -> None:
    """Refuse a number that the ledger does not hold."""
    if not (column == value).any():
        raise OpendomeError(
            got=f"{name} {value}",
            allowed=f"a whole number from {int(column.min())} to {int(column.max())}",
            do=f"choose another {name}",
        )
