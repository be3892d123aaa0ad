"""Random boards, made by hand for the twin. Boards with known answers: opendome.verification."""

import numpy as np

from opendome.command.kernels.impact import IMPACT_PLACE
from opendome.command.kernels.people import PERSON
from opendome.command.models import HumanTime, people_table
from opendome.draws.purposes import purpose
from opendome.engagement.board import fill
from opendome.engagement.records import (
    ARRIVAL,
    ASSET_RULE,
    LAYER_RULE,
    LOOK,
    OBJECT,
    PAIR,
    SENSOR,
    SHOOTER,
    Board,
    Rules,
)

RADIUS_M = 6.9e6


def arc(rng: np.random.Generator, samples: int, step_s: float):
    """A gently curved path above the ground: (samples, 3) position and velocity."""
    angle = rng.uniform(0, 2 * np.pi)
    rate = 7000.0 / RADIUS_M
    t = np.arange(samples) * step_s
    flat = np.stack([np.cos(angle + rate * t), np.sin(angle + rate * t), 0 * t], axis=1)
    swift = np.stack([-np.sin(angle + rate * t), np.cos(angle + rate * t), 0 * t], axis=1)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return RADIUS_M * flat @ turn, 7000.0 * swift @ turn


def random_information(rng: np.random.Generator, looks: int, ranging: np.ndarray) -> np.ndarray:
    """Position information of random sensors: rank 2 for angles only, rank 3 with a range."""
    table = np.zeros((looks, 6))
    for k in range(looks):
        axes, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        sigma = 10.0 ** rng.uniform(2.0, 4.0, 3)
        weight = 1.0 / sigma**2
        if not ranging[k]:
            weight[2] = 0.0
        matrix = axes @ np.diag(weight) @ axes.T
        table[k] = matrix[np.triu_indices(3)]
    return table


def random_looks(rng: np.random.Generator, launch, sensors: int, flight_s: float) -> list:
    """Looks of random sensors: (object, time, sensor, chance), sorted."""
    look_rows = []
    for obj in range(len(launch)):
        for sensor in range(sensors):
            if rng.random() < 0.25:
                continue
            begin = rng.uniform(20.0, 200.0)
            end = min(flight_s, begin + rng.uniform(20, 300))
            times = launch[obj] + np.arange(begin, end, rng.uniform(2.0, 15.0))
            p = rng.uniform(0.3, 1.0)
            look_rows += [(obj, t, sensor, p) for t in times]
    return sorted(look_rows)


def random_board(seed: int, *, objects=4, sensors=5, shooters=6, nodes=2, layers=2) -> Board:
    """A board of everything at random: late tracks, gaps, empty stocks, harmless objects."""
    rng = np.random.default_rng(seed)
    step_s, flight_s = 1.0, 400.0
    samples = int(flight_s / step_s) + 1
    launch = np.sort(rng.uniform(-40.0, 20.0, objects))
    paths = [arc(rng, samples, step_s) for _ in range(objects)]
    ranging = rng.random(sensors) < 0.4
    look_rows = random_looks(rng, launch, sensors, flight_s)
    owner = np.array([row[0] for row in look_rows], np.int64)
    look_t = np.array([row[1] for row in look_rows])
    look_sensor = np.array([row[2] for row in look_rows], np.int32)
    delay = rng.uniform(0.0, 6.0, (nodes, sensors))
    delay[rng.random((nodes, sensors)) < 0.2] = np.inf
    starts = np.zeros((nodes, objects + 1), np.int64)
    arrival_look, arrival_t = [], []
    for node in range(nodes):
        for obj in range(objects):
            starts[node, obj] = len(arrival_look)
            mine = [
                k for k in np.flatnonzero(owner == obj) if np.isfinite(delay[node, look_sensor[k]])
            ]
            mine.sort(key=lambda k: (look_t[k] + delay[node, look_sensor[k]], look_sensor[k]))
            arrival_look += mine
            arrival_t += [look_t[k] + delay[node, look_sensor[k]] for k in mine]
        starts[node, objects] = len(arrival_look)
    asset = rng.integers(0, 3, shooters).astype(np.int32)
    pair_start, pair_shooter, first, offset, latest = [0], [], [], [0], []
    for obj in range(objects):
        for shooter in range(shooters):
            if rng.random() < 0.35:
                continue
            begin = launch[obj] + rng.uniform(60.0, 250.0)
            count = int(rng.integers(1, 60))
            meets = begin + 2.0 * np.arange(count)
            margin = rng.uniform(20.0, 120.0) + np.abs(np.arange(count) - count / 2)
            row = np.where(rng.random(count) < 0.1, -np.inf, meets - margin)
            row[count // 2] = meets[count // 2] - margin[count // 2]
            pair_shooter.append(shooter)
            first.append(begin)
            latest += list(row)
            offset.append(len(latest))
        pair_start.append(len(pair_shooter))
    latest = np.array(latest)
    last = np.array([latest[offset[q] : offset[q + 1]].max() for q in range(len(pair_shooter))])
    delays = launch_delays()
    last_order = np.full(objects, -np.inf)
    for obj in range(objects):
        for q in range(pair_start[obj], pair_start[obj + 1]):
            last_order[obj] = max(last_order[obj], last[q] - delays[asset[pair_shooter[q]]])
    look_start = np.searchsorted(owner, np.arange(objects + 1))
    swerving = np.random.default_rng([seed, 1])  # of its own, so that all else stays as it was
    turn = np.where(swerving.random(objects) < 0.5, launch + swerving.uniform(0, 400), -np.inf)
    psd = swerving.choice([0.0, 1.0, 100.0], objects)
    begins = np.where(swerving.random(objects) < 0.5, launch + swerving.uniform(0, 900), -np.inf)
    kin = np.random.default_rng([seed, 2])  # of its own, as above
    parent = np.where(kin.random(objects) < 0.3, np.arange(objects) - 1, -1)
    lethal = kin.random(objects) < 0.8
    taken = kin.choice([1.0, 0.5, np.nan], objects, p=[0.5, 0.2, 0.3])
    loss = np.random.default_rng([seed, 3])
    watched = np.where(np.isnan(taken[owner]), loss.uniform(0.0, 15.0, len(look_rows)), 0.0)
    return Board(
        objects=fill(
            OBJECT,
            launch_t_s=launch,
            burnout_t_s=launch + rng.uniform(100.0, 250.0, objects),
            impact_t_s=launch + flight_s,
            p_reliable=rng.uniform(0.7, 1.0, objects),
            defended_distance_m=rng.choice([-2e5, -1e4, 3e4, 3e6], objects),
            last_order_t_s=last_order,
            turn_t_s=turn,
            manoeuvre_psd_m2_s3=psd,
            manoeuvre_t_s=begins,
            parent=parent,
            parts=np.bincount(parent[parent >= 0], minlength=objects),
            lethal=lethal,
            p_taken_for_real=taken,
            first_look=look_start[:-1],
            end_look=look_start[1:],
            first_pair=pair_start[:-1],
            end_pair=pair_start[1:],
        ),
        path=np.stack([np.concatenate(path, axis=1) for path in paths]),
        path_step_s=step_s,
        looks=fill(
            LOOK,
            t_s=look_t,
            p_detect=[row[3] for row in look_rows],
            sensor=look_sensor,
            watched_s=watched,
            information_m2=random_information(rng, len(look_rows), ranging[look_sensor]),
        ),
        arrivals=fill(
            ARRIVAL,
            t_s=arrival_t,
            look=arrival_look,
            p_delivered=loss.choice([1.0, 0.7], len(arrival_look)),
        ),
        arrival_start=starts,
        delivery_purpose=np.array(
            [[purpose(f"test delivery {n} {k}") for k in range(sensors)] for n in range(nodes)]
        ),
        sensors=fill(
            SENSOR,
            ranging=ranging,
            purpose=[purpose(f"test detection {k}") for k in range(sensors)],
            k_factor=loss.choice([0.0, 1.0, 3.0], sensors),
            k_time_s=loss.uniform(5.0, 100.0, sensors),
            k_purpose=[purpose(f"test discrimination {k}") for k in range(sensors)],
        ),
        pairs=fill(
            PAIR,
            shooter=pair_shooter,
            first_t_s=first,
            first_sample=offset[:-1],
            end_sample=offset[1:],
            last_t_s=last,
        ),
        latest_t_s=latest,
        meet_step_s=2.0,
        shooters=fill(
            SHOOTER,
            asset=asset,
            layer=asset % layers,
            node=np.arange(shooters) % nodes,
            stock=rng.integers(0, 4, shooters),
        ),
        places=np.zeros(0, IMPACT_PLACE),
        vertices=np.zeros((0, 2)),
        ground=np.zeros((0, 4, 3)),
        loss_max=0.0,
    )


def launch_delays() -> np.ndarray:
    return np.array([0.0, 5.0, 12.0])


def rules(**changes) -> Rules:
    """Rules with every feature at work."""
    values = {
        "cycle_s": 5.0,
        "confirm_s": 12.0,
        "assessment_delay_s": 8.0,
        "p_false_kill": 0.1,
        "p_false_miss": 0.2,
        "commit_sigma_m": 1.0e5,
        "harmless_sigmas": 2.0,
        "log_odds_to_engage": -1.0,
        "confirm_hits": 3,
        "confirm_window": 5,
        "prior_position_sigma_m": 1.0e6,
        "prior_speed_sigma_m_s": 4.0e3,
        "accel_psd_boost_m2_s3": 50.0,
        "accel_psd_coast_m2_s3": 1.0e-4,
        "custody_gap_s": 45.0,
        "custody_sigma_m": 2.0e5,
        "layers": fill(LAYER_RULE, salvo=[2, 1], salvos_max=[1, 32767]),
        "assets": fill(
            ASSET_RULE,
            p_kill=[0.6, 0.5, 0.8],
            divert_radius_m=[2.0e4, 5.0e3, 1.0e4],
            homing_s=[10.0, 30.0, 3.0],
            launch_delay_s=launch_delays(),
            kill_purpose=[purpose(f"test kill {k}") for k in range(3)],
            assess_purpose=[purpose(f"test assess {k}") for k in range(3)],
        ),
        "p_inside": 0.5,
        "reliability_purpose": purpose("reliability"),
        "people": np.zeros((2, 0), PERSON),
        "coordination_s": np.zeros((0, 0)),
        "improving": 0,
        "impact_purpose": purpose("predicted impact"),
        "impact_north_purpose": purpose("predicted impact north"),
        "taken_purpose": purpose("taken for real"),
    }
    return Rules(**(values | changes))


def burdened_rules(**changes) -> Rules:
    """Rules with slow people, launchers with limits, faults in common, prices and partners."""
    plain = rules()
    assets = plain.assets.copy()
    assets["price"] = [0.0, 0.2, 0.05]
    assets["p_common_failure"] = [0.0, 0.3, 0.1]
    assets["common_purpose"] = [purpose(f"test common {k}") for k in range(3)]
    assets["limited"] = [0, 1, 1]
    assets["channels"] = [2**31, 1, 2**31]
    assets["channel_time_s"] = [np.inf, 20.0, np.inf]
    assets["launch_interval_s"] = [0.0, 2.0, 7.0]
    assets["ready"] = [2**31, 2**31, 1]
    assets["reload_s"] = [0.0, 0.0, 25.0]
    layers = plain.layers.copy()
    layers["salvos_max"] = [2, 32767]
    layers["reserve"] = [1, 0]
    layers["engage"] = [0, 1]
    values = {
        "assets": assets,
        "layers": layers,
        "people": people_table(
            [
                HumanTime(name="warning", median_s=8.0, sigma_log=0.5),
                HumanTime(name="release", median_s=3.0, sigma_log=0.0),
            ],
            ["west", "east"],
        ),
        "coordination_s": np.array([[np.inf, 3.0], [6.0, np.inf]]),
    }
    return plain._replace(**(values | changes))


def valued_board(seed: int, **sizes) -> Board:
    """A random board whose objects fall near two rectangles of value each."""
    rng = np.random.default_rng(1000 + seed)
    board = random_board(seed, **sizes)
    objects = board.objects.copy()
    rows, corners = [], []
    for _ in range(2 * objects.size):
        west, south = rng.uniform(-6e4, 2e4, 2)
        east, north = np.array([west, south]) + rng.uniform(1e4, 6e4, 2)
        first = 4 * len(rows)
        middle = 0.5 * (west + east), 0.5 * (south + north)
        radius = 0.5 * np.hypot(east - west, north - south)
        rows.append((rng.uniform(0.1, 1.0), first, first + 4, *middle, radius))
        corners += [(west, south), (east, south), (east, north), (west, north)]
    objects["first_place"] = 2 * np.arange(objects.size)
    objects["end_place"] = objects["first_place"] + 2
    places = np.array(rows, IMPACT_PLACE)
    ground = np.zeros((objects.size, 4, 3))
    for obj in range(objects.size):
        up = board.path[obj, -1, :3] / np.linalg.norm(board.path[obj, -1, :3])
        east = np.cross([0.0, 0.0, 1.0], up)
        east /= np.linalg.norm(east)
        fall = board.path[obj, -1, 3:] - 3000.0 * up
        ground[obj] = east, np.cross(up, east), up, fall
    return board._replace(
        objects=objects,
        places=places,
        vertices=np.array(corners),
        ground=ground,
        loss_max=float(places["value"].max()),
    )
