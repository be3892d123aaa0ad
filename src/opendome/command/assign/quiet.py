"""Keeps what HiGHS prints by itself out of the standard output of its caller.

HiGHS writes a line of its own to the standard output of the process where a plan of the reduced
problem does not fit the whole one, whatever its settings. It would stand before the JSON of a
command.
"""

import ctypes
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

STANDARD_OUTPUT = 1


@contextmanager
def quiet() -> Generator[None]:
    """Drop what compiled code of this process writes to standard output meanwhile.

    So does what another thread writes. A process without standard output is left as it is.
    """
    _flush()
    try:
        kept = os.dup(STANDARD_OUTPUT)
    except OSError:
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, STANDARD_OUTPUT)
    os.close(nothing)
    try:
        yield
    finally:
        _flush()
        os.dup2(kept, STANDARD_OUTPUT)
        os.close(kept)


def _flush() -> None:
    """Write out what Python and the C library still hold back."""
    if sys.stdout is not None:
        sys.stdout.flush()
    ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)
