"""How a cue comes from a giver to a taker: sums by hand, releases, cuts."""

import math

import numpy as np
import pytest

from opendome.network.graph import Outage
from opendome.network.models import Sharing
from opendome.network.onward import onward

from .nets import command, line, net, standing

NOW = np.array([0.0, 3.5, 40.0])


def rule(what="cue", delay_s=7.0, **more):
    return Sharing(from_nation="JP", to_nation="US", what=what, delay_s=delay_s, **more)


def drawn(*lines, relay="US", giver=True, **more):
    """A Japanese eye and command, a relay station, and the American command."""
    groups = [standing("eye", "JP"), standing("relay", relay), command("hq", "US", delay_s=0.5)]
    groups += [command("tokyo", "JP")] if giver else []
    return net(groups, lines, **more)


def arrival(network, what="cue", **more):
    """When what a sensor of JP detects is told to US, the delay of the agreement left out."""
    ways = onward(
        [rule(what, **more)], network=network, sensor_place=np.array([0]), era_epoch_rad=0.0
    )
    assert ways["JP", "US"].rule.delay_s == 7.0
    return ways["JP", "US"].carrier.arrival_t_s(np.zeros(NOW.size, np.int64), NOW)


WAY = (line("eye", "tokyo", 9.0), line("tokyo", "relay", 1.0), line("relay", "hq", 2.0))


@pytest.mark.parametrize("what", ["raw", "tracks", "cue"])
def test_a_cue_goes_from_command_to_command(what):
    assert arrival(drawn(*WAY), what) == pytest.approx(NOW + 1.0 + 2.0 + 0.5)


def test_raw_of_a_giver_without_a_command_leaves_the_sensor():
    lines = (line("eye", "relay", 4.0), line("relay", "hq", 2.0))
    alone = drawn(*lines, giver=False)
    assert arrival(alone, "raw") == pytest.approx(NOW + 4.0 + 2.0 + 0.5)
    assert np.all(np.isinf(arrival(alone, "cue")))


def test_a_cue_passes_only_where_it_is_releasable():
    abroad = drawn(*WAY, relay="KR")
    assert np.all(np.isinf(arrival(abroad)))
    assert arrival(abroad, via=("KR",)) == pytest.approx(NOW + 3.5)


def test_a_cut_way_brings_no_cue():
    assert np.all(np.isinf(arrival(drawn(*WAY[:2]))))
    cut = drawn(*WAY, outages=(Outage(name="relay", from_s=30.0, to_s=math.inf),))
    assert np.isfinite(arrival(cut)).tolist() == [True, True, False]


def test_without_a_network_the_delay_of_the_agreement_is_all():
    ways = onward([rule()], sensor_place=np.empty(0, np.int64), era_epoch_rad=0.0)
    assert ways["JP", "US"].carrier is None
    for what in ("nothing", "engagements"):
        assert not onward([rule(what)], sensor_place=np.empty(0, np.int64), era_epoch_rad=0.0)
