"""The checks of the filters pass, catch their planted bugs, and are registered."""

import pytest

from opendome.tracking.kernels.forces import MODEL_NAMES
from opendome.verification.checks import run_check
from opendome.verification.filters import CHECKS
from opendome.verification.registry import SUBJECTS


def test_the_subject_is_registered_and_speaks_of_every_model():
    assert SUBJECTS["filters"] == "opendome.verification.filters"
    names = {check.name for check in CHECKS}
    for model in MODEL_NAMES:
        assert {f"filters/{model}-extended", f"filters/{model}-unscented"} <= names


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_check_passes_and_catches_its_bug(check):
    outcome = run_check(check)
    assert outcome.within, f"{outcome.error} {outcome.unit}"
    assert outcome.bug_caught, f"{outcome.bug_error} {outcome.unit}"
