"""Speed of the filters with known association, kernels warm: one core, CPU seconds.

    uv run python benchmarks/tracking.py [PYTHON]

PYTHON : an interpreter that has Stone Soup 1.9.1 and FilterPy; with it, the same readings go
through Stone Soup too, and the ratio is printed. An update is a prediction to the time of a
reading and the update by it; that of a bank of models is one of each of its models, with the
mixing, the weights and the fused state.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from opendome.compiled import table_kernel
from opendome.quantities.constants import MU_M3_S2
from opendome.tracking.bank import bank_rules
from opendome.tracking.kernels.bank import empty_bank, score, start_track
from opendome.tracking.kernels.forces import MODEL_NAMES
from opendome.tracking.kernels.gaussian import absorb
from opendome.tracking.kernels.known import follow_blindly
from opendome.tracking.kernels.linear import predict_steady, update_linear
from opendome.tracking.kernels.readings import linearise
from opendome.tracking.kernels.unscented import ROOM_ROWS, update_unscented
from opendome.tracking.readings import direction_readings, local_readings

GOLDEN = Path(__file__).parents[1] / "tests" / "tracking" / "golden"
READINGS, STEP_S = 20_000, 1.0
NOISE_M2_S3, SIGMA_POINTS = 25.0, (0.5, 2.0, 0.0)
ROUNDS = 200


def best(work: Callable[[], Any], repeats: int = 9) -> float:
    """Least CPU seconds of several runs."""
    work()
    seconds = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def orbit_readings(ranges: bool) -> tuple[Any, Any]:
    """A body on a circle seen from a point that follows it: readings, first state."""
    luck = np.random.default_rng(0)
    t_s = np.arange(1, READINGS + 1) * STEP_S
    radius_m = 7e6
    rate = np.sqrt(MU_M3_S2 / radius_m**3)
    angle, behind = rate * t_s, rate * t_s + 0.1
    flat = np.zeros(READINGS)
    path = radius_m * np.stack([np.cos(angle), np.sin(angle), flat], axis=1)
    place = 6.4e6 * np.stack([np.cos(behind), np.sin(behind), flat + 0.05], axis=1)
    line = path - place
    slant = np.linalg.norm(line, axis=1)
    aim = line / slant[:, None] + 1e-4 * luck.standard_normal(line.shape)
    far = slant + 10.0 * luck.standard_normal(READINGS) if ranges else np.nan
    given = direction_readings(
        t_s, place, aim, angle_sigma_rad=1e-4, range_m=far, range_sigma_m=10.0
    )
    return given, np.array([radius_m, 0.0, 0.0, 0.0, rate * radius_m, 0.0])


def bank_seconds(
    models: tuple[str, ...], unscented: bool, ranges: bool, ceilings: bool = False
) -> float:
    """CPU seconds of one predict and update of a track; every model works unless `ceilings`."""
    given, state = orbit_readings(ranges)
    rules, bank = bank_rules(models, unscented=unscented), empty_bank(1)
    if not ceilings:
        rules = rules._replace(ceiling_m=np.full(len(MODEL_NAMES), np.inf))
    tracks, prior = np.zeros(READINGS, np.int64), np.diag([1e6] * 3 + [1e4] * 3)

    def work() -> None:
        start_track(bank, rules, 0, 0.0, state, prior)
        follow_blindly(bank, rules, given, tracks)

    seconds = best(work) / READINGS
    if not np.isfinite(bank.fused_mean).all():
        sys.exit(f"the track of {', '.join(models)} was lost")
    return seconds


@table_kernel
def score_often(bank: Any, given: Any, times: int) -> float:
    """Score one track against the first reading, over and over."""
    total = 0.0
    for _ in range(times):
        total += score(bank, given, 0, 0)[0]
    return total


@table_kernel
def steady_linear(
    mean: Any, cov: Any, first: Any, prior: Any, values: Any, combine: Any, variance: Any,
    step_s: float, psd: float, room: Any,
) -> None:  # fmt: skip
    """Linear filter along the golden path, `ROUNDS` times from the start."""
    for _ in range(ROUNDS):
        restart(mean, cov, first, prior)
        for k in range(values.shape[0]):
            predict_steady(mean, cov, step_s, psd)
            update_linear(mean, cov, values[k], combine, variance, room)


@table_kernel
def steady_extended(
    mean: Any, cov: Any, first: Any, prior: Any, given: Any, step_s: float, psd: float,
    rows: Any, room: Any,
) -> None:  # fmt: skip
    """Extended filter along the golden path, `ROUNDS` times from the start."""
    for _ in range(ROUNDS):
        restart(mean, cov, first, prior)
        for k in range(given.t_s.shape[0]):
            predict_steady(mean, cov, step_s, psd)
            count = linearise(given, k, mean[0], mean[1], mean[2], rows)
            absorb(mean, cov, 6, rows, count, room)


@table_kernel
def steady_unscented(
    mean: Any, cov: Any, first: Any, prior: Any, given: Any, step_s: float, psd: float, points: Any
) -> None:
    """Unscented filter along the golden path, `ROUNDS` times from the start."""
    for _ in range(ROUNDS):
        restart(mean, cov, first, prior)
        for k in range(given.t_s.shape[0]):
            predict_steady(mean, cov, step_s, psd)
            update_unscented(SIGMA_POINTS, given, k, mean, cov, 6, points)


@table_kernel
def restart(mean: Any, cov: Any, first: Any, prior: Any) -> None:
    """Back to the first state."""
    for i in range(6):
        mean[i] = first[i]
        for j in range(6):
            cov[i, j] = prior[i, j]


def golden_seconds() -> dict[str, float]:
    """CPU seconds of a step of our filters along the golden path, each checked at its end."""
    golden = json.loads((GOLDEN / "stone_soup.json").read_text())
    n = len(golden["values"]["local"])
    first, prior = np.array(golden["first"]), np.array(golden["prior"])
    places, variance = np.array(golden["values"]["linear"]), np.array(golden["place_variance"])
    axes = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    step_s, psd = golden["step_s"], golden["noise"]
    given = local_readings(
        np.arange(1, n + 1) * step_s,
        np.tile(golden["sensor"], (n, 1)),
        np.tile(axes, (n, 1, 1)),
        np.array(golden["values"]["local"]),
        np.tile(golden["sigma"], (n, 1)),
    )
    mean, cov, out = np.zeros(9), np.zeros((9, 9)), {}
    begin = (first, prior)
    works: dict[str, Callable[[], None]] = {
        "linear": lambda: steady_linear(
            mean[:6], cov[:6, :6], *begin, places, np.eye(3, 6), variance, step_s, psd,
            np.zeros((1, 6)),
        ),
        "extended": lambda: steady_extended(
            mean, cov, *begin, given, step_s, psd, np.zeros((3, 5)), np.zeros((3, 10))
        ),
        "unscented": lambda: steady_unscented(
            mean, cov, *begin, given, step_s, psd, np.zeros((ROOM_ROWS, 9))
        ),
    }  # fmt: skip
    for name, work in works.items():
        out[name] = best(work) / (n * ROUNDS)
        wanted, spread = np.array(golden[name]["mean"][-1]), np.array(golden[name]["cov"][-1])
        if np.max(np.abs(mean[:6] - wanted) / np.sqrt(np.diag(spread))) > 1e-6:
            sys.exit(f"the {name} filter does not end where Stone Soup's does")
    return out


def main() -> None:
    print("| filter, one track | values | ns a reading | filter updates/s |")
    print("|---|---|---|---|")
    sets = [(name,) for name in MODEL_NAMES] + [("coast", "boost", "reentry"), MODEL_NAMES]
    for unscented in (False, True):
        kind = "unscented" if unscented else "extended"
        for models in sets:
            for ranges in (True, False):
                seconds = bank_seconds(models, unscented, ranges)
                title = models[0] if len(models) == 1 else f"bank of {len(models)}"
                values = "direction, range" if ranges else "direction"
                rate = len(models) / seconds / 1e6
                print(f"| {title}, {kind} | {values} | {seconds * 1e9:.0f} | {rate:.2f} M |")
    seconds = bank_seconds(MODEL_NAMES, False, True, ceilings=True)
    print(f"| bank of 5 above its ceilings | direction, range | {seconds * 1e9:.0f} | |")
    given, state = orbit_readings(True)
    bank = empty_bank(1)
    start_track(bank, bank_rules(), 0, 0.0, state, np.diag([1e6] * 3 + [1e4] * 3))
    seconds = best(lambda: score_often(bank, given, READINGS)) / READINGS
    print(f"| score of a reading | direction, range | {seconds * 1e9:.0f} | |")
    ours = golden_seconds()
    theirs: dict[str, float] = {}
    if len(sys.argv) > 1:
        command = [sys.argv[1], str(GOLDEN / "make_stone_soup.py"), "--time"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        theirs = json.loads(done.stdout)
    print()
    print("| nearly constant velocity, 6 numbers | ns a step | updates/s | Stone Soup us | ratio |")
    print("|---|---|---|---|---|")
    for name, seconds in ours.items():
        their = theirs.get(name, float("nan"))
        print(
            f"| {name} | {seconds * 1e9:.0f} | {1e-6 / seconds:.2f} M "
            f"| {their * 1e6:.0f} | {their / seconds:.0f} |"
        )


if __name__ == "__main__":
    main()
