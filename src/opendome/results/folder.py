"""The run folder: written whole, read with checks, queried where it lies."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.campaign.store import write_whole
from opendome.engagement.records import FATE_WORDS, SHOT_WORDS, Fate, ShotResult
from opendome.quantities.constants import PASSPORTS
from opendome.quantities.errors import OpendomeError
from opendome.results.example import Example
from opendome.results.result_set import ResultSet
from opendome.version import __version__

RUN_FILE = "run.json"
SUMMARY_FILE = "summary.json"
SCENARIO_FILE = "scenario.yaml"
TABLES = ("ledger", "shots", "looks", "tracks", "paths", "sites")
Column = npt.NDArray[np.generic]


@dataclass(frozen=True)
class StoredRun:
    """A finished run folder, checked against its own checksums.

    Attributes
    ----------
    folder : where it lies
    run : versions, seed, digest, constants, checksums
    summary : the document of `opendome run --json`
    scenario_text : the resolved scenario
    """

    folder: Path
    run: Mapping[str, Any]
    summary: Mapping[str, Any]
    scenario_text: str

    def table(self, name: str) -> dict[str, Any]:
        """A stored table as column name -> array or list."""
        import pyarrow.parquet as parquet

        path = self.folder / f"{name}.parquet"
        table = parquet.read_table(path)
        return {
            field: table.column(field).to_numpy(zero_copy_only=False)
            for field in table.column_names
        }


def write_run(result: ResultSet, example: Example, folder: Path) -> None:
    """Write every file of a finished run; `run.json` last, so its presence means all is there."""
    study, scenario = result.study, result.scenario
    names = {"layers": scenario.layers, "assets": scenario.asset_names}
    tables: dict[str, Mapping[str, Any]] = {
        "ledger": ledger_table(study.ledger.objects, study.plan.future_of, **names),
        "shots": shots_table(study.ledger.shots, **names),
        "tracks": dict(study.ledger.tracks),
        "looks": example.looks,
        "paths": example.paths,
        "sites": example.sites,
    }
    for name, table in tables.items():
        _write_table(folder / f"{name}.parquet", table)
    write_whole(folder / SCENARIO_FILE, scenario.resolved_yaml().encode())
    write_whole(folder / SUMMARY_FILE, _json(result.to_dict()))
    files = [f"{name}.parquet" for name in TABLES] + [SCENARIO_FILE, SUMMARY_FILE]
    document = {
        "opendome": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "numpy": np.__version__,
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "trials": study.plan.trials,
        "futures": study.plan.futures,
        "rounds": study.plan.rounds,
        "seed": study.seed,
        "digest": study.digest,
        "constants": {name: passport._asdict() for name, passport in PASSPORTS.items()},
        "files": {name: file_digest(folder / name) for name in files},
    }
    write_whole(folder / RUN_FILE, _json(document))


def ledger_table(
    rows: Mapping[str, Column], future_of: Any, *, layers: tuple[str, ...], assets: tuple[str, ...]
) -> dict[str, Any]:
    """The object table with words for codes."""
    del assets
    trial = np.asarray(rows["trial"])
    future = np.array([future_of(int(t)) for t in np.unique(trial)], np.int32)
    layer_names = np.array([*layers, ""], dtype=object)
    words = np.array([FATE_WORDS[fate] for fate in Fate], dtype=object)
    fates = np.asarray(rows["fate"])
    table: dict[str, Any] = {"trial": trial, "future": future[np.unique(trial, return_inverse=True)[1]]}
    table["object"] = rows["object"]
    table["fate"] = words[fates]
    table["leaked"] = fates >= Fate.NEVER_DETECTED
    table["killed_by"] = layer_names[np.asarray(rows["killer"])]
    return table | {name: rows[name] for name in rows if name not in {"trial", "object", "fate", "killer"}}


def shots_table(
    rows: Mapping[str, Column], *, layers: tuple[str, ...], assets: tuple[str, ...]
) -> dict[str, Any]:
    """The shot table with words for codes."""
    words = np.array([SHOT_WORDS[result] for result in ShotResult], dtype=object)
    table: dict[str, Any] = {name: rows[name] for name in ("trial", "object", "shooter")}
    table["asset"] = np.array([*assets, ""], dtype=object)[np.asarray(rows["asset"])]
    table["layer"] = np.array([*layers, ""], dtype=object)[np.asarray(rows["layer"])]
    table["result"] = words[np.asarray(rows["result"])]
    table["believed_dead"] = np.asarray(rows["believed_dead"]).astype(bool)
    return table | {
        name: rows[name] for name in ("ordered_t_s", "launched_t_s", "intercept_t_s", "p_divert")
    }


def _write_table(path: Path, table: Mapping[str, Any]) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    part = path.with_name(path.name + ".part")
    parquet.write_table(arrow.table(dict(table)), part, compression="zstd")
    part.replace(path)


def _json(document: Any) -> bytes:
    return json.dumps(document, indent=1, allow_nan=False, default=float).encode()


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_run(folder: Path) -> StoredRun:
    """Read a finished run folder; a missing, unfinished or altered one is refused."""
    if not (folder / RUN_FILE).is_file():
        unfinished = (folder / "plan.json").is_file()
        raise OpendomeError(
            got=f"{folder}: " + ("an unfinished run" if unfinished else "no run folder"),
            allowed="a folder that a finished run printed at its end",
            do=f"opendome run --resume {folder}" if unfinished else "check the path",
        )
    try:
        run: dict[str, Any] = json.loads((folder / RUN_FILE).read_text("utf-8"))
        files: dict[str, str] = dict(run["files"])
        broken = [name for name, digest in files.items() if _differs(folder / Path(name).name, digest)]
        if broken:
            raise ValueError(f"altered or missing: {', '.join(sorted(broken))}")
        summary: dict[str, Any] = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
        text = (folder / SCENARIO_FILE).read_text("utf-8")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OpendomeError(
            got=f"{folder}: a corrupt run folder ({error})",
            allowed="the files as the run wrote them (checksums are in run.json)",
            do="run the scenario again; scenario.yaml and the seed in run.json give the same digest",
        ) from error
    return StoredRun(folder, run, summary, text)


def _differs(path: Path, digest: str) -> bool:
    return not path.is_file() or file_digest(path) != digest


def query(folder: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Answer an SQL question about a finished run; its tables are ledger, shots, looks, tracks ...

    Returns column names and rows. Nothing outside the folder can be read or written.
    """
    import duckdb

    run = open_run(folder)
    base = duckdb.connect(":memory:")
    try:
        for name in TABLES:
            path = str(run.folder / f"{name}.parquet").replace("'", "''")
            base.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}')")
        base.execute("SET enable_external_access = false")
        base.execute("SET lock_configuration = true")
        answer = base.execute(sql)
        columns = [str(column[0]) for column in answer.description or []]
        return columns, answer.fetchall()
    except duckdb.Error as error:
        raise OpendomeError(
            got=f"a query that cannot be answered: {str(error).splitlines()[0]}",
            allowed=f"one SQL statement over the tables {', '.join(TABLES)}",
            do=f"list the columns with: opendome query {folder} \"DESCRIBE ledger\"",
        ) from error
    finally:
        base.close()
