"""The checks of the subjects radar and signature pass, and each catches its planted bug."""

import pytest

from opendome.verification import signature
from opendome.verification.checks import run_check
from opendome.verification.radar import CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_radar_checks(check):
    outcome = run_check(check)
    assert outcome.within, outcome
    assert outcome.bug_caught, outcome


@pytest.mark.parametrize("check", signature.CHECKS, ids=lambda check: check.name)
def test_signature_checks(check):
    outcome = run_check(check)
    assert outcome.within, outcome
    assert outcome.bug_caught, outcome
