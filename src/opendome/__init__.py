"""opendome: an open simulator and analysis workbench for layered homeland missile defence.

    >>> import opendome
    >>> scenario = opendome.load("golden-dome")
    >>> result = opendome.run(scenario, trials=100, futures=10)
    >>> result.metrics.leakers

    >>> opendome.study("aei-sbi-calculator", flyout="90 s")["interceptors"]

The verbs are those of the command line. Results are illustrative; they are not validated
against flight data.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opendome.version import __version__

if TYPE_CHECKING:
    from opendome.economics.bill import bill
    from opendome.economics.timeline import timeline
    from opendome.quantities.errors import OpendomeError
    from opendome.report.page import write_report
    from opendome.results.capability import capability
    from opendome.results.cost_per_kill import cost_per_kill
    from opendome.results.explained import Explanation, explain
    from opendome.results.folder import StoredRun, open_run, query
    from opendome.results.result_set import ResultSet
    from opendome.results.run import resume, run
    from opendome.scenario.loading import load
    from opendome.scenario.scenario import Scenario
    from opendome.sizing.answers import size_interceptors, size_sensors
    from opendome.sources.catalogue import System, load_system, system_ids
    from opendome.studies.difference import difference
    from opendome.studies.evaluation import study
    from opendome.studies.scoreboard import scoreboard
    from opendome.survey.map import coverage
    from opendome.verification.checks import run_checks

__all__ = [
    "Explanation",
    "OpendomeError",
    "ResultSet",
    "Scenario",
    "StoredRun",
    "System",
    "__version__",
    "bill",
    "capability",
    "cost_per_kill",
    "coverage",
    "difference",
    "explain",
    "load",
    "load_system",
    "open_run",
    "query",
    "resume",
    "run",
    "run_checks",
    "scoreboard",
    "size_interceptors",
    "size_sensors",
    "study",
    "system_ids",
    "timeline",
    "write_report",
]

_PLACES = {
    "Explanation": "opendome.results.explained",
    "OpendomeError": "opendome.quantities.errors",
    "ResultSet": "opendome.results.result_set",
    "Scenario": "opendome.scenario.scenario",
    "StoredRun": "opendome.results.folder",
    "System": "opendome.sources.catalogue",
    "bill": "opendome.economics.bill",
    "capability": "opendome.results.capability",
    "cost_per_kill": "opendome.results.cost_per_kill",
    "coverage": "opendome.survey.map",
    "difference": "opendome.studies.difference",
    "explain": "opendome.results.explained",
    "load": "opendome.scenario.loading",
    "load_system": "opendome.sources.catalogue",
    "open_run": "opendome.results.folder",
    "query": "opendome.results.folder",
    "resume": "opendome.results.run",
    "run": "opendome.results.run",
    "run_checks": "opendome.verification.checks",
    "scoreboard": "opendome.studies.scoreboard",
    "size_interceptors": "opendome.sizing.answers",
    "size_sensors": "opendome.sizing.answers",
    "study": "opendome.studies.evaluation",
    "system_ids": "opendome.sources.catalogue",
    "timeline": "opendome.economics.timeline",
    "write_report": "opendome.report.page",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that importing stays quick."""
    if name not in _PLACES:
        message = f"module 'opendome' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)
