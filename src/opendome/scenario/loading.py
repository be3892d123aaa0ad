"""The way into this room: a name or a path in, a sound scenario out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from opendome.command.spec import CommandSpec
from opendome.scenario import checks, overrides
from opendome.scenario.compose import Composed
from opendome.scenario.draft import draft
from opendome.scenario.economics_spec import EconomicsSpec
from opendome.scenario.names import builtin_text, scenario_names
from opendome.scenario.plan import Planned
from opendome.scenario.problems import Problem, ScenarioError, advise, one_of
from opendome.scenario.reader import Document, parse, read
from opendome.scenario.scenario import Scenario
from opendome.scenario.spec import HeadSpec
from opendome.tracking.spec import TrackingSpec

_Whole = tuple[HeadSpec, Composed[CommandSpec], Composed[TrackingSpec], Planned[EconomicsSpec]]
SUFFIXES = (".yaml", ".yml")


def read_document(name_or_path: str | Path) -> Document:
    """Plain values of a built-in scenario or a file."""
    name = str(name_or_path)
    if name in scenario_names():
        return parse(builtin_text(name), f"{name} (built-in)")
    path = Path(name_or_path)
    looks_like_name = not name.endswith(SUFFIXES) and path.parent == Path()
    if looks_like_name and "\0" not in name and not path.exists():
        raise ScenarioError([_unknown(name)])
    return read(path)


def source_text(name_or_path: str | Path) -> str:
    """A scenario as it is written, comments and all."""
    read_document(name_or_path)
    name = str(name_or_path)
    return builtin_text(name) if name in scenario_names() else Path(name).read_text("utf-8-sig")


def _unknown(name: str) -> Problem:
    do = advise(name, scenario_names(), "check the path, or: opendome list scenarios")
    return Problem(
        file=name or "(no name)",
        line=0,
        column=0,
        path="",
        got="no such file and no such built-in",
        allowed=f"a file, or one of {one_of(scenario_names())}",
        do=do,
    )


def load(name_or_path: str | Path, *, changes: Mapping[str, Any] | None = None) -> Scenario:
    """A sound scenario, or a ScenarioError with every problem at once.

    name_or_path : a built-in such as "golden-dome", or a file
    changes : values by path, as `--set` gives them: {"raid.0.count": 20}
    """
    return compile_document(read_document(name_or_path), changes=changes)


def load_text(text: str, file: str = "scenario") -> Scenario:
    """A sound scenario from YAML text, or a ScenarioError. `file` is the name in problems."""
    return compile_document(parse(text, file))


def compile_document(document: Document, *, changes: Mapping[str, Any] | None = None) -> Scenario:
    """A sound scenario from plain values, or a ScenarioError."""
    if changes:
        document = overrides.apply(document, changes)
    parts, notes = draft(document)
    checks.check(parts, notes)
    whole = (parts.head, parts.command, parts.tracking, parts.economics)
    if notes.problems or None in whole:
        raise ScenarioError(notes.problems)
    head, command, tracking, economics = cast("_Whole", whole)
    return Scenario(
        file=document.file,
        head=head,
        defended=tuple(place for _, place in parts.defended),
        assets=tuple(parts.assets),
        sharing=tuple(rule for _, rule in parts.sharing),
        network=parts.network,
        raid=tuple(parts.raid),
        command=command,
        tracking=tracking,
        economics=economics,
    )
