"""The subject of impact points: each check passes and each catches its planted bug."""

import math

import pytest

from opendome.verification import impact
from opendome.verification.checks import run_check
from opendome.verification.registry import SUBJECTS


@pytest.mark.parametrize("check", impact.CHECKS, ids=lambda check: check.name)
def test_model_within_tolerance_and_bug_outside(check):
    outcome = run_check(check)
    assert outcome.within, f"{outcome.error} {outcome.unit}"
    assert outcome.bug_caught, f"{outcome.bug_error} {outcome.unit}"
    assert math.isfinite(outcome.bug_error)


def test_the_subject_is_on_the_list():
    assert SUBJECTS["impact"] == "opendome.verification.impact"
