"""How many orbital interceptors it takes to stop a missile while its engines burn."""

import math
from functools import cache
from typing import Annotated, cast

import numpy as np
from pydantic import BaseModel, ConfigDict

from opendome.intercept.kernels import flyout_range, footprint_radius, satellites_per_footprint
from opendome.intercept.sizing import size_interceptors
from opendome.intercept.sizing_records import InterceptorTask
from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.fields import (
    Acceleration,
    Bounds,
    Count,
    Duration,
    Length,
    Speed,
)
from opendome.quantities.values import Value
from opendome.sources.catalogue import load_system
from opendome.studies.density import Altitude, Inclination, Latitude
from opendome.studies.records import Answer, Output, StudyModel
from opendome.studies.whole import at_least
from opendome.world.layouts import Layout

Some = Annotated[Count, Bounds("1", "1000")]
Span = Annotated[Duration, Bounds("0 s", "1 h")]


class BoostInputs(BaseModel):
    """Missiles that rise together, what passes before an answer, and the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    missiles: Some
    shots: Some
    boost_time: Annotated[Duration, Bounds(above="0 s", high="1 h")]
    margin: Span
    detection: Span
    decision: Span
    speed: Annotated[Speed, Bounds(above="0 km/s", high="20 km/s")]
    acceleration: Annotated[Acceleration, Bounds(above="0 g")]
    altitude: Altitude
    intercept_altitude: Annotated[Length, Bounds("0 km", "100000 km")]
    latitude: Latitude
    inclination: Inclination


@cache
def layout() -> Layout:
    """Moments and phasing at which a constellation is tried, from the catalogue."""
    known = load_system("sizing-defaults").parameters

    def number(name: str) -> float:
        return cast("Value", known[f"common.{name}"].value).middle

    return Layout(
        kind="delta",
        phasing=number("phasing"),
        step_s=number("step"),
        duration_s=number("duration"),
    )


def solve(inputs: BoostInputs) -> Answer:
    """Time to fly, reach, and interceptors in orbit by three counts.

    Model: flight = boost - margin - detection - decision; reach by `flyout_range`, footprint at
    the height of the intercept; interceptors = missiles x ceil(shots x 4 R^2 / r^2): an even
    shell, on average. Beside it the average at the launch latitude, and the smallest
    constellation that always has `shots` in reach there; both times the missiles, since
    constellations can be laid over each other.
    Valid for: one launch point, straight flight, one interceptor on each satellite.
    Source: T. Harrison, AEI working paper 2025-20 (2025), appendix B, for the count; the
    proportion to the missiles is a finding of the study group of 2003.
    """
    flight_s = (
        inputs.boost_time.middle
        - inputs.margin.middle
        - inputs.detection.middle
        - inputs.decision.middle
    )
    figures = {"time_to_fly_s": max(0.0, flight_s)}
    if flight_s <= 0.0:
        return Answer(figures=figures, binding=_no_time(inputs, flight_s))
    drop_m = abs(inputs.altitude.middle - inputs.intercept_altitude.middle)
    reach_m = flyout_range(flight_s, inputs.acceleration.middle, inputs.speed.middle)
    footprint_m = footprint_radius(reach_m, drop_m)
    figures["range_km"] = reach_m
    if footprint_m <= 0.0:
        return Answer(figures=figures, binding=_too_far(reach_m, drop_m, flight_s))
    figures["footprint_km"] = footprint_m
    remarks = _counts(inputs, flight_s, figures)
    return Answer(figures=figures, remarks=remarks)


def _counts(inputs: BoostInputs, flight_s: float, figures: dict[str, float]) -> dict[str, str]:
    """Adds the three counts; returns why one of them is missing."""
    missiles, shots = inputs.missiles.middle, int(inputs.shots.middle)
    shell_m = RADIUS_EQUATOR_M + inputs.intercept_altitude.middle
    ratio = satellites_per_footprint(figures["footprint_km"], shell_m)
    figures["ratio"] = ratio
    figures["interceptors"] = missiles * max(1, at_least(shots * ratio))
    sizing = size_interceptors(_task(inputs, flight_s, shots), layout())
    names = {"interceptors_at_latitude": "cap_density", "interceptors_always": "propagated"}
    remarks: dict[str, str] = {}
    for name, method in names.items():
        satellites = sizing.methods[method].satellites
        if satellites is None:
            remarks[name] = sizing.binding or sizing.methods[method].remark
        else:
            figures[name] = missiles * satellites
    return remarks


def _task(inputs: BoostInputs, flight_s: float, shots: int) -> InterceptorTask:
    """One missile from one point, with the time that is left."""
    return InterceptorTask(
        salvo=1,
        shots=shots,
        delay_s=0.0,
        burn_time_s=flight_s,
        speed_m_s=inputs.speed.middle,
        acceleration_m_s2=inputs.acceleration.middle,
        altitude_m=inputs.altitude.middle,
        inclination_rad=inputs.inclination.middle,
        intercept_altitude_m=inputs.intercept_altitude.middle,
        lat_rad=np.array([inputs.latitude.middle]),
        lon_rad=np.zeros(1),
    )


def _no_time(inputs: BoostInputs, flight_s: float) -> str:
    return (
        f"no time is left to fly: the missile burns for {inputs.boost_time.text('s')}; margin, "
        f"detection and decision take {inputs.boost_time.middle - flight_s:g} s"
    )


def _too_far(reach_m: float, drop_m: float, flight_s: float) -> str:
    return (
        f"an interceptor flies {math.floor(reach_m / 1000.0)} km in {flight_s:g} s and does not "
        f"reach the height of the intercept, {drop_m / 1000.0:g} km from its orbit"
    )


MODEL = StudyModel(
    form=BoostInputs,
    outputs=(
        Output(name="interceptors", unit="", meaning="in orbit, evenly spread, on average"),
        Output(name="time_to_fly_s", unit="s", meaning="from release to the last moment"),
        Output(name="range_km", unit="km", meaning="distance flown in that time"),
        Output(name="footprint_km", unit="km", meaning="radius covered at the intercept"),
        Output(name="ratio", unit="", meaning="interceptors in orbit for each one in reach"),
        Output(
            name="interceptors_at_latitude",
            unit="",
            meaning="in orbits of the inclination, on average",
        ),
        Output(
            name="interceptors_always",
            unit="",
            meaning="in orbits of the inclination, at every moment",
        ),
    ),
    solve=solve,
)
