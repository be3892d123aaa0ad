"""The bill of a plain fleet of orbital interceptors from stated unit figures, in 2004 dollars."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from opendome.economics.lifecycle import LifeCycle, charge
from opendome.quantities.fields import Bounds, Count, Duration, Mass
from opendome.studies.records import Answer, Layer, Output, StudyModel
from opendome.studies.sums import PerMass, Sum, Yearly, usd

PRICE_YEAR = 2004  # the published range is in dollars of that year

Positive = Annotated[Duration, Bounds(above="0 s")]


class FleetInputs(BaseModel):
    """A fleet and its prices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: Annotated[Count, Bounds("1")]
    interceptors: Annotated[Count, Bounds("1")]
    mass: Annotated[Mass, Bounds(above="0 kg")]
    unit_cost: Sum
    launch_price: PerMass
    development_cost: Sum
    operations_cost: Yearly
    design_life: Positive
    horizon: Positive


def solve(inputs: FleetInputs) -> Answer:
    """Cost of the fleet over the horizon, by kind.

    Model: `economics.lifecycle.charge` without learning: interceptors bought anew as they age.
    Valid for: as `charge`; sums of other years are brought to 2004 by the price index.
    Source: definition of the sums.
    """
    units, targets = inputs.interceptors.middle, inputs.targets.middle
    fleet = LifeCycle(
        name="orbital interceptors",
        units=units,
        development_usd=usd(inputs.development_cost, PRICE_YEAR),
        first_unit_usd=usd(inputs.unit_cost, PRICE_YEAR),
        mass_kg=inputs.mass.middle,
        launch_usd_per_kg=usd(inputs.launch_price, PRICE_YEAR),
        design_life_s=inputs.design_life.middle,
        horizon_s=inputs.horizon.middle,
        operations_usd_per_year=usd(inputs.operations_cost, PRICE_YEAR),
    )
    parts = {name: float(part) for name, part in charge(fleet).items()}
    total = sum(parts.values())
    bought = units * float(fleet.generations)
    figures = {
        "bought": bought,
        "first_fleet_usd_b": parts["development"] + parts["procurement"] + parts["launch"],
        "replacement_usd_b": parts["replacement"],
        "operations_usd_b": parts["operations"],
        "total_cost_usd_b": total,
        "total_per_interceptor_usd_m": total / units,
    }
    layer = Layer(
        targets=targets,
        per_target=units / targets,
        life_cycle=fleet,
        other_usd=0.0,
        total_usd=total,
        price_year=PRICE_YEAR,
    )
    return Answer(figures=figures, layer=layer)


MODEL = StudyModel(
    form=FleetInputs,
    outputs=(
        Output(name="total_cost_usd_b", unit="GUSD_2004", meaning="cost over the horizon"),
        Output(name="first_fleet_usd_b", unit="GUSD_2004", meaning="development and first fleet"),
        Output(name="replacement_usd_b", unit="GUSD_2004", meaning="later interceptors, launched"),
        Output(name="operations_usd_b", unit="GUSD_2004", meaning="operations over the horizon"),
        Output(name="bought", unit="", meaning="interceptors bought over the horizon"),
        Output(
            name="total_per_interceptor_usd_m", unit="MUSD_2004", meaning="cost for each in orbit"
        ),
    ),
    solve=solve,
)
