"""What is spent in which year, when a shield comes to stand as its calendar says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.economics.bill import bill
from opendome.economics.lifecycle import CATEGORIES, LifeCycle, charge
from opendome.economics.records import Bill
from opendome.economics.timeline import Timeline
from opendome.quantities.dates import YEAR_S, day_of, year_start_s
from opendome.scenario.scenario import Scenario

Floats = npt.NDArray[np.float64]

_WHOLE = 1e-6  # of a unit: rounding of sums
_BAND = (0.1, 0.9)  # tenth and nine tenths of the calendars


@dataclass(frozen=True, kw_only=True)
class Spending:
    """Money by calendar year.

    Attributes
    ----------
    years : (year,) the first and the last may be cut by the calendar
    usd : asset -> category -> (year, sample) US dollars of `price_year`
    price_year : whose prices all sums are in
    unplaced : assets whose cost cannot be placed, because no date of them is published
    """

    years: tuple[int, ...]
    usd: Mapping[str, Mapping[str, Floats]]
    price_year: int
    unplaced: tuple[str, ...]

    def by_category(self) -> dict[str, Floats]:
        """Category -> (year, sample) US dollars of all assets."""
        found: dict[str, Floats] = {}
        for parts in self.usd.values():
            for name, part in parts.items():
                found[name] = found.get(name, np.zeros(())) + part
        return {name: found[name] for name in CATEGORIES if name in found}

    @property
    def total(self) -> Floats:
        """(year, sample) US dollars."""
        parts = list(self.by_category().values())
        return np.sum(parts, axis=0) if parts else np.zeros((len(self.years), 1))

    def to_dict(self) -> dict[str, Any]:
        """The part `yearly_cost` of the document of `opendome timeline --json`."""
        total, parts = self.total, self.by_category()
        low, high = (np.quantile(total, share, axis=1) for share in _BAND)
        return {
            "price_year": self.price_year,
            "unplaced": list(self.unplaced),
            "total_usd": {"mean": float(total.sum(axis=0).mean())},
            "by_year": {
                str(year): {
                    "mean_usd": float(total[k].mean()),
                    "p10_usd": float(low[k]),
                    "p90_usd": float(high[k]),
                    "by_category_usd": {name: float(p[k].mean()) for name, p in parts.items()},
                }
                for k, year in enumerate(self.years)
            },
        }


def yearly_cost(scenario: Scenario, calendar: Timeline) -> tuple[Spending, Bill]:
    """What is spent in each year of a scenario's calendar, and the bill it is spread from."""
    whole = bill(scenario, samples=calendar.samples, seed=calendar.seed, baseline=False)
    return spend(calendar, whole.life_cycles, price_year=whole.price_year), whole


def spend(calendar: Timeline, life_cycles: Mapping[str, LifeCycle], *, price_year: int) -> Spending:
    """Spread the cost of every asset over the years of its calendar.

    life_cycles : asset -> what it costs, floats or (sample,) arrays of the calendar's samples;
        an asset without one has no published cost and is left out
    Model: development evenly from the start to the first delivery; a unit is paid when it is
    built, its launch when it goes up, sites with the first units; the first units up to the number
    planned are procurement and launch, all later ones replacement; operations run for the units
    that stand. All on the learning curve of the bill. A bill counts a system that is whole from
    the first day: the two agree where the calendar is that, and else the calendar is lower by
    what is not yet built, not yet operated and not yet due for replacement.
    """
    borders_s, years = _years(calendar)
    usd: dict[str, dict[str, Floats]] = {}
    unplaced: list[str] = []
    for index, plan in enumerate(calendar.programme.plans):
        life_cycle = life_cycles.get(plan.name)
        if life_cycle is None:
            continue
        if plan.lacks:
            unplaced.append(plan.name)
        else:
            usd[plan.name] = _asset(calendar, index, life_cycle, borders_s)
    return Spending(years=years, usd=usd, price_year=price_year, unplaced=tuple(unplaced))


def _years(calendar: Timeline) -> tuple[Floats, tuple[int, ...]]:
    """Borders of the calendar years after the start (year + 1,) [s], and their numbers."""
    start_s = calendar.programme.start_s
    end_s = float(calendar.deployment.edges_s[-1])
    first, last = day_of(start_s).year, day_of(start_s + end_s).year
    inner = [year_start_s(year) - start_s for year in range(first + 1, last + 1)]
    return np.array([0.0, *inner, end_s]), tuple(range(first, last + 1))


def _asset(
    calendar: Timeline, index: int, life_cycle: LifeCycle, borders_s: Floats
) -> dict[str, Floats]:
    """Category -> (year, sample) US dollars of one asset."""
    deployment, rollout = calendar.deployment, calendar.rollout
    added = np.broadcast_to(np.asarray(life_cycle.added), (calendar.samples,))

    def up_to(flow: Floats) -> Floats:
        """(border, sample) units so far."""
        spans = deployment.sum_by_span(flow[:, index : index + 1], borders_s)[:, 0]
        return np.concatenate([np.zeros((1, calendar.samples)), np.cumsum(spans, axis=0)])

    built, launched = up_to(deployment.built), up_to(deployment.launched)
    parts: dict[str, Floats] = {}
    for category, units in (("procurement", built), ("launch", launched)):
        first = _so_far(life_cycle, category, np.minimum(units, added), added)
        if first is None:
            continue
        parts[category] = np.diff(first, axis=0)
        if life_cycle.design_life_s is None:
            continue
        every = _so_far(life_cycle, category, units, added)
        later = np.diff(np.zeros_like(first) if every is None else every - first, axis=0)
        parts["replacement"] = parts.get("replacement", np.zeros(())) + later
    at_once = charge(replace(life_cycle, design_life_s=None, horizon_s=YEAR_S))
    if "development" in at_once:
        first_s = np.maximum(rollout.first_s[index], 1.0)
        elapsed = np.clip(borders_s[:, None] / first_s, 0.0, 1.0)
        parts["development"] = np.diff(elapsed, axis=0) * at_once["development"]
    with np.errstate(invalid="ignore", divide="ignore"):
        filled = np.where(added > 0.0, np.minimum(launched, added) / added, 0.0)
    if "construction" in at_once:
        parts["construction"] = np.diff(filled, axis=0) * at_once["construction"]
    if "operations" in at_once:
        standing = deployment.standing[:, index] - rollout.in_service[index]
        held_s = deployment.sum_by_span(standing[:, None] * _steps(calendar), borders_s)[:, 0]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(added > 0.0, held_s / added, 0.0)
        parts["operations"] = share / YEAR_S * at_once["operations"]
    return parts


def _steps(calendar: Timeline) -> Floats:
    """(step, 1, 1) length of the step that ends at each edge [s]."""
    return np.diff(calendar.deployment.edges_s, prepend=0.0)[:, None, None]


def _so_far(life_cycle: LifeCycle, category: str, units: Floats, added: Floats) -> Floats | None:
    """(border, sample) cost of so many units from the beginning of the curve; None if unknown."""

    def of(count: Floats) -> Floats | None:
        bare = replace(
            life_cycle,
            units=np.asarray(life_cycle.units_in_service) + count,
            horizon_s=YEAR_S,
            design_life_s=None,
            development_usd=None,
            construction_usd=None,
            operations_usd_per_year=None,
            operations_unit_usd_per_year=None,
        )
        part = charge(bare).get(category)
        return None if part is None else np.broadcast_to(np.asarray(part), count.shape)

    if not life_cycle.new_designs:
        return of(units)
    with np.errstate(invalid="ignore", divide="ignore"):
        full = np.where(added > 0.0, np.floor(units / added + _WHOLE), 0.0)
    one = of(np.broadcast_to(added, units.shape))
    rest = of(np.maximum(units - full * added, 0.0))
    return None if one is None or rest is None else full * one + rest
