"""Run folders made of dice alone: the tables a run writes, without playing one."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from opendome.campaign.plan import Plan
from opendome.campaign.study import Study
from opendome.campaign.tables import digest
from opendome.engagement.records import Fate, Ledger, ShotResult
from opendome.results.credibility import card
from opendome.results.example import Example
from opendome.results.folder import write_run
from opendome.results.metrics import measure
from opendome.results.result_set import ResultSet

FLIGHT_S = 1900.0
NAN = math.nan
SCENARIO = """\
scenario: {name}
title: "{title}"
epoch: '2029-01-20T12:00:00Z'
defended:
- area: conus
assets:
- use: lrdr
  name: lrdr
  nation: US
  range_max: 3000 km..4000 km
- use: sbi-cbo-2026
  name: sbi-cbo-2026
  nation: US
  p_kill: 0.5..0.9
- use: gbi
  name: gbi
  nation: US
  p_kill: 12 of 21
raid:
- class: icbm-solid
  count: {objects}
"""


@dataclass
class Sham:
    """As much of a scenario as a result needs."""

    objects: int = 10
    name: str = "made-up"
    title: str = "A made-up shield against made-up missiles"
    layers: tuple[str, ...] = ("orbital", "surface")
    layer_stock: tuple[int, ...] = (7800, 44)
    asset_names: tuple[str, ...] = ("sbirs-geo", "sda-tracking-t2", "lrdr", "sbi-cbo-2026", "gbi")
    digest: str = "0" * 64
    class_name: str = "icbm-solid"
    extra_sources: list = field(default_factory=list)
    text: str = ""  # of a whole scenario, where one is wanted
    valued: bool = False

    raid_flights: list = field(default_factory=lambda: ["ballistic"])

    @property
    def raid_roll(self):
        return ((self.class_name, self.objects, True),)

    @property
    def lethal(self):
        return np.ones(self.objects, bool)

    def raid_by_class(self):
        return {self.class_name: self.objects}

    def unverified_inputs(self):
        return ["assets.lrdr.range_max", "assets.sbi-cbo-2026.divert"]

    def unverified_share(self):
        return 0.12

    @property
    def roster(self):
        nobody = {"nodes": ["US"], "sectors": {}, "cut_off": {}, "people": {}}
        return SimpleNamespace(document=lambda futures: nobody)

    def cited(self):
        inputs = [f"assets.lrdr.{x}" for x in ("latitude", "longitude", "range_max")]
        return [
            {
                "id": "cbo-2026", "title": "Congressional Budget Office, a report",
                "date": "2026-05", "kind": "official", "weak": False,
                "url": "https://www.cbo.gov/publication/62387",
                "inputs": ["assets.sbi-cbo-2026.p_kill", "assets.sbi-cbo-2026.divert"],
            },
            {
                "id": "project-assumption", "title": "Assumption of this project", "date": None,
                "kind": "project", "url": None, "weak": True,
                "inputs": [*inputs, "raid.0.from", "command.cycle"],
            },
            *self.extra_sources,
        ]  # fmt: skip

    def resolved_yaml(self):
        return self.text or SCENARIO.format(name=self.name, title=self.title, objects=self.objects)


def write_made_up(
    folder: Path,
    *,
    scenario: Sham | None = None,
    trials: int = 200,
    futures: int = 20,
    kind: str = "mixed",
    seed: int = 5,
) -> Path:
    """Write a run folder. kind: mixed, none (all killed), all (all leak), unseen, unarmed."""
    scenario = scenario or Sham()
    if kind == "unarmed":
        scenario.layers, scenario.layer_stock = (), ()
        scenario.asset_names = scenario.asset_names[:3]
    plan = Plan(trials=trials, futures=futures, chunk=20)
    rng = np.random.default_rng(seed)
    sampled = [
        {
            "epoch_offset": rng.uniform(0, 86400),
            "assets.sbi-cbo-2026.p_kill": rng.uniform(0.5, 0.9),
            "assets.lrdr.range_max": rng.uniform(3e6, 4e6),
        }
        for _ in range(futures)
    ]
    ledger = _dice(rng, scenario, plan, sampled, kind)
    study = Study(
        plan=plan, seed=seed, ledger=ledger, sampled=sampled, digest=digest(ledger),
        geometry_s=1.25, dice_s=2.5,
    )  # fmt: skip
    result = ResultSet(
        scenario=scenario,
        study=study,
        metrics=measure(
            study,
            layers=scenario.layers,
            layer_stock=scenario.layer_stock,
            lethal=scenario.lethal,
        ),
        timing_s={"compile": 0.0, "geometry": 1.25, "dice": 2.5, "total": 2.0},
        card=card(unverified_share=0.12, futures=futures),
        run_dir=folder,
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_run(result, _example(rng, scenario, kind, ledger), folder)
    return folder


def _dice(rng, scenario, plan, sampled, kind):
    objects = {name: [] for name in (
        "trial", "object", "launch_t_s", "impact_t_s", "fate", "killer", "rounds", "detected_t_s",
        "tracked_t_s", "shared_t_s", "ordered_t_s", "launched_t_s", "intercept_t_s", "killed_t_s",
        "last_chance_t_s",
    )}  # fmt: skip
    shots = {name: [] for name in (
        "trial", "asset", "layer", "object", "shooter", "ordered_t_s", "launched_t_s",
        "intercept_t_s", "p_divert", "result", "believed_dead",
    )}  # fmt: skip
    launches = np.sort(np.random.default_rng(1).uniform(0, 60, scenario.objects))
    for trial in range(plan.trials_total):
        p_kill = {"none": 1.0, "all": 0.0}.get(
            kind, sampled[plan.future_of(trial)]["assets.sbi-cbo-2026.p_kill"]
        )
        for obj in range(scenario.objects):
            row, fired = _one(rng, kind, p_kill, float(launches[obj]), len(scenario.layers))
            row |= {"trial": trial, "object": obj, "rounds": len(fired)}
            for name, column in objects.items():
                column.append(row[name])
            for shot in fired:
                shot |= {"trial": trial, "object": obj}
                for name, column in shots.items():
                    column.append(shot[name])
    count = plan.trials_total * scenario.objects
    tracks = {
        "trial": objects["trial"], "node": [0] * count, "object": objects["object"],
        "formed_t_s": objects["shared_t_s"], "drops": [0] * count,
        "commit_sigma_m": [NAN] * count,
    }  # fmt: skip
    return Ledger(objects=_typed(objects), shots=_typed(shots), tracks=_typed(tracks))


TYPES = {"trial": np.int64, "fate": np.uint8, "result": np.uint8, "believed_dead": np.uint8}


def _typed(table):
    return {
        name: np.array(
            column,
            np.float64 if name.endswith(("_s", "_m", "divert")) else TYPES.get(name, np.int32),
        )
        for name, column in table.items()
    }


def _one(rng, kind, p_kill, launch, layers):  # noqa: C901  (one branch for each fate)
    """One object of one trial: its row and its shots."""
    impact = launch + FLIGHT_S
    row = {"launch_t_s": launch, "impact_t_s": impact, "killer": -1, "killed_t_s": NAN}
    times = ("detected_t_s", "tracked_t_s", "shared_t_s", "ordered_t_s", "launched_t_s",
             "intercept_t_s", "last_chance_t_s")  # fmt: skip
    row |= dict.fromkeys(times, NAN)
    luck = rng.uniform()
    if kind == "unseen":
        return row | {"fate": Fate.NEVER_DETECTED}, []
    if kind == "mixed" and luck < 0.04:
        return row | {"fate": Fate.FAILED}, []
    row["detected_t_s"] = launch + rng.uniform(35, 60)
    row["last_chance_t_s"] = impact - 400 if layers else -math.inf
    if kind == "mixed" and luck < 0.08:
        return row | {"fate": Fate.NOT_TRACKED}, []
    row["tracked_t_s"] = row["detected_t_s"] + rng.uniform(5, 40)
    row["shared_t_s"] = row["tracked_t_s"] + rng.uniform(1, 8)
    if not layers or (kind == "mixed" and luck < 0.13):
        return row | {"fate": Fate.NO_REACH}, []
    if kind == "mixed" and luck < 0.16:
        return row | {"fate": Fate.IGNORED}, []
    if kind == "mixed" and luck < 0.18:
        return row | {"fate": Fate.NOT_ASSIGNED}, []
    now, fired = row["shared_t_s"] + 30, []
    for layer in range(layers):
        for _ in range(2):
            dead = rng.uniform() < p_kill * (0.7 if layer else 1.0)
            flight = rng.uniform(80, 200) if layer == 0 else rng.uniform(500, 800)
            done = not math.isnan(row["killed_t_s"])
            result = ShotResult.KILLED if dead else ShotResult.MISSED
            fired.append({
                "asset": 3 + layer, "layer": layer, "ordered_t_s": now, "launched_t_s": now + 10,
                "intercept_t_s": now + 10 + flight, "p_divert": 0.97,
                "shooter": int(rng.integers(0, 400) if layer == 0 else rng.integers(400, 402)),
                "result": ShotResult.TOO_LATE if done else result, "believed_dead": dead,
            })  # fmt: skip
            if dead and not done:
                row |= {"killed_t_s": now + 10 + flight, "killer": layer}
        if not math.isnan(row["killed_t_s"]):
            break
        now += 420
    row |= {name: fired[0][name] for name in ("ordered_t_s", "launched_t_s", "intercept_t_s")}
    fate = Fate.SHOTS_MISSED if math.isnan(row["killed_t_s"]) else Fate.KILLED
    return row | {"fate": fate}, fired


def _example(rng, scenario, kind, ledger):
    first = ledger.objects["trial"] == 0
    launch = ledger.objects["launch_t_s"][first]
    paths = {
        name: []
        for name in ("object", "class", "phase", "t_s", "lat_deg", "lon_deg", "altitude_km")
    }
    looks = {
        name: [] for name in ("object", "sensor", "asset", "t_s", "p_detect", "snr_db", "detected")
    }
    for obj in range(scenario.objects):
        t_s = np.arange(0.0, FLIGHT_S, 10.0)
        lat, lon = _arc(
            (40 + rng.normal(), 127 + rng.normal()),
            (rng.uniform(31, 47), rng.uniform(-120, -75)),
            t_s / FLIGHT_S,
        )
        part = t_s / FLIGHT_S
        columns = (
            [obj] * t_s.size, [scenario.class_name] * t_s.size,
            np.where(t_s < 180, "boost", "coast"), t_s + launch[obj], lat, lon,
            5000 * part * (1 - part),
        )  # fmt: skip
        for column, values in zip(paths.values(), columns, strict=True):
            column.extend(values)
        if kind == "unseen":
            continue
        seen_by = (("sbirs-geo", 30, 200, 5, 0.9), ("sda-tracking-t2", 45, 1500, 20, 0.7),
                   ("lrdr", 700, 1400, 10, 0.8), ("sbx", 900, 1000, 10, 0.0))  # fmt: skip
        for asset, begin, end, step, p in seen_by:
            at = np.arange(begin, end, step) + launch[obj]
            columns = (
                [obj] * at.size, [f"{asset} 1"] * at.size, [asset] * at.size, at,
                [p] * at.size, [10.0] * at.size, rng.uniform(size=at.size) < p,
            )  # fmt: skip
            for column, values in zip(looks.values(), columns, strict=True):
                column.extend(values)
    return Example(
        looks=_plain(looks),
        paths=_plain(paths),
        sites=_sites(rng, scenario),
        routes=_routes(looks),
        knowledge=_knowledge(looks, scenario.objects),
    )


def _routes(looks):
    """One way for each sensor that looked; the last is cut."""
    sensors = list(dict.fromkeys(zip(looks["sensor"], looks["asset"], strict=True)))
    count = len(sensors)
    delay = np.where(np.arange(count) < count - 1, 4.0 + np.arange(count), NAN)
    arrived = np.where(np.isfinite(delay), 100, 0)
    return {
        "node": np.array(["US"] * count, object),
        "sensor": np.array([sensor for sensor, _ in sensors], object),
        "asset": np.array([asset for _, asset in sensors], object),
        "path": np.array([f"{s} > a > b > c > d > US" if a else "" for (s, _), a in
                          zip(sensors, arrived, strict=True)], object),
        "cut": np.array(["" if a else "no agreement" for a in arrived], object),
        "looks": np.full(count, 200, np.int64),
        "arrived": arrived.astype(np.int64),
        "delay_min_s": delay,
        "delay_median_s": delay + 1.0,
        "delay_max_s": delay + 9.0,
        "p_delivered": np.where(arrived > 0, 0.9, NAN),
    }  # fmt: skip


def _knowledge(looks, objects):
    first = [
        min(
            (t for o, t in zip(looks["object"], looks["t_s"], strict=True) if o == obj), default=NAN
        )
        for obj in range(objects)
    ]
    seen = np.isfinite(first)
    return {
        "node": np.array(["US"] * objects, object),
        "object": np.arange(objects, dtype=np.int32),
        "first_t_s": np.array(first) + 5.0,
        "first_sensor": np.where(seen, "sbirs-geo 1", "").astype(object),
        "measured_t_s": np.array(first),
        "sensors": seen.astype(np.int64),
        "arrived": 10 * seen.astype(np.int64),
    }


def _sites(rng, scenario):
    sites = [
        ("lrdr", "radar", "lrdr", 64.3, -149.2, 0.2),
        ("sbirs-geo", "infrared-satellite", "sbirs-geo 1", 0.0, -100.0, 35786.0),
    ]
    for k in range(60):
        lat, lon = np.degrees(np.arcsin(rng.uniform(-1, 1))), rng.uniform(-180, 180)
        sites.append(
            ("sda-tracking-t2", "infrared-satellite", f"sda-tracking-t2 {k}", lat, lon, 1000.0)
        )
    if scenario.layers:
        for k in range(400):
            lat, lon = np.degrees(np.arcsin(rng.uniform(-1, 1))), rng.uniform(-180, 180)
            sites.append(("sbi-cbo-2026", "orbital-interceptor", f"sbi {k}", lat, lon, 400.0))
        sites.append(("gbi", "surface-interceptor", "gbi fort-greely", 63.95, -145.7, 0.0))
        sites.append(("gbi", "surface-interceptor", "gbi vandenberg", 34.7, -120.6, 0.0))
    names = ("asset", "kind", "name", "lat_deg", "lon_deg", "altitude_km")
    return dict(zip(names, (np.array(c) for c in zip(*sites, strict=True)), strict=True))


def _arc(start, end, share):
    a, b = (np.radians(p) for p in (start, end))
    u, v = (
        np.array([np.cos(p[0]) * np.cos(p[1]), np.cos(p[0]) * np.sin(p[1]), np.sin(p[0])])
        for p in (a, b)
    )
    angle = np.arccos(u @ v)
    p = (np.sin((1 - share) * angle)[:, None] * u + np.sin(share * angle)[:, None] * v) / np.sin(
        angle
    )
    return np.degrees(np.arcsin(p[:, 2])), np.degrees(np.arctan2(p[:, 1], p[:, 0]))


def _plain(table):
    types = {"object": np.int32, "detected": np.bool_}
    found = {}
    for name, column in table.items():
        kind = types.get(
            name, np.float64 if name.endswith(("_s", "_deg", "_km", "_db", "detect")) else str
        )
        found[name] = np.array(column, kind)
    return found
