"""Links and agreements with every value known, and the picture that follows from them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from opendome.network.records import Picture
from opendome.quantities.errors import OpendomeError

What = Literal["tracks", "cue", "nothing"]


class SharingError(OpendomeError):
    """Agreements between nations that contradict each other or say nothing."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """Way of a measurement from a sensor to the command of the nation that owns it.

    Attributes
    ----------
    downlink_delay_s : from the sensor to the ground, light time and relays included [s]
    processing_delay_s : from there to a measurement in the picture [s]
    """

    downlink_delay_s: float
    processing_delay_s: float

    @property
    def delay_s(self) -> float:
        """From the measurement to its use at the owner's node [s]."""
        return self.downlink_delay_s + self.processing_delay_s


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """What one nation gives to another.

    Attributes
    ----------
    from_nation, to_nation : giver and taker
    what : "tracks" gives measurements fit for a track; "cue" only says where to look, and
        "nothing" is nothing: neither adds a measurement
    delay_s : from use at the giver's node to use at the taker's [s]
    """

    from_nation: str
    to_nation: str
    what: What
    delay_s: float

    @property
    def added_s(self) -> float:
        """Delay this agreement adds to a measurement [s]; inf when it gives none."""
        return self.delay_s if self.what == "tracks" else math.inf


def picture(
    nodes: Sequence[str],
    *,
    sensor_nation: Sequence[str],
    sensor_delay_s: Sequence[float],
    sharing: Sequence[Sharing] = (),
) -> Picture:
    """When a measurement of each sensor can be used at each deciding node.

    nodes : deciding nations     sensor_nation, sensor_delay_s : (sensor,) owner, and delay
    to the owner's node [s]     sharing : agreements, at most one per giver and taker
    Returns a `Picture`.
    Model: delay(node, sensor) = delay to the owner + 0 at the owner itself, + the delay of
    the agreement owner -> node where there is one for tracks, and inf otherwise. Direct
    agreements only.
    """
    added_s: dict[tuple[str, str], float] = {}
    for rule in sharing:
        pair = (rule.from_nation, rule.to_nation)
        if pair in added_s:
            raise contradiction(*pair)
        if rule.from_nation == rule.to_nation:
            raise with_itself(rule.from_nation)
        added_s[pair] = rule.added_s
    for delay in (*sensor_delay_s, *added_s.values()):
        if not delay >= 0.0:
            raise SharingError(
                got=f"a delay of {delay} s", allowed="0 s or more", do="correct the delay"
            )
    delay_s = np.full((len(nodes), len(sensor_nation)), np.inf)
    for i, node in enumerate(nodes):
        for j, (owner, own_s) in enumerate(zip(sensor_nation, sensor_delay_s, strict=True)):
            share_s = 0.0 if owner == node else added_s.get((owner, node), math.inf)
            delay_s[i, j] = own_s + share_s
    return Picture(node_names=tuple(nodes), delay_s=delay_s)


def contradiction(from_nation: str, to_nation: str) -> SharingError:
    """Two agreements for the same giver and taker."""
    return SharingError(
        got=f"two sharing rules from {from_nation} to {to_nation}",
        allowed="one rule per giver and taker",
        do="keep the one that holds and delete the other",
    )


def with_itself(nation: str) -> SharingError:
    """An agreement of a nation with itself."""
    return SharingError(
        got=f"a sharing rule from {nation} to {nation}",
        allowed="two different nations; a nation always has its own sensors",
        do="delete the rule, or set the delays of the sensors themselves",
    )
