"""The picture that a network gives: every look sent on its way when it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from opendome.network.graph import Network
from opendome.network.holding import Holding
from opendome.network.kernels.paths import Ways
from opendome.network.kernels.plan import Clock, Plan
from opendome.network.kernels.queue import Traffic, fill_waits
from opendome.network.legs import NONE, Chain, Legs, legs_of
from opendome.network.models import Sharing
from opendome.network.travel import Roads, clock_of, roads
from opendome.sensing.records import Looks

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A network of one future, and what is sent over it.

    Attributes
    ----------
    network, looks : what carries, and what is sent
    nodes : deciding nations
    sensor_nation : (sensor,) owner     sensor_place : (sensor,) its place in the network
    processing_s : (sensor,) from its raw data to a measurement, at the end of the way [s]
    sharing : agreements     holding : the rule by which a giver holds tracks
    era_epoch_rad : Earth rotation angle at t_s = 0 [rad]
    """

    network: Network
    looks: Looks
    nodes: tuple[str, ...]
    sensor_nation: tuple[str, ...]
    sensor_place: Longs
    processing_s: Floats
    sharing: tuple[Sharing, ...]
    holding: Holding
    era_epoch_rad: float

    @cached_property
    def plan(self) -> Plan:
        """The network as tables."""
        return self.network.plan(self.era_epoch_rad)

    @cached_property
    def legs(self) -> Legs:
        """Where messages lead and may pass."""
        return legs_of(self.network, self.nodes, self.sharing)

    @cached_property
    def roads(self) -> Roads:
        """Ways from everywhere, from the first look until the last was delivered or dropped."""
        clock = clock_of(self.network, self.looks.t_s)
        return roads(self.network, self.plan, clock, self.legs.ends, self.legs.allowed)

    @property
    def clock(self) -> Clock:
        """The steps of the ways."""
        return self.roads.clock

    @property
    def ways(self) -> Ways:
        """Ways from everywhere at all steps."""
        return self.roads.ways

    def chain(self, sensor: int, node: int) -> Chain | None:
        """The legs from a sensor to a deciding nation, None when nothing is given."""
        return self.legs.chains.get((self.sensor_nation[sensor], self.nodes[node]))

    @cached_property
    def second_start(self) -> npt.NDArray[np.int32]:
        """(node, sensor, step) command of the giver from which tracks go on soonest, or -1."""
        shape = (len(self.nodes), len(self.sensor_nation), self.clock.steps)
        start = np.full(shape, NONE, np.int32)
        for (giver, taker), chain in self.legs.chains.items():
            places = np.flatnonzero(self.network.commands_of(giver))
            if chain.second == NONE or not places.size:
                continue
            best = places[np.argmin(self.ways.delay_s[chain.second][:, places], axis=1)]
            given = [sensor for sensor, nation in enumerate(self.sensor_nation) if nation == giver]
            start[self.nodes.index(taker), given] = best
        return start

    @cached_property
    def waits(self) -> tuple[Floats, Floats]:
        """What queues add [s], and the share they keep: (node, step, sensor) each."""
        shape = (len(self.nodes), self.clock.steps, len(self.sensor_nation))
        wait_s, kept = np.zeros(shape), np.ones(shape)
        if np.isfinite(self.plan.links["rate_hz"]).any():
            fill_waits(self.plan, self.clock, self.ways, self._traffic(), wait_s, kept)
        return wait_s, kept

    def _traffic(self) -> Traffic:
        sent = np.zeros((self.clock.steps, len(self.sensor_nation)))
        step = self.clock.step_of(self.looks.t_s)
        np.add.at(sent, (step, self.looks.sensor), self.looks.p_detect)
        legs = np.full((len(self.nodes), len(self.sensor_nation), 2), NONE, np.int64)
        for node in range(len(self.nodes)):
            for sensor in range(len(self.sensor_nation)):
                chain = self.chain(sensor, node)
                if chain is not None:
                    legs[node, sensor] = chain.first, chain.second
        return Traffic(
            sent=sent,
            sensor_place=self.sensor_place,
            legs=legs,
            start=self.second_start,
            ends=self.legs.ends,
            queue_max_s=self.network.queue_max_s,
        )

    def delivered(self, node: int) -> tuple[Floats, Floats]:
        """When each look can be used at a deciding nation, and its chance not to be lost.

        Returns (look,) [s after epoch], inf if never; and (look,).
        """
        looks = self.looks
        arrival_s, chance = np.full(looks.t_s.size, np.inf), np.ones(looks.t_s.size)
        wait_s, kept = self.waits
        step = self.clock.step_of(looks.t_s)
        for giver in dict.fromkeys(self.sensor_nation):
            chain = self.legs.chains.get((giver, self.nodes[node]))
            if chain is None:
                continue
            own = np.array([nation == giver for nation in self.sensor_nation])
            row = np.flatnonzero(own[looks.sensor])
            arrival_s[row], chance[row] = self._arrival(chain, giver, own, row)
        arrival_s += wait_s[node, step, looks.sensor]
        return arrival_s, chance * kept[node, step, looks.sensor]

    def _arrival(
        self, chain: Chain, giver: str, own: npt.NDArray[np.bool_], row: Longs
    ) -> tuple[Floats, Floats]:
        """Arrival by one chain, queues left out: (row,) each."""
        looks = self.looks
        sensor = looks.sensor[row]
        at_s, chance = self.roads.travel(chain.first, self.sensor_place[sensor], looks.t_s[row])
        at_s = at_s + self.processing_s[sensor]
        if chain.rule is None:
            return at_s, chance
        if chain.second == NONE:
            return at_s + chain.rule.delay_s, chance
        angles = ~looks.sensor_gives_range[sensor]
        if angles.any():
            everywhere_s = np.full(looks.t_s.size, np.inf)
            everywhere_s[row] = at_s
            held_s = self.holding.first_track_t_s(looks, everywhere_s, own)
            held_s = np.repeat(held_s, np.diff(looks.start))[row]
            at_s = np.where(angles, np.maximum(at_s, held_s), at_s)
        return self._go_on(chain.second, giver, at_s, chance, chain.rule.delay_s)

    def _go_on(
        self, leg: int, giver: str, at_s: Floats, chance: Floats, delay_s: float
    ) -> tuple[Floats, Floats]:
        """Arrival of what stands at the giver's command at a time; nothing without one."""
        best_s, best_chance = np.full(at_s.size, np.inf), chance
        for place in np.flatnonzero(self.network.commands_of(giver)):
            arrival_s, onward = self.roads.travel(leg, np.full(at_s.size, place), at_s)
            sooner = arrival_s < best_s
            best_s = np.where(sooner, arrival_s, best_s)
            best_chance = np.where(sooner, chance * onward, best_chance)
        return best_s + delay_s, best_chance


def places_of(network: Network, sensor_group: Sequence[str]) -> Longs:
    """Place of each sensor: those of one group stand in the order of the sensors."""
    used: dict[str, int] = {}
    places: list[int] = []
    for group in sensor_group:
        first, _ = network.range_of(group)
        places.append(first + used.setdefault(group, 0))
        used[group] += 1
    return np.array(places, np.int64)
