"""Who commanded in the futures of a run, and what people took before the first shot."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opendome.command.spec import STEPS, CommandSpec, PeopleSpec, SpreadSpec
from opendome.scenario import anatomy
from opendome.scenario.draft import Asset
from opendome.scenario.draws import Draws
from opendome.scenario.sectors import commanders, deciding_nodes, division


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Who commands in the futures of a scenario. seed : of all draws."""

    command: CommandSpec
    assets: Sequence[Asset]
    seed: int

    def cut_off(self, future: int) -> tuple[str, ...]:
        """Nations whose command is cut off in a future; as in `realise`."""
        return commanders(self.command, self.assets, Draws(self.seed, future)).cut_off

    def document(self, futures: int) -> dict[str, Any]:
        """What the document of a run says of command.

        nodes : every node that decided in some future     sectors : name -> nation
        cut_off : nation -> number of futures in which its command was cut off
        people : step -> its time, or its median and 90 percent point, as in a scenario
        """
        people = self.command.people
        lost = Counter(nation for future in range(futures) for nation in self.cut_off(future))
        return {
            "nodes": list(deciding_nodes(self.command, self.assets)),
            "sectors": dict(division(self.command, self.assets).nation_of),
            "cut_off": dict(sorted(lost.items())),
            "people": {} if people is None else _people(people),
        }


def _people(people: PeopleSpec) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for step in STEPS:
        given = getattr(people, step)
        if isinstance(given, SpreadSpec):
            found[step] = {
                key: anatomy.text(SpreadSpec, (key,), getattr(given, key))
                for key in ("median", "p90")
            }
        elif given is not None:
            found[step] = {"time": anatomy.text(PeopleSpec, (step,), given)}
    return found
