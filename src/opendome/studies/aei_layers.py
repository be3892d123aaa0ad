"""The layers of orbital interceptors that AEI priced in 2025: number by geometry, cost by curves.

The paper's table of results was read in a transcription, its cost equations were not. What is
here is the simplest rule found that gives all rows back; `docs/studies/aei-2025.md` says on which
figures it was set and how far it is from the others.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from opendome.compiled import interpreted
from opendome.economics.launches import launches
from opendome.economics.learning import average_continuous_usd, exponent
from opendome.economics.lifecycle import LifeCycle
from opendome.intercept.kernels import satellites_per_footprint
from opendome.quantities.dates import YEAR_S
from opendome.quantities.fields import (
    Acceleration,
    Bounds,
    Count,
    Duration,
    Length,
    Mass,
    Probability,
    Ratio,
    Speed,
)
from opendome.studies.orbital_layer import footprint, too_heavy, too_steep
from opendome.studies.records import Answer, Layer, Output, StudyModel
from opendome.studies.sums import Sum, Yearly, usd
from opendome.studies.whole import at_least, at_most

PRICE_YEAR = 2026  # the paper counts in dollars of the fiscal year 2026

Positive = Annotated[Duration, Bounds(above="0 s")]
PositiveMass = Annotated[Mass, Bounds(above="0 kg")]
Learning = Annotated[Probability, Bounds(above="0", high="1")]


class LayerInputs(BaseModel):
    """One layer of orbital interceptors and its prices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    salvo: Annotated[Count, Bounds("1")]
    shots: Annotated[Count, Bounds("1")]
    flyout: Positive
    delta_v: Annotated[Speed, Bounds(above="0 km/s", high="20 km/s")]
    acceleration: Annotated[Acceleration, Bounds(above="0 g")]
    altitude: Annotated[Length, Bounds(above="0 km", high="100000 km")]
    intercept_altitude: Annotated[Length, Bounds("0 km", "100000 km")]
    earth_radius: Annotated[Length, Bounds("6000 km", "7000 km")]
    interceptors: Literal["needed"] | Annotated[Count, Bounds("1")]
    mass: PositiveMass
    design_life: Positive
    horizon: Positive
    development_cost: Sum
    first_unit_cost: Sum
    reference_mass: PositiveMass
    mass_exponent: Annotated[Ratio, Bounds("0", "2")]
    learning: Learning
    first_launch_cost: Sum
    launch_capacity: PositiveMass
    launch_learning: Learning
    launch_learning_goes_on: bool
    operations_cost: Yearly


def first_unit_usd(inputs: LayerInputs) -> float:
    """Price of the first interceptor of a mass [US dollars].

    Model: price at the reference mass x (mass / reference mass)^exponent.
    Valid for: between the two masses of the paper, 1,900 and 3,600 kg.
    Source: assumption of this project; the exponent is set on one published figure.
    """
    scale = inputs.mass.middle / inputs.reference_mass.middle
    return usd(inputs.first_unit_cost, PRICE_YEAR) * scale**inputs.mass_exponent.middle


def solve(inputs: LayerInputs) -> Answer:
    """Number of interceptors of a layer, and its cost: first generation, later ones, operations.

    Model: ratio = 4 (R + h_int)^2 / r^2 with the footprint r; N = ceil(ratio x salvo x shots);
    first generation = development + production + launch; later ones the same production again,
    its learning begun anew, and further launches on a curve that goes on (or not, as set).
    Valid for: even spacing, no spares, no disposal, whole generations.
    Source: T. Harrison, Build Your Own Golden Dome, AEI working paper 2025-20 (2025), table 3 and
    appendix B, read in a transcription; the rule of cost is inferred from its results.
    """
    figures, binding = _geometry(inputs)
    binding = (
        binding
        or too_heavy(inputs.mass.middle, inputs.launch_capacity.middle)
        or too_steep(learning=inputs.learning, launch_learning=inputs.launch_learning)
    )
    if binding is not None:
        return Answer(figures=figures, binding=binding)
    figures |= _bill(inputs, figures["interceptors"])
    return Answer(figures=figures, layer=_layer(inputs, figures))


def _geometry(inputs: LayerInputs) -> tuple[dict[str, float], str | None]:
    """Range, footprint, ratio and numbers; and what forbids them."""
    wanted = inputs.salvo.middle * inputs.shots.middle
    power = 1.0 + float(exponent(inputs.learning.middle))
    found, binding = footprint(
        flyout_s=inputs.flyout.middle,
        acceleration_m_s2=inputs.acceleration.middle,
        speed_m_s=inputs.delta_v.middle,
        drop_m=abs(inputs.altitude.middle - inputs.intercept_altitude.middle),
    )
    figures = {"on_station": wanted, "production_exponent": power, **found}
    if binding is not None:
        return figures, binding
    shell_m = inputs.earth_radius.middle + inputs.intercept_altitude.middle
    ratio = interpreted(satellites_per_footprint)(found["footprint_km"], shell_m)
    needed = float(max(1, at_least(ratio * wanted)))
    given = inputs.interceptors
    figures["ratio"] = ratio
    figures["interceptors_by_geometry"] = needed
    figures["interceptors"] = needed if isinstance(given, str) else given.middle
    return figures, None


def _bill(inputs: LayerInputs, units: float) -> dict[str, float]:
    """What so many interceptors cost [US dollars]."""
    generations = max(1, at_most(inputs.horizon.middle / inputs.design_life.middle))
    trips = float(launches(units, inputs.mass.middle, inputs.launch_capacity.middle))
    production = _curve(first_unit_usd(inputs), units, inputs.learning.middle)
    first = _launch_usd(inputs, trips)
    if inputs.launch_learning_goes_on:
        further = _launch_usd(inputs, trips * generations) - first
    else:
        further = first * (generations - 1)
    development = usd(inputs.development_cost, PRICE_YEAR)
    initial = development + production + first
    later = production * (generations - 1) + further
    operations = usd(inputs.operations_cost, PRICE_YEAR) * inputs.horizon.middle / YEAR_S
    return {
        "generations": generations,
        "launches": trips,
        "initial_usd_b": initial,
        "replenishment_usd_b": later,
        "operations_usd_b": operations,
        "total_cost_usd_b": initial + later + operations,
        "unit_cost_usd_m": initial / units,
        "replenishment_ratio": later / initial,
    }


def _launch_usd(inputs: LayerInputs, trips: float) -> float:
    """Price of the first so many launches [US dollars]."""
    first = usd(inputs.first_launch_cost, PRICE_YEAR)
    return _curve(first, trips, inputs.launch_learning.middle)


def _curve(first_usd: float, units: float, learning: float) -> float:
    """All of so many units by the author's closed form [US dollars]."""
    return units * float(average_continuous_usd(first_usd, units, learning))


def _layer(inputs: LayerInputs, figures: dict[str, float]) -> Layer:
    """The same layer as one life cycle: exact sums, all curves anew in each generation."""
    units, targets = figures["interceptors"], inputs.salvo.middle
    return Layer(
        targets=targets,
        per_target=units / targets,
        life_cycle=LifeCycle(
            name="orbital interceptors",
            units=units,
            development_usd=usd(inputs.development_cost, PRICE_YEAR),
            first_unit_usd=first_unit_usd(inputs),
            learning=inputs.learning.middle,
            mass_kg=inputs.mass.middle,
            launch_usd_per_launch=usd(inputs.first_launch_cost, PRICE_YEAR),
            launch_capacity_kg=inputs.launch_capacity.middle,
            launch_learning=inputs.launch_learning.middle,
            design_life_s=inputs.design_life.middle,
            new_designs=True,
            horizon_s=inputs.horizon.middle,
            operations_usd_per_year=usd(inputs.operations_cost, PRICE_YEAR),
        ),
        other_usd=0.0,
        total_usd=figures["total_cost_usd_b"],
        price_year=PRICE_YEAR,
    )


MODEL = StudyModel(
    form=LayerInputs,
    outputs=(
        Output(name="range_km", unit="km", meaning="distance flown until the intercept"),
        Output(name="footprint_km", unit="km", meaning="radius covered at the intercept altitude"),
        Output(name="ratio", unit="", meaning="interceptors in orbit for each one in reach"),
        Output(
            name="on_station", unit="", meaning="interceptors in reach at any time, in the mean"
        ),
        Output(name="interceptors", unit="", meaning="interceptors in orbit that are priced"),
        Output(name="interceptors_by_geometry", unit="", meaning="interceptors the ratio asks for"),
        Output(name="generations", unit="", meaning="times the whole layer is bought"),
        Output(name="launches", unit="", meaning="launches of one generation"),
        Output(name="initial_usd_b", unit="GUSD_2026", meaning="first generation in orbit"),
        Output(name="replenishment_usd_b", unit="GUSD_2026", meaning="later generations"),
        Output(name="operations_usd_b", unit="GUSD_2026", meaning="operations over the horizon"),
        Output(name="total_cost_usd_b", unit="GUSD_2026", meaning="cost over the horizon"),
        Output(
            name="unit_cost_usd_m", unit="MUSD_2026", meaning="first generation per interceptor"
        ),
        Output(name="replenishment_ratio", unit="", meaning="later generations over the first"),
        Output(name="production_exponent", unit="", meaning="power of the number in production"),
    ),
    solve=solve,
)
