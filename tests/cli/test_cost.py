"""`opendome cost`: one document, the sum first, every refusal in words."""

import json

import pytest

LAYER = (
    "--set", "assets.sbi.cost.unit=22 MUSD_2026", "--set", "assets.sbi.cost.life=5 years",
    "--set", "assets.sbi.cost.learning=1", "--set", "assets.sbi.cost.operations=1 GUSD_2026/year",
    "--samples", "200",
)  # fmt: skip


def test_the_sum_comes_first(call):
    code, out, err = call("cost", "golden-dome", *LAYER)
    assert (code, err) == (0, "")
    first = out.splitlines()[0]
    assert first.startswith("Twenty years of golden-dome cost $")
    assert "in prices of 2026" in first
    for words in ("By system", "Not counted", "What is counted", "Published totals", "1,191"):
        assert words in out
    assert "\x1b[" not in out


def test_json_is_one_document_and_nothing_else(call):
    code, out, err = call("cost", "golden-dome", *LAYER, "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert document["scenario"] == "golden-dome"
    assert document["price_year"] == 2026
    assert document["horizon_years"] == 20.0
    made = [
        line["mean"] for line in document["lines"]
        if (line["system"], line["category"]) == ("sbi", "procurement")
    ]  # fmt: skip
    assert made == [pytest.approx(7800 * 22e6)]
    assert set(document["total"]) == {"mean", "low", "high"}
    _, again, _ = call("cost", "golden-dome", *LAYER, "--json")
    assert json.loads(again)["digest"] == document["digest"]
    _, other, _ = call("cost", "golden-dome", *LAYER, "--json", "--seed", "99")
    assert json.loads(other)["digest"] != document["digest"]


def test_horizon_prices_baseline_and_category(call):
    words = ("cost", "golden-dome", *LAYER, "--json")
    _, out, _ = call(*words, "--horizon", "10 years", "--price-year", "2020", "--with-baseline")
    document = json.loads(out)
    assert document["horizon_years"] == 10.0
    assert document["price_year"] == 2020
    assert document["baseline"] == "included"
    assert document["already_bought"] == []
    _, out, _ = call("cost", "golden-dome", *LAYER, "--by", "category")
    assert "By category" in out


def test_a_study_has_a_bill_too(call):
    code, out, _ = call("cost", "cbo-2026", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["total"]["mean"] == pytest.approx(1191e9, rel=0.005)
    code, out, _ = call("cost", "aei-sbi-calculator:AT-1", "--price-year", "2025")
    assert code == 0
    assert "in prices of 2025" in out
    _, dear, _ = call("cost", "aei-sbi-calculator", "--set", "flyout=60 s", "--json")
    _, own, _ = call("cost", "aei-sbi-calculator", "--json")
    assert json.loads(dear)["total"]["mean"] > json.loads(own)["total"]["mean"]
    lines = out.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("Published totals"))
    ours = [line for line in lines[start:] if line.startswith("aei-sbi-calculator ")]
    assert [line.split()[1] for line in ours] == ["space"]  # a layer is no shield


def test_the_default_scenario(call):
    code, out, _ = call("cost", "--samples", "50")
    assert code == 0
    assert "golden-dome" in out


def test_a_scenario_without_assets(call):
    code, out, _ = call("cost", "no-shield")
    assert code == 0
    assert out.startswith("Nothing in no-shield has a published price")


def test_the_cost_of_a_kill(call, small_run):
    folder, _ = small_run
    code, out, _ = call("cost", "--run", folder, "--json", "--samples", "50")
    assert code == 0
    assert {"kills", "shield_per_kill", "missing"} <= set(json.loads(out)["cost_per_kill"])
    code, out, _ = call("cost", "--run", folder, "--samples", "50")
    assert code == 0
    assert "Cost of a kill" in out
    code, _, err = call("cost", "golden-dome", "--run", folder, "--samples", "50")
    assert code == 2
    assert "the bill of golden-dome and a run of homeland-2026" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("golden-dom",), "did you mean 'golden-dome'?"),
        (("golden-dome", "--horizon", "0 years"), "a horizon of 0"),
        (("golden-dome", "--horizon", "-5 years"), "-5 years"),
        (("golden-dome", "--horizon", "long"), "long"),
        (("golden-dome", "--price-year", "1950"), "1985 to 2035"),
        (("golden-dome", "--samples", "0"), "0 samples"),
        (("golden-dome", "--set", "assets.sbi.cost.life=0 years"), "cost.life"),
        (("golden-dome", "--set", "assets.sbi.cost.life=-5 years"), "cost.life"),
        (("golden-dome", "--set", "assets.sbi.cost.learning=1.5"), "cost.learning"),
        (("golden-dome", "--set", "assets.sbi.cost.learning=0"), "cost.learning"),
        (("golden-dome", "--set", "assets.sbi.cost.unit=22 MUSD"), "price year"),
        (("golden-dome", "--set", "assets.sbi.cost.unit=9 GJPY_2026"), "rate of exchange"),
        (("golden-dome", "--set", "assets.sbi.cost.unti=22 MUSD_2026"), "did you mean 'unit'?"),
        (("golden-dome", "--by", "colour"), "colour"),
        (("cbo-2026", "--samples", "10"), "--samples with a study"),
        (("minimum-energy",), "it prices nothing"),
        (("aei-sbi-calculator", "--set", "flyuot=60 s"), "did you mean 'flyout'?"),
    ],
)
def test_refusals_name_what_is_allowed(call, words, message):
    code, out, err = call("cost", *words)
    assert code == 2
    assert out == ""
    assert message in err
