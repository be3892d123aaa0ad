"""Coverage of an area by a constellation of sensors: continuous, stereo, revisit and gaps.

On a sphere everything that limits sight from a circular orbit is a band of angles at the
Earth's centre between satellite and point, so that seeing is counting satellites in a band.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.sensing.area_records import (
    AreaCoverage,
    Estimate,
    FoldCoverage,
    SensorSizing,
    SensorTask,
    View,
)
from opendome.world.constellations import Walker
from opendome.world.coverage import footprint_half_angle, street_half_width
from opendome.world.layouts import CROWD, Demand, Layout, smallest_pattern
from opendome.world.shells import (
    NO_ANGLE,
    cap_share,
    directions,
    fill_counts,
    plane_table,
    reach_angle,
)

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

SATELLITES_MAX = 100_000  # more than this is called impossible
PLANES_MAX = 64  # tried when none are given
DUST = 1e-9  # relative; a number this little above a whole one is that whole one
STEREO = 2  # satellites that give a position and not only a direction


# --- what one satellite sees -----------------------------------------------------------


def view_band(view: View, altitude_m: float) -> tuple[float, float]:
    """Angles at the Earth's centre between a satellite and the points it sees.

    view : what limits it     altitude_m : of the satellite above the equatorial radius [m]
    Returns (largest, smallest) [rad]; NaN twice when it sees nothing.
    Model: with a and b the distances of satellite and point from the centre and g that of the
    grazing line: elevation: acos(b cos e / a) - e; limb: acos(g/a) + acos(g/b), or acos(b/a)
    for points below g; range: law of cosines; cone of half angle n narrower than the point's
    shell: asin(a sin n / b) - n; empty sky behind: not nearer than acos(g/a) - acos(g/b).
    Valid for: a sphere, no refraction. A cone that cuts the far side of the limb keeps the near
    side only.
    """
    a = RADIUS_EQUATOR_M + altitude_m
    b = RADIUS_EQUATOR_M + view.target_altitude_m
    g = RADIUS_EQUATOR_M + view.grazing_m
    if b >= a:
        return math.nan, math.nan
    to_limb = math.acos(min(1.0, g / a))
    limb = to_limb + math.acos(g / b) if b >= g else math.acos(b / a)
    angles = [limb]
    if view.elevation_min_rad is not None:
        angles.append(footprint_half_angle(a - b, view.elevation_min_rad, radius_m=b))
    if math.isfinite(view.range_max_m):
        angles.append(reach_angle(view.range_max_m, a, b))
    sine = a * math.sin(min(view.half_angle_rad, 0.5 * math.pi)) / b
    if sine < 1.0:
        angles.append(math.asin(sine) - view.half_angle_rad)
    smallest = 0.0
    if view.against_space:
        smallest = to_limb - math.acos(g / b) if b >= g else math.nan
    if any(math.isnan(angle) for angle in (*angles, smallest)) or min(angles) <= smallest:
        return math.nan, math.nan
    return min(angles), smallest


def _cosines(band: tuple[float, float]) -> tuple[float, float]:
    return math.cos(band[0]), math.cos(band[1]) if band[1] > 0.0 else NO_ANGLE


# --- coverage over time -------------------------------------------------------------


@kernel
def fill_gaps(counts: Counts, fold: int, gaps: Counts) -> None:
    """Gaps of each point, in samples.

    counts : (n, m) satellites in view     fold : fewer than this is a gap
    gaps : (n, 4), written: samples in gaps, longest gap, number of gaps, sum of squares
    """
    for j in range(counts.shape[0]):
        gaps[j, :] = 0
        run = 0
        for k in range(counts.shape[1]):
            if counts[j, k] < fold:
                run += 1
            if run > 0 and (counts[j, k] >= fold or k == counts.shape[1] - 1):
                gaps[j, 0] += run
                gaps[j, 1] = max(gaps[j, 1], run)
                gaps[j, 2] += 1
                gaps[j, 3] += run * run
                run = 0


def satellites_in_view(
    planes: Floats, lat_rad: Floats, lon_rad: Floats, *, band_rad: tuple[float, float], t_s: Floats
) -> Counts:
    """Satellites that see points of the turning Earth.

    planes : from `shells.plane_table`     lat_rad, lon_rad : (n,)     t_s : (m,)
    band_rad : largest and smallest angle at the centre; NaN sees nothing
    Returns (n, m).
    """
    counts = np.zeros((lat_rad.size, t_s.size), dtype=np.int64)
    if not math.isnan(band_rad[0]):
        fill_counts(planes, directions(lat_rad, lon_rad), _cosines(band_rad), t_s, 0.0, counts)
    return counts


def fold_coverage(
    counts: Counts, fold: int, *, step_s: float, lat_rad: Floats, lon_rad: Floats
) -> FoldCoverage:
    """Coverage by at least `fold` satellites.

    counts : (n, m) satellites in view at moments `step_s` apart     lat_rad, lon_rad : (n,)
    Valid for: gaps longer than the step; a shorter one may be missed, and the length of each is
    known to one step.
    """
    gaps = np.empty((counts.shape[0], 4), dtype=np.int64)
    fill_gaps(counts, fold, gaps)
    moments = counts.shape[1]
    worst = int(np.lexsort((-gaps[:, 1], -gaps[:, 0]))[0])
    number = int(gaps[:, 2].sum())
    return FoldCoverage(
        fold=fold,
        p_worst=1.0 - float(gaps[worst, 0]) / moments,
        p_mean=1.0 - float(gaps[:, 0].mean()) / moments,
        gap_max_s=step_s * float(gaps[:, 1].max()),
        gap_mean_s=step_s * float(gaps[:, 0].sum()) / number if number else 0.0,
        wait_mean_s=step_s * float(gaps[worst, 3]) / (2.0 * moments),
        lat_rad=float(lat_rad[worst]),
        lon_rad=float(lon_rad[worst]),
    )


def area_coverage(task: SensorTask, layout: Layout, pattern: Walker) -> AreaCoverage:
    """Coverage of an area by a pattern: for one, two, ... and `task.fold` satellites at once."""
    band = view_band(task.view, pattern.altitude_m)
    counts = satellites_in_view(
        plane_table(pattern), task.lat_rad, task.lon_rad, band_rad=band, t_s=layout.moments_s()
    )
    folds = tuple(
        fold_coverage(
            counts, fold, step_s=layout.step_s, lat_rad=task.lat_rad, lon_rad=task.lon_rad
        )
        for fold in range(1, max(task.fold, STEREO) + 1)
    )
    return AreaCoverage(
        pattern=pattern,
        folds=folds,
        fewest=int(counts.min()),
        mean=float(counts.mean()),
        most=int(counts.max()),
        step_s=layout.step_s,
        moments=counts.shape[1],
        points=counts.shape[0],
    )


# --- how many -----------------------------------------------------------------------


def size_sensors(task: SensorTask, layout: Layout) -> SensorSizing:
    """Smallest number of sensors that watches an area without a gap, or how well a number does.

    task : what is to be seen, by how many at once     layout : planes, phasing, moments; or a
    constellation to judge
    Returns a `SensorSizing`; a task that no number of satellites does has `binding` set.
    Model: the smallest number per plane with which the fewest in view, over all points and
    moments, are `task.fold`; over all numbers of planes up to `PLANES_MAX` when none is given.
    """
    band = view_band(task.view, task.altitude_m)
    binding = _sees_nothing(task, band)
    estimates = {} if binding else _estimates(task, band)
    if binding is None and estimates["cap_density"].satellites is None:
        binding = _beyond(task, band)
    coverage, satellites, enough = None, None, None
    if layout.satellites is not None:
        pattern = layout.judged(altitude_m=task.altitude_m, inclination_rad=task.inclination_rad)
        coverage = area_coverage(task, layout, pattern)
        enough = coverage.fewest >= task.fold
    elif binding is None:
        found, binding = _searched(task, layout, band, estimates["cap_density"].satellites or 1)
        if found is not None:
            coverage, satellites = area_coverage(task, layout, found), found.satellites
    return SensorSizing(
        task=task,
        layout=layout,
        angle_rad=band,
        estimates=estimates,
        satellites=satellites,
        coverage=coverage,
        enough=enough,
        binding=binding,
    )


def _sees_nothing(task: SensorTask, band: tuple[float, float]) -> str | None:
    if not math.isnan(band[0]):
        return None
    return (
        f"from {task.altitude_m / 1000.0:g} km no satellite sees a point at "
        f"{task.view.target_altitude_m / 1000.0:g} km under these limits of sight"
    )


def _beyond(task: SensorTask, band: tuple[float, float]) -> str:
    limit = min(task.inclination_rad, math.pi - task.inclination_rad)
    return (
        f"a part of the area is never seen: the orbits end at latitude {math.degrees(limit):.4g} "
        f"deg, and a satellite sees {math.degrees(band[0]):.3g} deg farther"
    )


def _least_share(task: SensorTask, band: tuple[float, float]) -> float:
    """Mean share of the satellites that see the worst point of the area."""
    latitudes = np.unique(np.round(np.abs(task.lat_rad), 12))
    tilt = task.inclination_rad
    return min(
        cap_share(tilt, float(lat), band[0]) - cap_share(tilt, float(lat), band[1])
        for lat in latitudes
    )


def _estimates(task: SensorTask, band: tuple[float, float]) -> dict[str, Estimate]:
    """Numbers by formula, before any satellite moves."""
    even = 0.5 * (math.cos(band[1]) - math.cos(band[0]))
    share = _least_share(task, band)
    found = [
        Estimate(
            name="area_ratio",
            title="even shell",
            satellites=math.ceil(task.fold / even * (1.0 - DUST)),
            remark="on average, over the whole globe",
        ),
        Estimate(
            name="cap_density",
            title="latitude density",
            satellites=math.ceil(task.fold / share * (1.0 - DUST)) if share > 0.0 else None,
            remark="on average, at the worst latitude of the area",
        ),
    ]
    if task.fold == 1 and band[1] == 0.0:
        found.append(
            Estimate(
                name="streets",
                title="streets of coverage",
                satellites=streets_of_coverage(band[0]),
                remark="whole globe, polar planes, no gap at any moment",
            )
        )
    return {one.name: one for one in found}


def streets_of_coverage(footprint_rad: float) -> int | None:
    """Fewest satellites in polar planes whose streets close the globe without a gap.

    footprint_rad : half angle of the footprint [rad]
    Returns the number; None where no plane of up to `CROWD` satellites makes a street.
    Model: P planes of S with (P - 1)(lambda + c) + 2 c >= pi, where c is the half width of a
    street of S; P = 1 + (pi - 2 c) / (lambda + c), rounded up.
    Source: L. Rider, Analytic design of satellite constellations for zonal Earth coverage,
    J. Astronaut. Sci. 34 (1986) 31.
    """
    best: int | None = None
    per_plane = math.floor(math.pi / footprint_rad) + 1
    while best is None or per_plane < best:
        half = street_half_width(footprint_rad, per_plane)
        if not math.isnan(half):
            planes = max(1, math.ceil(1.0 + (math.pi - 2.0 * half) / (footprint_rad + half) - DUST))
            best = min(best or planes * per_plane, planes * per_plane)
        per_plane += 1
        if per_plane > CROWD:
            return best
    return best


def _searched(
    task: SensorTask, layout: Layout, band: tuple[float, float], mean_number: int
) -> tuple[Walker | None, str | None]:
    """The smallest pattern without a gap, or why there is none."""
    tried = sorted(range(1, PLANES_MAX + 1), key=lambda planes: abs(planes**2 - mean_number))
    if layout.planes is not None:
        tried = [layout.planes]
    demand = Demand(
        wanted=task.fold,
        cosines=_cosines(band),
        altitude_m=task.altitude_m,
        inclination_rad=task.inclination_rad,
        lat_rad=task.lat_rad,
        lon_rad=task.lon_rad,
    )
    found = smallest_pattern(
        demand, layout, tried, mean_number=mean_number, satellites_max=SATELLITES_MAX
    )
    if found.pattern is not None:
        return found.pattern, None
    if len(found.gaps) < len(tried):
        return None, f"more than {SATELLITES_MAX:,} satellites are needed"
    words = f"{layout.planes} planes leave" if layout.planes else f"up to {PLANES_MAX} planes leave"
    if layout.planes == 1:
        words = "1 plane leaves"
    return None, f"{words} gaps over the area, however many satellites each has"
