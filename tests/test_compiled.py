"""Kernels kept on disk: never stale, never damaged, never in the way.

The trap: Numba's own cache looks at the file of a function only. A temporary package
(a copy of `compiled.py`, a caller and a callee in two files) shows the trap with Numba's
cache and its absence with ours.
"""

import ast
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome import compiled

CALLEE = """
    from {decorator} import kernel

    @kernel
    def step(x):
        return x + {step}
"""
CALLER = """
    from {decorator} import kernel
    from opendome.callee import step

    @kernel
    def twice(x):
        return step(step(x))
"""
TELL = (
    "from opendome.compiled import is_warm; from opendome.caller import twice;"
    "print(is_warm(twice), twice(0.0), is_warm(twice))"
)
PLAIN = "import numba\n\ndef kernel(function):\n    return numba.njit(cache=True)(function)\n"


class Package:
    """A package of two kernels in two files, played in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "opendome"
        self.cache = folder / "cache"
        self.root.mkdir()
        (self.root / "__init__.py").write_text("")
        shutil.copy(compiled.__file__, self.root / "compiled.py")
        (self.root / "plain.py").write_text(PLAIN)
        self.write(step=1.0)

    def write(self, step: float, decorator: str = "opendome.compiled") -> None:
        for name, text in (("callee", CALLEE), ("caller", CALLER)):
            body = textwrap.dedent(text).format(decorator=decorator, step=step)
            (self.root / f"{name}.py").write_text(body)

    def python(self, code: str, **environment: str) -> list[str]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA", "OPENDOME"))}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=plain
            | {"PYTHONPATH": str(self.folder), "OPENDOME_CACHE": str(self.cache)}
            | environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout.split()

    def kept(self) -> list[Path]:
        return sorted(self.cache.rglob("*.kernel"))


@pytest.fixture
def package(tmp_path):
    return Package(tmp_path)


def digests(package: Package) -> dict[str, str]:
    compiled.closure_digest.cache_clear()
    compiled.imported_files.cache_clear()
    return {
        name: compiled.closure_digest(package.root / f"{name}.py", package.root)
        for name in ("caller", "callee", "plain")
    }


def test_a_digest_follows_every_file_it_leans_on(package):
    before = digests(package)
    package.write(step=2.0)
    after = digests(package)
    assert before["callee"] != after["callee"]
    assert before["caller"] != after["caller"]  # its own file is unchanged
    assert before["plain"] == after["plain"]  # it imports neither


@pytest.mark.parametrize(
    "line",
    [
        "from opendome.callee import step",
        "from opendome import callee",
        "from opendome import other, callee",
        "import opendome.callee",
        "import opendome.callee as other",
        "from opendome import (\n    other,\n    callee,\n)",
        "def late():\n    from opendome.callee import step\n    return step",
    ],
)
def test_every_way_to_import_is_seen(package, line):
    (package.root / "other.py").write_text("")
    path = package.root / "importer.py"
    path.write_text(line + "\n")
    assert package.root / "callee.py" in compiled.imported_files(path, package.root)


def imports_by_grammar(path: Path) -> set[Path]:
    found: set[Path | None] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {compiled.module_path(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import would be missed"
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            found |= {compiled.module_path(name) for name in names}
    return {file for file in found if file is not None}


def test_the_imports_found_are_those_of_the_grammar():
    for path in sorted(compiled.PACKAGE.rglob("*.py")):
        assert compiled.imported_files(path) == imports_by_grammar(path), path


def test_cold_then_warm_then_never_stale(package):
    """A changed callee in another file is not answered with a kept kernel of its caller."""
    assert package.python(TELL) == ["False", "2.0", "True"]
    assert package.python(TELL) == ["True", "2.0", "True"]
    package.write(step=10.0)
    assert package.python(TELL) == ["False", "20.0", "True"]


def test_the_trap_is_real(package):
    """Negative control: with Numba's own cache the same change goes unnoticed."""
    package.write(step=1.0, decorator="opendome.plain")
    tell = "from opendome.caller import twice; print(twice(0.0))"
    assert package.python(tell) == ["2.0"]
    caller = (package.root / "caller.py").stat()
    package.write(step=10.0, decorator="opendome.plain")
    os.utime(package.root / "caller.py", ns=(caller.st_atime_ns, caller.st_mtime_ns))
    assert package.python(tell) == ["2.0"]  # stale: the right answer is 20


def test_a_damaged_kernel_is_compiled_again(package):
    package.python(TELL)
    assert package.kept()
    for path in package.kept():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0x10
        path.write_bytes(data)
    assert package.python(TELL)[1] == "2.0"


def test_a_folder_that_cannot_be_written_costs_time_only(package):
    package.cache.write_text("a file, where a folder should be")
    told = package.python(TELL + ";from opendome.compiled import cache_root; print(cache_root())")
    assert told[:3] == ["False", "2.0", "True"]
    assert not Path(told[3]).exists()  # the passing folder is gone with the process


def test_a_full_disk_costs_time_only(package):
    full = (
        "from opendome import compiled\n"
        "def full(*_): raise OSError(28, 'No space left on device')\n"
        "compiled.SealedFiles.save = full\n"
    )
    assert package.python(full + TELL) == ["False", "2.0", "False"]


@settings(max_examples=60, deadline=None)
@given(bit=st.integers(0, 8 * 300 - 1), cut=st.integers(0, 300))
def test_no_flip_and_no_cut_is_read_back(tmp_path_factory, bit, cut):
    files = compiled.SealedFiles(tmp_path_factory.mktemp("sealed"), "name")
    files.save("key", {"code": bytes(range(200))})
    assert files.load("key") == {"code": bytes(range(200))}
    (path,) = files.paths()
    data = bytearray(path.read_bytes())
    path.write_bytes(data[: min(cut, len(data) - 1)])
    assert files.load("key") is None
    data[bit // 8 % len(data)] ^= 1 << bit % 8
    path.write_bytes(data)
    assert files.load("key") is None


def test_versions_of_a_kernel_are_kept_apart(tmp_path):
    files = compiled.SealedFiles(tmp_path, "name")
    files.save(("float64",), 1)
    files.save(("int64",), 2)
    assert (files.load(("float64",)), files.load(("int64",))) == (1, 2)
    assert files.load(("bool",)) is None
    files.flush()
    assert files.paths() == []


def test_a_kernel_gives_its_plain_function():
    from opendome.compiled import interpreted
    from opendome.intercept.kernels import flyout_range

    plain = interpreted(flyout_range)
    assert plain is not flyout_range
    assert plain(120.0, 147.1, 6000.0) == flyout_range(120.0, 147.1, 6000.0)
