"""The run folder while it is being filled: chunks land whole or not at all."""

import fcntl
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from opendome.campaign.tables import TABLES
from opendome.engagement.records import Ledger
from opendome.quantities.errors import OpendomeError

PLAN_FILE = "plan.json"
CHUNKS = "chunks"


class ChunkStore:
    """Chunks of one run on disk, held by one process at a time.

    A chunk is written under another name, flushed to the disk and then renamed, so a kill
    at any moment leaves it whole or absent. Every array carries a checksum (the zip CRC).
    """

    def __init__(self, folder: Path, plan: Mapping[str, Any]) -> None:
        self.folder = folder
        self._chunks = folder / CHUNKS
        self._chunks.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / "lock").open("w")
        self._take_lock()
        self._agree_on(plan)
        for leftover in self._chunks.glob("*.part"):
            leftover.unlink()

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise OpendomeError(
                got=f"run folder {self.folder} in use by another process",
                allowed="one process writes to a run folder",
                do="wait for it to end, or choose another folder with --out",
            ) from error

    def _agree_on(self, plan: Mapping[str, Any]) -> None:
        path = self.folder / PLAN_FILE
        if path.exists():
            stored = read_plan(self.folder)
            differing = sorted(name for name in plan if stored.get(name) != plan[name])
            if differing:
                self.close()
                raise OpendomeError(
                    got=f"run folder {self.folder} of another run (differs in: {', '.join(differing)})",
                    allowed="the same scenario, trials, futures, seed, chunk size and version",
                    do="resume with what the folder was started with, or choose another --out",
                )
        else:
            write_whole(path, json.dumps(plan, indent=1).encode())

    def path(self, chunk: range) -> Path:
        """Where a chunk is kept."""
        return self._chunks / f"{chunk.start:09d}-{chunk.stop:09d}.npz"

    def has(self, chunk: range) -> bool:
        """Whether a chunk has landed."""
        return self.path(chunk).exists()

    def put(self, chunk: range, ledger: Ledger) -> None:
        """Keep a finished chunk."""
        arrays = {
            f"{table}.{name}": column
            for table in TABLES
            for name, column in getattr(ledger, table).items()
        }
        part = self.path(chunk).with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, **arrays)  # pyright: ignore[reportArgumentType]
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path(chunk))

    def get(self, chunk: range) -> Ledger | None:
        """A landed chunk, or None when it is absent or its checksum fails (it is then dropped)."""
        path = self.path(chunk)
        if not path.exists():
            return None
        try:
            with np.load(path, allow_pickle=False) as arrays:
                tables: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
                for key in arrays.files:
                    table, name = key.split(".", 1)
                    tables[table][name] = arrays[key]
            return Ledger(**tables)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, TypeError):
            path.unlink(missing_ok=True)
            return None

    def drop_chunks(self) -> None:
        """Remove the chunks once their join is safely stored."""
        shutil.rmtree(self._chunks, ignore_errors=True)

    def close(self) -> None:
        """Let go of the folder."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        self._lock.close()


def read_plan(folder: Path) -> dict[str, Any]:
    """Plan that a run folder was started with."""
    try:
        plan = json.loads((folder / PLAN_FILE).read_text("utf-8"))
        if not isinstance(plan, dict):
            raise ValueError("not a mapping")
    except (OSError, ValueError) as error:
        raise OpendomeError(
            got=f"{folder}: no readable {PLAN_FILE}",
            allowed="a folder written by opendome run",
            do="give the folder printed at the end of a run",
        ) from error
    return plan  # pyright: ignore[reportUnknownVariableType]


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
