"""Answers to questions of size in plain sentences."""

import math
from collections.abc import Iterator

from opendome.intercept.sizing_records import InterceptorSizing
from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.sensing.area_records import AreaCoverage, FoldCoverage, SensorSizing

FEW_PER_CENT = 0.01  # smaller differences are not worth a sentence
SEEN = {1: "", 2: " in stereo"}


def interceptor_words(sizing: InterceptorSizing, place: str) -> str:
    """The answer in one sentence."""
    task, seen = sizing.task, sizing.watch
    wanted = (
        f"{task.wanted:,} interceptors in reach of {place} "
        f"({_count(task.salvo, 'target')}, {_count(task.shots, 'shot')} each)"
    )
    if seen is not None and sizing.enough is not None:
        does = "always has" if sizing.enough else "does not always have"
        return (
            f"A constellation of {_layout_words(sizing)} {does} {wanted}: "
            f"{seen.fewest:,} at the worst moment, {seen.mean:,.1f} on average, "
            f"enough for {task_share(sizing)}."
        )
    if sizing.binding is not None or seen is None:
        return f"No number of satellites does it: {sizing.binding}."
    mean = sizing.methods["cap_density"].satellites or 0
    return (
        f"To have always {wanted} takes {_layout_words(sizing)}; "
        f"on average {mean:,} satellites would do."
    )


def _layout_words(sizing: InterceptorSizing) -> str:
    pattern = None if sizing.watch is None else sizing.watch.pattern
    if pattern is None:
        return "no satellites"
    per_plane = pattern.satellites // pattern.planes
    return f"{pattern.satellites:,} satellites ({pattern.planes:,} planes of {per_plane:,})"


def task_share(sizing: InterceptorSizing) -> str:
    """How many targets a judged constellation can always meet."""
    fewest = 0 if sizing.watch is None else sizing.watch.fewest
    always = _count(fewest // sizing.task.shots, "target")
    if sizing.enough or sizing.watch is None:
        return f"{always} at any moment"
    time = f"{100.0 * sizing.watch.p_enough:.3g} % of the time"
    return f"{always} at any moment, for all {sizing.task.salvo:,} of them {time}"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def interceptor_notes(sizing: InterceptorSizing) -> Iterator[str]:
    """What binds, how sure the number is, and where a formula misleads."""
    task, seen = sizing.task, sizing.watch
    if sizing.binding is not None:
        if seen is not None:
            yield f"no number of satellites does it: {sizing.binding}"
        return
    yield (
        f"{task.delay_s:g} of {task.burn_time_s:g} s pass before release; in the other "
        f"{task.flight_s:g} s an interceptor flies {sizing.reach_m / 1000.0:,.0f} km and covers a "
        f"disc of {sizing.footprint_m / 1000.0:,.0f} km at {task.intercept_altitude_m / 1000.0:g} "
        f"km: of an even shell one satellite in {sizing.ratio:,.0f} is in reach"
    )
    if sizing.levers:
        saved = sorted(sizing.levers.items(), key=lambda item: -item[1])
        words = ", ".join(f"{name} saves {count:,}" for name, count in saved)
        yield f"what binds, in satellites on average: {words}"
    yield from _formula_notes(sizing)
    if seen is not None and sizing.guarantee_over_mean is not None:
        yield (
            f"a guarantee takes {sizing.guarantee_over_mean:.2f} times the mean: satellites come "
            f"in lines, and at the worst moment {seen.fewest:,} are in reach, {seen.mean:,.1f} on "
            f"average, {seen.most:,} at most ({seen.moments:,} moments, "
            f"{_count(seen.points, 'point')})"
        )
    yield (
        "best case: every satellite works and holds one interceptor, every shot may leave at "
        "once, the target is met over its launch point; spares and misses are not counted"
    )


def _formula_notes(sizing: InterceptorSizing) -> Iterator[str]:
    """Where the even shell and the point density depart from the footprint itself."""
    task = sizing.task
    apart = (RADIUS_EQUATOR_M + task.altitude_m) / (RADIUS_EQUATOR_M + task.intercept_altitude_m)
    if abs(apart - 1.0) >= FEW_PER_CENT:
        yield (
            "the published even-shell ratio and the point density set the satellites at the "
            f"height of the intercept; the orbits are {'higher' if apart > 1.0 else 'lower'}, "
            f"which changes the number by {100.0 * (apart - 1.0):+.1f} %; the two methods below "
            "them do not"
        )
    if not sizing.biased:
        return
    point, cap = (sizing.methods[name].satellites for name in ("latitude_density", "cap_density"))
    if point is None or cap is None:
        ratio = "it has no answer here"
    else:
        ratio = f"it gives {point / cap:.2f} times the number over the footprint"
    limit = min(task.inclination_rad, math.pi - task.inclination_rad)
    yield (
        "biased: the latitude density at a point must not be used here, "
        f"{ratio}; the footprint is {math.degrees(sizing.angle_rad):.2g} deg wide to each side and "
        f"the orbits end at {math.degrees(limit):.4g} deg"
    )


def sensor_words(sizing: SensorSizing, place: str) -> tuple[str, list[str]]:
    """The answer in one sentence, and what to know about it."""
    fold, seen = sizing.task.fold, sizing.coverage
    how = f"by {fold} at once" if fold not in SEEN else f"without a gap{SEEN[fold]}"
    if seen is None:
        return f"No number of satellites sees {place} {how}: {sizing.binding}.", []
    layout = _pattern_words(seen)
    if sizing.enough is None:
        estimate = sizing.estimates["cap_density"].satellites or 0
        headline = (
            f"To see {place} {how} takes {layout}; on average {estimate:,} would have "
            f"{_count(fold, 'satellite')} in view."
        )
    else:
        of_fold = seen.folds[fold - 1]
        does = "sees" if sizing.enough else "does not see"
        headline = f"A constellation of {layout} {does} {place} {how}: {_time_words(of_fold)}."
    return headline, list(_sensor_notes(sizing, seen))


def _pattern_words(seen: AreaCoverage) -> str:
    pattern = seen.pattern
    per_plane = pattern.satellites // pattern.planes
    return f"{pattern.satellites:,} satellites ({pattern.planes:,} planes of {per_plane:,})"


def _time_words(of_fold: FoldCoverage) -> str:
    if of_fold.continuous:
        return "no gap at any moment tried"
    if of_fold.p_worst == 0.0:
        return "the worst point is never seen so"
    return (
        f"the worst point is seen {100.0 * of_fold.p_worst:.3g} % of the time, "
        f"with gaps of up to {of_fold.gap_max_s / 60.0:.3g} min"
    )


def _sensor_notes(sizing: SensorSizing, seen: AreaCoverage) -> Iterator[str]:
    if sizing.binding is not None:
        yield f"no number of satellites does it: {sizing.binding}"
    far, near = (math.degrees(angle) for angle in sizing.angle_rad)
    if not math.isnan(far):
        blind = f", but not nearer than {near:.3g} deg" if near > 0.0 else ""
        yield (
            f"a satellite sees a point up to {far:.3g} deg away at the Earth's centre{blind}; "
            f"{seen.fewest:,} see it at the worst moment, {seen.mean:,.1f} on average, "
            f"{seen.most:,} at most"
        )
    yield (
        f"counted every {seen.step_s:g} s at {seen.moments:,} moments and "
        f"{_count(seen.points, 'point')}; a shorter gap may remain"
    )
    yield "best case: every satellite works and looks everywhere at once"
