"""Speed of measured tracking, kernels warm: one core, CPU seconds.

    uv run python benchmarks/association.py

First, filter updates with assignment: 100 tracks, 100 readings a scan, gates and the least
total cost, by number of models. Then the assignment alone. Then a whole trial of a raid of
many objects: detections, tracks and their judgement.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from opendome.sensing.records import Detections
from opendome.tracking.bank import bank_rules
from opendome.tracking.kernels.assignment import assign
from opendome.tracking.measured import measured_model, track_scene
from opendome.tracking.models import TrackingModel
from opendome.tracking.reference import free_fall

OBJECTS, SCANS, STEP_S, CYCLE_S = 100, 400, 1.0, 5.0
RULES = TrackingModel(
    confirm_hits=3, confirm_window=5, prior_position_sigma_m=1e6, prior_speed_sigma_m_s=5e3,
    accel_psd_boost_m2_s3=3e3, accel_psd_coast_m2_s3=3e-3, custody_gap_s=300.0,
    custody_sigma_m=1e5,
)  # fmt: skip


def best(work: Callable[[], Any], repeats: int = 5) -> float:
    """Least CPU seconds of several runs."""
    work()
    seconds = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def falling_grid(objects: int, scans: int) -> Detections:
    """A grid of objects in free fall, 20 km apart, seen by one radar all at once every second."""
    luck = np.random.default_rng(1)
    side = int(np.ceil(np.sqrt(objects)))
    state = np.tile([6.578e6, 0.0, 0.0, 2900.0, 4300.0, 4500.0], (objects, 1))
    state[:, 1] += 2e4 * (np.arange(objects) % side)
    state[:, 2] += 2e4 * (np.arange(objects) // side)
    place = np.array([6.371e6, 5e5, 5e5])
    directions, ranges = [], []
    for _ in range(scans):
        line = state[:, :3] - place
        distance = np.linalg.norm(line, axis=1)
        u = line / distance[:, None] + 3e-4 * luck.standard_normal((objects, 3))
        directions.append(u / np.linalg.norm(u, axis=1, keepdims=True))
        ranges.append(distance + 30.0 * luck.standard_normal(objects))
        state = free_fall(state, STEP_S)
    rows = objects * scans
    return Detections(
        sensor_names=("radar",),
        sensor_gives_range=np.ones(1, np.bool_),
        sensor_interval_s=np.array([STEP_S]),
        sensor=np.zeros(rows, np.int32),
        scan=np.repeat(np.arange(scans), objects),
        look=np.arange(rows),
        t_s=np.repeat(STEP_S * np.arange(scans), objects),
        sensor_pos_eci_m=np.tile(place, (rows, 1)),
        direction_eci=np.concatenate(directions),
        range_m=np.concatenate(ranges),
        angle_sigma_rad=np.full(rows, 3e-4),
        range_sigma_m=np.full(rows, 30.0),
        false_alarm_density=np.full(rows, 1e-3),
        obj=np.tile(np.arange(objects, dtype=np.int32), scans),
    )


def updates() -> None:
    """Filter updates with assignment of 100 x 100."""
    scene = falling_grid(OBJECTS, SCANS)
    cycles = np.arange(CYCLE_S, SCANS * STEP_S + CYCLE_S, CYCLE_S)
    for models in (("coast",), ("coast", "boost"), None):
        bank = None if models is None else bank_rules(models)
        for association in ("nearest", "joint"):
            model = measured_model(RULES, association=association, bank=bank)

            def run(model: Any = model) -> Any:
                return track_scene(scene, model, arrival_t_s=scene.t_s, cycle_t_s=cycles)

            history = run()
            taken = np.mean(history.detection_track >= 0)
            label = f"{1 if models == ('coast',) else 2 if models else 5} models, {association}"
            rate = scene.detections / best(run)
            print(f"| {label:28} | {rate / 1e6:6.3f} M updates/s | {taken:.4f} taken |")


def assignments() -> None:
    """The assignment alone, against SciPy."""
    luck = np.random.default_rng(2)
    for size in (100, 300):
        cost = luck.random((size, size))
        ours, theirs = best(lambda c=cost: assign(c)), best(lambda c=cost: linear_sum_assignment(c))
        print(
            f"| assign {size} x {size}, dense | {1e3 * ours:.3f} ms | SciPy {1e3 * theirs:.3f} ms |"
        )


def trial(name: str) -> None:
    """One measured trial of a scenario: every node's tracks."""
    from opendome.engagement.geometry import lay_out
    from opendome.scenario.loading import load
    from opendome.sensing.measurements import measure, states_at, view
    from opendome.tracking.evaluation import belief_table

    geometry = lay_out(load(name), 0)
    real, raid = geometry.realisation, geometry.raid
    sights = view(raid, geometry.looks, real.suite, era_epoch_rad=real.era_epoch_rad)
    detections = measure(sights, seed=1, trial=0)
    first, last = raid.launch_t_s.min(), raid.impact_t_s.max()
    cycle_t_s = np.arange(first, last + CYCLE_S, CYCLE_S)
    model = measured_model(real.tracking)
    arrival_t_s = geometry.picture.arrival_t_s[0, detections.look]
    seconds = best(
        lambda: track_scene(detections, model, arrival_t_s=arrival_t_s, cycle_t_s=cycle_t_s), 1
    )
    history = track_scene(detections, model, arrival_t_s=arrival_t_s, cycle_t_s=cycle_t_s)
    judge = best(lambda: belief_table(history, detections, states_at(raid, cycle_t_s)), 1)
    told = np.count_nonzero(np.isfinite(arrival_t_s))
    print(
        f"| {name}: {raid.objects} objects, {told} detections told | measure "
        f"{best(lambda: measure(sights, seed=1, trial=0), 1):.2f} s | track {seconds:.2f} s | "
        f"judge {judge:.2f} s |"
    )


if __name__ == "__main__":
    updates()
    assignments()
    for scenario in sys.argv[1:]:
        trial(scenario)
