"""How fast trials are played in which a policy decides, beside the rules of the scenario.

    python benchmarks/policies.py [SCENARIO] [TRIALS]

Warm, one future, one thread; a trial of each kind is played before the clock starts.
"""

import sys
import time

from opendome.campaign.study import scene_of
from opendome.command.registry import choose
from opendome.engagement.geometry import lay_out
from opendome.scenario.loading import load


class Counted:
    """Greedy, and how often it was asked."""

    asked = 0

    def __init__(self):
        self._policy = choose("greedy").make()
        self.begin = self._policy.begin

    def decide(self, view):
        Counted.asked += 1
        return self._policy.decide(view)


class Silent:
    """Looks and orders nothing: the price of the view."""

    def decide(self, view):
        del view
        return []


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "golden-dome"
    trials = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    geometry = lay_out(load(name), 0)
    for label in ("rules", Silent, "greedy", "certified"):
        choice = None if label == "rules" else choose(label)
        scene = scene_of(geometry, "expected", choice)
        scene.play(seed=7, first_trial=0, trials=1)
        begun = time.perf_counter()
        scene.play(seed=7, first_trial=0, trials=trials)
        spent_s = time.perf_counter() - begun
        shown = label if isinstance(label, str) else "views only"
        print(f"{name:18} {shown:12} {trials / spent_s:9.1f} trials/s")
    scene_of(geometry, "expected", choose(Counted)).play(seed=7, first_trial=0, trials=trials)
    print(f"{name:18} decisions of a policy in a trial: {Counted.asked / trials:.1f}")


if __name__ == "__main__":
    main()
