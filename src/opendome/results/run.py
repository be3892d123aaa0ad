"""Play a scenario and join everything about it into a ResultSet."""

import time
from pathlib import Path

from opendome.campaign.plan import Plan
from opendome.campaign.store import PLAN_FILE, ChunkStore, read_plan, write_whole
from opendome.campaign.study import Progress, Study, run_campaign
from opendome.compiled import is_warm
from opendome.engagement.geometry import lay_out
from opendome.engagement.kernels.trial import play_batch
from opendome.engagement.play import play
from opendome.quantities.errors import OpendomeError
from opendome.results.credibility import card
from opendome.results.example import tell
from opendome.results.folder import RUN_FILE, SCENARIO_FILE, write_run
from opendome.results.metrics import measure
from opendome.results.result_set import ResultSet
from opendome.scenario.loading import load
from opendome.scenario.scenario import Scenario
from opendome.version import __version__

ROUNDS_MAX = 64


def run(
    scenario: Scenario,
    *,
    trials: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    until_ci: float | None = None,
    workers: int | None = None,
    chunk: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> ResultSet:
    """Play a scenario and measure what came out.

    trials, futures, seed : the scenario's own when None
    until_ci : go on, in rounds of `trials` with new futures, until the 95 % interval of the
        mean leakers is at most this many objects to either side
    workers : threads, all cores when None     chunk : trials kept together on disk
    out : folder to keep the run in (a run cut off goes on where it stopped); None keeps nothing
    """
    begun = time.perf_counter()
    base = _plan(scenario, trials, futures, chunk)
    scenario = scenario if seed is None else scenario.with_seed(seed)
    seed = scenario.seed
    compile_s = warm_up(scenario, seed)
    store = ChunkStore(out, _agreement(scenario, base, seed, until_ci)) if out else None
    try:
        if out:
            _keep_scenario(scenario, out)
        study = _play(scenario, base, seed, until_ci, workers, store, progress)
        metrics = measure(study, layers=scenario.layers, layer_stock=scenario.layer_stock)
        example = tell(scenario, lay_out(scenario, 0), seed=seed) if out else None
        result = ResultSet(
            scenario=scenario,
            study=study,
            metrics=metrics,
            timing_s={
                "compile": compile_s,
                "geometry": study.geometry_s,
                "dice": study.dice_s,
                "total": time.perf_counter() - begun,
            },
            card=card(
                unverified_share=scenario.unverified_share(), futures=study.plan.futures_total
            ),
            run_dir=out,
        )
        if out and example and store:
            write_run(result, example, out)
            store.drop_chunks()
        return result
    finally:
        if store:
            store.close()


def _plan(scenario: Scenario, trials: int | None, futures: int | None, chunk: int | None) -> Plan:
    trials = scenario.trials if trials is None else trials
    futures = min(scenario.futures, trials) if futures is None else futures
    for name, value in (("trials", trials), ("futures", futures), ("chunk", chunk or 1)):
        if value < 1:
            raise OpendomeError(got=f"{name} {value}", allowed="1 or more", do=f"raise {name}")
    if futures > trials:
        raise OpendomeError(
            got=f"{futures} futures for {trials} trials",
            allowed="at least one trial in every future",
            do="lower --futures or raise --trials",
        )
    return Plan(trials=trials, futures=futures, chunk=chunk or max(1, -(-trials // futures)))


def resume(
    folder: Path, *, workers: int | None = None, progress: Progress | None = None
) -> ResultSet:
    """Go on with a run that was cut off, from what its folder holds: the same digest as uncut."""
    plan = read_plan(folder)
    path = folder / SCENARIO_FILE
    wanted = ("trials", "futures", "chunk")
    if not path.is_file() or not all(isinstance(plan.get(name), int) for name in wanted):
        raise OpendomeError(
            got=f"{folder}: a run cut off before its plan and scenario were kept",
            allowed=f"a folder with {PLAN_FILE} and {SCENARIO_FILE}",
            do=f"start again: opendome run ... --out {folder}",
        )
    until_ci = plan.get("until_ci")
    return run(
        load(path),
        trials=plan["trials"],
        futures=plan["futures"],
        chunk=plan["chunk"],
        until_ci=until_ci if isinstance(until_ci, int | float) else None,
        workers=workers,
        out=folder,
        progress=progress,
    )


def _keep_scenario(scenario: Scenario, folder: Path) -> None:
    """Keep the scenario from the first moment on, so that the folder alone can go on."""
    path = folder / SCENARIO_FILE
    if not path.exists():
        write_whole(path, scenario.resolved_yaml().encode())


def _agreement(
    scenario: Scenario, plan: Plan, seed: int, until_ci: float | None
) -> dict[str, object]:
    """What a resumed run must have in common with the one that was cut off."""
    return {
        "opendome": __version__,
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "trials": plan.trials,
        "futures": plan.futures,
        "chunk": plan.chunk,
        "seed": seed,
        "until_ci": until_ci,
    }


def warm_up(scenario: Scenario, seed: int = 0) -> float:
    """Compile every kernel that a scenario needs, once per version: seconds spent on it."""
    if is_warm(play_batch):
        return 0.0
    begun = time.perf_counter()
    geometry = lay_out(scenario, 0)
    play(geometry.board, geometry.rules, seed=seed, first_trial=0, trials=1)
    return time.perf_counter() - begun


def _play(
    scenario: Scenario,
    base: Plan,
    seed: int,
    until_ci: float | None,
    workers: int | None,
    store: ChunkStore | None,
    progress: Progress | None,
) -> Study:
    rounds = 1
    while True:
        plan = Plan(trials=base.trials, futures=base.futures, chunk=base.chunk, rounds=rounds)
        study = run_campaign(
            scenario, plan, seed=seed, workers=workers, store=store, progress=progress
        )
        if until_ci is None or rounds >= ROUNDS_MAX:
            return study
        leakers = measure(study, layers=scenario.layers, layer_stock=scenario.layer_stock).leakers
        if max(leakers.high - leakers.value, leakers.value - leakers.low) <= until_ci:
            return study
        rounds *= 2


def is_finished(folder: Path) -> bool:
    """Whether a run folder holds a finished run."""
    return (folder / RUN_FILE).is_file()
