"""The geometry pass: everything of one future that no dice decide."""

import itertools

import numpy as np
import numpy.typing as npt

from opendome.draws.purposes import purpose
from opendome.engagement.impact import ImpactTable
from opendome.engagement.records import (
    ARRIVAL,
    LOOK,
    OBJECT,
    PAIR,
    SENSOR,
    SHOOTER,
    Board,
    Records,
)
from opendome.intercept.records import Reach
from opendome.network.records import Picture
from opendome.sensing.records import Looks
from opendome.threats.records import Raid

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


def lay_board(
    raid: Raid,
    looks: Looks,
    picture: Picture,
    reach: Reach,
    *,
    impact: ImpactTable,
    defended_distance_m: Floats,
    asset_layer: Integers,
    shooter_node: Integers,
    asset_launch_delay_s: Floats,
    watch_gap_s: float,
) -> Board:
    """Join the records of one future into the board its trials are played on.

    impact : what each object may cost
    defended_distance_m : (object,) [m]     asset_* : (asset,)
    shooter_node : (shooter,) node that commands each, -1 for one out of action
    watch_gap_s : a sensor that looks again later than this has not watched meanwhile [s]
    """
    arrivals, arrival_start = _arrivals(looks, picture)
    latest_s = _last_launch(reach)
    asset = reach.shooter_asset
    return Board(
        objects=fill(
            OBJECT,
            launch_t_s=raid.launch_t_s,
            burnout_t_s=raid.burnout_t_s,
            impact_t_s=raid.impact_t_s,
            p_reliable=raid.p_reliable,
            defended_distance_m=defended_distance_m,
            last_order_t_s=_last_order(reach, latest_s, asset_launch_delay_s, shooter_node),
            turn_t_s=raid.turn_t_s,
            manoeuvre_psd_m2_s3=raid.manoeuvre_psd_m2_s3,
            manoeuvre_t_s=-np.inf if raid.manoeuvre_t_s is None else raid.manoeuvre_t_s,
            parent=raid.parent,
            parts=np.bincount(raid.parent[raid.parent >= 0], minlength=raid.objects),
            lethal=raid.lethal,
            p_taken_for_real=raid.p_taken_for_real,
            first_look=looks.start[:-1],
            end_look=looks.start[1:],
            first_pair=reach.start[:-1],
            end_pair=reach.start[1:],
            loss=impact.loss,
            first_place=impact.first_place,
            end_place=impact.end_place,
        ),
        path=np.concatenate([raid.pos_eci_m, raid.vel_eci_m_s], axis=2),
        path_step_s=float(raid.step_s),
        looks=fill(
            LOOK,
            t_s=looks.t_s,
            p_detect=looks.p_detect,
            sensor=looks.sensor,
            watched_s=_watched(looks, np.isnan(raid.p_taken_for_real), gap_s=watch_gap_s),
            information_m2=looks.information_m2,
        ),
        arrivals=arrivals,
        arrival_start=arrival_start,
        delivery_purpose=_delivery_purposes(looks, picture),
        sensors=fill(
            SENSOR,
            ranging=looks.sensor_gives_range,
            purpose=[purpose(f"detection {name}") for name in looks.sensor_names],
            k_factor=looks.sensor_k_factor,
            k_time_s=looks.sensor_k_time_s,
            k_purpose=[purpose(f"discrimination {name}") for name in looks.sensor_names],
        ),
        pairs=fill(
            PAIR,
            shooter=reach.shooter,
            first_t_s=reach.first_t_s,
            first_sample=reach.offset[:-1],
            end_sample=reach.offset[1:],
            last_t_s=latest_s,
        ),
        latest_t_s=reach.latest_launch_t_s,
        meet_step_s=float(reach.step_s),
        shooters=fill(
            SHOOTER,
            asset=asset,
            layer=asset_layer[asset],
            node=shooter_node,
            stock=reach.shooter_stock,
        ),
        places=impact.places,
        vertices=impact.vertices_m,
        ground=np.stack([impact.east, impact.north, impact.up, impact.velocity_m_s], axis=1),
        loss_max=float(impact.places["value"].max(initial=0.0)),
    )


def fill(dtype: np.dtype[np.void], **columns: npt.ArrayLike) -> Records:
    """Table of a record type from one column per field."""
    sizes = [np.shape(column)[0] for column in columns.values()]
    table = np.zeros(sizes[0], dtype)
    for name, column in columns.items():
        table[name] = column
    return table


def _arrivals(looks: Looks, picture: Picture) -> tuple[Records, Longs]:
    """Looks in the order in which they become known to each node.

    Returns (arrival,) of ARRIVAL and its starts (node, object + 1).
    """
    objects = looks.start.shape[0] - 1
    known = np.isfinite(picture.arrival_t_s)
    owner = np.repeat(np.arange(objects, dtype=np.int32), np.diff(looks.start))
    starts = np.zeros((known.shape[0], objects + 1), np.int64)
    table = np.empty(np.count_nonzero(known), ARRIVAL)
    filled = 0
    for node, arrival_t_s in enumerate(picture.arrival_t_s):
        row = _in_order(arrival_t_s, looks.start)
        row = row[known[node, row]]
        t_s, obj, sensor = arrival_t_s[row], owner[row], looks.sensor[row]
        at_once = (np.diff(t_s) == 0.0) & (np.diff(obj) == 0)
        if np.any(at_once & (np.diff(sensor) < 0)):  # at one moment, by sensor
            again = np.lexsort((sensor, t_s, obj))
            row, t_s = row[again], t_s[again]
        starts[node] = filled + np.searchsorted(obj, np.arange(objects + 1))
        part = table[filled : filled + row.size]
        part["t_s"], part["look"] = t_s, row
        part["p_delivered"] = picture.p_delivered[node, row]
        filled += row.size
    return table, starts


def _in_order(t_s: Floats, start: Longs) -> Longs:
    """Rows of each object by time, earlier rows first at one moment: (row,)."""
    order = np.empty(t_s.size, np.int64)
    for first, end in itertools.pairwise(start):
        order[first:end] = first + np.argsort(t_s[first:end], kind="stable")
    return order


def _delivery_purposes(looks: Looks, picture: Picture) -> Longs:
    """Stream of what is lost between each sensor and each node: (node, sensor), 0 for nothing."""
    streams = np.zeros((len(picture.node_names), len(looks.sensor_names)), np.int64)
    for node, sensor in np.argwhere(picture.routes.p_delivered < 1.0):
        name = f"delivery {picture.node_names[node]} {looks.sensor_names[sensor]}"
        streams[node, sensor] = purpose(name)
    return streams


def _watched(looks: Looks, judged: npt.NDArray[np.bool_], *, gap_s: float) -> Floats:
    """How long the sensor of each look has watched since its look before: (look,) [s].

    judged : (object,) whether sensors judge what it is; 0 for the looks at all others
    """
    watched_s = np.zeros(looks.t_s.size)
    owner = np.repeat(np.arange(judged.size), np.diff(looks.start))
    row = np.flatnonzero(judged[owner])
    row = row[np.lexsort((looks.t_s[row], looks.sensor[row], owner[row]))]
    same = (np.diff(owner[row]) == 0) & (np.diff(looks.sensor[row]) == 0)
    since_s = np.diff(looks.t_s[row])
    watched_s[row[1:]] = np.where(same & (since_s <= gap_s), since_s, 0.0)
    return watched_s


def _last_launch(reach: Reach) -> Floats:
    """Last useful launch of every pair: (pair,) [s]."""
    if reach.shooter.size == 0:
        return np.zeros(0)
    return np.maximum.reduceat(reach.latest_launch_t_s, reach.offset[:-1])


def _last_order(
    reach: Reach, pair_last_t_s: Floats, asset_launch_delay_s: Floats, shooter_node: Integers
) -> Floats:
    """Last useful order against every object: (object,) [s], -inf when nothing reaches it."""
    objects = reach.start.shape[0] - 1
    latest = np.full(objects, -np.inf)
    owner = np.repeat(np.arange(objects), np.diff(reach.start))
    delay_s = asset_launch_delay_s[reach.shooter_asset[reach.shooter]]
    acts = shooter_node[reach.shooter] >= 0
    np.maximum.at(latest, owner[acts], (pair_last_t_s - delay_s)[acts])
    return latest
