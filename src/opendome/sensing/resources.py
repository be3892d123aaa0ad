"""How a radar spends its time: searching a fence, and following what it has found."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.draws.purposes import purpose
from opendome.sensing.cues import CuePool
from opendome.sensing.kernels.budget import looks_at_most
from opendome.sensing.kernels.course import Way
from opendome.sensing.kernels.custody import CLOSING, FIRST_COME, NEWEST, SHARED, hold_tracks
from opendome.sensing.kernels.flight import Flight
from opendome.sensing.kernels.radar import Site
from opendome.sensing.kernels.search import find_hits

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

PRIORITIES = {"first-come": FIRST_COME, "newest": NEWEST, "closing": CLOSING}


@dataclass(frozen=True, kw_only=True)
class Search:
    """How a radar looks for what it does not know yet.

    Attributes
    ----------
    frame_s : time in which the whole fence is swept once
    share : of its time that searching takes
    fence_rad : highest elevation that is searched
    cue_delay_s : from a cue to a look at the place it names; inf without cues
    cue_pools : sensors that cue it
    cued_by_any : whether over-the-horizon radars and other radars cue it too, not only satellites
    """

    frame_s: float
    share: float
    fence_rad: float
    cue_delay_s: float = math.inf
    cue_pools: tuple[CuePool, ...] = ()
    cued_by_any: bool = False

    @property
    def asks_for_cues(self) -> bool:
        """Whether it takes cues from other sensors."""
        return math.isfinite(self.cue_delay_s)


@dataclass(frozen=True, kw_only=True)
class Luck:
    """Where the luck of searching is drawn: the seed of a scenario, and a future."""

    seed: int = 0
    future: int = 0


@dataclass(frozen=True, kw_only=True)
class Stays:
    """When each object is in the mask of a radar: obj, enter_t_s, leave_t_s (stay,)."""

    obj: Integers
    enter_t_s: Floats
    leave_t_s: Floats


def managed_looks(
    flight: Flight,
    site: Site,
    way: Way | None,
    stays: Stays,
    *,
    name: str,
    search: Search | None,
    priority: str | None,
    cue_t_s: Floats,
    luck: Luck,
    era_epoch_rad: float,
) -> tuple[Integers, Floats]:
    """Looks of a radar that searches, or that follows only as many objects as it can.

    cue_t_s : (object,) when other sensors tell of it, inf for never
    Returns object and time of each look: (look,), (look,).
    """
    if search is None:
        hit_stay, hit_t_s = _asks(stays, site.look_interval_s)
    else:
        hit_stay, hit_t_s = _finds(
            flight, site, way, stays, search, purpose(f"search {name}"), luck, era_epoch_rad
        )
        cued = np.maximum(stays.enter_t_s, cue_t_s[stays.obj])
        told = np.flatnonzero(cued <= stays.leave_t_s)
        hit_stay = np.concatenate([hit_stay, told])
        hit_t_s = np.concatenate([hit_t_s, cued[told]])
    order = np.argsort(hit_t_s, kind="stable")
    room = hit_stay.size + looks_at_most(stays.enter_t_s, stays.leave_t_s, site.look_interval_s)
    stay, t_s = np.empty(room, np.int64), np.empty(room)
    budget_hz = site.look_budget_hz * (1.0 - (search.share if search is not None else 0.0))
    granted = hold_tracks(
        flight,
        site,
        way,
        era_epoch_rad,
        budget_hz,
        SHARED if priority is None else PRIORITIES[priority],
        stays.obj,
        stays.leave_t_s,
        hit_stay[order],
        hit_t_s[order],
        stay,
        t_s,
    )
    return stays.obj[stay[:granted]], t_s[:granted]


def _asks(stays: Stays, every_s: float) -> tuple[Integers, Floats]:
    """Without a search an object is known on entering; refused, it asks again and again."""
    times = [
        np.arange(enter, leave, every_s)
        for enter, leave in zip(stays.enter_t_s, stays.leave_t_s, strict=True)
    ]
    stay = np.repeat(np.arange(len(times)), [part.size for part in times])
    return stay, np.concatenate([*times, np.empty(0)])


def _finds(
    flight: Flight,
    site: Site,
    way: Way | None,
    stays: Stays,
    search: Search,
    address: int,
    luck: Luck,
    era_epoch_rad: float,
) -> tuple[Integers, Floats]:
    """Search looks that find something: stay (hit,), time (hit,)."""
    room = looks_at_most(stays.enter_t_s, stays.leave_t_s, search.frame_s)
    stay, t_s = np.empty(room, np.int64), np.empty(room)
    hits = find_hits(
        flight,
        site,
        way,
        era_epoch_rad,
        search.frame_s,
        math.sin(search.fence_rad),
        stays.obj,
        stays.enter_t_s,
        stays.leave_t_s,
        luck.seed,
        address,
        luck.future,
        stay,
        t_s,
    )
    return stay[:hits], t_s[:hits]
