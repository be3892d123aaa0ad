"""The one way this project compiles a kernel.

Numba's on-disk cache looks only at the file that holds a function, so a change in a
callee of another file would be answered with a stale kernel. Here a cached kernel belongs
to a digest of its own file, of every file of this package that it imports, directly or
not, and of the compiler versions; and a changed file costs only the kernels that lean on it.
"""

import hashlib
import inspect
import os
import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy
from numba.core import caching

PACKAGE = Path(__file__).parent
_IMPORT = re.compile(
    rf"^[ \t]*(?:from|import) ({PACKAGE.name}(?:\.\w+)*)(?: import (\([^)]*\)|[^\n]*))?", re.M
)
_NAME = re.compile(r"\w+")
_Function = TypeVar("_Function", bound=Callable[..., Any])


@cache
def cache_root() -> Path:
    """Folder below which compiled kernels are kept: the user's cache, else a temporary one."""
    base = os.environ.get("OPENDOME_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(base) / "opendome" if base else Path.home() / ".cache" / "opendome"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError:
        return Path(tempfile.mkdtemp(prefix="opendome-kernels-"))


def module_path(name: str, package: Path = PACKAGE) -> Path | None:
    """File of a module of this package, None for any other name."""
    parts = name.split(".")
    if parts[0] != PACKAGE.name:
        return None
    place = package.joinpath(*parts[1:])
    return next((p for p in (place.with_suffix(".py"), place / "__init__.py") if p.is_file()), None)


@cache
def imported_files(path: Path, package: Path = PACKAGE) -> frozenset[Path]:
    """Files of this package that a file imports by name."""
    found: set[Path] = set()
    for module, names in _IMPORT.findall(path.read_text("utf-8")):
        imported = [module, *(f"{module}.{name}" for name in _NAME.findall(names))]
        found |= {file for name in imported if (file := module_path(name, package))}
    return frozenset(found)


@cache
def closure_digest(path: Path, package: Path = PACKAGE) -> str:
    """Digest of a file, of all it leans on in this package, and of the compiler versions."""
    known: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in known:
            known.add(file)
            waiting += imported_files(file, package)
    digest = hashlib.blake2s(f"{numba.__version__} {numpy.__version__}".encode(), digest_size=8)
    for file in sorted(known):
        digest.update(file.name.encode() + b"\\0" + file.read_bytes())
    return digest.hexdigest()


class ClosureLocator(caching._CacheLocator):  # pyright: ignore[reportPrivateUsage]  (its only base)
    """Keeps a kernel of this package below `cache_root`, in a folder named by `closure_digest`."""

    def __init__(self, py_func: Callable[..., Any], py_file: str) -> None:
        self._path = Path(py_file)
        self._line = py_func.__code__.co_firstlineno

    def get_cache_path(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Folder of the compiled kernel."""
        stem = "-".join(self._path.relative_to(PACKAGE).with_suffix("").parts)
        return str(cache_root() / f"{stem}-{closure_digest(self._path)}")

    def get_source_stamp(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The folder already says which source it is."""
        return ""

    def get_disambiguator(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Tells apart functions of one name in one file."""
        return str(self._line)

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> "ClosureLocator | None":
        """A locator for functions of this package, None for all others."""
        if not Path(py_file).is_relative_to(PACKAGE):
            return None
        locator = cls(py_func, py_file)
        locator.ensure_cache_path()
        return locator


# Numba offers no public way to say where a kernel is cached by what it leans on.
caching.CacheImpl._locator_classes.insert(0, ClosureLocator)  # pyright: ignore


def is_warm(compiled: Any) -> bool:
    """Whether a kernel is already compiled on disk for exactly these sources."""
    function = compiled.py_func
    folder = Path(ClosureLocator(function, inspect.getfile(function)).get_cache_path())
    return any(folder.glob(f"*{function.__name__}-*.nbi"))


def kernel(function: _Function) -> _Function:
    """Compile `function` on first call: cached on disk, without the interpreter lock."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # pyright: ignore
