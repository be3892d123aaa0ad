"""What the scenario of a stored run costs, when it stands, and what others published of it.

Worked out anew from the stored scenario when a page is written: nothing of it is in the run, and
the same scenario and seed always give the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from opendome.economics.bill import bill
from opendome.economics.records import Bill
from opendome.economics.spending import Spending, spend
from opendome.economics.timeline import Timeline, timeline
from opendome.engagement.records import FATE_WORDS, Fate
from opendome.quantities.errors import OpendomeError
from opendome.report.story import Story
from opendome.results.calendar import default_day, document
from opendome.results.cost_per_kill import CostPerKill, cost_of_kills
from opendome.results.folder import SCENARIO_FILE, StoredRun
from opendome.results.intervals import Estimate
from opendome.scenario.loading import load_text
from opendome.scenario.scenario import Scenario
from opendome.sources.catalogue import load_sources
from opendome.studies.evaluation import every_case
from opendome.studies.loading import load_study, study_names
from opendome.studies.records import PublishedStudy
from opendome.studies.scoreboard import Scoreboard, scoreboard

CALENDARS = 500  # drawn for a page: quick, and a chance to two hundredths
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outlook:
    """A stored run seen from outside: money, years, published figures."""

    story: Story

    @property
    def run(self) -> StoredRun:
        """The run."""
        return self.story.run

    @cached_property
    def _loaded(self) -> tuple[Scenario | None, str]:
        return _tried(lambda: load_text(self.run.scenario_text, SCENARIO_FILE))

    @property
    def scenario(self) -> Scenario | None:
        """The scenario as it was played; None where this version cannot read it."""
        return self._loaded[0]

    @cached_property
    def _priced(self) -> tuple[Bill | None, str]:
        scenario, problem = self._loaded
        return (None, problem) if scenario is None else _tried(lambda: bill(scenario))

    @property
    def bill(self) -> Bill | None:
        """Its bill; None where it cannot be made."""
        return self._priced[0]

    @cached_property
    def _dated(self) -> tuple[Timeline | None, str]:
        scenario, problem = self._loaded
        if scenario is None:
            return None, problem
        return _tried(lambda: timeline(scenario, samples=CALENDARS))

    @property
    def calendar(self) -> Timeline | None:
        """When it stands; None where that cannot be said."""
        return self._dated[0]

    @property
    def problem(self) -> str:
        """Why there is no bill; empty where there is one."""
        return self._priced[1]

    @property
    def problem_of_dates(self) -> str:
        """Why there is no calendar; empty where there is one."""
        return self._dated[1]

    @cached_property
    def on(self) -> date | None:
        """The date for which the shield is promised: that of the scenario."""
        if self.scenario is None or self.calendar is None:
            return None
        return date.fromisoformat(default_day(self.scenario, self.calendar))

    @cached_property
    def dates(self) -> Mapping[str, Any] | None:
        """The document of `opendome timeline --json`, from as many calendars as a page draws."""
        if self.scenario is None or self.calendar is None:
            return None
        return document(self.scenario, self.calendar)

    @cached_property
    def spending(self) -> Spending | None:
        """What is spent in each year; None where nothing has a price."""
        scenario, calendar, whole = self.scenario, self.calendar, self.bill
        if scenario is None or calendar is None or whole is None or not whole.lines:
            return None
        drawn = bill(scenario, samples=calendar.samples, seed=calendar.seed)
        return spend(calendar, drawn.life_cycles, price_year=drawn.price_year)

    @cached_property
    def kills(self) -> CostPerKill | None:
        """What a kill costs in this run; None without a bill."""
        if self.scenario is None or self.bill is None or not self.bill.lines:
            return None
        summary = self.story.summary
        killed, missed = FATE_WORDS[Fate.KILLED], FATE_WORDS[Fate.SHOTS_MISSED]
        known = summary["fate_intervals"][killed]
        names, counts = np.unique(self.story.shots["asset"], return_counts=True)
        return cost_of_kills(
            self.bill,
            self.scenario,
            killed=Estimate(known["mean"], known["low"], known["high"]),
            engaged=summary["fates"][killed] + summary["fates"][missed],
            rounds={
                str(name): float(count) / self.story.trials
                for name, count in zip(names, counts, strict=True)
            },
        )

    @cached_property
    def board(self) -> Scoreboard | None:
        """The published figures of studies that rest on a document which this scenario uses."""
        if self.scenario is None:
            return None
        used = {str(source["id"]) for source in self.scenario.cited()} - _own_sources()
        near = [name for name in study_names() if used & _sources_of(load_study(name))]
        return scoreboard({name: every_case(name) for name in near})


def _tried(make: Callable[[], Result]) -> tuple[Result | None, str]:
    """What comes out, or the reason why nothing does."""
    try:
        return make(), ""
    except OpendomeError as problem:
        return None, str(problem).splitlines()[0]


def _own_sources() -> set[str]:
    """Sources that are this project itself: no common ground with anybody."""
    return {name for name, source in load_sources().items() if source.kind == "project"}


def _sources_of(study: PublishedStudy) -> set[str]:
    passports = [parameter.passport for parameter in study.inputs.values()]
    for case in study.cases.values():
        passports += [parameter.passport for parameter in case.settings.values()]
        passports += [figure.passport for figure in case.published.values()]
    return {source for passport in passports for source in passport.sources}
