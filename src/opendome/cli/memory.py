"""Memory of a process of our own: what one future frees, the next one takes."""

import ctypes
import sys

# Parameters of `mallopt`, as malloc.h of the GNU C library numbers them.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
KEPT_BYTES = 2**30


def keep_freed_memory() -> None:
    """Keep the memory of freed arrays, in one place for all threads, until the process ends.

    The geometry of a large raid takes and frees hundreds of megabytes for each future. Given
    back to the system each time, every page of them is cleared and mapped again, which costs a
    fifth of the time. Where the C library is not GNU's, nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune is None:
        return
    tune(ARENA_MAX, 1)
    tune(MMAP_THRESHOLD, KEPT_BYTES)
    tune(TRIM_THRESHOLD, KEPT_BYTES)
