"""How many orbital interceptors a task takes: three formulas, and a constellation that moves.

The formulas give the number for which enough interceptors are in reach on average. What is
always in reach is less, because satellites come in lines: the last method follows every one of
them and takes the moment with the fewest.
"""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from opendome.intercept.kernels import flyout_range, footprint_radius, satellites_per_footprint
from opendome.intercept.sizing_records import (
    InterceptorSizing,
    InterceptorTask,
    Method,
    Watch,
)
from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.world.constellations import Walker
from opendome.world.layouts import Demand, Layout, smallest_pattern
from opendome.world.shells import (
    NO_ANGLE,
    cap_share,
    latitude_density,
    point_formula_biased,
    reach_angle,
    satellites_within,
)

Floats = npt.NDArray[np.float64]

SATELLITES_MAX = 1_000_000  # more than this is called impossible
DUST = 1e-9  # relative; a number this little above a whole one is that whole one
# planes tried, as parts of the root of the number of satellites: neighbours in a plane and
# neighbouring planes are then about equally far apart
PLANE_SHARES = (0.75, 0.875, 1.0, 1.125, 1.25, 1.5, 2.0)
BETTER = 0.1  # change of an input whose effect is shown
TITLES = {
    "even_shell": "even shell",
    "latitude_density": "latitude density, at a point",
    "cap_density": "latitude density, over the footprint",
    "propagated": "propagated constellation, at its worst moment",
}


def size_interceptors(task: InterceptorTask, layout: Layout) -> InterceptorSizing:
    """Number of orbital interceptors for a task, by every method.

    task : what is to be done     layout : planes, phasing, moments; or a constellation to judge
    Returns an `InterceptorSizing`; a task that no number of satellites does has `binding` set.
    Model: reach by `kernels.flyout_range` in the time that is left; even shell: wanted times
    4 R^2 / r^2 at the height of the intercept; latitude density: that over `latitude_density`
    of the worst latitude; over the footprint: wanted over `shells.cap_share`; propagated: the
    smallest number per plane with which the fewest in reach, over all points and moments, are
    as many as wanted.
    Valid for: targets met over the points given; a sphere; one interceptor on each satellite.
    """
    reach_m = flyout_range(max(0.0, task.flight_s), task.acceleration_m_s2, task.speed_m_s)
    drop_m = abs(task.altitude_m - task.intercept_altitude_m)
    footprint_m = footprint_radius(reach_m, drop_m)
    shell_m = RADIUS_EQUATOR_M + task.intercept_altitude_m
    angle = reach_angle(reach_m, RADIUS_EQUATOR_M + task.altitude_m, shell_m)
    binding = _no_reach(task, reach_m, footprint_m)
    ratio = math.nan if binding else satellites_per_footprint(footprint_m, shell_m)
    methods = _without_answer() if binding else _averages(task, ratio, angle)
    worst = _worst_latitude(task, angle) if binding is None else float(task.lat_rad[0])
    if binding is None and methods["cap_density"].satellites is None:
        binding = _beyond(task, worst, angle)
    watch, enough = None, None
    if layout.satellites is not None:
        pattern = layout.judged(altitude_m=task.altitude_m, inclination_rad=task.inclination_rad)
        watch = watch_over(task, layout, pattern, angle)
        enough = watch.fewest >= task.wanted
    elif binding is None:
        watch, binding = _searched(task, layout, angle, methods["cap_density"].satellites or 1)
        number = None if watch is None else watch.pattern.satellites
        methods["propagated"] = replace(methods["propagated"], satellites=number)
    return InterceptorSizing(
        task=task,
        layout=layout,
        reach_m=reach_m,
        footprint_m=footprint_m,
        angle_rad=angle,
        ratio=ratio,
        methods=methods,
        biased=not math.isnan(angle) and point_formula_biased(task.inclination_rad, worst, angle),
        watch=watch,
        enough=enough,
        binding=binding,
        levers={} if binding else _levers(task),
    )


# --- on average ---------------------------------------------------------------------


def _without_answer() -> dict[str, Method]:
    return {
        name: Method(name=name, title=title, satellites=None, guarantees=name == "propagated")
        for name, title in TITLES.items()
    }


def _averages(task: InterceptorTask, ratio: float, angle_rad: float) -> dict[str, Method]:
    """The three formulas; `propagated` is still without an answer."""
    methods = _without_answer()
    even = task.wanted * ratio
    density = float(np.min(latitude_density(task.inclination_rad, task.lat_rad)))
    share = _least_share(task, angle_rad)
    numbers = {"even_shell": even, "latitude_density": even / density}
    if share > 0.0:
        numbers["cap_density"] = task.wanted / share
    for name, number in numbers.items():
        if math.isfinite(number) and number > 0.0:
            methods[name] = replace(methods[name], satellites=whole(number))
    if methods["latitude_density"].satellites is None:
        remark = "no answer: no satellite passes over the latitude"
        methods["latitude_density"] = replace(methods["latitude_density"], remark=remark)
    return methods


def whole(number: float) -> int:
    """Smallest whole number not below a number, but for the dust of floating point."""
    return math.ceil(number * (1.0 - DUST))


def _least_share(task: InterceptorTask, angle_rad: float) -> float:
    """Mean share of a constellation in reach of the point of the area that has least."""
    latitudes = np.unique(np.round(np.abs(task.lat_rad), 12))
    return min(cap_share(task.inclination_rad, float(lat), angle_rad) for lat in latitudes)


def _worst_latitude(task: InterceptorTask, angle_rad: float) -> float:
    """Latitude of the area with the fewest in reach on average [rad]."""
    shares = [cap_share(task.inclination_rad, float(lat), angle_rad) for lat in task.lat_rad]
    return float(task.lat_rad[int(np.argmin(shares))])


def _levers(task: InterceptorTask) -> dict[str, int]:
    """Satellites saved on average by each input made a tenth better."""
    changes = {
        "delay 10 % shorter": replace(task, delay_s=task.delay_s * (1.0 - BETTER)),
        "burn time 10 % longer": replace(task, burn_time_s=task.burn_time_s * (1.0 + BETTER)),
        "speed 10 % higher": replace(task, speed_m_s=task.speed_m_s * (1.0 + BETTER)),
        "acceleration 10 % higher": replace(
            task, acceleration_m_s2=task.acceleration_m_s2 * (1.0 + BETTER)
        ),
    }
    now = _mean_number(task)
    return {name: whole(now) - whole(_mean_number(other)) for name, other in changes.items()}


def _mean_number(task: InterceptorTask) -> float:
    """Satellites for which enough are in reach on average."""
    reach_m = flyout_range(task.flight_s, task.acceleration_m_s2, task.speed_m_s)
    angle = reach_angle(
        reach_m, RADIUS_EQUATOR_M + task.altitude_m, RADIUS_EQUATOR_M + task.intercept_altitude_m
    )
    return task.wanted / _least_share(task, angle)


# --- what makes it impossible --------------------------------------------------------


def _no_reach(task: InterceptorTask, reach_m: float, footprint_m: float) -> str | None:
    """Why no interceptor gets to the height of the intercept in time, if so."""
    if task.flight_s <= 0.0:
        return (
            f"no time is left to fly: {task.delay_s:g} s pass before release, "
            f"the target burns for {task.burn_time_s:g} s"
        )
    if footprint_m > 0.0:
        return None
    way = "come down" if task.altitude_m > task.intercept_altitude_m else "climb"
    return (
        f"interceptors cannot {way} from {task.altitude_m / 1000.0:g} km to "
        f"{task.intercept_altitude_m / 1000.0:g} km: in {task.flight_s:g} s they fly "
        f"{reach_m / 1000.0:.0f} km"
    )


def _beyond(task: InterceptorTask, lat_rad: float, angle_rad: float) -> str:
    """Why a point of the area is never in reach."""
    limit = min(task.inclination_rad, math.pi - task.inclination_rad)
    return (
        f"latitude {math.degrees(lat_rad):.4g} deg is never in reach: the orbits end at "
        f"{math.degrees(limit):.4g} deg, and a footprint reaches {math.degrees(angle_rad):.3g} deg "
        "farther"
    )


# --- moment by moment ---------------------------------------------------------------


def watch_over(task: InterceptorTask, layout: Layout, pattern: Walker, angle_rad: float) -> Watch:
    """Satellites of a pattern in reach of the worst point of the area over time."""
    counts = satellites_within(
        pattern, task.lat_rad, task.lon_rad, angle_rad=angle_rad, t_s=layout.moments_s()
    )
    worst = int(np.lexsort((counts.mean(axis=1), counts.min(axis=1)))[0])
    of_worst = counts[worst]
    return Watch(
        pattern=pattern,
        lat_rad=float(task.lat_rad[worst]),
        lon_rad=float(task.lon_rad[worst]),
        fewest=int(of_worst.min()),
        mean=float(of_worst.mean()),
        most=int(of_worst.max()),
        p_enough=float(np.mean(of_worst >= task.wanted)),
        moments=counts.shape[1],
        points=counts.shape[0],
    )


def _searched(
    task: InterceptorTask, layout: Layout, angle_rad: float, mean_number: int
) -> tuple[Watch | None, str | None]:
    """The smallest constellation that always has enough in reach, or why there is none."""
    root = math.sqrt(mean_number)
    tried = sorted({max(1, round(share * root)) for share in PLANE_SHARES})
    if layout.planes is not None:
        tried = [layout.planes]
    demand = Demand(
        wanted=task.wanted,
        cosines=(math.cos(angle_rad), NO_ANGLE),
        altitude_m=task.altitude_m,
        inclination_rad=task.inclination_rad,
        lat_rad=task.lat_rad,
        lon_rad=task.lon_rad,
    )
    found = smallest_pattern(
        demand, layout, tried, mean_number=mean_number, satellites_max=SATELLITES_MAX
    )
    if found.pattern is not None:
        return watch_over(task, layout, found.pattern, angle_rad), None
    if len(found.gaps) < len(tried):
        return None, f"more than {SATELLITES_MAX:,} satellites are needed"
    words = "1 plane leaves" if tried == [1] else f"{' or '.join(map(str, tried))} planes leave"
    return None, f"{words} gaps over the area at some moments, however many satellites each has"
