"""`opendome check` of a scenario that draws its network: islands are errors or notes."""

import json
import sys

import pytest

from opendome.cli import main as entry

from .test_network import NET


def call(monkeypatch, capsys, *words: str) -> tuple[int, str, str]:
    """Run a command in this process: exit status, standard output, standard error."""
    monkeypatch.setattr(sys, "argv", ["opendome", *words])
    with pytest.raises(SystemExit) as stopped:
        entry.main()
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


def test_a_node_that_no_link_names_is_noted(monkeypatch, capsys, tmp_path):
    island = (
        "    - {name: far, kind: ground-station, nation: US, latitude: 1 deg, longitude: 1 deg}"
    )
    path = tmp_path / "net.yaml"
    path.write_text(NET.replace("  links:\n", f"{island}\n  links:\n"), "utf-8")
    code, out, _ = call(monkeypatch, capsys, "check", str(path))
    assert code == 0
    assert "Note: far is an island: no link names it." in out
    code, out, _ = call(monkeypatch, capsys, "check", str(path), "--json")
    assert json.loads(out)["consequences"] == ["far is an island: no link names it"]


def test_a_nation_cut_from_everything_is_an_error(monkeypatch, capsys, tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(NET.replace("between: [alaska, hq], ", "between: [alaska, alaska], "), "utf-8")
    code, _, err = call(monkeypatch, capsys, "check", str(path))
    assert code == 2
    assert "US, which decides, cut off from every sensor" in err
