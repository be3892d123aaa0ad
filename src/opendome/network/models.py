"""Links and agreements with every value known, and the delays that follow from them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
What = Literal["raw", "tracks", "cue", "engagements", "nothing"]
MEASURED = ("raw", "tracks")  # what adds measurements
CUING = (*MEASURED, "cue")  # what tells radars where to look
ENGAGEMENTS = "engagements"  # what tells of shots
TIMED = (*MEASURED, ENGAGEMENTS)


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
    """What one nation or sector gives to another.

    Attributes
    ----------
    from_nation, to_nation : giver and taker
    what : "raw" gives every measurement; "tracks" gives those of sensors that measure the
        range, and angles from the moment the giver could hold a track by itself; "cue" only
        tells radars where to look, "engagements" tells which objects the giver fires at, and
        "nothing" is nothing: none of the three adds a measurement
    delay_s : from use at the giver's node to use at the taker's [s]
    via : further nations through whose nodes of a network it may pass
    """

    from_nation: str
    to_nation: str
    what: What
    delay_s: float
    via: tuple[str, ...] = ()

    @property
    def added_s(self) -> float:
        """Delay this agreement adds to a measurement [s]; inf when it gives none."""
        return self.delay_s if self.what in MEASURED else math.inf


def agreements(sharing: Sequence[Sharing]) -> dict[tuple[str, str], Sharing]:
    """Agreements about measurements by giver and taker; refuses what contradicts itself."""
    found: dict[tuple[str, str], Sharing] = {}
    for rule in sharing:
        pair = (rule.from_nation, rule.to_nation)
        if rule.what == ENGAGEMENTS:
            continue
        if pair in found:
            raise contradiction(*pair)
        if rule.from_nation == rule.to_nation:
            raise with_itself(rule.from_nation)
        _check_delay(rule.added_s)
        found[pair] = rule
    return found


def delay_table(
    nodes: Sequence[str],
    *,
    sensor_nation: Sequence[str],
    sensor_delay_s: Sequence[float],
    sharing: Sequence[Sharing] = (),
) -> Floats:
    """Seconds from a measurement of each sensor to its use at each deciding node.

    nodes : deciding nations     sensor_nation, sensor_delay_s : (sensor,) owner, and delay
    to the owner's node [s]     sharing : agreements, at most one per giver and taker
    Returns (node, sensor), inf where nothing is given [s].
    Model: delay(node, sensor) = delay to the owner + 0 at the owner itself, + the delay of
    the agreement owner -> node where there is one for measurements, and inf otherwise. Direct
    agreements only.
    """
    rules = agreements(sharing)
    for delay in sensor_delay_s:
        _check_delay(delay)
    delay_s = np.full((len(nodes), len(sensor_nation)), np.inf)
    for i, node in enumerate(nodes):
        for j, (owner, own_s) in enumerate(zip(sensor_nation, sensor_delay_s, strict=True)):
            rule = rules.get((owner, node))
            share_s = 0.0 if owner == node else math.inf if rule is None else rule.added_s
            delay_s[i, j] = own_s + share_s
    return delay_s


def _check_delay(delay_s: float) -> None:
    """Refuse a delay that is negative or not a number."""
    if not delay_s >= 0.0:
        raise SharingError(
            got=f"a delay of {delay_s} s", allowed="0 s or more", do="correct the delay"
        )


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
