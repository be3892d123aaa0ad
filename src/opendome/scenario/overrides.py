"""Changes to a scenario from the command line: `--set raid.0.count=20`."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from opendome.scenario.compose import known_systems
from opendome.scenario.problems import Path, Problem, ScenarioError, advise, one_of, show
from opendome.scenario.reader import DEPTH_MAX, Document, parse_value
from opendome.sources.catalogue import load_system

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
    of a raid entry. A path into what an asset takes from the catalogue changes that one value
    and leaves the rest of it as it is there.
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
        folder=document.folder,
    )


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copy(value) for key, value in cast("dict[str, Any]", node).items()}
    return [_copy(value) for value in cast("list[Any]", node)] if isinstance(node, list) else node


def _place(data: dict[str, Any], text: str, value: Any) -> Path | Problem:
    """Put a value at a dotted path; the path as it stands in the document, or a problem."""
    words = text.split(".")
    if len(words) > DEPTH_MAX:
        got = f"a path of {len(words)} parts"
        return _problem(show(text)[1:-1], got, f"at most {DEPTH_MAX}", "shorten the path")
    path: Path = ()
    here: Any = data
    for depth in range(len(words)):
        key = _key(here, words, depth)
        if isinstance(key, Problem):
            return key
        if depth == len(words) - 1:
            here[key] = value
        else:
            _prepare(here, (*path, key))
            here = here[key]
        path = (*path, key)
    return path


def _key(here: Any, words: Sequence[str], depth: int) -> str | int | Problem:
    """What a word of a path means in the mapping or list it has led to so far."""
    word, text, led = words[depth], ".".join(words), ".".join(words[:depth])
    if isinstance(here, dict):
        return word
    if not isinstance(here, list):
        return _problem(text, f"{led}, which has no parts", "a path to a value", "shorten the path")
    items = cast("list[Any]", here)
    index = _index(items, word)
    if index is None:
        names = _names(items)
        return _problem(
            text,
            f"no {word!r} in {led}",
            one_of(names),
            advise(word, names, "name one that is there"),
        )
    return index


def _prepare(here: Any, path: Path) -> None:
    """Make something to go on into: a short form in full, the catalogue's part, or a mapping."""
    key = path[-1]
    inside_entry = len(path) > 2 and path[0] in ("assets", "raid")
    if inside_entry and path[2:-1] == ("sites",) and isinstance(here.get(key), int | str):
        here[key] = {"stock": here[key]}
    elif isinstance(here, dict) and key not in here:
        filled: Any = {}
        if inside_entry and len(path) == 3:
            filled = _from_catalogue(here, str(key))
        cast("dict[str | int, Any]", here)[key] = filled


def _from_catalogue(entry: Mapping[str, Any], key: str) -> Any:
    """What the system or class of an entry has under a key; an empty mapping if nothing."""
    name = entry.get("use", entry.get("class"))
    if not isinstance(name, str) or name not in known_systems():
        return {}
    part = load_system(name).tree().get(key)
    return _copy(part) if isinstance(part, dict | list) else {}


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
