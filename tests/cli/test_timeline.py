"""`opendome timeline`: the sentence first, one document, refusals with exit status 2."""

import json

import pytest

FEW = ("--samples", "200")


def flat(text):
    """Text without the breaks that a narrow terminal needs."""
    return " ".join(text.replace("\u00a0", " ").split())


def test_the_answer_comes_first(call):
    status, out, _ = call("timeline", *FEW)
    assert status == 0
    first, second, third = out.splitlines()[:3]
    assert flat(first).startswith(
        "Is golden-dome operational by 20 January 2029? Probability under"
    )
    assert "every asset of the scenario has at least 90 % of its planned units" in flat(second)
    assert flat(third).startswith("The item that binds is ")
    assert "sda-tracking-t2" in out
    assert "Stand from the start: sbirs-geo (6)" in out


def test_one_document(call):
    status, out, err = call("timeline", "golden-dome", "--json", "--by", "2035-06-30", *FEW)
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["by"] == "2035-06-30"
    assert found["samples"] == 200
    assert set(found["p_operational"]) == {"value", "low", "high", "at_most"}
    assert sum(last["share"] for last in found["binding"]) == pytest.approx(1.0)
    again = call("timeline", "golden-dome", "--json", "--by", "2035-06-30", *FEW)
    assert again[1] == out


def test_what_stands_is_said_plainly(call):
    status, out, _ = call("timeline", "homeland-2026", *FEW)
    assert status == 0
    assert flat(out).startswith("Is homeland-2026 operational by 22 November 2026? Yes: it stands.")


def test_one_layer_and_another_share(call):
    status, out, _ = call("timeline", "--only", "sbi", "--share", "0.1", "--by", "2034-01-01", *FEW)
    assert status == 0
    assert flat(out).startswith("Is sbi of golden-dome operational by 1 January 2034? Probability ")
    assert "Operational: sbi has at least 10 % of its planned units" in flat(out)
    assert "ngi" not in out


def test_what_is_not_published_is_said(call, tmp_path):
    """A radar of the user's own without a date: an upper bound, and why."""
    from opendome.scenario.loading import load
    from opendome.scenario.resolved import to_yaml

    tree = dict(load("homeland-2026").tree)
    known = next(asset for asset in tree["assets"] if asset["name"] == "sbx1")
    own = {key: known[key] for key in known if key not in ("use", "cost", "schedule")}
    tree["assets"] = [*tree["assets"], {**own, "kind": "radar", "name": "own-radar"}]
    file = tmp_path / "mine.yaml"
    file.write_text(to_yaml(tree), "utf-8")
    status, out, _ = call("timeline", file, *FEW)
    assert status == 0
    assert "Probability at most 100 %" in flat(out)
    assert "Too little is published on own-radar" in flat(out)
    assert "no published date of first delivery" in flat(out)


def test_the_cost_of_each_year(call):
    status, out, _ = call("timeline", "--cost", *FEW)
    assert status == 0
    assert "Cost by year ($ billion of 2026)" in out
    assert "The bill takes every system as whole from its first day" in flat(out)
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.split()}
    assert float(rows["all"][1]) < float(rows["bill"][1])


def test_what_stands_is_played(call):
    status, out, _ = call(
        "timeline", "homeland-2026", "--capability", "--json", "--set", "raid.0.count=2",
        "--set", "trials=6", "--set", "futures=2", *FEW,
    )  # fmt: skip
    assert status == 0
    found = json.loads(out)["capability"]
    assert found["objects"] == 2
    assert len(found["by_date"]) == 6
    assert len({json.dumps(plays) for plays in found["by_date"].values()}) == 1  # nothing changes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch"], "no such file and no such built-in"),
        (["--by", "2020-01-01"], "the date 2020-01-01"),
        (["--by", "soon"], "the date 'soon'"),
        (["--by", "2029-02-30"], "the date '2029-02-30'"),
        (["--share", "0"], "above 0 and at most 1"),
        (["--share", "1.2"], "the share 1.2"),
        (["--only", "sbii"], "did you mean"),
        (["--samples", "9999999"], "samples 9999999"),
        (["--seed", "-1"], "seed -1"),
        (["no-shield"], "no assets"),
        (["--set", "assets.sbi.schedule.rate=0 1/year"], "more than 0 1/year"),
        (["--set", "assets.sbi.schedule.rate=-5 1/year"], "assets.17.schedule.rate"),
        (["--set", "assets.sbi.cost.life=0 years"], "more than 0 s"),
        (["--set", "assets.sbi.schedule.first=soon"], "schedule.first"),
        (["--set", "assets.sbi.schedule.slip=ships"], "schedule.slip"),
        (["--set", "economics.operational_share=0"], "economics.operational_share"),
    ],
)
def test_a_wrong_question_is_refused(call, words, said):
    status, out, err = call("timeline", *words)
    assert status == 2
    assert out == ""
    assert said in flat(err)
