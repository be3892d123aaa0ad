"""What cheaper launch does to the cost of an orbital layer, as CBO's letter of 2025 asks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from opendome.economics.lifecycle import LifeCycle
from opendome.quantities.fields import Bounds, Count, Duration, Mass
from opendome.studies.records import Answer, Layer, Output, StudyModel
from opendome.studies.sums import PerMass, Sum, usd

PRICE_YEAR = 2025  # all sums of the letter are in dollars of that year

Positive = Annotated[Duration, Bounds(above="0 s")]


class LaunchInputs(BaseModel):
    """A layer, two prices of launch, and everything else in one sum."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: Annotated[Count, Bounds("1")]
    interceptors: Annotated[Count, Bounds("1")]
    mass: Annotated[Mass, Bounds(above="0 kg")]
    design_life: Positive
    horizon: Positive
    launch_price_old: PerMass
    launch_price: PerMass
    other_cost: Sum


def solve(inputs: LaunchInputs) -> Answer:
    """Cost of the layer at the old and at the new launch price, and the reduction.

    Model: total = interceptors x max(1, horizon / life) x mass x price + the rest.
    Valid for: a rest that does not follow the launch price (no design changed to use it).
    Source: Congressional Budget Office, letter of 5 May 2025 on launch costs and space-based
    interceptors; the split is this project's.
    """
    lives = max(1.0, inputs.horizon.middle / inputs.design_life.middle)
    bought = inputs.interceptors.middle * lives
    mass_kg = bought * inputs.mass.middle
    rest = usd(inputs.other_cost, PRICE_YEAR)
    old = mass_kg * usd(inputs.launch_price_old, PRICE_YEAR)
    new = mass_kg * usd(inputs.launch_price, PRICE_YEAR)
    figures = {
        "bought": bought,
        "launched_t": mass_kg,
        "rest_per_interceptor_usd_m": rest / bought,
        "launch_old_usd_b": old,
        "launch_usd_b": new,
        "total_old_usd_b": rest + old,
        "total_cost_usd_b": rest + new,
        "saving_usd_b": old - new,
    }
    if rest + old > 0.0:
        figures["reduction"] = (old - new) / (rest + old)
    return Answer(figures=figures, layer=_layer(inputs, figures))


def _layer(inputs: LaunchInputs, figures: dict[str, float]) -> Layer:
    """The layer at the new price; what is not launch, its parts unknown, is the units' price."""
    units, targets = inputs.interceptors.middle, inputs.targets.middle
    return Layer(
        targets=targets,
        per_target=units / targets,
        life_cycle=LifeCycle(
            name="orbital interceptors",
            units=units,
            first_unit_usd=figures["rest_per_interceptor_usd_m"],
            mass_kg=inputs.mass.middle,
            launch_usd_per_kg=usd(inputs.launch_price, PRICE_YEAR),
            design_life_s=inputs.design_life.middle,
            horizon_s=inputs.horizon.middle,
        ),
        other_usd=0.0,
        total_usd=figures["total_cost_usd_b"],
        price_year=PRICE_YEAR,
    )


MODEL = StudyModel(
    form=LaunchInputs,
    outputs=(
        Output(name="total_old_usd_b", unit="GUSD_2025", meaning="cost at the old launch price"),
        Output(name="total_cost_usd_b", unit="GUSD_2025", meaning="cost at the new launch price"),
        Output(name="reduction", unit="", meaning="share that cheaper launch saves"),
        Output(name="saving_usd_b", unit="GUSD_2025", meaning="what cheaper launch saves"),
        Output(name="launch_old_usd_b", unit="GUSD_2025", meaning="launch at the old price"),
        Output(name="launch_usd_b", unit="GUSD_2025", meaning="launch at the new price"),
        Output(name="bought", unit="", meaning="interceptors bought over the horizon"),
        Output(name="launched_t", unit="t", meaning="mass launched over the horizon"),
        Output(
            name="rest_per_interceptor_usd_m",
            unit="MUSD_2025",
            meaning="everything but launch, for each interceptor bought",
        ),
    ),
    solve=solve,
)
