"""Turns what pydantic refuses into problems: what was got, what is allowed, what to do."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from opendome.quantities.dimensions import Dimension
from opendome.quantities.errors import OpendomeError
from opendome.quantities.fields import Bounds
from opendome.quantities.units import allowed_words, format_value
from opendome.quantities.values import Point
from opendome.scenario import anatomy, hidden
from opendome.scenario.patterns import (
    LINE_PATTERN,
    NATION_PATTERN,
    PARTY_PATTERN,
    PROSE_PATTERN,
    SLUG_PATTERN,
)
from opendome.scenario.problems import Path, advise, one_of, show

Part = TypeVar("Part", bound=BaseModel)
_KINDS = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list: [.., ..] or lines that start with -",
    "tuple": "a list: [.., ..] or lines that start with -",
    "dict": "a mapping: {key: value} or lines of key: value",
    "model": "a mapping: {key: value} or lines of key: value",
}
_PATTERNS = {
    NATION_PATTERN: 'a nation in capital letters, such as "US"',
    PARTY_PATTERN: 'a nation in capital letters, such as "US", or a sector in small letters',
    SLUG_PATTERN: 'small letters, digits and single hyphens, such as "golden-dome"',
    LINE_PATTERN: "one line of printable text",
    PROSE_PATTERN: "printable text",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}
_PIECES = {
    "string_too_long": ("character", "characters"),
    "string_too_short": ("character", "characters"),
    "too_long": ("entry", "entries"),
    "too_short": ("entry", "entries"),
}
_MISMATCHES = ("_type", "_parsing", "_error", "_from_float")  # ends of pydantic error types


class Finding:
    """One refusal at a path below the value that was checked.

    key : the key is meant, not its value     absent : a key that must be there is not
    """

    def __init__(
        self,
        path: Path,
        got: str,
        allowed: str,
        do: str,
        *,
        key: bool = False,
        absent: bool = False,
    ) -> None:
        self.path = path
        self.got = got
        self.allowed = allowed
        self.do = do
        self.key = key
        self.absent = absent


@dataclass(frozen=True)
class _Entry:
    """One refusal, with the choices of unions on the way to it."""

    path: Path
    detail: ErrorDetails
    forks: tuple[tuple[Path, str], ...]


def explain(error: ValidationError, annotation: Any, data: Any) -> list[Finding]:
    """Findings of a failed validation of `data` as `annotation`."""
    details = error.errors(include_url=False)
    entries = [_entry(detail, data) for detail in details if not _counts_only_good(detail)]
    return _findings(entries, 0, annotation)


def _counts_only_good(detail: ErrorDetails) -> bool:
    """A list said to be too short only because its bad items were not counted."""
    given = detail["input"]
    if detail["type"] != "too_short" or not isinstance(given, list):
        return False
    return len(cast("list[Any]", given)) >= detail.get("ctx", {})["min_length"]


def _entry(detail: ErrorDetails, data: Any) -> _Entry:
    """Path in the document of a refusal, and which branch of which union it is about."""
    path: list[str | int] = []
    forks: list[tuple[Path, str]] = []
    loc = detail["loc"]
    for position, part in enumerate(loc):
        names_key = detail["type"] in ("missing", "extra_forbidden") and position == len(loc) - 1
        if _holds(data, part):
            data = data[part]
            path.append(part)
        elif names_key:
            path.append(part)
        else:
            forks.append((tuple(path), str(part)))
    return _Entry(tuple(path), detail, tuple(forks))


def _holds(data: Any, part: str | int) -> bool:
    """Whether a document value has something under a key or index."""
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def _findings(entries: list[_Entry], depth: int, annotation: Any) -> list[Finding]:
    """Findings of refusals: of a union, only of the branch that was meant."""
    found: list[Finding] = []
    groups: dict[Path, dict[str, list[_Entry]]] = defaultdict(dict)
    for entry in entries:
        if len(entry.forks) > depth:
            fork, branch = entry.forks[depth]
            groups[fork].setdefault(branch, []).append(entry)
        else:
            found.append(_finding(entry.path, entry.detail, annotation))
    for fork, by_branch in groups.items():
        inside = [part for part in by_branch.values() if not _mismatches(part, fork)]
        parts = inside[:1] if inside else list(by_branch.values())
        each = [_findings(part, depth + 1, annotation) for part in parts]
        found.extend(each[0] if len(each) == 1 else [_merged(each)])
    return found


def _mismatches(entries: list[_Entry], fork: Path) -> bool:
    """Whether a branch was refused as a whole, so that it cannot be what was meant."""
    return any(
        entry.path == fork
        and entry.detail["type"].endswith(_MISMATCHES)
        and not _blames_a_field(entry.detail)
        for entry in entries
    )


def _blames_a_field(detail: ErrorDetails) -> bool:
    """Whether a rule over several fields refused it, so that its form was understood."""
    cause = detail.get("ctx", {}).get("error")
    return isinstance(cause, OpendomeError) and cause.where is not None


def _merged(each: list[list[Finding]]) -> Finding:
    """One finding for a value that fits no branch of a union."""
    findings = [finding for part in each for finding in part]
    allowed = ", or ".join(dict.fromkeys(finding.allowed for finding in findings))
    hints = (finding.do for finding in findings if finding.do.startswith("did you mean"))
    return Finding(findings[0].path, findings[0].got, allowed, next(hints, "write one of these"))


def _finding(path: Path, detail: ErrorDetails, annotation: Any) -> Finding:
    """One refusal in the words of this project."""
    kind, context = detail["type"], detail.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, OpendomeError):
        bare_type = cause.got == f"a {type(detail['input']).__name__}"
        got = show(detail["input"]) if bare_type else cause.got
        return _refused(path, cause, annotation, got)
    if kind == "missing":
        return missing(path, annotation)
    if kind == "extra_forbidden":
        return _unknown(path, annotation)
    got = show(detail["input"])
    if kind == "literal_error":
        words = context["expected"].replace("'", "")
        known = [word for word in words.replace(" or ", ", ").split(", ") if word]
        return Finding(path, got, words, advise(str(detail["input"]), known, "use one of these"))
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        return Finding(path, got, f"{word} {context[name]}", "give a value in that range")
    return Finding(path, got, *_shape(kind, context, detail["msg"]))


def _refused(path: Path, cause: OpendomeError, annotation: Any, got: str | None = None) -> Finding:
    """A refusal in our own words, with the range of the field in the place of the dimension's.

    A rule over several fields names by `where` the one that it blames.
    """
    here = (*path, cause.where) if cause.where is not None else path
    allowed = cause.allowed
    quantity, bounds = anatomy.quantity_at(annotation, here), anatomy.bounds_at(annotation, here)
    if quantity is not None and bounds is not None:
        wide = (quantity.dimension.name, allowed_words(quantity.dimension))
        if allowed in wide:
            allowed = allowed_words(quantity.dimension, _limits(bounds, quantity.dimension))
    return Finding(here, cause.got if got is None else got, allowed, cause.do)


def _limits(bounds: Bounds, dimension: Dimension) -> str:
    """The range of a field in words, with that of its dimension where the field leaves it open."""
    words = bounds.words()
    if bounds.high is None and math.isfinite(dimension.high):
        words += f", at most {format_value(Point(dimension.high), dimension)}"
    return words


def _shape(kind: str, context: dict[str, Any], message: str) -> tuple[str, str]:
    """Allowed and advice for a value of the wrong type, size or pattern."""
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        plain = pattern in (LINE_PATTERN, PROSE_PATTERN)
        do = "remove control codes and line breaks" if plain else "correct the spelling"
        return pattern_words(pattern), do
    if kind in ("string_too_long", "too_long"):
        return f"at most {_counted(context['max_length'], _PIECES[kind])}", "shorten it"
    if kind in ("string_too_short", "too_short"):
        return f"at least {_counted(context['min_length'], _PIECES[kind])}", "fill it in"
    base = kind.rsplit("_", 1)[0] if kind.endswith("_type") else kind.split("_", 1)[0]
    if base == "string":
        return _KINDS["string"], "put it in quotes if it is meant as text"
    if base in _KINDS:
        return _KINDS[base], "write it in that form"
    return message, "correct it"


def _counted(count: int, forms: tuple[str, str]) -> str:
    """A number with one of the two forms of its noun."""
    return f"{count} {forms[count != 1]}"


def pattern_words(pattern: str) -> str:
    """What a pattern of this project's texts means."""
    return _PATTERNS.get(pattern, f"text of the form {pattern}")


def missing(path: Path, annotation: Any) -> Finding:
    """A key or list item that must be there is not."""
    name = path[-1]
    if isinstance(name, int):
        do = "complete the list"
        return Finding(path[:-1], f"only {name} of its items", "the whole list", do, absent=True)
    info = next(
        (
            found
            for outer in anatomy.at(annotation, path[:-1])
            for model in anatomy.models(outer)
            if (found := anatomy.fields(model).get(name)) is not None
        ),
        None,
    )
    words = info.description if info is not None and info.description else name
    quantity = anatomy.quantity_at(annotation, path)
    example = f', for example "{name}: {quantity.dimension.example}"' if quantity else ""
    return Finding(path, f'no "{name}"', words, f'add "{name}"{example}', absent=True)


def _unknown(path: Path, annotation: Any) -> Finding:
    """A key that means nothing here."""
    known = [
        name
        for outer in anatomy.at(annotation, path[:-1])
        for model in anatomy.models(outer)
        for name in anatomy.fields(model)
    ]
    return unknown_key(path, known)


def unknown_key(path: Path, known: Sequence[str]) -> Finding:
    """A key that means nothing among the known ones."""
    name = str(path[-1])
    return Finding(
        path,
        f"the unknown key {show(name)}",
        one_of(known, most=40),
        advise(name, known, "remove it"),
        key=True,
    )


def check(model: type[Part], data: Any) -> tuple[Part | None, list[Finding]]:
    """A validated model, or everything why there is none."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        found = explain(error, model, data)
        found += [_refused(path, why, model) for path, why in hidden.refusals(model, data)]
        return None, found
