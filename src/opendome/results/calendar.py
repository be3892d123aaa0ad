"""The calendar of a shield as one document: the answer, the assets, the cost of each year."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from opendome.economics.slips import fit_slips, load_slips
from opendome.economics.spending import yearly_cost
from opendome.economics.timeline import Timeline
from opendome.economics.timeline_records import definition
from opendome.quantities.dates import date_s, day_of, day_s
from opendome.quantities.errors import OpendomeError
from opendome.scenario.problems import advise, one_of
from opendome.scenario.scenario import Scenario
from opendome.sources.catalogue import cite, load_milestones

QUANTILES = {"p10": 0.1, "median": 0.5, "p90": 0.9}  # of the fit that are told
PROMISE = "promise"  # mark of the milestone that says by when the shield shall work


def document(
    scenario: Scenario,
    calendar: Timeline,
    *,
    by: str | None = None,
    share: float | None = None,
    only: Collection[str] = (),
    cost: bool = False,
) -> dict[str, Any]:
    """What `opendome timeline --json` prints.

    by : day in question; `default_day` when None     share : of the planned units, in (0, 1]
    only : assets or layers that are asked of; all when empty
    cost : whether to add what is spent in each year
    """
    day = default_day(scenario, calendar) if by is None else by
    assets = chosen(scenario, only) if only else None
    found = calendar.to_dict(day, share=share, assets=assets)
    found["only"] = list(only)
    if assets is not None:
        found["definition"] = definition(found["share"], assets)
    fit = fit_slips()
    found["slip_records"] = len(load_slips().slips)
    found["slips"] = {
        name: {key: fit.quantile(name, at) for key, at in QUANTILES.items()}
        for name in load_slips().classes
    }
    found["sources"] = _sources(calendar)
    if cost:
        found["yearly_cost"] = _yearly_cost(scenario, calendar, assets)
    return found


def default_day(scenario: Scenario, calendar: Timeline) -> str:
    """The epoch of a scenario, or the published promise where the calendar starts later."""
    epoch = scenario.head.epoch.date().isoformat()
    if day_s(epoch) >= calendar.programme.start_s:
        return epoch
    promised = next(entry["date"] for entry in load_milestones() if PROMISE in entry)
    return day_of(date_s(promised)).isoformat()


def chosen(scenario: Scenario, names: Collection[str]) -> tuple[str, ...]:
    """Assets of these names, or of the layers of these names."""
    known = [*scenario.asset_names, *scenario.layers]
    for name in names:
        if name not in known:
            raise OpendomeError(
                got=f"no asset or layer {name!r}",
                allowed=one_of(list(dict.fromkeys(known))),
                do=advise(name, known, "name one of the scenario"),
            )
    return tuple(a.name for a in scenario.assets if a.name in names or a.layer in names)


def _sources(calendar: Timeline) -> list[dict[str, Any]]:
    """Sources of the dates, rates and lives, and of the record of slips."""
    used: list[str] = [source for plan in calendar.programme.plans for source in plan.sources]
    for slip in load_slips().slips:
        for part in (slip.start, slip.planned, slip.reached):
            used += part.passport.sources
    return [
        {"id": source.id, "title": source.title, "kind": source.kind, "url": source.url}
        for source in cite(used)
    ]


def _yearly_cost(
    scenario: Scenario, calendar: Timeline, assets: Collection[str] | None
) -> dict[str, Any]:
    """What is spent in each year on some assets or all, beside the bill, and why they differ."""
    spent, whole = yearly_cost(scenario, calendar)
    systems = {
        name: cost.mean
        for name, cost in whole.by_system().items()
        if assets is None or name in assets
    }
    spent = replace(spent, usd={name: spent.usd[name] for name in spent.usd if name in systems})
    unplaced = [name for name in spent.unplaced if name in systems]
    remarks = [
        "The bill takes every system as whole from its first day; the years pay for what is built, "
        "launched, operated and replaced by then.",
    ]
    if unplaced:
        names = ", ".join(unplaced)
        remarks.append(f"Without a published date, so in the bill but in no year: {names}.")
    return {
        **spent.to_dict(),
        "unplaced": unplaced,
        "bill_usd": {
            "mean": sum(systems.values()),
            "unplaced": sum(systems[name] for name in unplaced),
        },
        "remarks": remarks,
    }
