"""How long the looks of one radar take: standing, moving, searching, full, over the horizon.

python benchmarks/radars.py [--objects 300] [--rounds 5]
"""

import argparse
import math
import time
from dataclasses import replace

from opendome.scenario.loading import load_text
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.radar import Course
from opendome.sensing.resources import Luck, Search
from opendome.sensing.skywave import SkywaveRadar
from opendome.threats.models import fly_raid

SCENARIO = """
scenario: radars
title: A raid for radars
epoch: 2029-01-20T12:00:00Z
defended: [{{area: conus}}]
assets:
  - {{use: lrdr, nation: US}}
  - {{use: hd-othr, nation: US, target_altitude_max: 300 km, azimuth_from: 0 deg,
      azimuth_to: 360 deg, ionosphere: 1}}
raid:
  - class: icbm-solid
    count: {objects}
    from: {{area: north-east-asia}}
    to: {{area: conus}}
    within: 10 min
trials: 1
"""


def seconds(work, rounds):
    """Shortest time of some rounds, after one that compiles."""
    work()
    best = math.inf
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def suites(still, skywave):
    """One suite for each way a radar spends its time."""
    search = Search(frame_s=10.0, share=0.3, fence_rad=still.elevation_max_rad)
    ways = {
        "standing, shared": still,
        "moving": replace(still, course=Course(heading_rad=1.0, speed_m_s=8.0)),
        "searching": replace(still, search=search),
        "searching, first come": replace(still, search=search, priority="first-come"),
        "full, first come": replace(still, priority="first-come"),
        "full, closing": replace(still, priority="closing"),
        "biased": replace(still, angle_bias_rad=1e-4, range_bias_m=10.0),
    }
    found = {name: SensorSuite(radars=(radar,), luck=Luck(seed=1)) for name, radar in ways.items()}
    return found | {"over the horizon": SensorSuite(skywave=(skywave,))}


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    real = load_text(SCENARIO.format(objects=asked.objects), "radars.yaml").realise(0)
    raid = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)
    still = replace(real.suite.radars[0], look_budget_hz=60.0)
    skywave = next(s for s in real.suite.sensors if isinstance(s, SkywaveRadar))
    print(f"{asked.objects} objects, {int(raid.valid.sum()):,} s of flight")
    print(f"{'radar':24}{'looks':>9}{'ms':>9}{'us a look':>11}")
    for name, suite in suites(still, skywave).items():
        looks = look_at(raid, suite, era_epoch_rad=real.era_epoch_rad)
        took = seconds(
            lambda suite=suite: look_at(raid, suite, era_epoch_rad=real.era_epoch_rad),
            asked.rounds,
        )
        count = looks.t_s.size
        print(f"{name:24}{count:9,}{1e3 * took:9.1f}{1e6 * took / max(count, 1):11.2f}")


if __name__ == "__main__":
    main()
