"""Reads a scenario file: YAML 1.2 core rules, no tags, no aliases, with the place of every value.

Only the fast C parser of PyYAML is used, and only as a source of events: YAML 1.1 rules
(`NO` is false, `12:30` is 750) never apply, and every cap holds while the text is read,
before anything is built. A file is never read beyond one byte more than the cap.
"""

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # pyright: ignore[reportAttributeAccessIssue]  (no stubs for it)

from opendome.scenario.problems import Path as Place
from opendome.scenario.problems import Problem, ScenarioError, path_text, show

BYTES_MAX = 1_000_000
DEPTH_MAX = 50
NODES_MAX = 100_000
DIGITS_MAX = 19
CAPS = f"a YAML text of at most {BYTES_MAX:,} bytes, {DEPTH_MAX} levels and {NODES_MAX:,} values"

_NULL = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Mark(NamedTuple):
    """Place in a file, from 1."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True)
class Document:
    """Plain values of a file and where each stands.

    Attributes
    ----------
    file : name to show
    data : mappings, lists, texts, numbers, booleans and None
    keys, values : place -> mark of the key and of the value (list items have no key)
    problems : keys given twice; the first one counts
    overridden : paths that do not come from the file but from `--set`
    folder : where the file lies, None for a text that is no file
    """

    file: str
    data: dict[str, Any]
    keys: dict[Place, Mark] = field(default_factory=dict[Place, Mark])
    values: dict[Place, Mark] = field(default_factory=dict[Place, Mark])
    problems: list[Problem] = field(default_factory=list[Problem])
    overridden: frozenset[Place] = frozenset()
    folder: Path | None = None

    def mark(self, path: Place, *, key: bool = False) -> Mark:
        """Where a path stands; for a path that is not in the file, its nearest parent."""
        for length in range(len(path), -1, -1):
            part = path[:length]
            whole = length == len(path)
            tables = (self.keys, self.values) if key or not whole else (self.values, self.keys)
            for table in tables:
                if part in table:
                    return table[part]
        return Mark(1, 1)

    def problem(
        self, path: Place, got: str, allowed: str, do: str, *, key: bool = False
    ) -> Problem:
        """A problem at a path of this document."""
        mark = self.mark(path, key=key)
        changed = any(path[: len(place)] == place for place in self.overridden)
        if path not in self.keys and path not in self.values:
            changed = changed or any(place[: len(path)] == path for place in self.overridden)
        return Problem(
            file="--set" if changed else self.file,
            line=0 if changed else mark.line,
            column=0 if changed else mark.column,
            path=path_text(path),
            got=got,
            allowed=allowed,
            do=do,
        )


class _StopError(Exception):
    """A problem that ends the reading."""

    def __init__(self, line: int, column: int, got: str, allowed: str, do: str) -> None:
        super().__init__(got)
        self.parts = (line, column, got, allowed, do)


def read(path: Path) -> Document:
    """Document of a file; a ScenarioError names what is wrong with it."""
    return parse(_text(_bytes(path), str(path)), str(path), path.parent)


def parse(text: str, file: str, folder: Path | None = None) -> Document:
    """Document of a YAML text. `file` is the name to show in problems; `folder` holds it."""
    document = Document(file=file, data={}, folder=folder)
    try:
        _refuse_characters(text)
        data = _compose(text, document)
        if not isinstance(data, dict):
            raise _StopError(1, 1, show(data), "a mapping of keys and values", _START)
    except _StopError as stop:
        line, column, got, allowed, do = stop.parts
        raise _error(file, line, column, got, allowed, do) from None
    document.data.update(data)
    return document


def parse_value(text: str, name: str) -> Any:
    """Value of a YAML text that may be anything, such as the right side of `--set`."""
    try:
        _refuse_characters(text)
        return _compose(text, Document(file=name, data={}))
    except _StopError as stop:
        line, column, got, allowed, do = stop.parts
        raise _error(name, line, column, got, allowed, do) from None


_START = "start from a built-in: opendome show golden-dome"


def _error(file: str, line: int, column: int, got: str, allowed: str, do: str) -> ScenarioError:
    problem = Problem(file=file, line=line, column=column, path="", got=got, allowed=allowed, do=do)
    return ScenarioError([problem])


def _bytes(path: Path) -> bytes:
    """At most one byte more than the cap, from a regular file only."""
    name = str(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _error(name, 0, 0, "a directory", CAPS, "name a file in it")
        if not stat.S_ISREG(mode):
            raise _error(name, 0, 0, "a device or pipe", CAPS, "name a regular file")
        with path.open("rb") as stream:
            raw = stream.read(BYTES_MAX + 1)
    except FileNotFoundError:
        raise _error(name, 0, 0, "no such file", CAPS, "check the path") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        got = f"a file that cannot be read ({reason})"
        raise _error(name, 0, 0, got, CAPS, "check its name and permissions") from None
    if len(raw) > BYTES_MAX:
        got = f"more than {BYTES_MAX:,} bytes"
        raise _error(name, 0, 0, got, CAPS, "is this the right file? A scenario is short")
    return raw


def _text(raw: bytes, name: str) -> str:
    """The characters of a file; UTF-8 only."""
    if not raw.strip():
        raise _error(name, 0, 0, "an empty file", CAPS, _START)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = raw[: problem.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        got = f"the byte 0x{raw[problem.start]:02x}, which is not UTF-8 text"
        raise _error(name, line, column, got, CAPS, "save the file as UTF-8 text") from None


def _refuse_characters(text: str) -> None:
    """Stop at a control character; the C parser would name no place for it."""
    found = _FORBIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
        got = f"the control character U+{ord(found.group()):04X}"
        raise _StopError(line, column, got, "printable text", "remove it; is this a text file?")


@dataclass
class _Frame:
    """A mapping or list being filled."""

    items: dict[str, Any] | list[Any]
    path: Place
    key: str | None = None


def _events(text: str) -> Iterator[Any]:
    """Events of the C parser, its errors as problems with a place."""
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        reason = ", ".join(part for part in (problem.context, problem.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        do = "correct the YAML here; text with : or # inside needs quotes"
        raise _StopError(line, column, reason, "YAML 1.2", do) from None
    except yaml.YAMLError as problem:
        raise _StopError(1, 1, str(problem), "YAML 1.2", "save the file as UTF-8 text") from None
    finally:
        parser.dispose()


def _compose(text: str, document: Document) -> Any:
    """Plain values of the one document in `text`; marks and double keys go into `document`."""
    stack: list[_Frame] = []
    root: list[Any] = []
    nodes = documents = 0
    for event in _events(text):
        mark = Mark(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                do = "keep one scenario per file"
                raise _StopError(*mark, "a second document", "one YAML document", do)
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.NodeEvent):
            nodes += 1
            _check_caps(event, mark, nodes=nodes, depth=len(stack))
            _place(event, mark, stack, root, document)
    return root[0] if root else None


def _check_caps(event: yaml.NodeEvent, mark: Mark, *, nodes: int, depth: int) -> None:
    """Refuse what could blow up memory or run code: depth, size, aliases, tags."""
    if nodes > NODES_MAX:
        raise _StopError(*mark, f"more than {NODES_MAX:,} values", CAPS, "shorten the file")
    if depth >= DEPTH_MAX:
        raise _StopError(*mark, f"more than {DEPTH_MAX} levels", CAPS, "flatten the file")
    if isinstance(event, yaml.AliasEvent):
        got = f"the alias *{show(event.anchor)[1:-1]}"
        raise _StopError(*mark, got, "plain values", "write the value out, or quote a text with *")
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise _StopError(*mark, f"the tag {show(tag)}", "values without tags", "remove the tag")


def _place(
    event: Any, mark: Mark, stack: list[_Frame], root: list[Any], document: Document
) -> None:
    """Put one scalar, or the start of one collection, where it belongs."""
    frame = stack[-1] if stack else None
    if frame is not None and isinstance(frame.items, dict) and frame.key is None:
        _open_key(event, mark, frame, document)
        return
    path = _child(frame)
    document.values.setdefault(path, mark)
    if isinstance(event, yaml.ScalarEvent):
        value: Any = _scalar(event, mark)
    else:
        value = {} if isinstance(event, yaml.MappingStartEvent) else []
        stack.append(_Frame(value, path))
    if frame is None:
        root.append(value)
    elif isinstance(frame.items, list):
        frame.items.append(value)
    elif frame.key is not None:
        frame.items.setdefault(frame.key, value)
        frame.key = None


def _child(frame: _Frame | None) -> Place:
    """Path of the value that comes next in a collection."""
    if frame is None:
        return ()
    if isinstance(frame.items, list):
        return (*frame.path, len(frame.items))
    return (*frame.path, frame.key or "")


def _open_key(event: Any, mark: Mark, frame: _Frame, document: Document) -> None:
    """Take the key of the next value; a key given twice is a problem."""
    if not isinstance(event, yaml.ScalarEvent):
        got = "a list or mapping as a key"
        raise _StopError(
            *mark, got, "a word as a key", "write key: value; quote a text with { or ["
        )
    key = str(event.value)
    frame.key = key
    path = (*frame.path, key)
    if key in frame.items:
        first = document.keys[path]
        got = f"the key {show(key)} a second time"
        do = f"keep one; the first is on line {first.line}"
        document.problems.append(
            Problem(
                file=document.file,
                line=mark.line,
                column=mark.column,
                path=path_text(path),
                got=got,
                allowed="each key once",
                do=do,
            )
        )
    document.keys.setdefault(path, mark)


def _scalar(event: yaml.ScalarEvent, mark: Mark) -> Any:
    """Value of a scalar by the YAML 1.2 core rules; anything quoted is text."""
    text = event.value
    if not event.implicit[0]:
        return text
    if _INTEGER.fullmatch(text) and len(text.lstrip("+-")) > DIGITS_MAX:
        got = f"a number of {len(text.lstrip('+-'))} digits"
        raise _StopError(*mark, got, f"at most {DIGITS_MAX} digits", "use a form like 1e20")
    return plain_scalar(text)


def plain_scalar(text: str) -> Any:
    """Value of an unquoted text by the YAML 1.2 core rules (NO and 12:30 stay text)."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text[0] in "tT"
    for pattern, base in ((_INTEGER, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if len(text) <= DIGITS_MAX + 2 and pattern.fullmatch(text):
            return int(text, base)
    if _FLOAT.fullmatch(text):
        return float(text)
    infinite = _INFINITE.fullmatch(text)
    if infinite:
        return float(f"{infinite.group(1)}inf")
    return float("nan") if _NOT_A_NUMBER.fullmatch(text) else text
