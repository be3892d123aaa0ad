"""`opendome verify`: the checks a sceptic can run."""

import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli.arguments import Json

if TYPE_CHECKING:
    from opendome.verification.checks import Check, Outcome

FAILED = 1


def complete_subject(incomplete: str) -> list[str]:
    """Subjects that start with what was typed."""
    from opendome.verification.registry import SUBJECTS

    return [name for name in SUBJECTS if name.startswith(incomplete)]


def verify(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Subjects or checks; all without.", autocompletion=complete_subject),
    ] = None,
    planted_bugs: Annotated[
        bool,
        typer.Option("--planted-bugs", help="Switch the planted bug of every check on."),
    ] = False,
    as_json: Json = False,
    only_list: Annotated[bool, typer.Option("--list", help="Name the checks, run none.")] = False,
) -> None:
    """Run the checks a sceptic can run: our models against outside authorities.

    Each check also runs with a planted bug, which it must catch. With --planted-bugs the bugs
    take the place of our models, so every check must fail, and so does the command.
    """
    from opendome.verification.checks import find_checks

    checks = find_checks(names)
    if only_list:
        _list(checks, as_json=as_json)
        return
    documents: list[dict[str, Any]] = []
    for document in _run(checks, planted_bugs=planted_bugs):
        documents.append(document)
        if not as_json:
            typer.echo(_words(document, planted_bugs=planted_bugs))
    if as_json:
        typer.echo(json.dumps(documents, indent=1, allow_nan=False))
    else:
        typer.echo(_total(documents, planted_bugs=planted_bugs))
    if not all(document["passed"] for document in documents):
        raise typer.Exit(FAILED)


def _run(checks: "list[Check]", *, planted_bugs: bool) -> Iterator[dict[str, Any]]:
    from opendome.verification.checks import run_check

    for check in checks:
        yield _bugged(check) if planted_bugs else _document(run_check(check))


def _document(outcome: "Outcome") -> dict[str, Any]:
    found = {name: _plain(value) for name, value in asdict(outcome).items()}
    return found | {"passed": outcome.passed}


def _bugged(check: "Check") -> dict[str, Any]:
    """A check of the planted bug in the place of our model."""
    begun = time.perf_counter()
    error = float(check.measure(check.planted_bug))
    return {
        "name": check.name,
        "claim": check.claim,
        "authority": check.authority,
        "unit": check.unit,
        "tolerance": check.tolerance,
        "error": _plain(error),
        "bug": check.bug,
        "passed": error <= check.tolerance,
        "seconds": time.perf_counter() - begun,
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _list(checks: "list[Check]", *, as_json: bool) -> None:
    fields = ("name", "claim", "authority", "unit", "tolerance", "bug")
    rows = [{field: getattr(check, field) for field in fields} for check in checks]
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        typer.echo(f"{row['name']}\n  {row['claim']}\n  authority: {row['authority']}")
        typer.echo(f"  tolerance: {row['tolerance']:g} {row['unit']}".rstrip())
        typer.echo(f"  planted bug: {row['bug']}")


def _words(document: dict[str, Any], *, planted_bugs: bool) -> str:
    """Two lines about one check."""
    verdict = "pass" if document["passed"] else "FAIL"
    error = "no number" if document["error"] is None else f"{document['error']:.3g}"
    limit = f"{document['tolerance']:.3g} {document['unit']}".rstrip()
    line = f"{verdict}  {document['name']}: error {error}, tolerance {limit}"
    line += f"  ({document['seconds']:.1f} s)"
    if planted_bugs:
        return f"{line}\n      bug: {document['bug']}"
    if not document["bug_caught"]:
        line += f"\n      BLIND to its planted bug: {document['bug']}"
    return f"{line}\n      {document['claim']} [{document['authority']}]"


def _total(documents: list[dict[str, Any]], *, planted_bugs: bool) -> str:
    passed = sum(document["passed"] for document in documents)
    total = len(documents)
    if planted_bugs:
        return f"{total - passed} of {total} planted bugs caught: the suite fails, as it must"
    caught = sum(document["bug_caught"] for document in documents)
    return f"{passed} of {total} checks pass; {caught} of {total} planted bugs caught"
