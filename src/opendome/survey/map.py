"""Goes over all cells and moments: looks of the sensors of a run, judged window by window."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import SECONDS_PER_DAY
from opendome.scenario.loading import load
from opendome.scenario.realisation import Realisation
from opendome.scenario.scenario import Scenario
from opendome.scenario.sectors import deciding_nodes
from opendome.scenario.spec import SEED_MAX
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.records import Looks
from opendome.sensing.sky import Sky as Weather
from opendome.survey.forms import CoverageQuestion, number, read_question
from opendome.survey.grid import Grid, lay_grid, refuse_scans
from opendome.survey.kernels import Rules, Told, Verdicts, judge_objects, new_verdicts, new_work
from opendome.survey.passing import pass_over, unshared
from opendome.survey.records import ALL, Coverage
from opendome.survey.target import Target, find_target

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
HOUR_S = SECONDS_PER_DAY / 24.0
SCANS_ROWS = 2_000_000  # scans of all sensors at once: bounds the memory of a chunk
MOMENTS_ROWS = 64  # in one chunk; neighbours in time share the places of satellites


class Sky(NamedTuple):
    """What stays the same over all chunks.

    suite : sensors, free for one object     assets : number of assets they belong to
    views : names     tell : of looks, when each view has them and how likely, (view, look) twice
    weather : Sun and clouds; None where no sensor minds them
    """

    era_epoch_rad: float
    suite: SensorSuite
    assets: int
    target: Target
    grid: Grid
    rules: Rules
    views: tuple[str, ...]
    tell: Callable[[Looks], tuple[Floats, Floats]]
    weather: Weather | None = None


class Chunk(NamedTuple):
    """Cells and moments that are looked at together."""

    cells: Integers
    first_moment: int
    end_moment: int


def coverage(
    scenario: Scenario | str,
    *,
    threat: str | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> Coverage:
    """Map where and when an object of a class would be seen, tracked and fit to be shot at.

    scenario : from `load`, or what `load` takes     threat : a class; the first of the raid
    settings : fields of the question, with units: phase="burnout", altitude="200 km", hours=1,
    step="60 s", grid="2 deg", region="japan", node="US", dwell="30 s", p_detect=0.5, future=0
    Returns a `Coverage`. Raises OpendomeError with every problem at once.
    Model: an object that passes over the middle of each cell is looked at for `dwell` at each
    moment by the sensors of a run; see docs/models/coverage-map.md.
    """
    if isinstance(scenario, str):
        scenario = load(scenario)
    asked = {"threat": threat, **settings}
    nodes = deciding_nodes(scenario.command.spec, scenario.assets)
    question, inputs = read_question(asked, classes=(*scenario.raid_by_class(),), nodes=nodes)
    grid = lay_grid(
        size_rad=number(question.grid),
        region=question.region,
        duration_s=number(question.hours) * HOUR_S,
        step_s=number(question.step),
        dwell_s=number(question.dwell),
    )
    future = round(number(question.future))
    real = scenario.realise(future)
    target = find_target(
        scenario,
        real,
        threat=question.threat,
        phase=question.phase,
        altitude_m=None if question.altitude is None else number(question.altitude),
        future=future,
    )
    sky = Sky(
        era_epoch_rad=real.era_epoch_rad,
        suite=unshared(real.suite),
        assets=len(real.asset_names),
        target=target,
        grid=grid,
        rules=_rules(real, target, grid, question),
        views=(*real.nodes, ALL),
        tell=partial(tell_nations, real),
        weather=real.sky,
    )
    verdicts = survey(sky, progress)
    return Coverage(
        scenario=scenario,
        future=future,
        target=target,
        grid=grid,
        inputs=inputs,
        views=sky.views,
        view=sky.views.index(question.node) if question.node is not None else 0,
        commit_sigma_m=sky.rules.commit_sigma_m,
        approach_m=number(question.approach),
        defended_distance_m=real.defended_distance_m(grid.lat_rad, grid.lon_rad),
        assets=_watching(real),
        sites=scenario.sites_table(real),
        level=_shaped(verdicts.level, grid),
        sensors=_shaped(verdicts.sensors, grid),
        sigma_m=_shaped(verdicts.sigma_m, grid),
        confirm_s=_shaped(verdicts.confirm_s, grid),
        asset_shares=verdicts.assets[:, np.unique(real.suite.sensor_asset)] / grid.moments,
    )


def _watching(real: Realisation) -> tuple[str, ...]:
    """Names of the assets that have sensors."""
    return tuple(real.asset_names[asset] for asset in np.unique(real.suite.sensor_asset))


def _shaped(table: npt.NDArray[Any], grid: Grid) -> npt.NDArray[Any]:
    return table.reshape(table.shape[0], grid.cells, grid.moments)


def _rules(real: Realisation, target: Target, grid: Grid, question: CoverageQuestion) -> Rules:
    """Rules of tracking and command of the future, for this object."""
    tracking = real.tracking
    coasting = tracking.accel_psd_coast_m2_s3 + target.manoeuvre_psd_m2_s3
    return Rules(
        p_detect_min=number(question.p_detect),
        confirm_hits=tracking.confirm_hits,
        confirm_window=tracking.confirm_window,
        prior_position_sigma_m=tracking.prior_position_sigma_m,
        prior_speed_sigma_m_s=tracking.prior_speed_sigma_m_s,
        accel_psd_m2_s3=tracking.accel_psd_boost_m2_s3 if target.burning else coasting,
        commit_sigma_m=real.command.commit_sigma_m,
        cycle_s=real.command.cycle_s,
        dwell_s=grid.dwell_s,
    )


def scans_per_window(suite: SensorSuite, dwell_s: float) -> float:
    """Looks that all sensors together could make at one object in a window."""
    radars = [radar.look_interval_s for radar in suite.radars]
    others = [sensor.revisit_s for sensor in (*suite.satellites, *suite.skywave)]
    return sum(dwell_s / every_s + 1.0 for every_s in (*radars, *others))


def chunks(grid: Grid, scans: float) -> Iterator[Chunk]:
    """Cells and moments cut into pieces that fit into memory, in a fixed order."""
    moments = min(grid.moments, MOMENTS_ROWS)
    cells = max(1, int(SCANS_ROWS / (moments * max(scans, 1.0))))
    for first in range(0, grid.cells, cells):
        numbers = np.arange(first, min(grid.cells, first + cells))
        for moment in range(0, grid.moments, moments):
            yield Chunk(numbers, moment, min(grid.moments, moment + moments))


def survey(sky: Sky, progress: Progress | None = None) -> Verdicts:
    """The verdict of every view on every window: (view, cell * moment)."""
    grid = sky.grid
    scans = scans_per_window(sky.suite, grid.dwell_s)
    refuse_scans(grid, scans)
    whole = new_verdicts(len(sky.views), grid.cells * grid.moments, sky.assets)
    pieces = list(chunks(grid, scans))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = pool.map(partial(_look, sky), pieces)
        for done, (piece, part) in enumerate(zip(pieces, found, strict=True)):
            _put(whole, part, piece, grid)
            if progress is not None:
                progress(done + 1, len(pieces))
    return whole


def _look(sky: Sky, piece: Chunk) -> Verdicts:
    """Verdicts of one chunk."""
    grid, era_rad = sky.grid, sky.era_epoch_rad
    moments = np.arange(piece.first_moment, piece.end_moment)
    raid = pass_over(sky.target, grid, piece.cells, moments, era_epoch_rad=era_rad)
    looks = look_at(raid, sky.suite, era_epoch_rad=era_rad, sky=_weather(sky, piece))
    known_t_s, p_known = sky.tell(looks)
    told = Told(
        start=looks.start,
        sensor=looks.sensor,
        t_s=looks.t_s,
        p_detect=looks.p_detect,
        information_m2=looks.information_m2,
        known_t_s=known_t_s,
        p_known=p_known,
        ranging=looks.sensor_gives_range,
        asset=looks.sensor_asset,
    )
    verdicts = new_verdicts(len(sky.views), raid.objects, sky.assets)
    judge_objects(
        told,
        sky.rules,
        new_work(len(looks.sensor_names), sky.assets),
        verdicts,
        raid.launch_t_s,
        np.ascontiguousarray(raid.pos_eci_m[:, 0]),
        np.repeat(grid.weight[piece.cells], moments.size),
    )
    return verdicts


def _weather(sky: Sky, piece: Chunk) -> Weather | None:
    """The sky of a chunk: clouds drawn anew for each, the same in every run."""
    if sky.weather is None:
        return None
    first = int(piece.cells[0]) * sky.grid.moments + piece.first_moment
    return replace(sky.weather, seed=(sky.weather.seed + first) % SEED_MAX)


def tell_nations(real: Realisation, looks: Looks) -> tuple[Floats, Floats]:
    """When each deciding nation has a look, and how likely; last, all sensors as one.

    Returns (view, look) twice; times are inf where a nation is not given the look.
    """
    picture = real.picture(looks)
    known_t_s, p_known = tell_all(looks)
    return (
        np.concatenate([picture.arrival_t_s, known_t_s]),
        np.concatenate([picture.p_delivered, p_known]),
    )


def tell_all(looks: Looks) -> tuple[Floats, Floats]:
    """All sensors as one, without delay or loss: (1, look) twice."""
    return looks.t_s[None, :], np.ones((1, looks.t_s.size))


def _put(whole: Verdicts, part: Verdicts, piece: Chunk, grid: Grid) -> None:
    """Copy the verdicts of a chunk to their places."""
    moments = slice(piece.first_moment, piece.end_moment)
    for name in ("level", "sensors", "sigma_m", "confirm_s"):
        table, rows = getattr(whole, name), getattr(part, name)
        shaped = table.reshape(table.shape[0], grid.cells, grid.moments)
        shaped[:, piece.cells, moments] = rows.reshape(rows.shape[0], piece.cells.size, -1)
    whole.assets[...] += part.assets
