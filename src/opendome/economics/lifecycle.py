"""One fielded system over its years: what it costs, part by part."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from opendome.economics.launches import by_launch_usd, by_mass_usd, launches
from opendome.economics.learning import Number, cumulative_usd, exponent
from opendome.quantities.dates import YEAR_S
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]

CATEGORIES = ("development", "construction", "procurement", "launch", "replacement", "operations")

DUST = 1e-9  # rounding, when a horizon is a whole number of lives


class LifeCycleError(OpendomeError, ValueError):
    """A system that cannot be priced as given. Also a ValueError."""


@dataclass(frozen=True, kw_only=True)
class LifeCycle:
    """One fielded system. Every number is a float or a (sample,) array; all money in US dollars of
    one price year. None means that no figure is known: that part is left out, never taken as 0.

    Attributes
    ----------
    units : that stand when the system is whole
    units_in_service : of them, already bought and not charged
    development_usd : once; not charged where units are in service
    first_unit_usd, learning : the curve of all units ever made, those in service first
    construction_usd : of all sites together
    mass_kg : to be lifted for each unit; None for what stays on Earth
    launch_usd_per_kg : price by mass, or
    launch_usd_per_launch, launch_capacity_kg, launch_learning : price of the first launch, what
        it lifts, and the curve of launches
    design_life_s : after which a unit is replaced; None where it is not known
    new_designs : each generation is a new design, so that both learning curves begin anew
    horizon_s : years that are paid for
    operations_usd_per_year, operations_unit_usd_per_year : of the whole fleet, and of each unit
    """

    name: str
    units: Number
    horizon_s: Number
    units_in_service: Number = 0.0
    development_usd: Number | None = None
    first_unit_usd: Number | None = None
    learning: Number = 1.0
    construction_usd: Number | None = None
    mass_kg: Number | None = None
    launch_usd_per_kg: Number | None = None
    launch_usd_per_launch: Number | None = None
    launch_capacity_kg: Number | None = None
    launch_learning: Number = 1.0
    design_life_s: Number | None = None
    new_designs: bool = False
    operations_usd_per_year: Number | None = None
    operations_unit_usd_per_year: Number | None = None

    def __post_init__(self) -> None:
        exponent(self.learning)
        exponent(self.launch_learning)
        for field, least in (("horizon_s", "more than 0"), ("design_life_s", "more than 0")):
            value = getattr(self, field)
            if value is not None and not np.all(np.asarray(value) > 0.0):
                raise self._refused(field, value, least)
        for part in fields(self):
            value = getattr(self, part.name)
            named = part.name in ("name", "new_designs")
            if not named and value is not None and not np.all(np.asarray(value) >= 0.0):
                raise self._refused(part.name, value, "0 or more")
        if self.launch_usd_per_kg is not None and self.launch_usd_per_launch is not None:
            raise LifeCycleError(
                got=f"{self.name}: a launch price by mass and another by the launch",
                allowed="one of the two",
                do="leave one out",
            )

    @property
    def added(self) -> Number:
        """Units to be bought before the system is whole."""
        return _plain(np.maximum(np.asarray(self.units) - np.asarray(self.units_in_service), 0.0))

    @property
    def generations(self) -> Number:
        """How many times a unit is bought over the horizon, 1 or more; 1 if its life is unknown.

        Model: max(1, horizon / life): units are replaced one by one as they age, so a part of a
        generation is bought where the horizon ends inside one.
        """
        if self.design_life_s is None:
            return 1.0
        return _plain(np.maximum(np.asarray(self.horizon_s) / np.asarray(self.design_life_s), 1.0))

    def _refused(self, field: str, value: Number, allowed: str) -> LifeCycleError:
        worst = float(np.min(np.asarray(value)))
        return LifeCycleError(
            got=f"{self.name}: {field} of {worst:g}", allowed=allowed, do="correct the figure"
        )


def charge(life_cycle: LifeCycle) -> dict[str, Number]:
    """What a system costs over its horizon, by category [US dollars].

    Returns category -> a float or (sample,) array, in the order of `CATEGORIES`; a category
    without a figure is absent.
    Model: procurement is the learning curve over the units added, after those in service;
    replacement the same curve over the units bought later, with their launches, or for new
    designs the curve from its beginning for each generation; launch brings up
    the units added; operations run for the whole horizon; fleet operations and construction are
    charged in the share of the units that are added.
    Valid for: a system that is whole from the first day; one line of production; no discounting,
    no disposal, no spares, no failures. `timeline` spreads the same sums over the years.
    Source: cost categories of the National Academies, Making Sense of Ballistic Missile Defense
    (2012), and of the public calculators; continuous replacement is an assumption of this project.
    """
    own, added = life_cycle, np.asarray(life_cycle.added)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(added > 0.0, added / np.asarray(own.units), 0.0)
    parts: dict[str, Number | Floats] = {}
    if own.development_usd is not None:
        parts["development"] = np.where(
            np.asarray(own.units_in_service) > 0.0, 0.0, own.development_usd
        )
    if own.construction_usd is not None:
        parts["construction"] = own.construction_usd * share
    made, lifted = _made(own), _lifted(own)
    if made is not None:
        parts["procurement"] = made[0]
    if lifted is not None:
        parts["launch"] = lifted[0]
    if own.design_life_s is not None and (made is not None or lifted is not None):
        parts["replacement"] = (made[1] if made else 0.0) + (lifted[1] if lifted else 0.0)
    yearly = _yearly(own, share)
    if yearly is not None:
        parts["operations"] = yearly * np.asarray(own.horizon_s) / YEAR_S
    return {name: _plain(np.asarray(parts[name])) for name in CATEGORIES if name in parts}


def marginal_usd(life_cycle: LifeCycle) -> Number | None:
    """What one more unit costs over the horizon [US dollars]; None if it has no price.

    Model: difference of the charges that follow the number of units: procurement, launch,
    replacement, operations of a unit. Where launches are bought whole it jumps with a launch.
    """
    if life_cycle.first_unit_usd is None:
        return None
    own = replace(
        life_cycle, development_usd=None, construction_usd=None, operations_usd_per_year=None
    )
    more = replace(own, units=np.asarray(own.units) + 1.0)
    return _plain(np.asarray(total_usd(more)) - np.asarray(total_usd(own)))


def scaled(life_cycle: LifeCycle, factor: float) -> LifeCycle:
    """The same system with every price times `factor`, as in the prices of another year."""
    prices = {
        part.name: value * factor
        for part in fields(life_cycle)
        if "usd" in part.name and (value := getattr(life_cycle, part.name)) is not None
    }
    return replace(life_cycle, **prices)


def total_usd(life_cycle: LifeCycle) -> Number:
    """Sum of all that `charge` gives [US dollars]."""
    total = np.zeros(())
    for part in charge(life_cycle).values():
        total = total + part
    return _plain(total)


def _made(own: LifeCycle) -> tuple[Number, Number] | None:
    """Making the units added, and those that replace them later [US dollars]."""
    if own.first_unit_usd is None:
        return None
    first, learning = own.first_unit_usd, own.learning
    standing = np.asarray(own.units_in_service)

    def made(units: Number) -> Floats:
        whole = np.asarray(cumulative_usd(first, standing + np.asarray(units), learning))
        return whole - cumulative_usd(first, standing, learning)

    return _over_generations(own, made)


def _lifted(own: LifeCycle) -> tuple[Number, Number] | None:
    """Launching the units added, and those that replace them later [US dollars]."""
    mass, by_mass, by_launch = own.mass_kg, own.launch_usd_per_kg, own.launch_usd_per_launch
    capacity = own.launch_capacity_kg
    if mass is None:
        return None
    if by_mass is not None:
        return _over_generations(own, lambda units: by_mass_usd(units, mass, by_mass))
    if by_launch is not None and capacity is not None:
        return _over_generations(
            own,
            lambda units: by_launch_usd(
                launches(units, mass, capacity), by_launch, own.launch_learning
            ),
        )
    return None


def _over_generations(
    own: LifeCycle, cost: Callable[[Number], Number | Floats]
) -> tuple[Number, Number]:
    """Cost of the units added, and of all that replace them later [US dollars].

    cost : of a number of units from the beginning of a curve
    """
    added, generations = np.asarray(own.added), np.asarray(own.generations)
    first = np.asarray(cost(_plain(added)))
    if own.new_designs:
        full = np.floor(generations + DUST)
        rest = np.maximum(generations - full, 0.0)
        later = (full - 1.0) * first + np.asarray(cost(_plain(added * rest)))
    else:
        later = np.asarray(cost(_plain(added * generations))) - first
    return _plain(first), _plain(later)


def _yearly(own: LifeCycle, share: Floats) -> Number | None:
    """Operations of one year [US dollars]."""
    fleet, unit = own.operations_usd_per_year, own.operations_unit_usd_per_year
    if fleet is None and unit is None:
        return None
    total = np.zeros(())
    if fleet is not None:
        total = total + fleet * share
    if unit is not None:
        total = total + unit * np.asarray(own.added)
    return _plain(total)


def _plain(value: Floats) -> Number:
    """A number without axes as a plain float."""
    return value if value.ndim else float(value)
