"""`opendome coverage`: a sentence first, one document with --json, files, clear refusals."""

import json

import duckdb
import pytest

QUICK = ("homeland-2026", "--grid", "20 deg", "--step", "20 min")


def test_the_answer_stands_first(call):
    status, out, err = call("coverage", *QUICK, "--phase", "burnout")
    assert (status, err) == (0, "")
    assert out.startswith("Of icbm-solid at ")
    for words in ("Share of area and time", "By latitude", "Gaps", "Who carries it", "sbirs-geo",
                  "all sensors", "project-assumption", "digest ", "not validated"):  # fmt: skip
        assert words in out


def test_json_is_one_document(call):
    status, out, err = call("coverage", *QUICK, "--altitude", "250 km", "--json")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert document["target"]["altitude_km"] == 250.0
    assert document["target"]["phase"] == "midcourse"
    assert document["inputs"]["altitude"]["set"] is True
    assert document["inputs"]["dwell"]["note"]
    assert document["files"] == []
    assert len(document["digest"]) == 64
    for shares in document["shares"].values():
        assert 1.0 >= shares["seen"] >= shares["tracked"] >= shares["fire control"] >= 0.0
    assert json.loads(call("coverage", *QUICK, "--altitude", "250 km", "--json")[1]) == document


def test_files_hold_the_grid_and_the_maps(call, tmp_path):
    folder = tmp_path / "new" / "maps"
    status, out, err = call("coverage", *QUICK, "--out", folder, "--class", "srbm")
    assert (status, err) == (0, "")
    names = {"coverage.parquet", "coverage.png", "coverage.svg", "coverage.json"}
    assert {path.name for path in folder.iterdir()} == names
    assert f"wrote {folder / 'coverage.png'}" in out
    document = json.loads((folder / "coverage.json").read_text("utf-8"))
    cells, moments = document["grid"]["cells"], document["grid"]["moments"]
    rows = duckdb.sql(
        f"SELECT node, count(*), avg((level >= 1)::INT * cos(radians(lat_deg))) "
        f"/ avg(cos(radians(lat_deg))) FROM '{folder / 'coverage.parquet'}' GROUP BY node"
    ).fetchall()
    assert {name for name, _, _ in rows} == set(document["shares"])
    for name, count, seen in rows:
        assert count == cells * moments
        assert seen == pytest.approx(document["shares"][name]["seen"], abs=1e-9)
    drawing = (folder / "coverage.svg").read_text("utf-8")
    for words in ("Who watches srbm", "Seen by at least one sensor", "always", "by latitude"):
        assert words in drawing
    assert (folder / "coverage.png").read_bytes()[:4] == b"\x89PNG"


def test_an_area_and_a_changed_value(call):
    asked = ("coverage", "homeland-2026", "--region", "japan", "--grid", "2 deg", "--json",
             "--phase", "boost", "--step", "1 h")  # fmt: skip
    before = json.loads(call(*asked)[1])
    status, out, err = call(*asked, "--set", "tracking.confirm_hits=5")
    assert (status, err) == (0, "")
    after = json.loads(out)
    assert before["grid"]["region"] == "japan"
    assert after["grid"]["cells"] == before["grid"]["cells"] < 40
    assert after["shares"]["US"]["tracked"] <= before["shares"]["US"]["tracked"]
    assert after["scenario_digest"] != before["scenario_digest"]


def test_all_problems_at_once(call):
    status, out, err = call(
        "coverage", "--class", "icbm-sold", "--region", "nowhere", "--grid", "2", "--step", "0 s",
        "--node", "XX",
    )  # fmt: skip
    assert (status, out) == (2, "")
    assert len(err.strip().splitlines()) == 5
    assert "class: got the unknown class 'icbm-sold'" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--phase", "glide"), "phase: got the unknown phase 'glide'"),
        (("--region", "guam", "--grid", "30 deg"), "no cell has its middle"),
        (("--grid", "0.05 deg", "--step", "1 s"), "a coarser --grid"),
        (("--hours", "-1"), "hours: got -1"),
        (("--future", "-1"), "future"),
        (("--dwell", "2 h"), "dwell: got"),
        (("--set", "nothing=1"), "unknown key 'nothing'"),
    ],
)
def test_a_refusal(call, words, message):
    status, out, err = call("coverage", "homeland-2026", *words)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_made(call, tmp_path):
    (tmp_path / "file").write_text("")
    status, out, err = call("coverage", *QUICK, "--out", tmp_path / "file")
    assert (status, out) == (2, "")
    assert "choose another --out" in err
