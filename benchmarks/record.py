"""Time to replay a study, compare two, price a scenario and play its calendar.

Run: python benchmarks/record.py

The promises: a study answers in 1 s, a bill of 10,000 samples in 1 s, five years of
`timeline --capability` in 60 s; all once kernels are compiled.
"""

import subprocess
import sys
import time

import opendome

COMMANDS = (
    (("study", "aei-sbi-calculator"), 1.0),
    (("study", "walker-availability"), 1.0),
    (("study", "aps-2003"), 1.0),
    (("study", "--all"), None),
    (("study", "diff", "cbo-2026", "aei-2025"), None),
    (("cost", "golden-dome"), None),
    (("timeline", "golden-dome"), None),
    (("timeline", "golden-dome", "--capability"), 60.0),
)
REPEATS = 3


def command_s(words):
    """Seconds of a whole command, the best of several: from an empty process to its answer."""
    times = []
    for _ in range(1 if "--capability" in words else REPEATS):
        begun = time.perf_counter()
        subprocess.run(
            (sys.executable, "-m", "opendome.cli.main", *words, "--json"),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - begun)
    return min(times)


def bill_s(samples):
    """Seconds of a bill in a warm process, the best of several."""
    scenario = opendome.load("golden-dome")
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        opendome.bill(scenario, samples=samples)
        times.append(time.perf_counter() - begun)
    return min(times)


def main():
    for words, wanted in COMMANDS:
        promise = "" if wanted is None else f"  (wanted {wanted:g} s)"
        print(f"opendome {' '.join(words):<44} {command_s(words):6.2f} s{promise}")
    for samples in (10_000, 1_000_000):
        print(f"bill of {samples:,} samples, in process: {bill_s(samples):.3f} s")


if __name__ == "__main__":
    main()
