"""The public calculator of orbital interceptors (T. Harrison, AEI): size and cost of a layer.

Everything follows from the tool's own source text: two slightly different gravities, a sphere of
its own radius, and a closed form for the learning curve. `docs/studies/aei-sbi-calculator.md`
lists where this form is wider than the tool's.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict

from opendome.compiled import interpreted
from opendome.economics.launches import launches
from opendome.economics.learning import average_continuous_usd
from opendome.economics.lifecycle import LifeCycle
from opendome.intercept.kernels import satellites_per_footprint
from opendome.quantities.dates import YEAR_S
from opendome.quantities.fields import (
    Acceleration,
    Angle,
    Bounds,
    Count,
    Duration,
    Length,
    Mass,
    Probability,
    Speed,
)
from opendome.quantities.values import Value
from opendome.sources.catalogue import load_system
from opendome.studies.orbital_layer import footprint, too_heavy, too_steep
from opendome.studies.records import Answer, Layer, Output, StudyModel
from opendome.studies.sums import Sum, Yearly, usd
from opendome.studies.whole import at_least, at_most

LOG_DUST = 1e-9  # relative; how far a quotient of logarithms of given chances can be off
PRICE_YEAR = 2026  # the tool says "constant dollars"; the paper it goes with is in those of 2026

Positive = Annotated[Duration, Bounds(above="0 s")]
Learning = Annotated[Probability, Bounds(above="0", high="1")]


class CalculatorInputs(BaseModel):
    """An interceptor, a threat and prices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    salvo: Annotated[Count, Bounds("1")]
    flyout: Positive
    altitude: Annotated[Length, Bounds(above="0 km", high="100000 km")]
    delta_v: Annotated[Speed, Bounds(above="0 km/s", high="20 km/s")]
    acceleration: Annotated[Acceleration, Bounds(above="0 g")]
    divert: Annotated[Speed, Bounds(high="20 km/s")]
    isp: Annotated[Duration, Bounds("100 s", "1000 s")]
    kill_vehicle_mass: Annotated[Mass, Bounds(above="0 kg")]
    body_mass: Annotated[Mass, Bounds("0 kg")]
    support_mass: Annotated[Mass, Bounds("0 kg")]
    latitude_max: Annotated[Angle, Bounds(above="0 deg", high="90 deg")]
    p_kill: Probability
    p_composite: Probability
    design_life: Positive
    intercept_altitude: Annotated[Length, Bounds("0 km", "100000 km")]
    development_cost: Sum
    first_unit_cost: Sum
    learning: Learning
    operations_cost: Yearly
    horizon: Positive
    launch_capacity: Annotated[Mass, Bounds(above="0 kg")]
    first_launch_cost: Sum
    launch_learning: Learning


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Constants of the tool, which are not this project's."""

    gravity_of_mass_m_s2: float
    earth_radius_m: float
    learning_least: float


@cache
def tool() -> Tool:
    """The constants, from the catalogue."""
    known = load_system("aei-calculator").parameters

    def number(name: str) -> float:
        return cast("Value", known[name].value).middle

    return Tool(
        gravity_of_mass_m_s2=number("gravity_of_mass"),
        earth_radius_m=number("earth_radius"),
        learning_least=number("learning_least"),
    )


def interceptor_mass_kg(inputs: CalculatorInputs) -> float:
    """Mass of an interceptor with its share of the carrier [kg].

    Model: support + (kill vehicle exp(divert / g Isp) + body) exp(dV / g Isp), one stage each.
    Source: T. Harrison (AEI), Space-Based Interceptor Calculator (2025).
    """
    exhaust_m_s = tool().gravity_of_mass_m_s2 * inputs.isp.middle
    vehicle = inputs.kill_vehicle_mass.middle * math.exp(inputs.divert.middle / exhaust_m_s)
    loaded = (vehicle + inputs.body_mass.middle) * math.exp(inputs.delta_v.middle / exhaust_m_s)
    return inputs.support_mass.middle + loaded


def shots_needed(p_kill: float, p_composite: float) -> int | None:
    """Interceptors for each missile; None when no number of them reaches the chance asked for.

    Model: ceil(ln(1 - P) / ln(1 - p)), at least 1; dust of floating point adds none.
    Source: as `interceptor_mass_kg`.
    """
    if p_kill >= 1.0:
        return 1
    if p_kill <= 0.0 or p_composite >= 1.0:
        return None if p_composite > 0.0 else 1
    return max(1, at_least(math.log(1.0 - p_composite) / math.log(1.0 - p_kill), LOG_DUST))


def solve(inputs: CalculatorInputs) -> Answer:
    """Mass, reach, number, launches and cost of a layer of orbital interceptors.

    Model: footprint from range and difference of altitudes; N = ceil(4 sin(lat) (R + h_int)^2 /
    r^2 x salvo x shots); total = generations x (production + launch) + operations + development,
    production and launch by the closed form of `average_continuous_usd`, anew each generation.
    Valid for: what its author states: even spacing (the best case), no air, no spares, no
    disposal; each generation starts its learning again.
    Source: as `interceptor_mass_kg`.
    """
    figures = {"mass_kg": interceptor_mass_kg(inputs)}
    binding = _reach(inputs, figures) or _number(inputs, figures) or _bill(inputs, figures)
    return Answer(
        figures=figures,
        binding=binding,
        remarks=_remarks(inputs),
        layer=_layer(inputs, figures) if binding is None else None,
    )


def _reach(inputs: CalculatorInputs, figures: dict[str, float]) -> str | None:
    """Adds range, footprint and ratio; returns what forbids them."""
    found, binding = footprint(
        flyout_s=inputs.flyout.middle,
        acceleration_m_s2=inputs.acceleration.middle,
        speed_m_s=inputs.delta_v.middle,
        drop_m=abs(inputs.altitude.middle - inputs.intercept_altitude.middle),
    )
    figures |= found
    if binding is None:
        shell_m = tool().earth_radius_m + inputs.intercept_altitude.middle
        band = math.sin(inputs.latitude_max.middle)
        figures["ratio"] = (
            interpreted(satellites_per_footprint)(found["footprint_km"], shell_m) * band
        )
    return binding


def _number(inputs: CalculatorInputs, figures: dict[str, float]) -> str | None:
    """Adds shots, interceptors, generations and launches; returns what forbids them."""
    shots = shots_needed(inputs.p_kill.middle, inputs.p_composite.middle)
    if shots is None:
        return (
            f"no number of shots that kill with chance {inputs.p_kill.text()} destroys a missile "
            f"with chance {inputs.p_composite.text()}"
        )
    units = max(1, at_least(figures["ratio"] * inputs.salvo.middle * shots))
    generations = max(1, at_most(inputs.horizon.middle / inputs.design_life.middle))
    figures |= {"shots": shots, "interceptors": units, "generations": generations}
    figures["bought"] = units * generations
    mass_kg, capacity_kg = figures["mass_kg"], inputs.launch_capacity.middle
    binding = too_heavy(mass_kg, capacity_kg)
    if binding is None:
        figures["launches"] = float(launches(float(units), mass_kg, capacity_kg))
    return binding


def _bill(inputs: CalculatorInputs, figures: dict[str, float]) -> str | None:
    """Adds what it costs [US dollars]; returns what forbids it."""
    binding = too_steep(learning=inputs.learning, launch_learning=inputs.launch_learning)
    if binding is not None:
        return binding
    units, trips = figures["interceptors"], figures["launches"]
    each = average_continuous_usd(
        usd(inputs.first_unit_cost, PRICE_YEAR), units, inputs.learning.middle
    )
    trip = average_continuous_usd(
        usd(inputs.first_launch_cost, PRICE_YEAR), trips, inputs.launch_learning.middle
    )
    generations = figures["generations"]
    figures["unit_cost_usd_m"] = float(each)
    figures["launch_cost_usd_m"] = float(trip)
    figures["production_usd_b"] = generations * units * float(each)
    figures["launch_usd_b"] = generations * trips * float(trip)
    figures["operations_usd_b"] = (
        usd(inputs.operations_cost, PRICE_YEAR) * inputs.horizon.middle / YEAR_S
    )
    figures["total_cost_usd_b"] = math.fsum(
        (
            figures["production_usd_b"],
            figures["launch_usd_b"],
            figures["operations_usd_b"],
            usd(inputs.development_cost, PRICE_YEAR),
        )
    )
    return None


def _remarks(inputs: CalculatorInputs) -> dict[str, str]:
    """Where the inputs are outside what the tool itself accepts."""
    remarks: dict[str, str] = {}
    if inputs.intercept_altitude.middle > inputs.altitude.middle:
        remarks["footprint_km"] = "the tool accepts no intercept above the orbit"
    if inputs.divert.middle > inputs.delta_v.middle:
        remarks["mass_kg"] = "the tool accepts no divert above delta_v"
    if inputs.design_life.middle > inputs.horizon.middle:
        remarks["total_cost_usd_b"] = "life exceeds the horizon: one generation is bought and paid"
    least = tool().learning_least
    if min(inputs.learning.middle, inputs.launch_learning.middle) < least:
        text = f"the tool accepts no learning below {least:.0%}, where its closed form is far off"
        remarks["unit_cost_usd_m"] = text
    return remarks


def _layer(inputs: CalculatorInputs, figures: dict[str, float]) -> Layer:
    """The same layer as one life cycle: the curves summed exactly, lives continuous."""
    targets = inputs.salvo.middle
    units = figures["interceptors"]
    return Layer(
        targets=targets,
        per_target=units / targets,
        life_cycle=LifeCycle(
            name="orbital interceptors",
            units=units,
            development_usd=usd(inputs.development_cost, PRICE_YEAR),
            first_unit_usd=usd(inputs.first_unit_cost, PRICE_YEAR),
            learning=inputs.learning.middle,
            mass_kg=figures["mass_kg"],
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
    form=CalculatorInputs,
    outputs=(
        Output(name="mass_kg", unit="kg", meaning="mass of an interceptor with its carrier"),
        Output(name="range_km", unit="km", meaning="distance flown until the intercept"),
        Output(name="footprint_km", unit="km", meaning="radius covered at the intercept altitude"),
        Output(name="ratio", unit="", meaning="interceptors in orbit for each one in reach"),
        Output(name="shots", unit="", meaning="interceptors fired at each missile"),
        Output(name="interceptors", unit="", meaning="interceptors in orbit"),
        Output(name="launches", unit="", meaning="launches of one generation"),
        Output(name="unit_cost_usd_m", unit="MUSD_2026", meaning="mean price of an interceptor"),
        Output(name="total_cost_usd_b", unit="GUSD_2026", meaning="cost over the horizon"),
        Output(name="generations", unit="", meaning="times the whole layer is bought"),
        Output(name="bought", unit="", meaning="interceptors bought over the horizon"),
        Output(name="launch_cost_usd_m", unit="MUSD_2026", meaning="mean price of a launch"),
        Output(name="production_usd_b", unit="GUSD_2026", meaning="cost of making all of them"),
        Output(name="launch_usd_b", unit="GUSD_2026", meaning="cost of all launches"),
        Output(name="operations_usd_b", unit="GUSD_2026", meaning="cost of operating them"),
    ),
    solve=solve,
)
