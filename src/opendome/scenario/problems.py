"""Problems of a scenario: all of them at once, each with its place and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from opendome.quantities.errors import OpendomeError

Path = tuple[str | int, ...]
SHOWN_CHARACTERS = 80


def path_text(path: Path) -> str:
    """Dotted form of a place in a document; the root is the empty text."""
    return ".".join(str(part) for part in path)


def printable(text: str) -> str:
    """The text on one line, control codes as question marks: safe on a terminal."""
    return "".join(mark if mark.isprintable() else "?" for mark in text)


def show(value: Any) -> str:
    """A value of a document as a user would recognise it, cut when long, free of control codes."""
    if isinstance(value, dict):
        return f"a mapping of {len(value)} keys" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)} items" if value else "an empty list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value[: SHOWN_CHARACTERS + 1]) if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 3]}..."


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, if any is like it."""
    by_lower = {name.lower(): name for name in known}
    matches = get_close_matches(word[:SHOWN_CHARACTERS].lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def one_of(known: Sequence[str], *, most: int = 16) -> str:
    """A list of the allowed words, cut when long."""
    words = sorted(known)
    if not words:
        return "none here"
    rest = f", and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + rest


def advise(word: str, known: Iterable[str], otherwise: str) -> str:
    """'did you mean' when a known word is near, else the given advice."""
    near = closest(word, known)
    return f"did you mean {near!r}?" if near else otherwise


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with a scenario.

    Attributes
    ----------
    file : name of the file, or "--set" for an override
    line, column : where the value stands, from 1; 0 when there is no such place
    path : dotted place in the document, empty for the whole
    got, allowed, do : what was found, what is allowed, what to do
    """

    file: str
    line: int
    column: int
    path: str
    got: str
    allowed: str
    do: str

    @property
    def where(self) -> str:
        """'file:line:column', or the file alone when the place is not known."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        name = f"{self.path}: " if self.path else ""
        words = f"{self.where}: {name}got {self.got}; allowed: {self.allowed}; {self.do}"
        return printable(words)

    def as_dict(self) -> dict[str, str | int]:
        """The form of `opendome check --json`."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "got": self.got,
            "allowed": self.allowed,
            "do": self.do,
        }


class ScenarioError(OpendomeError):
    """Every problem found in one scenario, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=_place))
        first = self.problems[0]
        super().__init__(got=first.got, allowed=first.allowed, do=first.do, where=first.where)

    def at(self, where: str) -> "ScenarioError":
        """The same problems; each already has its place."""
        del where
        return self

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def _place(problem: Problem) -> tuple[bool, int, int, str, str]:
    """Order of reading: the file first, then overrides."""
    return (problem.file == "--set", problem.line, problem.column, problem.path, problem.got)
