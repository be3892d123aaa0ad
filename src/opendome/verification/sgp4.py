"""SGP4 against the verification set of the published implementation.

Data: `data/sgp4_ver.tle` and `data/sgp4_ver_states.txt`, 33 element sets and 666 states; seven
sets stop with an error at a known moment. See `data/README.md`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from opendome.verification.checks import Check
from opendome.world.satellites import MeanElements, read_tle, state_since_epoch

Floats = npt.NDArray[np.float64]
Model = Callable[[MeanElements, float], tuple[Floats, Floats, int]]

KM = 1000.0
AUTHORITY = (
    "Vallado, Crawford, Hujsak, Kelso, Revisiting Spacetrack Report 3, AIAA 2006-6753: "
    "SGP4-VER.TLE and tcppver.out (WGS 72, improved mode), as shipped with python-sgp4"
)
# (catalogue number, minutes, error code): where the published run stops
FAILURES = (
    (22312, 494.2028672, 1),
    (28350, 1560.0, 1),
    (28872, 55.0, 6),
    (29141, 440.0, 6),
    (33333, 25.0, 4),
    (33334, 0.0, 3),
    (20413, 1844345.0, 6),
)


@cache
def _published() -> tuple[tuple[MeanElements, Floats], ...]:
    """Each element set with its rows (time [min], position [km], velocity [km/s])."""
    data = files("opendome.verification") / "data"
    sets = read_tle(data.joinpath("sgp4_ver.tle").read_text("ascii"), check_digits=False)
    tables: list[list[list[float]]] = []
    for line in data.joinpath("sgp4_ver_states.txt").read_text("ascii").splitlines():
        if line.endswith("xx"):
            tables.append([])
        else:
            tables[-1].append([float(field) for field in line.split()])
    return tuple(
        (one, np.array(table))
        for one, table in zip(sets, tables, strict=True)
        if one.catalogue_id != 33334  # has no state of its own: it fails at once
    )


def position_error_km(model: Model = state_since_epoch) -> float:
    """Largest difference of a coordinate over all published states [km]."""
    return max(
        float(np.abs(model(one, row[0])[0] / KM - row[1:4]).max())
        for one, table in _published()
        for row in table
    )


def velocity_error_km_s(model: Model = state_since_epoch) -> float:
    """Largest difference of a velocity component over all published states [km/s]."""
    return max(
        float(np.abs(model(one, row[0])[1] / KM - row[4:7]).max())
        for one, table in _published()
        for row in table
    )


def wrong_codes(model: Model = state_since_epoch) -> float:
    """Number of published failures that do not give the published error code."""
    data = files("opendome.verification") / "data"
    sets = read_tle(data.joinpath("sgp4_ver.tle").read_text("ascii"), check_digits=False)
    by_id = {one.catalogue_id: one for one in sets}  # of a number listed twice, the last
    return float(sum(model(by_id[who], t)[2] != code for who, t, code in FAILURES))


def without_drag(one: MeanElements, minutes: float) -> tuple[Floats, Floats, int]:
    """The bug: the drag term of the element set is not used."""
    return state_since_epoch(replace(one, bstar_per_radius=0.0), minutes)


CHECKS = (
    Check(
        name="sgp4/position",
        claim="33 element sets, 666 published states: positions",
        authority=AUTHORITY,
        unit="km",
        tolerance=2e-5,
        measure=position_error_km,
        planted_bug=without_drag,
        bug="drag term not used",
    ),
    Check(
        name="sgp4/velocity",
        claim="33 element sets, 666 published states: velocities",
        authority=AUTHORITY,
        unit="km/s",
        tolerance=1e-6,
        measure=velocity_error_km_s,
        planted_bug=without_drag,
        bug="drag term not used",
    ),
    Check(
        name="sgp4/failures",
        claim="Seven sets stop with the published error code",
        authority=AUTHORITY,
        unit="wrong codes",
        tolerance=0.0,
        measure=wrong_codes,
        planted_bug=without_drag,
        bug="drag term not used",
    ),
)
