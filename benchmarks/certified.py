"""Speed of the certified assignment solver, kernels warm.

    uv run python benchmarks/certified.py            # all classes
    uv run python benchmarks/certified.py 200x200x1  # weapons x targets x most rounds
    uv run python benchmarks/certified.py 60x80x4x6  # ... x slots

Random instances of the class of Ahuja et al. (2007): values uniform in 25 to 100, every pair with a
probability uniform in 0.6 to 0.9. Weapons have the same number of rounds where this is 1, else 1 to
that many. With slots, each pair may fire in one to three of them in a row, one round of a weapon in
each, two at a target, and at a target in two.
"""

import sys
import time

import numpy as np

from opendome.command.assign.building import problem_of
from opendome.command.assign.certified import certified
from opendome.command.assign.problem import Problem

CLASSES = (
    "100x100x1",
    "200x200x1",
    "200x100x1",
    "100x200x3",
    "300x600x3",
    "1000x1000x1",
    "60x80x4x6",
)
SEEDS = range(1, 6)


def instance(weapons: int, targets: int, rounds: int, seed: int) -> Problem:
    """A random instance."""
    luck = np.random.default_rng(seed)
    value = luck.uniform(25.0, 100.0, targets)
    p_kill = luck.uniform(0.6, 0.9, (weapons, targets))
    unlimited = 1_000_000
    return Problem(
        value=value,
        shots=luck.integers(1, rounds + 1, weapons),
        price=np.zeros(weapons),
        rate=np.full(weapons, unlimited),
        salvo=np.full(targets, unlimited),
        looks=np.full(targets, unlimited),
        weapon=np.tile(np.arange(weapons), targets),
        target=np.repeat(np.arange(targets), weapons),
        slot=np.zeros(weapons * targets, np.int64),
        p_kill=p_kill.T.ravel().copy(),
    )


def in_windows(problem: Problem, slots: int, seed: int) -> Problem:
    """The problem with its pairs open in some of these slots."""
    luck = np.random.default_rng([seed, slots])
    p_kill = np.zeros((problem.weapons, problem.targets, slots))
    p_kill[problem.weapon, problem.target] = problem.p_kill[:, None]
    opens = luck.integers(0, slots, p_kill.shape[:2])[:, :, None]
    shut = opens + luck.integers(1, 4, p_kill.shape[:2])[:, :, None]
    slot = np.arange(slots)
    p_kill *= (slot >= opens) & (slot < shut)
    return problem_of(p_kill, problem.value, shots=problem.shots, rate=1, salvo=2, looks=2)


def main(names: list[str]) -> None:
    for size in (12, 24):
        certified(instance(size, 2 * size, 3, 1))
        certified(instance(size, size // 2, 1, 1))
        certified(in_windows(instance(size, size, 2, 1), 3, 1))
    for name in names or CLASSES:
        weapons, targets, rounds, *slots = map(int, name.split("x"))
        for seed in SEEDS:
            problem = instance(weapons, targets, rounds, seed)
            for count in slots:
                problem = in_windows(problem, count, seed)
            begun = time.process_time()
            answer = certified(problem, seconds=60.0)
            core_s = time.process_time() - begun
            print(
                f"{name:12} seed {seed}  objective {answer.objective:.6f}"
                f"  bound {answer.bound:.6f}  gap {answer.gap:.1e}"
                f"  wall {answer.seconds:.2f} s  core {core_s:.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
