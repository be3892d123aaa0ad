"""opendome: an open simulator and analysis workbench for layered homeland missile defence.

    >>> import opendome
    >>> scenario = opendome.load("golden-dome")
    >>> result = opendome.run(scenario, trials=100, futures=10)
    >>> result.metrics.leakers

The verbs are those of the command line. Results are illustrative; they are not validated
against flight data.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opendome.version import __version__

if TYPE_CHECKING:
    from opendome.quantities.errors import OpendomeError
    from opendome.report.page import write_report
    from opendome.results.folder import StoredRun, open_run, query
    from opendome.results.result_set import ResultSet
    from opendome.results.run import resume, run
    from opendome.scenario.loading import load
    from opendome.scenario.scenario import Scenario
    from opendome.sources.catalogue import System, load_system, system_ids
    from opendome.verification.checks import run_checks

__all__ = [
    "OpendomeError",
    "ResultSet",
    "Scenario",
    "StoredRun",
    "System",
    "__version__",
    "load",
    "load_system",
    "open_run",
    "query",
    "resume",
    "run",
    "run_checks",
    "system_ids",
    "write_report",
]

_PLACES = {
    "OpendomeError": "opendome.quantities.errors",
    "ResultSet": "opendome.results.result_set",
    "Scenario": "opendome.scenario.scenario",
    "StoredRun": "opendome.results.folder",
    "System": "opendome.sources.catalogue",
    "load": "opendome.scenario.loading",
    "load_system": "opendome.sources.catalogue",
    "open_run": "opendome.results.folder",
    "query": "opendome.results.folder",
    "resume": "opendome.results.run",
    "run": "opendome.results.run",
    "run_checks": "opendome.verification.checks",
    "system_ids": "opendome.sources.catalogue",
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
