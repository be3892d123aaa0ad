"""A life cycle split into development, production and sustainment, with replacement inside."""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from opendome.economics.lifecycle import LifeCycle, charge
from opendome.quantities.fields import Bounds, Count, Duration, Probability
from opendome.quantities.money import Money
from opendome.studies.records import Answer, Output, StudyModel
from opendome.studies.sums import Sum, Yearly, usd

PRICE_YEAR = 2010  # of the study
NOT_COUNTED = "not counted"
PARTS = {
    "development": ("development",),
    "production": ("procurement", "construction"),
    "sustainment": ("operations", "replacement"),
}

Interceptors = Annotated[Count, Bounds("0", "100000")]
Positive = Annotated[Duration, Bounds(above="0 s")]
Known = Literal["not counted"] | Sum


class MethodInputs(BaseModel):
    """A ground-based system, its prices, and how long missiles burn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interceptors_new_site: Interceptors
    interceptors_replaced: Interceptors
    development_cost: Known
    unit_cost: Known
    learning: Annotated[Probability, Bounds(above="0", high="1")]
    construction_cost: Known
    operations_cost: Literal["not counted"] | Yearly
    test_cost: Known
    test_interval: Positive
    design_life: Positive
    horizon: Positive
    boost_liquid: Positive
    boost_solid: Positive


def solve(inputs: MethodInputs) -> Answer:
    """Cost of a system by the three parts of a life cycle, and the time that boost phase leaves.

    Model: development once; production = interceptors on the learning curve, and the site;
    sustainment over the horizon = operations, tests, and the interceptors that replace those
    older than the design life.
    Valid for: what `opendome.economics.lifecycle` is; a part without a price is left out and
    named, never taken as 0.
    Source: National Research Council, Making Sense of Ballistic Missile Defense (2012), page 199.
    """
    units = inputs.interceptors_new_site.middle + inputs.interceptors_replaced.middle
    figures = {
        "interceptors": units,
        "boost_liquid_s": inputs.boost_liquid.middle,
        "boost_solid_s": inputs.boost_solid.middle,
        "boost_difference_s": inputs.boost_liquid.middle - inputs.boost_solid.middle,
    }
    spent = charge(_life_cycle(inputs, units))
    tests = _known(inputs.test_cost)
    if tests is not None:
        run = tests * inputs.horizon.middle / inputs.test_interval.middle
        spent = {**spent, "operations": float(spent.get("operations", 0.0)) + run}
        figures["tests_usd_b"] = run
    figures |= _parts({name: float(value) for name, value in spent.items()})
    missing = _missing(inputs)
    return Answer(figures=figures, remarks={"total_usd_b": missing} if missing else {})


def _life_cycle(inputs: MethodInputs, units: float) -> LifeCycle:
    """The system without its tests."""
    yearly = _known(inputs.operations_cost)
    return LifeCycle(
        name="ground-based interceptors",
        units=units,
        horizon_s=inputs.horizon.middle,
        development_usd=_known(inputs.development_cost),
        first_unit_usd=_known(inputs.unit_cost),
        learning=inputs.learning.middle,
        construction_usd=_known(inputs.construction_cost),
        design_life_s=inputs.design_life.middle,
        operations_usd_per_year=yearly,
    )


def _known(price: Money | str) -> float | None:
    """US dollars of the study's year, or None where there is no figure."""
    return None if isinstance(price, str) else usd(price, PRICE_YEAR)


def _parts(spent: dict[str, float]) -> dict[str, float]:
    """The three parts, their total and shares; a part without any price is absent."""
    figures: dict[str, float] = {}
    for part, categories in PARTS.items():
        known = [spent[name] for name in categories if name in spent]
        if known:
            figures[f"{part}_usd_b"] = math.fsum(known)
    if "replacement" in spent:
        figures["replacement_usd_b"] = spent["replacement"]
    total = math.fsum(figures[f"{part}_usd_b"] for part in PARTS if f"{part}_usd_b" in figures)
    if total > 0.0:
        figures["total_usd_b"] = total
        for part in PARTS:
            if f"{part}_usd_b" in figures:
                figures[f"{part}_share"] = figures[f"{part}_usd_b"] / total
    return figures


def _missing(inputs: MethodInputs) -> str:
    """Which prices the total is without, in words."""
    names = ("development_cost", "unit_cost", "construction_cost", "operations_cost", "test_cost")
    absent = [name.replace("_", " ") for name in names if getattr(inputs, name) == NOT_COUNTED]
    return f"not counted, for want of a figure: {', '.join(absent)}" if absent else ""


MODEL = StudyModel(
    form=MethodInputs,
    outputs=(
        Output(name="interceptors", unit="", meaning="in silos"),
        Output(name="development_usd_b", unit="GUSD_2010", meaning="development"),
        Output(name="production_usd_b", unit="GUSD_2010", meaning="interceptors and site"),
        Output(
            name="sustainment_usd_b", unit="GUSD_2010", meaning="operations, tests, replacement"
        ),
        Output(name="total_usd_b", unit="GUSD_2010", meaning="all parts that have a price"),
        Output(name="replacement_usd_b", unit="GUSD_2010", meaning="replacement, in sustainment"),
        Output(name="tests_usd_b", unit="GUSD_2010", meaning="tests, in sustainment"),
        Output(name="development_share", unit="", meaning="of the total"),
        Output(name="production_share", unit="", meaning="of the total"),
        Output(name="sustainment_share", unit="", meaning="of the total"),
        Output(name="boost_liquid_s", unit="s", meaning="boost phase of a liquid missile"),
        Output(name="boost_solid_s", unit="s", meaning="boost phase of a solid missile"),
        Output(name="boost_difference_s", unit="s", meaning="liquid less solid"),
    ),
    solve=solve,
)
