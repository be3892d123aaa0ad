"""Given tracks: from a raid file to objects with times and positions, every bad row noted."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S, SECONDS_PER_DAY
from opendome.scenario.problems import Problem, advise, one_of, show
from opendome.scenario.raid_spec import TracksFrame
from opendome.scenario.spec import OBJECTS_MAX
from opendome.scenario.track_tables import (
    ALWAYS,
    CARTESIAN,
    GEODETIC,
    FileNotes,
    Lines,
    Table,
    numbers,
    read_table,
    words,
)
from opendome.world.earth import ecef_from_geodetic, geodetic_from_ecef
from opendome.world.frames import ecef_from_eci, eci_from_ecef
from opendome.world.time import earth_rotation_angle_rad

DAYS_MAX = 2
DEPTH_M_MAX = 500.0  # dry land lies down to 430 m below sea level, the sea 100 m off the ellipsoid
END_HEIGHT_M_MAX = 2000.0  # high ground, and the last step of a coarse file
YES, NO = ("true", "1", "yes"), ("false", "0", "no")
FRAME_HINT = "is that the frame of the file, and are the units metres, seconds and degrees?"
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """Objects on given tracks; times count from the epoch of the scenario.

    Attributes
    ----------
    names, classes : of each object; an empty class is that of the entry
    lethal : (object,)
    first : (object + 1,) first row of each object
    t_s : (row,) ascending within each object
    pos_ecef_m : (row, 3) they turn with the Earth, whatever day of the year a future has
    raw : the file itself
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    lethal: tuple[bool, ...]
    first: Integers
    t_s: Floats
    pos_ecef_m: Floats
    raw: bytes


def read_tracks(
    raw: bytes, frame: TracksFrame, *, epoch: datetime | None, classes: Collection[str]
) -> tuple[Tracks | None, list[Problem]]:
    """Tracks of a file, or None with every problem in it.

    epoch : of the scenario, for the frame eci    classes : names of threat classes
    """
    notes = FileNotes(frame.tracks)
    table = read_table(raw, frame.tracks, notes)
    if table is None or not _columns_fit(table, frame, notes):
        return None, notes.problems
    order, first, names = _objects(table, notes)
    t_s = numbers(table, "t_s", notes)
    pos_ecef_m = _positions(table, frame, t_s, epoch, notes)
    lines = table.lines[order]
    t_s, pos_ecef_m = t_s[order], pos_ecef_m[order]
    _check_times(t_s, first, lines, frame.gap_max.quantile(0.0), notes)
    kinds = _each(table, "class", order, first, notes)
    kinds = ["" if kind == frame.class_ else kind for kind in kinds]
    _check_classes(kinds, classes, lines[first[:-1]], notes)
    lethal = _lethal(_each(table, "lethal", order, first, notes), frame, lines[first[:-1]], notes)
    _check_places(t_s, pos_ecef_m, first, lines, notes)
    _check_ends(pos_ecef_m, first, lines, lethal, notes)
    if notes.problems:
        return None, notes.problems
    return (
        Tracks(
            names=tuple(names),
            classes=tuple(kinds),
            lethal=tuple(lethal),
            first=first,
            t_s=t_s,
            pos_ecef_m=pos_ecef_m,
            raw=raw,
        ),
        [],
    )


def _columns_fit(table: Table, frame: TracksFrame, notes: FileNotes) -> bool:
    """Whether the file has the columns that its declared frame needs."""
    needed = GEODETIC if frame.frame == "geodetic" else CARTESIAN
    other = CARTESIAN if needed is GEODETIC else GEODETIC
    missing = [name for name in (*ALWAYS, *needed) if name not in table.columns]
    strange = [name for name in other if name in table.columns]
    allowed = f"the columns {', '.join((*ALWAYS, *needed))} for the frame {frame.frame}"
    if strange:
        got = f"{', '.join(strange)} in a file declared {frame.frame}"
        notes.add(1, "", got, allowed, "declare the frame that the file has")
    elif missing:
        notes.add(1, "", f"no {', '.join(missing)}", allowed, "add what is missing")
    return not strange and not missing


def _objects(table: Table, notes: FileNotes) -> tuple[Integers, Integers, list[str]]:
    """Rows sorted by object, the first of each object, and its name; in the order of the file."""
    numbers_of: dict[str, int] = {}
    owner = np.array(
        [numbers_of.setdefault(name, len(numbers_of)) for name in words(table, "object")]
    )
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], np.arange(len(numbers_of) + 1))
    names = list(numbers_of)
    do = "name the object of every row"
    bare = np.array([number for name, number in numbers_of.items() if not name], np.int64)
    notes.rows(table.lines[order][first[bare]], "object", "an empty cell", "a name or number", do)
    if len(names) > OBJECTS_MAX:
        got = f"{len(names)} objects"
        notes.add(0, "object", got, f"at most {OBJECTS_MAX}", "give fewer objects")
    short = np.setdiff1d(np.flatnonzero(np.diff(first) < 2), bare)
    notes.rows(
        table.lines[order][first[short]],
        "object",
        lambda n: f"one row for the object {show(names[short[n]])}",
        "at least 2 rows for each object",
        "add rows, or remove the object",
    )
    return order, first, names


def _positions(
    table: Table, frame: TracksFrame, t_s: Floats, epoch: datetime | None, notes: FileNotes
) -> Floats:
    """(row, 3) positions that turn with the Earth [m], NaN where the file has none."""
    names = GEODETIC if frame.frame == "geodetic" else CARTESIAN
    columns = [numbers(table, name, notes) for name in names]
    if frame.frame == "geodetic":
        for name, column, low, high in (
            ("lat_deg", columns[0], -90.0, 90.0),
            ("lon_deg", columns[1], -180.0, 360.0),
        ):
            bad = np.flatnonzero((column < low) | (column > high))
            values = column[bad]
            notes.rows(
                table.lines[bad],
                name,
                _quoted(values),
                f"{low:.0f} to {high:.0f} degrees",
                FRAME_HINT,
            )
            column[bad] = np.nan
        return ecef_from_geodetic(np.radians(columns[0]), np.radians(columns[1]), columns[2])
    position = np.stack(columns, axis=1)
    if frame.frame == "ecef":
        return position
    era_rad = 0.0 if epoch is None else earth_rotation_angle_rad(epoch)
    return ecef_from_eci(position, era_rad + ROTATION_RAD_S * t_s)


def _quoted(values: Floats) -> Callable[[int], str]:
    return lambda n: f"{values[n]:g}"


def _check_times(
    t_s: Floats, first: Integers, lines: Lines, gap_max_s: float, notes: FileNotes
) -> None:
    """Times of an object ascend, without long gaps."""
    far = np.flatnonzero(np.abs(t_s) > DAYS_MAX * SECONDS_PER_DAY)
    notes.rows(
        lines[far],
        "t_s",
        _quoted(t_s[far]),
        f"within {DAYS_MAX} days of the epoch",
        "count seconds from the epoch of the scenario",
    )
    step_s = _steps(t_s, first)
    same = np.flatnonzero(step_s == 0.0)
    notes.rows(
        lines[same], "t_s", _said(t_s[same], " a second time"), "each time once", "remove one row"
    )
    back = np.flatnonzero(step_s < 0.0)
    do = "sort the rows of each object by time"
    notes.rows(lines[back], "t_s", _said(t_s[back], " after a later time"), "times that rise", do)
    gap = np.flatnonzero(step_s > gap_max_s)
    notes.rows(
        lines[gap],
        "t_s",
        _said(step_s[gap], " s without a row"),
        f"at most {gap_max_s:g} s between rows of an object, its gap_max",
        "add rows between them, or raise gap_max",
    )


def _said(values: Floats, words_after: str) -> Callable[[int], str]:
    return lambda n: f"{values[n]:g}{words_after}"


def _steps(values: Floats, first: Integers) -> Floats:
    """(row, ...) change since the row before of the same object, NaN in its first row."""
    steps = np.full(values.shape, np.nan)
    steps[1:] = np.diff(values, axis=0)
    steps[first[:-1]] = np.nan
    return steps


def _check_places(
    t_s: Floats, pos_ecef_m: Floats, first: Integers, lines: Lines, notes: FileNotes
) -> None:
    """Nothing flies below the ground, and nothing faster than what leaves the Earth."""
    known = np.isfinite(pos_ecef_m).all(axis=1)
    height_m = np.full(len(t_s), np.nan)
    height_m[known] = geodetic_from_ecef(pos_ecef_m[known])[2]
    deep = np.flatnonzero(height_m < -DEPTH_M_MAX)
    notes.rows(
        lines[deep],
        "",
        _said(height_m[deep], " m above the ellipsoid, below the ground"),
        f"at least -{DEPTH_M_MAX:g} m",
        FRAME_HINT,
    )
    inertial_m = eci_from_ecef(pos_ecef_m, ROTATION_RAD_S * t_s)
    radius_m = np.linalg.norm(inertial_m, axis=1)
    fine = known & (height_m >= -DEPTH_M_MAX)
    escape_m_s = np.full(len(t_s), np.nan)
    escape_m_s[fine] = np.sqrt(2.0 * MU_M3_S2 / radius_m[fine])
    step_s = _steps(t_s, first)
    step_s[~(step_s > 0.0)] = np.nan
    speed_m_s = np.linalg.norm(_steps(inertial_m, first), axis=1) / step_s
    fast = np.flatnonzero(speed_m_s >= escape_m_s)
    notes.rows(
        lines[fast],
        "",
        lambda n: f"{speed_m_s[fast[n]] / 1000.0:.3g} km/s since the row before",
        lambda n: (
            f"less than {escape_m_s[fast[min(n, len(fast) - 1)]] / 1000.0:.3g} km/s, "
            "the speed of escape there"
        ),
        FRAME_HINT,
    )


def _each(
    table: Table, column: str, order: Integers, first: Integers, notes: FileNotes
) -> list[str]:
    """One word for each object from a column that says the same in all its rows."""
    cells = np.array(words(table, column), dtype=object)[order]
    changed = np.flatnonzero(cells[1:] != cells[:-1]) + 1
    changed = np.setdiff1d(changed, first)
    notes.rows(
        table.lines[order][changed],
        column,
        lambda n: f"{show(cells[changed[n]])} after {show(cells[changed[n] - 1])}",
        "the same in all rows of an object",
        "correct the rows, or give it two names",
    )
    return [str(cell) for cell in cells[first[:-1]]]


def _check_classes(
    kinds: list[str], classes: Collection[str], lines: Lines, notes: FileNotes
) -> None:
    for kind, line in dict.fromkeys(zip(kinds, lines.tolist(), strict=True)):
        if kind and kind not in classes:
            do = advise(kind, classes, "choose one of them: opendome list systems")
            got = f"the unknown class {show(kind)}"
            notes.add(line, "class", got, f"a threat class: {one_of(sorted(classes))}", do)


def _lethal(given: list[str], frame: TracksFrame, lines: Lines, notes: FileNotes) -> list[bool]:
    """Whether each object harms where it falls."""
    strange = [n for n, word in enumerate(given) if word and word.lower() not in (*YES, *NO)]
    do = "write one of them, or leave the cell empty"
    notes.rows(
        lines[np.array(strange, np.int64)],
        "lethal",
        lambda n: show(given[strange[n]]),
        "true or false",
        do,
    )
    return [frame.lethal if not word else word.lower() in YES for word in given]


def _check_ends(
    pos_ecef_m: Floats, first: Integers, lines: Lines, lethal: list[bool], notes: FileNotes
) -> None:
    """What harms where it falls must come down to the ground."""
    last = first[1:] - 1
    ends = pos_ecef_m[last]
    height_m = np.full(len(last), -math.inf)
    known = np.isfinite(ends).all(axis=1)
    height_m[known] = geodetic_from_ecef(ends[known])[2]
    high = np.flatnonzero(np.array(lethal) & (height_m > END_HEIGHT_M_MAX))
    notes.rows(
        lines[last][high],
        "",
        _said(height_m[high], " m above the ellipsoid at the end of a lethal object"),
        f"at most {END_HEIGHT_M_MAX:g} m, where it falls",
        "carry the track on to the ground, or declare it lethal: false",
    )
