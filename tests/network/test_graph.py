"""A network as a graph in time: ways, waits, releases, cuts."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.network.drawn import picture
from opendome.network.graph import Group, Line, Outage
from opendome.network.kernels.contact import beside
from opendome.network.knowledge import knowledge
from opendome.network.models import Sharing
from opendome.quantities.constants import RADIUS_EQUATOR_M, SPEED_OF_LIGHT_M_S
from opendome.quantities.errors import OpendomeError
from opendome.sensing.orbits import geostationary_axis_m
from opendome.world.kepler import Elements

from .looks import looks_of
from .nets import command, delays, earliest, flow, line, net, shortest, standing

ONE = looks_of([(0, 5.0, 0)], ranging=[True])
NAMES = ("s0", "a", "b", "c", "hq")
PAIRS = list(combinations(NAMES, 2))
lengths = st.integers(1, 50).map(lambda k: k / 10.0)
edge_sets = st.dictionaries(st.sampled_from(PAIRS), lengths, max_size=len(PAIRS))


def small(edges, *, handling=None, **more):
    handling = handling or {}
    middle = [standing(name, delay_s=handling.get(name, 0.0)) for name in NAMES[:-1]]
    lines = [line(a, b, seconds) for (a, b), seconds in edges.items()]
    return net([*middle, command(delay_s=handling.get("hq", 0.0))], lines, **more)


@settings(max_examples=60, deadline=None)
@given(edges=edge_sets, handling=st.dictionaries(st.sampled_from(NAMES), lengths))
def test_the_way_is_the_shortest_of_all(edges, handling):
    got, _ = delays(small(edges, handling=handling), ONE, sensors=["s0"])
    wanted = shortest(edges, "s0", "hq", handling)
    assert got[0, 0] == pytest.approx(wanted if wanted <= 60.0 else math.inf, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(edges=edge_sets, luck=st.randoms())
def test_fewer_links_never_make_anything_faster(edges, luck):
    fewer = {pair: seconds for pair, seconds in edges.items() if luck.random() < 0.6}
    less, _ = delays(small(fewer), ONE, sensors=["s0"])
    more, _ = delays(small(edges), ONE, sensors=["s0"])
    assert less[0, 0] >= more[0, 0] - 1e-12


def test_loops_are_harmless():
    edges = {("s0", "a"): 1.0, ("a", "hq"): 1.0}
    plain, _ = delays(small(edges), ONE, sensors=["s0"])
    loops = {**edges, ("a", "b"): 0.1, ("b", "c"): 0.1, ("a", "c"): 0.1}
    network = small(loops)
    network = net(network.groups, [*network.lines, line("a", "a", 0.1)])
    looped, got = delays(network, ONE, sensors=["s0"])
    assert looped.tolist() == plain.tolist() == [[2.0]]
    assert got.routes.path == ((("s0", "a", "hq"),),)


def test_a_message_waits_for_the_end_of_an_outage_unless_it_grows_too_old():
    rows = [(0, 5.0, 0), (0, 12.0, 0), (0, 39.0, 0), (0, 41.0, 0)]
    looks = looks_of(rows, ranging=[True])
    network = small({("s0", "a"): 1.0, ("a", "hq"): 1.0})
    down = (Outage(name="a-hq", from_s=10.0, to_s=40.0),)
    got, _ = delays(net(network.groups, network.lines, outages=down), looks, sensors=["s0"])
    # from 10 s on nothing passes; at 40 s the link is back: the message, which waits at `a`,
    # leaves then, and its first hop is counted as made after the wait
    assert got[0].tolist() == pytest.approx([2.0, 30.0, 3.0, 2.0])
    soon = net(network.groups, network.lines, outages=down, age_max_s=20.0)
    assert np.isfinite(delays(soon, looks, sensors=["s0"])[0][0]).tolist() == [
        True, False, True, True,
    ]  # fmt: skip
    node = net(network.groups, network.lines, outages=(Outage(name="a", from_s=0, to_s=1e4),))
    assert np.isinf(delays(node, looks, sensors=["s0"])[0]).all()


@settings(max_examples=40, deadline=None)
@given(edges=edge_sets, luck=st.randoms(), t_s=st.floats(0.0, 9.9))
def test_waiting_is_as_a_plain_twin_says(edges, luck, t_s):
    steps = 3
    shut = [{pair for pair in edges if luck.random() < 0.5} for _ in range(steps)]
    outages = [
        Outage(name="-".join(pair), from_s=10.0 * k, to_s=10.0 * k + 10.0)
        for k, pairs in enumerate(shut)
        for pair in sorted(pairs)
    ]
    network = small(edges)
    looks = looks_of([(0, t_s, 0), (0, 10.0 * steps - 1e-6, 0)], ranging=[True])
    network = net(network.groups, network.lines, outages=tuple(outages), age_max_s=100.0)
    got, _ = delays(network, looks, sensors=["s0"])
    open_at = [{p: edges[p] for p in edges if p not in pairs} for pairs in shut]
    open_at.append(edges)  # all outages are over
    wanted = earliest(open_at, 0, "s0", "hq", t_s, 10.0, {}) - t_s
    assert got[0, 0] == pytest.approx(wanted, abs=1e-9)


def test_what_does_not_work_carries_nothing():
    groups = [standing("s0"), standing("a", works=np.array([False])), command()]
    got, result = delays(net(groups, [line("s0", "a"), line("a", "hq")]), ONE, sensors=["s0"])
    assert np.isinf(got).all()
    assert result.routes.cut == (("cut after s0: no contact from there to hq",),)
    broken = net([standing("s0"), command()], [line("s0", "hq", works=False)])
    assert np.isinf(delays(broken, ONE, sensors=["s0"])[0]).all()


def geostationary(lon_deg=0.0):
    """One satellite over a longitude at t_s = 0, the Earth not turned."""
    one = np.ones(1)
    return Elements(
        semi_major_axis_m=geostationary_axis_m() * one,
        eccentricity=0.0 * one,
        inclination_rad=0.0 * one,
        raan_rad=math.radians(lon_deg) * one,
        argument_of_perigee_rad=0.0 * one,
        mean_anomaly_rad=0.0 * one,
    )


def radio(first, second, **more):
    return Line(name=f"{first}-{second}", ends=(first, second), **more)


def test_light_takes_its_time_and_the_mask_its_toll():
    eye = Group(name="s0", nation="US", names=("s0",), elements=geostationary())
    looks = looks_of([(0, 0.0, 0)], ranging=[False])
    below, _ = delays(net([eye, command()], [radio("s0", "hq")]), looks, sensors=["s0"])
    height_m = geostationary_axis_m() - RADIUS_EQUATOR_M
    assert below[0, 0] == pytest.approx(height_m / SPEED_OF_LIGHT_M_S, abs=1e-9)
    for lon_deg, seen in ((70.0, True), (85.0, False)):
        there = command(at=(0.0, lon_deg), mask_rad=math.radians(5.0))
        got, _ = delays(net([eye, there], [radio("s0", "hq")]), looks, sensors=["s0"])
        assert np.isfinite(got[0, 0]) == seen
    far = net([eye, command()], [radio("s0", "hq", range_max_m=3e7)])
    assert np.isinf(delays(far, looks, sensors=["s0"])[0]).all()


@pytest.mark.parametrize(
    ("planes", "slots", "shift"), [(6, 11, 2), (6, 11, None), (2, 5, 0), (1, 4, 0), (3, 7, 5)]
)
def test_a_grid_joins_neighbours_of_a_pattern(planes, slots, shift):
    """Against distances: in a Walker delta, those beside have the next node and phase."""
    total = planes * slots
    seam = -1 if shift is None else shift
    every = range(total)
    joined = np.array([[beside(i, j, planes, slots, seam) for j in every] for i in every])
    assert (joined == joined.T).all()
    plane, slot = np.divmod(np.arange(total), slots)
    degree = np.full(total, 2) if slots > 2 else np.full(total, 1)
    sides = np.zeros(total, int)
    if planes > 1:
        sides += (plane < planes - 1).astype(int) + (plane > 0)
        if shift is not None and planes > 2:
            sides += (plane == 0).astype(int) + (plane == planes - 1)
    assert joined.sum(axis=1).tolist() == (degree + sides).tolist()
    if shift is not None and planes > 2:  # phases of neighbours differ by F / T of a turn
        phase = slot / slots + shift * plane / total
        ahead = [(i, j) for i, j in np.argwhere(joined) if (plane[j] - plane[i]) % planes == 1]
        steps = [math.remainder(phase[j] - phase[i] - shift / total, 1.0) for i, j in ahead]
        assert np.abs(steps).max() < 1e-9


def test_the_earth_stands_between_two_satellites_and_a_third_goes_around():
    ring = [
        Group(name=f"g{k}", nation="US", names=(f"g{k}",), elements=geostationary(120.0 * k))
        for k in range(3)
    ]
    looks = looks_of([(0, 0.0, 0)], ranging=[False])
    hq = command(at=(0.0, 180.0))  # sees those over 120 and 240 degrees, not that over 0
    links = [radio("g0", "g1"), radio("g0", "hq"), radio("g1", "hq"), radio("g2", "hq")]
    got, result = delays(net([*ring, hq], links), looks, sensors=["g0"])
    assert result.routes.path == ((("g0", "g1", "hq"),),)
    side_m = geostationary_axis_m() * math.sqrt(3.0)
    assert got[0, 0] > side_m / SPEED_OF_LIGHT_M_S
    high = [radio("g0", "g1", margin_m=1.6e7), *links[1:]]  # the line passes 14,700 km up
    assert np.isinf(delays(net([*ring, hq], high), looks, sensors=["g0"])[0]).all()


def share(giver, taker, what="raw", delay_s=0.5, via=()):
    return Sharing(from_nation=giver, to_nation=taker, what=what, delay_s=delay_s, via=via)


def allied(**more):
    """A Japanese sensor; its command; an Australian cable; an American command."""
    groups = [
        standing("s0", "JP", passes=False),
        command("tokyo", "JP"),
        standing("cable", "AU"),
        command("hq", "US"),
    ]
    lines = [line("s0", "tokyo", 1.0), line("s0", "cable", 2.0), line("cable", "hq", 4.0)]
    return net(groups, [*lines, line("tokyo", "cable", 8.0)], **more)


def allied_delay(rule, looks=ONE, network=None):
    return delays(
        network or allied(),
        looks,
        sensors=["s0"],
        nations=["JP"],
        nodes=["US", "JP"],
        sharing=[rule],
        processing_s=0.25,
    )


def test_raw_goes_straight_and_tracks_by_way_of_the_giver():
    raw, result = allied_delay(share("JP", "US", "raw", via=("AU",)))
    assert raw[:, 0].tolist() == [2.0 + 4.0 + 0.25 + 0.5, 1.25]
    assert result.routes.path[0] == (("s0", "cable", "hq"),)
    tracks, result = allied_delay(share("JP", "US", "tracks", via=("AU",)))
    assert tracks[:, 0].tolist() == [1.25 + 8.0 + 4.0 + 0.5, 1.25]
    assert result.routes.path[0] == (("s0", "tokyo", "cable", "hq"),)


def test_a_sensor_that_passes_on_nothing_is_no_relay():
    groups = [standing("s0", "JP"), *allied().groups[1:]]
    relaying = net(groups, allied().lines)
    tracks, _ = allied_delay(share("JP", "US", "tracks", via=("AU",)), network=relaying)
    assert tracks[0, 0] == 1.25 + 1.0 + 2.0 + 4.0 + 0.5  # back through the sensor


def test_a_message_passes_only_nations_it_is_releasable_to():
    for what in ("raw", "tracks"):
        got, result = allied_delay(share("JP", "US", what))
        assert np.isinf(got[0]).all()
        assert "not releasable to cable" in result.routes.cut[0][0]
        assert np.isfinite(got[1]).all()
    own = net([standing("s0"), standing("a", "CA"), command()], [line("s0", "a"), line("a", "hq")])
    assert np.isinf(delays(own, ONE, sensors=["s0"])[0]).all()
    released = net(own.groups, own.lines, releases={"US": ("CA",)})
    assert delays(released, ONE, sensors=["s0"])[0].tolist() == [[2.0]]


def test_tracks_need_the_command_of_the_giver_and_raw_does_not():
    cut = allied(outages=(Outage(name="tokyo", from_s=0.0, to_s=1e4),))
    raw, _ = allied_delay(share("JP", "US", "raw", via=("AU",)), network=cut)
    assert np.isfinite(raw[0]).all()
    assert np.isinf(raw[1]).all()
    tracks, _ = allied_delay(share("JP", "US", "tracks", via=("AU",)), network=cut)
    assert np.isinf(tracks).all()


def test_angles_given_as_tracks_wait_for_the_track_of_the_giver():
    rows = [(0, 2.0, 0), (0, 4.0, 0), (0, 6.0, 1), (0, 9.0, 1)]
    looks = looks_of(rows, ranging=[False, False])
    groups = [standing("s0", "JP"), standing("s1", "JP"), command("tokyo", "JP"), command()]
    lines = [line("s0", "tokyo"), line("s1", "tokyo"), line("tokyo", "hq", 3.0)]
    more = {"sensors": ["s0", "s1"], "nations": ["JP", "JP"], "nodes": ["US"]}
    _, raw = delays(net(groups, lines), looks, sharing=[share("JP", "US")], **more)
    assert raw.arrival_t_s[0].tolist() == [6.5, 8.5, 10.5, 13.5]
    _, tracks = delays(net(groups, lines), looks, sharing=[share("JP", "US", "tracks")], **more)
    assert tracks.arrival_t_s[0].tolist() == [13.5] * 4


def test_losses_multiply_along_the_way():
    network = small({("s0", "a"): 1.0, ("a", "hq"): 1.0})
    lines = [line("s0", "a", p_loss=0.1), line("a", "hq", p_loss=0.2)]
    _, got = delays(net(network.groups, lines), ONE, sensors=["s0"])
    assert got.p_delivered[0, 0] == pytest.approx(0.9 * 0.8)
    assert got.routes.p_delivered[0, 0] == pytest.approx(0.72)


def test_nothing_looks_and_nothing_happens():
    nothing = looks_of([], ranging=[True])
    got = picture(flow(small({("s0", "hq"): 1.0}), nothing, sensors=["s0"]))
    assert got.arrival_t_s.shape == (1, 0)
    assert got.routes.path == (((),),)
    assert got.routes.cut == (("",),)


def test_an_unknown_group_is_refused():
    with pytest.raises(OpendomeError, match="the group 'nowhere'"):
        small({}).range_of("nowhere")


def test_the_record_says_what_each_node_knew_and_when():
    rows = [(0, 5.0, 0), (0, 6.0, 1), (1, 30.0, 1)]
    looks = looks_of(rows, ranging=[True, True], objects=3)
    groups = [standing("s0"), standing("s1"), command()]
    network = net(groups, [line("s0", "hq", 4.0), line("s1", "hq", 1.0)])
    _, got = delays(network, looks, sensors=["s0", "s1"])
    known = knowledge(looks, got)
    assert known.first_t_s[0].tolist() == [7.0, 31.0, math.inf]
    assert known.first_sensor[0].tolist() == [1, 1, -1]
    assert known.measured_t_s[0, :2].tolist() == [6.0, 30.0]
    assert known.sensors[0].tolist() == [2, 1, 0]
    assert known.arrived[0].tolist() == [2, 1, 0]
    plain = known.to_dict()["objects"]
    assert plain[0] == {
        "node": "US", "object": 0, "first_t_s": 7.0, "first_sensor": "s1", "measured_t_s": 6.0,
        "sensors": 2, "arrived": 2,
    }  # fmt: skip
    assert plain[2]["first_sensor"] is None
