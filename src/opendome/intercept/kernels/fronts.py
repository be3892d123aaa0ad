"""Flyout table of a surface interceptor: how far it has got in each direction after each time.

Row k holds, for directions evenly spaced in the sine of the elevation above the site's horizon,
the square root of the slant range that some flight has reached by time k. Rows never fall, so
the least time of flight to a point is found by walking down a column. The root makes the table
nearly straight in time both while burning and while coasting.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.intercept.kernels.ascent import fly
from opendome.quantities.constants import MU_M3_S2, RADIUS_MEAN_M, ROTATION_RAD_S

Floats = npt.NDArray[np.float64]

WEIGHT_M_S2 = MU_M3_S2 / (RADIUS_MEAN_M * RADIUS_MEAN_M)


@kernel
def draw_front(
    sine_from: float,
    root_from: float,
    sine_to: float,
    root_to: float,
    sine_min: float,
    sine_step: float,
    row: Floats,
) -> None:
    """Raise the row of a table to a piece of front between two neighbouring flights."""
    if math.isnan(sine_from) or math.isnan(sine_to):
        return
    if sine_to < sine_from:
        sine_from, sine_to = sine_to, sine_from
        root_from, root_to = root_to, root_from
    first = max(0, math.ceil((sine_from - sine_min) / sine_step - 1e-9))
    last = min(row.shape[0] - 1, math.floor((sine_to - sine_min) / sine_step + 1e-9))
    for m in range(first, last + 1):
        share = 1.0
        if sine_to > sine_from:
            share = (sine_min + m * sine_step - sine_from) / (sine_to - sine_from)
        root = root_from + min(1.0, max(0.0, share)) * (root_to - root_from)
        if not row[m] >= root:
            row[m] = root


@kernel
def keep_front(before: Floats, row: Floats) -> None:
    """What was reached at one time stays reached at the next."""
    for m in range(row.shape[0]):
        if before[m] >= 0.0 and not row[m] >= before[m]:
            row[m] = before[m]


@kernel
def draw_row(sine: Floats, root: Floats, sine_min: float, row: Floats) -> None:
    """Raise the row of a table to the front of all flights at one time.

    sine, root : (flight,) neighbours next to each other, NaN when a flight has ended
    The lowest flight stands for the directions up to one column below it too, so that a point
    between it and the ground is not lost.
    """
    sine_step = (1.0 - sine_min) / (row.shape[0] - 1)
    low = 0
    for j in range(sine.shape[0]):
        if math.isnan(sine[low]) or sine[j] < sine[low]:
            low = j
        if j > 0:
            draw_front(sine[j - 1], root[j - 1], sine[j], root[j], sine_min, sine_step, row)
    below = sine[low] - sine_step
    draw_front(below, root[low], sine[low], root[low], sine_min, sine_step, row)


@kernel
def add_fronts(
    kicks_rad: Floats,
    thrust_m_s2: float,
    burn_nodes: int,
    times_s: Floats,
    ballistic_coefficient_kg_m2: float,
    error_max_m_s: float,
    sine_min: float,
    fronts: Floats,
) -> None:
    """Raise a flyout table, (time, direction) root of the slant range reached, to more flights.

    fronts : in and out; NaN where no flight has got yet
    kicks_rad : (flight,) one elevation of the kick for each flight, in order [rad]
    The other inputs: as `ascent.fly`.
    """
    flights = kicks_rad.shape[0]
    count = times_s.shape[0]
    sine = np.empty((count, flights))
    root = np.empty((count, flights))
    for j in range(flights):
        fly(
            kicks_rad[j],
            thrust_m_s2,
            burn_nodes,
            times_s,
            ballistic_coefficient_kg_m2,
            error_max_m_s,
            j,
            sine,
            root,
        )
    for k in range(count):
        if k > 0:
            keep_front(fronts[k - 1], fronts[k])
        draw_row(sine[k], root[k], sine_min, fronts[k])


@kernel
def front_time(
    fronts: Floats, times_s: Floats, sine_min: float, sine: float, range_m: float, hint: int
) -> tuple[float, int]:
    """Least time of flight to a direction and slant range [s], and the row it was found at.

    sine : of the elevation above the site's horizon     range_m : slant range [m]
    hint : row to start from, such as that of a nearby point
    Returns (NaN, hint) where no flight of the table gets.
    """
    directions = fronts.shape[1]
    place = (sine - sine_min) * (directions - 1) / (1.0 - sine_min)
    if not (0.0 <= place <= directions - 1 + 1e-6):
        return math.nan, hint
    m = min(directions - 2, int(place))
    share = min(1.0, place - m)
    root = math.sqrt(range_m)
    k = min(max(0, hint), fronts.shape[0] - 2)
    low = (1.0 - share) * fronts[k, m] + share * fronts[k, m + 1]
    while k > 0 and low > root:
        k -= 1
        low = (1.0 - share) * fronts[k, m] + share * fronts[k, m + 1]
    high = (1.0 - share) * fronts[k + 1, m] + share * fronts[k + 1, m + 1]
    while not high >= root:
        k += 1
        if k + 1 >= fronts.shape[0]:
            return math.nan, hint
        low = high
        high = (1.0 - share) * fronts[k + 1, m] + share * fronts[k + 1, m + 1]
    if not low <= root:
        return math.nan, hint
    if high <= low:
        return times_s[k], k
    return times_s[k] + (times_s[k + 1] - times_s[k]) * (root - low) / (high - low), k


@kernel
def flyout_time_of(
    fronts: Floats,
    times_s: Floats,
    sine_min: float,
    burn_time_s: float,
    up: tuple[float, float, float],
    relative: tuple[float, float, float],
    last_s: float,
    hint: int,
) -> tuple[float, int]:
    """Least time of flight from a turning site to a point [s], and the row it was found at.

    burn_time_s : tb [s]     up : unit vector, site's vertical, Earth-fixed
    relative : point less site, Earth-fixed [m]
    last_s : time of flight T to a nearby point, or NaN     hint : its row
    Model: the Coriolis acceleration displaces an interceptor by -2 omega x (integral of its
    position). For constant acceleration until tb, then a parabola, that integral is
    k T relative / 2 + up g (T - tb)^3 / 12, k = (1 - s + s^2 / 3) / (1 - s / 2), s = tb / T.
    The table, which knows no rotation, is asked for the point moved the other way.
    Valid for: flights of up to half an hour, within 0.3 % of the time of flight; the centrifugal
    part, 0.3 % of gravity, and J2 are left out.
    Source: definition (Coriolis acceleration, first order in omega T).
    """
    x, y, z = relative
    flight_s = last_s
    passes = 1
    if math.isnan(last_s):
        flight_s = burn_time_s
        passes = 2
    for _ in range(passes):
        s = min(1.0, burn_time_s / flight_s)
        turn = ROTATION_RAD_S * flight_s * (1.0 - s + s * s / 3.0) / (1.0 - 0.5 * s)
        coast_s = max(0.0, flight_s - burn_time_s)
        lift = ROTATION_RAD_S * WEIGHT_M_S2 * coast_s * coast_s * coast_s / 6.0
        ex = x - turn * y - lift * up[1]
        ey = y + turn * x + lift * up[0]
        range_m = math.sqrt(ex * ex + ey * ey + z * z)
        sine = min(1.0, (ex * up[0] + ey * up[1] + z * up[2]) / range_m)
        flight_s, hint = front_time(fronts, times_s, sine_min, sine, range_m, hint)
        if math.isnan(flight_s):
            break
    return flight_s, hint
