"""Looks made by hand: who looked at what, and when."""

import numpy as np

from opendome.sensing.records import Looks


def looks_of(rows, *, ranging, objects=None, assets=None, names=None, p_detect=0.9):
    """Looks from rows of (object, time, sensor)."""
    rows = sorted(rows)
    count = len(rows)
    sensors = len(ranging)
    obj = np.array([row[0] for row in rows], np.int64)
    return Looks(
        sensor_names=tuple(names or (f"s{k}" for k in range(sensors))),
        sensor_asset=np.array(assets if assets is not None else range(sensors), np.int32),
        sensor_gives_range=np.array(ranging, np.bool_),
        sensor_k_factor=np.zeros(sensors),
        sensor_k_time_s=np.full(sensors, np.inf),
        start=np.searchsorted(obj, np.arange((objects or 1) + 1)).astype(np.int64),
        sensor=np.array([row[2] for row in rows], np.int32),
        t_s=np.array([row[1] for row in rows], np.float64),
        p_detect=np.full(count, p_detect),
        snr_db=np.zeros(count),
        information_m2=np.zeros((count, 6)),
    )
