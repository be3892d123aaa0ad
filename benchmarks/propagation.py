"""Throughput of ballistic flights on one core, and against SciPy's DOP853.

Each flight: about 33 minutes over some 10 000 km, from burnout at 200 km to the ground, gravity
with J2, drag in turning US-1976 air (8000 kg/m2), error asked for 1e-9.

Run: python benchmarks/propagation.py
"""

import math
import time

import numpy as np
from scipy.integrate import solve_ivp

from opendome.world.atmosphere import AIR_US76
from opendome.world.earth import altitude_xyz, ecef_from_geodetic
from opendome.world.flight import acceleration
from opendome.world.frames import enu_axes, velocity_eci_from_ground
from opendome.world.propagation import EARTH, fly_all

COUNT = 2000
REPEATS = 5
PLAIN = 10
BETA_KG_M2 = 8000.0
GOAL_PER_S = 25_000


def starts(seed=2):
    """Positions and velocities after burnout, everywhere and in every direction."""
    rng = np.random.default_rng(seed)
    lat, lon = np.arcsin(rng.uniform(-1, 1, COUNT)), rng.uniform(-math.pi, math.pi, COUNT)
    climb, heading = np.radians(rng.uniform(23, 25, COUNT)), rng.uniform(0, math.tau, COUNT)
    speed = rng.uniform(6900.0, 7000.0, COUNT)
    pos = ecef_from_geodetic(lat, lon, 200e3)
    local = np.stack(
        (np.cos(climb) * np.sin(heading), np.cos(climb) * np.cos(heading), np.sin(climb)), axis=-1
    )
    ground = speed[:, None] * np.einsum("oij,oi->oj", enu_axes(lat, lon), local)
    return pos, velocity_eci_from_ground(pos, ground)


def per_second(pos, vel, **options):
    """Flights per second of processor time, best of several, and the flights."""
    options = {"t_end_s": 4000.0, "beta_kg_m2": BETA_KG_M2, **options}
    flights = fly_all(pos, vel, **options)
    best = math.inf
    for _ in range(REPEATS):
        start = time.process_time()
        flights = fly_all(pos, vel, **options)
        best = min(best, time.process_time() - start)
    return len(pos) / best, flights


def plain(pos, vel):
    """SciPy's integrator of the same order with our acceleration: seconds and end position."""
    numbers, table = EARTH.numbers, (AIR_US76.pieces, AIR_US76.first_piece)

    def rate(_t, y):
        return (*y[3:], *acceleration(*y, 1.0 / BETA_KG_M2, numbers, *table))

    def ground(_t, y):
        return altitude_xyz(*y[:3])

    ground.terminal, ground.direction = True, -1.0
    start = time.process_time()
    flown = solve_ivp(
        rate, (0.0, 4000.0), [*pos, *vel], method="DOP853", rtol=1e-10, atol=1e-4, events=ground
    )
    return time.process_time() - start, flown.y_events[0][0][:3]


def main():
    pos, vel = starts()
    rows = {
        "to the ground, J2 and drag": {},
        "to the ground, no drag": {"beta_kg_m2": math.inf},
        "a sample every 10 s": {"step_s": 10.0, "samples": 250},
        "a sample every second": {"step_s": 1.0, "samples": 2300},
    }
    sharp = fly_all(pos, vel, t_end_s=4000.0, beta_kg_m2=BETA_KG_M2, tolerance=1e-13)
    print(f"mean time of flight {sharp.t_stop_s.mean() / 60:.1f} min")
    rates = {}
    for name, options in rows.items():
        rates[name], flights = per_second(pos, vel, **options)
        print(f"{name:28s} {rates[name]:9.0f} flights/s")
        if name == "to the ground, J2 and drag":
            miss = np.linalg.norm(flights.pos_stop_eci_m - sharp.pos_stop_eci_m, axis=1)
            print(f"{'':28s} {miss.max() * 1e3:9.1f} mm, largest error at impact")
    first = rates["to the ground, J2 and drag"]
    done = [plain(pos[i], vel[i]) for i in range(PLAIN)]
    apart = max(np.linalg.norm(done[i][1] - sharp.pos_stop_eci_m[i]) for i in range(PLAIN))
    slow = PLAIN / sum(seconds for seconds, _ in done)
    print(f"{'SciPy DOP853':28s} {slow:9.0f} flights/s, {apart * 1e3:.0f} mm apart")
    print(f"ratio to SciPy {first / slow:.0f}; ratio to the goal {first / GOAL_PER_S:.2f}")


if __name__ == "__main__":
    main()
