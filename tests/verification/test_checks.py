"""The frame of the verification suite, and the subjects of flight, air and ground."""

import math

import pytest

from opendome.quantities.errors import OpendomeError
from opendome.verification.checks import Check, find_checks, run_check, run_checks
from opendome.verification.registry import SUBJECTS

MINE = ("nesc", "reentry", "atmosphere", "geodesy", "earth-rotation", "range", "glide", "ballistic")


def check(error=0.5, bug_error=2.0):
    def measure(model=None):
        return error if model is None else model

    return Check(
        name="made/up", claim="c", authority="a", unit="m", tolerance=1.0, measure=measure,
        planted_bug=bug_error, bug="b",
    )  # fmt: skip


@pytest.mark.parametrize("name", MINE)
def test_subject_passes_and_catches_its_bugs(name):
    outcomes = run_checks([name])
    assert outcomes
    for outcome in outcomes:
        assert outcome.within, outcome
        assert outcome.bug_caught, outcome
        assert outcome.passed


def test_geometric_height_density_fails_the_nesc_cases():
    """The mutant that the check-cases must reject (0.63 ft against a gate of 0.05 ft)."""
    (outcome,) = run_checks(["nesc/drag"])
    assert outcome.bug_error == pytest.approx(0.63, abs=0.01)


@pytest.mark.parametrize(
    ("error", "bug_error", "passed"),
    [(0.5, 2.0, True), (1.0, 1.5, True), (1.1, 2.0, False), (0.5, 0.9, False),
     (math.nan, 2.0, False), (0.5, math.nan, True), (0.5, math.inf, True)],
)  # fmt: skip
def test_outcomes(error, bug_error, passed):
    assert run_check(check(error, bug_error)).passed is passed


def test_checks_are_found_by_subject_and_by_name():
    assert {c.name for c in find_checks(["geodesy"])} > {"geodesy/inverse"}
    assert [c.name for c in find_checks(["geodesy/inverse"])] == ["geodesy/inverse"]
    assert len(find_checks(["geodesy", "geodesy/inverse"])) == len(find_checks(["geodesy"]))


@pytest.mark.parametrize("name", ["geodsy", "geodesy/inverze", "nothing"])
def test_unknown_names_are_refused(name):
    with pytest.raises(OpendomeError) as caught:
        find_checks([name])
    assert name in caught.value.got
    assert caught.value.do


def test_every_check_is_well_described():
    names = [c.name for c in find_checks()]
    assert len(names) == len(set(names))
    for c in find_checks():
        assert c.name.partition("/")[0] in SUBJECTS
        assert all((c.claim, c.authority, c.bug))
        assert isinstance(c.unit, str)
        assert c.tolerance >= 0.0
