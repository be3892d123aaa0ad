"""What the shield can do on a date: the chain played with what stands then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from opendome.campaign.study import Progress
from opendome.economics.timeline import Timeline, timeline
from opendome.quantities.dates import day_of, day_s
from opendome.quantities.errors import OpendomeError
from opendome.results.credibility import NOTICE
from opendome.results.intervals import Estimate
from opendome.results.run import run
from opendome.results.standing import standing_scenario
from opendome.scenario.scenario import Scenario

YEARS = 5
DATES_MAX = 60
SHARES = {"median": 0.5}
SPREAD = {"median": 0.5, "few": 0.1, "many": 0.9}  # tenth, half, nine tenths of the calendars


@dataclass(frozen=True, kw_only=True)
class Play:
    """The raid met with so many units.

    units : asset -> how many stand
    leakers, p_no_leaker : what came of it, with 95 % intervals of the run
    """

    units: Mapping[str, int]
    leakers: Estimate
    p_no_leaker: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "units": dict(self.units),
            "leakers": _plain(self.leakers, "mean"),
            "p_no_leaker": _plain(self.p_no_leaker, "value"),
        }


@dataclass(frozen=True, kw_only=True)
class Capability:
    """What a shield can do, date by date.

    objects : of the raid
    plays : date -> "median", and with a spread "few" and "many" -> play: of each asset as many
        units as stand in half, a tenth and nine tenths of the calendars
    """

    scenario: str
    objects: int
    trials: int
    futures: int
    seed: int
    plays: Mapping[date, Mapping[str, Play]]

    def to_dict(self) -> dict[str, Any]:
        """The part `capability` of the document of `opendome timeline --json`."""
        return {
            "notice": NOTICE,
            "objects": self.objects,
            "trials": self.trials,
            "futures": self.futures,
            "seed": self.seed,
            "by_date": {
                day.isoformat(): {name: one.to_dict() for name, one in plays.items()}
                for day, plays in self.plays.items()
            },
        }

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        rows = "".join(
            f"<tr><td>{day.isoformat()}</td><td>{plays['median'].leakers.value:.2f}</td>"
            f"<td>{plays['median'].p_no_leaker.value:.3f}</td></tr>"
            for day, plays in self.plays.items()
        )
        head = "<tr><th>date</th><th>leakers</th><th>chance of none</th></tr>"
        return (
            f"<p>{self.scenario}, raid of {self.objects}; {NOTICE}</p><table>{head}{rows}</table>"
        )


def capability(
    scenario: Scenario,
    *,
    calendar: Timeline | None = None,
    dates: Sequence[date | str] | None = None,
    spread: bool = False,
    trials: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Capability:
    """Play the raid of a scenario with what stands on some dates, under the same luck on each.

    calendar : that of the scenario when None
    dates : the start of the calendar and its next five anniversaries when None
    spread : also with the units of a bad and of a good calendar
    trials, futures, seed : of each play; the scenario's own when None
    Model: the units of each asset that stand in at least half of the calendars; an asset of which
    no date is published does not stand. Raid, epoch and dice are those of the scenario.
    """
    calendar = timeline(scenario) if calendar is None else calendar
    days = _days(calendar, dates)
    shares = SPREAD if spread else SHARES
    wanted = {day: {name: _units(calendar, day, at) for name, at in shares.items()} for day in days}
    distinct = {_key(units): units for by_name in wanted.values() for units in by_name.values()}
    played: dict[tuple[int, ...], Play] = {}
    for number, (key, units) in enumerate(distinct.items()):
        result = run(
            standing_scenario(scenario, units),
            trials=trials,
            futures=futures,
            seed=seed,
            workers=workers,
            progress=_part(progress, number, len(distinct)),
        )
        found = result.metrics
        played[key] = Play(units=units, leakers=found.leakers, p_no_leaker=found.p_no_leaker)
    return Capability(
        scenario=scenario.name,
        objects=sum(scenario.raid_by_class().values()),
        trials=scenario.trials if trials is None else trials,
        futures=scenario.futures if futures is None else futures,
        seed=scenario.seed if seed is None else seed,
        plays={
            day: {name: played[_key(units)] for name, units in by_name.items()}
            for day, by_name in wanted.items()
        },
    )


def _days(calendar: Timeline, dates: Sequence[date | str] | None) -> list[date]:
    """Days to play, in order, each once."""
    if dates is None:
        start = day_of(calendar.programme.start_s)
        return [_anniversary(start, year) for year in range(YEARS + 1)]
    if not 1 <= len(dates) <= DATES_MAX:
        raise OpendomeError(
            got=f"{len(dates)} dates", allowed=f"1 to {DATES_MAX}", do="give some dates to play"
        )
    given = {day if isinstance(day, date) else day_of(day_s(day)) for day in dates}
    return sorted(given)


def _anniversary(day: date, years: int) -> date:
    """The same day so many years later; of a leap day the day before."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=day.day - 1)


def _units(calendar: Timeline, day: date, share: float) -> dict[str, int]:
    """Units of each asset that a share of the calendars does not exceed."""
    standing = calendar.standing(day)
    return {
        name: int(np.quantile(units, share, method="inverted_cdf"))
        for name, units in standing.items()
    }


def _key(units: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(units.values())


def _part(progress: Progress | None, number: int, whole: int) -> Progress | None:
    """Progress of one play as a part of all of them."""
    if progress is None:
        return None
    tell = progress

    def part(done: int, total: int) -> None:
        tell(number * total + done, whole * total)

    return part


def _plain(estimate: Estimate, value: str) -> dict[str, float]:
    return {value: estimate.value, "low": estimate.low, "high": estimate.high}
