"""Collects the problems met while a document is read, each at its place."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from opendome.scenario import explain
from opendome.scenario.explain import Finding
from opendome.scenario.problems import Path, Problem
from opendome.scenario.reader import Document

Part = TypeVar("Part", bound=BaseModel)
MAPPING_WORDS = "a mapping: lines of key: value"


class Notes:
    """Collects the problems of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = list(document.problems)

    def add(self, path: Path, got: str, allowed: str, do: str, *, key: bool = False) -> None:
        """Note one problem at a path."""
        self.problems.append(self.document.problem(path, got, allowed, do, key=key))

    def findings(self, path: Path, findings: Sequence[Finding]) -> None:
        """Note what was found below a path."""
        for found in findings:
            here = (*path, *found.path)
            self.add(here, found.got, found.allowed, found.do, key=found.key)


def read_form(notes: Notes, model: type[Part], data: Any, path: Path) -> Part | None:
    """A validated part, or None with its problems noted."""
    part, findings = explain.check(model, data)
    notes.findings(path, findings)
    return part
