"""What is planned of every asset, as values with their uncertainty, and draws of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import uniforms
from opendome.draws.purposes import purpose
from opendome.economics.deployment import Rollout
from opendome.economics.slips import SlipFit, fit_slips, late_ratio
from opendome.quantities.dates import date_s
from opendome.quantities.values import Value

Floats = npt.NDArray[np.float64]

PURPOSE = "schedule"
SLIP_OF_KIND = {
    "infrared-satellite": "satellite",
    "orbital-interceptor": "space-interceptor",
    "surface-interceptor": "interceptor",
    "directed-energy": "interceptor",
    "radar": "ground",
    "over-the-horizon-radar": "ground",
}
IN_SERVICE, DATED, UNKNOWN = "in service", "dated", "no published date"


@dataclass(frozen=True, kw_only=True)
class AssetPlan:
    """How one asset comes to stand.

    Attributes
    ----------
    name, kind, layer : of the asset in its scenario; no layer for a sensor
    planned : units that make it whole
    in_service : units that stand at the start; None if nothing is known
    first : date of the first delivery as published, if one is
    made_s : when that date was published [s, as `dates.date_s`]
    rate, rate_target, ramp : units per second at the first delivery, later, and from when [s]
    life, mass : design life [s] and launch mass [kg] of a unit
    slip_class : by which its first delivery slips; None: the date is taken as a fact
    sources : ids of what these rest on
    """

    name: str
    kind: str
    layer: str | None
    planned: float
    in_service: Value | None = None
    first: str | None = None
    made_s: float | None = None
    rate: Value | None = None
    rate_target: Value | None = None
    ramp: Value | None = None
    life: Value | None = None
    mass: Value | None = None
    slip_class: str | None = None
    sources: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether all of it stands at the start, for certain."""
        return self.in_service is not None and self.in_service.quantile(0.0) >= self.planned

    @property
    def status(self) -> str:
        """In service, dated, or without a published date."""
        if self.whole:
            return IN_SERVICE
        return UNKNOWN if self.first is None else DATED

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is not published and would be needed to say when all of it stands."""
        if self.whole:
            return ()
        date = () if self.first is not None else ("date of first delivery",)
        rate = ("production rate",) if self.planned > 1 and self.rate is None else ()
        return date + rate


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The plans of all assets of a scenario and what they share.

    Attributes
    ----------
    start_s : when the calendar starts [s, as `dates.date_s`]; nothing later is known
    horizon_s : how far it runs
    share : of the planned units of every asset that must stand for it to count as operational
    launch_kg_s : mass that can be launched per second, all assets together; None: no limit
    """

    name: str
    plans: tuple[AssetPlan, ...]
    start_s: float
    horizon_s: float
    share: float
    launch_kg_s: Value | None = None


class Sampler:
    """Draws of one seed, each under its own name: the same whatever else is drawn."""

    def __init__(self, seed: int, samples: int, fit: SlipFit | None = None) -> None:
        self.seed = seed
        self.samples = samples
        self._fit = fit or fit_slips()
        self._states = self._fit.states(self.uniform("knowledge of slips"))

    def uniform(self, name: str) -> Floats:
        """(sample,) numbers in (0, 1)."""
        return uniforms(self.seed, purpose(f"{PURPOSE} {name}"), self.samples)

    def value(self, name: str, value: Value | None, missing: float) -> Floats:
        """(sample,) values of an input; `missing` where there is none."""
        if value is None:
            return np.full(self.samples, missing)
        if not value.uncertain:
            return np.full(self.samples, value.middle)
        return np.array([value.quantile(u) for u in self.uniform(name)])

    def late(self, plan: AssetPlan, planned_s: float, start_s: float) -> Floats:
        """(sample,) first delivery [s, as `dates.date_s`], given that it is not before the start.

        Model: made + ratio x (planned - made), the ratio drawn from the fit to the record.
        """
        made_s = start_s if plan.made_s is None else plan.made_s
        if plan.slip_class is None or planned_s <= made_s:
            return np.full(self.samples, planned_s)
        mean, spread = self._fit.of_class(
            plan.slip_class, self._states, self.uniform(f"class {plan.slip_class}")
        )
        least = np.full(self.samples, max(0.0, (start_s - made_s) / (planned_s - made_s)))
        ratio = late_ratio(mean, spread, self.uniform(f"{plan.name} slip"), at_least=least)
        return made_s + ratio * (planned_s - made_s)


def roll_out(programme: Programme, sampler: Sampler) -> Rollout:
    """Every plan drawn: what `deployment.deploy` plays."""
    rows = [_row(plan, programme, sampler) for plan in programme.plans]
    columns = [np.stack(column) for column in zip(*rows, strict=True)]
    launch = sampler.value("launch capacity", programme.launch_kg_s, np.inf)
    return Rollout(
        planned=columns[0],
        in_service=columns[1],
        first_s=columns[2],
        rate_hz=columns[3],
        rate_target_hz=columns[4],
        ramp_s=columns[5],
        life_s=columns[6],
        mass_kg=columns[7],
        launch_kg_s=launch,
    )


def _row(plan: AssetPlan, programme: Programme, sampler: Sampler) -> Sequence[Floats]:
    """Columns of one asset, in the order of `Rollout`."""

    def drawn(name: str, value: Value | None, missing: float) -> Floats:
        return sampler.value(f"{plan.name}.{name}", value, missing)

    start_s, planned = programme.start_s, np.full(sampler.samples, plan.planned)
    standing = np.minimum(drawn("in_service", plan.in_service, 0.0), planned)
    first_s = np.full(sampler.samples, np.inf)
    if plan.first is not None:
        first_s = sampler.late(plan, date_s(plan.first), start_s) - start_s
    rate = drawn("rate", plan.rate, 0.0)
    target = rate if plan.rate_target is None else drawn("rate_target", plan.rate_target, 0.0)
    return (
        planned,
        standing,
        first_s,
        rate,
        target,
        drawn("ramp", plan.ramp, 0.0),
        drawn("life", plan.life, np.inf),
        drawn("mass", plan.mass, 0.0),
    )
