"""Who is in contact with whom at a moment, and how long a message takes between them."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.network.kernels.plan import Plan
from opendome.quantities.constants import ROTATION_RAD_S, SPEED_OF_LIGHT_M_S
from opendome.world.constellations import satellite_state
from opendome.world.frames import rotate_z
from opendome.world.visibility import line_of_sight_ellipsoid

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]


@kernel
def fill_places(plan: Plan, t_s: float, pos_eci_m: Floats, up_eci: Floats) -> None:
    """Where every place is at a moment, and its vertical: (place, 3), written."""
    turn = -(plan.era_epoch_rad + ROTATION_RAD_S * t_s)
    for i in range(plan.places.shape[0]):
        orbit = plan.places[i]["orbit"]
        if orbit >= 0:
            x, y, z, _, _, _ = satellite_state(plan.orbits, orbit, t_s)
            up_eci[i] = 0.0
        else:
            site, up = plan.site_ecef_m[i], plan.up_ecef[i]
            x, y, z = rotate_z(site[0], site[1], site[2], turn)
            up_eci[i, 0], up_eci[i, 1], up_eci[i, 2] = rotate_z(up[0], up[1], up[2], turn)
        pos_eci_m[i, 0] = x
        pos_eci_m[i, 1] = y
        pos_eci_m[i, 2] = z


@kernel
def fill_working(plan: Plan, t_s: float, place_works: Bytes, link_works: Bytes) -> None:
    """Which places and links work at a moment: (place,) and (link,), written."""
    for i in range(plan.places.shape[0]):
        place_works[i] = plan.places[i]["works"]
    for i in range(plan.links.shape[0]):
        link_works[i] = plan.links[i]["works"]
    for i in range(plan.outages.shape[0]):
        outage = plan.outages[i]
        if not outage["from_s"] <= t_s < outage["to_s"]:
            continue
        if outage["link"] >= 0:
            link_works[outage["link"]] = 0
        for place in range(outage["first_place"], outage["end_place"]):
            place_works[place] = 0


@kernel
def above_mask(
    dx: float, dy: float, dz: float, distance_m: float, up: Floats, sin_mask: float
) -> bool:
    """Whether a direction from a place on the ground stands above its mask.

    dx, dy, dz : to the other place [m]     distance_m : their length [m]
    up : (3,) vertical of the place     sin_mask : sine of the lowest elevation
    """
    return dx * up[0] + dy * up[1] + dz * up[2] >= sin_mask * distance_m


@kernel
def in_contact(plan: Plan, link: int, i: int, j: int, pos: Floats, up: Floats) -> float:
    """Distance between two places that a link without a line can bridge, inf if it cannot [m].

    pos, up : (place, 3) from `fill_places`
    Model: within the range of the link; between satellites the straight line clears the
    ellipsoid and the margin of the link; from the ground the other stands above the mask of
    the place and of the link; between two places on the ground the line clears the ellipsoid.
    Valid for: straight rays; no terrain, no weather.
    """
    rule = plan.links[link]
    dx, dy, dz = pos[j, 0] - pos[i, 0], pos[j, 1] - pos[i, 1], pos[j, 2] - pos[i, 2]
    distance_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    if distance_m > rule["range_max_m"]:
        return math.inf
    first_flies = plan.places[i]["orbit"] >= 0
    second_flies = plan.places[j]["orbit"] >= 0
    if first_flies == second_flies:
        margin_m = rule["margin_m"] if first_flies else 0.0
        clear = line_of_sight_ellipsoid(
            pos[i, 0], pos[i, 1], pos[i, 2], pos[j, 0], pos[j, 1], pos[j, 2], margin_m
        )
    elif second_flies:
        mask = max(plan.places[i]["sin_mask"], rule["sin_elevation_min"])
        clear = above_mask(dx, dy, dz, distance_m, up[i], mask)
    else:
        mask = max(plan.places[j]["sin_mask"], rule["sin_elevation_min"])
        clear = above_mask(-dx, -dy, -dz, distance_m, up[j], mask)
    return distance_m if clear else math.inf


@kernel
def beside(first: int, second: int, planes: int, slots: int, shift: int) -> bool:
    """Whether two satellites of a pattern are neighbours: in a plane, or in the next one.

    first, second : numbers in the pattern, plane by plane     planes, slots : of the pattern
    shift : slots by which the first plane is ahead, seen from the last; -1 for a seam between
    Model: one before and one behind in the plane, one in each plane beside it: four terminals.
    """
    plane, slot = first // slots, first % slots
    other_plane, other_slot = second // slots, second % slots
    along = (slot - other_slot) % slots
    if plane == other_plane:
        return along == 1 or along == slots - 1
    if abs(plane - other_plane) == 1 and along == 0:
        return True
    if shift < 0 or abs(plane - other_plane) != planes - 1:
        return False
    low, high = min(first, second), max(first, second)
    return (low % slots - high % slots - shift) % slots == 0


@kernel
def hop_delay(distance_m: float, delay_s: float, rate_hz: float) -> float:
    """Seconds of one hop without a queue: light time, what the link adds, time to send.

    Model: d / c + delay + 1 / rate.  Source: definition.
    """
    return distance_m / SPEED_OF_LIGHT_M_S + delay_s + 1.0 / rate_hz


@kernel
def fill_contacts(
    plan: Plan, t_s: float, pos: Floats, up: Floats, weight_s: Floats, link_of: Numbers
) -> None:
    """Every pair in contact at a moment.

    pos, up : (place, 3) scratch     weight_s : (place, place) seconds of the fastest hop, inf
    without contact, written     link_of : (place, place) the link it takes, -1 without, written
    """
    fill_places(plan, t_s, pos, up)
    place_works = np.empty(plan.places.shape[0], np.uint8)
    link_works = np.empty(plan.links.shape[0], np.uint8)
    fill_working(plan, t_s, place_works, link_works)
    weight_s[:] = math.inf
    link_of[:] = -1
    for link in range(plan.links.shape[0]):
        if not link_works[link]:
            continue
        rule = plan.links[link]
        same = rule["first_a"] == rule["first_b"]
        for i in range(rule["first_a"], rule["end_a"]):
            if place_works[i]:
                first = i + 1 if same else rule["first_b"]
                join_contacts(plan, link, i, first, place_works, pos, up, weight_s, link_of)


@kernel
def join_contacts(
    plan: Plan,
    link: int,
    i: int,
    first: int,
    place_works: Bytes,
    pos: Floats,
    up: Floats,
    weight_s: Floats,
    link_of: Numbers,
) -> None:
    """Contacts of place `i` by one link with the places from `first` on."""
    rule = plan.links[link]
    for j in range(first, rule["end_b"]):
        if not place_works[j] or i == j:
            continue
        start = rule["first_a"]
        if rule["planes"] > 0 and not beside(
            i - start, j - start, rule["planes"], rule["slots"], rule["shift"]
        ):
            continue
        distance_m = 0.0 if rule["line"] else in_contact(plan, link, i, j, pos, up)
        seconds = hop_delay(distance_m, rule["delay_s"], rule["rate_hz"])
        if seconds < weight_s[i, j]:
            weight_s[i, j] = seconds
            weight_s[j, i] = seconds
            link_of[i, j] = link
            link_of[j, i] = link
