"""One trial in detail, for the reader: who saw what when, and where everything was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import fill_uniforms_at
from opendome.engagement.geometry import Geometry
from opendome.engagement.play import flying
from opendome.network.knowledge import knowledge
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.scenario.scenario import Scenario
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci

PATH_STEP_S = 10.0
MILLISECONDS = 1000.0


@dataclass(frozen=True)
class Example:
    """Tables of the first trial (column name -> column).

    Attributes
    ----------
    looks : object, sensor, asset, t_s, p_detect, snr_db, detected (never when it failed by itself)
    paths : object, class, phase, t_s, lat_deg, lon_deg, altitude_km
    sites : asset, kind, name, lat_deg, lon_deg, altitude_km (satellites at the epoch)
    routes : node, sensor, asset, path, cut, looks, arrived, delay_min_s, delay_median_s,
        delay_max_s, p_delivered: how the looks of each sensor come to each deciding node
    knowledge : node, object, first_t_s, first_sensor, measured_t_s, sensors, arrived: what each
        node could know of each object, and since when
    """

    looks: Mapping[str, Any]
    paths: Mapping[str, Any]
    sites: Mapping[str, Any]
    routes: Mapping[str, Any]
    knowledge: Mapping[str, Any]


def tell(scenario: Scenario, geometry: Geometry, *, seed: int, trial: int = 0) -> Example:
    """Work out the tables of one trial of a future."""
    return Example(
        looks=_looks(scenario, geometry, seed, trial),
        paths=_paths(geometry),
        sites=scenario.sites_table(geometry.realisation),
        routes=_routes(scenario, geometry),
        knowledge=_knowledge(geometry),
    )


def _routes(scenario: Scenario, geometry: Geometry) -> dict[str, Any]:
    """One row for each node and sensor that looked."""
    looks, routes = geometry.looks, geometry.picture.routes
    node, sensor = np.nonzero(routes.looks)
    assets = np.array(scenario.asset_names, dtype=object)

    def words(texts: Sequence[Sequence[str]]) -> npt.NDArray[Any]:
        return np.array(
            [texts[int(n)][int(s)] for n, s in zip(node, sensor, strict=True)], dtype=object
        )

    ways = [[" > ".join(way) for way in row] for row in routes.path]
    return {
        "node": np.array(routes.node_names, dtype=object)[node],
        "sensor": np.array(routes.sensor_names, dtype=object)[sensor],
        "asset": assets[looks.sensor_asset[sensor]],
        "path": words(ways),
        "cut": words(routes.cut),
        "looks": routes.looks[node, sensor],
        "arrived": routes.arrived[node, sensor],
        "delay_min_s": routes.delay_min_s[node, sensor],
        "delay_median_s": routes.delay_median_s[node, sensor],
        "delay_max_s": routes.delay_max_s[node, sensor],
        "p_delivered": routes.p_delivered[node, sensor],
    }


def _knowledge(geometry: Geometry) -> dict[str, Any]:
    """One row for each node and object."""
    found = knowledge(geometry.looks, geometry.picture)
    nodes, objects = found.first_t_s.shape
    first = found.first_sensor.ravel()
    named = np.array([*found.sensor_names, ""], dtype=object)
    first_t_s = found.first_t_s.ravel()
    return {
        "node": np.repeat(np.array(found.node_names, dtype=object), objects),
        "object": np.tile(np.arange(objects, dtype=np.int32), nodes),
        "first_t_s": np.where(np.isfinite(first_t_s), first_t_s, np.nan),
        "first_sensor": named[first],
        "measured_t_s": found.measured_t_s.ravel(),
        "sensors": found.sensors.ravel(),
        "arrived": found.arrived.ravel(),
    }


def _looks(scenario: Scenario, geometry: Geometry, seed: int, trial: int) -> dict[str, Any]:
    looks, board = geometry.looks, geometry.board
    owner = np.repeat(np.arange(looks.start.size - 1, dtype=np.int32), np.diff(looks.start))
    since_ms = np.floor(
        (looks.t_s - board.objects["launch_t_s"][owner]) * MILLISECONDS + 0.5
    ).astype(np.int64)
    purposes = board.sensors["purpose"][looks.sensor]
    luck = np.empty(owner.size)
    fill_uniforms_at(seed, purposes, trial, owner.astype(np.int64), since_ms, luck)
    flies = flying(board, geometry.rules, seed=seed, trial=trial)
    sensors = np.array(looks.sensor_names, dtype=object)
    assets = np.array(scenario.asset_names, dtype=object)
    return {
        "object": owner,
        "sensor": sensors[looks.sensor],
        "asset": assets[looks.sensor_asset[looks.sensor]],
        "t_s": looks.t_s,
        "p_detect": looks.p_detect,
        "snr_db": looks.snr_db,
        "detected": flies[owner] & (luck < looks.p_detect),
    }


def _paths(geometry: Geometry) -> dict[str, Any]:
    raid = geometry.raid
    stride = max(1, round(PATH_STEP_S / raid.step_s))
    columns: dict[str, list[Any]] = {
        name: []
        for name in ("object", "class", "phase", "t_s", "lat_deg", "lon_deg", "altitude_km")
    }
    for obj in range(raid.objects):
        rows = np.flatnonzero(raid.valid[obj])[::stride]
        t_s = raid.launch_t_s[obj] + rows * raid.step_s
        era_rad = geometry.realisation.era_epoch_rad + ROTATION_RAD_S * t_s
        ecef = ecef_from_eci(raid.pos_eci_m[obj, rows], era_rad)
        lat, lon, altitude = geodetic_from_ecef(ecef)
        columns["object"].append(np.full(rows.size, obj, np.int32))
        name = raid.class_names[raid.object_class[obj]]
        columns["class"].append(np.full(rows.size, name, dtype=object))
        boosting = t_s < raid.burnout_t_s[obj]
        columns["phase"].append(np.where(boosting, "boost", "coast").astype(object))
        columns["t_s"].append(t_s)
        columns["lat_deg"].append(np.degrees(lat))
        columns["lon_deg"].append(np.degrees(lon))
        columns["altitude_km"].append(altitude / 1000.0)
    return {name: np.concatenate(parts) for name, parts in columns.items()}
