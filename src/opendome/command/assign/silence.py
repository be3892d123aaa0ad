"""Standard output kept clean of what a compiled library prints by itself.

HiGHS, asked for no words, still prints lines of its own in rare cases (1.10 and 1.11, in
`transformNewIntegerFeasibleSolution`), past Python, and so into a JSON document.
"""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager

STDOUT = 1
_turn = threading.Lock()
_kept: list[int] = []  # the real output, once for each thread that wants silence


@contextmanager
def no_words() -> Generator[None]:
    """Throw away what is written to standard output meanwhile, by any thread.

    Several threads may ask for it at once: the output comes back with the last of them.
    """
    with _turn:
        _kept.append(os.dup(_kept[0] if _kept else STDOUT))
        if len(_kept) == 1:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, STDOUT)
            os.close(nowhere)
    try:
        yield
    finally:
        with _turn:
            real = _kept.pop()
            if not _kept:
                os.dup2(real, STDOUT)
            os.close(real)
