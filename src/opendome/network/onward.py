"""What is told at once: how a cue comes from a giver to a taker."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.network.graph import Network
from opendome.network.kernels.plan import Clock
from opendome.network.models import CUING, Sharing, agreements
from opendome.network.travel import Roads, clock_of, roads

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ROADS_KEPT = 8  # several radars ask for the same roads, one after the other


@dataclass(frozen=True, kw_only=True, eq=False)
class CueRoute:
    """How cues of a giver travel over a network.

    Attributes
    ----------
    network, rule : what carries, and what is agreed
    sensor_place : (sensor,) its place in the network
    era_epoch_rad : Earth rotation angle at t_s = 0 [rad]
    """

    network: Network
    rule: Sharing
    sensor_place: Integers
    era_epoch_rad: float

    def arrival_t_s(self, sensor: Integers, t_s: Floats) -> Floats:
        """When detections of sensors at times are told to the taker: (n,) [s], inf for never.

        Model: from the command of the giver that is soonest heard, at the time of the detection,
        to the taker's, through places of giver, taker and `via`; `raw` of a giver without a
        command leaves the sensor itself. From sensor to the giver's command, handling and
        pointing are in the delay of the radar; the delay of the agreement is not added here.
        Valid for: short messages; queues and losses left out.
        """
        if not t_s.size:
            return t_s
        found = _roads(self, clock_of(self.network, t_s))
        starts = np.flatnonzero(self.network.commands_of(self.rule.from_nation))
        if not starts.size and self.rule.what == "raw":
            return found.travel(0, self.sensor_place[sensor], t_s)[0]
        soonest_s = np.full(t_s.size, np.inf)
        for place in starts:
            arrival_s, _ = found.travel(0, np.full(t_s.size, place), t_s)
            soonest_s = np.minimum(soonest_s, arrival_s)
        return soonest_s


@functools.lru_cache(maxsize=ROADS_KEPT)
def _roads(route: CueRoute, clock: Clock) -> Roads:
    """The roads of a route to its taker."""
    rule, network = route.rule, route.network
    ends = network.commands_of(rule.to_nation)[None]
    allowed = network.open_to((rule.from_nation, rule.to_nation, *rule.via))[None]
    return roads(network, network.plan(route.era_epoch_rad), clock, ends, allowed)


@dataclass(frozen=True, kw_only=True)
class Onward:
    """An agreement that tells where to look, and what carries it; nothing without a network."""

    rule: Sharing
    carrier: CueRoute | None = None


def onward(
    sharing: Sequence[Sharing],
    *,
    network: Network | None = None,
    sensor_place: Integers,
    era_epoch_rad: float,
) -> dict[tuple[str, str], Onward]:
    """How cues come from givers to takers: giver and taker -> agreement and carrier.

    sharing : agreements in force     network : None where none is drawn
    sensor_place : (sensor,) place in the network; not read without one
    """
    found: dict[tuple[str, str], Onward] = {}
    for pair, rule in agreements(sharing).items():
        if rule.what not in CUING:
            continue
        route = None if network is None else CueRoute(
            network=network, rule=rule, sensor_place=sensor_place, era_epoch_rad=era_epoch_rad
        )  # fmt: skip
        found[pair] = Onward(rule=rule, carrier=route)
    return found
