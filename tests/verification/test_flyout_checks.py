"""The subject of interceptor flights."""

from opendome.verification.checks import run_checks


def test_flyout_passes_and_catches_its_bugs():
    outcomes = run_checks(["flyout"])
    assert len(outcomes) == 6
    for outcome in outcomes:
        assert outcome.passed, outcome
