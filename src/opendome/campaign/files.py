"""Files that are whole or absent, and JSON that notices a change."""

import hashlib
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from opendome.quantities.errors import OpendomeError

PART = ".part"
CHECKSUM = "checksum"
JSON_BYTES_MAX = 16_000_000  # far above what a run writes, far below what would hurt
MODE = 0o666  # what plain open() asks for; the user's umask takes away


class RunFolderError(OpendomeError):
    """A run folder that cannot be written, or that is not what a run left behind."""


class DamagedFileError(ValueError):
    """A file that is not what was written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name} {why}")


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file so that it is there whole or not at all, whatever cuts us off.

    A link in its place, or in the place of the passing file, is replaced and not followed.
    """
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(part, flags, MODE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make the names in a folder outlive a loss of power, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def room_to_write(folder: Path, *, begun: bool = True) -> Generator[None]:
    """Turn a full disk or a forbidden folder into words that say how to go on.

    begun : whether the folder already holds what it takes to go on
    """
    try:
        yield
    except OSError as error:
        go_on = f"make room, then: opendome run --resume {folder} (what was finished is kept)"
        raise RunFolderError(
            got=f"run folder {folder} that cannot be written ({error.strerror or error})",
            allowed="a folder with free space, which this user may write to",
            do=go_on if begun else "make room, or choose another --out",
        ) from error


def seal(document: Mapping[str, Any]) -> bytes:
    """JSON of a mapping with the checksum of its own content."""
    sealed = {**document, CHECKSUM: _checksum(document)}
    return json.dumps(sealed, indent=1, allow_nan=False).encode()


def unseal(path: Path) -> dict[str, Any]:
    """Mapping kept by `seal`; DamagedFileError when it is not what was written."""
    document = read_json(path)
    stated = document.pop(CHECKSUM, None)
    try:
        sound = stated == _checksum(document)
    except RecursionError:
        sound = False
    if not sound:
        raise DamagedFileError(path, "was altered")
    return document


def _checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 of a mapping, however its JSON is laid out."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """JSON mapping in a plain file of bearable size; ValueError otherwise."""
    try:
        document = json.loads(read_plain(path, most=JSON_BYTES_MAX))
    except RecursionError:
        raise DamagedFileError(path, "is nested too deeply") from None
    if not isinstance(document, dict):
        raise DamagedFileError(path, "holds no mapping")
    return document  # pyright: ignore[reportUnknownVariableType]


def read_plain(path: Path, *, most: int) -> bytes:
    """Bytes of a plain file, neither a link nor longer than `most`."""
    check_plain(path)
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise DamagedFileError(path, f"is longer than {most} bytes")
    return data


def check_plain(path: Path) -> None:
    """Refuse whatever is not a plain file in its own place."""
    if path.is_symlink() or not path.is_file():
        raise DamagedFileError(path, "is missing or no plain file")


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
