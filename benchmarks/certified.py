"""Speed of the certified assignment solver, kernels warm.

    uv run python benchmarks/certified.py            # all classes
    uv run python benchmarks/certified.py 200x200x1  # weapons x targets x most rounds

Random instances of the class of Ahuja et al. (2007): values uniform in 25 to 100, every pair with a
probability uniform in 0.6 to 0.9. Weapons have the same number of rounds where this is 1, else 1 to
that many.
"""

import sys
import time

import numpy as np

from opendome.command.assign.certified import certified
from opendome.command.assign.problem import Problem

CLASSES = ("100x100x1", "200x200x1", "200x100x1", "100x200x3", "300x600x3", "1000x1000x1")
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


def main(names: list[str]) -> None:
    for size in (12, 24):
        certified(instance(size, 2 * size, 3, 1))
        certified(instance(size, size // 2, 1, 1))
    for name in names or CLASSES:
        weapons, targets, rounds = map(int, name.split("x"))
        for seed in SEEDS:
            problem = instance(weapons, targets, rounds, seed)
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
