"""What a kill costs: a bill joined with a run."""

import json
from dataclasses import replace

import pytest

from opendome.economics.bill import bill
from opendome.engagement.records import FATE_WORDS, Fate
from opendome.quantities.errors import OpendomeError
from opendome.results.cost_per_kill import cost_per_kill
from opendome.scenario.loading import load
from opendome.sources.catalogue import load_system

ROUND = {"cost.unit": "60..90 MUSD_2026", "cost.learning": 1, "cost.in_service": 40}


def priced(result, **changes):
    """Bill of the run's own scenario with a price for every round, and changes."""
    prices = {
        f"assets.{asset.name}.{key}": value
        for asset in result.scenario.assets
        if not asset.is_sensor
        for key, value in ROUND.items()
    }
    return bill(load("homeland-2026", changes={**prices, **changes}), samples=1000)


def test_the_two_answers_by_hand(result):
    found = priced(result)
    answer = cost_per_kill(found, result)
    killed = result.metrics.fate_estimates[FATE_WORDS[Fate.KILLED]]
    assert answer.kills == killed.value > 0.0
    assert answer.shield_per_kill.mean == pytest.approx(found.total.mean / killed.value)
    assert answer.shield_per_kill.low == pytest.approx(found.total.low / killed.high)
    assert answer.shield_per_kill.low < answer.shield_per_kill.mean < answer.shield_per_kill.high
    fates = result.metrics.fates
    engaged = fates[FATE_WORDS[Fate.KILLED]] + fates[FATE_WORDS[Fate.SHOTS_MISSED]]
    assert answer.engaged == engaged
    assert answer.shield_per_engaged.mean == pytest.approx(found.total.mean / engaged)
    rounds = sum(use.rounds for use in result.metrics.layers.values())
    assert sum(answer.rounds.values()) == pytest.approx(rounds)
    price = sum(answer.round_usd.values()) / len(answer.round_usd)
    assert price == pytest.approx(75e6, rel=0.02)
    assert answer.fired_usd == pytest.approx(
        sum(answer.rounds[name] * answer.round_usd[name] for name in answer.rounds)
    )
    assert answer.fired_per_kill_usd == pytest.approx(answer.fired_usd / killed.value)


def test_a_threat_without_a_published_price_gives_no_ratio(result):
    answer = cost_per_kill(priced(result), result)
    assert answer.threat_usd is None
    assert answer.exchange_ratio is None
    assert any("no published price of a missile: icbm" in words for words in answer.missing)


def test_a_threat_with_one_does(result, monkeypatch):
    drone = load_system("owa-drone")  # not played, but its price is published
    monkeypatch.setattr("opendome.results.cost_per_kill.load_system", lambda name: drone)
    answer = cost_per_kill(priced(result), result)
    assert 20e3 < answer.threat_usd < 60e3
    assert answer.exchange_ratio == pytest.approx(answer.fired_per_kill_usd / answer.threat_usd)
    assert answer.exchange_ratio > 1000.0


def test_a_round_without_a_price_gives_no_sum(result):
    scenario = load("homeland-2026")
    fired = next(iter(cost_per_kill(priced(result), result).rounds))
    found = bill(scenario, samples=10)
    bare = replace(found.life_cycles[fired], first_unit_usd=None)
    answer = cost_per_kill(replace(found, life_cycles={**found.life_cycles, fired: bare}), result)
    assert answer.fired_usd is None
    assert answer.fired_per_kill_usd is None
    assert any(fired in words for words in answer.missing)


def test_the_document_is_plain(result):
    document = cost_per_kill(priced(result), result).to_dict()
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_a_bill_of_another_scenario_is_refused(result):
    with pytest.raises(OpendomeError, match="the bill of golden-dome and a run of homeland-2026"):
        cost_per_kill(bill(load("golden-dome"), samples=10), result)
