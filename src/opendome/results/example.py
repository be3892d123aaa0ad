"""One trial in detail, for the reader: who saw what when, and where everything was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from opendome.draws.philox import uniform
from opendome.engagement.geometry import Geometry
from opendome.engagement.play import flying
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
    """

    looks: Mapping[str, Any]
    paths: Mapping[str, Any]
    sites: Mapping[str, Any]


def tell(scenario: Scenario, geometry: Geometry, *, seed: int, trial: int = 0) -> Example:
    """Work out the tables of one trial of a future."""
    return Example(
        looks=_looks(scenario, geometry, seed, trial),
        paths=_paths(geometry),
        sites=scenario.sites_table(geometry.realisation),
    )


def _looks(scenario: Scenario, geometry: Geometry, seed: int, trial: int) -> dict[str, Any]:
    looks, board = geometry.looks, geometry.board
    owner = np.repeat(np.arange(looks.start.size - 1, dtype=np.int32), np.diff(looks.start))
    since_ms = np.floor(
        (looks.t_s - board.objects["launch_t_s"][owner]) * MILLISECONDS + 0.5
    ).astype(np.int64)
    purposes = board.sensors["purpose"][looks.sensor]
    luck = np.array(
        [
            uniform(seed, int(purposes[k]), trial, int(owner[k]), int(since_ms[k]))
            for k in range(owner.size)
        ]
    )
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
