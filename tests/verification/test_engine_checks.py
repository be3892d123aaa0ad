"""The subjects of the engine: closed forms, intervals, one digest."""

import pytest

from opendome.verification.checks import run_checks
from opendome.verification.registry import SUBJECTS

MINE = ("command", "engagement", "statistics", "determinism")


@pytest.mark.parametrize("name", MINE)
def test_subject_passes_and_catches_its_bugs(name):
    outcomes = run_checks([name])
    assert outcomes
    for outcome in outcomes:
        assert outcome.within, outcome
        assert outcome.bug_caught, outcome
    assert len({outcome.name for outcome in outcomes}) == len(outcomes)


def test_they_are_on_the_list():
    assert set(MINE) <= set(SUBJECTS)
