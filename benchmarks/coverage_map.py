"""Time to map coverage: windows (a cell at a moment) judged in a second.

Run: python benchmarks/coverage_map.py [--quick]

Seconds of the wall, and of all cores together (which other programs do not lengthen much).
"""

import argparse
import time

import opendome

CASES = (
    ("homeland-2026", "midcourse", "2 deg", "60 s"),
    ("golden-dome", "midcourse", "2 deg", "60 s"),
    ("golden-dome", "burnout", "2 deg", "60 s"),
    ("golden-dome", "midcourse", "5 deg", "5 min"),
)
QUICK = tuple((name, phase, "10 deg", step) for name, phase, _, step in CASES)


def mapped(name, phase, grid, step):
    """Windows, seconds of the wall, seconds of all cores."""
    scenario = opendome.load(name)
    wall, cores = time.perf_counter(), time.process_time()
    found = opendome.coverage(scenario, phase=phase, grid=grid, step=step, hours=1)
    windows = found.grid.cells * found.grid.moments
    return windows, time.perf_counter() - wall, time.process_time() - cores


def main():
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--quick", action="store_true", help="coarse grids only")
    cases = QUICK if reader.parse_args().quick else CASES
    for name in dict.fromkeys(case[0] for case in cases):
        mapped(name, "midcourse", "30 deg", "20 min")  # compiled and read
    for case in cases:
        windows, wall_s, cores_s = mapped(*case)
        words = " ".join(f"{word:14}" for word in case)
        print(
            f"{words} {windows:10,} windows {wall_s:7.1f} s {windows / wall_s:10,.0f} /s "
            f"{windows / cores_s:10,.0f} /s and core"
        )


if __name__ == "__main__":
    main()
