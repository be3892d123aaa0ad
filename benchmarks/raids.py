"""Speed of flying rockets and carriers and of reading a raid file, kernels warm: CPU seconds.

    uv run python benchmarks/raids.py

100 rockets to 7 to 14 km, aimed and thrown off; `mixed-raid`, every kind of flight but rockets;
a raid file of 300 objects with 60 rows each, read, checked and flown.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from opendome.scenario.loading import load, load_text
from opendome.scenario.scenario import Scenario
from opendome.threats.models import fly_raid

REPEATS = 3
HEAD = """\
scenario: speed
title: Speed
epoch: 2029-01-20T12:00:00Z
defended: [{area: guam}]
trials: 4
futures: 2
raid:
"""
ROCKETS = (
    "  - {class: rocket-122mm, count: 100, from: {at: [33.20 deg, 35.30 deg]}, "
    "to: {at: [33.15 deg, 35.20 deg]}}\n"
)
GIVEN = "  - {class: owa-drone, tracks: tracks.csv, frame: geodetic}\n"


def best(work: Callable[[], object]) -> float:
    """Least CPU time of several tries, after one that compiles [s]."""
    seconds: list[float] = []
    for _ in range(REPEATS + 1):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds[1:])


def fly(scenario: Scenario) -> int:
    """Fly the raid of one future; returns its samples."""
    real = scenario.realise(0)
    raid = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)
    return int(raid.valid.sum())


def tell(name: str, scenario: Scenario) -> None:
    """Print the time of one raid."""
    samples = fly(scenario)
    objects = sum(scenario.raid_by_class().values())
    print(
        f"{name:12} {objects:4} objects, {samples:8} samples: {best(lambda: fly(scenario)):.3f} s"
    )


def main() -> None:
    """Print the CPU time of each case."""
    tell("rockets", load_text(HEAD + ROCKETS))
    tell("mixed-raid", load("mixed-raid"))
    with tempfile.TemporaryDirectory() as folder:
        rows = ["object,t_s,lat_deg,lon_deg,alt_m"]
        rows += [
            f"{number},{20 * row},{10 + row / 200},{140 + number / 100},300"
            for number in range(300)
            for row in range(60)
        ]
        (Path(folder) / "tracks.csv").write_text("\n".join(rows))
        path = Path(folder) / "speed.yaml"
        path.write_text(HEAD + GIVEN)
        print(
            f"{'raid file':12}  300 objects,    18000 rows read: {best(lambda: load(path)):.3f} s"
        )
        tell("raid file", load(path))


if __name__ == "__main__":
    main()
