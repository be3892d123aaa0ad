"""Who is looked at when: one radar shares its looks among the objects in its view."""

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def looks_at_most(enter_t_s: Floats, leave_t_s: Floats, look_interval_s: float) -> int:
    """Most looks that `grant_looks` can grant for these stays in view."""
    return int(np.sum((leave_t_s - enter_t_s) / look_interval_s + 2.0))


@kernel
def grant_looks(
    enter_t_s: Floats,
    leave_t_s: Floats,
    look_interval_s: float,
    look_budget_hz: float,
    granted_stay: Integers,
    granted_t_s: Floats,
) -> int:
    """Grant looks in order of time until every object has left; returns how many.

    enter_t_s, leave_t_s : (stay,) from when to when an object is in view, sorted by `enter_t_s`
    look_interval_s : time between two looks at one object [s]
    look_budget_hz : looks the radar can make in a second, all objects together [1/s]
    granted_stay, granted_t_s : (room,) filled with the stay and the time of each look;
        room as `looks_at_most` says
    Model: a queue. An object asks for a look when it enters, and again one interval after
    each look. Requests are served in the order in which they fall due, each for
    1 / budget seconds; a request of an object that has left is dropped. So n objects are
    seen every max(look_interval, n / look_budget) seconds, and no time span of length W
    holds more than W * budget + 1 looks. Who is in view depends on geometry alone: more
    power never moves a look.
    Valid for: objects known as soon as they are in view (search is not modelled).
    Source: project model; L. Kleinrock, Queueing Systems vol. 1, 1975 (round robin).
    """
    stays = enter_t_s.shape[0]
    service_s = 1.0 / look_budget_hz
    # requests for a further look fall due in the order in which they are made: a ring is enough
    ring_stay = np.empty(stays, np.int64)
    ring_due_s = np.empty(stays, np.float64)
    head = 0
    waiting = 0
    entered = 0
    granted = 0
    free_s = -np.inf
    while entered < stays or waiting > 0:
        again = waiting > 0 and (entered == stays or ring_due_s[head] <= enter_t_s[entered])
        if again:
            stay = ring_stay[head]
            due_s = ring_due_s[head]
            head = (head + 1) % stays
            waiting -= 1
        else:
            stay = entered
            due_s = enter_t_s[entered]
            entered += 1
        t_s = max(due_s, free_s)
        if t_s > leave_t_s[stay]:
            continue
        granted_stay[granted] = stay
        granted_t_s[granted] = t_s
        granted += 1
        free_s = t_s + service_s
        tail = (head + waiting) % stays
        ring_stay[tail] = stay
        ring_due_s[tail] = t_s + look_interval_s
        waiting += 1
    return granted
