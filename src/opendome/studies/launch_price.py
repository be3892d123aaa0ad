"""What cheaper launch does to the cost of an orbital layer, as CBO's letter of 2025 asks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from opendome.economics.lifecycle import LifeCycle
from opendome.quantities.fields import Bounds, Count, Duration, Mass
from opendome.studies.records import Answer, Layer, Output, StudyModel
from opendome.studies.sums import PerMass, Sum, usd

PRICE_YEAR = 2025


class LaunchInputs(BaseModel):
    """A layer, two prices of launch, and everything else in one sum."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: Annotated[Count, Bounds("1")]
    interceptors: Annotated[Count, Bounds("1")]
    launched_mass: Annotated[Mass, Bounds(above="0 kg")]
    launch_price_old: PerMass
    launch_price: PerMass
    other_cost: Sum
    horizon: Annotated[Duration, Bounds(above="0 s")]


def solve(inputs: LaunchInputs) -> Answer:
    """Cost of the layer at the old and at the new launch price, and the reduction.

    Model: total = interceptors x mass launched for each over the horizon x price + the rest.
    Valid for: a rest that does not follow the launch price (no design changed to use it).
    Source: Congressional Budget Office, letter of 5 May 2025 on launch costs and space-based
    interceptors; the split is this project's.
    """
    mass_kg = inputs.interceptors.middle * inputs.launched_mass.middle
    rest = usd(inputs.other_cost, PRICE_YEAR)
    old = mass_kg * usd(inputs.launch_price_old, PRICE_YEAR)
    new = mass_kg * usd(inputs.launch_price, PRICE_YEAR)
    figures = {
        "launched_t": mass_kg,
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
            first_unit_usd=usd(inputs.other_cost, PRICE_YEAR) / units,
            mass_kg=inputs.launched_mass.middle,
            launch_usd_per_kg=usd(inputs.launch_price, PRICE_YEAR),
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
        Output(name="launched_t", unit="t", meaning="mass launched over the horizon"),
    ),
    solve=solve,
)
