"""Which objects a radar follows: it holds so many tracks at full rate and no more."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.course import Way, site_at
from opendome.sensing.kernels.flight import Flight, position_at, sample_before
from opendome.sensing.kernels.radar import Site

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHARED, FIRST_COME, NEWEST, CLOSING = 0, 1, 2, 3
CLOSING_STEP_S = 1.0  # over which the range must fall for an object to close


@kernel
def tracks_at_most(look_interval_s: float, look_budget_hz: float) -> int:
    """Most tracks that can be looked at every `look_interval_s` with so many looks a second.

    Model: floor(budget * interval); 1 at least.  Source: definition.
    """
    return max(1, math.floor(look_budget_hz * look_interval_s * (1.0 + 1e-12)))


@kernel
def time_to_radar(
    flight: Flight, site: Site, way: Way | None, era_epoch_rad: float, obj: int, t_s: float
) -> float:
    """Time until an object would reach a radar, inf for one that does not come nearer [s].

    Model: range over the speed at which it falls.  Valid for: a rank of threats, no forecast.
    """
    now = _range(flight, site, way, era_epoch_rad, obj, t_s)
    then = _range(flight, site, way, era_epoch_rad, obj, t_s + CLOSING_STEP_S)
    return now * CLOSING_STEP_S / (now - then) if then < now else math.inf


@kernel
def _range(
    flight: Flight, site: Site, way: Way | None, era_epoch_rad: float, obj: int, t_s: float
) -> float:
    """Distance from a radar to an object at a moment [m]."""
    k = sample_before(t_s, flight.launch_t_s[obj], flight.step_s, flight.samples[obj])
    x, y, z = position_at(flight, obj, k, t_s)
    theta = era_epoch_rad + ROTATION_RAD_S * t_s
    c = math.cos(theta)
    s = math.sin(theta)
    here = site_at(site, way, t_s)
    dx = c * x + s * y - here.x
    dy = c * y - s * x - here.y
    dz = z - here.z
    return math.sqrt(dx * dx + dy * dy + dz * dz)


@kernel
def _victim(
    flight: Flight,
    site: Site,
    way: Way | None,
    era_epoch_rad: float,
    priority: int,
    stay_obj: Integers,
    admitted: Integers,
    newcomer: int,
    t_s: float,
) -> int:
    """Stay that gives way to a newcomer, -1 if none does."""
    chosen = -1
    if priority == FIRST_COME:
        return chosen
    worst = -math.inf
    if priority == CLOSING:
        obj = int(stay_obj[newcomer])
        worst = time_to_radar(flight, site, way, era_epoch_rad, obj, t_s)
    for stay in range(admitted.shape[0]):
        if admitted[stay] < 0:
            continue
        rank = -float(admitted[stay])
        if priority == CLOSING:
            obj = int(stay_obj[stay])
            rank = time_to_radar(flight, site, way, era_epoch_rad, obj, t_s)
        if rank > worst:
            chosen = stay
            worst = rank
    return chosen


@kernel
def hold_tracks(
    flight: Flight,
    site: Site,
    way: Way | None,
    era_epoch_rad: float,
    look_budget_hz: float,
    priority: int,
    stay_obj: Integers,
    leave_t_s: Floats,
    hit_stay: Integers,
    hit_t_s: Floats,
    granted_stay: Integers,
    granted_t_s: Floats,
) -> int:
    """Grant looks to the objects that are followed, in order of time; returns how many.

    look_budget_hz : looks a second that are left for tracks [1/s]
    priority : SHARED holds all; else `tracks_at_most` are held, and of a newcomer that finds
        no room FIRST_COME refuses it, NEWEST drops the one held longest, CLOSING drops the one
        that would reach the radar last, unless that is the newcomer; none is taken up while
        looks are late by more than one interval
    stay_obj, leave_t_s : (stay,)     hit_stay, hit_t_s : (hit,) moments at which an object that
        is not followed may be taken up, sorted by time
    granted_stay, granted_t_s : (room,) filled with the stay and the time of each look; room for
        every hit and for (leave - enter) / interval + 2 of each stay
    Model: the queue of `grant_looks`; an object asks for its first look when it is taken up,
    and frees its place when a look falls due after it has left.
    Valid for: a radar that knows at once what it has lost; one look of one object at a time.
    Source: project model.
    """
    stays = stay_obj.shape[0]
    service_s = 1.0 / look_budget_hz
    places = stays
    if priority != SHARED:
        places = tracks_at_most(site.look_interval_s, look_budget_hz)
    ring_stay, ring_due_s = np.empty(stays, np.int64), np.empty(stays, np.float64)
    admitted = np.full(stays, -1, np.int64)  # order of being taken up, -1 while not followed
    waiting, head, hit, granted = 0, 0, 0, 0
    free_s = -np.inf
    while hit < hit_stay.shape[0] or waiting > 0:
        again = waiting > 0 and (hit == hit_stay.shape[0] or ring_due_s[head] <= hit_t_s[hit])
        if again:
            stay = int(ring_stay[head])
            due_s = ring_due_s[head]
            head = (head + 1) % stays
            waiting -= 1
        else:
            stay = int(hit_stay[hit])
            due_s = hit_t_s[hit]
            hit += 1
            late = priority != SHARED and free_s > due_s + site.look_interval_s
            if admitted[stay] >= 0 or late:
                continue
            if waiting >= places:
                victim = _victim(
                    flight, site, way, era_epoch_rad, priority, stay_obj, admitted, stay, due_s
                )
                if victim < 0:
                    continue
                waiting = _drop(ring_stay, ring_due_s, head, waiting, victim, admitted)
            admitted[stay] = hit
        t_s = max(due_s, free_s)
        if t_s > leave_t_s[stay]:
            admitted[stay] = -1
            continue
        granted_stay[granted] = stay
        granted_t_s[granted] = t_s
        granted += 1
        free_s = t_s + service_s
        tail = (head + waiting) % stays
        ring_stay[tail] = stay
        ring_due_s[tail] = t_s + site.look_interval_s
        waiting += 1
    return granted


@kernel
def _drop(
    ring_stay: Integers,
    ring_due_s: Floats,
    head: int,
    waiting: int,
    stay: int,
    admitted: Integers,
) -> int:
    """Take a stay out of the ring, those behind it move up; returns the requests still waiting."""
    admitted[stay] = -1
    stays = ring_stay.shape[0]
    found = False
    for place in range(waiting):
        at = (head + place) % stays
        if found:
            before = (at - 1) % stays
            ring_stay[before] = ring_stay[at]
            ring_due_s[before] = ring_due_s[at]
        found = found or ring_stay[at] == stay
    return waiting - 1
