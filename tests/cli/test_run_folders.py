"""`report`, `query` and `reproduce`: what can be done with a stored run."""

import csv
import io
import json
import shutil

import pytest

from opendome.cli.query import to_csv


def test_report(call, small_run, monkeypatch):
    folder, _ = small_run
    code, out, err = call("report", folder)
    assert (code, err) == (0, "")
    assert out.strip() == str(folder / "report.html")
    assert "<h1>" in (folder / "report.html").read_text()
    shown = []
    monkeypatch.setattr("typer.launch", shown.append)
    call("report", folder, "--open")
    assert shown == [(folder / "report.html").resolve().as_uri()]


@pytest.mark.parametrize("command", ["report", "reproduce", "query"])
def test_a_folder_that_is_no_run(call, tmp_path, command):
    code, out, err = call(command, tmp_path, *(["SELECT 1"] if command == "query" else []))
    assert (code, out) == (2, "")
    assert "no run folder" in err


def test_query(call, small_run):
    folder, document = small_run
    sql = "SELECT fate, count(*) AS n FROM ledger GROUP BY fate ORDER BY n DESC"
    code, out, err = call("query", folder, sql)
    assert (code, err) == (0, "")
    head, *lines = (line.split("\t") for line in out.splitlines())
    assert head == ["fate", "n"]
    counts = {fate: int(n) for fate, n in lines}
    assert counts == {fate: round(6 * mean) for fate, mean in document["fates"].items() if mean}
    _, out, _ = call("query", folder, sql, "--json")
    assert {row["fate"]: row["n"] for row in json.loads(out)} == counts
    _, out, _ = call("query", folder, sql, "--csv")
    assert [row["fate"] for row in csv.DictReader(io.StringIO(out))] == [row[0] for row in lines]


def test_numbers_that_are_none_become_null(call, small_run):
    sql = "SELECT 'nan'::DOUBLE AS a, '-inf'::DOUBLE AS b, NULL AS c, 1.5::DOUBLE AS d"
    code, out, _ = call("query", small_run[0], sql, "--json")
    assert code == 0
    assert json.loads(out) == [{"a": None, "b": None, "c": None, "d": 1.5}]


def test_a_table_on_a_terminal(call, small_run, monkeypatch):
    from rich.console import Console

    monkeypatch.setattr(Console, "is_terminal", True)
    code, out, _ = call("query", small_run[0], "SELECT 'a[b]c' AS x, 2 AS y, NULL AS z")
    assert code == 0
    assert "a[b]c" in out


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nothing FROM ledger",
        "SELEC",
        "",
        "DROP TABLE ledger; SELECT 1",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY ledger TO '/tmp/x.csv'",
    ],
)
def test_a_query_that_cannot_be_answered(call, small_run, sql):
    code, out, err = call("query", small_run[0], sql)
    assert (code, out) == (2, "")
    assert "DESCRIBE ledger" in err


def test_one_format_at_a_time(call, small_run):
    code, _, err = call("query", small_run[0], "SELECT 1", "--json", "--csv")
    assert code == 2
    assert "leave one out" in err


def test_cells_a_spreadsheet_would_run_are_only_text():
    rows = [("=1+1", -1.5), ("@x", 2), ("-x", 3), ("+x", 4), ('a,"b"', 5), ("", None)]
    text = to_csv(["=name", "n"], rows)
    head, *cells = csv.reader(io.StringIO(text))
    assert head == ["'=name", "n"]
    assert [row[0] for row in cells] == ["'=1+1", "'@x", "'-x", "'+x", 'a,"b"', ""]
    assert [row[1] for row in cells] == ["-1.5", "2", "3", "4", "5", ""]


# reproduce


def test_a_run_can_be_reproduced(call, small_run):
    folder, document = small_run
    code, out, _ = call("reproduce", folder, "--workers", "1")
    assert code == 0
    assert f"the same, digest {document['digest']}" in out
    code, out, _ = call("reproduce", folder, "--json")
    found = json.loads(out)
    assert (code, found["same"], found["digest"]) == (0, True, document["digest"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"digest": "0" * 64, "opendome": "0.0.1"}, "Numbers that changed"),
        ({"digest": "0" * 64, "scenario_digest": "1" * 64}, "reads differently"),
        ({"digest": "0" * 64}, "another processor"),
    ],
)
def test_a_difference_is_a_failure_with_a_reason(call, small_run, tmp_path, changes, words):
    from opendome.campaign.files import seal, unseal

    folder = tmp_path / "run"
    shutil.copytree(small_run[0], folder)
    document = unseal(folder / "run.json") | changes
    (folder / "run.json").write_bytes(seal(document))
    code, out, _ = call("reproduce", folder)
    assert code == 1
    assert "different" in out
    assert words in out
    assert small_run[1]["digest"] in out
    assert f"opendome {document['opendome']}" in out
