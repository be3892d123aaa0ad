"""Changes to a scenario from the command line: `--set raid.0.count=20`."""

from collections.abc import Mapping
from typing import Any, cast

from opendome.scenario.problems import Path, Problem, ScenarioError, advise, one_of, show
from opendome.scenario.reader import Document, parse_value

FILE = "--set"


def read_settings(settings: list[str]) -> dict[str, Any]:
    """Changes by path of texts like "assets.gbi.p_kill=0.5..0.7".

    The part after the first = is read as YAML, so that lists and mappings can be given.
    """
    changes: dict[str, Any] = {}
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals or not path.strip():
            raise ScenarioError(
                [_problem("", show(setting), "path=value", "write --set raid.0.count=20")]
            )
        changes[path.strip()] = parse_value(text, f"{FILE} {path.strip()}")
    return changes


def apply(document: Document, changes: Mapping[str, Any]) -> Document:
    """The document with values replaced or added; a path that leads nowhere is a problem.

    A part of a path is a key, the number of a list item, or the name of an asset, the class
    of a raid entry.
    """
    data = _copy(document.data)
    placed: list[Path] = []
    problems: list[Problem] = []
    for text, value in changes.items():
        result = _place(data, text, value)
        if isinstance(result, Problem):
            problems.append(result)
        else:
            placed.append(result)
    return Document(
        file=document.file,
        data=data,
        keys=document.keys,
        values=document.values,
        problems=[*document.problems, *problems],
        overridden=frozenset(placed),
    )


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copy(value) for key, value in cast("dict[str, Any]", node).items()}
    return [_copy(value) for value in cast("list[Any]", node)] if isinstance(node, list) else node


def _place(data: dict[str, Any], text: str, value: Any) -> Path | Problem:
    """Put a value at a dotted path; the path as it stands in the document, or a problem."""
    words = text.split(".")
    path: list[str | int] = []
    here: Any = data
    key: Any
    for depth, word in enumerate(words):
        last = depth == len(words) - 1
        if isinstance(here, list):
            index = _index(cast("list[Any]", here), word)
            if index is None:
                names = _names(cast("list[Any]", here))
                do = advise(word, names, "name one that is there")
                return _problem(
                    text, f"no {word!r} in {'.'.join(words[:depth])}", one_of(names), do
                )
            key = index
        elif isinstance(here, dict):
            key = word
            if not last:
                here.setdefault(word, {})
        else:
            got = f"{'.'.join(words[:depth])}, which has no parts"
            return _problem(text, got, "a path to a value", "shorten the path")
        path.append(key)
        parent: Any = here
        if last:
            parent[key] = value
        else:
            here = parent[key]
    return tuple(path)


def _index(items: list[Any], word: str) -> int | None:
    """Position of a list item by its number or name."""
    if word.isdecimal() and len(word) < 10:
        return int(word) if int(word) < len(items) else None
    for index, item in enumerate(items):
        if word in _names([item]):
            return index
    return None


def _names(items: list[Any]) -> list[str]:
    """What the items of a list are called: the name, the system or the class."""
    found: list[str] = []
    for index, item in enumerate(items):
        entry = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
        keys = ("name", "use", "kind", "class")
        name = next((entry[key] for key in keys if isinstance(entry.get(key), str)), str(index))
        found.append(name)
    return found


def _problem(path: str, got: str, allowed: str, do: str) -> Problem:
    return Problem(file=FILE, line=0, column=0, path=path, got=got, allowed=allowed, do=do)
