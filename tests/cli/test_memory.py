"""Freed memory is kept: a second array of the same size costs no new pages."""

import subprocess
import sys

import pytest

FAULTS = """
import resource, sys, threading
import numpy as np
from opendome.cli.memory import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
faults = []
def take():
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        for part in [np.ones(12_500_000), np.ones(6_000_000)]:
            del part
        faults.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)
thread = threading.Thread(target=take)
thread.start()
thread.join()
print(faults[0], sum(faults[1:]))
"""


def faults(word):
    done = subprocess.run(
        [sys.executable, "-c", FAULTS, word], check=True, capture_output=True, text=True
    )
    first, later = map(int, done.stdout.split())
    return first, later


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the GNU C library is asked")
def test_arrays_that_were_freed_are_taken_again():
    first, later = faults("kept")
    assert later < first
    first, later = faults("given back")
    assert later > first  # the control: without it each array costs its pages again
