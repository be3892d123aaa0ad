"""Where an object will fall, as a distribution on the ground, and what that may cost."""

import math
from typing import Any

import numpy as np

from opendome.compiled import table_kernel

Floats = Any  # numpy array of float64 inside a kernel
Rows = Any  # table of IMPACT_PLACE

IMPACT_PLACE = np.dtype(
    [
        ("value", "f8"),
        ("first_vertex", "i8"),
        ("end_vertex", "i8"),
        ("east_m", "f8"),
        ("north_m", "f8"),
        ("radius_m", "f8"),
    ]
)

SIGMAS_MAX = 7.0  # a standard normal of two axes leaves this circle once in 4e10
LEVEL = 0.03125  # sine of about 2 degrees: what falls flatter is projected as if it fell so
PANEL = 2.0  # longest piece of an edge, in standard deviations, that one rule sums up
SMALLEST_M2 = 1e-6  # a spread of 1 mm on each axis stands for none
NOISE = 1e-10  # error of a sum of triangles: a chance below it is none

# Gauss-Legendre rule of eight points on -1..1; source: Abramowitz and Stegun (1964), table 25.4.
NODES = (
    0.1834346424956498,
    0.5255324099163290,
    0.7966664774136267,
    0.9602898564975363,
)
WEIGHTS = (
    0.3626837833783620,
    0.3137066458778873,
    0.2223810344533745,
    0.1012285362903763,
)


@table_kernel
def ground_spread(
    cov: Floats,
    age_s: float,
    velocity_m_s: Floats,
    east: Floats,
    north: Floats,
    up: Floats,
) -> tuple[float, float, float]:
    """Covariance of the impact point on the ground: (east-east, east-north, north-north) [m2].

    cov : (6, 6) of position and velocity at the last detection [m2, m2/s, m2/s2]; only its
        upper triangle is read     age_s : from then to the impact [s]
    velocity_m_s : (3,) relative to the ground, at the impact     east, north, up : (3,) unit
        vectors there; all in one frame
    Model: errors run straight for `age_s`, ``P_rr + t (P_rv + P_vr) + t^2 P_vv``; an error of
    position moves the impact along the path to the ground, ``A = (I - v u' / (u . v)) `` seen
    from above, so that the spread is ``A P A'``.
    Valid for: errors small against the way left; falls steeper than 2 degrees, what is flatter
    counts as that steep; no pull of gravity on the error, as in the error of a prediction.
    Source: first-order propagation of a covariance (definition).
    """
    fall = velocity_m_s[0] * up[0] + velocity_m_s[1] * up[1] + velocity_m_s[2] * up[2]
    speed = math.sqrt(velocity_m_s[0] ** 2 + velocity_m_s[1] ** 2 + velocity_m_s[2] ** 2)
    fall = min(fall, -LEVEL * speed)
    slope_e = slope_n = 0.0
    if fall < 0.0:
        for i in range(3):
            slope_e += east[i] * velocity_m_s[i] / fall
            slope_n += north[i] * velocity_m_s[i] / fall
    xx = xy = yy = 0.0
    for i in range(3):
        row_e = east[i] - slope_e * up[i]
        row_n = north[i] - slope_n * up[i]
        for j in range(3):
            low, high = min(i, j), max(i, j)
            moved = cov[i, j + 3] + cov[j, i + 3] + age_s * cov[low + 3, high + 3]
            part = cov[low, high] + age_s * moved
            xx += row_e * part * (east[j] - slope_e * up[j])
            xy += row_e * part * (north[j] - slope_n * up[j])
            yy += row_n * part * (north[j] - slope_n * up[j])
    return xx, xy, yy


@table_kernel
def rise(u: float) -> float:
    """``(1 - exp(-u)) / u``, 1 at 0."""
    return 1.0 if u <= 0.0 else -math.expm1(-u) / u


@table_kernel
def p_triangle(height: float, along_a: float, along_b: float) -> float:
    """Standard normal of two axes over the triangle of the origin and an edge, with its sign.

    height : distance of the edge's line from the origin, with the sign of the turn
    along_a, along_b : ends of the edge along its line, from the foot of the origin
    Model: in polar coordinates the triangle holds
    ``1/2pi int h g((h^2 + t^2) / 2) / 2 dt`` with g = `rise`; a smooth integrand, summed in
    panels where it is not yet ``1 / u``, and beyond those an angle.
    """
    half = math.sqrt(max(0.0, SIGMAS_MAX * SIGMAS_MAX - height * height))
    low, high = min(along_a, along_b), max(along_a, along_b)
    near_low, near_high = max(low, min(high, -half)), min(high, max(low, half))
    width = abs(height)
    total = math.atan2(near_low, width) - math.atan2(low, width)
    total += math.atan2(high, width) - math.atan2(near_high, width)
    if near_high > near_low:
        panels = math.ceil((near_high - near_low) / PANEL)
        step = (near_high - near_low) / panels
        summed = 0.0
        for panel in range(panels):
            middle = near_low + (panel + 0.5) * step
            for k in range(len(NODES)):
                for sign in (-1.0, 1.0):
                    t = middle + sign * 0.5 * step * NODES[k]
                    summed += WEIGHTS[k] * rise(0.5 * (height * height + t * t))
        total += width * 0.25 * step * summed
    sense = math.copysign(1.0, height) * math.copysign(1.0, along_b - along_a)
    return sense * total / math.tau


@table_kernel
def p_in_polygon(
    vertices_m: Floats,
    first: int,
    end: int,
    x_m: float,
    y_m: float,
    xx_m2: float,
    xy_m2: float,
    yy_m2: float,
) -> float:
    """Chance that a point with a normal error lies inside a polygon.

    vertices_m : (vertex, 2) corners; those in first..end are the polygon, which closes itself
    x_m, y_m : expected point     xx_m2, xy_m2, yy_m2 : its covariance
    Returns a probability, 0 where it is below 1e-10; NaN for what is not a number.
    Model: whitened by the Cholesky factor the error is standard; each edge adds the triangle it
    forms with the expected point, with the sign of its turn.
    Valid for: polygons that do not cross themselves, either sense; error below 1e-10.
    Source: M. G. Kendall's device of summing triangles around the mean, as in A. R. DiDonato,
    M. P. Jarnagin, R. K. Hageman, Computation of the integral of the bivariate normal
    distribution over convex polygons, SIAM J. Sci. Stat. Comput. 1 (1980); the sum of signed
    triangles holds for any polygon.
    """
    a = math.sqrt(max(xx_m2, SMALLEST_M2))
    b = xy_m2 / a
    c = math.sqrt(max(yy_m2 - b * b, SMALLEST_M2))
    from_x = (vertices_m[end - 1, 0] - x_m) / a
    from_y = (vertices_m[end - 1, 1] - y_m - b * from_x) / c
    total = 0.0
    for k in range(first, end):
        to_x = (vertices_m[k, 0] - x_m) / a
        to_y = (vertices_m[k, 1] - y_m - b * to_x) / c
        step_x, step_y = to_x - from_x, to_y - from_y
        length = math.sqrt(step_x * step_x + step_y * step_y)
        if length > 0.0:
            height = (from_x * to_y - from_y * to_x) / length
            along_a = (from_x * step_x + from_y * step_y) / length
            along_b = (to_x * step_x + to_y * step_y) / length
            total += p_triangle(height, along_a, along_b)
        elif math.isnan(length):
            return math.nan
        from_x, from_y = to_x, to_y
    inside = min(1.0, abs(total))
    return 0.0 if inside < NOISE else inside


@table_kernel
def far_away(place: Any, x_m: float, y_m: float, reach_m: float) -> bool:
    """Whether the circle around a place is farther from a point than `reach_m`."""
    east_m, north_m = place["east_m"] - x_m, place["north_m"] - y_m
    room_m = place["radius_m"] + reach_m
    return east_m * east_m + north_m * north_m > room_m * room_m


@table_kernel
def widest_sigma(xx_m2: float, xy_m2: float, yy_m2: float) -> float:
    """Standard deviation along the longest axis of a covariance [m]."""
    half = 0.5 * (xx_m2 - yy_m2)
    return math.sqrt(max(0.0, 0.5 * (xx_m2 + yy_m2) + math.sqrt(half * half + xy_m2 * xy_m2)))


@table_kernel
def expected_loss(
    places: Rows,
    vertices_m: Floats,
    first: int,
    end: int,
    x_m: float,
    y_m: float,
    xx_m2: float,
    xy_m2: float,
    yy_m2: float,
) -> float:
    """Value that an object is expected to cost if nobody stops it.

    places : (row,) of IMPACT_PLACE; first..end are those of the object
    vertices_m : (vertex, 2) of all of them, from the true impact of the object
    x_m, y_m : where it is believed to fall, from its true impact     xx.. : covariance of that
    Model: sum over places of value times the chance to fall inside; places may overlap.
    Valid for: what lies within the reach of the table; a place farther than 7 standard
    deviations adds nothing.
    """
    reach_m = SIGMAS_MAX * widest_sigma(xx_m2, xy_m2, yy_m2)
    loss = 0.0
    for row in range(first, end):
        place = places[row]
        if place["value"] > 0.0 and not far_away(place, x_m, y_m, reach_m):
            loss += place["value"] * p_in_polygon(
                vertices_m,
                place["first_vertex"],
                place["end_vertex"],
                x_m,
                y_m,
                xx_m2,
                xy_m2,
                yy_m2,
            )
    return loss
