"""`opendome assign`: which weapon fires how many rounds at which target."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendome.cli.arguments import Json

if TYPE_CHECKING:
    from opendome.command.assign.problem import Assignment, Problem

SHOWN = 20  # lines of a plan on a terminal


class Solver(StrEnum):
    """How the plan is found."""

    GREEDY = "greedy"
    IMPROVED = "improved"
    CERTIFIED = "certified"


def assign(
    file: Annotated[Path, typer.Argument(help="A text `W T m`, values, and pairs.")],
    solver: Annotated[
        Solver, typer.Option(metavar="WORD", help="greedy, improved or certified.")
    ] = Solver.IMPROVED,
    seconds: Annotated[float, typer.Option(metavar="N", help="Time limit.")] = 10.0,
    as_json: Json = False,
) -> None:
    """Assign weapons to targets so that the least value survives.

    The file: `W T m`, then T target values, then `weapon target probability` for each pair that
    can fire, counted from 0; every weapon has m rounds. The answer says how far from the best it
    can be. `certified` proves its plan where the time allows. The time told and limited is that of
    solving; loading the solver comes before it.
    """
    from opendome.command.assign import assign as solve
    from opendome.command.assign import prepare
    from opendome.command.assign.instance import read_instance

    problem = read_instance(file)
    prepare(solver.value)
    answer = solve(problem, solver=solver.value, seconds=seconds)
    if as_json:
        typer.echo(json.dumps(_document(problem, answer), allow_nan=False))
        return
    _show(problem, answer)


def _triples(problem: "Problem", answer: "Assignment") -> list[list[int]]:
    """[weapon, target, rounds] of what is fired, by weapon."""
    rows = zip(
        problem.weapon.tolist(), problem.target.tolist(), answer.rounds.tolist(), strict=True
    )
    return sorted([weapon, target, rounds] for weapon, target, rounds in rows if rounds)


def _document(problem: "Problem", answer: "Assignment") -> dict[str, object]:
    return {
        "objective": answer.objective,
        "bound": answer.bound,
        "gap": answer.gap,
        "seconds": answer.seconds,
        "solver": answer.solver,
        "assignment": _triples(problem, answer),
    }


def _show(problem: "Problem", answer: "Assignment") -> None:
    """The answer for a reader."""
    whole = float(problem.value.sum())
    rows = _triples(problem, answer)
    typer.echo(
        f"{answer.objective:.6g} of a value of {whole:.6g} is expected to survive; "
        f"no plan leaves less than {answer.bound:.6g} (gap {answer.gap:.2g})."
    )
    fired = sum(row[2] for row in rows)
    typer.echo(
        f"{fired} of {int(problem.shots.sum())} rounds of {problem.weapons} weapons at "
        f"{problem.targets} targets; {answer.solver}, {answer.seconds:.3g} s."
    )
    if rows:
        typer.echo(f"{'weapon':>8}{'target':>8}{'rounds':>8}")
    for weapon, target, rounds in rows[:SHOWN]:
        typer.echo(f"{weapon:>8}{target:>8}{rounds:>8}")
    if len(rows) > SHOWN:
        typer.echo(f"and {len(rows) - SHOWN} more lines: --json has all")
