"""Speed of the certified assignment solver, kernels warm.

    uv run python benchmarks/certified.py            # all classes
    uv run python benchmarks/certified.py 200x200x1  # weapons x targets x most rounds
    uv run python benchmarks/certified.py 60x80x4x6  # ... x slots

Random instances of the class of Ahuja et al. (2007): values uniform in 25 to 100, every pair with a
probability uniform in 0.6 to 0.9. Weapons have the same number of rounds where this is 1, else 1 to
that many. With slots, each pair may fire in one to three of them in a row, one round of a weapon in
each, two at a target, and at a target in two. `any` after the size: probabilities uniform in 0 to
1; `few`: each weapon can fire at about six targets, with probabilities uniform in 0.5 to 1.
"""

import sys
import time

import numpy as np

from opendome.command.assign import Problem, problem_of
from opendome.command.assign.certified import certified
from opendome.command.assign.greedy import greedy

CLASSES = (
    "100x100x1",
    "200x200x1",
    "200x100x1",
    "100x200x3",
    "300x600x3",
    "1000x1000x1",
    "60x80x4x6",
    "100x200x3 any",
    "300x600x3 any",
    "60x120x2 few",
    "300x600x2 few",
    "300x600x3 few",
)
FEW = 6.0  # targets of a weapon
SEEDS = range(1, 6)


def instance(weapons: int, targets: int, rounds: int, seed: int, kind: str = "") -> Problem:
    """A random instance."""
    luck = np.random.default_rng(seed)
    value = luck.uniform(25.0, 100.0, targets)
    least, most = {"": (0.6, 0.9), "any": (0.0, 1.0), "few": (0.5, 1.0)}[kind]
    p_kill = luck.uniform(least, most, (weapons, targets))
    shots = luck.integers(1, rounds + 1, weapons)
    if kind == "few":
        p_kill *= luck.random(p_kill.shape) < FEW / targets
    return problem_of(p_kill, value, shots=shots)


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
        size, _, kind = name.partition(" ")
        weapons, targets, rounds, *slots = map(int, size.split("x"))
        for seed in SEEDS:
            problem = instance(weapons, targets, rounds, seed, kind)
            for count in slots:
                problem = in_windows(problem, count, seed)
            begun = time.process_time()
            answer = certified(problem, seconds=60.0)
            core_s = time.process_time() - begun
            loss = greedy(problem).objective / answer.objective - 1.0
            print(
                f"{name:14} seed {seed}  objective {answer.objective:.6f}"
                f"  bound {answer.bound:.6f}  gap {answer.gap:.1e}  greedy {loss:+.1%}"
                f"  wall {answer.seconds:.2f} s  core {core_s:.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
