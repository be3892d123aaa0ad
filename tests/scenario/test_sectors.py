"""Sectors that fight alone where a national command is cut off."""

import math

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.results.run import run
from opendome.results.stored import read_result
from opendome.scenario.loading import load_text
from opendome.scenario.problems import ScenarioError

from .documents import BASE, complete
from .test_network import NET

SHARING = "  - {from: JP, to: US, what: tracks, delay: 2 s}\n"
SECTORS = "sectors: {north: [fort-greely, lrdr], south: [gbi.vandenberg]}"


def divided(cut_off="1", sharing=SHARING, futures=4, sectors=SECTORS):
    text = BASE.replace("{cycle: 5 s", f"{{{sectors}, cut_off: {cut_off}, cycle: 5 s")
    text = text.replace("futures: 4", f"futures: {futures}").replace("trials: 20", "trials: 400")
    assert SHARING in text
    return text.replace(SHARING, sharing)


def asset_nodes(real):
    """Node of every shooter by the name of its asset and site."""
    names = [name for entry in real.shooters.entries for name in entry.names]
    assert len(names) == real.shooter_node.size
    return dict(zip(names, real.shooter_node.tolist(), strict=True))


def test_nodes_are_nations_and_then_sectors_in_every_future():
    scenario = load_text(divided("0.5", futures=20))
    real = [scenario.realise(future) for future in range(20)]
    assert {r.nodes for r in real} == {("US", "north", "south")}
    assert {r.cut_off for r in real} == {(), ("US",)}


def test_the_chance_of_a_cut_is_that_given():
    """A binomial count; the bound is five standard deviations."""
    scenario = load_text(divided("0.3", futures=400))
    cut = sum(bool(scenario.realise(future).cut_off) for future in range(400))
    assert abs(cut - 120) < 5.0 * math.sqrt(400 * 0.3 * 0.7)
    never, always = load_text(divided("0")), load_text(divided("1"))
    assert never.realise(0).nodes == ("US",)
    assert not never.realise(0).cut_off
    assert always.realise(0).cut_off == ("US",)


def test_each_site_has_the_commander_of_its_sector():
    nodes = asset_nodes(load_text(divided()).realise(0))
    assert nodes["gbi fort-greely"] == 1
    assert nodes["gbi vandenberg"] == 2
    assert nodes["sbi 1"] == -1  # in no sector: out of action
    whole = asset_nodes(load_text(divided("0.0001")).realise(0))
    assert set(whole.values()) == {0}


def test_a_sector_has_only_its_own_sensors(looks_of):
    real = load_text(divided()).realise(0)
    picture = real.picture(
        looks_of([(0, 0.0, 0), (0, 0.0, 1)], ranging=[True, True], assets=[0, 2])
    )
    assert picture.node_names == ("US", "north", "south")
    lrdr_at, spy_at = picture.arrival_t_s.T.tolist()
    assert lrdr_at == [math.inf, pytest.approx(real.asset_delay_s[0]), math.inf]
    assert spy_at == [math.inf, math.inf, math.inf]  # the agreement is with the nation


def test_what_is_shared_with_a_sector_by_rule_reaches_it(looks_of):
    rules = "".join(
        f"  - {{from: {giver}, to: {taker}, what: {what}, delay: {delay} s}}\n"
        for giver, taker, what, delay in [
            ("JP", "US", "tracks", 2),
            ("JP", "south", "raw", 3),
            ("north", "south", "raw", 5),
            ("north", "south", "engagements", 7),
        ]
    )
    scenario = load_text(divided("0.5", rules, futures=20))
    real = [scenario.realise(future) for future in range(20)]
    cut = next(r for r in real if r.cut_off)
    whole = next(r for r in real if not r.cut_off)
    looks = looks_of([(0, 0.0, 0), (0, 0.0, 1)], ranging=[True, True], assets=[0, 2])
    own, other = cut.asset_delay_s[0], cut.asset_delay_s[2]
    assert cut.picture(looks).arrival_t_s == pytest.approx(
        np.array([[math.inf] * 2, [own, math.inf], [own + 5.0, other + 3.0]])
    )
    own, other = whole.asset_delay_s[0], whole.asset_delay_s[2]
    assert whole.picture(looks).arrival_t_s == pytest.approx(
        np.array([[own, other + 2.0], [math.inf] * 2, [math.inf] * 2])
    )
    assert cut.coordination_s[1, 2] == 7.0
    assert cut.coordination_s[2, 1] == math.inf
    assert whole.coordination_s[1, 2] == math.inf


def test_nations_tell_each_other_what_they_fire_at_only_by_rule():
    allied = BASE.replace("{use: gbi, nation: US}", "{use: gbi, nation: JP}")
    told = allied.replace(
        SHARING, SHARING + "  - {from: JP, to: US, what: engagements, delay: 4..6 s}\n"
    )
    real = load_text(told).realise(0)
    assert real.nodes == ("JP", "US")
    assert real.coordination_s.tolist() == [[0.0, real.sampled["sharing.1.delay"]], [math.inf, 0.0]]
    assert 4.0 <= real.coordination_s[0, 1] <= 6.0
    assert load_text(allied).realise(0).coordination_s.tolist() == [
        [0.0, math.inf],
        [math.inf, 0.0],
    ]


def cues(sectors, cut_off):
    """Assets that tell the radar where to look."""
    text = divided(cut_off, sectors=sectors).replace(
        "  - {use: lrdr, nation: US}\n",
        "  - {use: lrdr, nation: US, search: {frame: 10 s, share: 0.5, cue_delay: 10 s}}\n"
        "  - {use: sbirs-geo, nation: US, name: eyes}\n",
    )
    (search,) = {radar.search for radar in load_text(text).realise(0).suite.radars if radar.search}
    return tuple(asset for pool in search.cue_pools for asset in pool.assets)


def test_only_satellites_of_the_sector_tell_its_radars_where_to_look():
    apart = "sectors: {north: [fort-greely, lrdr], south: [vandenberg, eyes]}"
    together = "sectors: {north: [fort-greely, lrdr, eyes], south: [vandenberg]}"
    idle = "sectors: {north: [fort-greely]}"
    assert cues(apart, "0") == cues(together, "1") == (1,)
    assert cues(apart, "1") == cues(idle, "1") == ()


def test_another_cut_leaves_all_other_luck_as_it_was():
    with_sectors, without = load_text(divided("0.5")), load_text(BASE)
    assert with_sectors.realise(2).sampled == without.realise(2).sampled
    uncertain = load_text(divided("0.2..0.6"))
    assert uncertain.realise(2).sampled == uncertain.sampled(2)
    assert "command.cut_off" in uncertain.sampled(2)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("sectors: {north: [gbi]}", "command.sectors never fight alone: cut_off is 0 or left out"),
        ("sectors: {north: [gbi]}, cut_off: 1", "north has no sensor, and nobody shares with it"),
        (f"{SECTORS}, cut_off: 1", "out of action where US is cut off: sbi"),
        (
            "sectors: {north: [fort-greely, lrdr, sbi]}, cut_off: 1",
            "out of action where US is cut off: gbi.vandenberg",
        ),
        ("people: {warning: 20 h}", "people take longer than any object flies"),
        ("assessment_delay: 1 h", "gbi never has a second look"),
    ],
)
def test_consequences_are_said(command, sentence):
    scenario = load_text(BASE.replace("{cycle: 5 s", f"{{{command}, cycle: 5 s"))
    assert any(said.startswith(sentence) for said in scenario.consequences), scenario.consequences


@pytest.mark.parametrize(
    ("doctrine", "sentences"),
    [
        (
            "gbi: {salvo: 16}",
            ["gbi may hold 10 rounds, below its salvo of 16: it fires what it has"],
        ),
        ("gbi: {reserve: 10}", ["gbi may be all reserve: it fires only where no other layer can"]),
        (
            "gbi: {engage: hold}, sbi: {engage: hold}",
            [
                "gbi holds its fire: it never engages",
                "sbi holds its fire: it never engages",
                "every layer holds its fire: no object is ever engaged",
            ],
        ),
    ],
)
def test_consequences_of_doctrine(doctrine, sentences):
    text = BASE.replace("gbi: shoot-look-shoot, sbi: {salvo: 2}", doctrine)
    text = text.replace("use: gbi, nation: US", "use: gbi, nation: US, sites: {fort-greely: 10}")
    assert load_text(text).consequences == sentences


def test_a_reserve_without_another_layer_keeps_nothing():
    text = BASE.replace("  - {use: sbi-cbo-2026, nation: US, name: sbi}\n", "")
    text = text.replace("gbi: shoot-look-shoot, sbi: {salvo: 2}", "gbi: {reserve: 4}")
    assert load_text(text).consequences == [
        "the reserve of gbi keeps nothing: no other layer could take an object"
    ]


def test_a_reserve_of_everything_keeps_nothing_alone():
    text = BASE.replace("  - {use: sbi-cbo-2026, nation: US, name: sbi}\n", "")
    text = text.replace("gbi: shoot-look-shoot, sbi: {salvo: 2}", "gbi: {reserve: 10}")
    text = text.replace("use: gbi, nation: US", "use: gbi, nation: US, sites: {fort-greely: 10}")
    assert load_text(text).consequences == [
        "the reserve of gbi keeps nothing: no other layer could take an object"
    ]


@pytest.mark.parametrize(
    ("price", "areas", "said"),
    [
        ("2", "", True),
        ("0.9", "", False),
        ("0.1", "", False),
        ("0.1..2", "", False),
        ("2", "value: 9, ", False),
    ],
)
def test_a_round_dearer_than_any_object_is_said(price, areas, said):
    text = BASE.replace("use: gbi, nation: US", f"use: gbi, nation: US, price: {price}")
    text = text.replace("{area: conus", f"{{{areas}area: conus", 1)
    sentences = load_text(text).consequences
    assert [sentence.startswith("gbi never fires") for sentence in sentences] == [True] * said


def test_problems_of_the_command_come_at_once():
    text = divided(sectors="sectors: {north: [gbx, lrdr], south: [vandenburg]}")
    text = text.replace("gbi: shoot-look-shoot", "gbi: {reserve: 99}")
    text = text.replace("sbi: {salvo: 2}", "sbx: {salvo: 2}")
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    complete(caught.value)
    assert sorted(problem.path for problem in caught.value.problems) == [
        "command.doctrine.gbi.reserve",
        "command.doctrine.sbx",
        "command.sectors.north.0",
        "command.sectors.south.0",
    ]


# --- on a drawn network -----------------------------------------------------------

NORTH = "command: {sectors: {north: [gbi, watch]}, cut_off: 1, "
SEAT = (
    "    - {name: shelter, kind: command, sector: north, nation: US, latitude: 63.9 deg, "
    "longitude: -145.7 deg}\n"
)


def drawn(seat=SEAT, links="    - {name: spare, kind: line, between: [alaska, shelter]}\n"):
    text = NET.replace("command: {", NORTH).replace("  links:\n", f"{seat}  links:\n{links}")
    return load_text(text)


def test_a_sector_needs_a_place_on_the_network():
    with pytest.raises(ScenarioError, match="no command node of the sector 'north'"):
        drawn(seat="", links="")


def test_a_seat_belongs_to_a_sector_that_is_there():
    with pytest.raises(ScenarioError, match="did you mean 'north'"):
        drawn(seat=SEAT.replace("sector: north", "sector: nort"))
    with pytest.raises(ScenarioError, match="the sector 'north' of a ground-station"):
        drawn(seat=SEAT.replace("kind: command", "kind: ground-station"))
    with pytest.raises(ScenarioError, match="on a node of another nation"):
        drawn(seat=SEAT.replace("nation: US", "nation: JP"))


def test_messages_go_to_the_seat_of_the_sector_and_not_through_the_command_cut_off():
    picture = lay_out(drawn(), 0).picture
    assert picture.node_names == ("US", "north")
    arrived = np.isfinite(picture.arrival_t_s).any(axis=1)
    assert arrived.tolist() == [False, True]
    through_hq = "    - {name: spare, kind: line, between: [hq, shelter]}\n"
    picture = lay_out(drawn(links=through_hq), 0).picture
    assert not np.isfinite(picture.arrival_t_s).any()


def test_a_run_says_who_commanded(tmp_path):
    text = divided("0.5", futures=6).replace("trials: 400", "trials: 6")
    text = text.replace("{sectors", "{people: {release: {median: 30 s, p90: 90 s}}, sectors")
    scenario = load_text(text)
    cut = sum(bool(scenario.realise(future).cut_off) for future in range(6))
    assert 0 < cut < 6
    document = run(scenario, workers=1, out=tmp_path / "run").to_dict()["command"]
    assert document == {
        "nodes": ["US", "north", "south"],
        "sectors": {"north": "US", "south": "US"},
        "cut_off": {"US": cut},
        "people": {"release": {"median": "30 s", "p90": "90 s"}},
    }
    assert read_result(tmp_path / "run").to_dict()["command"] == document
