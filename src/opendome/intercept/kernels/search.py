"""Which orbital interceptors come near enough to an object to be worth solving."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.intercept.kernels.flyout import flyout_range
from opendome.quantities.constants import MU_M3_S2, RADIUS_POLE_M
from opendome.world.constellations import fill_axes

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int32]

NODE_S = 20.0  # spacing of satellite states; Hermite error between them below 0.01 m in low orbit


@kernel
def shrink(flight_time_s: float) -> float:
    """Least share of the distance that the flyout itself must cover, the tide doing the rest.

    Model: the tide parts two paths at most with twice mu / r^3; with x^2 = 2 mu T^2 / r^3 the
    exact share is x / sinh x >= 1 - x^2 / 6; r is the polar radius, so the bound is safe.
    """
    rate = MU_M3_S2 / (RADIUS_POLE_M * RADIUS_POLE_M * RADIUS_POLE_M)
    return max(0.0, 1.0 - rate * flight_time_s * flight_time_s / 3.0)


@kernel
def search_radius(longest_s: float, acceleration_m_s2: float, burnout_speed_m_s: float) -> float:
    """Distance at intercept beyond which no flight of at most `longest_s` can succeed [m]."""
    share = shrink(longest_s)
    if longest_s <= 0.0:
        return -1.0
    if share <= 0.0:
        return math.inf
    return flyout_range(longest_s, acceleration_m_s2, burnout_speed_m_s) / share


@kernel
def node_block(
    j: int,
    node_t_s: float,
    launch_t_s: Floats,
    step_s: float,
    is_open: Flags,
    pos_eci_m: Floats,
) -> tuple[int, int, float]:
    """Open samples of object j nearest to a node: first, last, and how far it strays [m].

    Returns (-1, -1, 0) when there is none; the distance is from the first of them.
    """
    lowest = math.ceil((node_t_s - 0.5 * NODE_S - launch_t_s[j]) / step_s)
    highest = math.floor((node_t_s + 0.5 * NODE_S - launch_t_s[j]) / step_s)
    first, last, stray2 = -1, -1, 0.0
    for k in range(max(0, int(lowest)), min(is_open.shape[1] - 1, int(highest)) + 1):
        if not is_open[j, k]:
            continue
        if first < 0:
            first = k
        last = k
        x = pos_eci_m[j, k, 0] - pos_eci_m[j, first, 0]
        y = pos_eci_m[j, k, 1] - pos_eci_m[j, first, 1]
        z = pos_eci_m[j, k, 2] - pos_eci_m[j, first, 2]
        stray2 = max(stray2, x * x + y * y + z * z)
    return first, last, math.sqrt(stray2)


@kernel
def near_satellites(
    axes_eci_m: Floats,
    limit_m: float,
    x: float,
    y: float,
    z: float,
    node: int,
    first_node: Integers,
    last_node: Integers,
) -> None:
    """Note the node for every satellite within a distance of a point.

    axes_eci_m : (3, satellite) [m]     limit_m : [m]     x, y, z : the point [m]
    first_node, last_node : (satellite,) in and out
    """
    limit2 = limit_m * limit_m
    for i in range(axes_eci_m.shape[1]):
        dx = axes_eci_m[0, i] - x
        dy = axes_eci_m[1, i] - y
        dz = axes_eci_m[2, i] - z
        if dx * dx + dy * dy + dz * dz <= limit2:
            if first_node[i] < 0:
                first_node[i] = node
            last_node[i] = node


@kernel
def find_candidates(
    table: Floats,
    speed_max_m_s: float,
    launch_t_s: Floats,
    step_s: float,
    pos_eci_m: Floats,
    is_open: Flags,
    node0_t_s: float,
    nodes: int,
    acceleration_m_s2: float,
    burnout_speed_m_s: float,
    flight_time_max_s: float,
    first_node: Integers,
    last_node: Integers,
) -> None:
    """First and last node at which a satellite may reach an object: (object, satellite), else -1.

    table : (11, satellite) from `orbit_table`     speed_max_m_s : of any satellite
    Every pair with a finite latest launch is found; the test allows for all motion within half
    a node spacing and for the tide.
    """
    here = np.empty((3, table.shape[1]))
    for node in range(nodes):
        node_t_s = node0_t_s + node * NODE_S
        filled = False
        for j in range(launch_t_s.shape[0]):
            first, last, stray_m = node_block(j, node_t_s, launch_t_s, step_s, is_open, pos_eci_m)
            if first < 0:
                continue
            if not filled:
                fill_axes(table, node_t_s, here)
                filled = True
            longest_s = min(flight_time_max_s, last * step_s)
            radius_m = search_radius(longest_s, acceleration_m_s2, burnout_speed_m_s)
            if radius_m < 0.0:
                continue
            limit_m = radius_m + stray_m + 0.5 * NODE_S * speed_max_m_s
            near_satellites(
                here,
                limit_m,
                pos_eci_m[j, first, 0],
                pos_eci_m[j, first, 1],
                pos_eci_m[j, first, 2],
                node,
                first_node[j],
                last_node[j],
            )
