"""Throughput of the draws on one core, and against the library generator it replaces.

Run: python benchmarks/draws.py
"""

import time

import numpy as np

from opendome.compiled import kernel
from opendome.draws.philox import fill_normal, fill_uniform, uniform

COUNT = 1 << 16
REPEATS = 64


@kernel
def sum_of_single_draws(seed, count):
    total = 0.0
    for index in range(count):
        total += uniform(seed, 5, index, 3, 0)
    return total


def rate(function, draws):
    """Draws per second, the best of several runs."""
    function()
    best = np.inf
    for _ in range(REPEATS):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return draws / best


def main():
    out = np.empty(COUNT)
    library = np.random.Generator(np.random.Philox(7))
    rows = {
        "uniform, array": rate(lambda: fill_uniform(7, 1, 2, 3, out), COUNT),
        "uniform, single": rate(lambda: sum_of_single_draws(7, COUNT), COUNT),
        "normal, array": rate(lambda: fill_normal(7, 1, 2, 3, out), COUNT),
        "numpy Philox uniform": rate(lambda: library.random(out=out), COUNT),
        "numpy Philox normal": rate(lambda: library.standard_normal(out=out), COUNT),
    }
    for name, per_second in rows.items():
        print(f"{name:22s} {per_second / 1e6:8.0f} M/s")
    print(f"array over numpy       {rows['uniform, array'] / rows['numpy Philox uniform']:8.1f}")


if __name__ == "__main__":
    main()
