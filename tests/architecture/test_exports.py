"""The public names of the package: pinned, importable, and quick to import."""

import subprocess
import sys

import pytest

import opendome

PUBLIC = [
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
HEAVY = {"numpy", "numba", "scipy", "pydantic", "yaml", "duckdb", "pyarrow", "matplotlib", "typer"}


def test_public_names_are_pinned():
    """A new name is a promise; it comes with a test, a docstring and a line in the changelog."""
    assert sorted(opendome.__all__) == PUBLIC
    assert dir(opendome) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_is_there_and_described(name):
    thing = getattr(opendome, name)
    assert name == "__version__" or (thing.__doc__ and thing.__doc__.strip())


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        opendome.lode  # noqa: B018  (the access is the test)


def test_importing_loads_no_numerics():
    code = f"import opendome, sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
