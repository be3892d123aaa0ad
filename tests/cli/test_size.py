"""`opendome size`: one sentence first, one document with --json, clear refusals, quick."""

import json

import pytest

QUICK = ("--step", "10 min", "--planes", "60")


def test_interceptors_are_the_default(call):
    status, out, err = call("size", *QUICK)
    assert status == 0
    assert err == ""
    assert out.startswith("To have always 20 interceptors in reach of latitude 40 deg")
    for words in ("even shell", "latitude density, over the footprint", "what binds",
                  "aei-interceptor-calculator", "not validated"):  # fmt: skip
        assert words in out
    assert call("size", "interceptors", *QUICK)[1] == out


def test_json_is_one_document(call):
    status, out, err = call("size", "--json", "--salvo", "5", "--altitude", "300 km", *QUICK)
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert document["methods"]["latitude_density"]["satellites"] == pytest.approx(5961, abs=1)
    assert document["inputs"]["salvo"]["set"] is True
    assert document["feasible"] is True


def test_infeasible_is_an_answer_and_no_error(call):
    status, out, _ = call("size", "--delay", "3 min")
    assert status == 0
    assert "No number of satellites does it: no time is left to fly" in out
    assert json.loads(call("size", "--delay", "3 min", "--json")[1])["satellites"] is None


def test_a_given_constellation_is_judged(call):
    status, out, _ = call("size", "--satellites", "7800", "--planes", "78")
    assert status == 0
    assert "does not always have 20 interceptors" in out
    assert "worst moment" in out


def test_sensors(call):
    status, out, _ = call("size", "sensors", "--system", "sda-tracking-t2", "--fold", "2")
    assert status == 0
    assert "54 satellites (6 planes of 9)" in out
    assert "longest gap" in out
    document = json.loads(
        call("size", "sensors", "--latitude", "-50..50 deg", "--step", "10 min", "--json")[1]
    )
    assert document["coverage"]["folds"][0]["continuous"] is True
    assert document["satellites"] == document["coverage"]["satellites"]


def test_curve_and_figure(call, tmp_path):
    for ending in ("svg", "png", "pdf"):
        path = tmp_path / f"curve.{ending}"
        status, out, err = call("size", "--curve", "delay=0..150 s", "--figure", path, *QUICK)
        assert (status, err) == (0, "")
        assert path.stat().st_size > 3000
        assert str(path) in out
    assert "Satellites against delay" in out
    text = (tmp_path / "curve.svg").read_text("utf-8")
    for words in ("always in reach", "even shell", "delay [s]", "no number"):
        assert words in text
    again = tmp_path / "again.svg"
    call("size", "--curve", "delay=0..150 s", "--figure", again, *QUICK)
    assert again.read_text("utf-8") == text


def test_all_problems_at_once(call):
    status, out, err = call(
        "size", "senors", "--salvo", "0", "--delay", "60", "--area", "japn", "--curve", "dely",
        "--figure", "curve.txt",
    )  # fmt: skip
    assert (status, out) == (2, "")
    lines = err.strip().splitlines()
    assert len(lines) == 6
    for words in ("'sensors'?", "salvo: got 0", "without a unit", "'japan'?", "'delay'?", ".svg"):
        assert words in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--figure", "a.svg"), "a figure without a curve"),
        (("sensors", "--curve", "delay"), "a curve for sensors"),
        (("sensors", "--salvo", "3"), "unknown key 'salvo'"),
        (("--speed", "-6 km/s"), "-6 km/s"),
        (("--satellites", "100", "--planes", "7"), "100 satellites in 7 planes"),
    ],
)
def test_a_refusal(call, words, message):
    status, out, err = call("size", *words)
    assert (status, out) == (2, "")
    assert message in err


def test_a_figure_that_cannot_be_written(call, tmp_path):
    path = tmp_path / "no" / "curve.svg"
    status, out, err = call("size", "--curve", "salvo=1..2", "--figure", path, *QUICK)
    assert (status, out) == (2, "")
    assert "No such file" in err
