"""`opendome study`, and what `list` and `show` say of studies."""

import json

import pytest

from opendome.cli import arguments

NAME = "wilkening-1999"
CALCULATOR = "aei-sbi-calculator"


def document(call, *words):
    status, out, err = call(*words, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_one_study(call):
    status, out, err = call("study", CALCULATOR)
    assert (status, err) == (0, "")
    assert out.startswith("AEI calculator")
    assert "set by you" not in out


def test_the_document_of_a_study(call):
    found = document(call, "study", NAME)
    assert {"study", "inputs", "outputs", "feasible", "binding", "sources"} <= set(found)
    assert found["study"] == NAME
    assert found["inputs"]["p_kill"] == {"value": 0.7, "unit": "", "set": False}
    row = found["outputs"]["interceptors"]
    assert {"ours", "published", "unit", "difference", "tolerance", "within", "reason"} <= set(row)
    assert row["published"] == 113
    assert row["within"] is True
    assert found["outputs"]["salvo"]["published"] is None


def test_all_cases_come_with_the_study_alone(call):
    cases = document(call, "study", NAME)["cases"]
    assert cases["one-shot"]["inputs"]["warheads"]["value"] == 1
    assert set(cases["one-shot"]["inputs"]) == {"warheads", "p_kill", "p_track", "shots"}
    assert cases["one-shot"]["outputs"]["p_kill_engagement"]["within"] is True
    assert cases["one-shot"]["title"] == "one round at one warhead, perfect tracking"
    assert "cases" not in document(call, "study", f"{NAME}:one-shot")
    assert "cases" not in document(call, "study", NAME, "--set", "p_kill=0.8")


def test_a_case_is_what_its_inputs_make_it(call):
    by_name = document(call, "study", f"{CALCULATOR}:AT-1")
    by_input = document(call, "study", CALCULATOR, "--set", "salvo=5")
    assert by_input["case"] == by_name["case"] == "AT-1"
    assert by_input["outputs"] == by_name["outputs"]


def test_inputs_carry_units(call):
    found = document(call, "study", CALCULATOR, "--set", "flyout=1.5 min")
    assert found["outputs"]["interceptors"]["ours"] == 2106
    assert found["inputs"]["flyout"] == {"value": 90, "unit": "s", "set": True}


def test_infeasible_is_an_answer(call):
    found = document(call, "study", NAME, "--set", "p_track=0.9")
    assert found["feasible"] is False
    assert "p_track 0.9" in found["binding"]
    assert found["outputs"]["interceptors"]["ours"] is None


def test_the_whole_record(call):
    found = document(call, "study", "--all")
    assert found["compared"] == len(found["rows"]) > 50
    assert found["reproduced"] + len(found["not_reproduced"]) == found["compared"]
    assert {"study", "case", "output", "published", "ours", "tolerance", "within"} <= set(
        found["rows"][0]
    )
    assert all(row["reason"] for row in found["not_reproduced"])
    status, out, _ = call("study", "--all")
    assert status == 0
    assert f"{found['reproduced']:,} of {found['compared']:,} published figures" in out


def test_the_way_between_two(call, tmp_path):
    path = tmp_path / "way.svg"
    words = ("study", "diff", f"{CALCULATOR}:AT-0", f"{CALCULATOR}:AT-1", "--figure", str(path))
    found = document(call, *words)
    assert path.read_text().startswith("<svg")
    ends = found["total_a_usd"] - found["unexplained_a_usd"] + found["unexplained_b_usd"]
    total = ends + sum(step["share_usd"] for step in found["steps"])
    assert total == pytest.approx(found["total_b_usd"], rel=1e-9)
    status, out, _ = call(*words)
    assert status == 0
    assert "between them" in out
    assert f"figure: {path}" in " ".join(out.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("study",), "got no study"),
        (("study", "wilkenig-1999"), f"did you mean '{NAME}'?"),
        (("study", f"{NAME}:barage-20"), "did you mean 'barrage-20'?"),
        (("study", NAME, "--set", "salvo"), "allowed: input=value"),
        (("study", NAME, "--set", "=5"), "allowed: input=value"),
        (("study", NAME, "--set", "warhead=5"), "did you mean 'warheads'?"),
        (("study", NAME, "--set", "warheads=0"), "at least 1"),
        (("study", NAME, "--set", "warheads=3 km"), "which is a length"),
        (("study", NAME, "--set", "p_kill="), "got nothing"),
        (("study", CALCULATOR, "--set", "learning=120 %"), "learning"),
        (("study", CALCULATOR, "--set", "design_life=0 s"), "design_life"),
        (("study", CALCULATOR, "--set", "design_life=-5 years"), "design_life"),
        (("study", CALCULATOR, "--set", "altitude=1..2 km"), "one value"),
        (("study", NAME, CALCULATOR), f"opendome study diff {NAME} {CALCULATOR}"),
        (("study", "--all", NAME), "--all alone"),
        (("study", "--all", "--set", "a=1"), "--all alone"),
        (("study", NAME, "--figure", "x.svg"), "--figure without diff"),
        (("study", "diff"), "diff with 0 names"),
        (("study", "diff", "a", "b", "c"), "diff with 3 names"),
        (("study", "diff", NAME, CALCULATOR), "prices no layer"),
        (("study", "diff", CALCULATOR, "--set", "salvo=5"), "--set"),
        (("study", "diff", CALCULATOR, CALCULATOR, "--figure", "x.pdf"), ".svg or .png"),
        (("list", "studis"), "did you mean 'studies'?"),
    ],
)  # fmt: skip
def test_wrong_input_is_refused_in_words(call, words, message):
    status, out, err = call(*words)
    assert status == 2
    assert out == ""
    assert message in " ".join(err.split())


def test_a_figure_that_cannot_be_written_is_refused(call, tmp_path):
    path = tmp_path / "nowhere" / "way.png"
    status, _, err = call("study", "diff", CALCULATOR, CALCULATOR, "--figure", str(path))
    assert status == 2
    assert "nowhere" in err


def test_studies_are_listed_and_shown(call):
    assert NAME in {row["study"] for row in document(call, "list", "studies")}
    found = document(call, "show", NAME)
    assert found["inputs"][0]["input"] == "warheads"
    assert {row["case"] for row in found["cases"]} >= {"barrage-20", "one-shot"}
    assert found["published"][0]["published"] == "113"
    assert NAME in {row["source"] for row in found["sources"]}
    status, out, _ = call("show", NAME)
    assert status == 0
    assert f"opendome study {NAME}" in out


def test_names_are_completed():
    assert arguments.complete_study("wilk") == [NAME]
    assert f"{NAME}:one-shot" in arguments.complete_study(f"{NAME}:one")
    assert arguments.complete_study("nothing:") == []
    assert arguments.complete_study_words("di") == ["diff"]
    assert "golden-dome" in arguments.complete_scenario("golden")
    assert arguments.complete_system("lrd") == ["lrdr"]
    assert "conus" in arguments.complete_area("con")
    assert {"lrdr", "homeland-2026"} <= set(arguments.complete_anything(""))
    assert "cbo-2026" in arguments.complete_anything("cbo")
