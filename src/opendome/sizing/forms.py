"""Questions of size as a user writes them: fields with units, defaults, all problems at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from opendome.quantities.dimensions import factor_of
from opendome.quantities.fields import (
    Acceleration,
    Angle,
    Bounds,
    Count,
    Duration,
    Length,
    Ratio,
    Speed,
)
from opendome.quantities.values import Interval, Point, Value, number_text
from opendome.scenario.explain import check
from opendome.scenario.problems import Problem, ScenarioError, advise, one_of, path_text, show
from opendome.sizing.places import area_names
from opendome.sources.catalogue import load_all, load_system
from opendome.sources.records import Parameter, Passport, System

DEFAULTS = "sizing-defaults"
MOMENTS_MAX = 200_000  # counted at once; bounds the memory of a question
ORBIT = ("altitude", "inclination", "satellites", "planes", "phasing")
# field of a question -> parameter of a system that fills it
OF_SYSTEM = {
    **{name: f"constellation.{name}" for name in ORBIT},
    "pattern": "constellation.walker",
    "speed": "burnout_speed",
    "acceleration": "acceleration",
    "field_of_regard": "field_of_regard",
}

_Few = Annotated[Count, Bounds("1", "10000")]
_Satellites = Annotated[Count, Bounds("1", "1000000")]


class SizeError(ScenarioError):
    """Every problem with a question of size at once."""


class Question(BaseModel):
    """What every question of size has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    altitude: Annotated[Length, Bounds("120 km", "50000 km")] = Field(
        description="of the orbits above the equatorial radius"
    )
    inclination: Annotated[Angle, Bounds("0 deg", "180 deg")] = Field(description="of the orbits")
    pattern: Literal["delta", "star"] = Field(
        description="planes spread over a whole turn, or over half of it"
    )
    satellites: _Satellites | None = Field(
        default=None, description="judge this many instead of searching"
    )
    planes: _Few | None = Field(default=None, description="planes; chosen when left out")
    phasing: Annotated[Ratio, Bounds("0", "10000")] = Field(description="F of the notation T/P/F")
    area: str | None = Field(default=None, description="a named area: opendome list areas")
    latitude: Annotated[Angle, Bounds("-90 deg", "90 deg")] | None = Field(
        default=None, description="a latitude, or a band of them: 30..60 deg"
    )
    longitude: Annotated[Angle, Bounds("-360 deg", "360 deg")] = Field(
        default=Point(0.0), description="of the point"
    )
    step: Annotated[Duration, Bounds("1 s", "1 h")] = Field(
        description="time between moments at which satellites are counted"
    )
    duration: Annotated[Duration, Bounds("10 min", "366 days")] = Field(
        description="time over which they are counted"
    )


class InterceptorQuestion(Question):
    """How many orbital interceptors a task takes."""

    salvo: _Few = Field(description="targets that rise at once")
    shots: Annotated[Count, Bounds("1", "100")] = Field(description="interceptors for each target")
    delay: Annotated[Duration, Bounds("0 s", "1 h")] = Field(
        description="from ignition of a target to release of the interceptors"
    )
    burn_time: Annotated[Duration, Bounds(high="1 h", above="0 s")] = Field(
        description="of a target; the last moment of intercept"
    )
    speed: Annotated[Speed, Bounds(high="30 km/s", above="0 m/s")] = Field(
        description="of the interceptor at burnout, relative to its satellite"
    )
    acceleration: Annotated[Acceleration, Bounds(high="1000 g", above="0 g")] = Field(
        description="of the interceptor"
    )
    intercept_altitude: Annotated[Length, Bounds("0 km", "5000 km")] = Field(
        description="height at which a target is met"
    )


class SensorQuestion(Question):
    """How many sensors watch an area without a gap."""

    fold: Annotated[Count, Bounds("1", "20")] = Field(
        description="satellites that must see each point at once; 2 is stereo"
    )
    target_altitude: Annotated[Length, Bounds("0 km", "5000 km")] = Field(
        description="height of what is to be seen"
    )
    elevation: Annotated[Angle, Bounds("0 deg", "89 deg")] | None = Field(
        default=None, description="lowest elevation of a satellite, seen from the target"
    )
    grazing_height: Annotated[Length, Bounds("0 km", "300 km")] = Field(
        description="the line of sight stays this high above the Earth"
    )
    range_max: Annotated[Length, Bounds("1 km", "100000 km")] | None = Field(
        default=None, description="longest line of sight"
    )
    field_of_regard: Annotated[Angle, Bounds(high="180 deg", above="0 deg")] | None = Field(
        default=None, description="half angle of the cone about straight down"
    )
    background: Literal["any", "space"] = Field(
        description="whether the sky behind the target must be empty"
    )


QUESTIONS: Mapping[str, type[Question]] = {
    "interceptors": InterceptorQuestion,
    "sensors": SensorQuestion,
}
KINDS = {"interceptors": "orbital-interceptor", "sensors": "infrared-satellite"}


@dataclass(frozen=True, kw_only=True)
class SizeInput:
    """One input as it was used.

    text : as at the edge     passport : where it comes from, None when the user set it
    remark : what was done to the published figure, if anything
    """

    name: str
    text: str
    passport: Passport | None
    remark: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        passport = self.passport
        return {
            "value": self.text,
            "set": passport is None,
            "sources": [] if passport is None else list(passport.sources),
            "basis": None if passport is None else passport.basis,
            "note": "; ".join(filter(None, (self.remark, passport.note if passport else ""))),
        }


def read_question(
    subject: str, settings: Mapping[str, Any]
) -> tuple[Question, dict[str, SizeInput]]:
    """A checked question, and every input with its origin.

    subject : "interceptors" or "sensors"     settings : fields by name; `system` takes a
    constellation of the catalogue
    Raises SizeError with every problem at once.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    system_name = given.pop("system", None)
    if subject not in QUESTIONS:
        raise SizeError([_unknown("subject", subject, list(QUESTIONS))])
    problems: list[Problem] = []
    if system_name is not None and system_name not in constellations(subject):
        problems.append(_unknown("system", str(system_name), list(constellations(subject))))
        system_name = None
    form = QUESTIONS[subject]
    origins = _origins(subject, form, given, system_name)
    texts = {name: origin.text for name, origin in origins.items()} | given
    question, findings = check(form, texts)
    problems += [_problem(path_text(f.path), f.got, f.allowed, f.do) for f in findings]
    problems += _beside(form, given)
    if question is not None:
        problems += _together(question)
    if question is None or problems:
        raise SizeError(problems)
    given_inputs = {n: SizeInput(name=n, text=str(v), passport=None) for n, v in given.items()}
    used = {**origins, **given_inputs}
    return question, {name: used[name] for name in form.model_fields if name in used}


def constellations(subject: str) -> tuple[str, ...]:
    """Systems of the catalogue that are a constellation of interceptors or of sensors."""
    return tuple(
        name
        for name, system in load_all().items()
        if system.kind == KINDS[subject] and "constellation.walker" in system.parameters
    )


def _origins(
    subject: str, form: type[Question], given: Mapping[str, Any], system_name: str | None
) -> dict[str, SizeInput]:
    """Inputs that the user does not set: from the system if one is named, else the defaults."""
    found = dict(_defaults(load_system(DEFAULTS), ("common.", f"{subject}.")))
    if system_name is not None:
        found |= dict(_of_system(load_system(system_name), form))
    if "area" in given:
        found.pop("latitude", None)
    return {name: one for name, one in found.items() if name not in given}


def _defaults(system: System, prefixes: tuple[str, ...]) -> list[tuple[str, SizeInput]]:
    return [
        (name, SizeInput(name=name, text=str(parameter.given), passport=parameter.passport))
        for prefix in prefixes
        for key, parameter in system.parameters.items()
        if (name := key.removeprefix(prefix)) != key
    ]


def _of_system(system: System, form: type[Question]) -> list[tuple[str, SizeInput]]:
    """What a system of the catalogue says of the fields of a question; of a range its middle."""
    return [
        (name, _middle(name, parameter))
        for name, key in OF_SYSTEM.items()
        if name in form.model_fields and (parameter := system.parameters.get(key)) is not None
    ]


def _middle(name: str, parameter: Parameter) -> SizeInput:
    text, passport = str(parameter.given), parameter.passport
    value = None if parameter.words else parameter.value
    if not isinstance(value, Interval):
        return SizeInput(name=name, text=text, passport=passport)
    unit = text.rpartition(" ")[2]
    middle = f"{value.middle / factor_of(unit):.6g} {unit}"
    return SizeInput(name=name, text=middle, passport=passport, remark=f"middle of {text}")


def _beside(form: type[Question], given: Mapping[str, Any]) -> list[Problem]:
    """Problems of settings that need no other field to be right."""
    found: list[Problem] = []
    if "area" in given and given["area"] not in area_names():
        found.append(_unknown("area", str(given["area"]), list(area_names())))
    if "area" in given and "latitude" in given:
        do = "leave one of them out"
        found.append(_problem("area", "an area and a latitude", "one place", do))
    for name in given:
        if name == "latitude" or name not in form.model_fields:
            continue
        if ".." in str(given[name]) and name != "area":
            do = "give one value; ask once for each end of a range"
            found.append(_problem(name, show(given[name]), "one value", do))
    return found


def _together(question: Question) -> list[Problem]:
    """Problems of fields that are right one by one."""
    found: list[Problem] = []
    moments = number(question.duration) / number(question.step)
    if moments > MOMENTS_MAX:
        do = "lengthen the step or shorten the duration"
        got = f"{moments:,.0f} moments"
        found.append(_problem("step", got, f"at most {MOMENTS_MAX:,} moments", do))
    if question.planes is not None:
        planes = round(number(question.planes))
        satellites = None if question.satellites is None else round(number(question.satellites))
        if satellites is not None and satellites % planes:
            do = "change the number of satellites or of planes"
            got = f"{satellites:,} satellites in {planes} planes"
            allowed = "the same whole number, at least 1, of satellites in each plane"
            found.append(_problem("planes", got, allowed, do))
        if number(question.phasing) >= planes:
            got = f"phasing {number_text(number(question.phasing), 1.0)} with {planes} planes"
            allowed = f"0 up to, not including, {planes}"
            found.append(_problem("phasing", got, allowed, "give the F of the notation T/P/F"))
    return found


def number(value: Value) -> float:
    """The number that a field without a range holds [SI]."""
    return value.middle


def _unknown(name: str, given: str, known: list[str]) -> Problem:
    do = advise(given, known, "choose one of them")
    return _problem(name, f"the unknown {name} {show(given)}", one_of(known), do)


def _problem(name: str, got: str, allowed: str, do: str) -> Problem:
    return Problem(file="size", line=0, column=0, path=name, got=got, allowed=allowed, do=do)
