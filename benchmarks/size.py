"""Time to size or judge a constellation, and the speed of counting by planes.

Run: python benchmarks/size.py

The promise: `opendome size` with a propagated constellation of 7,800 satellites over a day at
60 s answers in 2 s, start of the program included, once kernels are compiled.
"""

import math
import subprocess
import sys
import time

import numpy as np

from opendome.sizing.answers import size_interceptors, size_sensors
from opendome.world.constellations import Walker
from opendome.world.shells import satellites_in_reach

PATTERN = Walker(
    kind="delta",
    satellites=7800,
    planes=78,
    phasing=1,
    altitude_m=400e3,
    inclination_rad=math.radians(85.0),
)
DAY_S = np.arange(0.0, 86_400.0, 60.0)
COMMANDS = (
    ("judge 7,800 satellites", ("--satellites", "7800", "--planes", "78"), 2.0),
    ("search, one latitude", (), 2.0),
    ("search, an area", ("--area", "north-east-asia"), math.nan),
    ("sensors, an area", ("sensors", "--area", "japan", "--fold", "2"), math.nan),
)


def best_s(function, repeats=5):
    """Seconds, the best of several runs; the first run only warms up."""
    function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def count(constellation):
    return satellites_in_reach(
        constellation, math.radians(40.0), altitude_m=400e3, reach_m=753e3, t_s=DAY_S
    )


def command(words):
    subprocess.run(
        [sys.executable, "-m", "opendome.cli.main", "size", *words], check=True, capture_output=True
    )


def main():
    elements = PATTERN.elements()
    assert (count(PATTERN) == count(elements)).all()
    print(f"{'':38s} {'seconds':>9s}  {'goal':>5s}")
    rows = [
        ("7,800 over a day at 60 s, by planes", best_s(lambda: count(PATTERN)), 0.5),
        ("  one satellite at a time", best_s(lambda: count(elements)), 0.5),
        ("search, one latitude, in this process", best_s(size_interceptors), math.nan),
        (
            "curve of delay, 13 points",
            best_s(lambda: size_interceptors(curve="delay"), 1),
            math.nan,
        ),
        ("sensors, one latitude", best_s(size_sensors), math.nan),
    ]
    rows += [
        (f"opendome size: {name}", best_s(lambda w=words: command(w), 3), goal)
        for name, words, goal in COMMANDS
    ]
    for name, seconds, goal in rows:
        wanted = "" if math.isnan(goal) else f"{goal:g}"
        print(f"{name:38s} {seconds:9.4f}  {wanted:>5s}")


if __name__ == "__main__":
    main()
