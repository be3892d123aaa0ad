"""Columns of a raid file, every bad cell noted with its line."""

import csv as plain_csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv, parquet

from opendome.scenario.problems import Problem, advise, one_of, show

ROWS_MAX = 200_000  # bounds memory and time of reading
COLUMNS_MAX = 32
SHOWN_MAX = 10
NUMBER_MAX = 1e9  # far beyond the Moon, in metres; keeps arithmetic finite
GEODETIC = ("lat_deg", "lon_deg", "alt_m")
CARTESIAN = ("x_m", "y_m", "z_m")
ALWAYS = ("object", "t_s")
OPTIONAL = ("class", "lethal")
COLUMNS = (*ALWAYS, *GEODETIC, *CARTESIAN, *OPTIONAL)
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Lines = npt.NDArray[np.int64]


class FileNotes:
    """Problems of one raid file; of many alike the first ones and how many more."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, column: str, got: str, allowed: str, do: str) -> None:
        """Note one problem. line : 0 for the whole file    column : name, empty for the row."""
        self.problems.append(
            Problem(
                file=self.file,
                line=line,
                column=0 if line == 0 else 1,
                path=column,
                got=got,
                allowed=allowed,
                do=do,
            )
        )

    def rows(
        self,
        lines: Lines,
        column: str,
        got: str | Callable[[int], str],
        allowed: str | Callable[[int], str],
        do: str,
    ) -> None:
        """Note one problem of several rows. got, allowed : words for the n-th of them."""
        for n in range(min(len(lines), SHOWN_MAX)):
            words = allowed if isinstance(allowed, str) else allowed(n)
            found = got if isinstance(got, str) else got(n)
            self.add(int(lines[n]), column, found, words, do)
        if len(lines) > SHOWN_MAX:
            words = allowed if isinstance(allowed, str) else allowed(SHOWN_MAX)
            got_words = f"{len(lines) - SHOWN_MAX} more rows like those before"
            self.add(int(lines[SHOWN_MAX]), column, got_words, words, do)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Text of every cell of a raid file, or numbers where the file holds numbers.

    columns : by name    lines : line of each row; in Parquet its number from 1
    """

    columns: dict[str, Any]
    lines: Lines


def read_table(raw: bytes, file: str, notes: FileNotes) -> Table | None:
    """The table of a file, None with its problems noted."""
    try:
        table = _parquet(raw, notes) if file.lower().endswith(".parquet") else _csv(raw, notes)
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as problem:
        got = f"a file that cannot be read ({str(problem).splitlines()[0][:120]})"
        notes.add(0, "", got, "CSV text in UTF-8, or Parquet", "write the file again")
        return None
    return table


def _fits(rows: int, notes: FileNotes) -> bool:
    """Whether a file has rows, and not too many."""
    if 0 < rows <= ROWS_MAX:
        return True
    got = "no rows" if rows == 0 else f"more than {ROWS_MAX:,} rows"
    notes.add(0, "", got, f"1 to {ROWS_MAX:,} rows after the header", "give rows, or fewer")
    return False


def _csv(raw: bytes, notes: FileNotes) -> Table | None:
    head, _, body = raw.decode("utf-8-sig").rstrip().partition("\n")
    names = [name.strip() for name in next(plain_csv.reader([head.strip()]))]
    count = len(body.split("\n")) if body else 0
    if not _known(names, notes, line=1) or not _fits(count, notes):
        return None
    skipped: list[int] = []

    def odd(row: Any) -> str:
        skipped.append(int(row.number))
        return "skip"

    table = csv.read_csv(
        io.BytesIO(body.encode()),
        read_options=csv.ReadOptions(use_threads=False, column_names=names),
        parse_options=csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=odd),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    if table.num_rows + len(skipped) != count:
        got = "a value in quotes that runs over a line"
        notes.add(0, "", got, "one row on each line", "remove the line break")
        return None
    lines = np.setdiff1d(np.arange(1, count + 1), np.array(skipped, np.int64)) + 1
    odd_lines = np.array(sorted(skipped), np.int64) + 1
    do = "complete the row, or remove it"
    notes.rows(odd_lines, "", "another number of values", f"{len(names)} values, one each", do)
    told = np.array([bool(line.strip()) for line in body.split("\n")])[lines - 2]
    columns = {name: _kept(table.column(name).to_pylist(), told) for name in names}
    return Table(columns=columns, lines=lines[told])


def _kept(cells: Sequence[Any], told: Flags) -> list[str]:
    """Text of the cells of lines that are not blank."""
    return [str(cell).strip() for cell, kept in zip(cells, told, strict=True) if kept]


def _parquet(raw: bytes, notes: FileNotes) -> Table | None:
    file = parquet.ParquetFile(io.BytesIO(raw))
    rows, names = file.metadata.num_rows, file.schema_arrow.names
    if not _known(names, notes, line=0) or not _fits(rows, notes):
        return None
    table = file.read()
    columns: dict[str, Any] = {}
    for name in names:
        column = table.column(name)
        number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
        if number and name not in ("object", *OPTIONAL):
            columns[name] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
            continue
        columns[name] = ["" if cell is None else str(cell) for cell in column.to_pylist()]
    return Table(columns=columns, lines=np.arange(1, rows + 1))


def _known(names: Sequence[str], notes: FileNotes, *, line: int) -> bool:
    """Whether every column has a name that means something, once."""
    before = len(notes.problems)
    if len(names) > COLUMNS_MAX:
        got = f"{len(names)} columns"
        notes.add(line, "", got, f"at most {COLUMNS_MAX}", "remove those not needed")
        return False
    for number, name in enumerate(names):
        if name in names[:number]:
            notes.add(line, name, "the column a second time", "each column once", "remove one")
        elif name not in COLUMNS:
            do = advise(name, COLUMNS, "remove it")
            got = f"the unknown column {show(name)}"
            notes.add(line, "", got, one_of(COLUMNS), do)
    return len(notes.problems) == before


def numbers(table: Table, name: str, notes: FileNotes) -> Floats:
    """A column as numbers, NaN where it holds none; those cells are noted."""
    cells = table.columns[name]
    if isinstance(cells, np.ndarray):
        values = np.array(cells, np.float64)
    else:
        values = np.array([_number(cell) for cell in cells])
    bad = np.flatnonzero(~(np.abs(values) <= NUMBER_MAX))

    def got(n: int) -> str:
        cell = cells[bad[n]]
        return "an empty cell" if str(cell) == "" else show(str(cell))

    do = "correct the cell, or remove the row"
    notes.rows(table.lines[bad], name, got, f"a number from {-NUMBER_MAX:g} to {NUMBER_MAX:g}", do)
    values[bad] = np.nan
    return values


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def words(table: Table, name: str) -> list[str]:
    """A column as text; empty cells where the file does not have it."""
    cells = table.columns.get(name)
    if cells is None:
        return [""] * len(table.lines)
    return [str(cell).strip() for cell in cells]
