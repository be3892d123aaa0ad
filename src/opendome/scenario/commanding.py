"""Who commanded in the futures of a run, and what people took before the first shot."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from opendome.command.spec import STEPS, CommandSpec, PeopleSpec, SpreadSpec
from opendome.scenario import anatomy
from opendome.scenario.draft import Asset
from opendome.scenario.realisation import Draws
from opendome.scenario.sectors import commanders, deciding_nodes, division


def commanding(
    command: CommandSpec, assets: Sequence[Asset], *, seed: int, futures: int
) -> dict[str, Any]:
    """What the document of a run says of command.

    nodes : every node that decided in some future     sectors : name -> nation
    cut_off : nation -> number of futures in which its command was cut off
    people : step -> its time, or its median and 90 percent point, as written in a scenario
    """
    lost = Counter(
        nation
        for future in range(futures)
        for nation in commanders(command, assets, Draws(seed, future)).cut_off
    )
    return {
        "nodes": list(deciding_nodes(command, assets)),
        "sectors": dict(division(command, assets).nation_of),
        "cut_off": dict(sorted(lost.items())),
        "people": {} if command.people is None else _people(command.people),
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
