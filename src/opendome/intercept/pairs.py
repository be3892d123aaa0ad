"""The pairs of object and shooter of one asset, solved."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.intercept.interceptors import OrbitalInterceptor, SurfaceInterceptor, Window
from opendome.intercept.kernels.orbital import solve_candidates
from opendome.intercept.kernels.search import NODE_S, find_candidates
from opendome.intercept.kernels.surface import solve_sites
from opendome.intercept.kernels.targets import BOOST, FALLING, NOWHERE, sample_targets
from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.threats.records import Raid
from opendome.world.constellations import orbit_table
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import enu_axes

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_WHOLE = 1e-9  # of a step


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Objects sampled at launch + k step: (object, sample, ...). Frame: ECI."""

    launch_t_s: Floats
    step_s: float
    pos_eci_m: Floats
    altitude_m: Floats
    phase: npt.NDArray[np.uint8]

    def open_to(self, window: Window) -> Flags:
        """Samples at which an interceptor with this window may meet an object.

        Boost lasts until burnout; the rest is midcourse, but for the fall below the re-entry
        altitude, which is terminal.
        """
        boost = self.phase == BOOST
        terminal = (self.phase == FALLING) & (self.altitude_m < window.reentry_altitude_m)
        midcourse = (self.phase != NOWHERE) & ~boost & ~terminal
        part = (boost & window.boost) | (midcourse & window.midcourse)
        part |= terminal & window.terminal
        return (
            part
            & (self.altitude_m >= window.altitude_min_m)
            & (self.altitude_m <= window.altitude_max_m)
        )


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Solved pairs of one asset.

    Attributes
    ----------
    obj, shooter : (pair,)
    first, count : (pair,) first sample with a launch, and how many up to the last one
    offset : (pair,) where the first of them is in `latest_launch_t_s` (sample,)
    """

    obj: Longs
    shooter: Longs
    first: Longs
    count: Longs
    offset: Longs
    latest_launch_t_s: Floats


def sample_raid(raid: Raid, step_s: float) -> Targets:
    """Objects at the intercept times."""
    objects, raid_samples = raid.valid.shape
    samples = int((raid_samples - 1) * raid.step_s / step_s + _WHOLE) + 1 if raid_samples else 0
    targets = Targets(
        launch_t_s=raid.launch_t_s,
        step_s=step_s,
        pos_eci_m=np.full((objects, samples, 3), np.nan),
        altitude_m=np.full((objects, samples), np.nan),
        phase=np.full((objects, samples), NOWHERE, np.uint8),
    )
    sample_targets(
        raid.pos_eci_m,
        raid.vel_eci_m_s,
        raid.valid,
        raid.launch_t_s,
        raid.burnout_t_s,
        float(raid.step_s),
        float(step_s),
        targets.pos_eci_m,
        targets.altitude_m,
        targets.phase,
    )
    return targets


def orbital_pairs(targets: Targets, model: OrbitalInterceptor, first_shooter: int) -> Pairs:
    """Pairs of all satellites of a constellation."""
    is_open = targets.open_to(model.window)
    objects, samples = np.nonzero(is_open)
    meets_t_s = targets.launch_t_s[objects] + samples * targets.step_s
    node0_t_s = float(meets_t_s.min(initial=np.inf))
    nodes = int((float(meets_t_s.max()) - node0_t_s) / NODE_S) + 2 if objects.size else 0
    table = orbit_table(model.walker.elements())
    shape = (is_open.shape[0], table.shape[1])
    first_node, last_node = np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
    find_candidates(
        table,
        _speed_max(table),
        targets.launch_t_s,
        targets.step_s,
        targets.pos_eci_m,
        is_open,
        node0_t_s,
        nodes,
        model.acceleration_m_s2,
        model.burnout_speed_m_s,
        model.flight_time_max_s,
        first_node,
        last_node,
    )
    candidates = _candidates(first_node, last_node, node0_t_s, targets)
    latest_t_s = np.empty(int(candidates[:, 3].sum()))
    span = np.empty((candidates.shape[0], 2), np.int64)
    solve_candidates(
        candidates,
        table,
        targets.launch_t_s,
        targets.step_s,
        targets.pos_eci_m,
        is_open,
        model.window.altitude_min_m,
        model.acceleration_m_s2,
        model.burnout_speed_m_s,
        model.flight_time_max_s,
        latest_t_s,
        span,
    )
    return Pairs(
        obj=candidates[:, 0],
        shooter=candidates[:, 1] + first_shooter,
        first=span[:, 0],
        count=span[:, 1] - span[:, 0],
        offset=candidates[:, 4] + span[:, 0] - candidates[:, 2],
        latest_launch_t_s=latest_t_s,
    )


def _speed_max(table: Floats) -> float:
    """A speed no satellite of the table exceeds [m/s]."""
    axis, e = table[0], table[1]
    turning = np.abs(table[6]) + np.abs(table[10])
    speed = table[8] * axis * np.sqrt((1.0 + e) / (1.0 - e)) + turning * axis * (1.0 + e)
    return float(speed.max())


def _candidates(
    first_node: Integers, last_node: Integers, node0_t_s: float, targets: Targets
) -> Longs:
    """Pairs worth solving: (pair, 5) object, satellite, first sample, samples, offset."""
    obj, satellite = np.nonzero(first_node >= 0)
    before_s = node0_t_s - targets.launch_t_s[obj]
    start_s = before_s + (first_node[obj, satellite] - 0.5) * NODE_S
    end_s = before_s + (last_node[obj, satellite] + 0.5) * NODE_S
    first = np.maximum(0.0, np.ceil(start_s / targets.step_s)).astype(np.int64)
    last = np.floor(end_s / targets.step_s).astype(np.int64)
    count = np.maximum(0, np.minimum(targets.phase.shape[1] - 1, last) - first + 1)
    return np.stack((obj, satellite, first, count, np.cumsum(count) - count), axis=1)


def surface_pairs(
    targets: Targets, model: SurfaceInterceptor, first_shooter: int, era_epoch_rad: float
) -> Pairs:
    """Pairs of all sites of a class."""
    objects, samples = targets.phase.shape
    sites = len(model.sites)
    table = model.table()
    lat_rad = np.array([site.lat_rad for site in model.sites])
    lon_rad = np.array([site.lon_rad for site in model.sites])
    latest_t_s = np.empty((objects, sites, samples))
    span = np.empty((objects, sites, 2), np.int64)
    solve_sites(
        ecef_from_geodetic(lat_rad, lon_rad),
        np.ascontiguousarray(enu_axes(lat_rad, lon_rad)[:, 2, :]),
        model.range_max_m / RADIUS_MEAN_M,
        table.fronts,
        table.times_s,
        table.sine_min,
        model.burn_time_s,
        targets.pos_eci_m,
        targets.open_to(model.window),
        targets.launch_t_s,
        era_epoch_rad,
        targets.step_s,
        latest_t_s,
        span,
    )
    rows = np.arange(objects * sites)
    first = span[:, :, 0].reshape(-1)
    return Pairs(
        obj=rows // sites,
        shooter=rows % sites + first_shooter,
        first=first,
        count=span[:, :, 1].reshape(-1) - first,
        offset=rows * samples + first,
        latest_launch_t_s=latest_t_s.reshape(-1),
    )
