"""`opendome assign` as a user meets it."""

import json

import pytest

TEXT = "2 3 2\n1\n2\n3\n0 0 0.5\n0 2 0.9\n1 1 0.7\n"


@pytest.mark.parametrize("solver", ["greedy", "improved", "certified"])
def test_the_document(call, tmp_path, solver):
    path = tmp_path / "instance.txt"
    path.write_text(TEXT)
    status, out, err = call("assign", path, "--solver", solver, "--seconds", 5, "--json")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert list(document) == ["objective", "bound", "gap", "seconds", "solver", "assignment"]
    assert document["solver"] == solver
    assert document["objective"] == pytest.approx(0.98)
    assert sorted(document["assignment"]) == [[0, 0, 1], [0, 2, 1], [1, 1, 2]]


def test_the_table(call, tmp_path):
    path = tmp_path / "instance.txt"
    path.write_text(TEXT)
    status, out, _ = call("assign", path)
    assert status == 0
    assert "no plan leaves less than" in out


def test_faults_end_in_words(call, tmp_path):
    path = tmp_path / "bad.txt"
    path.write_text("1 1 1\n2\n0 0 7\n")
    status, _, err = call("assign", path)
    assert status == 2
    assert "bad.txt:3:5" in err
