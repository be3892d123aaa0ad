"""The way from one study to another: its sentence, its table, its waterfall."""

import io
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from rich.console import Console

from opendome.report import walk_summary
from opendome.report.figures import walk as figure
from opendome.report.words import MINUS
from opendome.studies.difference import Step, Walk, difference

BILLION = 1e9
A, B = "aei-sbi-calculator:AT-0", "aei-sbi-calculator:AT-2"


def step(name, words, values, share, low, high):
    return Step(
        assumption=name, words=words, value_a=values[0], value_b=values[1],
        share_usd=share * BILLION, low_usd=low * BILLION, high_usd=high * BILLION,
        alone_usd=low * BILLION, before_usd=0.0, after_usd=0.0,
    )  # fmt: skip


def made_up(**changes):
    steps = (
        step("targets", "targets met at once", ("10", "50"), 1200.0, 740.0, 2400.0),
        step(
            "unit_price", "price of an interceptor",
            ("$22 million each", "$70 million for the first, $8.4 million in the mean"),
            -310.0, -1200.0, 40.0,
        ),
        step("launch", "launch", ("1 t", "2 t"), 6.0, 6.0, 6.0),
    )  # fmt: skip
    walk = Walk(
        a="wilkening-1999", b="aei-sbi-calculator", title_a="one", title_b="other",
        price_year=2026, total_a_usd=743 * BILLION, total_b_usd=1650 * BILLION,
        unexplained_a_usd=-2.0 * BILLION, unexplained_b_usd=9.0 * BILLION, steps=steps, sources=(),
    )  # fmt: skip
    return replace(walk, **changes)


def shown(walk, path=None):
    console = Console(file=io.StringIO(), width=160)
    walk_summary.show_walk(walk, console, figure=path)
    return console.file.getvalue()


def test_the_sentence_reads_like_a_newspaper():
    assert walk_summary.headline(made_up()) == (
        "Wilkening 1999 comes to $743 billion, AEI calculator to $1,650 billion, in prices of "
        "2026. Of the $907 billion between them, $1,200 billion more comes from meeting 50 targets "
        "at once, not 10. The other way, $310 billion less comes from interceptors at $70 million "
        "for the first, $8.4 million in the mean, not $22 million each."
    )


def test_totals_that_lie_the_other_way_are_told_as_well():
    walk = made_up(total_a_usd=1650 * BILLION, total_b_usd=743 * BILLION)
    text = walk_summary.headline(walk)
    assert "Of the $907 billion between them, $310 billion less comes from interceptors" in text
    assert "The other way, $1,200 billion more comes from" in text


def test_cases_are_named_beside_their_study():
    walk = made_up(b=B, title_b="a case of it")
    assert walk_summary.cases_of(walk) == ("", "a case of it")
    assert figure.bars(walk)[-1].detail == "a case of it\nin prices of 2026"
    assert walk_summary.cases_of(made_up(a=A, b=B)) == ("", "")


def test_no_line_of_small_print_is_too_long():
    for walk in (made_up(), difference("cbo-2026", "aei-2025")):
        for bar in figure.bars(walk):
            assert max(map(len, bar.detail.split("\n"))) <= figure.LINE_MAX


def test_a_small_step_is_not_named_in_the_sentence():
    assert "launch" not in walk_summary.headline(made_up())
    assert "launch" in shown(made_up())


def test_two_cases_of_one_study_are_named_by_their_titles():
    walk = made_up(a=A, b=B, title_a="slow", title_b="fast")
    assert walk_summary.headline(walk).startswith(
        "AEI calculator: \u201cslow\u201d comes to $743 billion, \u201cfast\u201d to $1,650 billion"
    )


def test_nothing_differs():
    walk = difference(A, A)
    assert walk_summary.headline(walk).endswith("they assume the same.")
    assert "share" in shown(walk)


def test_the_table_says_what_the_walk_says():
    text = " ".join(shown(made_up(), "way.svg").split())
    for each in made_up().steps:
        assert each.words in text
    assert "+$1,200 billion +$740 to +$2,400 billion" in text
    assert f"{MINUS}$310 billion {MINUS}$1,200 to +$40 billion" in text
    assert "rules of their own +$11 billion" in text
    assert f"Wilkening 1999 {MINUS}$2 billion, AEI calculator +$9 billion" in text
    assert "docs/studies/wilkening-1999.md, docs/studies/aei-sbi-calculator.md" in text
    assert "figure: way.svg" in text


def test_a_remainder_that_cancels_is_told_all_the_same():
    walk = made_up(unexplained_a_usd=9.0 * BILLION)
    assert walk_summary.remainder_usd(walk) == 0.0
    assert "Wilkening 1999 +$9 billion" in walk_summary.own_rules(walk)
    clean = made_up(unexplained_a_usd=0.0, unexplained_b_usd=0.0)
    assert walk_summary.own_rules(clean) == ""


@pytest.mark.parametrize("walk", [made_up(), difference(A, B)], ids=["made up", "calculator"])
def test_bars_join_and_lead_from_a_to_b(walk):
    found = figure.bars(walk)
    assert found[0].end_usd == walk.total_a_usd
    assert found[-1].end_usd == walk.total_b_usd
    steps = found[1:-1]
    assert steps[0].start_usd == walk.total_a_usd
    for one, following in pairwise(steps):
        assert one.end_usd == following.start_usd
    assert steps[-1].end_usd == pytest.approx(walk.total_b_usd, rel=1e-3)


def test_a_step_that_is_left_out_breaks_the_chain():
    """Negative control: bars of a walk without one of its steps do not reach B."""
    walk = made_up()
    found = figure.bars(replace(walk, steps=walk.steps[1:]))
    assert found[-2].end_usd != pytest.approx(walk.total_b_usd, rel=1e-3)


def test_the_figure_is_the_same_every_time(tmp_path):
    for name in ("way.svg", "way.png"):
        first, second = tmp_path / f"1{name}", tmp_path / f"2{name}"
        figure.save(made_up(), first)
        figure.save(made_up(), second)
        assert first.read_bytes() == second.read_bytes()
        assert first.stat().st_size > 3000
    root = ElementTree.fromstring((tmp_path / "1way.svg").read_text())
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for words in ("targets met at once", "+$1,200 billion", "$743 billion", "rules of their own"):
        assert words in texts


def test_the_figure_can_be_read_without_seeing_it():
    plate = figure.draw(made_up())
    assert walk_summary.headline(made_up()) in plate.description
    assert 'role="img"' in plate.svg
