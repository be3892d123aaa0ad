"""SQL over a run: every question about its tables, nothing beyond them."""

import os
from pathlib import Path

import pyarrow as arrow
import pytest

from opendome.quantities.errors import OpendomeError
from opendome.results.folder import query

secret = arrow.table({"word": ["a table of this very process"]})


def test_answers(folder, result):
    names, rows = query(folder, "SELECT fate, count(*) AS n FROM ledger GROUP BY fate")
    assert names == ["fate", "n"]
    assert sum(n for _, n in rows) == 40 * result.metrics.objects
    killed = dict(rows).get("killed", 0) / 40
    assert killed == pytest.approx(result.metrics.fates["killed"])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "DESCRIBE ledger",
        "SUMMARIZE shots",
        "SHOW TABLES",
        "FROM tracks LIMIT 3",
        "WITH few AS (FROM looks LIMIT 5) SELECT max(snr_db) FROM few",
        "EXPLAIN SELECT * FROM ledger",
        "SELECT * FROM paths JOIN sites USING (lat_deg);",
        "SELECT count(*) FROM ledger l JOIN shots s ON l.trial = s.trial AND l.object = s.object",
    ],
)
def test_questions_that_read(folder, sql):
    names, _ = query(folder, sql)
    assert names


FORBIDDEN = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_parquet('{folder}/ledger.parquet')",
    "SELECT * FROM '{folder}/ledger.parquet'",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM secret",
    "SELECT * FROM parquet_metadata('{folder}/ledger.parquet')",
    "SELECT * FROM query('COPY ledger TO ''{out}''')",
    "COPY ledger TO '{out}'",
    "COPY (SELECT 1) TO '{out}' (FORMAT parquet)",
    "COPY ledger FROM '/etc/passwd'",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '/tmp'",
    "ATTACH '{out}' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/tmp/evil.duckdb_extension'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
    "PRAGMA enable_external_access = true",
    "SET temp_directory = '{out}'",
    "SET log_query_path = '{out}'",
    "PRAGMA profiling_output = '{out}'",
    "CREATE SECRET s (TYPE s3)",
    "CREATE TABLE mine AS SELECT 1",
    "DROP TABLE ledger",
    "DELETE FROM ledger",
    "UPDATE ledger SET fate = 'killed'",
    "SELECT 1; COPY ledger TO '{out}'",
    "SELECT 1; SELECT 2",
    "SELECT * FROM 'https://example.org/x.csv'",
    "EXPLAIN ANALYZE COPY ledger TO '{out}'",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_questions_that_reach_beyond(folder, tmp_path, sql, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out"
    before = listing(tmp_path)
    with pytest.raises(OpendomeError) as caught:
        query(folder, sql.format(folder=folder, out=out))
    assert "root:" not in str(caught.value)
    assert listing(tmp_path) == before


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "sql", ["", "  ", ";", "-- nothing", "SELECT", "SELEC 1", "SELECT nothing FROM ledger",
            "SELECT * FROM nothing", "SELECT $1", "\0", "\ud800", "SELECT 'x", "é" * 9999,
            "SELECT error('my words')", "SELECT CAST('x' AS INTEGER)"],
)  # fmt: skip
def test_questions_that_are_none(folder, sql):
    with pytest.raises(OpendomeError) as caught:
        query(folder, sql)
    assert "DESCRIBE ledger" in caught.value.do


def test_a_query_leaves_the_folder_as_it_was(folder):
    before = listing(folder)
    query(folder, "SELECT count(*) FROM ledger a, ledger b")
    assert listing(folder) == before


def test_a_folder_with_an_awkward_name(folder, tmp_path):
    """Brackets and stars are part of a name here, not a pattern; quotes end no string."""
    for name in ("run [1]", "it's * mine?", "sp ace;--"):
        place = tmp_path / name
        os.rename(folder, place)  # noqa: PTH104  (one move after another)
        assert query(place, "SELECT count(*) FROM shots")[1][0][0] > 0
        folder = place


def test_an_unsound_folder_is_not_queried(folder):
    (folder / "shots.parquet").write_bytes(b"x")
    with pytest.raises(OpendomeError, match="corrupt run folder"):
        query(folder, "SELECT 1")
