"""Made-up run folders, each written once."""

import pytest

from opendome.report.page import render
from opendome.report.story import Story
from opendome.results.folder import open_run

from .runs import Sham, write_made_up

CASES = {
    "mixed": {},
    "none": {"kind": "none"},
    "all": {"kind": "all"},
    "unseen": {"kind": "unseen"},
    "unarmed": {"kind": "unarmed"},
    "one": {"scenario": Sham(objects=1)},
    "one-future": {"trials": 10, "futures": 1},
    "one-trial": {"trials": 1, "futures": 1},
    "peer": {"scenario": Sham(objects=300), "trials": 12, "futures": 6},
}


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory):
    """Folder of a case."""
    made = {}

    def get(case):
        if case not in made:
            made[case] = write_made_up(tmp_path_factory.mktemp("runs") / case, **CASES[case])
        return made[case]

    return get


@pytest.fixture(scope="session")
def run_of(folder_of):
    """Stored run of a case."""
    made = {}

    def get(case):
        if case not in made:
            made[case] = open_run(folder_of(case))
        return made[case]

    return get


@pytest.fixture(scope="session")
def page_of(run_of):
    """Page of a case, rendered once."""
    made = {}

    def get(case):
        if case not in made:
            made[case] = render(run_of(case))
        return made[case]

    return get


@pytest.fixture
def story(run_of):
    return Story(run_of("mixed"))
