"""The orbit subjects of the verification suite: each passes and each catches its planted bug."""

import math
from dataclasses import replace

import pytest

from opendome.verification import coverage, kepler, lambert, sgp4
from opendome.verification.checks import run_check

CHECKS = (*kepler.CHECKS, *sgp4.CHECKS, *lambert.CHECKS, *coverage.CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_model_within_tolerance_and_bug_outside(check):
    outcome = run_check(check)
    assert outcome.within, f"{outcome.error} {outcome.unit}"
    assert outcome.bug_caught, f"{outcome.bug_error} {outcome.unit}"
    assert math.isfinite(outcome.error)


def test_a_blind_check_does_not_pass():
    blind = replace(kepler.CHECKS[0], planted_bug=kepler.fly)
    assert not run_check(blind).passed


def test_the_sgp4_set_is_whole():
    published = sgp4._published()
    assert len(published) == 32  # and 33334, which has no state of its own
    assert sum(len(table) for _, table in published) == 666
