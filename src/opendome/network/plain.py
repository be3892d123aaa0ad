"""The picture of a scenario that draws no network: constant delays, nothing lost."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from opendome.network.holding import Holding
from opendome.network.models import Sharing, agreements, delay_table
from opendome.network.records import Picture
from opendome.network.routes import routes_of
from opendome.sensing.records import Looks

Floats = npt.NDArray[np.float64]


def picture(
    nodes: Sequence[str],
    looks: Looks,
    *,
    sensor_nation: Sequence[str],
    sensor_delay_s: Sequence[float],
    sharing: Sequence[Sharing],
    holding: Holding,
) -> Picture:
    """When each look becomes known to each deciding nation, by constant delays.

    nodes : deciding nations     looks : of one future
    sensor_nation, sensor_delay_s : (sensor,) owner, and delay to the owner's node [s]
    sharing : agreements     holding : the rule by which a giver holds tracks
    Model: `models.delay_table`; of what is given as `tracks`, angles wait until the giver
    could hold a track of that object by itself.
    """
    delay_s = delay_table(
        nodes, sensor_nation=sensor_nation, sensor_delay_s=sensor_delay_s, sharing=sharing
    )
    arrival_t_s = np.empty((len(nodes), looks.t_s.size))
    for node in range(len(nodes)):
        np.add(looks.t_s, delay_s[node, looks.sensor], out=arrival_t_s[node])
    owner = np.array(sensor_nation, dtype=np.str_)
    own_delay_s = np.array(sensor_delay_s, np.float64)
    for rule in agreements(sharing).values():
        angles = (owner == rule.from_nation) & ~looks.sensor_gives_range
        if rule.what != "tracks" or rule.to_nation not in nodes or not angles.any():
            continue
        at_giver_s = looks.t_s + own_delay_s[looks.sensor]
        held_t_s = holding.first_track_t_s(looks, at_giver_s, owner == rule.from_nation)
        late = np.maximum(at_giver_s, np.repeat(held_t_s, np.diff(looks.start))) + rule.delay_s
        row = angles[looks.sensor]
        arrival_t_s[nodes.index(rule.to_nation), row] = late[row]
    return Picture(
        node_names=tuple(nodes),
        arrival_t_s=arrival_t_s,
        p_delivered=np.broadcast_to(np.float64(1.0), arrival_t_s.shape),
        routes=routes_of(
            nodes,
            looks,
            arrival_t_s,
            path=[
                [_path(name, owner, node, np.isfinite(delay_s[i, j])) for j, (name, owner) in named]
                for i, node in enumerate(nodes)
                for named in [list(enumerate(zip(looks.sensor_names, sensor_nation, strict=True)))]
            ],
        ),
    )


def _path(sensor: str, owner: str, node: str, given: bool) -> tuple[str, ...]:
    """The way of a measurement when only nations are named."""
    if not given:
        return ()
    return (sensor, owner) if owner == node else (sensor, owner, node)
