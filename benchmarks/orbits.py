"""Throughput of orbits, visibility and Lambert on one core, and against plain NumPy and SciPy.

Run: python benchmarks/orbits.py

Each line: the figure, the goal, and how many times faster it is than the plain wording.
"""

import math
import time

import numpy as np
from scipy.optimize import brentq

from opendome.quantities.constants import MU_M3_S2
from opendome.world.constellations import (
    Walker,
    fill_axes,
    fill_positions,
    fill_states,
    orbit_table,
)
from opendome.world.elements import propagate
from opendome.world.lambert import lambert_batch
from opendome.world.visibility import fill_visible

SATELLITES = Walker(
    kind="delta",
    satellites=7800,
    planes=78,
    phasing=1,
    altitude_m=400e3,
    inclination_rad=math.radians(85.0),
)
TARGETS = 200
RADIUS_M, RANGE_M, CONE_RAD = 6.43e6, 2.5e6, 1.0
PROBLEMS = 50_000
REPEATS = 30


def rate(function, count, repeats=REPEATS):
    """Things per second, the best of several runs; the first run only warms up."""
    function()
    best = math.inf
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return count / best


def plain_positions(table, t_s):
    """The same motion in NumPy arrays."""
    axis, e, minor, cos_tilt, sin_tilt, node, node_rate, mean, motion, perigee, perigee_rate = table
    m = mean + motion * t_s
    anomaly = m
    for _ in range(3):
        anomaly = anomaly - (anomaly - e * np.sin(anomaly) - m) / (1.0 - e * np.cos(anomaly))
    along, across = axis * (np.cos(anomaly) - e), minor * np.sin(anomaly)
    s, c = np.sin(perigee + perigee_rate * t_s), np.cos(perigee + perigee_rate * t_s)
    p, q = along * c - across * s, along * s + across * c
    s, c = np.sin(node + node_rate * t_s), np.cos(node + node_rate * t_s)
    return np.stack([p * c - q * cos_tilt * s, p * s + q * cos_tilt * c, q * sin_tilt], axis=1)


def plain_visible(axes, targets):
    """The same three tests in NumPy arrays."""
    line = targets[:, :, None] - axes[None]
    length2 = (line * line).sum(axis=1)
    along = (axes[None] * line).sum(axis=1)
    first2 = (axes * axes).sum(axis=0)
    clear = (
        (along >= 0.0)
        | (along <= -length2)
        | (first2 * length2 - along**2 >= RADIUS_M**2 * length2)
    )
    cone = -along >= math.cos(CONE_RAD) * np.sqrt(first2 * length2)
    return clear & (length2 <= RANGE_M**2) & cone


def plain_lambert(pos1, pos2, time_s):
    """One problem by the universal variable z and SciPy's root finder (Curtis, alg. 5.2)."""
    r1, r2 = np.linalg.norm(pos1), np.linalg.norm(pos2)
    angle = math.acos(pos1 @ pos2 / (r1 * r2))
    if np.cross(pos1, pos2)[2] < 0.0:
        angle = 2.0 * math.pi - angle
    a = math.sin(angle) * math.sqrt(r1 * r2 / (1.0 - math.cos(angle)))

    def parts(z):
        if z > 0.0:
            root = math.sqrt(z)
            return (1.0 - math.cos(root)) / z, (root - math.sin(root)) / root**3
        root = math.sqrt(-z) if z < 0.0 else 1e-4
        return (math.cosh(root) - 1.0) / root**2, (math.sinh(root) - root) / root**3

    def miss(z):
        c, s = parts(z)
        y = r1 + r2 + a * (z * s - 1.0) / math.sqrt(c)
        if y < 0.0:
            return -1.0
        return ((y / c) ** 1.5 * s + a * math.sqrt(y)) / math.sqrt(MU_M3_S2) - time_s

    z = brentq(miss, -400.0, 39.0, xtol=1e-14)
    c, s = parts(z)
    y = r1 + r2 + a * (z * s - 1.0) / math.sqrt(c)
    return (pos2 - (1.0 - y / r1) * pos1) / (a * math.sqrt(y / MU_M3_S2))


def lambert_problems():
    rng = np.random.default_rng(1)
    ends = rng.normal(size=(2, PROBLEMS, 3))
    ends *= rng.uniform(6.6e6, 9e6, (2, PROBLEMS, 1)) / np.linalg.norm(ends, axis=2)[:, :, None]
    return ends[0], ends[1], rng.uniform(1500.0, 5000.0, PROBLEMS)


def main():
    table = orbit_table(SATELLITES.elements())
    n = table.shape[1]
    axes, pos, vel = np.empty((3, n)), np.empty((n, 1, 3)), np.empty((n, 1, 3))
    moment = np.array([1234.5])
    fill_axes(table, 1234.5, axes)
    np.testing.assert_allclose(axes.T, plain_positions(table, 1234.5), atol=1e-6)

    # the targets of a raid: low, and on the same side as some satellites
    targets = axes.T[:: n // TARGETS][:TARGETS] * 0.97
    flags = np.empty((TARGETS, n), dtype=np.bool_)
    fill_visible(axes, targets, RADIUS_M, RANGE_M, CONE_RAD, flags)
    assert (flags == plain_visible(axes, targets)).all()

    pos1, pos2, times = lambert_problems()
    vel1, _, status = lambert_batch(pos1, pos2, times)
    assert not status.any()
    np.testing.assert_allclose(plain_lambert(pos1[0], pos2[0], times[0]), vel1[0], rtol=1e-6)

    plain_orbit = rate(lambda: plain_positions(table, 1234.5), n)
    plain_pairs = rate(lambda: plain_visible(axes, targets), TARGETS * n, repeats=3)
    plain_solve = rate(
        lambda: [plain_lambert(pos1[i], pos2[i], times[i]) for i in range(200)], 200, repeats=3
    )
    rows = [
        ("Kepler + J2, rows per axis", 1e-6 * rate(lambda: fill_axes(table, 1234.5, axes), n),
         "M/s", 40.0, 1e-6 * plain_orbit),
        ("Kepler + J2, (n, 3)", 1e-6 * rate(lambda: fill_positions(table, moment, pos), n),
         "M/s", 40.0, 1e-6 * plain_orbit),
        ("  with velocities", 1e-6 * rate(lambda: fill_states(table, moment, pos, vel), n),
         "M/s", math.nan, math.nan),
        ("visibility, limb+range+cone",
         1e-9 * rate(lambda: fill_visible(axes, targets, RADIUS_M, RANGE_M, CONE_RAD, flags),
                     TARGETS * n), "G/s", 0.6, 1e-9 * plain_pairs),
        ("Lambert", 1e-6 * rate(lambda: lambert_batch(pos1, pos2, times), PROBLEMS),
         "M/s", 3.0, 1e-6 * plain_solve),
        ("two-body flight, any conic", 1e-6 * rate(lambda: propagate(pos1, vel1, times), PROBLEMS),
         "M/s", math.nan, math.nan),
    ]  # fmt: skip
    print(f"{'':30s} {'figure':>10s} {'goal':>8s} {'over plain':>11s}")
    for name, figure, unit, goal, plain in rows:
        wanted = "" if math.isnan(goal) else f"{goal:g}"
        ratio = "" if math.isnan(plain) else f"{figure / plain:.1f}"
        print(f"{name:30s} {figure:6.2f} {unit} {wanted:>8s} {ratio:>11s}")


if __name__ == "__main__":
    main()
