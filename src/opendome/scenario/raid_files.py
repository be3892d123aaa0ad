"""Opens the file of a raid entry: from beside the scenario, or out of a resolved scenario."""

import base64
import binascii
import hashlib
import stat
import zlib
from pathlib import Path, PureWindowsPath

from opendome.scenario.notes import Notes
from opendome.scenario.problems import Path as Place
from opendome.scenario.problems import show
from opendome.scenario.raid_spec import PACKED_MAX, TracksFrame

BYTES_MAX = 4_000_000
SUFFIXES = (".csv", ".parquet")
WORDS = (
    "a CSV or Parquet file beside the scenario or in a folder below it, "
    f"of at most {BYTES_MAX:,} bytes"
)


def open_file(notes: Notes, frame: TracksFrame, path: Place) -> bytes | None:
    """Content of the file of an entry, None with the problem noted.

    A resolved scenario holds the file itself, packed; then nothing is opened.
    """
    here = (*path, "tracks")
    if not frame.tracks.lower().endswith(SUFFIXES):
        notes.add(here, show(frame.tracks), WORDS, "name a file that ends in .csv or .parquet")
        return None
    if frame.packed is not None:
        raw = unpack(frame.packed)
        if raw is None:
            got = "a packed file that cannot be unpacked"
            do = "remove packed and keep the file itself beside the scenario"
            notes.add((*path, "packed"), got, "what opendome wrote", do)
    else:
        raw = _from_folder(notes, frame.tracks, here)
    if raw is None:
        return None
    found = digest(raw)
    if frame.sha256 not in (None, found):
        do = "restore the file, or remove sha256 to take the new content"
        notes.add((*path, "sha256"), f"a file with sha256 {found}", f"{frame.sha256}", do)
        return None
    if len(pack(raw)) > PACKED_MAX:
        got = f"a file of {len(raw):,} bytes that stays above {PACKED_MAX:,} when packed"
        do = "give fewer rows; tracks are joined by smooth curves"
        notes.add(here, got, f"at most {PACKED_MAX:,} packed, so that a run can keep it", do)
        return None
    return raw


def digest(raw: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(raw).hexdigest()


def pack(raw: bytes) -> str:
    """A file as text that a scenario can hold."""
    return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def unpack(text: str) -> bytes | None:
    """The file that a text holds, None if it holds none, or one that is too large."""
    engine = zlib.decompressobj()
    try:
        raw = engine.decompress(base64.b64decode(text, validate=True), BYTES_MAX + 1)
    except (zlib.error, binascii.Error, ValueError):
        return None
    return raw if engine.eof and len(raw) <= BYTES_MAX else None


def _from_folder(notes: Notes, name: str, here: Place) -> bytes | None:
    """Content of a file below the folder of the scenario, None with the problem noted."""
    folder = notes.document.folder
    if folder is None:
        do = "save the scenario beside the raid file and name its path"
        notes.add(here, "a raid file in a scenario that is not a file", WORDS, do)
        return None
    windows = PureWindowsPath(name)
    if windows.anchor or "\\" in name or ".." in windows.parts or name.startswith("~"):
        do = "write its path from the folder of the scenario, without .."
        notes.add(here, show(name), WORDS, do)
        return None
    try:
        place = (folder / name).resolve()
        if not place.is_relative_to(folder.resolve()):
            got = f"{show(name)}, a link that leads out of the folder of the scenario"
            notes.add(here, got, WORDS, "copy the file into that folder")
            return None
        return _read(notes, place, here)
    except FileNotFoundError:
        notes.add(here, f"{show(name)}, no such file", WORDS, "check the path")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        got = f"a file that cannot be read ({reason})"
        notes.add(here, got, WORDS, "check its name and permissions")
    return None


def _read(notes: Notes, place: Path, here: Place) -> bytes | None:
    """Content of a regular file that is not too large, None with the problem noted."""
    if not stat.S_ISREG(place.stat().st_mode):
        notes.add(here, "a folder, device or pipe", WORDS, "name a regular file")
        return None
    with place.open("rb") as stream:
        raw = stream.read(BYTES_MAX + 1)
    if len(raw) > BYTES_MAX:
        notes.add(here, f"more than {BYTES_MAX:,} bytes", WORDS, "give fewer rows")
        return None
    if not raw.strip():
        notes.add(here, "an empty file", WORDS, "write a header and rows into it")
        return None
    return raw
