"""Play a scenario and join everything about it into a ResultSet."""

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from opendome.campaign.files import DamagedFileError, RunFolderError, read_plain
from opendome.campaign.plan import TRACKINGS, Plan, Tracking
from opendome.campaign.store import PLAN_FILE, ChunkStore, Shelf, Store, read_plan
from opendome.campaign.study import Progress, Study, run_campaign
from opendome.command.policy import Order, Policy, PolicyName, View
from opendome.command.registry import Choice, choose, recall
from opendome.compiled import closure_digest, is_warm
from opendome.engagement.geometry import lay_out
from opendome.engagement.kernels.asking import next_choice
from opendome.engagement.kernels.belief import play_on_belief
from opendome.engagement.kernels.trial import play_batch
from opendome.engagement.measured import MeasuredScene
from opendome.engagement.play import play
from opendome.engagement.policies import PolicyScene
from opendome.engagement.warm import compile_trial_beside
from opendome.quantities.errors import OpendomeError
from opendome.results.credibility import card
from opendome.results.example import tell
from opendome.results.folder import SCENARIO_BYTES_MAX, SCENARIO_FILE, is_finished, write_run
from opendome.results.metrics import measure
from opendome.results.result_set import ResultSet
from opendome.results.stored import read_result
from opendome.scenario.loading import load_text
from opendome.scenario.scenario import Scenario
from opendome.scenario.spec import FUTURES_MAX, SEED_MAX, TRIALS_MAX
from opendome.version import __version__

ROUNDS_MAX = 64
NARROW_ROUNDS = 2
WORKERS_MAX = 1024


def run(
    scenario: Scenario,
    *,
    trials: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    until_ci: float | None = None,
    tracking: str | None = None,
    policy: str | Callable[[], Policy] | None = None,
    workers: int | None = None,
    chunk: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> ResultSet:
    """Play a scenario and measure what came out.

    trials, futures, seed : the scenario's own when None
    until_ci : go on, in rounds of `trials` with new futures, until the 95 % interval of the
        mean leakers is at most this many objects to either side, twice in a row
    tracking : "expected", also when None, plays by the covariance that the detections of a trial
        earn, "measured" by filters on its noisy measurements: slower, the reference
    policy : what decides in place of the rules of the scenario: an installed policy by name,
        `file.py:Class` or `module:Class` (which runs that code), or a class
    workers : threads, all cores when None     chunk : trials kept together on disk
    out : folder to keep the run in (a run cut off goes on where it stopped); None keeps nothing
    """
    if seed is not None:
        _check("seed", seed, 0, SEED_MAX)
        scenario = scenario.with_seed(seed)
    plan = _plan(scenario, trials, futures, chunk, tracking)
    choice = _chosen(scenario, plan, policy)
    return _run(
        scenario,
        replace(plan, policy=None if choice is None else choice.name),
        choice=choice,
        until_ci=until_ci,
        workers=workers,
        out=Path(out) if out else None,
        progress=progress,
    )


def resume(
    folder: str | Path,
    *,
    policy: str | Callable[[], Policy] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> ResultSet:
    """Go on with a run that was cut off, from what its folder holds: the same digest as uncut.

    A finished run is read back and not played again.
    policy : needed where the run was decided by code of its user, since it is run again
    """
    folder = Path(folder)
    if is_finished(folder):
        return read_result(folder)
    scenario, plan, until_ci = _kept(folder)
    return _run(
        scenario,
        plan,
        choice=None if plan.policy is None else recall(plan.policy, policy),
        until_ci=until_ci,
        workers=workers,
        out=folder,
        progress=progress,
    )


def _kept(folder: Path) -> tuple[Scenario, Plan, float | None]:
    """What a run was started with, from its folder."""
    kept = read_plan(folder)
    try:
        data = read_plain(folder / SCENARIO_FILE, most=SCENARIO_BYTES_MAX)
        if hashlib.sha256(data).hexdigest() != kept["scenario_text"]:
            raise DamagedFileError(folder / SCENARIO_FILE, "was altered")
        scenario = load_text(data.decode(), str(folder / SCENARIO_FILE))
        plan = _plan(
            scenario,
            int(kept["trials"]),
            int(kept["futures"]),
            int(kept["chunk"]),
            kept["tracking"],
        )
        policy = PolicyName(**kept["policy"]) if kept["policy"] else None
        return scenario, replace(plan, policy=policy), kept["until_ci"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunFolderError(
            got=f"{folder}: a run whose beginning is lost ({error})",
            allowed=f"{PLAN_FILE} and {SCENARIO_FILE} as the run kept them at its start",
            do="start again from the scenario, with another --out",
        ) from error


def _run(
    scenario: Scenario,
    base: Plan,
    *,
    choice: Choice | None,
    until_ci: float | None,
    workers: int | None,
    out: Path | None,
    progress: Progress | None,
) -> ResultSet:
    """Play, measure and keep."""
    if workers is not None:
        _check("workers", workers, 1, WORKERS_MAX)
    _check_width(until_ci)
    begun = time.perf_counter()
    text = scenario.resolved_yaml()
    agreed = _agreement(scenario, text, base, until_ci)
    folder = ChunkStore(out, agreed, {SCENARIO_FILE: text}) if out else None
    try:
        compile_s = warm_up(
            scenario, base.tracking, deciding=choice is not None or _is_certified(scenario)
        )
        study = _play(
            scenario,
            base,
            choice=choice,
            until_ci=until_ci,
            workers=workers,
            store=folder or Shelf(),
            progress=progress,
        )
        result = ResultSet(
            scenario=scenario,
            study=study,
            metrics=measure(
                study,
                layers=scenario.layers,
                layer_stock=scenario.layer_stock,
                lethal=scenario.lethal,
            ),
            timing_s={
                "compile": compile_s,
                "geometry": study.geometry_s,
                "dice": study.dice_s,
                "total": time.perf_counter() - begun,
            },
            card=card(
                unverified_share=scenario.unverified_share(), futures=study.plan.futures_total
            ),
            until_ci=until_ci,
            run_dir=out,
        )
        if out and folder:
            write_run(result, tell(scenario, lay_out(scenario, 0), seed=scenario.seed), out)
            folder.drop_chunks()
        return result
    finally:
        if folder:
            folder.close()


def _plan(
    scenario: Scenario,
    trials: int | None,
    futures: int | None,
    chunk: int | None,
    tracking: str | None,
) -> Plan:
    trials = scenario.trials if trials is None else trials
    _check("trials", trials, 1, TRIALS_MAX)
    futures = min(scenario.futures, trials) if futures is None else futures
    _check("futures", futures, 1, FUTURES_MAX)
    if futures > trials:
        raise OpendomeError(
            got=f"{futures} futures for {trials} trials",
            allowed="at least one trial in every future",
            do="lower --futures or raise --trials",
        )
    chunk = -(-trials // futures) if chunk is None else chunk
    _check("chunk", chunk, 1, TRIALS_MAX)
    return Plan(trials=trials, futures=futures, chunk=chunk, tracking=_tracking(tracking))


def _chosen(
    scenario: Scenario, plan: Plan, policy: str | Callable[[], Policy] | None
) -> Choice | None:
    """A policy that can decide the trials of a plan."""
    if plan.tracking != "expected" and (policy is not None or _is_certified(scenario)):
        what = "the solver certified" if policy is None else "a policy"
        raise OpendomeError(
            got=f"{what} with tracking {plan.tracking}",
            allowed=f"{what} with expected tracking",
            do="leave out the one or the other",
        )
    return None if policy is None else choose(policy)


def _is_certified(scenario: Scenario) -> bool:
    """Whether the rules of a scenario are played as a policy."""
    return scenario.command.spec.solver == "certified"


def _tracking(name: str | None) -> Tracking:
    """A model of tracking by its name, the expected one without."""
    for known in TRACKINGS:
        if known == (name or TRACKINGS[0]):
            return known
    raise OpendomeError(
        got=f"tracking {name!r}", allowed=" or ".join(TRACKINGS), do="name one of them"
    )


def _check(name: str, value: Any, low: int, high: int) -> None:
    """Refuse anything but a whole number within bounds."""
    if type(value) is not int or not low <= value <= high:
        raise OpendomeError(
            got=f"{name} {value!r}",
            allowed=f"a whole number from {low} to {high}",
            do=f"choose another {name}",
        )


def _check_width(until_ci: float | None) -> None:
    """Refuse an interval that no run can reach."""
    if until_ci is not None and not 0.0 < until_ci < math.inf:
        raise OpendomeError(
            got=f"until_ci {until_ci}",
            allowed="a number of objects above 0",
            do="give the half-width you need, for example 0.2",
        )


def _agreement(
    scenario: Scenario, text: str, plan: Plan, until_ci: float | None
) -> dict[str, object]:
    """What a resumed run must have in common with the one that was cut off."""
    return {
        "opendome": __version__,
        "code": closure_digest(Path(__file__)),
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "scenario_text": hashlib.sha256(text.encode()).hexdigest(),
        "trials": plan.trials,
        "futures": plan.futures,
        "chunk": plan.chunk,
        "seed": scenario.seed,
        "until_ci": until_ci,
        "tracking": plan.tracking,
        "policy": plan.policy.document() if plan.policy else None,
    }


def warm_up(scenario: Scenario, tracking: Tracking, *, deciding: bool = False) -> float:
    """Compile every kernel that a run of a scenario needs, once per version.

    deciding : also those of a run in which a policy decides
    Returns the seconds spent on it.
    """
    begun = time.perf_counter()
    one: dict[str, int] = {"seed": scenario.seed, "first_trial": 0, "trials": 1}
    cold = not is_warm(play_batch)
    if cold:
        with compile_trial_beside():
            geometry = lay_out(scenario, 0)
        play(geometry.board, geometry.rules, **one)
    if tracking == "measured" and not is_warm(play_on_belief):
        cold = True
        MeasuredScene.of(lay_out(scenario, 0)).play(**one)
    if deciding and not is_warm(next_choice):
        cold = True
        PolicyScene.of(lay_out(scenario, 0), name="none", make=_Idle).play(**one)
    return time.perf_counter() - begun if cold else 0.0


class _Idle:
    """Orders nothing."""

    def decide(self, view: View) -> list[Order]:
        """No orders."""
        del view
        return []


def _play(
    scenario: Scenario,
    base: Plan,
    *,
    choice: Choice | None,
    until_ci: float | None,
    workers: int | None,
    store: Store,
    progress: Progress | None,
) -> Study:
    """Play one round, or rounds until the interval of the mean leakers is narrow enough.

    The rounds double. An interval that looks narrow may be so by chance, for want of the rare
    futures that would widen it; so it must be narrow twice in a row.
    """
    rounds, narrow = 1, 0
    while True:
        plan = replace(base, rounds=rounds)
        study = run_campaign(
            scenario,
            plan,
            seed=scenario.seed,
            workers=workers,
            store=store,
            progress=progress,
            policy=choice,
        )
        if until_ci is None or rounds >= ROUNDS_MAX:
            return study
        found = measure(
            study,
            layers=scenario.layers,
            layer_stock=scenario.layer_stock,
            lethal=scenario.lethal,
        )
        narrow = narrow + 1 if found.leakers.half_width <= until_ci else 0
        if narrow == NARROW_ROUNDS:
            return study
        rounds *= 2
