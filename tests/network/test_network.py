import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from opendome.network.models import Link, Sharing, SharingError, picture
from opendome.network.spec import LinkSpec, SharingSpec, contradictions

NATIONS = ["US", "JP", "CA", "UK"]


def middle(_name, value):
    return value.middle


def rule(giver, taker, what="tracks", delay_s=2.0):
    return Sharing(from_nation=giver, to_nation=taker, what=what, delay_s=delay_s)


def test_own_delays_and_the_delay_of_the_agreement_add_up():
    got = picture(
        ["US", "JP"],
        sensor_nation=["US", "JP", "JP"],
        sensor_delay_s=[1.0, 0.25, 4.0],
        sharing=[rule("JP", "US", delay_s=2.0)],
    )
    assert got.node_names == ("US", "JP")
    assert got.delay_s.tolist() == [[1.0, 2.25, 6.0], [math.inf, 0.25, 4.0]]


def test_agreements_are_not_passed_on():
    got = picture(
        ["US"],
        sensor_nation=["JP"],
        sensor_delay_s=[1.0],
        sharing=[rule("JP", "UK"), rule("UK", "US")],
    )
    assert got.delay_s.tolist() == [[math.inf]]


@pytest.mark.parametrize("what", ["cue", "nothing"])
def test_a_cue_gives_no_measurement(what):
    got = picture(
        ["US"], sensor_nation=["JP"], sensor_delay_s=[1.0], sharing=[rule("JP", "US", what)]
    )
    assert got.delay_s.tolist() == [[math.inf]]


def test_no_nodes_and_no_sensors():
    assert picture([], sensor_nation=["US"], sensor_delay_s=[1.0]).delay_s.shape == (0, 1)
    assert picture(["US"], sensor_nation=[], sensor_delay_s=[]).delay_s.shape == (1, 0)


delays = st.floats(0.0, 100.0)
pairs = [(a, b) for a in NATIONS for b in NATIONS if a != b]
rule_sets = st.dictionaries(
    st.sampled_from(pairs), st.tuples(st.sampled_from(["tracks", "cue", "nothing"]), delays)
).map(lambda d: [rule(a, b, what, delay) for (a, b), (what, delay) in d.items()])
sensor_sets = st.lists(st.tuples(st.sampled_from(NATIONS), delays), max_size=6)


def delay_table(sensors, rules, nodes=tuple(NATIONS)):
    return picture(
        nodes,
        sensor_nation=[nation for nation, _ in sensors],
        sensor_delay_s=[delay for _, delay in sensors],
        sharing=rules,
    ).delay_s


@given(sensors=sensor_sets, rules=rule_sets, luck=st.randoms())
def test_less_sharing_never_makes_anything_faster(sensors, rules, luck):
    kept = [one for one in rules if luck.random() < 0.5]
    assert np.all(delay_table(sensors, kept) >= delay_table(sensors, rules))


@given(sensors=sensor_sets, rules=rule_sets, longer=delays)
def test_slower_agreements_never_make_anything_faster(sensors, rules, longer):
    slow = [rule(r.from_nation, r.to_nation, r.what, r.delay_s + longer) for r in rules]
    assert np.all(delay_table(sensors, slow) >= delay_table(sensors, rules))


@given(sensors=sensor_sets, rules=rule_sets)
def test_a_nation_always_has_its_own(sensors, rules):
    table = delay_table(sensors, rules)
    for column, (nation, own) in enumerate(sensors):
        assert table[NATIONS.index(nation), column] == own
        assert np.all(table[:, column] >= own)


@given(sensors=sensor_sets, rules=rule_sets, luck=st.randoms())
def test_order_means_nothing(sensors, rules, luck):
    table = delay_table(sensors, rules)
    nodes = list(range(len(NATIONS)))
    columns = list(range(len(sensors)))
    shuffled = list(rules)
    for order in (nodes, columns, shuffled):
        luck.shuffle(order)
    again = delay_table([sensors[k] for k in columns], shuffled, [NATIONS[k] for k in nodes])
    assert np.array_equal(again, table[nodes][:, columns])


def test_two_rules_for_one_pair_are_refused_with_both_nations_named():
    with pytest.raises(SharingError, match="two sharing rules from JP to US") as caught:
        picture(
            ["US"],
            sensor_nation=["JP"],
            sensor_delay_s=[1.0],
            sharing=[rule("JP", "US"), rule("JP", "US", "nothing")],
        )
    assert "one rule per giver and taker" in str(caught.value)
    assert "delete the other" in str(caught.value)


@pytest.mark.parametrize("delay", [-1.0, math.nan])
def test_impossible_delays_are_refused(delay):
    with pytest.raises(SharingError, match="0 s or more"):
        picture(["US"], sensor_nation=["US"], sensor_delay_s=[delay])
    with pytest.raises(SharingError, match="0 s or more"):
        picture(
            ["US"],
            sensor_nation=["JP"],
            sensor_delay_s=[1.0],
            sharing=[rule("JP", "US", delay_s=delay)],
        )


def test_a_nation_cannot_agree_with_itself():
    with pytest.raises(SharingError, match="from US to US"):
        picture(["US"], sensor_nation=[], sensor_delay_s=[], sharing=[rule("US", "US")])
    with pytest.raises(ValidationError, match="from US to US"):
        SharingSpec.model_validate({"from": "US", "to": "US", "what": "nothing"})


def test_sharing_spec_reads_the_scenario_words():
    spec = SharingSpec.model_validate({"from": "JP", "to": "US", "what": "tracks", "delay": "2 s"})
    assert spec.realise(middle) == rule("JP", "US")
    silent = SharingSpec.model_validate({"from": "JP", "to": "US", "what": "nothing"})
    assert silent.realise(middle).added_s == math.inf


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"delay": None}, "without a delay"),
        ({"delay": "-2 s"}, "delay"),
        ({"delay": "2 km"}, "delay"),
        ({"what": "gossip"}, "what"),
        ({"from": "Japan"}, "from"),
        ({"via": "UK"}, "via"),
    ],
)
def test_sharing_spec_refuses(change, message):
    words = {"from": "JP", "to": "US", "what": "tracks", "delay": "2 s"}
    with pytest.raises(ValidationError, match=message):
        SharingSpec.model_validate(words | change)


def test_contradictions_name_both_rules():
    words = [("JP", "US"), ("US", "JP"), ("JP", "US"), ("JP", "US")]
    rules = [SharingSpec.model_validate({"from": a, "to": b, "what": "cue"}) for a, b in words]
    found = contradictions(rules)
    assert [index for index, _ in found] == [2, 3]
    assert "sharing 0 and 2" in str(found[0][1])
    assert "sharing 0 and 3" in str(found[1][1])
    assert "two sharing rules from JP to US" in str(found[0][1])
    assert contradictions(rules[:2]) == []


def test_link_adds_its_two_parts():
    spec = LinkSpec.model_validate({"downlink_delay": "0.25 s", "processing_delay": "1..3 s"})
    link = spec.realise(middle)
    assert link == Link(downlink_delay_s=0.25, processing_delay_s=2.0)
    assert link.delay_s == 2.25
    with pytest.raises(ValidationError, match="processing_delay"):
        LinkSpec.model_validate({"downlink_delay": "0.25 s"})
