"""Made-up run folders, each written once."""

import pytest

from opendome.report.page import render
from opendome.report.story import Story
from opendome.results.folder import open_run
from opendome.scenario.loading import load

from .runs import Sham, write_made_up


def built_in(name, *, layers, stock, shooters):
    """Dice for a scenario that can be priced and dated; `shooters` fire for the two layers."""
    return Sham(
        name=name, layers=layers, layer_stock=stock, text=load(name).resolved_yaml(),
        asset_names=("sbirs-geo", "uewr-beale", "lrdr", *shooters),
    )  # fmt: skip


PRICED = built_in(
    "golden-dome", layers=("sbi", "upper"), stock=(7800, 104), shooters=("sbi", "ngi")
)
BOUGHT = built_in("homeland-2026", layers=("gmd",), stock=(44,), shooters=("gbi",))
CASES = {
    "mixed": {},
    "none": {"kind": "none"},
    "all": {"kind": "all"},
    "unseen": {"kind": "unseen"},
    "unarmed": {"kind": "unarmed"},
    "one": {"scenario": Sham(objects=1)},
    "one-future": {"trials": 10, "futures": 1},
    "one-trial": {"trials": 1, "futures": 1},
    "priced": {"scenario": PRICED},
    "bought": {"scenario": BOUGHT},
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
