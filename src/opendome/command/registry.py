"""Policies by name: installed ones by entry point, one's own by file or module.

`module:Class` and `file.py:Class` run the code of that module or file.
"""

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, NamedTuple, cast

from opendome.command.policy import Policy, PolicyName
from opendome.quantities.errors import OpendomeError

GROUP = "opendome.policies"
FILE, MEMORY = "file", "this session"
DIGITS = 16  # of the digest that stands for the version of a file


class Choice(NamedTuple):
    """A policy that was chosen: its name, and what makes an instance of it."""

    name: PolicyName
    make: Callable[[], Policy]


def policies() -> tuple[PolicyName, ...]:
    """Every installed policy, by name."""
    return tuple(_installed(entry) for entry in sorted(entry_points(group=GROUP)))


def choose(policy: str | Callable[[], Policy]) -> Choice:
    """A policy by name, by `module:Class` or `file.py:Class`, or a class itself.

    Raises `OpendomeError` for one that is not there, or is no policy.
    """
    if not isinstance(policy, str):
        label = getattr(policy, "__qualname__", repr(policy))
        return Choice(PolicyName(label, MEMORY, ""), _sound(policy, label))
    if ":" in policy:
        return _own(policy)
    found = [entry for entry in entry_points(group=GROUP) if entry.name == policy]
    if not found:
        known = ", ".join(entry.name for entry in policies()) or "none is installed"
        raise OpendomeError(
            got=f"policy {policy!r}",
            allowed=f"{known}, or your own as file.py:Class or module:Class",
            do="opendome list policies",
        )
    return Choice(_installed(found[0]), _sound(_loaded(policy, found[0].load), policy))


def recall(name: PolicyName, given: str | Callable[[], Policy] | None) -> Choice:
    """The policy that a stored run was played with.

    given : what the user names now; needed for a policy of the user's own, so that no stored
        run makes its reader run a file unasked
    Raises `OpendomeError` when it is another policy, or another version of it.
    """
    own = name.distribution in (FILE, MEMORY)
    if given is None and own:
        raise OpendomeError(
            got=f"a run decided by {name.name} ({name.distribution}), code of its user",
            allowed="that policy named again, since it would be run",
            do=f"read it, then add --policy {name.name}",
        )
    choice = choose(name.name if given is None else given)
    if choice.name != name:
        raise OpendomeError(
            got="policy " + " ".join(choice.name),
            allowed=f"{' '.join(name)}, which decided the run",
            do="use that version, or play a new run",
        )
    return choice


def is_own(policy: str) -> bool:
    """Whether a name stands for code of the user rather than for an installed policy."""
    return ":" in policy


def _installed(entry: EntryPoint) -> PolicyName:
    """Name of an installed policy."""
    return PolicyName(
        entry.name,
        entry.dist.name if entry.dist else "unknown",
        entry.dist.version if entry.dist else "",
    )


def _own(text: str) -> Choice:
    """A policy in a module or file of the user; its version is a digest of that file."""
    place, _, attribute = text.rpartition(":")
    with _here():
        path = _file_of(place, text)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]
        module = _loaded(text, lambda: _module(place, path, digest))
    made: Any = getattr(module, attribute, None)
    if made is None:
        raise OpendomeError(
            got=f"policy {text!r}: no {attribute!r} in {path.name}",
            allowed="the name of a class in that file",
            do="correct the name after the colon",
        )
    return Choice(PolicyName(text, FILE, digest), _sound(made, text))


@contextmanager
def _here() -> Generator[None]:
    """Let modules of the current folder be found."""
    folder = str(Path.cwd())
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _file_of(place: str, text: str) -> Path:
    """File of a module, or the file itself."""
    path: Path | None = None
    if place.endswith(".py"):
        path = Path(place)
    else:
        spec = _loaded(text, lambda: importlib.util.find_spec(place))
        path = Path(spec.origin) if spec is not None and spec.origin else None
    if path is None or not path.is_file():
        raise OpendomeError(
            got=f"policy {text!r}: no file or module {place!r}",
            allowed="file.py:Class, or module:Class of a module that Python finds from here",
            do="correct the path, or install the module",
        )
    return path


def _module(place: str, path: Path, digest: str) -> Any:
    """Run a module of the user; a file afresh each time, since it may have changed."""
    if not place.endswith(".py"):
        return importlib.import_module(place)
    spec = importlib.util.spec_from_file_location(f"opendome_policy_{digest}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _loaded(text: str, load: Callable[[], Any]) -> Any:
    """What code of the user gives; whatever it raises becomes a message."""
    try:
        return load()
    except (Exception, SystemExit) as problem:
        raise OpendomeError(
            got=f"policy {text!r} that cannot be loaded ({type(problem).__name__}: {problem})",
            allowed="a module that can be imported",
            do="mend it, or name another policy",
        ) from problem


def _sound(made: Any, text: str) -> Callable[[], Policy]:
    """What makes a policy, if it does."""
    if not callable(made) or not callable(getattr(made, "decide", None)):
        raise OpendomeError(
            got=f"policy {text!r}: {type(made).__name__} without a method decide",
            allowed="a class that is made without arguments and has decide(view)",
            do="see docs/how-to/write-a-policy.md",
        )
    return cast("Callable[[], Policy]", made)
