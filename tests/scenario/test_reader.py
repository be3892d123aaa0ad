"""The reader: YAML 1.2 core rules, places, caps, and an answer for every kind of bad file."""

import math
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.scenario.problems import ScenarioError
from opendome.scenario.reader import (
    BYTES_MAX,
    DEPTH_MAX,
    NODES_MAX,
    Mark,
    parse,
    parse_value,
    plain_scalar,
    read,
)

from .documents import complete

# YAML 1.2.2, section 10.3.2, "Tag Resolution" of the core schema, and its example 10.9.
CORE = [
    ("null", None),
    ("~", None),
    ("", None),
    ("Null", None),
    ("true", True),
    ("True", True),
    ("FALSE", False),
    ("0", 0),
    ("0o7", 7),
    ("0x3A", 58),
    ("-19", -19),
    ("+12", 12),
    ("0.", 0.0),
    ("-0.0", -0.0),
    (".5", 0.5),
    ("+12e03", 12000.0),
    ("-2E+05", -200000.0),
    ("1e3", 1000.0),
    (".inf", math.inf),
    ("-.Inf", -math.inf),
    ("+.INF", math.inf),
]
# What YAML 1.1 (PyYAML's own rules) would read as something else.
STAYS_TEXT = [
    "NO", "yes", "on", "Off", "y", "12:30", "1_000", "0b11", "2029-01-20T12:00:00Z", "2029-01-20",
    "1500 km", "12 of 21", "0.5..0.9", "500 000", "=", "0x", "1e", "nan", "inf", "TRue", "١٢",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CORE)
def test_core_schema(text, value):
    read_back = plain_scalar(text)
    assert read_back == value
    assert type(read_back) is type(value)


@pytest.mark.parametrize("text", STAYS_TEXT)
def test_what_yaml_1_1_would_change_stays_text(text):
    assert parse(f"a: {text}\n", "f").data == {"a": text}


def test_not_a_number_is_read_as_one():
    assert math.isnan(plain_scalar(".NaN"))


def test_quotes_and_blocks_are_text():
    data = parse("a: '1'\nb: \"true\"\nc: |\n  12\n", "f").data
    assert data == {"a": "1", "b": "true", "c": "12\n"}


def test_every_key_and_value_has_its_place():
    document = parse("top: 1\nlist:\n  - {x: 2,  y: [3, 4]}\n  -\n    z: é 5\n", "f")
    assert document.mark(("top",), key=True) == Mark(1, 1)
    assert document.mark(("top",)) == Mark(1, 6)
    assert document.mark(("list", 0, "y"), key=True) == Mark(3, 13)
    assert document.mark(("list", 0, "y", 1)) == Mark(3, 20)
    assert document.mark(("list", 1, "z")) == Mark(5, 8)


def test_a_path_that_is_absent_has_the_place_of_its_parent():
    document = parse("a: 1\nlist:\n  - {x: 2}\n", "f")
    assert document.mark(("list", 0, "missing")) == document.mark(("list", 0))
    assert document.mark(("nowhere", "at", "all")) == Mark(1, 1)


def test_a_key_given_twice_is_noted_and_the_first_counts():
    document = parse("a: 1\nb: {c: 1, c: 2}\na: 3\n", "f")
    assert document.data == {"a": 1, "b": {"c": 1}}
    assert [(p.line, p.column, p.path) for p in document.problems] == [(2, 11, "b.c"), (3, 1, "a")]
    assert "the first is on line 1" in document.problems[1].do


REFUSED = [
    ("[1, 2]", "f:1:1", "a list of 2 items"),
    ("just words", "f:1:1", "'just words'"),
    ("a: &x [1]\nb: *x\n", "f:2:4", "the alias *x"),
    ("a: !!python/object/apply:os.system [ls]\n", "f:1:4", "the tag"),
    ("a: !thing 1\n", "f:1:4", "the tag '!thing'"),
    ("a: ! 5\n", "f:1:4", "the tag '!'"),
    ("a: [1\nb: 2\n", "f:2:2", "while parsing a flow sequence"),
    ("a: 'x\n", "f:2:1", "while scanning a quoted scalar"),
    ("a: b: c\n", "f:1:5", "mapping values are not allowed"),
    ("a:\n\t- 1\n", "f:2:1", "cannot start any token"),
    ("a: 1\x07\n", "f:1:5", "the control character U+0007"),
    ("é: 1\nb: \x00\n", "f:2:4", "the control character U+0000"),
    ("---\na: 1\n---\nb: 2\n", "f:3:1", "a second document"),
    ("? [a]\n: b\n", "f:1:3", "a list or mapping as a key"),
    ("a: 12345678901234567890\n", "f:1:4", "a number of 20 digits"),
    ("a: " + "[" * 60 + "]" * 60, f"f:1:{DEPTH_MAX + 3}", "more than 50 levels"),
    ("a: [" + "1," * NODES_MAX + "]", "f:1:199999", "more than 100,000 values"),
]


@pytest.mark.parametrize(("text", "where", "got"), REFUSED)
def test_refused_text(text, where, got):
    with pytest.raises(ScenarioError) as caught:
        parse(text, "f")
    (problem,) = caught.value.problems
    assert problem.where == where
    assert got in problem.got
    assert problem.allowed
    assert problem.do


def test_a_billion_laughs_is_refused_at_the_first_alias():
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}]" for k in range(1, 40)]
    started = time.perf_counter()
    with pytest.raises(ScenarioError, match="alias"):
        parse("\n".join(lines), "f")
    assert time.perf_counter() - started < 1.0


def write(folder: Path, raw: bytes) -> Path:
    path = folder / "scenario.yaml"
    path.write_bytes(raw)
    return path


FILES = [
    (b"", "an empty file", ""),
    (b"  \n\n", "an empty file", ""),
    (b"a: \xff\xfe\n", "the byte 0xff, which is not UTF-8 text", ":1:4"),
    ("a: 1\nb: ü".encode("latin-1"), "the byte 0xfc, which is not UTF-8 text", ":2:4"),
    (b"\x7fELF\x02\x01\x01\x00", "the control character U+007F", ":1:1"),
    (b"\x89PNG\r\n\x1a\n", "the byte 0x89", ":1:1"),
    ("a: 1".encode("utf-16"), "the byte 0xff", ":1:1"),
    (b"#" * (BYTES_MAX + 1), f"more than {BYTES_MAX:,} bytes", ""),
    (b"# only a comment\n", "nothing", ":1:1"),
]


@pytest.mark.parametrize(("raw", "got", "place"), FILES)
def test_refused_file(tmp_path, raw, got, place):
    path = write(tmp_path, raw)
    with pytest.raises(ScenarioError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert problem.where == f"{path}{place}"
    assert got in problem.got


def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path):
    path = write(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    assert read(path).data == {"a": 1, "b": "x"}


def test_a_directory_a_missing_file_and_a_device(tmp_path):
    for path, got in [
        (tmp_path, "a directory"),
        (tmp_path / "none.yaml", "no such file"),
        (Path(os.devnull), "a device or pipe"),
        (tmp_path / ("n" * 300), "cannot be read"),
        (Path("nul\x00.yaml"), "cannot be read"),
    ]:
        with pytest.raises(ScenarioError, match=got):
            read(path)


def test_an_unreadable_file(tmp_path, monkeypatch):
    path = write(tmp_path, b"a: 1\n")

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ScenarioError, match="Permission denied"):
        read(path)


def test_a_huge_file_costs_neither_time_nor_memory(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(2**30)  # a sparse file of 1 GiB
    started = time.perf_counter()
    with pytest.raises(ScenarioError, match="more than"):
        read(path)
    assert time.perf_counter() - started < 1.0


def test_the_right_side_of_a_setting_may_be_anything():
    assert parse_value("{salvo: 2}", "--set") == {"salvo": 2}
    assert parse_value("0.5..0.9", "--set") == "0.5..0.9"
    assert parse_value("", "--set") is None
    with pytest.raises(ScenarioError, match="--set x:"):
        parse_value("[", "--set x")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_document_or_a_problem(text):
    try:
        document = parse(text, "f")
    except ScenarioError as error:
        complete(error)
    else:
        assert isinstance(document.data, dict)


PIECES = st.sampled_from(
    ["a: ", "b:\n", "- ", "  ", "[", "]", "{", "}", ",", "'", '"', "&x ", "*x", "!t ", "|\n", ">\n",
     "# c\n", "\n", "? ", ": ", "1", "x", "---\n", "...\n", "%YAML 1.2\n", "\t", "<<: ", "é"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_yaml_like_text_gives_a_document_or_a_problem(text):
    try:
        document = parse(text, "f")
    except ScenarioError as error:
        complete(error)
    else:
        assert set(document.values) >= set(document.keys) - {()}
