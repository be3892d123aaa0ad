"""The subject of exact sums."""

from opendome.verification.checks import run_checks


def test_every_check_passes_and_catches_its_bug():
    outcomes = run_checks(["exact-math"])
    assert {outcome.name for outcome in outcomes} >= {"exact-math/learning-sum"}
    for outcome in outcomes:
        assert outcome.within, outcome
        assert outcome.bug_caught, outcome
