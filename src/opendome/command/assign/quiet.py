"""Keeps what HiGHS prints by itself out of the standard output of its caller.

HiGHS writes a line of its own to the standard output of the process where a plan of the reduced
problem does not fit the whole one, whatever its settings. It would stand before the JSON of a
command.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager

STANDARD_OUTPUT = 1


class _Output:
    """Standard output of the process; leads nowhere while any thread is inside.

    inside : how many are     kept : where it led before, None where there is none
    """

    def __init__(self) -> None:
        self.door = threading.Lock()
        self.inside = 0
        self.kept: int | None = None

    def enter(self) -> None:
        with self.door:
            if self.inside == 0:
                self.kept = _turned_away()
            self.inside += 1

    def leave(self) -> None:
        with self.door:
            self.inside -= 1
            if self.inside == 0 and self.kept is not None:
                _flush()
                os.dup2(self.kept, STANDARD_OUTPUT)
                os.close(self.kept)
                self.kept = None


_OUTPUT = _Output()


@contextmanager
def quiet() -> Generator[None]:
    """Drop what compiled code of this process writes to standard output meanwhile.

    So does what another thread writes; several may be inside at once. A process without standard
    output is left as it is.
    """
    _OUTPUT.enter()
    try:
        yield
    finally:
        _OUTPUT.leave()


def _turned_away() -> int | None:
    """Let standard output lead nowhere; where it led before."""
    _flush()
    try:
        kept = os.dup(STANDARD_OUTPUT)
    except OSError:
        return None
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, STANDARD_OUTPUT)
    os.close(nothing)
    return kept


def _flush() -> None:
    """Write out what Python and the C library still hold back."""
    if sys.stdout is not None:
        sys.stdout.flush()
    ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)
