"""When a shield stands: the plans of its assets played many times, with the slips of the record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.economics.deployment import STEP_S, Deployment, Rollout, deploy
from opendome.economics.plans import AssetPlan, Programme, Sampler, roll_out
from opendome.economics.programme import programme
from opendome.economics.timeline_records import (
    Chance,
    Last,
    TimelineError,
    chance,
    definition,
)
from opendome.quantities.dates import YEAR_S, day_of, day_s
from opendome.scenario.scenario import Scenario
from opendome.scenario.spec import SEED_MAX

Floats = npt.NDArray[np.float64]

SAMPLES = 2000  # a share of the samples is then known to two parts in a hundred
CELLS_MAX = 100_000_000
_SHARES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}  # percentiles that are told
_WHOLE = 1e-9  # of a unit: rounding of a share times a number


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The calendar of a shield.

    Attributes
    ----------
    programme : what is planned
    samples, seed : of the draws
    rollout, deployment : the plans drawn, and what comes of them; one column per sample
    """

    programme: Programme
    samples: int
    seed: int
    rollout: Rollout
    deployment: Deployment

    @property
    def assets(self) -> tuple[str, ...]:
        """Names, in the order of the scenario."""
        return tuple(plan.name for plan in self.programme.plans)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Assets of which too little is published to say when all of them stands."""
        return tuple(plan.name for plan in self.programme.plans if plan.lacks)

    def standing(self, on: date | str) -> dict[str, Floats]:
        """Asset -> (sample,) units that stand at the beginning of a day."""
        units = self.deployment.units(self._after_start_s(on))
        return dict(zip(self.assets, units, strict=True))

    def p_operational(
        self,
        on: date | str,
        *,
        share: float | None = None,
        assets: Collection[str] | None = None,
    ) -> Chance:
        """Probability that every asset has at least `share` of its planned units on a day.

        share : in (0, 1]; the programme's own when None     assets : all when None
        Assets without a published date are left out: the answer is then an upper bound.
        """
        chosen = self._chosen(assets)
        known = [index for index in chosen if not self.programme.plans[index].lacks]
        units = self.deployment.units(self._after_start_s(on))
        enough = (units >= self._needed(share))[known].all(axis=0)
        unknown = tuple(self.assets[index] for index in chosen if index not in known)
        return chance(int(enough.sum()), self.samples, unknown)

    def binding(
        self,
        on: date | str | None = None,
        *,
        share: float | None = None,
        assets: Collection[str] | None = None,
    ) -> list[Last]:
        """Assets by how often they are the last to stand, the most frequent first.

        Without a date, or on one, only samples count in which not all stands yet; where all
        does in every sample, all samples count. Of several that never stand, the one that has
        the smallest part of its units at the end is the last. An asset of which no date is
        published comes first, with the reason, and takes no share.
        """
        chosen = self._chosen(assets)
        blind = [Last(asset=self.assets[k], share=0.0, reason=_lacking(self.programme.plans[k]))
                 for k in chosen if self.programme.plans[k].lacks]  # fmt: skip
        known = [index for index in chosen if not self.programme.plans[index].lacks]
        if not known:
            return blind
        last = self._rank(share)[known]
        waits = np.ones(self.samples, dtype=bool)
        if on is not None:
            late = self.deployment.units(self._after_start_s(on)) < self._needed(share)
            waits = late[known].any(axis=0)
            waits = waits if waits.any() else np.ones(self.samples, dtype=bool)
        counts = np.bincount(np.argmax(last, axis=0)[waits], minlength=len(known))
        order = sorted((k for k in range(len(known)) if counts[k]), key=lambda k: -counts[k])
        reasons = self.limits(share)
        return blind + [
            Last(
                asset=self.assets[known[k]],
                share=float(counts[k] / counts.sum()),
                reason=reasons[self.assets[known[k]]],
            )
            for k in order
        ]

    def operational_date(
        self, *, share: float | None = None, assets: Collection[str] | None = None
    ) -> dict[str, date | None]:
        """Day from which all stands: 10th, 50th, 90th percentile; None beyond the horizon.

        Assets without a published date are left out, as in `p_operational`.
        """
        known = [k for k in self._chosen(assets) if not self.programme.plans[k].lacks]
        done_s = self.deployment.reached_s(self._needed(share))[known].max(axis=0, initial=0.0)
        return self._days(done_s)

    def complete(self, share: float | None = None) -> dict[str, dict[str, date | None]]:
        """Asset -> day from which enough of it stands, as in `operational_date`."""
        done_s = self.deployment.reached_s(self._needed(share))
        return {
            plan.name: dict.fromkeys(_SHARES) if plan.lacks else self._days(done_s[index])
            for index, plan in enumerate(self.programme.plans)
        }

    def limits(self, share: float | None = None) -> dict[str, str]:
        """Asset -> what it waits for longest, in words."""
        needed, done_s = self._needed(share), self.deployment.reached_s(self._needed(share))
        return {
            plan.name: self._limit(index, plan, needed[index], done_s[index])
            for index, plan in enumerate(self.programme.plans)
        }

    def to_dict(
        self,
        on: date | str,
        *,
        share: float | None = None,
        assets: Collection[str] | None = None,
    ) -> dict[str, Any]:
        """The core of the document that `opendome timeline --json` prints."""
        found = self.p_operational(on, share=share, assets=assets)
        used = self.programme.share if share is None else share
        return {
            "scenario": self.programme.name,
            "start": day_of(self.programme.start_s).isoformat(),
            "horizon_years": self.programme.horizon_s / YEAR_S,
            "by": _day(on).isoformat(),
            "definition": definition(used),
            "share": used,
            "samples": self.samples,
            "seed": self.seed,
            "p_operational": {
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "at_most": found.at_most,
            },
            "unknown": list(found.unknown),
            "binding": [
                {"asset": last.asset, "share": last.share, "reason": last.reason}
                for last in self.binding(on, share=share, assets=assets)
            ],
            "operational_date": _texts(self.operational_date(share=share, assets=assets)),
            "assets": self._asset_rows(on, share, self._chosen(assets)),
        }

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from html import escape

        limits, complete = self.limits(), self.complete()
        rows = "".join(
            f"<tr><td>{escape(plan.name)}</td><td>{plan.planned:,.0f}</td>"
            f"<td>{complete[plan.name]['p50'] or ''}</td><td>{escape(limits[plan.name])}</td></tr>"
            for plan in self.programme.plans
        )
        head = "".join(f"<th>{name}</th>" for name in ("asset", "planned", "whole (median)", "why"))
        return f"<p>{escape(self.programme.name)}</p><table><tr>{head}</tr>{rows}</table>"

    def _asset_rows(self, on: date | str, share: float | None, chosen: list[int]) -> dict[str, Any]:
        standing, complete, limits = self.standing(on), self.complete(share), self.limits(share)
        needed = self._needed(share)
        rows: dict[str, Any] = {}
        for index in chosen:
            plan = self.programme.plans[index]
            units = standing[plan.name]
            first_s = self.rollout.first_s[index]
            rows[plan.name] = {
                "kind": plan.kind,
                "layer": plan.layer,
                "status": plan.status,
                "lacks": list(plan.lacks),
                "planned": plan.planned,
                "standing": {name: _quantile(units, at) for name, at in _SHARES.items()},
                "p_enough": None if plan.lacks else float((units >= needed[index]).mean()),
                "first": {"published": plan.first, **_texts(self._days(first_s))},
                "slip_class": plan.slip_class,
                "complete": _texts(complete[plan.name]),
                "limit": limits[plan.name],
            }
        return rows

    @cached_property
    def _end_s(self) -> float:
        return float(self.deployment.edges_s[-1])

    def _after_start_s(self, on: date | str) -> float:
        """Seconds after the start of a day inside the calendar."""
        day = _day(on)
        after_s = day_s(day.isoformat()) - self.programme.start_s
        if not 0.0 <= after_s <= self._end_s:
            first, last = (day_of(self.programme.start_s + t) for t in (0.0, self._end_s))
            raise TimelineError(
                got=f"the date {day.isoformat()}",
                allowed=f"{first.isoformat()} to {last.isoformat()}, the span of the calendar",
                do="give a later date, or set economics.start and economics.horizon",
            )
        return after_s

    def _chosen(self, assets: Collection[str] | None) -> list[int]:
        """Places of assets by name; an unknown name is refused."""
        if assets is None:
            return list(range(len(self.assets)))
        for name in assets:
            if name not in self.assets:
                raise TimelineError(
                    got=f"no asset {name!r}",
                    allowed=", ".join(self.assets),
                    do="name assets of the scenario",
                )
        return [index for index, name in enumerate(self.assets) if name in assets]

    def _needed(self, share: float | None) -> Floats:
        """(asset, sample) whole units that are enough."""
        used = self.programme.share if share is None else share
        if not 0.0 < used <= 1.0:
            raise TimelineError(
                got=f"the share {used:g}",
                allowed="above 0 and at most 1",
                do="give the share of the planned units that must stand, as 0.9",
            )
        return np.ceil(used * self.rollout.planned - _WHOLE)

    def _rank(self, share: float | None) -> Floats:
        """(asset, sample) when enough stands [s]; of what never does, the emptier the later."""
        done_s = self.deployment.reached_s(self._needed(share))
        filled = self.deployment.standing[-1] / self.rollout.planned
        return np.where(np.isfinite(done_s), done_s, self._end_s * (2.0 - filled))

    def _days(self, done_s: Floats) -> dict[str, date | None]:
        """Percentiles of moments after the start, as days; None where they lie beyond the end."""
        found: dict[str, date | None] = {}
        for name, at in _SHARES.items():
            moment_s = _quantile(done_s, at)
            inside = np.isfinite(moment_s)
            found[name] = day_of(self.programme.start_s + moment_s) if inside else None
        return found

    def _limit(self, index: int, plan: AssetPlan, needed: Floats, done_s: Floats) -> str:
        """What an asset waits for."""
        if plan.whole:
            return "stands at the start"
        if plan.lacks:
            return _lacking(plan)
        never = self._never(index, plan, needed)
        if never is not None:
            return never
        first_s = self.rollout.first_s[index]
        with np.errstate(invalid="ignore"):
            build_s = float(np.median(np.where(np.isfinite(done_s), done_s, self._end_s) - first_s))
        if build_s <= max(STEP_S, float(np.median(first_s))):
            return "first delivery"
        held = float(np.median(self.deployment.held_by_launch[index]))
        return "launch capacity" if held > 0.5 else "production rate"

    def _never(self, index: int, plan: AssetPlan, needed: Floats) -> str | None:
        """Why an asset can never be whole in most samples, if so."""
        for ceiling, words in (
            (self.rollout.ceiling_production[index], "production rate times design life"),
            (self.rollout.ceiling_launch[index], "launch capacity times design life"),
        ):
            if np.mean(ceiling < needed) > 0.5:
                kept = float(np.median(ceiling))
                return f"can never be whole: {words} keeps up {kept:,.0f} of {plan.planned:,.0f}"
        return None


def timeline(scenario: Scenario, *, samples: int = SAMPLES, seed: int | None = None) -> Timeline:
    """When a scenario stands.

    samples : of slips and uncertain inputs     seed : the scenario's own when None
    """
    return play(programme(scenario), samples=samples, seed=scenario.seed if seed is None else seed)


def play(planned: Programme, *, samples: int, seed: int) -> Timeline:
    """Play the plans of a programme.

    samples : of slips and uncertain inputs     seed : of their draws; same input, same calendar
    """
    if not planned.plans:
        raise TimelineError(
            got=f"{planned.name}, which has no assets",
            allowed="a scenario with at least one asset",
            do="add what shall stand",
        )
    _check("samples", samples, 1, _samples_max(planned))
    _check("seed", seed, 0, SEED_MAX)
    rollout = roll_out(planned, Sampler(seed, samples))
    return Timeline(
        programme=planned,
        samples=samples,
        seed=seed,
        rollout=rollout,
        deployment=deploy(rollout, planned.horizon_s),
    )


def _samples_max(planned: Programme) -> int:
    """Samples that fit into memory, for so many assets and years."""
    months = planned.horizon_s / STEP_S
    return max(1, int(CELLS_MAX / max(1.0, months * max(1, len(planned.plans)))))


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise TimelineError(
            got=f"{name} {value}",
            allowed=f"a whole number from {low} to {high}",
            do=f"choose another {name}",
        )


def _lacking(plan: AssetPlan) -> str:
    return f"no published {' or '.join(plan.lacks)}"


def _day(on: date | str) -> date:
    return on if isinstance(on, date) else day_of(day_s(on))


def _texts(days: Mapping[str, date | None]) -> dict[str, str | None]:
    return {name: None if day is None else day.isoformat() for name, day in days.items()}


def _quantile(values: Floats, at: float) -> float:
    """The value that the share `at` of the samples does not exceed (infinite ones last)."""
    ordered = np.sort(values)
    return float(ordered[min(len(ordered) - 1, int(np.ceil(at * len(ordered))) - 1)])
