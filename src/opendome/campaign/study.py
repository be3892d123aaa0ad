"""Play a scenario many times."""

import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from opendome.campaign.plan import Plan, Tracking
from opendome.campaign.store import Store
from opendome.campaign.tables import digest, join
from opendome.command.policies import Certified
from opendome.command.policy import PolicyName
from opendome.command.registry import Choice, recall
from opendome.engagement.geometry import Geometry, lay_out
from opendome.engagement.measured import MeasuredScene
from opendome.engagement.play import ExpectedScene
from opendome.engagement.policies import PolicyScene
from opendome.engagement.records import Ledger
from opendome.quantities.errors import OpendomeError
from opendome.scenario.scenario import Scenario
from opendome.sensing.records import Looks

BOARD_MEMORY_BYTES = 400_000_000


class Progress(Protocol):
    """What a face shows while a campaign runs."""

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` trials are finished."""
        ...


@dataclass(frozen=True, kw_only=True)
class Study:
    """All trials of a campaign.

    Attributes
    ----------
    plan : futures, trials, chunks
    seed : stream of luck
    ledger : joined tables, ordered by trial
    sampled : (future) input path -> value drawn in that future
    digest : SHA-256 of the ledger
    without_looks : sensors that work in some future and had no look in any
    sensors_down : name of each sensor that does not work in some future -> in how many
    geometry_s, dice_s : seconds of work spent in each pass, over all workers
    """

    plan: Plan
    seed: int
    ledger: Ledger
    sampled: Sequence[dict[str, float]]
    digest: str
    geometry_s: float
    dice_s: float
    without_looks: tuple[str, ...] = ()
    sensors_down: Mapping[str, int] = field(default_factory=dict[str, int])


class Looking(NamedTuple):
    """Names of the sensors of a future, and of those that had a look."""

    names: tuple[str, ...]
    seeing: frozenset[str]

    @classmethod
    def of(cls, looks: Looks) -> "Looking":
        """Who looked, of the looks of a future."""
        seeing = (looks.sensor_names[sensor] for sensor in np.unique(looks.sensor))
        return cls(looks.sensor_names, frozenset(seeing))


class Scene(Protocol):
    """What the trials of one future are played on."""

    @property
    def nbytes(self) -> int:
        """Memory held [bytes]."""
        ...

    def play(self, *, seed: int, first_trial: int, trials: int) -> Ledger:
        """Play consecutive trials."""
        ...


SCENES: Mapping[Tracking, Callable[[Geometry], Scene]] = {
    "expected": ExpectedScene.of,
    "measured": MeasuredScene.of,
}
CERTIFIED = Choice(PolicyName("certified", "opendome", ""), Certified)


def scene_of(geometry: Geometry, tracking: Tracking, policy: Choice | None) -> Scene:
    """What the trials of a future are played on.

    policy : what decides; None for the rules of the scenario, whose solver `certified` is a
        policy as well
    """
    solver = geometry.realisation.command.solver
    choice = CERTIFIED if policy is None and solver == CERTIFIED.name.name else policy
    if choice is None:
        return SCENES[tracking](geometry)
    if tracking != "expected":
        raise OpendomeError(
            got=f"tracking {tracking} decided by {choice.name.name}",
            allowed="policies, and the solver certified, with expected tracking",
            do="leave out --tracking, or the policy",
        )
    return PolicyScene.of(geometry, name=choice.name.name, make=choice.make)


@dataclass
class _Boards:
    """Boards of the futures in play, each laid out once.

    A board is dropped when its last chunk was played, or when memory is short.

    waiting : chunks still to be played, by future
    """

    scenario: Scenario
    tracking: Tracking
    policy: Choice | None = None
    kept: "OrderedDict[int, Scene]" = field(default_factory=OrderedDict[int, Scene])
    waiting: Counter[int] = field(default_factory=Counter[int])
    locks: dict[int, threading.Lock] = field(default_factory=dict[int, threading.Lock])
    guard: threading.Lock = field(default_factory=threading.Lock)
    sampled: dict[int, dict[str, float]] = field(default_factory=dict[int, dict[str, float]])
    looking: dict[int, Looking] = field(default_factory=dict[int, Looking])
    geometry_s: float = 0.0
    dice_s: float = 0.0

    def get(self, future: int) -> Scene:
        with self.guard:
            lock = self.locks.setdefault(future, threading.Lock())
        with lock:
            with self.guard:
                if future in self.kept:
                    self.kept.move_to_end(future)
                    return self.kept[future]
            begun = time.perf_counter()
            geometry = lay_out(self.scenario, future)
            scene = scene_of(geometry, self.tracking, self.policy)
            with self.guard:
                self.geometry_s += time.perf_counter() - begun
                self.kept[future] = scene
                self.sampled[future] = geometry.realisation.sampled
                self.looking[future] = Looking.of(geometry.looks)
                while len(self.kept) > 1 and self._held() > BOARD_MEMORY_BYTES:
                    self.kept.popitem(last=False)
            return scene

    def without_looks(self, futures: int) -> tuple[str, ...]:
        """Sensors without a look in any future; one that was not played here is laid out."""
        working: set[str] = set()
        known: set[str] = set()
        seeing: set[str] = set()
        for future in sorted(range(futures), key=lambda number: number not in self.looking):
            if future not in self.looking:
                if known and known <= seeing:
                    break
                self.get(future)
            names, own = self.looking[future]
            working.update(names)
            known.update(names, self.scenario.sensors_down(future))
            seeing |= own
        return tuple(sorted(working - seeing))

    def _held(self) -> int:
        return sum(scene.nbytes for scene in self.kept.values())

    def play_chunk(self, plan: Plan, chunk: range, seed: int) -> Ledger:
        """Ledger of one chunk, which may span several futures."""
        parts: list[Ledger] = []
        for future, trials in plan.batches(chunk):
            scene = self.get(future)
            begun = time.perf_counter()
            first, count = trials.start, len(trials)
            parts.append(scene.play(seed=seed, first_trial=first, trials=count))
            with self.guard:
                self.dice_s += time.perf_counter() - begun
                self.waiting[future] -= 1
                if not self.waiting[future]:
                    self.kept.pop(future, None)
        return join(parts)


def run_campaign(
    scenario: Scenario,
    plan: Plan,
    *,
    seed: int,
    workers: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    order: Callable[[list[range]], list[range]] | None = None,
    policy: Choice | None = None,
) -> Study:
    """Play every chunk of a plan; a chunk already in the store is not played again.

    workers : threads (the kernels let go of the interpreter, a policy does not), all cores when
        None
    order : rearranges the chunks, for tests that show it does not matter
    policy : the policy of the plan; looked up among the installed ones when None
    """
    if plan.policy is not None and policy is None:
        policy = recall(plan.policy, None)
    boards = _Boards(scenario, plan.tracking, policy)
    chunks = plan.chunks()
    found = {chunk: store.get(chunk) for chunk in chunks} if store else {}
    ledgers = {chunk: ledger for chunk, ledger in found.items() if ledger is not None}
    missing = [chunk for chunk in chunks if chunk not in ledgers]
    todo = order(missing) if order else missing
    boards.waiting.update(future for chunk in todo for future, _ in plan.batches(chunk))
    done = sum(len(chunk) for chunk in ledgers)
    if progress:
        progress(done, plan.trials_total)
    with closing(_play_all(boards, plan, todo, seed, workers or cores())) as finished:
        for chunk, ledger in finished:
            if store:
                store.put(chunk, ledger)
            ledgers[chunk] = ledger
            done += len(chunk)
            if progress:
                progress(done, plan.trials_total)
    ledger = join(ledgers.values())
    down = Counter(
        name for future in range(plan.futures_total) for name in scenario.sensors_down(future)
    )
    return Study(
        plan=plan,
        seed=seed,
        ledger=ledger,
        sampled=[
            boards.sampled.get(future) or scenario.sampled(future)
            for future in range(plan.futures_total)
        ],
        digest=digest(ledger, plan.policy),
        without_looks=boards.without_looks(plan.futures_total),
        sensors_down=dict(sorted(down.items())),
        geometry_s=boards.geometry_s,
        dice_s=boards.dice_s,
    )


def without_looks(scenario: Scenario, futures: int) -> tuple[str, ...]:
    """Sensors that see nothing of the raid in any of the first futures; no trial is played."""
    return _Boards(scenario, "expected").without_looks(futures)


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _play_all(
    boards: _Boards, plan: Plan, chunks: list[range], seed: int, workers: int
) -> Generator[tuple[range, Ledger]]:
    """Yield each chunk with its ledger as soon as it is finished."""
    waiting = list(reversed(chunks))
    running: dict[Future[Ledger], range] = {}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < 2 * workers:
                    chunk = waiting.pop()
                    running[pool.submit(boards.play_chunk, plan, chunk, seed)] = chunk
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield running.pop(future), future.result()
        finally:
            for future in running:
                future.cancel()
