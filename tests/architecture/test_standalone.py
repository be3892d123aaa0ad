"""The repository stands alone: no path of one machine, no address of a package registry."""

import re

import pytest

from .tree import ROOT, committed_files

FILES = committed_files()
TEXT = {
    ".py", ".md", ".yaml", ".yml", ".toml", ".json", ".cff", ".txt", ".csv", ".tle", ".html",
    ".css", ".svg", ".j2", ".cfg", ".ini", ".sh", ".lock", "",
}  # fmt: skip
# written in two parts, so that this file passes its own test
MACHINE = [
    "../" + "shared",
    "/wo" + "rk/",
    "/tm" + "p/plan",
    "/ho" + "me/",
    "/ro" + "ot/",
    "file:" + "//",
]
REGISTRIES = [
    "pypi." + "org", "python" + "hosted", "registry." + "npmjs", "registry.y" + "arnpkg",
    "conda." + "anaconda", "crates." + "io", "proxy.go" + "lang", "index-" + "url",
]  # fmt: skip
SECRETS = re.compile(r"BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_\w{30}|AKIA[0-9A-Z]{16}")
LOCAL_NUMBER = re.compile(
    r"\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?:\.\d{1,3})?:\d+"
)
BYTES_MAX = 2_000_000
MADE_BY_TOOLS = {
    "__pycache__", ".venv", ".pytest_cache", ".ruff_cache", ".hypothesis", "uv.lock", "runs",
    "node_modules", ".DS_Store",
}  # fmt: skip
COMPILED = {".pyc", ".nbi", ".nbc", ".so", ".whl", ".parquet", ".npz", ".part"}


def offences(text):
    """What in a text ties it to one machine or one registry."""
    found = [word for word in (*MACHINE, *REGISTRIES) if word in text]
    return found + SECRETS.findall(text) + LOCAL_NUMBER.findall(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_ties_a_file_to_one_machine(path):
    assert path.suffix in TEXT or path.suffix not in COMPILED
    assert path.stat().st_size <= BYTES_MAX
    assert offences(path.read_text("utf-8")) == []


def test_nothing_is_committed_that_a_tool_makes():
    made = [p for p in FILES if MADE_BY_TOOLS & set(p.relative_to(ROOT).parts)]
    assert made + [path for path in FILES if path.suffix in COMPILED] == []


def test_files_that_people_look_for_are_there():
    wanted = {
        "README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "SCOPE.md", "SECURITY.md",
        "CONTRIBUTING.md", "CITATION.cff", "pyproject.toml",
    }  # fmt: skip
    assert wanted <= {path.name for path in FILES}
    assert "Numbers that changed" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_scan_catches_planted_offences():
    assert offences("see ../" + "shared/notes.md")
    assert offences("pip install -i https://pypi." + "org/simple")
    assert offences("http://10.0.0.7:" + "8080/x")
    assert offences("a ratio of 10.0 to 1") == []
