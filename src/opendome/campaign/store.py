"""The run folder while it is being filled: chunks land whole or not at all."""

import fcntl
import hashlib
import io
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from opendome.campaign.files import (
    MODE,
    PART,
    RunFolderError,
    room_to_write,
    seal,
    unseal,
    write_whole,
)
from opendome.campaign.tables import TABLES
from opendome.engagement.records import Ledger

PLAN_FILE = "plan.json"
LOCK_FILE = ".opendome-lock"
CHUNKS = "chunks"
DIGEST_SIZE = 32


class Store(Protocol):
    """Where finished chunks are kept."""

    def put(self, chunk: range, ledger: Ledger) -> None:
        """Keep a finished chunk."""
        ...

    def get(self, chunk: range) -> Ledger | None:
        """A kept chunk, or None."""
        ...


class Shelf:
    """Chunks kept in memory, for a run that is not written anywhere."""

    def __init__(self) -> None:
        self._ledgers: dict[range, Ledger] = {}

    def put(self, chunk: range, ledger: Ledger) -> None:
        """Keep a finished chunk."""
        self._ledgers[chunk] = ledger

    def get(self, chunk: range) -> Ledger | None:
        """A kept chunk, or None."""
        return self._ledgers.get(chunk)


class ChunkStore:
    """Chunks of one run on disk, held by one process at a time.

    A chunk is written under another name, flushed to the disk and then renamed, so a kill
    at any moment leaves it whole or absent. Before its content stands a digest of the plan,
    of its own trials and of the content: a chunk that is torn, altered or of another run
    is as good as absent.

    folder : where     plan : what every chunk must have in common
    first : name -> text of files that must be there before the plan is
    """

    def __init__(self, folder: Path, plan: Mapping[str, Any], first: Mapping[str, str]) -> None:
        self.folder = folder
        self._chunks = folder / CHUNKS
        self._key = hashlib.blake2b(json.dumps(plan, sort_keys=True).encode()).digest()
        with room_to_write(folder, begun=False):
            _refuse_foreign(folder)
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _take_lock(folder)
        try:
            with room_to_write(folder, begun=False):
                self._agree_on(plan, first)
                self._chunks.mkdir(exist_ok=True)
                for leftover in (*folder.glob(f"*{PART}"), *self._chunks.glob(f"*{PART}")):
                    leftover.unlink()
        except BaseException:
            self.close()
            raise

    def _agree_on(self, plan: Mapping[str, Any], first: Mapping[str, str]) -> None:
        if not (self.folder / PLAN_FILE).exists():
            for name, text in first.items():
                write_whole(self.folder / name, text.encode())
            write_whole(self.folder / PLAN_FILE, seal(plan))
            return
        stored = read_plan(self.folder)
        differing = sorted(
            name for name in plan.keys() | stored.keys() if stored.get(name) != plan.get(name)
        )
        if differing:
            raise RunFolderError(
                got=f"run folder {self.folder} of another run (differs in: {', '.join(differing)})",
                allowed="the same scenario, trials, futures, seed, chunk size, version and code",
                do="resume with what the folder was started with, or choose another --out",
            )

    def path(self, chunk: range) -> Path:
        """Where a chunk is kept."""
        return self._chunks / f"{chunk.start:09d}-{chunk.stop:09d}.chunk"

    def put(self, chunk: range, ledger: Ledger) -> None:
        """Keep a finished chunk."""
        arrays = {
            f"{table}.{name}": column
            for table in TABLES
            for name, column in getattr(ledger, table).items()
        }
        content = io.BytesIO()
        np.savez(content, **arrays)  # pyright: ignore[reportArgumentType]
        data = content.getvalue()
        with room_to_write(self.folder):
            write_whole(self.path(chunk), self._digest(chunk, data) + data)

    def get(self, chunk: range) -> Ledger | None:
        """A landed chunk, or None when it is absent or not what was put (it is then dropped)."""
        path = self.path(chunk)
        try:
            found = path.read_bytes()
        except OSError:
            return None
        data = found[DIGEST_SIZE:]
        if self._digest(chunk, data) != found[:DIGEST_SIZE]:
            path.unlink(missing_ok=True)
            return None
        tables: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            for name in arrays.files:
                table, column = name.split(".", 1)
                tables[table][column] = arrays[name]
        return Ledger(**tables)

    def _digest(self, chunk: range, data: bytes) -> bytes:
        """Tells this content, of this chunk, of this plan, from any other."""
        digest = hashlib.blake2b(key=self._key, digest_size=DIGEST_SIZE)
        digest.update(f"{chunk.start}-{chunk.stop};".encode())
        digest.update(data)
        return digest.digest()

    def drop_chunks(self) -> None:
        """Remove the chunks once their join is safely stored."""
        shutil.rmtree(self._chunks, ignore_errors=True)

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._lock)


def _refuse_foreign(folder: Path) -> None:
    """Refuse a place that is no folder, or a folder with files that no run put there."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RunFolderError(
            got=f"{folder}: not a folder", allowed="a folder", do="choose another --out"
        )
    ours = (folder / PLAN_FILE).exists() or (folder / LOCK_FILE).exists()
    if (not ours and any(folder.iterdir())) or (folder / CHUNKS).is_symlink():
        raise RunFolderError(
            got=f"{folder}: a folder with other files in it",
            allowed="a new or empty folder, or one that a run was started in",
            do="choose another --out",
        )


def _take_lock(folder: Path) -> int:
    """Handle of the locked lock file; the system lets go of it when the process ends."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(folder / LOCK_FILE, flags, MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise RunFolderError(
            got=f"run folder {folder} in use by another process",
            allowed="one process writes to a run folder",
            do="wait for it to end, or choose another folder with --out",
        ) from error
    except OSError:
        os.close(handle)
        raise
    return handle


def read_plan(folder: Path) -> dict[str, Any]:
    """Plan that a run folder was started with."""
    try:
        return unseal(folder / PLAN_FILE)
    except (OSError, ValueError) as error:
        raise RunFolderError(
            got=f"{folder}: no readable {PLAN_FILE} ({error})",
            allowed="a folder in which opendome run was started",
            do="check the path; a run cut off before its plan was kept must be started again",
        ) from error
