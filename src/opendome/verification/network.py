"""A network: light time, lines of sight, shortest ways, queues and cuts.

Authorities: the propagation delays of one geostationary hop printed in RFC 2488; the delays
over a pass of a satellite of M-Star on the slides of M. Emmelmann; plane geometry; enumeration
of every way of small graphs; the fluid queue in closed form.
"""

import dataclasses
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.network.graph import Group, Line, Network
from opendome.network.kernels.contact import fill_contacts
from opendome.network.kernels.paths import Ways, find_ways, new_ways
from opendome.network.kernels.plan import Clock
from opendome.network.kernels.queue import fluid_step
from opendome.quantities.constants import RADIUS_EQUATOR_M, SPEED_OF_LIGHT_M_S
from opendome.sensing.orbits import geostationary_axis_m
from opendome.verification.checks import Check
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import enu_axes
from opendome.world.kepler import Elements

Floats = npt.NDArray[np.float64]
Edges = Mapping[tuple[int, int], float]
Delay = Callable[[Network], float]
Queue = Callable[[float, float, float, float, float], tuple[float, float, float]]
Solve = Callable[[Edges, frozenset[int]], float]

MS = 1e-3
STEP_S = 10.0
# one geostationary hop, ground to ground: below the satellite, and at the edge of its view
RFC_2488_HOP_S = {90.0: 239.6 * MS, 0.0: 279.0 * MS}
# one way to a satellite of M-Star: overhead, and at an elevation of 20 degrees
EMMELMANN_S = {90.0: 4.5 * MS, 20.0: 9.0 * MS}
NODES = 6
GRAPHS = 150
P_EDGE = 0.45
SEED = 4


def flying(name: str, axis_m: float, places_rad: Sequence[float]) -> Group:
    """Satellites on the equator at angles from the first axis of ECI."""
    same = np.ones(len(places_rad))
    return Group(
        name=name,
        nation="US",
        names=tuple(f"{name} {k}" for k in range(len(places_rad))),
        elements=Elements(
            semi_major_axis_m=axis_m * same,
            eccentricity=0.0 * same,
            inclination_rad=0.0 * same,
            raan_rad=np.array(places_rad),
            argument_of_perigee_rad=0.0 * same,
            mean_anomaly_rad=0.0 * same,
        ),
    )


def standing(name: str, lon_rad: float, *, commands: bool = False, mask_rad: float = 0.0) -> Group:
    """A place on the equator."""
    lat, lon = np.zeros(1), np.array([lon_rad])
    return Group(
        name=name,
        nation="US",
        names=(name,),
        site_ecef_m=ecef_from_geodetic(lat, lon, np.zeros(1)).reshape(1, 3),
        up_ecef=enu_axes(lat, lon)[:, 2],
        mask_rad=mask_rad,
        commands=commands,
    )


def joined(groups: Sequence[Group], lines: Sequence[Line]) -> Network:
    """A network with nothing but groups and lines."""
    return Network(
        groups=tuple(groups), lines=tuple(lines), step_s=STEP_S, age_max_s=1e9, queue_max_s=1e9
    )


def ways_of(network: Network) -> Ways:
    """Ways to the command at one moment."""
    places = len(network.place_names)
    ways = new_ways(legs=1, steps=1, places=places, links=len(network.lines))
    clock = Clock(start_s=0.0, step_s=STEP_S, steps=1)
    ends = network.commands_of("US").reshape(1, places)
    find_ways(network.plan(0.0), clock, ends, np.ones((1, places), np.uint8), ways)
    return ways


def first_delay(network: Network) -> float:
    """Seconds from the first place to the command."""
    return float(ways_of(network).delay_s[0, 0, 0])


# --- light time ---------------------------------------------------------------------


def central_angle(axis_m: float, elevation_rad: float) -> float:
    """Angle at the centre between a place and a satellite seen at an elevation, on the equator."""
    return math.acos(RADIUS_EQUATOR_M * math.cos(elevation_rad) / axis_m) - elevation_rad


def hop_network(axis_m: float, elevation_deg: float, *, both: bool) -> Network:
    """A sensor, a satellite that it sees at an elevation, and the command on the other side."""
    away = central_angle(axis_m, math.radians(elevation_deg)) * (1.0 - 1e-9)
    relay = flying("relay", axis_m, [0.0])
    hq = standing("hq", -away, commands=True)
    if not both:
        return joined([relay, hq], [Line(name="down", ends=("relay", "hq"))])
    lines = [Line(name="up", ends=("sensor", "relay")), Line(name="down", ends=("relay", "hq"))]
    return joined([standing("sensor", away), relay, hq], lines)


def geostationary_error(delay: Delay = first_delay) -> float:
    """Largest departure from the hops of RFC 2488 [ms]."""
    axis_m = geostationary_axis_m()
    return max(
        abs(delay(hop_network(axis_m, elevation_deg, both=True)) - wanted_s) / MS
        for elevation_deg, wanted_s in RFC_2488_HOP_S.items()
    )


def down_only(network: Network) -> float:
    """Planted bug: the way up costs nothing."""
    lines = (
        dataclasses.replace(network.lines[0], fixed=True),
        *network.lines[1:],
    )
    return first_delay(dataclasses.replace(network, lines=lines))


def low_pass_error(delay: Delay = first_delay) -> float:
    """Departure from the delay at 20 degrees, of a satellite that is 4.5 ms up [ms]."""
    axis_m = RADIUS_EQUATOR_M + EMMELMANN_S[90.0] * SPEED_OF_LIGHT_M_S
    found_s = delay(hop_network(axis_m, 20.0, both=False))
    return abs(found_s - EMMELMANN_S[20.0]) / MS


def flat_earth(network: Network) -> float:
    """Planted bug: the slant range over a flat ground."""
    height_m = EMMELMANN_S[90.0] * SPEED_OF_LIGHT_M_S
    del network
    return height_m / math.sin(math.radians(20.0)) / SPEED_OF_LIGHT_M_S


def chain_error(delay: Delay = first_delay) -> float:
    """Largest error of the delay along half a ring of relays, against chords of a circle [us]."""
    errors: list[float] = []
    for count, height_m in ((8, 2.0e6), (12, 1.0e6), (24, 1.4e6)):
        axis_m = RADIUS_EQUATOR_M + height_m
        ring = flying("ring", axis_m, [math.tau * k / count for k in range(count)])
        hq = standing("hq", math.pi, commands=True)
        chord_m = 2.0 * axis_m * math.sin(math.pi / count)
        mesh = Line(name="mesh", ends=("ring", "ring"), range_max_m=1.01 * chord_m)
        down = Line(name="down", ends=("ring", "hq"), range_max_m=1.01 * height_m)
        wanted_s = (count / 2.0 * chord_m + height_m) / SPEED_OF_LIGHT_M_S
        errors.append(abs(delay(joined([ring, hq], [mesh, down])) - wanted_s) / MS**2)
    return max(errors)


def along_the_arc(network: Network) -> float:
    """Planted bug: the arc of the orbit in the place of the chords."""
    table = network.groups[0].elements
    axis_m = float(table.semi_major_axis_m[0]) if table is not None else math.nan
    down_m = axis_m - RADIUS_EQUATOR_M
    return (math.pi * axis_m + down_m) / SPEED_OF_LIGHT_M_S


# --- line of sight --------------------------------------------------------------------


def in_contact(network: Network) -> Floats:
    """Whether the first place is in contact with each of the others."""
    places = len(network.place_names)
    weight_s, link_of = np.empty((places, places)), np.empty((places, places), np.int32)
    scratch = np.empty((2, places, 3))
    fill_contacts(network.plan(0.0), 0.0, scratch[0], scratch[1], weight_s, link_of)
    return (link_of[0, 1:] >= 0).astype(np.float64)


def sight_error(contact: Callable[[Network], Floats] = in_contact) -> float:
    """Largest error of the angle at which contact ends: between satellites, and from the ground.

    Closed forms: 2 acos((R + h) / r) past a margin h, acos(R cos e / r) - e above a mask e.
    """
    angles = np.arange(0.001, 1.6, 0.001)
    errors: list[float] = []
    for height_m, margin_m, mask_rad in ((1.0e6, 1e5, 0.1), (1.5e6, 5e4, 0.2), (5e5, 0.0, 0.05)):
        axis_m = RADIUS_EQUATOR_M + height_m
        others = flying("others", axis_m, angles.tolist())
        first = flying("first", axis_m, [0.0])
        beam = Line(name="beam", ends=("first", "others"), margin_m=margin_m)
        seen = contact(joined([first, others], [beam]))
        wanted = 2.0 * math.acos((RADIUS_EQUATOR_M + margin_m) / axis_m)
        errors.append(abs(angles[seen > 0.0].max() - wanted))
        site = standing("first", 0.0, mask_rad=mask_rad)
        seen = contact(joined([site, others], [beam]))
        wanted = central_angle(axis_m, mask_rad)
        errors.append(abs(angles[seen > 0.0].max() - wanted))
    return max(errors)


def without_margin_and_mask(network: Network) -> Floats:
    """Planted bug: the bare Earth is all that hides."""
    groups = tuple(dataclasses.replace(group, mask_rad=0.0) for group in network.groups)
    lines = tuple(dataclasses.replace(line, margin_m=0.0) for line in network.lines)
    return in_contact(dataclasses.replace(network, groups=groups, lines=lines))


# --- ways and cuts ----------------------------------------------------------------------


def random_edges(number: int) -> Edges:
    """A graph of a few nodes with lengths, the same for a number every time."""
    kind = purpose("verification of ways")
    return {
        pair: 0.1 + uniform(SEED, kind, number, index, 1)
        for index, pair in enumerate(itertools.combinations(range(NODES), 2))
        if uniform(SEED, kind, number, index, 0) < P_EDGE
    }


def solve(edges: Edges, down: frozenset[int]) -> float:
    """Seconds from node 0 to the last by our kernels, some nodes down; inf without a way."""
    groups = [
        dataclasses.replace(
            standing(str(k), 0.0, commands=k == NODES - 1), works=np.array([k not in down])
        )
        for k in range(NODES)
    ]
    lines = [
        Line(name=f"{i}-{j}", ends=(str(i), str(j)), fixed=True, delay_s=seconds)
        for (i, j), seconds in edges.items()
    ]
    return first_delay(joined(groups, lines))


def every_way(edges: Edges, down: frozenset[int]) -> float:
    """The same by trying every simple way."""
    best = math.inf
    middle = [k for k in range(1, NODES - 1) if k not in down]
    for stops in range(len(middle) + 1):
        for between in itertools.permutations(middle, stops):
            way = [0, *between, NODES - 1]
            hops = [(min(a, b), max(a, b)) for a, b in itertools.pairwise(way)]
            best = min(best, sum(edges.get(hop, math.inf) for hop in hops))
    return best


def way_error(solver: Solve = solve) -> float:
    """Largest departure from the shortest of all simple ways [s]; inf where only one has any."""
    worst = 0.0
    for number in range(GRAPHS):
        edges = random_edges(number)
        found, wanted = solver(edges, frozenset()), every_way(edges, frozenset())
        if found != wanted:
            worst = max(worst, abs(found - wanted))
    return worst


def fewest_hops(edges: Edges, down: frozenset[int]) -> float:
    """Planted bug: the way with the fewest hops, whatever it takes."""
    counted = every_way(dict.fromkeys(edges, 1.0), down)
    if math.isinf(counted):
        return math.inf
    middle = [k for k in range(1, NODES - 1) if k not in down]
    for between in itertools.permutations(middle, round(counted) - 1):
        way = [0, *between, NODES - 1]
        hops = [(min(a, b), max(a, b)) for a, b in itertools.pairwise(way)]
        if all(hop in edges for hop in hops):
            return sum(edges[hop] for hop in hops)
    return math.inf


def cut_error(solver: Solve = solve) -> float:
    """Cases in which a set of nodes that are down cuts by our kernels and not by definition."""
    wrong = 0
    for number in range(GRAPHS // 5):
        edges = random_edges(number)
        for down in ({1}, {2}, {1, 2}, {3, 4}, {1, 3, 4}):
            away = frozenset(down)
            wrong += math.isinf(solver(edges, away)) != math.isinf(every_way(edges, away))
    return float(wrong)


def through_the_dead(edges: Edges, down: frozenset[int]) -> float:
    """Planted bug: what is down still carries."""
    del down
    return solve(edges, frozenset())


# --- queues -------------------------------------------------------------------------------


def queue_error(step: Queue = fluid_step) -> float:
    """Largest relative error of a queue under steady overload: its wait, then its losses.

    Closed form of a fluid: at load r > 1 the wait after t seconds is (r - 1) t, until the room
    is full; from then on the share 1 / r is kept.
    """
    worst = 0.0
    for load, rate_hz, room_s in ((1.5, 4.0, 80.0), (3.0, 1.0, 100.0), (1.1, 20.0, 12.0)):
        backlog, steps = 0.0, 40
        for k in range(steps):
            coming = load * rate_hz * STEP_S
            backlog, wait_s, kept = step(backlog, coming, rate_hz, STEP_S, room_s * rate_hz)
            full_s = room_s / (load - 1.0)
            if (k + 1) * STEP_S <= full_s:
                wanted_s = (load - 1.0) * (k + 0.5) * STEP_S
                worst = max(worst, abs(wait_s / wanted_s - 1.0), abs(kept - 1.0))
            elif k * STEP_S >= full_s:
                worst = max(worst, abs(wait_s / room_s - 1.0), abs(kept * load - 1.0))
    return worst


def forgetful_queue(
    backlog: float, coming: float, rate_hz: float, step_s: float, backlog_max: float
) -> tuple[float, float, float]:
    """Planted bug: what waited is gone at the next step."""
    del backlog
    return fluid_step(0.0, coming, rate_hz, step_s, backlog_max)


def _check(name: str, **parts: Any) -> Check:
    return Check(name=f"network/{name}", **parts)


CHECKS: tuple[Check, ...] = (
    _check(
        "geostationary-hop",
        claim="a geostationary hop takes 239.6 ms below the satellite and 279 ms at the edge",
        authority="RFC 2488 (1999), section 2, for a height of about 36,000 km",
        unit="ms",
        tolerance=1.5,
        measure=geostationary_error,
        planted_bug=down_only,
        bug="only the way down takes time",
    ),
    _check(
        "low-pass",
        claim="a satellite that is 4.5 ms away overhead is 9 ms away at 20 degrees",
        authority="M. Emmelmann, slides on routing in M-Star, SIMTO workshop 2001",
        unit="ms",
        tolerance=0.05,
        measure=low_pass_error,
        planted_bug=flat_earth,
        bug="the slant range over a flat ground",
    ),
    _check(
        "relay-chain",
        claim="half a ring of optical relays and a downlink take the time of their chords",
        authority="chords of a circle",
        unit="us",
        tolerance=1e-3,
        measure=chain_error,
        planted_bug=along_the_arc,
        bug="the arc of the orbit in the place of the chords",
    ),
    _check(
        "line-of-sight",
        claim="contact ends where the line meets the margin, or the satellite the mask",
        authority="plane geometry, stepped by 1 mrad",
        unit="rad",
        tolerance=1e-3,
        measure=sight_error,
        planted_bug=without_margin_and_mask,
        bug="no margin and no mask",
    ),
    _check(
        "shortest-way",
        claim="the way found is the shortest of all simple ways",
        authority="every way of 150 random graphs of six nodes",
        unit="s",
        tolerance=1e-12,
        measure=way_error,
        planted_bug=fewest_hops,
        bug="the way with the fewest hops",
    ),
    _check(
        "cut-set",
        claim="nodes that are down cut a network exactly when no way avoids them",
        authority="every way of 30 random graphs, five sets of nodes each",
        unit="cases",
        tolerance=0.0,
        measure=cut_error,
        planted_bug=through_the_dead,
        bug="what is down still carries",
    ),
    _check(
        "queue",
        claim="under steady overload the wait grows as (load - 1) t, and a full queue keeps 1/load",
        authority="fluid queue in closed form",
        unit="relative",
        tolerance=1e-12,
        measure=queue_error,
        planted_bug=forgetful_queue,
        bug="a queue that forgets at every step",
    ),
)
