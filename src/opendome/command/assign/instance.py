"""The plain text form of a problem: ``W T m``, the values, one line for each pair.

    2 3 1
    5.0
    8.0
    2.5
    0 0 0.7
    0 2 0.4
    1 1 0.9

The first line says how many weapons and targets there are and the rounds of each weapon. Then
comes the value of each target, then ``weapon target probability`` for each pair that can fire,
counted from 0. What follows ``#`` is a remark.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.command.assign.building import ROUNDS_MAX, WORTH_MAX, ProblemError, problem_of
from opendome.command.assign.problem import Problem
from opendome.quantities.errors import OpendomeError

SIDE_MAX = 100_000  # weapons, or targets
PAIRS_MAX = 10_000_000  # weapons times targets
BYTES_MAX = 400_000_000
FAULTS_MAX = 20
LONG = 40  # characters of a wrong word that are shown
WORD = re.compile(r"\S+")
WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)


class InstanceError(ProblemError):
    """A text that is no instance; every fault stands in a line of its own, with its place."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(
            got="; ".join(lines), allowed="a text `W T m`", do="correct each and solve again"
        )
        self.lines = lines

    def __str__(self) -> str:
        return "\n".join([*self.lines, self.do])


class Word(NamedTuple):
    """A word of the text and where it stands."""

    text: str
    line: int
    column: int


@dataclass
class _Faults:
    """The faults of a text, up to a number that a person can read."""

    name: str
    lines: list[str] = field(default_factory=list[str])

    def add(self, word: Word, got: str, allowed: str) -> None:
        if len(self.lines) < FAULTS_MAX:
            place = f"{self.name}:{word.line}:{word.column}"
            self.lines.append(f"{place}: got {got}; allowed: {allowed}")

    def stop(self) -> None:
        """Raise what was found, if anything."""
        if self.lines:
            raise InstanceError(self.lines)


def read_instance(path: Path) -> Problem:
    """The problem in a file. Raises `InstanceError` with all faults, or why it cannot be read."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise OpendomeError(
                got=f"a file of {path.stat().st_size:,} bytes",
                allowed=f"up to {BYTES_MAX:,}",
                do="split the problem or build it from arrays",
                where=str(path),
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "not a text file"
        raise OpendomeError(
            got=f"{path}: {reason}", allowed="a text file `W T m`", do="check the name"
        ) from None
    return parse_instance(text, name=str(path))


def parse_instance(text: str, *, name: str = "instance") -> Problem:
    """The problem in a text; `name` stands before line and column of a fault."""
    faults = _Faults(name)
    rows = _rows(text)
    weapons, targets, shots = _head(next(rows, [Word("", 1, 1)]), faults)
    values = _values(rows, targets, faults)
    p_kill = _pairs(rows, (weapons, targets), faults)
    faults.stop()
    return problem_of(p_kill, values, shots=shots)


def write_instance(problem: Problem) -> str:
    """The text of a problem; raises `ProblemError` where the form cannot say it."""
    same = np.unique(problem.shots).size <= 1 and not problem.slot.any()
    free = not problem.price.any() and (problem.rate >= problem.shots).all()
    total = int(problem.shots.sum())
    open_ = (problem.salvo >= total).all() and (problem.looks >= 1).all()
    if not (same and free and open_):
        raise ProblemError(
            got="a problem with prices, slots, limits, or weapons of different stock",
            allowed="a problem with the same rounds for every weapon and no other limit",
            do="keep it as arrays",
        )
    lines = [f"{problem.weapons} {problem.targets} {int(problem.shots[0])}"]
    lines += [repr(float(value)) for value in problem.value]
    rows = zip(problem.weapon, problem.target, problem.p_kill, strict=True)
    lines += [f"{weapon} {target} {float(p)!r}" for weapon, target, p in rows]
    return "\n".join(lines) + "\n"


def _rows(text: str) -> Iterator[list[Word]]:
    """Lines as words, remarks and empty lines left out."""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.partition("#")[0]
        row = [Word(found[0], number, found.start() + 1) for found in WORD.finditer(bare)]
        if row:
            yield row


def _head(row: list[Word], faults: _Faults) -> tuple[int, int, int]:
    """Weapons, targets and rounds from the first line."""
    if len(row) != 3:
        faults.add(row[0], f"{len([w for w in row if w.text])} words", "a first line `W T m`")
        faults.stop()
    weapons = _whole(row[0], (1, SIDE_MAX), faults, "number of weapons")
    targets = _whole(row[1], (1, SIDE_MAX), faults, "number of targets")
    shots = _whole(row[2], (0, ROUNDS_MAX), faults, "number of rounds of a weapon")
    faults.stop()
    if weapons * targets > PAIRS_MAX:
        faults.add(row[0], f"{weapons * targets:,} pairs", f"up to {PAIRS_MAX:,}")
        faults.stop()
    return weapons, targets, shots


def _values(rows: Iterator[list[Word]], targets: int, faults: _Faults) -> list[float]:
    """The values of the targets, one or several on a line."""
    values: list[float] = []
    last = Word("", 1, 1)
    while len(values) < targets:
        row = next(rows, None)
        if row is None:
            faults.add(last, f"{len(values)} values until the end", f"{targets} values")
            faults.stop()
            break
        last = row[-1]
        if len(values) + len(row) > targets:
            faults.add(row[0], f"{len(row)} words", f"{targets - len(values)} more values")
            faults.stop()
        values += [_number(word, WORTH_MAX, faults, "value") for word in row]
    return values


def _pairs(
    rows: Iterator[list[Word]], shape: tuple[int, int], faults: _Faults
) -> npt.NDArray[np.float64]:
    """Probabilities of all pairs, 0 where none is listed."""
    p_kill = np.zeros(shape)
    seen = np.zeros(shape, np.bool_)
    for row in rows:
        if len(row) != 3:
            faults.add(row[0], f"{len(row)} words", "a line `weapon target probability`")
            continue
        weapon = _whole(row[0], (0, shape[0] - 1), faults, "weapon")
        target = _whole(row[1], (0, shape[1] - 1), faults, "target")
        chance = _number(row[2], 1.0, faults, "probability")
        if seen[weapon, target]:
            faults.add(row[0], f"the pair {weapon} {target} again", "each pair once")
        seen[weapon, target] = not faults.lines
        p_kill[weapon, target] = chance
    return p_kill


def _whole(word: Word, span: tuple[int, int], faults: _Faults, what: str) -> int:
    """A whole number of a span; its least with a fault where the word is none."""
    least, most = span
    number = int(word.text) if WHOLE.fullmatch(word.text) else least - 1
    if not least <= number <= most:
        faults.add(word, repr(word.text[:LONG]), f"a whole {what} from {least} to {most}")
        return least
    return number


def _number(word: Word, most: float, faults: _Faults, what: str) -> float:
    """A number from 0 to `most`; 0 with a fault where the word is none."""
    number = float(word.text) if NUMBER.fullmatch(word.text) else math.nan
    if not 0.0 <= number <= most:
        faults.add(word, repr(word.text[:LONG]), f"a {what} from 0 to {most:g}")
        return 0.0
    return number
