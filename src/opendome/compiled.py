"""The one way this project compiles a kernel.

Numba's on-disk cache checks only the file that holds a function, so a change in a
callee of another file would be answered from a stale cache. The cache folder is
therefore named by a digest of every source file of the package and of the Numba and
NumPy versions, and it is set here, before any decoration.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

PACKAGE = Path(__file__).parent
_Function = TypeVar("_Function", bound=Callable[..., Any])


def source_digest(package: Path = PACKAGE) -> str:
    """Digest of all source files below `package` and of the compiler versions."""
    import numba
    import numpy

    digest = hashlib.blake2s(f"{numba.__version__} {numpy.__version__}".encode(), digest_size=8)
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_root() -> Path:
    """Folder below which compiled kernels are kept."""
    base = os.environ.get("OPENDOME_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(base) / "opendome" if base else Path.home() / ".cache" / "opendome"


def kernel_cache() -> Path:
    """Folder that holds the compiled kernels of exactly these sources."""
    return cache_root() / f"kernels-{source_digest()}"


def is_warm() -> bool:
    """Whether some kernels of exactly these sources are already compiled."""
    return any(kernel_cache().rglob("*.nbi"))


os.environ["NUMBA_CACHE_DIR"] = str(kernel_cache())

import numba  # noqa: E402  (the cache folder must be set first)

numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # pyright: ignore[reportAttributeAccessIssue]


def kernel(function: _Function) -> _Function:
    """Compile `function` on first call: cached on disk, without the interpreter lock."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # pyright: ignore
