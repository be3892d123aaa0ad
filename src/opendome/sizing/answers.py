"""How many orbital interceptors or sensors a task takes: asked in edge units, answered in words.

The numbers come from `opendome.intercept.sizing` and `opendome.sensing.area_coverage`.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

import numpy as np

from opendome.intercept.sizing import size_interceptors as size_task
from opendome.intercept.sizing_records import InterceptorSizing, InterceptorTask
from opendome.quantities.errors import QuantityError
from opendome.quantities.units import parse
from opendome.quantities.values import Interval, Point
from opendome.scenario import anatomy
from opendome.scenario.explain import check
from opendome.scenario.problems import Problem, advise, one_of, show
from opendome.sensing.area_coverage import size_sensors as size_watch
from opendome.sensing.area_records import SensorSizing, SensorTask, View
from opendome.sizing.forms import (
    InterceptorQuestion,
    Question,
    SensorQuestion,
    SizeError,
    SizeInput,
    number,
    read_question,
)
from opendome.sizing.places import Points, points_of_area, points_of_band
from opendome.sizing.words import interceptor_notes, interceptor_words, sensor_words
from opendome.sources.catalogue import cite
from opendome.world.layouts import Layout

CURVES = ("delay", "burn-time", "speed", "salvo", "shots", "acceleration", "altitude")
CURVE_POINTS = 13  # enough to see the bend of a line
LOW, HIGH = 0.5, 2.0  # a curve without a range runs between these parts of the value


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Number of interceptors against one input.

    name : of the input     unit : edge unit of `values`     values : at which it was asked
    sizings : one for each value
    """

    name: str
    unit: str
    values: tuple[float, ...]
    texts: tuple[str, ...]
    sizings: tuple[InterceptorSizing, ...]

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return {
            "input": self.name,
            "unit": self.unit,
            "values": list(self.values),
            "satellites": {
                name: [sizing.methods[name].satellites for sizing in self.sizings]
                for name in self.sizings[0].methods
            },
            "binding": [sizing.binding for sizing in self.sizings],
        }


@dataclass(frozen=True, kw_only=True)
class SizeAnswer:
    """The answer to a question of size.

    Attributes
    ----------
    subject : "interceptors" or "sensors"     inputs : by name, each with its origin
    place : where, in words     sizing : the figures
    headline : the answer in one sentence     notes : what to know about it
    curve : number against one input, None when none was asked for
    """

    subject: str
    inputs: Mapping[str, SizeInput]
    place: str
    sizing: InterceptorSizing | SensorSizing
    headline: str
    notes: tuple[str, ...]
    curve: Curve | None = None

    @property
    def satellites(self) -> int | None:
        """Satellites that do the task at every moment; None where there is no such number."""
        return self.sizing.satellites

    @property
    def feasible(self) -> bool:
        """Whether any number of satellites does the task."""
        return self.sizing.feasible

    def sources(self) -> list[dict[str, Any]]:
        """Every source of an input, with the inputs that rest on it."""
        used: dict[str, list[str]] = {}
        for name, one in self.inputs.items():
            for source in one.passport.sources if one.passport is not None else ():
                used.setdefault(source, []).append(name)
        return [
            {"id": s.id, "title": s.title, "kind": s.kind, "url": s.url, "for": used[s.id]}
            for s in cite(used)
        ]

    def to_dict(self) -> dict[str, Any]:
        """The document of `opendome size --json`."""
        document = {
            "question": self.subject,
            "inputs": {name: one.to_dict() for name, one in self.inputs.items()},
            "place": self.place,
            "headline": self.headline,
            **self.sizing.to_dict(),
            "notes": list(self.notes),
            "sources": self.sources(),
        }
        return document if self.curve is None else {**document, "curve": self.curve.to_dict()}

    def _repr_html_(self) -> str:
        """Headline, methods and notes for notebooks."""
        table = self.sizing._repr_html_()  # pyright: ignore[reportPrivateUsage]
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"<p>{escape(self.headline)}</p>{table}<ul>{notes}</ul>"


# --- the two questions ---------------------------------------------------------------


def size_interceptors(*, curve: str | None = None, **settings: Any) -> SizeAnswer:
    """How many orbital interceptors a task takes.

    settings : fields of `InterceptorQuestion` with units, such as delay="60 s", salvo=10;
    area="japan" or latitude="40 deg"; system="sbi-cbo-2026" for a constellation of the catalogue
    curve : name of an input, or name and range ("delay=0..90 s"), to get the number against it
    Returns a `SizeAnswer`. Raises OpendomeError with every problem at once.
    """
    problems: list[Problem] = []
    question, inputs, span = None, {}, None
    try:
        question, inputs = read_question("interceptors", settings)
    except SizeError as error:
        problems += error.problems
    try:
        span = None if curve is None else _span(curve)
    except SizeError as error:
        problems += error.problems
    if problems or not isinstance(question, InterceptorQuestion):
        raise SizeError(problems)
    place, points = _place(question)
    layout, task = _layout(question), _interceptor_task(question, points)
    sizing = size_task(task, layout)
    return SizeAnswer(
        subject="interceptors",
        inputs=inputs,
        place=place,
        sizing=sizing,
        headline=interceptor_words(sizing, place),
        notes=tuple(interceptor_notes(sizing)),
        curve=None if span is None else _curve(span, inputs, question, points),
    )


def size_sensors(**settings: Any) -> SizeAnswer:
    """How many sensors watch an area without a gap, or how well a constellation does.

    settings : fields of `SensorQuestion` with units, such as fold=2, altitude="1000 km";
    area="japan" or latitude="30..60 deg"; system="sda-tracking-t2" for one of the catalogue
    Returns a `SizeAnswer`. Raises OpendomeError with every problem at once.
    """
    question, inputs = read_question("sensors", settings)
    if not isinstance(question, SensorQuestion):
        raise AssertionError
    place, points = _place(question)
    sizing = size_watch(_sensor_task(question, points), _layout(question))
    headline, notes = sensor_words(sizing, place)
    return SizeAnswer(
        subject="sensors",
        inputs=inputs,
        place=place,
        sizing=sizing,
        headline=headline,
        notes=tuple(notes),
    )


def _place(question: Question) -> tuple[str, Points]:
    """Where, in words and as points."""
    if question.area is not None:
        return question.area, points_of_area(question.area)
    latitude = Point(0.0) if question.latitude is None else question.latitude
    if isinstance(latitude, Interval):
        words = f"latitudes {latitude.text('deg').replace('..', ' to ')}"
    else:
        words = f"latitude {math.degrees(latitude.middle):.4g} deg"
    return words, points_of_band(latitude, number(question.longitude))


def _layout(question: Question) -> Layout:
    return Layout(
        kind=question.pattern,
        phasing=number(question.phasing),
        satellites=None if question.satellites is None else round(number(question.satellites)),
        planes=None if question.planes is None else round(number(question.planes)),
        step_s=number(question.step),
        duration_s=number(question.duration),
    )


def _interceptor_task(question: InterceptorQuestion, points: Points) -> InterceptorTask:
    return InterceptorTask(
        salvo=round(number(question.salvo)),
        shots=round(number(question.shots)),
        delay_s=number(question.delay),
        burn_time_s=number(question.burn_time),
        speed_m_s=number(question.speed),
        acceleration_m_s2=number(question.acceleration),
        altitude_m=number(question.altitude),
        inclination_rad=number(question.inclination),
        intercept_altitude_m=number(question.intercept_altitude),
        lat_rad=points[0],
        lon_rad=points[1],
    )


def _sensor_task(question: SensorQuestion, points: Points) -> SensorTask:
    elevation, reach, cone = question.elevation, question.range_max, question.field_of_regard
    return SensorTask(
        fold=round(number(question.fold)),
        view=View(
            target_altitude_m=number(question.target_altitude),
            elevation_min_rad=None if elevation is None else number(elevation),
            grazing_m=number(question.grazing_height),
            range_max_m=math.inf if reach is None else number(reach),
            half_angle_rad=math.pi if cone is None else number(cone),
            against_space=question.background == "space",
        ),
        altitude_m=number(question.altitude),
        inclination_rad=number(question.inclination),
        lat_rad=points[0],
        lon_rad=points[1],
    )


# --- curves ---------------------------------------------------------------------------


class Span(NamedTuple):
    """What a curve runs over: an input, a range of it (None: about its value), and the text."""

    name: str
    range: Interval | None
    text: str

    @property
    def field(self) -> str:
        """Name of the input as a field."""
        return self.name.replace("-", "_")


def _span(curve: str) -> Span:
    """Name and range of "delay" or "delay=0..90 s"."""
    name, equals, text = curve.partition("=")
    name = name.strip().replace("_", "-")
    if name not in CURVES:
        do = advise(name, CURVES, "choose one of them")
        raise SizeError([_curve_problem(f"the unknown curve {show(name)}", one_of(CURVES), do)])
    if not equals:
        return Span(name, None, "")
    try:
        value = parse(text.strip(), _dimension(name))
    except QuantityError as error:
        raise SizeError([_curve_problem(error.got, error.allowed, error.do)]) from None
    if not isinstance(value, Interval) or value.low == value.high:
        do = f'write for example "{name}={_dimension(name).example}..{_dimension(name).example}"'
        raise SizeError([_curve_problem(show(text), "a range: low..high and its unit", do)])
    return Span(name, value, text.strip())


def _dimension(name: str) -> Any:
    quantity = anatomy.quantity_at(InterceptorQuestion, (name.replace("-", "_"),))
    if quantity is None:
        raise AssertionError(name)
    return quantity.dimension


def _curve_problem(got: str, allowed: str, do: str) -> Problem:
    return Problem(file="size", line=0, column=0, path="curve", got=got, allowed=allowed, do=do)


def _curve(
    span: Span, inputs: Mapping[str, SizeInput], question: InterceptorQuestion, points: Points
) -> Curve:
    """Number of interceptors at evenly spaced values of one input."""
    here = number(getattr(question, span.field))
    given = span.range is not None
    ends = (span.range.low, span.range.high) if span.range else (LOW * here, HIGH * here)
    values: Sequence[float] = np.linspace(*ends, CURVE_POINTS).tolist()
    dimension = _dimension(span.name)
    if dimension.whole:
        values = sorted({float(max(1, round(value))) for value in values})
    unit = _unit(span.text or inputs[span.field].text)
    factor = dimension.units[unit]
    asked = [(value, _changed(question, span.field, value, given=given)) for value in values]
    kept = [(value, one) for value, one in asked if one is not None]
    return Curve(
        name=span.name,
        unit=unit,
        values=tuple(value / factor for value, _ in kept),
        texts=tuple(f"{value / factor:.4g} {unit}".strip() for value, _ in kept),
        sizings=tuple(size_task(_interceptor_task(q, points), _layout(q)) for _, q in kept),
    )


def _changed(
    question: InterceptorQuestion, field: str, value: float, *, given: bool
) -> InterceptorQuestion | None:
    """The question with one input changed, and searched for.

    given : the range was; then a value that is not allowed is an error, and else left out
    """
    data = {name: getattr(question, name) for name in InterceptorQuestion.model_fields}
    data |= {field: Point(value), "satellites": None}
    changed, findings = check(InterceptorQuestion, data)
    if changed is None and given:
        raise SizeError([_curve_problem(f.got, f.allowed, f.do) for f in findings])
    return changed


def _unit(text: str) -> str:
    found = re.search(r"[0-9.] (\S+)$", text)
    return found[1] if found else ""
