"""Measured tracking: assignment, metrics, the tracker's honesty, fusion and discrimination."""

import itertools
import math
from collections.abc import Callable
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import normals, uniforms
from opendome.draws.purposes import purpose
from opendome.tracking.evaluation import belief_table
from opendome.tracking.fusion import Estimate, fuse_independent, intersect
from opendome.tracking.kernels.assignment import assign
from opendome.tracking.kernels.discrimination import evidence, information
from opendome.tracking.kernels.joint import joint_probabilities
from opendome.tracking.measured import measured_model, track_scene
from opendome.tracking.metrics import gospa, ospa, table_nees
from opendome.tracking.reference import nees, nees_band
from opendome.verification.checks import Check
from opendome.verification.measured_scenes import (
    ACCEL_PSD_M2_S3,
    RULES,
    eyes,
    fall,
    falling_bank,
    grid,
    read_path,
)

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

SEED, OBJECTS, STEPS, STEP_S, SETTLED = 11, 36, 60, 2.0, 15
PRINTED = (
    ([[4, 1, 3], [2, 0, 5], [3, 2, 2]], 5.0),
    ([[82, 83, 69, 92], [77, 37, 49, 92], [11, 69, 5, 86], [8, 9, 98, 23]], 140.0),
)


def measure_assignment(solve: Callable[[Floats], Longs] = assign) -> float:
    """Largest excess over the least cost: two printed cases and 500 matrices by trying all."""
    worst = 0.0
    for table, total in PRINTED:
        cost = np.array(table, np.float64)
        worst = max(worst, abs(_cost(cost, solve(cost)) - total))
    luck = uniforms(SEED, purpose("verification assignment"), 500 * 25).reshape(500, 5, 5)
    for k, whole in enumerate(luck):
        cost = np.ascontiguousarray(whole[: 2 + k % 4])
        rows = np.arange(len(cost))
        least = min(cost[rows, list(c)].sum() for c in itertools.permutations(range(5), len(cost)))
        worst = max(worst, _cost(cost, solve(cost)) - float(least))
    return worst


def _cost(cost: Floats, columns: Longs) -> float:
    return float(cost[np.arange(len(cost)), columns].sum())


def assign_greedily(cost: Floats) -> Longs:
    """Planted bug: each row takes the cheapest column left."""
    left, columns = cost.copy(), np.full(len(cost), -1, np.int64)
    for row in range(len(cost)):
        columns[row] = np.argmin(left[row])
        left[:, columns[row]] = np.inf
    return columns


def measure_ospa(distance: Callable[..., float] = ospa) -> float:
    """Largest difference from the published cases and the closed form for missing tracks."""
    line = np.arange(5.0)[:, None]
    worst = 0.0
    for p in (1.0, 2.0, math.inf):
        for offset in (0.5, 0.2):
            worst = max(worst, abs(distance(line + offset, line, c=10.0, p=p) - offset))
    for p in (1.0, 2.0):
        wanted = 10.0 * (2.0 / 5.0) ** (1.0 / p)
        worst = max(worst, abs(distance(line[:3], line, c=10.0, p=p) - wanted))
    return worst


def ospa_of_the_smaller(tracks: Floats, truths: Floats, *, c: float, p: float) -> float:
    """Planted bug: tracks that are missing cost nothing."""
    shorter = min(len(tracks), len(truths))
    return ospa(tracks[:shorter], truths[:shorter], c=c, p=p)


def measure_gospa(distance: Callable[..., float] | None = None) -> float:
    """Largest difference from the published cases: order 1, and switches over three moments."""
    measure = distance or _gospa
    line = np.arange(5.0)[:, None]
    pairs = [(measure(line + offset, line, c=10.0, p=1.0), 5.0 * offset) for offset in (0.5, 1.0)]
    truths = np.array([[0.0], [100.0], [200.0]])
    swapped, found = truths[[1, 0, 2]].copy(), truths[[1, 0, 2]]
    swapped[2] = 300.0
    first = gospa(truths, truths, c=2.0, p=2.0).track_of
    second = gospa(swapped, truths, c=2.0, p=2.0).track_of
    lost = measure(swapped, truths, c=2.0, p=2.0, before=first, switch=3.0)
    again = measure(found, truths, c=2.0, p=2.0, before=second, switch=3.0)
    pairs += [(lost, math.sqrt(4.0 + 2.5 * 9.0)), (again, math.sqrt(0.5) * 3.0)]
    return max(abs(got - wanted) for got, wanted in pairs)


def _gospa(*sets: Floats, **rules: Any) -> float:
    return gospa(*sets, **rules).distance


def gospa_without_switches(tracks: Floats, truths: Floats, **rules: Any) -> float:
    """Planted bug: an object may change its track for nothing."""
    return gospa(tracks, truths, c=rules["c"], p=rules["p"]).distance


def measure_loop(kind: str, noise_claim: float = 1.0) -> float:
    """Share of steps with the mean NEES of many tracks outside its 95 % band.

    kind : sensors     noise_claim : factor on the variances that the tracker is told
    1 when the average over all steps is outside the 99.9 % band.
    """
    t_s: Floats = np.arange(STEPS, dtype=np.float64) * STEP_S
    path = fall(grid(OBJECTS, 1.5e5), t_s, seed=SEED, accel_psd_m2_s3=ACCEL_PSD_M2_S3)
    read = read_path(path, t_s, eyes(t_s, kind), seed=SEED)
    read.angle_sigma_rad[:] *= math.sqrt(noise_claim)
    read.range_sigma_m[:] *= math.sqrt(noise_claim)
    model = measured_model(RULES, bank=falling_bank())
    history = track_scene(read, model, arrival_t_s=read.t_s, cycle_t_s=t_s)
    values = table_nees(belief_table(history, read, path))[SETTLED:]
    mean = np.nanmean(values, axis=1)
    lowest, highest = nees_band(OBJECTS, 6, 0.999)
    if not lowest < mean.mean() < highest:
        return 1.0
    low, high = nees_band(OBJECTS, 6, 0.95)
    return float(np.mean((mean < low) | (mean > high)))


def measure_joint(weigh: Callable[..., None] = joint_probabilities) -> float:
    """Largest difference of joint probabilities from listing every joint event."""
    luck = uniforms(SEED, purpose("verification joint"), 20 * 12).reshape(20, 3, 4)
    worst = 0.0
    for gain in 4.0 * luck:
        share, room = np.empty((3, 4)), (4, 16)
        weigh(gain, 3, 4, 0.8, np.empty(room), np.empty(room), share)
        worst = max(worst, float(np.max(np.abs(share - _by_events(gain, 0.8)))))
    return worst


def _by_events(gain: Floats, p_detect: float) -> Floats:
    """Share of each pair in the weight of all events, by listing them."""
    tracks, readings = gain.shape
    total, share = 0.0, np.zeros_like(gain)
    for event in itertools.product(range(-1, readings), repeat=tracks):
        pairs = [(i, j) for i, j in enumerate(event) if j >= 0]
        if len(pairs) > len({j for _, j in pairs}):
            continue
        misses = (1.0 - p_detect) ** (tracks - len(pairs))
        weight = misses * math.prod(float(gain[pair]) for pair in pairs)
        total += weight
        for pair in pairs:
            share[pair] += weight
    return share / total


def weigh_each_alone(
    gain: Floats, tracks: int, readings: int, p_detect: float, *rest: Floats
) -> None:
    """Planted bug: each track by itself, so that a reading is given to several."""
    share = rest[-1]
    share[:] = gain / (gain.sum(axis=1, keepdims=True) + 1.0 - p_detect)
    del tracks, readings


def measure_fusion(fuse: Callable[[Estimate, Estimate], Estimate] | None = None) -> float:
    """Mean NEES, per value, of two fused tracks that share their first estimate, 1,000 runs."""
    runs, common = 1000, np.diag([4.0, 1.0, 9.0])
    noises = np.diag([1.0, 5.0, 2.0]), np.diag([6.0, 0.5, 3.0])
    parts: list[Estimate] = []
    for k, cov in enumerate((common, *noises)):
        luck = normals(SEED, purpose("verification fusion"), 3 * runs, obj=k).reshape(runs, 3)
        mean = np.asarray(luck @ np.linalg.cholesky(cov).T, np.float64)
        parts.append(Estimate(mean=mean, cov=np.tile(cov, (runs, 1, 1))))
    one, other = (fuse_independent([parts[0], own]) for own in parts[1:])
    fused = intersect(one, other)[0] if fuse is None else fuse(one, other)
    return float(nees(fused.mean, fused.cov).mean()) / 3.0


def fuse_naively(one: Estimate, other: Estimate) -> Estimate:
    """Planted bug: what both nodes were told counts twice."""
    return fuse_independent([one, other])


def measure_discrimination(tell: Callable[[float, bool, float], float] = evidence) -> float:
    """Largest difference of leakage and false alarm from Phi((t -+ K^2/2) / K), 20,000 objects."""
    runs, worst = 20_000, 0.0
    for k_factor in (1.0, 2.0, 3.0):
        added = information(k_factor, 60.0, 0.0, 60.0)
        luck = normals(SEED, purpose("verification discrimination"), runs)
        for threat in (True, False):
            odds = np.array([tell(added, threat, float(one)) for one in luck])
            for threshold in (-1.0, 0.0, 2.0):
                mean = 0.5 * k_factor**2 * (1.0 if threat else -1.0)
                wanted = NormalDist().cdf((threshold - mean) / k_factor)
                worst = max(worst, abs(float(np.mean(odds < threshold)) - wanted))
    return worst


def evidence_without_half(added: float, threat: bool, luck: float) -> float:
    """Planted bug: log odds of mean I in place of I/2."""
    return (added if threat else -added) + math.sqrt(added) * luck


def _loop_check(kind: str, words: str) -> Check:
    return Check(
        name=f"association/nees-{kind}",
        claim=f"{words}: {OBJECTS} tracks at once stay inside the chi-square band in at least "
        "90 % of the steps",
        authority="Bar-Shalom, Li, Kirubarajan, Estimation with Applications, 2001, section 5.4",
        unit="share of steps outside",
        tolerance=0.10,
        measure=partial(measure_loop, kind),
        planted_bug=4.0,
        bug="variances four times too large",
    )


CHECKS: tuple[Check, ...] = (
    Check(
        name="association/assignment",
        claim="an assignment costs the least that any could",
        authority="two printed cases, and trying all on 500 matrices",
        unit="cost",
        tolerance=1e-9,
        measure=measure_assignment,
        planted_bug=assign_greedily,
        bug="each row takes the cheapest column left",
    ),
    Check(
        name="association/joint",
        claim="joint probabilities are the sum over all joint events",
        authority="Fortmann, Bar-Shalom, Scheffe 1983, every event listed",
        unit="probability",
        tolerance=1e-12,
        measure=measure_joint,
        planted_bug=weigh_each_alone,
        bug="each track by itself",
    ),
    Check(
        name="association/ospa",
        claim="OSPA gives the published cases",
        authority="Stone Soup, test cases of the OSPA metric; closed form for missing tracks",
        unit="",
        tolerance=1e-12,
        measure=measure_ospa,
        planted_bug=ospa_of_the_smaller,
        bug="missing tracks cost nothing",
    ),
    Check(
        name="association/gospa",
        claim="GOSPA gives the published cases, switches among them",
        authority="Stone Soup, test cases of the GOSPA metric",
        unit="",
        tolerance=1e-12,
        measure=measure_gospa,
        planted_bug=gospa_without_switches,
        bug="an object may change its track for nothing",
    ),
    _loop_check("radar", "tracks made of a radar's detections alone"),
    _loop_check("all", "tracks made of a radar's and two cameras' detections"),
    Check(
        name="association/fusion",
        claim="covariance intersection of two nodes told alike is not over-confident",
        authority="Julier, Uhlmann 1997: mean normalised error squared at most 1 per value",
        unit="mean NEES per value",
        tolerance=1.08,
        measure=measure_fusion,
        planted_bug=fuse_naively,
        bug="what both were told counts twice",
    ),
    Check(
        name="association/discrimination",
        claim="leakage and false alarm of full information are Phi((t -+ K^2/2) / K)",
        authority="Van Trees, Detection, Estimation, and Modulation Theory, Part I, 1968, 2.2",
        unit="probability",
        tolerance=0.015,
        measure=measure_discrimination,
        planted_bug=evidence_without_half,
        bug="log odds of mean I in place of I/2",
    ),
)
