"""The run folder: written whole, read with checks, queried where it lies."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.campaign.files import (
    DamagedFileError,
    RunFolderError,
    check_plain,
    file_digest,
    read_json,
    read_plain,
    room_to_write,
    seal,
    unseal,
    write_whole,
)
from opendome.campaign.store import PLAN_FILE
from opendome.engagement.records import FATE_WORDS, QUALITY, SHOT_WORDS, Fate, ShotResult
from opendome.quantities.constants import PASSPORTS
from opendome.quantities.errors import OpendomeError
from opendome.results.example import Example
from opendome.results.result_set import ResultSet
from opendome.version import __version__

RUN_FILE = "run.json"
SUMMARY_FILE = "summary.json"
SCENARIO_FILE = "scenario.yaml"
SCENARIO_BYTES_MAX = 4_000_000
TABLES = (
    "ledger", "shots", "looks", "tracks", "quality", "paths", "sites", "routes", "knowledge",
)  # fmt: skip
FILES = (*(f"{name}.parquet" for name in TABLES), SCENARIO_FILE, SUMMARY_FILE)
ASKS = ("SELECT", "EXPLAIN")
# what a run by expected tracking has to say of its picture
NO_QUALITY: Mapping[str, Any] = {name: np.empty(0, QUALITY[name]) for name in QUALITY.names or ()}
Column = npt.NDArray[Any]


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
        table = self.arrow(name)
        return {
            field: table.column(field).to_numpy(zero_copy_only=False)
            for field in table.column_names
        }

    def arrow(self, name: str) -> Any:
        """A stored table as an Arrow table."""
        from pyarrow import ArrowException, parquet

        if name not in TABLES:
            raise RunFolderError(
                got=f"a table {name!r}", allowed=", ".join(TABLES), do="name one of these"
            )
        try:
            return parquet.read_table(self.folder / f"{name}.parquet")
        except (OSError, ArrowException) as error:
            raise _corrupt(self.folder, error) from error


def write_run(result: ResultSet, example: Example, folder: Path) -> None:
    """Write every file of a finished run; `run.json` last, so its presence means all is there."""
    study, scenario = result.study, result.scenario
    names = {"layers": scenario.layers, "assets": scenario.asset_names}
    tables: dict[str, Mapping[str, Any]] = {
        "ledger": ledger_table(study.ledger.objects, study.plan.future_of, **names),
        "shots": shots_table(study.ledger.shots, **names),
        "tracks": dict(study.ledger.tracks),
        "quality": dict(study.ledger.quality) or NO_QUALITY,
        "looks": example.looks,
        "paths": example.paths,
        "sites": example.sites,
        "routes": example.routes,
        "knowledge": example.knowledge,
    }
    with room_to_write(folder):
        (folder / RUN_FILE).unlink(missing_ok=True)
        for name, table in tables.items():
            write_whole(folder / f"{name}.parquet", _parquet(table))
        write_whole(folder / SCENARIO_FILE, scenario.resolved_yaml().encode())
        write_whole(folder / SUMMARY_FILE, _json(result.to_dict()))
        write_whole(folder / RUN_FILE, seal(_document(result, folder)))


def _document(result: ResultSet, folder: Path) -> dict[str, Any]:
    """What a reader needs to check and to repeat a run."""
    study, scenario = result.study, result.scenario
    return {
        "opendome": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "numpy": np.__version__,
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "trials": study.plan.trials,
        "futures": study.plan.futures,
        "rounds": study.plan.rounds,
        "chunk": study.plan.chunk,
        "tracking": study.plan.tracking,
        "policy": policy.document() if (policy := study.plan.policy) else None,
        "seed": study.seed,
        "digest": study.digest,
        "constants": {name: passport._asdict() for name, passport in PASSPORTS.items()},
        "files": {name: file_digest(folder / name) for name in FILES},
    }


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
    table: dict[str, Any] = {
        "trial": trial,
        "future": future[np.unique(trial, return_inverse=True)[1]],
    }
    table["object"] = rows["object"]
    table["fate"] = words[fates]
    table["leaked"] = fates >= Fate.NEVER_DETECTED
    table["killed_by"] = layer_names[np.asarray(rows["killer"])]
    return table | {
        name: rows[name] for name in rows if name not in {"trial", "object", "fate", "killer"}
    }


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


def _parquet(table: Mapping[str, Any]) -> memoryview:
    """Bytes of a Parquet file."""
    import pyarrow as arrow
    from pyarrow import parquet

    buffer = arrow.BufferOutputStream()
    parquet.write_table(arrow.table(dict(table)), buffer, compression="zstd")
    return memoryview(buffer.getvalue())


def _json(document: Any) -> bytes:
    return json.dumps(document, indent=1, allow_nan=False, default=float).encode()


def is_finished(folder: Path) -> bool:
    """Whether a run folder holds a finished run."""
    return (folder / RUN_FILE).is_file()


def open_run(folder: str | Path) -> StoredRun:
    """Read a finished run folder; a missing, unfinished or altered one is refused.

    Only the files that a run writes are read, and only where they lie: links are refused.
    """
    folder = Path(folder)
    if not is_finished(folder):
        unfinished = (folder / PLAN_FILE).is_file()
        raise RunFolderError(
            got=f"{folder}: " + ("an unfinished run" if unfinished else "no run folder"),
            allowed="a folder that a finished run printed at its end",
            do=f"opendome run --resume {folder}" if unfinished else "check the path",
        )
    try:
        run = unseal(folder / RUN_FILE)
        _check_files(folder, run["files"])
        summary = read_json(folder / SUMMARY_FILE)
        text = read_plain(folder / SCENARIO_FILE, most=SCENARIO_BYTES_MAX).decode("utf-8")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _corrupt(folder, error) from error
    return StoredRun(folder, run, summary, text)


def _check_files(folder: Path, digests: Mapping[str, str]) -> None:
    """Compare every file of a run with its checksum; names of other files are refused."""
    if set(digests) != set(FILES):
        raise DamagedFileError(folder / RUN_FILE, "names other files than a run writes")
    for name in FILES:
        check_plain(folder / name)
        if file_digest(folder / name) != digests[name]:
            raise DamagedFileError(folder / name, "was altered")


def _corrupt(folder: Path, error: Exception) -> RunFolderError:
    return RunFolderError(
        got=f"{folder}: a corrupt run folder ({error})",
        allowed="the files as the run wrote them (their checksums are in run.json)",
        do="run its scenario.yaml again with the seed in run.json: the digest is the same",
    )


def query(folder: str | Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Answer an SQL question about a finished run; its tables are ledger, shots, looks, tracks ...

    Returns column names and rows. The question sees the tables and nothing else: it can
    neither read nor write a file, nor load an extension, nor change the run.
    """
    import duckdb

    run = open_run(folder)
    base = duckdb.connect(":memory:")
    try:
        for name in TABLES:
            base.register("stored", run.arrow(name))
            base.execute(f"CREATE TABLE {name} AS SELECT * FROM stored")
            base.unregister("stored")
        for setting in _LOCKS:
            base.execute(f"SET {setting}")
        sql.encode()  # a text that is none cannot be asked
        statements = base.extract_statements(sql)
        if len(statements) != 1 or statements[0].type.name not in ASKS:
            raise _unanswered(run.folder, "not one question")
        answer = base.execute(statements[0])
        columns = [str(column[0]) for column in answer.description or []]
        return columns, answer.fetchall()
    except (duckdb.Error, UnicodeError, RuntimeError) as error:
        why = (str(error).splitlines() or ["no reason given"])[0]
        raise _unanswered(run.folder, why) from error
    finally:
        base.close()


_LOCKS = (
    "temp_directory = ''",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "python_enable_replacements = false",
    "enable_external_access = false",
    "lock_configuration = true",
)


def _unanswered(folder: Path, why: str) -> OpendomeError:
    return OpendomeError(
        got=f"a query that cannot be answered ({why})",
        allowed=f"one SQL statement that reads the tables {', '.join(TABLES)}",
        do=f'list the columns with: opendome query {folder} "DESCRIBE ledger"',
    )
