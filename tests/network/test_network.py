import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from opendome.network.holding import Holding
from opendome.network.models import Link, Sharing, SharingError, delay_table
from opendome.network.plain import picture
from opendome.network.spec import LinkSpec, SharingSpec, contradictions

from .looks import looks_of

NATIONS = ["US", "JP", "CA", "UK"]


def middle(_name, value):
    return value.middle


def rule(giver, taker, what="tracks", delay_s=2.0):
    return Sharing(from_nation=giver, to_nation=taker, what=what, delay_s=delay_s)


def test_own_delays_and_the_delay_of_the_agreement_add_up():
    got = delay_table(
        ["US", "JP"],
        sensor_nation=["US", "JP", "JP"],
        sensor_delay_s=[1.0, 0.25, 4.0],
        sharing=[rule("JP", "US", delay_s=2.0)],
    )
    assert got.tolist() == [[1.0, 2.25, 6.0], [math.inf, 0.25, 4.0]]


def test_agreements_are_not_passed_on():
    got = delay_table(
        ["US"],
        sensor_nation=["JP"],
        sensor_delay_s=[1.0],
        sharing=[rule("JP", "UK"), rule("UK", "US")],
    )
    assert got.tolist() == [[math.inf]]


@pytest.mark.parametrize("what", ["cue", "nothing"])
def test_a_cue_gives_no_measurement(what):
    got = delay_table(
        ["US"], sensor_nation=["JP"], sensor_delay_s=[1.0], sharing=[rule("JP", "US", what)]
    )
    assert got.tolist() == [[math.inf]]


def test_no_nodes_and_no_sensors():
    assert delay_table([], sensor_nation=["US"], sensor_delay_s=[1.0]).shape == (0, 1)
    assert delay_table(["US"], sensor_nation=[], sensor_delay_s=[]).shape == (1, 0)


delays = st.floats(0.0, 100.0)
pairs = [(a, b) for a in NATIONS for b in NATIONS if a != b]
rule_sets = st.dictionaries(
    st.sampled_from(pairs), st.tuples(st.sampled_from(["raw", "tracks", "cue", "nothing"]), delays)
).map(lambda d: [rule(a, b, what, delay) for (a, b), (what, delay) in d.items()])
sensor_sets = st.lists(st.tuples(st.sampled_from(NATIONS), delays), max_size=6)


def delays_of(sensors, rules, nodes=tuple(NATIONS)):
    return delay_table(
        nodes,
        sensor_nation=[nation for nation, _ in sensors],
        sensor_delay_s=[delay for _, delay in sensors],
        sharing=rules,
    )


@given(sensors=sensor_sets, rules=rule_sets, luck=st.randoms())
def test_less_sharing_never_makes_anything_faster(sensors, rules, luck):
    kept = [one for one in rules if luck.random() < 0.5]
    assert np.all(delays_of(sensors, kept) >= delays_of(sensors, rules))


@given(sensors=sensor_sets, rules=rule_sets, longer=delays)
def test_slower_agreements_never_make_anything_faster(sensors, rules, longer):
    slow = [rule(r.from_nation, r.to_nation, r.what, r.delay_s + longer) for r in rules]
    assert np.all(delays_of(sensors, slow) >= delays_of(sensors, rules))


@given(sensors=sensor_sets, rules=rule_sets)
def test_a_nation_always_has_its_own(sensors, rules):
    table = delays_of(sensors, rules)
    for column, (nation, own) in enumerate(sensors):
        assert table[NATIONS.index(nation), column] == own
        assert np.all(table[:, column] >= own)


@given(sensors=sensor_sets, rules=rule_sets, luck=st.randoms())
def test_order_means_nothing(sensors, rules, luck):
    table = delays_of(sensors, rules)
    nodes = list(range(len(NATIONS)))
    columns = list(range(len(sensors)))
    shuffled = list(rules)
    for order in (nodes, columns, shuffled):
        luck.shuffle(order)
    again = delays_of([sensors[k] for k in columns], shuffled, [NATIONS[k] for k in nodes])
    assert np.array_equal(again, table[nodes][:, columns])


def test_two_rules_for_one_pair_are_refused_with_both_nations_named():
    with pytest.raises(SharingError, match="two sharing rules from JP to US") as caught:
        delay_table(
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
        delay_table(["US"], sensor_nation=["US"], sensor_delay_s=[delay])
    with pytest.raises(SharingError, match="0 s or more"):
        delay_table(
            ["US"],
            sensor_nation=["JP"],
            sensor_delay_s=[1.0],
            sharing=[rule("JP", "US", delay_s=delay)],
        )


def test_a_nation_cannot_agree_with_itself():
    with pytest.raises(SharingError, match="from US to US"):
        delay_table(["US"], sensor_nation=[], sensor_delay_s=[], sharing=[rule("US", "US")])
    with pytest.raises(ValidationError, match="from US to US"):
        SharingSpec.model_validate({"from": "US", "to": "US", "what": "nothing"})


def test_sharing_spec_reads_the_scenario_words():
    spec = SharingSpec.model_validate({"from": "JP", "to": "US", "what": "tracks", "delay": "2 s"})
    assert spec.realise(middle) == rule("JP", "US")
    passed = SharingSpec.model_validate(
        {"from": "JP", "to": "US", "what": "raw", "delay": "2 s", "via": ["AU", "UK"]}
    )
    assert passed.realise(middle) == dataclasses.replace(rule("JP", "US", "raw"), via=("AU", "UK"))
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
        ({"what": "raw", "delay": None}, "raw from JP to US without a delay"),
        ({"via": "UK"}, "via"),
        ({"viA": ["UK"]}, "viA"),
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


HOLDING = Holding(confirm_hits=2)


def picture_of(looks, nations, rules, *, nodes=("US", "JP"), delays=None):
    return picture(
        nodes,
        looks,
        sensor_nation=nations,
        sensor_delay_s=delays or [1.0] * len(nations),
        sharing=rules,
        holding=HOLDING,
    )


def test_the_picture_adds_the_delay_to_every_look():
    looks = looks_of([(0, 10.0, 0), (0, 12.0, 1), (0, 14.0, 0)], ranging=[True, True])
    got = picture_of(looks, ["US", "JP"], [rule("JP", "US", delay_s=2.0)], delays=[1.0, 0.5])
    assert got.arrival_t_s.tolist() == [[11.0, 14.5, 15.0], [math.inf, 12.5, math.inf]]
    assert got.p_delivered.tolist() == [[1.0] * 3] * 2
    routes = got.routes
    assert routes.path[0] == (("s0", "US"), ("s1", "JP", "US"))
    assert routes.path[1] == ((), ("s1", "JP"))
    assert routes.cut[1][0] == "not shared with this node"
    assert routes.delay_median_s[0].tolist() == [1.0, 2.5]
    assert routes.arrived.tolist() == [[2, 1], [0, 1]]
    assert routes.islands() == []


def test_angles_shared_as_tracks_wait_until_the_giver_holds_a_track_and_raw_ones_do_not():
    """Two satellites; the second is sure of the object with its second look at 24 s."""
    rows = [(0, 10.0, 0), (0, 12.0, 0), (0, 20.0, 1), (0, 24.0, 1), (0, 30.0, 0)]
    looks = looks_of(rows, ranging=[False, False])
    own = picture_of(looks, ["US", "US"], [])
    assert own.arrival_t_s[0].tolist() == [11.0, 13.0, 21.0, 25.0, 31.0]
    raw = picture_of(looks, ["US", "US"], [rule("US", "JP", "raw", 3.0)])
    assert raw.arrival_t_s[1].tolist() == [14.0, 16.0, 24.0, 28.0, 34.0]
    tracks = picture_of(looks, ["US", "US"], [rule("US", "JP", "tracks", 3.0)])
    assert tracks.arrival_t_s[1].tolist() == [28.0, 28.0, 28.0, 28.0, 34.0]


def test_one_eye_of_the_giver_completes_a_pair_only_when_its_sightings_are_shared_raw():
    looks = looks_of([(0, 10.0, 0), (0, 12.0, 0), (0, 10.0, 1)], ranging=[False, False])
    raw = picture_of(looks, ["US", "JP"], [rule("US", "JP", "raw", 1.0)])
    assert np.isfinite(raw.arrival_t_s[1]).all()
    tracks = picture_of(looks, ["US", "JP"], [rule("US", "JP", "tracks", 1.0)])
    assert np.isfinite(tracks.arrival_t_s[1]).tolist() == [False, True, False]
    assert tracks.routes.cut[1][0] == "the giver never could hold a track by itself"


def test_a_radar_of_the_giver_makes_the_track_that_takes_its_angles_along():
    rows = [(0, 10.0, 0), (0, 15.0, 1), (0, 16.0, 1)]
    got = picture_of(
        looks_of(rows, ranging=[False, True]), ["US", "US"], [rule("US", "JP", "tracks", 1.0)]
    )
    assert got.arrival_t_s[1].tolist() == [18.0, 17.0, 18.0]  # the radar itself never waits


def test_unlikely_looks_and_other_objects_begin_no_track():
    rows = [(0, 10.0, 0), (0, 11.0, 1), (1, 12.0, 0), (1, 13.0, 1)]
    looks = looks_of(rows, ranging=[False, False], objects=2)
    own = np.array([True, True])
    assert np.isinf(HOLDING.first_track_t_s(looks, looks.t_s, own)).all()
    once = Holding(confirm_hits=1)
    assert once.first_track_t_s(looks, looks.t_s, own).tolist() == [11.0, 13.0]
    rare = looks_of(rows, ranging=[False, False], objects=2, p_detect=0.4)
    assert np.isinf(once.first_track_t_s(rare, rare.t_s, own)).all()


def test_islands_are_named():
    looks = looks_of([(0, 10.0, 0), (0, 11.0, 1)], ranging=[True, True])
    got = picture_of(looks, ["US", "UK"], [])
    assert got.routes.islands() == [
        "JP receives nothing from any sensor",
        "s1 reaches no deciding node",
    ]
    plain = got.routes.to_dict()
    assert len(plain["routes"]) == 4
    assert plain["routes"][1]["delay_median_s"] is None
