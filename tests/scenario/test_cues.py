"""Who cues whom: by nation, sector and agreement, with and without a drawn network."""

import math

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.scenario.loading import load_text
from opendome.sensing.cues import Cues
from opendome.sensing.kernels.sheet import new_sheet

HEAD = """\
scenario: cued
title: A radar that hardly searches, and satellites of an ally
epoch: 2029-01-20T12:00:00Z
defended: [{area: conus}]
raid:
  - class: icbm-solid
    count: 3
    from: {area: north-east-asia}
    to: {area: conus}
    reliability: 1
trials: 4
futures: 2
assets:
  - use: lrdr
    nation: US
    search: {frame: 1000 s, share: 0.2, fence: 5 deg, cue_delay: 10 s}
    look_budget: 100000 1/s
  - {use: gbi, nation: US}
  - use: sda-tracking-t1
    name: eyes
    nation: JP
    constellation: {satellites: 112, planes: 8}
    tracks_cold_bodies: true
  - {use: sbirs-geo, nation: KR, name: watch}
  - {use: spy1d, name: ship, nation: JP, latitude: 40 deg, longitude: 135 deg}
"""
NETWORK = """\
network:
  nodes:
    - {name: tokyo, kind: command, nation: JP, latitude: 35.7 deg, longitude: 139.7 deg}
    - {name: seoul, kind: command, nation: KR, latitude: 37.6 deg, longitude: 127 deg}
    - name: hq
      kind: command
      nation: US
      latitude: 38.8 deg
      longitude: -104.5 deg
      handling_delay: 0 s
  links:
    - {name: cable, kind: line, between: [tokyo, hq], delay: 20 s}
    - {name: other, kind: line, between: [seoul, hq], delay: 1 s}
"""


def shared(*rules, network=""):
    listed = "".join(f"  - {{from: {a}, to: {b}, {rest}}}\n" for a, b, rest in rules)
    return load_text(HEAD + ("sharing:\n" + listed if listed else "") + network, "cued.yaml")


def pools(scenario, future=0):
    """Assets and delays of each pool of the radar that takes cues."""
    (search,) = (r.search for r in scenario.realise(future).suite.radars if r.search)
    return [(pool.assets, pool.delay_s) for pool in search.cue_pools]


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ([], []),
        ([("JP", "US", "what: nothing")], []),
        ([("US", "JP", "what: cue, delay: 2 s")], []),
        ([("JP", "US", "what: cue")], [((2,), (0.0,))]),
        ([("JP", "US", "what: cue, delay: 5 s")], [((2,), (5.0,))]),
        ([("JP", "US", "what: tracks, delay: 5 s")], [((2,), (5.0,))]),
        (
            [("JP", "US", "what: raw, delay: 5 s"), ("KR", "US", "what: raw, delay: 6 s")],
            [((2, 3), (5.0, 6.0))],
        ),
        (
            [("JP", "US", "what: cue, delay: 5 s"), ("KR", "JP", "what: raw, delay: 6 s")],
            [((2,), (5.0,))],  # JP does not pass on what KR gives to it
        ),
    ],
)
def test_what_is_shared_cues_the_radars_of_the_taker(rules, wanted):
    assert pools(shared(*rules)) == wanted


def test_one_s_own_satellites_are_counted_together():
    own = HEAD.replace("nation: KR", "nation: US")
    assert pools(load_text(own)) == [((3,), (0.0,))]
    deaf = own.replace(", cue_delay: 10 s", "")
    assert pools(load_text(deaf)) == []


def test_any_counts_radars_too():
    asked = HEAD.replace("cue_delay: 10 s", "cue_delay: 10 s, cued_by: any")
    rule = "sharing:\n  - {from: JP, to: US, what: cue, delay: 5 s}\n"
    assert pools(load_text(asked + rule)) == [((2, 4), (5.0, 5.0))]
    mate = asked.replace("name: ship, nation: JP", "name: ship, nation: US")
    assert pools(load_text(mate)) == [((4,), (0.0,))]
    again = load_text(load_text(asked).resolved_yaml())
    assert again.digest == load_text(asked).digest != load_text(HEAD).digest


def first_looks(scenario, future=0):
    """First look of the radar that takes cues, for each object [s]."""
    looks = lay_out(scenario, future).looks
    mine = looks.sensor == looks.sensor_names.index("lrdr")
    owner = np.repeat(np.arange(looks.start.size - 1), np.diff(looks.start))
    return np.array(
        [looks.t_s[mine & (owner == k)].min(initial=math.inf) for k in range(looks.start.size - 1)]
    )


def test_a_cue_lets_a_radar_see_what_its_search_missed_and_is_late_by_its_delay():
    none = first_looks(shared())
    cue, late, raw = (
        first_looks(shared(("JP", "US", f"what: {what}")))
        for what in ("cue, delay: 2 s", "cue, delay: 600 s", "raw, delay: 2 s")
    )
    rounding_s = 1e-4
    assert np.isinf(none).any()
    assert np.isfinite(cue).all()
    assert np.all(raw <= cue + rounding_s)
    assert np.all(cue <= late + rounding_s)
    assert np.all(late <= none + rounding_s)
    assert np.any(cue < late - 50.0)


def told(scenario):
    """When the radar is told of each object, apart from the mask [s]: by the looks laid out."""

    geometry = lay_out(scenario, 0)
    looks = geometry.looks
    sheet = new_sheet(looks.t_s.size)
    sheet.sensor[:], sheet.t_s[:], sheet.p_detect[:] = looks.sensor, looks.t_s, looks.p_detect
    sheet.obj[:] = np.repeat(np.arange(looks.start.size - 1), np.diff(looks.start))
    (search,) = (r.search for r in geometry.realisation.suite.radars if r.search)
    cues = Cues(sheets=[sheet], sensor_asset=looks.sensor_asset)
    return cues.times(search.cue_pools, looks.start.size - 1)


def test_a_drawn_network_adds_its_way_and_a_cut_brings_nothing():
    rule = ("JP", "US", "what: cue, delay: 2 s")
    plain, drawn = told(shared(rule)), told(shared(rule, network=NETWORK))
    assert np.isfinite(plain).all()
    assert drawn - plain == pytest.approx(np.full(3, 20.0), abs=1e-6)  # the cable
    cut = NETWORK + "  outages:\n    - {of: cable, from: 0 s, to: 24 h}\n"
    assert np.isinf(told(shared(rule, network=cut))).all()


def test_a_cue_that_changes_nothing_is_named():
    rule = ("JP", "US", "what: cue, delay: 2 s")
    assert shared(rule).consequences == []
    deaf = HEAD.replace(", cue_delay: 10 s", "")
    text = deaf + "sharing:\n  - {from: JP, to: US, what: cue, delay: 2 s}\n"
    assert load_text(text).consequences == [
        "cue from JP to US changes nothing: no radar of US has search.cue_delay"
    ]
    apart = NETWORK.replace("between: [tokyo, hq]", "between: [tokyo, seoul]")
    lost = [c for c in shared(rule, network=apart).consequences if c.startswith("cue")]
    assert lost == ["cue from JP to US is carried by no links"]
