"""Speed and memory of whole runs, kernels warm: wall seconds, peak memory, growth.

    uv run python benchmarks/engine.py

Every row is a fresh process, so that start-up, loading of compiled kernels and memory count.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = {
    "golden-dome, 1,000 trials, 50 futures": ("golden-dome", {}),
    "homeland-2026, 1,000 trials, 50 futures": ("homeland-2026", {}),
    "no-shield, 1,000 trials, 50 futures": ("no-shield", {}),
    "golden-dome, 2,000 trials, 50 futures": ("golden-dome", {"trials": 2000}),
    "golden-dome, 4,000 trials, 50 futures": ("golden-dome", {"trials": 4000}),
    "golden-dome-peer, 100 trials, 5 futures": ("golden-dome-peer", {"trials": 100, "futures": 5}),
    "golden-dome-peer, 200 trials, 10 futures": (
        "golden-dome-peer",
        {"trials": 200, "futures": 10},
    ),
    "golden-dome-peer, 100 trials, 50 futures": ("golden-dome-peer", {"trials": 100}),
}
CHILD = """
import json, resource, sys, time
begun = time.perf_counter()
from opendome.cli.memory import keep_freed_memory
keep_freed_memory()
import opendome
name, changes = json.loads(sys.argv[1])
result = opendome.run(opendome.load(name), **changes)
used = resource.getrusage(resource.RUSAGE_SELF)
spent = {"core": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024}
print(json.dumps({"wall": time.perf_counter() - begun, **spent, **result.timing_s}))
"""


def child(name: str, changes: dict[str, int], cache: str | None = None) -> dict[str, float]:
    env = dict(os.environ, **({"OPENDOME_CACHE": cache} if cache else {}))
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps([name, changes])],
        env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout) | {"process": time.perf_counter() - begun}


def help_seconds() -> float:
    begun = time.perf_counter()
    command = [str(Path(sys.executable).with_name("opendome")), "--help"]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    child("golden-dome", {"trials": 2, "futures": 1})
    print(f"| {'run':45} | wall s | core s | peak MiB | geometry s | dice s |")
    for title, (name, changes) in RUNS.items():
        rows = sorted((child(name, changes) for _ in range(3)), key=lambda row: row["process"])
        row = rows[1]
        print(
            f"| {title:45} | {row['process']:6.1f} | {row['core']:6.1f} | {row['peak_mib']:8.0f} "
            f"| {row['geometry']:10.1f} | {row['dice']:6.1f} |"
        )
    with tempfile.TemporaryDirectory() as cold:
        first = child("golden-dome", {}, cache=cold)
    print(f"first run ever, compile included: {first['process']:.1f} s")
    print(f"opendome --help: {sorted(help_seconds() for _ in range(5))[2]:.2f} s")


if __name__ == "__main__":
    main()
