"""Looks made by hand: who looked at what, and when."""

import dataclasses

import numpy as np

from opendome.sensing.records import Looks


def looks_of(rows, *, ranging, objects=None, assets=None, names=None, p_detect=0.9):
    """Looks from rows of (object, time, sensor); what no network reads is zero."""
    rows = sorted(rows)
    count = len(rows)
    sensors = len(ranging)
    obj = np.array([row[0] for row in rows], np.int64)
    zeros = {
        field.name: np.zeros(sensors if field.name.startswith("sensor_") else count)
        for field in dataclasses.fields(Looks)
    }
    known = {
        "sensor_names": tuple(names or (f"s{k}" for k in range(sensors))),
        "sensor_asset": np.array(assets if assets is not None else range(sensors), np.int32),
        "sensor_gives_range": np.array(ranging, np.bool_),
        "start": np.searchsorted(obj, np.arange((objects or 1) + 1)).astype(np.int64),
        "sensor": np.array([row[2] for row in rows], np.int32),
        "t_s": np.array([row[1] for row in rows], np.float64),
        "p_detect": np.full(count, p_detect),
        "information_m2": np.zeros((count, 6)),
    }
    return Looks(**(zeros | known))
