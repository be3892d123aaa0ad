"""Who commanded in the futures of a run, and what people took before the first shot."""

from collections import Counter
from typing import Any

from opendome.command.spec import STEPS, SpreadSpec
from opendome.scenario import anatomy
from opendome.scenario.scenario import Scenario
from opendome.scenario.sectors import deciding_nodes, division


def commanding(scenario: Scenario, futures: int) -> dict[str, Any]:
    """The part of the document of a run that is about command.

    nodes : every node that decided in some future     sectors : name -> nation
    cut_off : nation -> number of futures in which its command was cut off
    people : step -> its time, or its median and 90 percent point, as written in a scenario
    """
    command = scenario.command.spec
    lost = Counter(nation for future in range(futures) for nation in scenario.cut_off(future))
    return {
        "nodes": list(deciding_nodes(command, scenario.assets)),
        "sectors": dict(division(command, scenario.assets).nation_of),
        "cut_off": dict(sorted(lost.items())),
        "people": _people(scenario),
    }


def _people(scenario: Scenario) -> dict[str, dict[str, str]]:
    people = scenario.command.spec.people
    if people is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    for step in STEPS:
        given = getattr(people, step)
        if isinstance(given, SpreadSpec):
            found[step] = {
                key: anatomy.text(SpreadSpec, (key,), getattr(given, key))
                for key in ("median", "p90")
            }
        elif given is not None:
            found[step] = {"time": anatomy.text(type(people), (step,), given)}
    return found
