"""The shooters of one future, and what they can reach."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from opendome.intercept.energy import DirectedEnergy, beam_pairs
from opendome.intercept.interceptors import OrbitalInterceptor, Site, SurfaceInterceptor, Window
from opendome.intercept.kernels.gather import gather
from opendome.intercept.pairs import Pairs, Targets, orbital_pairs, sample_raid, surface_pairs
from opendome.intercept.records import Reach
from opendome.threats.records import Raid

__all__ = [
    "DirectedEnergy",
    "OrbitalInterceptor",
    "ShooterSuite",
    "Shooters",
    "Site",
    "SurfaceInterceptor",
    "Window",
    "reach",
]


@dataclass(frozen=True, kw_only=True)
class Shooters:
    """One asset of the scenario that shoots: its name, its index and its interceptors."""

    asset: int
    name: str
    interceptor: OrbitalInterceptor | SurfaceInterceptor | DirectedEnergy

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its shooters: one per satellite or per site."""
        if isinstance(self.interceptor, OrbitalInterceptor):
            return _satellite_names(self.name, self.interceptor.walker.satellites)
        return tuple(f"{self.name} {site.name}" for site in self.interceptor.sites)

    @property
    def stocks(self) -> tuple[int, ...]:
        """Rounds of each shooter."""
        if isinstance(self.interceptor, OrbitalInterceptor):
            return (1,) * self.interceptor.walker.satellites
        return tuple(site.stock for site in self.interceptor.sites)


@dataclass(frozen=True, kw_only=True)
class ShooterSuite:
    """All shooters of one future; shooters are numbered through `entries` in order."""

    entries: tuple[Shooters, ...]


@lru_cache(maxsize=16)
def _satellite_names(name: str, satellites: int) -> tuple[str, ...]:
    return tuple(f"{name} {number}" for number in range(1, satellites + 1))


def reach(raid: Raid, shooters: ShooterSuite, *, era_epoch_rad: float, step_s: float) -> Reach:
    """For every object and shooter that can meet it, the latest launch for each intercept time.

    raid : objects of one future, ECI     shooters : of the same future
    era_epoch_rad : Earth rotation angle at the epoch [rad]
    step_s : spacing of intercept times, counted from each object's launch [s]
    Returns the pairs, sorted by object, then shooter.
    Model: orbital interceptors by straight-line flyout in free fall (docs: orbital-interceptor),
    surface interceptors by flyout table (docs: surface-interceptor), beams by the time an object
    stays within range (docs: directed-energy). No interceptor leaves before the object does.
    """
    targets = sample_raid(raid, step_s)
    parts: list[Pairs] = []
    first_shooter = 0
    for entry in shooters.entries:
        if isinstance(entry.interceptor, OrbitalInterceptor):
            pairs = orbital_pairs(targets, entry.interceptor, first_shooter)
        elif isinstance(entry.interceptor, DirectedEnergy):
            pairs = beam_pairs(raid, targets, entry.interceptor, first_shooter, era_epoch_rad)
        else:
            pairs = surface_pairs(targets, entry.interceptor, first_shooter, era_epoch_rad)
        first_shooter += len(entry.stocks)
        parts.append(pairs)
    return _join(parts, targets, shooters)


def _join(parts: list[Pairs], targets: Targets, shooters: ShooterSuite) -> Reach:
    """One record of all pairs with at least one finite sample."""
    none = np.zeros(0, np.int64)
    obj = np.concatenate([none, *(part.obj for part in parts)])
    shooter = np.concatenate([none, *(part.shooter for part in parts)])
    first = np.concatenate([none, *(part.first for part in parts)])
    count = np.concatenate([none, *(part.count for part in parts)])
    kept = np.flatnonzero(count > 0)
    kept = kept[np.lexsort((shooter[kept], obj[kept]))]
    offset = np.zeros(kept.size + 1, np.int64)
    np.cumsum(count[kept], out=offset[1:])
    place = np.zeros(count.size, np.int64)
    place[kept] = offset[:-1]
    latest_t_s = np.empty(offset[-1])
    done = 0
    for part in parts:
        own = place[done : done + part.count.size]
        gather(part.latest_launch_t_s, part.offset, part.count, own, latest_t_s)
        done += part.count.size
    return Reach(
        shooter_names=tuple(name for entry in shooters.entries for name in entry.names),
        shooter_asset=np.repeat(
            np.array([entry.asset for entry in shooters.entries], np.int32),
            [len(entry.stocks) for entry in shooters.entries],
        ),
        shooter_stock=np.array(
            [stock for entry in shooters.entries for stock in entry.stocks], np.int64
        ),
        start=np.searchsorted(obj[kept], np.arange(targets.phase.shape[0] + 1)).astype(np.int64),
        shooter=shooter[kept].astype(np.int32),
        first_t_s=targets.launch_t_s[obj[kept]] + first[kept] * targets.step_s,
        offset=offset,
        latest_launch_t_s=latest_t_s,
        step_s=float(targets.step_s),
    )
