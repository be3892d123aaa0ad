"""Inputs of a stored scenario: their names and values as a reader would write them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from opendome.scenario.reader import parse

EPOCH = "epoch_offset"


class Inputs:
    """Finds values in a resolved scenario by the path that `--set` takes."""

    def __init__(self, scenario_text: str) -> None:
        self._text = scenario_text

    @cached_property
    def tree(self) -> Any:
        """The scenario as plain values."""
        return parse(self._text, "scenario.yaml").data

    def name(self, path: str) -> str:
        """What to call an input."""
        if path == EPOCH:
            return "hour of the day"
        return path.removeprefix("assets.").replace(".", " ", 1)

    def text(self, path: str) -> str:
        """Its value as the scenario gives it; empty when it is not in there."""
        if path == EPOCH:
            return "any moment of the day after the epoch"
        value = _find(self.tree, path.split("."))
        known = isinstance(value, str | int | float)
        return str(value).replace("..", " to ") if known else ""


def _find(here: Any, words: Sequence[str]) -> Any:
    """What stands at a path; list items are found by number or by name."""
    for index, word in enumerate(words):
        if isinstance(here, list):
            here = _item(cast("list[Any]", here), word)
        elif isinstance(here, dict):
            entries = cast("Mapping[str, Any]", here)
            rest = ".".join(words[index:])
            if rest in entries:
                return entries[rest]
            here = entries.get(word)
        else:
            return None
    return here


def _item(items: Sequence[Any], word: str) -> Any:
    if word.isdecimal():
        return items[int(word)] if int(word) < len(items) else None
    named = (item for item in items if isinstance(item, dict))
    return next((item for item in named if word in (item.get("name"), item.get("use"))), None)


@dataclass(frozen=True)
class Use:
    """Inputs that rest on one source, alike for several parts of a scenario.

    parts : what they belong to, as ("lrdr", "uewr-beale")
    names : their names there, and whether one is unverified
    """

    parts: tuple[str, ...]
    names: tuple[tuple[str, bool], ...]


def uses(paths: Sequence[str], doubtful: Set[str]) -> list[Use]:
    """Paths of inputs gathered by part; the items of a list count as one input."""
    by_part: dict[str, dict[str, bool]] = {}
    for path in paths:
        part, name = _part(path)
        names = by_part.setdefault(part, {})
        names[name] = names.get(name, False) or path in doubtful
    by_names: dict[tuple[tuple[str, bool], ...], list[str]] = {}
    for part, names in by_part.items():
        by_names.setdefault(tuple(names.items()), []).append(part)
    return [Use(tuple(parts), names) for names, parts in by_names.items()]


def _part(path: str) -> tuple[str, str]:
    words = path.split(".")
    size = 2 if words[0] in ("assets", "raid", "defended", "sharing") else 1
    part = ".".join(words[:size]).removeprefix("assets.")
    return part, ".".join(word for word in words[size:] if not word.isdecimal())
