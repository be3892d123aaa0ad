"""The network of a scenario: forms, problems, what it resolves to, and what a cut does."""

from collections import Counter

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.network.graph import Grid
from opendome.network.knowledge import knowledge
from opendome.scenario import anatomy
from opendome.scenario.loading import compile_document, load_text
from opendome.scenario.network_spec import LineSpec, NetworkSpec, NodeSpec
from opendome.scenario.overrides import read_settings
from opendome.scenario.problems import ScenarioError
from opendome.scenario.reader import parse
from opendome.scenario.schema import json_schema
from opendome.sources.catalogue import load_sources

from .documents import BASE, complete

NET = """\
scenario: relay-line
title: Warning satellites, relays, one station, one command
epoch: 2029-01-20T12:00:00Z
defended:
  - {circle: {at: [47.6 deg, -122.3 deg], radius: 100 km}}
assets:
  - use: sda-tracking-t1
    name: watch
    nation: US
    constellation: {satellites: 112, planes: 8}
    tracks_cold_bodies: true
  - {use: gbi, nation: US, layer: upper, sites: {fort-greely: 10}, p_kill: 1}
network:
  nodes:
    - {name: transport, kind: relay, nation: US, use: sda-transport}
    - {name: alaska, kind: ground-station, nation: US, latitude: 64.8 deg, longitude: -147.6 deg}
    - {name: hq, kind: command, nation: US, latitude: 38.8 deg, longitude: -104.5 deg}
  links:
    - {kind: optical, between: [watch, transport]}
    - {name: mesh, kind: optical, between: [transport, transport]}
    - {kind: radio, between: [transport, alaska]}
    - {name: cable, kind: line, between: [alaska, hq], delay: 50 ms}
raid:
  - class: icbm-solid
    count: 2
    from: {at: [40 deg, 127 deg]}
    to: {at: [47.6 deg, -122.3 deg]}
    reliability: 1
command: {doctrine: {upper: {salvo: 2, looks: 2}}}
trials: 20
futures: 2
"""


def changed(**settings):
    """The scenario with values set as on the command line; . in a path is written __."""
    lines = [f"{path.replace('__', '.')}={value}" for path, value in settings.items()]
    return compile_document(parse(NET, "net"), changes=read_settings(lines))


def problems(text):
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    complete(caught.value)
    return [f"{problem.path}: {problem.got}; {problem.do}" for problem in caught.value.problems]


def swap(old, new):
    assert NET.count(old) == 1, old
    return NET.replace(old, new)


@pytest.fixture(scope="module")
def drawn():
    return load_text(NET)


def test_a_scenario_without_a_network_is_what_it_was():
    plain = load_text(BASE)
    assert plain.network is None
    assert "network" not in plain.tree
    assert plain.realise(0).network is None
    assert plain.consequences == []


def test_every_value_has_its_place_and_passport(drawn):
    found = {entry.path: entry for entry in drawn.inputs() if entry.path.startswith("network.")}
    assert found["network.step"].value.middle == 20.0
    assert found["network.links.3.delay"].value.middle == 0.05
    assert found["network.links.3.delay"].passport.sources == ("scenario-author",)
    assert found["network.links.0.range_max"].passport.basis == "read"
    altitude = found["network.nodes.transport.constellation.altitude"]
    assert altitude.passport.basis == "unverified"
    assert {s for e in found.values() for s in e.passport.sources} <= set(load_sources())
    sampled = drawn.realise(1).sampled
    assert drawn.sampled(1) == sampled
    assert "network.nodes.hq.handling_delay" in sampled


def test_the_resolved_scenario_reads_back_to_the_same(drawn):
    again = load_text(drawn.resolved_yaml())
    assert again.tree == drawn.tree
    assert again.digest == drawn.digest
    assert [e.passport for e in again.inputs()] == [e.passport for e in drawn.inputs()]
    assert load_text(swap("delay: 50 ms", "delay: 51 ms")).digest != drawn.digest


def test_the_schema_knows_what_the_forms_know():
    schema = json_schema()["properties"]["network"]
    assert {*anatomy.fields(NetworkSpec), "nodes", "links", "outages"} == set(schema["properties"])
    node = schema["properties"]["nodes"]["items"]
    assert set(node["properties"]) == set(anatomy.fields(NodeSpec))
    assert node["required"] == ["name", "kind", "nation"]
    link = schema["properties"]["links"]["items"]
    assert set(link["properties"]) == set(anatomy.fields(LineSpec))
    assert link["required"] == ["kind", "between"]


def test_set_reaches_into_the_network():
    scenario = changed(
        network__nodes__alaska__mask_elevation="3 deg",
        network__links__cable__delay="70 ms",
        network__nodes__transport__constellation__inclination="87 deg",
    )
    network = scenario.realise(0).network
    assert network is not None
    alaska = next(group for group in network.groups if group.name == "alaska")
    assert np.degrees(alaska.mask_rad) == pytest.approx(3.0)
    assert network.lines[3].delay_s == pytest.approx(0.07)
    relays = next(group for group in network.groups if group.name == "transport")
    assert relays.elements is not None
    assert np.degrees(relays.elements.inclination_rad) == pytest.approx(87.0)
    assert len(relays.names) == 126


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "between: [transport, alaska]",
            "between: [transport, alasca]",
            ["network.links.2.between.1: the unknown node 'alasca'; did you mean 'alaska'?"],
        ),
        (
            "between: [watch, transport]",
            "between: [gbi, transport]",
            ["network.links.0.between.0: 'gbi', which is no sensor; name one of them"],
        ),
        (
            "kind: line, between: [alaska, hq]",
            "kind: line, between: [transport, hq]",
            [
                "network.links.3.between.0: a line to 'transport', which is in orbit; "
                "use optical or radio"
            ],
        ),
        (
            "use: sda-transport",
            "use: sda-transprot",
            [
                "network.nodes.0: a relay with no orbit; add one, or \"use: sda-transport\"",
                "network.nodes.0.use: the system 'sda-transprot'; did you mean 'sda-transport'?",
            ],
        ),
        (
            "kind: relay",
            "kind: rely",
            ["network.nodes.0.kind: 'rely'; did you mean 'relay'?"],
        ),
        (
            "latitude: 64.8 deg, ",
            "latitud: 64.8 deg, ",
            ["network.nodes.1.latitud: the unknown key 'latitud'; did you mean 'latitude'?"],
        ),
        (
            "    - {kind: radio, between: [transport, alaska]}\n",
            "",
            [
                "network: US, which decides, cut off from every sensor; "
                "add links, nodes or releases: no chain of links leads there"
            ],
        ),
        (
            "kind: command, nation: US",
            "kind: command, nation: JP",
            ["network: no command node of US, which decides; add one with nation: US"],
        ),
        (
            "name: alaska, kind",
            "name: watch, kind",
            [
                "network.links.2.between.1: the unknown node 'alaska'; name a node or a sensor",
                "network.links.3.between.0: the unknown node 'alaska'; name a node or a sensor",
                "network.nodes.1.name: a second node or asset named 'watch'; rename one of them",
            ],
        ),
        (
            "name: cable, kind",
            "name: mesh, kind",
            [
                "network.links.3: a second link, node or asset named 'mesh'; "
                'add "name: ..." to one of them'
            ],
        ),
        (
            "raid:\n",
            "  outages:\n    - {of: alaska, from: 10 s, to: 5 s}\n    - {of: alska, availability: "
            "0.9}\n    - {of: hq}\nraid:\n",
            [
                "network.outages.0: from 10 s to 5 s; swap or correct them",
                "network.outages.2: neither times nor availability; give one of the two forms",
            ],
        ),
        (
            "raid:\n",
            "  outages:\n    - {of: alska, availability: 0.9}\nraid:\n",
            ["network.outages.0.of: the unknown node or link 'alska'; did you mean 'alaska'?"],
        ),
        (
            "network:\n",
            "network:\n  releases: {US: [CA]}\n",
            [
                "network.releases.US.0: 'CA', a nation without nodes in the network; "
                "give it a node, or remove it"
            ],
        ),
        (
            "transport, kind: relay, nation: US, use: sda-transport",
            "transport, kind: relay, nation: US, use: sda-transport, constellation: "
            "{satellites: 6000}",
            [
                "network: a network of 6114 satellites, stations and sensors; "
                "use fewer relays or sensors"
            ],
        ),
        (
            "{kind: optical, between: [watch, transport]}",
            "{kind: optical, between: [watch, transport], mesh: grid}",
            [
                "network.links.0.between.0: a grid of 'watch', which is no relay with a "
                'constellation; use "mesh: all"',
                "network.links.0.mesh: a grid between watch and transport; name one constellation "
                'twice, or use "mesh: all"',
            ],
        ),
        ("network:\n", "network:\n  stepp: 3 s\n", None),
        ("constellation: {satellites: 112, planes: 8}", "elements: []", None),
    ],
)  # fmt: skip
def test_problems_are_named_with_their_place(old, new, wanted):
    found = problems(swap(old, new))
    if wanted is not None:
        assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("5", ["network: 5; write it in that form"]),
        ("", ["network: nothing; write it in that form"]),
        ("{nodes: 5}", ["network.nodes: 5; write it in that form"]),
        ("{nodes: [5]}", ["network.nodes.0: 5; write it in that form"]),
        (
            "{nodes: [{name: hq, latitude: 1 deg, longitude: 5 km}]}",
            [
                'network.nodes.0.kind: no "kind"; add "kind"',
                "network.nodes.0.longitude: '5 km', which is a length; give an angle",
                'network.nodes.0.nation: no "nation"; add "nation"',
            ],
        ),
        (
            "{links: [{p_loss: 2}]}",
            [
                'network.links.0.between: no "between"; add "between"',
                'network.links.0.kind: no "kind"; add "kind"',
                "network.links.0.p_loss: 2; give a value in that range",
            ],
        ),
    ],
)
def test_a_network_of_another_form(written, wanted):
    head, tail = NET[: NET.index("network:")], NET[NET.index("raid:") :]
    found = problems(f"{head}network: {written}\n{tail}")
    assert [line.partition(";")[0] for line in sorted(found)] == [
        line.partition(";")[0] for line in sorted(wanted)
    ]


ALLIES = NET.replace("  - {use: gbi,", "  - {use: spy1d, nation: JP}\n  - {use: gbi,").replace(
    "raid:\n", "sharing:\n  - {from: JP, to: US, what: WHAT, delay: 1 s}\nraid:\n"
)


def test_a_grid_joins_fewer_and_takes_longer(drawn):
    """Each satellite of a star has two in its plane and one on each side, but for the seam."""
    grid = load_text(swap("name: mesh, kind: optical", "name: mesh, mesh: grid, kind: optical"))
    network = grid.realise(0).network
    assert network is not None
    assert network.lines[1].grid == Grid(planes=6, slots=21, shift=None)
    every, few = lay_out(drawn, 0).picture, lay_out(grid, 0).picture
    assert (few.arrival_t_s >= every.arrival_t_s - 1e-9).all()
    assert load_text(grid.resolved_yaml()).digest == grid.digest != drawn.digest


def test_sharing_that_no_link_carries_is_refused_and_a_giver_of_tracks_needs_a_command():
    found = problems(ALLIES.replace("WHAT", "tracks"))
    assert found == [
        "sharing.0: tracks from JP, which has no command node in the network; "
        "add one, or share raw measurements"
    ]
    assert problems(ALLIES.replace("WHAT", "raw")) == [
        "sharing.0: raw from JP to US that no links carry; add links, or nations to `via`, "
        "or remove the rule"
    ]
    linked = ALLIES.replace("WHAT", "raw").replace(
        "    - {name: cable", "    - {kind: line, between: [spy1d, hq]}\n    - {name: cable"
    )
    scenario = load_text(linked)
    assert scenario.consequences == []


def test_what_follows_is_said(drawn):
    assert drawn.consequences == []
    sensor = NET.replace("  - {use: gbi,", "  - {use: lrdr, nation: US}\n  - {use: gbi,")
    assert load_text(sensor).consequences == [
        "lrdr is named by no link: it keeps its downlink_delay to the command of US"
    ]
    lonely = NET.replace(
        "  links:\n",
        "    - {name: far, kind: ground-station, nation: US, latitude: 1 deg, longitude: 1 deg}\n"
        "  links:\n",
    )
    assert load_text(lonely).consequences == ["far is an island: no link names it"]
    pair = lonely.replace(
        "  links:\n",
        "    - {name: farther, kind: ground-station, nation: US, latitude: 2 deg,\n"
        "       longitude: 1 deg}\n"
        "  links:\n    - {kind: line, between: [far, farther]}\n",
    )
    assert load_text(pair).consequences == [
        f"{name} is an island: no chain of links leads to any command"
        for name in ("far", "farther")
    ]
    island = ALLIES.replace("what: WHAT, delay: 1 s", "what: nothing")
    assert "spy1d is an island: no chain of links leads to any command" in (
        load_text(island).consequences
    )


def test_a_sensor_without_links_keeps_its_own_line():
    text = NET.replace("  - {use: gbi,", "  - {use: lrdr, nation: US}\n  - {use: gbi,")
    geometry = lay_out(load_text(text), 0)
    routes = geometry.picture.routes
    lrdr = routes.sensor_names.index("lrdr")
    assert routes.path[0][lrdr] == ("lrdr", "hq")
    real = geometry.realisation
    handling_s = next(g.delay_s for g in real.network.groups if g.name == "hq")
    wanted = real.asset_delay_s[1] + handling_s
    assert routes.delay_median_s[0, lrdr] == pytest.approx(wanted)


def fates(scenario, trials=10):
    """Fates of both futures, median delay of each, and the geometry of the last."""
    counts: Counter[str] = Counter()
    delays = []
    for future in range(2):
        geometry = lay_out(scenario, future)
        ledger = play(
            geometry.board, geometry.rules, seed=scenario.seed, first_trial=0, trials=trials
        )
        counts += Counter(Fate(fate).name for fate in ledger.objects["fate"])
        routes = geometry.picture.routes
        there = np.isfinite(routes.delay_median_s)
        delays.append(np.median(routes.delay_median_s[there]) if there.any() else np.inf)
    return counts, np.array(delays), geometry


def test_a_cut_degrades_the_result_as_the_fates_explain(drawn):
    """A lost station turns kills into "not shared in time"; lost relays only take longer."""
    whole, delay_s, geometry = fates(drawn)
    assert whole["KILLED"] > 0
    assert whole["NOT_SHARED"] == 0
    assert geometry.picture.routes.islands() == []
    cut, _, geometry = fates(changed(network__outages="[{of: alaska, from: 0 s, to: 1 day}]"))
    assert cut == Counter(NOT_SHARED=sum(whole.values()))
    assert "US receives nothing from any sensor" in geometry.picture.routes.islands()
    assert {word for row in geometry.picture.routes.cut for word in row} == {
        "", "cut after transport, watch: no contact from there to hq",
    }  # fmt: skip
    assert knowledge(geometry.looks, geometry.picture).arrived.sum() == 0
    fewer, slower_s, _ = fates(changed(network__outages="[{of: transport, availability: 0.4}]"))
    assert fewer == whole
    assert (slower_s >= delay_s - 1e-9).all()
    assert (slower_s > delay_s).any()
    assert (slower_s < delay_s + 1.0).all()


def test_a_line_that_loses_everything_is_a_cut(drawn):
    lost, _, geometry = fates(changed(network__links__cable__p_loss="1"))
    assert lost == Counter(NOT_SHARED=sum(lost.values()))
    assert geometry.picture.routes.islands() == []  # messages are sent, and none comes through
    assert (geometry.picture.p_delivered == 0.0).all()
    half, _, _ = fates(changed(network__links__cable__p_loss="0.5"))
    assert half["NOT_SHARED"] < sum(half.values())
