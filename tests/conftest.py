"""What tests of several rooms share."""

import runpy
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def looks_of():
    """Makes looks by hand; the function the tests of the network use."""
    return runpy.run_path(str(Path(__file__).parent / "network" / "looks.py"))["looks_of"]
