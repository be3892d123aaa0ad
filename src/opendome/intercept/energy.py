"""Directed energy: a beam that kills when it is held on an object long enough."""

from dataclasses import dataclass

import numpy as np

from opendome.intercept.interceptors import NO_LIMITS, Launching, Site, Window
from opendome.intercept.kernels.beam import solve_beams
from opendome.intercept.pairs import Pairs, Targets
from opendome.threats.records import Raid
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import enu_axes


@dataclass(frozen=True, kw_only=True)
class DirectedEnergy:
    """Beams at fixed sites. One beam a site: one engagement at a time.

    Attributes
    ----------
    sites : where they stand; `stock` is how often each may fire
    range_max_m : slant range [m]
    elevation_min_rad : lowest elevation [rad]
    dwell_s : how long the beam must be held [s]
    window : heights
    against : classes of object it can hurt
    p_kill : chance that a beam held that long kills
    launch_delay_s : from the order until the beam is on [s]
    acquisition_m : how far an object may be from where its track says to be found [m]
    """

    sites: tuple[Site, ...]
    range_max_m: float
    elevation_min_rad: float
    dwell_s: float
    window: Window
    against: tuple[str, ...]
    p_kill: float
    launch_delay_s: float
    acquisition_m: float
    launching: Launching = NO_LIMITS

    @property
    def divert_radius_m(self) -> float:
        """How far an object may be from where its track says when the beam starts [m]."""
        return self.acquisition_m

    @property
    def homing_time_s(self) -> float:
        """How long before the kill its own tracker takes over [s]."""
        return self.dwell_s


def beam_pairs(
    raid: Raid, targets: Targets, model: DirectedEnergy, first_shooter: int, era_epoch_rad: float
) -> Pairs:
    """Pairs of all sites of one kind of beam."""
    objects, samples = targets.phase.shape
    sites = len(model.sites)
    hurt = np.array([name in model.against for name in raid.class_names], np.bool_)
    is_open = targets.open_to(model.window) & hurt[raid.object_class][:, None]
    lat_rad = np.array([site.lat_rad for site in model.sites])
    lon_rad = np.array([site.lon_rad for site in model.sites])
    latest_t_s = np.empty((objects, sites, samples))
    span = np.empty((objects, sites, 2), np.int64)
    solve_beams(
        ecef_from_geodetic(lat_rad, lon_rad),
        np.ascontiguousarray(enu_axes(lat_rad, lon_rad)[:, 2, :]),
        model.range_max_m,
        model.elevation_min_rad,
        model.dwell_s,
        targets.pos_eci_m,
        is_open,
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
