"""The way between two studies: it must add up, and say what it cannot explain."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from opendome.economics.lifecycle import LifeCycle, total_usd
from opendome.quantities.constants import SECONDS_PER_DAY
from opendome.quantities.errors import OpendomeError
from opendome.studies import difference as module
from opendome.studies.difference import ASSUMPTIONS, WORDS, difference
from opendome.studies.evaluation import study
from opendome.studies.records import Layer

PAIRS = [
    ("cbo-2026", "aei-2025"),
    ("cbo-2026", "aei-2025:boost-moderate"),
    ("cbo-2025:low", "cbo-2025:high"),
    ("aei-sbi-calculator:AT-0", "aei-sbi-calculator:AT-3"),
]
YEAR_S = 365.25 * SECONDS_PER_DAY


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_shares_and_the_unexplained_add_up(a, b):
    walk = difference(a, b)
    explained = math.fsum(step.share_usd for step in walk.steps)
    rest = walk.unexplained_b_usd - walk.unexplained_a_usd
    whole = walk.total_b_usd - walk.total_a_usd
    assert explained + rest == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_steps_lead_from_a_to_b(a, b):
    steps = difference(a, b).steps
    assert steps
    for before, after in pairwise(steps):
        assert before.after_usd == after.before_usd
    for step in steps:
        assert step.low_usd <= step.share_usd + 1.0
        assert step.share_usd <= step.high_usd + 1.0
        assert step.low_usd - 1.0 <= step.alone_usd <= step.high_usd + 1.0


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_the_way_back_is_the_same_way(a, b):
    there, back = difference(a, b), difference(b, a)
    shares = {step.assumption: step.share_usd for step in there.steps}
    returned = {step.assumption: -step.share_usd for step in back.steps}
    assert shares == pytest.approx(returned, rel=1e-9, abs=1.0)


def test_a_study_does_not_differ_from_itself():
    walk = difference("cbo-2026", "cbo-2026")
    assert walk.steps == ()
    assert walk.total_a_usd == walk.total_b_usd


def test_a_study_may_name_its_own_pair():
    assert difference("cbo-2025") == difference("cbo-2025:low", "cbo-2025:high")


def test_common_prices_are_those_of_the_later_year():
    walk = difference("cbo-2025:low", "cbo-2026")
    assert walk.price_year == 2026
    stated = study("cbo-2025:low").layer.total_usd
    assert walk.total_a_usd > stated  # prices rose between 2025 and 2026


def test_one_changed_assumption_takes_the_whole_difference(monkeypatch):
    cycle = LifeCycle(
        name="layer", units=1000.0, horizon_s=20 * YEAR_S, design_life_s=5 * YEAR_S,
        first_unit_usd=20e6, operations_usd_per_year=1e9, development_usd=5e9,
    )  # fmt: skip
    one = Layer(
        targets=10.0, per_target=100.0, life_cycle=cycle, other_usd=0.0,
        total_usd=total_usd(cycle), price_year=2026,
    )  # fmt: skip
    twice = replace(cycle, first_unit_usd=40e6)
    other = replace(one, life_cycle=twice, total_usd=total_usd(twice))
    real = study("cbo-2026")
    layers = iter((one, other))
    monkeypatch.setattr(module, "study", lambda _: replace(real, layer=next(layers)))
    (step,) = difference("cbo-2026", "cbo-2026").steps
    assert step.assumption == "unit_price"
    assert step.share_usd == step.alone_usd == pytest.approx(1000 * 4 * 20e6)


@pytest.mark.parametrize("names", [("wilkening-1999", "cbo-2026"), ("cbo-2026", "wilkening-1999")])
def test_studies_without_a_priced_layer_are_refused(names):
    with pytest.raises(OpendomeError, match="prices no layer"):
        difference(*names)


def test_one_study_without_a_pair_is_refused():
    with pytest.raises(OpendomeError, match="two studies"):
        difference("cbo-2026")


def test_every_assumption_has_words_and_every_price_is_in_one():
    assert {each.name for each in ASSUMPTIONS} == set(WORDS)
    grouped = [name for each in ASSUMPTIONS for name in each.fields]
    assert len(grouped) == len(set(grouped))
    assert set(module.MONEY_FIELDS) <= set(grouped)
