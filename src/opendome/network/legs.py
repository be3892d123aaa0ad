"""The legs by which measurements come from a nation's sensors to a deciding nation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.network.graph import Network
from opendome.network.models import Sharing, agreements

Bytes = npt.NDArray[np.uint8]
NONE = -1


@dataclass(frozen=True, kw_only=True)
class Chain:
    """How measurements of one nation reach a deciding nation.

    first : leg from the sensor     second : leg from the giver's command, NONE without
    rule : the agreement, None for the nation's own
    """

    first: int
    second: int
    rule: Sharing | None


@dataclass(frozen=True, kw_only=True)
class Legs:
    """All legs of a network.

    Attributes
    ----------
    ends : (leg, place) 1 where a leg leads
    allowed : (leg, place) 1 where its messages may pass
    chains : (giver, taker) -> its legs
    """

    ends: Bytes
    allowed: Bytes
    chains: dict[tuple[str, str], Chain]


def legs_of(network: Network, nodes: Sequence[str], sharing: Sequence[Sharing]) -> Legs:
    """The legs that deciding nations and agreements ask for.

    Model: a nation's own measurements go to its command through its own places and those of
    nations it releases them to. `raw` goes from the sensor straight to the taker's command,
    through places of giver, taker and `via`. `tracks` goes to the giver's command first, and
    from there on through places of giver, taker and `via`.
    """
    ends: list[Bytes] = []
    allowed: list[Bytes] = []
    own: dict[str, int] = {}
    chains: dict[tuple[str, str], Chain] = {}

    def leg(to_nation: str, nations: Sequence[str]) -> int:
        ends.append(network.commands_of(to_nation))
        allowed.append(network.open_to(nations))
        return len(ends) - 1

    def own_leg(nation: str) -> int:
        if nation not in own:
            released = network.releases.get(network.nation_of(nation), ())
            own[nation] = leg(nation, (nation, *released))
        return own[nation]

    for node in nodes:
        chains[node, node] = Chain(first=own_leg(node), second=NONE, rule=None)
    for (giver, taker), rule in agreements(sharing).items():
        if taker not in nodes or rule.what not in ("raw", "tracks"):
            continue
        through = leg(taker, (giver, taker, *rule.via))
        if rule.what == "raw":
            chains[giver, taker] = Chain(first=through, second=NONE, rule=rule)
        else:
            chains[giver, taker] = Chain(first=own_leg(giver), second=through, rule=rule)
    shape = (len(ends), len(network.place_names))
    return Legs(
        ends=np.array(ends, np.uint8).reshape(shape),
        allowed=np.array(allowed, np.uint8).reshape(shape),
        chains=chains,
    )
