"""The rooms of the house: what is where, and who may read what."""

import ast
import tomllib

import pytest

from .tree import CODE, ROOT, modules, short

LAYERS = [
    name.strip().removeprefix("opendome.")
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    if contract["type"] == "layers"
    for layer in contract["layers"]
    for name in layer.split("|")
]
LINKS = ["threats", "sensing", "tracking", "network", "intercept", "command"]
FILES = ["records", "kernels", "models", "spec"]
# (room, file) -> why this link needs none
NOT_NEEDED = {
    ("command", "records"): "an order goes straight into the book of `engagement`",
}
SINGLE_FILES = {"compiled"}  # a layer of one file
DATA = {"catalogue"}  # a folder without code
VAGUE = {"utils", "util", "common", "helpers", "helper", "misc", "core", "base", "tools", "shared"}
FIRST_WORDS = 4


def docstring(path):
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


def rooms():
    return {path.name for path in CODE.iterdir() if (path / "__init__.py").is_file()}


def test_every_room_has_its_place_in_the_import_contract():
    assert rooms() == set(LAYERS) - SINGLE_FILES
    assert all((CODE / f"{name}.py").is_file() for name in SINGLE_FILES)
    folders = {p.name for p in CODE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert folders - rooms() == DATA


def test_no_file_has_a_vague_name():
    named = {path.relative_to(CODE): {part.lower() for part in path.with_suffix("").parts}
             for path in modules()}  # fmt: skip
    assert [str(path) for path, parts in named.items() if parts & VAGUE] == []


@pytest.mark.parametrize("path", modules(), ids=short)
def test_every_module_says_what_it_is(path):
    assert len(docstring(path).split()) >= FIRST_WORDS


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_says_what_comes_in_and_what_goes_out(room):
    text = docstring(CODE / room / "__init__.py")
    assert "In:" in text
    assert "Out:" in text
    assert len(text.splitlines()) <= 16


@pytest.mark.parametrize("room", LINKS)
def test_links_of_the_chain_have_the_same_files(room):
    for name in FILES:
        there = (CODE / room / f"{name}.py").is_file() or (CODE / room / name).is_dir()
        assert there != ((room, name) in NOT_NEEDED), name


def imported(tree):
    """Modules of this package that a file imports, as room and the rest."""
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (tuple(n.split(".")[1:3]) for n in names if n.startswith("opendome."))


def private_reads(room, source):
    """What a link of the chain reads of another besides its records."""
    found = [parts for parts in imported(ast.parse(source)) if parts[0] in LINKS]
    return [".".join(parts) for parts in found if parts[0] != room and parts[1:] != ("records",)]


@pytest.mark.parametrize("room", LINKS)
def test_a_link_reads_only_records_of_another(room):
    for path in modules(CODE / room):
        assert private_reads(room, path.read_text("utf-8")) == [], path


def test_the_scan_catches_a_planted_import():
    planted = (
        "from opendome.threats.models import ThreatClass\nimport opendome.sensing.radar_spec\n"
    )
    assert private_reads("tracking", planted) == ["threats.models", "sensing.radar_spec"]
    assert private_reads("sensing", "from opendome.threats.records import Raid\n") == []


def test_imports_are_absolute():
    for path in modules():
        relative = [
            node
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom) and node.level
        ]
        assert relative == [], path
