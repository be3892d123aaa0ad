"""Messages on their way over a network: when they arrive, and with which chance."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.network.graph import Network
from opendome.network.kernels.paths import Ways, find_ways, new_ways
from opendome.network.kernels.plan import Clock, Plan

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Roads:
    """Ways from everywhere at all steps of a clock.

    ways, clock : as the kernels found them     age_max_s : what is older is dropped [s]
    """

    ways: Ways
    clock: Clock
    age_max_s: float

    def travel(self, leg: int, place: Longs, t_s: Floats) -> tuple[Floats, Floats]:
        """Arrival of messages that leave places at times by a leg, and their chance to.

        place, t_s : (n,)     Returns (n,) [s after epoch], inf for what never arrives or would
        be too old; and (n,).
        """
        ways, clock = self.ways, self.clock
        step = clock.step_of(t_s)
        direct_s = t_s + ways.delay_s[leg, step, place]
        held_s = np.maximum(t_s, ways.held_t_s[leg, step, place])
        waits = held_s < direct_s
        arrival_s = np.where(waits, held_s, direct_s)
        chance = np.where(waits, ways.held_chance[leg, step, place], ways.chance[leg, step, place])
        last_s = clock.start_s + clock.steps * clock.step_s
        left_s = np.where(t_s < last_s, t_s, -math.inf)
        return np.where(arrival_s - left_s <= self.age_max_s, arrival_s, math.inf), chance


def clock_of(network: Network, t_s: Floats) -> Clock:
    """From the first message until the last was delivered or dropped. t_s : (n,) when they leave"""
    step_s = network.step_s
    first_s = step_s * math.floor(float(t_s.min()) / step_s) if t_s.size else 0.0
    last_s = float(t_s.max()) + network.age_max_s if t_s.size else 0.0
    return Clock(start_s=first_s, step_s=step_s, steps=math.floor((last_s - first_s) / step_s) + 1)


def roads(network: Network, plan: Plan, clock: Clock, ends: Bytes, allowed: Bytes) -> Roads:
    """The ways of messages to places. ends, allowed : (leg, place) where they lead and may pass"""
    ways = new_ways(
        legs=len(ends),
        steps=clock.steps,
        places=len(network.place_names),
        links=len(network.lines),
    )
    find_ways(plan, clock, ends, allowed, ways)
    return Roads(ways=ways, clock=clock, age_max_s=network.age_max_s)
