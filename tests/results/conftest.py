"""One small run, kept once; every test gets a folder of its own to harm."""

import shutil

import pytest

from opendome.results.run import run
from opendome.scenario.loading import load


@pytest.fixture(scope="session")
def scenario():
    return load("homeland-2026")


@pytest.fixture(scope="session")
def result(scenario, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "run"
    return run(scenario, trials=40, futures=8, out=folder)


@pytest.fixture
def folder(result, tmp_path):
    return shutil.copytree(result.run_dir, tmp_path / "run")
