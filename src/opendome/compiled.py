"""The one way this project compiles a kernel.

Numba's on-disk cache looks only at the file that holds a function, so a change in a
callee of another file would be answered with a stale kernel. Here a cached kernel belongs
to a digest of its own file, of every file of this package that it imports, directly or
not, and of the compiler versions; and a changed file costs only the kernels that lean on it.

A kept kernel is read back only if its bytes are those that were written. One that is
damaged, or that cannot be kept (disk full, folder not writable), is compiled again: that
costs time and never an answer.
"""

import atexit
import hashlib
import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy
from numba.core import caching
from numba.core.serialize import dumps

PACKAGE = Path(__file__).parent
_IMPORT = re.compile(
    rf"^[ \t]*(?:from|import) ({PACKAGE.name}(?:\.\w+)*)(?: import (\([^)]*\)|[^\n]*))?", re.M
)
_NAME = re.compile(r"\w+")
_Function = TypeVar("_Function", bound=Callable[..., Any])


@cache
def cache_root() -> Path:
    """Folder below which compiled kernels are kept: the user's cache, else a passing one."""
    base = os.environ.get("OPENDOME_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        root = Path(base) / "opendome" if base else Path.home() / ".cache" / "opendome"
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except (OSError, RuntimeError):  # not writable, or a user without a home
        passing = tempfile.mkdtemp(prefix="opendome-kernels-")
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        return Path(passing)


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
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
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
        return cls(py_func, py_file) if Path(py_file).is_relative_to(PACKAGE) else None


class _KernelFiles(caching.CompileResultCacheImpl):
    """Names and packs the files of one kernel."""

    _locator_classes = (ClosureLocator, *caching.CacheImpl._locator_classes)


class SealedFiles:
    """Compiled versions of one kernel: a file for each signature, behind a digest of its bytes."""

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder = folder
        self._stem = stem

    def paths(self) -> list[Path]:
        """Files of all versions."""
        return sorted(self._folder.glob(f"{self._stem}.*.kernel"))

    def _path(self, key: object) -> Path:
        name = hashlib.blake2s(repr(key).encode(), digest_size=8).hexdigest()
        return self._folder / f"{self._stem}.{name}.kernel"

    def save(self, key: object, data: object) -> None:
        """Keep a compiled version, whole or not at all."""
        packed = dumps(data)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            try:
                file.write(hashlib.blake2b(packed).digest() + packed)
                file.flush()
                Path(file.name).replace(self._path(key))
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise

    def load(self, key: object) -> Any:
        """A kept version, or None when there is none or its bytes have changed."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        size = hashlib.blake2b().digest_size
        whole = hashlib.blake2b(data[size:]).digest() == data[:size]
        return pickle.loads(data[size:]) if whole else None

    def flush(self) -> None:
        """Forget every version."""
        for path in self.paths():
            path.unlink(missing_ok=True)


class KernelCache(caching.FunctionCache):
    """Numba's cache of one kernel, on sealed files."""

    _impl_class = _KernelFiles

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file = SealedFiles(Path(self.cache_path), self._impl.filename_base)

    def is_warm(self) -> bool:
        """Whether any version is kept."""
        return bool(self._cache_file.paths())

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a version; one that cannot be kept will be compiled again."""
        try:
            super().save_overload(sig, data)
        except OSError:
            return


def is_warm(compiled: Any) -> bool:
    """Whether a kernel is already compiled on disk for exactly these sources."""
    return KernelCache(compiled.py_func).is_warm()


def kernel(function: _Function) -> _Function:
    """Compile `function` on first call: cached on disk, without the interpreter lock."""
    return _cached(function, numba.njit(nogil=True, error_model="numpy"))


def interpreted(compiled: _Function) -> _Function:
    """The plain function that a kernel without callees was made from.

    For a single value it answers before the compiled form is even read from disk.
    """
    return cast("Any", compiled).py_func


def table_kernel(function: _Function) -> _Function:
    """Like `kernel`, for a function that is handed whole tables and makes no array of its own.

    Numba counts the references to every array in every call, and a function that takes
    dozens of tables spends most of its time on that. Without the counting it may not
    allocate.
    """
    compiler = numba.njit(nogil=True, error_model="numpy", _nrt=False)  # pyright: ignore
    return _cached(function, compiler)


def _cached(function: _Function, compiler: Callable[[_Function], Any]) -> _Function:
    compiled = compiler(function)
    compiled._cache = KernelCache(function)  # what njit(cache=True) does, with our files
    return compiled
