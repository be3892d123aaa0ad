"""What a check is, and how checks are run."""

import difflib
import importlib
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from opendome.quantities.errors import OpendomeError
from opendome.verification.registry import SUBJECTS


class UnknownCheckError(OpendomeError, ValueError):
    """A check that does not exist was asked for."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One claim about a model, measured against an outside authority.

    name : "subject" or "subject/part"; the subject is the file's entry in the registry
    claim : what holds if the check passes, in plain words
    authority : who says so (document, data set, closed form)
    unit : unit of the error
    tolerance : largest error that passes [unit]
    measure : `measure()` returns the worst error of our model [unit]; `measure(model)`
        the worst error of another model in its place
    planted_bug : that other model: ours with one mistake. The same measurement must
        exceed the tolerance on it, otherwise the check is blind and fails
    bug : the mistake, in plain words
    """

    name: str
    claim: str
    authority: str
    unit: str
    tolerance: float
    measure: Callable[..., float]
    planted_bug: Any
    bug: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Result of one check; errors in the unit of the check."""

    name: str
    claim: str
    authority: str
    unit: str
    tolerance: float
    error: float
    within: bool
    bug: str
    bug_error: float
    bug_caught: bool
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether our model is within tolerance and the planted bug is not."""
        return self.within and self.bug_caught


def run_check(check: Check) -> Outcome:
    """Measure our model and the planted bug."""
    start = time.perf_counter()
    error = float(check.measure())
    bug_error = float(check.measure(check.planted_bug))
    return Outcome(
        name=check.name,
        claim=check.claim,
        authority=check.authority,
        unit=check.unit,
        tolerance=check.tolerance,
        error=error,
        within=error <= check.tolerance,
        bug=check.bug,
        bug_error=bug_error,
        bug_caught=math.isnan(bug_error) or bug_error > check.tolerance,
        seconds=time.perf_counter() - start,
    )


def find_checks(names: Iterable[str] | None = None) -> list[Check]:
    """Checks by subject ("nesc") or by full name ("nesc/drag"); all of them without names."""
    wanted = list(names or SUBJECTS)
    found: list[Check] = []
    for name in wanted:
        subject = name.partition("/")[0]
        if subject not in SUBJECTS:
            raise _unknown(name, SUBJECTS)
        module = importlib.import_module(SUBJECTS[subject])
        checks: tuple[Check, ...] = module.CHECKS
        chosen = [c for c in checks if name in {subject, c.name}]
        if not chosen:
            raise _unknown(name, (c.name for c in checks))
        found += [c for c in chosen if c not in found]
    return found


def iterate_checks(names: Iterable[str] | None = None) -> Iterator[Outcome]:
    """Run checks one by one, yielding each outcome as it is known."""
    for check in find_checks(names):
        yield run_check(check)


def run_checks(names: Iterable[str] | None = None) -> list[Outcome]:
    """Run the named subjects or checks (all without names); see `Outcome`."""
    return list(iterate_checks(names))


def _unknown(name: str, known: Iterable[str]) -> UnknownCheckError:
    allowed = list(known)
    close = difflib.get_close_matches(name, allowed, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "choose one of the list"
    return UnknownCheckError(got=f"the check {name!r}", allowed=", ".join(allowed), do=hint)
